//! How much of an edition goes into a letter: whole blocks, and never the way out left off.

use super::contents::Contents;
use super::templates::{HTML, TEXT, TemplateError};
use super::{LetterError, html, text};
use crate::domain::Block;

/// The most bytes that a part may have as it is sent: Gmail hides the rest of a longer one, with the way out in it.
pub(super) const LIMIT: usize = 100_000;

/// Bytes kept free for the reader's own unsubscribe address, which is longer than the one it replaces, in HTML twice
/// over: every `=` and `&` in it is written with more characters.
const RESERVE: usize = 4_000;

/// Bytes that a part has before it is some reader's.
const ROOM: usize = LIMIT - RESERVE;

/// Both parts, as much of the contents as fits in.
pub(super) fn fitted(whole: &Contents<'_>) -> Result<(String, String), LetterError> {
    let (all_blocks, all_items) = (whole.body.len(), whole.items.len());
    // What cannot fit in any case is not even tried: an article may have a hundred times what a letter has.
    let blocks = within(whole.body.iter().map(least_of_block));
    let items = within(whole.items.iter().map(|item| 40 + item.title.as_str().len()));
    let fits = |limit: usize, blocks, items| Ok::<_, LetterError>(try_parts(&whole.cut(blocks, items), limit)?.is_some());

    if blocks == all_blocks
        && items == all_items
        && let Some(parts) = try_parts(&whole.cut(blocks, items), ROOM)?
    {
        whole.check_pictures()?;
        return Ok(parts);
    }
    let bare = frame(&whole.cut(0, 0))?;
    // The lead article gets half of the room, and more of it where the others leave it some.
    let half = most(0, blocks, |blocks| fits(ROOM / 2, blocks, 0))?;
    let items = most(0, items, |items| fits(ROOM, half, items))?;
    let blocks = most(half, blocks, |blocks| fits(ROOM, blocks, items))?;
    let contents = whole.cut(blocks, items);
    contents.check_pictures()?;
    Ok(try_parts(&contents, ROOM)?.unwrap_or(bare))
}

/// Both parts of what is never cut, which have to fit in.
fn frame(bare: &Contents<'_>) -> Result<(String, String), LetterError> {
    let sized = |part: &'static str, file, made: Option<String>| {
        let made = made.ok_or_else(|| TemplateError::endless(file))?;
        let bytes = encoded(&made);
        if bytes > ROOM { Err(LetterError::TooLong { part, bytes }) } else { Ok(made) }
    };
    Ok((sized("HTML", HTML, html::render(bare)?)?, sized("text", TEXT, text::render(bare)?)?))
}

/// Both parts of these contents; none where one is over the limit.
fn try_parts(contents: &Contents<'_>, limit: usize) -> Result<Option<(String, String)>, LetterError> {
    let Some(html) = html::render(contents)?.filter(|html| encoded(html) <= limit) else { return Ok(None) };
    let Some(text) = text::render(contents)?.filter(|text| encoded(text) <= limit) else { return Ok(None) };
    Ok(Some((html, text)))
}

/// The largest number from `good`, which fits, to `all` that fits.
fn most(good: usize, all: usize, fits: impl Fn(usize) -> Result<bool, LetterError>) -> Result<usize, LetterError> {
    if all <= good || fits(all)? {
        return Ok(all.max(good));
    }
    let (mut good, mut bad) = (good, all);
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        if fits(middle)? {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Ok(good)
}

/// How many of these lengths may fit in at all.
fn within(lengths: impl Iterator<Item = usize>) -> usize {
    let mut sum = 0_usize;
    lengths
        .take_while(|length| {
            sum = sum.saturating_add(*length);
            sum <= LIMIT
        })
        .count()
}

/// Bytes that a block has at the very least, with the markup around each of its pieces.
fn least_of_block(block: &Block) -> usize {
    const PIECE: usize = 12;
    match block {
        Block::Table { rows, .. } => rows.iter().flatten().map(|cell| PIECE + cell.len()).sum(),
        Block::List { items, .. } => items.iter().map(|item| PIECE + item.plain().len()).sum(),
        other => PIECE + other.plain().len(),
    }
}

/// The length of a part in bytes as it is sent: quoted-printable (RFC 2045, section 6.7), in lines of at most 76.
pub(super) fn encoded(part: &str) -> usize {
    let (mut length, mut column) = (0, 0);
    let bytes = part.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' {
            length += 2;
            column = 0;
            continue;
        }
        let ends_line = bytes.get(at + 1).is_none_or(|next| *next == b'\n');
        let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (*byte == b' ' && !ends_line);
        let width = if plain { 1 } else { 3 };
        if column + width > 75 {
            length += 3;
            column = 0;
        }
        length += width;
        column += width;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_quoted_printable() {
        assert_eq!(encoded("a=b\n"), 1 + 3 + 1 + 2);
        assert_eq!(encoded("نهر"), 18);
        assert_eq!(encoded("a \nb"), 1 + 3 + 2 + 1);
        assert_eq!(encoded(&"x".repeat(76)), 76 + 3);
        assert_eq!(encoded(&"x".repeat(75)), 75);
    }

    #[test]
    fn the_most_that_fits_is_found() {
        for limit in 0..40 {
            assert_eq!(most(0, 33, |number| Ok(number <= limit)).unwrap(), limit.min(33));
        }
        assert_eq!(most(5, 3, |_| Ok(false)).unwrap(), 5);
    }
}
