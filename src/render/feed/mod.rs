//! The publication as feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1, written as a stream, item by item.
//!
//! The three say the same of the same articles: the ids, links, dates, names and the whole text.
//! The order of the items is the caller's; the bytes depend on nothing but what is given.

mod atom;
mod clean;
pub(in crate::render) mod content;
pub(in crate::render) mod html;
mod json;
mod opml;
mod proof;
mod rss;
mod sitemap;
mod strict;
pub(in crate::render) mod time;
pub(in crate::render) mod xml;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Write};

use jiff::Timestamp;

use crate::domain::{Archived, Line, Publication, Scope, WebUrl};
use crate::render::site::{FEED_STYLE, up};

pub use opml::{Outline, opml};
pub use proof::{ProofError, Published};
pub use sitemap::{NewsSitemap, well_formed};

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

    /// The name of the file in the folder of the feeds, of the publication's own feed.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Rss => "feed.xml",
            Self::Atom => "atom.xml",
            Self::Json => "feed.json",
        }
    }

    /// The path of a feed below the folder of the feeds, as `sections/politics.atom.xml`.
    pub fn file_of(self, scope: &Scope) -> String {
        let ending = match self {
            Self::Rss => "xml",
            Self::Atom => "atom.xml",
            Self::Json => "json",
        };
        match scope.place() {
            Some((folder, name)) => format!("{folder}/{name}.{ending}"),
            None => self.file_name().to_owned(),
        }
    }

    /// The path of a document of the archive below the folder of the feeds, as `archive/feed-0001.xml`.
    pub fn archive_file(self, number: u32) -> String {
        let (name, ending) = match self {
            Self::Rss => ("feed", "xml"),
            Self::Atom => ("atom", "xml"),
            Self::Json => ("feed", "json"),
        };
        format!("archive/{name}-{number:04}.{ending}")
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
    pub fn url(self, publication: &Publication, scope: &Scope) -> WebUrl {
        public(publication, &self.file_of(scope))
    }

    /// Reads a whole feed of this format as strictly as the strictest reader, and lists its items in order.
    ///
    /// Every feed passes here before it replaces one that is public. Takes time linear in the size of the feed, and memory
    /// for its largest item and for the list.
    pub fn proof(self, feed: impl BufRead) -> Result<Vec<Published>, ProofError> {
        proof::read(self, feed)
    }

    /// The same of a feed that is in memory.
    pub fn proof_bytes(self, feed: &[u8]) -> Result<Vec<Published>, ProofError> {
        proof::read_bytes(self, feed)
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

/// Where a path below the folder of the feeds is public.
pub fn public(publication: &Publication, path: &str) -> WebUrl {
    // A path of plain names can be joined to every web address, so there is no other way out than the first.
    publication.feeds.join(path).unwrap_or_else(|| publication.feeds.clone())
}

/// What a feed says before its first item.
#[derive(Clone, Copy, Debug)]
pub struct FeedHead<'a> {
    pub publication: &'a Publication,
    pub scope: &'a Scope,
    pub part: Part,
    /// The newest change among the items; `None` where there are no items.
    pub updated: Option<Timestamp>,
}

/// Which of the documents of a feed this is (RFC 5005, section 4). Documents of the archive are counted from 1, the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The one that readers subscribe to, and how many documents hold what is older.
    Current { archived: u32 },
    /// A document of the archive, and whether a newer one follows it.
    Archive { number: u32, is_followed: bool },
}

impl Part {
    /// A feed that is all in one document.
    pub const WHOLE: Self = Self::Current { archived: 0 };

    /// The number of the next older document.
    fn older(self) -> Option<u32> {
        let older = match self {
            Self::Current { archived } => archived,
            Self::Archive { number, .. } => number.saturating_sub(1),
        };
        (older > 0).then_some(older)
    }

    /// The number of the next newer document of the archive.
    fn newer(self) -> Option<u32> {
        match self {
            Self::Archive { number, is_followed: true } => number.checked_add(1),
            _ => None,
        }
    }
}

impl FeedHead<'_> {
    fn title(&self) -> Line {
        self.scope.title(&self.publication.title)
    }

    /// The stylesheet for browsers, from where this document lies: it holds at every address, and on a disk.
    fn stylesheet(&self, format: FeedFormat) -> String {
        let file = match self.part {
            Part::Current { .. } => format.file_of(self.scope),
            Part::Archive { number, .. } => format.archive_file(number),
        };
        format!("{}{FEED_STYLE}", up(&file))
    }

    /// The address of this document.
    fn url(&self, format: FeedFormat) -> WebUrl {
        match self.part {
            Part::Current { .. } => format.url(self.publication, self.scope),
            Part::Archive { number, .. } => self.archived(format, number),
        }
    }

    fn archived(&self, format: FeedFormat, number: u32) -> WebUrl {
        public(self.publication, &format.archive_file(number))
    }

    /// The other documents of the feed with their relations to this one.
    fn relations(&self, format: FeedFormat) -> Vec<(&'static str, WebUrl)> {
        let mut out = Vec::new();
        if matches!(self.part, Part::Archive { .. }) {
            out.push(("current", format.url(self.publication, self.scope)));
        }
        out.extend(self.part.older().map(|number| ("prev-archive", self.archived(format, number))));
        out.extend(self.part.newer().map(|number| ("next-archive", self.archived(format, number))));
        out
    }
}

/// An article with what every format writes of it, made once for all of them.
#[derive(Debug)]
pub struct FeedItem<'a> {
    archived: &'a Archived,
    html: html::Html,
    escaped: xml::EscapedHtml,
    excerpt: Line,
    link: Option<Cow<'a, WebUrl>>,
}

/// The whole article as HTML without its title, as the feeds carry it: made of griot's own markup and escaped text alone.
pub(super) fn article_html(archived: &Archived, publication: &Publication) -> String {
    content::html(archived, publication).as_str().to_owned()
}

/// `2026-03-04T12:00:00+01:00`, as the feeds write it.
pub(super) fn instant(at: Timestamp, publication: &Publication) -> String {
    time::rfc3339(at, &publication.zone)
}

impl<'a> FeedItem<'a> {
    pub fn new(archived: &'a Archived, publication: &Publication) -> Self {
        let html = content::html(archived, publication);
        let escaped = xml::EscapedHtml::of(&html);
        Self { archived, escaped, html, excerpt: archived.article.excerpt(), link: publication.link(archived) }
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

    fn out(&mut self) -> &mut W {
        match &mut self.0 {
            Document::Rss(rss) => rss.out(),
            Document::Atom(atom) => atom.out(),
            Document::Json(json) => json.out(),
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

/// A feed in pieces, so that several threads can write it: one head, any number of pieces of items, one end.
impl FeedWriter<'_, Vec<u8>> {
    /// What was written since this was last called: the head, then a piece.
    pub fn taken(&mut self) -> Vec<u8> {
        if let Document::Json(json) = &mut self.0 {
            json.part();
        }
        std::mem::take(self.out())
    }
}

impl FeedFormat {
    /// What stands between two pieces of a feed.
    pub fn between(self) -> &'static [u8] {
        match self {
            Self::Rss | Self::Atom => b"",
            Self::Json => json::BETWEEN,
        }
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
