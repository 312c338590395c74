//! All feeds of the publication as one list (OPML 2.0), for readers that take a list.

use std::io;

use crate::domain::{Line, Publication, WebUrl};

use super::xml::Xml;

/// A feed in the list.
#[derive(Clone, Debug)]
pub struct Outline {
    pub title: Line,
    pub url: WebUrl,
    /// The kind of feed; `rss` for RSS whatever its modules (OPML 2.0, subscription lists).
    pub kind: &'static str,
}

/// The list. It has no date: it changes only when a feed comes or goes.
pub fn opml(publication: &Publication, feeds: &[Outline]) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new(Vec::new())?;
    xml.open("opml", &[("version", "2.0")])?;
    xml.open("head", &[])?;
    xml.plain("title", &[], publication.title.as_str())?;
    if let Some(name) = publication.owner.as_ref().and_then(|owner| owner.name.as_ref()) {
        xml.plain("ownerName", &[], name.as_str())?;
    }
    xml.value("docs", &[], "http://opml.org/spec2.opml")?;
    xml.close("head")?;
    xml.open("body", &[])?;
    for Outline { title, url, kind } in feeds {
        let attributes = [
            ("type", *kind),
            ("text", title.as_str()),
            ("title", title.as_str()),
            ("xmlUrl", url.as_str()),
            ("htmlUrl", publication.home.as_str()),
            ("language", publication.language.as_str()),
        ];
        xml.empty("outline", &attributes)?;
    }
    xml.close("body")?;
    xml.close("opml")?;
    xml.finish()
}
