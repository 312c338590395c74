//! Reads XML as the strictest feed reader does, and streams its elements.
//!
//! quick-xml by itself lets pass what readers refuse whole documents for: forbidden characters, unknown entities,
//! prefixes without a namespace, text around the root.

use std::io::{self, BufRead, Read};

use memchr::memmem;

use super::clean::is_plain;
use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use quick_xml::name::{NamespaceResolver, ResolveResult};

/// An element that was read to its end.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// As written, with its prefix if it has one.
    pub name: String,
    /// The namespace that the name of the root is bound to; none of any other.
    pub namespace: Option<String>,
    attributes: Vec<(String, String)>,
    /// Its own text, without that of its children; empty where it is not wanted.
    pub text: String,
    is_wanted: bool,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Where a document stops being well-formed, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Counted from 1.
    pub line: usize,
    pub why: String,
}

/// Reads a whole document and calls `closed` at the end of each element, with the path to it from the root.
///
/// `wanted` says of which elements, by name, the text is kept. Holds no more than the open elements in memory.
pub(super) fn read(
    document: impl BufRead,
    wanted: impl Fn(&str) -> bool,
    mut closed: impl FnMut(&[Element]),
) -> Result<(), Fault> {
    let mut reader = configured(NsReader::from_reader(Counting { document, line: 1 }));
    let mut path = Path::new(wanted);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let line = reader.get_ref().line;
        let event = match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => return Err(Fault { line, why: error.to_string() }),
        };
        path.take(reader.resolver(), event, &mut closed).map_err(|(lines, why)| Fault { line: line + lines, why })?;
    }
    path.finish().map_err(|(at_end, why)| Fault { line: if at_end { reader.get_ref().line } else { 1 }, why })
}

/// The same of a document that is in memory: nothing is copied, and lines are counted only up to a fault.
pub(super) fn read_bytes(
    document: &[u8],
    wanted: impl Fn(&str) -> bool,
    mut closed: impl FnMut(&[Element]),
) -> Result<(), Fault> {
    let mut reader = configured(NsReader::from_reader(document));
    let mut path = Path::new(wanted);
    let line = |at: u64| 1 + lines(usize::try_from(at).ok().and_then(|at| document.get(..at)).unwrap_or(document));
    loop {
        let at = reader.buffer_position();
        let event = match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => event,
            Err(error) => return Err(Fault { line: line(at), why: error.to_string() }),
        };
        path.take(reader.resolver(), event, &mut closed).map_err(|(lines, why)| Fault { line: line(at) + lines, why })?;
    }
    path.finish().map_err(|(at_end, why)| Fault { line: if at_end { line(u64::MAX) } else { 1 }, why })
}

fn configured<R>(mut reader: NsReader<R>) -> NsReader<R> {
    reader.config_mut().check_comments = true;
    reader.config_mut().expand_empty_elements = true;
    reader
}

/// Counts the lines that have been read.
struct Counting<R> {
    document: R,
    line: usize,
}

impl<R: BufRead> Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.document.read(out)?;
        self.line += lines(out.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.document.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed is still in the buffer: this reads nothing anew.
        if let Ok(buffer) = self.document.fill_buf() {
            self.line += lines(buffer.get(..amount).unwrap_or_default());
        }
        self.document.consume(amount);
    }
}

#[expect(clippy::naive_bytecount, reason = "a crate for this alone would save no time that is felt")]
fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

/// Why a piece is not well-formed, and how many lines into it.
type Wrong = (usize, String);

/// The elements that are open, the root first.
struct Path<W> {
    open: Vec<Element>,
    /// Elements that were closed: their strings serve again.
    spare: Vec<Element>,
    /// Whether the root has been seen.
    rooted: bool,
    wanted: W,
}

impl<W: Fn(&str) -> bool> Path<W> {
    fn new(wanted: W) -> Self {
        Self { open: Vec::new(), spare: Vec::new(), rooted: false, wanted }
    }

