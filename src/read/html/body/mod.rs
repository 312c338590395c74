//! Which text of a page is the article's.

mod evidence;
mod names;
mod overview;
mod passages;
mod sign;
mod together;

use std::collections::HashSet;

use dom_query::{Document, NodeId};

use self::evidence::Verdict;
pub(super) use self::overview::Known;

/// The text nodes of the passages that belong to the article; none where no passage does.
pub(super) fn find(document: &Document, known: Known) -> HashSet<NodeId> {
    let passages = passages::split(document);
    let mut verdicts = evidence::judge(&passages, known);
    together::settle(&passages, &mut verdicts);
    let kept = passages.list.into_iter().zip(verdicts).filter(|(_, verdict)| *verdict == Verdict::For);
    kept.flat_map(|(passage, _)| passage.nodes).collect()
}

#[cfg(test)]
mod tests;
