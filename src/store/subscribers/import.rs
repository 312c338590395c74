//! Readers out of a file: first laid beside the ledger, sorted, then taken into it piece by piece.
//!
//! What is laid beside it lies in temporary tables, in a file without a name: as many rows as there are cost little
//! memory, nobody else waits, and a look at what would become of them changes nothing. Each piece is a transaction of its own,
//! so that others get their turn; a batch that was cut off in between is undone with the next command
//! ([`Ledger::unfinished_batches`]).

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Connection, Executor, Row, Sqlite, SqliteConnection};

use crate::domain::{Address, Language, Line, SubscriptionState};
use crate::store::subscribers::read_address;
use crate::store::{Ledger, StoreError, millis};

/// A reader as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Line of the file, counted from 1.
    pub line: u64,
    pub address: Address,
    pub name: Option<Line>,
    pub language: Option<Language>,
    /// A JSON object.
    pub attributes: Option<String>,
    pub state: SubscriptionState,
    /// Since when in this state; nothing for the time of the import.
    pub since: Option<Timestamp>,
    pub consent: Option<Line>,
    /// Why the address is not to be mailed, on whatever list.
    pub suppressed: Option<Line>,
    /// The keyed hash of the address, where the ledger knows of any that were erased.
    pub erased: Option<String>,
}

/// What becomes of a reader of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    NewConfirmed,
    NewPending,
    /// Had left there, and comes in as having left.
    NewLeft,
    NewSuppressed,
    /// Was pending here, and is confirmed now.
    NowConfirmed,
    /// Had left there, and is taken off here.
    TakenOff,
    /// Stays as it is here.
    Known,
    /// Has left here, and is not brought back.
    LeftBefore,
    SuppressedBefore,
    Erased,
}

/// What becomes of all of them, and how many rows repeat an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    pub counts: BTreeMap<Fate, u64>,
    pub repeated: u64,
}

/// The readers of a file, beside the ledger.
#[derive(Debug)]
pub struct Staging {
    connection: PoolConnection<Sqlite>,
    list: String,
    rows: u64,
    repeated: u64,
}

/// Readers that are taken in one transaction.
const PIECE: i64 = 10_000;

/// Readers that are laid down by one statement: half as much work as through JSON, and a tenth of the variables that there are.
const TOGETHER: usize = 500;

/// What becomes of the reader `o` of the file, on the list `$1`.
///
/// Who has confirmed here by a mail stays, whatever an older list says: that is the later word.
macro_rules! fates {
    ($head:literal, $tail:literal) => {
        concat!(
            $head,
            " CASE
                 WHEN e.hash IS NOT NULL THEN 'erased'
                 WHEN x.recipient IS NOT NULL THEN 'suppressed before'
                 WHEN s.id IS NULL AND o.suppressed IS NOT NULL THEN 'new suppressed'
                 WHEN s.id IS NULL THEN 'new ' || o.state
                 WHEN s.state = 'left' THEN 'left before'
                 WHEN o.state = 'left' AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.recipient = s.recipient AND r.list = s.list
                                                       AND r.deed = 'confirmed' AND r.way <> 'desk') THEN 'taken off'
                 WHEN o.state = 'confirmed' AND s.state = 'pending' THEN 'now confirmed'
                 ELSE 'known' END AS fate
             FROM temp.came o
             LEFT JOIN erased e ON e.hash = o.erased
             LEFT JOIN suppression x ON x.recipient = o.recipient
             LEFT JOIN subscriber s ON s.list = $1 AND s.recipient = o.recipient ",
            $tail
        )
    };
}

const COLUMNS: &str = "line, address, name, language, attributes, state, since, consent, suppressed, erased";

impl Ledger {
    /// A place beside the ledger for the readers of a file. Nothing else can be asked of this ledger as long as it is there.
    pub async fn stage(&self, list: &str) -> Result<Staging, StoreError> {
        let mut connection = self.pool().acquire().await?;
        drop_tables(&mut connection).await?;
        connection
            .execute(
                "CREATE TEMP TABLE unsorted (recipient TEXT, strictness BIGINT, line BIGINT, address TEXT, name TEXT, language TEXT,
                     attributes TEXT, state TEXT, since BIGINT, consent TEXT, suppressed TEXT, erased TEXT);
                 CREATE TEMP TABLE fate (recipient TEXT PRIMARY KEY, fate TEXT) WITHOUT ROWID;
                 -- What is sorted, and written in order, needs room for one part at a time.
                 PRAGMA cache_size = -16000;",
            )
            .await?;
        Ok(Staging { connection, list: list.to_owned(), rows: 0, repeated: 0 })
    }
}

