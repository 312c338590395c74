//! Who is on which list, as the desk keeps it: put on, listed, taken off, imported, erased.

mod batches;
mod erase;
mod import;
mod invite;
mod person;

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::subscriptions::leave;
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{Address, Language, Line, Recipient, Subscriber, SubscriptionId, SubscriptionState, Way};

pub use batches::{Batch, Undone};
pub use erase::ErasedCounts;
pub use import::{Fate, Fates, Incoming, Staging};
pub use invite::Invited;
pub use person::{Heard, KeptReceipt, Membership, Person};

/// What became of somebody who was put on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    New,
    /// Was pending, and is confirmed now.
    Confirmed,
    /// Was on the list already, in this state or a better one.
    Known,
    /// Has left the list, and is not put back without a consent of its own.
    Left,
    /// The address is suppressed: it is never mailed.
    Suppressed,
    /// The address was erased: it is never mailed.
    Erased,
}

/// What became of somebody who was taken off a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    Left,
    /// Had left before.
    Gone,
    Unknown,
}

/// What is known of somebody who is put on a list, beside the address and the consent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Details<'a> {
    pub language: Option<&'a Language>,
    /// A JSON object, laid over what is kept of the reader.
    pub attributes: Option<&'a str>,
    /// The words of the consent, and before them their SHA-256 in hexadecimal: for the receipt.
    pub wording: Option<(&'a str, &'a str)>,
    /// The keyed hash of the address, where the ledger knows of any that were erased.
    pub erased: Option<&'a str>,
}

/// A reader of a list, with all that the desk keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedReader {
    pub address: Address,
    pub name: Option<Line>,
    pub language: Option<Language>,
    pub state: SubscriptionState,
    pub since: Timestamp,
    pub consent: Option<Line>,
    /// Why the address is not mailed, on whatever list.
    pub suppressed: Option<Line>,
    /// A JSON object.
    pub attributes: Option<String>,
}

impl Ledger {
    /// Puts somebody on a list, with what else is known of the reader, which is kept of one who was there before, too. A
    /// confirmed reader is never un-confirmed by it.
    ///
    /// `anew`: a consent given after the reader left, which puts the reader back; without it who left stays away.
    pub async fn add_reader(
        &self,
        list: &str,
        subscriber: &Subscriber,
        details: &Details<'_>,
        anew: bool,
    ) -> Result<Added, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let added = add(&mut transaction, list, subscriber, details, anew).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// Takes somebody off a list. The row stays, so that an import does not bring the reader back.
    pub async fn remove_subscriber(&self, list: &str, address: &Address, now: Timestamp) -> Result<Removed, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM subscriber WHERE list = $1 AND recipient = $2")
            .bind(list)
            .bind(address.key())
            .fetch_optional(&mut *transaction)
            .await?;
        let removed = match id {
            None => Removed::Unknown,
            Some(id) if leave(&mut transaction, SubscriptionId(id), Way::Desk, None, now).await? => Removed::Left,
            Some(_) => Removed::Gone,
        };
        transaction.commit().await?;
        Ok(removed)
    }

    /// How many confirmed readers a list has.
    pub async fn confirmed(&self, list: &str) -> Result<i64, StoreError> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM subscriber WHERE list = $1 AND state = 'confirmed'");
        Ok(count.bind(list).fetch_one(self.pool()).await?)
    }

    /// The confirmed readers of a list: the first `limit` by key after `after`.
    pub async fn confirmed_readers(&self, list: &str, after: &str, limit: u32) -> Result<Vec<Recipient>, StoreError> {
        sqlx::query(
            "SELECT address, name, id AS subscriber FROM subscriber WHERE list = $1 AND recipient > $2 AND state = 'confirmed'
             ORDER BY recipient LIMIT $3",
        )
        .bind(list)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(recipient)
        .collect()
    }

    /// The readers of a list, and with `gone` those who have left: the first `limit` by key after `after`.
    pub async fn listed_readers(&self, list: &str, gone: bool, after: &str, limit: u32) -> Result<Vec<ListedReader>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.address, s.name, s.language, s.state, s.since, s.consent, s.attributes, x.reason
             FROM subscriber s LEFT JOIN suppression x ON x.recipient = s.recipient
             WHERE s.list = $1 AND s.recipient > $2 AND (s.state <> 'left' OR $3) ORDER BY s.recipient LIMIT $4",
        )
        .bind(list)
        .bind(after)
        .bind(gone)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(listed).collect()
    }
}

