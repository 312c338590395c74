//! What a desk sets about its letters: the section `[letter]`.

use std::path::{Path, PathBuf};

use super::options::{LetterOptions, PicturesOptions, nearest};
use super::settings::Check;
use crate::domain::{
    Colour, Href, LetterBody, Line, Mailbox, Pattern, PatternError, Placeholder, Theme, WebUrl, WithoutAlt, Wording,
};

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
    /// A mailbox beside that page.
    pub unsubscribe_mail: Option<Href>,
    /// Whether that page takes the POST of RFC 8058.
    pub one_click: bool,
    /// Where a reader finds help.
    pub help: Option<Href>,
    /// By what mailbox providers know the sender in their reports of complaints.
    pub feedback_id: Option<Line>,
    pub pictures: Pictures,
    pub without_alt: WithoutAlt,
    /// The folder of the desk's own templates.
    pub templates: Option<PathBuf>,
    pub patterns: Patterns,
    /// Lists whose readers get the letter without pictures.
    pub low_data_lists: Vec<Line>,
    /// Whether every letter leads to a light one for browsers.
    pub light_version: bool,
    /// Whether the letters have a feed of their own.
    pub feed: bool,
}

/// How a letter shows pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// The mail program fetches them.
    #[default]
    Linked,
    /// They travel inside the message.
    Attached,
    /// Their captions and credits alone.
    None,
}

/// What letters are called, and what a list of mails shows behind that; without a pattern, the title of the lead and its
/// beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    pub subject: Option<Pattern>,
    pub preheader: Option<Pattern>,
}

impl Check {
    /// `pages`: the public address of griot's own pages for readers, by which they leave unless the desk says otherwise.
    pub(super) fn letter(&mut self, options: &LetterOptions, home: &Path, pages: Option<&WebUrl>) -> Option<LetterSettings> {
        if options.from.is_none() {
            self.problem("letter.from", "is missing: who sends the letter, such as `The Desk <letter@example.org>`");
        }
        let from = self.mailbox("letter.from", options.from.as_ref());
        let reply_to = self.mailbox("letter.reply_to", options.reply_to.as_ref());
        let own = pages.filter(|_| options.unsubscribe.is_none()).and_then(|pages| pages.join("unsubscribe")).map(Href::Web);
        let is_own = own.is_some();
        let unsubscribe = own.or_else(|| {
            self.needed(
                "letter.unsubscribe",
                options.unsubscribe.as_ref(),
                "where a reader leaves: `mailto:leave@example.org` or a page such as `https://example.org/unsubscribe`; \
                 it is not needed with `serve.url`",
                Href::parse,
            )
        });
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
        let one_click = options.one_click.unwrap_or_else(|| is_own && unsubscribe.as_ref().is_some_and(is_https));
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
        let pictures = self.pictures(options.pictures.as_ref());
        let patterns = self.patterns("letter", options.subject.as_ref(), options.preheader.as_ref());
        let low_data = options.low_data_lists.iter();
        let low_data_lists = low_data.filter_map(|name| self.list("letter.low_data_lists", Some(name))).collect();
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
            patterns,
            low_data_lists,
            light_version: options.light_version.unwrap_or(false),
            feed: options.feed.unwrap_or(false),
            reply_to,
            list: list?,
            reason,
            accent,
            pictures,
            theme,
            words: self.wording(&options.words),
            body: body.unwrap_or_default(),
            without_alt: without_alt.unwrap_or_default(),
            templates,
            from: from?,
            unsubscribe: unsubscribe?,
            unsubscribe_mail,
            one_click,
            help,
            feedback_id,
        })
    }

    fn pictures(&mut self, options: Option<&PicturesOptions>) -> Pictures {
        match options {
            None | Some(PicturesOptions::Flag(true)) => Pictures::Linked,
            Some(PicturesOptions::Flag(false)) => Pictures::None,
            Some(PicturesOptions::Word(word)) => match word.as_str() {
                "linked" => Pictures::Linked,
                "attached" => Pictures::Attached,
                "none" => Pictures::None,
                _ => {
                    self.problem("letter.pictures", format!("`{word}` is not one of `linked`, `attached`, `none`"));
                    Pictures::Linked
                }
            },
        }
    }

    pub(super) fn patterns(&mut self, section: &str, subject: Option<&String>, preheader: Option<&String>) -> Patterns {
        Patterns {
            subject: self.pattern(&format!("{section}.subject"), subject),
            preheader: self.pattern(&format!("{section}.preheader"), preheader),
        }
    }

    fn pattern(&mut self, key: &str, text: Option<&String>) -> Option<Pattern> {
        match Pattern::parse(text?) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let more = match &error {
                    PatternError::Unknown(name) => format!(": {}", known_places(name)),
                    _ => String::new(),
                };
                self.problem(key, format!("{error}{more}"));
                None
            }
        }
    }
}

/// The place that was probably meant, or all that there are.
fn known_places(unknown: &str) -> String {
    let names = || Placeholder::ALL.iter().map(|place| place.name());
    let all = names().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ");
    match nearest(&unknown.to_lowercase(), names()) {
        Some(name) => format!("did you mean `{{{name}}}`? There are {all}"),
        None => format!("there are {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_leave_by_griot_s_own_pages_unless_the_desk_says_otherwise() {
        use crate::config::{Options, Settings};
        let settings = |letter: &str, serve: &str| {
            let text = format!(
                "[publication]\ntitle = 'T'\nhome = 'https://e.org/'\nfeeds = 'https://e.org/feeds'\nlanguage = 'en'\n\
                 postal_address = 'x'\n[letter]\nfrom = 'a@e.org'\n{letter}\n{serve}\n"
            );
            let file = Path::new("griot.toml");
            Settings::from_options(file, Options::parse(file, &text).unwrap()).map(|settings| settings.letter.unwrap())
        };
        let pages = "[serve]\nurl = 'https://e.org/letters'";
        let own = settings("", pages).unwrap();
        assert_eq!((own.unsubscribe.as_str(), own.one_click), ("https://e.org/letters/unsubscribe", true));
        assert!(!settings("one_click = false", pages).unwrap().one_click);
        assert!(!settings("", "[serve]\nurl = 'http://e.org/letters'").unwrap().one_click, "it has to be https");
        let elsewhere = settings("unsubscribe = 'https://e.org/leave'", pages).unwrap();
        assert_eq!((elsewhere.unsubscribe.as_str(), elsewhere.one_click), ("https://e.org/leave", false));
        assert!(settings("", "").is_err() && settings("", "[serve]\nlisten = '127.0.0.1:80'").is_err());
    }

    #[test]
    fn a_place_that_is_not_known_gets_the_one_that_was_meant() {
        assert!(known_places("Titel").starts_with("did you mean `{title}`? There are `{title}`, `{titles}`, `{count}`"));
        assert!(known_places("zzzzzzzz").starts_with("there are `{title}`"));
    }
}
