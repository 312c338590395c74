//! Subscriptions as their readers change them: asked for, confirmed, left; each deed with its receipt.

use jiff::{SignedDuration, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::subscribers::{address, name};
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{Address, Deed, Language, Line, SubscriptionId, SubscriptionState, Way};

/// One reader on one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub list: String,
    pub address: Address,
    pub name: Option<Line>,
    /// What the reader wants to be spoken to in.
    pub language: Option<Language>,
    pub state: SubscriptionState,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// Since when an answer to a confirmation mail is waited for.
    pub asked: Option<Timestamp>,
}

/// What a reader asks for by the form.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// One or several, which one mail is to be answered for.
    pub lists: &'a [&'a str],
    pub address: &'a Address,
    pub language: Option<&'a Language>,
    /// What the form said, and its SHA-256 in hexadecimal.
    pub wording: (&'a str, &'a str),
    /// The keyed hash of the address, where the ledger knows of any that were erased.
    pub erased: Option<&'a str>,
}

/// How often is mailed for the asking: whoever types in somebody else's address does not fill that mailbox.
#[derive(Clone, Copy, Debug)]
pub struct AskingLimits {
    /// The shortest time between two mails to an address.
    pub pause: SignedDuration,
    /// The most mails to an address in a day.
    pub address_daily: i64,
    /// The most that are asked for on a list in an hour.
    pub list_hourly: i64,
}

/// What became of an asking. Whoever asked is told of [`Self::Later`] alone, which does not depend on the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A mail to the address is on its way.
    Noted,
    /// The address is suppressed or erased, or was mailed often enough.
    Passed,
    /// Too many ask at this time.
    Later,
}

/// What became of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirming {
    Confirmed,
    /// Was confirmed before.
    Known,
    /// Nobody waits for it any more: it came too late, or the reader has left since.
    Expired,
}

/// A subscription that its reader leaves.
#[derive(Clone, Debug)]
pub struct Leaving {
    pub id: SubscriptionId,
    pub way: Way,
    /// What proved that it is the reader.
    pub token: Option<String>,
}

/// A mail to a single reader that waits to be sent.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub subscription: Subscription,
    pub asked: Timestamp,
    pub tries: u32,
}

/// Letters to a list that a leaving may be about, the latest first.
const LATEST: i64 = 3;

const COLUMNS: &str = "s.id, s.list, s.address, s.name, s.language, s.state, s.since, s.asked";

