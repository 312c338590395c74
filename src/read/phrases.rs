//! Lists of cue phrases that are looked up quickly.

use std::collections::HashMap;

/// Phrases by their first word, so that a text is compared only with those that can stand in it.
#[derive(Debug)]
pub(super) struct Phrases(HashMap<&'static str, Vec<&'static str>>);

impl Phrases {
    pub fn new(phrases: &[&'static str]) -> Self {
        let mut by_word: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
        for phrase in phrases {
            by_word.entry(first_word(phrase)).or_default().push(phrase);
        }
        Self(by_word)
    }

    /// Whether the text begins with one of the phrases as whole words.
    pub fn begin(&self, text: &str) -> bool {
        self.beginning(text).is_some()
    }

    /// The longest of the phrases with which the text begins, as whole words.
    pub fn beginning(&self, text: &str) -> Option<&'static str> {
        let phrases = self.0.get(first_word(text)).into_iter().flatten().copied();
        phrases.filter(|phrase| begins(text, phrase)).max_by_key(|phrase| phrase.len())
    }

    /// Whether one of the phrases stands in the text, from the beginning of a word on.
    pub fn stand_in(&self, text: &str) -> bool {
        let mut rest = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        while !rest.is_empty() {
            let word = first_word(rest);
            if self.0.get(word).is_some_and(|phrases| phrases.iter().any(|phrase| rest.starts_with(phrase))) {
                return true;
            }
            rest = rest.get(word.len()..).unwrap_or_default().trim_start_matches(|c: char| !c.is_alphanumeric());
        }
        false
    }
}

/// Several lists of phrases, in all of which a text is looked up at once.
#[derive(Debug)]
pub(super) struct Lists<L>(HashMap<&'static str, Vec<(L, &'static str)>>);

impl<L: Copy + PartialEq> Lists<L> {
    pub fn new(lists: &[(L, &[&'static str])]) -> Self {
        let mut by_word: HashMap<&'static str, Vec<(L, &'static str)>> = HashMap::new();
        for (list, phrases) in lists {
            for phrase in *phrases {
                by_word.entry(first_word(phrase)).or_default().push((*list, phrase));
            }
        }
        Self(by_word)
    }

    /// The phrases that have their first word in common with a text.
    pub fn look_up<'a>(&'a self, text: &'a str) -> Found<'a, L> {
        Found { text, phrases: self.0.get(first_word(text)).map_or(&[], Vec::as_slice) }
    }
}

/// A text, and the phrases that it could be.
#[derive(Debug)]
pub(super) struct Found<'a, L> {
    text: &'a str,
    phrases: &'a [(L, &'static str)],
}

impl<L: Copy + PartialEq> Found<'_, L> {
    /// Whether a phrase of a list is the whole text.
    pub fn is(&self, list: L) -> bool {
        self.phrases.iter().any(|(of, phrase)| *of == list && *phrase == self.text)
    }

    /// Whether the text begins with a phrase of a list as whole words.
    pub fn begins(&self, list: L) -> bool {
        self.phrases.iter().any(|(of, phrase)| *of == list && begins(self.text, phrase))
    }
}

/// Whether a text begins with a phrase as whole words; what ends with a sign is whole whatever follows.
fn begins(text: &str, phrase: &str) -> bool {
    let whole = |rest: &str| !rest.starts_with(char::is_alphanumeric) || !phrase.ends_with(char::is_alphanumeric);
    text.strip_prefix(phrase).is_some_and(whole)
}

/// The letters and digits that a text begins with.
fn first_word(text: &str) -> &str {
    text.find(|c: char| !c.is_alphanumeric()).and_then(|end| text.get(..end)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        let phrases = Phrases::new(&["read more", "read", "by:", "don't miss", "x"]);
        assert!(
            phrases.begin("read more: a")
                && phrases.begin("don't miss it")
                && phrases.begin("by:ada")
                && !phrases.begin("ready more")
        );
        assert_eq!(phrases.beginning("read more: a"), Some("read more"));
        let lists = Lists::new(&[('a', &["read more", "by:"]), ('b', &["read"])]);
        assert!(lists.look_up("read more").is('a') && !lists.look_up("read more about").is('a'));
        assert!(lists.look_up("read more: a").begins('b') && !lists.look_up("read: a").begins('a'));
        assert!(
            phrases.stand_in("here (read more)") && phrases.stand_in("é x") && !phrases.stand_in("tax") && !phrases.stand_in("")
        );
    }
}
