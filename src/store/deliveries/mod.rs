//! Editions on their way: who was to get each, and where every delivery stands.

mod audience;
mod doubt;
mod freeze;
mod hand;
mod recover;

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

pub use self::freeze::FrozenLetter;
pub use self::hand::{Claim, Cleared, Entry, Hand, Lane, Pause, Pen};
use super::subscribers::address;
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{Address, ArticleId, Balance, DeliveryState, EditionId};

/// One edition to one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendingId {
    pub edition: EditionId,
    pub list: String,
}

/// Where one edition to one recipient stands.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub address: Address,
    pub state: DeliveryState,
    /// What was last said of it.
    pub reply: Option<String>,
    pub tries: u32,
    pub changed: Timestamp,
    /// When it may be tried, or tried again.
    pub not_before: Timestamp,
}

impl Ledger {
    /// When a sending began; none where it has not.
    pub async fn begun(&self, id: &SendingId) -> Result<Option<Timestamp>, StoreError> {
        let begun: Option<i64> = sqlx::query_scalar("SELECT begun FROM sending WHERE edition = $1 AND list = $2")
            .bind(id.edition.as_str())
            .bind(&id.list)
            .fetch_optional(self.pool())
            .await?;
        begun.map(instant).transpose()
    }

    /// How many recipients of a sending are in each state.
    pub async fn balance(&self, id: &SendingId) -> Result<Balance, StoreError> {
        self.balance_by(
            "SELECT state, COUNT(*) AS count FROM delivery WHERE edition = $1 AND list = $2 GROUP BY state ORDER BY state",
            id,
        )
        .await
    }

    /// The balance by a statement that gives states with their counts.
    pub(super) async fn balance_by(&self, counts: &'static str, id: &SendingId) -> Result<Balance, StoreError> {
        let audience: Option<i64> = sqlx::query_scalar("SELECT audience FROM sending WHERE edition = $1 AND list = $2")
            .bind(id.edition.as_str())
            .bind(&id.list)
            .fetch_optional(self.pool())
            .await?;
        let rows = sqlx::query(counts).bind(id.edition.as_str()).bind(&id.list).fetch_all(self.pool()).await?;
        let mut counts = Vec::new();
        for row in rows {
            let (word, count): (String, i64) = (row.try_get("state")?, row.try_get("count")?);
            counts.push((state(word)?, u64::try_from(count).unwrap_or(0)));
        }
        Ok(Balance { audience: u64::try_from(audience.unwrap_or(0)).unwrap_or(0), counts })
    }

    /// All sendings, oldest first.
    pub async fn sendings(&self) -> Result<Vec<SendingId>, StoreError> {
        self.sendings_where(
            "SELECT edition, list FROM sending WHERE $1 = $1 ORDER BY begun, edition, list",
            Timestamp::UNIX_EPOCH,
        )
        .await
    }

    /// The recipients of a sending, or those in one state: the first `limit` by key after `after`.
    pub async fn recipients(
        &self,
        id: &SendingId,
        state: Option<DeliveryState>,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        sqlx::query(
            "SELECT address, state, reply, tries, changed, not_before FROM delivery
             WHERE edition = $1 AND list = $2 AND recipient > $3 AND ($4 IS NULL OR state = $4) ORDER BY recipient LIMIT $5",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(after)
        .bind(state.map(DeliveryState::as_str))
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(delivery)
        .collect()
    }

    async fn sendings_where(&self, sql: &'static str, now: Timestamp) -> Result<Vec<SendingId>, StoreError> {
        sqlx::query(sql).bind(millis(now)).fetch_all(self.pool()).await?.iter().map(sending).collect()
    }
}

fn delivery(row: &SqliteRow) -> Result<Delivery, StoreError> {
    let tries: i64 = row.try_get("tries")?;
    Ok(Delivery {
        address: address(row)?,
        state: state(row.try_get("state")?)?,
        reply: row.try_get("reply")?,
        tries: u32::try_from(tries).unwrap_or_default(),
        changed: instant(row.try_get("changed")?)?,
        not_before: instant(row.try_get("not_before")?)?,
    })
}

fn state(word: String) -> Result<DeliveryState, StoreError> {
    DeliveryState::parse(&word).ok_or_else(|| StoreError::damaged("the state of a delivery", word))
}

fn sending(row: &sqlx::sqlite::SqliteRow) -> Result<SendingId, StoreError> {
    let (edition, list): (String, String) = (row.try_get("edition")?, row.try_get("list")?);
    let edition = ArticleId::parse(&edition).ok_or_else(|| StoreError::damaged("the id of an edition", edition))?;
    Ok(SendingId { edition, list })
}
