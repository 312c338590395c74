use askama::Template;
use serde::Serialize;

use super::blocks::{Part, parts};
use super::contents::{Card, Contents, Story};
use super::look::Look;
use super::words::{LetterWords, start};
use super::{LetterError, LetterStyle};
use crate::domain::{Line, Newsletter, WebUrl};

/// The HTML part, ready to be set: plain text, flags and numbers only, so that a desk's own template can have the same.
///
/// An empty text stands for what is not there. The head of `templates/letter.html` explains the fields to those who write one.
#[derive(Serialize, Template)]
#[template(path = "letter.html")]
struct HtmlLetter<'a> {
    language: String,
    direction: &'static str,
    /// The side on which a line of text begins: mail programs do not know `start` and `end`.
    start: &'static str,
    subject: String,
    preheader: String,
    publication: String,
    home: String,
    theme: Look,
    low_data: bool,
    lead: HtmlStory<'a>,
    parts: Vec<Part>,
    read_on: String,
    cut_short: bool,
    editors: String,
    cards: Vec<HtmlCard>,
    items: Vec<HtmlStory<'a>>,
    items_cut: bool,
    words: &'a LetterWords<'a>,
    sender: String,
    contact: String,
    archive: String,
    light: String,
    unsubscribe: &'static str,
}

#[derive(Serialize)]
struct HtmlStory<'a> {
    language: String,
    direction: &'static str,
    start: &'static str,
    title: String,
    url: String,
    kicker: String,
    summary: String,
    byline: String,
    day: String,
    read_on: &'a str,
}

#[derive(Serialize)]
struct HtmlCard {
    language: String,
    direction: &'static str,
    start: &'static str,
    show: String,
    text: String,
    image: String,
    listen: String,
    /// The latest episode with its length, and where it is.
    episode: String,
    episode_url: String,
    platforms: Vec<HtmlLink>,
}

#[derive(Serialize)]
struct HtmlLink {
    name: String,
    url: String,
}

/// Longest preheader, in characters: as much as mail programs show in their lists.
const PREHEADER: usize = 100;

/// The HTML part; none where a desk's own template makes more of it than any letter may be.
pub(super) fn render(contents: &Contents<'_>) -> Result<Option<String>, LetterError> {
    let (publication, about) = (contents.publication, contents.about);
    let preheader = contents.preheader.or(contents.lead.summary.as_ref()).cloned();
    let preheader = preheader.or_else(|| contents.body.iter().find_map(|block| Line::new(&block.plain())));
    let logo = about.theme.logo.as_ref().filter(|logo| about.shows(&logo.url));
    let letter = HtmlLetter {
        language: contents.language.to_string(),
        direction: contents.language.direction(),
        start: start(contents.language.direction()),
        subject: contents.subject.to_string(),
        preheader: preheader.unwrap_or_else(|| contents.lead.title.clone()).shortened(PREHEADER).to_string(),
        publication: publication.title.to_string(),
        home: publication.home.to_string(),
        theme: Look::of(&about.theme, logo),
        low_data: about.low_data,
        lead: story(&contents.lead),
        parts: parts(contents),
        read_on: contents.read_on.as_deref().map(WebUrl::to_string).unwrap_or_default(),
        cut_short: contents.cut_short,
        editors: contents.lead.editors.clone(),
        cards: contents.card.iter().map(|card| html_card(card, about)).collect(),
        items: contents.items.iter().map(story).collect(),
        items_cut: contents.items_cut,
        words: &contents.words,
        sender: contents.sender(),
        contact: publication.owner.as_ref().map(|owner| owner.address.reveal()).unwrap_or_default(),
        archive: about.archive.as_ref().map(WebUrl::to_string).unwrap_or_default(),
        light: about.light_version.as_ref().map(WebUrl::to_string).unwrap_or_default(),
        unsubscribe: Newsletter::UNSUBSCRIBE,
    };
    match about.templates.as_deref().filter(|own| own.has_html()) {
        Some(own) => Ok(own.html(&letter, &letter.sender)?),
        None => Ok(Some(letter.render()?)),
    }
}

fn story<'a>(story: &'a Story<'_>) -> HtmlStory<'a> {
    HtmlStory {
        language: story.language.to_string(),
        direction: story.language.direction(),
        start: start(story.language.direction()),
        title: story.title.to_string(),
        url: story.url.as_deref().map(WebUrl::to_string).unwrap_or_default(),
        kicker: story.kicker.clone(),
        summary: plain(story.summary.as_ref()),
        byline: story.byline.clone(),
        // A date that is torn apart at a line's end reads badly.
        day: story.day.replace(' ', "\u{a0}"),
        read_on: &story.words.read_on,
    }
}

fn html_card(card: &Card<'_>, about: &LetterStyle) -> HtmlCard {
    let image = card.about.and_then(|show| show.image.as_ref()).filter(|image| about.shows(image));
    let link = |(name, url): &(Line, WebUrl)| HtmlLink { name: name.to_string(), url: url.to_string() };
    HtmlCard {
        language: card.language.to_string(),
        direction: card.language.direction(),
        start: start(card.language.direction()),
        show: card.show.to_string(),
        text: plain(card.text.as_ref()),
        image: image.map(WebUrl::to_string).unwrap_or_default(),
        episode: card.programme().unwrap_or_default(),
        episode_url: card.episode.and_then(|episode| episode.url.as_ref()).map(WebUrl::to_string).unwrap_or_default(),
        listen: card.listen().map(WebUrl::to_string).unwrap_or_default(),
        platforms: card.platforms().iter().map(link).collect(),
    }
}

fn plain(line: Option<&Line>) -> String {
    line.map(Line::to_string).unwrap_or_default()
}
