use askama::Template;

use super::{Archived, FeedAddress, Frame, Item, Line, PageError, PageWords, Scope, Site, WebUrl, addresses, page_of};
use crate::render::words::Words;

/// What the page of a feed is made of.
#[derive(Clone, Copy, Debug)]
pub struct FeedPage<'a> {
    pub site: Site<'a>,
    pub scope: &'a Scope,
    /// The newest articles of the feed, the newest first.
    pub latest: &'a [Archived],
    /// The other feeds that a reader may want, in the order in which they are shown; the publication's own is among them by
    /// itself.
    pub further: &'a [FurtherFeed],
}

/// Another feed that a page leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherFeed {
    pub kind: Kind,
    pub title: Line,
    pub at: FeedPlace,
}

/// Under which heading a feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Section,
    Author,
    Podcast,
}

/// Where a further feed is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedPlace {
    /// A path below the folder of the feeds.
    Here(String),
    Elsewhere(WebUrl),
}

impl FurtherFeed {
    /// The feed of a section or an author, by its page.
    pub fn of_part(scope: &Scope) -> Option<Self> {
        let kind = match scope {
            Scope::Publication | Scope::Editions(_) => return None,
            Scope::Section(_) => Kind::Section,
            Scope::Author(_) => Kind::Author,
        };
        Some(Self { kind, title: scope.name()?.clone(), at: FeedPlace::Here(page_of(scope)) })
    }

    /// The feed of a podcast, by its own address.
    pub fn of_podcast(title: &Line, url: &WebUrl) -> Self {
        Self { kind: Kind::Podcast, title: title.clone(), at: FeedPlace::Elsewhere(url.clone()) }
    }
}

#[derive(Template)]
#[template(path = "site/feed.html")]
struct Page {
    frame: Frame,
    words: &'static Words,
    labels: &'static PageWords,
    image: String,
    own: Vec<FeedAddress>,
    items: Vec<Item>,
    /// The title of the publication, where the page is that of a part of it.
    whole: String,
    has_more: bool,
    groups: Vec<Group>,
}

struct Group {
    title: &'static str,
    links: Vec<Link>,
}

struct Link {
    title: String,
    url: String,
}

/// The page of a feed: what it is, how to subscribe, its latest articles, and the other feeds.
pub fn feed_page(page: &FeedPage) -> Result<String, PageError> {
    let FeedPage { site, scope, latest, further } = *page;
    let publication = site.publication;
    let language = &publication.language;
    let labels = PageWords::of(&[language]);
    let path = page_of(scope);
    let mut frame = Frame::new(site, language, &path, &scope.title(&publication.title), &publication.description);
    let own = addresses(publication, scope);
    if *scope != Scope::Publication {
        frame.feeds.splice(0..0, own.iter().cloned());
    }
    let link = |feed: &FurtherFeed| Link {
        title: feed.title.to_string(),
        url: match &feed.at {
            FeedPlace::Here(path) => format!("{}{path}", frame.up),
            FeedPlace::Elsewhere(url) => url.to_string(),
        },
    };
    let kinds = [(Kind::Section, labels.sections), (Kind::Author, labels.authors), (Kind::Podcast, labels.podcasts)];
    let groups = kinds.map(|(kind, title)| {
        let here = further.iter().filter(|feed| feed.kind == kind && feed.at != FeedPlace::Here(path.clone()));
        Group { title, links: here.map(link).collect() }
    });
    let groups: Vec<Group> = groups.into_iter().filter(|group| !group.links.is_empty()).collect();
    let whole = if *scope == Scope::Publication { String::new() } else { publication.title.to_string() };
    let page = Page {
        words: Words::of(&[language]),
        labels,
        image: publication.image.as_ref().map(WebUrl::to_string).unwrap_or_default(),
        own,
        items: latest.iter().map(|archived| Item::new(archived, publication)).collect(),
        has_more: !whole.is_empty() || !groups.is_empty(),
        whole,
        groups,
        frame,
    };
    Ok(page.render()?)
}
