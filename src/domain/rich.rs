use std::fmt;

use super::fold::{fold, is_xml_char};
use super::html::SafeHtml;
use super::{Line, WebUrl};

/// Where a link leads: to a page, or to a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Href {
    Web(WebUrl),
    /// A `mailto:` URL (RFC 6068).
    Mail(String),
}

impl Href {
    /// The target, or `None` where it is neither http(s) nor mailto, or has white space or control characters.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(url) = WebUrl::parse(text) {
            return Some(Self::Web(url));
        }
        let head = text.get(..7)?;
        let address = &text[7..];
        let clean = address.chars().all(|c| is_xml_char(c) && !c.is_whitespace() && !matches!(c, '<' | '>' | '"'));
        (head.eq_ignore_ascii_case("mailto:") && clean && address.contains('@')).then(|| Self::Mail(format!("mailto:{address}")))
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Web(url) => url.as_str(),
            Self::Mail(url) => url,
        }
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A run of text inside a block.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Inline {
    Text(String),
    Break,
    Link { href: Href, text: Vec<Inline> },
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Code(String),
}

/// Running text with links and emphasis: what a paragraph, a list item or a quotation holds.
///
/// Never empty; white space folded over the borders of its inlines; only XML 1.0 characters; depth limited.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rich(Vec<Inline>);

/// How deep emphasis and links may nest. Deeper text is kept, its markup is not.
const MAX_DEPTH: usize = 8;

impl Rich {
    /// The text, or `None` where nothing but white space is left.
    pub fn new(inlines: Vec<Inline>) -> Option<Self> {
        let mut folder = Folder { pending_space: false, started: false };
        let mut folded = folder.fold(inlines, 0);
        while matches!(folded.last(), Some(Inline::Break)) {
            folded.pop();
        }
        has_text(&folded).then_some(Self(folded))
    }

    /// Plain text without markup.
    pub fn text(text: &str) -> Option<Self> {
        Self::new(vec![Inline::Text(text.to_owned())])
    }

    pub fn inlines(&self) -> &[Inline] {
        &self.0
    }

    /// The text alone, a break as a space.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        plain_into(&mut out, &self.0);
        fold(&out)
    }

    /// The text as one line.
    pub fn line(&self) -> Option<Line> {
        Line::new(&self.plain())
    }

    /// The text with its links and emphasis as HTML.
    pub fn html(&self) -> SafeHtml {
        let mut out = SafeHtml::default();
        html_into(&mut out, &self.0);
        out
    }

    /// The links in order: target and text.
    pub fn links(&self) -> Vec<(&Href, String)> {
        let mut out = Vec::new();
        links_into(&mut out, &self.0);
        out
    }
}

/// Folds white space across inlines: one space at most where two meet, none at the ends or beside a break.
struct Folder {
    pending_space: bool,
    started: bool,
}

impl Folder {
    fn fold(&mut self, inlines: Vec<Inline>, depth: usize) -> Vec<Inline> {
        let mut out: Vec<Inline> = Vec::new();
        for inline in inlines {
            let kept = match inline {
                Inline::Text(text) => self.text(&text).map(Inline::Text),
                Inline::Code(text) => {
                    self.owed_space(&text, &mut out);
                    self.text(&text).map(Inline::Code)
                }
                Inline::Break => {
                    self.pending_space = false;
                    let first = !self.started || matches!(out.last(), Some(Inline::Break));
                    self.started = false;
                    (!first).then_some(Inline::Break)
                }
                Inline::Link { text, .. } | Inline::Strong(text) | Inline::Emphasis(text) if depth >= MAX_DEPTH => {
                    let mut flat = String::new();
                    plain_into(&mut flat, &text);
                    self.text(&flat).map(Inline::Text)
                }
                Inline::Link { href, text } => self.nested(text, depth, &mut out).map(|text| Inline::Link { href, text }),
                Inline::Strong(text) => self.nested(text, depth, &mut out).map(Inline::Strong),
                Inline::Emphasis(text) => self.nested(text, depth, &mut out).map(Inline::Emphasis),
            };
            match (kept, out.last_mut()) {
                (Some(Inline::Text(text)), Some(Inline::Text(before))) => before.push_str(&text),
                (Some(kept), _) => out.push(kept),
                (None, _) => {}
            }
        }
        out
    }

    /// Inner runs of an element.
    fn nested(&mut self, inner: Vec<Inline>, depth: usize, out: &mut Vec<Inline>) -> Option<Vec<Inline>> {
        let mut probe = String::new();
        plain_into(&mut probe, &inner);
        self.owed_space(&probe, out);
        let folded = self.fold(inner, depth + 1);
        (!folded.is_empty()).then_some(folded)
    }

