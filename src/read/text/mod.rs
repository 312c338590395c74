//! Reading a page that was copied as text: select all, copy, paste, menus and footers included.
//!
//! Nothing but the words and the line breaks is left of such a page, so it is read in passes, each in a file of its own:
//!
//! 1. [`rows`]: the lines, numbered, folded, unwrapped, measured.
//! 2. [`mark`]: what each row is by itself ([`cues`], [`captions`], [`picture`](super::picture), [`promo`], [`staff`](super::staff), [`links`]).
//! 3. [`boxes`] and [`core`]: where the text of the article stands among menus, boxes and footers.
//! 4. [`title`] and [`header`]: the title, and what stands around it.
//! 5. [`body`]: the text as blocks.
//! 6. [`doubt`]: what looked odd.

mod body;
mod boxes;
mod captions;
mod core;
mod cues;
mod doubt;
mod header;
mod links;
mod mark;
mod rows;
mod title;

pub(super) use self::cues::Cue;
pub(super) use self::mark::Mark;
use super::staff::Staff;
use super::{Page, language, promo};
use crate::domain::Draft;

/// Understands a page of plain text. Pure and total; time grows linearly with the text.
pub(super) fn extract(page: &Page) -> Draft {
    let mut draft = Draft::empty(page.format);
    draft.url.clone_from(&page.url);
    let rows = rows::rows(&page.text);
    if rows.len() == rows::MOST {
        draft.note(rows.last().map(|row| row.number), "the text is too long for an article; nothing is read below this line");
    }
    let marks = mark::marks(&rows);
    let boxes = boxes::find(&rows, &marks);
    let core = core::find(&rows, &marks, &boxes);
    draft.language = language::detect(rows.get(core.clone()).unwrap_or_default().iter().map(|row| row.text.as_str()));
    let title = title::find(&rows, &marks, &core);
    let header = header::read(&mut draft, &rows, &marks, &core, title);
    draft.body = body::blocks(&rows, &marks, &boxes, &core, &header, &draft.authors);
    tail(&mut draft, &rows, &marks, header.start);
    let text = header.start..core.end;
    doubt::doubled_words(&mut draft, rows.get(text.clone()).unwrap_or_default(), marks.get(text).unwrap_or_default());
    draft.notes.sort_by_key(|note| note.line);
    draft
}

/// The lines that say who edited and which show to hear: below the title, wherever they stand.
fn tail(draft: &mut Draft, rows: &[rows::Row], marks: &[mark::Mark], start: usize) {
    let mut staff = Staff::default();
    for (row, mark) in rows.iter().zip(marks).skip(start) {
        match mark {
            mark::Mark::Credits => staff.read(&row.text),
            mark::Mark::Promo if draft.promo.is_none() => draft.promo = promo::of(&row.text),
            _ => {}
        }
    }
    staff.fill(draft);
}

/// What a line is by itself; its white space is folded.
pub(super) fn mark(text: &str) -> Option<mark::Mark> {
    rows::one(text).map(|row| mark::of(&row))
}

#[cfg(test)]
mod tests;
