//! The fence: a small file beside the ledger, by which a copied or restored ledger is told from the one that sends.
//!
//! Ledger and fence hold the same token and a count of epochs, one more at the beginning and the end of each sending. The
//! fence also says which two files it and the ledger are, by what the system gives a file when it is made. So a copy of the
//! folder shows, since its files are others; an older ledger that was written over this one, since it counts less than the
//! fence; and both written over together, since the fence is a new file with each epoch. A folder that is moved stays the
//! same. What does not show is a disk that goes back as a whole, as a virtual machine does.
//!
//! An epoch is committed in the ledger before the fence says it: a crash in between leaves the fence behind, and that is no
//! breach. The fence is only written under the ledger's write lock, so that two senders are not in each other's way.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

use super::{Ledger, StoreError, files};

/// Where a ledger and its fence lie.
#[derive(Clone, Copy, Debug)]
pub struct Fence<'a> {
    pub ledger: &'a Path,
    pub file: &'a Path,
}

/// How it shows that a ledger is a copy, or was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    #[error("`griot.fence` is missing, the file beside a ledger that has sent")]
    Missing,
    #[error("`griot.fence` cannot be understood")]
    Unreadable,
    #[error("`griot.fence` belongs to another ledger")]
    Foreign,
    #[error("`griot.db` and `griot.fence` are not the files that sent last")]
    Copied,
    #[error("`griot.fence` knows of later mail than the ledger")]
    Older,
}

impl Ledger {
    /// Whether this ledger is not to send, and how that shows. Changes nothing. A ledger that has never sent has no fence yet.
    pub async fn breach(&self, fence: Fence<'_>) -> Result<Option<Breach>, StoreError> {
        let Self::Sqlite(pool) = self else { return Ok(None) };
        // In this order: what the fence says, the ledger knows since before.
        let sight = fence.look()?;
        let epoch = epoch(&mut *pool.acquire().await?).await?;
        if sight.breach(epoch.as_ref()).is_none() {
            return Ok(None);
        }
        // Another sender may just be making the fence. Under the write lock none is.
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let epoch = self::epoch(&mut transaction).await?;
        let breach = fence.look()?.breach(epoch.as_ref());
        transaction.rollback().await?;
        Ok(breach)
    }

    /// Counts one epoch more, unless there is a breach, which it gives. `token` is for a ledger that has no fence yet.
    pub async fn begin_epoch(&self, fence: Fence<'_>, token: &str) -> Result<Option<Breach>, StoreError> {
        let Self::Sqlite(pool) = self else { return Ok(None) };
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let known = epoch(&mut transaction).await?;
        let breach = fence.look()?.breach(known.as_ref());
        if breach.is_some() {
            transaction.rollback().await?;
            return Ok(breach);
        }
        let epoch = if let Some(epoch) = known {
            epoch.next()
        } else {
            // The fence first: whenever griot is stopped, a ledger that has an epoch is not to be found without one.
            let none = Epoch { token: token.to_owned(), count: 0 };
            fence.write(&none)?;
            none.next()
        };
        keep(&mut transaction, &epoch).await?;
        transaction.commit().await?;
        self.catch_up(fence).await?;
        Ok(None)
    }

    /// Makes this ledger the one that sends, under a token that no copy of it has.
    pub async fn adopt(&self, fence: Fence<'_>, token: &str) -> Result<(), StoreError> {
        let Self::Sqlite(pool) = self else { return Ok(()) };
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        keep(&mut transaction, &Epoch { token: token.to_owned(), count: 1 }).await?;
        transaction.commit().await?;
        self.catch_up(fence).await
    }

    /// Has the fence say what the ledger says by now: never an older epoch, whoever else is at it.
    async fn catch_up(&self, fence: Fence<'_>) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        if let Some(epoch) = epoch(&mut transaction).await? {
            fence.write(&epoch)?;
        }
        Ok(transaction.rollback().await?)
    }
}

/// What ledger and fence have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Epoch {
    token: String,
    count: u64,
}

impl Epoch {
    fn next(self) -> Self {
        Self { count: self.count.saturating_add(1), ..self }
    }
}

