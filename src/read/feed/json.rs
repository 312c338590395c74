//! JSON Feed 1.0 and 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Enclosure, Feed, Head, Item, LONGEST_NAME, MAX_ITEMS, MAX_NAMED, Words};
use crate::domain::{Figure, Language, Line, WebUrl};
use crate::read::dates;

/// The feed; `None` where the JSON is no feed.
pub(super) fn read(text: &str, url: Option<&WebUrl>) -> Result<Option<Feed>, serde_json::Error> {
    let written: Written = serde_json::from_str(text)?;
    if !written.version.as_deref().is_some_and(|version| version.contains("jsonfeed.org/version/")) {
        return Ok(None);
    }
    let absolute = |text: &str| WebUrl::parse(text).or_else(|| url?.join(text));
    let home = written.home_page_url.as_deref().and_then(absolute);
    let head = Head {
        title: written.title.as_deref().and_then(Line::new),
        authors: names(written.authors, written.author),
        language: written.language.as_deref().and_then(Language::parse),
        base: home.or_else(|| url.cloned()),
        older: written.next_url.as_deref().and_then(absolute),
    };
    let items = written.items.0.into_iter().map(|written| {
        let mut item = item(written, head.base.as_ref());
        head.fill(&mut item);
        item
    });
    Ok(Some(Feed { items: items.collect(), title: head.title, older: head.older }))
}

fn item(written: WrittenItem, base: Option<&WebUrl>) -> Item {
    let absolute = |text: &String| WebUrl::parse(text).or_else(|| base?.join(text));
    let id = written.id.map(Scalar::text).map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
    // An id that is an address stands for the page where no address is given.
    let url = written.url.as_ref().and_then(absolute).or_else(|| written.external_url.as_ref().and_then(absolute));
    let url = url.or_else(|| id.as_deref().and_then(WebUrl::parse));
    let html = written.content_html.map(Words::Html).filter(|words| !words.is_blank());
    let enclosures: Vec<Enclosure> = written.attachments.0.iter().filter_map(|one| one.enclosure(base)).collect();
    let image = written.image.as_ref().or(written.banner_image.as_ref()).and_then(absolute);
    Item {
        published: written.date_published.as_deref().and_then(dates::moment),
        updated: written.date_modified.as_deref().and_then(dates::moment),
        enclosure: Enclosure::best(enclosures),
        title: written.title.map(Words::Plain).filter(|title| !title.is_blank()),
        summary: written.summary.map(Words::Plain),
        content: html.or(written.content_text.map(Words::Plain)),
        authors: names(written.authors, written.author),
        topics: written.tags.0.into_iter().filter(|tag| tag.len() <= LONGEST_NAME).collect(),
        language: written.language.as_deref().and_then(Language::parse),
        image: image.map(|src| Figure { src: Some(src), ..Figure::default() }),
        base: url.clone().or_else(|| base.cloned()),
        id,
        url,
    }
}

/// `author` is how version 1.0 said it.
fn names(authors: Few<Author>, author: Option<Author>) -> Vec<String> {
    let named = authors.0.into_iter().chain(author).filter_map(Author::name);
    named.filter(|name| name.len() <= LONGEST_NAME).collect()
}

#[derive(Deserialize)]
struct Written {
    version: Option<String>,
    title: Option<String>,
    home_page_url: Option<String>,
    next_url: Option<String>,
    language: Option<String>,
    #[serde(default)]
    authors: Few<Author>,
    author: Option<Author>,
    #[serde(default)]
    items: Items,
}

#[derive(Deserialize)]
struct WrittenItem {
    id: Option<Scalar>,
    url: Option<String>,
    external_url: Option<String>,
    title: Option<String>,
    content_html: Option<String>,
    content_text: Option<String>,
    summary: Option<String>,
    image: Option<String>,
    banner_image: Option<String>,
    date_published: Option<String>,
    date_modified: Option<String>,
    language: Option<String>,
    #[serde(default)]
    authors: Few<Author>,
    author: Option<Author>,
    #[serde(default)]
    tags: Few<String>,
    #[serde(default)]
    attachments: Few<Attachment>,
}

/// An author: an object by the specification, a bare name in the feeds of some.
#[derive(Deserialize)]
#[serde(untagged)]
enum Author {
    Plain(String),
    Named { name: Option<String> },
    Other(IgnoredAny),
}

impl Author {
    fn name(self) -> Option<String> {
        match self {
            Self::Plain(name) | Self::Named { name: Some(name) } => Some(name),
            Self::Named { name: None } | Self::Other(_) => None,
        }
    }
}

/// A number, also where it is written as a text; anything else says nothing, and spoils nothing.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Value(f64),
    Text(String),
    Other(IgnoredAny),
}

impl Number {
    /// Whole and not negative.
    fn whole(&self) -> Option<u64> {
        match self {
            Self::Value(number) => format!("{number:.0}").parse().ok(),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Other(_) => None,
        }
    }
}

#[derive(Deserialize)]
struct Attachment {
    url: Option<String>,
    mime_type: Option<String>,
    size_in_bytes: Option<Number>,
    duration_in_seconds: Option<Number>,
}

impl Attachment {
    fn enclosure(&self, base: Option<&WebUrl>) -> Option<Enclosure> {
        let url = self.url.as_deref()?;
        let seconds = self.duration_in_seconds.as_ref().and_then(Number::whole);
        Some(Enclosure {
            url: WebUrl::parse(url).or_else(|| base?.join(url))?,
            kind: self.mime_type.clone(),
            length: self.size_in_bytes.as_ref().and_then(Number::whole),
            seconds: seconds.and_then(|seconds| u32::try_from(seconds).ok()).filter(|seconds| *seconds > 0),
        })
    }
}

/// An id: the specification wants a text, and numbers are to be read as such.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Whole(i64),
    Number(f64),
}

impl Scalar {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A list that is read up to a limit, and passed over beyond it: a few bytes of JSON can stand for much memory.
struct Limited<T, const LIMIT: usize>(Vec<T>);

type Few<T> = Limited<T, MAX_NAMED>;
type Items = Limited<WrittenItem, MAX_ITEMS>;

impl<T, const LIMIT: usize> Default for Limited<T, LIMIT> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const LIMIT: usize> Deserialize<'de> for Limited<T, LIMIT> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Elements(PhantomData))
    }
}

struct Elements<T, const LIMIT: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const LIMIT: usize> Visitor<'de> for Elements<T, LIMIT> {
    type Value = Limited<T, LIMIT>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Limited::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut taken = Vec::new();
        while taken.len() < LIMIT {
            match elements.next_element()? {
                Some(element) => taken.push(element),
                None => return Ok(Limited(taken)),
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Limited(taken))
    }
}
