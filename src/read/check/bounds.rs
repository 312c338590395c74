//! A first walk through a document, before a tree is made of it: nothing in it may cost more than its bytes.
//!
//! What breaks a parser and leaves the rest sensible is noted and blanked out, so that one check tells of all of them:
//! characters that XML forbids, references to entities that it does not know, document types.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Check;
use super::rules::xml;
use crate::domain::quoted;

/// How deep elements may nest. Feeds need 5, and XHTML content some 20 more.
const MAX_DEPTH: usize = 200;
/// Attributes of one element: that none is there twice is looked up by comparing each with each.
const MAX_ATTRIBUTES: usize = 300;
/// Namespaces that are in force at a time. An element that declares more compares all of them with one another.
const MAX_NAMESPACES: usize = 200;
const MAX_COMPARED: usize = 100_000_000;

/// The text as it can be parsed; none where there is no sense in that, and it was said why.
pub(super) fn sound<'t>(check: &mut Check, text: &'t str) -> Option<Cow<'t, str>> {
    let mut blanks: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| !is_allowed(*c)) {
        check.find(&xml::CHARACTER, at, format!("XML forbids the character U+{:04X}", u32::from(c)));
        blanks.push(at..at + c.len_utf8());
    }
    let text = blanked(Cow::Borrowed(text), &blanks);
    let mut walk = Walk { check, blanks: Vec::new(), depths: Vec::new(), in_force: 0, compared: 0, own_entities: false };
    let is_sound = walk.through(&text);
    let blanks = walk.blanks;
    is_sound.then(|| blanked(text, &blanks))
}

/// Spaces in the place of some bytes; lines stay where they are.
fn blanked<'t>(text: Cow<'t, str>, blanks: &[Range<usize>]) -> Cow<'t, str> {
    if blanks.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for blank in blanks {
        out.push_str(text.get(from..blank.start).unwrap_or_default());
        out.extend(text.get(blank.clone()).unwrap_or_default().bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        from = blank.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

struct Walk<'c, 'k> {
    check: &'c mut Check<'k>,
    blanks: Vec<Range<usize>>,
    /// How many namespaces each open element declares.
    depths: Vec<usize>,
    in_force: usize,
    compared: usize,
    own_entities: bool,
}

impl Walk<'_, '_> {
    fn through(&mut self, text: &str) -> bool {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        // They are told of here, each at its place.
        reader.config_mut().allow_dangling_amp = true;
        loop {
            let before = position(reader.buffer_position());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    self.check.find(&xml::MALFORMED, position(reader.error_position()).min(text.len()), error.to_string());
                    return false;
                }
            };
            let whole = before..position(reader.buffer_position());
            let piece = text.get(whole.clone()).unwrap_or_default();
            match event {
                Event::Eof => return true,
                Event::Start(_) | Event::Empty(_) => {
                    if !self.open(piece, before) {
                        return false;
                    }
                    if piece.ends_with("/>") {
                        self.close();
                    }
                }
                Event::End(_) => self.close(),
                Event::GeneralRef(_) => self.reference(piece, before),
                Event::Text(_) => self.ampersands(piece, before),
                Event::DocType(_) => self.document_type(piece, whole),
                _ => {}
            }
        }
    }

    fn document_type(&mut self, piece: &str, whole: Range<usize>) {
        self.check.find(&xml::DOCTYPE, whole.start, "there is a document type declaration");
        // What is taken from elsewhere (`<!ENTITY % HTMLlat1 PUBLIC ...`) is never fetched, and does no harm.
        let declares = piece.split("<!ENTITY").skip(1).any(|entity| !entity.trim_start().starts_with('%'));
        if declares {
            self.own_entities = true;
            self.check.find(&xml::ENTITIES, whole.start, "the document declares entities of its own");
        }
        self.blanks.push(whole);
    }

    fn open(&mut self, tag: &str, at: usize) -> bool {
        let mut declared = 0;
        if tag.contains('=') {
            if tag.bytes().filter(|byte| *byte == b'=').count() > MAX_ATTRIBUTES {
                let what = format!("an element has more than {MAX_ATTRIBUTES} attributes");
                self.check.find(&xml::TOO_COMPLEX, at, what);
                return false;
            }
            declared = tag.matches("xmlns").count();
        }
        self.in_force += declared;
        self.depths.push(declared);
        if declared > 0 {
            self.compared += self.in_force * self.in_force;
        }
        if self.depths.len() > MAX_DEPTH {
            self.check.find(&xml::TOO_COMPLEX, at, format!("elements nest more than {MAX_DEPTH} deep"));
            return false;
        }
        if self.in_force > MAX_NAMESPACES || self.compared > MAX_COMPARED {
            self.check.find(&xml::TOO_COMPLEX, at, "there are too many declarations of namespaces");
            return false;
        }
        let mut from = 0;
        while let Some(start) = tag.get(from..).and_then(|rest| rest.find('&')).map(|found| from + found) {
            let rest = tag.get(start..).unwrap_or_default();
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '&' | '#' | '_' | '.' | '-'))).unwrap_or(rest.len());
            if end > 1 && rest.as_bytes().get(end) == Some(&b';') {
                self.reference(rest.get(..=end).unwrap_or_default(), at + start);
            } else {
                self.ampersands("&", at + start);
            }
            from = start + end;
        }
        true
    }

    /// What is left of `&` where references are told apart: each stands for itself.
    fn ampersands(&mut self, text: &str, at: usize) {
        for bare in memchr::memchr_iter(b'&', text.as_bytes()).map(|found| at + found) {
            self.check.find(&xml::AMPERSAND, bare, "there is a bare `&`");
            self.blanks.push(bare..bare + 1);
        }
    }

    fn close(&mut self) {
        self.in_force -= self.depths.pop().unwrap_or_default();
    }

    /// A reference, from its `&` to its `;`.
    fn reference(&mut self, written: &str, at: usize) {
        let name = written.trim_start_matches('&').trim_end_matches(';');
        let number = name.strip_prefix('#').map(|digits| match digits.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => digits.parse(),
        });
        match number {
            Some(Ok(number)) if char::from_u32(number).is_some_and(is_allowed) => return,
            Some(_) => self.check.find(&xml::CHARACTER, at, format!("XML forbids the character {}", quoted(written))),
            None if matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") => return,
            None if self.own_entities => {}
            None => self.check.find(&xml::ENTITY, at, format!("XML does not know {}", quoted(written))),
        }
        self.blanks.push(at..at + written.len());
    }
}

/// Whether XML 1.0 allows the character (section 2.2).
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn position(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
