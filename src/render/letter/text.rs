use askama::Template;

use super::LetterError;
use super::contents::{Card, Contents, Story};
use super::wrap::{underlined, wrap};
use crate::domain::{Block, Figure, Href, Inline, Line, Newsletter, Rich, WebUrl, fold};

/// The text part, ready to be set: every field is lines already wrapped; an empty one is left out.
#[derive(Template)]
#[template(path = "letter.txt")]
struct TextLetter {
    masthead: String,
    pieces: Vec<String>,
    footer: Vec<String>,
}

/// The plain-text part.
pub(super) fn render(contents: &Contents<'_>) -> Result<String, LetterError> {
    let words = contents.words;
    let mut pieces = Pieces::default();
    pieces.story(&contents.lead, '=');
    for block in contents.body {
        pieces.block(block, words.photo);
    }
    if let Some(url) = &contents.read_on {
        pieces.add(format!("{}\n{}", wrap(words.cut, "", ""), labelled(words.read_on, url.as_str())));
    }
    if !contents.lead.editors.is_empty() {
        pieces.add(wrap(&format!("{} {}", words.edited_by, contents.lead.editors), "", ""));
    }
    if let Some(card) = &contents.card {
        pieces.card(card, contents);
    }
    if !contents.items.is_empty() {
        pieces.add(underlined(words.also_in, '='));
    }
    for item in &contents.items {
        pieces.story(item, '-');
    }
    if contents.items_cut {
        pieces.add(labelled(words.more_at, contents.publication.home.as_str()));
    }
    let publication = contents.publication;
    let masthead = format!("{}\n{}", underlined(publication.title.as_str(), '='), publication.home);
    Ok(TextLetter { masthead, pieces: pieces.0, footer: footer(contents) }.render()?)
}

fn footer(contents: &Contents<'_>) -> Vec<String> {
    let (words, publication) = (contents.words, contents.publication);
    let mut footer = vec![wrap(contents.reason(), "", "")];
    footer.extend(contents.about.archive.as_ref().map(|url| labelled(words.archive, url.as_str())));
    footer.extend(publication.owner.as_ref().map(|owner| format!("{}: {}", words.contact, owner.address.reveal())));
    footer.push(labelled(words.unsubscribe, Newsletter::UNSUBSCRIBE));
    footer.push(wrap(&contents.sender(), "", ""));
    footer
}

/// The paragraphs of the letter, gathered one after the other.
#[derive(Default)]
struct Pieces(Vec<String>);

impl Pieces {
    fn add(&mut self, piece: String) {
        if !piece.is_empty() {
            self.0.push(piece);
        }
    }

    fn story(&mut self, story: &Story<'_>, underline: char) {
        let mut head = String::new();
        if !story.kicker.is_empty() {
            head = wrap(&story.kicker, "", "") + "\n";
        }
        head += &underlined(story.title.as_str(), underline);
        if let Some(url) = &story.url {
            head = format!("{head}\n{url}");
        }
        self.add(head);
        self.add(story.summary.as_ref().map(|summary| wrap(summary.as_str(), "", "")).unwrap_or_default());
        let between = if story.byline.is_empty() { "" } else { " · " };
        self.add(wrap(&format!("{}{between}{}", story.byline, story.day), "", ""));
    }

    fn block(&mut self, block: &Block, photo: &str) {
        match block {
            Block::Paragraph(rich) => self.add(with_links(rich, "", "")),
            Block::Heading { text, .. } => self.add(underlined(text.as_str(), '-')),
            Block::Quote(rich) => self.add(with_links(rich, "> ", "> ")),
            Block::List { ordered, items } => {
                let item = |(at, rich): (usize, &Rich)| {
                    let mark = if *ordered { format!("{}. ", at + 1) } else { "- ".to_owned() };
                    with_links(rich, &mark, &" ".repeat(mark.len()))
                };
                self.add(items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n"));
            }
            Block::Figure(figure) => {
                let alt = figure.alt.as_ref().filter(|_| figure.src.is_some()).map(|alt| format!("[{alt}]"));
                let said = [alt, caption(figure, photo)].into_iter().flatten().map(|line| wrap(&line, "  ", "  "));
                self.add(said.collect::<Vec<_>>().join("\n"));
            }
            Block::Table { rows } => {
                let row = |row: &Vec<String>| wrap(&fold(&row.join(" | ")), "", "  ");
                self.add(rows.iter().map(row).collect::<Vec<_>>().join("\n"));
            }
            Block::Preformatted(text) => self.add(text.trim_end().to_owned()),
            Block::Embed { url, text } => {
                let text = text.as_ref().map(|text| wrap(text.as_str(), "", ""));
                let url = url.as_ref().map(WebUrl::to_string);
                self.add([text, url].into_iter().flatten().collect::<Vec<_>>().join("\n"));
            }
        }
    }

    fn card(&mut self, card: &Card<'_>, contents: &Contents<'_>) {
        let words = contents.words;
        self.add(underlined(&format!("{}: {}", words.podcast, card.show), '='));
        self.add(card.text.as_ref().map(|text| wrap(text.as_str(), "", "")).unwrap_or_default());
        if let Some(programme) = card.programme() {
            let url = card.episode.and_then(|episode| episode.url.as_ref()).map(|url| format!("\n{url}")).unwrap_or_default();
            self.add(format!("{}{url}", wrap(&format!("{}: {programme}", words.latest_episode), "", "")));
        }
        self.add(card.listen().map(|url| labelled(words.listen, url.as_str())).unwrap_or_default());
        let platform = |(name, url): &(Line, WebUrl)| labelled(&format!("{} {name}", words.also_on), url.as_str());
        self.add(card.platforms().iter().map(platform).collect::<Vec<_>>().join("\n"));
    }
}

/// What is said of a picture: what it shows, and whose it is.
pub(super) fn caption(figure: &Figure, photo: &str) -> Option<String> {
    let credit = figure.credit.as_ref().map(|credit| credited(credit, photo));
    match (&figure.caption, credit) {
        (Some(caption), Some(credit)) => Some(format!("{caption} ({credit})")),
        (Some(caption), None) => Some(caption.to_string()),
        (None, credit) => credit,
    }
}

/// The credit after its word, unless it brings one of its own, as in `Image: A. Person`.
pub(super) fn credited(credit: &Line, photo: &str) -> String {
    let own = credit.as_str().split_once(':').is_some_and(|(word, _)| word.chars().count() <= 12 && !word.contains(' '));
    if own { credit.to_string() } else { format!("{photo} {credit}") }
}

/// Running text, and below it where its links lead: each once, each on a line of its own.
fn with_links(rich: &Rich, first: &str, rest: &str) -> String {
    let mut text = String::new();
    lines_into(&mut text, rich.inlines());
    let mut out = wrap(&text, first, rest);
    let mut seen = Vec::new();
    for (href, _) in rich.links() {
        if !seen.contains(&href) {
            seen.push(href);
            out = format!("{out}\n{rest}{}", plainly(href));
        }
    }
    out
}

fn lines_into(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Link { text, .. } | Inline::Strong(text) | Inline::Emphasis(text) => lines_into(out, text),
        }
    }
}

/// A target as it is written for people: a mailbox without its scheme.
pub(super) fn plainly(href: &Href) -> &str {
    match href {
        Href::Web(url) => url.as_str(),
        Href::Mail(url) if url.contains('?') => url,
        Href::Mail(url) => url.strip_prefix("mailto:").unwrap_or(url),
    }
}

/// What is to be found, and under it where.
fn labelled(label: &str, url: &str) -> String {
    format!("{}\n{url}", wrap(&format!("{label}:"), "", ""))
}
