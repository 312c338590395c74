//! What stands between the title and the text: the standfirst is there, whatever the page calls it.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::dom;
use crate::domain::Line;
use crate::read::{byline, dates, words};

/// The lines between the title and the second paragraph of the text, in order.
#[derive(Debug)]
pub(super) struct Opening {
    rows: Vec<Row>,
    /// Whether the title is known to stand above them.
    titled: bool,
}

/// The text of one element, or of the entries of one list.
#[derive(Debug)]
struct Row {
    id: NodeId,
    text: String,
    /// The element around it that is called a standfirst.
    called: Option<NodeId>,
    /// Whether it is of the text that was found.
    kept: bool,
    /// Whether it is a heading below the title's.
    heading: bool,
    /// Whether all of it is a link.
    linked: bool,
}

/// Words of the shortest standfirst that is called so.
const FEWEST: usize = 4;
/// Words of the shortest sentence that is taken for one by its place alone.
const FEWEST_UNCALLED: usize = 8;
/// Words of the longest.
const LONGEST: usize = 160;
/// Runs of text that are looked at.
const REACH: usize = 150;
/// Words that make a run of text prose.
const PROSE: usize = 20;
/// Elements around a line whose names are asked.
const AROUND: usize = 10;
/// Elements around a line that may be called a standfirst.
const CLOSE: usize = 4;

impl Opening {
    /// `title` is the key of the title, `heading` the element that holds it; without one the page is looked at from its top.
    pub fn find(document: &Document, heading: Option<NodeId>, kept: &HashSet<NodeId>, title: &str, authors: &[Line]) -> Self {
        let Some(body) = document.body() else { return Self { rows: Vec::new(), titled: false } };
        let within: HashSet<NodeId> = heading
            .and_then(|heading| document.tree.get(&heading))
            .map(|heading| heading.descendants_it().map(|node| node.id).collect())
            .unwrap_or_default();
        let mut rows: Vec<Row> = Vec::new();
        let mut prose = 0;
        let runs = body.descendants_it().filter(NodeRef::is_nonempty_text);
        for run in runs.filter(|run| heading.is_none_or(|heading| run.id > heading) && !within.contains(&run.id)).take(REACH) {
            let is_kept = kept.contains(&run.id);
            let Some(holder) = dom::paragraph(&run) else { continue };
            prose += usize::from(is_kept && words::measure(&run.text()) >= PROSE);
            if prose > 1 {
                break;
            }
            let holder = holder.parent().filter(|_| holder.has_name("li")).unwrap_or(holder);
            let linked = is_linked(&run);
            match rows.iter_mut().rev().take(3).find(|row| row.id == holder.id) {
                Some(row) => {
                    row.text.push(' ');
                    row.text.push_str(&run.text());
                    row.kept |= is_kept;
                    row.linked &= linked;
                }
                None => rows.extend(row(&holder, heading, run.text().to_string(), is_kept, linked)),
            }
        }
        rows.retain(|row| {
            let key = words::key(&row.text);
            let dated =
                words::measure(&row.text) <= PROSE && dates::find(&row.text, None).is_some() && !words::ends_sentence(&row.text);
            (title.is_empty() || !key.contains(title)) && !dated && !byline::is_byline(row.text.trim(), authors)
        });
        Self { rows, titled: heading.is_some() }
    }

    /// The text of the first element that is called a standfirst.
    pub fn called(&self) -> Option<Line> {
        let mut groups = self.rows.iter().filter(|row| self.titled && !row.linked).filter_map(|row| row.called);
        groups.find_map(|called| self.join(|row| row.called == Some(called), FEWEST))
    }

    /// The line before the text that says what the description of the page says (`description` is its key).
    pub fn like(&self, description: &str) -> Option<Line> {
        let told: HashSet<&str> = description.split(' ').collect();
        let alike = |row: &&Row| {
            let key = words::key(&row.text);
            let said: HashSet<&str> = key.split(' ').collect();
            said.len() >= FEWEST_UNCALLED && said.intersection(&told).count() * 2 > said.len()
        };
        let row = self.before().find(alike)?;
        self.join(|other| other.id == row.id, FEWEST)
    }

    /// The sentence of at least some words, or the subtitle, that stands before the text.
    pub fn placed(&self, fewest: usize) -> Option<Line> {
        let whole = |row: &&Row| {
            let count = words::measure(&row.text);
            count >= fewest && ((count >= FEWEST_UNCALLED && words::ends_sentence(&row.text)) || row.heading)
        };
        let row = self.before().filter(|_| self.titled).find(whole)?;
        self.join(|other| other.id == row.id, FEWEST)
    }

    fn before(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().take_while(|row| !row.kept).filter(|row| !row.linked)
    }

    fn join(&self, of: impl Fn(&Row) -> bool, fewest: usize) -> Option<Line> {
        let texts: Vec<&str> = self.rows.iter().filter(|row| of(row)).map(|row| row.text.trim()).collect();
        let text = texts.join(" ");
        (fewest..=LONGEST).contains(&words::measure(&text)).then(|| Line::new(&text)).flatten()
    }
}

