//! What senders left behind that are no more.

use jiff::Timestamp;

use sqlx::{Row, SqliteConnection};

use super::{Hand, SendingId, sending};
use crate::store::articles::NEWS_SINCE;
use crate::store::{Ledger, StoreError, millis};

impl Ledger {
    /// The senders that may have deliveries of a sending in hand.
    pub async fn in_hand(&self, id: &SendingId) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT sender FROM hand WHERE edition = $1 AND list = $2 ORDER BY sender")
            .bind(id.edition.as_str())
            .bind(&id.list)
            .fetch_all(self.pool())
            .await?)
    }

    /// Sets right what a sender left that was killed: claims are due again, what was in flight is uncertain.
    ///
    /// Returns how many are newly uncertain. Looks through the whole audience, once a crash.
    pub async fn recover(&self, id: &SendingId, dead: &str, now: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let uncertain = sqlx::query(
            "UPDATE delivery SET state = 'uncertain', changed = $1, reply = 'griot was stopped while the message was being handed over'
             WHERE edition = $2 AND list = $3 AND state = 'in flight' AND sender = $4",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(dead)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        sqlx::query(
            "UPDATE delivery SET state = 'due', tries = tries - 1, changed = $1
             WHERE edition = $2 AND list = $3 AND state = 'claimed' AND sender = $4",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(dead)
        .execute(&mut *transaction)
        .await?;
        let_go(&mut transaction, id, dead).await?;
        transaction.commit().await?;
        Ok(uncertain)
    }

    /// A sender is done with a sending: it has nothing of it in hand any more.
    pub async fn let_go(&self, hand: &Hand) -> Result<(), StoreError> {
        let mut connection = self.pool().acquire().await?;
        let_go(&mut connection, &hand.sending, &hand.sender).await
    }

    /// Takes back what a sender has had in hand for too long without beginning with it, though it seems to be at work.
    pub async fn reclaim(&self, id: &SendingId, now: Timestamp) -> Result<u64, StoreError> {
        Ok(sqlx::query(
            "UPDATE delivery SET state = 'due', tries = tries - 1, changed = $1
             WHERE edition = $2 AND list = $3 AND state = 'claimed' AND until < $1",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .execute(self.pool())
        .await?
        .rows_affected())
    }

    /// Puts everybody in doubt who waits in any sending, and takes what was published by now for no news to any list: another
    /// griot may have sent it. Returns how many are newly uncertain, by sending.
    pub async fn doubt_all(&self, why: &str, now: Timestamp) -> Result<Vec<(SendingId, u64)>, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let rows = sqlx::query(
            "SELECT edition, list, COUNT(*) AS count FROM delivery WHERE state IN ('due', 'claimed', 'in flight', 'deferred')
             GROUP BY edition, list ORDER BY edition, list",
        )
        .fetch_all(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE delivery SET state = 'uncertain', changed = $1, reply = $2
             WHERE state IN ('due', 'claimed', 'in flight', 'deferred')",
        )
        .bind(millis(now))
        .bind(why)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(NEWS_SINCE)
            .bind(millis(now).to_string())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        let doubted = |row: &sqlx::sqlite::SqliteRow| {
            let count: i64 = row.try_get("count")?;
            Ok((sending(row)?, u64::try_from(count).unwrap_or_default()))
        };
        rows.iter().map(doubted).collect()
    }

    /// Tries nobody of a sending, or of one of its lanes, before this time.
    pub async fn postpone(&self, id: &SendingId, lane: Option<&str>, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE delivery SET not_before = $1
             WHERE edition = $2 AND list = $3 AND ($4 IS NULL OR lane = $4) AND state IN ('due', 'deferred') AND not_before < $1",
        )
        .bind(millis(until))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(lane)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The sendings that have begun and still have somebody to try by now, or in somebody's hand.
    pub async fn waiting_sendings(&self, now: Timestamp) -> Result<Vec<SendingId>, StoreError> {
        self.sendings_where(
            "SELECT edition, list FROM delivery WHERE state IN ('due', 'deferred') AND not_before <= $1
             UNION SELECT edition, list FROM hand ORDER BY edition, list",
            now,
        )
        .await
    }
}

async fn let_go(connection: &mut SqliteConnection, id: &SendingId, sender: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM hand WHERE edition = $1 AND list = $2 AND sender = $3")
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(sender)
        .execute(connection)
        .await?;
    Ok(())
}
