//! Who wrote an article, by the rows around its title and behind its text.

use super::Reader;
use crate::read::text::cues::Cue;
use crate::read::text::mark::Mark;
use crate::read::text::rows::Row;
use crate::read::text::title;
use crate::read::{agencies, byline, dates, picture};

impl Reader<'_> {
    /// Reads a byline; whether there were names.
    pub(super) fn names(&mut self, at: usize, text: &str) -> bool {
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—' | ',' | '•' | '·' | '/'));
        let marked = byline::is_marked(text);
        let several = text.contains(" | ") && byline::is_only_names(text);
        // The names of a byline may stand on a line each.
        let goes_on = self.named.is_some_and(|last| last + 1 == at);
        // A name alone may as well be a topic: the first one counts, and only while no byline was seen.
        let due = self.due == Some(at);
        let free = (self.draft.authors.is_empty() || goes_on) && !dates::is_label(&text.to_lowercase());
        let alone = (due || (free && !self.is_above_credit(at))) && byline::is_only_names(text);
        if !(marked || several || alone) || text.len() > 200 {
            return false;
        }
        let signed = marked || several || due || (goes_on && !self.unsigned);
        if signed && std::mem::take(&mut self.unsigned) {
            self.draft.authors.clear();
        }
        self.unsigned |= !signed;
        for name in byline::names(text) {
            byline::add(&mut self.draft.authors, name);
        }
        self.named = Some(at);
        self.taken.insert(at);
        true
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
        self.rows.get(at).is_some_and(|row| agencies::signs(&row.text))
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
