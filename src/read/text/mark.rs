//! What each row of a page is, told by the row alone.

use super::cues::{self, Cue};
use super::rows::{Bullet, Row};
use super::{captions, links};
use crate::read::{picture, promo, staff};

/// What a row is by itself; the passes that follow look at where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::read) enum Mark {
    /// Running text.
    Prose,
    /// A short whole sentence.
    Remark,
    /// Anything short: a heading, a name, a menu entry.
    Label,
    /// An item of a list.
    Item,
    /// A cell row of a table.
    Cells,
    /// Ends with a photo credit.
    Caption,
    /// An address and nothing else.
    Link,
    /// Says who edited or reported.
    Credits,
    /// Invites to a show.
    Promo,
    /// Part of the page, not of the article.
    Cue(Cue),
}

impl Mark {
    pub fn is_text(self) -> bool {
        matches!(self, Self::Prose | Self::Remark)
    }
}

pub(super) fn marks(rows: &[Row]) -> Vec<Mark> {
    rows.iter()
        .map(|row| match of(row) {
            Mark::Prose | Mark::Remark | Mark::Label if captions::of(row).is_some() => Mark::Caption,
            mark => mark,
        })
        .collect()
}

pub(super) fn of(row: &Row) -> Mark {
    if links::whole(&row.text).is_some() {
        return Mark::Link;
    }
    if staff::is_credits(&row.key) {
        return Mark::Credits;
    }
    if promo::of(&row.text).is_some() {
        return Mark::Promo;
    }
    if let Some(cue) = cues::of(row) {
        return Mark::Cue(cue);
    }
    if picture::split(&row.text).is_some() {
        return Mark::Caption;
    }
    if matches!(row.bullet, Some(Bullet::Dot | Bullet::Number)) {
        return Mark::Item;
    }
    if row.cells.len() >= 2 && !row.is_prose() {
        return Mark::Cells;
    }
    if row.is_prose() {
        return Mark::Prose;
    }
    if row.is_remark() { Mark::Remark } else { Mark::Label }
}
