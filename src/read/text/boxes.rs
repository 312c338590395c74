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

/// Whether a paragraph stands closely above a row: between the two, a heading and parts of the page's frame at most.
fn is_behind_text(marks: &[Mark], at: usize) -> bool {
    let above = marks.get(at.saturating_sub(LONGEST)..at).unwrap_or_default().iter().rev();
    let mut above = above.filter(|mark| **mark != Mark::Cue(Cue::Frame)).take(3);
    above.find(|mark| !matches!(mark, Mark::Label | Mark::Caption)).is_some_and(|mark| mark.is_text())
}

fn may_stand_in(marks: &[Mark], at: usize) -> bool {
    marks
        .get(at)
        .is_some_and(|mark| !matches!(mark, Mark::Cue(Cue::Comments | Cue::Tail) | Mark::Credits | Mark::Caption | Mark::Promo))
}

/// Whether a paragraph follows the one at a row; one that is set off may have a heading below it.
fn goes_on(rows: &[Row], marks: &[Mark], at: usize) -> bool {
    let frame = |at: &usize| marks.get(*at) == Some(&Mark::Cue(Cue::Frame));
    let mut next = (at + 1..at + 6).filter(|at| !frame(at));
    let (Some(first), Some(second)) = (next.next(), next.next()) else { return false };
    let set_off = rows.get(at).is_some_and(|row| row.gap);
    is_paragraph(rows, marks, first) || (set_off && marks.get(first) == Some(&Mark::Label) && is_paragraph(rows, marks, second))
}

fn is_paragraph(rows: &[Row], marks: &[Mark], at: usize) -> bool {
    marks.get(at) == Some(&Mark::Prose) && rows.get(at).is_some_and(|row| row.words >= SHORTEST)
}
