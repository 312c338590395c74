//! The ledger: articles and their ids, sources, readers and their consent, editions, deliveries, runs. The only room that speaks SQL.
//!
//! One SQL text serves every backend: columns are `BIGINT` (milliseconds since 1970, UTC) and `TEXT`, of
//! pictures `BLOB`, parameters `$1`.
//! [`files`] is the one place that writes output files.

mod announcements;
mod archive;
mod articles;
mod bounces;
mod deliveries;
mod editions;
mod episodes;
mod error;
mod fence;
mod fetches;
pub mod files;
mod numbers;
mod pages;
mod pictures;
mod quota;
mod record;
mod runs;
mod sources;
mod subscribers;
mod subscriptions;
mod tombstones;

pub use announcements::Announcement;
pub use archive::{Listed, Stored, document_name};
pub use articles::Position;
pub use bounces::{BounceEffect, Decision, HeldDomain, Judged, KeptBounce, Leaver, Mailed, Taking};
pub use deliveries::{Claim, Cleared, Delivery, Entry, FrozenLetter, Hand, Lane, Pause, Pen, SendingId};
pub use editions::{KeptEdition, ListedEdition};
pub use episodes::{KnownEpisode, KnownFile, KnownShow};
pub use error::StoreError;
pub use fence::{Breach, Fence};
pub use fetches::Fetched;
pub use numbers::SinceWeek;
pub use pages::page_name;
pub use pictures::{AttachedPicture, KeptPicture};
pub use quota::{Granted, Quota, minute_of};
pub use runs::PlannedRun;
pub use sources::{ItemState, KnownItem, KnownSource};
pub use subscribers::{
    Added, Batch, Details, ErasedCounts, Fate, Fates, Heard, Incoming, Invited, KeptReceipt, ListedReader, Membership, Person,
    Removed, Staging, Undone,
};
pub use subscriptions::{Asked, Asking, AskingLimits, Confirming, Leaving, Subscription, Waiting};
pub use tombstones::Tombstones;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, SqlSafeStr};

/// Where everything is kept that has to outlive a run.
#[derive(Clone, Debug)]
pub enum Ledger {
    /// A file beside the config.
    Sqlite(SqlitePool),
    /// Nothing but memory, for tests and for looking at what is not published yet: the same SQL, gone with the process.
    Memory(SqlitePool),
}

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

/// Migrations, in order. One that has been released is never changed again: the ledger keeps their checksums.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("schema/0001_first.sql")),
    (2, "sources", include_str!("schema/0002_sources.sql")),
    (3, "senders", include_str!("schema/0003_senders.sql")),
    (4, "archive", include_str!("schema/0004_archive.sql")),
    (5, "episodes", include_str!("schema/0005_episodes.sql")),
    (6, "announcements", include_str!("schema/0006_announcements.sql")),
    (7, "editions", include_str!("schema/0007_editions.sql")),
    (8, "bounces", include_str!("schema/0008_bounces.sql")),
    (9, "subscriptions", include_str!("schema/0009_subscriptions.sql")),
    (10, "people", include_str!("schema/0010_people.sql")),
    (11, "numbers", include_str!("schema/0011_numbers.sql")),
];

impl Ledger {
    /// Opens the ledger, and creates it where there is none.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Open { file: file.to_path_buf(), source };
        // SQLite would open for reading what it cannot write, and leave files beside it that nobody can write later either.
        match std::fs::File::options().write(true).open(file) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::NotWritable { file: file.to_path_buf(), source });
            }
            _ => {}
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was settled has to survive a power cut: a mail that was sent must not be sent again.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        // One connection: a command works on its own, and the write lock is the process's anyway. It is no line that could break
        // while nobody uses it, so each statement is spared the question.
        let pool = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false).connect_with(options).await;
        let pool = pool.map_err(failed)?;
        if let Err(error) = migrate(&pool, MIGRATIONS).await {
            // Closed, not dropped: else its side files could outlive the process.
            pool.close().await;
            return Err(failed(sqlx::Error::Migrate(Box::new(error))));
        }
        Ok(Self::Sqlite(pool))
    }

    /// A ledger in memory.
    pub async fn memory() -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str("sqlite::memory:")?.foreign_keys(true);
        // The one connection is the database: it must never be closed and opened anew.
        let pool =
            SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).connect_with(options).await?;
        migrate(&pool, MIGRATIONS).await.map_err(|error| sqlx::Error::Migrate(Box::new(error)))?;
        Ok(Self::Memory(pool))
    }

    /// Writes everything back into the one file and closes it.
    pub async fn close(&self) {
        self.pool().close().await;
    }

    /// A random value of this ledger's own, made once by `mint`: what makes ids and tokens unforgeable.
    pub async fn secret(&self, name: &str, mint: impl FnOnce() -> String) -> Result<String, StoreError> {
        if let Some(value) = self.kept(name).await? {
            return Ok(value);
        }
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(mint())
            .execute(self.pool())
            .await?;
        Ok(self.kept(name).await?.unwrap_or_default())
    }

    /// A value that was kept by [`Ledger::keep`].
    pub async fn kept(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(name).fetch_optional(self.pool()).await?)
    }

    /// Keeps a small value between runs.
    pub async fn keep(&self, name: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(name)
            .bind(value)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    fn pool(&self) -> &SqlitePool {
        match self {
            Self::Sqlite(pool) | Self::Memory(pool) => pool,
        }
    }
}

async fn migrate(pool: &SqlitePool, migrations: &[(i64, &str, &'static str)]) -> Result<(), sqlx::migrate::MigrateError> {
    let migrations = migrations
        .iter()
        .map(|(version, name, sql)| {
            Migration::new(*version, (*name).to_owned().into(), MigrationType::Simple, AssertSqlSafe(*sql).into_sql_str(), false)
        })
        .collect();
    Migrator::with_migrations(migrations).run(pool).await
}

/// Milliseconds since 1970, as the ledger keeps them.
fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// Reads what [`millis`] wrote.
fn instant(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| StoreError::damaged("an instant", millis))
}
