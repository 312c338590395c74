//! What hubs have been told of feeds.

use jiff::Timestamp;
use sqlx::Row;

use super::{Ledger, StoreError, instant, millis};

/// What a hub knows of a feed, or is still to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The state of the feed's file.
    pub state: String,
    /// Whether the hub has been told.
    pub is_told: bool,
    /// Since when the feed is in this state.
    pub since: Timestamp,
    /// How often it was tried in vain.
    pub tries: u32,
    /// The hub is not asked before this.
    pub not_before: Timestamp,
}

impl Ledger {
    /// What a hub knows of a feed, by the feed's public address; nothing where it was never to be told.
    pub async fn announcement(&self, hub: &str, topic: &str) -> Result<Option<Announcement>, StoreError> {
        let row = sqlx::query("SELECT state, told, since, tries, not_before FROM announcement WHERE hub = $1 AND topic = $2")
            .bind(hub)
            .bind(topic)
            .fetch_optional(self.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (told, tries): (i64, i64) = (row.try_get("told")?, row.try_get("tries")?);
        Ok(Some(Announcement {
            state: row.try_get("state")?,
            is_told: told != 0,
            since: instant(row.try_get("since")?)?,
            tries: u32::try_from(tries).unwrap_or(u32::MAX),
            not_before: instant(row.try_get("not_before")?)?,
        }))
    }

    /// Keeps what a hub knows of a feed now.
    pub async fn keep_announcement(&self, hub: &str, topic: &str, known: &Announcement) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO announcement (hub, topic, state, told, since, tries, not_before) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (hub, topic) DO UPDATE SET state = excluded.state, told = excluded.told, since = excluded.since,
                 tries = excluded.tries, not_before = excluded.not_before",
        )
        .bind(hub)
        .bind(topic)
        .bind(&known.state)
        .bind(i64::from(known.is_told))
        .bind(millis(known.since))
        .bind(i64::from(known.tries))
        .bind(millis(known.not_before))
        .execute(self.pool())
        .await?;
        Ok(())
    }
}
