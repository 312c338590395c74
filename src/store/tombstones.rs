//! The names of those who were erased, as keyed hashes in a file beside the ledger: an older ledger that is restored knows
//! nothing of them, and learns it from there.
//!
//! A line is appended, and is on the disk, before the ledger is changed. The key is in the file, too: without it the hashes
//! would mean nothing to a ledger from before the first erasure.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;

use super::StoreError;

/// Who was erased, and the key of their hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstones {
    /// In hexadecimal.
    pub key: String,
    pub erased: Vec<(Timestamp, String)>,
}

const HEADER: &str = "griot: addresses that were erased, as keyed hashes";

impl Tombstones {
    /// What the file says; nothing where there is none.
    pub fn read(file: &Path) -> Result<Option<Self>, StoreError> {
        let failed = |source| StoreError::Read { file: file.to_path_buf(), source };
        let mut text = String::new();
        match File::open(file) {
            Ok(mut open) => open.read_to_string(&mut text).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        // A line that a crash has cut short: what it was about did not happen yet.
        let whole = text.rfind('\n').and_then(|end| text.get(..end)).unwrap_or_default();
        let mut lines = whole.lines().filter(|line| !line.is_empty());
        let key = match (lines.next(), lines.next().and_then(|line| line.strip_prefix("key "))) {
            (Some(HEADER), Some(key)) if is_hash(key) => key.to_owned(),
            (None | Some(HEADER), None) => return Ok(None),
            _ => return Err(StoreError::damaged("griot.erased, which", "its first lines")),
        };
        let parsed = |line: &str| {
            let (at, hash) = line.split_once(' ')?;
            is_hash(hash).then_some((at.parse().ok()?, hash.to_owned()))
        };
        let erased = lines.map(|line| parsed(line).ok_or_else(|| StoreError::damaged("griot.erased, which", line)));
        Ok(Some(Self { key, erased: erased.collect::<Result<_, _>>()? }))
    }

    /// Appends those who are erased now. They are on the disk when this returns.
    pub fn append(file: &Path, key: &str, erased: &[(Timestamp, String)]) -> Result<(), StoreError> {
        let failed = |source| StoreError::Write { file: file.to_path_buf(), source };
        let is_new = Self::read(file)?.is_none();
        let mut text = if is_new { format!("{HEADER}\nkey {key}\n") } else { String::new() };
        text.extend(erased.iter().map(|(at, hash)| format!("{at} {hash}\n")));
        let mut open =
            OpenOptions::new().create(true).read(true).write(true).truncate(false).mode(0o600).open(file).map_err(failed)?;
        let mut before = Vec::new();
        open.read_to_end(&mut before).map_err(failed)?;
        // What a crash has cut short is taken off first.
        let whole = if is_new { 0 } else { before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at as u64 + 1) };
        open.set_len(whole).and_then(|()| open.seek(SeekFrom::Start(whole))).map_err(failed)?;
        open.write_all(text.as_bytes()).and_then(|()| open.sync_all()).map_err(failed)?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_appended_is_read_whatever_a_crash_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("griot.erased");
        assert_eq!(Tombstones::read(&file).unwrap(), None);
        let (key, one, two) = ("a".repeat(64), "b".repeat(64), "c".repeat(64));
        let at: Timestamp = "2026-03-04T08:00:00Z".parse().unwrap();
        Tombstones::append(&file, &key, &[(at, one.clone())]).unwrap();
        let first = Tombstones { key: key.clone(), erased: vec![(at, one.clone())] };
        assert_eq!(Tombstones::read(&file).unwrap().unwrap(), first);
        let whole = fs::read(&file).unwrap();
        for cut in 0..whole.len() {
            fs::write(&file, &whole[..cut]).unwrap();
            Tombstones::read(&file).unwrap();
            Tombstones::append(&file, &key, &[(at, two.clone())]).unwrap();
            let read = Tombstones::read(&file);
            let read = read.unwrap().unwrap();
            assert_eq!((read.key, read.erased.last().cloned()), (key.clone(), Some((at, two.clone()))), "{cut}");
        }
        fs::write(&file, "nonsense\nkey x\n").unwrap();
        assert!(Tombstones::read(&file).is_err());
    }
}