/// A line, unless it stands in something beside the article.
fn row(holder: &NodeRef, heading: Option<NodeId>, text: String, kept: bool, linked: bool) -> Option<Row> {
    let mut called = None;
    let mut around = Some(*holder);
    for at in 0..AROUND {
        let Some(node) = around.filter(|node| heading.is_none_or(|heading| node.id > heading)) else { break };
        if OUTSIDE.iter().any(|name| node.has_name(name)) || dom::is_called(&node, &BESIDE) {
            return None;
        }
        if at < CLOSE && is_standfirst(&node) {
            called = Some(node.id);
        }
        around = node.parent();
    }
    let heading = ["h2", "h3", "h4"].iter().any(|name| holder.has_name(name));
    Some(Row { id: holder.id, text, called, kept, heading, linked })
}

/// Whether a run of text stands in a link.
fn is_linked(run: &NodeRef) -> bool {
    let mut around = run.parent();
    for _ in 0..CLOSE {
        let Some(node) = around else { return false };
        if node.has_name("a") {
            return true;
        }
        around = node.parent();
    }
    false
}

const OUTSIDE: [&str; 11] =
    ["figure", "figcaption", "nav", "aside", "form", "button", "footer", "table", "label", "select", "noscript"];

/// What is called so beside an article.
const BESIDE: [&str; 26] = [
    "caption",
    "credit",
    "byline",
    "author",
    "copyright",
    "cookie",
    "consent",
    "breadcrumb",
    "comment",
    "player",
    "newsletter",
    "related",
    "recommend",
    "teaser",
    "promo",
    "advert",
    "social",
    "share",
    "paywall",
    "subscri",
    "toolbar",
    "gallery",
    "modal",
    "popup",
    "tooltip",
    "banner",
];

/// Whether an element is called a standfirst, by its class, id, item property or test id.
fn is_standfirst(node: &NodeRef) -> bool {
    dom::any_value(node, &["class", "id", "itemprop", "data-testid", "data-component"], |value| {
        value.len() <= 400 && value.split_whitespace().any(names_standfirst)
    })
}

/// `article__lead`, `storyIntro`, `entry-sub-title`; not `leading-5`.
fn names_standfirst(name: &str) -> bool {
    let mut small = false;
    let mut spaced = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        if small && c.is_uppercase() {
            spaced.push(' ');
        }
        small = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    let parts: Vec<&str> = spaced.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty()).collect();
    parts.iter().any(|part| WORDS.contains(part))
        || parts.windows(2).any(|pair| matches!(pair, ["sub", "title" | "headline" | "heading" | "head"]))
}

/// What desks call it, in the words of several languages, as style sheets spell them.
#[rustfmt::skip]
const WORDS: [&str; 46] = [
    "standfirst", "lead", "lede", "leadtext", "leadin", "intro", "introduction", "dek", "deck", "subtitle", "subheadline",
    "subhead", "subheading", "subheader", "subline", "summary", "excerpt", "description", "abstract", "strapline", "preamble", "chapo",
    "chapeau", "accroche", "vorspann", "einleitung", "anleser", "unterzeile", "untertitel", "ingress", "underrubrik",
    "manchet", "sapo", "entradilla", "bajada", "copete", "sumario", "sottotitolo", "sommario", "zajawka", "perex", "spot",
    "resumo", "inleiding", "standfirsts", "leadparagraph",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        for name in ["article__lead", "storyIntro", "entry-sub-title", "lead", "Ingress", "ContentHeaderDek-ab12"] {
            assert!(names_standfirst(name), "{name}");
        }
        for name in ["leading-5", "leader", "introspection", "", "text-lg", "kicker", "title"] {
            assert!(!names_standfirst(name), "{name}");
        }
    }

    const TEXT: &str = "<p>The river rose in the night, and the village, which had seen it before, carried sand until the morning \
        came, and then it slept. Nobody counted the sacks, says the teacher, but there were many.</p>";

    #[track_caller]
    fn case(head: &str, lead: &str) {
        use crate::domain::Format;
        use crate::read::{Page, extract};
        let text = format!(
            "<h1>A river rises</h1><div>{head}</div><article>{TEXT}{TEXT}<p>The gauge was dry by noon, and so was he.</p></article>"
        );
        let draft = extract(&Page { origin: "-".to_owned(), url: None, format: Format::Html, text });
        assert_eq!(draft.summary.as_ref().map_or("", Line::as_str), lead, "{head}");
    }

    #[test]
    fn it_stands_between_title_and_text() {
        case("<p class=article__lead>Sand until the morning</p>", "Sand until the morning");
        case("<ul class=intro><li>Sand was carried</li><li>Nobody slept</li></ul>", "Sand was carried Nobody slept");
        case("<h2>How a village carried sand until morning</h2>", "How a village carried sand until morning");
        case(
            "<p>By Ada Lum</p><p>How a village carried sand until the morning came.</p>",
            "How a village carried sand until the morning came.",
        );
        case("<figure><p class=lead>How a village carried sand.</p></figure>", "");
        case("<p class=lead><a href=/b>How another village carried sand.</a></p>", "");
    }
}
