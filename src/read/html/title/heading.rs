//! The headings of a page that could be its title.

use dom_query::{Document, NodeId, NodeRef};

use crate::domain::Line;
use crate::read::html::dom;
use crate::read::words;

pub(super) struct Heading {
    pub id: NodeId,
    /// Its text without its kicker and without what is only for screen readers.
    pub text: Line,
    pub key: String,
    /// The key of all that stands in it.
    pub whole: String,
    /// Whether it has parts: the first may be a kicker that is not marked as one.
    pub apart: bool,
    /// Whether it is an `<h1>`.
    pub first: bool,
    /// Whether it is the last entry of a breadcrumb: set for search engines, while readers see another heading as the title.
    pub crumb: bool,
}

impl Heading {
    /// Whether it reads as a key does ([`words::key`]), with or without a kicker.
    pub fn says(&self, key: &str) -> bool {
        let kicked = || {
            let kicker = self.whole.strip_suffix(key).and_then(|kicker| kicker.strip_suffix(' '));
            self.apart && key.contains(' ') && kicker.is_some_and(|kicker| kicker.split(' ').count() <= LONGEST_KICKER)
        };
        !key.is_empty() && (self.key == key || self.whole == key || kicked())
    }
}

/// Words of the longest kicker.
const LONGEST_KICKER: usize = 8;

/// Headings that are looked at; the title is among the first.
const MAX_HEADINGS: usize = 200;

/// The headings that could be the title: `<h1>` before the others.
pub(super) fn all(document: &Document) -> Vec<Heading> {
    let first = dom::named(document, "h1").into_iter().map(|node| (node, true));
    let others = dom::within(&document.root(), &["h2", "h3"]).into_iter().map(|node| (node, false));
    let heading = |(node, first): (NodeRef, bool)| {
        let runs: Vec<String> = node.descendants_it().filter(NodeRef::is_nonempty_text).map(|run| dom::text(&run)).collect();
        let whole = runs.join(" ");
        let mut own = String::new();
        said(&node, &mut own);
        let text = Line::new(&own).or_else(|| Line::new(&whole))?;
        let crumb = first && is_crumb(&node);
        Some(Heading {
            id: node.id,
            key: words::key(text.as_str()),
            text,
            whole: words::key(&whole),
            apart: runs.len() > 1,
            first,
            crumb,
        })
    };
    first.chain(others).take(MAX_HEADINGS).filter_map(heading).collect()
}

/// What the line above a headline is called in style sheets, in the words of several languages.
const KICKERS: [&str; 14] = [
    "kicker",
    "overline",
    "topline",
    "catchline",
    "roofline",
    "dachzeile",
    "spitzmarke",
    "eyebrow",
    "surtitre",
    "antetitulo",
    "cintillo",
    "volanta",
    "occhiello",
    "supertitle",
];

/// What is called so is read out, but not shown.
const UNSEEN: [&str; 4] = ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader"];

/// The text of a heading without those parts.
fn said(node: &NodeRef, out: &mut String) {
    for child in node.children_it(false) {
        let hidden = || {
            dom::is_called(&child, &KICKERS)
                || dom::is_called(&child, &UNSEEN)
                || dom::attr(&child, "aria-hidden").as_deref() == Some("true")
        };
        if child.is_text() {
            out.push_str(&child.text());
        } else if child.has_name("br") {
            out.push(' ');
        } else if child.is_element() && !hidden() {
            said(&child, out);
        }
    }
}

/// Whether a heading stands in a list or in what is called a breadcrumb.
fn is_crumb(node: &NodeRef) -> bool {
    let mut around = node.parent();
    for _ in 0..4 {
        let Some(parent) = around else { return false };
        if parent.has_name("li") || parent.has_name("nav") || dom::is_called(&parent, &["breadcrumb"]) {
            return true;
        }
        around = parent.parent();
    }
    dom::is_called(node, &["breadcrumb"])
}
