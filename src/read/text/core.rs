//! Where on a page the article's text stands.

use std::ops::Range;

use super::cues::Cue;
use super::mark::Mark;
use super::rows::Row;
use super::title;

/// The rows of the article's text: the run of rows that has the most running text for the least of anything else.
///
/// Rows of text weigh for it, rows of menus, teasers and footers against it, and the heaviest run is taken
/// (Kadane's algorithm). So a box of related titles inside an article is bridged, and a footer is not.
/// What stands below a date or byline weighs twice, since articles do; what has one again and again is comments or
/// teasers, and what has no whole paragraph is a list of titles.
/// A page without running text is taken whole.
pub(super) fn find(rows: &[Row], marks: &[Mark], boxes: &[bool]) -> Range<usize> {
    let runs = runs(rows, marks, boxes);
    let heaviest = runs.iter().map(|(sum, _)| *sum).max().unwrap_or_default();
    // No other run can become the heaviest by what is said of it.
    let close = runs.into_iter().filter(|(sum, _)| sum * 20 > heaviest);
    let mut best: Option<(i64, Range<usize>)> = None;
    for (sum, run) in close {
        let weight = sum * standing(rows, marks, &run);
        if best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, run));
        }
    }
    match best {
        None => 0..rows.len(),
        Some((_, run)) if marks.iter().any(|mark| matches!(mark, Mark::Cue(_) | Mark::Credits)) => trimmed(rows, marks, run),
        // Nothing of a page's frame: somebody wrote this by hand, to its last line.
        Some((_, run)) => run.start..rows.len(),
    }
}

/// The runs of rows that weigh more than nothing, each with its weight and without what only takes weight from its end.
fn runs(rows: &[Row], marks: &[Mark], boxes: &[bool]) -> Vec<(i64, Range<usize>)> {
    let mut runs = Vec::new();
    let mut best = (0_i64, 0..0);
    let mut sum = 0_i64;
    let mut start = 0;
    for (at, mark) in marks.iter().enumerate() {
        if sum <= 0 {
            runs.extend((best.0 > 0).then(|| std::mem::replace(&mut best, (0, 0..0))));
            sum = 0;
            start = at;
        }
        sum += if boxes.get(at) == Some(&true) { 0 } else { weight(rows, marks, at, *mark) };
        if sum > best.0 {
            best = (sum, start..at + 1);
        }
    }
    runs.extend((best.0 > 0).then_some(best));
    runs
}

/// Rows above the first paragraph among which the date or the byline of an article stands.
const HEAD: usize = 4;

/// What the dates and bylines around a run say of it, as a factor in tenths.
fn standing(rows: &[Row], marks: &[Mark], run: &Range<usize>) -> i64 {
    let first = run.clone().find(|at| marks.get(*at) == Some(&Mark::Prose)).unwrap_or(run.start);
    let is_data = |at: &usize| rows.get(*at).is_some_and(title::is_data);
    let headed = (first.saturating_sub(HEAD)..first).any(|at| is_data(&at));
    let paragraphs = (first..run.end).filter(|at| marks.get(*at) == Some(&Mark::Prose)).count();
    let dated = (first + 1..run.end).filter(is_data).count();
    let entries = dated >= 3 && dated * 4 > paragraphs;
    match (headed, entries || paragraphs == 0) {
        (true, false) => 20,
        (false, false) => 10,
        (true, true) => 2,
        (false, true) => 1,
    }
}

/// Signs that end a sentence.
const STOPS: [char; 9] = ['.', '!', '?', '…', '。', '！', '？', '؟', '।'];

fn weight(rows: &[Row], marks: &[Mark], at: usize, mark: Mark) -> i64 {
    let words = rows.get(at).map_or(0, |row| i64::try_from(row.words.min(60)).unwrap_or(60));
    match mark {
        // The summary of a teaser stands between its title and its date; a paragraph stands among paragraphs.
        Mark::Prose if !has_neighbour(marks, at) => words / 3,
        // Words in a row that make no sentence: tags, countries, a menu on one line.
        Mark::Prose if words >= 20 && rows.get(at).is_some_and(|row| !row.text.contains(STOPS)) => words / 5,
        Mark::Prose => words,
        Mark::Remark => 2,
        Mark::Item if words >= 8 => words / 3,
        Mark::Item => -2,
        Mark::Label => -6,
        Mark::Caption | Mark::Link | Mark::Promo | Mark::Cells => 0,
        Mark::Credits => -40,
        Mark::Cue(Cue::Frame) => -1,
        Mark::Cue(Cue::Pointer) => -3,
        Mark::Cue(Cue::Tail) => -130,
        Mark::Cue(Cue::Comments) => -600,
    }
}

/// Whether the row before or behind, past the page's frame, is text too.
fn has_neighbour(marks: &[Mark], at: usize) -> bool {
    let text = |mark: &Mark| mark.is_text() || matches!(mark, Mark::Caption | Mark::Credits | Mark::Link | Mark::Promo);
    let frame = |mark: &&Mark| !matches!(mark, Mark::Cue(Cue::Frame));
    // Three rows of frame at most are looked past, so that the time stays linear.
    let before = marks.get(at.saturating_sub(3)..at).unwrap_or_default().iter().rev().find(frame);
    let behind = marks.get(at + 1..).unwrap_or_default().iter().take(3).find(frame);
    before.is_some_and(text) || behind.is_some_and(text)
}

/// The run without what is no text at its end, and without what stands behind the end of the article.
fn trimmed(rows: &[Row], marks: &[Mark], run: Range<usize>) -> Range<usize> {
    let words = |range: Range<usize>| -> usize {
        let text = |at: &usize| marks.get(*at).is_some_and(|mark| mark.is_text());
        range.filter(text).filter_map(|at| rows.get(at)).map(|row| row.words).sum()
    };
    let all = words(run.clone());
    let mut end = run.end;
    let mut before = 0;
    for at in run.clone() {
        let mark = marks.get(at).copied();
        // An editor's line behind most of the text ends the article, whatever the page has below.
        if matches!(mark, Some(Mark::Credits)) && before * 2 > all {
            end = at;
            break;
        }
        before += words(at..at + 1);
    }
    while end > run.start + 1
        && !marks.get(end - 1).is_some_and(|mark| mark.is_text() || matches!(mark, Mark::Item | Mark::Caption | Mark::Cells))
    {
        end -= 1;
    }
    run.start..end
}
