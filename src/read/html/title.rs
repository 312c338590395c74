//! The title: the heading that agrees with what the page calls itself.

use dom_query::{Document, NodeId};

use super::dom;
use super::metadata::Metadata;
use crate::domain::Line;

#[derive(Debug)]
pub(super) struct Title {
    pub text: Option<Line>,
    /// Where it stands on the page.
    pub heading: Option<NodeId>,
}

/// The `<h1>` that `og:title`, the headline or `<title>` confirms; else one of these, without the name of the site.
pub(super) fn find(document: &Document, data: &Metadata) -> Title {
    let window = dom::first(document, "title").and_then(|title| Line::new(&title.text()));
    let witnesses: Vec<String> = data.titles.iter().chain(&window).map(|line| dom::key(line.as_str())).collect();
    let headings: Vec<(NodeId, Line)> =
        dom::all(document, "h1").iter().filter_map(|node| Some((node.id, Line::new(&node.text())?))).collect();
    let confirmed = headings.iter().find_map(|(id, line)| {
        let key = dom::key(line.as_str());
        witnesses.iter().any(|witness| agree(&key, witness)).then(|| (*id, line.clone()))
    });
    if let Some((id, line)) = confirmed {
        return Title { text: Some(line), heading: Some(id) };
    }
    // A heading that holds a kicker, too, does not agree with its whole text.
    let site = |line: &Line| without_site(line, &headings);
    let named = data.titles.first().map(site).or_else(|| window.as_ref().map(site));
    let around = named.as_ref().and_then(|line| {
        let key = dom::key(line.as_str());
        headings.iter().find(|(_, heading)| dom::key(heading.as_str()).contains(&key))
    });
    let heading = around.map(|(id, _)| *id);
    let only = || headings.first().map(|(_, line)| line.clone());
    Title { text: named.or_else(only), heading }
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

/// A title without ` | Site`: cut at the last divider where what is left is still long, or is a heading.
fn without_site(line: &Line, headings: &[(NodeId, Line)]) -> Line {
    let text = line.as_str();
    let dividers = [" | ", " - ", " – ", " — ", " · ", " » ", " :: "];
    let cuts = dividers.iter().filter_map(|divider| text.rfind(divider));
    let head = cuts.filter_map(|at| text.get(..at)).find(|head| {
        let key = dom::key(head);
        let rest = text.len() - head.len();
        headings.iter().any(|(_, heading)| dom::key(heading.as_str()) == key)
            || (head.split(' ').count() >= 4 && rest < 40 && rest < head.len())
    });
    head.and_then(Line::new).unwrap_or_else(|| line.clone())
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
        case("<title>A river rises in the north - The Bank</title>", "A river rises in the north");
        case("<title>Home</title>", "Home");
        case("<h1>Only this</h1>", "Only this");
        case("<p>none", "");
    }
}
