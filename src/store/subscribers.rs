use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::subscriptions::leave;
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{Address, Confirmed, Line, Pending, Recipient, Subscriber, SubscriptionId, Way};

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
}

/// What became of somebody who was taken off a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    Left,
    /// Had left before.
    Gone,
    Unknown,
}

impl Ledger {
    /// Puts somebody on a list. A confirmed reader is never un-confirmed by it.
    ///
    /// `anew`: a consent given after the reader left, which puts the reader back; without it who left stays away.
    pub async fn add_subscriber(&self, list: &str, subscriber: &Subscriber, anew: bool) -> Result<Added, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let added = add(&mut transaction, list, subscriber, anew).await?;
        transaction.commit().await?;
        Ok(added)
    }

    /// Puts many on a list, all or none.
    pub async fn add_subscribers(&self, list: &str, subscribers: &[Subscriber]) -> Result<Vec<Added>, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut out = Vec::with_capacity(subscribers.len());
        for subscriber in subscribers {
            out.push(add(&mut transaction, list, subscriber, false).await?);
        }
        transaction.commit().await?;
        Ok(out)
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

    /// Everybody on a list who has not left, by address.
    pub async fn subscribers(&self, list: &str) -> Result<Vec<Subscriber>, StoreError> {
        sqlx::query(
            "SELECT address, name, state, since, consent FROM subscriber WHERE list = $1 AND state <> 'left' ORDER BY recipient",
        )
        .bind(list)
        .fetch_all(self.pool())
        .await?
        .iter()
        .map(subscriber)
        .collect()
    }
}

async fn add(
    connection: &mut sqlx::SqliteConnection,
    list: &str,
    subscriber: &Subscriber,
    anew: bool,
) -> Result<Added, StoreError> {
    let (address, name, state, since, consent) = match subscriber {
        Subscriber::Pending(pending) => (&pending.address, &pending.name, "pending", pending.since, None),
        Subscriber::Confirmed(confirmed) => {
            (&confirmed.address, &confirmed.name, "confirmed", confirmed.since, Some(confirmed.consent.as_str()))
        }
    };
    let recipient = address.key();
    let suppressed: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM suppression WHERE recipient = $1")
        .bind(&recipient)
        .fetch_one(&mut *connection)
        .await?;
    if suppressed > 0 {
        return Ok(Added::Suppressed);
    }
    let known: Option<String> = sqlx::query_scalar("SELECT state FROM subscriber WHERE list = $1 AND recipient = $2")
        .bind(list)
        .bind(&recipient)
        .fetch_optional(&mut *connection)
        .await?;
    let added = match (known.as_deref(), state) {
        (Some("left"), _) if !anew => return Ok(Added::Left),
        (None | Some("left"), _) => Added::New,
        (Some("pending"), "confirmed") => Added::Confirmed,
        (Some(_), _) => return Ok(Added::Known),
    };
    sqlx::query(
        "INSERT INTO subscriber (list, recipient, address, name, state, since, consent) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (list, recipient) DO UPDATE SET address = excluded.address, name = COALESCE(excluded.name, subscriber.name),
             state = excluded.state, since = excluded.since, consent = excluded.consent",
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
    Ok(added)
}

fn subscriber(row: &SqliteRow) -> Result<Subscriber, StoreError> {
    let address = address(row)?;
    let name = name(row)?;
    let since = instant(row.try_get("since")?)?;
    let state: String = row.try_get("state")?;
    match state.as_str() {
        "pending" => Ok(Subscriber::Pending(Pending { address, name, since })),
        "confirmed" => {
            let consent: Option<String> = row.try_get("consent")?;
            let consent =
                consent.as_deref().and_then(Line::new).ok_or_else(|| StoreError::damaged("the consent of a reader", "none"))?;
            Ok(Subscriber::Confirmed(Confirmed { address, name, since, consent }))
        }
        other => Err(StoreError::damaged("the state of a reader", other)),
    }
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
        let add = async |subscriber: Subscriber, anew| ledger.add_subscriber("readers", &subscriber, anew).await.unwrap();
        assert_eq!(add(pending("ada@example.org"), false).await, Added::New);
        assert_eq!(add(pending("ADA@example.org"), false).await, Added::Known);
        assert_eq!(add(confirmed("ada@example.org"), false).await, Added::Confirmed);
        assert_eq!(add(pending("ada@example.org"), false).await, Added::Known, "re-adding does not un-confirm");
        assert!(matches!(ledger.subscribers("readers").await.unwrap()[..], [Subscriber::Confirmed(_)]));
        assert_eq!(ledger.remove_subscriber("readers", &ada, Timestamp::UNIX_EPOCH).await.unwrap(), Removed::Left);
        assert_eq!(ledger.remove_subscriber("readers", &ada, Timestamp::UNIX_EPOCH).await.unwrap(), Removed::Gone);
        assert_eq!(add(confirmed("ada@example.org"), false).await, Added::Left, "an import does not bring back who left");
        assert_eq!(ledger.subscribers("readers").await.unwrap(), []);
        assert_eq!(add(confirmed("ada@example.org"), true).await, Added::New);
    }
}
