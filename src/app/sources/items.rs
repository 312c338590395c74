//! The items of a feed: which are new, what they come to as articles, and what became of them.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::Harvest;
use crate::app::edition::fingerprint;
use crate::app::intake::{self, By};
use crate::app::{Desk, Milestone, Refused, TakenIn, Tell};
use crate::config::{FullText, SourceSettings};
use crate::domain::{Draft, Format, Line, Moment, WebUrl};
use crate::read::{Feed, Item, ReadError, Source, extract, load};
use crate::store::{ItemState, KnownItem, StoreError};

/// Pages that are fetched for one source in one run; the rest wait for the next.
const PAGES: usize = 30;
/// Pages in a row that cannot be fetched before a site is left alone until the next run.
const FAILURES: usize = 3;
/// How long the page of an item is tried before the feed's own words are taken for it.
const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Longest id of an item, in bytes, that is kept as it is.
const LONGEST_ID: usize = 500;

/// A feed, and what is wanted of it.
pub(super) struct Wanted<'a> {
    pub settings: &'a SourceSettings,
    /// How many items a person asked for, of those that were passed over too; 0: all.
    pub items: Option<u32>,
    /// Whether the feed is the desk's own, and continued here: its readers must not notice.
    pub is_import: bool,
}

/// An item that is new or says something new.
struct News<'a> {
    key: String,
    said: String,
    item: &'a Item,
    known: Option<&'a KnownItem>,
}

/// What came of an item.
enum Came {
    Taken(Box<TakenIn>),
    /// Its page could not be read, and is tried again.
    Waits(anyhow::Error),
    /// It lacks what an article needs.
    Refused(anyhow::Error),
}

