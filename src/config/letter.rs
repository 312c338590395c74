//! What a desk sets about its letters: the section `[letter]`.

use super::options::LetterOptions;
use super::settings::Check;
use crate::domain::{Colour, Href, Line, Mailbox};

#[derive(Debug)]
pub struct LetterSettings {
    pub from: Mailbox,
    pub reply_to: Option<Mailbox>,
    /// The list that is mailed where none is named.
    pub list: Line,
    /// Why the reader gets the letter.
    pub reason: Option<Line>,
    /// Colour of links and buttons.
    pub accent: Option<Colour>,
    /// Where a reader leaves: a page (the reader's token is added), or a mailbox.
    pub unsubscribe: Href,
    /// Whether pictures are shown.
    pub pictures: bool,
}

impl Check {
    pub(super) fn letter(&mut self, options: &LetterOptions) -> Option<LetterSettings> {
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
        Some(LetterSettings {
            reply_to,
            list: list?,
            reason,
            accent,
            pictures: options.pictures.unwrap_or(true),
            from: from?,
            unsubscribe: unsubscribe?,
        })
    }
}
