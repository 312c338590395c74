//! What stands around the title: kicker, authors, dates, the page's address, the lead.

mod kicker;
mod published;
mod signed;

use std::collections::HashSet;
use std::ops::Range;

use super::cues::Cue;
use super::mark::Mark;
use super::rows::Row;
use super::{links, title};
use crate::domain::{Draft, Line};
use crate::read::{byline, dates};

/// How many rows below the title the header may reach.
const REACH: usize = 40;
/// How many texts below the title a date or byline may stand: the lead, captions without a credit, the first paragraph.
const MOST_TEXTS: usize = 4;
/// Words of the longest lead.
const LONGEST_LEAD: usize = 90;

/// How many rows behind the text may say who wrote it and when.
const BEHIND: usize = 8;

/// What the header leaves for the body: the rows that are spoken for.
#[derive(Debug)]
pub(super) struct Header {
    /// Rows that the draft has already.
    pub taken: HashSet<usize>,
    /// Where the body begins.
    pub start: usize,
}

/// Reads the rows around the title into the draft.
pub(super) fn read(draft: &mut Draft, rows: &[Row], marks: &[Mark], core: &Range<usize>, title: Option<usize>) -> Header {
    let start = title.map_or(core.start, |title| title + 1);
    let mut reader = Reader {
        draft,
        rows,
        marks,
        taken: HashSet::new(),
        relative: None,
        weak: None,
        unsigned: false,
        named: None,
        due: None,
        titled: title,
    };
    if let Some(title) = title {
        let (kicker, words) = title::parts(rows, title);
        reader.draft.title = Line::new(words);
        reader.taken.insert(title);
        match kicker {
            Some(kicker) => reader.draft.topics.extend(Line::new(kicker)),
            None => reader.kicker(title),
        }
    }
    let lead = reader.below(start, core);
    reader.lead(&lead);
    if let Some(title) = title {
        reader.above(title);
    }
    reader.elsewhere();
    reader.behind(core.end);
    reader.in_brackets(core);
    reader.guess(title.unwrap_or(core.start));
    Header { taken: reader.taken, start }
}

struct Reader<'a> {
    draft: &'a mut Draft,
    rows: &'a [Row],
    marks: &'a [Mark],
    taken: HashSet<usize>,
    /// Row that tells the time only from a now.
    relative: Option<usize>,
    /// Row that has a date among other words, as captions do.
    weak: Option<usize>,
    /// Whether the authors are names that stood alone: a byline that says so is worth more.
    unsigned: bool,
    /// The row in which names were read last.
    named: Option<usize>,
    /// The row that a mark of a byline on the row above asks to be names.
    due: Option<usize>,
    /// The row of the title.
    titled: Option<usize>,
}

/// The first text below the title, and what stands between it and the next.
#[derive(Default)]
struct Lead {
    row: Option<usize>,
    /// A byline, date, address or picture follows it before the next text.
    set_off: bool,
}

