//! Reading a feed: RSS 0.9x, 1.0 and 2.0, Atom 1.0 (and 0.3), JSON Feed 1.0 and 1.1.
//!
//! A feed is read in two steps. All of it is parsed ([`read`]), which is cheap, and tells its items apart; what an item says
//! is understood as a [`Draft`](crate::domain::Draft) only where it is asked for ([`Item::draft`]), since most items of a feed
//! have been seen before.

mod difference;
mod item;
mod json;
mod podcast;
mod syndication;
mod xml;

#[cfg(test)]
mod tests;

pub use difference::{Changed, Difference, Named, Resurfacing, difference};
pub use item::{Enclosure, Item};
pub use podcast::{Aired, Offered, Podcast, Rows, read as podcast};

use super::{Page, ReadError};
use crate::domain::{Language, Line, WebUrl};

/// The most items of a feed that are read. Feeds of whole archives exist; what counts is that there is a limit.
const MAX_ITEMS: usize = 10_000;
/// Authors, topics and enclosures of an item.
const MAX_NAMED: usize = 32;
/// Bytes of the longest name of an author or topic. Those of the feed are written into each of its items.
const LONGEST_NAME: usize = 400;

/// A feed, with its items in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    pub title: Option<Line>,
    pub items: Vec<Item>,
    /// Where its older items are (RFC 5005: `prev-archive`, or `next` of a feed in pages; JSON Feed: `next_url`).
    pub older: Option<WebUrl>,
}

/// A text as a feed gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Words {
    Plain(String),
    Html(String),
    /// Either: RSS does not say which its titles are, and writers are of both kinds.
    Either(String),
}

impl Words {
    fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Html(text) | Self::Either(text) => text,
        }
    }

    fn is_blank(&self) -> bool {
        self.as_str().trim().is_empty()
    }
}

/// What holds for every item that does not say otherwise.
#[derive(Debug, Default)]
struct Head {
    title: Option<Line>,
    authors: Vec<String>,
    language: Option<Language>,
    /// What addresses are relative to.
    base: Option<WebUrl>,
    older: Option<WebUrl>,
}

impl Head {
    /// Fills in what an item leaves to its feed.
    ///
    /// An author that is called as the feed is only its publisher, and says nothing of who wrote.
    fn fill(&self, item: &mut Item) {
        if item.authors.is_empty() {
            let title = self.title.as_ref().map(Line::as_str);
            item.authors = self.authors.iter().filter(|name| Some(name.trim()) != title).cloned().collect();
        }
        item.language = item.language.take().or_else(|| self.language.clone());
    }
}

/// Reads a page as a feed, or says why it is none.
pub fn read(page: &Page) -> Result<Feed, ReadError> {
    let text = page.text.trim_start_matches('\u{FEFF}').trim_start();
    let no_feed = || ReadError::NotAFeed { origin: page.origin.clone() };
    let broken = |line: usize, what: String| ReadError::BrokenFeed { origin: page.origin.clone(), line, what };
    if text.starts_with('{') {
        return json::read(text, page.url.as_ref()).map_err(|error| broken(error.line(), error.to_string()))?.ok_or_else(no_feed);
    }
    let skipped = page.text.get(..page.text.len() - text.len()).unwrap_or_default().matches('\n').count();
    if !begins(text) {
        return Err(no_feed());
    }
    syndication::read(text, page.url.as_ref()).map_err(|fault| broken(skipped + fault.line, fault.why))
}

/// Whether the beginning of a text is that of a feed.
pub(super) fn begins(head: &str) -> bool {
    let mut rest = head.trim_start_matches('\u{FEFF}').trim_start();
    if rest.starts_with('{') {
        return rest.contains("\"version\"") && rest.replace("\\/", "/").contains("//jsonfeed.org/version/");
    }
    // Past the declaration, comments and the document type stands the root.
    while let Some(after) = rest.strip_prefix("<!--").or_else(|| rest.strip_prefix("<?")).or_else(|| rest.strip_prefix("<!")) {
        if after.get(..12).is_some_and(|name| name.eq_ignore_ascii_case("doctype html")) {
            return false;
        }
        let subset = || after.split('>').next().is_some_and(|head| head.contains('['));
        let end = match rest.starts_with("<!--") {
            true => "-->",
            false if subset() => "]>",
            false => ">",
        };
        let Some((_, next)) = after.split_once(end) else { return false };
        rest = next.trim_start();
    }
    let root = rest.strip_prefix('<').and_then(|rest| rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next());
    root.is_some_and(|root| {
        let local = root.rsplit(':').next().unwrap_or(root);
        matches!(local, "rss" | "feed") || root == "rdf:RDF"
    })
}

/// A length of time as podcasts write it, in seconds: `1801`, `30:01`, `0:30:01`.
fn seconds(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    let total = parts.iter().try_fold(0_u32, |sum, part| {
        // Some write fractions of a second.
        let whole = part.trim().split('.').next().unwrap_or_default();
        sum.checked_mul(60)?.checked_add(whole.parse().ok()?)
    })?;
    (total > 0).then_some(total)
}