    fn take(&mut self, names: &NamespaceResolver, event: Event, closed: &mut impl FnMut(&[Element])) -> Result<(), Wrong> {
        allowed(&event)?;
        let here = |why: String| (0, why);
        match event {
            Event::Start(start) => self.begin(names, &start).map_err(here)?,
            Event::End(_) => {
                closed(&self.open);
                self.spare.extend(self.open.pop());
            }
            Event::Text(text) => {
                let text = text.xml10_content().map_err(|error| here(error.to_string()))?;
                if memmem::find(text.as_bytes(), b"]]>").is_some() {
                    return Err(here("there is a bare `]]>` in the text".to_owned()));
                }
                self.text(&text).map_err(here)?;
            }
            Event::CData(data) => self.text(&data.xml10_content().map_err(|error| here(error.to_string()))?).map_err(here)?,
            Event::GeneralRef(reference) => {
                let resolved = resolved(&reference).map_err(here)?;
                self.text(resolved.encode_utf8(&mut [0; 4])).map_err(here)?;
            }
            // Entities of its own are what bombs are made of; no feed needs them.
            Event::DocType(_) => return Err(here("there is a document type declaration".to_owned())),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn begin(&mut self, names: &NamespaceResolver, start: &BytesStart) -> Result<(), String> {
        let is_root = self.open.is_empty();
        if is_root && self.rooted {
            return Err("there is a second root".to_owned());
        }
        self.rooted = true;
        let mut element = self.spare.pop().unwrap_or_default();
        element.name.clear();
        element.text.clear();
        element.attributes.clear();
        element.name.push_str(&String::from_utf8_lossy(start.name().as_ref()));
        element.namespace = match names.resolve_element(start.name()).0 {
            ResolveResult::Bound(namespace) if is_root => Some(String::from_utf8_lossy(namespace.as_ref()).into_owned()),
            ResolveResult::Bound(_) | ResolveResult::Unbound => None,
            ResolveResult::Unknown(_) => return Err(format!("the prefix of `<{}>` has no namespace", element.name)),
        };
        attributes_into(&mut element, names, start)?;
        element.is_wanted = (self.wanted)(&element.name);
        self.open.push(element);
        Ok(())
    }

    /// What is wrong with a document that ends here, and whether it is wrong at its end.
    fn finish(&self) -> Result<(), (bool, String)> {
        match self.open.last() {
            Some(open) => Err((true, format!("`<{}>` is never closed", open.name))),
            None if self.rooted => Ok(()),
            None => Err((false, "there is no element in it".to_owned())),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(open) if open.is_wanted => open.text.push_str(text),
            Some(_) => {}
            None if text.trim().is_empty() => {}
            None => return Err("there is text outside of the root".to_owned()),
        }
        Ok(())
    }
}

/// Whether a piece of the document is UTF-8 and has only characters that XML allows.
fn allowed(piece: &[u8]) -> Result<(), Wrong> {
    if is_plain(piece) {
        return Ok(());
    }
    let text = match std::str::from_utf8(piece) {
        Ok(text) => text,
        Err(error) => return Err((lines(piece.get(..error.valid_up_to()).unwrap_or_default()), "it is not UTF-8".to_owned())),
    };
    match text.char_indices().find(|(_, c)| !is_allowed(*c)) {
        Some((at, c)) => Err((lines(piece.get(..at).unwrap_or_default()), forbidden(c))),
        None => Ok(()),
    }
}

fn attributes_into(element: &mut Element, names: &NamespaceResolver, start: &BytesStart) -> Result<(), String> {
    let name = &element.name;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| format!("`<{name}>`: {error}"))?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        if matches!(names.resolve_attribute(attribute.key).0, ResolveResult::Unknown(_)) {
            return Err(format!("the prefix of `{key}` has no namespace"));
        }
        if attribute.value.contains(&b'<') {
            return Err(format!("there is a bare `<` in the attribute `{key}`"));
        }
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| format!("`{key}`: {error}"))?;
        if let Some(c) = value.chars().find(|c| !is_allowed(*c)) {
            return Err(forbidden(c));
        }
        element.attributes.push((key, value.into_owned()));
    }
    Ok(())
}

