//! Proof-reading: a feed is read back, as strictly as by the strictest reader, before it may replace one that is public.

use std::collections::BTreeSet;
use std::fmt;
use std::io::BufRead;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::FeedFormat;
use super::clean::clean;
use super::strict::{self, Element, Fault};

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
    #[error("it is not well-formed XML: line {line}: {why}")]
    Malformed { line: usize, why: String },
    #[error("it is not RSS: the root is `<{root}>`")]
    Rss { root: String },
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
pub(super) fn read(format: FeedFormat, feed: impl BufRead) -> Result<Vec<Published>, ProofError> {
    distinct(match format {
        FeedFormat::Rss => rss(|closed| strict::read(feed, is_kept, closed))?,
        FeedFormat::Atom => atom(|closed| strict::read(feed, is_kept, closed))?,
        FeedFormat::Json => json(serde_json::from_reader(feed)?)?,
    })
}

/// Reads a feed that is in memory, which takes a fraction of the time.
pub(super) fn read_bytes(format: FeedFormat, feed: &[u8]) -> Result<Vec<Published>, ProofError> {
    distinct(match format {
        FeedFormat::Rss => rss(|closed| strict::read_bytes(feed, is_kept, closed))?,
        FeedFormat::Atom => atom(|closed| strict::read_bytes(feed, is_kept, closed))?,
        FeedFormat::Json => json(serde_json::from_slice(feed)?)?,
    })
}

/// Whether the text of an element is one of [`Parts`], in either format.
fn is_kept(name: &str) -> bool {
    matches!(name, "guid" | "description" | "id" | "updated" | "title" | "link")
}

/// What is told of each element that was read to its end.
type Closed<'a> = &'a mut dyn FnMut(&[Element]);

fn distinct(items: Vec<Published>) -> Result<Vec<Published>, ProofError> {
    let mut seen = BTreeSet::new();
    match items.iter().find(|item| !seen.insert(item.guid.as_str())) {
        Some(item) => Err(ProofError::Twice { guid: item.guid.clone() }),
        None => Ok(items),
    }
}

/// Reads RSS as a forgiving reader does; items without an id or a title are left out.
pub(super) fn forgiving(bytes: &[u8]) -> Option<Vec<Published>> {
    let channel = ::rss::Channel::read_from(bytes).ok()?;
    let items = channel.items.into_iter().zip(1..);
    Some(
        items
            .filter_map(|(item, number)| published(number, item.guid.map(|guid| guid.value), item.title, item.link).ok())
            .collect(),
    )
}

fn rss(read: impl FnOnce(Closed) -> Result<(), Fault>) -> Result<Vec<Published>, ProofError> {
    let (mut channel, mut item) = (Parts::default(), Parts::default());
    let mut items = Vec::new();
    let mut root = None;
    read(&mut |path| match path {
        [element] => root = Some(element.name.clone()),
        [_, _, element] if element.name == "item" => items.push(std::mem::take(&mut item)),
        [_, parent, element] if parent.name == "channel" => channel.take(element, "guid", "description"),
        [_, _, parent, element] if parent.name == "item" => item.take(element, "guid", "description"),
        _ => {}
    })
    .map_err(malformed)?;
    if root.as_deref() != Some("rss") {
        return Err(ProofError::Rss { root: root.unwrap_or_default() });
    }
    head("title", &channel.title.unwrap_or_default())?;
    head("link", &channel.link.unwrap_or_default())?;
    head("description", &channel.told.unwrap_or_default())?;
    items.into_iter().zip(1..).map(|(item, number)| published(number, item.id, item.title, item.link)).collect()
}

fn atom(read: impl FnOnce(Closed) -> Result<(), Fault>) -> Result<Vec<Published>, ProofError> {
    let (mut head_parts, mut entry) = (Parts::default(), Parts::default());
    let mut entries = Vec::new();
    let mut root = None;
    read(&mut |path| match path {
        [element] => root = Some((element.name.clone(), element.namespace.clone())),
        [_, element] if element.name == "entry" => entries.push(std::mem::take(&mut entry)),
        [_, element] => head_parts.take(element, "id", "updated"),
        [_, parent, element] if parent.name == "entry" => entry.take(element, "id", "updated"),
        _ => {}
    })
    .map_err(malformed)?;
    match root {
        Some((name, Some(namespace))) if name == "feed" && namespace == "http://www.w3.org/2005/Atom" => {}
        root => return Err(ProofError::Atom { root: root.map(|(name, _)| name).unwrap_or_default() }),
    }
    head("id", &head_parts.id.unwrap_or_default())?;
    head("title", &head_parts.title.unwrap_or_default())?;
    head("date of change", &head_parts.told.unwrap_or_default())?;
    let entries = entries.into_iter().zip(1..);
    entries
        .map(|(entry, item)| {
            present(entry.told).ok_or(ProofError::ItemLacks { item, what: "date of change" })?;
            published(item, entry.id, entry.title, entry.link)
        })
        .collect()
}

/// What the head and an item have in common.
#[derive(Default)]
struct Parts {
    id: Option<String>,
    title: Option<String>,
    link: Option<String>,
    /// What else the format asks for: a description, a date of change.
    told: Option<String>,
}

impl Parts {
    /// Keeps what is kept of an element; `id` and `told` are the names that the format has for these.
    fn take(&mut self, element: &Element, id: &str, told: &str) {
        let part = match element.name.as_str() {
            name if name == id => &mut self.id,
            name if name == told => &mut self.told,
            "title" => &mut self.title,
            "link" if !element.text.is_empty() => &mut self.link,
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
    items: Items,
}

/// The items, or what is wrong with the first that is wrong; each is let go of as soon as it is checked.
struct Items(Result<Vec<Published>, ProofError>);

impl<'de> Deserialize<'de> for Items {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ItemsVisitor)
    }
}

struct ItemsVisitor;

impl<'de> Visitor<'de> for ItemsVisitor {
    type Value = Items;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Items, A::Error> {
        let mut out = Ok(Vec::new());
        let mut number = 0;
        while let Some(item) = items.next_element::<JsonItem>()? {
            number += 1;
            // The rest is read to its end, since what follows may not even be JSON.
            if let Ok(list) = &mut out {
                match item.checked(number) {
                    Ok(item) => list.push(item),
                    Err(error) => out = Err(error),
                }
            }
        }
        Ok(Items(out))
    }
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

impl JsonItem {
    fn checked(self, number: usize) -> Result<Published, ProofError> {
        if self.content_html.is_empty() && self.content_text.is_empty() {
            return Err(ProofError::ItemLacks { item: number, what: "content" });
        }
        let texts = [self.id.as_deref(), self.title.as_deref(), Some(&*self.content_html), Some(&*self.content_text)];
        if texts.into_iter().flatten().any(|text| clean(text) != text) {
            return Err(ProofError::Character { item: number });
        }
        published(number, self.id, self.title, self.url)
    }
}

fn json(feed: JsonFeed) -> Result<Vec<Published>, ProofError> {
    if !feed.version.starts_with("https://jsonfeed.org/version/1") {
        return Err(ProofError::Version { version: feed.version });
    }
    head("title", &feed.title)?;
    feed.items.0
}

fn malformed(fault: Fault) -> ProofError {
    ProofError::Malformed { line: fault.line, why: fault.why }
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
