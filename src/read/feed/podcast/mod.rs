//! A podcast feed as a whole: what it says of the show and of each episode, in the words of `[[shows]]` and of a note.
//!
//! Nothing is checked here. What the feed says becomes what a person might have written, and whoever reads that says what of it
//! is wrong.

mod tags;

use std::collections::BTreeMap;

use super::xml::{self, Element, Space};
use super::{Item, MAX_ITEMS};
use crate::domain::podcast::ShowGuid;
use crate::domain::{Line, WebUrl, Written};
use crate::read::{Page, ReadError};

/// Keys with what a feed says for them.
pub type Rows = BTreeMap<String, Written>;

/// A show as another tool publishes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Podcast {
    /// What belongs into `[[shows]]`.
    pub show: Rows,
    /// Its own `podcast:guid`.
    pub guid: Option<ShowGuid>,
    /// The address that the feed gives itself (`rel="self"`).
    pub own_url: Option<WebUrl>,
    pub image: Option<WebUrl>,
    pub episodes: Vec<Aired>,
    /// Where its older episodes are (RFC 5005).
    pub older: Option<WebUrl>,
}

/// An episode as it is public elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aired {
    pub item: Item,
    /// What belongs into its note, all but what [`Aired::item`] says and what lies in files.
    pub rows: Rows,
    pub image: Option<WebUrl>,
    pub chapters: Option<WebUrl>,
    pub transcripts: Vec<Offered>,
    /// How many other formats of its sound there are.
    pub others: usize,
}

/// A transcript on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub url: WebUrl,
    /// The media type, without parameters.
    pub kind: String,
    pub language: Option<String>,
    pub is_captions: bool,
}

/// Transcripts of an episode that are read.
const MAX_TRANSCRIPTS: usize = 8;

/// Reads a podcast feed.
///
/// # Errors
///
/// A page that is no feed, or one of more than 10,000 episodes: it is not taken in part, since a part would pass for the whole.
pub fn read(page: &Page) -> Result<Podcast, ReadError> {
    let feed = super::read(page)?;
    let text = page.text.trim_start_matches('\u{FEFF}').trim_start();
    let mut reading = Reading { url: page.url.as_ref(), ..Reading::default() };
    if !text.starts_with('{') {
        let broken = |fault: xml::Fault| ReadError::BrokenFeed { origin: page.origin.clone(), line: fault.line, what: fault.why };
        xml::read(text, page.url.as_ref(), |path| reading.closed(path)).map_err(broken)?;
    }
    let Reading { mut podcast, said, count, .. } = reading;
    if count > MAX_ITEMS {
        return Err(ReadError::TooManyItems { origin: page.origin.clone(), limit: MAX_ITEMS });
    }
    let mut said = said.into_iter();
    podcast.episodes = feed.items.into_iter().map(|item| Aired { item, ..said.next().unwrap_or_default() }).collect();
    podcast.older = feed.older;
    Ok(podcast)
}

#[derive(Default)]
struct Reading<'a> {
    url: Option<&'a WebUrl>,
    podcast: Podcast,
    /// What each item says, in the order of the items.
    said: Vec<Aired>,
    open: Aired,
    count: usize,
    /// Of a table that is still open: who is paid, and the categories below another.
    inner: Vec<Written>,
}

