use jiff::Timestamp;
use sqlx::Row;

use super::articles::archived;
use super::subscribers::{address, name};
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{
    Address, Archived, ArticleId, Balance, DeliveryState, Edition, EditionId, Exclusion, Language, Line, Newsletter, Outcome,
    Recipient,
};

/// One edition to one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendingId {
    pub edition: EditionId,
    pub list: String,
}

/// A recipient that this process has taken in hand.
#[derive(Clone, Debug)]
pub struct Claim {
    pub recipient: Recipient,
    /// How often it has been tried, this time included.
    pub tries: u32,
}

impl Ledger {
    /// Freezes an edition and its audience: the letter as it is now, and a row for each confirmed reader of the list.
    ///
    /// Done once: for a sending that has begun nothing changes. A reader who gets the edition by another list is left out.
    pub async fn freeze(
        &self,
        id: &SendingId,
        edition: &Edition,
        language: &Language,
        letter: &Newsletter,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let is_new = sqlx::query(
            "INSERT INTO edition (id, subject, language, html, text, composed) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        )
        .bind(edition.id.as_str())
        .bind(letter.subject.as_str())
        .bind(language.as_str())
        .bind(&letter.html)
        .bind(&letter.text)
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        // Only what the letter as it was frozen carries counts as carried.
        for archived in edition.articles.iter().filter(|_| is_new == 1) {
            sqlx::query("INSERT INTO edition_article (edition, article) VALUES ($1, $2)")
                .bind(edition.id.as_str())
                .bind(archived.id.as_str())
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
                "INSERT INTO delivery (edition, recipient, list, address, name, state, not_before, changed, reply)
                 SELECT $1, s.recipient, s.list, s.address, s.name,
                        CASE WHEN x.recipient IS NULL THEN 'due' ELSE 'excluded' END, $2, $2,
                        CASE WHEN x.recipient IS NULL THEN NULL ELSE $3 END
                 FROM subscriber s LEFT JOIN suppression x ON x.recipient = s.recipient
                 WHERE s.list = $4 AND s.state = 'confirmed'
                 ON CONFLICT (edition, recipient) DO NOTHING",
            )
            .bind(edition.id.as_str())
            .bind(millis(now))
            .bind(Exclusion::Suppressed.to_string())
            .bind(&id.list)
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

    /// The letter of an edition as it was frozen, with its language.
    pub async fn frozen_letter(&self, edition: &EditionId) -> Result<Option<(Newsletter, Language)>, StoreError> {
        let row = sqlx::query("SELECT subject, language, html, text FROM edition WHERE id = $1")
            .bind(edition.as_str())
            .fetch_optional(self.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (subject, language): (String, String) = (row.try_get("subject")?, row.try_get("language")?);
        let subject = Line::new(&subject).ok_or_else(|| StoreError::damaged("the subject", subject))?;
        let language = Language::parse(&language).ok_or_else(|| StoreError::damaged("the language", language))?;
        Ok(Some((Newsletter { subject, html: row.try_get("html")?, text: row.try_get("text")? }, language)))
    }

    /// The articles of a frozen edition, newest first.
    pub async fn edition_articles(&self, edition: &EditionId) -> Result<Vec<Archived>, StoreError> {
        sqlx::query(
            "SELECT a.id, a.guid, a.published, a.updated, a.content, a.episode FROM edition_article e JOIN article a ON a.id = e.article
             WHERE e.edition = $1 ORDER BY a.published DESC, a.id",
        )
        .bind(edition.as_str())
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(archived)
        .collect()
    }

    /// When a sending began; none where it has not.
    pub async fn begun(&self, id: &SendingId) -> Result<Option<Timestamp>, StoreError> {
        let begun: Option<i64> = sqlx::query_scalar("SELECT begun FROM sending WHERE edition = $1 AND list = $2")
            .bind(id.edition.as_str())
            .bind(&id.list)
            .fetch_optional(self.pool())
            .await?;
        begun.map(instant).transpose()
    }

    /// Sets right what a process left that was killed: claims are due again, what was in flight is uncertain.
    ///
    /// Only for the one sender that holds the lock. Returns how many are newly uncertain.
    pub async fn recover(&self, id: &SendingId, now: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let uncertain = sqlx::query(
            "UPDATE delivery SET state = 'uncertain', changed = $1, reply = 'griot was stopped while the message was being handed over'
             WHERE edition = $2 AND list = $3 AND state = 'in flight'",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        sqlx::query("UPDATE delivery SET state = 'due', changed = $1 WHERE edition = $2 AND list = $3 AND state = 'claimed'")
            .bind(millis(now))
            .bind(id.edition.as_str())
            .bind(&id.list)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(uncertain)
    }

    /// Takes up to `limit` recipients in hand who are to be tried by now.
    pub async fn claim(&self, id: &SendingId, now: Timestamp, limit: u32) -> Result<Vec<Claim>, StoreError> {
        let rows = sqlx::query(
            "UPDATE delivery SET state = 'claimed', tries = tries + 1, changed = $1
             WHERE edition = $2 AND recipient IN (
                 SELECT recipient FROM delivery
                 WHERE edition = $2 AND list = $3 AND state IN ('due', 'deferred') AND not_before <= $1
                 ORDER BY not_before, recipient LIMIT $4)
             RETURNING address, name, tries, not_before, recipient",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(i64::from(limit))
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

    /// Gives a claim back untried.
    pub async fn unclaim(&self, id: &SendingId, recipient: &Recipient, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE delivery SET state = 'due', tries = tries - 1, changed = $1 WHERE edition = $2 AND recipient = $3 AND state = 'claimed'",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(recipient.address().key())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Records that the message is about to be handed over. From here on, until it is settled, nobody knows.
    ///
    /// Asks a last time whether the reader is still to be mailed: if not, the delivery is excluded and the answer is why.
    pub async fn in_flight(
        &self,
        id: &SendingId,
        recipient: &Recipient,
        now: Timestamp,
    ) -> Result<Option<Exclusion>, StoreError> {
        let key = recipient.address().key();
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let suppressed: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM suppression WHERE recipient = $1")
            .bind(&key)
            .fetch_one(&mut *transaction)
            .await?;
        let confirmed: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM subscriber WHERE list = $1 AND recipient = $2 AND state = 'confirmed'")
                .bind(&id.list)
                .bind(&key)
                .fetch_one(&mut *transaction)
                .await?;
        let exclusion = match (suppressed, confirmed) {
            (0, 1..) => None,
            (0, _) => Some(Exclusion::Left),
            _ => Some(Exclusion::Suppressed),
        };
        let state = if exclusion.is_none() { DeliveryState::InFlight } else { DeliveryState::Excluded };
        sqlx::query(
            "UPDATE delivery SET state = $1, reply = $2, changed = $3 WHERE edition = $4 AND recipient = $5 AND state = 'claimed'",
        )
        .bind(state.as_str())
        .bind(exclusion.map(|why| why.to_string()))
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&key)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(exclusion)
    }

    /// Records how an attempt ended; a deferred one is tried again from `next` on.
    pub async fn settle(
        &self,
        id: &SendingId,
        recipient: &Recipient,
        outcome: &Outcome,
        now: Timestamp,
        next: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE delivery SET state = $1, reply = $2, changed = $3, not_before = $4
             WHERE edition = $5 AND recipient = $6 AND state IN ('claimed', 'in flight')",
        )
        .bind(outcome.state().as_str())
        .bind(outcome.reply())
        .bind(millis(now))
        .bind(millis(next))
        .bind(id.edition.as_str())
        .bind(recipient.address().key())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// How many recipients of a sending are in each state.
    pub async fn balance(&self, id: &SendingId) -> Result<Balance, StoreError> {
        let audience: Option<i64> = sqlx::query_scalar("SELECT audience FROM sending WHERE edition = $1 AND list = $2")
            .bind(id.edition.as_str())
            .bind(&id.list)
            .fetch_optional(self.pool())
            .await?;
        let rows = sqlx::query(
            "SELECT state, COUNT(*) AS count FROM delivery WHERE edition = $1 AND list = $2 GROUP BY state ORDER BY state",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .fetch_all(self.pool())
        .await?;
        let mut counts = Vec::new();
        for row in rows {
            let (word, count): (String, i64) = (row.try_get("state")?, row.try_get("count")?);
            let state = DeliveryState::parse(&word).ok_or_else(|| StoreError::damaged("the state of a delivery", word))?;
            counts.push((state, u64::try_from(count).unwrap_or(0)));
        }
        Ok(Balance { audience: u64::try_from(audience.unwrap_or(0)).unwrap_or(0), counts })
    }

    /// The sendings that have begun and still have somebody to try by now, or somebody left in hand by a killed process.
    pub async fn waiting_sendings(&self, now: Timestamp) -> Result<Vec<SendingId>, StoreError> {
        self.sendings_where(
            "SELECT DISTINCT edition, list FROM delivery
             WHERE (state IN ('due', 'deferred') AND not_before <= $1) OR state IN ('claimed', 'in flight') ORDER BY edition, list",
            now,
        )
        .await
    }

    /// All sendings, oldest first.
    pub async fn sendings(&self) -> Result<Vec<SendingId>, StoreError> {
        self.sendings_where(
            "SELECT edition, list FROM sending WHERE $1 = $1 ORDER BY begun, edition, list",
            Timestamp::UNIX_EPOCH,
        )
        .await
    }

    /// Tries nobody of a sending before this time.
    pub async fn postpone(&self, id: &SendingId, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE delivery SET not_before = $1 WHERE edition = $2 AND list = $3 AND state IN ('due', 'deferred') AND not_before < $1",
        )
        .bind(millis(until))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The recipients of a sending in one state, with what was last said of each.
    pub async fn recipients(&self, id: &SendingId, state: DeliveryState) -> Result<Vec<(Address, Option<String>)>, StoreError> {
        sqlx::query("SELECT address, reply FROM delivery WHERE edition = $1 AND list = $2 AND state = $3 ORDER BY recipient")
            .bind(id.edition.as_str())
            .bind(&id.list)
            .bind(state.as_str())
            .fetch_all(self.pool())
            .await?
            .iter()
            .map(|row| Ok((address(row)?, row.try_get("reply")?)))
            .collect()
    }

    async fn sendings_where(&self, sql: &'static str, now: Timestamp) -> Result<Vec<SendingId>, StoreError> {
        sqlx::query(sql)
            .bind(millis(now))
            .fetch_all(self.pool())
            .await?
            .iter()
            .map(|row| {
                let (edition, list): (String, String) = (row.try_get("edition")?, row.try_get("list")?);
                let edition = ArticleId::parse(&edition).ok_or_else(|| StoreError::damaged("the id of an edition", edition))?;
                Ok(SendingId { edition, list })
            })
            .collect()
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
