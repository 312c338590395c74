//! The blocks of an article's text.

use std::collections::HashSet;
use std::ops::Range;

use super::cues::Cue;
use super::header::Header;
use super::mark::Mark;
use super::rows::{Bullet, Row};
use super::{captions, links, title};
use crate::domain::{Block, Figure, Line, Rich};
use crate::read::picture::Credited;
use crate::read::{byline, dates, picture, staff};

/// Words of the longest heading.
const LONGEST_HEADING: usize = 16;

/// The rows of the text as blocks, in order.
pub(super) fn blocks(
    rows: &[Row],
    marks: &[Mark],
    boxes: &[bool],
    core: &Range<usize>,
    header: &Header,
    authors: &[Line],
) -> Vec<Block> {
    let mut parts = parts(rows, marks, boxes, header.start..core.end, &header.taken);
    parts.truncate(biography(&parts, authors));
    let mut out: Vec<Block> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Text(row)
                if is_question(row) && matches!(parts.get(index + 1), Some(Part::Text(_))) && seen.insert(&row.key) =>
            {
                out.extend(Line::new(&row.text).map(|text| Block::Heading { level: 2, text }));
            }
            Part::Text(row) => {
                // A line that comes again word by word is a pull quote or a second copy.
                if row.words >= 8 && !seen.insert(&row.key) {
                    continue;
                }
                let text = links::rich(&row.text);
                out.extend(text.map(if row.bullet == Some(Bullet::Quote) { Block::Quote } else { Block::Paragraph }));
            }
            Part::Label(row) => {
                let between = index > 0
                    && matches!(parts.get(index - 1), Some(Part::Text(_) | Part::Figure(_) | Part::List { .. } | Part::Break));
                // An advertisement may stand between a heading and its text.
                let next = parts.iter().skip(index + 1).take(3).find(|part| !matches!(part, Part::Break));
                let opens = matches!(next, Some(Part::Text(_) | Part::List { .. } | Part::Figure(_)));
                if (between || index == 0) && opens && is_heading(row) && seen.insert(&row.key) {
                    out.extend(Line::new(&row.text).map(|text| Block::Heading { level: 2, text }));
                }
            }
            Part::List { ordered, items } => out.push(Block::List { ordered: *ordered, items: items.clone() }),
            Part::Table(cells) => out.push(Block::Table { header: false, rows: cells.clone() }),
            Part::Figure(figure) => out.push(Block::Figure(figure.clone())),
            Part::Break | Part::Pointer => {}
        }
    }
    out
}

/// Where the text ends: who its author is, is said below it.
fn biography(parts: &[Part<'_>], authors: &[Line]) -> usize {
    /// How many parts may stand behind: other authors, what the page prints below.
    const REACH: usize = 6;
    let start = parts.len().saturating_sub(REACH).max(parts.len() / 2);
    let is_biography = |part: &Part<'_>| matches!(part, Part::Text(row) if staff::is_biography(&row.text, authors));
    parts.iter().skip(start).position(is_biography).map_or(parts.len(), |at| start + at)
}

/// What rows make up: one row, or several that belong together.
enum Part<'a> {
    Text(&'a Row),
    Label(&'a Row),
    List {
        ordered: bool,
        items: Vec<Rich>,
    },
    Table(Vec<Vec<String>>),
    Figure(Figure),
    /// An advertisement or a button stood here: what was around it still belongs together.
    Break,
    /// A pointer to another page stood here: the labels beside it are its title.
    Pointer,
}

fn parts<'a>(rows: &'a [Row], marks: &[Mark], boxes: &[bool], range: Range<usize>, taken: &HashSet<usize>) -> Vec<Part<'a>> {
    let mut out: Vec<Part<'a>> = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let (Some(row), Some(mark)) = (rows.get(at), marks.get(at)) else { break };
        let here = at;
        at += 1;
        if taken.contains(&here) {
            continue;
        }
        if boxes.get(here) == Some(&true) {
            if !matches!(out.last(), Some(Part::Break) | None) {
                out.push(Part::Break);
            }
            continue;
        }
        match mark {
            Mark::Prose | Mark::Remark if is_update(row) => out.push(Part::Break),
            Mark::Prose | Mark::Remark => out.push(Part::Text(row)),
            Mark::Label if row.bullet == Some(Bullet::Quote) => out.push(Part::Text(row)),
            // Bylines and dates inside of a text are those of a box or of a teaser.
            Mark::Label if title::is_dateline(row) || byline::is_marked(&row.text) => out.push(Part::Break),
            Mark::Label => match caption_twice(rows, marks, here) {
                Some(figure) => {
                    at += 1;
                    out.push(Part::Figure(figure));
                }
                None => out.push(Part::Label(row)),
            },
            Mark::Item => {
                at = here + run(marks, here, range.end, Mark::Item);
                out.extend(list(rows.get(here..at).unwrap_or_default()));
            }
            Mark::Cells => {
                at = here + run(marks, here, range.end, Mark::Cells);
                let cells: Vec<Vec<String>> =
                    rows.get(here..at).unwrap_or_default().iter().map(|row| row.cells.clone()).collect();
                out.push(if cells.len() >= 2 { Part::Table(cells) } else { Part::Break });
            }
            Mark::Caption => figure(&mut out, rows, marks, here),
            Mark::Cue(Cue::Frame) if picture::is_label(&row.text) && rows.get(at).is_some_and(|name| name.words <= 8) => {
                credit(&mut out, rows, marks, at);
                at += 1;
            }
            Mark::Cue(Cue::Frame | Cue::Comments) | Mark::Link | Mark::Promo | Mark::Credits => {
                if !matches!(out.last(), Some(Part::Break) | None) {
                    out.push(Part::Break);
                }
            }
            Mark::Cue(Cue::Pointer | Cue::Tail) => out.push(Part::Pointer),
        }
    }
    out
}

