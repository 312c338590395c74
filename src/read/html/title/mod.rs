//! The title: the heading that agrees with what the page calls itself.

mod heading;

use dom_query::{Document, NodeId, NodeRef};

use self::heading::Heading;
use super::dom;
use super::metadata::Metadata;
use crate::domain::{Line, fold};
use crate::read::words;

#[derive(Debug, Default)]
pub(super) struct Title {
    pub text: Option<Line>,
    /// Where it stands on the page.
    pub heading: Option<NodeId>,
    /// All headings that say it, in any of the page's wordings.
    pub said: Vec<NodeId>,
}

/// The title of a page.
pub(super) fn find(document: &Document, data: &Metadata) -> Title {
    let candidates = Candidates::gather(document, data);
    let Some(Found { text, heading }) = candidates.choose() else { return Title::default() };
    let said = candidates.said();
    if let Some(heading) = heading.or_else(|| candidates.place_of(&text)) {
        return Title { text: Some(text), heading: Some(heading), said };
    }
    let shown = printed(document, &text).map(|found| (found.text, found.heading));
    let (text, heading) = shown.unwrap_or((text, None));
    Title { text: Some(text), heading, said }
}

struct Found {
    text: Line,
    heading: Option<NodeId>,
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

/// The headings of a page, and what it is called elsewhere.
struct Candidates {
    headings: Vec<Heading>,
    /// In the words of `og:title`.
    shared: Option<Named>,
    /// In the words of the headline of the data.
    headline: Option<Named>,
    /// In `<title>` and elsewhere, best first.
    others: Vec<Named>,
    /// Whether another title than the headline and `og:title` is given.
    titled: bool,
}

impl Candidates {
    fn gather(document: &Document, data: &Metadata) -> Self {
        let headings = heading::all(document);
        let window = dom::first(document, "title").and_then(|title| Line::new(&title.text()));
        let given: Vec<String> =
            data.shared.iter().chain(&data.headline).chain(&data.titles).map(|line| words::key(line.as_str())).collect();
        let is_title = |key: &str| {
            !key.is_empty() && (given.iter().any(|given| given == key) || headings.iter().any(|heading| heading.says(key)))
        };
        let named = |line: &Line| Named::new(without_site(line, &data.sites, is_title));
        Self {
            shared: data.shared.as_ref().map(named),
            headline: data.headline.as_ref().map(named),
            others: data.titles.iter().chain(&window).map(named).collect(),
            titled: !data.titles.is_empty(),
            headings,
        }
    }

    /// The heading that `og:title` or the headline of the data repeats; else the words that these two share; else the heading
    /// that anything else confirms; else what the page is called, without the name of the site.
    fn choose(&self) -> Option<Found> {
        let [shared, headline] = [self.shared.as_ref(), self.headline.as_ref()];
        shared
            .and_then(|shared| Some(Self::repeated(shared, self.shown(shared)?)))
            .or_else(|| headline.and_then(|headline| Some(self.confirmed(headline, self.shown(headline)?))))
            .or_else(|| shared.filter(|shared| headline.is_some_and(|headline| headline.key == shared.key)).map(unplaced))
            .or_else(|| self.others.iter().find_map(|named| Some(self.confirmed(named, self.shown(named)?))))
            .or_else(|| self.alike(false).map(|heading| self.worded(heading)))
            .or_else(|| self.alike(true).map(as_it_stands))
            .or_else(|| self.all().next().map(unplaced))
            .or_else(|| self.headings.iter().find(|heading| heading.first).map(as_it_stands))
    }

    fn all(&self) -> impl Iterator<Item = &Named> {
        self.shared.iter().chain(&self.headline).chain(&self.others)
    }

    /// The heading that says a title, and is shown.
    fn shown(&self, named: &Named) -> Option<&Heading> {
        self.headings.iter().find(|heading| !heading.crumb && heading.says(&named.key))
    }

    /// The first heading that is like one of the titles. Another heading than `<h1>` is the title only where that is a
    /// breadcrumb's.
    fn alike(&self, crumb: bool) -> Option<&Heading> {
        let crumbs = self.headings.iter().any(|heading| heading.crumb);
        let could = |heading: &&Heading| heading.crumb == crumb && (heading.first || crumbs);
        self.headings.iter().filter(could).find(|heading| self.all().any(|named| agree(&heading.key, &named.key)))
    }

