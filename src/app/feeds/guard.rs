//! A good feed is never replaced by a worse one: what is rendered is read back, and held against what is public.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context;

use crate::render::{FeedFormat, Published};

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

/// The largest feed, in bytes, that is also read with the `rss` crate, which holds all of it in memory several times.
const SECOND_READER: u64 = 8 * 1024 * 1024;

/// Reads a rendered feed back as the strictest reader would, and RSS of a usual size as another program does.
pub(in crate::app) fn proof_read(format: FeedFormat, rendered: &Path, target: &Path) -> anyhow::Result<Vec<Published>> {
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
pub(in crate::app) fn published(format: FeedFormat, target: &Path) -> Option<Vec<Published>> {
    let strict = File::open(target).ok().and_then(|file| format.proof(BufReader::new(file)).ok());
    strict.or_else(|| format.forgiving(&std::fs::read(target).ok()?))
}

/// Refuses a feed that would lose items, or show old ones as new, against the one that is published.
///
/// `minted` says of a guid whether this ledger gave it: only then has an item left the feed by its age.
pub(in crate::app) fn judge(
    target: &Path,
    old: &[Published],
    new: &[Published],
    minted: impl Fn(&str) -> bool,
    limit: u32,
    exceptions: Exceptions,
) -> Result<(), FeedGuard> {
    let file = target.display().to_string();
    let ids: BTreeSet<&str> = new.iter().map(|item| item.guid.as_str()).collect();
    let gone: Vec<&Published> = old.iter().filter(|item| !ids.contains(item.guid.as_str())).collect();
    let foreign: Vec<&&Published> = gone.iter().filter(|item| !minted(&item.guid)).collect();
    if !exceptions.new_ids {
        for item in &foreign {
            let same = |other: &&Published| match (&item.link, &other.link) {
                (Some(a), Some(b)) => a == b,
                _ => item.title == other.title,
            };
            let appears = |other: &&Published| !old.iter().any(|item| item.guid == other.guid);
            if let Some(other) = new.iter().filter(same).find(appears) {
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
    let shrunken = new.len() < old.len().min(full);
    let lost = if shrunken { gone.first().copied() } else { foreign.first().map(|item| **item) };
    match lost {
        Some(first) if !exceptions.fewer_items => {
            let lost = if shrunken { gone.len() } else { foreign.len() };
            Err(FeedGuard::FewerItems { file, had: old.len(), lost, first: first.title.clone() })
        }
        _ => Ok(()),
    }
}

/// The guids of the items that would be gone.
pub(super) fn gone<'a>(old: &'a [Published], new: &[Published]) -> Vec<&'a str> {
    let ids: BTreeSet<&str> = new.iter().map(|item| item.guid.as_str()).collect();
    old.iter().map(|item| item.guid.as_str()).filter(|guid| !ids.contains(guid)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(guid: &str, title: &str, link: Option<&str>) -> Published {
        Published { guid: guid.into(), title: title.into(), link: link.map(Into::into) }
    }

    fn verdict(old: &[Published], new: &[Published], limit: u32) -> Result<(), FeedGuard> {
        judge(Path::new("feed.xml"), old, new, |guid| guid != "x" && guid != "w", limit, Exceptions::default())
    }

    #[test]
    fn a_good_feed_is_not_replaced_by_a_worse_one() {
        let (a, b, c) = (item("a", "A", None), item("b", "B", None), item("c", "C", None));
        assert!(verdict(&[], &[], 50).is_ok(), "an empty publication may have an empty feed");
        assert!(verdict(std::slice::from_ref(&a), &[b.clone(), a.clone()], 50).is_ok());
        assert!(verdict(&[b.clone(), a.clone()], &[c.clone(), b.clone()], 2).is_ok(), "the oldest leaves a full feed");
        assert!(matches!(
            verdict(&[a.clone(), b.clone()], std::slice::from_ref(&a), 50),
            Err(FeedGuard::FewerItems { lost: 1, had: 2, .. })
        ));
        assert!(verdict(&[a.clone(), b.clone()], std::slice::from_ref(&a), 1).is_ok(), "the limit was lowered");
        assert!(matches!(verdict(std::slice::from_ref(&a), &[], 50), Err(FeedGuard::FewerItems { .. })));
        let renamed = item("z", "W", None);
        assert!(matches!(verdict(&[item("w", "W", None)], &[renamed], 50), Err(FeedGuard::NewId { .. })));
        assert!(matches!(
            verdict(&[item("w", "W", None), a.clone()], &[c.clone(), a.clone()], 2),
            Err(FeedGuard::FewerItems { .. })
        ));
        let recurring = item("a2", "A", None);
        assert!(verdict(&[b.clone(), a.clone()], &[recurring, b.clone()], 2).is_ok(), "an old title left by its age");
        let moved = item("y", "Other", Some("https://e.org/a"));
        assert!(matches!(verdict(&[item("x", "T", Some("https://e.org/a"))], &[moved], 50), Err(FeedGuard::NewId { .. })));
        let twin = item("d", "A", None);
        assert!(verdict(&[a.clone(), b.clone()], &[twin, a, b], 50).is_ok(), "a new article may bear an old title");
    }
}
