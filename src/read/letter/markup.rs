//! The HTML of a letter as a tree that knows its lines, and what is wrong with how it is tagged.
//!
//! The tokenizer is html5ever's. The tree takes tags as they are written: an element ends where its end tag stands, and one
//! that misses its end tag, or an end tag that closes nothing, is a slip, although a browser would put up with it: mail
//! clients cut letters up and set the pieces into pages of their own. [`rebuilt`] compares the tree with a browser's.

mod conditional;
mod rebuilt;

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

pub(super) use conditional::word_view;
pub(super) use rebuilt::first_difference;

/// Elements that are open at once at most; letters stay below 40.
const DEEPEST: usize = 250;
/// Elements and texts of a letter at most: a letter that is not clipped holds a tenth.
const MOST_NODES: usize = 100_000;
/// Bytes of an element's text from which no more is added to it: no heading and no link has as many.
const LONGEST_TEXT: usize = 4_000;
/// Signs in a tag that may divide attributes: parsers compare each attribute of a tag with all others.
const MOST_DIVIDERS: usize = 600;

/// An element or a piece of text.
#[derive(Debug)]
pub(super) struct Node {
    pub parent: Option<usize>,
    pub line: usize,
    /// The node behind the last one in it.
    pub end: usize,
    pub kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    Element { name: String, attributes: Vec<(String, String)> },
    Text(String),
}

impl Node {
    /// The name of an element in lower case; empty for text.
    pub(super) fn name(&self) -> &str {
        match &self.kind {
            Kind::Element { name, .. } => name,
            Kind::Text(_) => "",
        }
    }

    pub(super) fn attributes(&self) -> &[(String, String)] {
        match &self.kind {
            Kind::Element { attributes, .. } => attributes,
            Kind::Text(_) => &[],
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The text of a piece of text.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Element { .. } => None,
            Kind::Text(text) => Some(text),
        }
    }
}

/// Something wrong with the tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// An element whose end tag is missing.
    Unclosed(String),
    /// An end tag of an element that is not open.
    ClosesNothing(String),
    /// `<div/>`, which opens an element all the same.
    ClosedItself(String),
    /// What the tokenizer stumbled over.
    Syntax(String),
    TooComplex,
}

/// The tree.
#[derive(Debug, Default)]
pub(super) struct Markup {
    /// In the order of the text; a node's descendants follow it directly.
    pub nodes: Vec<Node>,
    pub slips: Vec<(usize, Slip)>,
    pub has_doctype: bool,
}

