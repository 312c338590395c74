//! HTML that is no whole page: the content of a feed's item.

use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};

use dom_query::NodeId;

use super::scope::Scope;
use super::{blocks, dom, tame, within_stack};
use crate::domain::{Block, WebUrl};

/// The blocks of a piece of HTML, all of it: nothing around it has to be told from the article.
///
/// `base` is what addresses in it are relative to. Pure and total, as the reading of pages is.
pub(in crate::read) fn fragment(markup: &str, base: Option<&WebUrl>) -> Vec<Block> {
    let read = || blocks_of(markup, base);
    // A feed has thousands of items: those that cannot nest deeply are not worth a thread each.
    let few = markup.bytes().filter(|byte| *byte == b'<').nth(FEW).is_none();
    let blocks = if few { panic::catch_unwind(AssertUnwindSafe(read)).ok() } else { within_stack(read) };
    blocks.unwrap_or_default()
}

/// Tags of which no depth can be made that would need a larger stack.
const FEW: usize = 64;

/// The same, on this thread.
pub(super) fn blocks_of(markup: &str, base: Option<&WebUrl>) -> Vec<Block> {
    let document = tame::parse(markup);
    dom::flatten(&document);
    let Some(body) = document.body() else { return Vec::new() };
    let all: HashSet<NodeId> = body.descendants_it().map(|node| node.id).collect();
    let scope = Scope::survey(&document, &all, None, base, &[]);
    scope.map(|scope| blocks::walk(&document, &all, &scope, base)).unwrap_or_default()
}
