//! RSS 0.9x, 1.0 and 2.0, and Atom, in one walk: feeds in the wild mix their elements.

use super::xml::{self, Element, Fault, Space};
use super::{Enclosure, Feed, Head, Item, LONGEST_NAME, MAX_ITEMS, MAX_NAMED, Words, seconds};
use crate::domain::{Figure, Language, Line, Moment, WebUrl};
use crate::read::dates;

/// The feed of a document that begins as one.
pub(super) fn read(text: &str, url: Option<&WebUrl>) -> Result<Feed, Fault> {
    let mut reading = Reading { url, head: Head { base: url.cloned(), ..Head::default() }, ..Reading::default() };
    xml::read(text, url, |path| reading.closed(path))?;
    let Reading { head, mut items, .. } = reading;
    for item in &mut items {
        head.fill(item);
    }
    Ok(Feed { title: head.title, items, older: head.older })
}

#[derive(Default)]
struct Reading<'a> {
    url: Option<&'a WebUrl>,
    head: Head,
    items: Vec<Item>,
    /// What has been read of the item that is open.
    found: Found,
}

/// What an item says, by how far its elements can be trusted.
#[derive(Default)]
struct Found {
    id: Option<String>,
    /// Whether the id is said to be an address.
    is_permalink: bool,
    title: Option<Words>,
    /// The title for podcast apps, for libraries, of the picture: where there is no other.
    other_title: Option<Words>,
    link: Option<String>,
    original_link: Option<String>,
    published: Option<Moment>,
    updated: Option<Moment>,
    summary: Option<Words>,
    other_summary: Option<Words>,
    content: Option<Words>,
    authors: Vec<String>,
    producer: Option<String>,
    topics: Vec<String>,
    language: Option<Language>,
    enclosures: Vec<Enclosure>,
    seconds: Option<u32>,
    image: Option<Figure>,
    caption: Option<Line>,
    credit: Option<Line>,
}

impl Reading<'_> {
    /// Takes an element that was read to its end, with those around it.
    fn closed(&mut self, path: &[Element]) {
        let Some((element, above)) = path.split_last() else { return };
        let is_item = |element: &Element| element.is(Space::Rss, "item") || element.is(Space::Atom, "entry");
        if let Some(at) = above.iter().position(is_item) {
            if self.items.len() < MAX_ITEMS {
                let parents = above.get(at + 1..).unwrap_or_default();
                self.found.take(element, parents, element.base.as_deref().or(self.url));
            }
        } else if is_item(element) && !above.is_empty() {
            let found = std::mem::take(&mut self.found);
            if self.items.len() < MAX_ITEMS {
                let told = element.base.as_deref();
                let base = told.or(self.head.base.as_ref());
                let mut item = found.item(element, base);
                // Without a word on it, addresses in the text are those of the item's page.
                let page = item.url.as_ref().filter(|_| told.is_none());
                item.base = page.or(base).cloned();
                self.items.push(item);
            }
        } else {
            self.of_feed(element, above);
        }
    }

    /// What the feed says of itself.
    fn of_feed(&mut self, element: &Element, above: &[Element]) {
        let Some(parent) = above.last() else {
            self.head.language = self.head.language.take().or_else(|| element.attribute("xml:lang").and_then(Language::parse));
            return;
        };
        let is_head = parent.is(Space::Rss, "channel") || parent.is(Space::Atom, "feed");
        let text = element.text.trim();
        match (element.space, element.name.as_str()) {
            (Space::Rss | Space::Atom, "title") if is_head && self.head.title.is_none() => self.head.title = Line::new(text),
            (Space::Rss | Space::Dc, "language") if is_head => self.head.language = Language::parse(text),
            (Space::Rss, "link") if is_head => {
                let home = WebUrl::parse(text);
                self.head.base = home.or_else(|| self.head.base.take());
            }
            (Space::Atom, "link") if is_head => {
                let older = || element.base.as_deref().or(self.url)?.join(element.attribute("href")?);
                match element.attribute("rel") {
                    Some("prev-archive") => self.head.older = older(),
                    Some("next") => self.head.older = self.head.older.take().or_else(older),
                    _ => {}
                }
            }
            (Space::Atom, "name") if parent.is(Space::Atom, "author") && above.len() == 2 => add(&mut self.head.authors, text),
            _ => {}
        }
    }
}

