use jiff::Timestamp;
use sqlx::Row;

use super::{Ledger, StoreError, instant, millis};
use crate::domain::{ArticleId, EditionId};

/// One planned instant of a plan, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRun {
    pub planned: Timestamp,
    /// The edition that it sends; none where nothing was new.
    pub edition: Option<EditionId>,
    pub is_finished: bool,
}

impl Ledger {
    /// The latest planned instant of a plan that was taken up.
    ///
    /// What was taken up by a clock that was ahead does not count.
    pub async fn last_run(&self, plan: &str, now: Timestamp) -> Result<Option<PlannedRun>, StoreError> {
        let row = sqlx::query(
            "SELECT planned, edition, finished FROM run WHERE plan = $1 AND planned <= $2 ORDER BY planned DESC LIMIT 1",
        )
        .bind(plan)
        .bind(millis(now))
        .fetch_optional(self.pool())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let edition: Option<String> = row.try_get("edition")?;
        let finished: Option<i64> = row.try_get("finished")?;
        Ok(Some(PlannedRun {
            planned: instant(row.try_get("planned")?)?,
            edition: edition.as_deref().and_then(ArticleId::parse),
            is_finished: finished.is_some(),
        }))
    }

    /// Takes up a planned instant, with the edition it sends, before anything is done. False where it was taken up before.
    pub async fn begin_run(
        &self,
        plan: &str,
        planned: Timestamp,
        edition: Option<&EditionId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let begun = sqlx::query(
            "INSERT INTO run (plan, planned, begun, edition) VALUES ($1, $2, $3, $4) ON CONFLICT (plan, planned) DO NOTHING",
        )
        .bind(plan)
        .bind(millis(planned))
        .bind(millis(now))
        .bind(edition.map(ArticleId::as_str))
        .execute(self.pool())
        .await?
        .rows_affected();
        Ok(begun == 1)
    }

    /// Records that a planned instant has been seen to: its edition is frozen, or there was nothing to send.
    pub async fn finish_run(&self, plan: &str, planned: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE run SET finished = $1 WHERE plan = $2 AND planned = $3 AND finished IS NULL")
            .bind(millis(now))
            .bind(plan)
            .bind(millis(planned))
            .execute(self.pool())
            .await?;
        Ok(())
    }
}
