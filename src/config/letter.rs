//! What a desk sets about its letters: the section `[letter]`.

use std::path::{Path, PathBuf};

use super::options::LetterOptions;
use super::settings::Check;
use crate::domain::{Colour, Href, LetterBody, Line, Mailbox, Theme, WithoutAlt, Wording};

#[derive(Debug)]
pub struct LetterSettings {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    /// The list that is mailed where none is named.
    pub list: Line,
    /// Why the reader gets the letter.
    pub reason: Option<Line>,
    /// Colour of links and buttons, in letters and on pages.
    pub accent: Option<Colour>,
    pub theme: Theme,
    /// The desk's own words in the place of griot's.
    pub words: Wording,
    pub body: LetterBody,
    /// Where a reader leaves: a page (the reader's token is added), or a mailbox.
    pub unsubscribe: Href,
    /// Whether pictures are shown.
    pub pictures: bool,
    pub without_alt: WithoutAlt,
    /// The folder of the desk's own templates.
    pub templates: Option<PathBuf>,
}

impl Check {
    pub(super) fn letter(&mut self, options: &LetterOptions, home: &Path) -> Option<LetterSettings> {
        if options.from.is_none() {
            self.problem("letter.from", "is missing: who sends the letter, such as `The Desk <letter@example.org>`");
        }
        let from = self.mailbox("letter.from", options.from.as_ref());
        let reply_to = self.mailbox("letter.reply_to", options.reply_to.as_ref());
        let unsubscribe = self.needed(
            "letter.unsubscribe",
            options.unsubscribe.as_ref(),
            "where a reader leaves: `mailto:leave@example.org` or a page such as `https://example.org/unsubscribe`",
            Href::parse,
        );
        let accent = self.optional("letter.accent", options.accent.as_ref(), "a colour such as `#a03c1e`", Colour::parse);
        let list = self.list("letter.list", options.list.as_ref());
        let reason = self.optional("letter.reason", options.reason.as_ref(), "a line of text", Line::new);
        let body = self.optional("letter.body", options.body.as_ref(), "`full` or `summary`", |word| match word {
            "full" => Some(LetterBody::Full),
            "summary" => Some(LetterBody::Summary),
            _ => None,
        });
        let without_alt = self.optional(
            "letter.pictures_without_alt",
            options.pictures_without_alt.as_ref(),
            "`error`, `decorative` or `leave-out`",
            |word| match word {
                "error" => Some(WithoutAlt::Refused),
                "decorative" => Some(WithoutAlt::Decorative),
                "leave-out" => Some(WithoutAlt::LeftOut),
                _ => None,
            },
        );
        let templates = self.optional("letter.templates", options.templates.as_ref(), "the path of a folder", |folder| {
            (!folder.trim().is_empty()).then(|| home.join(folder))
        });
        let theme = self.theme(options.theme.as_ref(), accent);
        Some(LetterSettings {
            reply_to,
            list: list?,
            reason,
            accent,
            theme,
            words: self.wording(&options.words),
            body: body.unwrap_or_default(),
            pictures: options.pictures.unwrap_or(true),
            without_alt: without_alt.unwrap_or_default(),
            templates,
            from: from?,
            unsubscribe: unsubscribe?,
        })
    }
}
