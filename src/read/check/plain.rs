//! Plain texts: what readers show as it is.

use roxmltree::Node;

use super::Check;
use super::rules::text;
use super::tags::tags;
use super::{ATOM, Document, ITUNES};
use crate::domain::quoted;

const DC: &str = "http://purl.org/dc/elements/1.1/";

/// Tags that are meant as such where they stand in a plain text.
const MEANT: [&str; 20] = [
    "a", "abbr", "b", "br", "cite", "code", "div", "em", "font", "i", "img", "li", "p", "small", "span", "strong", "sub", "sup",
    "u", "ul",
];

/// Checks the texts of a document.
pub(super) fn check(check: &mut Check, document: Document) {
    for node in document.elements() {
        let name = (node.tag_name().namespace().unwrap_or_default(), node.tag_name().name());
        let is_plain = match name {
            ("", "title" | "category")
            | (DC, "creator" | "subject")
            | (ITUNES, "title" | "author" | "subtitle")
            | (ATOM, "name") => true,
            (ATOM, "title" | "subtitle" | "rights") => matches!(node.attribute("type"), None | Some("text")),
            _ => false,
        };
        for child in node.children().filter(Node::is_text) {
            broken(check, child.text().unwrap_or_default(), child.range().start);
        }
        if is_plain {
            line(check, node.tag_name().name(), &super::text_of(node), node.range().start);
        }
    }
}

/// Checks a text that readers show as one line.
pub(super) fn line(check: &mut Check, what: &str, content: &str, at: usize) {
    if let Some(tag) = tags(content).find(|tag| MEANT.iter().any(|name| tag.is(name))) {
        let what = format!("there is a `<{}>` in the {what} {}", tag.name, quoted(content));
        check.find(&text::MARKUP, at, what);
    }
    if let Some(reference) = reference(content) {
        let what = format!("{} stands in the {what} {}", quoted(reference), quoted(content));
        check.find(&text::ESCAPED_TWICE, at, what);
    }
    let invisible = |c: &char| matches!(c, '\u{AD}' | '\u{200B}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}');
    if let Some(c) = content.chars().find(invisible) {
        check.find(&text::INVISIBLE, at, format!("U+{:04X} stands in the {what} {}", u32::from(c), quoted(content)));
    }
}

/// Notes where letters came out broken: what is left of one encoding that was read as another.
pub(super) fn broken(check: &mut Check, content: &str, at: usize) {
    if content.is_ascii() || check.garbled {
        return;
    }
    let mut last = ' ';
    for (offset, c) in content.char_indices() {
        let pair = matches!((last, c), ('Ã' | 'Â', '\u{80}'..='\u{BF}') | ('â', '€'));
        if pair || matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFD}') {
            let from = content.get(..offset).map_or(0, |before| before.char_indices().rev().nth(15).map_or(0, |(at, _)| at));
            let around: String = content.get(from..).unwrap_or_default().chars().take(30).collect();
            return check.find(&text::MOJIBAKE, at, format!("letters came out broken in {}", quoted(&around)));
        }
        last = c;
    }
}

/// A reference of HTML that is left after XML has resolved its own.
fn reference(content: &str) -> Option<&str> {
    content.match_indices('&').find_map(|(at, _)| {
        let rest = content.get(at..)?;
        let end = rest.find(';').filter(|end| (3..=10).contains(end))?;
        let name = rest.get(1..end)?;
        let digits = name.strip_prefix('#');
        let is_reference = match digits {
            Some(digits) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit() || b == b'x'),
            None => name.bytes().all(|b| b.is_ascii_alphanumeric()) && name.starts_with(|c: char| c.is_ascii_alphabetic()),
        };
        is_reference.then(|| rest.get(..=end)).flatten()
    })
}
