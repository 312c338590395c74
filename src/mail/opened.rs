//! A message taken apart: its header fields as they are written, its parts decoded, each with the line where it stands.
//!
//! Any bytes are a message of some kind: nothing fails here, and what is wrong stays visible to whoever asks. Reading is
//! linear in the size of the message; parts and their depth are limited.

mod encoded;
mod words;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

pub(super) use encoded::{Slip, SlipKind};
pub(super) use words::words;

/// Depth to which parts are opened; a letter has three.
const DEEPEST: usize = 12;
/// Parts that are opened.
const MOST_PARTS: usize = 500;
/// Header fields that are read of a message or a part.
const MOST_FIELDS: usize = 2_000;

/// A header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// As it is written; empty where the line has no colon.
    pub name: &'a [u8],
    /// What stands behind the colon, with its line breaks, without the last one.
    pub raw: &'a [u8],
    /// The line of the message where it begins, counted from 1.
    pub line: usize,
}

impl Field<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    pub fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.name)
    }

    /// The value on one line (RFC 5322, section 2.2.3), trimmed, encoded words as they are written.
    pub fn unfolded(&self) -> String {
        let bytes: Vec<u8> = self.raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
        String::from_utf8_lossy(&bytes).trim().to_owned()
    }

    /// The value as it is meant: encoded words read (RFC 2047).
    pub fn decoded(&self) -> String {
        words::decoded(&self.unfolded())
    }
}

/// A part of a message, or the whole of it.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub fields: Vec<Field<'a>>,
    /// The body as it is written.
    pub raw: &'a [u8],
    /// The line of the message where the body begins, counted from 1.
    pub line: usize,
    pub children: Vec<Part<'a>>,
    /// Why it could not be opened as what it says it is.
    pub broken: Option<&'static str>,
}

impl<'a> Part<'a> {
    /// Takes a message apart.
    pub fn open(message: &'a [u8]) -> Self {
        let mut left = MOST_PARTS;
        Self::read(message, 1, 0, &mut left)
    }

    fn read(bytes: &'a [u8], line: usize, depth: usize, left: &mut usize) -> Self {
        let (fields, head) = fields(bytes, line);
        let raw = bytes.get(head..).unwrap_or_default();
        let line = line + count(bytes.get(..head).unwrap_or_default());
        let mut part = Self { fields, raw, line, children: Vec::new(), broken: None };
        if !part.media_type().starts_with("multipart/") {
            return part;
        }
        match part.parameter("content-type", "boundary").filter(|boundary| !boundary.trim().is_empty()) {
            None => part.broken = Some("the multipart names no boundary"),
            Some(_) if depth >= DEEPEST => part.broken = Some("the parts are nested too deeply"),
            Some(boundary) => part.split(boundary.trim_end().as_bytes(), depth, left),
        }
        part
    }

    /// The header fields that bytes begin with, and what follows the empty line behind them.
    pub(super) fn fields_only(bytes: &'a [u8]) -> (Vec<Field<'a>>, &'a [u8]) {
        let (fields, head) = fields(bytes, 1);
        (fields, bytes.get(head..).unwrap_or_default())
    }

