//! When the page was published: what its data says, else what its elements, its address or its text say.

use std::collections::VecDeque;

use dom_query::{Document, NodeId, NodeRef};

use super::dom;
use super::json_ld::Described;
use super::metadata::Meta;
use crate::domain::{Language, Moment, WebUrl};
use crate::read::{dates, words};

/// The dates that the page gives as data, and what looked odd about them.
#[derive(Debug, Default)]
pub(super) struct Dates {
    pub published: Option<Moment>,
    pub updated: Option<Moment>,
    pub notes: Vec<String>,
}

/// `<meta>` names for the day of publication, surest first: Open Graph, schema.org, Parse.ly, Sailthru, Dublin Core, and
/// what many systems write.
const PUBLISHED: [&str; 23] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "og:pubdate",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publisheddate",
    "published_time",
    "published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "date.created",
    "article.published",
];

const UPDATED: [&str; 8] = [
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dc.date.modified",
    "dcterms.modified",
    "date.modified",
    "last-modified",
];

/// What the data says; a date that is none is noted, and the next source is asked.
pub(super) fn declared(document: &Document, meta: &Meta, described: &Described) -> Dates {
    let mut notes = Vec::new();
    let named = |keys: &[&'static str]| keys.iter().filter_map(|key| Some((*key, meta.get(key)?))).collect::<Vec<_>>();
    let data = described.published.as_deref().map(|text| ("datePublished", text));
    let published = data.into_iter().chain(named(&PUBLISHED)).find_map(|(name, text)| {
        let moment = dates::moment(text);
        if moment.is_none() {
            let text: String = text.chars().take(40).collect();
            notes.push(format!("{name} is no date: `{text}`"));
        }
        moment
    });
    let published = published.or_else(|| {
        // Microdata, and `<time>` with its attribute, that of the article before that of anything else.
        let first = |nodes: Vec<NodeRef>| nodes.iter().find_map(of_element);
        let times = ["article time[datetime], main time[datetime]", "time[datetime]", "time[pubdate]"];
        let named = first(dom::with(document, "itemprop", "datePublished"));
        named.or_else(|| times.iter().find_map(|selector| first(dom::all(document, selector))))
    });
    let data = described.modified.as_deref().map(|text| ("dateModified", text));
    let updated = data.into_iter().chain(named(&UPDATED)).find_map(|(_, text)| dates::moment(text));
    let updated = updated.or_else(|| dom::with(document, "itemprop", "dateModified").iter().find_map(of_element));
    Dates { updated: updated.filter(|updated| Some(*updated) != published), published, notes }
}

fn of_element(node: &NodeRef) -> Option<Moment> {
    ["datetime", "content", "title"].iter().find_map(|name| dates::moment(&dom::attribute(node, name)?))
}

/// Runs of text around the title in which a date is looked for.
const BEFORE: usize = 12;
const AFTER: usize = 40;
/// Words that make a run of text prose.
const PROSE: usize = 20;
/// Words of the longest line that is there for its date.
const LONGEST: usize = 14;

/// The date that is printed near the title, or else in a `<time>`; or else that of the address (`/2024/05/03/`).
pub(super) fn printed(
    document: &Document,
    heading: Option<NodeId>,
    url: Option<&WebUrl>,
    language: Option<&Language>,
) -> Option<Moment> {
    let dated = |text: &String| (words::measure(text) <= LONGEST).then(|| dates::find(text, language)).flatten();
    let near = || {
        let heading = heading?;
        let mut after = Vec::new();
        let mut before = VecDeque::new();
        let mut prose = 0;
        for run in document.body()?.descendants_it().filter(NodeRef::is_nonempty_text) {
            if run.id > heading {
                after.push(dom::text(&run));
            } else {
                before.push_back(dom::text(&run));
            }
            if before.len() > BEFORE {
                before.pop_front();
            }
            prose += usize::from(after.last().is_some_and(|text| words::measure(text) >= PROSE));
            if after.len() > AFTER || prose > 1 {
                break;
            }
        }
        after.iter().find_map(dated).or_else(|| before.iter().rev().find_map(dated))
    };
    let labelled = || {
        let root = document.root();
        let labels =
            root.descendants_it().filter(|run| run.is_nonempty_text() && LABELS.contains(&words::key(&run.text()).as_str()));
        labels.take(AFTER).filter_map(|run| dom::paragraph(&run)).find_map(|line| dated(&dom::text(&line)))
    };
    let times = || dom::named(document, "time").iter().find_map(|node| dated(&dom::text(node)));
    labelled().or_else(near).or_else(times).or_else(|| url.and_then(of_address))
}

/// What stands before the day of publication in an element of its own.
#[rustfmt::skip]
const LABELS: [&str; 18] = [
    "date", "published", "publication date", "posted", "datum", "veröffentlicht", "erschienen", "publié le", "publié", "fecha",
    "publicado", "data", "pubblicato", "publicerad", "publisert", "gepubliceerd", "tarih", "дата",
];

/// The day in an address: `/2024/05/03/`, `/2024-05-03/`.
fn of_address(url: &WebUrl) -> Option<Moment> {
    let path = url.url().path().replace('/', "-");
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = path.split('-').collect();
    parts.windows(3).find_map(|parts| match parts {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.iter().all(|part| digits(part)) => {
            dates::moment(&parts.join("-"))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Format;
    use crate::read::{Page, extract};

    const TEXT: &str = "<p>The river rose in the night, and the village, which had seen it before, carried sand until the morning \
        came, and then it slept. Nobody counted the sacks, says the teacher, but there were many.</p>";

    #[track_caller]
    fn case(head: &str, url: Option<&str>, published: &str, notes: usize) {
        let text = format!("<article>{head}{TEXT}{TEXT}</article>");
        let url = url.and_then(WebUrl::parse);
        let draft = extract(&Page { origin: "-".to_owned(), url, format: Format::Html, text });
        assert_eq!(draft.published.map(|moment| moment.to_string()).unwrap_or_default(), published, "{head}");
        assert_eq!(draft.notes.len(), notes, "{:?}", draft.notes);
    }

    #[test]
    fn the_surest_source_that_holds_a_date_is_taken() {
        case(
            "<meta property=article:published_time content='2026-03-04T06:00:00Z'><time datetime=2020-01-01></time>",
            None,
            "2026-03-04T06:00:00Z",
            0,
        );
        case("<meta property=article:published_time content='soon'><meta name=date content=2026-03-04>", None, "2026-03-04", 1);
        case("<h1>A river rises</h1><span>4 March 2026</span><p>Read on: 9 May 2019</p>", None, "2026-03-04", 0);
        case("<h1>A river rises</h1><p>9 May 2019</p><li><b>Date</b> 4 March 2026</li>", None, "2026-03-04", 0);
        case("<h1>A river rises</h1>", Some("https://example.org/2026/03/04/river"), "2026-03-04", 0);
        case("<h1>A river rises</h1>", Some("https://example.org/2026/13/44/river"), "", 0);
    }
}
