//! What a sender does with the deliveries that it has in hand.
//!
//! Several senders may be at work on one sending: a row is in the hand of one, by its name, and only that one can take it
//! further. What is to be written down at the same time goes in one transaction ([`Ledger::record`]): the wait for the disk
//! is then shared by all connections.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Row, Sqlite, SqliteConnection};

use super::SendingId;
use crate::domain::{DeliveryState, Exclusion, Line, Outcome, Recipient, SubscriptionId};
use crate::store::subscribers::read_address;
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

/// The ledger in the hand of somebody who writes into it again and again.
#[derive(Debug)]
pub struct Pen(PoolConnection<Sqlite>);

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
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO hand (edition, list, sender) VALUES ($1, $2, $3) ON CONFLICT (edition, list, sender) DO NOTHING",
        )
        .bind(hand.sending.edition.as_str())
        .bind(&hand.sending.list)
        .bind(&hand.sender)
        .execute(&mut *transaction)
        .await?;
        // All of them in one row: each row is handed from thread to thread, which takes longer than to find it.
        let found: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(recipient, address, name, tries, subscriber)) FROM (
                 SELECT recipient, address, name, tries, subscriber FROM delivery
                 WHERE edition = $1 AND list = $2 AND lane = $3 AND state IN ('due', 'deferred') AND not_before <= $4
                 ORDER BY not_before, recipient LIMIT $5)",
        )
        .bind(hand.sending.edition.as_str())
        .bind(&hand.sending.list)
        .bind(lane)
        .bind(millis(now))
        .bind(i64::from(limit))
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE delivery SET state = 'claimed', sender = $1, until = $2, tries = tries + 1, changed = $3
             WHERE edition = $4 AND recipient IN (SELECT value ->> 0 FROM json_each($5))",
        )
        .bind(&hand.sender)
        .bind(millis(until))
        .bind(millis(now))
        .bind(hand.sending.edition.as_str())
        .bind(&found)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let found: Vec<Found> = serde_json::from_str(&found).map_err(|error| StoreError::damaged("readers to claim", error))?;
        let claim = |(_, address, name, tries, id): Found| {
            let name = name.as_deref().and_then(Line::new);
            let recipient = Recipient::from_ledger(read_address(&address)?, name, id.map(SubscriptionId));
            Ok(Claim { recipient, tries: tries.saturating_add(1) })
        };
        found.into_iter().map(claim).collect()
    }

    /// Takes the pen in hand: nobody else writes or reads until it is dropped.
    pub async fn pen(&self) -> Result<Pen, StoreError> {
        Ok(Pen(self.pool().acquire().await?))
    }

    /// The pauses of all servers that have not ended, each with its server.
    pub async fn all_pauses(&self, now: Timestamp) -> Result<Vec<(String, Pause)>, StoreError> {
        let rows = sqlx::query("SELECT server, lane, until FROM pause WHERE until > $1 ORDER BY until, server, lane")
            .bind(millis(now))
            .fetch_all(self.pool())
            .await?;
        let pause = |row: &sqlx::sqlite::SqliteRow| {
            let pause = Pause { lane: row.try_get("lane")?, until: instant(row.try_get("until")?)? };
            Ok((row.try_get("server")?, pause))
        };
        rows.iter().map(pause).collect()
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
}

impl Pen {
    /// Writes all entries down, or none; gives what became of each [`Entry::InFlight`], in their order.
    pub async fn record(&mut self, hand: &Hand, entries: &[Entry], now: Timestamp) -> Result<Vec<Cleared>, StoreError> {
        let (begun, other): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(|entry| entry.in_flight().is_some());
        let keys: Vec<&str> = begun.iter().filter_map(|entry| entry.in_flight()).collect();
        let rows = entries.iter().filter_map(Entry::recipient).count();
        let written = if entries.iter().filter_map(Entry::recipient).collect::<HashSet<_>>().len() == entries.len() {
            // Nearly always: one statement, which is a transaction by itself. Each more is a hand-over between threads.
            write(&mut self.0, hand, entries.iter(), now).await?
        } else {
            let mut transaction = self.0.begin_with("BEGIN IMMEDIATE").await?;
            // What was before comes first: a connection that begins with the next reader has settled the last one.
            let settled = write(&mut transaction, hand, other.into_iter(), now).await?;
            note(&mut transaction, entries, now).await?;
            let cleared = write(&mut transaction, hand, begun.into_iter(), now).await?;
            transaction.commit().await?;
            settled + cleared
        };
        if keys.is_empty() || usize::try_from(written) == Ok(rows) {
            return Ok(vec![Cleared::Go; keys.len()]);
        }
        self.cleared(hand, &keys, now).await
    }

