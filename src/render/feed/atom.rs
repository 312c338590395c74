//! Atom 1.0 (RFC 4287).

use std::io::{self, Write};

use jiff::Timestamp;

use crate::domain::{Archived, Line, Publication, Scope, WebUrl, uuid};

use super::time::rfc3339;
use super::xml::Xml;
use super::{FeedFormat, FeedHead, FeedItem, Part};

const TEXT: (&str, &str) = ("type", "text");
const FEED: (&str, &str) = ("xmlns", "http://www.w3.org/2005/Atom");
/// Of documents that belong to an archive (RFC 5005, section 4).
const HISTORY: (&str, &str) = ("xmlns:fh", "http://purl.org/syndication/history/1.0");

pub(super) struct Atom<'a, W> {
    xml: Xml<W>,
    publication: &'a Publication,
}

impl<'a, W: Write> Atom<'a, W> {
    pub(super) fn new(head: FeedHead<'a>, out: W) -> io::Result<Self> {
        let publication = head.publication;
        let format = FeedFormat::Atom;
        let language = ("xml:lang", publication.language.as_str());
        let mut xml = Xml::styled(out, &head.stylesheet(format))?;
        let is_archive = matches!(head.part, Part::Archive { .. });
        let history: &[_] = if is_archive { &[FEED, language, HISTORY] } else { &[FEED, language] };
        xml.open("feed", history)?;
        // All documents of a feed have its id: they are one logical feed (RFC 5005, section 4). One that has moved keeps that of
        // its first address.
        let first = publication.former_feeds.first().unwrap_or(&publication.feeds);
        let address = first.join(&format.file_of(head.scope));
        xml.value("id", &[], &feed_id(address.as_ref().unwrap_or(first)))?;
        xml.plain("title", &[TEXT], head.title().as_str())?;
        xml.plain("subtitle", &[TEXT], publication.description.as_str())?;
        // A feed cannot be without it. Before the first item nothing has changed since the beginning of time.
        let updated = head.updated.unwrap_or(Timestamp::UNIX_EPOCH);
        xml.value("updated", &[], &rfc3339(updated, &publication.zone))?;
        if is_archive {
            xml.empty("fh:archive", &[])?;
        }
        xml.empty("link", &[("rel", "self"), ("type", format.media_type()), ("href", head.url(format).as_str())])?;
        for (relation, url) in head.relations(format) {
            xml.empty("link", &[("rel", relation), ("type", format.media_type()), ("href", url.as_str())])?;
        }
        alternate(&mut xml, &publication.home)?;
        for hub in &publication.syndication.hubs {
            xml.empty("link", &[("rel", "hub"), ("href", hub.as_str())])?;
        }
        if let Scope::Section(topic) = head.scope {
            category(&mut xml, topic, publication)?;
        }
        // The author of every entry that names none (section 4.2.1).
        xml.open("author", &[])?;
        xml.plain("name", &[], publication.title.as_str())?;
        xml.value("uri", &[], publication.home.as_str())?;
        xml.close("author")?;
        if let Some(copyright) = &publication.copyright {
            xml.plain("rights", &[TEXT], copyright.as_str())?;
        }
        if let Some(image) = &publication.image {
            xml.value("icon", &[], image.as_str())?;
        }
        // Without a version: an upgrade of griot is no news to readers.
        xml.value("generator", &[], "griot")?;
        Ok(Self { xml, publication })
    }

    pub(super) fn item(&mut self, item: &FeedItem) -> io::Result<()> {
        let FeedItem { archived, escaped, excerpt, link, .. } = item;
        let Self { xml, publication } = self;
        let article = &archived.article;
        let foreign = (article.language != publication.language).then_some(("xml:lang", article.language.as_str()));
        xml.open("entry", foreign.as_slice())?;
        xml.value("id", &[], &entry_id(archived, publication))?;
        xml.plain("title", &[TEXT], article.title.as_str())?;
        if let Some(url) = link {
            alternate(xml, url)?;
        }
        xml.value("published", &[], &rfc3339(archived.published, &publication.zone))?;
        xml.value("updated", &[], &rfc3339(archived.updated, &publication.zone))?;
        for author in &article.authors {
            person(xml, "author", author)?;
        }
        for editor in &article.editors {
            person(xml, "contributor", editor)?;
        }
        for topic in &article.topics {
            category(xml, topic, publication)?;
        }
        xml.plain("summary", &[TEXT], excerpt.as_str())?;
        xml.html("content", &[("type", "html")], escaped)?;
        xml.close("entry")
    }

    pub(super) fn out(&mut self) -> &mut W {
        self.xml.out()
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.xml.close("feed")?;
        self.xml.finish()
    }
}

fn alternate<W: Write>(xml: &mut Xml<W>, url: &WebUrl) -> io::Result<()> {
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", url.as_str())])
}

/// A topic; those of one publication are one scheme.
fn category<W: Write>(xml: &mut Xml<W>, topic: &Line, publication: &Publication) -> io::Result<()> {
    xml.empty("category", &[("term", topic.as_str()), ("scheme", publication.home.as_str())])
}

fn person<W: Write>(xml: &mut Xml<W>, role: &'static str, name: &Line) -> io::Result<()> {
    xml.open(role, &[])?;
    xml.plain("name", &[], name.as_str())?;
    xml.close(role)
}

/// The id of an entry: its guid. An id has to be an IRI (RFC 4287, section 4.2.6); a guid that came with RSS may be any text,
/// and then the article's own id stands for it, which is as lasting.
fn entry_id(archived: &Archived, publication: &Publication) -> String {
    let iri = url::Url::parse(&archived.guid).is_ok();
    let minted = || archived.id.tag(publication.home.host());
    if iri { None } else { minted() }.unwrap_or_else(|| archived.guid.clone())
}

/// The id of the feed: the UUID of its address (RFC 9562, section 5.5), which needs no record and no date. One that has moved
/// keeps that of its first address.
///
/// `http` counts as `https`, so that a site that moves to https keeps it.
fn feed_id(url: &WebUrl) -> String {
    // The namespace for URLs (RFC 9562, section 6.6).
    const URLS: u128 = 0x6ba7_b811_9dad_11d1_80b4_00c0_4fd4_30c8;
    let name = url.as_str().strip_prefix("http:").map_or_else(|| url.to_string(), |rest| format!("https:{rest}"));
    format!("urn:uuid:{}", uuid(URLS, &name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_feed_is_the_uuid_of_its_address() {
        let id = |url: &str| feed_id(&WebUrl::parse(url).unwrap());
        // Computed with Python: uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/feeds/atom.xml").
        assert_eq!(id("https://example.org/feeds/atom.xml"), "urn:uuid:2fc55467-e3c6-5b0b-b813-42dba965ad32");
        assert_eq!(id("http://example.org/feeds/atom.xml"), id("https://example.org/feeds/atom.xml"));
    }
}
