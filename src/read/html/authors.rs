//! Who wrote the article, where the page says it as data or in elements that are called so.

use dom_query::{Document, NodeRef};

use super::dom;
use super::json_ld::Described;
use super::metadata::Meta;
use crate::domain::Line;
use crate::read::{agencies, byline, words};

/// The names that the page gives as data, or else prints; the name of its own house only where it gives no other.
///
/// A house that signs as the author often only says that its system knows no better.
pub(super) fn find(document: &Document, meta: &Meta, described: &Described, sites: &[String]) -> Vec<Line> {
    let given = |texts: &[String]| {
        let mut found = Vec::new();
        texts.iter().flat_map(|text| byline::given(text)).for_each(|name| byline::add(&mut found, name));
        found
    };
    let mut houses = Vec::new();
    let data = std::iter::once((true, given(&described.authors)));
    for (data, mut names) in data.chain(KEYS.iter().map(|key| (false, given(meta.all(key))))) {
        if !names.iter().all(|name| is_of_house(name, sites)) {
            // "Ada Lum, The Bank Post" in a `<meta>`: the house beside a person says where she works.
            names.retain(|name| data || !is_house(name, sites));
            return names;
        }
        if houses.is_empty() {
            houses = names;
        }
    }
    // Most pages that give no names as data print none either, which one look tells.
    let is_named = |value: &str| ["author", "byline", "autor"].iter().any(|word| value.contains(word));
    let named = document.root().descendants_it().any(|node| dom::any_value(&node, &["class", "itemprop", "rel"], is_named));
    let selectors = BYLINES.iter().filter(|_| named);
    let printed = selectors.map(|selector| printed(document, selector, houses.is_empty())).find(|found| !found.is_empty());
    printed.filter(|names| houses.is_empty() || has_person(names, sites)).unwrap_or(houses)
}

/// Whether a name is the site's own: `sites` are the keys of what it calls itself.
pub(super) fn is_house(name: &Line, sites: &[String]) -> bool {
    let key = words::key(name.as_str());
    sites.iter().any(|site| *site == key || site.replace(' ', "") == key.replace(' ', ""))
}

/// Whether a name is the site's own or begins as that does: `Bank Post staff` of the `Bank Post`. Another source is asked for
/// somebody else, then; where there is none the name stays.
pub(super) fn is_of_house(name: &Line, sites: &[String]) -> bool {
    const SHORTEST: usize = 4;
    let key = words::key(name.as_str());
    let first = key.split(' ').next().filter(|word| word.chars().count() >= SHORTEST);
    is_house(name, sites) || first.is_some_and(|first| sites.iter().any(|site| site.split(' ').next() == Some(first)))
}

/// Whether somebody else than the house or an agency is among some names: an agency that is printed beside a house's own
/// name may be the source of a picture.
pub(super) fn has_person(names: &[Line], sites: &[String]) -> bool {
    names.iter().any(|name| !is_house(name, sites) && !agencies::signs(name.as_str()))
}

/// `<meta>` names that hold authors: HTML, Open Graph, Parse.ly, Sailthru, Dublin Core, and what several systems write.
const KEYS: [&str; 14] = [
    "author",
    "article:author",
    "article:author_name",
    "article:byline",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "articleauthor",
    "cxenseparse:author",
    "authors",
    "byline",
    "byl",
];

/// Where pages print the names, surest first.
const BYLINES: [&str; 7] = [
    "[itemprop=\"author\"] [itemprop=\"name\"]",
    "[itemprop=\"author\"]",
    "[rel=\"author\"]",
    ".byline, .author",
    "[class*=\"byline\"]",
    "[class*=\"author\"]",
    "[class*=\"autor\"]",
];

/// The texts of the first element that looks like the line of names; `trusted` where any name will do, since the page gives
/// no other.
fn printed(document: &Document, selector: &str, trusted: bool) -> Vec<Line> {
    let nodes = dom::all(document, selector);
    // A page with many such elements is a list of teasers or comments.
    if nodes.len() > 12 {
        return Vec::new();
    }
    let texts = nodes.iter().map(|node| {
        let runs = node.descendants_it().filter(NodeRef::is_nonempty_text).map(|run| dom::text(&run));
        runs.filter(|run| run.chars().any(|c| c.is_alphabetic() && !c.is_lowercase())).collect::<Vec<String>>()
    });
    let few = |texts: &Vec<String>| !texts.is_empty() && texts.iter().flat_map(|text| text.split(' ')).count() <= 15;
    let mut found = Vec::new();
    for text in texts.filter(few).take(4).flatten() {
        let names = if trusted {
            byline::given(&text)
        } else if byline::is_only_names(&text) || byline::is_marked(&text) {
            byline::names(&text)
        } else {
            Vec::new()
        };
        for name in names {
            byline::add(&mut found, name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::domain::{Format, Line};
    use crate::read::{Page, extract};

    const TEXT: &str = "<p>The river rose in the night, and the village, which had seen it before, carried sand until the morning \
        came, and then it slept. Nobody counted the sacks, says the teacher, but there were many.</p>";

    #[track_caller]
    fn case(head: &str, authors: &[&str]) {
        let text = format!(
            "<meta property=og:site_name content='Bank Post'><article><h1>A river rises</h1>{head}{TEXT}{TEXT}</article>"
        );
        let draft = extract(&Page { origin: "-".to_owned(), url: None, format: Format::Html, text });
        assert_eq!(draft.authors.iter().map(Line::as_str).collect::<Vec<_>>(), authors, "{head}");
    }

    #[test]
    fn a_person_outweighs_the_house() {
        case("<meta name=author content='Bank Post'>", &["Bank Post"]);
        case("<meta name=author content='Bank Post'><meta name=byl content='By Ada Lum'>", &["Ada Lum"]);
        case("<meta name=author content='Bank Post'><span class=byline>By Ada Lum</span>", &["Ada Lum"]);
        case("<meta name=author content='Bank Post staff'><p>Ada Lum</p>", &["Ada Lum"]);
        case("<meta name=author content='Bank Post'><p class=author>Reuters</p>", &["Bank Post"]);
        case("<meta name=author content='Ada Lum, Bank Post'>", &["Ada Lum"]);
        case("<ul><li><b>Author</b> <a href=/a>Ada Lum</a></li></ul>", &["Ada Lum"]);
        case("", &[]);
    }
}
