//! The numbers of a publication, counted in its ledger: of lists, editions and fetches, and of nobody by name.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, ToSpan, tz::TimeZone};

use super::Desk;
use crate::domain::{Counted, EditionNumbers, ListNumbers, Numbers, Week};
use crate::render;
use crate::store::files::{self, Written};

/// Weeks that are told, the running one among them.
const WEEKS: i64 = 12;

/// All that is counted, as it is now. A few hundred milliseconds with a million readers.
pub async fn numbers(desk: &Desk) -> anyhow::Result<Numbers> {
    let today = desk.now().to_zoned(TimeZone::UTC).date();
    let (month, week) = (today.checked_sub(27.days())?, today.checked_sub(6.days())?);
    let applications = desk.ledger.applications(month, week).await?;
    Ok(Numbers { lists: lists(desk, today).await?, editions: editions(desk).await?, applications })
}

/// The same as a page for a browser, which needs nothing else.
pub async fn numbers_page(desk: &Desk) -> anyhow::Result<String> {
    Ok(render::numbers_page(&desk.settings.publication, &numbers(desk).await?)?)
}

/// Writes that page into a file, which is left alone where nothing has changed.
pub async fn write_numbers(desk: &Desk, file: &Path) -> anyhow::Result<Written> {
    Ok(files::replace(file, numbers_page(desk).await?.as_bytes())?)
}

async fn lists(desk: &Desk, today: Date) -> anyhow::Result<Vec<ListNumbers>> {
    let monday = today.checked_sub(i64::from(today.weekday().since(Weekday::Monday)).days())?;
    let first = monday.checked_sub((WEEKS - 1).weeks())?;
    let begins = |week: i64| first.checked_add(SignedDuration::from_hours(week * 7 * 24));
    let weeks = (0..WEEKS).map(|week| Ok(Week { begins: begins(week)?, since: Counted::default() }));
    let weeks: Vec<Week> = weeks.collect::<Result<_, jiff::Error>>()?;
    let mut lists: BTreeMap<String, ListNumbers> = BTreeMap::new();
    let from = first.to_zoned(TimeZone::UTC)?.timestamp();
    for row in desk.ledger.readers_by_week(from, WEEKS).await? {
        let fresh = || ListNumbers { name: row.list.clone(), all: Counted::default(), weeks: weeks.clone() };
        let list = lists.entry(row.list.clone()).or_insert_with(fresh);
        list.all.add(row.state, row.readers);
        if let Some(week) = usize::try_from(row.week).ok().and_then(|week| list.weeks.get_mut(week)) {
            week.since.add(row.state, row.readers);
        }
    }
    Ok(lists.into_values().collect())
}

async fn editions(desk: &Desk) -> anyhow::Result<Vec<EditionNumbers>> {
    let left: HashMap<(String, String), u64> =
        desk.ledger.left_after().await?.into_iter().map(|(edition, list, count)| ((edition, list), count)).collect();
    let mut editions = Vec::new();
    for sending in desk.ledger.sendings().await? {
        let balance = desk.ledger.known_balance(&sending).await?;
        let returns = desk.ledger.returns(&sending).await?;
        let left = left.get(&(sending.edition.to_string(), sending.list.clone())).copied().unwrap_or_default();
        editions.push(EditionNumbers { edition: sending.edition, list: sending.list, balance, left, returns });
    }
    Ok(editions)
}
