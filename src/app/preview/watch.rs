//! When something has changed that a letter is made of.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Files as they were: their length and when they were last written.
#[derive(Debug, Default)]
pub(super) struct Stamps(Vec<(PathBuf, Stamp)>);

/// Nothing where there is no such file, or nothing in it: an open ledger has an empty log.
type Stamp = Option<(u64, SystemTime)>;

impl Stamps {
    /// Notes a file as it is now, or which files a folder has, if it has not been noted yet.
    pub(super) fn add(&mut self, path: &Path) {
        if self.0.iter().all(|(known, _)| known != path) {
            self.0.push((path.to_path_buf(), stamp(path)));
        }
    }

    /// A folder with the files in it, which alone say when they change.
    pub(super) fn add_folder(&mut self, folder: &Path) {
        self.add(folder);
        let files = fs::read_dir(folder).into_iter().flatten().flatten();
        files.for_each(|file| self.add(&file.path()));
    }

    /// The ledger is a file, and beside it what has been written to it and not yet into it.
    pub(super) fn add_ledger(&mut self, ledger: &Path) {
        let mut log: OsString = ledger.as_os_str().to_owned();
        log.push("-wal");
        self.add(ledger);
        self.add(Path::new(&log));
    }

    /// Whether each of them is as it was.
    pub(super) fn still_hold(&self) -> bool {
        self.0.iter().all(|(path, noted)| stamp(path) == *noted)
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    Some((about.len(), about.modified().ok()?)).filter(|(length, _)| *length > 0)
}
