//! Which articles have a page as they are now.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::archive::listed;
use super::{Ledger, Listed, StoreError, millis};
use crate::domain::ArticleId;

impl Ledger {
    /// Articles that are due and whose pages have to be made: newest first, then by id.
    pub async fn without_page(&self, now: Timestamp) -> Result<Vec<Listed>, StoreError> {
        let sql = "SELECT id, published, updated, revision, octet_length(content) AS bytes FROM article a
             WHERE published <= $1 AND NOT EXISTS (SELECT 1 FROM made m WHERE m.document = $2 || a.id)
             ORDER BY published DESC, id";
        let rows = sqlx::query(sql).bind(millis(now)).bind(FIRST).fetch_all(self.pool()).await?;
        rows.iter().map(listed).collect()
    }

    /// The pages of all articles have to be made again.
    pub async fn forget_pages(&self) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM made WHERE document >= $1 AND document < $2")
            .bind(FIRST)
            .bind(AFTER)
            .execute(self.pool())
            .await?;
        Ok(())
    }
}

/// The name of an article's page, as [`Ledger::made`] knows it.
pub fn page_name(id: &ArticleId) -> String {
    format!("{FIRST}{id}")
}

/// The page of an article has to be made again.
pub(super) async fn forget_page(connection: &mut SqliteConnection, id: &ArticleId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM made WHERE document = $1").bind(page_name(id)).execute(connection).await?;
    Ok(())
}

/// The names of all pages of articles lie between these two.
pub(super) const FIRST: &str = "article ";
pub(super) const AFTER: &str = "article!";
