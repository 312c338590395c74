//! Reading markdown: front matter, and `CommonMark` (<https://spec.commonmark.org>) with tables.

mod header;
mod writing;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::front_matter::{self, FrontMatter, Words};
use super::staff::Staff;
use super::{Page, byline, dates, headings, language, promo};
use crate::domain::{Block, Draft, Figure, Href, Inline, Language, Line, Promo, Rich, WebUrl, is_xml_char, visible};

pub(super) use writing::text as written;

pub(super) fn extract(page: &Page) -> Draft {
    let (matter, note, whole, skipped) = front_matter::split(&page.text);
    let mut draft = Draft::empty(page.format);
    draft.notes.extend(note);
    let text = readable(whole);
    if text.len() < whole.len() {
        let line = skipped + text.matches('\n').count() + 1;
        draft.note(Some(line), "the text is too long for an article; nothing is read below this line");
    }
    let told = matter.url.as_deref().or(matter.link.as_deref());
    let url = told.and_then(|url| resolve(page.url.as_ref(), url));
    if let Some(told) = told.filter(|told| url.is_none() && !told.trim().is_empty()) {
        draft.note(None, format!("`url: {}` is no http(s) address, and is left out", visible(told)));
    }
    draft.url = url.or_else(|| page.url.clone());

    let mut builder = Builder { base: draft.url.clone(), ..Builder::default() };
    let mut raw_at = None;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).into_offset_iter() {
        if builder.event(event) {
            raw_at = raw_at.or(Some(range.start));
        }
    }
    for picture in std::mem::take(&mut builder.lost) {
        draft.note(None, format!("the picture `{picture}` has no address: name the page's with `url:` or `--url`"));
    }
    let mut blocks = builder.finish();
    if let Some(at) = raw_at {
        let above = text.get(..at).unwrap_or_default().matches('\n').count();
        draft.note(Some(skipped + above + 1), "HTML in the text is left out");
    }

    fill(&mut draft, &matter);
    if draft.title.is_none() {
        let top = blocks.iter().position(|block| matches!(block, Block::Heading { level: 1, .. }));
        if let Some(Block::Heading { text, .. }) = top.map(|at| blocks.remove(at)) {
            draft.title = Some(text);
        }
    } else if matches!(blocks.first(), Some(Block::Heading { text, .. }) if Some(text) == draft.title.as_ref()) {
        blocks.remove(0);
    }
    header::lift(&mut blocks, &mut draft);
    Staff::lift(&mut blocks).fill(&mut draft);
    let given = matter.promo.and_then(given_promo);
    draft.promo = given.or_else(|| promo::lift(&mut blocks));
    if let Some(src) = first(matter.image.as_ref()).and_then(|image| resolve(draft.url.as_ref(), image)) {
        let line = |text: &Option<String>| text.as_deref().and_then(Line::new);
        let (alt, caption, credit) = (line(&matter.alt), line(&matter.caption), line(&matter.credit));
        blocks.insert(0, Block::Figure(Figure { src: Some(src), alt, caption, credit, size: None }));
    }
    headings::shift(&mut blocks);
    if draft.language.is_none() {
        draft.language = language::of(&blocks);
    }
    draft.body = blocks;
    draft
}

/// The blocks of a text that has nothing about itself around it.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut builder = Builder::default();
    for event in Parser::new_ext(readable(text), Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        builder.event(event);
    }
    let mut blocks = builder.finish();
    headings::shift(&mut blocks);
    blocks
}