impl Staging {
    /// Lays readers down. Where an address comes more than once, the strictest of its rows counts: whoever has left in one of
    /// them, has left.
    pub async fn lay(&mut self, readers: &[Incoming]) -> Result<(), StoreError> {
        for some in readers.chunks(TOGETHER) {
            let rows = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; some.len()].join(", ");
            let text = format!("INSERT INTO temp.unsorted (recipient, strictness, {COLUMNS}) VALUES {rows}");
            let mut insert = sqlx::query(AssertSqlSafe(text)).persistent(some.len() == TOGETHER);
            for one in some {
                // The fewer, the stricter.
                let strictness = i64::from(one.suppressed.is_none()) + i64::from(one.state != SubscriptionState::Left);
                insert = insert
                    .bind(one.address.key())
                    .bind(strictness)
                    .bind(i64::try_from(one.line).unwrap_or(i64::MAX))
                    .bind(one.address.reveal())
                    .bind(one.name.as_ref().map(Line::as_str))
                    .bind(one.language.as_ref().map(Language::as_str))
                    .bind(one.attributes.as_deref())
                    .bind(one.state.as_str())
                    .bind(one.since.map(millis))
                    .bind(one.consent.as_ref().map(Line::as_str))
                    .bind(one.suppressed.as_ref().map(Line::as_str))
                    .bind(one.erased.as_deref());
            }
            insert.execute(&mut *self.connection).await?;
        }
        self.rows += readers.len() as u64;
        Ok(())
    }

    /// Puts all of them in order, each once.
    pub async fn sort(&mut self) -> Result<(), StoreError> {
        self.connection
            .execute(
                "CREATE TEMP TABLE came (recipient TEXT PRIMARY KEY, line BIGINT, address TEXT, name TEXT, language TEXT,
                     attributes TEXT, state TEXT, since BIGINT, consent TEXT, suppressed TEXT, erased TEXT) WITHOUT ROWID",
            )
            .await?;
        let sorted = sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO temp.came (recipient, {COLUMNS}) SELECT recipient, {COLUMNS} FROM temp.unsorted
             WHERE true ORDER BY recipient, strictness, line ON CONFLICT (recipient) DO NOTHING"
        )))
        .execute(&mut *self.connection)
        .await?
        .rows_affected();
        self.connection.execute("DROP TABLE temp.unsorted").await?;
        self.repeated = self.rows.saturating_sub(sorted);
        Ok(())
    }

    /// What would become of them, if they were taken now.
    pub async fn weigh(&mut self) -> Result<Fates, StoreError> {
        let rows = sqlx::query(fates!("SELECT fate, COUNT(*) AS count FROM (SELECT", ") GROUP BY fate"))
            .bind(&self.list)
            .fetch_all(&mut *self.connection)
            .await?;
        let mut fates = Fates { repeated: self.repeated, ..Fates::default() };
        fates.add(&rows)?;
        Ok(fates)
    }

    /// Some of those that a fate would meet, in the order of their addresses.
    pub async fn examples(&mut self, fate: Fate, limit: u32) -> Result<Vec<Address>, StoreError> {
        let rows = sqlx::query(fates!("SELECT address FROM (SELECT o.address,", ") WHERE fate = $2 LIMIT $3"))
            .bind(&self.list)
            .bind(fate.as_str())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.connection)
            .await?;
        rows.iter().map(|row| read_address(row.try_get("address")?)).collect()
    }

    /// Takes all of them as a batch that was begun; tells how many rows are done, piece by piece.
    pub async fn take(&mut self, batch: i64, now: Timestamp, mut tell: impl FnMut(u64)) -> Result<Fates, StoreError> {
        let mut fates = Fates { repeated: self.repeated, ..Fates::default() };
        let mut after = String::new();
        loop {
            let last: Option<String> = sqlx::query_scalar(
                "SELECT MAX(recipient) FROM (SELECT recipient FROM temp.came WHERE recipient > $1 ORDER BY recipient LIMIT $2)",
            )
            .bind(&after)
            .bind(PIECE)
            .fetch_one(&mut *self.connection)
            .await?;
            let Some(last) = last else { break };
            fates.add(&self.piece(batch, now, &after, &last).await?)?;
            after = last;
            tell(fates.counts.values().sum());
        }
        let counts = fates.to_json();
        sqlx::query("UPDATE batch SET state = 'taken', counts = $2 WHERE id = $1")
            .bind(batch)
            .bind(counts)
            .execute(&mut *self.connection)
            .await?;
        Ok(fates)
    }

    /// Takes those between two addresses, in one transaction.
    async fn piece(
        &mut self,
        batch: i64,
        now: Timestamp,
        after: &str,
        last: &str,
    ) -> Result<Vec<sqlx::sqlite::SqliteRow>, StoreError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM temp.fate").execute(&mut *transaction).await?;
        sqlx::query(fates!(
            "INSERT INTO temp.fate (recipient, fate) SELECT o.recipient,",
            "WHERE o.recipient > $2 AND o.recipient <= $3 ORDER BY o.recipient"
        ))
        .bind(&self.list)
        .bind(after)
        .bind(last)
        .execute(&mut *transaction)
        .await?;
        // Readers who were there before: how they stood, and then how they stand.
        // In this order (`CROSS JOIN`): a list has many readers, and few of them change.
        sqlx::query(
            "INSERT INTO batch_change (batch, subscriber, state, since, consent, asked, new_state)
             SELECT $1, s.id, s.state, s.since, s.consent, s.asked, CASE f.fate WHEN 'taken off' THEN 'left' ELSE 'confirmed' END
             FROM temp.fate f CROSS JOIN subscriber s ON s.list = $2 AND s.recipient = f.recipient
             WHERE f.fate IN ('taken off', 'now confirmed')",
        )
        .bind(batch)
        .bind(&self.list)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "UPDATE subscriber SET since = $3, asked = NULL,
                 state = (SELECT c.new_state FROM batch_change c WHERE c.batch = $1 AND c.subscriber = subscriber.id),
                 consent = COALESCE((SELECT o.consent FROM temp.fate f JOIN temp.came o ON o.recipient = f.recipient
                                     WHERE f.recipient = subscriber.recipient AND f.fate = 'now confirmed'), consent)
             WHERE id IN (SELECT s.id FROM temp.fate f CROSS JOIN subscriber s ON s.list = $2 AND s.recipient = f.recipient
                          WHERE f.fate IN ('taken off', 'now confirmed'))",
        )
        .bind(batch)
        .bind(&self.list)
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?;
        // New ones.
        sqlx::query(
            "INSERT INTO suppression (recipient, reason, since, batch)
             SELECT o.recipient, o.suppressed, $2, $1 FROM temp.fate f CROSS JOIN temp.came o ON o.recipient = f.recipient
             WHERE f.fate = 'new suppressed' ON CONFLICT (recipient) DO NOTHING",
        )
        .bind(batch)
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO subscriber (list, recipient, address, name, language, attributes, state, since, consent, batch)
             SELECT $2, o.recipient, o.address, o.name, o.language, o.attributes, o.state, COALESCE(o.since, $3), o.consent, $1
             FROM temp.fate f CROSS JOIN temp.came o ON o.recipient = f.recipient
             WHERE f.fate IN ('new confirmed', 'new pending', 'new left', 'new suppressed') ORDER BY f.recipient",
        )
        .bind(batch)
        .bind(&self.list)
        .bind(millis(now))
        .execute(&mut *transaction)
        .await?;
        let counts =
            sqlx::query("SELECT fate, COUNT(*) AS count FROM temp.fate GROUP BY fate").fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(counts)
    }

    /// Begins a batch in the ledger: from here on, it is undone by the next command unless it is taken as a whole.
    pub async fn begin(&mut self, file: &str, now: Timestamp) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "INSERT INTO batch (list, file, begun, receipt, state)
             VALUES ($1, $2, $3, (SELECT COALESCE(MAX(id), 0) FROM receipt), 'taking') RETURNING id",
        )
        .bind(&self.list)
        .bind(file)
        .bind(millis(now))
        .fetch_one(&mut *self.connection)
        .await?)
    }

    /// Takes away what lies beside the ledger.
    pub async fn clear(mut self) -> Result<(), StoreError> {
        drop_tables(&mut self.connection).await
    }
}

