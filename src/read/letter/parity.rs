//! Whether the two parts say the same: readers of the one are to miss nothing of the other.

use std::collections::{BTreeMap, HashSet};

use super::links::{is_leaving, unescaped};
use super::markup::{Markup, Node};
use super::{Check, css, inline, plain, rules};
use crate::domain::quoted;

/// Words and headings that are looked for in all of the other part, since they are not among its words.
const MOST_LOOKED_FOR: usize = 500;

pub(super) fn check(check: &mut Check, markup: &Markup, text: &str) {
    let shown = shown(markup);
    links(check, markup, &shown, text);
    let words = Words::of(text);
    let own = Words::of(&shown.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join(" "));
    headings(check, markup, &words);
    said(check, &shown, &words);
    said_in_text(check, text, &own);
    let (html, text) = (own.count, words.count);
    if html > 0 && text * 2 < html {
        check.text(&rules::text::SHORT, 1, format!("it has {text} words, and the HTML part {html}"));
    }
}

/// Whether two texts are the same but for case, spaces and signs.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    letters(one) == letters(other)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a text, and how many there are.
struct Words {
    all: HashSet<String>,
    /// All letters and digits in their order: a word may be broken at the end of a line.
    run: String,
    count: usize,
}

impl Words {
    fn of(text: &str) -> Self {
        let all: Vec<String> = split(text).map(str::to_lowercase).collect();
        Self { count: all.len(), run: letters(text), all: all.into_iter().collect() }
    }

    fn has(&self, word: &str) -> bool {
        self.all.contains(&word.to_lowercase())
    }

    /// Whether a word that is none of the text's is there in pieces, or as a piece. Numbers are whole.
    fn runs_on(&self, word: &str) -> bool {
        !word.chars().all(char::is_numeric) && self.run.contains(&letters(word))
    }
}

/// The words of a text that are no addresses.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .filter(|word| !word.contains("://") && !word.contains('@'))
        .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

/// The texts of the HTML part that are seen, with their lines.
fn shown(markup: &Markup) -> Vec<(usize, String)> {
    let mut hidden_until = 0;
    let mut out = Vec::new();
    for (at, node) in markup.nodes.iter().enumerate() {
        if at < hidden_until {
            continue;
        }
        if is_hidden(node) {
            hidden_until = node.end;
        } else if let Some(text) = node.text().or(if node.name() == "img" { node.attribute("alt") } else { None }) {
            out.push((node.line, text.to_owned()));
        }
    }
    out
}

fn is_hidden(node: &Node) -> bool {
    matches!(node.name(), "head" | "style" | "script" | "title")
        || node.attribute("style").is_some_and(|_| css::value(&inline(node), "display").is_some_and(|display| display == "none"))
}

/// Every address of one part has to be in the other; pictures are no links, and what is spelt out is there, too.
fn links(check: &mut Check, markup: &Markup, shown: &[(usize, String)], text: &str) {
    let spelt: HashSet<String> =
        shown.iter().flat_map(|(_, text)| plain::addresses(text)).map(|url| unescaped(bare(url))).collect();
    let mut of_html: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (_, node) in markup.named("a") {
        let Some(href) = node.attribute("href").map(str::trim).filter(|href| href.starts_with("http")) else { continue };
        of_html.entry(unescaped(href)).or_insert((node.line, href.to_owned()));
    }
    let mut of_text: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        for url in plain::addresses(line) {
            let key = if of_html.contains_key(&unescaped(url)) { url } else { bare(url) };
            of_text.entry(unescaped(key)).or_insert((at + 1, url.to_owned()));
        }
    }
    for (key, (line, url)) in &of_html {
        if !of_text.contains_key(key) && !of_text.contains_key(key.trim_end_matches('/')) {
            check.html(&rules::parity::LINK, *line, format!("{} is not in the text part", quoted(url)));
        }
    }
    for (key, (line, url)) in &of_text {
        if !of_html.contains_key(key) && !of_html.contains_key(&format!("{key}/")) && !spelt.contains(key) {
            check.text(&rules::parity::LINK, *line, format!("{} is not in the HTML part", quoted(url)));
        }
    }
}

/// An address without the punctuation behind it.
fn bare(url: &str) -> &str {
    url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')'])
}

fn headings(check: &mut Check, markup: &Markup, words: &Words) {
    for (at, node) in
        markup.elements().filter(|(_, node)| matches!(node.name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6")).take(MOST_LOOKED_FOR)
    {
        let heading = markup.text_of(at);
        if !words.run.contains(&letters(&heading)) {
            check.html(&rules::parity::HEADING, node.line, format!("the heading {} is not in the text part", quoted(&heading)));
        }
    }
}

/// Numbers and names of the HTML part that the text part does not have.
fn said(check: &mut Check, shown: &[(usize, String)], words: &Words) {
    let mut told = HashSet::new();
    for (line, text) in shown {
        for (at, word) in split(text).enumerate().filter(|(_, word)| !words.has(word)) {
            let Some(rule) = kind(word, at == 0) else { continue };
            if told.len() < MOST_LOOKED_FOR && told.insert(word.to_lowercase()) && !words.runs_on(word) {
                check.html(rule, *line, format!("{} is not in the text part", quoted(word)));
            }
        }
    }
}

/// Numbers and names of the text part that the HTML part does not have.
fn said_in_text(check: &mut Check, text: &str, own: &Words) {
    let mut told = HashSet::new();
    for (at, line) in text.lines().enumerate() {
        // Lines in capitals are headings, where every word looks like a name, and ways out are worded by themselves.
        if is_leaving(line) || !line.chars().any(char::is_lowercase) {
            continue;
        }
        for (place, word) in split(line).enumerate().filter(|(_, word)| !own.has(word)) {
            // The numbers of a list are not written in HTML.
            let is_marker = place == 0 && line.trim_start().strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', ')']));
            let Some(rule) = kind(word, place == 0).filter(|_| !is_marker) else { continue };
            if told.len() < MOST_LOOKED_FOR && told.insert(word.to_lowercase()) && !own.runs_on(word) {
                check.text(rule, at + 1, format!("{} is not in the HTML part", quoted(word)));
            }
        }
    }
}

/// A number, or what may be a name: it begins with a capital, and not because a sentence or a label begins with it.
fn kind(word: &str, is_first: bool) -> Option<&'static crate::domain::Rule> {
    if word.chars().all(char::is_numeric) {
        return Some(&rules::parity::NUMBER);
    }
    let is_name = !is_first && word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 3;
    is_name.then_some(&rules::parity::NAME)
}
