//! The one place that writes output files: beside, synced, renamed; and not at all where the bytes are equal.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::StoreError;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    New,
    Changed,
    /// The bytes were equal: nothing was touched, the time of change included.
    Unchanged,
}

/// A file that is being written beside the one it will replace.
///
/// As long as the bytes are those of the old file they are only compared: a rebuild that changes nothing writes nothing.
/// Nothing is seen of it until [`Finished::commit`]; dropped before, it leaves no trace.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    beside: PathBuf,
    state: State,
    /// Whether only its owner can read it, whoever could read the old one.
    is_secret: bool,
}

#[derive(Debug)]
enum State {
    /// Equal so far: the old file, read up to here, and how many bytes that is.
    Same {
        old: BufReader<File>,
        length: u64,
    },
    Writing(BufWriter<File>),
    /// Whole, and let go of: a run may have more of them than a process may have files open.
    Closed,
}

const BUFFER: usize = 64 * 1024;

impl Replacement {
    /// Starts to write beside `target`, in a folder that is made where it is missing.
    pub fn of(target: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Write { file: target.to_path_buf(), source };
        let beside = place_beside(target).map_err(failed)?;
        let state = match File::open(target) {
            Ok(old) => State::Same { old: BufReader::with_capacity(BUFFER, old), length: 0 },
            // Missing, or not to be read: either way it is to be written.
            Err(_) => State::Writing(create(&beside).map_err(failed)?),
        };
        Ok(Self { target: target.to_path_buf(), beside, state, is_secret: false })
    }

    /// The same for a file that only its owner can read.
    pub fn secret(target: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Write { file: target.to_path_buf(), source };
        let beside = place_beside(target).map_err(failed)?;
        // What a killed run left may be open to others.
        match fs::remove_file(&beside) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(failed(source)),
            _ => {}
        }
        let open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
        let state = State::Writing(BufWriter::with_capacity(BUFFER, open));
        Ok(Self { target: target.to_path_buf(), beside, state, is_secret: true })
    }

    /// Ends the writing, and gives the bytes to look at before they are published.
    pub fn finish(mut self) -> Result<Finished, StoreError> {
        let target = self.target.clone();
        let failed = |source| StoreError::Write { file: target.clone(), source };
        if let State::Same { old, length } = &mut self.state {
            let (is_whole, length) = (old.fill_buf().map_err(failed)?.is_empty(), *length);
            if is_whole {
                self.state = State::Closed;
                return Ok(Finished { replacement: self, written: Written::Unchanged });
            }
            self.part(length).map_err(failed)?;
        }
        if let State::Writing(out) = &mut self.state {
            out.flush().map_err(failed)?;
        }
        self.state = State::Closed;
        let written = if self.target.exists() { Written::Changed } else { Written::New };
        Ok(Finished { replacement: self, written })
    }

    /// The bytes part from those of the old file after `length`: what was equal is written down, and what comes follows it.
    fn part(&mut self, length: u64) -> io::Result<()> {
        let mut out = create(&self.beside)?;
        io::copy(&mut File::open(&self.target)?.take(length), &mut out)?;
        self.state = State::Writing(out);
        Ok(())
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let parted_at = match &mut self.state {
            State::Writing(out) => return out.write(bytes),
            State::Closed => return Err(io::ErrorKind::BrokenPipe.into()),
            State::Same { old, length } => {
                let there = old.fill_buf()?;
                let count = there.len().min(bytes.len());
                if count > 0 && there.get(..count) == bytes.get(..count) {
                    old.consume(count);
                    *length += count as u64;
                    return Ok(count);
                }
                *length
            }
        };
        if bytes.is_empty() {
            return Ok(0);
        }
        self.part(parted_at)?;
        self.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Writing(out) => out.flush(),
            State::Same { .. } | State::Closed => Ok(()),
        }
    }
}

/// Where the bytes of a file lie until they are whole, in a folder that is made where it is missing.
fn place_beside(target: &Path) -> io::Result<PathBuf> {
    let folder = folder_of(target);
    fs::create_dir_all(folder)?;
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // A fixed name: what a killed run left is written over by the next, and the lock keeps out a second writer.
    Ok(folder.join(format!(".{name}.new")))
}

