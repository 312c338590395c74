//! Editions: what each carries and is called, from its composing on; its letters, once they are frozen.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::articles::archived;
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{Archived, ArticleId, Edition, EditionId, Language, Line, Newsletter, Variant};

/// An edition as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEdition {
    /// With its articles as they are now; subject and preheader as it was last composed.
    pub edition: Edition,
    pub language: Language,
    /// The subject that was given by hand.
    pub own_subject: Option<Line>,
    /// The plan that composed it.
    pub plan: Option<Line>,
    /// The list that a digest was composed for.
    pub list: Option<Line>,
    /// Its place among the letters to its list, counted from 1; 0 where it was never counted.
    pub number: u32,
    /// The date of its messages' copy and of its item in the feed: fixed when it was first composed.
    pub composed: Timestamp,
    /// Whether its letters are frozen: from then on nothing of it changes.
    pub is_frozen: bool,
}

/// An edition as lists and the feed of the editions have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEdition {
    pub id: EditionId,
    pub subject: Line,
    pub preheader: Option<Line>,
    pub language: Language,
    pub composed: Timestamp,
    /// Its id in the feed, where it has been there.
    pub guid: Option<String>,
}

impl Ledger {
    /// The edition of this id, if it has been composed.
    pub async fn edition(&self, id: &EditionId) -> Result<Option<KeptEdition>, StoreError> {
        let row = sqlx::query(
            "SELECT id, subject, preheader, language, composed, own_subject, plan, list, number, guid,
                 EXISTS (SELECT 1 FROM newsletter n WHERE n.edition = e.id) AS frozen FROM edition e WHERE id = $1",
        )
        .bind(id.as_str())
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let ListedEdition { id, subject, preheader, language, composed, .. } = listed(&row)?;
        let articles = self.edition_articles(&id).await?;
        let number: i64 = row.try_get("number")?;
        let frozen: i64 = row.try_get("frozen")?;
        Ok(Some(KeptEdition {
            edition: Edition { id, subject, preheader, articles },
            language,
            own_subject: line(&row, "own_subject")?,
            plan: line(&row, "plan")?,
            list: line(&row, "list")?,
            number: u32::try_from(number).map_err(|_| StoreError::damaged("the number of an edition", number))?,
            composed,
            is_frozen: frozen != 0,
        }))
    }

    /// Keeps an edition as it was composed. One whose letters are frozen stays as it is.
    pub async fn keep_edition(&self, kept: &KeptEdition) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        if !is_frozen(&mut transaction, &kept.edition.id).await? {
            keep(&mut transaction, kept).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The articles of an edition, the lead first.
    pub async fn edition_articles(&self, edition: &EditionId) -> Result<Vec<Archived>, StoreError> {
        sqlx::query(
            "SELECT a.id, a.guid, a.published, a.updated, a.content, a.episode FROM edition_article e JOIN article a ON a.id = e.article
             WHERE e.edition = $1 ORDER BY e.position, a.published DESC, a.id",
        )
        .bind(edition.as_str())
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(archived)
        .collect()
    }

    /// Digests that were composed by hand for a list and not sent so far, the newest first.
    pub async fn open_digests(&self, list: &str) -> Result<Vec<EditionId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM edition e WHERE list = $1 AND plan IS NULL
                 AND NOT EXISTS (SELECT 1 FROM newsletter n WHERE n.edition = e.id) ORDER BY composed DESC, id DESC",
        )
        .bind(list)
        .fetch_all(self.pool())
        .await?;
        ids.iter().map(|id| edition_id(id)).collect()
    }

    /// How many letters a list has had, or is getting.
    pub async fn letters_to(&self, list: &str) -> Result<u32, StoreError> {
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM sending WHERE list = $1").bind(list).fetch_one(self.pool()).await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// The letter of an edition as it was frozen, with its language, and whether its pictures travel inside the messages.
    pub async fn frozen_letter(
        &self,
        edition: &EditionId,
        variant: Variant,
    ) -> Result<Option<(Newsletter, Language, bool)>, StoreError> {
        let row = sqlx::query(
            "SELECT e.subject, e.language, n.html, n.text, n.attached FROM newsletter n JOIN edition e ON e.id = n.edition
             WHERE n.edition = $1 AND n.variant = $2",
        )
        .bind(edition.as_str())
        .bind(variant.as_str())
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let attached: i64 = row.try_get("attached")?;
        let letter = Newsletter {
            subject: needed_line(&row, "subject")?,
            html: row.try_get("html")?,
            text: row.try_get("text")?,
            pictures: Vec::new(),
        };
        Ok(Some((letter, language(&row)?, attached != 0)))
    }

    /// The newest editions by their dates, the newest first.
    pub async fn newest_editions(&self, limit: u32) -> Result<Vec<ListedEdition>, StoreError> {
        let sql = "SELECT id, subject, preheader, language, composed, guid FROM edition ORDER BY composed DESC, id LIMIT $1";
        let rows = sqlx::query(sql).bind(i64::from(limit)).fetch_all(self.pool()).await?;
        rows.iter().map(listed).collect()
    }

    /// Gives an edition its id in the feed, for ever.
    pub async fn mint_guid(&self, edition: &EditionId, guid: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE edition SET guid = $1 WHERE id = $2 AND guid IS NULL")
            .bind(guid)
            .bind(edition.as_str())
            .execute(self.pool())
            .await?;
        Ok(())
    }
}

