//! Readers out of a file: looked at first, then taken as one batch, which can be taken back.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::columns::{Columns, Exporter};
use super::export::write_row;
use super::table::{Row, Table};
use super::text::encoding;
use super::{Desk, Fate, Fates, Marks, Undone, row};
use crate::app::Lock;
use crate::domain::{Address, Line};
use crate::store::files::Replacement;
use crate::store::{Incoming, Staging};

/// What is to be imported, and how.
#[derive(Clone, Copy, Debug)]
pub struct Imports<'a> {
    pub list: &'a str,
    pub file: &'a Path,
    /// How it is known that these readers agreed; without it they are pending.
    pub consent: Option<&'a Line>,
    /// What the file is written in, where it does not show.
    pub encoding: Option<&'a str>,
    /// Where rows go that cannot be taken; beside the file where nothing is said.
    pub rejects: Option<&'a Path>,
    /// Without it, nothing is changed.
    pub apply: bool,
}

/// What an import came to, or would come to.
#[derive(Clone, Debug)]
pub struct Import {
    pub file: ImportFile,
    pub fates: Fates,
    /// Some of those that each fate meets, where nothing is changed yet.
    pub examples: Vec<(Fate, Vec<Address>)>,
    pub rejected: u64,
    /// The first of them.
    pub first_rejected: Vec<Rejected>,
    /// Where all of them are written, with their text.
    pub rejects: Option<PathBuf>,
    /// By what the import is taken back.
    pub batch: Option<i64>,
}

/// What a file was understood to be.
#[derive(Clone, Debug)]
pub struct ImportFile {
    pub exporter: Exporter,
    pub encoding: &'static str,
    /// Whether the encoding is no more than likely.
    pub is_guessed: bool,
    pub separator: char,
    /// Columns that are not kept.
    pub dropped: Vec<String>,
}

/// A row that was not taken.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Line of the file, counted from 1.
    pub line: u64,
    pub why: String,
}

/// No import has this number.
#[derive(Debug, thiserror::Error)]
#[error("there is no import {0}")]
pub struct UnknownBatch(pub i64);

/// Readers that are handed to the ledger at a time, and the most bytes of them.
const PIECE: usize = 2000;
const PIECE_BYTES: usize = 1024 * 1024;

/// Rows that are told one by one.
const TOLD: usize = 20;
const EXAMPLES: u32 = 3;

/// Reads a file, and takes its readers where it is told to: all that can be taken, or none.
///
/// `tell` is called with the number of rows done so far.
pub async fn import_readers(desk: &Desk, imports: &Imports<'_>, tell: &mut dyn FnMut(u64)) -> anyhow::Result<Import> {
    let context = || format!("failed to import `{}`", imports.file.display());
    let _lock = if imports.apply { Some(Lock::wait(&lock_file(desk)).await?) } else { None };
    let marks = Marks::of(desk).await?;
    let mut reading = Reading::open(imports, marks).with_context(context)?;
    let mut staging = desk.ledger.stage(imports.list).await?;
    let mut piece = reading.piece().with_context(context)?;
    while !piece.is_empty() {
        tell(reading.rows);
        // The ledger is at work on one piece while the next is read.
        let (laid, next) = tokio::join!(staging.lay(&piece), async { reading.piece() });
        laid?;
        piece = next.with_context(context)?;
    }
    staging.sort().await?;
    let mut import = reading.finish(imports)?;
    if imports.apply {
        take(desk, staging, imports, &mut import, tell).await?;
    } else {
        import.fates = staging.weigh().await?;
        for fate in import.fates.counts.keys() {
            import.examples.push((*fate, staging.examples(*fate, EXAMPLES).await?));
        }
        staging.clear().await?;
    }
    Ok(import)
}

async fn take(
    desk: &Desk,
    mut staging: Staging,
    imports: &Imports<'_>,
    import: &mut Import,
    tell: &mut dyn FnMut(u64),
) -> anyhow::Result<()> {
    let name = imports.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let batch = staging.begin(&name, desk.now()).await?;
    let taken = staging.take(batch, desk.now(), tell).await;
    let cleared = staging.clear().await;
    match taken {
        Ok(fates) => {
            cleared?;
            import.fates = fates;
            import.batch = Some(batch);
            Ok(())
        }
        Err(error) => {
            // All or nothing. Where the disk does not let this happen now, the next command does it.
            let undone = desk.ledger.undo_batch(batch).await;
            let error = anyhow::Error::from(error);
            Err(if undone.is_ok() {
                error.context("nothing was imported")
            } else {
                error.context("the import is undone by the next command")
            })
        }
    }
}

/// Takes an import back; nothing where that was done before.
pub async fn undo_import(desk: &Desk, batch: i64) -> anyhow::Result<Option<Undone>> {
    let _lock = Lock::wait(&lock_file(desk)).await?;
    let known = desk.ledger.batch(batch).await?.ok_or(UnknownBatch(batch))?;
    Ok(if known.is_undone { None } else { Some(desk.ledger.undo_batch(batch).await?) })
}

