//! A mail to one reader: to confirm a subscription, or to say that there is one.

use askama::Template;

use super::contents::sender;
use super::look::Look;
use super::notice_words::NoticeWords;
use super::words::start;
use super::wrap::{underlined, wrap};
use super::{LetterError, LetterStyle};
use crate::domain::{Language, Line, Newsletter, Publication, WebUrl};

/// What a mail to one reader is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Whoever asked for the letter has to confirm that it is for this address.
    Confirm,
    /// Somebody asked for the letter, and it comes to this address already.
    Known,
}

/// Nothing in it comes from whoever asked: no name, no text.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    pub kind: NoticeKind,
    /// The title of the list.
    pub list: &'a Line,
    pub language: &'a Language,
    /// Where the button leads: to the page that confirms, or to the reader's own page.
    pub link: &'a WebUrl,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct HtmlNotice<'a> {
    language: &'a str,
    direction: &'static str,
    start: &'static str,
    subject: &'a str,
    publication: &'a str,
    home: &'a str,
    said: &'a str,
    link: &'a str,
    button: &'a str,
    ignored: &'a str,
    sender: &'a str,
    theme: Look,
}

#[derive(Template)]
#[template(path = "notice.txt")]
struct TextNotice<'a> {
    masthead: String,
    said: String,
    link: &'a str,
    button: String,
    ignored: String,
    sender: String,
}

/// The mail, in the look of the letters. Its language is the reader's where griot knows that, else the publication's.
pub fn notice(notice: &Notice<'_>, publication: &Publication, style: &LetterStyle) -> Result<Newsletter, LetterError> {
    let words = NoticeWords::of(&[notice.language, &publication.language]);
    let direction = Language::parse(words.language).map_or("ltr", |language| language.direction());
    let said = words.of_kind(notice.kind);
    let (subject, about) = (with(said.subject, notice.list), with(said.about, notice.list));
    let sender = sender(publication);
    let html = HtmlNotice {
        language: words.language,
        direction,
        start: start(direction),
        subject: &subject,
        publication: publication.title.as_str(),
        home: publication.home.as_str(),
        said: &about,
        link: notice.link.as_str(),
        button: said.button,
        ignored: said.ignored,
        sender: &sender,
        theme: Look::of(&style.theme, None),
    };
    let text = TextNotice {
        masthead: format!("{}\n{}", underlined(publication.title.as_str(), '='), publication.home),
        said: wrap(&about, "", ""),
        link: notice.link.as_str(),
        button: format!("{}{}", said.button, words.colon),
        ignored: wrap(said.ignored, "", ""),
        sender: wrap(&sender, "", ""),
    };
    let (html, text) = (html.render()?, text.render()?);
    Ok(Newsletter { subject: Line::new(&subject).ok_or(LetterError::Empty)?, html, text, pictures: Vec::new() })
}

/// The words with the title of the list in its place.
fn with(words: &str, list: &Line) -> String {
    words.replace("{list}", list.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::LetterBody;

    const LANGUAGES: [&str; 9] = ["en", "fr", "de", "es", "pt", "sw", "ar", "it", "nl"];

    fn publication() -> Publication {
        crate::render::letter::tests::publication()
    }

    #[test]
    fn both_parts_say_the_same_in_each_language() {
        let (list, link) =
            (Line::new("Tides <&> \"Ferries\"").unwrap(), WebUrl::parse("https://delta.example/c?t=abc&x=1").unwrap());
        let style = LetterStyle { body: LetterBody::Full, ..LetterStyle::default() };
        for tag in LANGUAGES {
            let language = Language::parse(tag).unwrap();
            for kind in [NoticeKind::Confirm, NoticeKind::Known] {
                let made =
                    notice(&Notice { kind, list: &list, language: &language, link: &link }, &publication(), &style).unwrap();
                assert!(made.subject.as_str().contains(list.as_str()), "{tag} {}", made.subject);
                assert!(made.text.contains("\nhttps://delta.example/c?t=abc&x=1\n"), "{tag}\n{}", made.text);
                assert!(made.html.contains("href=\"https://delta.example/c?t=abc&#38;x=1\""), "{tag}\n{}", made.html);
                assert!(made.html.contains(&format!("<html lang=\"{tag}\"")) && !made.html.contains("<&>"), "{tag}");
                assert!(!made.html.contains("{list}") && !made.text.contains("{list}"), "{tag}");
                assert!(made.text.lines().all(|line| line.chars().count() <= 72 || line.starts_with("http")), "{}", made.text);
            }
        }
    }

    #[test]
    fn a_language_that_griot_does_not_know_gives_way_to_the_publication_s() {
        let list = Line::new("Wasika").unwrap();
        let (language, link) = (Language::parse("ha").unwrap(), WebUrl::parse("https://delta.example/").unwrap());
        let about = Notice { kind: NoticeKind::Confirm, list: &list, language: &language, link: &link };
        let mut publication = publication();
        publication.language = Language::parse("fr").unwrap();
        let made = notice(&about, &publication, &LetterStyle::default()).unwrap();
        assert!(made.html.contains("<html lang=\"fr\""), "{}", made.html);
    }
}
