//! From the ledger to the feeds' bytes: one walk through the archive writes every format.

use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::app::Desk;
use crate::domain::{Archived, Publication};
use crate::render::{FeedFormat, FeedHead, FeedItem, FeedWriter};
use crate::store::files::{Finished, Replacement};
use crate::store::{Position, StoreError};

/// How many articles are read at a time.
const STEP: u32 = 200;
/// How many such steps may wait to be written.
const AHEAD: usize = 2;

/// Renders every format of the `limit` newest articles that are due, beside the files that they may replace.
///
/// The ledger is read here and the feeds are written on a thread of their own, so that neither waits for the other;
/// no more than a few hundred articles are in memory at a time.
pub(super) async fn render(desk: &Desk, limit: u32) -> anyhow::Result<Vec<(FeedFormat, Finished)>> {
    let updated = desk.ledger.newest_change(desk.now(), limit).await?;
    let (sender, receiver) = mpsc::channel(AHEAD);
    let (publication, folder) = (desk.settings.publication.clone(), desk.settings.feeds.clone());
    let writing = tokio::task::spawn_blocking(move || write(&publication, &folder, updated, receiver));
    let (mut position, mut left) = (None::<Position>, limit);
    while left > 0 {
        let articles = desk.ledger.articles(desk.now(), position.as_ref(), left.min(STEP)).await?;
        let Some(last) = articles.last() else { break };
        position = Some(Position::from(last));
        left -= u32::try_from(articles.len()).unwrap_or(left);
        // Who writes has given up: the reason is in what it returns.
        if sender.send(articles).await.is_err() {
            break;
        }
    }
    drop(sender);
    Ok(writing.await.context("the feeds could not be written")??)
}

fn write(
    publication: &Publication,
    folder: &Path,
    updated: Option<Timestamp>,
    mut articles: mpsc::Receiver<Vec<Archived>>,
) -> Result<Vec<(FeedFormat, Finished)>, StoreError> {
    let mut feeds = FeedFormat::ALL
        .map(|format| {
            let file = folder.join(format.file_name());
            let out = Replacement::of(&file)?;
            let head = FeedHead { publication, updated };
            let writer = FeedWriter::new(format, head, out).map_err(failed(&file))?;
            Ok((format, file, writer))
        })
        .into_iter()
        .collect::<Result<Vec<_>, StoreError>>()?;
    while let Some(step) = articles.blocking_recv() {
        for archived in &step {
            let item = FeedItem::new(archived, publication);
            for (_, file, writer) in &mut feeds {
                writer.item(&item).map_err(failed(file))?;
            }
        }
    }
    feeds.into_iter().map(|(format, file, writer)| Ok((format, writer.finish().map_err(failed(&file))?.finish()?))).collect()
}

fn failed(file: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let file: PathBuf = file.to_path_buf();
    move |source| StoreError::Write { file, source }
}
