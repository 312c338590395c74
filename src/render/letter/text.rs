use askama::Template;
use serde::Serialize;

use super::LetterError;
use super::contents::{Card, Contents, Picture, Story};
use super::words::LetterWords;
use super::wrap::{COLUMNS, hard, underlined, wrap};
use crate::domain::{Block, Figure, Href, Inline, Line, Newsletter, Rich, WebUrl, fold, is_xml_char};

/// The text part, ready to be set: every piece is lines already wrapped, and none is empty.
///
/// The head of `templates/letter.txt` explains the fields to those who write a template of their own.
#[derive(Serialize, Template)]
#[template(path = "letter.txt")]
struct TextLetter {
    masthead: String,
    /// Of the lead article: what stands above it, its blocks, what stands below it.
    lead: Vec<String>,
    body: Vec<String>,
    after: Vec<String>,
    promo: Vec<String>,
    /// The further articles, with the line above them and the one below.
    items: Vec<String>,
    footer: Vec<String>,
}

/// The plain-text part; none where a desk's own template makes more of it than any letter may be.
pub(super) fn render(contents: &Contents<'_>) -> Result<Option<String>, LetterError> {
    let (words, publication) = (&contents.words, contents.publication);
    let mut lead = Pieces::default();
    lead.story(&contents.lead, '=');
    let mut body = Pieces::default();
    for block in contents.body {
        body.block(block, contents);
    }
    let letter = TextLetter {
        masthead: format!("{}\n{}", underlined(publication.title.as_str(), '='), publication.home),
        lead: lead.0,
        body: body.0,
        after: after(contents),
        promo: contents.card.iter().flat_map(|card| promo(card, words)).collect(),
        items: items(contents),
        footer: footer(contents),
    };
    match contents.about.templates.as_deref().filter(|own| own.has_text()) {
        Some(own) => Ok(own.text(&letter, &contents.sender())?),
        None => Ok(Some(letter.render()?)),
    }
}

/// What stands below the lead article: where it goes on, who edited it.
fn after(contents: &Contents<'_>) -> Vec<String> {
    let words = &contents.words;
    let mut after = Pieces::default();
    if let Some(url) = &contents.read_on {
        let cut = if contents.cut_short { wrap(&words.cut, "", "") + "\n" } else { String::new() };
        after.add(format!("{cut}{}", labelled(&words.label(&words.read_on), url.as_str())));
    }
    if !contents.lead.editors.is_empty() {
        after.add(wrap(&format!("{} {}", words.edited_by, contents.lead.editors), "", ""));
    }
    after.0
}

fn promo(card: &Card<'_>, words: &LetterWords<'_>) -> Vec<String> {
    let mut promo = Pieces::default();
    promo.add(underlined(&format!("{} {}", words.label(&words.podcast), card.show), '='));
    promo.add(card.text.as_ref().map(|text| wrap(text.as_str(), "", "")).unwrap_or_default());
    if let Some(programme) = card.programme() {
        let url = card.episode.and_then(|episode| episode.url.as_ref()).map(|url| format!("\n{url}")).unwrap_or_default();
        promo.add(format!("{}{url}", wrap(&format!("{} {programme}", words.label(&words.latest_episode)), "", "")));
    }
    promo.add(card.listen().map(|url| labelled(&words.label(&words.listen), url.as_str())).unwrap_or_default());
    let platform = |(name, url): &(Line, WebUrl)| labelled(&words.label(&format!("{} {name}", words.also_on)), url.as_str());
    promo.add(card.platforms().iter().map(platform).collect::<Vec<_>>().join("\n"));
    promo.0
}

fn items(contents: &Contents<'_>) -> Vec<String> {
    let words = &contents.words;
    let mut items = Pieces::default();
    if !contents.items.is_empty() {
        items.add(underlined(&words.also_in, '='));
    }
    for item in &contents.items {
        items.story(item, '-');
    }
    if contents.items_cut {
        items.add(labelled(&words.label(&words.more_at), contents.publication.home.as_str()));
    }
    items.0
}

