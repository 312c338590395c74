//! The desk's own words for its letters: `[letter.words]`, and `[letter.words.fr]` for one language.

use std::collections::BTreeMap;

use toml::Value;

use super::settings::Check;
use crate::domain::{Language, Line, Wording};

impl Check {
    pub(super) fn wording(&mut self, options: &BTreeMap<String, Value>) -> Wording {
        let mut wording = Wording::default();
        for (name, value) in options {
            match value {
                Value::Table(words) => match Language::parse(name) {
                    Some(language) => {
                        for (word, value) in words {
                            let key = format!("letter.words.{name}.{word}");
                            self.word(&mut wording, Some(&language), &key, word, value);
                        }
                    }
                    None => self.problem(&format!("letter.words.{name}"), format!("`{name}` is not a language tag such as `fr`")),
                },
                value => self.word(&mut wording, None, &format!("letter.words.{name}"), name, value),
            }
        }
        wording
    }

    fn word(&mut self, wording: &mut Wording, language: Option<&Language>, key: &str, word: &str, value: &Value) {
        let Some(line) = value.as_str().and_then(Line::new) else {
            return self.problem(key, "is not a line of text");
        };
        if !wording.set(language.cloned(), word, line) {
            let nearest = Wording::KEYS.into_iter().min_by_key(|known| strsim::damerau_levenshtein(word, known));
            let nearest = nearest.filter(|known| strsim::damerau_levenshtein(word, known) <= 2);
            let meant = nearest.map_or_else(
                || format!("there are {}", Wording::KEYS.map(|known| format!("`{known}`")).join(", ")),
                |known| format!("did you mean `{known}`?"),
            );
            self.problem(key, format!("the letter has no word of this name: {meant}"));
        }
    }
}