    /// Finds the parts between the lines that begin with the boundary (RFC 2046, section 5.1.1).
    fn split(&mut self, boundary: &[u8], depth: usize, left: &mut usize) {
        let (mut from, mut from_line, mut at, mut line) = (None, 0, 0, self.line);
        let mut closed = false;
        for written in self.raw.split_inclusive(|byte| *byte == b'\n') {
            let next = at + written.len();
            let after = written.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary));
            let is_end = after.is_some_and(|rest| rest.starts_with(b"--") && rest.get(2..).is_some_and(is_blank));
            if is_end || after.is_some_and(is_blank) {
                if let Some(start) = from {
                    if *left == 0 {
                        self.broken = Some("there are too many parts");
                        return;
                    }
                    *left -= 1;
                    let body = self.raw.get(start..at).unwrap_or_default();
                    self.children.push(Part::read(without_line_end(body), from_line, depth + 1, left));
                }
                (from, from_line) = (Some(next), line + 1);
                if is_end {
                    closed = true;
                    break;
                }
            }
            (at, line) = (next, line + 1);
        }
        if !closed {
            self.broken = Some("the last boundary is missing: the message was cut off, or its boundary is another one");
            if let Some(start) = from.filter(|_| *left > 0) {
                *left -= 1;
                let body = self.raw.get(start..).unwrap_or_default();
                self.children.push(Part::read(body, from_line, depth + 1, left));
            }
        }
    }

    pub fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b Field<'a>> {
        self.fields.iter().filter(move |field| field.is(name))
    }

    pub fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.is(name))
    }

    /// The first value of a field as it is meant.
    pub fn value(&self, name: &str) -> Option<String> {
        self.field(name).map(Field::decoded)
    }

    /// `text/html`, in lower case; `text/plain` where nothing is said (RFC 2045, section 5.2).
    pub fn media_type(&self) -> String {
        let told = self.field("content-type").map(Field::unfolded).unwrap_or_default();
        let essence = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence.is_empty() { "text/plain".to_owned() } else { essence }
    }

    /// A parameter of a field such as `Content-Type`, without its quotes.
    pub fn parameter(&self, field: &str, name: &str) -> Option<String> {
        let value = self.field(field)?.unfolded();
        pieces(&value, ';').skip(1).find_map(|piece| {
            let (key, value) = piece.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| unquoted(value.trim()))
        })
    }

    /// `quoted-printable`, in lower case; `7bit` where nothing is said (RFC 2045, section 6.1).
    pub fn encoding(&self) -> String {
        let told = self.field("content-transfer-encoding").map(|field| field.unfolded().to_ascii_lowercase());
        told.filter(|told| !told.is_empty()).unwrap_or_else(|| "7bit".to_owned())
    }

    /// The bytes that the encoding stands for, as far as it can be read.
    pub fn bytes(&self) -> Cow<'a, [u8]> {
        self.content().0
    }

    /// The bytes, and where the encoding is broken.
    pub(super) fn content(&self) -> (Cow<'a, [u8]>, Vec<Slip>) {
        match self.encoding().as_str() {
            "quoted-printable" => encoded::quoted_printable(self.raw),
            "base64" => encoded::base64(self.raw),
            _ => (Cow::Borrowed(self.raw), Vec::new()),
        }
    }

    /// The text of the part with plain line ends, and whether its bytes meant something in the character set that it names.
    pub fn text(&self) -> (String, bool) {
        let charset = self.parameter("content-type", "charset");
        let known = charset.as_ref().map_or(Some(UTF_8), |label| Encoding::for_label(label.trim().as_bytes()));
        let bytes = self.bytes();
        let (text, garbled) = known.unwrap_or(UTF_8).decode_without_bom_handling(&bytes);
        let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() };
        (text, known.is_some() && !garbled)
    }

    /// The part and all parts in it, from the outside in.
    pub fn parts(&self) -> Vec<&Self> {
        let mut out = vec![self];
        for child in &self.children {
            out.extend(child.parts());
        }
        out
    }

    /// The first part of a type that is no attachment.
    pub fn first(&self, media_type: &str) -> Option<&Self> {
        self.parts().into_iter().find(|part| part.media_type() == media_type && !part.is_attachment())
    }

    pub fn is_attachment(&self) -> bool {
        let disposition = self.field("content-disposition").map(Field::unfolded).unwrap_or_default();
        disposition.to_ascii_lowercase().starts_with("attachment")
    }
}

/// The header fields, and the byte at which the body begins.
fn fields(bytes: &[u8], first: usize) -> (Vec<Field<'_>>, usize) {
    let mut out: Vec<Field> = Vec::new();
    // Where the value of the last field begins.
    let mut begin = 0;
    let (mut at, mut line) = (0, first);
    for written in bytes.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += written.len();
        line += 1;
        if is_blank_line(written) {
            return (out, at);
        }
        let folded = written.starts_with(b" ") || written.starts_with(b"\t");
        if let (true, Some(last)) = (folded, out.last_mut()) {
            // The value goes on: it is one piece of the message from its own start to here.
            last.raw = without_line_end(bytes.get(begin..at).unwrap_or_default());
        } else if out.len() < MOST_FIELDS {
            let content = without_line_end(bytes.get(start..at).unwrap_or_default());
            let colon = memchr::memchr(b':', content);
            let (name, raw) = match colon {
                Some(colon) => (content.get(..colon).unwrap_or_default(), content.get(colon + 1..).unwrap_or_default()),
                None => (<&[u8]>::default(), content),
            };
            begin = at - written.len() + colon.map_or(0, |colon| colon + 1);
            out.push(Field { name, raw, line: line - 1 });
        }
    }
    (out, bytes.len())
}

fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn is_blank_line(written: &[u8]) -> bool {
    matches!(written, b"\n" | b"\r\n")
}

fn is_blank(rest: &[u8]) -> bool {
    rest.iter().all(u8::is_ascii_whitespace)
}

fn count(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// The pieces of a value between separators that stand outside of quotes and angle brackets.
pub(super) fn pieces(value: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let (mut quoted, mut escaped, mut angle) = (false, false, false);
        for (at, c) in text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                '<' if !quoted => angle = true,
                '>' if !quoted => angle = false,
                c if c == separator && !quoted && !angle => {
                    rest = text.get(at + c.len_utf8()..);
                    return text.get(..at);
                }
                _ => {}
            }
        }
        rest = None;
        Some(text)
    })
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let mut out = String::new();
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            c if escaped => {
                out.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => break,
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
