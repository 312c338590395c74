//! Deliveries that may or may not have been accepted, and the ways out of that.

use jiff::Timestamp;

use super::SendingId;
use crate::domain::{Outcome, Recipient};
use crate::store::subscribers::recipient;
use crate::store::{Ledger, StoreError, millis};

impl Ledger {
    /// The uncertain recipients of a sending: the first `limit` by key after `after`.
    pub async fn uncertain(&self, id: &SendingId, after: &str, limit: u32) -> Result<Vec<Recipient>, StoreError> {
        sqlx::query(
            "SELECT address, name, subscriber FROM delivery WHERE edition = $1 AND list = $2 AND state = 'uncertain' AND recipient > $3
             ORDER BY recipient LIMIT $4",
        )
        .bind(id.edition.as_str())
        .bind(&id.list)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(recipient)
        .collect()
    }

    /// Makes the uncertain deliveries of a sending due again, with the tries that they have; gives how many.
    pub async fn resend_uncertain(&self, id: &SendingId, now: Timestamp) -> Result<u64, StoreError> {
        // In nobody's hand: the sender that lost sight of them has no more to say.
        Ok(sqlx::query(
            "UPDATE delivery SET state = 'due', not_before = $1, changed = $1, sender = NULL
             WHERE edition = $2 AND list = $3 AND state = 'uncertain'",
        )
        .bind(millis(now))
        .bind(id.edition.as_str())
        .bind(&id.list)
        .execute(self.pool())
        .await?
        .rows_affected())
    }

    /// Writes down what became of uncertain deliveries, all or none. One that is in another state by now stays as it is.
    pub async fn settle_uncertain(
        &self,
        id: &SendingId,
        outcomes: &[(Recipient, Outcome)],
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut settled = 0;
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for (recipient, outcome) in outcomes {
            settled += sqlx::query(
                "UPDATE delivery SET state = $1, reply = $2, changed = $3
                 WHERE edition = $4 AND recipient = $5 AND list = $6 AND state = 'uncertain'",
            )
            .bind(outcome.state().as_str())
            .bind(outcome.reply())
            .bind(millis(now))
            .bind(id.edition.as_str())
            .bind(recipient.address().key())
            .bind(&id.list)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        }
        transaction.commit().await?;
        Ok(settled)
    }
}
