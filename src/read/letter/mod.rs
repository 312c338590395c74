//! Checking the parts of a letter: HTML and text in, findings out. Any text: what is no letter has many findings.
//!
//! It holds the parts to what mail clients are known to do: Word's engine in classic Outlook, Gmail, Yahoo, Apple Mail and
//! the rest, by day and by night; to what a screen reader needs; to each other; and to the promise not to track. Pure: nothing
//! is fetched. Takes time linear in the size of the letter.

mod contrast;
mod css;
mod document;
mod links;
mod markup;
mod md5;
mod parity;
mod pictures;
mod plain;
mod privacy;
mod rules;
mod style;
mod tables;

#[cfg(test)]
mod tests;

use crate::domain::{Findings, LetterPart, Rule};
use css::{Declaration, Sheet};
use markup::Markup;
use privacy::Traces;

pub use rules::all as rules;

/// The parts of a letter, and what is known of it besides.
#[derive(Clone, Copy, Debug, Default)]
pub struct Letter<'a> {
    /// The HTML part, decoded.
    pub html: Option<&'a str>,
    /// The text part, decoded.
    pub text: Option<&'a str>,
    /// Whether both parts ought to be there: of a page by itself there is only one.
    pub is_whole: bool,
    pub subject: Option<&'a str>,
    /// Whom it is addressed to.
    pub reader: Option<&'a Reader>,
    /// The ways out that the headers name.
    pub ways_out: &'a [String],
    /// The ids of the pictures that travel inside; nothing where that cannot be known.
    pub attached: Option<&'a [String]>,
    /// Bytes of the HTML part as it is mailed; nothing where it is not.
    pub encoded: Option<usize>,
}

/// Somebody that a letter is addressed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub name: Option<String>,
    pub address: String,
}

/// Checks the parts of a letter.
pub fn check(letter: &Letter, findings: &mut Findings) {
    let mut check = Check { letter: *letter, findings, traces: letter.reader.and_then(Traces::of) };
    let markup = letter.html.map(|html| {
        let markup = Markup::parse(html);
        check.size(html);
        document::check(&mut check, html, &markup);
        let styles = Styles::of(&markup);
        style::check(&mut check, &markup, &styles);
        contrast::check(&mut check, &markup, &styles);
        contrast::buttons(&mut check, &markup);
        tables::check(&mut check, &markup);
        pictures::check(&mut check, &markup);
        links::check(&mut check, &markup);
        markup
    });
    if let Some(text) = letter.text {
        plain::check(&mut check, text);
    }
    match (&markup, letter.text) {
        (Some(markup), Some(text)) => parity::check(&mut check, markup, text),
        (Some(_), None) if letter.is_whole => check.message(&rules::text::MISSING, "there is no text part"),
        (None, Some(_)) if letter.is_whole => check.message(&rules::document::NO_HTML, "there is no HTML part"),
        (None, None) => check.message(&rules::text::MISSING, "there is neither a text part nor an HTML part"),
        _ => {}
    }
}

/// A check that is under way.
struct Check<'a> {
    letter: Letter<'a>,
    findings: &'a mut Findings,
    /// What the reader could be known by.
    traces: Option<Traces>,
}

/// Bytes from which Gmail clips a letter, near enough, and from which one is close to it.
const CLIPPED: usize = 100_000;
const LARGE: usize = 80_000;

impl Check<'_> {
    fn html(&mut self, rule: &'static Rule, line: usize, what: impl Into<String>) {
        self.findings.add(LetterPart::Html, line, rule, what);
    }

    fn text(&mut self, rule: &'static Rule, line: usize, what: impl Into<String>) {
        self.findings.add(LetterPart::Text, line, rule, what);
    }

    fn message(&mut self, rule: &'static Rule, what: impl Into<String>) {
        self.findings.add(LetterPart::Message, 1, rule, what);
    }

    fn size(&mut self, html: &str) {
        let bytes = self.letter.encoded.unwrap_or(html.len());
        let rule = match bytes {
            0..=LARGE => return,
            _ if bytes <= CLIPPED => &rules::document::LARGE,
            _ => &rules::document::CLIPPED,
        };
        self.html(rule, 1, format!("the HTML part has {bytes} bytes as it is mailed"));
    }
}

/// All styles of a letter.
#[derive(Debug)]
struct Styles {
    /// Each style sheet with the place of its element.
    sheets: Vec<(usize, Sheet)>,
}

impl Styles {
    fn of(markup: &Markup) -> Self {
        let sheet = |(at, _): (usize, _)| {
            let (_, node) = markup.within(at).next()?;
            Some((at, Sheet::parse(node.text()?, node.line)))
        };
        Self { sheets: markup.named("style").filter_map(sheet).collect() }
    }
}

/// The declarations of an element's `style` attribute.
fn inline(node: &markup::Node) -> Vec<Declaration> {
    css::declarations(node.attribute("style").unwrap_or_default(), node.line)
}
