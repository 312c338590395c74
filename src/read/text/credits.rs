//! Who edited, where a page says so at its end: `Edited by: NAME`, `Reporting by A; Editing by B`.

use super::rows::Row;
use crate::domain::Line;
use crate::read::byline;

/// Words before the names of editors.
#[rustfmt::skip]
const EDITORS: &[&str] = &[
    "edited and adapted by", "edited by", "editing by", "editor:", "editors:", "copy edited by", "redaktion:",
    "redaktionell bearbeitet von", "redigiert von", "bearbeitet von", "édité par", "edité par", "édition :", "edition :",
    "édition:", "editado por", "edición:", "edição:", "edição de", "editor :", "redactie:", "redigerad av", "redaktør:",
    "mhariri:", "imehaririwa na", "gyarawa:", "editan", "a cura di:",
];

/// Words before the names of reporters, where they stand at the end.
#[rustfmt::skip]
const REPORTERS: &[&str] = &[
    "reporting by", "additional reporting by", "with reporting by", "writing by", "compiled by", "auteur :", "auteurs :",
    "autorin/autor", "author:", "autor:", "autorin:", "mwandishi:",
];

/// Whether a row is of this kind.
pub(super) fn is_credits(row: &Row) -> bool {
    let key = row.key.trim_start_matches(['(', '[', '—', ' ']);
    row.words <= 60
        && (EDITORS.iter().any(|mark| key.starts_with(mark))
            || REPORTERS.iter().any(|mark| key.starts_with(mark))
            || (row.words >= 4 && is_contribution(key)))
}

/// "NAME in CITY contributed to this report."
fn is_contribution(key: &str) -> bool {
    [
        "contributed to this",
        "contributed reporting",
        "contributed to the report",
        "trug zu diesem",
        "a contribué à",
        "with agencies",
    ]
    .iter()
    .any(|cue| key.contains(cue))
}

/// The editors that a row names.
pub(super) fn editors(row: &Row) -> Vec<Line> {
    named(row, EDITORS)
}

/// The reporters that a row names.
pub(super) fn reporters(row: &Row) -> Vec<Line> {
    named(row, REPORTERS)
}

fn named(row: &Row, marks: &[&str]) -> Vec<Line> {
    let mut out = Vec::new();
    for part in row.text.split(';') {
        let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '.'));
        // A mark has as many characters in any case of its letters, since none of them changes its length.
        let lower = part.to_lowercase();
        let Some(mark) = marks.iter().filter(|mark| lower.starts_with(**mark)).max_by_key(|mark| mark.len()) else { continue };
        let rest: String = part.chars().skip(mark.chars().count()).collect();
        for name in byline::names(rest.trim_start_matches([':', ' '])) {
            if !out.contains(&name) {
                out.push(name);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::text::rows::rows;

    #[track_caller]
    fn case(text: &str, editing: &[&str], reporting: &[&str]) {
        let row = rows(text).remove(0);
        let plain = |names: Vec<Line>| names.iter().map(Line::to_string).collect::<Vec<_>>();
        assert!(is_credits(&row), "{text}");
        assert_eq!(plain(editors(&row)), editing, "{text}");
        assert_eq!(plain(reporters(&row)), reporting, "{text}");
    }

    #[test]
    fn the_last_line_says_who_edited() {
        case("Edited by: Awa Sarr", &["Awa Sarr"], &[]);
        case("Edited by Awa Sarr and Ben Okoro", &["Awa Sarr", "Ben Okoro"], &[]);
        case("(Reporting by Awa Sarr in Dakar; Editing by Ben Okoro, Chidi Eze)", &["Ben Okoro", "Chidi Eze"], &["Awa Sarr"]);
        case("Édité par : Jean Le Roux", &["Jean Le Roux"], &[]);
        case("Redaktion: Eva Ost", &["Eva Ost"], &[]);
        case("Awa Sarr in Dakar contributed to this report.", &[], &[]);
    }
}
