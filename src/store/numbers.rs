//! Counts: of readers, of what became of editions, of what came back, of fetches.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{Ledger, SendingId, StoreError, millis};
use crate::domain::{Application, Balance, Returns, SubscriptionState};

/// Domains of an edition that are named; the rest are counted together.
const NAMED: i64 = 5;

/// Readers of a list who are in a state since a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinceWeek {
    pub list: String,
    /// Counted from the first one; -1 for all that was before it. What comes after the last is in the last.
    pub week: i64,
    pub state: SubscriptionState,
    pub readers: u64,
}

impl Ledger {
    /// The readers of all lists by the weeks since when they are what they are: so many weeks from `first` on.
    pub async fn readers_by_week(&self, first: Timestamp, weeks: i64) -> Result<Vec<SinceWeek>, StoreError> {
        // Each count is a piece of the index: grouping would sort a million rows.
        let rows = sqlx::query(
            "WITH RECURSIVE lists (list) AS (
                 SELECT MIN(list) FROM subscriber
                 UNION ALL
                 SELECT (SELECT MIN(list) FROM subscriber WHERE list > lists.list) FROM lists WHERE lists.list IS NOT NULL),
             weeks (week, begins, ends) AS (
                 SELECT -1, -9223372036854775808, $1
                 UNION ALL
                 SELECT week + 1, ends, CASE WHEN week + 2 < $2 THEN ends + 604800000 ELSE 9223372036854775807 END
                 FROM weeks WHERE week + 1 < $2),
             states (state) AS (VALUES ('confirmed'), ('pending'), ('left'))
             SELECT list, week, state,
                    (SELECT COUNT(*) FROM subscriber s WHERE s.list = lists.list AND s.state = states.state
                         AND s.since >= begins AND s.since < ends) AS readers
             FROM lists CROSS JOIN weeks CROSS JOIN states WHERE lists.list IS NOT NULL ORDER BY list, week, state",
        )
        .bind(millis(first))
        .bind(weeks)
        .fetch_all(self.pool())
        .await?;
        let since = |row: &SqliteRow| {
            let state: String = row.try_get("state")?;
            Ok(SinceWeek {
                list: row.try_get("list")?,
                week: row.try_get("week")?,
                state: SubscriptionState::parse(&state).ok_or_else(|| StoreError::damaged("the state of a reader", state))?,
                readers: count(row, "readers")?,
            })
        };
        rows.iter().map(since).collect()
    }

    /// The balance of a sending; counted once where it is over: a million rows take half a second.
    ///
    /// Whoever wants proof counts the rows: [`Ledger::balance`].
    pub async fn known_balance(&self, id: &SendingId) -> Result<Balance, StoreError> {
        let kept = self.balance_by("SELECT state, count FROM tally WHERE edition = $1 AND list = $2 ORDER BY state", id).await?;
        if !kept.counts.is_empty() {
            return Ok(kept);
        }
        let balance = self.balance(id).await?;
        if balance.is_over() {
            // It saves time and nothing else: where the disk is full, the rows are counted again next time.
            drop(self.keep_tally(id, &balance).await);
        }
        Ok(balance)
    }

    async fn keep_tally(&self, id: &SendingId, balance: &Balance) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for (state, count) in &balance.counts {
            sqlx::query(
                "INSERT INTO tally (edition, list, state, count) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (edition, list, state) DO UPDATE SET count = excluded.count",
            )
            .bind(id.edition.as_str())
            .bind(&id.list)
            .bind(state.as_str())
            .bind(i64::try_from(*count).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// How many have left a list with each edition as the last letter that they had got: edition, list and count.
    pub async fn left_after(&self) -> Result<Vec<(String, String, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT edition, list, COUNT(DISTINCT recipient) AS readers FROM receipt
             WHERE edition IS NOT NULL AND deed = 'left' GROUP BY edition, list",
        )
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| Ok((row.try_get("edition")?, row.try_get("list")?, count(row, "readers")?))).collect()
    }

    /// What came back for an edition to a list.
    pub async fn returns(&self, id: &SendingId) -> Result<Returns, StoreError> {
        let complained: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM (SELECT DISTINCT domain, recipient FROM bounce
                                   WHERE edition = $1 AND list = $2 AND class = 'complaint')",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .fetch_one(self.pool())
        .await?;
        let rows = sqlx::query(
            "SELECT domain, COUNT(*) AS readers, SUM(COUNT(*)) OVER () AS bounced
             FROM (SELECT DISTINCT domain, recipient FROM bounce
                   WHERE edition = $1 AND list = $2 AND class IN ('hard', 'soft', 'full', 'policy'))
             GROUP BY domain ORDER BY readers DESC, domain LIMIT $3",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(NAMED)
        .fetch_all(self.pool())
        .await?;
        let domains = rows.iter().map(|row| Ok((row.try_get("domain")?, count(row, "readers")?)));
        Ok(Returns {
            bounced: rows.first().map(|row| count(row, "bounced")).transpose()?.unwrap_or_default(),
            domains: domains.collect::<Result<_, StoreError>>()?,
            complained: u64::try_from(complained).unwrap_or_default(),
        })
    }

    /// Who has fetched feeds since a day: in all, and since a later day.
    pub async fn applications(&self, since: Date, lately: Date) -> Result<Vec<Application>, StoreError> {
        let rows = sqlx::query(
            "SELECT application, SUM(month) AS month, SUM(week) AS week, SUM(subscribers) AS subscribers FROM (
                 SELECT application, feed, SUM(fetches) AS month, SUM(CASE WHEN day >= $2 THEN fetches ELSE 0 END) AS week,
                        MAX(subscribers) AS subscribers
                 FROM fetched WHERE day >= $1 GROUP BY application, feed)
             GROUP BY application ORDER BY month DESC, application",
        )
        .bind(since.to_string())
        .bind(lately.to_string())
        .fetch_all(self.pool())
        .await?;
        let application = |row: &SqliteRow| {
            Ok(Application {
                name: row.try_get("application")?,
                week: count(row, "week")?,
                month: count(row, "month")?,
                subscribers: count(row, "subscribers")?,
            })
        };
        rows.iter().map(application).collect()
    }
}

fn count(row: &SqliteRow, column: &str) -> Result<u64, StoreError> {
    let count: i64 = row.try_get(column)?;
    Ok(u64::try_from(count).unwrap_or_default())
}
