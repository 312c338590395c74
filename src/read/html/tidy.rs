//! What is said twice, or leads nowhere, leaves the blocks.

use std::collections::HashSet;

use crate::domain::{Block, Inline, Line};
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
    promote(blocks);
    let is_open = |block: &Block| matches!(block, Block::Heading { .. });
    while blocks.last().is_some_and(is_open) {
        blocks.pop();
    }
    headings::shift(blocks);
}

/// Words of the longest heading that is set as a bold paragraph.
const LONGEST_HEADING: usize = 12;

/// A short bold paragraph between two of running text is a heading, whatever the page calls it.
fn promote(blocks: &mut [Block]) {
    let bold: Vec<Option<Line>> = blocks.iter().map(bold_line).collect();
    if bold.iter().all(Option::is_none) {
        return;
    }
    let running: Vec<bool> = blocks.iter().zip(&bold).map(|(block, bold)| bold.is_none() && is_running(block)).collect();
    for (at, line) in bold.into_iter().enumerate() {
        let above = at.checked_sub(1).and_then(|above| running.get(above)).copied().unwrap_or_default();
        let below = running.get(at + 1).copied().unwrap_or_default();
        if let (Some(text), Some(block), true) = (line, blocks.get_mut(at), above && below) {
            *block = Block::Heading { level: 3, text };
        }
    }
}

fn bold_line(block: &Block) -> Option<Line> {
    let Block::Paragraph(rich) = block else { return None };
    let [Inline::Strong(_)] = rich.inlines() else { return None };
    let line = rich.line()?;
    let short = words::measure(line.as_str()) <= LONGEST_HEADING && !line.as_str().ends_with(['.', ':', '…', ',']);
    short.then_some(line)
}

fn is_running(block: &Block) -> bool {
    matches!(block, Block::Paragraph(_) | Block::List { .. } | Block::Quote(_))
        && words::measure(&block.plain()) >= LONGEST_HEADING
}
