//! What is said twice, or leads nowhere, leaves the blocks.

use std::collections::HashSet;

use crate::domain::{Block, Line};
use crate::read::{headings, words};

/// The title and repeated paragraphs are said once, headings at the end go, and levels start at 2.
pub(super) fn tidy(blocks: &mut Vec<Block>, title: Option<&Line>) {
    let title = title.map(|title| words::key(title.as_str()));
    let mut seen = HashSet::new();
    blocks.retain(|block| {
        let key = words::key(&block.plain());
        match block {
            Block::Heading { .. } => Some(&key) != title.as_ref(),
            // Pages print a lead or a pulled quote again, word for word.
            Block::Paragraph(_) => Some(&key) != title.as_ref() && (key.len() < 60 || seen.insert(key)),
            _ => true,
        }
    });
    let is_open = |block: &Block| matches!(block, Block::Heading { .. });
    while blocks.last().is_some_and(is_open) {
        blocks.pop();
    }
    headings::shift(blocks);
}
