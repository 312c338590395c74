//! Lines, parts and encodings (RFCs 2045 and 2046).

use super::{Check, rules};
use crate::domain::quoted;
use crate::mail::opened::{Part, Slip, SlipKind};

/// Bytes of a line without its end (RFC 5322, section 2.1.1).
const LINE: usize = 998;
/// Bytes of a message that phones load at once, and that most mailboxes take.
const LARGE: usize = 1_000_000;
const TOO_LARGE: usize = 10_000_000;
/// Bytes of a picture that travels inside.
const LARGE_PICTURE: usize = 200_000;

/// What holds for every line of the message, whatever it is part of.
pub(super) fn lines(check: &mut Check) {
    let bytes = check.bytes;
    let (mut bare, mut stray, mut long, mut nul, mut high) = (None, None, None, None, None);
    for (at, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let number = at + 1;
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        if line.ends_with(b"\n") && !line.ends_with(b"\r\n") {
            bare = bare.or(Some(number));
        }
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        if memchr::memchr(b'\r', content).is_some() {
            stray = stray.or(Some(number));
        }
        if content.len() > LINE {
            long = long.or(Some((number, content.len())));
        }
        if memchr::memchr(0, content).is_some() {
            nul = nul.or(Some(number));
        }
        if !content.is_ascii() {
            high = high.or(Some(number));
        }
    }
    if let Some(line) = bare {
        check.find(&rules::structure::LINE_END, line, "the line ends with LF alone");
    }
    if let Some(line) = stray {
        check.find(&rules::structure::LINE_END, line, "there is a CR within the line");
    }
    if let Some((line, length)) = long {
        check.find(&rules::structure::LONG_LINE, line, format!("the line has {length} bytes"));
    }
    if let Some(line) = nul {
        check.find(&rules::structure::NUL, line, "there is a NUL in it");
    }
    if let Some(line) = high {
        check.find(&rules::structure::EIGHT_BIT, line, "there are bytes beyond ASCII in it");
    }
    let rule = match bytes.len() {
        0..=LARGE => return,
        length if length <= TOO_LARGE => &rules::structure::LARGE,
        _ => &rules::structure::TOO_LARGE,
    };
    check.find(rule, 1, format!("the message has {} bytes", bytes.len()));
}

pub(super) fn check(check: &mut Check) {
    let message = check.message;
    if check.needed("Content-Type").is_some() {
        kinds(check);
    }
    for part in message.parts() {
        if let Some(why) = part.broken {
            check.find(&rules::structure::BROKEN, part.line, why);
        }
        if part.children.is_empty() {
            leaf(check, part);
        } else if !matches!(part.encoding().as_str(), "7bit" | "8bit" | "binary") {
            check.find(&rules::structure::ENCODING, part.line, "a part that holds parts is encoded itself");
        }
    }
}

/// Text first, HTML last, and what HTML shows beside it.
fn kinds(check: &mut Check) {
    let parts = check.message.parts();
    let place = |kind: &str| parts.iter().position(|part| part.media_type() == kind && !part.is_attachment());
    let (text, html) = (place("text/plain"), place("text/html"));
    if let (Some(text), Some(html)) = (text, html) {
        if text > html {
            let line = parts.get(html).map_or(1, |part| part.line);
            check.find(&rules::structure::ORDER, line, "the HTML part stands before the text part");
        }
        if !parts.iter().any(|part| part.media_type() == "multipart/alternative") {
            check.find(&rules::structure::ALTERNATIVE, 1, "no `multipart/alternative` holds text and HTML");
        }
    }
    let attachments: Vec<(usize, String)> =
        parts.iter().filter(|part| part.is_attachment()).map(|part| (part.line, part.media_type())).collect();
    for (line, kind) in attachments {
        check.find(&rules::structure::ATTACHMENT, line, format!("{} is attached", quoted(&kind)));
    }
}

fn leaf(check: &mut Check, part: &Part) {
    let kind = part.media_type();
    let (bytes, slips) = part.content();
    for Slip { line, kind } in slips {
        let what = match kind {
            SlipKind::Escape => "`=` is followed by no two hexadecimal digits",
            SlipKind::Blank => "the line ends with a space, which servers take away",
            SlipKind::Long => "the encoded line has more than 76 characters",
            SlipKind::Base64 => "this is no base64",
        };
        check.find(&rules::structure::BROKEN_ENCODING, part.line + line, what);
    }
    if kind.starts_with("image/") && bytes.len() > LARGE_PICTURE {
        check.find(&rules::structure::LARGE_PICTURE, part.line, format!("the picture has {} bytes", bytes.len()));
    }
    if !kind.starts_with("text/") {
        return;
    }
    let charset = part.parameter("content-type", "charset").unwrap_or_default().to_ascii_lowercase();
    let is_plain = charset == "us-ascii" && bytes.is_ascii();
    if charset != "utf-8" && !is_plain {
        let charset = if charset.is_empty() { "no character set".to_owned() } else { quoted(&charset) };
        check.find(&rules::structure::CHARSET, part.line, format!("the {kind} part names {charset}"));
    }
    if !part.text().1 {
        check.find(&rules::structure::GARBLED, part.line, format!("bytes of the {kind} part mean nothing in its character set"));
    }
    match part.encoding().as_str() {
        "quoted-printable" => {}
        "7bit" if part.raw.is_ascii() && part.raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 78) => {}
        other => check.find(&rules::structure::ENCODING, part.line, format!("the {kind} part is encoded as {}", quoted(other))),
    }
}
