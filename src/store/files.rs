//! The one place that writes output files: beside, synced, renamed; and not at all where the bytes are equal.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
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
/// Nothing is seen of it until [`Finished::commit`]; dropped before, it leaves no trace.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    beside: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Replacement {
    /// Starts to write beside `target`, in a folder that is made where it is missing.
    pub fn of(target: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Write { file: target.to_path_buf(), source };
        let folder = folder_of(target);
        fs::create_dir_all(folder).map_err(failed)?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // A fixed name: what a killed run left is written over by the next, and the lock keeps out a second writer.
        let beside = folder.join(format!(".{name}.new"));
        let out = File::create(&beside).map_err(failed)?;
        Ok(Self { target: target.to_path_buf(), beside, out: Some(BufWriter::with_capacity(64 * 1024, out)) })
    }

    /// Ends the writing, compares, and gives the bytes to look at before they are published.
    pub fn finish(mut self) -> Result<Finished, StoreError> {
        let failed = |source| StoreError::Write { file: self.target.clone(), source };
        if let Some(mut out) = self.out.take() {
            out.flush().map_err(failed)?;
        }
        let written = match self.target.exists() {
            false => Written::New,
            true if same_bytes(&self.target, &self.beside).map_err(failed)? => Written::Unchanged,
            true => Written::Changed,
        };
        Ok(Finished { replacement: self, written })
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(out) => out.write(bytes),
            None => Err(io::Error::other("the file has been finished")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
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

    /// Puts the file in its place, unless the bytes there are equal.
    pub fn commit(self) -> Result<Written, StoreError> {
        let Replacement { target, beside, .. } = &self.replacement;
        let failed = |source| StoreError::Write { file: target.clone(), source };
        if self.written == Written::Unchanged {
            return Ok(self.written);
        }
        if let Ok(old) = fs::metadata(target) {
            fs::set_permissions(beside, old.permissions()).map_err(failed)?;
        }
        File::open(beside).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::rename(beside, target).map_err(failed)?;
        // The rename itself has to survive a power cut too.
        File::open(folder_of(target)).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(self.written)
    }
}

/// Replaces a file by these bytes.
pub fn replace(target: &Path, bytes: &[u8]) -> Result<Written, StoreError> {
    prepare(target, bytes)?.map_or(Ok(Written::Unchanged), Finished::commit)
}

/// Replaces files that belong together: all are on the disk before the first takes its place.
pub fn replace_all(files: &[(PathBuf, &[u8])]) -> Result<Vec<(PathBuf, Written)>, StoreError> {
    let prepared: Vec<_> =
        files.iter().map(|(target, bytes)| Ok((target, prepare(target, bytes)?))).collect::<Result<_, StoreError>>()?;
    prepared
        .into_iter()
        .map(|(target, finished)| Ok((target.clone(), finished.map_or(Ok(Written::Unchanged), Finished::commit)?)))
        .collect()
}

/// Writes beside a file; nothing where the bytes are equal.
fn prepare(target: &Path, bytes: &[u8]) -> Result<Option<Finished>, StoreError> {
    if fs::read(target).is_ok_and(|old| old == bytes) {
        return Ok(None);
    }
    let mut replacement = Replacement::of(target)?;
    replacement.write_all(bytes).map_err(|source| StoreError::Write { file: target.to_path_buf(), source })?;
    Ok(Some(replacement.finish()?))
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let read = a.read(&mut left)?;
        if read == 0 {
            return Ok(true);
        }
        let (Some(left), Some(right)) = (left.get(..read), right.get_mut(..read)) else { return Ok(false) };
        b.read_exact(right)?;
        if left != right {
            return Ok(false);
        }
    }
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