/// Fills in what the front matter says, with a note where a value is not understood.
fn fill(draft: &mut Draft, matter: &FrontMatter) {
    // One text may hold several; what stands in a list of its own is one.
    let apart = |words: &[&Option<Words>], divide: fn(&str) -> Vec<Line>| -> Vec<Line> {
        let given = words.iter().filter_map(|words| words.as_ref());
        let lines = given.flat_map(|Words(texts)| match texts.as_slice() {
            [one] => divide(one),
            many => many.iter().filter_map(|text| Line::new(text)).collect(),
        });
        lines.collect()
    };
    let gather = |found: Vec<Line>| {
        let mut lines = Vec::new();
        for line in found {
            byline::add(&mut lines, line);
        }
        lines
    };
    // `author: A B, C D` is two people, and `tags: a, b` is two tags, whether or not the writer knew of lists.
    let names = |words: &[&Option<Words>]| gather(apart(words, byline::given));
    let topics = |words: &[&Option<Words>]| gather(apart(words, |text| text.split(',').filter_map(Line::new).collect()));
    draft.title = matter.title.as_deref().and_then(Line::new);
    draft.authors = names(&[&matter.authors, &matter.author]);
    draft.editors = names(&[&matter.editors, &matter.editor]);
    draft.topics = topics(&[&matter.topics, &matter.categories, &matter.tags]);
    draft.summary = matter.summary.as_deref().or(matter.description.as_deref()).and_then(Line::new);
    let mut moment = |words: Option<&Words>| {
        let text = first(words)?;
        let moment = dates::own_moment(text);
        if moment.is_none() {
            draft.note(
                None,
                format!("`{text}` in the front matter is not a date such as `2026-03-04` or `2026-03-04T10:00:00+01:00`"),
            );
        }
        moment
    };
    let published = moment(matter.published.as_ref().or(matter.date.as_ref()));
    let updated = moment(matter.updated.as_ref().or(matter.lastmod.as_ref()));
    (draft.published, draft.updated) = (published, updated);
    if let Some(tag) = matter.language.as_deref().or(matter.lang.as_deref()) {
        draft.language = Language::parse(tag);
        if draft.language.is_none() {
            draft.note(None, format!("`{tag}` in the front matter is not a language such as `en` or `pt-BR`"));
        }
    }
}

/// Bytes that are read of a text: the parser keeps two hundred for each sign in it, and a book has less.
const MOST: usize = 2 * 1024 * 1024;

/// The beginning of a text that is read.
fn readable(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MOST)).unwrap_or(text)
}

fn first(words: Option<&Words>) -> Option<&str> {
    words?.0.first().map(String::as_str)
}

/// A promo as the front matter gives it; where it does not name the show, its text must.
fn given_promo(given: front_matter::Promo) -> Option<Promo> {
    let (show, text) = match given {
        front_matter::Promo::Text(text) => (None, text),
        front_matter::Promo::Parts { show, text } => (show, text),
    };
    match show.as_deref().and_then(Line::new) {
        Some(show) => Some(Promo { show, text: Line::new(&text)? }),
        None => promo::given(&text),
    }
}

fn resolve(base: Option<&WebUrl>, reference: &str) -> Option<WebUrl> {
    WebUrl::parse(reference).or_else(|| base?.join(reference))
}

/// How deep links and emphasis are kept; deeper text is kept without them.
const MAX_NESTED: usize = 8;

/// Blocks out of the parser's events, without recursion: the nesting is the writer's to choose.
#[derive(Default)]
struct Builder {
    /// Pictures whose address is not known.
    lost: Vec<String>,
    base: Option<WebUrl>,
    blocks: Vec<Block>,
    /// Running text: the innermost open element last; the first is the block itself.
    open: Vec<(Span, Vec<Inline>)>,
    run: Vec<Inline>,
    /// Elements that were opened beyond the limit and not as a span.
    ignored: usize,
    figures: Vec<Figure>,
    quotes: usize,
    list: Option<List>,
    rows: Vec<Vec<String>>,
    code: Option<String>,
}

enum Span {
    Strong,
    Emphasis,
    Link(Option<Href>),
    Image { src: Option<WebUrl>, title: String },
}

/// A list with all that is nested in it.
struct List {
    ordered: bool,
    depth: usize,
    items: Vec<Rich>,
    item: Vec<Inline>,
}