/// Whether a row only says when the page was changed: `Updated at 12.17.`
fn is_update(row: &Row) -> bool {
    row.words <= 8 && row.key.contains(|c: char| c.is_ascii_digit()) && (dates::is_label(&row.key) || title::is_dateline(row))
}

/// How many rows from `at` on have the same mark.
fn run(marks: &[Mark], at: usize, end: usize, mark: Mark) -> usize {
    marks.get(at..end).unwrap_or_default().iter().take_while(|other| **other == mark).count().max(1)
}

/// The items as a list; one item alone is a line that happens to begin with a dash or a number.
fn list(rows: &[Row]) -> Option<Part<'_>> {
    if let [row] = rows {
        return Some(if row.is_prose() || row.stopped { Part::Text(row) } else { Part::Label(row) });
    }
    let ordered = rows.iter().all(|row| row.bullet == Some(Bullet::Number));
    let items: Vec<Rich> = rows.iter().filter_map(|row| links::rich(&row.text)).collect();
    (!items.is_empty()).then_some(Part::List { ordered, items })
}

/// The figure that a row with a credit closes.
fn figure(out: &mut Vec<Part<'_>>, rows: &[Row], marks: &[Mark], at: usize) {
    let Some(credited) = rows.get(at).and_then(|row| picture::split(&row.text).or_else(|| captions::of(row))) else { return };
    described(out, rows, marks, at, credited);
}

/// The figure of a credit whose label stands on the row above: `Photo:`, then `Awa Sarr / AFP`.
fn credit(out: &mut Vec<Part<'_>>, rows: &[Row], marks: &[Mark], at: usize) {
    let Some(row) = rows.get(at) else { return };
    described(out, rows, marks, at - 1, Credited { caption: "", credit: &row.text });
}

/// A figure that a row closes; takes caption and alt text from the rows right above.
fn described(out: &mut Vec<Part<'_>>, rows: &[Row], marks: &[Mark], at: usize, credited: Credited<'_>) {
    let mut caption = Line::new(credited.caption);
    let mut top = at;
    if caption.is_none() {
        match out.last() {
            // Only a credit: the row right above it is the caption.
            Some(Part::Text(above)) if (touches(rows, at) && above.words <= 80) || above.words <= 30 => {
                caption = Line::new(&above.text);
                out.pop();
                top = top.saturating_sub(1);
            }
            Some(Part::Label(above)) => {
                caption = Line::new(&above.text);
                out.pop();
                top = top.saturating_sub(1);
            }
            Some(Part::Figure(last)) if last.credit.is_none() => {
                last_credit(out, credited.credit);
                return;
            }
            _ => {}
        }
    }
    // The alt text of a picture is copied as the line right above its caption.
    let mut alt = None;
    if let (Some(Part::Label(above)), true) = (out.last(), touches(rows, top))
        && above.words >= 2
        && (rows.get(top).is_some_and(|caption| shares_word(&above.key, &caption.key)) || is_sparse(rows, marks, top))
    {
        alt = Line::new(&above.text);
        out.pop();
    }
    out.push(Part::Figure(Figure { alt, caption, credit: Line::new(credited.credit), ..Figure::default() }));
}

fn last_credit(out: &mut [Part<'_>], credit: &str) {
    if let Some(Part::Figure(figure)) = out.last_mut() {
        figure.credit = Line::new(credit);
    }
}

/// Whether the row stands right below the one before, without an empty line.
fn touches(rows: &[Row], at: usize) -> bool {
    rows.get(at).is_some_and(|row| !row.gap)
}

/// Whether the page sets its paragraphs apart by empty lines here: then lines that touch belong together.
fn is_sparse(rows: &[Row], marks: &[Mark], at: usize) -> bool {
    let near = at.saturating_sub(8)..(at + 8).min(rows.len());
    let text: Vec<&Row> = near.filter(|at| marks.get(*at) == Some(&Mark::Prose)).filter_map(|at| rows.get(at)).collect();
    !text.is_empty() && text.iter().filter(|row| row.gap).count() * 2 > text.len()
}

fn shares_word(a: &str, b: &str) -> bool {
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 5).map(str::to_owned).collect()
    };
    !words(a).is_disjoint(&words(b))
}

/// The figure of a caption that was copied twice, once as alt text.
fn caption_twice(rows: &[Row], marks: &[Mark], at: usize) -> Option<Figure> {
    let (row, next) = (rows.get(at)?, rows.get(at + 1)?);
    let same = row.words >= 3 && row.key == next.key && marks.get(at + 1) == Some(&Mark::Label);
    same.then(|| Figure { alt: Line::new(&row.text), caption: Line::new(&row.text), ..Figure::default() })
}

/// Whether a row is one short question on its own: a subheading, not what somebody asks in the text.
fn is_question(row: &Row) -> bool {
    row.bullet.is_none()
        && row.words <= LONGEST_HEADING
        && row.text.ends_with('?')
        && !row.text.contains(". ")
        && row.gap
        && is_heading(row)
        && !row.text.starts_with(['"', '“', '„', '«', '–', '—', '-', '‘', '\''])
}

/// Whether a label can be a heading.
fn is_heading(row: &Row) -> bool {
    let first = row.text.chars().find(|c| c.is_alphanumeric());
    row.words <= LONGEST_HEADING
        && first.is_some_and(|c| !c.is_lowercase() && row.key.contains(char::is_alphabetic))
        && !row.text.ends_with([',', ';'])
        && !byline::is_bare_mark(&row.text)
}
