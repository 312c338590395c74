//! How often feeds were fetched, by the application that did.

use jiff::civil::Date;

use super::{Ledger, StoreError};

/// What one application did with one feed on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// In UTC.
    pub day: Date,
    /// Its file below `feeds/`.
    pub feed: String,
    pub application: String,
    pub fetches: u64,
    /// The most readers for whom it said it fetched; 0 where it does not say.
    pub subscribers: u64,
}

impl Ledger {
    /// Adds to what is known: all of it, or nothing where it fails.
    pub async fn add_fetches(&self, fetches: &[Fetched]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for one in fetches {
            sqlx::query(
                "INSERT INTO fetched (day, feed, application, fetches, subscribers) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (day, feed, application) DO UPDATE SET fetches = fetched.fetches + excluded.fetches, \
                 subscribers = CASE WHEN excluded.subscribers > fetched.subscribers THEN excluded.subscribers \
                 ELSE fetched.subscribers END",
            )
            .bind(one.day.to_string())
            .bind(&one.feed)
            .bind(&one.application)
            .bind(i64::try_from(one.fetches).unwrap_or(i64::MAX))
            .bind(i64::try_from(one.subscribers).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// All that is known, by day, feed and application.
    pub async fn fetches(&self) -> Result<Vec<Fetched>, StoreError> {
        let rows: Vec<(String, String, String, i64, i64)> =
            sqlx::query_as("SELECT day, feed, application, fetches, subscribers FROM fetched ORDER BY day, feed, application")
                .fetch_all(self.pool())
                .await?;
        let fetched = |(day, feed, application, fetches, subscribers): (String, String, String, i64, i64)| {
            Ok(Fetched {
                day: day.parse().map_err(|_| StoreError::damaged("a day", &day))?,
                feed,
                application,
                fetches: fetches.try_into().map_err(|_| StoreError::damaged("a number of fetches", fetches))?,
                subscribers: subscribers.try_into().map_err(|_| StoreError::damaged("a number of readers", subscribers))?,
            })
        };
        rows.into_iter().map(fetched).collect()
    }
}
