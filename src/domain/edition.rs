use std::sync::Arc;

use super::{Archived, ArticleId, Href, Line, escape_into};

/// The id of an edition; an edition of one article bears that article's id.
pub type EditionId = ArticleId;

/// One composed newsletter: its articles, its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    pub id: EditionId,
    pub subject: Line,
    /// What a list of mails shows behind the subject; without it the beginning of the lead.
    pub preheader: Option<Line>,
    /// At least one; the first is the lead.
    pub articles: Vec<Archived>,
}

/// Which of its articles a letter takes of those that are new to its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Items {
    /// All that a letter can carry.
    #[default]
    SinceLast,
    /// At most so many, the newest; one at least.
    Newest(u32),
}

impl Items {
    /// `since-last`, `one`, or a number.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "since-last" => Some(Self::SinceLast),
            "one" => Some(Self::Newest(1)),
            number => number.parse().ok().filter(|number| *number > 0).map(Self::Newest),
        }
    }
}

/// Which of the letters of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The one that everybody gets who has not asked for less.
    Full,
    /// The one for readers who pay for each megabyte.
    Light,
}

impl Variant {
    /// As the ledger keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Light => "light",
        }
    }
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
