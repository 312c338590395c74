//! What bylines begin with.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::read::agencies;

/// The text after the mark of a byline; none where there is no mark.
pub(super) fn without_mark(text: &str) -> Option<&str> {
    let text = text.trim();
    if !text.contains([' ', ':', '\u{A0}']) {
        return None;
    }
    marks(text)
        .filter_map(|mark| {
            let count = mark.chars().count();
            let end = text.char_indices().nth(count).map(|(at, _)| at)?;
            let (head, rest) = text.split_at_checked(end)?;
            // A name has to follow at once, so "By nature" and "Von wegen" are no marks, but "by AWA SARR" is.
            let next = rest.trim_start().trim_start_matches(':').trim_start();
            let apart = mark.ends_with(':') || rest.starts_with(|c: char| c.is_whitespace() || c == ':');
            let begins = next.starts_with(|c: char| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()));
            let agency = next.split(|c: char| !c.is_alphanumeric()).next().is_some_and(agencies::signs);
            (same(head, mark) && apart && (begins || agency)).then_some(next)
        })
        .min_by_key(|rest| rest.len())
}

/// Whether a line is nothing but a mark: some sites put the name on the next line.
pub(in crate::read) fn is_bare_mark(text: &str) -> bool {
    let text = text.trim().trim_end_matches(':').trim();
    marks(text).any(|mark| same(text, mark.trim_end_matches(':')))
}

/// The marks that begin with the letter that a text begins with.
fn marks(text: &str) -> impl Iterator<Item = &'static str> {
    let first = text.chars().next().and_then(|c| c.to_lowercase().next());
    first.and_then(|first| BY_INITIAL.get(&first)).into_iter().flatten().copied()
}

static BY_INITIAL: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_initial: HashMap<char, Vec<&'static str>> = HashMap::new();
    for mark in MARKS {
        by_initial.entry(mark.chars().next().unwrap_or_default()).or_default().push(mark);
    }
    by_initial
});

fn same(a: &str, b: &str) -> bool {
    a.chars().flat_map(char::to_lowercase).eq(b.chars())
}

/// What a byline begins with, in the languages of the corpora and of West Africa's desks. With a colon first: the longest match wins.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "author of the article:", "written by:", "written by", "reported by", "words by", "story by", "authors:", "author:",
    "authored by", "posted by", "published by", "by:", "by", "von:", "von", "autorin/autor", "autor/in:", "autorin:",
    "autoren:", "autor:", "text:", "ein kommentar von", "eine analyse von", "kommentar von", "kolumne von",
    "eine kolumne von", "gastbeitrag von", "ein gastbeitrag von", "reportage von", "interview von", "analyse von",
    "analysis by", "opinion by", "review by", "interview by", "text by", "ein interview von", "aus dem englischen von",
    "par:", "par", "auteur :", "auteur:", "auteurs :", "auteurs:", "autrice :", "un texte de", "propos recueillis par",
    "por:", "por", "autor", "autora:", "autores:", "da:", "di:", "a cura di", "di", "da", "door:", "door", "av:", "av", "af:",
    "af", "oleh:", "oleh", "przez", "autorzy:", "na:", "mwandishi:", "daga", "автор:", "от", "بقلم:", "بقلم",
    "كتب:", "كتبت:", "نویسنده:", "تحریر:", "מאת:", "מאת",
];
