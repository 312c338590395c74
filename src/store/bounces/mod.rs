//! The reports that came back, once each, and what follows from them for readers.

mod settle;

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::subscribers::address;
use super::subscriptions::leave;
use super::{Ledger, StoreError, instant, millis};
use crate::domain::{Address, Bounce, SubscriptionId, Way};
use settle::{hold, settle};

/// A letter of this ledger that was handed over, and who it was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailed {
    pub edition: String,
    pub list: String,
    pub reader: Address,
}

/// A report as it was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// SHA-256 of the whole report, in hexadecimal.
    pub hash: String,
    pub class: Bounce,
    pub status: Option<String>,
    pub words: String,
    /// Nothing where the report is not about a letter of this ledger.
    pub letter: Option<Mailed>,
    /// The reader who leaves by it, with the list; never beside a letter.
    pub leaver: Option<Leaver>,
    /// The beginning of the report, as it came.
    pub raw: Vec<u8>,
}

/// A reader who has proven to be one, and leaves a list by mail.
#[derive(Clone, Debug)]
pub struct Leaver {
    pub id: SubscriptionId,
    pub list: String,
    pub reader: Address,
    /// The proof.
    pub token: String,
}

impl Judged {
    fn list(&self) -> Option<&str> {
        let letter = self.letter.as_ref().map(|letter| letter.list.as_str());
        letter.or_else(|| self.leaver.as_ref().map(|leaver| leaver.list.as_str()))
    }

    fn reader(&self) -> Option<&Address> {
        let letter = self.letter.as_ref().map(|letter| &letter.reader);
        letter.or_else(|| self.leaver.as_ref().map(|leaver| &leaver.reader))
    }
}

/// What came of reports that were taken or judged again.
#[derive(Clone, Debug, Default)]
pub struct Taking {
    /// The classes of those that were new, or are judged otherwise now.
    pub classes: Vec<Bounce>,
    /// Reports that were known, and stay what they are.
    pub known: u64,
    /// Readers who are suppressed now and were not before.
    pub suppressed: u64,
    /// Readers who have left a list by mail, and were still on it.
    pub left: u64,
    /// Domains that are held from now on.
    pub held: Vec<HeldDomain>,
}

/// A domain most of whose readers bounced in one edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDomain {
    pub edition: String,
    pub domain: String,
    /// Readers whose letters came back.
    pub bounced: u64,
}

/// What is done with the readers of a domain that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They are gone: none is mailed again.
    Suppress,
    /// The domain was at fault: they are mailed on.
    Forgive,
}

/// What a report has done to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BounceEffect {
    Nothing,
    /// The reader is suppressed by this report.
    Suppressed,
    /// The desk is to decide.
    Held,
    /// The desk has decided that it counts for nothing.
    Forgiven,
}

impl BounceEffect {
    /// The word in reports; nothing for [`Self::Nothing`].
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Suppressed => Some("suppressed"),
            Self::Held => Some("held"),
            Self::Forgiven => Some("forgiven"),
        }
    }
}

/// A report in the ledger.
#[derive(Clone, Debug)]
pub struct KeptBounce {
    pub hash: String,
    pub taken: Timestamp,
    pub class: Bounce,
    pub status: Option<String>,
    pub words: String,
    /// The edition that it is about; none where it is about no letter.
    pub edition: Option<String>,
    pub list: Option<String>,
    pub reader: Option<Address>,
    pub effect: BounceEffect,
}

impl Ledger {
    /// The letter of an edition to a reader, by the key of the address; nothing where none was to be sent.
    pub async fn mailed(&self, edition: &str, recipient: &str) -> Result<Option<Mailed>, StoreError> {
        let row = sqlx::query(
            "SELECT edition, list, address FROM delivery WHERE edition = $1 AND recipient = $2 AND state NOT IN ('due', 'excluded')",
        )
        .bind(edition)
        .bind(recipient)
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(mailed).transpose()
    }

    /// The latest letter that was handed over for a reader, by whatever list unless one is named.
    pub async fn last_mailed(&self, recipient: &str, list: Option<&str>) -> Result<Option<Mailed>, StoreError> {
        // By the editions, since deliveries have no index by reader: each is found by its key.
        let row = sqlx::query(
            "SELECT d.edition, d.list, d.address FROM sending g CROSS JOIN delivery d
             WHERE d.edition = g.edition AND d.recipient = $1 AND d.list = g.list AND d.state IN ('sent', 'uncertain', 'in flight')
               AND ($2 IS NULL OR g.list = $2)
             ORDER BY d.changed DESC, g.begun DESC, d.edition DESC LIMIT 1",
        )
        .bind(recipient)
        .bind(list)
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(mailed).transpose()
    }

