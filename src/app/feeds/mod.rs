//! The feeds of the publication: rebuilt from the ledger, proof-read, guarded, and only then put in place.

pub(super) mod guard;
mod rendering;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;

use super::edition::fingerprint;
use super::{Desk, Milestone, Tell};
use crate::render::FeedFormat;
use crate::store::files::Written;

pub use guard::{Exceptions, FeedGuard};

/// Rebuilds all feeds of the publication from the ledger. All are rendered and proof-read before the first is replaced.
pub async fn rebuild(desk: &Desk, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    let limit = if desk.settings.feed_items == 0 { u32::MAX } else { desk.settings.feed_items };
    let mut changed = Vec::new();
    for (format, rendered) in rendering::render(desk, limit).await? {
        // Equal bytes were proof-read when they were published.
        if rendered.written() == Written::Unchanged {
            continue;
        }
        let target = desk.settings.feeds.join(format.file_name());
        let new = guard::proof_read(format, rendered.path(), &target)?;
        if format == FeedFormat::Rss && target.exists() {
            match guard::published(format, &target) {
                Some(old) => {
                    let gone = guard::gone(&old, &new);
                    let minted: BTreeSet<&str> = gone
                        .iter()
                        .zip(desk.ledger.minted(&gone).await?)
                        .filter(|(_, minted)| *minted)
                        .map(|(guid, _)| *guid)
                        .collect();
                    guard::judge(&target, &old, &new, |guid| minted.contains(guid), limit, exceptions)?;
                }
                None => tell(&Milestone::NoFeed { file: target.clone() }),
            }
        }
        changed.push((target, rendered));
    }
    for (file, rendered) in changed {
        let written = rendered.commit()?;
        tell(&Milestone::Wrote { file, written });
    }
    let state = state(desk).await?;
    if desk.ledger.kept(STATE).await?.as_deref() != Some(&state) {
        desk.ledger.keep(STATE, &state).await?;
    }
    Ok(())
}

/// Whether the feeds are those of the archive and the config as they are now.
pub(super) async fn are_current(desk: &Desk) -> anyhow::Result<bool> {
    let there = FeedFormat::ALL.iter().all(|format| desk.settings.feeds.join(format.file_name()).is_file());
    // A publication without articles has no feeds yet: an empty one would only be read by those who came too early.
    if !there {
        return Ok(desk.ledger.due_articles(desk.now()).await? == 0);
    }
    Ok(desk.ledger.kept(STATE).await?.as_deref() == Some(&state(desk).await?))
}

/// The name of everything that feeds are made of.
async fn state(desk: &Desk) -> anyhow::Result<String> {
    let file = &desk.settings.file;
    let config = std::fs::read_to_string(file).with_context(|| format!("failed to read the config `{}`", file.display()))?;
    let due = desk.ledger.due_articles(desk.now()).await?.to_string();
    // The files as they lie there: a ledger restored from a backup does not fit them.
    let files: Vec<String> = FeedFormat::ALL.iter().map(|format| stamp(&desk.settings.feeds.join(format.file_name()))).collect();
    let version = desk.ledger.archive_version().await?;
    Ok(fingerprint(&[env!("CARGO_PKG_VERSION"), &config, &due, &version, &files.join(" ")]))
}

/// Size and time of change of a file.
fn stamp(file: &Path) -> String {
    let Ok(about) = std::fs::metadata(file) else { return "none".to_owned() };
    let changed = about.modified().ok().and_then(|changed| changed.duration_since(std::time::UNIX_EPOCH).ok());
    format!("{} {}", about.len(), changed.map_or(0, |changed| changed.as_nanos()))
}

const STATE: &str = "feeds";
