//! The header fields: which there are, how often, and in which form.

use jiff::fmt::rfc2822::DateTimeParser;

use super::{Check, is_host, rules};
use crate::domain::quoted;
use crate::mail::opened::{Field, words};

/// Fields that may stand once (RFC 5322, section 3.6, and the RFCs of the others).
const ONCE: [&str; 24] = [
    "date",
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "message-id",
    "in-reply-to",
    "references",
    "subject",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-help",
    "list-archive",
    "list-owner",
    "list-post",
    "feedback-id",
    "precedence",
];
/// Fields that a letter does without, and why.
const LEFT_OUT: [(&str, &str); 9] = [
    ("x-priority", "it asks to be taken for important"),
    ("x-msmail-priority", "it asks to be taken for important"),
    ("importance", "it asks to be taken for important"),
    ("priority", "it asks to be taken for important"),
    ("disposition-notification-to", "it asks the reader's program to tell of them"),
    ("return-receipt-to", "it asks the reader's program to tell of them"),
    ("errors-to", "no server has looked at it for twenty years"),
    ("auto-submitted", "a letter is no notice of a machine, and programs treat it as one"),
    ("apparently-to", "it was meant for mail without `To`"),
];
/// Bytes of a header line that programs show without breaking it (RFC 5322, section 2.1.1).
const LINE: usize = 78;
/// Bytes of an encoded word, and of a line that holds one (RFC 2047, section 2).
const WORD: usize = 75;
const LINE_OF_WORDS: usize = 76;

pub(super) fn check(check: &mut Check) {
    let message = check.message;
    for field in &message.fields {
        form(check, field);
        encoded_words(check, field);
    }
    for name in ONCE {
        if let Some(second) = message.all(name).nth(1) {
            check.find(&rules::header::REPEATED, second.line, format!("there is a second `{}`", second.name()));
        }
    }
    for (name, why) in LEFT_OUT {
        if let Some(field) = message.field(name) {
            check.find(&rules::header::LEFT_OUT, field.line, format!("`{}`: {why}", field.name()));
        }
    }
    if let Some(field) = message.field("bcc") {
        check.find(&rules::header::HIDDEN, field.line, "`Bcc` names others who get it");
    }
    if let Some(field) = message.field("precedence")
        && !matches!(field.unfolded().to_ascii_lowercase().as_str(), "bulk" | "list")
    {
        check.find(&rules::header::LEFT_OUT, field.line, format!("`Precedence` is {}", quoted(&field.unfolded())));
    }
    date(check);
    message_id(check);
    subject(check);
    if let Some(field) = check.needed("MIME-Version").filter(|field| field.unfolded() != "1.0") {
        check.find(&rules::header::MIME_VERSION, field.line, format!("`MIME-Version` is {}", quoted(&field.unfolded())));
    }
}

fn form(check: &mut Check, field: &Field) {
    if field.name.is_empty() || !field.name.iter().all(u8::is_ascii_graphic) {
        let line = String::from_utf8_lossy(if field.name.is_empty() { field.raw } else { field.name });
        check.find(&rules::header::SYNTAX, field.line, format!("{} is no header field", quoted(&line)));
        return;
    }
    if !field.raw.is_ascii() {
        check.find(&rules::header::EIGHT_BIT, field.line, format!("`{}` has bytes beyond ASCII", field.name()));
    }
    let value = field.decoded();
    if let Some(c) = value.chars().find(|c| c.is_control() && *c != '\t') {
        check.find(&rules::header::CONTROL, field.line, format!("`{}` has a U+{:04X} in it", field.name(), u32::from(c)));
    }
    if let Some(c) =
        value.chars().find(|c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}'))
    {
        check.find(&rules::header::TURNED, field.line, format!("`{}` has a U+{:04X} in it", field.name(), u32::from(c)));
    }
    for (at, line) in field.raw.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let length = line.len() + if at == 0 { field.name.len() + 1 } else { 0 };
        let could_fold = line.trim_ascii().iter().any(|byte| matches!(byte, b' ' | b'\t'));
        let has_word = line.windows(2).any(|pair| pair == b"=?");
        if (length > LINE && could_fold) || (has_word && length > LINE_OF_WORDS) {
            check.find(&rules::header::LONG, field.line + at, format!("the line has {length} characters"));
        }
        if at > 0 && line.trim_ascii().is_empty() {
            check.find(&rules::header::SYNTAX, field.line + at, format!("`{}` goes on in a blank line", field.name()));
        }
    }
}

fn encoded_words(check: &mut Check, field: &Field) {
    let value = field.unfolded();
    let mut in_quotes = false;
    let mut last = 0;
    for word in words(&value) {
        if word.written.len() > WORD {
            let what = format!("{} has {} characters", quoted(word.written), word.written.len());
            check.find(&rules::header::ENCODED_WORD, field.line, what);
        }
        if let Err(why) = &word.read {
            check.find(&rules::header::ENCODED_WORD, field.line, format!("{}: {why}", quoted(word.written)));
        }
        let Some(at) = value.get(last..).and_then(|rest| rest.find(word.written)).map(|at| last + at) else { continue };
        in_quotes ^= value.get(last..at).unwrap_or_default().matches('"').count() % 2 == 1;
        if in_quotes {
            check.find(&rules::header::ENCODED_WORD, field.line, format!("{} stands in quotes", quoted(word.written)));
        }
        last = at + word.written.len();
    }
}

/// `Wed, 04 Mar 2026 07:00:00 +0000` (RFC 5322, section 3.3).
fn date(check: &mut Check) {
    let Some(field) = check.needed("Date") else { return };
    let value = field.unfolded();
    if DateTimeParser::new().parse_zoned(&value).is_err() {
        check.find(&rules::header::DATE, field.line, format!("{} is no date", quoted(&value)));
        return;
    }
    let zone = value.split_whitespace().nth(5).or_else(|| value.split_whitespace().last()).unwrap_or_default();
    let is_number = zone.len() == 5 && zone.starts_with(['+', '-']) && zone.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    if !is_number || !value.contains(',') {
        check.find(&rules::header::DATE_FORM, field.line, format!("{} is written in an old form", quoted(&value)));
    }
}

/// `<id@mail.example.org>` (RFC 5322, section 3.6.4).
fn message_id(check: &mut Check) {
    let Some(field) = check.needed("Message-ID") else { return };
    let value = field.unfolded();
    let inner = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let parts = inner.and_then(|inner| inner.split_once('@'));
    let is_right = parts.is_some_and(|(left, right)| {
        let atoms = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        !left.is_empty() && left.bytes().all(atoms) && is_host(right)
    });
    if !is_right {
        check.find(
            &rules::header::MESSAGE_ID,
            field.line,
            format!("{} is no `<id@host>` with the whole name of a host", quoted(&value)),
        );
    }
}

fn subject(check: &mut Check) {
    let Some(field) = check.needed("Subject") else { return };
    let subject = field.decoded();
    let lower = subject.to_lowercase();
    let is_answer = check.message.field("in-reply-to").is_some() || check.message.field("references").is_some();
    if subject.trim().is_empty() {
        check.find(&rules::header::SUBJECT, field.line, "the subject is empty");
    } else if !is_answer && ["re:", "aw:", "sv:", "fwd:", "fw:", "wg:", "tr:"].iter().any(|mark| lower.starts_with(mark)) {
        check.find(&rules::header::SUBJECT, field.line, format!("{} looks like an answer, and is none", quoted(&subject)));
    } else if subject.chars().count() > 150 {
        check.find(&rules::header::SUBJECT_LONG, field.line, format!("the subject has {} characters", subject.chars().count()));
    }
}
