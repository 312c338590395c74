use std::sync::Arc;

use super::{Archived, ArticleId, Href, Line, escape_into};

/// The id of an edition; an edition of one article bears that article's id.
pub type EditionId = ArticleId;

/// One composed newsletter: its articles, its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    pub id: EditionId,
    pub subject: Line,
    /// At least one; the first is the lead.
    pub articles: Vec<Archived>,
}

/// The rendered pair of an edition, with its subject: never one without the other.
///
/// Both parts hold [`Newsletter::UNSUBSCRIBE`] where the reader's own way out goes; [`Newsletter::personal`] fills it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newsletter {
    pub subject: Line,
    pub html: String,
    pub text: String,
    /// What the HTML part shows and the message brings along; empty where pictures are linked.
    pub pictures: Vec<InlinePicture>,
}

/// A picture that travels inside the message (RFC 2387), shown as `cid:` and its id (RFC 2392).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlinePicture {
    /// The id without angle brackets, `picture-1@letter.example`: ASCII letters, digits, `-`, `.`, `@`.
    pub id: String,
    /// `image/jpeg`, `image/png` or `image/gif`.
    pub media_type: &'static str,
    pub bytes: Arc<[u8]>,
}

impl Newsletter {
    /// Stands for the address of the unsubscribe page until a message is made for one reader.
    ///
    /// A URL in form (RFC 2606 reserves `.invalid`), so that a letter checked before it is personal is still well-formed.
    pub const UNSUBSCRIBE: &'static str = "https://unsubscribe.invalid/";

    /// The letter with the reader's own way out: the only bytes that differ between two readers.
    #[must_use]
    pub fn personal(&self, unsubscribe: &Href) -> Self {
        let mut escaped = String::new();
        escape_into(&mut escaped, unsubscribe.as_str());
        Self {
            subject: self.subject.clone(),
            html: self.html.replace(Self::UNSUBSCRIBE, &escaped),
            text: self.text.replace(Self::UNSUBSCRIBE, unsubscribe.as_str()),
            pictures: self.pictures.clone(),
        }
    }
}