impl Ledger {
    /// The subscription of this id; none where it was never there, or was erased.
    pub async fn subscription(&self, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM subscriber s WHERE s.id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(text)).bind(id.0).fetch_optional(self.pool()).await?;
        row.as_ref().map(subscription).transpose()
    }

    /// The subscriptions of these ids, as far as they are there; in no order.
    pub async fn subscriptions(&self, ids: &[SubscriptionId]) -> Result<Vec<Subscription>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM subscriber s WHERE s.id IN (SELECT value FROM json_each($1))");
        let ids = format!("[{}]", ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(","));
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).bind(ids).fetch_all(self.pool()).await?;
        rows.iter().map(subscription).collect()
    }

    /// The subscription of a reader, by the key of the address.
    pub async fn subscription_of(&self, list: &str, reader: &str) -> Result<Option<Subscription>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM subscriber s WHERE s.list = $1 AND s.recipient = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(text)).bind(list).bind(reader).fetch_optional(self.pool()).await?;
        row.as_ref().map(subscription).transpose()
    }

    /// Notes that somebody asks to be put on a list. Nobody is un-confirmed by it, and who left stays away until confirmed.
    pub async fn ask(&self, asking: &Asking<'_>, limits: &AskingLimits, now: Timestamp) -> Result<Asked, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let asked = ask(&mut transaction, asking, limits, now).await?;
        transaction.commit().await?;
        Ok(asked)
    }

    /// The subscriptions that one mail is to be answered for: this one, and what was asked for together with it.
    pub async fn asked_together(&self, id: SubscriptionId) -> Result<Vec<Subscription>, StoreError> {
        let text = format!(
            "SELECT {COLUMNS} FROM subscriber s JOIN subscriber one ON one.id = $1
             WHERE s.id = $1 OR (s.asked = one.asked AND s.recipient = one.recipient) ORDER BY s.list"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).bind(id.0).fetch_all(self.pool()).await?;
        rows.iter().map(subscription).collect()
    }

    /// Confirms a subscription that waits for it since `patience` at most, and those that were asked for together with it.
    pub async fn confirm(
        &self,
        id: SubscriptionId,
        token: &str,
        consent: &Line,
        patience: SignedDuration,
        now: Timestamp,
    ) -> Result<Confirming, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let latest = now.checked_sub(patience).unwrap_or(Timestamp::MIN);
        // They share the instant, and no two askings for an address have the same one.
        let confirmed: Vec<i64> = sqlx::query_scalar(
            "UPDATE subscriber SET state = 'confirmed', since = $2, consent = $3, asked = NULL
             WHERE asked = (SELECT asked FROM subscriber WHERE id = $1)
               AND recipient = (SELECT recipient FROM subscriber WHERE id = $1)
               AND state <> 'confirmed' AND asked >= $4
               AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.recipient = subscriber.recipient)
             RETURNING id",
        )
        .bind(id.0)
        .bind(millis(now))
        .bind(consent.as_str())
        .bind(millis(latest))
        .fetch_all(&mut *transaction)
        .await?;
        if confirmed.is_empty() {
            let state: Option<String> = sqlx::query_scalar("SELECT state FROM subscriber WHERE id = $1")
                .bind(id.0)
                .fetch_optional(&mut *transaction)
                .await?;
            return Ok(if state.as_deref() == Some("confirmed") { Confirming::Known } else { Confirming::Expired });
        }
        for id in confirmed.into_iter().map(SubscriptionId) {
            sqlx::query("DELETE FROM outbox WHERE subscriber = $1").bind(id.0).execute(&mut *transaction).await?;
            note(&mut transaction, id, Deed::Confirmed, Way::Page, Some(token), now).await?;
        }
        transaction.commit().await?;
        Ok(Confirming::Confirmed)
    }

    /// Takes readers off their lists, all or none; gives for each whether the reader was still there.
    pub async fn leave(&self, leaving: &[Leaving], now: Timestamp) -> Result<Vec<bool>, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut left = Vec::with_capacity(leaving.len());
        for Leaving { id, way, token } in leaving {
            left.push(leave(&mut transaction, *id, *way, token.as_deref(), now).await?);
        }
        transaction.commit().await?;
        Ok(left)
    }

    /// All subscriptions of the reader of one of them, by the names of the lists.
    pub async fn subscriptions_beside(&self, id: SubscriptionId) -> Result<Vec<Subscription>, StoreError> {
        // List by list: there is no index by reader alone, and there are few lists.
        let text = format!(
            "WITH RECURSIVE lists (list) AS (
                 SELECT MIN(list) FROM subscriber
                 UNION ALL
                 SELECT (SELECT MIN(list) FROM subscriber WHERE list > lists.list) FROM lists WHERE lists.list IS NOT NULL)
             SELECT {COLUMNS} FROM lists CROSS JOIN subscriber s
             WHERE s.list = lists.list AND s.recipient = (SELECT recipient FROM subscriber WHERE id = $1) ORDER BY s.list"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).bind(id.0).fetch_all(self.pool()).await?;
        rows.iter().map(subscription).collect()
    }

    /// What a reader wants to be spoken to in from now on.
    pub async fn speak(&self, id: SubscriptionId, language: &Language, token: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let changed = sqlx::query("UPDATE subscriber SET language = $2 WHERE id = $1 AND language IS NOT $2")
            .bind(id.0)
            .bind(language.as_str())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if changed > 0 {
            note(&mut transaction, id, Deed::Changed, Way::Page, Some(token), now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Whether there are mails to single readers whose time has come.
    pub async fn has_outbox(&self, now: Timestamp) -> Result<bool, StoreError> {
        let found: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM outbox WHERE not_before <= $1)")
            .bind(millis(now))
            .fetch_one(self.pool())
            .await?;
        Ok(found > 0)
    }

    /// Takes such mails in hand, the oldest first: nobody else gets them before `until`.
    ///
    /// What is for an address that has been suppressed since is not sent any more.
    pub async fn take_outbox(&self, now: Timestamp, until: Timestamp, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "DELETE FROM outbox WHERE not_before <= $1 AND subscriber NOT IN
                 (SELECT s.id FROM subscriber s WHERE s.id = outbox.subscriber
                  AND NOT EXISTS (SELECT 1 FROM suppression x WHERE x.recipient = s.recipient))",
        )
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?;
        let text = format!(
            "SELECT {COLUMNS}, o.asked AS waiting, o.tries FROM outbox o JOIN subscriber s ON s.id = o.subscriber
             WHERE o.not_before <= $1 ORDER BY o.not_before, o.subscriber LIMIT $2"
        );
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(text)).bind(millis(now)).bind(i64::from(limit)).fetch_all(&mut *transaction).await?;
        let waiting = |row: &SqliteRow| {
            let tries: i64 = row.try_get("tries")?;
            Ok(Waiting {
                subscription: subscription(row)?,
                asked: instant(row.try_get("waiting")?)?,
                tries: u32::try_from(tries).unwrap_or(u32::MAX),
            })
        };
        let waiting: Vec<Waiting> = rows.iter().map(waiting).collect::<Result<_, StoreError>>()?;
        for mail in &waiting {
            sqlx::query("UPDATE outbox SET not_before = $2 WHERE subscriber = $1")
                .bind(mail.subscription.id.0)
                .bind(millis(until))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(waiting)
    }

    /// Such a mail is sent, or will never be.
    pub async fn outbox_done(&self, id: SubscriptionId) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM outbox WHERE subscriber = $1").bind(id.0).execute(self.pool()).await?;
        Ok(())
    }

    /// Such a mail has been tried so often, and is to be tried again then.
    pub async fn outbox_later(&self, id: SubscriptionId, tries: u32, not_before: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET tries = $2, not_before = $3 WHERE subscriber = $1")
            .bind(id.0)
            .bind(i64::from(tries))
            .bind(millis(not_before))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Forgets who asked before then and never confirmed; gives how many. Whoever was on the list once is kept.
    pub async fn forget_unconfirmed(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        // Whoever typed in an address that is not theirs has left nothing of it here.
        sqlx::query(
            "DELETE FROM receipt WHERE (recipient, list) IN
                 (SELECT recipient, list FROM subscriber WHERE asked < $1 AND state = 'pending')",
        )
        .bind(millis(before))
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM outbox WHERE subscriber IN (SELECT id FROM subscriber WHERE asked < $1)")
            .bind(millis(before))
            .execute(&mut *transaction)
            .await?;
        let forgotten = sqlx::query("DELETE FROM subscriber WHERE asked < $1 AND state = 'pending'")
            .bind(millis(before))
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        sqlx::query("UPDATE subscriber SET asked = NULL WHERE asked < $1")
            .bind(millis(before))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(forgotten)
    }
}

