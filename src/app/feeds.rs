use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context;

use super::edition::fingerprint;
use super::{Desk, Milestone, Tell};
use crate::render::{FeedFormat, FeedHead, FeedItem, FeedWriter, Published};
use crate::store::files::{Finished, Replacement, Written};
use crate::store::{Position, StoreError};

/// What a desk may allow once, by a flag, that is an accident otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exceptions {
    /// `--allow-fewer-items`
    pub fewer_items: bool,
    /// `--allow-new-ids`
    pub new_ids: bool,
}

/// A good feed is never replaced by a worse one.
#[derive(Debug, thiserror::Error)]
pub enum FeedGuard {
    #[error("`{file}` would lose {lost} of its {had} items, `{first}` among them; the last good feeds stay as they are")]
    FewerItems { file: String, had: usize, lost: usize, first: String },
    #[error(
        "`{file}` would show `{title}` under another id, `{new}` instead of `{old}`, and as unread to every reader; the last good feeds stay as they are"
    )]
    NewId { file: String, title: String, old: String, new: String },
    #[error("`{file}` came out wrong ({what}); the last good feeds stay as they are")]
    Invalid { file: String, what: String },
}

impl FeedGuard {
    pub fn hint(&self) -> String {
        match self {
            Self::FewerItems { .. } => {
                "if the ledger was lost, restore its backup; if the items are to go, run again with `--allow-fewer-items`"
                    .to_owned()
            }
            Self::NewId { .. } => "if this is meant, run again with `--allow-new-ids`".to_owned(),
            Self::Invalid { .. } => "this is a fault of griot: please report it with the article".to_owned(),
        }
    }
}

/// How many articles are held in memory at a time.
const STEP: u32 = 200;

