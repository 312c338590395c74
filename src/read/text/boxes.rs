//! Boxes inside of a text: "Related", some titles of other pages, and the text goes on.

use super::cues::Cue;
use super::mark::Mark;
use super::rows::Row;

/// Rows of the longest box.
const LONGEST: usize = 10;
/// Words of the shortest paragraph with which a text goes on.
const SHORTEST: usize = 15;

/// For each row, whether it stands in a box.
///
/// Such a box stands behind a paragraph, begins with a cue that otherwise ends an article, and whole paragraphs follow,
/// where behind an article each has a title of its own.
pub(super) fn find(rows: &[Row], marks: &[Mark]) -> Vec<bool> {
    let mut inside = vec![false; rows.len()];
    let mut free = 0;
    for (at, mark) in marks.iter().enumerate() {
        if at < free || *mark != Mark::Cue(Cue::Tail) || !is_behind_text(marks, at) {
            continue;
        }
        let next =
            (at + 1..at + LONGEST).take_while(|next| may_stand_in(marks, *next)).find(|next| is_paragraph(rows, marks, *next));
        let Some(end) = next.filter(|next| goes_on(rows, marks, *next)) else { continue };
        inside.iter_mut().take(end).skip(at).for_each(|row| *row = true);
        free = end;
    }
    inside
}

/// Whether a paragraph stands right above a row, but for the page's frame.
fn is_behind_text(marks: &[Mark], at: usize) -> bool {
    let above = marks.get(at.saturating_sub(3)..at).unwrap_or_default().iter().rev();
    above.take_while(|mark| mark.is_text() || matches!(mark, Mark::Cue(Cue::Frame) | Mark::Caption)).any(|mark| mark.is_text())
}

fn may_stand_in(marks: &[Mark], at: usize) -> bool {
    marks.get(at).is_some_and(|mark| {
        matches!(mark, Mark::Label | Mark::Item | Mark::Cells | Mark::Link | Mark::Cue(Cue::Frame | Cue::Pointer) | Mark::Prose)
    })
}

/// Whether a paragraph follows the one at a row; one that is set off may have a heading below it.
fn goes_on(rows: &[Row], marks: &[Mark], at: usize) -> bool {
    let set_off = rows.get(at).is_some_and(|row| row.gap);
    is_paragraph(rows, marks, at + 1) || (set_off && marks.get(at + 1) == Some(&Mark::Label) && is_paragraph(rows, marks, at + 2))
}

fn is_paragraph(rows: &[Row], marks: &[Mark], at: usize) -> bool {
    marks.get(at) == Some(&Mark::Prose) && rows.get(at).is_some_and(|row| row.words >= SHORTEST)
}
