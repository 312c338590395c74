//! What feeds are made of: which articles, in which document of the archive, under which topics and authors.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{Ledger, StoreError, instant, millis, pages, record};
use crate::domain::{Archived, ArticleId, Scope};

/// An article as far as it has to be known to decide where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: ArticleId,
    pub published: Timestamp,
    pub updated: Timestamp,
    /// Grows with every change.
    pub revision: i64,
    /// How many bytes it takes in the ledger.
    pub bytes: u64,
}

/// An article as it lies in the ledger. Reading it takes longer than fetching it, and needs no ledger.
#[derive(Debug)]
pub struct Stored {
    id: String,
    guid: String,
    published: i64,
    updated: i64,
    content: String,
    episode: Option<String>,
}

impl Stored {
    pub fn read(&self) -> Result<Archived, StoreError> {
        Ok(Archived {
            id: article_id(&self.id)?,
            guid: self.guid.clone(),
            published: instant(self.published)?,
            updated: instant(self.updated)?,
            article: record::decode(&self.content)?,
            episode: self.episode.as_deref().map(record::decode_episode).transpose()?,
        })
    }
}

impl Ledger {
    /// The newest articles that are due: newest first, then by id.
    pub async fn newest(&self, now: Timestamp, limit: u32) -> Result<Vec<Listed>, StoreError> {
        let sql = "SELECT id, published, updated, revision, octet_length(content) AS bytes FROM article
             WHERE published <= $1 ORDER BY published DESC, id LIMIT $2";
        let rows = sqlx::query(sql).bind(millis(now)).bind(i64::from(limit)).fetch_all(self.pool()).await?;
        rows.iter().map(listed).collect()
    }

    /// The newest articles of a section or an author that are due, under all these spellings: newest first, then by id.
    pub async fn newest_under(
        &self,
        scope: &Scope,
        spellings: &[String],
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Listed>, StoreError> {
        let Some(kind) = kind(scope) else { return self.newest(now, limit).await };
        let mut out: Vec<Listed> = Vec::new();
        for name in spellings {
            let rows = sqlx::query(
                "SELECT a.id, a.published, a.updated, a.revision, octet_length(a.content) AS bytes
                 FROM article_name n JOIN article a ON a.id = n.article
                 WHERE n.kind = $1 AND n.name = $2 AND n.published <= $3 ORDER BY n.published DESC, n.article LIMIT $4",
            )
            .bind(kind)
            .bind(name)
            .bind(millis(now))
            .bind(i64::from(limit))
            .fetch_all(self.pool())
            .await?;
            for row in &rows {
                out.push(listed(row)?);
            }
        }
        out.sort_by(|one, other| other.published.cmp(&one.published).then_with(|| one.id.cmp(&other.id)));
        // Two spellings of one name in one article.
        out.dedup_by(|one, other| one.id == other.id);
        out.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(out)
    }

    /// All topics, or all authors, of articles that are due, each as it is written, with the first day that it was.
    pub async fn names_like(&self, scope: &Scope, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let Some(kind) = kind(scope) else { return Ok(Vec::new()) };
        let sql = "SELECT name, MIN(published) AS first FROM article_name WHERE kind = $1
             GROUP BY name HAVING MIN(published) <= $2 ORDER BY first, name";
        let rows = sqlx::query(sql).bind(kind).bind(millis(now)).fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok(row.try_get("name")?)).collect()
    }

    /// The articles that are due and in no document of the archive, the oldest first.
    pub async fn outside_archive(&self, now: Timestamp) -> Result<Vec<Listed>, StoreError> {
        let sql = "SELECT id, published, updated, revision, octet_length(content) AS bytes FROM article
             WHERE document IS NULL AND published <= $1 ORDER BY published, id DESC";
        let rows = sqlx::query(sql).bind(millis(now)).fetch_all(self.pool()).await?;
        rows.iter().map(listed).collect()
    }

    /// How many documents the archive has.
    pub async fn archived_documents(&self) -> Result<u32, StoreError> {
        let newest: Option<i64> = sqlx::query_scalar("SELECT MAX(document) FROM article").fetch_one(self.pool()).await?;
        let newest = newest.unwrap_or_default();
        u32::try_from(newest).map_err(|_| StoreError::damaged("the number of a document", newest))
    }

