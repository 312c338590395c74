//! What a sender does with the deliveries that it has in hand.
//!
//! Several senders may be at work on one sending: a row is in the hand of one, by its name, and only that one can take it
//! further. What is to be written down at the same time goes in one transaction ([`Ledger::record`]): the wait for the disk
//! is then shared by all connections.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::SendingId;
use crate::domain::{DeliveryState, Exclusion, Outcome, Recipient};
use crate::store::subscribers::{address, name};
use crate::store::{Ledger, StoreError, instant, millis};

/// A sender at work on a sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    pub sending: SendingId,
    /// The sender's name: no other process has it.
    pub sender: String,
}

/// A recipient that a sender has taken in hand.
#[derive(Clone, Debug)]
pub struct Claim {
    pub recipient: Recipient,
    /// How often it has been tried, this time included.
    pub tries: u32,
}

/// Readers who wait, by domain; small domains together have no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    pub name: String,
    /// Readers who are to be tried by now.
    pub waiting: u64,
}

/// Something to write down about a recipient, by its key ([`crate::domain::Address::key`]).
#[derive(Clone, Debug)]
pub enum Entry {
    /// The message is about to be handed over. From here on, until it is settled, nobody knows.
    InFlight { recipient: String },
    /// How an attempt ended; a deferred one is tried again from `next` on.
    Settled { recipient: String, outcome: Outcome, next: Timestamp },
    /// Untried after all: due again, from `next` on.
    Returned { recipient: String, next: Timestamp },
    /// Not handed over after all: in the sender's hand as before.
    Withdrawn { recipient: String },
    /// The address does not exist, says the server: it is not mailed again, whatever list it is on.
    Suppressed { recipient: String, reason: String },
    /// Messages were handed to a server.
    Handed { server: String, count: u32 },
    /// A lane of a server is left alone until then.
    Paused { server: String, lane: String, until: Timestamp },
}

/// What became of an [`Entry::InFlight`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleared {
    /// Hand the message over.
    Go,
    /// The reader is not to be mailed after all; the row says so now.
    Excluded(Exclusion),
    /// Another sender has the row: this one took too long.
    Taken,
}

/// A pause of a lane: see [`Entry::Paused`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    pub lane: String,
    pub until: Timestamp,
}

