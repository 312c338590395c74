//! What follows for a reader from all reports about the letters to this reader.
//!
//! It is worked out anew each time, from what the ledger has: so the order in which reports come does not matter, and a
//! report that is judged otherwise later changes what follows from it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::HeldDomain;
use crate::domain::{Address, Bounce};
use crate::store::{StoreError, millis};

/// Readers of a domain whose letters came back, from which on the domain may be held.
const FEWEST: i64 = 5;
/// Editions in a row that bounced softly, after which a reader is not mailed again; where the mailbox was full, some more.
const SOFT: usize = 3;
const FULL: usize = 5;
/// The time within which these editions were sent.
const WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Holds a domain if most of its readers bounced in an edition; gives it with the keys of these readers, where it was not held.
pub(super) async fn hold(
    connection: &mut SqliteConnection,
    edition: &str,
    domain: &str,
) -> Result<Option<(HeldDomain, Vec<String>)>, StoreError> {
    let bounced: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT recipient FROM bounce WHERE class = 'hard' AND domain = $1 AND edition = $2")
            .bind(domain)
            .bind(edition)
            .fetch_all(&mut *connection)
            .await?;
    let count = i64::try_from(bounced.len()).unwrap_or(i64::MAX);
    if count < FEWEST {
        return Ok(None);
    }
    let known: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM bounced_domain WHERE edition = $1 AND domain = $2")
        .bind(edition)
        .bind(domain)
        .fetch_one(&mut *connection)
        .await?;
    if known > 0 {
        return Ok(None);
    }
    let readers: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM delivery
         WHERE edition = $1 AND state <> 'excluded' AND substr(recipient, instr(recipient, '@') + 1) = $2",
    )
    .bind(edition)
    .bind(domain)
    .fetch_one(&mut *connection)
    .await?;
    if count.saturating_mul(2) <= readers {
        return Ok(None);
    }
    sqlx::query("INSERT INTO bounced_domain (edition, domain, state) VALUES ($1, $2, 'held')")
        .bind(edition)
        .bind(domain)
        .execute(&mut *connection)
        .await?;
    let held = HeldDomain { edition: edition.to_owned(), domain: domain.to_owned(), bounced: bounced.len() as u64 };
    Ok(Some((held, bounced)))
}

/// Suppresses a reader where the reports say so, and lifts a suppression that came from reports and no longer follows from
/// them. Whether the reader is suppressed now and was not before.
pub(super) async fn settle(connection: &mut SqliteConnection, reader: &str, now: Timestamp) -> Result<bool, StoreError> {
    let reports = reports(connection, reader).await?;
    let has_soft = reports.iter().any(|report| matches!(report.class, Bounce::Soft | Bounce::Full));
    let sent = if has_soft { sent(connection, reader).await? } else { Vec::new() };
    let cause = cause(&reports, &sent);
    sqlx::query("DELETE FROM suppression WHERE recipient = $1 AND bounce IS NOT NULL AND bounce IS NOT $2")
        .bind(reader)
        .bind(cause.as_ref().map(|cause| &cause.0.hash))
        .execute(&mut *connection)
        .await?;
    let Some((report, why)) = cause else { return Ok(false) };
    let words = Address::parse(reader).map_or_else(|_| String::new(), |address| address.masked_in(&report.words));
    let reason = if words.is_empty() { why.to_owned() } else { format!("{why}: {words}") };
    let added = sqlx::query(
        "INSERT INTO suppression (recipient, reason, since, bounce) VALUES ($1, $2, $3, $4) ON CONFLICT (recipient) DO NOTHING",
    )
    .bind(reader)
    .bind(reason)
    .bind(millis(now))
    .bind(&report.hash)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    Ok(added == 1)
}

/// A report, as far as it matters for what follows.
#[derive(Clone, Debug)]
struct Report {
    hash: String,
    class: Bounce,
    edition: String,
    words: String,
    /// What the desk has decided, or is to decide, about the domain.
    domain: Option<String>,
}

async fn reports(connection: &mut SqliteConnection, reader: &str) -> Result<Vec<Report>, StoreError> {
    let rows = sqlx::query(
        "SELECT b.hash, b.class, b.edition, b.words, h.state AS domain FROM bounce b
         LEFT JOIN bounced_domain h ON h.edition = b.edition AND h.domain = b.domain
         WHERE b.recipient = $1 AND b.edition IS NOT NULL ORDER BY b.taken, b.hash",
    )
    .bind(reader)
    .fetch_all(connection)
    .await?;
    let report = |row: &sqlx::sqlite::SqliteRow| {
        let class: String = row.try_get("class")?;
        Ok(Report {
            hash: row.try_get("hash")?,
            class: Bounce::parse(&class).ok_or_else(|| StoreError::damaged("the class of a report", class))?,
            edition: row.try_get("edition")?,
            words: row.try_get("words")?,
            domain: row.try_get("domain")?,
        })
    };
    rows.iter().map(report).collect()
}

