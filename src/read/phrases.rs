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

    /// Whether one of the phrases is the whole text.
    pub fn is(&self, text: &str) -> bool {
        self.of(text).contains(&text)
    }

    /// Whether the text begins with one of the phrases as whole words.
    pub fn begin(&self, text: &str) -> bool {
        self.beginning(text).is_some()
    }

    /// The longest of the phrases with which the text begins, as whole words.
    pub fn beginning(&self, text: &str) -> Option<&'static str> {
        let whole = |phrase: &str| text.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        // What ends with a sign is whole whatever follows.
        let signed = |phrase: &str| !phrase.ends_with(char::is_alphanumeric) && text.starts_with(phrase);
        self.of(text).iter().copied().filter(|phrase| whole(phrase) || signed(phrase)).max_by_key(|phrase| phrase.len())
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

    fn of(&self, text: &str) -> &[&'static str] {
        self.0.get(first_word(text)).map_or(&[], Vec::as_slice)
    }
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
        assert!(phrases.is("read more") && !phrases.is("read more about"));
        assert!(
            phrases.begin("read more: a")
                && phrases.begin("don't miss it")
                && phrases.begin("by:ada")
                && !phrases.begin("ready more")
        );
        assert_eq!(phrases.beginning("read more: a"), Some("read more"));
        assert!(
            phrases.stand_in("here (read more)") && phrases.stand_in("é x") && !phrases.stand_in("tax") && !phrases.stand_in("")
        );
    }
}
