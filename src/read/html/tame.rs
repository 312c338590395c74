//! Markup made harmless on its way to the tree.
//!
//! HTML parsers are quadratic in the depth of open elements, in the attributes of a tag, and where many formatting
//! elements are left open; a page can be written so that a megabyte takes hours. So the markup is split into tags and text
//! here, in one pass, and the tree builder of html5ever gets what is read of it: no comments, no scripts but those that hold
//! data, no attributes but those that are asked for ([`attributes`]), white space folded. Tags beyond the limits are left
//! out; their text stays.

mod elements;
mod references;

use std::borrow::Cow;

use dom_query::Document;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, ns};

use self::elements::{closes_paragraph, has_optional_end, is_formatting, is_void};
use self::references::resolved;
use super::attributes;

/// Open elements at once. What a browser nests on real pages stays below 100; the rest is left for tags never closed.
const MAX_OPEN: usize = 1000;
/// Formatting elements open at once: each is opened anew in every block that follows.
const MAX_FORMATTING: usize = 32;
/// Steps of work that the tags and signs of a page may cause in the parser. A long real page takes a fifth.
const BUDGET: usize = 2_000_000;
/// Steps that an element takes at least: its node is made, copied and asked about many times.
const ELEMENT: usize = 8;
/// Steps that a sign takes which the parser reads by itself: `&`, and `<` that begins no tag. Beyond the budget they are dropped.
const SIGN: usize = 2;
/// Characters of the longest name of a tag.
const LONGEST_NAME: usize = 64;
/// Bytes of the longest attribute that is kept; what is longer is a picture written into the page.
const MAX_VALUE: usize = 64 * 1024;

/// The tree of a page, as described above.
pub(super) fn parse(markup: &str) -> Document {
    // Without scripts: what stands in `<noscript>` is markup.
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let builder = TreeBuilder::new(Document::default(), options);
    feed(markup, &builder);
    builder.sink
}

/// Hands the page to a sink, token by token.
fn feed(markup: &str, sink: &impl TokenSink) {
    let text = String::new();
    let mut tamer = Tamer { rest: markup, sink, text, open: Vec::new(), formatting: 0, preformatted: 0, spent: 0 };
    tamer.send(Token::DoctypeToken(Doctype { name: Some("html".into()), ..Doctype::default() }));
    tamer.run();
    tamer.send(Token::EOFToken);
    sink.end();
}

struct Tamer<'a, S> {
    rest: &'a str,
    sink: &'a S,
    /// Text that is not yet sent.
    text: String,
    /// Elements that may be open: each that is open in the parser, and some that it has closed by itself.
    open: Vec<Cow<'a, str>>,
    formatting: usize,
    preformatted: usize,
    spent: usize,
}

