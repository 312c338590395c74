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
        }
    }
}
