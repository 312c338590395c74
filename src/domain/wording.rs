use std::collections::BTreeMap;

use super::{Language, Line};

/// A desk's own words for what a letter says besides what it carries: in every language, or in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// By the word's name; without a language, for all of them.
    words: BTreeMap<&'static str, BTreeMap<Option<Language>, Line>>,
}

impl Wording {
    /// What a desk may put into its own words.
    pub const KEYS: [&'static str; 16] = [
        "by",
        "edited_by",
        "photo",
        "listen",
        "latest_episode",
        "podcast",
        "also_on",
        "also_in",
        "more_at",
        "read_on",
        "cut",
        "reason",
        "contact",
        "archive",
        "light",
        "unsubscribe",
    ];

    /// Sets a word, for one language or for all; `false` where there is no word of this name.
    pub fn set(&mut self, language: Option<Language>, key: &str, word: Line) -> bool {
        let known = Self::KEYS.into_iter().find(|known| *known == key);
        known.map(|key| self.words.entry(key).or_default().insert(language, word)).is_some()
    }

    /// The desk's word in a language (`pt-BR`, or else `pt`).
    pub fn in_language(&self, key: &str, language: &Language) -> Option<&Line> {
        let words = self.words.get(key)?;
        let nearest = || words.get(&Some(Language::parse(language.primary())?));
        words.get(&Some(language.clone())).or_else(nearest)
    }

    /// The desk's word in every language.
    pub fn everywhere(&self, key: &str) -> Option<&Line> {
        self.words.get(key)?.get(&None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_taken() {
        let language = |tag| Language::parse(tag).unwrap();
        let mut wording = Wording::default();
        let line = |text| Line::new(text).unwrap();
        assert!(wording.set(None, "listen", line("Play")));
        assert!(wording.set(Some(language("pt")), "listen", line("Ouça")));
        assert!(wording.set(Some(language("pt-BR")), "listen", line("Escute")));
        assert!(!wording.set(None, "lissen", line("x")));
        let said = |tag| wording.in_language("listen", &language(tag)).or(wording.everywhere("listen")).unwrap().as_str();
        assert_eq!([said("pt-BR"), said("pt-PT"), said("pt"), said("fr")], ["Escute", "Ouça", "Ouça", "Play"]);
        assert_eq!(wording.everywhere("by"), None);
    }
}
