use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Block, Episode, Figure, Language, Line, Moment, Promo, WebUrl, slug};

/// A draft that passed the gate: nothing that a feed or a letter needs is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    pub title: Line,
    pub topics: Vec<Line>,
    pub authors: Vec<Line>,
    pub editors: Vec<Line>,
    pub published: Moment,
    /// The last change, where the page itself tells one.
    pub updated: Option<Moment>,
    pub url: Option<WebUrl>,
    pub language: Language,
    pub summary: Option<Line>,
    /// Holds at least one block of text.
    pub body: Vec<Block>,
    pub promo: Option<Promo>,
}

/// Longest excerpt, in characters, where an article brings no summary of its own.
const EXCERPT: usize = 300;

impl Article {
    /// The summary, or else the beginning of the text.
    pub fn excerpt(&self) -> Line {
        let first = || self.body.iter().find(|block| matches!(block, Block::Paragraph(_))).or(self.body.first());
        self.summary
            .clone()
            .or_else(|| Line::new(&first()?.plain()).map(|line| line.shortened(EXCERPT)))
            .unwrap_or_else(|| self.title.clone())
    }

    /// Whether a reader of `before` has something new to read: a topic, an address or a promo alone is nothing of that kind.
    pub fn reads_otherwise_than(&self, before: &Self) -> bool {
        (&self.title, &self.summary, &self.authors, &self.body) != (&before.title, &before.summary, &before.authors, &before.body)
    }

    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.body.iter().filter_map(|block| match block {
            Block::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    /// The id to mint for it if it is new: its day and its title, as `2026-03-04-a-river-rises`.
    pub fn id_to_mint(&self) -> String {
        let words = slug(self.title.as_str(), 60);
        let day = self.published.day();
        if words.is_empty() { day.to_string() } else { format!("{day}-{words}") }
    }
}

/// The id of an archived article: minted once, kept for ever, in every feed, letter, path and row the same.
///
/// Lower-case ASCII letters, digits and hyphens: safe in a path and in a URL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(String);

impl ArticleId {
    /// The id, or `None` where the text has other characters, or none.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (plain && !text.is_empty() && text.len() <= 120).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as a name for the whole world: `tag:example.org,2026-03-04:a-river-rises` (RFC 4151). None for an id that does
    /// not begin with a day.
    ///
    /// The host and the day say who minted it and when: ids of two desks never meet.
    pub fn tag(&self, host: &str) -> Option<String> {
        self.named(host, "")
    }

    /// The name of the letter that bears this id: `tag:example.org,2026-03-04:letter/a-river-rises`, never that of the article.
    pub fn letter_tag(&self, host: &str) -> Option<String> {
        self.named(host, "letter/")
    }

    fn named(&self, host: &str, kind: &str) -> Option<String> {
        let (day, rest) = self.0.split_at_checked(10)?;
        day.parse::<jiff::civil::Date>().ok()?;
        let name = rest.strip_prefix('-').unwrap_or(&self.0);
        Some(format!("tag:{host},{day}:{kind}{name}"))
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An article as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    pub id: ArticleId,
    /// The id in feeds: `tag:example.org,2026-03-04:a-river-rises` (RFC 4151), or the one that the feed gave it which it was
    /// taken from. Minted with the article and stored.
    pub guid: String,
    /// When readers get to see it: the article's moment of publication in the publication's time zone when it was minted.
    pub published: Timestamp,
    /// The last change that a reader should know of; equal to `published` until there is one.
    pub updated: Timestamp,
    pub article: Article,
    /// The latest episode of the show that it promotes, or its letter does, as it was known when the article was taken in.
    pub episode: Option<Episode>,
}

impl Archived {
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.published <= now
    }

    /// Whether its guid is the address under which it is read, and not only a name.
    pub fn has_permalink(&self) -> bool {
        self.article.url.as_ref().is_some_and(|url| url.as_str() == self.guid || WebUrl::parse(&self.guid).as_ref() == Some(url))
    }

    /// The day that is shown to readers.
    pub fn day(&self, zone: &TimeZone) -> jiff::civil::Date {
        self.published.to_zoned(zone.clone()).date()
    }
}
