//! Batches of readers, and how one is taken back.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::import::Fates;
use crate::store::{Ledger, StoreError, instant};

/// Readers who came together, from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub id: i64,
    pub list: String,
    /// The name of the file.
    pub file: String,
    pub begun: Timestamp,
    pub is_undone: bool,
    /// What became of its rows; nothing of a batch that was cut off.
    pub fates: Option<Fates>,
}

/// What came of undoing a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Readers who came with the batch and are gone.
    pub gone: u64,
    /// Readers who came with it and have got a letter, or have asked by the form, since: pending now, so that their links stay
    /// good and nobody is mailed.
    pub pending: u64,
    /// Readers who were there before it and stand as they did.
    pub restored: u64,
    /// Readers who have confirmed, left or changed something since: they stay as they are.
    pub kept: u64,
    pub unsuppressed: u64,
}

/// Readers that are looked at in one transaction.
const PIECE: i64 = 5_000;

impl Ledger {
    /// All batches, in their order.
    pub async fn batches(&self) -> Result<Vec<Batch>, StoreError> {
        let rows =
            sqlx::query("SELECT id, list, file, begun, state, counts FROM batch ORDER BY id").fetch_all(self.pool()).await?;
        rows.iter().map(batch).collect()
    }

    pub async fn batch(&self, id: i64) -> Result<Option<Batch>, StoreError> {
        let row = sqlx::query("SELECT id, list, file, begun, state, counts FROM batch WHERE id = $1")
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(batch).transpose()
    }

    /// Batches that were being taken, or undone, when their process ended.
    pub async fn unfinished_batches(&self) -> Result<Vec<i64>, StoreError> {
        Ok(sqlx::query_scalar("SELECT id FROM batch WHERE state IN ('taking', 'undoing') ORDER BY id")
            .fetch_all(self.pool())
            .await?)
    }

    /// Takes back what a batch did, and nothing that readers or the desk did since. Goes on where it was cut off.
    pub async fn undo_batch(&self, id: i64) -> Result<Undone, StoreError> {
        let mut undone = Undone::default();
        sqlx::query("UPDATE batch SET state = 'undoing' WHERE id = $1").bind(id).execute(self.pool()).await?;
        undone.unsuppressed = sqlx::query("DELETE FROM suppression WHERE batch = $1 AND bounce IS NULL")
            .bind(id)
            .execute(self.pool())
            .await?
            .rows_affected();
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        restore(&mut transaction, id, &mut undone).await?;
        transaction.commit().await?;
        let mut after = i64::MIN;
        loop {
            let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
            let last: Option<i64> =
                sqlx::query_scalar("SELECT MAX(id) FROM (SELECT id FROM subscriber WHERE id > $1 ORDER BY id LIMIT $2)")
                    .bind(after)
                    .bind(PIECE)
                    .fetch_one(&mut *transaction)
                    .await?;
            let Some(last) = last else { break };
            take_back(&mut transaction, id, (after, last), &mut undone).await?;
            transaction.commit().await?;
            after = last;
        }
        sqlx::query("UPDATE batch SET state = 'undone' WHERE id = $1").bind(id).execute(self.pool()).await?;
        Ok(undone)
    }
}

/// Readers who were there before: as they were, unless they have changed since.
async fn restore(connection: &mut SqliteConnection, batch: i64, undone: &mut Undone) -> Result<(), StoreError> {
    let changed: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM batch_change c JOIN subscriber s ON s.id = c.subscriber WHERE c.batch = $1 AND s.batch IS NOT $1",
    )
    .bind(batch)
    .fetch_one(&mut *connection)
    .await?;
    undone.restored = sqlx::query(
        "UPDATE subscriber SET state = c.state, since = c.since, consent = c.consent, asked = c.asked
         FROM batch_change c JOIN batch b ON b.id = c.batch
         WHERE c.batch = $1 AND subscriber.id = c.subscriber AND subscriber.state = c.new_state AND subscriber.asked IS NULL
           AND subscriber.batch IS NOT $1
           AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.recipient = subscriber.recipient AND r.list = subscriber.list
                           AND r.id > b.receipt AND r.deed <> 'asked')
           AND NOT EXISTS (SELECT 1 FROM batch_change later WHERE later.subscriber = c.subscriber AND later.batch > c.batch)",
    )
    .bind(batch)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    undone.kept += u64::try_from(changed).unwrap_or_default().saturating_sub(undone.restored);
    sqlx::query("DELETE FROM batch_change WHERE batch = $1").bind(batch).execute(connection).await?;
    Ok(())
}

/// Readers with these ids who came with the batch: gone, unless they are known for more than that by now.
async fn take_back(
    connection: &mut SqliteConnection,
    batch: i64,
    (after, last): (i64, i64),
    undone: &mut Undone,
) -> Result<(), StoreError> {
    // What a later batch made of them is that one's; from now on they came with it.
    undone.kept += sqlx::query(
        "UPDATE subscriber SET batch = (SELECT MIN(c.batch) FROM batch_change c WHERE c.subscriber = subscriber.id)
         WHERE id > $2 AND id <= $3 AND batch = $1 AND EXISTS (SELECT 1 FROM batch_change c WHERE c.subscriber = subscriber.id)",
    )
    .bind(batch)
    .bind(after)
    .bind(last)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    undone.kept += sqlx::query(
        "UPDATE subscriber SET batch = NULL WHERE id > $2 AND id <= $3 AND batch = $1
           AND EXISTS (SELECT 1 FROM receipt r JOIN batch b ON b.id = $1 WHERE r.recipient = subscriber.recipient
                       AND r.list = subscriber.list AND r.id > b.receipt AND r.deed <> 'asked')",
    )
    .bind(batch)
    .bind(after)
    .bind(last)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    undone.pending += sqlx::query(
        "UPDATE subscriber SET batch = NULL, state = 'pending', consent = NULL WHERE id > $2 AND id <= $3 AND batch = $1
           AND (asked IS NOT NULL
                OR EXISTS (SELECT 1 FROM sending g JOIN batch b ON b.id = $1 AND g.begun >= b.begun
                           CROSS JOIN delivery d ON d.edition = g.edition AND d.recipient = subscriber.recipient
                           WHERE g.list = subscriber.list AND d.state NOT IN ('due', 'claimed', 'excluded')))",
    )
    .bind(batch)
    .bind(after)
    .bind(last)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    undone.gone += sqlx::query("DELETE FROM subscriber WHERE id > $2 AND id <= $3 AND batch = $1")
        .bind(batch)
        .bind(after)
        .bind(last)
        .execute(connection)
        .await?
        .rows_affected();
    Ok(())
}

fn batch(row: &sqlx::sqlite::SqliteRow) -> Result<Batch, StoreError> {
    let (state, counts): (String, Option<String>) = (row.try_get("state")?, row.try_get("counts")?);
    Ok(Batch {
        id: row.try_get("id")?,
        list: row.try_get("list")?,
        file: row.try_get("file")?,
        begun: instant(row.try_get("begun")?)?,
        is_undone: matches!(state.as_str(), "undoing" | "undone"),
        fates: counts.as_deref().map(Fates::from_json).transpose()?,
    })
}
