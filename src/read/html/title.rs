//! The title: the heading that agrees with what the page calls itself.

use dom_query::{Document, NodeId};

use super::dom;
use super::metadata::Metadata;
use crate::domain::Line;
use crate::read::words;

#[derive(Debug)]
pub(super) struct Title {
    pub text: Option<Line>,
    /// Where it stands on the page.
    pub heading: Option<NodeId>,
}

/// Headings that are held against what the page calls itself, letter by letter; the title is among the first.
const MOST: usize = 200;

/// Of the headings, `og:title`, the headline of the data and `<title>` those words that two of them use; else the heading
/// that one of them confirms; else what the page is called, without the name of the site.
pub(super) fn find(document: &Document, data: &Metadata) -> Title {
    let headings: Vec<(NodeId, Line)> =
        dom::all(document, "h1").iter().take(MOST).filter_map(|node| Some((node.id, Line::new(&node.text())?))).collect();
    let window = dom::first(document, "title").and_then(|title| Line::new(&title.text()));
    let named: Vec<Line> = data.titles.iter().chain(&window).map(|line| without_site(line, &data.sites, &headings)).collect();
    let keys: Vec<String> = named.iter().map(|line| words::key(line.as_str())).collect();

    let equal = headings.iter().find(|(_, line)| keys.contains(&words::key(line.as_str())));
    let twice = || named.iter().zip(&keys).find(|(_, key)| keys.iter().filter(|other| other == key).count() > 1);
    let alike = || headings.iter().find(|(_, line)| keys.iter().any(|key| agree(&words::key(line.as_str()), key)));
    // `Water: A river rises`, where the page is called `A river rises` elsewhere, begins with its kicker.
    let bare = |line: &Line| {
        let key = words::key(line.as_str());
        let end = |own: &&String| own.contains(' ') && key.strip_suffix(own.as_str()).is_some_and(|kicker| kicker.ends_with(' '));
        keys.iter().position(|own| end(&own)).and_then(|at| named.get(at))
    };
    let text = equal
        .map(|(_, line)| bare(line).unwrap_or(line))
        .or_else(|| twice().map(|(line, _)| line))
        .or_else(|| alike().map(|(_, line)| line))
        .or_else(|| named.first())
        .or_else(|| headings.first().map(|(_, line)| line));
    // A heading that holds a kicker, too, is the title's place, though not its text.
    let place = text.and_then(|text| {
        let key = words::key(text.as_str());
        headings.iter().find(|(_, heading)| words::key(heading.as_str()).contains(&key))
    });
    Title { text: text.cloned(), heading: place.or_else(alike).map(|(id, _)| *id) }
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
fn without_site(line: &Line, sites: &[String], headings: &[(NodeId, Line)]) -> Line {
    let text = line.as_str();
    let solid = |key: &str| key.replace(' ', "");
    let dividers = ["|", " - ", " – ", " — ", " · ", " » ", " :: ", "ㅣ", " : "];
    let cuts = dividers.iter().flat_map(|divider| text.match_indices(divider));
    let head = cuts.filter_map(|(at, divider)| Some((text.get(..at)?, text.get(at + divider.len()..)?))).find(|(head, tail)| {
        let (head, tail) = (words::key(head), solid(&words::key(tail)));
        let site = sites.iter().any(|site| solid(site) == tail);
        !head.is_empty() && (site || headings.iter().any(|(_, heading)| words::key(heading.as_str()) == head))
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
        case("<title>A river – slow and wide</title>", "A river – slow and wide");
        case("<title>Home</title>", "Home");
        case("<h1>Only this</h1>", "Only this");
        case("<p>none", "");
    }
}