fn add(texts: &mut Vec<String>, text: &str) {
    if (1..=LONGEST_NAME).contains(&text.len()) && texts.len() < MAX_NAMED {
        texts.push(text.to_owned());
    }
}

impl Found {
    /// Takes an element of the item; `parents` are those between the two.
    fn take(&mut self, element: &Element, parents: &[Element], base: Option<&WebUrl>) {
        let text = element.text.trim();
        let direct = parents.is_empty();
        match (element.space, element.name.as_str()) {
            (Space::Media, name) => self.medium(name, element, parents, base),
            (Space::Atom, "name") if matches!(parents, [parent] if parent.is(Space::Atom, "author")) => {
                add(&mut self.authors, text);
            }
            _ if !direct => {}
            (Space::Rss, "guid") => {
                self.is_permalink = element.attribute("isPermaLink") != Some("false");
                self.id = some(text);
            }
            (Space::Atom, "id") => self.id = some(text),
            (Space::Rss, "title") => self.title = title(element),
            (Space::Atom, "title") => self.title = self.title.take().or_else(|| typed(element)),
            (Space::Rss, "link") => self.link = some(text).or_else(|| self.link.take()),
            (Space::Atom, "link") => self.link(element, base),
            (Space::FeedBurner, "origLink") => self.original_link = some(text),
            (Space::Rss, "description") => self.summary = markup(element),
            (Space::Atom, "summary") => self.summary = self.summary.take().or_else(|| typed(element)),
            (Space::Content, "encoded") | (Space::Xhtml, "body") => self.content = markup(element),
            (Space::Atom, "content") => self.content = self.content.take().or_else(|| typed(element)),
            (Space::Dc, "description") | (Space::Itunes, "summary" | "subtitle") => {
                self.other_summary = self.other_summary.take().or_else(|| markup(element));
            }
            (Space::Rss, "author") | (Space::Dc, "creator" | "author") => add(&mut self.authors, text),
            (Space::Itunes, "author") => self.producer = some(text),
            (Space::Rss, "category") | (Space::Dc, "subject") => add(&mut self.topics, text),
            (Space::Atom, "category") => {
                add(&mut self.topics, element.attribute("label").or(element.attribute("term")).unwrap_or_default());
            }
            (Space::Rss, "pubDate") | (Space::Dc, "date") | (Space::Atom, "published" | "issued") => {
                self.published = dates::moment(text).or(self.published);
            }
            (Space::DcTerms, "created" | "issued" | "available") => self.published = self.published.or(dates::moment(text)),
            (Space::DcTerms, "modified") | (Space::Atom, "updated" | "modified") => {
                self.updated = dates::moment(text).or(self.updated);
            }
            (Space::Dc, "language") => self.language = Language::parse(text),
            (Space::Rss, "enclosure") => {
                let kind = element.attribute("type");
                self.enclose(element.attribute("url"), kind, element.attribute("length"), base);
            }
            (Space::Itunes, "duration") => self.seconds = seconds(text),
            (Space::Itunes | Space::Dc, "title") => self.other_title = self.other_title.take().or_else(|| title(element)),
            (Space::Itunes, "image") => self.picture(element.attribute("href"), base),
            _ => {}
        }
    }

    /// A link of Atom, by its relation (RFC 4287, section 4.2.7.2).
    fn link(&mut self, element: &Element, base: Option<&WebUrl>) {
        let Some(href) = element.attribute("href") else { return };
        let kind = element.attribute("type");
        match element.attribute("rel").unwrap_or("alternate") {
            "alternate" if self.link.is_none() || kind == Some("text/html") => {
                self.link = absolute(href, base).map(|url| url.to_string()).or_else(|| self.link.take());
            }
            "enclosure" => self.enclose(Some(href), kind, element.attribute("length"), base),
            _ => {}
        }
    }

    fn enclose(&mut self, url: Option<&str>, kind: Option<&str>, length: Option<&str>, base: Option<&WebUrl>) {
        let Some(url) = url.and_then(|url| absolute(url, base)) else { return };
        if kind.is_some_and(|kind| kind.starts_with("image/")) {
            self.picture(Some(url.as_str()), base);
        } else if self.enclosures.len() < MAX_NAMED {
            let length = length.and_then(|length| length.parse().ok()).filter(|length| *length > 0);
            self.enclosures.push(Enclosure { url, kind: kind.map(str::to_owned), length, seconds: None });
        }
    }

