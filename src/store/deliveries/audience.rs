//! Who would be mailed, before anybody is: what a plan is made of. Nothing here changes the ledger.

use jiff::Timestamp;
use sqlx::Row;

use super::SendingId;
use crate::domain::Exclusion;
use crate::store::{Ledger, StoreError, instant};

/// Those to whom the edition `$1` would go by the list `$2`: where the sending has begun, those of its audience who wait; else
/// all who would be frozen. What a dead sender had in hand waits, too: the next one begins by taking it back.
macro_rules! audience {
    ($columns:literal, $more:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM subscriber s LEFT JOIN delivery d ON d.edition = $1 AND d.recipient = s.recipient
              WHERE s.list = $2 AND s.state = 'confirmed'
                AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.recipient = s.recipient)
                AND CASE WHEN EXISTS (SELECT 1 FROM sending g WHERE g.edition = $1 AND g.list = $2)
                    THEN d.list = $2 AND d.state IN ('due', 'deferred', 'claimed') ELSE d.recipient IS NULL END ",
            $more
        )
    };
}

impl Ledger {
    /// Who would be mailed: keys and, of those who are to be tried later, when; the first `limit` by key after `after`.
    pub async fn audience(
        &self,
        id: &SendingId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, Option<Timestamp>)>, StoreError> {
        sqlx::query(audience!("s.recipient, d.not_before", "AND s.recipient > $3 ORDER BY s.recipient LIMIT $4"))
            .bind(id.edition.as_str())
            .bind(&id.list)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(self.pool())
            .await?
            .iter()
            .map(|row| {
                let not_before: Option<i64> = row.try_get("not_before")?;
                Ok((row.try_get("recipient")?, not_before.map(instant).transpose()?))
            })
            .collect()
    }

    /// The domains with most of the readers who would be mailed.
    pub async fn audience_domains(&self, id: &SendingId, most: u32) -> Result<Vec<(String, u64)>, StoreError> {
        sqlx::query(audience!(
            "substr(s.recipient, instr(s.recipient, '@') + 1) AS domain, COUNT(*) AS count",
            "GROUP BY domain ORDER BY count DESC, domain LIMIT $3"
        ))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(i64::from(most))
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(|row| Ok((row.try_get("domain")?, count(row)?)))
        .collect()
    }

    /// How many of those who are or were on the list would not be mailed, by reason; those who were tried are none of them.
    pub async fn exclusions(&self, id: &SendingId) -> Result<Vec<(Exclusion, u64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT reason, COUNT(*) AS count FROM (
                 SELECT CASE
                     WHEN d.list = $2 AND d.state = 'excluded' THEN d.reply
                     WHEN d.list = $2 AND d.state NOT IN ('due', 'deferred', 'claimed') THEN NULL
                     WHEN s.state = 'left' THEN $3
                     WHEN s.state = 'pending' THEN $4
                     WHEN d.list <> $2 THEN $5
                     WHEN x.recipient IS NOT NULL THEN $6
                     WHEN d.recipient IS NULL AND EXISTS (SELECT 1 FROM sending g WHERE g.edition = $1 AND g.list = $2) THEN $7
                 END AS reason
                 FROM subscriber s
                 LEFT JOIN delivery d ON d.edition = $1 AND d.recipient = s.recipient
                 LEFT JOIN suppression x ON x.recipient = s.recipient
                 WHERE s.list = $2) reasons
             WHERE reason IS NOT NULL GROUP BY reason ORDER BY count DESC, reason",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(Exclusion::Left.as_str())
        .bind(Exclusion::Pending.as_str())
        .bind(Exclusion::OtherList.as_str())
        .bind(Exclusion::Suppressed.as_str())
        .bind(Exclusion::Late.as_str())
        .fetch_all(self.pool())
        .await?;
        let excluded = |row: &sqlx::sqlite::SqliteRow| {
            let word: String = row.try_get("reason")?;
            let reason = Exclusion::parse(&word).ok_or_else(|| StoreError::damaged("the reason of an exclusion", word))?;
            Ok((reason, count(row)?))
        };
        rows.iter().map(excluded).collect()
    }
}

fn count(row: &sqlx::sqlite::SqliteRow) -> Result<u64, StoreError> {
    let count: i64 = row.try_get("count")?;
    Ok(u64::try_from(count).unwrap_or_default())
}
