//! The title: the heading that agrees with what the page calls itself.

use dom_query::{Document, NodeId, NodeRef};

use super::dom;
use super::metadata::Metadata;
use crate::domain::{Line, fold};
use crate::read::words;

#[derive(Debug)]
pub(super) struct Title {
    pub text: Option<Line>,
    /// Where it stands on the page.
    pub heading: Option<NodeId>,
    /// All headings that say it, in any of the page's wordings.
    pub said: Vec<NodeId>,
}

/// The heading that `og:title` or the headline of the data repeats; else the words that these two share; else the heading
/// that anything else confirms; else what the page is called, without the name of the site.
pub(super) fn find(document: &Document, data: &Metadata) -> Title {
    let headings = headings(document);
    let window = dom::first(document, "title").and_then(|title| Line::new(&title.text()));
    let clean = |line: &Line| without_site(line, &data.sites, &headings);
    let shared = data.shared.as_ref().map(clean).map(Named::new);
    let headline = data.headline.as_ref().map(clean).map(Named::new);
    let others: Vec<Named> = data.titles.iter().chain(&window).map(clean).map(Named::new).collect();
    let all = || shared.iter().chain(&headline).chain(&others);

    let shown = |named: &Named| headings.iter().find(|heading| !heading.crumb && heading.says(&named.key));
    let alike = |crumb: bool| {
        let fitting = |heading: &&Heading| heading.crumb == crumb && all().any(|named| agree(&heading.key, &named.key));
        // Another heading than `<h1>` is the title only where that is a breadcrumb's.
        let crumbs = headings.iter().any(|heading| heading.crumb);
        headings.iter().filter(|heading| heading.first || crumbs).find(fitting)
    };
    // `Water: A river rises`, where the page is called `A river rises` elsewhere, begins with its kicker.
    let bare = |heading: &Heading| {
        let begins = |named: &&Named| {
            named.key.contains(' ') && heading.key.strip_suffix(named.key.as_str()).is_some_and(|kicker| kicker.ends_with(' '))
        };
        shared.iter().chain(data.titles.is_empty().then_some(&headline).into_iter().flatten()).find(begins)
    };
    let by_heading =
        |heading: &Heading| (bare(heading).map_or_else(|| heading.text.clone(), |named| named.line.clone()), heading.id);
    let equal = |named: &Named| {
        shown(named).map(|heading| {
            let text = if heading.key == named.key { &heading.text } else { &named.line };
            (text.clone(), heading.id)
        })
    };
    let both = || shared.as_ref().filter(|shared| headline.as_ref().is_some_and(|headline| headline.key == shared.key));
    let found = shared
        .as_ref()
        .and_then(equal)
        .or_else(|| headline.as_ref().and_then(shown).map(by_heading))
        .map(|(text, id)| (text, Some(id)))
        .or_else(|| both().map(|named| (named.line.clone(), None)))
        .or_else(|| others.iter().find_map(shown).map(by_heading).map(|(text, id)| (text, Some(id))))
        .or_else(|| alike(false).map(by_heading).map(|(text, id)| (text, Some(id))))
        .or_else(|| alike(true).map(|heading| (heading.text.clone(), Some(heading.id))))
        .or_else(|| all().next().map(|named| (named.line.clone(), None)))
        .or_else(|| headings.iter().find(|heading| heading.first).map(|heading| (heading.text.clone(), Some(heading.id))));
    let Some((text, heading)) = found else { return Title { text: None, heading: None, said: Vec::new() } };
    // A heading that holds a kicker, too, is the title's place, though not its text.
    let place = || {
        let key = words::key(text.as_str());
        headings
            .iter()
            .find(|heading| !heading.crumb && heading.whole.contains(&key))
            .or_else(|| alike(false))
            .map(|heading| heading.id)
    };
    let heading = heading.or_else(place);
    let said = headings.iter().filter(|heading| all().any(|named| heading.says(&named.key))).map(|heading| heading.id).collect();
    match (heading, heading.is_none().then(|| printed(document, &text)).flatten()) {
        (None, Some((line, id))) => Title { text: Some(line), heading: Some(id), said },
        (heading, _) => Title { text: Some(text), heading, said },
    }
}

/// What the page is called somewhere.
struct Named {
    line: Line,
    key: String,
}

impl Named {
    fn new(line: Line) -> Self {
        Self { key: words::key(line.as_str()), line }
    }
}

struct Heading {
    id: NodeId,
    /// Its text without its kicker and without what is only for screen readers.
    text: Line,
    key: String,
    /// The key of all that stands in it.
    whole: String,
    /// Whether it has parts: the first may be a kicker that is not marked as one.
    apart: bool,
    /// Whether it is an `<h1>`.
    first: bool,
    /// Whether it is the last entry of a breadcrumb: set for search engines, while readers see another heading as the title.
    crumb: bool,
}

