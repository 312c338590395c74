//! JSON Feed 1.1, one item a line.

use std::io::{self, Write};

use serde::Serialize;

use crate::domain::{Line, Publication, WebUrl};

use super::clean::clean;
use super::time::rfc3339;
use super::{FeedFormat, FeedHead, FeedItem, content};

pub(super) struct Json<'a, W> {
    out: W,
    publication: &'a Publication,
    /// Whether an item stands before the next one.
    follows: bool,
}

/// What stands between two items.
pub(super) const BETWEEN: &[u8] = b",";

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

/// An item, its members in the order of the specification.
#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    title: &'a str,
    content_html: &'a str,
    content_text: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

impl<'a, W: Write> Json<'a, W> {
    pub(super) fn new(head: FeedHead<'a>, mut out: W) -> io::Result<Self> {
        let publication = head.publication;
        out.write_all(b"{\n")?;
        member(&mut out, "version", &"https://jsonfeed.org/version/1.1")?;
        member(&mut out, "title", &head.title().as_str())?;
        member(&mut out, "home_page_url", &publication.home.as_str())?;
        member(&mut out, "feed_url", &head.url(FeedFormat::Json).as_str())?;
        if let Some(older) = head.part.older() {
            member(&mut out, "next_url", &head.archived(FeedFormat::Json, older).as_str())?;
        }
        member(&mut out, "description", &publication.description.as_str())?;
        if let Some(image) = &publication.image {
            member(&mut out, "icon", &image.as_str())?;
        }
        // The author of every item that names none.
        member(&mut out, "authors", &[Author { name: publication.title.as_str(), url: Some(publication.home.as_str()) }])?;
        member(&mut out, "language", &publication.language.as_str())?;
        let hubs = &publication.syndication.hubs;
        if !hubs.is_empty() {
            let hubs: Vec<Hub> = hubs.iter().map(|hub| Hub { r#type: "WebSub", url: hub.as_str() }).collect();
            member(&mut out, "hubs", &hubs)?;
        }
        out.write_all(b"  \"items\": [")?;
        Ok(Self { out, publication, follows: false })
    }

    pub(super) fn item(&mut self, item: &FeedItem) -> io::Result<()> {
        let FeedItem { archived, html, excerpt, link, .. } = item;
        let article = &archived.article;
        let publication = self.publication;
        let guid = clean(&archived.guid);
        let text = content::text(archived, publication);
        let text = clean(&text);
        let item = Item {
            id: &guid,
            url: link.as_deref().map(WebUrl::as_str),
            title: article.title.as_str(),
            content_html: html.as_str(),
            content_text: &text,
            summary: excerpt.as_str(),
            image: article.figures().find_map(|figure| figure.src.as_ref()).map(WebUrl::as_str),
            date_published: rfc3339(archived.published, &publication.zone),
            date_modified: (archived.updated != archived.published).then(|| rfc3339(archived.updated, &publication.zone)),
            authors: article.authors.iter().map(|name| Author { name: name.as_str(), url: None }).collect(),
            tags: article.topics.iter().map(Line::as_str).collect(),
            language: (article.language != publication.language).then_some(article.language.as_str()),
        };
        if self.follows {
            self.out.write_all(BETWEEN)?;
        }
        self.out.write_all(b"\n    ")?;
        self.follows = true;
        value(&mut self.out, &item)
    }

    pub(super) fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// What comes is a piece of its own: what stands between it and the one before is put there by whoever joins them.
    pub(super) fn part(&mut self) {
        self.follows = false;
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n  ]\n}\n")?;
        Ok(self.out)
    }
}

/// A member of the head, on a line of its own.
fn member(out: &mut impl Write, name: &str, content: &impl Serialize) -> io::Result<()> {
    write!(out, "  \"{name}\": ")?;
    value(out, content)?;
    out.write_all(b",\n")
}

/// A value on one line. U+2028 and U+2029 are line breaks to JavaScript before 2019 and to some editors: they are escaped.
fn value(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut json = serde_json::to_string(value)?;
    if json.contains("\u{2028}") || json.contains("\u{2029}") {
        json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    }
    out.write_all(json.as_bytes())
}