    /// The keys of those to whom an edition goes, by whatever list: the first `limit` after `after`.
    pub async fn edition_readers(&self, edition: &str, after: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT recipient FROM delivery WHERE edition = $1 AND recipient > $2 ORDER BY recipient LIMIT $3")
            .bind(edition)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(self.pool())
            .await?)
    }

    /// Keeps reports and does what follows from them: all of it, or nothing. A report that is known counts once.
    pub async fn take_bounces(&self, reports: &[Judged], now: Timestamp) -> Result<Taking, StoreError> {
        let mut taking = Taking::default();
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut touched = Touched::default();
        for report in reports {
            let is_new = sqlx::query(
                "INSERT INTO bounce (hash, taken, class, status, words, edition, list, recipient, domain, raw)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (hash) DO NOTHING",
            )
            .bind(&report.hash)
            .bind(millis(now))
            .bind(report.class.as_str())
            .bind(&report.status)
            .bind(&report.words)
            .bind(report.letter.as_ref().map(|letter| &letter.edition))
            .bind(report.list())
            .bind(report.reader().map(Address::key))
            .bind(report.reader().map(Address::domain))
            .bind(&report.raw)
            .execute(&mut *transaction)
            .await?
            .rows_affected()
                == 1;
            if is_new {
                taking.classes.push(report.class);
                touched.by(report);
            } else {
                taking.known += 1;
            }
        }
        follow(&mut transaction, touched, &mut taking, now).await?;
        transaction.commit().await?;
        Ok(taking)
    }

    /// Writes down what reports that are kept are judged to be now, and does what follows from the changes.
    ///
    /// Whoever left a list by a complaint or a mail stays away, whatever it is taken for now.
    pub async fn rejudge_bounces(&self, reports: &[Judged], now: Timestamp) -> Result<Taking, StoreError> {
        let mut taking = Taking::default();
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut touched = Touched::default();
        for report in reports {
            let before: Option<String> = sqlx::query_scalar("SELECT recipient FROM bounce WHERE hash = $1")
                .bind(&report.hash)
                .fetch_optional(&mut *transaction)
                .await?
                .flatten();
            let changed = sqlx::query(
                "UPDATE bounce SET class = $2, status = $3, words = $4, edition = $5, list = $6, recipient = $7, domain = $8
                 WHERE hash = $1 AND (class, status, words, edition, list, recipient) IS NOT ($2, $3, $4, $5, $6, $7)",
            )
            .bind(&report.hash)
            .bind(report.class.as_str())
            .bind(&report.status)
            .bind(&report.words)
            .bind(report.letter.as_ref().map(|letter| &letter.edition))
            .bind(report.list())
            .bind(report.reader().map(Address::key))
            .bind(report.reader().map(Address::domain))
            .execute(&mut *transaction)
            .await?
            .rows_affected()
                == 1;
            if changed {
                taking.classes.push(report.class);
                touched.readers.extend(before);
                touched.by(report);
            } else {
                taking.known += 1;
            }
        }
        follow(&mut transaction, touched, &mut taking, now).await?;
        transaction.commit().await?;
        Ok(taking)
    }

    /// Reports as they came, with their hashes: the first `limit` by hash after `after`. None of those whose reader was erased.
    pub async fn raw_bounces(&self, after: &str, limit: u32) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = sqlx::query("SELECT hash, raw FROM bounce WHERE hash > $1 AND length(raw) > 0 ORDER BY hash LIMIT $2")
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(|row| Ok((row.try_get("hash")?, row.try_get("raw")?))).collect()
    }

    /// Reports in the order in which they were taken: the first `limit` after the one named by its time and hash.
    pub async fn bounces(&self, after: Option<(Timestamp, &str)>, limit: u32) -> Result<Vec<KeptBounce>, StoreError> {
        let (taken, hash) = after.map_or((i64::MIN, ""), |(taken, hash)| (millis(taken), hash));
        let rows = sqlx::query(
            "SELECT b.hash, b.taken, b.class, b.status, b.words, b.edition, b.list, b.recipient AS address,
                    x.recipient IS NOT NULL AS suppressed, CASE WHEN b.class = 'hard' THEN h.state END AS state
             FROM bounce b
             LEFT JOIN suppression x ON x.recipient = b.recipient AND x.bounce = b.hash
             LEFT JOIN bounced_domain h ON h.edition = b.edition AND h.domain = b.domain
             WHERE (b.taken, b.hash) > ($1, $2) ORDER BY b.taken, b.hash LIMIT $3",
        )
        .bind(taken)
        .bind(hash)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(kept).collect()
    }

    /// The domains that wait for a decision.
    pub async fn held_domains(&self) -> Result<Vec<HeldDomain>, StoreError> {
        let rows = sqlx::query(
            "SELECT h.edition, h.domain, COUNT(DISTINCT b.recipient) AS bounced FROM bounced_domain h
             JOIN bounce b ON b.edition = h.edition AND b.domain = h.domain AND b.class = 'hard'
             WHERE h.state = 'held' GROUP BY h.edition, h.domain ORDER BY h.edition, h.domain",
        )
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(held).collect()
    }

    /// Decides about the readers of a domain that is held, in whatever edition; gives how many. None where it is not held.
    pub async fn decide_domain(&self, domain: &str, decision: Decision, now: Timestamp) -> Result<Option<u64>, StoreError> {
        let mut transaction = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let readers: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT b.recipient FROM bounced_domain h
             JOIN bounce b ON b.edition = h.edition AND b.domain = h.domain AND b.class = 'hard'
             WHERE h.state = 'held' AND h.domain = $1",
        )
        .bind(domain)
        .fetch_all(&mut *transaction)
        .await?;
        let decided = sqlx::query("UPDATE bounced_domain SET state = $2 WHERE domain = $1 AND state = 'held'")
            .bind(domain)
            .bind(match decision {
                Decision::Suppress => "suppressed",
                Decision::Forgive => "forgiven",
            })
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        for reader in &readers {
            settle(&mut transaction, reader, now).await?;
        }
        transaction.commit().await?;
        Ok((decided > 0).then_some(readers.len() as u64))
    }
}

