//! HTML in the texts of items: what readers take out, what is dangerous where they do not, and what leads nowhere.

use roxmltree::Node;

use super::Check;
use super::rules::html;
use super::tags::{Tag, resolved, tags};
use crate::domain::quoted;

/// Elements that readers take out.
const TAKEN_OUT: [&str; 16] = [
    "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "button", "textarea", "select", "style", "link",
    "meta", "base", "portal",
];
/// Attributes that hold an address.
const ADDRESSES: [&str; 8] = ["href", "src", "poster", "cite", "longdesc", "action", "data", "background"];

/// Checks the HTML that an element holds as escaped text, or in CDATA.
pub(super) fn in_text(check: &mut Check, node: Node, is_based: bool) {
    let content = super::text_of(node);
    if content.contains('<') {
        let place = Place::of(node, &content);
        markup(check, &content, place, is_based);
    }
}

/// Checks XHTML that an element holds as elements.
pub(super) fn in_elements(check: &mut Check, node: Node, is_based: bool) {
    let source = node.document().input_text();
    let range = node.first_element_child().map_or(node.range(), |first| first.range());
    let content = source.get(range.clone()).unwrap_or_default();
    markup(check, content, Place::Here { from: range.start }, is_based);
}

/// Checks a text that stands at a byte of the feed by its beginning alone, as those of JSON do.
pub(super) fn at(check: &mut Check, content: &str, at: usize) {
    markup(check, content, Place::There { at }, false);
}

/// Where a byte of a content stands in the feed.
enum Place<'a> {
    /// As it is written: so many bytes from here.
    Here { from: usize },
    /// Written with escapes: on the line that is as far from here. Walked to from tag to tag.
    Lines { source: &'a str, at: usize, content: &'a str, seen: usize },
    /// Somewhere behind this.
    There { at: usize },
}

impl<'a> Place<'a> {
    fn of(node: Node<'a, '_>, content: &'a str) -> Self {
        let source = node.document().input_text();
        let range = node.range();
        let written = source.get(range.clone()).unwrap_or_default();
        if let Some(found) = written.find(content) {
            return Self::Here { from: range.start + found };
        }
        let start = written.find('>').map_or(0, |end| end + 1);
        Self::Lines { source, at: range.start + start, content, seen: 0 }
    }

    fn of_byte(&mut self, offset: usize) -> usize {
        match self {
            Self::Here { from } => *from + offset,
            Self::There { at } => *at,
            Self::Lines { source, at, content, seen } => {
                let lines = memchr::memchr_iter(b'\n', content.as_bytes().get(*seen..offset).unwrap_or_default()).count();
                *seen = offset.max(*seen);
                for _ in 0..lines {
                    let rest = source.as_bytes().get(*at..).unwrap_or_default();
                    *at += memchr::memchr(b'\n', rest).map_or(0, |found| found + 1);
                }
                *at
            }
        }
    }
}

fn markup(check: &mut Check, content: &str, mut place: Place, is_based: bool) {
    for tag in tags(content) {
        let at = place.of_byte(tag.at);
        if tag.is("script") {
            check.find(&html::SCRIPT, at, "there is a `<script>`");
        } else if TAKEN_OUT.iter().any(|name| tag.is(name)) {
            check.find(&html::EMBED, at, format!("there is a `<{}>`", tag.name));
        }
        for (name, value) in tag.attributes() {
            attribute(check, &tag, name, value, at, is_based);
        }
        if tag.is("img") {
            picture(check, &tag, at);
        }
    }
}

fn attribute(check: &mut Check, tag: &Tag, name: &str, value: &str, at: usize, is_based: bool) {
    let is_handler = name.len() > 4
        && name.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("on"))
        && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_handler {
        check.find(&html::HANDLER, at, format!("`<{}>` has {}", tag.name, quoted(name)));
    } else if name.eq_ignore_ascii_case("style") {
        check.find(&html::STYLE, at, format!("`<{}>` has a style", tag.name));
    } else if name.eq_ignore_ascii_case("srcset") {
        for candidate in value.split(", ").filter_map(|candidate| candidate.split_whitespace().next()) {
            address(check, tag, candidate, at, is_based);
        }
    } else if ADDRESSES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        address(check, tag, value, at, is_based);
    }
}

fn address(check: &mut Check, tag: &Tag, value: &str, at: usize, is_based: bool) {
    // Browsers see through white space and control characters in a scheme.
    let meant: String = resolved(value).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let scheme = meant.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    };
    match scheme.as_deref().filter(|scheme| is_scheme(scheme)) {
        Some("javascript" | "vbscript") => {
            check.find(&html::SCRIPT_URL, at, format!("`<{}>` leads to {}", tag.name, quoted(&meant)));
        }
        Some("data") if tag.is("img") => {
            check.find(&html::DATA, at, format!("a picture of {} bytes is written into the text", value.len()));
        }
        Some(_) => {}
        None if is_based || meant.is_empty() => {}
        None => check.find(&html::RELATIVE, at, format!("`<{}>` leads to {}", tag.name, quoted(value))),
    }
}

fn picture(check: &mut Check, tag: &Tag, at: usize) {
    let value = |wanted: &str| tag.attributes().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value);
    if value("alt").is_none() {
        check.find(&html::ALT, at, format!("the picture {} has no `alt`", quoted(value("src").unwrap_or_default())));
    }
    let is_lazy = ["data-src", "data-lazy-src", "data-original"].iter().any(|name| value(name).is_some());
    if is_lazy && value("src").is_none_or(|src| src.trim().is_empty() || src.starts_with("data:")) {
        check.find(&html::LAZY, at, "a picture has `data-src` in the place of `src`");
    }
}
