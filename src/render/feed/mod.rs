//! The publication as feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1, written as a stream, item by item.
//!
//! The three say the same of the same articles: the ids, links, dates, names and the whole text.
//! The order of the items is the caller's; the bytes depend on nothing but what is given.

mod atom;
mod clean;
pub(in crate::render) mod content;
pub(in crate::render) mod html;
mod json;
mod proof;
mod rss;
mod strict;
pub(in crate::render) mod time;
pub(in crate::render) mod xml;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, BufRead, Write};

use jiff::Timestamp;

use crate::domain::{Archived, Line, Publication, WebUrl};

pub use proof::{ProofError, Published};

/// The format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedFormat {
    /// RSS 2.0, with the modules content, dc, dcterms and media.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    /// The name of the file in the folder of the feeds.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rss => "feed.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// The media type, without a charset: the feeds are always UTF-8.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }

    /// The address under which the feed is public, which it also tells of itself.
    pub fn url(self, publication: &Publication) -> WebUrl {
        // A file name can be joined to every web address, so there is no other way out than the first.
        publication.feeds.join(self.file_name()).unwrap_or_else(|| publication.feeds.clone())
    }

    /// Reads a whole feed of this format as strictly as the strictest reader, and lists its items in order.
    ///
    /// Every feed passes here before it replaces one that is public. Takes time linear in the size of the feed, and memory
    /// for its largest item and for the list.
    pub fn proof(self, feed: impl BufRead) -> Result<Vec<Published>, ProofError> {
        proof::read(self, feed)
    }

    /// Lists the items of a feed that any program may have written, as a forgiving reader does, with the `rss` crate.
    /// `None` where even that is not possible, or the format is not RSS. Takes memory several times the size of the feed.
    pub fn forgiving(self, bytes: &[u8]) -> Option<Vec<Published>> {
        if self == Self::Rss { proof::forgiving(bytes) } else { None }
    }
}

impl fmt::Display for FeedFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        })
    }
}

/// What a feed says before its first item.
#[derive(Clone, Copy, Debug)]
pub struct FeedHead<'a> {
    pub publication: &'a Publication,
    /// The newest change among the items; `None` where there are no items.
    pub updated: Option<Timestamp>,
}

/// An article with what every format writes of it, made once for all of them.
#[derive(Debug)]
pub struct FeedItem<'a> {
    archived: &'a Archived,
    html: html::Html,
    escaped: xml::EscapedHtml,
    excerpt: Line,
}

impl<'a> FeedItem<'a> {
    pub fn new(archived: &'a Archived, publication: &Publication) -> Self {
        let html = content::html(archived, publication);
        Self { archived, escaped: xml::EscapedHtml::of(&html), html, excerpt: archived.article.excerpt() }
    }
}

/// Writes one feed: the head, each item as it comes, the end. Holds no more than one item in memory.
///
/// It makes many small writes: give it a buffered writer.
pub struct FeedWriter<'a, W>(Document<'a, W>);

enum Document<'a, W> {
    Rss(rss::Rss<'a, W>),
    Atom(atom::Atom<'a, W>),
    Json(json::Json<'a, W>),
}

impl<'a, W: Write> FeedWriter<'a, W> {
    /// Writes the head.
    pub fn new(format: FeedFormat, head: FeedHead<'a>, out: W) -> io::Result<Self> {
        Ok(Self(match format {
            FeedFormat::Rss => Document::Rss(rss::Rss::new(head, out)?),
            FeedFormat::Atom => Document::Atom(atom::Atom::new(head, out)?),
            FeedFormat::Json => Document::Json(json::Json::new(head, out)?),
        }))
    }

    pub fn item(&mut self, item: &FeedItem) -> io::Result<()> {
        match &mut self.0 {
            Document::Rss(rss) => rss.item(item),
            Document::Atom(atom) => atom.item(item),
            Document::Json(json) => json.item(item),
        }
    }

    /// Writes the end and flushes; a feed without it is not whole, and no proof-reading passes it.
    pub fn finish(self) -> io::Result<W> {
        let mut out = match self.0 {
            Document::Rss(rss) => rss.finish()?,
            Document::Atom(atom) => atom.finish()?,
            Document::Json(json) => json.finish()?,
        };
        out.flush()?;
        Ok(out)
    }
}

impl<W> fmt::Debug for FeedWriter<'_, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.0 {
            Document::Rss(_) => FeedFormat::Rss,
            Document::Atom(_) => FeedFormat::Atom,
            Document::Json(_) => FeedFormat::Json,
        };
        f.debug_tuple("FeedWriter").field(&format).finish()
    }
}
