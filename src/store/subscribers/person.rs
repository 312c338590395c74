//! All that is known of one person: what anybody may ask for (GDPR, article 15).

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::line;
use crate::domain::{DeliveryState, EditionId, Language, Line, SubscriptionId, SubscriptionState};
use crate::store::{Ledger, StoreError, instant};

/// All that is known of one person, by the address.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub memberships: Vec<Membership>,
    pub receipts: Vec<KeptReceipt>,
    pub letters: Vec<Heard>,
    /// Reports of mail that came back: when, what they are taken for, and their words.
    pub bounces: Vec<(Timestamp, String, String)>,
    /// Why the address is not mailed, and since when.
    pub suppressed: Option<(Line, Timestamp)>,
    /// Since when nothing is known of the person any more, at the person's own wish.
    pub erased: Option<Timestamp>,
}

/// A list that a person is or was on.
#[derive(Clone, Debug)]
pub struct Membership {
    pub id: SubscriptionId,
    pub list: String,
    pub address: String,
    pub name: Option<Line>,
    pub language: Option<Language>,
    pub attributes: Option<String>,
    pub state: SubscriptionState,
    pub since: Timestamp,
    pub consent: Option<Line>,
    pub asked: Option<Timestamp>,
    /// The import that the person came with: its number, file and time.
    pub batch: Option<(i64, String, Timestamp)>,
}

/// Something that a person did about a subscription, or the desk for the person.
#[derive(Clone, Debug)]
pub struct KeptReceipt {
    pub at: Timestamp,
    pub list: String,
    pub deed: String,
    pub way: String,
    /// What the person was told, or what the desk says of it.
    pub wording: Option<String>,
    /// Of leaving: the last letter that the person had got.
    pub edition: Option<String>,
}

/// A letter to a person.
#[derive(Clone, Debug)]
pub struct Heard {
    pub edition: EditionId,
    pub list: String,
    pub state: DeliveryState,
    pub changed: Timestamp,
    pub reply: Option<String>,
}

impl Ledger {
    /// What is known of the person with this key of an address, or whose address was erased under this hash.
    pub async fn person(&self, key: &str, hash: Option<&str>) -> Result<Person, StoreError> {
        let memberships = sqlx::query(
            "SELECT s.id, s.list, s.address, s.name, s.language, s.attributes, s.state, s.since, s.consent, s.asked,
                    s.batch, b.file, b.begun
             FROM subscriber s LEFT JOIN batch b ON b.id = s.batch
             WHERE s.recipient = $1 ORDER BY s.list",
        )
        .bind(key)
        .fetch_all(self.pool())
        .await?;
        let receipts = sqlx::query(
            "SELECT r.at, r.list, r.deed, r.way, w.text, r.edition FROM receipt r LEFT JOIN wording w ON w.hash = r.wording
             WHERE r.recipient = $1 ORDER BY r.id",
        )
        .bind(key)
        .fetch_all(self.pool())
        .await?;
        // By the editions, since deliveries have no index by reader: each is found by its key.
        let letters = sqlx::query(
            "SELECT d.edition, d.list, d.state, d.changed, d.reply FROM sending g CROSS JOIN delivery d
             WHERE d.edition = g.edition AND d.list = g.list AND d.recipient = $1 ORDER BY d.changed, d.edition",
        )
        .bind(key)
        .fetch_all(self.pool())
        .await?;
        let bounces = sqlx::query("SELECT taken, class, words FROM bounce WHERE recipient = $1 ORDER BY taken, hash")
            .bind(key)
            .fetch_all(self.pool())
            .await?;
        let suppressed = sqlx::query("SELECT reason, since FROM suppression WHERE recipient = $1")
            .bind(key)
            .fetch_optional(self.pool())
            .await?;
        let erased: Option<i64> =
            sqlx::query_scalar("SELECT at FROM erased WHERE hash = $1").bind(hash).fetch_optional(self.pool()).await?;
        let bounce = |row: &SqliteRow| Ok((instant(row.try_get("taken")?)?, row.try_get("class")?, row.try_get("words")?));
        let reason = |row: SqliteRow| {
            let reason = line(&row, "reason")?.ok_or_else(|| StoreError::damaged("the reason of a suppression", "none"))?;
            Ok::<_, StoreError>((reason, instant(row.try_get("since")?)?))
        };
        Ok(Person {
            memberships: memberships.iter().map(membership).collect::<Result<_, _>>()?,
            receipts: receipts.iter().map(receipt).collect::<Result<_, _>>()?,
            letters: letters.iter().map(letter).collect::<Result<_, _>>()?,
            bounces: bounces.iter().map(bounce).collect::<Result<_, StoreError>>()?,
            suppressed: suppressed.map(reason).transpose()?,
            erased: erased.map(instant).transpose()?,
        })
    }
}

fn membership(row: &SqliteRow) -> Result<Membership, StoreError> {
    let (state, language): (String, Option<String>) = (row.try_get("state")?, row.try_get("language")?);
    let (asked, begun): (Option<i64>, Option<i64>) = (row.try_get("asked")?, row.try_get("begun")?);
    let (batch, file): (Option<i64>, Option<String>) = (row.try_get("batch")?, row.try_get("file")?);
    let begun = begun.map(instant).transpose()?;
    Ok(Membership {
        id: SubscriptionId(row.try_get("id")?),
        list: row.try_get("list")?,
        address: row.try_get("address")?,
        name: line(row, "name")?,
        language: language.as_deref().and_then(Language::parse),
        attributes: row.try_get("attributes")?,
        state: SubscriptionState::parse(&state).ok_or_else(|| StoreError::damaged("the state of a reader", state))?,
        since: instant(row.try_get("since")?)?,
        consent: line(row, "consent")?,
        asked: asked.map(instant).transpose()?,
        batch: batch.zip(file).zip(begun).map(|((id, file), begun)| (id, file, begun)),
    })
}

fn receipt(row: &SqliteRow) -> Result<KeptReceipt, StoreError> {
    Ok(KeptReceipt {
        at: instant(row.try_get("at")?)?,
        list: row.try_get("list")?,
        deed: row.try_get("deed")?,
        way: row.try_get("way")?,
        wording: row.try_get("text")?,
        edition: row.try_get("edition")?,
    })
}

fn letter(row: &SqliteRow) -> Result<Heard, StoreError> {
    let (edition, state): (String, String) = (row.try_get("edition")?, row.try_get("state")?);
    Ok(Heard {
        edition: EditionId::parse(&edition).ok_or_else(|| StoreError::damaged("the id of an edition", edition))?,
        list: row.try_get("list")?,
        state: DeliveryState::parse(&state).ok_or_else(|| StoreError::damaged("the state of a delivery", state))?,
        changed: instant(row.try_get("changed")?)?,
        reply: row.try_get("reply")?,
    })
}
