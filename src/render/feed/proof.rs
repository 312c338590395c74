//! Proof-reading: a feed is read back, as strictly as by the strictest reader, before it may replace one that is public.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::domain::is_xml_char;

use super::FeedFormat;
use super::strict::{self, Element};

/// An item as it stands in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub guid: String,
    pub title: String,
    pub link: Option<String>,
}

/// Why a feed is not fit to be public.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error("it is not UTF-8")]
    Encoding(#[from] std::str::Utf8Error),
    #[error("it is not well-formed XML: line {line}: {why}")]
    Malformed { line: usize, why: String },
    #[error("it is not RSS")]
    Rss(#[from] ::rss::Error),
    #[error("it is not Atom: the root is `<{root}>`")]
    Atom { root: String },
    #[error("it is not JSON Feed")]
    Json(#[from] serde_json::Error),
    #[error("it is not JSON Feed: the version is `{version}`")]
    Version { version: String },
    #[error("the feed has no {what}")]
    HeadLacks { what: &'static str },
    /// Items are counted from 1.
    #[error("item {item} has no {what}")]
    ItemLacks { item: usize, what: &'static str },
    #[error("two items have the id `{guid}`")]
    Twice { guid: String },
    /// JSON can write any character, but a reader hands them on to XML and HTML.
    #[error("item {item} has a character that no feed can carry")]
    Character { item: usize },
}

/// Reads a feed and lists its items.
pub(super) fn read(format: FeedFormat, bytes: &[u8]) -> Result<Vec<Published>, ProofError> {
    let text = std::str::from_utf8(bytes)?;
    let items = match format {
        FeedFormat::Rss => rss(text)?,
        FeedFormat::Atom => atom(text)?,
        FeedFormat::Json => json(text)?,
    };
    let mut seen = BTreeSet::new();
    match items.iter().find(|item| !seen.insert(item.guid.as_str())) {
        Some(item) => Err(ProofError::Twice { guid: item.guid.clone() }),
        None => Ok(items),
    }
}

fn rss(text: &str) -> Result<Vec<Published>, ProofError> {
    // The rss crate takes in what XML forbids; it is asked only what the document says.
    well_formed(text, |_| {})?;
    let channel = ::rss::Channel::read_from(text.as_bytes())?;
    head("title", channel.title())?;
    head("link", channel.link())?;
    head("description", channel.description())?;
    let items = channel.items.into_iter().zip(1..);
    items.map(|(item, number)| published(number, item.guid.map(|guid| guid.value), item.title, item.link)).collect()
}

fn atom(text: &str) -> Result<Vec<Published>, ProofError> {
    let (mut feed, mut entries) = (AtomParts::default(), Vec::new());
    let mut entry = AtomParts::default();
    let mut root = None;
    well_formed(text, |path| match path {
        [element] => root = Some((element.name.clone(), element.namespace.clone())),
        [_, element] if element.name == "entry" => entries.push(std::mem::take(&mut entry)),
        [_, element] => feed.take(element),
        [_, parent, element] if parent.name == "entry" => entry.take(element),
        _ => {}
    })?;
    match root {
        Some((name, Some(namespace))) if name == "feed" && namespace == "http://www.w3.org/2005/Atom" => {}
        root => return Err(ProofError::Atom { root: root.map(|(name, _)| name).unwrap_or_default() }),
    }
    head("id", &feed.id.unwrap_or_default())?;
    head("title", &feed.title.unwrap_or_default())?;
    head("date of change", &feed.updated.unwrap_or_default())?;
    let entries = entries.into_iter().zip(1..);
    entries
        .map(|(entry, item)| {
            present(entry.updated).ok_or(ProofError::ItemLacks { item, what: "date of change" })?;
            published(item, entry.id, entry.title, entry.link)
        })
        .collect()
}

/// What the head and an entry of an Atom feed have in common.
#[derive(Default)]
struct AtomParts {
    id: Option<String>,
    title: Option<String>,
    updated: Option<String>,
    link: Option<String>,
}

impl AtomParts {
    fn take(&mut self, element: &Element) {
        let part = match element.name.as_str() {
            "id" => &mut self.id,
            "title" => &mut self.title,
            "updated" => &mut self.updated,
            // A link without `rel` is an alternate (RFC 4287, section 4.2.7.2).
            "link" if matches!(element.attribute("rel"), None | Some("alternate")) => {
                self.link = element.attribute("href").map(str::to_owned);
                return;
            }
            _ => return,
        };
        *part = Some(element.text.clone());
    }
}

#[derive(Deserialize)]
struct JsonFeed {
    version: String,
    #[serde(default)]
    title: String,
    items: Vec<JsonItem>,
}

#[derive(Deserialize)]
struct JsonItem {
    id: Option<String>,
    title: Option<String>,
    url: Option<String>,
    #[serde(default)]
    content_html: String,
    #[serde(default)]
    content_text: String,
}

fn json(text: &str) -> Result<Vec<Published>, ProofError> {
    let feed: JsonFeed = serde_json::from_str(text)?;
    if !feed.version.starts_with("https://jsonfeed.org/version/1") {
        return Err(ProofError::Version { version: feed.version });
    }
    head("title", &feed.title)?;
    let items = feed.items.into_iter().zip(1..);
    items
        .map(|(item, number)| {
            if item.content_html.is_empty() && item.content_text.is_empty() {
                return Err(ProofError::ItemLacks { item: number, what: "content" });
            }
            let texts = [item.id.as_deref(), item.title.as_deref(), Some(&*item.content_html), Some(&*item.content_text)];
            if texts.into_iter().flatten().flat_map(str::chars).any(|c| !is_xml_char(c)) {
                return Err(ProofError::Character { item: number });
            }
            published(number, item.id, item.title, item.url)
        })
        .collect()
}

fn well_formed(text: &str, closed: impl FnMut(&[Element])) -> Result<(), ProofError> {
    strict::read(text, closed).map_err(|fault| ProofError::Malformed { line: fault.line, why: fault.why })
}

fn head(what: &'static str, value: &str) -> Result<(), ProofError> {
    if value.trim().is_empty() { Err(ProofError::HeadLacks { what }) } else { Ok(()) }
}

fn published(item: usize, guid: Option<String>, title: Option<String>, link: Option<String>) -> Result<Published, ProofError> {
    let guid = present(guid).ok_or(ProofError::ItemLacks { item, what: "id" })?;
    let title = present(title).ok_or(ProofError::ItemLacks { item, what: "title" })?;
    Ok(Published { guid, title, link: present(link) })
}

/// The value without white space around it, which some readers keep and others do not.
fn present(value: Option<String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}
