use askama::Template;

use super::contents::{Card, Contents, Story};
use super::text::{caption, credited};
use super::{Colour, LetterError};
use crate::domain::{Block, Figure, Language, Line, Newsletter, Rich, WebUrl, fold};

/// The HTML part, ready to be set: plain text, flags and counts only, so that a desk's own template can have the same.
///
/// An empty text stands for what is not there.
#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlLetter {
    language: String,
    direction: &'static str,
    /// The side on which a line of text begins, and the other: mail programs do not know `start` and `end`.
    start: &'static str,
    subject: String,
    preheader: String,
    publication: String,
    home: String,
    accent: Colour,
    accent_ink: Colour,
    link: Colour,
    night_link: Colour,
    lead: HtmlStory,
    blocks: Vec<HtmlBlock>,
    read_on: String,
    editors: String,
    cards: Vec<HtmlCard>,
    items: Vec<HtmlStory>,
    items_cut: bool,
    words: &'static crate::render::words::Words,
    reason: String,
    sender: String,
    contact: String,
    archive: String,
    unsubscribe: &'static str,
}

struct HtmlStory {
    language: String,
    direction: &'static str,
    start: &'static str,
    title: String,
    url: String,
    kicker: String,
    summary: String,
    byline: String,
    day: String,
}

struct HtmlCard {
    show: String,
    text: String,
    image: String,
    listen: String,
    /// The latest episode with its length, and where it is.
    episode: String,
    episode_url: String,
    platforms: Vec<HtmlLink>,
}

struct HtmlLink {
    name: String,
    url: String,
}

/// A block of the article. `kind` says which fields count.
#[derive(Default)]
struct HtmlBlock {
    kind: &'static str,
    /// Safe HTML: running text with its links.
    html: String,
    /// Safe HTML, one for each item of a list.
    items: Vec<String>,
    text: String,
    url: String,
    level: u8,
    /// Pixels of a heading, and of its line.
    size: u8,
    line: u8,
    rows: Vec<Vec<String>>,
    alt: String,
    /// Whether something is said of a picture below it.
    captioned: bool,
    width: u32,
    /// Zero where it is not known.
    height: u32,
}

/// Pixels that a picture may be wide: the column less its padding.
const PICTURE: u32 = 520;

/// The grounds of the letter by day and by night, as in the template: accents have to be readable on them.
const DAY: [Colour; 2] = [Colour::new(0xff, 0xfd, 0xf9), Colour::new(0xf8, 0xf1, 0xe5)];
const NIGHT: [Colour; 2] = [Colour::new(0x21, 0x1d, 0x19), Colour::new(0x2c, 0x27, 0x21)];

/// The HTML part.
pub(super) fn render(contents: &Contents<'_>) -> Result<String, LetterError> {
    let (publication, about, words) = (contents.publication, contents.about, contents.words);
    let link = about.accent.readable_on(&DAY);
    let preheader = contents.preheader.or(contents.lead.summary.as_ref()).cloned();
    let preheader = preheader.or_else(|| contents.body.iter().find_map(|block| Line::new(&block.plain())));
    let shown = about.pictures;
    let letter = HtmlLetter {
        language: contents.language.to_string(),
        direction: contents.language.direction(),
        start: start(contents.language),
        subject: contents.subject.to_string(),
        preheader: preheader.unwrap_or_else(|| contents.lead.title.clone()).shortened(110).to_string(),
        publication: publication.title.to_string(),
        home: publication.home.to_string(),
        accent: about.accent,
        accent_ink: about.accent.ink_on_it(),
        link,
        night_link: about.accent.readable_on(&NIGHT),
        lead: story(&contents.lead),
        blocks: contents.body.iter().map(|block| html_block(block, words.photo, link, shown)).collect(),
        read_on: contents.read_on.as_deref().map(WebUrl::to_string).unwrap_or_default(),
        editors: contents.lead.editors.clone(),
        cards: contents.card.iter().map(|card| html_card(card, shown)).collect(),
        items: contents.items.iter().map(story).collect(),
        items_cut: contents.items_cut,
        words,
        reason: contents.reason().to_owned(),
        sender: contents.sender(),
        contact: publication.owner.as_ref().map(|owner| owner.address.reveal()).unwrap_or_default(),
        archive: about.archive.as_ref().map(WebUrl::to_string).unwrap_or_default(),
        unsubscribe: Newsletter::UNSUBSCRIBE,
    };
    Ok(letter.render()?)
}

fn story(story: &Story<'_>) -> HtmlStory {
    HtmlStory {
        language: story.language.to_string(),
        direction: story.language.direction(),
        start: start(story.language),
        title: story.title.to_string(),
        url: story.url.as_deref().map(WebUrl::to_string).unwrap_or_default(),
        kicker: story.kicker.clone(),
        summary: plain(story.summary.as_ref()),
        byline: story.byline.clone(),
        day: story.day.clone(),
    }
}

