//! Checking a message: its headers, its structure, its signature. Any bytes: what is no message has many findings.
//!
//! It holds a message to the RFCs (5322, 2045 to 2047, 2369, 2919, 8058, 6376) in the exact forms that large mailboxes ask
//! for in mail to many. Pure: nothing is looked up.

mod addresses;
mod headers;
mod list;
mod rules;
mod signature;
mod structure;

#[cfg(test)]
mod tests;

use super::opened::{Field, Part};
use crate::domain::{Findings, LetterPart, Rule};

pub use rules::all as rules;

/// Checks a message that was opened.
pub fn check(bytes: &[u8], message: &Part, findings: &mut Findings) {
    let mut check = Check { bytes, message, findings };
    structure::lines(&mut check);
    headers::check(&mut check);
    addresses::check(&mut check);
    list::check(&mut check);
    structure::check(&mut check);
    signature::check(&mut check);
}

/// A check that is under way.
struct Check<'a, 'b> {
    bytes: &'a [u8],
    message: &'a Part<'b>,
    findings: &'a mut Findings,
}

impl<'a, 'b> Check<'a, 'b> {
    fn find(&mut self, rule: &'static Rule, line: usize, what: impl Into<String>) {
        self.findings.add(LetterPart::Message, line, rule, what);
    }

    /// The first field of a name; one that ought to be there and is not is told.
    fn needed(&mut self, name: &str) -> Option<&'a Field<'b>> {
        let found = self.message.field(name);
        if found.is_none() {
            self.find(&rules::header::MISSING, 1, format!("there is no `{name}`"));
        }
        found
    }
}

/// Whether a text is the whole name of a host, such as `mail.example.org`.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}
