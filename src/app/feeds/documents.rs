//! Which documents the feeds have, what each is made of, and whether it has to be made again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::parts::Named;
use crate::app::Desk;
use crate::app::edition::fingerprint;
use crate::config::FeedSettings;
use crate::domain::{ArticleId, Publication, Scope};
use crate::render::{FeedFormat, FeedHead, FeedWriter, Part};
use crate::store::{Listed, StoreError};

/// A feed, or a document of its archive, in all formats: the same articles in the same order.
#[derive(Debug)]
pub(super) struct Document {
    /// As the ledger knows it.
    pub name: String,
    pub scope: Scope,
    pub part: Part,
    pub articles: Vec<Listed>,
    /// What it is made of besides the bytes of its files.
    pub state: String,
}

impl Document {
    /// The files below the folder of the feeds.
    pub fn files(&self, folder: &Path) -> [(FeedFormat, PathBuf); 3] {
        FeedFormat::ALL.map(|format| (format, folder.join(path(format, &self.scope, self.part))))
    }

    pub fn head<'a>(&'a self, publication: &'a Publication) -> FeedHead<'a> {
        let updated = self.articles.iter().map(|article| article.updated).max();
        FeedHead { publication, scope: &self.scope, part: self.part, updated }
    }

    pub fn is_archive(&self) -> bool {
        matches!(self.part, Part::Archive { .. })
    }
}

fn path(format: FeedFormat, scope: &Scope, part: Part) -> String {
    match part {
        Part::Current { .. } => format.file_of(scope),
        Part::Archive { number, .. } => format.archive_file(number),
    }
}

/// The documents that have to be made: those of the archive from the oldest on, then the feeds, that of the publication first.
///
/// Documents of the archive, sections and authors are left alone as long as nothing has changed that they are made of.
/// The publication's own feed is always made, and compared with what is there.
pub(super) async fn stale(desk: &Desk, parts: &[Named]) -> anyhow::Result<Vec<Document>> {
    let Desk { settings, ledger, .. } = desk;
    let FeedSettings { items, archive, .. } = settings.feed;
    let made = ledger.made().await?;
    let newest = newest(desk, &Scope::Publication, &[]).await?;
    let archived = if items > 0 && archive { grow(desk, &newest).await? } else { 0 };
    let mut documents = Vec::new();
    for number in 1..=archived {
        let part = Part::Archive { number, is_followed: number < archived };
        let name = crate::store::document_name(number);
        let state = state(&settings.publication, &Scope::Publication, part, &[]);
        if is_stale(&made, &name, &state, &settings.feeds, &Scope::Publication, part) {
            let articles = ledger.archived_in(number).await?;
            documents.push(Document { name, scope: Scope::Publication, part, articles, state });
        }
    }
    let part = Part::Current { archived };
    let state_of_all = state(&settings.publication, &Scope::Publication, part, &newest);
    documents.push(Document { name: "feed".to_owned(), scope: Scope::Publication, part, articles: newest, state: state_of_all });
    for (scope, spellings) in parts {
        let articles = self::newest(desk, scope, spellings).await?;
        let name = FeedFormat::Rss.file_of(scope);
        let state = state(&settings.publication, scope, Part::WHOLE, &articles);
        if is_stale(&made, &name, &state, &settings.feeds, scope, Part::WHOLE) {
            documents.push(Document { name, scope: scope.clone(), part: Part::WHOLE, articles, state });
        }
    }
    Ok(documents)
}

/// The articles that the feed of a scope carries, the newest first.
async fn newest(desk: &Desk, scope: &Scope, spellings: &[String]) -> Result<Vec<Listed>, StoreError> {
    let FeedSettings { items, max_bytes, .. } = desk.settings.feed;
    let first = if items == 0 { u32::MAX } else { items };
    let mut articles = desk.ledger.newest_under(scope, spellings, desk.now(), first).await?;
    if items == 0 {
        return Ok(articles);
    }
    let count = carried(&articles, items, max_bytes);
    // Where all of them are of the newest week, there may be more.
    if count == articles.len() && articles.last().is_some_and(|last| last.published >= week_of(&articles)) {
        articles = desk.ledger.newest_under(scope, spellings, desk.now(), items.max(LOOKED_AT)).await?;
        articles.truncate(carried(&articles, items, max_bytes));
    } else {
        articles.truncate(count);
    }
    Ok(articles)
}