/// Whether a letter of the edition is frozen.
pub(super) async fn is_frozen(connection: &mut SqliteConnection, id: &EditionId) -> Result<bool, StoreError> {
    let letters: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM newsletter WHERE edition = $1").bind(id.as_str()).fetch_one(connection).await?;
    Ok(letters > 0)
}

/// Writes an edition down, with its articles in their order.
pub(super) async fn keep(connection: &mut SqliteConnection, kept: &KeptEdition) -> Result<(), StoreError> {
    let KeptEdition { edition, language, own_subject, plan, list, number, composed, is_frozen: _ } = kept;
    let text = |line: &Option<Line>| line.as_ref().map(Line::to_string);
    sqlx::query(
        "INSERT INTO edition (id, subject, preheader, language, own_subject, plan, list, number, composed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, preheader = excluded.preheader, language = excluded.language,
             own_subject = excluded.own_subject, plan = excluded.plan, list = excluded.list, number = excluded.number,
             composed = excluded.composed",
    )
    .bind(edition.id.as_str())
    .bind(edition.subject.as_str())
    .bind(text(&edition.preheader))
    .bind(language.as_str())
    .bind(text(own_subject))
    .bind(text(plan))
    .bind(text(list))
    .bind(i64::from(*number))
    .bind(millis(*composed))
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM edition_article WHERE edition = $1").bind(edition.id.as_str()).execute(&mut *connection).await?;
    for (position, article) in (1_i64..).zip(&edition.articles) {
        sqlx::query("INSERT INTO edition_article (edition, article, position) VALUES ($1, $2, $3)")
            .bind(edition.id.as_str())
            .bind(article.id.as_str())
            .bind(position)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn listed(row: &SqliteRow) -> Result<ListedEdition, StoreError> {
    let id: String = row.try_get("id")?;
    Ok(ListedEdition {
        id: edition_id(&id)?,
        subject: needed_line(row, "subject")?,
        preheader: line(row, "preheader")?,
        language: language(row)?,
        composed: instant(row.try_get("composed")?)?,
        guid: row.try_get("guid")?,
    })
}

fn edition_id(id: &str) -> Result<EditionId, StoreError> {
    ArticleId::parse(id).ok_or_else(|| StoreError::damaged("the id of an edition", id))
}

fn line(row: &SqliteRow, column: &str) -> Result<Option<Line>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| Line::new(&text).ok_or_else(|| StoreError::damaged("a line of an edition", text))).transpose()
}

fn needed_line(row: &SqliteRow, column: &str) -> Result<Line, StoreError> {
    line(row, column)?.ok_or_else(|| StoreError::damaged("a line of an edition", column))
}

fn language(row: &SqliteRow) -> Result<Language, StoreError> {
    let language: String = row.try_get("language")?;
    Language::parse(&language).ok_or_else(|| StoreError::damaged("the language of an edition", language))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use sqlx::Executor;
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    use super::*;
    use crate::store::{MIGRATIONS, migrate};

    /// A digest that was sent by a griot from before editions were kept.
    const SENT: &str = "
        INSERT INTO edition (id, subject, language, html, text, composed) VALUES ('2026-03-04-0700-x', 'S', 'fr', '<p>', 'T', 1000);
        INSERT INTO list_article (list, article, edition) SELECT 'readers', id, '2026-03-04-0700-x' FROM article;
        INSERT INTO edition_article (edition, article) SELECT '2026-03-04-0700-x', id FROM article;
        INSERT INTO sending (edition, list, begun, audience) VALUES ('2026-03-04-0700-x', 'readers', 1000, 0);";

    #[tokio::test]
    async fn letters_of_earlier_versions_stay_as_they_were_frozen() {
        let options = SqliteConnectOptions::from_str("sqlite::memory:").unwrap().foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        let before: Vec<_> = MIGRATIONS.iter().copied().filter(|(version, ..)| *version < 7).collect();
        migrate(&pool, &before).await.unwrap();
        pool.execute(SENT).await.unwrap();
        migrate(&pool, MIGRATIONS).await.unwrap();
        let ledger = Ledger::Memory(pool);
        let id = ArticleId::parse("2026-03-04-0700-x").unwrap();
        let (letter, language, attached) = ledger.frozen_letter(&id, Variant::Full).await.unwrap().unwrap();
        assert_eq!((letter.html.as_str(), letter.text.as_str(), letter.subject.as_str()), ("<p>", "T", "S"));
        assert_eq!((language.as_str(), attached), ("fr", false));
        assert_eq!(ledger.frozen_letter(&id, Variant::Light).await.unwrap(), None);
        let kept = ledger.edition(&id).await.unwrap().unwrap();
        assert!(kept.is_frozen && kept.number == 0 && kept.plan.is_none() && kept.composed.as_millisecond() == 1000);
        assert_eq!(ledger.letters_to("readers").await.unwrap(), 1);
        // What is frozen stays, whoever composes it again.
        let other = KeptEdition { number: 7, is_frozen: false, ..kept.clone() };
        ledger.keep_edition(&other).await.unwrap();
        assert_eq!(ledger.edition(&id).await.unwrap().unwrap(), kept);
    }
}
