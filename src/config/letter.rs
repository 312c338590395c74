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
    /// A mailbox beside that page.
    pub unsubscribe_mail: Option<Href>,
    /// Whether that page takes the POST of RFC 8058.
    pub one_click: bool,
    /// Where a reader finds help.
    pub help: Option<Href>,
    /// By what mailbox providers know the sender in their reports of complaints.
    pub feedback_id: Option<Line>,
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
        let unsubscribe_mail = self.optional(
            "letter.unsubscribe_mail",
            options.unsubscribe_mail.as_ref(),
            "a mailbox such as `mailto:leave@example.org`",
            |text| Href::parse(text).filter(|target| matches!(target, Href::Mail(_))),
        );
        if unsubscribe_mail.is_some() && matches!(unsubscribe, Some(Href::Mail(_))) {
            self.problem("letter.unsubscribe_mail", "stands beside a page: `letter.unsubscribe` is a mailbox already");
        }
        let is_https = |page: &Href| matches!(page, Href::Web(page) if page.url().scheme() == "https");
        let one_click = options.one_click.unwrap_or(false);
        if one_click && unsubscribe.as_ref().is_some_and(|page| !is_https(page)) {
            self.problem("letter.one_click", "needs an `https` page as `letter.unsubscribe` (RFC 8058)");
        }
        let help = self.optional("letter.help", options.help.as_ref(), "a page or `mailto:`", Href::parse);
        let feedback_id = self.optional(
            "letter.feedback_id",
            options.feedback_id.as_ref(),
            "a name of 5 to 15 letters, digits, hyphens and dots",
            |text| {
                let is_name =
                    (5..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
                is_name.then(|| Line::new(text)).flatten()
            },
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
            unsubscribe_mail,
            one_click,
            help,
            feedback_id,
        })
    }
}
