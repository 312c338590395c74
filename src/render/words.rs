//! The few words that griot itself adds to an article, in the language of the article.

use crate::domain::Language;

/// Labels, each written so that what it labels can follow at once: the space is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Before the credit of a picture.
    pub photo: &'static str,
    /// Before the names of the editors.
    pub edited_by: &'static str,
    /// Before the name of a show, as the text of a link.
    pub listen_to: &'static str,
}

impl Words {
    /// The words in this language; English where it is not in the table.
    pub(super) fn of(language: &Language) -> Self {
        let (photo, edited_by, listen_to) = match language.primary() {
            "ar" => ("الصورة: ", "تحرير: ", "استمع إلى "),
            "de" => ("Foto: ", "Redaktion: ", "Jetzt hören: "),
            "es" => ("Foto: ", "Edición: ", "Escuchar "),
            // French sets a no-break space before a colon.
            "fr" => ("Photo\u{A0}: ", "Édition\u{A0}: ", "Écouter "),
            "pt" => ("Foto: ", "Edição: ", "Ouvir "),
            "sw" => ("Picha: ", "Mhariri: ", "Sikiliza "),
            _ => ("Photo: ", "Edited by ", "Listen to "),
        };
        Self { photo, edited_by, listen_to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_does_not_change_the_words_and_an_unknown_language_has_english_ones() {
        let words = |tag: &str| Words::of(&Language::parse(tag).unwrap());
        assert_eq!(words("pt-BR").listen_to, "Ouvir ");
        assert_eq!(words("fr").photo, "Photo\u{A0}: ");
        assert_eq!(words("xx"), words("en"));
    }
}
