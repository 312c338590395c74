//! Which row is the title.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::cues::Cue;
use super::mark::Mark;
use super::rows::Row;
use crate::read::{byline, dates, picture, words};

/// How many rows above the text the title may stand.
const REACH: usize = 60;
/// Bytes of the longest line that is a date or a byline.
pub(super) const LONGEST_DATA: usize = 400;
/// Words of the longest title.
const LONGEST: usize = 35;

/// The row of the title, or `None` where no row looks like one.
///
/// The cues, each measured on copies of real pages: the words of a title come again in the text; a byline, a date or
/// the lead follow it closely; a short kicker stands above; a third of the pages repeat it.
pub(super) fn find(rows: &[Row], marks: &[Mark], core: &Range<usize>) -> Option<usize> {
    let prose: Vec<usize> = core.clone().filter(|at| marks.get(*at) == Some(&Mark::Prose)).collect();
    let Some(first) = prose.first().copied() else {
        return rows.iter().zip(marks).position(|(row, mark)| *mark == Mark::Label && !is_data(row));
    };
    let last = prose.get(2).copied().unwrap_or(first + 1).min(first + 12);
    let text = vocabulary(rows, &prose);
    let mut copies: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        *copies.entry(&row.key).or_default() += 1;
    }
    let mut best: Option<(f64, usize)> = None;
    for at in first.saturating_sub(REACH)..=last {
        let (Some(row), Some(mark)) = (rows.get(at), marks.get(at)) else { continue };
        // A headline that quotes begins with a dash in some countries; one among items is an item.
        let alone = marks.get(at + 1) != Some(&Mark::Item) && (at == 0 || marks.get(at - 1) != Some(&Mark::Item));
        if !(matches!(mark, Mark::Label | Mark::Remark | Mark::Prose) || (*mark == Mark::Item && alone))
            || row.words > LONGEST
            || is_data(row)
            // Behind the first paragraph a sentence is one of the next.
            || (at > first && *mark == Mark::Prose && row.stopped)
        {
            continue;
        }
        // A line that comes again at once is a caption that is its picture's alt text, too.
        let near = rows.get(at.saturating_sub(2)..(at + 3).min(rows.len())).unwrap_or_default();
        let twice = near.iter().filter(|other| other.key == row.key).count() > 1;
        // What comes again inside the text is a heading that a table of contents has, too.
        let repeated = !twice && at <= first && row.words >= 4 && copies.get(row.key.as_str()).is_some_and(|count| *count > 1);
        let score = score(rows, marks, at, first, &text) + if repeated { 1.3 } else { 0.0 };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, at));
        }
    }
    best.filter(|(score, _)| *score > 0.0).map(|(_, at)| at)
}

/// The title as it stands in its row, and the kicker that was run together with it.
///
/// A kicker is told from its title by the closing quote that a word follows at once, or by its capitals:
/// `LONG NIGHT How the town of Gao was saved`. Where the path through the site has the same words with a colon
/// between the two, the title is the whole.
pub(super) fn parts(rows: &[Row], at: usize) -> (Option<&str>, &str) {
    let Some(row) = rows.get(at) else { return (None, "") };
    let text = row.text.as_str();
    if let Some(copy) = with_colon(rows, at) {
        return (None, copy);
    }
    match by_quote(text).or_else(|| by_capitals(text)).and_then(|cut| text.split_at_checked(cut)) {
        Some((kicker, title)) if title.split_whitespace().nth(2).is_some() => (Some(kicker.trim()), title.trim()),
        _ => (None, text),
    }
}

/// The copy of a title, right above it, that has a colon between kicker and title.
fn with_colon(rows: &[Row], at: usize) -> Option<&str> {
    let text = rows.get(at)?.text.as_str();
    let copies = rows.get(at.saturating_sub(6)..at)?.iter().map(|copy| copy.text.as_str());
    copies.filter(|copy| copy.len() <= text.len() + 2).find(|copy| {
        let parts = copy.split_once(": ").and_then(|(kicker, title)| Some((text.strip_prefix(kicker)?, title)));
        parts.is_some_and(|(rest, title)| rest.trim_start() == title)
    })
}

/// Where a title begins that a quote was glued to: `"We wait"Gao before the flood`.
fn by_quote(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(['"', '“', '„', '»', '«'])?;
    let close = text.len() - inner.len() + inner.find(['"', '”', '“', '«', '»'])?;
    let rest = text.get(close..)?;
    let end = close + rest.chars().next()?.len_utf8();
    text.get(end..)?.starts_with(char::is_uppercase).then_some(end)
}

