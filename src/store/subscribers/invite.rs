//! Pending readers whom the desk has put on a list: a mail by which they confirm waits for each, once.

use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use crate::store::{Ledger, StoreError, millis};

/// What came of inviting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Invited {
    /// For so many a mail is on its way.
    pub now: u64,
    /// So many are to be invited later.
    pub later: u64,
}

/// Who can be invited to the list `$1` at `$2`, a day after which nobody was written to: pending, never asked on this list, and
/// nobody who has got its letters once.
macro_rules! inviting {
    ($columns:literal, $more:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM subscriber s WHERE s.list = $1 AND s.state = 'pending' AND s.asked IS NULL
                AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.recipient = s.recipient)
                AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.recipient = s.recipient AND r.deed = 'asked'
                                AND (r.list = s.list OR r.at > $2))
                AND NOT EXISTS (SELECT 1 FROM sending g CROSS JOIN delivery d
                                WHERE g.list = s.list AND d.edition = g.edition AND d.recipient = s.recipient) ",
            $more
        )
    };
}

impl Ledger {
    /// Invites pending readers of a list by whom it was not asked yet: as many as an hour leaves room for, if `hourly` are asked
    /// in one at most.
    pub async fn invite(&self, list: &str, hourly: i64, now: Timestamp) -> Result<Invited, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let invited = invite(&mut transaction, list, hourly, now).await?;
        transaction.commit().await?;
        Ok(invited)
    }
}

async fn invite(connection: &mut SqliteConnection, list: &str, hourly: i64, now: Timestamp) -> Result<Invited, StoreError> {
    let before = |hours: i64| millis(now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN));
    let asked: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM receipt WHERE deed = 'asked' AND list = $1 AND at > $2")
        .bind(list)
        .bind(before(1))
        .fetch_one(&mut *connection)
        .await?;
    let all: i64 = sqlx::query_scalar(inviting!("COUNT(*)", "")).bind(list).bind(before(24)).fetch_one(&mut *connection).await?;
    let room = hourly.saturating_sub(asked).clamp(0, all);
    let chosen: String = sqlx::query_scalar(concat!(
        "SELECT json_group_array(id) FROM (",
        inviting!("s.id", "ORDER BY s.recipient LIMIT $3"),
        ")"
    ))
    .bind(list)
    .bind(before(24))
    .bind(room)
    .fetch_one(&mut *connection)
    .await?;
    for statement in [
        "INSERT INTO receipt (recipient, list, at, deed, way)
         SELECT recipient, list, $2, 'asked', 'desk' FROM subscriber WHERE id IN (SELECT value FROM json_each($1)) ORDER BY recipient",
        "UPDATE subscriber SET asked = $2 WHERE id IN (SELECT value FROM json_each($1))",
        "INSERT INTO outbox (subscriber, asked, tries, not_before) SELECT value, $2, 0, $2 FROM json_each($1) WHERE true
         ON CONFLICT (subscriber) DO NOTHING",
    ] {
        sqlx::query(statement).bind(&chosen).bind(millis(now)).execute(&mut *connection).await?;
    }
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    Ok(Invited { now: count(room), later: count(all - room) })
}
