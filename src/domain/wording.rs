use std::collections::BTreeMap;

use super::{Language, Line};

/// A desk's own words for what a letter says besides what it carries: in every language, or in one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    words: BTreeMap<(Option<Language>, &'static str), Line>,
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
        known.map(|key| self.words.insert((language, key), word)).is_some()
    }

    /// The desk's word in a language (`pt-BR`, or else `pt`).
    pub fn in_language(&self, key: &str, language: &Language) -> Option<&Line> {
        let exact =
            |(tag, named): &(Option<Language>, &'static str)| *named == key && tag.as_ref().is_some_and(|tag| tag == language);
        let nearest = |(tag, named): &(Option<Language>, &'static str)| {
            *named == key && tag.as_ref().is_some_and(|tag| tag.as_str() == language.primary())
        };
        let find = |fits: &dyn Fn(&(Option<Language>, &'static str)) -> bool| {
            self.words.iter().find(|(name, _)| fits(name)).map(|(_, word)| word)
        };
        find(&exact).or_else(|| find(&nearest))
    }

    /// The desk's word in every language.
    pub fn everywhere(&self, key: &str) -> Option<&Line> {
        self.words.iter().find(|((language, named), _)| language.is_none() && *named == key).map(|(_, word)| word)
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