impl Wanted<'_> {
    /// Takes in what is new. True where every item has been seen to, false where some wait for the next run.
    ///
    /// Fails only where the ledger does; what is wrong with an item goes to the harvest.
    pub(super) async fn take(&self, desk: &Desk, feed: &Feed, tell: Tell<'_>, harvest: &mut Harvest) -> Result<bool, StoreError> {
        let known = desk.ledger.source_items(&self.settings.origin).await?;
        let news = self.news(desk, feed, &known, tell).await?;
        let (mut settled, mut pages, mut failures) = (true, 0, 0);
        // The oldest first: so they come into the ledger in the order in which they were written.
        for one in news.iter().rev() {
            let with_page = self.wants_page(one.item);
            if with_page && (pages >= PAGES || failures >= FAILURES) {
                settled = false;
                continue;
            }
            pages += usize::from(with_page);
            let came = self.one(desk, one, with_page).await;
            failures = if matches!(came, Ok(Came::Waits(_))) { failures + 1 } else { 0 };
            match came {
                Ok(Came::Taken(taken)) if taken.is_news() => {
                    tell(&taken.milestone());
                    harvest.taken.push(*taken);
                }
                Ok(Came::Taken(_)) => {}
                Ok(Came::Waits(error)) => {
                    settled = false;
                    self.wait(desk, one, error, tell, harvest).await?;
                }
                Ok(Came::Refused(error)) => {
                    self.keep(desk, one, ItemState::Refused, desk.now()).await?;
                    harvest.failed.push(error);
                }
                Err(error) => match error.downcast::<StoreError>() {
                    Ok(error) => return Err(error),
                    Err(error) => {
                        settled = false;
                        harvest.failed.push(error);
                    }
                },
            }
        }
        Ok(settled)
    }

    /// What is new, the newest first. Of a feed that is read for the first time, the newest items; the others are passed over.
    async fn news<'a>(
        &self,
        desk: &Desk,
        feed: &'a Feed,
        known: &'a HashMap<String, KnownItem>,
        tell: Tell<'_>,
    ) -> Result<Vec<News<'a>>, StoreError> {
        let mut seen = HashSet::new();
        let mut news: Vec<News> = Vec::new();
        for item in &feed.items {
            let key = Some(item.key()).filter(|key| key.len() <= LONGEST_ID);
            let key = key.unwrap_or_else(|| fingerprint(&[&item.key()]));
            if !seen.insert(key.clone()) {
                continue;
            }
            let said = fingerprint(&item.said().iter().map(String::as_str).collect::<Vec<_>>());
            let known = known.get(&key);
            let is_news = known.is_none_or(|known| match known.state {
                ItemState::Taken | ItemState::Refused => known.said != said,
                ItemState::Waiting => true,
                ItemState::Passed => self.items.is_some(),
            });
            if is_news {
                news.push(News { key, said, item, known });
            }
        }
        let zone = &desk.settings.publication.zone;
        // Where nothing has a date the order of the feed stays: feeds begin with the newest.
        news.sort_by_key(|one| Reverse(one.item.published.map(|at| at.in_zone(zone).timestamp())));
        let limit = self.items.or_else(|| known.is_empty().then_some(self.settings.items)).filter(|limit| *limit > 0);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        let older = news.split_off(limit.min(news.len()));
        let passed: Vec<&News> = older.iter().filter(|one| one.known.is_none()).collect();
        if !passed.is_empty() {
            let rows = passed.iter().map(|one| (one.key.as_str(), one.row(ItemState::Passed, desk.now())));
            desk.ledger.keep_items(&self.settings.origin, rows).await?;
            tell(&Milestone::PassedOver { source: self.settings.name.clone(), count: passed.len() });
        }
        Ok(news)
    }

    fn wants_page(&self, item: &Item) -> bool {
        item.url.is_some()
            && match self.settings.full_text {
                FullText::Always => true,
                FullText::Never => false,
                FullText::Auto => !item.is_whole(),
            }
    }

    async fn one(&self, desk: &Desk, news: &News<'_>, with_page: bool) -> anyhow::Result<Came> {
        let item = news.item;
        let url = item.url.as_ref().filter(|_| with_page);
        let mut draft = match url {
            None => item.draft(),
            Some(url) => match page(desk, url).await {
                Ok(page) if !page.body.is_empty() => item.draft_with(page),
                Ok(_) => noted(item.draft(), format!("`{url}` holds no text of an article: taken is what the feed says")),
                Err(error) if news.waits_since().is_some_and(|since| desk.now().duration_since(since) >= PATIENCE) => {
                    noted(item.draft(), format!("`{url}` could not be read for days: taken is what the feed says ({error})"))
                }
                Err(error) => return Ok(Came::Waits(error.into())),
            },
        };
        let known = news.known.and_then(|known| known.article.as_ref());
        if draft.published.is_none() {
            let kept = match known {
                Some(id) => desk.ledger.article(id).await?.map(|kept| kept.article.published),
                None => None,
            };
            let today = desk.now().to_zoned(desk.settings.publication.zone.clone()).date();
            draft.published = kept.or(Some(Moment::Day(today)));
            draft.note(None, "the feed does not say of which day it is: taken is the day on which it was first seen");
        }
        let given = self.settings.topics.iter().filter(|topic| !draft.topics.contains(topic)).cloned();
        draft.topics = given.chain(draft.topics.iter().cloned()).collect();
        let notes = draft.notes.clone();
        let article = match draft.accept(&desk.settings.publication.language) {
            Ok(article) => article,
            Err(missing) => {
                let origin = format!("{} of {}", called(item), self.settings.name);
                return Ok(Came::Refused(Refused { origin, format: Format::Feed, missing, notes }.into()));
            }
        };
        let by = By {
            source: &self.settings.origin,
            item: &news.key,
            said: &news.said,
            // Readers know an item without an id by its address.
            guid: item.id.as_deref().or(item.url.as_ref().filter(|_| self.is_import).map(WebUrl::as_str)),
            article: known,
            has_brought: news.known.is_some_and(|known| known.has_brought),
        };
        let (archived, change) = intake::settle(desk, article, Some(&by)).await?;
        Ok(Came::Taken(Box::new(TakenIn { archived, change, notes })))
    }

    /// Puts an item off to the next run. The first time that is an error; after that, a reminder.
    async fn wait(
        &self,
        desk: &Desk,
        news: &News<'_>,
        error: anyhow::Error,
        tell: Tell<'_>,
        harvest: &mut Harvest,
    ) -> Result<(), StoreError> {
        let (title, source) = (called(news.item), self.settings.name.clone());
        if news.waits_since().is_some() {
            tell(&Milestone::Waiting { source, title, why: error.to_string() });
            return Ok(());
        }
        self.keep(desk, news, ItemState::Waiting, desk.now()).await?;
        let why = format!("`{title}` of {source} waits for the next run: its page could not be read");
        harvest.failed.push(error.context(why));
        Ok(())
    }

    async fn keep(&self, desk: &Desk, news: &News<'_>, state: ItemState, since: Timestamp) -> Result<(), StoreError> {
        desk.ledger.keep_item(&self.settings.origin, &news.key, &news.row(state, since)).await
    }
}

impl News<'_> {
    fn waits_since(&self) -> Option<Timestamp> {
        self.known.filter(|known| known.state == ItemState::Waiting).map(|known| known.since)
    }

    /// What the ledger is to know of it; an article that it is stays its own.
    fn row(&self, state: ItemState, since: Timestamp) -> KnownItem {
        KnownItem {
            said: self.said.clone(),
            state,
            article: self.known.and_then(|known| known.article.clone()),
            has_brought: self.known.is_some_and(|known| known.has_brought),
            since,
        }
    }
}

/// The draft of an item's page.
async fn page(desk: &Desk, url: &WebUrl) -> Result<Draft, ReadError> {
    let page = load(&Source::Url(url.clone()), &desk.load_options()).await?;
    Ok(extract(&page))
}

fn noted(mut draft: Draft, note: String) -> Draft {
    draft.note(None, note);
    draft
}

/// What to call an item in messages.
fn called(item: &Item) -> String {
    let url = || item.url.as_ref().and_then(|url| Line::new(url.as_str()));
    let id = || item.id.as_deref().and_then(Line::new);
    let name = item.title().or_else(url).or_else(id);
    name.map_or_else(|| "an item".to_owned(), |name| name.shortened(100).to_string())
}