/// Rebuilds all feeds of the publication from the ledger. All are rendered and proof-read before the first is replaced.
pub async fn rebuild(desk: &Desk, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    let limit = if desk.settings.feed_items == 0 { u32::MAX } else { desk.settings.feed_items };
    let mut changed = Vec::new();
    for (format, rendered) in render(desk, limit).await? {
        // Equal bytes were proof-read when they were published.
        if rendered.written() == Written::Unchanged {
            continue;
        }
        let target = desk.settings.feeds.join(format.file_name());
        let new = proof_read(format, rendered.path(), &target)?;
        if format == FeedFormat::Rss && target.exists() {
            match published(format, &target) {
                Some(old) => guard(&target, &old, &new, limit, exceptions)?,
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
    Ok(fingerprint(&[env!("CARGO_PKG_VERSION"), &config, &due, &desk.ledger.archive_version().await?]))
}

const STATE: &str = "feeds";

/// One walk through the archive writes every format.
async fn render(desk: &Desk, limit: u32) -> anyhow::Result<Vec<(FeedFormat, Finished)>> {
    let now = desk.now();
    let updated = desk.ledger.newest_change(now, limit).await?;
    let mut writers = Vec::new();
    for format in FeedFormat::ALL {
        let target = desk.settings.feeds.join(format.file_name());
        let head = FeedHead { publication: &desk.settings.publication, updated };
        let failed = |source| StoreError::Write { file: target.clone(), source };
        writers.push((format, FeedWriter::new(format, head, Replacement::of(&target)?).map_err(failed)?));
    }
    let (mut position, mut left) = (None::<Position>, limit);
    while left > 0 {
        let articles = desk.ledger.articles(now, position.as_ref(), left.min(STEP)).await?;
        let Some(last) = articles.last() else { break };
        position = Some(Position::from(last));
        left -= u32::try_from(articles.len()).unwrap_or(left);
        for archived in &articles {
            let item = FeedItem::new(archived, &desk.settings.publication);
            for (format, writer) in &mut writers {
                writer.item(&item).map_err(|source| write_error(desk, *format, source))?;
            }
        }
    }
    writers
        .into_iter()
        .map(|(format, writer)| Ok((format, writer.finish().map_err(|source| write_error(desk, format, source))?.finish()?)))
        .collect()
}

fn write_error(desk: &Desk, format: FeedFormat, source: std::io::Error) -> StoreError {
    StoreError::Write { file: desk.settings.feeds.join(format.file_name()), source }
}

/// The largest feed, in bytes, that is also read with the `rss` crate, which holds all of it in memory several times.
const SECOND_READER: u64 = 8 * 1024 * 1024;

/// Reads a rendered feed back as the strictest reader would, and RSS of a usual size as another program does.
fn proof_read(format: FeedFormat, rendered: &Path, target: &Path) -> anyhow::Result<Vec<Published>> {
    let invalid = |what: String| FeedGuard::Invalid { file: target.display().to_string(), what };
    let context = || format!("failed to read `{}`", rendered.display());
    let file = File::open(rendered).with_context(context)?;
    let size = file.metadata().with_context(context)?.len();
    let items = format.proof(BufReader::new(file)).map_err(|error| invalid(error.to_string()))?;
    if format == FeedFormat::Rss && size <= SECOND_READER {
        let second = format.forgiving(&std::fs::read(rendered).with_context(context)?);
        if second.as_ref() != Some(&items) {
            return Err(invalid("two readers do not read the same in it".to_owned()).into());
        }
    }
    Ok(items)
}

/// The items of the feed that is public now, whoever wrote it; `None` where it is no feed.
fn published(format: FeedFormat, target: &Path) -> Option<Vec<Published>> {
    let strict = File::open(target).ok().and_then(|file| format.proof(BufReader::new(file)).ok());
    strict.or_else(|| format.forgiving(&std::fs::read(target).ok()?))
}

/// Refuses a feed that would lose items, or show old ones as new, against the one that is published.
fn guard(target: &Path, old: &[Published], new: &[Published], limit: u32, exceptions: Exceptions) -> Result<(), FeedGuard> {
    let file = target.display().to_string();
    let ids: BTreeSet<&str> = new.iter().map(|item| item.guid.as_str()).collect();
    let gone: Vec<&Published> = old.iter().filter(|item| !ids.contains(item.guid.as_str())).collect();
    if !exceptions.new_ids {
        for item in &gone {
            let same = |other: &&Published| match (&item.link, &other.link) {
                (Some(a), Some(b)) => a == b,
                _ => item.title == other.title,
            };
            // An item that left the feed by age has no other of its address or title there.
            if let Some(other) = new.iter().find(same).filter(|other| !old.iter().any(|item| item.guid == other.guid)) {
                return Err(FeedGuard::NewId {
                    file,
                    title: item.title.clone(),
                    old: item.guid.clone(),
                    new: other.guid.clone(),
                });
            }
        }
    }
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    if let Some(first) = gone.first().filter(|_| !exceptions.fewer_items && new.len() < old.len().min(full)) {
        return Err(FeedGuard::FewerItems { file, had: old.len(), lost: gone.len(), first: first.title.clone() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(guid: &str, title: &str, link: Option<&str>) -> Published {
        Published { guid: guid.into(), title: title.into(), link: link.map(Into::into) }
    }

    fn judge(old: &[Published], new: &[Published], limit: u32) -> Result<(), FeedGuard> {
        guard(Path::new("feed.xml"), old, new, limit, Exceptions::default())
    }

    #[test]
    fn a_good_feed_is_not_replaced_by_a_worse_one() {
        let (a, b, c) = (item("a", "A", None), item("b", "B", None), item("c", "C", None));
        assert!(judge(&[], &[], 50).is_ok(), "an empty publication may have an empty feed");
        assert!(judge(std::slice::from_ref(&a), &[b.clone(), a.clone()], 50).is_ok());
        assert!(judge(&[b.clone(), a.clone()], &[c.clone(), b.clone()], 2).is_ok(), "the oldest leaves a full feed");
        assert!(matches!(
            judge(&[a.clone(), b.clone()], std::slice::from_ref(&a), 50),
            Err(FeedGuard::FewerItems { lost: 1, had: 2, .. })
        ));
        assert!(judge(&[a.clone(), b.clone()], std::slice::from_ref(&a), 1).is_ok(), "the limit was lowered");
        assert!(matches!(judge(std::slice::from_ref(&a), &[], 50), Err(FeedGuard::FewerItems { .. })));
        let renamed = item("z", "A", None);
        assert!(matches!(judge(std::slice::from_ref(&a), &[renamed], 50), Err(FeedGuard::NewId { .. })));
        let moved = item("y", "Other", Some("https://e.org/a"));
        assert!(matches!(judge(&[item("x", "T", Some("https://e.org/a"))], &[moved], 50), Err(FeedGuard::NewId { .. })));
        let twin = item("d", "A", None);
        assert!(judge(&[a.clone(), b.clone()], &[twin, a, b], 50).is_ok(), "a new article may bear an old title");
    }
}
