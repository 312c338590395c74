use std::borrow::Cow;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use super::{Archived, ArticleId, Block, Episode, Language, Line, Mailbox, Promo, Show, WebUrl};

/// What the config describes: who publishes, where, in which language.
#[derive(Clone, Debug)]
pub struct Publication {
    pub title: Line,
    pub description: Line,
    /// The site that the publication belongs to.
    pub home: WebUrl,
    /// Where the folder `feeds/` is served; ends in a slash.
    pub feeds: WebUrl,
    /// Where it was served before, the first address first.
    pub former_feeds: Vec<WebUrl>,
    pub language: Language,
    pub zone: TimeZone,
    pub copyright: Option<Line>,
    pub image: Option<WebUrl>,
    /// Whom a reader can write to.
    pub owner: Option<Mailbox>,
    /// The postal address that a letter has to carry (CAN-SPAM, section 5; similar laws elsewhere).
    pub postal_address: Option<Line>,
    pub shows: Vec<Show>,
    /// Whether every article has a page of its own in the folder of the feeds.
    pub pages: bool,
    pub syndication: Syndication,
}

/// What the feeds tell those who fetch them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syndication {
    /// Hubs that pass news on (`WebSub`, section 4).
    pub hubs: Vec<WebUrl>,
    /// How long a reader may keep a feed before it asks again, in minutes.
    pub ttl: u32,
    /// Days on which nothing new is to be expected.
    pub skip_days: Vec<Weekday>,
    /// Hours of the day in UTC, 0 to 23, in which nothing new is to be expected.
    pub skip_hours: Vec<u8>,
    /// Whether RSS names several authors in one element, `A, B`, for the readers that show only one.
    pub joined_authors: bool,
}

impl Default for Syndication {
    fn default() -> Self {
        Self { hubs: Vec::new(), ttl: 60, skip_days: Vec::new(), skip_hours: Vec::new(), joined_authors: false }
    }
}

impl Publication {
    /// Where an article is read: at the address that it came with, else on its page. No id is ever made of it.
    pub fn link<'a>(&self, archived: &'a Archived) -> Option<Cow<'a, WebUrl>> {
        archived.article.url.as_ref().map(Cow::Borrowed).or_else(|| self.page(&archived.id).map(Cow::Owned))
    }

    /// The page of an article, where articles have pages.
    pub fn page(&self, id: &ArticleId) -> Option<WebUrl> {
        if self.pages { self.feeds.join(&article_page(id)) } else { None }
    }

    /// Whether an article is that of an episode: it is where the episode leads to, or it leads there itself.
    pub fn is_of(&self, archived: &Archived, episode: &Episode) -> bool {
        let Some(url) = &episode.url else { return false };
        let leads_there = |block: &Block| matches!(block, Block::Embed { url: Some(to), .. } if to == url);
        self.link(archived).is_some_and(|link| *link == *url) || archived.article.body.iter().any(leads_there)
    }

    /// The show of this name, whatever the case.
    pub fn show(&self, name: &Line) -> Option<&Show> {
        let wanted = name.as_str().to_lowercase();
        self.shows.iter().find(|show| show.name.as_str().to_lowercase() == wanted)
    }

    /// The show that an article with this promo invites to; without one, the first that invites by itself.
    pub fn promoted(&self, promo: Option<&Promo>) -> Option<&Show> {
        match promo {
            Some(promo) => self.show(&promo.show),
            None => self.shows.iter().find(|show| show.pitch.is_some() || show.listen.is_some()),
        }
    }
}

/// The path of an article's page below the folder of the feeds.
pub fn article_page(id: &ArticleId) -> String {
    format!("articles/{id}.html")
}
