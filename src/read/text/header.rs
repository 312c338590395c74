//! What stands around the title: kicker, authors, dates, the page's address, the lead.

use std::collections::HashSet;
use std::ops::Range;

use super::cues::Cue;
use super::mark::Mark;
use super::rows::Row;
use super::{links, title};
use crate::domain::{Draft, Language, Line, Moment};
use crate::read::dates::{self, Dated};
use crate::read::{agencies, byline, picture};

/// How many rows below the title the header may reach.
const REACH: usize = 40;
/// Bytes of the longest kicker.
const LONGEST_KICKER: usize = 120;
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
    let mut reader =
        Reader { draft, rows, marks, taken: HashSet::new(), relative: None, weak: None, unsigned: false, named: None, due: None };
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
}

/// The first text below the title, and what stands between it and the next.
#[derive(Default)]
struct Lead {
    row: Option<usize>,
    /// A byline, date, address or picture follows it before the next text.
    set_off: bool,
}

impl Reader<'_> {
    /// The short line right above the title: what the article is about.
    fn kicker(&mut self, title: usize) {
        let Some(at) = title.checked_sub(1) else { return };
        let (Some(row), Some(Mark::Label | Mark::Cells)) = (self.rows.get(at), self.marks.get(at)) else { return };
        if row.words > 6
            || row.text.len() > LONGEST_KICKER
            || title::is_dateline(row)
            || row.text.contains([':', '@', '©'])
            || !row.key.contains(char::is_alphabetic)
        {
            return;
        }
        let known = |word: &str| self.rows.iter().enumerate().any(|(other, row)| other != at && contains_word(&row.text, word));
        let mut topics: Vec<Line> = Vec::new();
        for part in row.text.split(['/', '|', '›', '»', '>', '•', '·', '\t']) {
            for piece in unglued(part, known) {
                topics.extend(Line::new(piece).filter(|topic| !topics.contains(topic)));
            }
        }
        self.draft.topics = topics;
        self.taken.insert(at);
    }

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

    /// Reads the dates of a row; whether there were any.
    fn dates(&mut self, row: &Row) -> bool {
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

    /// Reads a byline; whether there were names.
    fn names(&mut self, at: usize, text: &str) -> bool {
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
    fn is_above_credit(&self, at: usize) -> bool {
        let credit = |row: &Row| picture::split(&row.text).is_some_and(|credited| credited.caption.is_empty());
        match self.marks.get(at + 1) {
            Some(Mark::Caption) => self.rows.get(at + 1).is_some_and(credit),
            Some(Mark::Cue(Cue::Frame)) => self.rows.get(at + 1).is_some_and(|row| picture::is_label(&row.text)),
            _ => false,
        }
    }

    /// Whether a row is the name of an agency and nothing else: it may have sold a picture, or signed the article.
    fn is_agency(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| agencies::signs(&row.text))
    }

    /// Whether a date, a role or another name stands beside a row; a place may stand between.
    fn is_beside_data(&self, at: usize) -> bool {
        let label = |at: usize| self.rows.get(at).filter(|_| self.marks.get(at).is_some_and(|mark| !mark.is_text()));
        let dated =
            |at: usize| label(at).is_some_and(|row| row.words <= 16 && (title::is_dated(row) || dates::is_relative(&row.text)));
        let place = label(at + 1).is_some_and(|row| row.words <= 2) && dated(at + 2);
        let role = label(at + 1).is_some_and(|row| row.words <= 6 && byline::is_role(&row.text));
        self.named.is_some_and(|last| last + 1 == at) || at.checked_sub(1).is_some_and(dated) || dated(at + 1) || place || role
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

    /// What is known of the day of a page that does not tell it in its header.
    fn guess(&mut self, title: usize) {
        if self.draft.published.is_some() {
            return;
        }
        let language = self.draft.language.clone();
        let day = |row: &Row| {
            let whole = row.words <= 16 && title::is_dated(row) && !row.key.contains(['©', '@']);
            whole.then(|| dates::find(&row.text, language.as_ref())).flatten().map(|moment| Moment::Day(moment.day()))
        };
        if let Some(relative) = self.relative {
            let row = self.rows.get(relative);
            let line = row.map(|row| row.number);
            // The newest date of the page is that of today, or hardly before it.
            let newest = self.rows.iter().filter_map(day).max_by_key(|moment| moment.day());
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

/// Words before a date that is not the first.
#[rustfmt::skip]
const CHANGED: [&str; 16] = [
    "updat", "aktualisiert", "geändert", "stand:", "modifi", "mis à jour", "mise à jour", "actualiz", "atualiz", "aggiorna",
    "bijgewerkt", "oppdatert", "uppdatera", "opdateret", "güncelle", "diperbarui",
];

fn is_later(a: Moment, b: Moment) -> bool {
    match (a, b) {
        (Moment::Instant(a, _), Moment::Instant(b, _)) => a > b,
        _ => a.day() > b.day(),
    }
}

/// Cuts a kicker where two link texts were run together: a capital right behind a small letter.
///
/// A word that stands like that elsewhere on the page is a name (`AfricaLink`) and stays whole.
fn unglued(text: &str, known: impl Fn(&str) -> bool) -> Vec<&str> {
    /// Letters of the shortest topic.
    const SHORTEST: usize = 3;
    let mut out = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let (left, right) = (text.get(start..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
        let long = left.trim().chars().count() >= SHORTEST && right.trim().chars().count() >= SHORTEST;
        if before.is_lowercase() && c.is_uppercase() && long && !left.ends_with("Mac") {
            let word_start = text.get(..at).and_then(|text| text.rfind(char::is_whitespace)).map_or(0, |space| space + 1);
            let word_end = right.find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |end| at + end);
            if !text.get(word_start..word_end).is_some_and(&known) {
                out.push(left);
                start = at;
            }
        }
        before = c;
    }
    out.extend(text.get(start..));
    out
}

/// The letters and digits of a text: the same title may be printed with and without its colon.
fn bare(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