impl Markup {
    pub(super) fn parse(html: &str) -> Self {
        if is_too_complex(html) {
            return Self { slips: vec![(1, Slip::TooComplex)], ..Self::default() };
        }
        let sink = Sink(RefCell::new(Builder::default()));
        let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from_slice(html));
        // The sink never asks for a script to be run, so all of the text is read at once.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner().finish()
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(|(_, node)| matches!(node.kind, Kind::Element { .. }))
    }

    pub(super) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (usize, &'a Node)> {
        self.elements().filter(move |(_, node)| node.name() == name)
    }

    /// What is in a node, in the order of the text.
    pub(super) fn within(&self, at: usize) -> impl Iterator<Item = (usize, &Node)> {
        let end = self.nodes.get(at).map_or(0, |node| node.end);
        self.nodes.iter().enumerate().take(end).skip(at + 1)
    }

    /// The elements that a node stands in, from the inside out.
    pub(super) fn above(&self, at: usize) -> impl Iterator<Item = (usize, &Node)> {
        let mut next = self.nodes.get(at).and_then(|node| node.parent);
        std::iter::from_fn(move || {
            let at = next?;
            let node = self.nodes.get(at)?;
            next = node.parent;
            Some((at, node))
        })
    }

    /// The beginning of the text in an element, white space folded; what pictures say in the place of themselves belongs to it.
    pub(super) fn text_of(&self, at: usize) -> String {
        let mut out = String::new();
        for (_, node) in self.within(at) {
            if out.len() > LONGEST_TEXT {
                break;
            }
            match node.name() {
                "" => out.push_str(node.text().unwrap_or_default()),
                "img" => {
                    out.push(' ');
                    out.push_str(node.attribute("alt").unwrap_or_default());
                    out.push(' ');
                }
                "br" | "p" | "td" | "li" | "div" => out.push(' '),
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Whether a tag could keep the tokenizer busy: each `<` begins one that ends at the next `>`, or later.
fn is_too_complex(html: &str) -> bool {
    let mut dividers = 0;
    let mut in_tag = false;
    for byte in html.bytes() {
        match byte {
            b'<' if !in_tag => (in_tag, dividers) = (true, 0),
            b'>' => in_tag = false,
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'"' | b'\'' | b'/' if in_tag => dividers += 1,
            _ => {}
        }
        if dividers > MOST_DIVIDERS {
            return true;
        }
    }
    false
}

/// Elements without content (HTML standard, section 13.1.2).
pub(super) fn is_void(name: &str) -> bool {
    const VOID: [&str; 13] =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    VOID.contains(&name)
}

struct Sink(RefCell<Builder>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        self.0.borrow_mut().take(token, usize::try_from(line).unwrap_or(usize::MAX))
    }
}

#[derive(Default)]
struct Builder {
    markup: Markup,
    open: Vec<usize>,
    /// How many elements of a name are open.
    count: HashMap<String, usize>,
    /// Whether something was left out.
    is_cut: bool,
}

impl Builder {
    fn take(&mut self, token: Token, line: usize) -> TokenSinkResult<()> {
        match token {
            Token::DoctypeToken(doctype) => self.markup.has_doctype = doctype.name.is_some_and(|name| &*name == "html"),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return self.start(tag, line),
            Token::TagToken(tag) => self.end(&tag.name, line),
            Token::CharacterTokens(text) => self.text(&text, line),
            Token::NullCharacterToken => self.slip(line, Slip::Syntax("a NUL character".to_owned())),
            Token::ParseError(error) => self.slip(line, Slip::Syntax(error.into_owned())),
            Token::CommentToken(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }

    fn slip(&mut self, line: usize, slip: Slip) {
        if self.markup.slips.len() < MOST_NODES {
            self.markup.slips.push((line, slip));
        }
    }

    fn push(&mut self, kind: Kind, line: usize) -> Option<usize> {
        let at = self.markup.nodes.len();
        if at >= MOST_NODES {
            self.too_complex(line);
            return None;
        }
        let parent = self.open.last().copied();
        self.markup.nodes.push(Node { parent, line, end: at + 1, kind });
        Some(at)
    }

    fn too_complex(&mut self, line: usize) {
        if !std::mem::replace(&mut self.is_cut, true) {
            self.markup.slips.push((line, Slip::TooComplex));
        }
    }

    fn start(&mut self, tag: Tag, line: usize) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        let attributes =
            tag.attrs.into_iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string())).collect();
        let raw = match name.as_str() {
            "style" | "xmp" | "noembed" | "noframes" | "iframe" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            "script" => Some(RawKind::ScriptData),
            _ => None,
        };
        // Names with a colon are those of Office, which are XML.
        let is_closed = is_void(&name) || (tag.self_closing && name.contains(':'));
        if tag.self_closing && !is_closed {
            self.slip(line, Slip::ClosedItself(name.clone()));
        }
        if self.open.len() >= DEEPEST {
            self.too_complex(line);
        } else if let Some(at) = self.push(Kind::Element { name: name.clone(), attributes }, line)
            && !is_closed
        {
            *self.count.entry(name).or_default() += 1;
            self.open.push(at);
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn end(&mut self, name: &str, line: usize) {
        if self.count.get(name).is_none_or(|count| *count == 0) {
            self.slip(line, Slip::ClosesNothing(name.to_owned()));
            return;
        }
        while let Some((closed, line)) = self.close() {
            if closed == name {
                return;
            }
            self.slip(line, Slip::Unclosed(closed));
        }
    }

    /// Closes the innermost element: its name and line.
    fn close(&mut self) -> Option<(String, usize)> {
        let at = self.open.pop()?;
        let end = self.markup.nodes.len();
        let node = self.markup.nodes.get_mut(at)?;
        node.end = end;
        let (name, line) = (node.name().to_owned(), node.line);
        if let Some(count) = self.count.get_mut(&name) {
            *count = count.saturating_sub(1);
        }
        Some((name, line))
    }

    fn text(&mut self, text: &str, line: usize) {
        // A piece of text is told with the line on which it ends.
        let line = line.saturating_sub(text.matches('\n').count()).max(1);
        let last = self.markup.nodes.len().checked_sub(1);
        let parent = self.open.last().copied();
        if let Some(node) = last.and_then(|last| self.markup.nodes.get_mut(last))
            && node.parent == parent
            && let Kind::Text(known) = &mut node.kind
        {
            known.push_str(text);
            return;
        }
        self.push(Kind::Text(text.to_owned()), line);
    }

    fn finish(mut self) -> Markup {
        while let Some((name, line)) = self.close() {
            self.slip(line, Slip::Unclosed(name));
        }
        self.markup
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slips(html: &str) -> Vec<(usize, Slip)> {
        Markup::parse(html).slips
    }

    #[test]
    fn nodes_know_their_lines_and_what_is_in_them() {
        let markup = Markup::parse("<!doctype html>\n<p\nclass=a>x &amp;\ny<b>z</b>\n<img alt='q'></p>\nw");
        assert!(markup.has_doctype && markup.slips.is_empty());
        let (at, p) = markup.named("p").next().unwrap();
        assert_eq!((p.line, p.attribute("class"), markup.text_of(at).as_str()), (3, Some("a"), "x & yz q"));
        let (at, b) = markup.named("b").next().unwrap();
        assert_eq!((b.line, markup.above(at).map(|(_, node)| node.name()).collect::<Vec<_>>()), (4, vec!["p"]));
        let texts: Vec<_> = markup.nodes.iter().filter_map(|node| Some((node.line, node.text()?))).collect();
        assert_eq!(texts, [(1, "\n"), (3, "x &\ny"), (4, "z"), (4, "\n"), (5, "\nw")]);
    }

    #[test]
    fn what_is_not_closed_is_a_slip() {
        assert_eq!(slips("<table><tr>\n<td>a</tr></table>"), [(2, Slip::Unclosed("td".to_owned()))]);
        assert_eq!(slips("<p>a</p>\n</td>"), [(2, Slip::ClosesNothing("td".to_owned()))]);
        assert_eq!(slips("<div/>a</div>"), [(1, Slip::ClosedItself("div".to_owned()))]);
        assert_eq!(slips("a\n<b>"), [(2, Slip::Unclosed("b".to_owned()))]);
        assert_eq!(slips("<br><br/><img src=a><style><p></style><title><p></title><o:a/>"), []);
        assert!(matches!(slips("<p a=1 a=2></p>")[..], [(1, Slip::Syntax(_))]));
    }

    #[test]
    fn what_would_take_long_is_left_out() {
        let wide = (0..10_000).map(|number| format!(" a{number}=''")).collect::<Vec<_>>().concat();
        assert_eq!(slips(&format!("<p{wide}>")), [(1, Slip::TooComplex)]);
        assert!(slips(&"<i>".repeat(10_000)).contains(&(1, Slip::TooComplex)));
        assert!(slips(&"<i></i>".repeat(200_000)).contains(&(1, Slip::TooComplex)));
    }
}
