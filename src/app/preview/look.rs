use std::sync::Arc;

use crate::app::edition::fingerprint;
use crate::app::{LetterChecked, explain};
use crate::domain::{EditionId, InlinePicture, Language};
use crate::mail::opened::{Field, Part};

/// A letter as it would go out, and what is to be said of it.
#[derive(Clone, Debug)]
pub struct Look {
    pub edition: EditionId,
    pub subject: String,
    pub language: Language,
    /// Both parts with the way out that stands in the public copy.
    pub html: String,
    pub text: String,
    /// What the HTML part shows by `cid:`.
    pub pictures: Vec<InlinePicture>,
    /// The message as the desk itself would get it.
    pub message: Vec<u8>,
    /// What `griot letter check` says of the message.
    pub checked: LetterChecked,
}

impl Look {
    /// Bytes of the HTML part that Gmail is sure to show: it cuts a letter off near 102 KB, and hides the way out with the rest.
    pub const GMAIL: usize = 100_000;

    /// Bytes of the HTML part as it travels.
    pub fn encoded(&self) -> usize {
        self.checked.html_bytes.unwrap_or(self.html.len())
    }

    /// The header fields of the message in their order, each with what it says.
    pub fn headers(&self) -> Vec<(String, String)> {
        let opened = Part::open(&self.message);
        let said = |field: &Field| (field.name().into_owned(), field.decoded());
        opened.fields.iter().map(said).collect()
    }

    /// A word that is the same for two looks at the same letter, and for two at the same trouble.
    pub fn state(seen: &anyhow::Result<Arc<Self>>) -> String {
        match seen {
            Ok(look) => fingerprint(&["letter", &String::from_utf8_lossy(&look.message)]),
            Err(error) => fingerprint(&["trouble", &explain(error)]),
        }
    }
}