fn create(beside: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(BUFFER, File::create(beside)?))
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // After a rename there is nothing left by this name. An error has nowhere to go, and the next run writes over it.
        let _ = fs::remove_file(&self.beside);
    }
}

/// A file that is whole, but not yet in the place of the old one.
#[derive(Debug)]
pub struct Finished {
    replacement: Replacement,
    written: Written,
}

impl Finished {
    /// Where the bytes lie.
    pub fn path(&self) -> &Path {
        &self.replacement.beside
    }

    /// What [`Finished::commit`] will come to.
    pub fn written(&self) -> Written {
        self.written
    }

    /// Another place for it, where its name is known only by its bytes. Nothing may lie there.
    #[must_use]
    pub fn called(mut self, target: &Path) -> Self {
        self.replacement.target = target.to_path_buf();
        self.written = Written::New;
        self
    }

    /// Puts the file in its place, unless the bytes there are equal.
    pub fn commit(self) -> Result<Written, StoreError> {
        let written = self.written;
        commit_all(vec![self])?;
        Ok(written)
    }

    /// Makes sure that the bytes are on the disk.
    fn sync(&self) -> Result<(), StoreError> {
        let Replacement { target, beside, is_secret, .. } = &self.replacement;
        if let Ok(old) = fs::metadata(target)
            && !is_secret
        {
            fs::set_permissions(beside, old.permissions()).map_err(self.failed())?;
        }
        File::open(beside).and_then(|file| file.sync_all()).map_err(self.failed())
    }

    fn failed(&self) -> impl FnOnce(io::Error) -> StoreError {
        let file = self.replacement.target.clone();
        move |source| StoreError::Write { file, source }
    }
}

/// How many files are synced at a time: the disk takes what waits for it in one go.
const SYNCS: usize = 8;