/// The editions that a server has taken for a reader, and when, in milliseconds; the latest first.
async fn sent(connection: &mut SqliteConnection, reader: &str) -> Result<Vec<(i64, String)>, StoreError> {
    // By the editions, since deliveries have no index by reader: each is found by its key.
    let rows = sqlx::query(
        "SELECT d.changed, d.edition FROM (SELECT DISTINCT edition FROM sending) g CROSS JOIN delivery d
         WHERE d.edition = g.edition AND d.recipient = $1 AND d.state = 'sent' ORDER BY d.changed DESC, d.edition DESC",
    )
    .bind(reader)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("changed")?, row.try_get("edition")?))).collect()
}

/// The report by which a reader is not mailed again, and why in words.
fn cause<'a>(reports: &'a [Report], sent: &[(i64, String)]) -> Option<(&'a Report, &'static str)> {
    if let Some(complaint) = reports.iter().find(|report| report.class == Bounce::Complaint) {
        return Some((complaint, "complained"));
    }
    let counts = |report: &&Report| {
        let is_open = matches!(report.domain.as_deref(), None | Some("suppressed"));
        report.class == Bounce::Hard && is_open
    };
    if let Some(hard) = reports.iter().find(counts) {
        return Some((hard, "bounced"));
    }
    let mut bounced: BTreeMap<&str, &Report> = BTreeMap::new();
    for report in reports {
        match report.class {
            // Where an edition came back twice, what is heavier counts: a full mailbox is the lighter one.
            Bounce::Soft => drop(bounced.insert(&report.edition, report)),
            Bounce::Full => drop(bounced.entry(&report.edition).or_insert(report)),
            _ => {}
        }
    }
    // What came back for another reason says nothing of the mailbox, neither good nor bad.
    let other = |edition: &str| {
        reports.iter().any(|report| report.edition == edition && matches!(report.class, Bounce::Hard | Bounce::Policy))
    };
    let (mut all, mut soft, mut newest) = (0, 0, None);
    for (at, edition) in sent {
        let Some(report) = bounced.get(edition.as_str()) else {
            // An edition that arrived ends the row; those after the last bounce may still come back.
            if newest.is_some() && !other(edition) {
                break;
            }
            continue;
        };
        let (newest_at, _) = *newest.get_or_insert((*at, *report));
        if newest_at.saturating_sub(*at) > i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX) {
            break;
        }
        all += 1;
        soft += usize::from(report.class == Bounce::Soft);
    }
    let (_, last) = newest?;
    (soft >= SOFT || all >= FULL).then_some((last, "bounced again and again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3_600_000;

    /// Editions `a`, `b`, ... a day apart, each with what came of it: s(oft), f(ull), h(ard), H(eld), p(olicy), c(omplaint) or nothing.
    fn suppressed(fates: &str, days_apart: i64) -> Option<(String, &'static str)> {
        let editions = || fates.chars().zip('a'..).zip(0..);
        let report = |fate: char, edition: char| {
            let class = match fate {
                's' => Bounce::Soft,
                'f' => Bounce::Full,
                'h' | 'H' => Bounce::Hard,
                'p' => Bounce::Policy,
                'c' => Bounce::Complaint,
                _ => return None,
            };
            let domain = (fate == 'H').then(|| "held".to_owned());
            Some(Report { hash: edition.to_string(), class, edition: edition.to_string(), words: String::new(), domain })
        };
        let reports: Vec<Report> = editions().filter_map(|((fate, edition), _)| report(fate, edition)).collect();
        let mut sent: Vec<(i64, String)> =
            editions().map(|((_, edition), at)| (at * DAY * days_apart, edition.to_string())).collect();
        sent.reverse();
        cause(&reports, &sent).map(|(report, why)| (report.hash.clone(), why))
    }

    #[track_caller]
    fn case(fates: &str, by: &str) {
        let found = suppressed(fates, 1).map(|(by, _)| by).unwrap_or_default();
        assert_eq!(found, by, "{fates}");
    }

    #[test]
    fn what_follows_for_a_reader() {
        case("", "");
        case("....", "");
        case("h", "a");
        case("H", "");
        case("pppppp", "");
        case("ss", "");
        case("sss", "c");
        case("ss.s", "");
        case("ssps", "d");
        case("sHss", "d");
        case("sss..", "c");
        case("ffff", "");
        case("fffff", "e");
        case("sfsf", "");
        case("sfsfs", "e");
        case("ff.fff", "");
        case(".c", "b");
    }

    #[test]
    fn soft_bounces_fade() {
        assert!(suppressed("sss", 15).is_some());
        assert_eq!(suppressed("sss", 16), None);
    }
}
