//! The letter's own words: griot's, or those that the desk has put in their place.

use std::borrow::Cow;

use serde::Serialize;

use super::LetterStyle;
use crate::domain::{Language, Line};
use crate::render::words::Words;

/// What a letter says besides what it carries, in one language.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LetterWords<'a> {
    /// The language of the words, which is English where griot does not know the letter's.
    pub(super) language: &'static str,
    pub(super) direction: &'static str,
    pub(super) start: &'static str,
    pub(super) colon: &'static str,
    pub(super) by: Cow<'a, str>,
    pub(super) edited_by: Cow<'a, str>,
    pub(super) photo: Cow<'a, str>,
    pub(super) listen: Cow<'a, str>,
    pub(super) latest_episode: Cow<'a, str>,
    pub(super) podcast: Cow<'a, str>,
    pub(super) also_on: Cow<'a, str>,
    pub(super) also_in: Cow<'a, str>,
    pub(super) more_at: Cow<'a, str>,
    pub(super) read_on: Cow<'a, str>,
    pub(super) cut: Cow<'a, str>,
    pub(super) reason: Cow<'a, str>,
    pub(super) contact: Cow<'a, str>,
    pub(super) archive: Cow<'a, str>,
    pub(super) light: Cow<'a, str>,
    pub(super) unsubscribe: Cow<'a, str>,
}

impl<'a> LetterWords<'a> {
    /// The words in the first of these languages that griot knows, or in English.
    pub(super) fn of(languages: [&Language; 2], style: &'a LetterStyle) -> Self {
        let words = Words::of(&languages);
        let [language, _] = languages;
        let direction = Language::parse(words.language).map_or("ltr", |language| language.direction());
        let own = |key: &str| style.words.in_language(key, language);
        let say = |key: &str, word: &'static str| {
            let own = own(key).or_else(|| style.words.everywhere(key));
            own.map_or(Cow::Borrowed(word), |own| Cow::Borrowed(own.as_str()))
        };
        let reason = own("reason").or(style.reason.as_ref()).or_else(|| style.words.everywhere("reason"));
        Self {
            language: words.language,
            direction,
            start: start(direction),
            colon: words.colon,
            by: say("by", words.by),
            edited_by: say("edited_by", words.edited_by),
            photo: say("photo", words.photo),
            listen: say("listen", words.listen),
            latest_episode: say("latest_episode", words.latest_episode),
            podcast: say("podcast", words.podcast),
            also_on: say("also_on", words.also_on),
            also_in: say("also_in", words.also_in),
            more_at: say("more_at", words.more_at),
            read_on: say("read_on", words.read_on),
            cut: say("cut", words.cut),
            reason: Cow::Borrowed(reason.map_or(words.reason, Line::as_str)),
            contact: say("contact", words.contact),
            archive: say("archive", words.archive),
            light: say("light", words.light),
            unsubscribe: say("unsubscribe", words.unsubscribe),
        }
    }

    /// What stands before something: `Latest episode:`, `Dernier épisode :`.
    pub(super) fn label(&self, word: &str) -> String {
        format!("{word}{}", self.colon)
    }
}

/// The side on which a line begins: mail programs do not know `start` and `end`.
pub(super) fn start(direction: &str) -> &'static str {
    if direction == "rtl" { "right" } else { "left" }
}
