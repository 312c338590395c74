//! From the ledger to the feeds' bytes: articles are fetched in pieces, several threads make every format of them, and one
//! writes the pieces in order.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, mpsc};

use anyhow::Context;
use tokio::sync::mpsc as tokio_mpsc;

use super::documents::Document;
use super::guard::{FeedGuard, again};
use crate::app::Desk;
use crate::domain::Publication;
use crate::render::{FeedFormat, FeedItem, FeedWriter, Published};
use crate::store::files::{Finished, Replacement};
use crate::store::{StoreError, Stored};

/// How many articles make a piece.
const PIECE: usize = 50;
/// How many pieces may wait for a thread, or for the one that writes them.
const AHEAD: usize = 3;
/// The most threads that make pieces.
const THREADS: usize = 8;

/// A file as it was made, not yet in its place, with the items that were read back out of it.
#[derive(Debug)]
pub(super) struct Rendered {
    /// Which of the documents it is.
    pub document: usize,
    pub format: FeedFormat,
    pub target: PathBuf,
    pub finished: Finished,
    /// Of RSS alone.
    pub items: Vec<Published>,
}

/// Some articles of a document, in one format, and what stands before and behind all of its articles.
struct Piece {
    head: Vec<u8>,
    items: Vec<u8>,
    tail: Vec<u8>,
    published: Vec<Published>,
}

/// The articles of a piece, and its place among all.
struct Work {
    number: usize,
    document: usize,
    is_last: bool,
    articles: Vec<Stored>,
}

/// A piece in all formats.
struct Done {
    number: usize,
    document: usize,
    is_last: bool,
    formats: Vec<Piece>,
}

/// Renders documents in every format, beside the files that they may replace, and reads back every piece before it is written.
///
/// No more than a few hundred articles are in memory at a time.
pub(super) async fn render(desk: &Desk, documents: Vec<Document>) -> anyhow::Result<(Vec<Document>, Vec<Rendered>)> {
    let documents = std::sync::Arc::new(documents);
    let (sender, receiver) = tokio_mpsc::channel(AHEAD);
    let (publication, folder) = (desk.settings.publication.clone(), desk.settings.feeds.clone());
    let writing = tokio::task::spawn_blocking({
        let documents = std::sync::Arc::clone(&documents);
        move || make(&Making { documents: &documents, publication: &publication, folder: &folder }, receiver)
    });
    let fetched = fetch(desk, &documents, &sender).await;
    drop(sender);
    let rendered = writing.await.context("the feeds could not be written")?;
    fetched?;
    let documents = std::sync::Arc::into_inner(documents).context("the feeds could not be written")?;
    Ok((documents, rendered?))
}