/// What reports are about that were written down: this is looked at again.
#[derive(Default)]
struct Touched {
    readers: BTreeSet<String>,
    /// Editions and domains with a hard bounce.
    domains: BTreeSet<(String, String)>,
    /// Lists and readers who have complained.
    complaints: BTreeSet<(String, String)>,
    leavers: Vec<Leaver>,
}

impl Touched {
    fn by(&mut self, report: &Judged) {
        self.leavers.extend(report.leaver.clone());
        let Some(letter) = &report.letter else { return };
        let key = letter.reader.key();
        match report.class {
            Bounce::Hard => drop(self.domains.insert((letter.edition.clone(), letter.reader.domain().to_owned()))),
            Bounce::Complaint => drop(self.complaints.insert((letter.list.clone(), key.clone()))),
            _ => {}
        }
        self.readers.insert(key);
    }
}

async fn follow(
    connection: &mut SqliteConnection,
    mut touched: Touched,
    taking: &mut Taking,
    now: Timestamp,
) -> Result<(), StoreError> {
    for (list, reader) in &touched.complaints {
        let id: Option<i64> = sqlx::query_scalar("SELECT id FROM subscriber WHERE list = $1 AND recipient = $2")
            .bind(list)
            .bind(reader)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(id) = id {
            leave(connection, SubscriptionId(id), Way::Complaint, None, now).await?;
        }
    }
    for leaver in &touched.leavers {
        taking.left += u64::from(leave(connection, leaver.id, Way::Mail, Some(&leaver.token), now).await?);
    }
    for (edition, domain) in &touched.domains {
        if let Some((held, readers)) = hold(connection, edition, domain).await? {
            touched.readers.extend(readers);
            taking.held.push(held);
        }
    }
    for reader in &touched.readers {
        taking.suppressed += u64::from(settle(connection, reader, now).await?);
    }
    Ok(())
}

fn mailed(row: &SqliteRow) -> Result<Mailed, StoreError> {
    Ok(Mailed { edition: row.try_get("edition")?, list: row.try_get("list")?, reader: address(row)? })
}

fn kept(row: &SqliteRow) -> Result<KeptBounce, StoreError> {
    let class: String = row.try_get("class")?;
    let reader: Option<String> = row.try_get("address")?;
    let (state, suppressed): (Option<String>, bool) = (row.try_get("state")?, row.try_get("suppressed")?);
    let effect = match state.as_deref() {
        _ if suppressed => BounceEffect::Suppressed,
        Some("held") => BounceEffect::Held,
        Some("forgiven") => BounceEffect::Forgiven,
        _ => BounceEffect::Nothing,
    };
    Ok(KeptBounce {
        hash: row.try_get("hash")?,
        taken: instant(row.try_get("taken")?)?,
        class: Bounce::parse(&class).ok_or_else(|| StoreError::damaged("the class of a report", class))?,
        status: row.try_get("status")?,
        words: row.try_get("words")?,
        edition: row.try_get("edition")?,
        list: row.try_get("list")?,
        reader: reader.map(|_| address(row)).transpose()?,
        effect,
    })
}

fn held(row: &SqliteRow) -> Result<HeldDomain, StoreError> {
    let bounced: i64 = row.try_get("bounced")?;
    Ok(HeldDomain {
        edition: row.try_get("edition")?,
        domain: row.try_get("domain")?,
        bounced: u64::try_from(bounced).unwrap_or_default(),
    })
}
