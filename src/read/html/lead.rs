//! The lead: what the page gives as its description, unless that is only the beginning of the text.

use dom_query::{Document, NodeRef};

use super::dom;
use crate::domain::{Block, Line};
use crate::read::words;

/// Takes the lead out of the text, or from beside it.
///
/// A description that no element of the page shows is kept all the same, unless the text itself begins with it.
pub(super) fn take(document: &Document, described: Option<&Line>, blocks: &mut Vec<Block>, title: Option<&Line>) -> Option<Line> {
    let described = described?;
    let key = words::key(described.as_str().trim_end_matches(['…', '.', ' ']));
    if key.split(' ').count() < 4 || title.is_some_and(|title| words::key(title.as_str()) == key) {
        return None;
    }
    let first = blocks.iter().position(|block| !matches!(block, Block::Figure(_) | Block::Embed { .. }));
    let opening = first.and_then(|at| blocks.get(at)).map(Block::plain).unwrap_or_default();
    let opening_key = words::key(&opening);
    if opening_key == key || strsim::normalized_levenshtein(&opening_key, &key) > 0.9 {
        let lead = Line::new(&opening);
        if let (Some(at), true) = (first, blocks.len() > 1) {
            blocks.remove(at);
        }
        return lead;
    }
    let text = blocks.iter().map(|block| words::key(&block.plain()));
    if text.into_iter().any(|paragraph| paragraph.contains(&key)) {
        return None;
    }
    shown(document, &key).or_else(|| Some(described.clone()))
}

/// The element of the page that shows the description, or begins with it where that is cut short.
fn shown(document: &Document, key: &str) -> Option<Line> {
    dom::all(document, "body p, body h2, body h3, body div, body span, body strong, body li").into_iter().find_map(
        |node: NodeRef| {
            let inner = |node: &NodeRef| ["p", "div", "li", "h2", "script"].iter().any(|name| node.has_name(name));
            if node.descendants_it().filter(inner).nth(1).is_some() {
                return None;
            }
            let text = dom::text(&node);
            let found = words::key(&text);
            (found.starts_with(key) && found.len() < key.len() * 2 + 80).then(|| Line::new(&text)).flatten()
        },
    )
}
