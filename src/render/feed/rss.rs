//! RSS 2.0, by the specification and the RSS Advisory Board's best practices profile.

use std::io::{self, Write};

use crate::domain::podcast::ShowGuid;
use crate::domain::{Article, Figure, Line, Mailbox, Publication, Scope, Show, Syndication, WebUrl, english};

use super::content::joined;
use super::html::Html;
use super::time::{rfc2822, rfc3339};
use super::xml::{EscapedHtml, Xml};
use super::{FeedFormat, FeedHead, FeedItem, Part};

const ROOT: [(&str, &str); 6] = [
    ("version", "2.0"),
    ("xmlns:atom", "http://www.w3.org/2005/Atom"),
    ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
    ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
    ("xmlns:dcterms", "http://purl.org/dc/terms/"),
    ("xmlns:media", "http://search.yahoo.com/mrss/"),
];
/// Of documents that belong to an archive (RFC 5005, section 4 and appendix B).
const HISTORY: (&str, &str) = ("xmlns:fh", "http://purl.org/syndication/history/1.0");
/// Of feeds that recommend shows; nothing of it makes a podcast of an article feed.
const PODCAST: (&str, &str) = ("xmlns:podcast", "https://podcastindex.org/namespace/1.0");

pub(super) struct Rss<'a, W> {
    xml: Xml<W>,
    publication: &'a Publication,
}

impl<'a, W: Write> Rss<'a, W> {
    pub(super) fn new(head: FeedHead<'a>, out: W) -> io::Result<Self> {
        let publication = head.publication;
        let format = FeedFormat::Rss;
        let mut xml = Xml::styled(out, &head.stylesheet(format))?;
        let is_archive = matches!(head.part, Part::Archive { .. });
        let podroll: Vec<(&Show, &ShowGuid)> =
            publication.shows.iter().filter_map(|show| Some((show, show.guid.as_ref()?))).collect();
        let mut root = ROOT.to_vec();
        root.extend(is_archive.then_some(HISTORY));
        root.extend((!podroll.is_empty()).then_some(PODCAST));
        xml.open("rss", &root)?;
        xml.open("channel", &[])?;
        let title = head.title();
        xml.plain("title", &[], title.as_str())?;
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
        if let Scope::Section(topic) = head.scope {
            category(&mut xml, topic, publication)?;
        }
        // Without a version: an upgrade of griot is no news to readers.
        xml.value("generator", &[], "griot")?;
        let Syndication { hubs, ttl, skip_days, skip_hours, .. } = &publication.syndication;
        xml.value("ttl", &[], &ttl.to_string())?;
        if let Some(image) = &publication.image {
            xml.open("image", &[])?;
            xml.value("url", &[], image.as_str())?;
            xml.plain("title", &[], title.as_str())?;
            xml.value("link", &[], publication.home.as_str())?;
            xml.close("image")?;
        }
        skipped(&mut xml, "skipHours", "hour", skip_hours.iter().map(ToString::to_string))?;
        skipped(&mut xml, "skipDays", "day", skip_days.iter().map(|day| english(*day).to_owned()))?;
        xml.empty("atom:link", &[("rel", "self"), ("type", format.media_type()), ("href", head.url(format).as_str())])?;
        for (relation, url) in head.relations(format) {
            xml.empty("atom:link", &[("rel", relation), ("type", format.media_type()), ("href", url.as_str())])?;
        }
        for hub in hubs {
            xml.empty("atom:link", &[("rel", "hub"), ("href", hub.as_str())])?;
        }
        if is_archive {
            xml.empty("fh:archive", &[])?;
        }
        if !podroll.is_empty() {
            xml.open("podcast:podroll", &[])?;
            for (show, guid) in podroll {
                remote_item(&mut xml, show, guid)?;
            }
            xml.close("podcast:podroll")?;
        }
        Ok(Self { xml, publication })
    }

    pub(super) fn item(&mut self, item: &FeedItem) -> io::Result<()> {
        let FeedItem { archived, escaped, excerpt, link, .. } = item;
        let Self { xml, publication } = self;
        let article = &archived.article;
        xml.open("item", &[])?;
        xml.plain("title", &[], article.title.as_str())?;
        if let Some(url) = link {
            xml.value("link", &[], url.as_str())?;
        }
        let is_permalink = if archived.has_permalink() { "true" } else { "false" };
        xml.value("guid", &[("isPermaLink", is_permalink)], &archived.guid)?;
        xml.value("pubDate", &[], &rfc2822(archived.published, &publication.zone))?;
        // `author` would have to be a mail address.
        if publication.syndication.joined_authors && !article.authors.is_empty() {
            xml.plain("dc:creator", &[], &joined(&article.authors))?;
        } else {
            for author in &article.authors {
                xml.plain("dc:creator", &[], author.as_str())?;
            }
        }
        for topic in &article.topics {
            category(xml, topic, publication)?;
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

    pub(super) fn out(&mut self) -> &mut W {
        self.xml.out()
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

/// A topic; those of one publication are one taxonomy.
fn category<W: Write>(xml: &mut Xml<W>, topic: &Line, publication: &Publication) -> io::Result<()> {
    xml.plain("category", &[("domain", publication.home.as_str())], topic.as_str())
}

/// When nothing new is to be expected; nothing where that may be at any time.
fn skipped<W: Write>(
    xml: &mut Xml<W>,
    list: &'static str,
    name: &'static str,
    values: impl ExactSizeIterator<Item = String>,
) -> io::Result<()> {
    if values.len() == 0 {
        return Ok(());
    }
    xml.open(list, &[])?;
    for value in values {
        xml.value(name, &[], &value)?;
    }
    xml.close(list)
}

/// A show that is recommended, by the name of its feed (podcast namespace, `podroll`).
fn remote_item<W: Write>(xml: &mut Xml<W>, show: &Show, guid: &ShowGuid) -> io::Result<()> {
    let mut attributes = vec![("feedGuid", guid.as_str())];
    attributes.extend(show.feed.as_ref().map(|feed| ("feedUrl", feed.as_str())));
    attributes.push(("title", show.name.as_str()));
    xml.empty("podcast:remoteItem", &attributes)
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
