//! The newest articles for search engines (sitemaps.org 0.9 with Google's module `news` 0.9).

use std::io;

use jiff::{SignedDuration, Timestamp};

use crate::domain::{Archived, Publication};

use super::strict;
use super::time::rfc3339;
use super::xml::Xml;

/// No more addresses than this are read in a news sitemap.
const MOST: usize = 1_000;
/// How far back from the newest article it goes.
const NEWS: SignedDuration = SignedDuration::from_hours(48);

const ROOT: [(&str, &str); 2] =
    [("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"), ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9")];

/// A news sitemap: the articles of two days that have an address.
///
/// The two days end with the newest article and not with today, so that the same archive gives the same bytes; what a
/// search engine finds too old, it passes over.
#[derive(Debug)]
pub struct NewsSitemap;

impl NewsSitemap {
    pub const FILE: &str = "news-sitemap.xml";
    /// How many of the newest articles have to be looked at.
    pub const LOOKED_AT: u32 = 1_000;

    /// Those of the newest articles, newest first, that belong into it.
    pub fn of_days<T>(articles: &[T], published: impl Fn(&T) -> Timestamp) -> &[T] {
        let since = articles.first().and_then(|newest| published(newest).checked_sub(NEWS).ok()).unwrap_or(Timestamp::MIN);
        let end = articles.iter().take(MOST).take_while(|article| published(article) >= since).count();
        articles.get(..end).unwrap_or_default()
    }

    /// Writes the sitemap of articles, newest first; those without an address are left out.
    pub fn write(publication: &Publication, articles: &[Archived]) -> io::Result<Vec<u8>> {
        let mut xml = Xml::new(Vec::new())?;
        xml.open("urlset", &ROOT)?;
        for archived in Self::of_days(articles, |archived| archived.published) {
            let article = &archived.article;
            let Some(url) = publication.link(archived) else { continue };
            xml.open("url", &[])?;
            xml.value("loc", &[], url.as_str())?;
            xml.open("news:news", &[])?;
            xml.open("news:publication", &[])?;
            xml.plain("news:name", &[], publication.title.as_str())?;
            xml.value("news:language", &[], article.language.primary())?;
            xml.close("news:publication")?;
            xml.value("news:publication_date", &[], &rfc3339(archived.published, &publication.zone))?;
            xml.plain("news:title", &[], article.title.as_str())?;
            xml.close("news:news")?;
            xml.close("url")?;
        }
        xml.close("urlset")?;
        xml.finish()
    }
}

/// Whether a document is well-formed, as strictly as the strictest reader sees it; else why not.
pub fn well_formed(document: &[u8]) -> Result<(), String> {
    strict::read_bytes(document, |_| false, |_| {}).map_err(|fault| format!("line {}: {}", fault.line, fault.why))
}
