//! Asking a source: not more often than it wants, and only for what is not known yet.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::Desk;
use crate::read::{LoadOptions, Page, ReadError, Source, Validators, load, load_if_changed};
use crate::store::{KnownSource, StoreError};

/// How often a source is asked that does not say how often it wants to be.
const USUAL: SignedDuration = SignedDuration::from_mins(15);
/// The least and the most that a source's own word is followed: an address that holds "for a year" may still be mended.
const LEAST: SignedDuration = SignedDuration::from_mins(5);
const MOST: SignedDuration = SignedDuration::from_hours(24);
/// Cron is not punctual: a tick that comes this much too early is not put off to the next.
const SLACK: SignedDuration = SignedDuration::from_secs(30);

/// What a source answered: its page, or nothing where that has not changed.
#[derive(Debug)]
pub(super) struct Answer {
    pub page: Page,
    /// What is to be kept of the answer once all of it has been seen to; files are read anew each time.
    pub known: Option<KnownSource>,
}

/// Whether a source may be asked again.
pub(super) async fn is_due(desk: &Desk, origin: &str) -> Result<bool, StoreError> {
    let Some(known) = desk.ledger.source(origin).await? else { return Ok(true) };
    let wait = known.not_before.duration_since(desk.now());
    // What was put off further than that was so by a clock that was ahead.
    Ok(wait <= SLACK || wait > MOST + SLACK)
}

/// Asks a source; with `if_changed`, only for what is new since it last answered. That it failed is remembered too.
///
/// `origin` is its name in the ledger.
pub(super) async fn ask(
    desk: &Desk,
    source: &Source,
    origin: &str,
    options: &LoadOptions,
    if_changed: bool,
) -> anyhow::Result<Option<Answer>> {
    if !matches!(source, Source::Url(_)) {
        return Ok(Some(Answer { page: load(source, options).await?, known: None }));
    }
    let known = desk.ledger.source(origin).await?;
    let (etag, last_modified) = known.map(|known| (known.etag, known.last_modified)).unwrap_or_default();
    let kept = Validators { etag, last_modified };
    let asked = if if_changed { kept.clone() } else { Validators::default() };
    let remembered = |validators: &Validators, wait: SignedDuration| KnownSource {
        etag: validators.etag.clone(),
        last_modified: validators.last_modified.clone(),
        not_before: desk.now().checked_add(wait).unwrap_or(Timestamp::MAX),
    };
    match load_if_changed(source, options, &asked).await {
        Ok(loaded) => {
            let wait = loaded.fresh.map_or(USUAL, |fresh| bounded(fresh, LEAST));
            // Until all has been seen to, it is as if it had not been sent; but it is not asked for at once again.
            desk.ledger.keep_source(origin, &remembered(&kept, wait)).await?;
            let known = Some(remembered(&loaded.validators, wait));
            Ok(loaded.page.map(|page| Answer { page, known }))
        }
        Err(error) => {
            let wait = match &error {
                ReadError::Status { status: 410, .. } => MOST,
                ReadError::Status { retry_after: Some(after), .. } => bounded(*after, USUAL),
                _ => USUAL,
            };
            desk.ledger.keep_source(origin, &remembered(&kept, wait)).await?;
            Err(error.into())
        }
    }
}

/// Remembers an answer: all of it has been seen to, or it is to be sent again the next time.
pub(super) async fn remember(desk: &Desk, origin: &str, known: Option<KnownSource>, settled: bool) -> Result<(), StoreError> {
    match known {
        None => Ok(()),
        Some(known) if settled => desk.ledger.keep_source(origin, &known).await,
        Some(known) => desk.ledger.keep_source(origin, &KnownSource { etag: None, last_modified: None, ..known }).await,
    }
}

fn bounded(wanted: Duration, least: SignedDuration) -> SignedDuration {
    SignedDuration::try_from(wanted).unwrap_or(MOST).clamp(least, MOST)
}
