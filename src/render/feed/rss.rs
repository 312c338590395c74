//! RSS 2.0, by the specification and the RSS Advisory Board's best practices profile.

use std::io::{self, Write};

use crate::domain::{Article, Figure, Mailbox, Publication, WebUrl};

use super::html::Html;
use super::time::{rfc2822, rfc3339};
use super::xml::{EscapedHtml, Xml};
use super::{FeedFormat, FeedHead, FeedItem};

const ROOT: [(&str, &str); 6] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:dcterms", "http://purl.org/dc/terms/"),
    ("xmlns:media", "http://search.yahoo.com/mrss/"),
];

/// How long a reader may keep the feed before it asks again, in minutes.
const TTL: &str = "60";

pub(super) struct Rss<'a, W> {
    xml: Xml<W>,
    publication: &'a Publication,
}

impl<'a, W: Write> Rss<'a, W> {
    pub(super) fn new(head: FeedHead<'a>, out: W) -> io::Result<Self> {
        let publication = head.publication;
        let mut xml = Xml::new(out)?;
        xml.open("rss", &ROOT)?;
        xml.open("channel", &[])?;
        xml.plain("title", &[], publication.title.as_str())?;
        xml.value("link", &[], publication.home.as_str())?;
        xml.plain("description", &[], publication.description.as_str())?;
        xml.value("language", &[], publication.language.as_str())?;
        if let Some(copyright) = &publication.copyright {
            xml.plain("copyright", &[], copyright.as_str())?;
        }
        if let Some(owner) = &publication.owner {
            xml.plain("managingEditor", &[], &contact(owner))?;
        }
        if let Some(updated) = head.updated {
            xml.value("lastBuildDate", &[], &rfc2822(updated, &publication.zone))?;
        }
        // Without a version: an upgrade of griot is no news to readers.
        xml.value("generator", &[], "griot")?;
        xml.value("ttl", &[], TTL)?;
        if let Some(image) = &publication.image {
            xml.open("image", &[])?;
            xml.value("url", &[], image.as_str())?;
            xml.plain("title", &[], publication.title.as_str())?;
            xml.value("link", &[], publication.home.as_str())?;
            xml.close("image")?;
        }
        let url = FeedFormat::Rss.url(publication);
        xml.empty("atom:link", &[("rel", "self"), ("type", FeedFormat::Rss.media_type()), ("href", url.as_str())])?;
        Ok(Self { xml, publication })
    }

    pub(super) fn item(&mut self, item: &FeedItem) -> io::Result<()> {
        let FeedItem { archived, escaped, excerpt, .. } = item;
        let Self { xml, publication } = self;
        let article = &archived.article;
        xml.open("item", &[])?;
        xml.plain("title", &[], article.title.as_str())?;
        if let Some(url) = &article.url {
            xml.value("link", &[], url.as_str())?;
        }
        let is_permalink = if archived.has_permalink() { "true" } else { "false" };
        xml.value("guid", &[("isPermaLink", is_permalink)], &archived.guid)?;
        xml.value("pubDate", &[], &rfc2822(archived.published, &publication.zone))?;
        // `author` would have to be a mail address.
        for author in &article.authors {
            xml.plain("dc:creator", &[], author.as_str())?;
        }
        for topic in &article.topics {
            xml.plain("category", &[], topic.as_str())?;
        }
        // The description of an item is HTML by the specification, that of the channel is not.
        xml.html("description", &[], &EscapedHtml::of(&Html::of_text(excerpt.as_str())))?;
        xml.html("content:encoded", &[], escaped)?;
        media(xml, article)?;
        if article.language != publication.language {
            xml.value("dc:language", &[], article.language.as_str())?;
        }
        if archived.updated != archived.published {
            xml.value("dcterms:modified", &[], &rfc3339(archived.updated, &publication.zone))?;
        }
        xml.close("item")
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        self.xml.close("channel")?;
        self.xml.close("rss")?;
        self.xml.finish()
    }
}

/// `desk@example.org (The Desk)`: RSS puts the address first.
fn contact(mailbox: &Mailbox) -> String {
    let address = mailbox.address.reveal();
    match &mailbox.name {
        Some(name) => format!("{address} ({name})"),
        None => address,
    }
}

/// The pictures (Media RSS 1.5.1), in the order of the article.
///
/// They stand in no `media:group`: that is for several renditions of one picture, of which a reader shows only one.
fn media<W: Write>(xml: &mut Xml<W>, article: &Article) -> io::Result<()> {
    for figure in article.figures() {
        if let Some(src) = &figure.src {
            medium(xml, figure, src)?;
        }
    }
    Ok(())
}

fn medium<W: Write>(xml: &mut Xml<W>, figure: &Figure, src: &WebUrl) -> io::Result<()> {
    let size = figure.size.map(|(width, height)| (width.to_string(), height.to_string()));
    let mut attributes = vec![("url", src.as_str())];
    attributes.extend(media_type(src).map(|media_type| ("type", media_type)));
    attributes.push(("medium", "image"));
    if let Some((width, height)) = &size {
        attributes.extend([("width", width.as_str()), ("height", height.as_str())]);
    }
    if figure.caption.is_none() && figure.alt.is_none() && figure.credit.is_none() {
        return xml.empty("media:content", &attributes);
    }
    xml.open("media:content", &attributes)?;
    if let Some(caption) = &figure.caption {
        xml.plain("media:title", &[("type", "plain")], caption.as_str())?;
    }
    if let Some(alt) = &figure.alt {
        xml.plain("media:description", &[("type", "plain")], alt.as_str())?;
    }
    if let Some(credit) = &figure.credit {
        xml.plain("media:credit", &[("role", "photographer"), ("scheme", "urn:ebu")], credit.as_str())?;
    }
    xml.close("media:content")
}

/// The media type of a picture, as far as the name of its file tells.
fn media_type(src: &WebUrl) -> Option<&'static str> {
    let (_, extension) = src.url().path().rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "avif" => "image/avif",
        "gif" => "image/gif",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ => return None,
    })
}
