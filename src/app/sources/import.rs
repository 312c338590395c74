//! Taking over the desk's own feed from another tool, so that its readers do not notice.
//!
//! Every item is taken, as far back as the feed leads, with its id and its dates. What the feed says is taken for the text:
//! another text would be an edit. None of it is news to any list, since whoever sent letters before has sent it.

use std::collections::HashSet;

use super::items::Wanted;
use super::{Harvest, unnamed};
use crate::app::feeds::{self, Exceptions};
use crate::app::{Desk, Tell};
use crate::config::{FullText, SourceSettings};
use crate::domain::{Format, WebUrl};
use crate::read::{Feed, LoadOptions, ReadError, Source, feed, load};

/// Documents of one feed that are followed: a feed that leads on for ever is no feed.
const MOST_PAGES: usize = 1_000;

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// Items that are articles here now.
    pub taken: usize,
    /// Items that were here already.
    pub known: usize,
    /// The documents that the feed consists of.
    pub documents: usize,
    /// Items that could not be taken, each with what it lacks.
    pub failed: Vec<anyhow::Error>,
}

/// Imports a feed: RSS, Atom or JSON Feed, with the documents of its archive.
///
/// The feeds are rebuilt from it under the guards as ever, and no letter is made of what came.
///
/// # Errors
///
/// A document of the feed that cannot be read: then nothing is taken, since an import in part would later pass for a whole
/// one. An item that lacks what an article needs does not stop the others.
pub async fn import(
    desk: &Desk,
    source: &Source,
    options: &LoadOptions,
    exceptions: Exceptions,
    tell: Tell<'_>,
) -> anyhow::Result<Imported> {
    let (feed, documents) = whole(source, options).await?;
    let items = feed.items.len();
    let settings = SourceSettings { full_text: FullText::Never, ..unnamed(source) };
    let wanted = Wanted { settings: &settings, items: Some(0), is_import: true };
    let mut harvest = Harvest::default();
    wanted.take(desk, &feed, tell, &mut harvest).await?;
    let Harvest { taken, failed } = harvest;
    let ids: Vec<&str> = taken.iter().map(|taken| taken.archived.id.as_str()).collect();
    desk.ledger.is_no_news(&ids).await?;
    if !taken.is_empty() {
        feeds::build(desk, exceptions, tell).await?;
    }
    let known = items.saturating_sub(taken.len() + failed.len());
    Ok(Imported { taken: taken.len(), known, documents, failed })
}

/// A feed with all that it leads back to, and how many documents that are.
async fn whole(source: &Source, options: &LoadOptions) -> Result<(Feed, usize), ReadError> {
    let options = LoadOptions { format: Some(Format::Feed), ..options.clone() };
    let mut whole = feed(&load(source, &options).await?)?;
    let mut seen: HashSet<WebUrl> = HashSet::new();
    if let Source::Url(url) = source {
        seen.insert(url.clone());
    }
    let mut documents = 1;
    while let Some(older) = whole.older.take()
        && documents < MOST_PAGES
        && seen.insert(older.clone())
    {
        let next = feed(&load(&Source::Url(older), &LoadOptions { url: None, ..options.clone() }).await?)?;
        // Past the last page of a blog there may be a page without items that leads on all the same.
        if next.items.is_empty() {
            break;
        }
        whole.items.extend(next.items);
        whole.older = next.older;
        documents += 1;
    }
    Ok((whole, documents))
}
