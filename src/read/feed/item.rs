//! An item of a feed, and what it comes to as a draft.

use super::Words;
use crate::domain::{Block, Draft, Figure, Format, Href, Inline, Language, Line, Moment, Promo, Rich, WebUrl};
use crate::read::staff::Staff;
use crate::read::{byline, headings, html, language, promo, words};

/// One item, as its feed gives it; what its texts come to is [`Item::draft`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The id that the feed gives it, exactly as written but for white space around it.
    pub id: Option<String>,
    /// The page that it stands for.
    pub url: Option<WebUrl>,
    pub published: Option<Moment>,
    pub updated: Option<Moment>,
    /// What is to be heard or seen: of several, the first sound.
    pub enclosure: Option<Enclosure>,
    pub(super) title: Option<Words>,
    pub(super) summary: Option<Words>,
    pub(super) content: Option<Words>,
    pub(super) authors: Vec<String>,
    pub(super) topics: Vec<String>,
    pub(super) language: Option<Language>,
    pub(super) image: Option<Figure>,
    /// What addresses in its texts are relative to.
    pub(super) base: Option<WebUrl>,
}

/// A file that goes with an item: the sound of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    pub url: WebUrl,
    /// The media type, as `audio/mpeg`.
    pub kind: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
    pub seconds: Option<u32>,
}

/// Words of a description that stands alone and is the whole text all the same: teasers are shorter.
const WHOLE: usize = 200;
/// Words of a text that is whole although there is a summary that is nearly as long.
const BRIEF: usize = 120;
/// Words of the longest summary.
const SUMMARY: usize = 100;
/// Characters of a title that is made of the beginning of the text.
const TITLE: usize = 80;
/// Characters of a title, its markup included, that are read.
const LONGEST_TITLE: usize = 4_000;
/// Words of the longest closing line that only leads back to the page.
const CLOSING: usize = 40;

impl Item {
    /// What tells it from the other items of its feed: its id, else its address, else its words.
    pub fn key(&self) -> String {
        let url = || self.url.as_ref().map(|url| format!("url {}", url.identity()));
        self.id.clone().or_else(url).unwrap_or_else(|| format!("words {}", self.said().join(" ")))
    }

    /// Everything that it says: the same again is no news.
    pub fn said(&self) -> Vec<String> {
        let words = |words: &Option<Words>| words.as_ref().map(|words| words.as_str().to_owned()).unwrap_or_default();
        let moment = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
        vec![
            words(&self.title),
            words(&self.summary),
            words(&self.content),
            self.authors.join("\n"),
            self.topics.join("\n"),
            moment(self.published),
            moment(self.updated),
            self.url.as_ref().map(WebUrl::to_string).unwrap_or_default(),
        ]
    }

    /// The title alone, as a line.
    pub fn title(&self) -> Option<Line> {
        let words = self.title.as_ref()?;
        let text: String = words.as_str().chars().take(LONGEST_TITLE).collect();
        match words {
            Words::Plain(_) => Line::new(&text),
            Words::Html(_) => Line::new(&plain(&text)),
            Words::Either(_) => Line::new(&untagged(&text)),
        }
    }

    /// Whether the feed carries the whole text, as far as can be seen, and not only the beginning or a summary of it.
    pub fn is_whole(&self) -> bool {
        let summary = self.blocks(self.summary.as_ref());
        let length = |blocks: &[Block]| blocks.iter().map(|block| words::measure(&block.plain())).sum::<usize>();
        let Some(content) = self.content.as_ref().filter(|content| !content.is_blank()) else {
            return length(&summary) >= WHOLE && !is_cut(&summary);
        };
        let content = self.blocks(Some(content));
        let (told, all) = (length(&summary), length(&content));
        !is_cut(&content) && all > 0 && (told == 0 || all >= BRIEF || all * 5 > told * 6 + 50)
    }

    /// All that it says, as it says it: its content, else its description.
    pub fn body(&self) -> Vec<Block> {
        let content = self.content.as_ref().filter(|content| !content.is_blank());
        let mut blocks = self.whole(content.or(self.summary.as_ref()));
        headings::shift(&mut blocks);
        blocks
    }