async fn add(
    connection: &mut SqliteConnection,
    list: &str,
    subscriber: &Subscriber,
    details: &Details<'_>,
    anew: bool,
) -> Result<Added, StoreError> {
    let (address, name, state, since, consent) = match subscriber {
        Subscriber::Pending(pending) => (&pending.address, &pending.name, "pending", pending.since, None),
        Subscriber::Confirmed(confirmed) => {
            (&confirmed.address, &confirmed.name, "confirmed", confirmed.since, Some(confirmed.consent.as_str()))
        }
    };
    let recipient = address.key();
    let row = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM suppression WHERE recipient = $1) AS suppressed,
                EXISTS (SELECT 1 FROM erased WHERE hash = $2) AS erased,
                (SELECT state FROM subscriber WHERE list = $3 AND recipient = $1) AS state",
    )
    .bind(&recipient)
    .bind(details.erased)
    .bind(list)
    .fetch_one(&mut *connection)
    .await?;
    let (is_suppressed, is_erased): (bool, bool) = (row.try_get("suppressed")?, row.try_get("erased")?);
    let known: Option<String> = row.try_get("state")?;
    let added = match (known.as_deref(), state) {
        _ if is_erased => return Ok(Added::Erased),
        _ if is_suppressed => return Ok(Added::Suppressed),
        (Some("left"), _) if !anew => return Ok(Added::Left),
        (None | Some("left"), _) => Added::New,
        (Some("pending"), "confirmed") => Added::Confirmed,
        (Some(_), _) => Added::Known,
    };
    if added != Added::Known {
        sqlx::query(
            "INSERT INTO subscriber (list, recipient, address, name, state, since, consent) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (list, recipient) DO UPDATE SET address = excluded.address,
                 name = COALESCE(excluded.name, subscriber.name), state = excluded.state, since = excluded.since,
                 consent = excluded.consent",
        )
        .bind(list)
        .bind(&recipient)
        .bind(address.reveal())
        .bind(name.as_ref().map(Line::as_str))
        .bind(state)
        .bind(millis(since))
        .bind(consent)
        .execute(&mut *connection)
        .await?;
        if let Some((hash, text)) = details.wording {
            sqlx::query("INSERT INTO wording (hash, text) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
                .bind(hash)
                .bind(text)
                .execute(&mut *connection)
                .await?;
            sqlx::query(
                "INSERT INTO receipt (recipient, list, at, deed, way, wording) VALUES ($1, $2, $3, 'confirmed', 'desk', $4)",
            )
            .bind(&recipient)
            .bind(list)
            .bind(millis(since))
            .bind(hash)
            .execute(&mut *connection)
            .await?;
        }
    }
    if details.language.is_some() || details.attributes.is_some() {
        sqlx::query(
            "UPDATE subscriber SET language = COALESCE($3, language),
                 attributes = CASE WHEN $4 IS NULL THEN attributes ELSE json_patch(COALESCE(attributes, '{}'), $4) END
             WHERE list = $1 AND recipient = $2",
        )
        .bind(list)
        .bind(&recipient)
        .bind(details.language.map(Language::as_str))
        .bind(details.attributes)
        .execute(connection)
        .await?;
    }
    Ok(added)
}

fn listed(row: &SqliteRow) -> Result<ListedReader, StoreError> {
    let (state, language): (String, Option<String>) = (row.try_get("state")?, row.try_get("language")?);
    Ok(ListedReader {
        address: address(row)?,
        name: name(row)?,
        language: language.as_deref().and_then(Language::parse),
        state: SubscriptionState::parse(&state).ok_or_else(|| StoreError::damaged("the state of a reader", state))?,
        since: instant(row.try_get("since")?)?,
        consent: line(row, "consent")?,
        suppressed: line(row, "reason")?,
        attributes: row.try_get("attributes")?,
    })
}

fn line(row: &SqliteRow, column: &str) -> Result<Option<Line>, StoreError> {
    let text: Option<String> = row.try_get(column)?;
    Ok(text.as_deref().and_then(Line::new))
}

/// A row with `address`, `name` and, as `subscriber`, the id of the subscription.
pub(super) fn recipient(row: &SqliteRow) -> Result<Recipient, StoreError> {
    let id: Option<i64> = row.try_get("subscriber")?;
    Ok(Recipient::from_ledger(address(row)?, name(row)?, id.map(SubscriptionId)))
}

pub(super) fn address(row: &SqliteRow) -> Result<Address, StoreError> {
    read_address(row.try_get("address")?)
}

pub(super) fn read_address(text: &str) -> Result<Address, StoreError> {
    // The address itself stays out of the message: errors are logged.
    Address::parse(text).map_err(|error| StoreError::damaged("an address", error))
}

pub(super) fn name(row: &SqliteRow) -> Result<Option<Line>, StoreError> {
    let text: Option<String> = row.try_get("name")?;
    Ok(text.as_deref().and_then(Line::new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Confirmed, Pending};

    fn pending(address: &str) -> Subscriber {
        Subscriber::Pending(Pending { address: Address::parse(address).unwrap(), name: None, since: Timestamp::UNIX_EPOCH })
    }

    fn confirmed(address: &str) -> Subscriber {
        Subscriber::Confirmed(Confirmed {
            address: Address::parse(address).unwrap(),
            name: None,
            since: Timestamp::UNIX_EPOCH,
            consent: Line::new("asked at the desk").unwrap(),
        })
    }

    #[tokio::test]
    async fn consent_is_never_lost_and_never_made_up() {
        let ledger = Ledger::memory().await.unwrap();
        let ada = Address::parse("ada@example.org").unwrap();
        let add = async |subscriber: Subscriber, anew| {
            ledger.add_reader("readers", &subscriber, &Details::default(), anew).await.unwrap()
        };
        assert_eq!(add(pending("ada@example.org"), false).await, Added::New);
        assert_eq!(add(pending("ADA@example.org"), false).await, Added::Known);
        assert_eq!(add(confirmed("ada@example.org"), false).await, Added::Confirmed);
        assert_eq!(add(pending("ada@example.org"), false).await, Added::Known, "re-adding does not un-confirm");
        let states = async || {
            let all = ledger.listed_readers("readers", false, "", 10).await.unwrap();
            all.into_iter().map(|one| one.state).collect::<Vec<_>>()
        };
        assert_eq!(states().await, [SubscriptionState::Confirmed]);
        assert_eq!(ledger.remove_subscriber("readers", &ada, Timestamp::UNIX_EPOCH).await.unwrap(), Removed::Left);
        assert_eq!(ledger.remove_subscriber("readers", &ada, Timestamp::UNIX_EPOCH).await.unwrap(), Removed::Gone);
        assert_eq!(add(confirmed("ada@example.org"), false).await, Added::Left, "an import does not bring back who left");
        assert_eq!(states().await, []);
        assert_eq!(add(confirmed("ada@example.org"), true).await, Added::New);
    }
}
