//! How many messages a mail server has had, by the minute: what limits by minute, hour and day are kept by, whoever sends.

use jiff::Timestamp;

use super::{Ledger, StoreError};

/// Minutes that count: a day.
const REMEMBERED: i64 = 24 * 60;

/// At most so many messages in so many minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    pub messages: u32,
    pub minutes: i64,
}

/// What a server may be handed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    /// So many messages, in this minute.
    Messages(u32),
    /// Nothing until then, for this quota.
    Nothing { until: Timestamp, quota: Quota },
}

impl Ledger {
    /// Takes messages out of what a server may be handed in the minute of `now`, at most `wanted`: they count from here on.
    ///
    /// So no two senders hand over more together than one of them may. A sender that is killed has used up what it took.
    pub async fn take_quota(&self, server: &str, quotas: &[Quota], wanted: u32, now: Timestamp) -> Result<Granted, StoreError> {
        let minute = minute_of(now);
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM handed WHERE server = $1 AND minute <= $2")
            .bind(server)
            .bind(minute - REMEMBERED)
            .execute(&mut *transaction)
            .await?;
        let handed: Vec<(i64, i64)> =
            sqlx::query_as("SELECT minute, count FROM handed WHERE server = $1 AND count > 0 ORDER BY minute")
                .bind(server)
                .fetch_all(&mut *transaction)
                .await?;
        let granted = grant(&handed, quotas, wanted, minute);
        if let Granted::Messages(count) = granted {
            sqlx::query(
                "INSERT INTO handed (server, minute, count) VALUES ($1, $2, $3)
                 ON CONFLICT (server, minute) DO UPDATE SET count = handed.count + excluded.count",
            )
            .bind(server)
            .bind(minute)
            .bind(i64::from(count))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(granted)
    }

    /// Gives back what was taken in a minute and not used.
    pub async fn return_quota(&self, server: &str, minute: i64, count: u32) -> Result<(), StoreError> {
        sqlx::query("UPDATE handed SET count = count - $3 WHERE server = $1 AND minute = $2 AND count >= $3")
            .bind(server)
            .bind(minute)
            .bind(i64::from(count))
            .execute(self.pool())
            .await?;
        Ok(())
    }
}

/// `handed`: messages by minute, the oldest first.
fn grant(handed: &[(i64, i64)], quotas: &[Quota], wanted: u32, minute: i64) -> Granted {
    let mut granted = i64::from(wanted);
    for quota in quotas {
        let within = || handed.iter().filter(|(at, _)| *at > minute - quota.minutes);
        let free = i64::from(quota.messages) - within().map(|(_, count)| count).sum::<i64>();
        if free <= 0 {
            let oldest = within().map(|(at, _)| *at).next().unwrap_or(minute);
            let until = Timestamp::from_second((oldest + quota.minutes) * 60).unwrap_or(Timestamp::MAX);
            return Granted::Nothing { until, quota: *quota };
        }
        granted = granted.min(free);
    }
    Granted::Messages(u32::try_from(granted).unwrap_or(0))
}

/// The minute since 1970 (UTC).
pub fn minute_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Quota = Quota { messages: 2, minutes: 1 };
    const HOUR: Quota = Quota { messages: 3, minutes: 60 };
    const DAY: Quota = Quota { messages: 4, minutes: 24 * 60 };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn no_more_than_the_quotas_go() {
        let ledger = Ledger::memory().await.unwrap();
        let take = async |wanted, second| ledger.take_quota("x", &[MINUTE, HOUR, DAY], wanted, at(second)).await.unwrap();
        let nothing = |second, quota| Granted::Nothing { until: at(second), quota };
        assert_eq!(take(1, 0).await, Granted::Messages(1));
        assert_eq!(take(5, 59).await, Granted::Messages(1), "whoever asks");
        assert_eq!(take(1, 59).await, nothing(60, MINUTE));
        assert_eq!(take(5, 60).await, Granted::Messages(1));
        assert_eq!(take(1, 120).await, nothing(3600, HOUR));
        assert_eq!(take(1, 3600).await, Granted::Messages(1));
        assert_eq!(take(1, 7300).await, nothing(86400, DAY));
        assert_eq!(take(1, 86400).await, Granted::Messages(1));
        let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM handed").fetch_one(ledger.pool()).await.unwrap();
        assert_eq!(rows, 3, "what is older than a day is forgotten");
        assert_eq!(ledger.take_quota("y", &[MINUTE], 9, at(0)).await.unwrap(), Granted::Messages(2), "each server has its own");
    }

    #[tokio::test]
    async fn what_is_not_used_is_given_back() {
        let ledger = Ledger::memory().await.unwrap();
        let take = async |second| ledger.take_quota("x", &[HOUR], 2, at(second)).await.unwrap();
        assert_eq!((take(0).await, take(1).await), (Granted::Messages(2), Granted::Messages(1)));
        ledger.return_quota("x", 0, 2).await.unwrap();
        assert_eq!(take(90).await, Granted::Messages(2));
        assert_eq!(take(91).await, Granted::Nothing { until: at(3600), quota: HOUR });
    }
}
