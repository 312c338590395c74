//! The letter: an edition as HTML and as plain text, both made from the same contents.
//!
//! The HTML part keeps to what mail clients have in common: one column, tables for layout, styles inline, hex colours
//! and pixels, no script, no web font, no picture that counts readers. The text part is written from the article,
//! not from the HTML. What is in one part is in the other.

mod contents;
mod html;
mod shown;
mod text;
mod wrap;

use crate::domain::{Colour, Edition, Line, Newsletter, Publication, WebUrl};

use contents::Contents;
pub use shown::{pictures, with_pictures};

/// What a desk may set about its letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterStyle {
    /// The colour of links, of the button and of the rule at the top.
    pub accent: Colour,
    /// Why the reader gets the letter, in the desk's own words.
    pub reason: Option<Line>,
    /// Where the letter can be read in a browser.
    pub archive: Option<WebUrl>,
    /// Whether pictures are shown; captions and credits are in any case.
    pub pictures: bool,
}

impl Default for LetterStyle {
    fn default() -> Self {
        Self { accent: Colour::CLAY, reason: None, archive: None, pictures: true }
    }
}

/// Why an edition cannot be made a letter.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error("the edition has no article")]
    Empty,
    #[error("the frame of the letter alone has {bytes} bytes, and mail programs cut a letter off at {LIMIT}")]
    TooLong { bytes: usize },
    #[error("the letter's template failed")]
    Template(#[from] askama::Error),
}

/// The most bytes that the HTML part may have: Gmail hides the rest of a longer one, with the way out in it.
const LIMIT: usize = 100_000;

/// Bytes kept free for the reader's own unsubscribe address, which is longer than the one it replaces.
const RESERVE: usize = 4_000;

/// The letter of an edition.
///
/// Where the lead article is too long for a letter, whole blocks are cut from its end, in both parts alike, and a link
/// leads on; then further articles are. Masthead, promo and footer always stay.
pub fn newsletter(edition: &Edition, publication: &Publication, about: &LetterStyle) -> Result<Newsletter, LetterError> {
    let whole = Contents::of(edition, publication, about).ok_or(LetterError::Empty)?;
    let length = |blocks, items| html::render(&whole.cut(blocks, items)).map(|html| html.len());
    let bare = length(0, 0)?;
    if bare > LIMIT - RESERVE {
        return Err(LetterError::TooLong { bytes: bare });
    }
    let items = most(whole.items.len(), |items| Ok(length(0, items)? <= LIMIT - RESERVE))?;
    let blocks = most(whole.body.len(), |blocks| Ok(length(blocks, items)? <= LIMIT - RESERVE))?;
    let contents = whole.cut(blocks, items);
    let (html, text) = (html::render(&contents)?, text::render(&contents)?);
    Ok(Newsletter { subject: contents.subject.clone(), html, text, pictures: Vec::new() })
}

/// The largest number up to `all` that fits, where zero does.
///
/// Tries all of them first, since that is what nearly every letter needs.
fn most(all: usize, fits: impl Fn(usize) -> Result<bool, LetterError>) -> Result<usize, LetterError> {
    if fits(all)? {
        return Ok(all);
    }
    let (mut good, mut bad) = (0, all);
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

#[cfg(test)]
mod tests;