/// Undoes imports that were cut off, unless one is under way.
pub(in crate::app) async fn mend(desk: &Desk) -> anyhow::Result<()> {
    let unfinished = desk.ledger.unfinished_batches().await?;
    if unfinished.is_empty() {
        return Ok(());
    }
    let Some(_lock) = Lock::take(&lock_file(desk))? else { return Ok(()) };
    // Another process may have seen to it, or may have begun, before the lock was ours.
    for batch in desk.ledger.unfinished_batches().await? {
        desk.ledger.undo_batch(batch).await.context("failed to undo an import that was cut off")?;
    }
    Ok(())
}

/// Held by an import: it does not keep others from their work, as the lock of the publication does.
fn lock_file(desk: &Desk) -> PathBuf {
    desk.settings.lock.with_extension("import.lock")
}

/// A file on its way in.
struct Reading<'a> {
    table: Table,
    columns: Columns,
    consent: Option<&'a Line>,
    marks: Option<Marks>,
    rows: u64,
    rejects: Rejects,
    /// A row of readers that stood in the place of the names of columns.
    first: Option<Incoming>,
}

/// Rows that cannot be taken.
struct Rejects {
    count: u64,
    first: Vec<Rejected>,
    place: PathBuf,
    /// Made with the first of them, and only where something is taken.
    file: Option<Replacement>,
    is_written: bool,
}

impl<'a> Reading<'a> {
    fn open(imports: &Imports<'a>, marks: Option<Marks>) -> anyhow::Result<Self> {
        let named = imports.encoding.map(encoding).transpose()?;
        let mut table = Table::open(imports.file, named)?;
        let name = imports.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let place = imports.rejects.map_or_else(
            || imports.file.with_file_name(format!("{}.rejected.csv", name.strip_suffix(".csv").unwrap_or(&name))),
            Path::to_path_buf,
        );
        let mut rejects = Rejects { count: 0, first: Vec::new(), place, file: None, is_written: imports.apply };
        let (columns, first) = loop {
            let row = table.next_row()?.context("the file is empty")?;
            if row.flaw.is_none() && row.cells().all(str::is_empty) {
                continue;
            }
            anyhow::ensure!(row.flaw.is_none(), "line {} is too long to hold the names of columns", row.line);
            let columns = Columns::of(&row, &name)
                .with_context(|| format!("line {} has no column of addresses: name one `email` in the first line", row.line))?;
            let first = if columns.has_header { None } else { understood(&row, &columns, imports.consent, &mut rejects)? };
            break (columns, first);
        };
        Ok(Self { table, columns, consent: imports.consent, marks, rows: 0, rejects, first })
    }

    /// The next readers; none at the end.
    fn piece(&mut self) -> anyhow::Result<Vec<Incoming>> {
        let (mut out, mut bytes): (Vec<Incoming>, usize) = (self.first.take().into_iter().collect(), 0);
        while out.len() < PIECE && bytes < PIECE_BYTES {
            let Some(row) = self.table.next_row()? else { break };
            if row.flaw.is_none() && row.cells().all(str::is_empty) {
                continue;
            }
            self.rows += 1;
            let Some(reader) = understood(&row, &self.columns, self.consent, &mut self.rejects)? else { continue };
            bytes += row.raw.len();
            out.push(reader);
        }
        if let Some(marks) = &self.marks {
            for reader in &mut out {
                reader.erased = Some(marks.hash(&reader.address));
            }
        }
        Ok(out)
    }

    fn finish(self, imports: &Imports<'_>) -> anyhow::Result<Import> {
        let Rejects { count, first, place, file, .. } = self.rejects;
        if let Some(file) = file {
            file.finish()?.commit()?;
        }
        Ok(Import {
            file: ImportFile {
                exporter: self.columns.exporter,
                encoding: self.table.encoding.name(),
                is_guessed: self.table.is_guessed,
                separator: self.table.separator,
                dropped: self.columns.dropped,
            },
            fates: Fates::default(),
            examples: Vec::new(),
            rejected: count,
            first_rejected: first,
            rejects: (count > 0 && imports.apply).then_some(place),
            batch: None,
        })
    }
}

/// The reader of a row; nothing, and its place among the rejects, where it cannot be taken.
fn understood(
    row: &Row<'_>,
    columns: &Columns,
    consent: Option<&Line>,
    rejects: &mut Rejects,
) -> anyhow::Result<Option<Incoming>> {
    match row::understand(row, columns, consent) {
        Ok(reader) => Ok(Some(reader)),
        Err(why) => rejects.add(row, why).map(|()| None),
    }
}

impl Rejects {
    fn add(&mut self, row: &Row<'_>, why: String) -> anyhow::Result<()> {
        self.count += 1;
        if self.is_written {
            if self.file.is_none() {
                self.file = Some(Replacement::secret(&self.place)?);
                self.write(["line", "reason", "text"])?;
            }
            self.write([&row.line.to_string(), &why, row.raw])?;
        }
        if self.first.len() < TOLD {
            self.first.push(Rejected { line: row.line, why });
        }
        Ok(())
    }

    fn write(&mut self, cells: [&str; 3]) -> anyhow::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let mut line = Vec::new();
        write_row(&mut line, cells);
        file.write_all(&line).with_context(|| format!("failed to write `{}`", self.place.display()))
    }
}