    /// Writes a space that is owed before an element outside of it, where a link's underline does not reach.
    fn owed_space(&mut self, probe: &str, out: &mut Vec<Inline>) {
        if probe.starts_with(char::is_whitespace) {
            self.pending_space = true;
        }
        if self.pending_space && self.started && !fold(probe).is_empty() {
            match out.last_mut() {
                Some(Inline::Text(before)) => before.push(' '),
                _ => out.push(Inline::Text(" ".to_owned())),
            }
            self.pending_space = false;
            self.started = false;
        }
    }

    fn text(&mut self, text: &str) -> Option<String> {
        let folded = fold(text);
        if folded.is_empty() {
            self.pending_space |= text.chars().any(char::is_whitespace);
            return None;
        }
        let leading = self.pending_space || text.starts_with(char::is_whitespace);
        self.pending_space = text.ends_with(char::is_whitespace);
        let out = if leading && self.started { format!(" {folded}") } else { folded };
        self.started = true;
        Some(out)
    }
}

/// Whether anything can be read there. After folding no text is empty, and none is white space but between others.
fn has_text(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Text(text) | Inline::Code(text) => text != " ",
        Inline::Break => false,
        Inline::Link { text, .. } | Inline::Strong(text) | Inline::Emphasis(text) => has_text(text),
    })
}

fn plain_into(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Break => out.push(' '),
            Inline::Link { text, .. } | Inline::Strong(text) | Inline::Emphasis(text) => plain_into(out, text),
        }
    }
}

fn html_into(out: &mut SafeHtml, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => out.text(text),
            Inline::Break => out.markup("<br>"),
            Inline::Code(text) => {
                out.markup("<code>");
                out.text(text);
                out.markup("</code>");
            }
            Inline::Link { href, text } => {
                out.markup("<a href=\"");
                out.text(href.as_str());
                out.markup("\">");
                html_into(out, text);
                out.markup("</a>");
            }
            Inline::Strong(text) => {
                out.markup("<strong>");
                html_into(out, text);
                out.markup("</strong>");
            }
            Inline::Emphasis(text) => {
                out.markup("<em>");
                html_into(out, text);
                out.markup("</em>");
            }
        }
    }
}

fn links_into<'a>(out: &mut Vec<(&'a Href, String)>, inlines: &'a [Inline]) {
    for inline in inlines {
        match inline {
            Inline::Link { href, text } => {
                let mut plain = String::new();
                plain_into(&mut plain, text);
                out.push((href, fold(&plain)));
            }
            Inline::Strong(text) | Inline::Emphasis(text) => links_into(out, text),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn link(href: &str, inner: &str) -> Inline {
        Inline::Link { href: Href::parse(href).unwrap(), text: vec![text(inner)] }
    }

    #[track_caller]
    fn case(inlines: Vec<Inline>, html: &str) {
        assert_eq!(Rich::new(inlines).unwrap().html().as_str(), html);
    }

    #[test]
    fn folds_over_the_borders_of_its_runs() {
        case(vec![text(" a \n"), Inline::Strong(vec![text(" b ")]), text(" c")], "a <strong>b</strong> c");
        case(vec![text("a"), Inline::Emphasis(vec![text("b")]), text("c ")], "a<em>b</em>c");
        case(vec![text("a"), link("https://e.org/", " b"), text(".")], "a <a href=\"https://e.org/\">b</a>.");
        case(vec![Inline::Break, text("a "), Inline::Break, Inline::Break, text(" b"), Inline::Break], "a<br>b");
        case(vec![Inline::Strong(vec![text(" ")]), text("x & <y>")], "x &amp; &lt;y&gt;");
        case(vec![text("a"), Inline::Code(" b ".to_owned()), text("c")], "a <code>b</code> c");
        case(vec![Inline::Strong(vec![text("a")]), Inline::Emphasis(vec![text(" b")])], "<strong>a</strong> <em>b</em>");
        assert_eq!(Rich::new(vec![text(" "), Inline::Break]), None);
    }

    #[test]
    fn links_lead_only_to_pages_and_mailboxes() {
        assert_eq!(Href::parse("javascript:alert(1)"), None);
        assert_eq!(Href::parse("mailto:a@b.org\r\nBcc:x"), None);
        assert_eq!(Href::parse("MAILTO:a@b.org").unwrap().as_str(), "mailto:a@b.org");
        let rich = Rich::new(vec![text("see "), link("https://e.org/?a=1&b=2", "it")]).unwrap();
        assert_eq!(rich.html().as_str(), "see <a href=\"https://e.org/?a=1&amp;b=2\">it</a>");
        assert_eq!(rich.links()[0].1, "it");
    }

    #[test]
    fn deep_markup_is_flattened_not_lost() {
        let mut inner = text("deep");
        for _ in 0..40 {
            inner = Inline::Strong(vec![inner]);
        }
        assert_eq!(Rich::new(vec![inner]).unwrap().plain(), "deep");
    }
}
