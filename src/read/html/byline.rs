//! The byline that stands between title and text.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::dom;
use crate::domain::Line;
use crate::read::{byline, words};

/// Takes what is a byline out of the text that was kept; who wrote the article, where the page's data did not say it.
///
/// The judge of the text drops linked names and keeps the words around them, so the element is looked at as it was written.
pub(super) fn lift(document: &Document, kept: &mut HashSet<NodeId>, mut authors: Vec<Line>) -> Vec<Line> {
    let unsigned = authors.is_empty();
    for block in opening(document, kept) {
        let text = dom::text(&block);
        if byline::is_byline(&text, &authors) {
            for inner in block.descendants_it() {
                kept.remove(&inner.id);
            }
            if unsigned {
                for name in byline::names(&text) {
                    byline::add(&mut authors, name);
                }
            }
        }
    }
    authors
}

/// Runs of text that are looked at: a byline stands near the beginning.
const REACH: usize = 40;
/// Words that make a run of text prose.
const PROSE: usize = 20;

/// The elements that hold the first kept text, up to the second paragraph: the first may be the lead.
fn opening<'a>(document: &'a Document, kept: &HashSet<NodeId>) -> Vec<NodeRef<'a>> {
    let mut ids: Vec<NodeId> = kept.iter().copied().collect();
    ids.sort_unstable();
    let runs = ids.iter().filter_map(|id| document.tree.get(id));
    let mut prose = 0;
    let early = runs.take(REACH).take_while(|run| {
        prose += usize::from(words::measure(&run.text()) >= PROSE);
        prose < 2
    });
    let mut blocks: Vec<NodeRef> = early.filter_map(|run| holder(&run)).collect();
    blocks.dedup_by_key(|block| block.id);
    blocks
}

/// The element that makes a paragraph of a run of text.
fn holder<'a>(run: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    const INLINE: [&str; 10] = ["a", "b", "strong", "i", "em", "span", "font", "small", "u", "time"];
    let mut parent = run.parent()?;
    while INLINE.iter().any(|name| parent.has_name(name)) {
        parent = parent.parent()?;
    }
    Some(parent)
}
