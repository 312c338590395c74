//! The pages for browsers: one for each feed, and where the config asks for them one for each article and a list of letters.
//!
//! They are made once the feeds are in place: a page is not more important than a feed, and what fails here is made up for by
//! the next run.

use std::path::{Path, PathBuf};

use super::parts::Named;
use super::{editions, keep_state, parts, stamp};
use crate::app::edition::fingerprint;
use crate::app::{Desk, Milestone, Tell};
use crate::domain::{Colour, Scope, article_page};
use crate::render::{
    self, FEED_STYLE, FeedPage, FurtherFeed, PAGE_STYLE, Site, editions_page, feed_page, feed_style, page_of, page_style,
};
use crate::store::files::{Finished, Written, commit_all, prepare};
use crate::store::page_name;

/// How many articles the page of a feed shows, and how many letters their list.
const LATEST: u32 = 20;
const LETTERS: u32 = 200;
/// How many pages of articles are in memory at a time.
const PIECE: usize = 100;

/// The folders of the pages of articles and letters, below that of the feeds.
pub(super) const FOLDERS: [&str; 2] = ["articles", "editions"];
/// The pages and stylesheets that every publication has.
pub(super) const OWN: [&str; 3] = ["index.html", FEED_STYLE, PAGE_STYLE];

/// Makes the pages that are not as they should be, from the ledger. What is not stale is not looked at.
pub async fn rebuild(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<()> {
    let mut pages = Pages::new(desk)?;
    let result = pages.make().await;
    if let Some((first, more)) = pages.written.split_first() {
        tell(&Milestone::Pages { first: first.clone(), more: more.len() });
    }
    result?;
    keep_state(desk).await
}

/// Makes the list of the letters, where the config asks for it.
pub(super) async fn rebuild_list(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<()> {
    if !desk.settings.publication.pages {
        return Ok(());
    }
    let mut pages = Pages::new(desk)?;
    pages.editions().await?;
    if let Some(list) = pages.written.pop() {
        tell(&Milestone::Pages { first: list, more: 0 });
    }
    Ok(())
}

struct Pages<'a> {
    desk: &'a Desk,
    accent: Colour,
    /// The name of all that every page is made of besides what it shows.
    frame: String,
    /// What was written so far, to be told of even where not all came to an end.
    written: Vec<PathBuf>,
}

impl<'a> Pages<'a> {
    fn new(desk: &'a Desk) -> anyhow::Result<Self> {
        let accent = desk.settings.letter.as_ref().and_then(|letter| letter.accent).unwrap_or(Colour::CLAY);
        let frame = fingerprint(&[env!("CARGO_PKG_VERSION"), &super::config_text(desk)?]);
        Ok(Self { desk, accent, frame, written: Vec::new() })
    }

    async fn make(&mut self) -> anyhow::Result<()> {
        let parts = parts::asked_for(self.desk).await?;
        self.feeds(&parts).await?;
        if self.desk.settings.publication.pages {
            self.articles().await?;
            self.editions().await?;
        }
        Ok(())
    }

    fn site(&self) -> Site<'a> {
        let settings = &self.desk.settings;
        let publication = &settings.publication;
        let has_editions_feed = settings.letter.as_ref().is_some_and(|letter| letter.feed);
        Site { publication, has_editions: publication.pages && settings.letter.is_some(), has_editions_feed }
    }

    /// The page of the publication with the stylesheets, and the pages of its sections and authors.
    async fn feeds(&mut self, parts: &[Named]) -> anyhow::Result<()> {
        let Desk { settings, ledger, .. } = self.desk;
        let publication = &settings.publication;
        let mut files =
            vec![(FEED_STYLE.to_owned(), feed_style(publication, self.accent)), (PAGE_STYLE.to_owned(), page_style(self.accent))];
        let further = further(self.desk, parts);
        let known = ledger.made().await?;
        let mut states = Vec::new();
        let own = (Scope::Publication, Vec::new());
        for (scope, spellings) in std::iter::once(&own).chain(parts) {
            let latest = ledger.newest_under(scope, spellings, self.desk.now(), LATEST).await?;
            let shown: Vec<String> = latest.iter().map(|article| format!("{} {}", article.id, article.revision)).collect();
            let state = fingerprint(&[&self.frame, &format!("{further:?}"), &shown.join(" ")]);
            let path = page_of(scope);
            let name = format!("page {path}");
            let file = settings.feeds.join(&path);
            if known.get(&name).is_some_and(|made| *made == format!("{state} {}", stamp(&file))) {
                continue;
            }
            let mut articles = Vec::new();
            for stored in ledger.stored(&latest).await? {
                articles.push(stored.read()?);
            }
            let page = FeedPage { site: self.site(), scope, latest: &articles, further: &further };
            // The page of the publication is told of first.
            files.insert(states.len(), (path, feed_page(&page)?));
            states.push((name, state, file));
        }
        self.write(files)?;
        let made: Vec<_> = states.into_iter().map(|(name, state, file)| (name, format!("{state} {}", stamp(&file)))).collect();
        Ok(ledger.keep_made(&made).await?)
    }

    /// The pages of articles that are new, were edited or came due; all, where what surrounds them has changed or somebody
    /// else has been in their folder.
    async fn articles(&mut self) -> anyhow::Result<()> {
        let Desk { settings, ledger, .. } = self.desk;
        let folder = settings.feeds.join(FOLDERS[0]);
        if ledger.kept(PAGES).await?.as_deref() != Some(&self.state_of(&folder)) {
            ledger.forget_pages().await?;
        }
        for some in ledger.without_page(self.desk.now()).await?.chunks(PIECE) {
            let mut files = Vec::new();
            for stored in ledger.stored(some).await? {
                let archived = stored.read()?;
                files.push((article_page(&archived.id), render::article_page(&archived, self.site())?));
            }
            self.write(files)?;
            let made: Vec<_> = some.iter().map(|article| (page_name(&article.id), article.revision.to_string())).collect();
            ledger.keep_made(&made).await?;
        }
        Ok(ledger.keep(PAGES, &self.state_of(&folder)).await?)
    }

    /// What the pages in a folder are made of, with the folder as it is now.
    fn state_of(&self, folder: &Path) -> String {
        fingerprint(&[&self.frame, &stamp(folder)])
    }

    /// The list of the letters, as far as their files are there.
    async fn editions(&mut self) -> anyhow::Result<()> {
        if self.desk.settings.letter.is_none() {
            return Ok(());
        }
        let links = editions::all(self.desk, LETTERS).await?;
        self.write(vec![("editions/index.html".to_owned(), editions_page(self.site(), &links)?)])
    }

    /// Puts pages in their places, by their paths below the folder of the feeds; those whose bytes are equal stay untouched.
    fn write(&mut self, files: Vec<(String, String)>) -> anyhow::Result<()> {
        let mut changed: Vec<Finished> = Vec::new();
        let mut told = Vec::new();
        for (path, text) in files {
            let file = self.desk.settings.feeds.join(path);
            let finished = prepare(&file, text.as_bytes())?;
            if finished.written() != Written::Unchanged {
                changed.push(finished);
                told.push(file);
            }
        }
        commit_all(changed)?;
        self.written.extend(told);
        Ok(())
    }
}

/// The feeds that every page leads to: those of sections and authors, and of the shows that the publication promotes.
fn further(desk: &Desk, parts: &[Named]) -> Vec<FurtherFeed> {
    let shows = desk.settings.publication.shows.iter();
    let podcasts = shows.filter_map(|show| Some(FurtherFeed::of_podcast(&show.name, show.feed.as_ref()?)));
    parts.iter().filter_map(|(scope, _)| FurtherFeed::of_part(scope)).chain(podcasts).collect()
}

const PAGES: &str = "pages";
