//! What is wrong with the shows is told once, and not by every tick: cron mails each word that is written.

use jiff::{SignedDuration, Timestamp};

use super::folder;
use crate::app::edition::fingerprint;
use crate::app::{Desk, explain};
use crate::store::StoreError;

/// What stays wrong is told again after this time, so that a show does not stand still unnoticed.
const REMINDER: SignedDuration = SignedDuration::from_hours(24);

const TOLD: &str = "shows told";

/// Those of these errors that are to be told by a tick: all of them, or none where they were told within a day and no file of
/// the shows has changed since. What is wrong with the machine is always told.
pub(in crate::app) async fn untold(desk: &Desk, failed: Vec<anyhow::Error>) -> Result<Vec<anyhow::Error>, StoreError> {
    let kept = desk.ledger.kept(TOLD).await?.unwrap_or_default();
    let (of_machine, of_files): (Vec<_>, Vec<_>) =
        failed.into_iter().partition(|error| error.chain().any(<dyn std::error::Error>::is::<StoreError>));
    if of_files.is_empty() {
        if !kept.is_empty() {
            desk.ledger.keep(TOLD, "").await?;
        }
        return Ok(of_machine);
    }
    let mut parts: Vec<String> = of_files.iter().map(explain).collect();
    parts.extend(desk.settings.podcasts.iter().map(|show| folder::state(&show.folder)));
    let wrong = fingerprint(&parts.iter().map(String::as_str).collect::<Vec<_>>());
    let told = kept.split_once(' ').filter(|(kept, _)| *kept == wrong);
    let told = told.and_then(|(_, at)| at.parse::<Timestamp>().ok());
    if told.is_some_and(|at| at <= desk.now() && desk.now().duration_since(at) < REMINDER) {
        return Ok(of_machine);
    }
    desk.ledger.keep(TOLD, &format!("{wrong} {}", desk.now())).await?;
    Ok(of_machine.into_iter().chain(of_files).collect())
}
