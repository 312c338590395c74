//! Telling hubs (`WebSub`) of feeds that have changed: after the new bytes are live, and only then.
//!
//! A hub that is told fetches the feed at once and hands it on to all who subscribed with it; told too early it would hand on
//! the old one. So the public address is looked at first. What fails is remembered and tried again by the next run.

use std::collections::BTreeMap;
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

/// Tells each hub of each feed that it does not know the present state of.
///
/// `feeds`: the file of each feed and its public address. With nothing new nothing is fetched.
/// A hub or a site that does not answer is told of as a milestone and is no failure of the run; for this time it is not asked
/// about the other feeds.
pub(super) async fn announce(desk: &Desk, feeds: &[(PathBuf, WebUrl)], tell: Tell<'_>) -> Result<(), StoreError> {
    let mut live: BTreeMap<&str, Result<(), String>> = BTreeMap::new();
    for hub in &desk.settings.publication.syndication.hubs {
        let (mut announced, mut waiting, mut fault) = (0, 0, None);
        for (file, topic) in feeds.iter().filter(|(file, _)| file.is_file()) {
            let known = desk.ledger.announcement(hub.as_str(), topic.as_str()).await?;
            let Some(due) = due(known, stamp(file), desk.now()) else { continue };
            if fault.is_none() {
                let options = desk.load_options();
                let shown = match live.get(topic.as_str()) {
                    Some(shown) => shown.clone(),
                    None => is_live(file, topic, &options).await,
                };
                live.insert(topic.as_str(), shown.clone());
                fault = match shown {
                    Err(why) if desk.now().duration_since(due.since) < PATIENCE => Some((why, NOT_LIVE_WAIT)),
                    _ => ping(hub, topic, &options).await.err().map(|error| (error.to_string(), wait(due.tries, &error))),
                };
            }
            let after = match &fault {
                None => {
                    announced += 1;
                    Announcement { is_told: true, tries: 0, ..due }
                }
                Some((_, wait)) => {
                    waiting += 1;
                    Announcement { tries: due.tries.saturating_add(1), not_before: later(desk.now(), *wait), ..due }
                }
            };
            desk.ledger.keep_announcement(hub.as_str(), topic.as_str(), &after).await?;
        }
        if announced > 0 {
            tell(&Milestone::Announced { feeds: announced, hub: hub.clone() });
        }
        if let Some((why, _)) = fault {
            tell(&Milestone::NotAnnounced { feeds: waiting, hub: hub.clone(), why });
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

/// Whether a feed is public as it was written; else what the public sees.
async fn is_live(file: &Path, topic: &WebUrl, options: &LoadOptions) -> Result<(), String> {
    let written = std::fs::read(file).map_err(|error| format!("`{}` cannot be read: {error}", file.display()))?;
    // What is longer is another feed.
    let options = LoadOptions { max_bytes: written.len().max(1), format: None, ..options.clone() };
    match live(topic, &options).await {
        Ok(bytes) if bytes == written => Ok(()),
        Ok(_) | Err(ReadError::TooLarge { .. }) => {
            Err(format!("`{topic}` is not live yet: it shows another feed than was written"))
        }
        Err(error) => Err(format!("it is not live yet: {error}")),
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
            retry_after: Some(std::time::Duration::from_hours(1)),
        };
        assert_eq!(wait(0, &busy), SignedDuration::from_hours(1));
        assert_eq!(wait(40, &busy), LONGEST_WAIT);
    }
}
