//! Who edited and reported, where a page says so at its end: `Edited by: NAME`, `Reporting by A; Editing by B`.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::byline;
use super::phrases::Phrases;
use crate::domain::{Block, Draft, Line};

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

/// The tables above, ready for looking up.
static MARKS: LazyLock<(Phrases, Phrases)> = LazyLock::new(|| (Phrases::new(EDITORS), Phrases::new(REPORTERS)));

/// Whether a line, in small letters, is of this kind.
pub(super) fn is_credits(key: &str) -> bool {
    let key = key.trim_start_matches(['(', '[', '—', ' ']);
    let (editors, reporters) = &*MARKS;
    LENGTHS.contains(&key.len()) && (editors.begin(key) || reporters.begin(key) || is_contribution(key))
}

/// Whether a line says who edited.
pub(super) fn names_editors(text: &str) -> bool {
    let mut staff = Staff::default();
    if is_credits(&text.to_lowercase()) {
        staff.read(text);
    }
    !staff.editors.is_empty()
}

/// Bytes of the shortest and the longest such line.
const LENGTHS: RangeInclusive<usize> = 8..=500;

/// "NAME in CITY contributed to this report."
fn is_contribution(key: &str) -> bool {
    [
        " contributed to this",
        " contributed reporting",
        " contributed to the report",
        " trug zu diesem",
        " a contribué à",
        " with agencies",
    ]
    .iter()
    .any(|cue| key.contains(cue))
}

/// Whether a paragraph says who an author is, as it is printed below an article: `Ada Lum is a reporter in Dakar.`
///
/// Of others than the `authors`, only what says that they write for a living is taken for it.
pub(super) fn is_biography(text: &str, authors: &[Line]) -> bool {
    // A mail address may stand behind the name: "Ada Lum (ada@example.org) is the editor of River News."
    let Some((name, rest)) = text.split_once(" is ").filter(|(name, _)| name.len() <= LONGEST_SUBJECT) else { return false };
    let name = name.split('(').next().unwrap_or(name).trim();
    let signed = |author: &Line| author.as_str().to_lowercase() == name.to_lowercase();
    let mut words = rest.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8);
    let article = words.next().is_some_and(|word| matches!(word, "a" | "an" | "the"));
    article && (authors.iter().any(signed) || (byline::is_only_names(name) && words.any(|word| WRITERS.contains(&word))))
}

/// Bytes of the longest name in front of a biography.
const LONGEST_SUBJECT: usize = 80;

/// What those are who write articles.
const WRITERS: [&str; 9] =
    ["writer", "Writer", "reporter", "Reporter", "editor", "Editor", "journalist", "correspondent", "columnist"];

/// The names in such a line.
#[derive(Debug, Default)]
pub(super) struct Staff {
    pub editors: Vec<Line>,
    pub reporters: Vec<Line>,
}

impl Staff {
    /// Adds the names of a line.
    pub fn read(&mut self, text: &str) {
        let (editors, reporters) = &*MARKS;
        for part in text.split(';') {
            let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '.'));
            let lower = part.to_lowercase();
            let (marked, names) = match (editors.beginning(&lower), reporters.beginning(&lower)) {
                (Some(marked), _) => (marked, &mut self.editors),
                (None, Some(marked)) => (marked, &mut self.reporters),
                (None, None) => continue,
            };
            // A mark has as many characters in any case of its letters, since none of them changes its length.
            let rest: String = part.chars().skip(marked.chars().count()).collect();
            for name in byline::names(rest.trim_start_matches([':', ' '])) {
                byline::add(names, name);
            }
        }
    }

    /// Takes the lines that name editors out of the end of a text.
    pub fn lift(blocks: &mut Vec<Block>) -> Self {
        let mut staff = Self::default();
        let is_text = |block: &Block| !matches!(block, Block::Figure(_) | Block::Embed { .. });
        // A promo or a link may follow, seldom more.
        let tail = blocks.iter().rposition(is_text).map_or(0, |last| last.saturating_sub(REACH));
        for at in (tail..blocks.len()).rev() {
            let Some(Block::Paragraph(rich)) = blocks.get(at) else { continue };
            let text = rich.plain();
            if is_credits(&text.to_lowercase()) {
                let mut named = Self::default();
                named.read(&text);
                if !named.editors.is_empty() {
                    staff.read(&text);
                    blocks.remove(at);
                }
            }
        }
        staff
    }

    /// Fills in what a draft lacks: its editors, and where nobody signed it, those who reported.
    pub fn fill(self, draft: &mut Draft) {
        if draft.editors.is_empty() {
            draft.editors = self.editors;
        }
        if draft.authors.is_empty() {
            draft.authors = self.reporters;
        }
    }
}

/// How many blocks may stand behind such a line.
const REACH: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Rich;

    #[track_caller]
    fn case(text: &str, editing: &[&str], reporting: &[&str]) {
        let plain = |names: &[Line]| names.iter().map(Line::to_string).collect::<Vec<_>>();
        assert!(is_credits(&text.to_lowercase()), "{text}");
        let mut staff = Staff::default();
        staff.read(text);
        assert_eq!(plain(&staff.editors), editing, "{text}");
        assert_eq!(plain(&staff.reporters), reporting, "{text}");
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

    #[test]
    fn a_biography_tells_who_an_author_is() {
        let authors = byline::names("Ada Lum");
        for text in [
            "Ada Lum is a professor of law.",
            "Ben Okri is a staff writer at The River.",
            "Ben Okri (b@x.example) is the editor.",
        ] {
            assert!(is_biography(text, &authors), "{text}");
        }
        for text in ["Ben Okri is a professor of law.", "The dam is a writer’s dream.", "Ada Lum is late.", "Ada Lum", ""] {
            assert!(!is_biography(text, &authors), "{text}");
        }
    }

    #[test]
    fn editors_are_lifted_from_the_end() {
        let text = |text: &str| Block::Paragraph(Rich::text(text).unwrap());
        let mut blocks = vec![text("The river rises."), text("Edited by: Ada Lum")];
        assert_eq!(Staff::lift(&mut blocks).editors[0].as_str(), "Ada Lum");
        assert_eq!(blocks.len(), 1);
        let mut blocks = vec![text("Edited by many hands over the years, the book grew until it had no end at all.")];
        assert!(Staff::lift(&mut blocks).editors.is_empty());
        assert_eq!(blocks.len(), 1);
    }
}
