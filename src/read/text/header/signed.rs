//! Who wrote an article, by the rows around its title and behind its text.

use std::ops::Range;

use super::Reader;
use crate::domain::Line;
use crate::read::text::cues::Cue;
use crate::read::text::mark::Mark;
use crate::read::text::rows::Row;
use crate::read::text::title;
use crate::read::{agencies, byline, dates, picture, signature};

/// How many rows below one byline another may stand.
const NEAR: usize = 6;

impl Reader<'_> {
    /// Reads a byline; whether there were names.
    pub(super) fn names(&mut self, at: usize, text: &str) -> bool {
        // Closely below a byline others may follow; far below stand those of boxes.
        let far = self.named.is_some_and(|last| at > last + NEAR);
        if far && !self.unsigned && !self.draft.authors.is_empty() {
            return false;
        }
        if let Some(name) = signature::reporter(text).or_else(|| signature::agency(text)) {
            self.sign(at, vec![name], true);
            return true;
        }
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—' | ',' | '•' | '·' | '/'));
        let marked = byline::is_marked(text);
        let several = text.contains(" | ") && byline::is_only_names(text);
        // The names of a byline may stand on a line each.
        let goes_on = self.named.is_some_and(|last| last + 1 == at);
        // A name alone may as well be a topic: the first one counts, and only while no byline was seen.
        let due = self.due == Some(at);
        let free = (self.draft.authors.is_empty() || goes_on) && !dates::is_label(&text.to_lowercase());
        // Of letters that have no capitals any few words look like a name; Korean names say what they are.
        let caseless = !text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        let korean = text.contains(|c| matches!(c, '가'..='힣'));
        let placed = !korean && (!caseless || self.is_beside_data(at));
        let han = self.titled.is_some_and(|title| at <= title + 2) && signature::is_han_name(text);
        let alone = (due || (free && !self.is_above_credit(at))) && ((placed && byline::is_only_names(text)) || han);
        if !(marked || several || alone) || text.len() > 200 {
            return false;
        }
        let signed = marked || several || due || (goes_on && !self.unsigned);
        self.sign(at, byline::names(text), signed);
        true
    }

    /// Takes the names of a row; `signed` where the row says that they are authors.
    fn sign(&mut self, at: usize, names: Vec<Line>, signed: bool) {
        if signed && std::mem::take(&mut self.unsigned) {
            self.draft.authors.clear();
        }
        self.unsigned |= !signed;
        for name in names {
            byline::add(&mut self.draft.authors, name);
        }
        self.named = Some(at);
        self.taken.insert(at);
    }

    /// Reads the names that stand in brackets behind the last sentences of a text.
    pub(super) fn in_brackets(&mut self, text: &Range<usize>) {
        /// How many rows from its end on are looked at.
        const REACH: usize = 6;
        if !self.draft.authors.is_empty() {
            return;
        }
        let last = self.rows.get(text.clone()).unwrap_or_default().iter().rev().take(REACH);
        self.draft.authors =
            last.map(|row| signature::behind_sentence(&row.text)).find(|names| !names.is_empty()).unwrap_or_default();
    }

    /// Whether the credit of a picture stands right below: then a name is that of who is to be seen.
    pub(super) fn is_above_credit(&self, at: usize) -> bool {
        let credit = |row: &Row| picture::split(&row.text).is_some_and(|credited| credited.caption.is_empty());
        match self.marks.get(at + 1) {
            Some(Mark::Caption) => self.rows.get(at + 1).is_some_and(credit),
            Some(Mark::Cue(Cue::Frame)) => self.rows.get(at + 1).is_some_and(|row| picture::is_label(&row.text)),
            _ => false,
        }
    }

    /// Whether a row is the name of an agency and nothing else: it may have sold a picture, or signed the article.
    pub(super) fn is_agency(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| agencies::signs(&row.text) || signature::agency(&row.text).is_some())
    }

    /// Whether a date, a role or another name stands beside a row; a place may stand between.
    pub(super) fn is_beside_data(&self, at: usize) -> bool {
        let label = |at: usize| self.rows.get(at).filter(|_| self.marks.get(at).is_some_and(|mark| !mark.is_text()));
        let dated =
            |at: usize| label(at).is_some_and(|row| row.words <= 16 && (title::is_dated(row) || dates::is_relative(&row.text)));
        let place = label(at + 1).is_some_and(|row| row.words <= 2) && dated(at + 2);
        let role = label(at + 1).is_some_and(|row| row.words <= 6 && byline::is_role(&row.text));
        self.named.is_some_and(|last| last + 1 == at) || at.checked_sub(1).is_some_and(dated) || dated(at + 1) || place || role
    }
}
