use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

/// Held while a publication is worked on: one process at a time. The system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock is the open file")] File);

/// Another process holds the lock.
#[derive(Debug, thiserror::Error)]
#[error("another griot is at work on this publication")]
pub struct Busy;

/// How long a command waits for another one to end.
const PATIENCE: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_millis(50);

impl Lock {
    /// The lock, or `None` where another process holds it.
    pub fn take(file: &Path) -> anyhow::Result<Option<Self>> {
        let context = || format!("failed to take the lock `{}`", file.display());
        let open = File::options().create(true).truncate(false).write(true).open(file).with_context(context)?;
        match open.try_lock() {
            Ok(()) => Ok(Some(Self(open))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(context),
        }
    }

    /// The lock, after waiting for another process for a while; [`Busy`] where it goes on and on.
    pub async fn wait(file: &Path) -> anyhow::Result<Self> {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(lock) = Self::take(file)? {
                return Ok(lock);
            }
            if waited >= PATIENCE {
                return Err(Busy.into());
            }
            tokio::time::sleep(STEP).await;
            waited += STEP;
        }
    }
}
