//! Which letter a report is about, and which reader: Message-IDs and addresses, from wherever reports have them.

use super::{Leaves, Report, words};
use crate::domain::Address;
use crate::mail::opened::{Field, Part};

/// Message-IDs and addresses that are kept of a report.
const MOST: usize = 20;
/// Where the address stands that a message was delivered to.
pub(super) const CAME_TO: [&str; 8] =
    ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to", "to", "apparently-to"];

pub(super) fn find(top: &Part<'_>, leaves: &Leaves<'_>, report: &mut Report) {
    for field in CAME_TO.iter().flat_map(|name| top.all(name)) {
        keep(&mut report.came_to, addresses(field));
    }
    for bytes in &leaves.returned {
        let (fields, _) = Part::fields_only(bytes);
        let all = |name: &'static str| fields.iter().filter(move |field| field.is(name));
        keep(&mut report.letters, all("message-id").flat_map(|field| ids(&field.unfolded())));
        // The envelope's sender of the letter is the address that the report came to.
        keep(&mut report.came_to, all("return-path").flat_map(addresses));
        keep(&mut report.named, all("to").flat_map(addresses));
    }
    for bytes in leaves.statuses.iter().chain(&leaves.feedback).chain(&leaves.receipts) {
        for fields in super::blocks(bytes) {
            let all = |name: &'static str| fields.iter().filter(move |field| field.is(name));
            keep(
                &mut report.letters,
                all("original-message-id").chain(all("x-original-message-id")).flat_map(|field| ids(&field.unfolded())),
            );
            keep(&mut report.came_to, all("original-mail-from").flat_map(addresses));
            keep(
                &mut report.named,
                all("final-recipient")
                    .chain(all("original-recipient"))
                    .filter_map(|field| words::address(field.unfolded().split_once(';')?.1)),
            );
        }
    }
    for text in &leaves.texts {
        keep(&mut report.letters, quoted_ids(text));
        let sender = text.lines().filter_map(|line| header_line(line, "return-path:"));
        keep(&mut report.came_to, sender.filter_map(words::address));
        let to = text.lines().filter_map(|line| header_line(line, "to:"));
        keep(&mut report.named, to.filter_map(words::address));
    }
    for name in ["x-original-message-id", "original-message-id", "in-reply-to", "references"] {
        keep(&mut report.letters, top.all(name).flat_map(|field| ids(&field.unfolded())));
    }
    keep(&mut report.named, top.all("x-failed-recipients").flat_map(addresses));
}

fn keep<T: PartialEq>(kept: &mut Vec<T>, found: impl IntoIterator<Item = T>) {
    for one in found {
        if kept.len() < MOST && !kept.contains(&one) {
            kept.push(one);
        }
    }
}

fn addresses(field: &Field<'_>) -> Vec<Address> {
    let value = field.unfolded();
    crate::mail::opened::pieces(&value, ',').take(MOST).filter_map(words::address).collect()
}

/// The ids in angle brackets of a value.
fn ids(value: &str) -> Vec<String> {
    let inside = value.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(id, _)| id.trim());
    inside.filter(|id| id.contains('@') && !id.contains(char::is_whitespace)).take(MOST).map(str::to_owned).collect()
}

/// The ids that a text quotes as a header: on the line of the name, or on the next one where it is folded.
fn quoted_ids(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(value) = header_line(line, "message-id:") else { continue };
        let found = ids(value);
        if found.is_empty() {
            out.extend(lines.peek().map(|next| ids(next)).unwrap_or_default());
        }
        out.extend(found);
        if out.len() >= MOST {
            break;
        }
    }
    out
}

/// The value of a header that a line of text quotes, also behind `> `.
fn header_line<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let line = line.trim_start_matches(['>', ' ', '\t', '|']);
    let begins = line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    begins.then(|| line.get(name.len()..)).flatten()
}
