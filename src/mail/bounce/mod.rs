//! The reports that come back for a letter: what they say, of whom, and of which letter; and the mails of readers who leave.
//!
//! What a program is meant to read counts first: the fields of RFC 3464 for each recipient, and of RFC 5965 for complaints.
//! Else the words decide that mail servers are known for, and only in what a server has written. Any bytes are a report of
//! some kind: nothing fails here, and what is not understood is unknown.

mod answer;
mod complaint;
mod leaving;
mod letter;
mod notice;
mod status;
mod words;

use std::borrow::Cow;

use super::opened::{Field, Part};
use crate::domain::{Address, Bounce};
pub use leaving::Wish;

/// A report, understood as far as it can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The Message-IDs that it names, without their brackets, the likeliest first.
    pub letters: Vec<String>,
    /// The addresses that it came to, one of which may name the reader (VERP).
    pub came_to: Vec<Address>,
    /// Addresses that stand in it as those of recipients, beside those of the verdicts.
    pub named: Vec<Address>,
    /// What it says, for each recipient; never empty.
    pub verdicts: Vec<Verdict>,
    /// What its writer may want, where it is no report and no answer of a program.
    pub wish: Option<Wish>,
}

/// What a report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub bounce: Bounce,
    /// As the report names it; nothing where it does not.
    pub recipient: Option<Address>,
    /// The enhanced status code (RFC 3463).
    pub status: Option<[u16; 3]>,
    /// What it says in words, on one line; may be empty.
    pub words: String,
}

impl Verdict {
    fn of(bounce: Bounce, words: impl Into<String>) -> Self {
        Self { bounce, recipient: None, status: None, words: words.into() }
    }
}

impl Report {
    /// What it says of the reader at an address.
    ///
    /// A letter that was passed on may have several recipients: where none is the reader's own address, the mildest verdict
    /// counts, since the address itself has worked.
    pub fn of(&self, reader: &Address) -> Verdict {
        let key = reader.key();
        let own = self.verdicts.iter().find(|verdict| verdict.recipient.as_ref().is_some_and(|address| address.key() == key));
        // `Bounce` is ordered from the hardest to the mildest as far as deliveries go.
        let mildest = || self.verdicts.iter().max_by_key(|verdict| verdict.bounce);
        own.or_else(mildest).cloned().unwrap_or_else(|| Verdict::of(Bounce::Unknown, ""))
    }

    /// All addresses that may be the reader's.
    pub fn candidates(&self) -> impl Iterator<Item = &Address> {
        self.verdicts.iter().filter_map(|verdict| verdict.recipient.as_ref()).chain(&self.named)
    }
}

/// Reads a message as a report. Pure and total; takes time in proportion to the size of the message.
pub fn judge(message: &[u8]) -> Report {
    let message = without_envelope(message);
    let top = Part::open(message);
    let leaves = Leaves::of(&top);
    let mut report = Report::default();
    letter::find(&top, &leaves, &mut report);
    report.verdicts = complaint::read(&leaves)
        .or_else(|| status::read(&leaves))
        .or_else(|| notice::read(&top, &leaves))
        .or_else(|| answer::read(&top, &leaves))
        .unwrap_or_else(|| vec![Verdict::of(Bounce::Unknown, subject(&top))]);
    report.wish = leaving::read(&top, &leaves, &report.verdicts);
    report
}

/// The message without the line `From ...` that mailboxes and pipes put above it.
fn without_envelope(message: &[u8]) -> &[u8] {
    let end = || memchr::memchr(b'\n', message).map_or(message.len(), |at| at + 1);
    if message.starts_with(b"From ") { message.get(end()..).unwrap_or_default() } else { message }
}

/// What the parts of a report hold, by what they are for.
#[derive(Default)]
struct Leaves<'a> {
    /// The fields of `message/delivery-status`.
    statuses: Vec<Cow<'a, [u8]>>,
    /// The fields of `message/feedback-report`.
    feedback: Vec<Cow<'a, [u8]>>,
    /// The letter that is returned, or its header.
    returned: Vec<Cow<'a, [u8]>>,
    /// What is written for people.
    texts: Vec<String>,
    /// The fields that tell that a message was opened or thrown away (RFC 8098).
    receipts: Vec<Cow<'a, [u8]>>,
}

impl<'a> Leaves<'a> {
    fn of(top: &Part<'a>) -> Self {
        let mut out = Self::default();
        for part in top.parts() {
            match part.media_type().as_str() {
                "message/delivery-status" | "message/global-delivery-status" => out.statuses.push(part.bytes()),
                "message/feedback-report" => out.feedback.push(part.bytes()),
                "message/disposition-notification" | "message/global-disposition-notification" => out.receipts.push(part.bytes()),
                "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/global-headers" => {
                    out.returned.push(part.bytes());
                }
                "text/plain" => out.texts.push(part.text().0),
                "text/html" => out.texts.push(words::without_tags(&part.text().0)),
                _ => {}
            }
        }
        out
    }
}

fn subject(top: &Part<'_>) -> String {
    top.value("subject").map(|subject| words::one_line(&subject)).unwrap_or_default()
}

/// Blocks of fields that stand between empty lines, as in RFC 3464, section 2.1.
fn blocks(bytes: &[u8]) -> Vec<Vec<Field<'_>>> {
    /// More than a report about one letter has.
    const MOST: usize = 200;
    let mut out = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() && out.len() < MOST {
        let part = Part::fields_only(rest);
        rest = part.1;
        if !part.0.is_empty() {
            out.push(part.0);
        }
    }
    out
}

#[cfg(test)]
mod tests;