    /// What is understood of the item by itself. Pure and total, as the reading of pages is.
    pub fn draft(&self) -> Draft {
        let mut draft = Draft::empty(Format::Feed);
        let content = self.content.as_ref().filter(|content| !content.is_blank());
        let mut blocks = self.blocks(content.or(self.summary.as_ref()));
        draft.title = self.title();
        let staff = Staff::lift(&mut blocks);
        draft.promo = lift_promo(&mut blocks);
        headings::shift(&mut blocks);
        if content.is_some() {
            let summary = self.blocks(self.summary.as_ref());
            draft.summary = lead(&summary, &mut blocks);
        }
        if let Some(image) = self.image.as_ref().filter(|_| !blocks.iter().any(|block| matches!(block, Block::Figure(_)))) {
            blocks.insert(0, Block::Figure(image.clone()));
        }
        // Notes of the day have no titles: their beginning stands for it.
        let opening = || blocks.iter().find_map(|block| Line::new(&block.plain())).map(|line| line.shortened(TITLE));
        draft.title = draft.title.or_else(opening);
        draft.language = self.language.clone().or_else(|| language::of(&blocks));
        draft.body = blocks;
        for name in self.authors.iter().flat_map(|name| byline::given(&without_address(name))) {
            byline::add(&mut draft.authors, name);
        }
        for topic in self.topics.iter().filter_map(|topic| Line::new(topic)) {
            byline::add(&mut draft.topics, topic);
        }
        staff.fill(&mut draft);
        draft.published = self.published;
        draft.updated = self.updated.filter(|updated| Some(*updated) != self.published);
        draft.url.clone_from(&self.url);
        draft
    }

    /// The draft of the item's own page, with what the feed knows better.
    ///
    /// The feed is the publisher's own data: its title, date, authors and topics win. The text, the pictures and the lead are
    /// the page's, and so is the address, which in feeds often leads through a counter.
    pub fn draft_with(&self, page: Draft) -> Draft {
        let own = self.draft();
        let or = |ours: Vec<Line>, theirs: Vec<Line>| if ours.is_empty() { theirs } else { ours };
        let published = match (own.published, page.published) {
            // A page may tell the hour of the day that its feed tells.
            (Some(day @ Moment::Day(_)), Some(instant @ Moment::Instant(..))) if day.day() == instant.day() => Some(instant),
            (ours, theirs) => ours.or(theirs),
        };
        let teaser = own.body.first().filter(|_| self.content.is_none()).and_then(|block| Line::new(&block.plain()));
        let teaser = own.summary.or(teaser).filter(|line| !ends_cut(line.as_str()) && words::measure(line.as_str()) <= SUMMARY);
        let opening = page.body.first().map(|block| words::key(&block.plain())).unwrap_or_default();
        let teaser = teaser.filter(|line| !opening.starts_with(&words::key(line.as_str())));
        let titled = self.title();
        Draft {
            format: Format::Feed,
            title: titled.or(page.title).or(own.title),
            topics: or(own.topics, page.topics),
            authors: or(own.authors, page.authors),
            editors: or(own.editors, page.editors),
            published,
            updated: own.updated.or(page.updated).filter(|updated| Some(*updated) != published),
            url: page.url.or(own.url),
            language: page.language.or(own.language),
            summary: page.summary.or(teaser),
            body: page.body,
            promo: page.promo.or(own.promo),
            notes: page.notes,
        }
    }

    /// The blocks of one of its texts.
    fn whole(&self, text: Option<&Words>) -> Vec<Block> {
        let base = self.base.as_ref().or(self.url.as_ref());
        match text {
            None => Vec::new(),
            Some(Words::Html(markup) | Words::Either(markup)) if markup.contains(['<', '&']) => html::fragment(markup, base),
            Some(Words::Plain(text) | Words::Html(text) | Words::Either(text)) => paragraphs(text),
        }
    }

    /// The same without the line at the end that only leads to the page.
    fn blocks(&self, text: Option<&Words>) -> Vec<Block> {
        let mut blocks = self.whole(text);
        // "The post TITLE appeared first on SITE", in whatever language: blog programs end every item with it.
        let own = self.url.as_ref().map(WebUrl::identity);
        let leads_back = |block: &Block| {
            words::measure(&block.plain()) <= CLOSING
                && block.links().iter().any(|(href, _)| matches!(href, Href::Web(url) if Some(url.identity()) == own))
        };
        if own.is_some() && blocks.len() > 1 && blocks.last().is_some_and(leads_back) {
            blocks.pop();
        }
        blocks
    }
}

/// Takes the invitation to a show out of the text, with the links below it that belong to it: "Listen to SHOW", "Latest
/// episode: TITLE". They do where nothing else follows.
fn lift_promo(blocks: &mut Vec<Block>) -> Option<Promo> {
    let before: Vec<Option<Line>> = blocks.iter().map(|block| Line::new(&block.plain())).collect();
    let promo = promo::lift(blocks)?;
    let at = before.iter().position(|line| line.as_ref() == Some(&promo.text)).unwrap_or(blocks.len());
    let is_link = |block: &Block| !block.links().is_empty() && words::measure(&block.plain()) <= CLOSING;
    if blocks.get(at..).is_some_and(|rest| rest.iter().all(is_link)) {
        blocks.truncate(at);
    }
    Some(promo)
}