async fn drop_tables(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let text = "DROP TABLE IF EXISTS temp.unsorted; DROP TABLE IF EXISTS temp.came; DROP TABLE IF EXISTS temp.fate;";
    connection.execute(text).await?;
    Ok(())
}

impl Fates {
    fn add(&mut self, rows: &[sqlx::sqlite::SqliteRow]) -> Result<(), StoreError> {
        for row in rows {
            let (word, count): (String, i64) = (row.try_get("fate")?, row.try_get("count")?);
            let fate = Fate::parse(&word).ok_or_else(|| StoreError::damaged("what became of a reader", word))?;
            *self.counts.entry(fate).or_default() += u64::try_from(count).unwrap_or_default();
        }
        Ok(())
    }

    pub fn count(&self, fate: Fate) -> u64 {
        self.counts.get(&fate).copied().unwrap_or_default()
    }

    fn to_json(&self) -> String {
        let counts = self.counts.iter().map(|(fate, count)| (fate.as_str(), *count));
        serde_json::json!(counts.chain([("repeated", self.repeated)]).collect::<BTreeMap<_, _>>()).to_string()
    }

    pub(super) fn from_json(text: &str) -> Result<Self, StoreError> {
        let counts: BTreeMap<String, u64> = serde_json::from_str(text).map_err(|error| StoreError::damaged("a batch", error))?;
        let repeated = counts.get("repeated").copied().unwrap_or_default();
        Ok(Self { counts: counts.into_iter().filter_map(|(word, count)| Some((Fate::parse(&word)?, count))).collect(), repeated })
    }
}

impl Fate {
    pub const ALL: [Self; 10] = [
        Self::NewConfirmed,
        Self::NewPending,
        Self::NewLeft,
        Self::NewSuppressed,
        Self::NowConfirmed,
        Self::TakenOff,
        Self::Known,
        Self::LeftBefore,
        Self::SuppressedBefore,
        Self::Erased,
    ];

    /// The word in the ledger and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewConfirmed => "new confirmed",
            Self::NewPending => "new pending",
            Self::NewLeft => "new left",
            Self::NewSuppressed => "new suppressed",
            Self::NowConfirmed => "now confirmed",
            Self::TakenOff => "taken off",
            Self::Known => "known",
            Self::LeftBefore => "left before",
            Self::SuppressedBefore => "suppressed before",
            Self::Erased => "erased",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
