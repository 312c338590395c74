use std::path::PathBuf;

use super::{
    Category, Chat, EpisodeKind, Frequency, Funding, License, LiveItem, Location, Person, Picture, Piece, RemoteItem, ShowGuid,
    Social, Txt, Value,
};
use crate::domain::{Language, Line, Mailbox, WebUrl};

/// A show that this publication publishes from a folder of episodes.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one that the feed tells, independent of the others")]
pub struct PublishedShow {
    pub name: Line,
    /// Its folder in `feeds/`, and so part of its address: lower-case letters, digits and hyphens.
    pub slug: String,
    /// The address of its feed.
    pub feed: WebUrl,
    /// Where its files are served; ends in a slash.
    pub base: WebUrl,
    /// Where its sounds are served, if elsewhere; ends in a slash. Then they are not put into `feeds/`.
    pub media: Option<WebUrl>,
    /// The folder with the episodes.
    pub folder: PathBuf,
    /// The same as the config writes it.
    pub folder_name: String,
    /// Plain text of at most 4000 bytes.
    pub description: String,
    pub link: WebUrl,
    pub language: Language,
    pub categories: Vec<Category>,
    pub is_explicit: bool,
    pub image: Piece,
    pub image_alt: Option<Line>,
    pub images: Vec<Picture>,
    pub author: Line,
    pub owner: Option<Mailbox>,
    pub copyright: Option<Line>,
    /// Its episodes are to be heard in order.
    pub is_serial: bool,
    pub is_locked: bool,
    /// `Some(guid)` where the show had one elsewhere.
    pub guid: Option<ShowGuid>,
    pub medium: Line,
    pub frequency: Option<Frequency>,
    pub new_feed: Option<WebUrl>,
    pub block: Block,
    pub uses_podping: bool,
    pub persons: Vec<Person>,
    pub locations: Vec<Location>,
    pub license: Option<License>,
    pub funding: Vec<Funding>,
    pub social: Vec<Social>,
    pub txt: Vec<Txt>,
    pub values: Vec<Value>,
    pub chat: Option<Chat>,
    pub live: Vec<LiveItem>,
    pub podroll: Vec<Recommended>,
    pub publisher: Option<RemoteItem>,
    /// Each of its episodes is an article of the publication, too.
    pub has_articles: bool,
    /// The topics of these articles.
    pub topics: Vec<Line>,
}

/// Who may list a show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Block {
    #[default]
    Nobody,
    Everybody,
    /// Services, by the names of the namespace's list.
    These(Vec<Line>),
}

/// A show that another one recommends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recommended {
    Remote(RemoteItem),
    /// One of the same publication, by its slug.
    Own(String),
}

/// A show with what is known of it by the time its feed is written.
#[derive(Clone, Debug)]
pub struct ShowHead<'a> {
    pub show: &'a PublishedShow,
    pub guid: ShowGuid,
    pub image: WebUrl,
    pub podroll: Vec<RemoteItem>,
    /// Hubs that pass news on (`WebSub`, section 4).
    pub hubs: &'a [WebUrl],
    /// The newest instant among the episodes; none where there are none.
    pub updated: Option<jiff::Timestamp>,
}

impl PublishedShow {
    /// Whether an episode of this kind has to have a number.
    pub fn asks_for_numbers(&self, kind: EpisodeKind) -> bool {
        self.is_serial && kind == EpisodeKind::Full
    }
}