    /// A heading that a title repeats. The title has the words where the heading holds a kicker, too, and where it has parts:
    /// what sets them apart on the page may be their looks only.
    fn repeated(named: &Named, heading: &Heading) -> Found {
        let text = if heading.key == named.key && !heading.apart { &heading.text } else { &named.line };
        Found { text: text.clone(), heading: Some(heading.id) }
    }

    /// The same where the title may lack what the heading says.
    fn confirmed(&self, named: &Named, heading: &Heading) -> Found {
        if heading.key == named.key && heading.apart { Self::repeated(named, heading) } else { self.worded(heading) }
    }

    /// A heading, without its kicker: `Water: A river rises` has one where the page is called `A river rises` elsewhere.
    fn worded(&self, heading: &Heading) -> Found {
        let begins = |named: &&Named| {
            named.key.contains(' ') && heading.key.strip_suffix(named.key.as_str()).is_some_and(|kicker| kicker.ends_with(' '))
        };
        let headline = self.headline.as_ref().filter(|_| !self.titled);
        let bare = self.shared.iter().chain(headline).find(begins);
        bare.map_or_else(|| as_it_stands(heading), |named| Found { text: named.line.clone(), heading: Some(heading.id) })
    }

    /// Where a title stands: a heading that holds a kicker, too, is its place, though not its text.
    fn place_of(&self, title: &Line) -> Option<NodeId> {
        let key = words::key(title.as_str());
        let holds = |heading: &&Heading| !heading.crumb && heading.whole.contains(&key);
        self.headings.iter().find(holds).or_else(|| self.alike(false)).map(|heading| heading.id)
    }

    fn said(&self) -> Vec<NodeId> {
        let says = |heading: &&Heading| self.all().any(|named| heading.says(&named.key));
        self.headings.iter().filter(says).map(|heading| heading.id).collect()
    }
}

fn as_it_stands(heading: &Heading) -> Found {
    Found { text: heading.text.clone(), heading: Some(heading.id) }
}

fn unplaced(named: &Named) -> Found {
    Found { text: named.line.clone(), heading: None }
}

/// The element that shows the title though it is no heading, and the title as it is shown: without ` - Section`.
fn printed(document: &Document, title: &Line) -> Option<Found> {
    let key = words::key(title.as_str());
    let body = document.body()?;
    body.descendants_it().filter(NodeRef::is_nonempty_text).find_map(|run| {
        let text = run.text();
        if text.len() > title.as_str().len() * 2 || words::initial(&text) != key.chars().next() {
            return None;
        }
        let own = words::key(&text);
        let section = || {
            let rest = title.as_str().strip_prefix(fold(&text).as_str());
            own.len() * 3 > key.len() * 2 && rest.is_some_and(|rest| rest.trim_start().starts_with(['-', '–', '|', '·', ':']))
        };
        let parent = run.parent()?.id;
        let line = (own.contains(' ') && (own == key || section())).then(|| Line::new(&text)).flatten();
        line.map(|text| Found { text, heading: Some(parent) })
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
    // No longer title is worth the time that a comparison takes.
    within || (long.len() < 400 && words::are_alike(short, long, 0.7))
}

/// Places where a title may be cut; a title has a few.
const MAX_CUTS: usize = 50;

/// A title without ` | Site`: what follows a divider goes where it is a name of the site, or what is left is a title elsewhere.
fn without_site(line: &Line, sites: &[String], is_title: impl Fn(&str) -> bool) -> Line {
    let text = line.as_str();
    let solid = |key: &str| key.replace(' ', "");
    let dividers = ["|", " - ", " – ", " — ", " · ", " » ", " :: ", "ㅣ", " : ", "-"];
    let cuts = || dividers.iter().flat_map(|divider| text.match_indices(divider)).take(MAX_CUTS);
    let parts = || cuts().filter_map(|(at, divider)| Some((text.get(..at)?, text.get(at + divider.len()..)?)));
    let titled = parts().map(|(head, _)| head).find(|head| is_title(&words::key(head)));
    let of_site = |tail: &str| {
        let tail = solid(&words::key(tail));
        sites.iter().any(|site| solid(site) == tail)
    };
    let named = || parts().find(|(_, tail)| of_site(tail)).map(|(head, _)| head);
    titled.or_else(named).and_then(Line::new).unwrap_or_else(|| line.clone())
}

#[cfg(test)]
mod tests;