impl Reading<'_> {
    /// Takes an element that was read to its end, with those around it.
    fn closed(&mut self, path: &[Element]) {
        let Some((element, above)) = path.split_last() else { return };
        // The same as the reader of items goes by, so that what is said here is said of the same item.
        let is_item = |element: &Element| element.is(Space::Rss, "item") || element.is(Space::Atom, "entry");
        let base = element.base.as_deref().or(self.url);
        if let Some(at) = above.iter().position(is_item) {
            match above.get(at + 1..) {
                Some([]) => self.of_item(element, base),
                Some([value]) if value.is(Space::Podcast, "value") => self.recipient(element),
                _ => {}
            }
        } else if is_item(element) && !above.is_empty() {
            self.count += 1;
            let said = std::mem::take(&mut self.open);
            if self.count <= MAX_ITEMS {
                self.said.push(said);
            }
        } else if let [.., channel] = above
            && channel.is(Space::Rss, "channel")
        {
            self.of_show(element, base);
        } else if let [.., channel, parent] = above
            && channel.is(Space::Rss, "channel")
        {
            self.below(parent, element, base);
        }
    }

    fn recipient(&mut self, element: &Element) {
        if element.is(Space::Podcast, "valueRecipient") {
            self.inner.push(tags::recipient(element));
        }
    }

    fn of_item(&mut self, element: &Element, base: Option<&WebUrl>) {
        let text = element.text.trim();
        let address = |name: &str| absolute(element.attribute(name)?, base);
        let open = &mut self.open;
        match (element.space, element.name.as_str()) {
            (Space::Itunes, "image") => open.image = address("href").or_else(|| open.image.take()),
            (Space::Itunes, "episodeType") => set(&mut open.rows, "type", &text.to_ascii_lowercase()),
            (Space::Itunes, "season") => number(&mut open.rows, "season", text, false),
            (Space::Itunes, "episode") => number(&mut open.rows, "episode", text, false),
            (Space::Podcast, "season") => {
                number(&mut open.rows, "season", text, true);
                set(&mut open.rows, "season_name", element.attribute("name").unwrap_or_default());
            }
            (Space::Podcast, "episode") => {
                number(&mut open.rows, "episode", text, true);
                set(&mut open.rows, "episode_name", element.attribute("display").unwrap_or_default());
            }
            (Space::Podcast, "chapters") => open.chapters = address("url").or_else(|| open.chapters.take()),
            (Space::Podcast, "transcript") if open.transcripts.len() < MAX_TRANSCRIPTS => {
                let kind = element.attribute("type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
                open.transcripts.extend(address("url").map(|url| Offered {
                    url,
                    kind: kind.to_ascii_lowercase(),
                    language: element.attribute("language").map(str::to_owned),
                    is_captions: element.attribute("rel") == Some("captions"),
                }));
            }
            (Space::Podcast, "alternateEnclosure") => open.others += 1,
            _ => tags::take(&mut open.rows, element, &mut self.inner),
        }
    }

    fn of_show(&mut self, element: &Element, base: Option<&WebUrl>) {
        let text = element.text.trim();
        let address = |name: &str| absolute(element.attribute(name)?, base);
        let Podcast { show, guid, own_url, image, .. } = &mut self.podcast;
        match (element.space, element.name.as_str()) {
            (Space::Rss, "title") => set(show, "name", text),
            (Space::Rss, "description") => set(show, "description", &plain(text)),
            (Space::Rss | Space::Dc, "language") => set(show, "language", text),
            (Space::Rss, "link") => set(show, "listen", text),
            (Space::Rss, "copyright") => set(show, "copyright", text),
            (Space::Atom, "link") if element.attribute("rel") == Some("self") => *own_url = address("href"),
            (Space::Itunes, "image") => *image = address("href").or_else(|| image.take()),
            (Space::Itunes, "type") if text.eq_ignore_ascii_case("serial") => set(show, "type", "serial"),
            (Space::Itunes, "complete") if is_yes(text) => drop(show.insert("complete".to_owned(), Written::Flag(true))),
            (Space::Itunes, "category") => self.category(element),
            (Space::Podcast, "guid") => *guid = ShowGuid::parse(text),
            (Space::Podcast, "medium") => set(show, "medium", &text.to_ascii_lowercase()),
            (Space::Podcast, "locked") => drop(show.insert("locked".to_owned(), Written::Flag(is_yes(text)))),
            (Space::Podcast, "updateFrequency") => {
                set(show, "frequency", text);
                set(show, "rrule", element.attribute("rrule").unwrap_or_default());
                if element.attribute("complete") == Some("true") {
                    show.insert("complete".to_owned(), Written::Flag(true));
                }
            }
            (Space::Podcast, "podping") if element.attribute("usesPodping") == Some("true") => {
                show.insert("podping".to_owned(), Written::Flag(true));
            }
            _ => tags::take(show, element, &mut self.inner),
        }
    }

    /// What stands in an element of the show.
    fn below(&mut self, parent: &Element, element: &Element, base: Option<&WebUrl>) {
        let text = element.text.trim();
        let Podcast { show, image, .. } = &mut self.podcast;
        match (parent.space, parent.name.as_str(), element.name.as_str()) {
            (Space::Podcast, "value", _) => self.recipient(element),
            (Space::Itunes, "category", "category") => {
                let name = |element: &Element| element.attribute("text").unwrap_or_default().to_owned();
                self.inner.push(Written::Text(format!("{} > {}", name(parent), name(element))));
            }
            // The name comes first or last; put together they are one mailbox.
            (Space::Itunes, "owner", "name") => {
                let address = take_text(show, "owner");
                set(show, "owner", &address.map_or_else(|| text.to_owned(), |address| format!("{text} <{address}>")));
            }
            (Space::Itunes, "owner", "email") => {
                let name = take_text(show, "owner");
                set(show, "owner", &name.map_or_else(|| text.to_owned(), |name| format!("{name} <{text}>")));
            }
            (Space::Podcast, "publisher", "remoteItem") => {
                let attribute = |name: &str| element.attribute(name).map(|value| Written::Text(value.to_owned()));
                let rows = [("guid", "feedGuid"), ("feed", "feedUrl"), ("title", "title")];
                let rows = rows.into_iter().filter_map(|(key, name)| Some((key.to_owned(), attribute(name)?))).collect();
                show.insert("publisher".to_owned(), Written::Table(rows));
            }
            (Space::Rss, "image", "url") => *image = image.take().or_else(|| absolute(text, base)),
            _ => {}
        }
    }

    fn category(&mut self, element: &Element) {
        let below = std::mem::take(&mut self.inner);
        let own = element.attribute("text").map(|text| Written::Text(text.to_owned()));
        let found = if below.is_empty() { own.into_iter().collect() } else { below };
        for category in found {
            tags::push(&mut self.podcast.show, "category", category);
        }
    }
}

/// Writes a key down, the first time that something is said for it.
fn set(rows: &mut Rows, key: &str, text: &str) {
    if let Some(line) = Line::new(text)
        && !rows.contains_key(key)
    {
        rows.insert(key.to_owned(), Written::Text(line.to_string()));
    }
}

/// The same for a number. That of the namespace wins over Apple's, which knows whole ones only.
fn number(rows: &mut Rows, key: &str, text: &str, wins: bool) {
    if !text.is_empty() && (wins || !rows.contains_key(key)) {
        let plain = text.trim_start_matches('0');
        let text = if plain.is_empty() || plain.starts_with('.') { text } else { plain };
        rows.insert(key.to_owned(), Written::Number(text.to_owned()));
    }
}

fn take_text(rows: &mut Rows, key: &str) -> Option<String> {
    match rows.remove(key) {
        Some(Written::Text(text)) => Some(text),
        _ => None,
    }
}

fn is_yes(text: &str) -> bool {
    text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("true")
}

fn plain(text: &str) -> String {
    if text.contains(['<', '&']) { super::item::plain(text) } else { text.to_owned() }
}

fn absolute(text: &str, base: Option<&WebUrl>) -> Option<WebUrl> {
    WebUrl::parse(text).or_else(|| base?.join(text))
}

#[cfg(test)]
mod tests;
