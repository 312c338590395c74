use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{KnownItem, Ledger, StoreError, archive, instant, millis, pages, record, sources};
use crate::domain::{Archived, Article, ArticleId};

/// How far a walk through the archive has come.
#[derive(Clone, Debug)]
pub struct Position {
    published: i64,
    id: String,
}

impl Ledger {
    /// The archived article that this one is come again, if any.
    pub async fn known(&self, article: &Article) -> Result<Option<Archived>, StoreError> {
        let mut seen = Vec::new();
        // From the end of the alphabet: the address first, then the title, then the words.
        for mark in article.marks().into_iter().rev() {
            let rows = sqlx::query(
                "SELECT a.id, a.guid, a.published, a.updated, a.content, a.episode FROM article_mark m
                 JOIN article a ON a.id = m.article WHERE m.mark = $1 ORDER BY a.published DESC, a.id LIMIT 20",
            )
            .bind(mark)
            .fetch_all(self.pool())
            .await?;
            for row in rows {
                let id: String = row.try_get("id")?;
                if seen.contains(&id) {
                    continue;
                }
                let kept = archived(&row)?;
                if article.is_again(&kept.article) {
                    return Ok(Some(kept));
                }
                seen.push(id);
            }
        }
        Ok(None)
    }

    /// Whether an id has been minted.
    pub async fn has_article(&self, id: &ArticleId) -> Result<bool, StoreError> {
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM article WHERE id = $1").bind(id.as_str()).fetch_one(self.pool()).await?;
        Ok(count > 0)
    }

    /// The article that was published under a guid.
    pub async fn article_by_guid(&self, guid: &str) -> Result<Option<Archived>, StoreError> {
        sqlx::query("SELECT id, guid, published, updated, content, episode FROM article WHERE guid = $1")
            .bind(guid)
            .fetch_optional(self.pool())
            .await?
            .map(|row| archived(&row))
            .transpose()
    }

    /// Archives a new article, and with it what is known of the item of a feed that brought it: `(source, item, known)`.
    pub async fn add_article(
        &self,
        archived: &Archived,
        now: Timestamp,
        by: Option<(&str, &str, &KnownItem)>,
    ) -> Result<(), StoreError> {
        let content = record::encode(&archived.article)?;
        let episode = archived.episode.as_ref().map(record::encode_episode).transpose()?;
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO article (id, guid, published, updated, taken_in, content, episode) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(archived.id.as_str())
        .bind(&archived.guid)
        .bind(millis(archived.published))
        .bind(millis(archived.updated))
        .bind(millis(now))
        .bind(content)
        .bind(episode)
        .execute(&mut *transaction)
        .await?;
        add_marks(&mut transaction, archived).await?;
        archive::keep_names(&mut transaction, archived).await?;
        grow_version(&mut transaction, &archived.id).await?;
        if let Some((source, item, known)) = by {
            sources::keep(&mut transaction, source, item, known).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Archives a new state of an article. Its id and guid stay; so do the marks it was known by before.
    pub async fn edit_article(&self, archived: &Archived) -> Result<(), StoreError> {
        let content = record::encode(&archived.article)?;
        let episode = archived.episode.as_ref().map(record::encode_episode).transpose()?;
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE article SET published = $1, updated = $2, content = $3, episode = $4 WHERE id = $5")
            .bind(millis(archived.published))
            .bind(millis(archived.updated))
            .bind(content)
            .bind(episode)
            .bind(archived.id.as_str())
            .execute(&mut *transaction)
            .await?;
        add_marks(&mut transaction, archived).await?;
        archive::keep_names(&mut transaction, archived).await?;
        archive::forget_document(&mut transaction, &archived.id).await?;
        pages::forget_page(&mut transaction, &archived.id).await?;
        grow_version(&mut transaction, &archived.id).await?;
        Ok(transaction.commit().await?)
    }

    pub async fn article(&self, id: &ArticleId) -> Result<Option<Archived>, StoreError> {
        sqlx::query("SELECT id, guid, published, updated, content, episode FROM article WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(self.pool())
            .await?
            .map(|row| archived(&row))
            .transpose()
    }

    /// Articles that are due, newest first, then by id: the next `limit` after a position.
    pub async fn articles(&self, now: Timestamp, after: Option<&Position>, limit: u32) -> Result<Vec<Archived>, StoreError> {
        let (published, id) = after.map_or((i64::MAX, ""), |after| (after.published, after.id.as_str()));
        sqlx::query(
            "SELECT id, guid, published, updated, content, episode FROM article
             WHERE published <= $1 AND (published < $2 OR (published = $2 AND id > $3))
             ORDER BY published DESC, id LIMIT $4",
        )
        .bind(millis(now))
        .bind(published)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(archived)
        .collect()
    }

    /// How many articles are due.
    pub async fn due_articles(&self, now: Timestamp) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT COUNT(*) FROM article WHERE published <= $1")
            .bind(millis(now))
            .fetch_one(self.pool())
            .await?)
    }

    /// A count that grows with every change of the archive.
    pub async fn archive_version(&self) -> Result<String, StoreError> {
        Ok(self.kept(VERSION).await?.unwrap_or_default())
    }

    /// Articles that are new to a list, newest first: due, published or taken in after `since`, and in no letter to it so far.
    /// In an adopted ledger only what was published since then.
    pub async fn unsent_articles(
        &self,
        list: &str,
        now: Timestamp,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Archived>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, guid, published, updated, content, episode FROM article a
             WHERE a.published <= $1 AND (a.published >= $2 OR a.taken_in >= $2)
                 AND NOT EXISTS (SELECT 1 FROM meta m WHERE m.name = $5 AND a.published < CAST(m.value AS BIGINT))
                 AND NOT EXISTS (SELECT 1 FROM list_article l WHERE l.article = a.id AND l.list = $3)
             ORDER BY a.published DESC, a.id LIMIT $4",
        )
        .bind(millis(now))
        .bind(millis(since))
        .bind(list)
        .bind(i64::from(limit))
        .bind(NEWS_SINCE)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(archived).collect()
    }