impl Heading {
    fn says(&self, key: &str) -> bool {
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
fn headings(document: &Document) -> Vec<Heading> {
    let first = dom::all(document, "h1").into_iter().map(|node| (node, true));
    let others = dom::all(document, "h2, h3").into_iter().map(|node| (node, false));
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

/// The element that shows the title though it is no heading, and the title as it is shown: without ` - Section`.
fn printed(document: &Document, title: &Line) -> Option<(Line, NodeId)> {
    let key = words::key(title.as_str());
    let body = document.body()?;
    body.descendants_it().filter(NodeRef::is_nonempty_text).find_map(|run| {
        let text = run.text();
        if text.len() > title.as_str().len() * 2 {
            return None;
        }
        let own = words::key(&text);
        let section = || {
            let rest = title.as_str().strip_prefix(fold(&text).as_str());
            own.len() * 3 > key.len() * 2 && rest.is_some_and(|rest| rest.trim_start().starts_with(['-', '–', '|', '·', ':']))
        };
        let parent = run.parent()?.id;
        (own.contains(' ') && (own == key || section())).then(|| Line::new(&text)).flatten().map(|line| (line, parent))
    })
}

/// Equal, or one within the other and not much longer, or alike but for a few letters.
fn agree(heading: &str, witness: &str) -> bool {
    if heading.is_empty() || witness.is_empty() {
        return false;
    }
    let (short, long) = if heading.len() < witness.len() { (heading, witness) } else { (witness, heading) };
    // The name of the site follows or leads in `<title>`; a heading of one word would be within anything.
    let within = long.contains(short) && short.contains(' ') && short.len() * 2 > long.len();
    within || (long.len() < 400 && strsim::normalized_levenshtein(short, long) > 0.7)
}

/// A title without ` | Site`: what follows a divider goes where it is a name of the site, or what is left is a heading.
fn without_site(line: &Line, sites: &[String], headings: &[Heading]) -> Line {
    let text = line.as_str();
    let solid = |key: &str| key.replace(' ', "");
    let dividers = ["|", " - ", " – ", " — ", " · ", " » ", " :: ", "ㅣ", " : "];
    let cuts = dividers.iter().flat_map(|divider| text.match_indices(divider));
    let head = cuts.filter_map(|(at, divider)| Some((text.get(..at)?, text.get(at + divider.len()..)?))).find(|(head, tail)| {
        let (head, tail) = (words::key(head), solid(&words::key(tail)));
        let site = sites.iter().any(|site| solid(site) == tail);
        !head.is_empty() && (site || headings.iter().any(|heading| heading.says(&head)))
    });
    head.and_then(|(head, _)| Line::new(head)).unwrap_or_else(|| line.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::html::{metadata, tame};

    #[track_caller]
    fn case(markup: &str, title: &str) {
        let document = Document::from(tame::tame(markup));
        let found = find(&document, &metadata::gather(&document, None));
        assert_eq!(found.text.as_ref().map_or("", Line::as_str), title, "{markup}");
    }

    #[test]
    fn the_heading_that_is_confirmed() {
        case("<title>A river rises | The Bank</title><h1>The Bank</h1><h1>A river rises</h1>", "A river rises");
        case("<meta property=og:title content='A river is rising'><h1>A river is rising fast</h1>", "A river is rising fast");
        case(
            "<meta property=og:title content='A river is rising'><h1>Water A river is rising and nobody came to look at it</h1>",
            "A river is rising",
        );
        case("<title>A river - The Bank</title><meta property=og:site_name content='The Bank'>", "A river");
        case(
            "<meta property=og:title content='A river rises'><title>Water: A river rises</title><h1>Water: A river rises</h1>",
            "A river rises",
        );
        case("<meta property=og:title content='A river rises - Water'><p>A river rises</p>", "A river rises");
        case("<title>A river – slow and wide</title>", "A river – slow and wide");
        case("<title>Home</title>", "Home");
        case("<h1>Only this</h1>", "Only this");
        case("<p>none", "");
    }

    #[test]
    fn the_heading_that_readers_see() {
        // The entry of a breadcrumb is written for search engines, with the headline below.
        case(
            "<meta property=og:title content='River: all the facts'><script type=application/ld+json>\
             {\"@type\":\"Article\",\"headline\":\"A river rises again\"}</script>\
             <ol><li><h1>River: all the facts</h1></ol><h2><span class=kicker>Water</span>A river rises again</h2>",
            "A river rises again",
        );
        case(
            "<meta property=og:title content='A river rises'><h1>Water <span class=sr-only>Report:</span>A river rises</h1>",
            "A river rises",
        );
        case("<meta property=og:title content='A river rises'><h1>A river <i aria-hidden=true>*</i>rises</h1>", "A river rises");
        // What the headline of the data and `og:title` share outweighs `<title>`.
        case(
            "<meta property=og:title content='It rises'><script type=application/ld+json>\
             {\"@type\":\"Article\",\"headline\":\"It rises\"}</script><title>River at Kolo today</title><h1>River at Kolo today</h1>",
            "It rises",
        );
        // A kicker in quotes that all but `<title>` hold is part of the title.
        case(
            "<meta property=og:title content='“Enough”: the river rises'><title>The river rises</title><h1>“Enough”: the river rises</h1>",
            "“Enough”: the river rises",
        );
    }
}