/// Puts files in their places, in order, unless the bytes there are equal. All are on the disk before the first takes its place.
pub fn commit_all(files: Vec<Finished>) -> Result<(), StoreError> {
    let changed: Vec<Finished> = files.into_iter().filter(|file| file.written != Written::Unchanged).collect();
    std::thread::scope(|scope| {
        let shares = changed.chunks(changed.len().div_ceil(SYNCS).max(1));
        let syncing: Vec<_> = shares.map(|share| scope.spawn(|| share.iter().try_for_each(Finished::sync))).collect();
        // A thread that panicked is passed on as the panic that it was.
        syncing.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    let mut folders = BTreeSet::new();
    for file in &changed {
        let Replacement { target, beside, .. } = &file.replacement;
        fs::rename(beside, target).map_err(file.failed())?;
        folders.insert(folder_of(target));
    }
    // The renames themselves have to survive a power cut too.
    for folder in folders {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| StoreError::Write { file: folder.to_path_buf(), source })?;
    }
    Ok(())
}

/// Replaces a file by these bytes.
pub fn replace(target: &Path, bytes: &[u8]) -> Result<Written, StoreError> {
    prepare(target, bytes)?.commit()
}

/// Copies a file of so many bytes to its public place, unless one of that size lies there: whoever calls has seen to it that
/// a name is never given to other bytes.
///
/// A copy and no link: what is edited in place must not change what is public.
pub fn place(source: &Path, target: &Path, bytes: u64) -> Result<Written, StoreError> {
    let there = fs::metadata(target).ok();
    if there.as_ref().is_some_and(|there| there.is_file() && there.len() == bytes) {
        return Ok(Written::Unchanged);
    }
    let failed = |source| StoreError::Write { file: target.to_path_buf(), source };
    let beside = place_beside(target).map_err(failed)?;
    let published = File::open(source)
        .and_then(|mut from| {
            let mut out = File::create(&beside)?;
            if io::copy(&mut from, &mut out)? != bytes {
                return Err(io::Error::other("the file changes while it is being copied"));
            }
            out.sync_all()
        })
        .and_then(|()| fs::rename(&beside, target))
        .and_then(|()| File::open(folder_of(target))?.sync_all());
    if let Err(source) = published {
        // The next run writes over it where it cannot be removed.
        let _ = fs::remove_file(&beside);
        return Err(failed(source));
    }
    Ok(if there.is_some() { Written::Changed } else { Written::New })
}

/// Replaces a file by a new one, whose bytes may name the file that they come to lie in.
pub(super) fn replace_anew(target: &Path, bytes: impl FnOnce(&Metadata) -> io::Result<Vec<u8>>) -> Result<(), StoreError> {
    let failed = |source| StoreError::Write { file: target.to_path_buf(), source };
    let beside = place_beside(target).map_err(failed)?;
    let out = create(&beside).map_err(failed)?;
    let metadata = out.get_ref().metadata();
    let mut replacement = Replacement { target: target.to_path_buf(), beside, state: State::Writing(out), is_secret: false };
    let bytes = metadata.and_then(|metadata| bytes(&metadata)).map_err(failed)?;
    replacement.write_all(&bytes).map_err(failed)?;
    replacement.finish()?.commit()?;
    Ok(())
}

/// Replaces files that belong together: all are on the disk before the first takes its place.
pub fn replace_all(files: &[(PathBuf, &[u8])]) -> Result<Vec<(PathBuf, Written)>, StoreError> {
    let prepared: Vec<_> =
        files.iter().map(|(target, bytes)| Ok((target, prepare(target, bytes)?))).collect::<Result<_, StoreError>>()?;
    let (told, finished): (Vec<_>, Vec<_>) =
        prepared.into_iter().map(|(target, finished)| ((target.clone(), finished.written), finished)).unzip();
    commit_all(finished)?;
    Ok(told)
}

/// Writes beside a file; nothing where the bytes are equal.
pub fn prepare(target: &Path, bytes: &[u8]) -> Result<Finished, StoreError> {
    let mut replacement = Replacement::of(target)?;
    replacement.write_all(bytes).map_err(|source| StoreError::Write { file: target.to_path_buf(), source })?;
    replacement.finish()
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a file that only its owner can read, and that was not there before.
pub fn create_secret(file: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = |source| StoreError::Write { file: file.to_path_buf(), source };
    fs::create_dir_all(folder_of(file)).map_err(failed)?;
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(|source| {
        let is_there = source.kind() == io::ErrorKind::AlreadyExists;
        if is_there { StoreError::Exists { file: file.to_path_buf() } } else { failed(source) }
    })?;
    out.write_all(bytes).and_then(|()| out.sync_all()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_bytes_touch_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("feeds/feed.xml");
        assert_eq!(replace(&file, b"one").unwrap(), Written::New);
        let before = fs::metadata(&file).unwrap().modified().unwrap();
        assert_eq!(replace(&file, b"one").unwrap(), Written::Unchanged);
        let mut streamed = Replacement::of(&file).unwrap();
        streamed.write_all(b"one").unwrap();
        assert_eq!(streamed.finish().unwrap().commit().unwrap(), Written::Unchanged);
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), before);
        assert_eq!(replace(&file, b"two").unwrap(), Written::Changed);
        assert_eq!(fs::read(&file).unwrap(), b"two");
    }

    #[test]
    fn bytes_that_part_anywhere_are_written_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("feed.xml");
        let old: Vec<u8> = (0..200_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        for (cut, more) in [(0, 1), (1, 0), (70_000, 5), (65_536, 0), (131_072, 200_000), (200_000, 1), (200_000, 0)] {
            fs::write(&file, &old).unwrap();
            let mut new = old[..cut].to_vec();
            new.extend(std::iter::repeat_n(0xFF_u8, more));
            let mut replacement = Replacement::of(&file).unwrap();
            for piece in new.chunks(777) {
                replacement.write_all(piece).unwrap();
            }
            let same = new == old;
            let expected = if same { Written::Unchanged } else { Written::Changed };
            assert_eq!(replacement.finish().unwrap().commit().unwrap(), expected, "{cut} {more}");
            assert_eq!(fs::read(&file).unwrap(), new, "{cut} {more}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_is_given_up_leaves_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("feed.xml");
        replace(&file, b"good").unwrap();
        let mut half = Replacement::of(&file).unwrap();
        half.write_all(b"half").unwrap();
        drop(half);
        drop(Replacement::of(&file).unwrap().finish().unwrap());
        assert_eq!(fs::read(&file).unwrap(), b"good");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