/// Fetches the articles of all documents, piece by piece.
async fn fetch(desk: &Desk, documents: &[Document], sender: &tokio_mpsc::Sender<Work>) -> Result<(), StoreError> {
    let mut number = 0;
    for (at, document) in documents.iter().enumerate() {
        let pieces = document.articles.len().div_ceil(PIECE).max(1);
        for piece in 0..pieces {
            let start = piece * PIECE;
            let end = (start + PIECE).min(document.articles.len());
            let articles = desk.ledger.stored(document.articles.get(start..end).unwrap_or_default()).await?;
            let work = Work { number, document: at, is_last: piece + 1 == pieces, articles };
            number += 1;
            // Who writes has given up: the reason is in what it returns.
            if sender.send(work).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// What every thread knows.
struct Making<'a> {
    documents: &'a [Document],
    publication: &'a Publication,
    folder: &'a std::path::Path,
}

impl Making<'_> {
    fn document(&self, number: usize) -> anyhow::Result<&Document> {
        self.documents.get(number).context("a piece belongs to no document")
    }
}

/// Makes pieces on several threads, and writes them in order on this one.
fn make(making: &Making, work: tokio_mpsc::Receiver<Work>) -> anyhow::Result<Vec<Rendered>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let work = Mutex::new(work);
    let (sender, receiver) = mpsc::sync_channel(AHEAD);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(|| {
                // Its own end of the channel, so that nobody waits for it once it has left.
                let sender = sender;
                // A poisoned lock is that of a thread that panicked: it has left, and takes the run with it.
                while let Some(work) = work.lock().ok().and_then(|mut work| work.blocking_recv()) {
                    if sender.send(pieces(making, &work)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let written = write(making, receiver);
        // Where the writing failed, who fetches must not wait for room.
        if written.is_err()
            && let Ok(mut work) = work.lock()
        {
            work.close();
        }
        written
    })
}

/// Makes a piece in every format.
fn pieces(making: &Making, work: &Work) -> anyhow::Result<Done> {
    let document = making.document(work.document)?;
    let articles = work.articles.iter().map(Stored::read).collect::<Result<Vec<_>, _>>()?;
    let items: Vec<FeedItem> = articles.iter().map(|archived| FeedItem::new(archived, making.publication)).collect();
    let formats = FeedFormat::ALL.map(|format| {
        let piece = written(making, document, format, &items)?;
        let invalid = |what: String| {
            let file = document.files(making.folder).into_iter().find(|(of, _)| *of == format).map(|(_, file)| file);
            let file = file.unwrap_or_default().display().to_string();
            // Which article it is, is looked for only now.
            let alone = |item: &FeedItem| {
                written(making, document, format, std::slice::from_ref(item))
                    .map(|piece| again(format, document, &piece.parts(), 1))
            };
            let guilty = articles.iter().zip(&items).find(|(_, item)| !matches!(alone(item), Ok(Ok(_))));
            FeedGuard::Invalid { file, what, article: guilty.map(|(archived, _)| archived.id.to_string()) }
        };
        let published = again(format, document, &piece.parts(), items.len()).map_err(invalid)?;
        Ok(Piece { published, ..piece })
    });
    let formats = formats.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Done { number: work.number, document: work.document, is_last: work.is_last, formats })
}

impl Piece {
    fn parts(&self) -> [&[u8]; 3] {
        [&self.head, &self.items, &self.tail]
    }
}

fn written(making: &Making, document: &Document, format: FeedFormat, items: &[FeedItem]) -> anyhow::Result<Piece> {
    let mut writer = FeedWriter::new(format, document.head(making.publication), Vec::new())?;
    let head = writer.taken();
    for item in items {
        writer.item(item)?;
    }
    let items = writer.taken();
    Ok(Piece { head, items, tail: writer.finish()?, published: Vec::new() })
}

/// Writes pieces as they come, each in its turn.
fn write(making: &Making, pieces: mpsc::Receiver<anyhow::Result<Done>>) -> anyhow::Result<Vec<Rendered>> {
    let mut out = Vec::new();
    let mut waiting = BTreeMap::new();
    let mut turn = 0;
    let mut open: Vec<Open> = Vec::new();
    for done in pieces {
        let done = done?;
        waiting.insert(done.number, done);
        while let Some(done) = waiting.remove(&turn) {
            turn += 1;
            if open.is_empty() {
                let files = making.document(done.document)?.files(making.folder);
                open = files.into_iter().map(|(format, file)| Open::new(format, file)).collect::<Result<_, _>>()?;
            }
            for (open, piece) in open.iter_mut().zip(done.formats) {
                open.add(piece, done.is_last)?;
            }
            if done.is_last {
                for open in open.drain(..) {
                    out.push(open.rendered(done.document)?);
                }
            }
        }
    }
    Ok(out)
}

/// A file that is being written.
struct Open {
    format: FeedFormat,
    target: PathBuf,
    out: Replacement,
    is_begun: bool,
    items: Vec<Published>,
}

impl Open {
    fn new(format: FeedFormat, target: PathBuf) -> Result<Self, StoreError> {
        Ok(Self { format, out: Replacement::of(&target)?, target, is_begun: false, items: Vec::new() })
    }

    fn add(&mut self, piece: Piece, is_last: bool) -> Result<(), StoreError> {
        use std::io::Write;
        let before: &[u8] = if self.is_begun { self.format.between() } else { &piece.head };
        let behind: &[u8] = if is_last { &piece.tail } else { b"" };
        self.is_begun = true;
        self.items.extend(piece.published);
        let written = [before, &piece.items, behind].into_iter().try_for_each(|bytes| self.out.write_all(bytes));
        written.map_err(|source| StoreError::Write { file: self.target.clone(), source })
    }

    fn rendered(self, document: usize) -> anyhow::Result<Rendered> {
        let Self { format, target, out, items, .. } = self;
        super::guard::distinct(&target, &items)?;
        // The formats have the same items, and one of them is held against what is public.
        let items = if format == FeedFormat::Rss { items } else { Vec::new() };
        Ok(Rendered { document, format, finished: out.finish()?, target, items })
    }
}