/// What a document was made of, with its files as they lie there now.
pub(super) fn stamped(state: &str, folder: &Path, scope: &Scope, part: Part) -> String {
    let stamps = FeedFormat::ALL.map(|format| super::stamp(&folder.join(path(format, scope, part))));
    format!("{state} {}", stamps.join(", "))
}

fn is_stale(made: &BTreeMap<String, String>, name: &str, state: &str, folder: &Path, scope: &Scope, part: Part) -> bool {
    made.get(name).is_none_or(|made| *made != stamped(state, folder, scope, part))
}

/// The name of all that a document is made of. Of a document of the archive the articles are left out: they never change but
/// by an edit, with which the ledger forgets what it was made of.
fn state(publication: &Publication, scope: &Scope, part: Part, articles: &[Listed]) -> String {
    let head = FeedHead { publication, scope, part, updated: None };
    let heads = FeedFormat::ALL.map(|format| {
        let mut writer = FeedWriter::new(format, head, Vec::new());
        writer.as_mut().map(|writer| String::from_utf8_lossy(&writer.taken()).into_owned()).unwrap_or_default()
    });
    let zone = publication.zone.iana_name().unwrap_or_default();
    let shows = format!("{:?}", publication.shows);
    let joined = publication.syndication.joined_authors.to_string();
    let pages = publication.pages.to_string();
    let articles: Vec<String> = articles.iter().map(|article| format!("{} {}", article.id, article.revision)).collect();
    let [rss, atom, json] = &heads;
    fingerprint(&[env!("CARGO_PKG_VERSION"), rss, atom, json, zone, &shows, &joined, &pages, &articles.join(" ")])
}

/// How many of the newest articles are looked at to see what a feed carries.
const LOOKED_AT: u32 = 1_000;
/// What was published in this time before the newest article stays in a feed: nobody who asks once a week misses any of it.
const POLL: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How much larger than wanted a feed may get by that.
const PATIENCE: u64 = 5;
/// JSON Feed has each article twice, as HTML and as text, which is about twice what the ledger has.
const COPIES: u64 = 2;
/// What an item takes besides its text, in bytes, about.
const ITEM: u64 = 1_500;

/// How many of these articles, newest first, a feed carries: as many as are wanted and fit, and all of the newest week.
fn carried(articles: &[Listed], items: u32, max_bytes: u64) -> usize {
    let week = week_of(articles);
    let mut bytes = 0_u64;
    let stays = |(at, article): &(usize, &Listed)| {
        bytes = bytes.saturating_add(article.bytes.saturating_mul(COPIES)).saturating_add(ITEM);
        let wanted = u32::try_from(*at).is_ok_and(|at| at < items) && bytes <= max_bytes;
        let recent = article.published >= week && bytes <= max_bytes.saturating_mul(PATIENCE);
        *at == 0 || wanted || recent
    };
    articles.iter().enumerate().take_while(stays).count()
}

/// When the week before the newest of these articles began.
fn week_of(articles: &[Listed]) -> Timestamp {
    articles.first().and_then(|newest| newest.published.checked_sub(POLL).ok()).unwrap_or(Timestamp::MIN)
}

/// The most articles in a document of the archive, and how many bytes they take in the ledger.
const MOST_ARTICLES: usize = 100;
const MOST_BYTES: u64 = 500_000;

/// Moves what the feed no longer carries into new documents of the archive, and says how many documents there are.
///
/// A document is filled with the articles that leave the feed next, so that it can be left alone from then on: until then they
/// stand in both (RFC 5005, section 4, lets readers take the newer of two).
async fn grow(desk: &Desk, carried: &[Listed]) -> Result<u32, StoreError> {
    let ledger = &desk.ledger;
    let archived = ledger.archived_documents().await?;
    let outside = ledger.outside_archive(desk.now()).await?;
    let new = filled(&outside, carried);
    if new.is_empty() {
        return Ok(archived);
    }
    ledger.archive(archived, &new).await?;
    ledger.archived_documents().await
}

