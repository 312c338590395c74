//! Telling hubs (`WebSub`) of feeds that have changed: after the new bytes are live, and only then.
//!
//! A hub that is told fetches the feed at once and hands it on to all who subscribed with it; told too early it would hand on
//! the old one. So the public address is looked at first. What fails is remembered and tried again by the next run.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::stamp;
use crate::app::{Desk, Milestone, Tell};
use crate::domain::WebUrl;
use crate::read::{LoadOptions, ReadError, live, ping};
use crate::store::{Announcement, StoreError};

/// The wait after the first failure; it doubles with each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);
/// How often the public address is looked at again while it still shows the old feed: files may be copied there by cron.
const NOT_LIVE_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// After this the hub is told all the same: what stands between (a proxy that rewrites pages) may never show the same bytes.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// Whether a feed is public as it was written.
enum Live {
    Yes,
    No(String),
}

/// Tells each hub of each feed that it does not know the present state of.
///
/// `feeds`: the file of each feed and its public address. Without hubs nothing is done; with nothing new nothing is fetched.
/// A hub or a site that does not answer is told of as a milestone and is no failure of the run.
pub(super) async fn announce(desk: &Desk, feeds: &[(PathBuf, WebUrl)], tell: Tell<'_>) -> Result<(), StoreError> {
    for (file, topic) in feeds {
        let mut seen: Option<Live> = None;
        for hub in &desk.settings.publication.syndication.hubs {
            if !file.is_file() {
                continue;
            }
            let known = desk.ledger.announcement(hub.as_str(), topic.as_str()).await?;
            let Some(due) = due(known, stamp(file), desk.now()) else { continue };
            let live = match seen.take() {
                Some(live) => live,
                None => is_live(file, topic, &desk.load_options()).await,
            };
            let after = match &live {
                Live::No(why) if desk.now().duration_since(due.since) < PATIENCE => {
                    tell(&Milestone::NotLive { feed: topic.clone(), why: why.clone() });
                    Announcement { not_before: later(desk.now(), NOT_LIVE_WAIT), ..due }
                }
                _ => match ping(hub, topic, &desk.load_options()).await {
                    Ok(()) => {
                        tell(&Milestone::Announced { feed: topic.clone(), hub: hub.clone() });
                        Announcement { is_told: true, tries: 0, ..due }
                    }
                    Err(error) => {
                        tell(&Milestone::NotAnnounced { feed: topic.clone(), why: error.to_string() });
                        let wait = wait(due.tries, &error);
                        Announcement { tries: due.tries.saturating_add(1), not_before: later(desk.now(), wait), ..due }
                    }
                },
            };
            seen = Some(live);
            desk.ledger.keep_announcement(hub.as_str(), topic.as_str(), &after).await?;
        }
    }
    Ok(())
}

/// What a hub is to be told now, if anything.
fn due(known: Option<Announcement>, state: String, now: Timestamp) -> Option<Announcement> {
    match known {
        Some(known) if known.state == state => {
            let wait = known.not_before.duration_since(now);
            // What was put off further than that was so by a clock that was ahead.
            let is_due = wait <= SignedDuration::ZERO || wait > LONGEST_WAIT;
            (!known.is_told && is_due).then_some(known)
        }
        _ => Some(Announcement { state, is_told: false, since: now, tries: 0, not_before: now }),
    }
}

async fn is_live(file: &Path, topic: &WebUrl, options: &LoadOptions) -> Live {
    let written = match std::fs::read(file) {
        Ok(written) => written,
        Err(error) => return Live::No(format!("`{}` cannot be read: {error}", file.display())),
    };
    // What is longer is another feed.
    let options = LoadOptions { max_bytes: written.len().max(1), format: None, ..options.clone() };
    match live(topic, &options).await {
        Ok(bytes) if bytes == written => Live::Yes,
        Ok(_) | Err(ReadError::TooLarge { .. }) => Live::No("it still shows another feed than was written".to_owned()),
        Err(error) => Live::No(error.to_string()),
    }
}

/// How long a hub is left alone that has failed so often; longer if it says so itself.
fn wait(tries: u32, error: &ReadError) -> SignedDuration {
    let doubled = FIRST_WAIT.saturating_mul(1 << tries.min(10));
    let wanted = match error {
        ReadError::Status { retry_after: Some(after), .. } => SignedDuration::try_from(*after).unwrap_or(LONGEST_WAIT),
        _ => SignedDuration::ZERO,
    };
    doubled.max(wanted).min(LONGEST_WAIT)
}

fn later(now: Timestamp, wait: SignedDuration) -> Timestamp {
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_is_told_once_of_each_state_and_asked_again_later_and_later() {
        let now = Timestamp::UNIX_EPOCH;
        let first = due(None, "a".to_owned(), now).unwrap();
        assert_eq!((first.tries, first.is_told), (0, false));
        let told = Announcement { is_told: true, ..first.clone() };
        assert_eq!(due(Some(told.clone()), "a".to_owned(), now), None);
        assert!(due(Some(told), "b".to_owned(), now).is_some(), "another state is news");
        let failed = Announcement { tries: 1, not_before: later(now, FIRST_WAIT), ..first };
        assert_eq!(due(Some(failed.clone()), "a".to_owned(), now), None);
        assert_eq!(due(Some(failed.clone()), "a".to_owned(), later(now, FIRST_WAIT)).unwrap().tries, 1);
        let ahead = Announcement { not_before: later(now, SignedDuration::from_hours(1000)), ..failed };
        assert!(due(Some(ahead), "a".to_owned(), now).is_some(), "that was a clock that was ahead");

        let busy = ReadError::Status {
            url: WebUrl::parse("https://hub.example/").unwrap(),
            status: 503,
            retry_after: Some(std::time::Duration::from_secs(3600)),
        };
        assert_eq!(wait(0, &busy), SignedDuration::from_hours(1));
        assert_eq!(wait(40, &busy), LONGEST_WAIT);
    }
}