impl Ledger {
    /// The lanes of a sending that have somebody to try by now, the largest first.
    pub async fn waiting_lanes(&self, id: &SendingId, now: Timestamp) -> Result<Vec<Lane>, StoreError> {
        let rows = sqlx::query(
            "SELECT lane, COUNT(*) AS waiting FROM delivery
             WHERE edition = $1 AND list = $2 AND state IN ('due', 'deferred') AND not_before <= $3
             GROUP BY lane ORDER BY waiting DESC, lane",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(millis(now))
        .fetch_all(self.pool())
        .await?;
        let lane = |row: &sqlx::sqlite::SqliteRow| {
            let waiting: i64 = row.try_get("waiting")?;
            Ok(Lane { name: row.try_get("lane")?, waiting: u64::try_from(waiting).unwrap_or_default() })
        };
        rows.iter().map(lane).collect()
    }

    /// Takes up to `limit` recipients of a lane in hand who are to be tried by now. They are the sender's until `until`.
    pub async fn claim(
        &self,
        hand: &Hand,
        lane: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claim>, StoreError> {
        let rows = sqlx::query(
            "UPDATE delivery SET state = 'claimed', sender = $5, until = $6, tries = tries + 1, changed = $1
             WHERE edition = $2 AND recipient IN (
                 SELECT recipient FROM delivery
                 WHERE edition = $2 AND list = $3 AND lane = $7 AND state IN ('due', 'deferred') AND not_before <= $1
                 ORDER BY not_before, recipient LIMIT $4)
             RETURNING address, name, tries, not_before, recipient",
        )
        .bind(millis(now))
        .bind(hand.sending.edition.as_str())
        .bind(&hand.sending.list)
        .bind(i64::from(limit))
        .bind(&hand.sender)
        .bind(millis(until))
        .bind(lane)
        .fetch_all(self.pool())
        .await?;
        let mut claims = Vec::with_capacity(rows.len());
        for row in &rows {
            let tries: i64 = row.try_get("tries")?;
            let order: (i64, String) = (row.try_get("not_before")?, row.try_get("recipient")?);
            let recipient = Recipient::from_ledger(address(row)?, name(row)?);
            claims.push((order, Claim { recipient, tries: u32::try_from(tries).unwrap_or(u32::MAX) }));
        }
        // RETURNING has no order of its own.
        claims.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(claims.into_iter().map(|(_, claim)| claim).collect())
    }

    /// Writes all entries down, or none; gives what became of each [`Entry::InFlight`], in their order.
    pub async fn record(&self, hand: &Hand, entries: &[Entry], now: Timestamp) -> Result<Vec<Cleared>, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        // What was before comes first: a connection that begins with the next reader has settled the last one.
        settle(&mut transaction, hand, entries, now).await?;
        note(&mut transaction, entries, now).await?;
        let keys: Vec<&str> = entries.iter().filter_map(Entry::in_flight).collect();
        let cleared = if keys.is_empty() { Vec::new() } else { clear(&mut transaction, hand, &keys, now).await? };
        transaction.commit().await?;
        Ok(cleared)
    }

    /// The pauses of a server that have not ended.
    pub async fn pauses(&self, server: &str, now: Timestamp) -> Result<Vec<Pause>, StoreError> {
        let rows = sqlx::query("SELECT lane, until FROM pause WHERE server = $1 AND until > $2 ORDER BY lane")
            .bind(server)
            .bind(millis(now))
            .fetch_all(self.pool())
            .await?;
        let pause =
            |row: &sqlx::sqlite::SqliteRow| Ok(Pause { lane: row.try_get("lane")?, until: instant(row.try_get("until")?)? });
        rows.iter().map(pause).collect()
    }

    /// Messages handed to a server in each of the last minutes: the minute since 1970, and how many.
    pub async fn handed(&self, server: &str, since: i64) -> Result<Vec<(i64, u32)>, StoreError> {
        let rows = sqlx::query("SELECT minute, count FROM handed WHERE server = $1 AND minute >= $2 ORDER BY minute")
            .bind(server)
            .bind(since)
            .fetch_all(self.pool())
            .await?;
        let bucket = |row: &sqlx::sqlite::SqliteRow| {
            let count: i64 = row.try_get("count")?;
            Ok((row.try_get("minute")?, u32::try_from(count).unwrap_or(u32::MAX)))
        };
        rows.iter().map(bucket).collect()
    }
}

impl Entry {
    fn in_flight(&self) -> Option<&str> {
        match self {
            Self::InFlight { recipient } => Some(recipient),
            _ => None,
        }
    }
}

/// Writes outcomes down. A row that was judged uncertain in the meantime, since this sender seemed dead, is known better now.
async fn settle(connection: &mut SqliteConnection, hand: &Hand, entries: &[Entry], now: Timestamp) -> Result<(), StoreError> {
    let edition = hand.sending.edition.as_str();
    let row = |entry: &Entry| match entry {
        Entry::Settled { recipient, outcome, next } => {
            Some(serde_json::json!([edition, recipient, outcome.state().as_str(), outcome.reply(), millis(*next), 0]))
        }
        Entry::Returned { recipient, next } => {
            Some(serde_json::json!([edition, recipient, DeliveryState::Due.as_str(), null, millis(*next), 1]))
        }
        Entry::Withdrawn { recipient } => {
            Some(serde_json::json!([edition, recipient, DeliveryState::Claimed.as_str(), null, null, 0]))
        }
        _ => None,
    };
    let rows: Vec<serde_json::Value> = entries.iter().filter_map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        // The edition stands in each row, too: by both, a row is found by its key, and by one of them all would be looked through.
        "UPDATE delivery SET state = v.value ->> 2, reply = COALESCE(v.value ->> 3, reply),
             not_before = COALESCE(v.value ->> 4, not_before), tries = tries - (v.value ->> 5), changed = $2
         FROM json_each($1) v
         WHERE edition = v.value ->> 0 AND recipient = v.value ->> 1 AND sender = $3
           AND state IN ('claimed', 'in flight', 'uncertain')",
    )
    .bind(serde_json::Value::Array(rows).to_string())
    .bind(millis(now))
    .bind(&hand.sender)
    .execute(connection)
    .await?;
    Ok(())
}