/// The documents to be made of articles that are in none yet, the oldest first.
fn filled(outside: &[Listed], carried: &[Listed]) -> Vec<Vec<ArticleId>> {
    let most = carried.len().clamp(1, MOST_ARTICLES);
    let carried: std::collections::BTreeSet<&ArticleId> = carried.iter().map(|article| &article.id).collect();
    let mut homeless = outside.iter().filter(|article| !carried.contains(&article.id)).count();
    let mut rest = outside;
    let mut out = Vec::new();
    while homeless > 0 {
        let mut bytes = 0_u64;
        let fits = |(at, article): &(usize, &Listed)| {
            bytes = bytes.saturating_add(article.bytes);
            *at == 0 || (*at < most && bytes <= MOST_BYTES)
        };
        let count = rest.iter().enumerate().take_while(fits).count();
        let Some((document, left)) = rest.split_at_checked(count).filter(|(document, _)| !document.is_empty()) else { break };
        homeless = homeless.saturating_sub(document.iter().filter(|article| !carried.contains(&article.id)).count());
        out.push(document.iter().map(|article| article.id.clone()).collect());
        rest = left;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An article for each of these hours before the newest, the newest first.
    fn articles(hours: &[i64], bytes: u64) -> Vec<Listed> {
        let newest: Timestamp = "2026-03-04T08:00:00Z".parse().unwrap();
        let listed = |(at, hours): (usize, &i64)| {
            let published = newest - SignedDuration::from_hours(*hours);
            Listed { id: ArticleId::parse(&format!("a-{at:04}")).unwrap(), published, updated: published, revision: 1, bytes }
        };
        hours.iter().enumerate().map(listed).collect()
    }

    #[test]
    fn a_feed_carries_what_is_wanted_and_fits_and_a_week_in_any_case() {
        let days: Vec<i64> = (0..100).map(|day| day * 24).collect();
        let daily = |bytes| articles(&days, bytes);
        assert_eq!(carried(&[], 50, 1_000_000), 0);
        assert_eq!(carried(&daily(5_000), 50, 1_000_000), 50);
        assert_eq!(carried(&daily(5_000), 2, 1_000_000), 8, "today and seven days before");
        assert_eq!(carried(&daily(20_000), 50, 1_000_000), 24, "by bytes");
        assert_eq!(carried(&daily(200_000), 50, 1_000_000), 8, "a week, larger than wanted");
        assert_eq!(carried(&daily(1_000_000), 50, 1_000_000), 2, "but not five times as large");
        assert_eq!(carried(&daily(9_000_000), 50, 1_000_000), 1, "the newest in any case");
    }

    #[test]
    fn every_article_is_in_the_feed_or_in_a_document_and_documents_are_full() {
        let days: Vec<i64> = (0..1_000).map(|day| day * 24).collect();
        let newest_first = articles(&days, 5_000);
        let mut outside: Vec<Listed> = newest_first.clone();
        outside.reverse();
        let documents = filled(&outside, &newest_first[..50]);
        assert_eq!(documents.len(), 19);
        assert!(documents.iter().all(|document| document.len() == 50));
        assert_eq!(documents[0][0], newest_first[999].id, "the oldest first");
        assert!(filled(&outside[950..], &newest_first[..50]).is_empty(), "all are in the feed");
        let one_more = filled(&outside[949..], &newest_first[..50]);
        assert_eq!(one_more.iter().map(Vec::len).collect::<Vec<_>>(), [50], "with those that leave the feed next");
        let large = articles(&days, 400_000);
        let outside: Vec<Listed> = large[1..4].iter().rev().cloned().collect();
        assert_eq!(filled(&outside, &large[..1]).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1], "by bytes");
    }
}