impl Builder {
    /// Takes one event; true where it was HTML that is left out.
    fn event(&mut self, event: Event) -> bool {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.run.push(Inline::Text(text.into_string())),
            },
            Event::Code(text) => self.run.push(Inline::Code(text.into_string())),
            Event::SoftBreak => self.run.push(Inline::Text(" ".to_owned())),
            Event::HardBreak => self.run.push(Inline::Break),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => self.run.push(Inline::Break),
            Event::Html(tag) | Event::InlineHtml(tag) => return !tag.trim_start().starts_with("<!--") && !tag.trim().is_empty(),
            _ => {}
        }
        false
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Strong => self.span(Span::Strong),
            Tag::Emphasis => self.span(Span::Emphasis),
            Tag::Link { dest_url, .. } => {
                let relative = || resolve(self.base.as_ref(), &dest_url).map(Href::Web);
                let href = Href::parse(&dest_url).or_else(relative);
                self.span(Span::Link(href));
            }
            Tag::Image { dest_url, title, .. } => {
                let src = resolve(self.base.as_ref(), &dest_url);
                if src.is_none() {
                    self.lost.push(dest_url.into_string());
                }
                self.span(Span::Image { src, title: title.into_string() });
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::List(start) => {
                self.flush();
                self.end_item();
                match &mut self.list {
                    Some(list) => list.depth += 1,
                    None => self.list = Some(List { ordered: start.is_some(), depth: 1, items: Vec::new(), item: Vec::new() }),
                }
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link | TagEnd::Image => self.end_span(),
            TagEnd::Heading(level) => {
                let text = Rich::new(std::mem::take(&mut self.run)).and_then(|rich| rich.line());
                let level = level as u8;
                self.block(text.map(|text| Block::Heading { level, text }));
                self.flush();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item => {
                self.flush();
                self.end_item();
            }
            TagEnd::List(_) => self.end_list(),
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                let code: String = code.trim_end_matches('\n').chars().filter(|c| is_xml_char(*c)).collect();
                self.block((!code.trim().is_empty()).then_some(Block::Preformatted(code)));
            }
            TagEnd::TableCell => {
                let text = Rich::new(std::mem::take(&mut self.run)).map(|rich| rich.plain()).unwrap_or_default();
                if let Some(row) = self.rows.last_mut() {
                    row.push(text);
                }
            }
            TagEnd::Table => {
                let mut rows = std::mem::take(&mut self.rows);
                // Every table of Markdown begins with a row of headers; one that is left empty is none.
                let header = rows.first().is_some_and(|row| row.iter().any(|cell| !cell.is_empty()));
                if !header && !rows.is_empty() {
                    rows.remove(0);
                }
                self.block((!rows.is_empty()).then_some(Block::Table { header, rows }));
                self.flush();
            }
            TagEnd::Paragraph => self.flush(),
            _ => {}
        }
    }

    fn span(&mut self, span: Span) {
        if self.open.len() < MAX_NESTED {
            self.open.push((span, std::mem::take(&mut self.run)));
        } else {
            self.ignored += 1;
        }
    }

    fn end_span(&mut self) {
        // What was ignored was opened last, so it is closed first.
        if self.ignored > 0 {
            self.ignored -= 1;
            return;
        }
        let Some((span, before)) = self.open.pop() else { return };
        let inner = std::mem::replace(&mut self.run, before);
        match span {
            Span::Strong => self.run.push(Inline::Strong(inner)),
            Span::Emphasis => self.run.push(Inline::Emphasis(inner)),
            Span::Link(Some(href)) => self.run.push(Inline::Link { href, text: inner }),
            Span::Link(None) => self.run.extend(inner),
            Span::Image { src, title } => {
                let alt = Rich::new(inner).and_then(|rich| rich.line());
                self.figures.push(Figure { src, alt, caption: Line::new(&title), ..Figure::default() });
            }
        }
    }

    /// Ends a paragraph; its pictures follow it.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        if let Some(list) = &mut self.list {
            if !list.item.is_empty() && !run.is_empty() {
                list.item.push(Inline::Break);
            }
            list.item.extend(run);
        } else {
            let kind = if self.quotes > 0 { Block::Quote } else { Block::Paragraph };
            self.blocks.extend(Rich::new(run).map(kind));
        }
        for figure in std::mem::take(&mut self.figures) {
            if figure.src.is_some() || figure.alt.is_some() {
                self.block(Some(Block::Figure(figure)));
            }
        }
    }

    /// Adds what cannot stand in a list after the items that are read so far.
    fn block(&mut self, block: Option<Block>) {
        let Some(block) = block else { return };
        self.end_item();
        if let Some(list) = self.list.as_mut().filter(|list| !list.items.is_empty()) {
            let (ordered, items) = (list.ordered, std::mem::take(&mut list.items));
            self.blocks.push(Block::List { ordered, items });
        }
        self.blocks.push(block);
    }

    fn end_item(&mut self) {
        if let Some(list) = &mut self.list {
            list.items.extend(Rich::new(std::mem::take(&mut list.item)));
        }
    }

    fn end_list(&mut self) {
        self.end_item();
        if let Some(list) = &mut self.list {
            list.depth -= 1;
        }
        if let Some(List { ordered, items, .. }) = self.list.take_if(|list| list.depth == 0)
            && !items.is_empty()
        {
            self.blocks.push(Block::List { ordered, items });
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

#[cfg(test)]
mod tests;