    /// The articles of a document of the archive: newest first, then by id.
    pub async fn archived_in(&self, document: u32) -> Result<Vec<Listed>, StoreError> {
        let sql = "SELECT id, published, updated, revision, octet_length(content) AS bytes FROM article
             WHERE document = $1 ORDER BY published DESC, id";
        let rows = sqlx::query(sql).bind(i64::from(document)).fetch_all(self.pool()).await?;
        rows.iter().map(listed).collect()
    }

    /// Moves articles into new documents of the archive, for ever; the first of them follows `after`.
    pub async fn archive(&self, after: u32, documents: &[Vec<ArticleId>]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for (number, articles) in (i64::from(after) + 1..).zip(documents) {
            for id in articles {
                sqlx::query("UPDATE article SET document = $1 WHERE id = $2 AND document IS NULL")
                    .bind(number)
                    .bind(id.as_str())
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// Fetches articles, in the order in which they are named.
    pub async fn stored(&self, articles: &[Listed]) -> Result<Vec<Stored>, StoreError> {
        if articles.is_empty() {
            return Ok(Vec::new());
        }
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT id, guid, published, updated, content, episode FROM article WHERE id IN (");
        let mut ids = query.separated(", ");
        for article in articles {
            ids.push_bind(article.id.as_str());
        }
        query.push(")");
        let mut found = BTreeMap::new();
        for row in query.build().fetch_all(self.pool()).await? {
            let stored = Stored {
                id: row.try_get("id")?,
                guid: row.try_get("guid")?,
                published: row.try_get("published")?,
                updated: row.try_get("updated")?,
                content: row.try_get("content")?,
                episode: row.try_get("episode")?,
            };
            found.insert(stored.id.clone(), stored);
        }
        articles
            .iter()
            .map(|article| found.remove(article.id.as_str()).ok_or_else(|| StoreError::damaged("the id", &article.id)))
            .collect()
    }

    /// What the documents were last made of, by their names; the pages of articles, of which there may be many, are left out.
    pub async fn made(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "SELECT document, state FROM made WHERE document < $1 OR document >= $2";
        let rows = sqlx::query(sql).bind(pages::FIRST).bind(pages::AFTER).fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok((row.try_get("document")?, row.try_get("state")?))).collect()
    }

    /// Keeps what documents were made of: `(name, state)`.
    pub async fn keep_made(&self, documents: &[(String, String)]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for (document, state) in documents {
            sqlx::query(
                "INSERT INTO made (document, state) VALUES ($1, $2) ON CONFLICT (document) DO UPDATE SET state = excluded.state",
            )
            .bind(document)
            .bind(state)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// The name of a document of the archive, as [`Ledger::made`] knows it.
pub fn document_name(number: u32) -> String {
    format!("{ARCHIVE}{number}")
}

const ARCHIVE: &str = "archive ";

/// Keeps the topics and authors of an article, in the place of those that it had.
pub(super) async fn keep_names(connection: &mut SqliteConnection, archived: &Archived) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM article_name WHERE article = $1").bind(archived.id.as_str()).execute(&mut *connection).await?;
    let Archived { article, .. } = archived;
    let names = article.topics.iter().map(|name| ("topic", name)).chain(article.authors.iter().map(|name| ("author", name)));
    for (kind, name) in names {
        sqlx::query("INSERT INTO article_name (kind, name, published, article) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .bind(kind)
            .bind(name.as_str())
            .bind(millis(archived.published))
            .bind(archived.id.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The document that an article is in has to be made again.
pub(super) async fn forget_document(connection: &mut SqliteConnection, id: &ArticleId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM made WHERE document = (SELECT $1 || document FROM article WHERE id = $2)")
        .bind(ARCHIVE)
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

fn kind(scope: &Scope) -> Option<&'static str> {
    match scope {
        // Letters are no articles, and have no names.
        Scope::Publication | Scope::Editions(_) => None,
        Scope::Section(_) => Some("topic"),
        Scope::Author(_) => Some("author"),
    }
}

pub(super) fn listed(row: &SqliteRow) -> Result<Listed, StoreError> {
    let id: String = row.try_get("id")?;
    let bytes: i64 = row.try_get("bytes")?;
    Ok(Listed {
        id: article_id(&id)?,
        published: instant(row.try_get("published")?)?,
        updated: instant(row.try_get("updated")?)?,
        revision: row.try_get("revision")?,
        bytes: u64::try_from(bytes).unwrap_or_default(),
    })
}

fn article_id(id: &str) -> Result<ArticleId, StoreError> {
    ArticleId::parse(id).ok_or_else(|| StoreError::damaged("the id", id))
}