/// The lead that the summary is, unless it is only the beginning of the text; what the text repeats of it is taken out.
fn lead(summary: &[Block], blocks: &mut Vec<Block>) -> Option<Line> {
    let said = summary.iter().map(Block::plain).collect::<Vec<_>>().join(" ");
    let line = Line::new(&said)?;
    let key = words::key(without_cut(&said));
    let first = blocks.iter().position(|block| !matches!(block, Block::Figure(_) | Block::Embed { .. }))?;
    let opening = words::key(&blocks.get(first)?.plain());
    if opening == key && blocks.len() > 1 && is_strong(blocks.get(first)?) {
        blocks.remove(first);
        return Some(line);
    }
    let text = blocks.iter().map(|block| words::key(&block.plain())).collect::<Vec<_>>().join(" ");
    (!ends_cut(&said) && words::measure(&said) <= SUMMARY && !text.contains(&key)).then_some(line)
}

/// Whether a paragraph is set in strong type from end to end, as leads are.
fn is_strong(block: &Block) -> bool {
    matches!(block, Block::Paragraph(rich) if matches!(rich.inlines(), [Inline::Strong(_)]))
}

/// The words with which a text breaks off.
const ENDINGS: [&str; 5] = ["[…]", "[...]", "(…)", "…", "..."];

fn without_cut(text: &str) -> &str {
    let text = text.trim_end();
    ENDINGS.iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(text).trim_end()
}

fn ends_cut(text: &str) -> bool {
    ENDINGS.iter().any(|ending| text.trim_end().ends_with(ending))
}

/// Whether a text breaks off: by its last words, or by a last line that says where it goes on.
fn is_cut(blocks: &[Block]) -> bool {
    let Some(last) = blocks.iter().rev().map(Block::plain).find(|text| !text.trim().is_empty()) else { return false };
    let key = words::key(&last);
    // Often glued to the text: "... on the quay. Read more"; or "Read more on the site" on a line of its own.
    let is_short = words::measure(&last) <= CLOSING;
    let leads_on = |cue: &&str| {
        key.strip_suffix(*cue).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
            || (is_short && key.strip_prefix(*cue).is_some_and(|rest| rest.starts_with(' ')))
    };
    ends_cut(&last) || READ_ON.iter().any(leads_on)
}

/// "Read more", as feeds say it.
#[rustfmt::skip]
const READ_ON: &[&str] = &[
    "read more", "read on", "continue reading", "read the full story", "read full article", "full story",
    "weiterlesen", "mehr lesen", "zum artikel", "lire la suite", "lire plus", "lire l article", "en savoir plus", "leer más",
    "seguir leyendo", "sigue leyendo", "continuar leyendo", "ler mais", "leia mais", "continue lendo", "continua a ler",
    "leggi tutto", "continua a leggere", "lees verder", "läs mer", "les mer", "læs mere", "lue lisää", "czytaj więcej",
    "devamını oku", "читать далее", "читать дальше", "читати далі", "اقرأ المزيد", "続きを読む", "阅读全文", "soma zaidi",
];

/// A plain text as paragraphs: apart by empty lines, or where there is none by line breaks.
fn paragraphs(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n");
    let apart = if text.contains("\n\n") { "\n\n" } else { "\n" };
    text.split(apart).filter_map(Rich::text).map(Block::Paragraph).collect()
}

/// Formatting that stands in titles; any other `<` there is meant as it is written.
const IN_TITLES: [&str; 16] =
    ["a", "abbr", "b", "br", "cite", "code", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub", "sup"];

/// A title that may be HTML or text.
fn untagged(markup: &str) -> String {
    if !markup.contains(['<', '&']) {
        return markup.to_owned();
    }
    let mut out = String::with_capacity(markup.len());
    for (at, piece) in markup.split('<').enumerate() {
        let tag = piece.split_once('>').filter(|(tag, _)| {
            let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default().to_ascii_lowercase();
            at > 0 && IN_TITLES.contains(&name.as_str())
        });
        if let Some((_, text)) = tag {
            out.push_str(text);
        } else {
            out.push_str(if at > 0 { "&lt;" } else { "" });
            out.push_str(piece);
        }
    }
    if out.contains('&') { plain(&out) } else { out }
}

/// The words of a piece of HTML.
pub(super) fn plain(markup: &str) -> String {
    html::fragment(markup, None).iter().map(Block::plain).collect::<Vec<_>>().join(" ")
}

/// A name without the mail address that RSS asks for: `ada@example.org (Ada Keita)`, `Ada Keita <ada@example.org>`.
fn without_address(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.contains('@'));
    let name = words.collect::<Vec<_>>().join(" ");
    match name.strip_prefix('(').and_then(|name| name.strip_suffix(')')) {
        Some(inner) => inner.to_owned(),
        None => name,
    }
}
