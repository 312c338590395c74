//! Feed fetches, counted in memory by application and day, and added to the ledger from time to time. Nothing of a person is
//! kept: no address, no version, no time.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::domain::ReaderApplication;
use crate::store::{Fetched, Ledger, StoreError};

/// What has not been added to the ledger yet.
#[derive(Debug, Default)]
pub(super) struct Fetches {
    counts: Mutex<Counts>,
    /// What applications call themselves, and which they are, until the counts are added: most ask again and again.
    known: Mutex<HashMap<Vec<u8>, ReaderApplication>>,
}

/// Names of applications that are remembered at most: one that makes up names gains nothing by it.
const MOST_NAMES: usize = 1000;
/// Bytes of such a name at most.
const LONGEST_NAME: usize = 512;

type Counts = BTreeMap<(Date, String, &'static str), Count>;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    fetches: u64,
    subscribers: u64,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.fetches += other.fetches;
        self.subscribers = self.subscribers.max(other.subscribers);
    }
}

impl Fetches {
    /// `user_agent`: what the application calls itself.
    pub(super) fn count(&self, feed: &str, user_agent: &[u8], now: Timestamp) {
        let application = self.application(user_agent);
        let day = Offset::UTC.to_datetime(now).date();
        let one = Count { fetches: 1, subscribers: application.subscribers };
        self.counts().entry((day, feed.to_owned(), application.name)).or_default().add(one);
    }

    /// Adds them to the ledger. Where that fails they are kept for the next time.
    pub(super) async fn keep(&self, ledger: &Ledger) -> Result<(), StoreError> {
        self.known().clear();
        let taken = std::mem::take(&mut *self.counts());
        if taken.is_empty() {
            return Ok(());
        }
        let fetched = |((day, feed, application), count): (&(Date, String, &str), &Count)| Fetched {
            day: *day,
            feed: feed.clone(),
            application: (*application).to_owned(),
            fetches: count.fetches,
            subscribers: count.subscribers,
        };
        let fetches: Vec<Fetched> = taken.iter().map(fetched).collect();
        let kept = ledger.add_fetches(&fetches).await;
        if kept.is_err() {
            let mut counts = self.counts();
            for (key, count) in taken {
                counts.entry(key).or_default().add(count);
            }
        }
        kept
    }

    fn application(&self, user_agent: &[u8]) -> ReaderApplication {
        let mut known = self.known();
        if let Some(application) = known.get(user_agent) {
            return *application;
        }
        let application = ReaderApplication::parse(user_agent);
        if known.len() < MOST_NAMES && user_agent.len() <= LONGEST_NAME {
            known.insert(user_agent.to_vec(), application);
        }
        application
    }

    // A count is whole between any two calls, whoever panicked.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Vec<u8>, ReaderApplication>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn fetches_add_up_and_none_is_lost() {
        let fetches = Fetches::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let feedly = |subscribers: u64| format!("Feedly/1.0 ({subscribers} subscribers)").into_bytes();
        for (subscribers, now) in [(25, "2026-03-04T08:00:00Z"), (24, "2026-03-04T23:59:59Z"), (26, "2026-03-05T00:00:00Z")] {
            fetches.count("feed.xml", &feedly(subscribers), at(now));
        }
        let broken = Ledger::memory().await.unwrap();
        broken.close().await;
        assert!(fetches.keep(&broken).await.is_err());
        fetches.count("feed.xml", b"Feedly/1.0", at("2026-03-04T12:00:00Z"));
        let ledger = Ledger::memory().await.unwrap();
        fetches.keep(&ledger).await.unwrap();
        fetches.count("feed.xml", &feedly(30), at("2026-03-05T12:00:00Z"));
        fetches.keep(&ledger).await.unwrap();
        fetches.keep(&ledger).await.unwrap();
        let rows = ledger.fetches().await.unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (row.day.to_string(), row.fetches, row.subscribers)).collect();
        assert_eq!(rows, [("2026-03-04".to_owned(), 3, 25), ("2026-03-05".to_owned(), 2, 30)]);
    }
}