fn footer(contents: &Contents<'_>) -> Vec<String> {
    let (words, publication, about) = (&contents.words, contents.publication, contents.about);
    let link = |word: &str, url: &Option<WebUrl>| url.as_ref().map(|url| labelled(&words.label(word), url.as_str()));
    let mut footer = vec![wrap(&words.reason, "", "")];
    footer.extend(link(&words.archive, &about.archive));
    footer.extend(link(&words.light, &about.light_version));
    footer.extend(publication.owner.as_ref().map(|owner| format!("{} {}", words.label(&words.contact), owner.address.reveal())));
    footer.push(labelled(&words.label(&words.unsubscribe), Newsletter::UNSUBSCRIBE));
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
        // The day stays together at a line's end.
        let day = story.day.replace(' ', "\u{a0}");
        self.add(wrap(&format!("{}{between}{day}", story.byline), "", "").replace(&day, &story.day));
    }

    fn block(&mut self, block: &Block, contents: &Contents<'_>) {
        match block {
            Block::Paragraph(rich) => self.add(with_links(rich, "", "")),
            Block::Heading { level, text } => self.add(underlined(text.as_str(), if *level > 2 { '~' } else { '-' })),
            Block::Quote(rich) => self.add(with_links(rich, "> ", "> ")),
            Block::List { ordered, items } => {
                let item = |(at, rich): (usize, &Rich)| {
                    let mark = if *ordered { format!("{}. ", at + 1) } else { "- ".to_owned() };
                    with_links(rich, &mark, &" ".repeat(mark.len()))
                };
                self.add(items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n"));
            }
            Block::Figure(figure) => {
                let alt = match Picture::of(figure, contents.about) {
                    // A caption that stands for it is said below in any case.
                    Picture::Shown { .. } => figure.alt.as_ref().map(|alt| format!("[{alt}]")),
                    Picture::Absent | Picture::Unsaid(_) => None,
                };
                let said =
                    [alt, caption(figure, &contents.words.photo)].into_iter().flatten().map(|line| wrap(&line, "  ", "  "));
                self.add(said.collect::<Vec<_>>().join("\n"));
            }
            Block::Table { rows, .. } => {
                let row = |row: &Vec<String>| wrap(&fold(&row.join(" | ")), "", "  ");
                self.add(rows.iter().map(row).filter(|row| !row.is_empty()).collect::<Vec<_>>().join("\n"));
            }
            Block::Preformatted(text) => self.add(hard(&tame(text), COLUMNS)),
            Block::Embed { url, text } => {
                let text = text.as_ref().map(|text| wrap(text.as_str(), "", ""));
                let url = url.as_ref().map(WebUrl::to_string);
                self.add([text, url].into_iter().flatten().collect::<Vec<_>>().join("\n"));
            }
        }
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
///
/// A link whose own text is its address stands on a line of its own in its place.
fn with_links(rich: &Rich, first: &str, rest: &str) -> String {
    let mut text = Running::default();
    text.run(rich.inlines());
    let mut out = wrap(text.out.trim(), first, rest);
    let mut seen: Vec<&Href> = Vec::new();
    for (href, words) in rich.links() {
        if !seen.contains(&href) {
            seen.push(href);
            if !is_address(&words, href) {
                out = format!("{out}\n{rest}{}", plainly(href));
            }
        }
    }
    out
}

/// Running text as lines.
#[derive(Default)]
struct Running {
    out: String,
    /// Whether an address has just been written on a line of its own.
    after_address: bool,
}

impl Running {
    fn run(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Code(text) => self.text(text),
                Inline::Break => self.out.push('\n'),
                Inline::Link { href, text } if is_address(&words_of(text), href) => {
                    let gap = if self.out.trim_end_matches(' ').ends_with('\n') || self.out.is_empty() { "" } else { "\n" };
                    self.out = format!("{}{gap}{}", self.out.trim_end_matches(' '), plainly(href));
                    self.after_address = true;
                }
                Inline::Link { text, .. } | Inline::Strong(text) | Inline::Emphasis(text) => self.run(text),
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !std::mem::take(&mut self.after_address) {
            self.out.push_str(text);
            return;
        }
        // What ends a sentence would be taken for the end of the address, and says nothing on a line of its own.
        let text = text.trim_start_matches(['.', ',', ';']).trim_start();
        if text.is_empty() {
            self.after_address = true;
        } else {
            self.out = format!("{}\n{text}", self.out);
        }
    }
}

/// Whether a link's words are the address that it leads to, as it is written or without its scheme.
fn is_address(words: &str, href: &Href) -> bool {
    let bare = |text: &str| {
        let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
        text.trim_end_matches('/').to_owned()
    };
    bare(words.trim()) == bare(plainly(href))
}

fn words_of(inlines: &[Inline]) -> String {
    let mut words = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => words.push_str(text),
            Inline::Break => words.push(' '),
            Inline::Link { text, .. } | Inline::Strong(text) | Inline::Emphasis(text) => words.push_str(&words_of(text)),
        }
    }
    words
}

/// Preformatted text without what no letter may carry, or could turn the rest of it around (Unicode UAX 9, section 2).
pub(super) fn tame(text: &str) -> String {
    let kept = |c: &char| is_xml_char(*c) && !matches!(c, '\r' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.trim_end().chars().filter(kept).collect::<String>().replace('\t', "    ")
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
    format!("{}\n{url}", wrap(label, "", ""))
}
