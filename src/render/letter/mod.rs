//! The letter: an edition as HTML and as plain text, both made from the same contents.
//!
//! The HTML part keeps to what mail clients have in common: one column, tables for layout, styles inline, hex colours
//! and pixels, no script, no web font, no picture that counts readers. The text part is written from the article,
//! not from the HTML. What is in one part is in the other.
//!
//! griot's own templates are compiled in; a desk's own ([`Templates`]) run with the same data.

mod blocks;
mod contents;
mod fit;
mod html;
mod look;
mod notice;
mod notice_words;
mod shown;
mod templates;
mod text;
mod words;
mod wrap;

use std::sync::Arc;

use crate::domain::{Edition, LetterBody, Line, Newsletter, Publication, Theme, WebUrl, WithoutAlt, Wording};

use contents::Contents;
pub use notice::{Notice, NoticeKind, notice};
pub use shown::{page, pictures, with_pictures};
pub use templates::{OWN_TEMPLATES, TemplateError, Templates};

/// What a desk may set about its letters.
#[derive(Clone, Debug, Default)]
pub struct LetterStyle {
    pub theme: Theme,
    /// The desk's own words in the place of griot's.
    pub words: Wording,
    /// Why the reader gets the letter, in the desk's own words.
    pub reason: Option<Line>,
    /// Where the letter can be read in a browser.
    pub archive: Option<WebUrl>,
    /// Where there is the same letter without pictures.
    pub light_version: Option<WebUrl>,
    pub body: LetterBody,
    /// Whether no picture is shown; captions and credits are in any case.
    pub without_pictures: bool,
    /// A letter for those who pay for each kilobyte: no pictures, the smallest style sheet.
    pub low_data: bool,
    pub without_alt: WithoutAlt,
    /// The desk's own templates; griot's unless there are any.
    pub templates: Option<Arc<Templates>>,
}

impl LetterStyle {
    /// Whether a picture from this address is shown. Mail programs block or warn of those that come unencrypted.
    fn shows(&self, url: &WebUrl) -> bool {
        !self.without_pictures && !self.low_data && url.url().scheme() == "https"
    }
}

/// Why an edition cannot be made a letter.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error("the edition has no article")]
    Empty,
    #[error(
        "the frame of the letter alone has {bytes} bytes in its {part} part, and mail programs cut a letter off at {limit}",
        limit = fit::LIMIT
    )]
    TooLong { part: &'static str, bytes: usize },
    /// Readers who do not see a picture have to be told what it shows (WCAG 2.2, success criterion 1.1.1).
    #[error("nothing says what the picture `{picture}` in `{article}` shows")]
    NoAlt { article: Line, picture: WebUrl },
    #[error("the letter's template failed")]
    Template(#[from] askama::Error),
    #[error(transparent)]
    OwnTemplate(#[from] TemplateError),
}

impl LetterError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoAlt { .. } => Some(
                "give it a text or a caption in the article, or say with `letter.pictures_without_alt` what becomes of such pictures: `decorative` or `leave-out`",
            ),
            Self::TooLong { .. } => {
                Some("make the desk's own words shorter: `letter.reason`, `[letter.words]`, the postal address")
            }
            Self::OwnTemplate(error) => Some(error.hint()),
            Self::Empty | Self::Template(_) => None,
        }
    }
}

/// The letter of an edition.
///
/// Where it is too long for a letter, whole blocks are cut from the end of the lead article, and further articles from the
/// end of their list, in both parts alike, and links lead on. Masthead, promo and footer always stay.
pub fn newsletter(edition: &Edition, publication: &Publication, about: &LetterStyle) -> Result<Newsletter, LetterError> {
    let whole = Contents::of(edition, publication, about).ok_or(LetterError::Empty)?;
    let (html, text) = fit::fitted(&whole)?;
    Ok(Newsletter { subject: whole.subject, html, text, pictures: Vec::new() })
}

#[cfg(test)]
mod tests;