impl Reader<'_> {
    /// The rows below the title, up to the second text; dates and marked bylines a little further.
    fn below(&mut self, start: usize, core: &Range<usize>) -> Lead {
        let mut lead = Lead::default();
        let mut texts = 0;
        let title = self.rows.get(start.wrapping_sub(1)).map(|row| bare(&row.key));
        for at in start..core.end.max(start).min(start + REACH) {
            let (Some(row), Some(mark)) = (self.rows.get(at), self.marks.get(at)) else { break };
            let named = self.due == Some(at) && self.names(at, &row.text);
            let data = named
                || match mark {
                    Mark::Link => self.link(at, row),
                    Mark::Prose | Mark::Label | Mark::Remark | Mark::Cells | Mark::Credits | Mark::Item => {
                        // Behind the second text, a name alone is as often that of a box.
                        (texts < 2 || title::is_dateline(row) || byline::is_marked(&row.text) || self.is_beside_data(at))
                            && self.data(at, row)
                    }
                    Mark::Caption => {
                        // An agency sells pictures and signs articles.
                        if self.is_agency(at) && self.is_beside_data(at) {
                            self.names(at, &row.text);
                        }
                        true
                    }
                    Mark::Cue(_) | Mark::Promo => false,
                };
            if data {
                lead.set_off |= lead.row.is_some() && texts < 2;
            } else if self.is_above_credit(at) {
                // What a credit stands below of is a caption.
            } else if *mark == Mark::Prose {
                texts += 1;
                if texts >= MOST_TEXTS {
                    break;
                }
                if texts == 1 && lead.row.is_none() {
                    lead.row = Some(at);
                }
            } else if *mark == Mark::Label && byline::is_bare_mark(&row.text) {
                self.due = Some(at + 1);
                self.taken.insert(at);
            } else if *mark == Mark::Label && texts == 0 {
                if title.as_ref() == Some(&bare(&row.key)) {
                    self.taken.insert(at);
                } else if lead.row.is_none() && row.words >= 7 && at <= start + 1 {
                    // A standfirst without a stop, right below the title.
                    lead.row = Some(at);
                    texts = 1;
                }
            }
        }
        lead
    }

    /// The lead is what the page sets off from the text, or what has no stop at its end.
    fn lead(&mut self, lead: &Lead) {
        let Some(at) = lead.row else { return };
        let Some(row) = self.rows.get(at).filter(|row| row.words <= LONGEST_LEAD) else { return };
        if lead.set_off || !row.stopped {
            self.draft.summary = Line::new(&row.text);
            self.taken.insert(at);
        }
    }

    /// Dates and bylines that stand above the title.
    fn above(&mut self, title: usize) {
        for at in (title.saturating_sub(6)..title).rev() {
            let (Some(row), Some(mark)) = (self.rows.get(at), self.marks.get(at)) else { continue };
            let missing = self.draft.published.is_none() || self.draft.authors.is_empty();
            if missing
                && matches!(mark, Mark::Label | Mark::Cells | Mark::Item)
                && !self.taken.contains(&at)
                && (title::is_dateline(row) || byline::is_marked(&row.text))
            {
                self.data(at, row);
            }
        }
    }

    /// What the header lacks may stand behind the text: "Datum 28.04.2023", "Author: NAME", "Permalink https://...".
    fn elsewhere(&mut self) {
        for (at, row) in self.rows.iter().enumerate() {
            if row.words > 16 || self.taken.contains(&at) {
                continue;
            }
            let labelled = dates::is_label(&row.key);
            if labelled && self.draft.published.is_none() && title::is_dateline(row) {
                self.dates(row);
            }
            if row.key.starts_with("permalink") && self.draft.url.is_none() {
                self.draft.url = links::find(&row.text).into_iter().next().map(|written| written.url);
            }
        }
    }

    /// Reads the address of the page.
    fn link(&mut self, at: usize, row: &Row) -> bool {
        let Some(written) = links::whole(&row.text) else { return false };
        self.taken.insert(at);
        if written.unwrapped {
            self.draft.note(Some(row.number), format!("the link goes through another site; taken is `{}`", written.url));
        }
        self.draft.url.get_or_insert(written.url);
        true
    }

    /// Reads a date or a byline, or both; whether the row was one.
    fn data(&mut self, at: usize, row: &Row) -> bool {
        if row.words > 30 || row.text.len() > title::LONGEST_DATA {
            return false;
        }
        if row.text.contains(" | ") && !title::is_dateline(row) && !byline::is_only_names(&row.text) {
            return self.pieces(at, row);
        }
        if row.words <= 12 && dates::is_relative(&row.text) && !title::is_dateline(row) {
            self.relative.get_or_insert(at);
            // "Awa Sarr | 4 hours ago".
            let name = row.text.split(['|', '•', '·']).next().filter(|name| name.len() < row.text.len());
            if let Some(name) = name {
                self.names(at, name);
            }
            self.taken.insert(at);
            return true;
        }
        if !title::is_dateline(row) {
            return self.names(at, &row.text);
        }
        let spans = dates::find_all(&row.text, None);
        let before = spans.first().and_then(|dated| row.text.get(..dated.span.start)).unwrap_or_default();
        let after = spans.last().and_then(|dated| row.text.get(dated.span.end..)).unwrap_or_default();
        let named = self.names(at, before) || self.names(at, after);
        // A caption that says when it was taken dates the picture alone.
        if !title::is_dated(row) && !named {
            self.weak.get_or_insert(at);
            return false;
        }
        let dated = self.dates(row);
        if dated {
            self.taken.insert(at);
        }
        dated || named
    }

    /// Reads a row of several data: `Floods, News | Published: 5 hours ago | Written by Awa Sarr`.
    fn pieces(&mut self, at: usize, row: &Row) -> bool {
        let relative = row.text.split(" | ").any(dates::is_relative);
        if relative {
            self.relative.get_or_insert(at);
        }
        let mut named = false;
        for piece in row.text.split(" | ") {
            if byline::is_marked(piece) || (relative && byline::is_only_names(piece)) {
                named |= self.names(at, piece);
            }
        }
        relative || named || self.names(at, &row.text)
    }

    /// Who signed below the text, or when it is said there: the last line of agencies and of many papers.
    fn behind(&mut self, end: usize) {
        // The text reaches to its last picture, for which an agency may have been taken.
        let start = if end.checked_sub(1).is_some_and(|last| self.is_agency(last)) { end - 1 } else { end };
        for at in start..end + BEHIND {
            let (Some(row), Some(mark)) = (self.rows.get(at), self.marks.get(at)) else { break };
            if matches!(mark, Mark::Cue(Cue::Tail | Cue::Comments)) || mark.is_text() {
                break;
            }
            if !(*mark == Mark::Label || self.is_agency(at)) || row.words > 16 || self.taken.contains(&at) {
                continue;
            }
            if self.draft.published.is_none() && title::is_dated(row) {
                self.data(at, row);
            } else if self.draft.authors.is_empty() && at < end + 2 && self.names(at, &row.text) {
                break;
            }
        }
    }
}

/// The letters and digits of a text: the same title may be printed with and without its colon.
fn bare(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests;
