use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Context;

/// That a sender is at work: a locked file of its own. The system lets go of the lock when the process ends, however it ends.
#[derive(Debug)]
pub struct Presence {
    file: PathBuf,
    #[expect(dead_code, reason = "the lock is the open file")]
    lock: File,
}

impl Presence {
    /// Says that the sender of this name is at work. Before it takes anything in hand: who has something and is not present is
    /// dead.
    pub fn announce(lock: &Path, sender: &str) -> anyhow::Result<Self> {
        let file = file_of(lock, sender);
        let context = || format!("failed to take the lock `{}`", file.display());
        let open = File::options().create_new(true).write(true).open(&file).with_context(context)?;
        open.lock().with_context(context)?;
        Ok(Self { file, lock: open })
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next one who looks: nobody holds its lock any more.
        drop(fs::remove_file(&self.file));
    }
}

/// Whether a sender is at work on this machine. What a dead one left is cleared away.
pub fn is_present(lock: &Path, sender: &str) -> anyhow::Result<bool> {
    let file = file_of(lock, sender);
    let context = || format!("failed to look at the lock `{}`", file.display());
    let open = match File::options().write(true).open(&file) {
        Ok(open) => open,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(context),
    };
    match open.try_lock() {
        Ok(()) => {
            fs::remove_file(&file).with_context(context)?;
            Ok(false)
        }
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error).with_context(context),
    }
}

/// The file lies beside the lock of the publication. A name that no sender has cannot lead elsewhere.
fn file_of(lock: &Path, sender: &str) -> PathBuf {
    let plain: String = sender.chars().filter(char::is_ascii_alphanumeric).collect();
    lock.with_extension(format!("sender-{plain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_there_as_long_as_it_works() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("griot.lock");
        assert!(!is_present(&lock, "a1").unwrap());
        let presence = Presence::announce(&lock, "a1").unwrap();
        assert!(is_present(&lock, "a1").unwrap() && !is_present(&lock, "b2").unwrap());
        drop(presence);
        assert!(!is_present(&lock, "a1").unwrap());
        // Killed: the file is left, the lock is not.
        fs::write(file_of(&lock, "c3"), "").unwrap();
        assert!(!is_present(&lock, "c3").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