impl<'a, S: TokenSink> Tamer<'a, S> {
    fn run(&mut self) {
        while let Some(at) = self.rest.find('<') {
            let text = self.take(at);
            self.text(text);
            let after = self.rest.get(1..).unwrap_or_default();
            match after.as_bytes() {
                [b'a'..=b'z' | b'A'..=b'Z', ..] => self.start_tag(),
                [b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => self.end_tag(),
                [b'!', b'-', b'-', ..] => self.comment(),
                [b'!' | b'?' | b'/', ..] => self.skip_past(">"),
                _ => {
                    self.take(1);
                    self.spent += SIGN;
                    if self.spent <= BUDGET {
                        self.text.push('<');
                    }
                }
            }
        }
        let text = self.take(self.rest.len());
        self.text(text);
        self.send_text();
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (head, tail) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = tail;
        head
    }

    fn skip_past(&mut self, end: &str) {
        let at = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.take(at);
    }

    /// `<!-->` and `<!--->` are whole comments (HTML standard, section 13.2.5.43).
    fn comment(&mut self) {
        self.take(4);
        match self.rest.as_bytes() {
            [b'>', ..] => drop(self.take(1)),
            [b'-', b'>', ..] => drop(self.take(2)),
            _ => self.skip_past("-->"),
        }
    }

    fn text(&mut self, text: &str) {
        self.spent += SIGN * text.bytes().filter(|byte| *byte == b'&').count();
        if self.spent > BUDGET {
            self.text.push_str(&text.replace(['\0', '&'], ""));
        // A parser would drop NUL or turn it into U+FFFD, depending on where it stands.
        } else if text.contains('\0') {
            self.text.push_str(&text.replace('\0', ""));
        } else if self.preformatted > 0 {
            self.text.push_str(text);
        } else {
            self.folded(text);
        }
    }

    /// Text with each run of white space as one space: parsers take a line break for a piece of text of its own.
    fn folded(&mut self, text: &str) {
        let is_space = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
        let mut gap = is_space(text.as_bytes().first());
        for word in text.split_ascii_whitespace() {
            if gap {
                self.text.push(' ');
            }
            self.text.push_str(word);
            gap = true;
        }
        if is_space(text.as_bytes().last()) {
            self.text.push(' ');
        }
    }

    /// A start tag, from its `<`; with its content where that is no markup.
    fn start_tag(&mut self) {
        self.take(1);
        let name = self.name();
        let mut attributes: Vec<(&'static str, &'a str)> = Vec::new();
        let closed_itself = self.attributes(&mut attributes);
        self.spent += 1;
        match name.as_ref() {
            "script" => {
                let content = self.raw_content(&name);
                let data = attributes.iter().any(|(key, value)| *key == "type" && value.to_ascii_lowercase().contains("ld+json"));
                if data {
                    self.start(&name, &[("type", "application/ld+json")]);
                    self.send(Token::CharacterTokens(StrTendril::from_slice(content)));
                    self.end(&name);
                }
            }
            "style" | "xmp" | "noembed" | "noframes" => drop(self.raw_content(&name)),
            "title" | "textarea" | "iframe" => {
                let content = self.raw_content(&name);
                if self.spent <= BUDGET {
                    self.start(&name, &attributes);
                    if name != "iframe" {
                        self.text.push_str(content);
                    }
                    self.end(&name);
                }
            }
            "plaintext" | "frameset" | "frame" => {}
            _ => self.element(name, &attributes, closed_itself),
        }
    }

    fn element(&mut self, name: Cow<'a, str>, attributes: &[(&str, &str)], closed_itself: bool) {
        self.close_implied(&name);
        self.spent += ELEMENT + self.formatting + self.open.len() / 8;
        let full = self.open.len() >= MAX_OPEN || (is_formatting(&name) && self.formatting >= MAX_FORMATTING);
        if full || self.spent > BUDGET {
            return;
        }
        self.start(&name, attributes);
        if is_void(&name) {
            return;
        }
        if closed_itself && (self.is_open("svg") || self.is_open("math")) {
            self.end(&name);
            return;
        }
        self.formatting += usize::from(is_formatting(&name));
        self.preformatted += usize::from(name == "pre");
        self.open.push(name);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let attribute = |(key, value): &(&str, &str)| Attribute {
            name: QualName::new(None, ns!(), LocalName::from(*key)),
            value: StrTendril::from_slice(&resolved(value, true)),
        };
        self.tag(TagKind::StartTag, name, attributes.iter().map(attribute).collect());
    }

    fn end(&mut self, name: &str) {
        self.tag(TagKind::EndTag, name, Vec::new());
    }

    fn tag(&mut self, kind: TagKind, name: &str, attrs: Vec<Attribute>) {
        self.send_text();
        let name = LocalName::from(name);
        self.send(Token::TagToken(Tag { kind, name, self_closing: false, attrs, had_duplicate_attributes: false }));
    }

    fn send_text(&mut self) {
        if !self.text.is_empty() {
            self.send(Token::CharacterTokens(StrTendril::from_slice(&resolved(&self.text, false))));
            self.text.clear();
        }
    }

    /// What the sink answers is for a tokenizer: where the content of an element is no markup is known here.
    fn send(&self, token: Token) {
        drop(self.sink.process_token(token, 1));
    }

    /// An end tag is passed on if it can close something. It is taken to close an element only where the parser is sure
    /// to close it as well: with nothing above it, or only what has optional end tags.
    fn end_tag(&mut self) {
        self.take(2);
        let name = self.name();
        self.attributes(&mut Vec::new());
        if name == "br" {
            // The one end tag that parsers take for a start tag.
            if self.spent <= BUDGET {
                self.start("br", &[]);
            }
            return;
        }
        self.spent += 1 + self.open.len() / 8;
        if self.spent > BUDGET || !self.is_open(&name) {
            return;
        }
        self.end(&name);
        let above = self.open.iter().rev().take_while(|open| **open != name && has_optional_end(open)).count();
        let at = self.open.len().saturating_sub(above + 1);
        if self.open.get(at) == Some(&name) {
            self.close_to(at);
        }
    }

    fn is_open(&self, name: &str) -> bool {
        self.open.iter().rev().any(|open| open == name)
    }

    /// Start tags that end the element before them, as in the HTML standard, section 13.1.2.4.
    fn close_implied(&mut self, name: &str) {
        let siblings: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "option" | "optgroup" => &["option"],
            "td" | "th" => &["td", "th"],
            "tr" => &["td", "th", "tr"],
            "tbody" | "thead" | "tfoot" => &["td", "th", "tr", "tbody", "thead", "tfoot"],
            _ => &[],
        };
        if self.top() == Some("p") && closes_paragraph(name) {
            self.close_to(self.open.len() - 1);
        }
        while self.top().is_some_and(|top| siblings.contains(&top)) {
            self.close_to(self.open.len() - 1);
        }
    }