    /// Takes articles for no news to any list that there is.
    pub async fn is_no_news(&self, articles: &[&str]) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO list_article (list, article, edition)
             SELECT l.list, a.value, NULL FROM json_each($1) a
             CROSS JOIN (SELECT list FROM subscriber UNION SELECT list FROM sending) l
             WHERE true ON CONFLICT (list, article) DO NOTHING",
        )
        .bind(serde_json::json!(articles).to_string())
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// The edition that carried an article to a list.
    pub async fn edition_with(&self, article: &ArticleId, list: &str) -> Result<Option<ArticleId>, StoreError> {
        let edition: Option<Option<String>> =
            sqlx::query_scalar("SELECT edition FROM list_article WHERE list = $1 AND article = $2")
                .bind(list)
                .bind(article.as_str())
                .fetch_optional(self.pool())
                .await?;
        Ok(edition.flatten().as_deref().and_then(ArticleId::parse))
    }

    /// Which of these guids have been minted by this ledger.
    pub async fn minted(&self, guids: &[&str]) -> Result<Vec<bool>, StoreError> {
        Ok(self.published_under(guids).await?.iter().map(Option::is_some).collect())
    }

    /// When the articles of these guids were published; none of a guid that this ledger does not know.
    pub async fn published_under(&self, guids: &[&str]) -> Result<Vec<Option<Timestamp>>, StoreError> {
        let mut out = Vec::with_capacity(guids.len());
        for guid in guids {
            let published: Option<i64> = sqlx::query_scalar("SELECT published FROM article WHERE guid = $1")
                .bind(*guid)
                .fetch_optional(self.pool())
                .await?;
            out.push(published.map(instant).transpose()?);
        }
        Ok(out)
    }
}

impl From<&Archived> for Position {
    fn from(archived: &Archived) -> Self {
        Self { published: millis(archived.published), id: archived.id.to_string() }
    }
}

/// Adds what an article is known again by to what it was known by before.
async fn add_marks(connection: &mut sqlx::SqliteConnection, archived: &Archived) -> Result<(), StoreError> {
    for mark in archived.article.marks() {
        sqlx::query("INSERT INTO article_mark (mark, article) VALUES ($1, $2) ON CONFLICT (mark, article) DO NOTHING")
            .bind(mark)
            .bind(archived.id.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// In an adopted ledger: when that was, in milliseconds since 1970. What was published before, another griot may have sent.
pub(super) const NEWS_SINCE: &str = "news since";

const VERSION: &str = "archive version";

/// In the transaction of the change itself, so that no change can go uncounted.
async fn grow_version(connection: &mut sqlx::SqliteConnection, changed: &ArticleId) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, '1')
         ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)",
    )
    .bind(VERSION)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE article SET revision = (SELECT CAST(value AS BIGINT) FROM meta WHERE name = $1) WHERE id = $2")
        .bind(VERSION)
        .bind(changed.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) fn archived(row: &SqliteRow) -> Result<Archived, StoreError> {
    let id: String = row.try_get("id")?;
    let episode: Option<String> = row.try_get("episode")?;
    Ok(Archived {
        id: ArticleId::parse(&id).ok_or_else(|| StoreError::damaged("the id", &id))?,
        guid: row.try_get("guid")?,
        published: instant(row.try_get("published")?)?,
        updated: instant(row.try_get("updated")?)?,
        article: record::decode(row.try_get("content")?)?,
        episode: episode.as_deref().map(record::decode_episode).transpose()?,
    })
}