/// What a reference stands for: a character by its number, or one of the five entities of XML itself.
fn resolved(reference: &BytesRef) -> Result<char, String> {
    if let Some(c) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return if is_allowed(c) { Ok(c) } else { Err(forbidden(c)) };
    }
    let name: &[u8] = reference;
    Ok(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"apos" => '\'',
        b"quot" => '"',
        _ => return Err(format!("the entity `&{};` is not known to XML", String::from_utf8_lossy(name))),
    })
}

/// Whether XML 1.0 allows the character (section 2.2, `Char`). Surrogates are no `char`.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn forbidden(c: char) -> String {
    format!("XML forbids the character U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_strict_readers_refuse() {
        #[track_caller]
        fn case(text: &str, line: usize, why: &str) {
            let fault = read(text.as_bytes(), |_| true, |_| {}).unwrap_err();
            assert!(fault.line == line && fault.why.contains(why), "{text:?}: {fault:?}");
            assert_eq!(read_bytes(text.as_bytes(), |_| true, |_| {}), Err(fault), "{text:?}");
            // The witness: another strict parser refuses it too.
            assert!(roxmltree::Document::parse(text).is_err(), "{text:?}");
        }
        case("", 1, "no element");
        case("<a>\n<b></a>", 2, "expected");
        case("<a>\n<b>", 2, "never closed");
        case("<a/>\n<b/>", 2, "second root");
        case("<a/>b", 1, "outside");
        case("<a>\n\u{1}</a>", 2, "U+0001");
        case("<a>&#11;</a>", 1, "U+000B");
        case("<a b='&#xFFFE;'/>", 1, "U+FFFE");
        case("<a>\n\n&nbsp;</a>", 3, "`&nbsp;`");
        case("<a>b & c</a>", 1, "");
        case("<a>]]></a>", 1, "]]>");
        case("<a b='1' b='2'/>", 1, "`<a>`");
        case("<a b='<'/>", 1, "bare `<`");
        case("<x:a/>", 1, "namespace");
        case("<a x:b=''/>", 1, "namespace");
    }

    #[test]
    fn refuses_entities_of_the_documents_own_and_half_characters() {
        // roxmltree lets this one pass; libxml2 and expat do not.
        assert!(read(&b"<a>&#xD83D;</a>"[..], |_| true, |_| {}).is_err());
        let bomb = "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>";
        assert!(read(bomb.as_bytes(), |_| true, |_| {}).unwrap_err().why.contains("document type"));
    }

    #[test]
    fn hands_over_each_element_with_its_path_and_text() {
        let text = "<?xml version='1.0'?><a xmlns='u:a'>x<b c='1 &amp; 2'/>&#x26;<![CDATA[<y>]]>\r\nz<c>w</c></a>\n";
        let case = |wanted: &str, texts: [&str; 3]| {
            let (mut seen, mut again) = (Vec::new(), Vec::new());
            let told = |path: &[Element]| {
                let element = path.last().unwrap();
                let root = element.namespace.as_deref() == Some("u:a");
                assert_eq!(root, path.len() == 1);
                (path.len(), element.name.clone(), element.text.clone(), element.attribute("c").map(str::to_owned))
            };
            read(text.as_bytes(), |name| wanted.contains(name), |path| seen.push(told(path))).unwrap();
            read_bytes(text.as_bytes(), |name| wanted.contains(name), |path| again.push(told(path))).unwrap();
            let [b, c, a] = texts.map(str::to_owned);
            let expected =
                [(2, "b".to_owned(), b, Some("1 & 2".to_owned())), (2, "c".to_owned(), c, None), (1, "a".to_owned(), a, None)];
            assert_eq!(seen, expected);
            assert_eq!(again, expected);
        };
        case("abc", ["", "w", "x&<y>\nz"]);
        case("c", ["", "w", ""]);
    }
}
