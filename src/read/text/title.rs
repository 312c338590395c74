//! Which row is the title.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::mark::Mark;
use super::rows::Row;
use crate::read::{byline, dates, words};

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
        {
            continue;
        }
        let repeated = row.words >= 4 && copies.get(row.key.as_str()).is_some_and(|count| *count > 1);
        let score = score(rows, marks, at, first, &text) + if repeated { 1.3 } else { 0.0 };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, at));
        }
    }
    best.filter(|(score, _)| *score > 0.0).map(|(_, at)| at)
}

/// Whether a row is a date or a byline: never a title.
fn is_data(row: &Row) -> bool {
    row.words <= 16
        && row.text.len() <= LONGEST_DATA
        && (is_dateline(row) || byline::is_marked(&row.text) || dates::is_relative(&row.text))
}

/// Whether a row is hardly more than a date.
pub(super) fn is_dateline(row: &Row) -> bool {
    if row.text.len() > LONGEST_DATA {
        return false;
    }
    let found = dates::find_all(&row.text, None);
    let covered: usize = found.iter().map(|dated| dated.span.len()).sum();
    !found.is_empty() && (covered * 2 > row.text.len() || row.words <= 16 && !row.stopped)
}

fn score(rows: &[Row], marks: &[Mark], at: usize, first: usize, text: &HashSet<String>) -> f64 {
    let Some(row) = rows.get(at) else { return f64::MIN };
    let mut score = match row.words {
        3 => 0.0,
        4..=22 => 2.0,
        23..=27 => 0.5,
        _ => -2.0,
    };
    let words: Vec<String> = content_words(&row.key).collect();
    let known = words.iter().filter(|word| text.contains(*word)).count();
    score += 3.0 * ratio(known, words.len().max(2));
    if row.text.ends_with('.') && !row.text.ends_with("..") {
        score -= 1.5;
    }
    if marks.get(at) == Some(&Mark::Prose) {
        score -= 1.0;
    }
    let below = rows.iter().zip(marks).enumerate().skip(at + 1).take(5);
    let data = below
        .clone()
        .any(|(_, (row, mark))| matches!(mark, Mark::Label | Mark::Link | Mark::Remark) && is_data(row) || *mark == Mark::Link);
    score += if data { 1.5 } else { 0.0 };
    score += if below.clone().take(2).any(|(_, (_, mark))| *mark == Mark::Prose) { 1.0 } else { 0.0 };
    if let Some((above, mark)) = at.checked_sub(1).and_then(|above| rows.get(above).zip(marks.get(above))) {
        score += if *mark == Mark::Label && above.words <= 6 { 0.5 } else { 0.0 };
    }
    // A path through the site ends with the title, and stands above it.
    if row.text.contains(['»', '›', '>']) && !row.text.contains('«') {
        score -= 3.0;
    }
    if byline::is_only_names(&row.text) {
        score -= 2.0;
    }
    // A longer line right below a headline is its standfirst.
    if let Some((above, mark)) = at.checked_sub(1).and_then(|above| rows.get(above).zip(marks.get(above))) {
        let headline = *mark == Mark::Label && (4..=22).contains(&above.words) && !is_data(above);
        score -= if headline && !row.gap && row.words >= 12 && row.words * 10 > above.words * 12 { 1.5 } else { 0.0 };
    }
    // Dates stand below a title three times as often as above.
    let dated_above =
        rows.iter().zip(marks).take(at).skip(at.saturating_sub(4)).any(|(row, mark)| *mark == Mark::Label && is_data(row));
    score -= if dated_above { 0.7 } else { 0.0 };
    let away = at.abs_diff(first);
    let step = if at <= first { 0.05 } else { 0.3 };
    score - step * ratio(away, 1)
}

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
