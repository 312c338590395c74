//! The versions of files that are kept in memory: those that were asked for last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::version::Version;

/// Bytes that are kept at most, compressed forms with them.
const MOST_BYTES: usize = 32 * 1024 * 1024;
const MOST_FILES: usize = 2048;

#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    /// By the path below the folder.
    versions: HashMap<String, Entry>,
    bytes: usize,
    /// Counts how often something was asked for.
    beat: u64,
}

#[derive(Debug)]
struct Entry {
    version: Arc<Version>,
    used: u64,
}

impl Kept {
    /// What is kept of a file, whether or not it still holds.
    pub(super) fn get(&self, file: &str) -> Option<Arc<Version>> {
        let mut shelf = self.shelf();
        shelf.beat += 1;
        let beat = shelf.beat;
        let entry = shelf.versions.get_mut(file)?;
        entry.used = beat;
        Some(Arc::clone(&entry.version))
    }

    /// Keeps a version in the place of the one before. Where another request has just done so with the same one, that stays:
    /// what was compressed of it would be lost.
    pub(super) fn keep(&self, file: &str, version: Version) -> Arc<Version> {
        let mut shelf = self.shelf();
        if let Some(entry) = shelf.versions.get(file)
            && entry.version.stamp() == version.stamp()
        {
            return Arc::clone(&entry.version);
        }
        shelf.beat += 1;
        let version = Arc::new(version);
        let entry = Entry { version: Arc::clone(&version), used: shelf.beat };
        shelf.bytes += version.weight();
        let before = shelf.versions.insert(file.to_owned(), entry);
        shelf.bytes -= before.map_or(0, |before| before.version.weight());
        shelf.make_place();
        version
    }

    pub(super) fn forget(&self, file: &str) {
        self.shelf().remove(file);
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Whoever panicked, what is kept is looked at again before it is sent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn make_place(&mut self) {
        while self.bytes > MOST_BYTES || self.versions.len() > MOST_FILES {
            let oldest = self.versions.iter().min_by_key(|(_, entry)| entry.used).map(|(file, _)| file.clone());
            let Some(oldest) = oldest else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, file: &str) {
        if let Some(entry) = self.versions.remove(file) {
            self.bytes -= entry.version.weight();
        }
    }
}
