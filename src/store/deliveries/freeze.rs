//! The beginning of a sending: the letter and its audience as they are at that instant.

use jiff::Timestamp;

use super::SendingId;
use crate::domain::{Exclusion, Newsletter, Variant};
use crate::store::editions::{KeptEdition, is_frozen, keep};
use crate::store::{Ledger, StoreError, millis};

/// A letter that is to be frozen.
#[derive(Clone, Copy, Debug)]
pub struct FrozenLetter<'a> {
    pub variant: Variant,
    /// With its pictures linked.
    pub letter: &'a Newsletter,
    /// Whether the pictures that are kept of the edition travel inside its messages.
    pub attached: bool,
}

/// Readers of one domain that make it a lane of its own; the readers of smaller domains share one.
const LANE: i64 = 20;

impl Ledger {
    /// Freezes an edition and its audience: its letters as they are now, and a row for each confirmed reader of the list.
    ///
    /// Done once: a letter that is frozen stays, and for a sending that has begun nothing changes. A reader who gets the edition
    /// by another list is left out.
    pub async fn freeze(
        &self,
        id: &SendingId,
        kept: &KeptEdition,
        letters: &[FrozenLetter<'_>],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let edition = &kept.edition;
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        // Only what the letter as it was frozen carries counts as carried.
        if !is_frozen(&mut transaction, &edition.id).await? {
            keep(&mut transaction, kept).await?;
        }
        for FrozenLetter { variant, letter, attached } in letters {
            sqlx::query(
                "INSERT INTO newsletter (edition, variant, html, text, attached) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (edition, variant) DO NOTHING",
            )
            .bind(edition.id.as_str())
            .bind(variant.as_str())
            .bind(&letter.html)
            .bind(&letter.text)
            .bind(i64::from(*attached))
            .execute(&mut *transaction)
            .await?;
        }
        let begun = sqlx::query(
            "INSERT INTO sending (edition, list, begun, audience) VALUES ($1, $2, $3, 0) ON CONFLICT (edition, list) DO NOTHING",
        )
        .bind(edition.id.as_str())
        .bind(&id.list)
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if begun == 1 {
            mark_articles(&mut transaction, id, now).await?;
        }
        if begun == 1 {
            let audience = sqlx::query(
                "INSERT INTO delivery (edition, recipient, list, address, name, subscriber, state, not_before, changed, reply, lane)
                 SELECT $1, s.recipient, s.list, s.address, s.name, s.id,
                        CASE WHEN x.recipient IS NULL THEN 'due' ELSE 'excluded' END, $2, $2,
                        CASE WHEN x.recipient IS NULL THEN NULL ELSE $3 END,
                        COALESCE(d.domain, '')
                 FROM subscriber s
                 LEFT JOIN suppression x ON x.recipient = s.recipient
                 LEFT JOIN (SELECT substr(recipient, instr(recipient, '@') + 1) AS domain FROM subscriber
                            WHERE list = $4 AND state = 'confirmed' GROUP BY domain HAVING COUNT(*) >= $5) d
                     ON d.domain = substr(s.recipient, instr(s.recipient, '@') + 1)
                 WHERE s.list = $4 AND s.state = 'confirmed'
                 -- In the order in which they are claimed: who is mailed together lies together.
                 ORDER BY 11, s.recipient
                 ON CONFLICT (edition, recipient) DO NOTHING",
            )
            .bind(edition.id.as_str())
            .bind(millis(now))
            .bind(Exclusion::Suppressed.to_string())
            .bind(&id.list)
            .bind(LANE)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            sqlx::query("UPDATE sending SET audience = $1 WHERE edition = $2 AND list = $3")
                .bind(i64::try_from(audience).unwrap_or(i64::MAX))
                .bind(edition.id.as_str())
                .bind(&id.list)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Marks what this letter carries as no longer new to the list; with its first letter, also all that was there before.
async fn mark_articles(connection: &mut sqlx::SqliteConnection, id: &SendingId, now: Timestamp) -> Result<(), StoreError> {
    let letters: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sending WHERE list = $1").bind(&id.list).fetch_one(&mut *connection).await?;
    sqlx::query(
        "INSERT INTO list_article (list, article, edition) SELECT $1, article, edition FROM edition_article WHERE edition = $2
         ON CONFLICT (list, article) DO NOTHING",
    )
    .bind(&id.list)
    .bind(id.edition.as_str())
    .execute(&mut *connection)
    .await?;
    // The sending itself is there already.
    if letters == 1 {
        sqlx::query(
            "INSERT INTO list_article (list, article, edition) SELECT $1, id, NULL FROM article WHERE published <= $2
             ON CONFLICT (list, article) DO NOTHING",
        )
        .bind(&id.list)
        .bind(millis(now))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