/// Where a title begins that a kicker of two or more words in capitals stands before.
fn by_capitals(text: &str) -> Option<usize> {
    /// Letters of the shortest such kicker: shorter ones may be the names of bodies and states.
    const SHORTEST: usize = 12;
    let mut letters = 0;
    let mut words = 0;
    let mut end = 0;
    for piece in text.split_inclusive(' ') {
        let word = piece.trim();
        if word.contains(char::is_lowercase) || !word.contains(char::is_alphabetic) || word.ends_with(':') {
            break;
        }
        letters += word.chars().filter(|c| c.is_uppercase()).count();
        words += 1;
        end += piece.len();
    }
    let rest = text.get(end..)?;
    (words >= 2 && letters >= SHORTEST && rest.contains(char::is_lowercase)).then_some(end)
}

/// Whether a row is a date or a byline: never a title.
pub(super) fn is_data(row: &Row) -> bool {
    row.words <= 16
        && row.text.len() <= LONGEST_DATA
        && (is_dateline(row) || is_day(row) || byline::is_marked(&row.text) || dates::is_relative(&row.text))
}

/// Whether a row tells a day without its year, and the time: `Awa Sarr 8 January, 17:46`.
pub(super) fn is_day(row: &Row) -> bool {
    let colon = |near: &[u8]| matches!(near, [a, b':', b] if a.is_ascii_digit() && b.is_ascii_digit());
    // Any leap year has all days.
    row.words <= 16 && row.key.as_bytes().windows(3).any(colon) && dates::find_in_year(&row.text, 2024).is_some()
}

/// Whether a row is hardly more than a date.
pub(super) fn is_dateline(row: &Row) -> bool {
    if row.text.len() > LONGEST_DATA {
        return false;
    }
    let found = dates::find_all(&row.text, None);
    let covered: usize = found.iter().map(|dated| dated.span.len()).sum();
    let leads = found.first().is_some_and(|dated| dated.span.start == 0) && row.words <= 8;
    !found.is_empty() && (covered * 2 > row.text.len() || leads || row.words <= 16 && !row.stopped)
}

/// Whether a date is most of a row, leads it, or the row says itself that it is a date's.
pub(super) fn is_dated(row: &Row) -> bool {
    let found = if row.text.len() > LONGEST_DATA { Vec::new() } else { dates::find_all(&row.text, None) };
    let covered: usize = found.iter().map(|dated| dated.span.len()).sum();
    let leads = found.first().is_some_and(|dated| dated.span.start == 0);
    !found.is_empty() && (covered * 5 > row.text.len() * 2 || leads || dates::is_label(&row.key))
}

fn score(rows: &[Row], marks: &[Mark], at: usize, first: usize, text: &HashSet<String>) -> f64 {
    let Some(row) = rows.get(at) else { return f64::MIN };
    let mut score = match row.words {
        2 => -1.0,
        3 => 0.0,
        4 => 1.2,
        5..=22 => 2.0,
        23..=27 => 0.5,
        _ => -2.0,
    };
    let words: Vec<String> = content_words(&row.key).collect();
    let known = words.iter().filter(|word| text.contains(*word)).count();
    score += 3.0 * ratio(known, words.len().max(2));
    if row.text.ends_with('.') && !row.text.ends_with("..") {
        score -= 1.5;
    }
    if marks.get(at) == Some(&Mark::Prose) && (at > first || (row.stopped && !row.text.ends_with('?')) || row.words > 24) {
        score -= 1.0;
    }
    score += below(rows, marks, at) + above(rows, marks, at);
    // A kicker ends with the sign that joins it to its title.
    if row.text.ends_with([':', '–', '-', '—', '|']) {
        score -= 3.0;
    }
    // A path through the site ends with the title, and stands above it.
    if (row.text.contains(['»', '›', '>']) && !row.text.contains('«')) || is_path(&row.key) {
        score -= 3.0;
    }
    if byline::is_only_names(&row.text) {
        score -= 2.0;
    }
    // A line that goes on from the one above is its standfirst.
    if row.text.starts_with(|c: char| c.is_lowercase() || c == '…') || row.text.starts_with("...") {
        score -= 1.5;
    }
    let away = at.abs_diff(first);
    let step = if at <= first { 0.05 } else { 0.3 };
    score - step * ratio(away, 1)
}

/// What speaks for a title in the rows below: a date or a byline, the lead; and against it: the credit of a picture.
fn below(rows: &[Row], marks: &[Mark], at: usize) -> f64 {
    let mut score = 0.0;
    let near = rows.iter().zip(marks).skip(at + 1).take(8);
    let is_data = |(row, mark): (&Row, &Mark)| {
        let name = || row.words >= 2 && byline::is_only_names(&row.text);
        *mark == Mark::Link || (matches!(mark, Mark::Label | Mark::Remark | Mark::Cells) && (is_data(row) || name()))
    };
    score += match near.clone().position(is_data) {
        Some(0..=4) => 1.6,
        Some(_) => 0.6,
        None => 0.0,
    };
    score += if near.clone().take(2).any(|(_, mark)| *mark == Mark::Prose) { 1.0 } else { 0.0 };
    // What a credit stands below of is a caption.
    let credit = |row: &Row| picture::split(&row.text).is_some_and(|credited| credited.caption.is_empty());
    if near.clone().next().is_some_and(|(row, mark)| *mark == Mark::Caption && credit(row)) {
        score -= 2.5;
    }
    // Titles above and below are those of other pages.
    let other = |at: Option<usize>| {
        let row = at.and_then(|at| rows.get(at).zip(marks.get(at)).zip(rows.get(at + 1)));
        row.is_some_and(|((row, mark), next)| {
            *mark == Mark::Label && row.words >= 5 && row.key != next.key && !self::is_data(row)
        })
    };
    if other(at.checked_sub(1)) && other(Some(at + 1)) && near.clone().take(4).all(|row| !is_data(row)) {
        score -= 1.2;
    }
    score
}

