//! What is known of sources: how to ask them, what they gave before, and the latest episodes of shows.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::Row;

use super::{Ledger, StoreError, instant, millis, record};
use crate::domain::{ArticleId, Episode};

/// How a source answered the last time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSource {
    /// The validators that came with the answer, to ask with.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// It is not asked again before this.
    pub not_before: Timestamp,
}

/// What became of an item of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// It was older than what was wanted when the feed was first read.
    Passed,
    Taken,
    /// Its page could not be read so far.
    Waiting,
    /// It lacks what an article needs.
    Refused,
}

/// An item of a feed that was seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// The name of what it said.
    pub said: String,
    pub state: ItemState,
    /// The article that it is.
    pub article: Option<ArticleId>,
    /// Whether the article came by this item, which may edit it then.
    pub has_brought: bool,
    /// Since when it is in this state.
    pub since: Timestamp,
}

impl ItemState {
    const ALL: [Self; 4] = [Self::Passed, Self::Taken, Self::Waiting, Self::Refused];

    fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Taken => "taken",
            Self::Waiting => "waiting",
            Self::Refused => "refused",
        }
    }
}

impl Ledger {
    pub async fn source(&self, origin: &str) -> Result<Option<KnownSource>, StoreError> {
        let row = sqlx::query("SELECT etag, last_modified, not_before FROM source WHERE origin = $1")
            .bind(origin)
            .fetch_optional(self.pool())
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(KnownSource {
            etag: row.try_get("etag")?,
            last_modified: row.try_get("last_modified")?,
            not_before: instant(row.try_get("not_before")?)?,
        }))
    }

    pub async fn keep_source(&self, origin: &str, known: &KnownSource) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO source (origin, etag, last_modified, not_before) VALUES ($1, $2, $3, $4)
             ON CONFLICT (origin) DO UPDATE SET
                 etag = excluded.etag, last_modified = excluded.last_modified, not_before = excluded.not_before",
        )
        .bind(origin)
        .bind(known.etag.as_deref())
        .bind(known.last_modified.as_deref())
        .bind(millis(known.not_before))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The items of a source that were seen before, by their ids there.
    pub async fn source_items(&self, source: &str) -> Result<HashMap<String, KnownItem>, StoreError> {
        let rows = sqlx::query("SELECT item, said, state, article, brought, since FROM source_item WHERE source = $1")
            .bind(source)
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                let state: String = row.try_get("state")?;
                let article: Option<String> = row.try_get("article")?;
                let brought: i64 = row.try_get("brought")?;
                let known = KnownItem {
                    said: row.try_get("said")?,
                    state: ItemState::ALL
                        .into_iter()
                        .find(|known| known.as_str() == state)
                        .ok_or_else(|| StoreError::damaged("the state of an item", &state))?,
                    article: article.as_deref().and_then(ArticleId::parse),
                    has_brought: brought != 0,
                    since: instant(row.try_get("since")?)?,
                };
                Ok((row.try_get("item")?, known))
            })
            .collect()
    }

    pub async fn keep_item(&self, source: &str, item: &str, known: &KnownItem) -> Result<(), StoreError> {
        keep(&mut *self.pool().acquire().await?, source, item, known).await
    }

    /// Records items all at once: a feed that was read for the first time is known whole or not at all.
    pub async fn keep_items<'a>(
        &self,
        source: &str,
        items: impl IntoIterator<Item = (&'a str, KnownItem)>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for (item, known) in items {
            keep(&mut transaction, source, item, &known).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The latest episode that the feed of a show told of.
    pub async fn episode(&self, feed: &str) -> Result<Option<Episode>, StoreError> {
        let content: Option<String> =
            sqlx::query_scalar("SELECT content FROM episode WHERE feed = $1").bind(feed).fetch_optional(self.pool()).await?;
        content.as_deref().map(record::decode_episode).transpose()
    }

    pub async fn keep_episode(&self, feed: &str, episode: &Episode) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO episode (feed, content) VALUES ($1, $2) ON CONFLICT (feed) DO UPDATE SET content = excluded.content",
        )
        .bind(feed)
        .bind(record::encode_episode(episode)?)
        .execute(self.pool())
        .await?;
        Ok(())
    }
}

/// Keeps what is known of an item.
pub(super) async fn keep(
    connection: &mut sqlx::SqliteConnection,
    source: &str,
    item: &str,
    known: &KnownItem,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO source_item (source, item, said, state, article, brought, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (source, item) DO UPDATE SET said = excluded.said, state = excluded.state, article = excluded.article,
             brought = excluded.brought, since = excluded.since",
    )
    .bind(source)
    .bind(item)
    .bind(&known.said)
    .bind(known.state.as_str())
    .bind(known.article.as_ref().map(ArticleId::as_str))
    .bind(i64::from(known.has_brought))
    .bind(millis(known.since))
    .execute(connection)
    .await?;
    Ok(())
}
