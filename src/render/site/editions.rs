use askama::Template;
use jiff::Timestamp;

use super::{Frame, Language, Line, PageError, PageWords, Site, addresses, editions_scope, instant};
use crate::domain::EditionId;
use crate::render::words::{Words, day};

/// A letter that can be read in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionLink {
    pub id: EditionId,
    pub subject: Line,
    pub language: Language,
    pub at: Timestamp,
    /// Whether there is a light letter beside it.
    pub has_light: bool,
}

#[derive(Template)]
#[template(path = "site/editions.html")]
struct Page {
    frame: Frame,
    words: &'static Words,
    labels: &'static PageWords,
    editions: Vec<Entry>,
}

struct Entry {
    language: String,
    direction: &'static str,
    title: String,
    url: String,
    /// The light letter; empty where there is none.
    light: String,
    instant: String,
    day: String,
}

/// The list of the letters, in the order in which they are given.
pub fn editions_page(site: Site, editions: &[EditionLink]) -> Result<String, PageError> {
    let publication = site.publication;
    let language = &publication.language;
    let labels = PageWords::of(&[language]);
    let title = Line::new(&format!("{}: {}", publication.title, labels.letters)).unwrap_or_else(|| publication.title.clone());
    let entry = |edition: &EditionLink| Entry {
        language: edition.language.to_string(),
        direction: edition.language.direction(),
        title: edition.subject.to_string(),
        url: format!("{}/letter.html", edition.id),
        light: if edition.has_light { format!("{}/light.html", edition.id) } else { String::new() },
        instant: instant(edition.at, publication),
        day: day(edition.at.to_zoned(publication.zone.clone()).date(), &edition.language),
    };
    let mut frame = Frame::new(site, language, "editions/index.html", &title, &publication.description);
    if site.has_editions_feed {
        frame.feeds.splice(0..0, addresses(publication, &editions_scope(publication)));
    }
    let page = Page { frame, words: Words::of(&[language]), labels, editions: editions.iter().map(entry).collect() };
    Ok(page.render()?)
}
