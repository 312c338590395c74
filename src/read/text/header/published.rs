//! When an article was published and changed, by the rows around its title.

use jiff::civil::Date;

use super::Reader;
use crate::domain::{Language, Moment};
use crate::read::dates::{self, Dated};
use crate::read::text::rows::Row;
use crate::read::text::title;

impl Reader<'_> {
    /// Reads the dates of a row; whether there were any.
    pub(super) fn dates(&mut self, row: &Row) -> bool {
        let found = dates::find_all(&row.text, self.draft.language.as_ref());
        let mut from = 0;
        for dated in &found {
            let before = row.text.get(from..dated.span.start).unwrap_or_default().to_lowercase();
            from = dated.span.end;
            let changed = CHANGED.iter().any(|word| before.contains(word));
            self.date(row, dated, changed);
        }
        !found.is_empty()
    }

    fn date(&mut self, row: &Row, dated: &Dated, changed: bool) {
        if dated.ambiguous {
            let order =
                if self.draft.language.as_ref().map(Language::primary) == Some("en") { "month first" } else { "day first" };
            self.draft.note(
                Some(row.number),
                format!("day and month of the date could be either way round; read {order}, as {}", dated.moment.day()),
            );
        }
        match (self.draft.published, changed) {
            // A page that tells only its last change was published then, as far as it says.
            (None, _) => self.draft.published = Some(dated.moment),
            (Some(published), true) if self.draft.updated.is_none() && is_later(dated.moment, published) => {
                self.draft.updated = Some(dated.moment);
            }
            _ => {}
        }
    }

    /// What is known of the day of a page that does not tell it in its header.
    pub(super) fn guess(&mut self, title: usize) {
        if self.draft.published.is_some() {
            return;
        }
        let language = self.draft.language.clone();
        let day = |row: &Row| {
            let whole = row.words <= 16 && title::is_dated(row) && !row.key.contains(['©', '@']);
            whole.then(|| dates::find(&row.text, language.as_ref())).flatten().map(|moment| Moment::Day(moment.day()))
        };
        let year = self.year_of_rights();
        if let Some(relative) = self.relative {
            let row = self.rows.get(relative);
            let line = row.map(|row| row.number);
            // The newest date of the page is that of today, or hardly before it.
            let newest = self.rows.iter().filter_map(day).max_by_key(|moment| moment.day());
            let newest = newest.filter(|moment| year.is_none_or(|year| moment.day().year() >= year));
            match newest.filter(|_| row.is_some_and(|row| dates::is_today(&row.text))) {
                Some(newest) => {
                    self.draft.published = Some(newest);
                    let note =
                        format!("the page says only how long ago it was published; taken is its newest date, {}", newest.day());
                    self.draft.note(line, note);
                }
                None => self.draft.note(line, "the page says only how long ago it was published; that is no date"),
            }
            return;
        }
        // Pages leave out the year while it is this one, which their line of rights tells.
        if let Some((line, date)) = year.and_then(|year| self.day_in_year(year)) {
            self.draft.published = Some(Moment::Day(date));
            self.draft
                .note(Some(line), format!("the page leaves out the year; taken is that of its line of rights, {}", date.year()));
            return;
        }
        if let Some(row) = self.weak.and_then(|at| self.rows.get(at)) {
            self.dates(row);
            return;
        }
        // Newspapers print the day at the head of each page.
        let head = self.rows.iter().take(title).find_map(|row| Some((row.number, day(row)?)));
        if let Some((line, day)) = head {
            self.draft.published = Some(day);
            self.draft.note(Some(line), "the page does not say when it was published; taken is the date at its head");
        }
    }
}

impl Reader<'_> {
    /// The last year in the page's line of rights: `© 2000-2026 River Press`.
    fn year_of_rights(&self) -> Option<i16> {
        let rights = |row: &&Row| row.words <= 40 && (row.key.contains('©') || row.key.starts_with("copyright"));
        let years = |row: &Row| row.key.split(|c: char| !c.is_ascii_digit()).filter_map(year).max();
        self.rows.iter().rev().filter(rights).find_map(years)
    }

    /// The day without a year that stands below the title, alone or with its time.
    fn day_in_year(&self, year: i16) -> Option<(usize, Date)> {
        let at = self.titled?;
        let below = self.rows.get(at + 1..)?.iter().take(DAY_REACH);
        below
            .filter(|row| row.words <= 4 || title::is_day(row))
            .find_map(|row| Some((row.number, dates::find_in_year(&row.text, year)?)))
    }
}

/// How many rows below the title a day without its year may stand.
const DAY_REACH: usize = 8;

fn year(digits: &str) -> Option<i16> {
    digits.parse().ok().filter(|year| digits.len() == 4 && (1990..2100).contains(year))
}

/// Words before a date that is not the first.
#[rustfmt::skip]
const CHANGED: [&str; 16] = [
    "updat", "aktualisiert", "geändert", "stand:", "modifi", "mis à jour", "mise à jour", "actualiz", "atualiz", "aggiorna",
    "bijgewerkt", "oppdatert", "uppdatera", "opdateret", "güncelle", "diperbarui",
];

fn is_later(a: Moment, b: Moment) -> bool {
    match (a, b) {
        (Moment::Instant(a, _), Moment::Instant(b, _)) => a > b,
        (Moment::Local(a), Moment::Local(b)) => a > b,
        _ => a.day() > b.day(),
    }
}