async fn ask(
    connection: &mut SqliteConnection,
    asking: &Asking<'_>,
    limits: &AskingLimits,
    now: Timestamp,
) -> Result<Asked, StoreError> {
    let reader = asking.address.key();
    let since = |span: SignedDuration| millis(now.checked_sub(span).unwrap_or(Timestamp::MIN));
    for list in asking.lists {
        let of_list: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM receipt WHERE deed = 'asked' AND list = $1 AND at > $2")
            .bind(list)
            .bind(since(SignedDuration::from_hours(1)))
            .fetch_one(&mut *connection)
            .await?;
        if of_list >= limits.list_hourly {
            return Ok(Asked::Later);
        }
    }
    // By whatever list: it is one mailbox. What was asked for together is one mail.
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM suppression WHERE recipient = $1)
                + (SELECT COUNT(*) FROM erased WHERE hash = $4) AS suppressed,
                COUNT(DISTINCT at) AS daily, COALESCE(SUM(at > $3), 0) AS lately
         FROM receipt WHERE recipient = $1 AND deed = 'asked' AND at > $2",
    )
    .bind(&reader)
    .bind(since(SignedDuration::from_hours(24)))
    .bind(since(limits.pause))
    .bind(asking.erased)
    .fetch_one(&mut *connection)
    .await?;
    let (suppressed, daily, lately): (i64, i64, i64) =
        (row.try_get("suppressed")?, row.try_get("daily")?, row.try_get("lately")?);
    if suppressed > 0 || daily >= limits.address_daily || lately > 0 {
        return Ok(Asked::Passed);
    }
    let mut mailed: Option<(i64, bool)> = None;
    for list in asking.lists {
        let (id, waits) = ask_for(connection, asking, &reader, list, now).await?;
        // A mail for an earlier asking is not needed any more.
        sqlx::query("DELETE FROM outbox WHERE subscriber = $1").bind(id).execute(&mut *connection).await?;
        // The mail is for one of those that wait for an answer; where none does, it says so.
        if mailed.is_none_or(|(_, other_waits)| waits && !other_waits) {
            mailed = Some((id, waits));
        }
    }
    let Some((id, _)) = mailed else { return Ok(Asked::Passed) };
    sqlx::query("INSERT INTO outbox (subscriber, asked, tries, not_before) VALUES ($1, $2, 0, $2)")
        .bind(id)
        .bind(millis(now))
        .execute(connection)
        .await?;
    Ok(Asked::Noted)
}

