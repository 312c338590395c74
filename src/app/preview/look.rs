use std::sync::Arc;

use crate::app::edition::fingerprint;
use crate::app::explain;
use crate::domain::{EditionId, InlinePicture, Language};

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
    pub sizes: Sizes,
}

/// Bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// The HTML part as a mail program decodes it, and as it travels.
    pub html: usize,
    pub html_encoded: usize,
    pub text: usize,
    /// All of it, with the pictures that it brings along.
    pub message: usize,
}

impl Sizes {
    pub(super) fn of(html: &str, text: &str, message: &[u8]) -> Self {
        Self { html: html.len(), html_encoded: encoded_html(message), text: text.len(), message: message.len() }
    }

    /// Where Gmail cuts an HTML part off, and hides the way out with the rest.
    pub const GMAIL: usize = 102 * 1024;
}

impl Look {
    /// The header fields of the message in their order: name, and value on one line as it travels (RFC 5322, section 2.2.3).
    pub fn headers(&self) -> Vec<(String, String)> {
        let message = String::from_utf8_lossy(&self.message);
        let head = message.split("\r\n\r\n").next().unwrap_or_default();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let fields = unfolded.split("\r\n").filter_map(|field| field.split_once(':'));
        fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
    }

    /// A word that is the same for two looks at the same letter, and for two at the same trouble.
    pub fn state(seen: &anyhow::Result<Arc<Self>>) -> String {
        match seen {
            Ok(look) => fingerprint(&["letter", &String::from_utf8_lossy(&look.message)]),
            Err(error) => fingerprint(&["trouble", &explain(error)]),
        }
    }
}

/// Bytes of the HTML part of one of griot's own messages, as it travels.
///
/// Its boundaries begin with `=_`, which no line of an encoded part does (RFC 2045, section 6.7).
fn encoded_html(message: &[u8]) -> usize {
    let message = String::from_utf8_lossy(message);
    let part = message.split_once("\r\nContent-Type: text/html").and_then(|(_, part)| part.split_once("\r\n\r\n"));
    part.and_then(|(_, body)| body.split("\r\n--=_").next()).map_or(0, str::len)
}