    /// What became of readers who were to be put in flight, where it is not so that all were.
    async fn cleared(&mut self, hand: &Hand, keys: &[&str], now: Timestamp) -> Result<Vec<Cleared>, StoreError> {
        let mut transaction = self.0.begin_with("BEGIN IMMEDIATE").await?;
        let gone: Vec<String> = sqlx::query_scalar(
            "SELECT recipient FROM delivery
             WHERE edition = $1 AND recipient IN (SELECT value FROM json_each($2)) AND sender = $3 AND state = 'in flight'",
        )
        .bind(hand.sending.edition.as_str())
        .bind(serde_json::json!(keys).to_string())
        .bind(&hand.sender)
        .fetch_all(&mut *transaction)
        .await?;
        let gone: HashSet<&str> = gone.iter().map(String::as_str).collect();
        let mut cleared = Vec::with_capacity(keys.len());
        for key in keys {
            cleared.push(if gone.contains(key) { Cleared::Go } else { exclude(&mut transaction, hand, key, now).await? });
        }
        transaction.commit().await?;
        Ok(cleared)
    }
}

/// A delivery that can be claimed: key, address, name, tries and subscription.
type Found = (String, String, Option<String>, u32, Option<i64>);

impl Entry {
    /// The delivery that it is about.
    fn recipient(&self) -> Option<&str> {
        match self {
            Self::InFlight { recipient }
            | Self::Settled { recipient, .. }
            | Self::Returned { recipient, .. }
            | Self::Withdrawn { recipient } => Some(recipient),
            Self::Suppressed { .. } | Self::Paused { .. } => None,
        }
    }

    fn in_flight(&self) -> Option<&str> {
        match self {
            Self::InFlight { recipient } => Some(recipient),
            _ => None,
        }
    }

    /// What changes in the row: state, reply and next try (nothing: as they are), and by how much the tries are fewer.
    fn change(&self) -> Option<(DeliveryState, Option<&str>, Option<i64>, u8)> {
        Some(match self {
            Self::InFlight { .. } => (DeliveryState::InFlight, None, None, 0),
            Self::Settled { outcome, next, .. } => (outcome.state(), Some(outcome.reply()), Some(millis(*next)), 0),
            Self::Returned { next, .. } => (DeliveryState::Due, None, Some(millis(*next)), 1),
            Self::Withdrawn { .. } => (DeliveryState::Claimed, None, None, 0),
            Self::Suppressed { .. } | Self::Paused { .. } => return None,
        })
    }
}

/// Writes down what is about deliveries; gives how many rows changed. No recipient may stand in it twice.
///
/// Who is put in flight is asked for a last time: still claimed by this sender, confirmed, and not suppressed. What is
/// settled was claimed or in flight; or uncertain, since this sender seemed dead, and is known better now.
async fn write<'e>(
    connection: &mut SqliteConnection,
    hand: &Hand,
    entries: impl Iterator<Item = &'e Entry>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let edition = hand.sending.edition.as_str();
    let row = |entry: &'e Entry| {
        let (state, reply, next, fewer) = entry.change()?;
        Some((edition, entry.recipient()?, state.as_str(), reply, next, fewer))
    };
    let rows: Vec<_> = entries.filter_map(row).collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let rows = serde_json::to_string(&rows).map_err(|error| StoreError::damaged("what to write down", error))?;
    Ok(sqlx::query(
        // The edition stands in each row, too: by both, a row is found by its key, and by one of them all would be looked through.
        "UPDATE delivery SET state = v.value ->> 2, reply = COALESCE(v.value ->> 3, reply),
             not_before = COALESCE(v.value ->> 4, not_before), tries = tries - (v.value ->> 5), changed = $2
         FROM json_each($1) v
         WHERE edition = v.value ->> 0 AND recipient = v.value ->> 1 AND sender = $3
           AND CASE v.value ->> 2 WHEN 'in flight' THEN
                   delivery.state = 'claimed'
                   AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.recipient = delivery.recipient)
                   AND EXISTS (SELECT 1 FROM subscriber s
                               WHERE s.list = $4 AND s.recipient = delivery.recipient AND s.state = 'confirmed')
               ELSE delivery.state IN ('claimed', 'in flight', 'uncertain') END",
    )
    .bind(rows)
    .bind(millis(now))
    .bind(&hand.sender)
    .bind(&hand.sending.list)
    .execute(connection)
    .await?
    .rows_affected())
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
