//! What looks odd in a text and is kept as it is.

use super::mark::Mark;
use super::rows::Row;
use crate::domain::{Draft, Language};

/// Notes small words that stand twice in a row, as in "for the the second half": each once for a line.
pub(super) fn doubled_words(draft: &mut Draft, rows: &[Row], marks: &[Mark]) {
    let small = small_words(draft.language.as_ref());
    if small.is_empty() {
        return;
    }
    for (row, _) in rows.iter().zip(marks).filter(|(_, mark)| mark.is_text()) {
        let mut last = "";
        let mut noted: Vec<&str> = Vec::new();
        for word in row.key.split_whitespace() {
            if word == last && small.contains(&word) && !noted.contains(&word) {
                noted.push(word);
                draft.note(Some(row.number), format!("the word `{word}` stands twice; kept as it is"));
            }
            last = word;
        }
    }
}

/// Words of a language that are never meant twice. ("That that", "die die" and "nous nous" can be.)
fn small_words(language: Option<&Language>) -> &'static [&'static str] {
    match language.map(Language::primary) {
        Some("en") => &["the", "a", "an", "of", "to", "and", "for", "with", "from", "at", "by", "are", "was", "were", "be"],
        Some("fr") => &["le", "les", "des", "du", "un", "une", "et", "dans", "pour", "avec", "est", "au"],
        Some("de") => &["und", "von", "mit", "für", "ein", "eine", "auf", "ist", "im", "nicht"],
        Some("es") => &["el", "los", "las", "del", "y", "un", "una", "con", "por", "para", "es"],
        Some("pt") => &["o", "os", "do", "dos", "e", "um", "uma", "com", "por", "para"],
        Some("it") => &["il", "gli", "del", "della", "un", "una", "con", "per", "e"],
        Some("nl") => &["de", "een", "van", "en", "met", "voor", "op"],
        _ => &[],
    }
}
