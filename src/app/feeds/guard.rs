//! A good feed is never replaced by a worse one: what is rendered is read back, and held against what is public.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context;

use super::documents::Document;
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
    #[error("`{file}` came out wrong{} ({what}); the last good feeds stay as they are", Of(article.as_deref()))]
    Invalid { file: String, what: String, article: Option<String> },
}

/// The article that is to blame, where it is known.
struct Of<'a>(Option<&'a str>);

impl std::fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |article| write!(f, " with the article `{article}`"))
    }
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

/// The most items that are also read with the `rss` crate, which holds them in memory several times.
const SECOND_READER: usize = 500;

/// Reads a piece of a feed back, as the strictest reader would, between the head and the end of the feed; feeds that readers
/// subscribe to also as another program does.
pub(super) fn again(
    format: FeedFormat,
    document: &Document,
    [head, items, tail]: &[&[u8]; 3],
    count: usize,
) -> Result<Vec<Published>, String> {
    let feed = [*head, *items, *tail].concat();
    let read = format.proof_bytes(&feed).map_err(|error| error.to_string())?;
    if read.len() != count {
        return Err(format!("{count} articles became {} items", read.len()));
    }
    if format == FeedFormat::Rss && !document.is_archive() && document.articles.len() <= SECOND_READER {
        let second = format.forgiving(&feed);
        if second.as_ref() != Some(&read) {
            return Err("two readers do not read the same in it".to_owned());
        }
    }
    Ok(read)
}

/// Refuses a feed in which two items have one id.
pub(super) fn distinct(target: &Path, items: &[Published]) -> Result<(), FeedGuard> {
    let mut seen = BTreeSet::new();
    match items.iter().find(|item| !seen.insert(item.guid.as_str())) {
        None => Ok(()),
        Some(item) => Err(FeedGuard::Invalid {
            file: target.display().to_string(),
            what: format!("two items have the id `{}`", item.guid),
            article: None,
        }),
    }
}

/// Reads a rendered feed back from its file: as the strictest reader would, and if it is of a usual size as another program
/// does.
pub(in crate::app) fn proof_read(format: FeedFormat, rendered: &Path, target: &Path) -> anyhow::Result<Vec<Published>> {
    let invalid = |what: String| FeedGuard::Invalid { file: target.display().to_string(), what, article: None };
    let feed = std::fs::read(rendered).with_context(|| format!("failed to read `{}`", rendered.display()))?;
    let items = format.proof_bytes(&feed).map_err(|error| invalid(error.to_string()))?;
    if format == FeedFormat::Rss && items.len() <= SECOND_READER && format.forgiving(&feed).as_ref() != Some(&items) {
        return Err(invalid("two readers do not read the same in it".to_owned()).into());
    }
    Ok(items)
}

/// The items of the feed that is public now, whoever wrote it; `None` where it is no feed.
pub(in crate::app) fn published(format: FeedFormat, target: &Path) -> Option<Vec<Published>> {
    let strict = File::open(target).ok().and_then(|file| format.proof(BufReader::new(file)).ok());
    strict.or_else(|| format.forgiving(&std::fs::read(target).ok()?))
}

/// Why an item that is published is not in the new feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Gone {
    /// The ledger does not know its id.
    Foreign,
    /// The ledger knows it, and it should be in the feed.
    Missing,
    /// It is too old for the feed, or does not belong to it any more.
    Rightly,
}

/// Refuses a feed that would lose items, or show old ones as new, against the one that is published.
pub(in crate::app) fn judge(
    target: &Path,
    old: &[Published],
    new: &[Published],
    why: impl Fn(&str) -> Gone,
    exceptions: Exceptions,
) -> Result<(), FeedGuard> {
    let file = target.display().to_string();
    let ids: BTreeSet<&str> = new.iter().map(|item| item.guid.as_str()).collect();
    let gone = old.iter().filter(|item| !ids.contains(item.guid.as_str()));
    let lost: Vec<(&Published, Gone)> =
        gone.map(|item| (item, why(&item.guid))).filter(|(_, why)| *why != Gone::Rightly).collect();
    if !exceptions.new_ids {
        for (item, _) in lost.iter().filter(|(_, why)| *why == Gone::Foreign) {
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
    match lost.first() {
        Some((first, _)) if !exceptions.fewer_items => {
            Err(FeedGuard::FewerItems { file, had: old.len(), lost: lost.len(), first: first.title.clone() })
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

    /// The ledger knows all but `x` and `w`; of those, `a` is the oldest, and may go by its age.
    fn verdict(old: &[Published], new: &[Published]) -> Result<(), FeedGuard> {
        let why = |guid: &str| match guid {
            "x" | "w" => Gone::Foreign,
            "a" => Gone::Rightly,
            _ => Gone::Missing,
        };
        judge(Path::new("feed.xml"), old, new, why, Exceptions::default())
    }

    #[test]
    fn a_good_feed_is_not_replaced_by_a_worse_one() {
        let (a, b, c) = (item("a", "A", None), item("b", "B", None), item("c", "C", None));
        assert!(verdict(&[], &[]).is_ok(), "an empty publication may have an empty feed");
        assert!(verdict(std::slice::from_ref(&a), &[b.clone(), a.clone()]).is_ok());
        assert!(verdict(&[b.clone(), a.clone()], &[c.clone(), b.clone()]).is_ok(), "the oldest leaves");
        assert!(matches!(
            verdict(&[a.clone(), b.clone()], std::slice::from_ref(&a)),
            Err(FeedGuard::FewerItems { lost: 1, had: 2, .. })
        ));
        assert!(matches!(verdict(std::slice::from_ref(&b), &[]), Err(FeedGuard::FewerItems { .. })));
        let renamed = item("z", "W", None);
        assert!(matches!(verdict(&[item("w", "W", None)], &[renamed]), Err(FeedGuard::NewId { .. })));
        assert!(matches!(verdict(&[item("w", "W", None), a.clone()], &[c, a.clone()]), Err(FeedGuard::FewerItems { .. })));
        let recurring = item("a2", "A", None);
        assert!(verdict(&[b.clone(), a.clone()], &[recurring, b.clone()]).is_ok(), "an old title left by its age");
        let moved = item("y", "Other", Some("https://e.org/a"));
        assert!(matches!(verdict(&[item("x", "T", Some("https://e.org/a"))], &[moved]), Err(FeedGuard::NewId { .. })));
        let twin = item("d", "A", None);
        assert!(verdict(&[a.clone(), b.clone()], &[twin, a, b]).is_ok(), "a new article may bear an old title");
    }
}
