//! Which text of a page is the article's.

use std::collections::HashSet;

use dom_query::{Document, NodeId};
use dom_smoothie::{Config, Readability};

/// The text nodes that Readability keeps, as they are called in this document; none where it finds no article.
///
/// Readability rearranges its own copy of the tree, where nodes keep their ids. So it is asked only for its judgement, and
/// the structure is read from the page as it was written, with the figures, captions and embeds that it throws away.
pub(super) fn find(document: &Document) -> HashSet<NodeId> {
    let config = Config { disable_json_ld: true, ..Config::default() };
    let Ok(mut reader) = Readability::with_document(document.clone(), None, Some(config)) else { return HashSet::new() };
    if reader.parse().is_err() {
        return HashSet::new();
    }
    let kept = reader.doc.select("#readability-page-1");
    kept.nodes()
        .iter()
        .flat_map(dom_query::NodeRef::descendants_it)
        .filter(|node| node.is_nonempty_text() && document.tree.get(&node.id).is_some_and(|same| same.is_text()))
        .map(|node| node.id)
        .collect()
}