    fn top(&self) -> Option<&str> {
        self.open.last().map(AsRef::as_ref)
    }

    fn close_to(&mut self, length: usize) {
        for name in self.open.drain(length.min(self.open.len())..) {
            self.formatting -= usize::from(is_formatting(&name));
            self.preformatted -= usize::from(name == "pre");
        }
    }

    /// The name of a tag in lower case; characters that no known name has are replaced, so that it ends where it ended here.
    fn name(&mut self) -> Cow<'a, str> {
        let name = self.take_until(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b':');
        if name.len() <= LONGEST_NAME && name.bytes().all(plain) {
            return Cow::Borrowed(name);
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | ':') { c.to_ascii_lowercase() } else { '_' };
        Cow::Owned(name.chars().take(LONGEST_NAME).map(plain).collect())
    }

    /// Takes what stands before the first of some ASCII characters.
    fn take_until(&mut self, ends: impl Fn(u8) -> bool) -> &'a str {
        self.take(self.rest.bytes().position(ends).unwrap_or(self.rest.len()))
    }

    /// Reads up to and with the `>`; true where `/` stands before it.
    fn attributes(&mut self, into: &mut Vec<(&'static str, &'a str)>) -> bool {
        let mut slash = false;
        loop {
            self.rest = self.rest.trim_ascii_start();
            match self.rest.as_bytes().first() {
                None => return slash,
                Some(b'>') => {
                    self.take(1);
                    return slash;
                }
                Some(b'/') => {
                    self.take(1);
                    slash = true;
                    continue;
                }
                Some(_) => slash = false,
            }
            // An `=` in front belongs to the name (HTML standard, section 13.2.5.32), which is none that is read.
            let odd = self.rest.starts_with('=');
            self.rest = self.rest.strip_prefix('=').unwrap_or(self.rest);
            let key = self.take_until(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'='));
            let value = self.value();
            // The first of a name counts.
            if value.len() <= MAX_VALUE
                && let (false, Some(key)) = (odd, attributes::known(key))
                && into.iter().all(|(name, _)| *name != key)
            {
                into.push((key, value));
            }
        }
    }

    fn value(&mut self) -> &'a str {
        let Some(after) = self.rest.trim_ascii_start().strip_prefix('=') else { return "" };
        self.rest = after.trim_ascii_start();
        let quote = match self.rest.as_bytes().first() {
            Some(b'"') => '"',
            Some(b'\'') => '\'',
            _ => return self.take_until(|byte| byte.is_ascii_whitespace() || byte == b'>'),
        };
        self.take(1);
        let end = self.rest.find(quote).unwrap_or(self.rest.len());
        let value = self.take(end);
        self.take(1);
        value
    }

    /// What stands before the end tag of an element whose content is no markup, and past that tag.
    fn raw_content(&mut self, name: &str) -> &'a str {
        let rest = self.rest;
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|tail| tail.find('<')).map(|at| from + at) {
            from = at + 1;
            let Some(tail) = rest.get(from..).and_then(|tail| tail.strip_prefix('/')) else { continue };
            let found = tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
            let ends = tail.as_bytes().get(name.len()).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
            if found && ends {
                let content = self.take(at);
                self.skip_past(">");
                return content;
            }
        }
        self.take(rest.len())
    }
}

#[cfg(test)]
mod tests;
