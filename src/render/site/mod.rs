//! Pages for browsers: one for each feed, one for each article, a list of the letters. Light, and without scripts.
//!
//! What was read goes through askama's escaping; the text of an article is the HTML that its feeds carry, which is safe by
//! its making. Addresses inside the folder are relative, so that a copy of it on a disk can be read too.

mod article;
mod editions;
mod feed;
mod json_ld;
mod style;
mod words;

use crate::domain::{Archived, Language, Line, Publication, Scope, WebUrl};
use crate::render::words::{Words, day};
use crate::render::{FeedFormat, feed::instant, public};

pub use article::article_page;
pub use editions::{EditionLink, editions_page};
pub use feed::{FeedPage, FurtherFeed, feed_page};
pub use style::{feed_style, page_style};
use words::PageWords;

/// The stylesheet of feeds that a browser shows as they are, below the folder of the feeds.
pub const FEED_STYLE: &str = "feed.css";
/// The stylesheet of the pages.
pub const PAGE_STYLE: &str = "page.css";

/// Why a page could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error("the page's template failed")]
    Template(#[from] askama::Error),
    #[error("what the page tells search engines could not be written")]
    JsonLd(#[from] serde_json::Error),
}

/// The path of the page of a feed below the folder of the feeds.
pub fn page_of(scope: &Scope) -> String {
    match scope.place() {
        None => "index.html".to_owned(),
        Some((folder, _)) if matches!(scope, Scope::Editions(_)) => format!("{folder}/index.html"),
        Some((folder, name)) => format!("{folder}/{name}.html"),
    }
}

/// The way from a file below the folder of the feeds up to the folder.
pub(super) fn up(file: &str) -> String {
    "../".repeat(file.matches('/').count())
}

/// What all pages know of the publication.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub publication: &'a Publication,
    /// Whether there is a list of its letters.
    pub has_editions: bool,
    /// Whether the letters have a feed.
    pub has_editions_feed: bool,
}

/// The letters as a feed, in the publication's language.
pub fn editions_scope(publication: &Publication) -> Scope {
    let letters = PageWords::of(&[&publication.language]).letters;
    Line::new(letters).map_or(Scope::Publication, Scope::Editions)
}

/// What all pages have around their content; an empty text stands for what is not there.
struct Frame {
    language: String,
    direction: &'static str,
    title: String,
    description: String,
    canonical: String,
    /// The way up to the folder of the feeds.
    up: String,
    /// The feeds that a browser or a reader finds by the page.
    feeds: Vec<FeedAddress>,
    publication: String,
    /// What leads home: the name of the publication, or of its host below which the name stands anyway.
    masthead: String,
    home: String,
    home_language: String,
    has_editions: bool,
    contact: String,
    copyright: String,
}

/// Where a feed is in one of its formats.
#[derive(Clone)]
struct FeedAddress {
    title: String,
    format: String,
    media_type: &'static str,
    url: String,
}

/// An article as lists and its own page head it.
struct Item {
    language: String,
    direction: &'static str,
    title: String,
    url: String,
    byline: String,
    instant: String,
    day: String,
    summary: String,
}

impl Frame {
    /// The frame of the page at a path below the folder of the feeds.
    fn new(site: Site, language: &Language, path: &str, title: &Line, description: &Line) -> Self {
        let Site { publication, has_editions, .. } = site;
        Self {
            language: language.to_string(),
            direction: language.direction(),
            title: title.to_string(),
            description: description.to_string(),
            canonical: public(publication, path).to_string(),
            up: up(path),
            feeds: addresses(publication, &Scope::Publication),
            masthead: if *title == publication.title {
                publication.home.host().to_owned()
            } else {
                publication.title.to_string()
            },
            publication: publication.title.to_string(),
            home: publication.home.to_string(),
            home_language: publication.language.to_string(),
            has_editions,
            contact: publication.owner.as_ref().map(|owner| owner.address.reveal()).unwrap_or_default(),
            copyright: publication.copyright.as_ref().map(Line::to_string).unwrap_or_default(),
        }
    }
}

impl Item {
    fn new(archived: &Archived, publication: &Publication) -> Self {
        let article = &archived.article;
        let authors = article.authors.iter().map(Line::as_str).collect::<Vec<_>>().join(", ");
        let words = Words::of(&[&article.language, &publication.language]);
        Self {
            language: article.language.to_string(),
            direction: article.language.direction(),
            title: article.title.to_string(),
            url: publication.link(archived).map(|url| url.to_string()).unwrap_or_default(),
            byline: if authors.is_empty() { authors } else { format!("{} {authors}", words.by) },
            instant: instant(archived.published, publication),
            day: day(archived.day(&publication.zone), &article.language),
            summary: article.excerpt().to_string(),
        }
    }
}

/// A feed in all of its formats.
fn addresses(publication: &Publication, scope: &Scope) -> Vec<FeedAddress> {
    let title = scope.title(&publication.title);
    let of = |format: FeedFormat| FeedAddress {
        title: title.to_string(),
        format: format.to_string(),
        media_type: format.media_type(),
        url: format.url(publication, scope).to_string(),
    };
    FeedFormat::ALL.map(of).into()
}
