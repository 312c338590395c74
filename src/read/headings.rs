//! Levels of headings.

use crate::domain::Block;

/// Shifts the headings so that the smallest level is 2: the title of the article is the only 1.
pub(super) fn shift(blocks: &mut [Block]) {
    let levels = blocks.iter().filter_map(|block| if let Block::Heading { level, .. } = block { Some(*level) } else { None });
    let smallest = levels.min().unwrap_or(2);
    for block in blocks {
        if let Block::Heading { level, .. } = block {
            *level = level.saturating_sub(smallest).saturating_add(2).clamp(2, 6);
        }
    }
}
