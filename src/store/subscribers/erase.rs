//! A person of whom nothing is left but a keyed hash, in no byte of the ledger.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use crate::domain::Exclusion;
use crate::store::{Ledger, StoreError, millis};

/// How much was known of somebody who was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErasedCounts {
    pub subscriptions: u64,
    pub receipts: u64,
    /// Letters: their rows stay, under a name that nobody has, so that the balance of the sending stays even.
    pub letters: u64,
    pub bounces: u64,
}

/// Set as long as bytes of somebody who was erased may be left in the ledger's files.
const TO_SHRED: &str = "to shred";

/// Addresses that are looked at in one step.
const STEP: i64 = 10_000;

/// Where addresses stand in the ledger.
const ADDRESSES: [&str; 5] = ["subscriber", "suppression", "receipt", "bounce", "delivery"];

impl Ledger {
    /// Erases the person with this key of an address. `stand_in` is an address that nobody has, for what is counted on.
    ///
    /// The bytes are gone after [`Ledger::shred`].
    pub async fn erase(&self, key: &str, hash: &str, stand_in: &str, now: Timestamp) -> Result<ErasedCounts, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let counts = erase(&mut transaction, key, stand_in, now).await?;
        remember(&mut transaction, hash, now).await?;
        transaction.commit().await?;
        Ok(counts)
    }

    /// Writes the ledger's files anew without what was erased, where that is still to be done; gives whether all is gone. It is
    /// not as long as another process is reading.
    pub async fn shred(&self) -> Result<bool, StoreError> {
        let Self::Sqlite(pool) = self else { return Ok(true) };
        if self.kept(TO_SHRED).await?.is_none() {
            return Ok(true);
        }
        // What SQLite frees keeps its bytes until something else needs the room: in pages, between rows, in the log.
        let mut connection = pool.acquire().await?;
        sqlx::query("VACUUM").execute(&mut *connection).await?;
        let is_busy: i64 = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await?.try_get(0)?;
        if is_busy != 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM meta WHERE name = $1").bind(TO_SHRED).execute(&mut *connection).await?;
        Ok(true)
    }

    /// The hashes of all who were erased, with when that was.
    pub async fn erased(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let rows = sqlx::query("SELECT hash, at FROM erased ORDER BY at, hash").fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get("hash")?, crate::store::instant(row.try_get("at")?)?))).collect()
    }

    /// Notes that somebody was erased of whom this ledger may know nothing.
    pub async fn remember_erased(&self, hash: &str, at: Timestamp) -> Result<(), StoreError> {
        remember(&mut *self.pool().acquire().await?, hash, at).await
    }

    /// The keys of addresses anywhere in the ledger that `is_wanted` knows. Looks at all of them.
    pub async fn find_addresses(&self, mut is_wanted: impl FnMut(&str) -> bool) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for table in ADDRESSES {
            let text = format!(
                "SELECT json_group_array(recipient) AS keys, MAX(id) AS last FROM (
                     SELECT recipient, rowid AS id FROM {table} WHERE rowid > $1 ORDER BY rowid LIMIT $2)"
            );
            let mut after = i64::MIN;
            loop {
                let row = sqlx::query(sqlx::AssertSqlSafe(text.clone())).bind(after).bind(STEP).fetch_one(self.pool()).await?;
                let Some(last) = row.try_get::<Option<i64>, _>("last")? else { break };
                after = last;
                let keys: String = row.try_get("keys")?;
                let keys: Vec<Option<String>> =
                    serde_json::from_str(&keys).map_err(|error| StoreError::damaged("addresses", error))?;
                found.extend(keys.into_iter().flatten().filter(|key| is_wanted(key)));
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}

async fn remember(connection: &mut SqliteConnection, hash: &str, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO erased (hash, at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
        .bind(hash)
        .bind(millis(at))
        .execute(connection)
        .await?;
    Ok(())
}

async fn erase(connection: &mut SqliteConnection, key: &str, stand_in: &str, now: Timestamp) -> Result<ErasedCounts, StoreError> {
    for table in ["outbox", "batch_change"] {
        let text = format!("DELETE FROM {table} WHERE subscriber IN (SELECT id FROM subscriber WHERE recipient = $1)");
        sqlx::query(sqlx::AssertSqlSafe(text)).bind(key).execute(&mut *connection).await?;
    }
    let mut gone = [0; 3];
    for (count, table) in gone.iter_mut().zip(["subscriber", "receipt", "suppression"]) {
        let text = format!("DELETE FROM {table} WHERE recipient = $1");
        *count = sqlx::query(sqlx::AssertSqlSafe(text)).bind(key).execute(&mut *connection).await?.rows_affected();
    }
    // Who waits is not mailed any more; of who is just being mailed, nobody will know. Servers repeat the address in what they say.
    let letters = sqlx::query(
        "UPDATE delivery SET recipient = $2, address = $2, name = NULL, subscriber = NULL, lane = '',
             reply = CASE WHEN state IN ('due', 'deferred', 'claimed') THEN $3 WHEN state = 'in flight' THEN $5
                          WHEN instr(lower(reply), $1) > 0 THEN NULL ELSE reply END,
             changed = CASE WHEN state IN ('due', 'deferred', 'claimed', 'in flight') THEN $4 ELSE changed END,
             state = CASE WHEN state IN ('due', 'deferred', 'claimed') THEN 'excluded' WHEN state = 'in flight' THEN 'uncertain'
                          ELSE state END
         WHERE edition IN (SELECT id FROM edition) AND recipient = $1",
    )
    .bind(key)
    .bind(stand_in)
    .bind(Exclusion::Suppressed.to_string())
    .bind(millis(now))
    .bind("the reader was erased while the message was being handed over")
    .execute(&mut *connection)
    .await?
    .rows_affected();
    let mut bounces = sqlx::query("UPDATE bounce SET raw = x'', words = '', recipient = $2, domain = $3 WHERE recipient = $1")
        .bind(key)
        .bind(stand_in)
        .bind(stand_in.rsplit_once('@').map(|(_, domain)| domain))
        .execute(&mut *connection)
        .await?
        .rows_affected();
    // Reports that nobody could tell the reader of may name the address all the same.
    let mut after = String::new();
    loop {
        let row = sqlx::query("SELECT hash, raw, words FROM bounce WHERE recipient IS NULL AND hash > $1 ORDER BY hash LIMIT 1")
            .bind(&after)
            .fetch_optional(&mut *connection)
            .await?;
        let Some(row) = row else { break };
        let (hash, raw, words): (String, Vec<u8>, String) = (row.try_get("hash")?, row.try_get("raw")?, row.try_get("words")?);
        let names = |bytes: &[u8]| memchr::memmem::find(&bytes.to_ascii_lowercase(), key.as_bytes()).is_some();
        if names(&raw) || names(words.as_bytes()) {
            bounces += sqlx::query("UPDATE bounce SET raw = x'', words = '' WHERE hash = $1")
                .bind(&hash)
                .execute(&mut *connection)
                .await?
                .rows_affected();
        }
        after = hash;
    }
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, '') ON CONFLICT (name) DO NOTHING")
        .bind(TO_SHRED)
        .execute(connection)
        .await?;
    let [subscriptions, receipts, _] = gone;
    Ok(ErasedCounts { subscriptions, receipts, letters, bounces })
}