/// What speaks for a title in the rows above: a kicker; and against it: a headline, whose standfirst it is, or a date.
fn above(rows: &[Row], marks: &[Mark], at: usize) -> f64 {
    let mut score = 0.0;
    let (Some(row), Some((above, mark))) = (rows.get(at), at.checked_sub(1).and_then(|at| rows.get(at).zip(marks.get(at))))
    else {
        return score;
    };
    score += if *mark == Mark::Label && above.words <= 6 { 0.5 } else { 0.0 };
    // A longer line right below a headline is its standfirst.
    let headline = *mark == Mark::Label && (4..=22).contains(&above.words) && !is_data(above) && !is_path(&above.key);
    score -= if headline && !row.gap && row.words >= 12 && row.words * 10 > above.words * 12 { 1.5 } else { 0.0 };
    // Dates stand below a title three times as often as above.
    let dated =
        rows.iter().zip(marks).take(at).skip(at.saturating_sub(4)).any(|(row, mark)| *mark == Mark::Label && is_data(row));
    score -= if dated { 0.7 } else { 0.0 };
    // Under "Read more" and "Latest news" stand titles of other pages.
    let cue = marks.get(at.saturating_sub(2)..at).unwrap_or_default().iter().rev().find_map(|mark| match mark {
        Mark::Cue(cue @ (Cue::Pointer | Cue::Tail)) => Some(*cue),
        _ => None,
    });
    score -= match cue {
        Some(Cue::Pointer) => 2.0,
        Some(_) => 1.0,
        None => 0.0,
    };
    // A kicker ends with the sign that joins it to its title.
    score += if *mark == Mark::Label && above.words <= 8 && above.text.ends_with([':', '–', '—']) { 1.5 } else { 0.0 };
    score += if ends_path(rows, at) { 2.5 } else { 0.0 };
    // The path through the site ends with the bare headline; right below it stands the one with its kicker.
    score + if above.words >= 3 && row.key.len() > above.key.len() && row.key.ends_with(&above.key) { 2.5 } else { 0.0 }
}

/// Whether the path through the site stands right above a row and ends with its words: `Home » Rivers » TITLE`, `HomeRiversTITLE`.
fn ends_path(rows: &[Row], at: usize) -> bool {
    let Some(row) = rows.get(at) else { return false };
    let above = rows.get(at.saturating_sub(2)..at).unwrap_or_default();
    above.iter().filter_map(|path| path.key.strip_suffix(row.key.as_str())).any(|rest| {
        let home = HOMES.iter().any(|home| rest.starts_with(home));
        home || (!rest.is_empty() && rest.trim_end().ends_with(['»', '›', '>', '/', '|']))
    })
}

/// Whether a line begins as the path through a site does: with the name of its first page.
fn is_path(key: &str) -> bool {
    let mut words = key.split_whitespace();
    words.next().is_some_and(|first| HOMES.contains(&first)) && words.next().is_some()
}

/// Names of a site's first page, as they begin a path.
#[rustfmt::skip]
const HOMES: [&str; 16] = [
    "home", "homepage", "startseite", "accueil", "inicio", "início", "hjem", "hem", "forside", "anasayfa", "haberler",
    "beranda", "главная", "головна", "mwanzo", "ekhaya",
];

#[expect(clippy::cast_precision_loss, reason = "counts of words and rows near each other are far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// The words of the text that a title could share.
fn vocabulary(rows: &[Row], prose: &[usize]) -> HashSet<String> {
    // The first paragraphs say what the title says; a long text has every word somewhere.
    prose
        .iter()
        .take(14)
        .filter_map(|at| rows.get(*at))
        .filter(|row| row.words > 20)
        .flat_map(|row| content_words(&row.key))
        .collect()
}

/// Words of four letters and more, cut to five so that endings do not matter; of dense scripts each pair of letters.
fn content_words(key: &str) -> impl Iterator<Item = String> {
    let spaced = key
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4)
        .map(|word| word.chars().take(5).collect());
    let letters: Vec<char> = key.chars().filter(|c| words::is_dense(*c)).collect();
    let pairs: Vec<String> = letters.windows(2).map(|pair| pair.iter().collect()).collect();
    spaced.chain(pairs)
}