/// Notes the asking for one list, with a receipt; gives the subscription and whether it waits for an answer now.
async fn ask_for(
    connection: &mut SqliteConnection,
    asking: &Asking<'_>,
    reader: &str,
    list: &str,
    now: Timestamp,
) -> Result<(i64, bool), StoreError> {
    let row = sqlx::query(
        "INSERT INTO subscriber (list, recipient, address, language, state, since, asked) VALUES ($1, $2, $3, $4, 'pending', $5, $5)
         ON CONFLICT (list, recipient) DO UPDATE SET
             asked = CASE WHEN subscriber.state = 'confirmed' THEN NULL ELSE excluded.asked END,
             language = CASE WHEN subscriber.state = 'confirmed' THEN subscriber.language
                             ELSE COALESCE(excluded.language, subscriber.language) END
         RETURNING id, asked IS NOT NULL AS waits",
    )
    .bind(list)
    .bind(reader)
    .bind(asking.address.reveal())
    .bind(asking.language.map(Language::as_str))
    .bind(millis(now))
    .fetch_one(&mut *connection)
    .await?;
    let (hash, text) = asking.wording;
    sqlx::query("INSERT INTO wording (hash, text) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
        .bind(hash)
        .bind(text)
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO receipt (recipient, list, at, deed, way, wording) VALUES ($1, $2, $3, 'asked', 'form', $4)")
        .bind(reader)
        .bind(list)
        .bind(millis(now))
        .bind(hash)
        .execute(connection)
        .await?;
    Ok((row.try_get("id")?, row.try_get("waits")?))
}

/// Takes a reader off a list, with a receipt; gives whether the reader was still there.
pub(super) async fn leave(
    connection: &mut SqliteConnection,
    id: SubscriptionId,
    way: Way,
    token: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // Who asked to come back and leaves again instead does not come back by the mail that is on its way.
    let left: Option<String> = sqlx::query_scalar(
        "UPDATE subscriber SET since = CASE WHEN state = 'left' THEN since ELSE $2 END, state = 'left', asked = NULL
         WHERE id = $1 AND (state <> 'left' OR asked IS NOT NULL) RETURNING recipient",
    )
    .bind(id.0)
    .bind(millis(now))
    .fetch_optional(&mut *connection)
    .await?;
    if left.is_none() {
        return Ok(false);
    }
    sqlx::query("DELETE FROM outbox WHERE subscriber = $1").bind(id.0).execute(&mut *connection).await?;
    note(connection, id, Deed::Left, way, token, now).await?;
    Ok(true)
}

/// Writes a receipt. One of leaving names the letter that the reader had last got.
async fn note(
    connection: &mut SqliteConnection,
    id: SubscriptionId,
    deed: Deed,
    way: Way,
    token: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO receipt (recipient, list, at, deed, way, token, edition)
         SELECT s.recipient, s.list, $2, $3, $4, $5,
                CASE WHEN $3 = 'left' THEN
                    (SELECT g.edition
                     FROM (SELECT edition, begun FROM sending WHERE list = s.list ORDER BY begun DESC, edition DESC LIMIT $6) g
                     JOIN delivery d ON d.edition = g.edition AND d.recipient = s.recipient
                         AND d.state IN ('sent', 'uncertain', 'in flight')
                     ORDER BY g.begun DESC, g.edition DESC LIMIT 1) END
         FROM subscriber s WHERE s.id = $1",
    )
    .bind(id.0)
    .bind(millis(now))
    .bind(deed.as_str())
    .bind(way.as_str())
    .bind(token)
    .bind(LATEST)
    .execute(connection)
    .await?;
    Ok(())
}

fn subscription(row: &SqliteRow) -> Result<Subscription, StoreError> {
    let (language, state): (Option<String>, String) = (row.try_get("language")?, row.try_get("state")?);
    let asked: Option<i64> = row.try_get("asked")?;
    Ok(Subscription {
        id: SubscriptionId(row.try_get("id")?),
        list: row.try_get("list")?,
        address: address(row)?,
        name: name(row)?,
        language: language.as_deref().and_then(Language::parse),
        state: SubscriptionState::parse(&state).ok_or_else(|| StoreError::damaged("the state of a reader", state))?,
        since: instant(row.try_get("since")?)?,
        asked: asked.map(instant).transpose()?,
    })
}
