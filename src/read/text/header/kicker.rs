//! The short line right above a title: what the article is about.

use super::Reader;
use crate::domain::Line;
use crate::read::text::mark::Mark;
use crate::read::text::title;

/// Bytes of the longest kicker.
const LONGEST_KICKER: usize = 120;

impl Reader<'_> {
    /// The short line right above the title: what the article is about.
    pub(super) fn kicker(&mut self, title: usize) {
        let Some(at) = title.checked_sub(1) else { return };
        let (Some(row), Some(Mark::Label | Mark::Cells)) = (self.rows.get(at), self.marks.get(at)) else { return };
        if row.words > 6
            || row.text.len() > LONGEST_KICKER
            || title::is_dateline(row)
            || row.text.contains([':', '@', '©'])
            || !row.key.contains(char::is_alphabetic)
        {
            return;
        }
        let known = |word: &str| self.rows.iter().enumerate().any(|(other, row)| other != at && contains_word(&row.text, word));
        let mut topics: Vec<Line> = Vec::new();
        for part in row.text.split(['/', '|', '›', '»', '>', '•', '·', '\t']) {
            for piece in unglued(part, known) {
                topics.extend(Line::new(piece.trim_end_matches([' ', '–', '—', '-'])).filter(|topic| !topics.contains(topic)));
            }
        }
        self.draft.topics = topics;
        self.taken.insert(at);
    }
}

/// Cuts a kicker where two link texts were run together: a capital right behind a small letter.
///
/// A word that stands like that elsewhere on the page is a name (`AfricaLink`) and stays whole.
fn unglued(text: &str, known: impl Fn(&str) -> bool) -> Vec<&str> {
    /// Letters of the shortest topic.
    const SHORTEST: usize = 3;
    let mut out = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let (left, right) = (text.get(start..at).unwrap_or_default(), text.get(at..).unwrap_or_default());
        let long = left.trim().chars().count() >= SHORTEST && right.trim().chars().count() >= SHORTEST;
        if before.is_lowercase() && c.is_uppercase() && long && !left.ends_with("Mac") {
            let word_start = text.get(..at).and_then(|text| text.rfind(char::is_whitespace)).map_or(0, |space| space + 1);
            let word_end = right.find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |end| at + end);
            if !text.get(word_start..word_end).is_some_and(&known) {
                out.push(left);
                start = at;
            }
        }
        before = c;
    }
    out.extend(text.get(start..));
    out
}

fn contains_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