fn html_card(card: &Card<'_>, shown: bool) -> HtmlCard {
    let image = card.about.and_then(|show| show.image.as_ref()).filter(|image| shown && is_https(image));
    let link = |(name, url): &(Line, WebUrl)| HtmlLink { name: name.to_string(), url: url.to_string() };
    HtmlCard {
        show: card.show.to_string(),
        text: plain(card.text.as_ref()),
        image: image.map(WebUrl::to_string).unwrap_or_default(),
        episode: card.programme().unwrap_or_default(),
        episode_url: card.episode.and_then(|episode| episode.url.as_ref()).map(WebUrl::to_string).unwrap_or_default(),
        listen: card.listen().map(WebUrl::to_string).unwrap_or_default(),
        platforms: card.platforms().iter().map(link).collect(),
    }
}

fn html_block(block: &Block, photo: &str, link: Colour, shown: bool) -> HtmlBlock {
    let styled = |rich: &Rich| styled(rich, link);
    match block {
        Block::Paragraph(rich) => HtmlBlock { kind: "paragraph", html: styled(rich), ..HtmlBlock::default() },
        Block::Quote(rich) => HtmlBlock { kind: "quote", html: styled(rich), ..HtmlBlock::default() },
        Block::Heading { level, text } => {
            let (size, line) = match level {
                0..=2 => (23, 30),
                3 => (19, 27),
                _ => (17, 26),
            };
            HtmlBlock { kind: "heading", text: text.to_string(), level: (*level).clamp(2, 6), size, line, ..HtmlBlock::default() }
        }
        Block::List { ordered, items } => HtmlBlock {
            kind: if *ordered { "ordered" } else { "unordered" },
            items: items.iter().map(styled).collect(),
            ..HtmlBlock::default()
        },
        Block::Figure(figure) => html_figure(figure, photo, shown),
        Block::Table { rows } => HtmlBlock {
            kind: "table",
            rows: rows.iter().map(|row| row.iter().map(|cell| fold(cell)).collect()).collect(),
            ..HtmlBlock::default()
        },
        Block::Preformatted(text) => HtmlBlock { kind: "preformatted", text: text.trim_end().to_owned(), ..HtmlBlock::default() },
        Block::Embed { url, text } => {
            let url = url.as_ref().map(WebUrl::to_string).unwrap_or_default();
            let text = text.as_ref().map_or_else(|| url.clone(), Line::to_string);
            HtmlBlock { kind: if url.is_empty() { "aside" } else { "embed" }, url, text, ..HtmlBlock::default() }
        }
    }
}

/// A picture with its caption; where there is no picture to show, the caption alone.
fn html_figure(figure: &Figure, photo: &str, shown: bool) -> HtmlBlock {
    let text = caption(figure, photo).unwrap_or_default();
    let Some(src) = figure.src.as_ref().filter(|src| shown && is_https(src)) else {
        return HtmlBlock { kind: "aside", text, ..HtmlBlock::default() };
    };
    let (width, height) = match figure.size {
        Some((width, height)) if width > 0 && height > 0 => {
            let shown = width.min(PICTURE);
            let scaled = u64::from(height) * u64::from(shown) / u64::from(width);
            (shown, u32::try_from(scaled.max(1)).unwrap_or(0))
        }
        _ => (PICTURE, 0),
    };
    HtmlBlock {
        kind: "figure",
        html: figure.credit.as_ref().map(|credit| credited(credit, photo)).unwrap_or_default(),
        text: plain(figure.caption.as_ref()),
        url: src.to_string(),
        captioned: !text.is_empty(),
        alt: plain(figure.alt.as_ref().or(figure.caption.as_ref())),
        width,
        height,
        ..HtmlBlock::default()
    }
}

/// Running text with its links in the letter's colour: a mail program that drops the style sheet would show them blue.
///
/// [`crate::domain::SafeHtml`] escapes every `<` of the text, so what looks like a tag here is one.
fn styled(rich: &Rich, link: Colour) -> String {
    let anchor = format!("<a class=\"link\" style=\"color:{link};text-decoration:underline\" href=");
    let code = "<code style=\"font-family:Menlo,Consolas,monospace;font-size:15px\">";
    rich.html().as_str().replace("<a href=", &anchor).replace("<code>", code)
}

/// Mail programs block or warn of pictures that come unencrypted.
fn is_https(url: &WebUrl) -> bool {
    url.url().scheme() == "https"
}

fn start(language: &Language) -> &'static str {
    if language.direction() == "rtl" { "right" } else { "left" }
}

fn plain(line: Option<&Line>) -> String {
    line.map(Line::to_string).unwrap_or_default()
}