/// Asks a last time whether readers are still to be mailed, and puts those in flight who are.
async fn clear(
    connection: &mut SqliteConnection,
    hand: &Hand,
    keys: &[&str],
    now: Timestamp,
) -> Result<Vec<Cleared>, StoreError> {
    let gone: Vec<String> = sqlx::query_scalar(
        "UPDATE delivery SET state = 'in flight', changed = $2
         WHERE edition = $3 AND recipient IN (SELECT value FROM json_each($1)) AND sender = $4 AND state = 'claimed'
           AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.recipient = delivery.recipient)
           AND EXISTS (SELECT 1 FROM subscriber s WHERE s.list = $5 AND s.recipient = delivery.recipient AND s.state = 'confirmed')
         RETURNING recipient",
    )
    .bind(serde_json::json!(keys).to_string())
    .bind(millis(now))
    .bind(hand.sending.edition.as_str())
    .bind(&hand.sender)
    .bind(&hand.sending.list)
    .fetch_all(&mut *connection)
    .await?;
    if gone.len() == keys.len() {
        return Ok(vec![Cleared::Go; keys.len()]);
    }
    let gone: HashSet<&str> = gone.iter().map(String::as_str).collect();
    let mut cleared = Vec::with_capacity(keys.len());
    for key in keys {
        cleared.push(if gone.contains(key) { Cleared::Go } else { exclude(connection, hand, key, now).await? });
    }
    Ok(cleared)
}

/// Writes down why a reader is not mailed.
async fn exclude(connection: &mut SqliteConnection, hand: &Hand, key: &str, now: Timestamp) -> Result<Cleared, StoreError> {
    let suppressed: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM suppression WHERE recipient = $1").bind(key).fetch_one(&mut *connection).await?;
    let why = if suppressed > 0 { Exclusion::Suppressed } else { Exclusion::Left };
    let changed = sqlx::query(
        "UPDATE delivery SET state = 'excluded', reply = $1, changed = $2
         WHERE edition = $3 AND recipient = $4 AND sender = $5 AND state = 'claimed'",
    )
    .bind(why.to_string())
    .bind(millis(now))
    .bind(hand.sending.edition.as_str())
    .bind(key)
    .bind(&hand.sender)
    .execute(connection)
    .await?
    .rows_affected();
    Ok(if changed == 1 { Cleared::Excluded(why) } else { Cleared::Taken })
}

/// Writes down what is not about one delivery.
async fn note(connection: &mut SqliteConnection, entries: &[Entry], now: Timestamp) -> Result<(), StoreError> {
    for entry in entries {
        match entry {
            Entry::Suppressed { recipient, reason } => {
                sqlx::query(
                    "INSERT INTO suppression (recipient, reason, since) VALUES ($1, $2, $3) ON CONFLICT (recipient) DO NOTHING",
                )
                .bind(recipient)
                .bind(reason)
                .bind(millis(now))
                .execute(&mut *connection)
                .await?;
            }
            Entry::Handed { server, count } => {
                sqlx::query(
                    "INSERT INTO handed (server, minute, count) VALUES ($1, $2, $3)
                     ON CONFLICT (server, minute) DO UPDATE SET count = handed.count + excluded.count",
                )
                .bind(server)
                .bind(now.as_second().div_euclid(60))
                .bind(i64::from(*count))
                .execute(&mut *connection)
                .await?;
            }
            Entry::Paused { server, lane, until } => {
                sqlx::query(
                    "INSERT INTO pause (server, lane, until) VALUES ($1, $2, $3)
                     ON CONFLICT (server, lane) DO UPDATE SET until = excluded.until",
                )
                .bind(server)
                .bind(lane)
                .bind(millis(*until))
                .execute(&mut *connection)
                .await?;
            }
            Entry::InFlight { .. } | Entry::Settled { .. } | Entry::Returned { .. } | Entry::Withdrawn { .. } => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
