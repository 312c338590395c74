//! What stands above a markdown text about it: YAML between `---`, or TOML between `+++`.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::Note;

/// The keys that are understood; others are let be, since the same file may serve another program.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FrontMatter {
    pub title: Option<String>,
    pub date: Option<Words>,
    pub published: Option<Words>,
    pub updated: Option<Words>,
    pub lastmod: Option<Words>,
    pub author: Option<Words>,
    pub authors: Option<Words>,
    pub editor: Option<Words>,
    pub editors: Option<Words>,
    pub topics: Option<Words>,
    pub tags: Option<Words>,
    pub categories: Option<Words>,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    pub link: Option<String>,
    // A text by type: Norwegian is `no`, which YAML would else take for false.
    pub language: Option<String>,
    pub lang: Option<String>,
    pub image: Option<Words>,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub promo: Option<Promo>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Promo {
    Text(String),
    Parts { show: Option<String>, text: String },
}

/// Divides a page into its front matter and its text, and tells how many lines stand above the text.
///
/// A broken front matter gives a note with its line, and nothing else.
pub(super) fn split(page: &str) -> (FrontMatter, Option<Note>, &str, usize) {
    let Some((above, body, is_yaml)) = parts(page) else { return (FrontMatter::default(), None, page, 0) };
    let skipped = above.lines().count() + 2;
    let parsed = if is_yaml { yaml(above) } else { toml(above) };
    match parsed {
        Ok(matter) => (matter, None, body, skipped),
        Err((line, why)) => {
            // The fence is the first line of the file.
            let note = Note { line: Some(line + 1), note: format!("the front matter could not be read: {why}") };
            (FrontMatter::default(), Some(note), body, skipped)
        }
    }
}

/// The front matter, what follows it, and whether it is YAML (else TOML); none where a page does not begin with a fence.
pub(super) fn parts(page: &str) -> Option<(&str, &str, bool)> {
    let parts = fenced(page, "---").map(|parts| (parts, true)).or_else(|| fenced(page, "+++").map(|parts| (parts, false)));
    parts.map(|((above, body), is_yaml)| (above, body, is_yaml))
}

/// What stands between a first line that is the fence and the next such line, and what follows.
fn fenced<'a>(page: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let mut lines = page.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == fence)?;
    let mut end = first.len();
    for line in lines {
        if line.trim_end() == fence {
            return Some((page.get(first.len()..end)?, page.get(end + line.len()..)?));
        }
        end += line.len();
    }
    None
}

type Broken = (usize, String);

fn yaml(text: &str) -> Result<FrontMatter, Broken> {
    if text.trim().is_empty() {
        return Ok(FrontMatter::default());
    }
    serde_saphyr::from_str(text).map_err(|error| {
        let line = error.location().map_or(1, |at| usize::try_from(at.line()).unwrap_or(1));
        (line, first_line(&error.to_string()))
    })
}

fn toml(text: &str) -> Result<FrontMatter, Broken> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        (before.matches('\n').count() + 1, first_line(error.message()))
    })
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// A text, several of them, or the names of several things; numbers and TOML's dates as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words(pub Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Words, E> {
        Ok(Words(vec![text.to_owned()]))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Words, E> {
        Ok(Words(vec![value.to_string()]))
    }

    fn visit_unit<E>(self) -> Result<Words, E> {
        Ok(Words::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Words, A::Error> {
        let mut words = Words::default();
        while let Some(Words(inner)) = seq.next_element()? {
            words.0.extend(inner);
        }
        Ok(words)
    }

    /// `{ name: Ada, .. }`, `{ src: a.jpg, .. }`; the toml crate gives a date as a map of one private key.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
        let mut words = Words::default();
        while let Some(key) = map.next_key::<String>()? {
            if matches!(key.as_str(), "name" | "src" | "url") || key.starts_with("$__toml") {
                words.0.extend(map.next_value::<Words>()?.0);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: Option<Words>) -> Vec<String> {
        words.unwrap_or_default().0
    }

    #[test]
    fn yaml_and_toml_say_the_same() {
        for page in [
            "---\ntitle: A\ndate: 2026-03-04\nauthor: [Ada, {name: Ben}]\nlang: no\nother: {x: 1}\npromo: Listen\n---\nText",
            "+++\ntitle = 'A'\ndate = 2026-03-04\nauthor = ['Ada', {name = 'Ben'}]\nlang = 'no'\npromo = 'Listen'\n[other]\nx = 1\n+++\nText",
        ] {
            let (matter, note, body, skipped) = split(page);
            assert_eq!(note, None, "{page}");
            assert_eq!((matter.title.as_deref(), matter.lang.as_deref()), (Some("A"), Some("no")));
            assert_eq!((words(matter.date), words(matter.author)), (vec!["2026-03-04".into()], vec!["Ada".into(), "Ben".into()]));
            assert!(matches!(matter.promo, Some(Promo::Text(text)) if text == "Listen"));
            assert_eq!((body, skipped), ("Text", page.lines().count() - 1));
        }
    }

    #[test]
    fn what_is_broken_is_noted_with_its_line() {
        let line = |page: &str| split(page).1.and_then(|note| note.line);
        assert_eq!(line("---\ntitle: A\nauthor: [Ada\n---\nText").map(|line| line >= 3), Some(true));
        assert_eq!(line("+++\ntitle = 'A'\ndate = \n+++\nText"), Some(3));
        assert_eq!(split("---\n: [\n---\nText").2, "Text");
    }

    #[test]
    fn a_rule_is_no_fence() {
        for page in ["Text\n---\nmore", "---\nnever closed", "", "---"] {
            let (matter, note, body, _) = split(page);
            assert_eq!((matter.title, note, body), (None, None, page));
        }
        assert_eq!(split("---\r\n---\r\nText").2, "Text");
    }
}