/// The name of the epoch in `meta`; its value is count and token.
const EPOCH: &str = "epoch";

async fn epoch(connection: &mut SqliteConnection) -> Result<Option<Epoch>, StoreError> {
    let value: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(EPOCH).fetch_optional(connection).await?;
    let Some(value) = value else { return Ok(None) };
    let parsed = value.split_once(' ').and_then(|(count, token)| Some((count.parse().ok()?, token.to_owned())));
    let (count, token) = parsed.ok_or_else(|| StoreError::damaged("the epoch", &value))?;
    Ok(Some(Epoch { token, count }))
}

async fn keep(connection: &mut SqliteConnection, epoch: &Epoch) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(EPOCH)
        .bind(format!("{} {}", epoch.count, epoch.token))
        .execute(connection)
        .await?;
    Ok(())
}

/// What stands in the fence, as JSON.
#[derive(Debug, Deserialize, Serialize)]
struct Words {
    token: String,
    epoch: u64,
    fence: Mark,
    ledger: Mark,
}

/// What a file is known by wherever it is moved to, and no copy of it has. The device is no part: its number may change when
/// the machine is started.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct Mark {
    inode: u64,
    /// When it was made, in nanoseconds since 1970, where the file system says so: the number alone is given out again.
    made: Option<u64>,
}

impl Mark {
    fn of(metadata: &Metadata) -> Self {
        let made = metadata.created().ok().and_then(|made| made.duration_since(UNIX_EPOCH).ok());
        Self { inode: metadata.ino(), made: made.and_then(|made| u64::try_from(made.as_nanos()).ok()) }
    }

    fn is(self, other: Self) -> bool {
        let same_time = self.made.zip(other.made).is_none_or(|(one, two)| one == two);
        self.inode == other.inode && same_time
    }
}

/// Ledger and fence as they lie there.
struct Sight {
    ledger: Mark,
    /// The fence with its words, where it has any that can be understood; nothing where there is none.
    fence: Option<(Mark, Option<Words>)>,
}

impl Sight {
    fn breach(&self, epoch: Option<&Epoch>) -> Option<Breach> {
        let Some((mark, words)) = &self.fence else { return epoch.map(|_| Breach::Missing) };
        let Some(words) = words else { return Some(Breach::Unreadable) };
        let Some(epoch) = epoch else {
            // Without a count: a first sending was stopped before it began.
            return (words.epoch > 0).then_some(Breach::Older);
        };
        if words.token != epoch.token {
            Some(Breach::Foreign)
        } else if !words.fence.is(*mark) || !words.ledger.is(self.ledger) {
            Some(Breach::Copied)
        } else {
            (words.epoch > epoch.count).then_some(Breach::Older)
        }
    }
}

/// More than any fence has.
const MOST_BYTES: u64 = 4096;

impl Fence<'_> {
    fn look(&self) -> Result<Sight, StoreError> {
        let failed = |source| StoreError::Read { file: self.file.to_path_buf(), source };
        let ledger = self.ledger_mark()?;
        let open = match File::open(self.file) {
            Ok(open) => open,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Sight { ledger, fence: None }),
            Err(error) => return Err(failed(error)),
        };
        let mark = Mark::of(&open.metadata().map_err(failed)?);
        let mut bytes = Vec::new();
        open.take(MOST_BYTES).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Sight { ledger, fence: Some((mark, serde_json::from_slice(&bytes).ok())) })
    }

    /// As a new file each time, which the words name.
    fn write(&self, epoch: &Epoch) -> Result<(), StoreError> {
        let ledger = self.ledger_mark()?;
        let words = |fence: &Metadata| {
            let words = Words { token: epoch.token.clone(), epoch: epoch.count, fence: Mark::of(fence), ledger };
            let mut bytes = serde_json::to_vec_pretty(&words)?;
            bytes.push(b'\n');
            Ok(bytes)
        };
        files::replace_anew(self.file, words)
    }

    fn ledger_mark(&self) -> Result<Mark, StoreError> {
        let metadata =
            fs::metadata(self.ledger).map_err(|source| StoreError::Read { file: self.ledger.to_path_buf(), source })?;
        Ok(Mark::of(&metadata))
    }
}