    fn picture(&mut self, url: Option<&str>, base: Option<&WebUrl>) {
        let src = url.and_then(|url| absolute(url, base));
        if self.image.is_none() && src.is_some() {
            self.image = Some(Figure { src, ..Figure::default() });
        }
    }

    /// Media RSS: pictures with what is said of them, and sounds.
    fn medium(&mut self, name: &str, element: &Element, parents: &[Element], base: Option<&WebUrl>) {
        let line = || Line::new(&element.text);
        // What is said inside of `media:content` is said of it; elsewhere of the first.
        let of_first = self.image.is_none() || parents.is_empty() || parents.iter().all(|parent| parent.name == "group");
        match name {
            "content" | "thumbnail" => {
                let kind = element.attribute("type").unwrap_or_default();
                let medium = element.attribute("medium").unwrap_or_default();
                if name == "thumbnail" || medium == "image" || kind.starts_with("image/") {
                    self.picture(element.attribute("url"), base);
                } else if medium == "audio" || kind.starts_with("audio/") {
                    self.enclose(element.attribute("url"), Some(kind), element.attribute("fileSize"), base);
                    self.seconds = self.seconds.or_else(|| seconds(element.attribute("duration")?));
                }
            }
            "title" if parents.is_empty() => self.other_title = self.other_title.take().or_else(|| title(element)),
            "description" | "text" if of_first && self.caption.is_none() => self.caption = line(),
            "credit" if of_first && self.credit.is_none() => self.credit = line(),
            _ => {}
        }
    }

    fn item(self, element: &Element, base: Option<&WebUrl>) -> Item {
        // RSS 1.0 names an item by its address.
        let id = self.id.or_else(|| element.attribute("rdf:about").map(str::to_owned));
        let permalink = || id.as_deref().filter(|_| self.is_permalink).and_then(WebUrl::parse);
        let url = self.original_link.as_deref().and_then(WebUrl::parse);
        let url = url.or_else(|| absolute(self.link.as_deref()?, base)).or_else(permalink);
        let mut enclosure = Enclosure::best(self.enclosures);
        if let Some(enclosure) = &mut enclosure {
            enclosure.seconds = enclosure.seconds.or(self.seconds);
        }
        let mut authors = self.authors;
        if authors.is_empty() {
            authors.extend(self.producer);
        }
        Item {
            published: self.published.or(self.updated),
            updated: self.updated,
            title: self.title.or(self.other_title),
            summary: self.summary.or(self.other_summary),
            content: self.content,
            authors,
            topics: self.topics,
            language: self.language.or_else(|| element.attribute("xml:lang").and_then(Language::parse)),
            image: self.image.map(|image| Figure { caption: self.caption, credit: self.credit, ..image }),
            base: None,
            enclosure,
            id,
            url,
        }
    }
}

impl Enclosure {
    /// The one that an app plays: the first sound, else the first.
    pub(super) fn best(all: Vec<Self>) -> Option<Self> {
        let is_sound = |one: &Self| one.kind.as_deref().is_some_and(|kind| kind.starts_with("audio/"));
        let at = all.iter().position(is_sound).unwrap_or(0);
        all.into_iter().nth(at)
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn absolute(text: &str, base: Option<&WebUrl>) -> Option<WebUrl> {
    WebUrl::parse(text).or_else(|| base?.join(text))
}

/// A text of RSS. It is HTML, escaped; where a writer forgot to escape it, what stands there is taken.
fn markup(element: &Element) -> Option<Words> {
    let html = if element.has_children { element.raw } else { element.text.as_str() };
    Some(Words::Html(html.trim().to_owned())).filter(|words| !words.is_blank())
}

/// A title of RSS, which may be HTML or not.
fn title(element: &Element) -> Option<Words> {
    markup(element).map(|words| match words {
        Words::Html(text) if !element.has_children => Words::Either(text),
        other => other,
    })
}

/// A text of Atom, by its type (RFC 4287, section 3.1).
fn typed(element: &Element) -> Option<Words> {
    let words = match element.attribute("type").unwrap_or("text") {
        "html" | "text/html" => Words::Html(element.text.clone()),
        "text" | "text/plain" if !element.has_children => Words::Plain(element.text.clone()),
        // Atom 0.3 says in another attribute that a text holds elements.
        "xhtml" | "application/xhtml+xml" | "text" | "text/plain" => Words::Html(element.raw.to_owned()),
        // Anything else is data, which is no text.
        _ => return None,
    };
    Some(words).filter(|words| !words.is_blank())
}
