//! The tree of a page as blocks.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::json_ld::Image;
use super::{captions, dom, figures, images};
use crate::domain::{Block, Figure, Href, Inline, Line, Rich, WebUrl, fold, is_xml_char};

/// The blocks that the kept text makes, with the figures and embeds that stand among it.
///
/// Figures count from the title on, since the first often stands between title and text; above the title, only those that
/// the page's data names as pictures of the article.
pub(super) fn walk(
    document: &Document,
    kept: &HashSet<NodeId>,
    title: Option<NodeId>,
    base: Option<&WebUrl>,
    pictures: &[Image],
) -> Vec<Block> {
    let (Some(first), Some(last), Some(body)) = (kept.iter().min(), kept.iter().max(), document.body()) else {
        return Vec::new();
    };
    // Ids are given in the order of the markup.
    let heading = || dom::all(document, "h1").iter().map(|heading| heading.id).filter(|id| id < first).max();
    let from = title.filter(|title| title < first).or_else(heading).unwrap_or(*first);
    let (boxes, named) = (figures::boxes(document), pictures.iter().map(|image| images::file(&image.url)).collect());
    let node = |id: &NodeId| document.tree.get(id);
    let above = |id: &NodeId| node(id).map(|node| node.ancestors_it(None).collect::<Vec<_>>()).unwrap_or_default();
    let ends = above(last).iter().map(|node| node.id).collect::<HashSet<NodeId>>();
    let opening = above(first);
    let titled = title.map(|title| above(&title)).unwrap_or_default();
    let whole = opening.iter().map(|node| node.id).filter(|id| ends.contains(id));
    let whole = whole.chain(titled.iter().map(|node| node.id)).collect();
    let article = opening.iter().find(|node| node.has_name("article") || node.has_name("main")).map(|node| node.id);
    let found = Found { boxes, named, whole, article };
    let mut walker = Walker {
        kept,
        found: &found,
        base,
        from,
        last: *last,
        blocks: Vec::new(),
        run: Vec::new(),
        aside: 0,
        hinted: 0,
        away: 0,
    };
    walker.children(&body);
    walker.flush();
    walker.blocks
}

/// What is known of the page before the walk.
struct Found {
    /// Elements that serve as a `<figure>`.
    boxes: HashSet<NodeId>,
    /// Files of the pictures that the page's data names.
    named: HashSet<String>,
    /// Elements that hold the title or the whole text, whatever they are called.
    whole: HashSet<NodeId>,
    /// The `<article>` or `<main>` around the text.
    article: Option<NodeId>,
}

struct Walker<'a> {
    kept: &'a HashSet<NodeId>,
    found: &'a Found,
    base: Option<&'a WebUrl>,
    from: NodeId,
    last: NodeId,
    blocks: Vec<Block>,
    /// Running text that is not yet a paragraph.
    run: Vec<Inline>,
    /// How many elements around here hold things beside the article.
    aside: usize,
    /// How many are called as if they did, with words that layouts use for other things too.
    hinted: usize,
    /// How many links around here lead to another page.
    away: usize,
}

const BESIDE: [&str; 11] = [
    "related",
    "recommend",
    "newsletter",
    "sidebar",
    "most-read",
    "mostread",
    "advert",
    "author-",
    "avatar",
    "comments",
    "promo-",
];

/// Words that stand in the names of typefaces and buttons as well.
const HINTS: [&str; 4] = ["teaser", "promo", "social", "share"];

impl Walker<'_> {
    fn children(&mut self, node: &NodeRef) {
        for child in node.children_it(false) {
            self.node(&child);
        }
    }

    fn node(&mut self, node: &NodeRef) {
        if node.is_text() {
            if self.kept.contains(&node.id) {
                self.run.push(Inline::Text(node.text().to_string()));
            } else if node.is_nonempty_text() {
                // What was left out stood between two runs of text: they are not one word.
                self.run.push(Inline::Text(" ".to_owned()));
            }
            return;
        }
        if !node.is_element() {
            return;
        }
        let name = dom::name(node);
        if self.found.boxes.contains(&node.id) {
            self.flush();
            let figure = figures::of_figure(node, self.base);
            self.add_figure(node, figure);
            return;
        }
        match name.as_str() {
            // A button around a picture enlarges it.
            "button" if holds_picture(node) => self.container(node, &name),
            "script" | "style" | "noscript" | "svg" | "math" | "template" | "button" | "select" | "input" | "textarea"
            | "head" => {}
            "br" => self.line_break(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name),
            "ul" | "ol" => self.list(node, name == "ol"),
            "blockquote" => self.quote(node),
            "figure" => self.figure(node),
            "picture" => self.picture(node),
            _ if images::is_picture(node) => self.picture(node),
            "pre" => self.preformatted(node),
            "table" => self.table(node),
            "iframe" | "video" | "audio" | "embed" | "object" | "amp-youtube" | "lite-youtube" | "amp-video" | "amp-iframe" => {
                self.embed(node)
            }
            // These say nothing by themselves, and old pages set whole texts in them.
            "span" | "font" if !dom::is_called(node, &["caption", "credit"]) => self.children(node),
            _ if is_inline(&name) && !holds_block(node) => {
                let inline = self.inline(node, &name);
                self.run.extend(inline);
            }
            _ if self.is_caption(node) => {}
            _ => self.container(node, &name),
        }
    }

    fn container(&mut self, node: &NodeRef, name: &str) {
        let beside = matches!(name, "nav" | "aside" | "footer" | "form") || dom::is_called(node, &BESIDE);
        let part = !self.found.whole.contains(&node.id);
        let (beside, hinted) = (usize::from(part && beside), usize::from(part && dom::is_called(node, &HINTS)));
        self.aside += beside;
        self.hinted += hinted;
        let away = usize::from(name == "a" && self.leads_away(node));
        self.away += away;
        // An element that is inline holds a block here, so it ends the paragraph as well.
        self.flush();
        self.children(node);
        self.flush();
        self.aside -= beside;
        self.hinted -= hinted;
        self.away -= away;
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.blocks.extend(Rich::new(run).map(Block::Paragraph));
    }

    /// Two breaks in a row are how old pages part their paragraphs.
    fn line_break(&mut self) {
        let blank = |inline: &&Inline| matches!(inline, Inline::Text(text) if text.trim().is_empty());
        if matches!(self.run.iter().rev().find(|inline| !blank(inline)), Some(Inline::Break)) {
            self.flush();
        } else {
            self.run.push(Inline::Break);
        }
    }

    /// What an inline element comes to; several runs where the element itself says nothing.
    fn inline(&self, node: &NodeRef, name: &str) -> Vec<Inline> {
        let mut inner = Vec::new();
        for child in node.children_it(false) {
            if child.is_text() {
                if self.kept.contains(&child.id) {
                    inner.push(Inline::Text(child.text().to_string()));
                }
            } else if child.is_element() {
                match dom::name(&child).as_str() {
                    "br" => inner.push(Inline::Break),
                    "script" | "style" | "noscript" | "svg" | "math" | "template" | "button" => {}
                    name => inner.extend(self.inline(&child, name)),
                }
            }
        }
        if inner.is_empty() {
            return inner;
        }
        match name {
            "a" => match dom::attribute(node, "href").and_then(|href| self.href(&href)) {
                Some(href) => vec![Inline::Link { href, text: inner }],
                None => inner,
            },
            "b" | "strong" => vec![Inline::Strong(inner)],
            "i" | "em" | "cite" | "dfn" | "var" => vec![Inline::Emphasis(inner)],
            "code" | "kbd" | "samp" | "tt" => vec![Inline::Code(node.text().to_string())],
            "q" => [vec![Inline::Text("“".to_owned())], inner, vec![Inline::Text("”".to_owned())]].concat(),
            _ => inner,
        }
    }

    fn href(&self, text: &str) -> Option<Href> {
        Href::parse(text).or_else(|| self.base?.join(text).filter(|_| !text.starts_with('#')).map(Href::Web))
    }

    /// Whether a link leads to another page, and not to the picture in it at full size.
    fn leads_away(&self, node: &NodeRef) -> bool {
        let Some(Href::Web(url)) = dom::attribute(node, "href").and_then(|href| self.href(&href)) else { return false };
        let path = url.url().path().to_ascii_lowercase();
        let picture = ["jpg", "jpeg", "png", "webp", "gif", "avif"].iter().any(|end| path.ends_with(end));
        !picture && self.base.is_none_or(|base| base.url().path() != url.url().path())
    }

    fn url(&self, text: &str) -> Option<WebUrl> {
        WebUrl::parse(text).or_else(|| self.base?.join(text))
    }

    fn heading(&mut self, node: &NodeRef, name: &str) {
        self.flush();
        let inlines = self.inline(node, name);
        let level = name.bytes().last().map_or(2, |digit| digit.saturating_sub(b'0'));
        let text = Rich::new(inlines).and_then(|rich| rich.line());
        self.blocks.extend(text.map(|text| Block::Heading { level, text }));
    }

    /// The blocks of an element by itself.
    fn apart(&self, node: &NodeRef) -> Vec<Block> {
        let mut walker = Walker { blocks: Vec::new(), run: Vec::new(), ..*self };
        walker.children(node);
        walker.flush();
        walker.blocks
    }

    /// Items with several paragraphs or headings are no items: the list was used for layout.
    fn list(&mut self, node: &NodeRef, ordered: bool) {
        self.flush();
        let mut items: Vec<Rich> = Vec::new();
        let mut lifted = Vec::new();
        for item in node.children_it(false).filter(NodeRef::is_element) {
            if self.found.boxes.contains(&item.id) {
                self.end_list(ordered, &mut items);
                self.node(&item);
                continue;
            }
            let blocks = self.apart(&item);
            let heading = blocks.iter().any(|block| matches!(block, Block::Heading { .. }));
            let texts = blocks.iter().filter(|block| matches!(block, Block::Paragraph(_) | Block::Quote(_))).count();
            if heading || texts > 3 {
                self.end_list(ordered, &mut items);
                self.blocks.extend(blocks);
                continue;
            }
            let mut text: Vec<Inline> = Vec::new();
            let mut nested = Vec::new();
            for block in blocks {
                match block {
                    Block::Paragraph(rich) | Block::Quote(rich) => {
                        if !text.is_empty() {
                            text.push(Inline::Break);
                        }
                        text.extend(rich.inlines().iter().cloned());
                    }
                    Block::List { items, .. } => nested.extend(items),
                    other => lifted.push(other),
                }
            }
            items.extend(Rich::new(text));
            items.extend(nested);
        }
        self.end_list(ordered, &mut items);
        self.blocks.extend(lifted);
    }

    fn end_list(&mut self, ordered: bool, items: &mut Vec<Rich>) {
        if !items.is_empty() {
            self.blocks.push(Block::List { ordered, items: std::mem::take(items) });
        }
    }

    fn quote(&mut self, node: &NodeRef) {
        self.flush();
        if dom::is_called(
            node,
            &["twitter-tweet", "instagram-media", "tiktok-embed", "bluesky-embed", "mastodon-embed", "fb-post"],
        ) {
            let links = dom::within(node, &["a"]);
            let url = links.iter().rev().find_map(|link| self.url(&dom::attribute(link, "href")?));
            let url = url.or_else(|| self.url(&dom::attribute(node, "cite")?));
            self.add_embed(node, url, Line::new(&node.text()));
            return;
        }
        let blocks = self.apart(node).into_iter().map(|block| match block {
            Block::Paragraph(rich) => Block::Quote(rich),
            other => other,
        });
        self.blocks.extend(blocks);
    }

    /// Whether a thing that is no text stands among the text of the article.
    fn is_among(&self, node: &NodeRef) -> bool {
        self.aside == 0 && self.hinted == 0 && self.from <= node.id && node.id <= self.last
    }

    /// Whether a picture belongs to the article. One with caption and credit is hardly a teaser; above the title, it must be
    /// among the pictures that the page's data names, or stand in the article's own element with something said of it. One
    /// that links to another page and says nothing is a teaser.
    fn is_picture_among(&self, node: &NodeRef, figure: &Figure) -> bool {
        let credited = figure.caption.is_some() && figure.credit.is_some();
        if self.aside > 0 || (self.hinted > 0 && !credited) || node.id > self.last {
            return false;
        }
        let named = || figure.src.as_ref().is_some_and(|src| self.found.named.contains(&images::file(src.as_str())));
        let told = figure.caption.is_some() || figure.credit.is_some();
        if self.away > 0 && !told && !named() {
            return false;
        }
        let within = || told && self.found.article.is_some_and(|article| article < node.id);
        self.from <= node.id || named() || within()
    }

    fn figure(&mut self, node: &NodeRef) {
        if ["table", "pre", "blockquote", "iframe", "video", "audio"].iter().any(|name| !dom::within(node, &[name]).is_empty()) {
            self.container(node, "figure");
            return;
        }
        self.flush();
        let figure = figures::of_figure(node, self.base);
        self.add_figure(node, figure);
    }

    fn picture(&mut self, node: &NodeRef) {
        let figure = images::of_picture(node, self.base);
        if figure.as_ref().is_some_and(|figure| self.is_picture_among(node, figure)) {
            self.flush();
        }
        self.add_figure(node, figure);
    }

    fn add_figure(&mut self, node: &NodeRef, figure: Option<Figure>) {
        let Some(figure) = figure else { return };
        if self.is_picture_among(node, &figure) {
            self.blocks.push(Block::Figure(figure));
        }
    }

    /// A caption that stands below its picture without a `<figure>` around both.
    fn is_caption(&mut self, node: &NodeRef) -> bool {
        let Some(Block::Figure(figure)) = self.blocks.last_mut() else { return false };
        let follows = self.run.iter().all(|inline| matches!(inline, Inline::Text(text) if text.trim().is_empty()));
        let named = node.has_name("figcaption") || dom::is_called(node, &["caption", "legend", "credit"]);
        if !follows || !named || holds_picture(node) {
            return false;
        }
        captions::describe(figure, node);
        true
    }

    fn preformatted(&mut self, node: &NodeRef) {
        self.flush();
        if node.descendants_it().any(|inner| self.kept.contains(&inner.id)) {
            let text: String = node.text().chars().filter(|c| is_xml_char(*c)).collect();
            self.blocks.push(Block::Preformatted(text.trim_matches(['\n', '\r']).replace("\r\n", "\n")));
        }
    }

    /// Rows of short cells; a table that only places things on the page is walked like any element.
    fn table(&mut self, node: &NodeRef) {
        let nested = !dom::within(node, &["table", "figure", "iframe", "h2", "h3"]).is_empty();
        let rows: Vec<Vec<NodeRef>> = dom::within(node, &["tr"])
            .iter()
            .map(|row| row.children_it(false).filter(|cell| cell.has_name("td") || cell.has_name("th")).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        if nested || columns < 2 || rows.len() < 2 {
            self.container(node, "table");
            return;
        }
        self.flush();
        let rows = rows.iter().map(|row| row.iter().map(|cell| self.cell(cell)).collect::<Vec<String>>());
        let rows: Vec<Vec<String>> = rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
        if !rows.is_empty() {
            self.blocks.push(Block::Table { rows });
        }
    }

    fn cell(&self, node: &NodeRef) -> String {
        let mut text = String::new();
        for inner in node.descendants_it() {
            if self.kept.contains(&inner.id) {
                text.push_str(&inner.text());
            } else if inner.has_name("br") || inner.has_name("p") || inner.has_name("li") || inner.has_name("div") {
                text.push(' ');
            }
        }
        fold(&text)
    }

    fn embed(&mut self, node: &NodeRef) {
        let source = dom::within(node, &["source"]).into_iter().next();
        let attribute = |node: &NodeRef| ["src", "data-src", "data"].iter().find_map(|name| dom::attribute(node, name));
        let named = attribute(node).or_else(|| source.as_ref().and_then(attribute));
        let youtube = || {
            let id = ["data-videoid", "videoid"].iter().find_map(|name| dom::attribute(node, name))?;
            Some(format!("https://www.youtube.com/watch?v={id}"))
        };
        let url = named.or_else(youtube).and_then(|url| self.url(&url));
        let player = |url: &WebUrl| {
            !(node.has_name("iframe") || node.has_name("amp-iframe")) || PLAYERS.iter().any(|word| url.as_str().contains(word))
        };
        let label = ["title", "aria-label"].iter().find_map(|name| Line::new(&dom::attribute(node, name)?));
        if let Some(url) = url.filter(player) {
            self.flush();
            self.add_embed(node, Some(url), label);
        }
    }

    fn add_embed(&mut self, node: &NodeRef, url: Option<WebUrl>, text: Option<Line>) {
        if self.is_among(node) && (url.is_some() || text.is_some()) {
            self.blocks.push(Block::Embed { url, text });
        }
    }
}

/// What stands in the addresses of frames that show something; the others hold advertisements, counters and forms.
#[rustfmt::skip]
const PLAYERS: [&str; 18] = [
    "embed", "player", "video", "podcast", "audio", "vimeo", "soundcloud", "spotify", "twitter", "instagram", "tiktok",
    "plugins/post", "datawrapper", "flourish", "infogram", "documentcloud", "arcgis", "/maps",
];

fn is_inline(name: &str) -> bool {
    name.contains('-')
        || matches!(
            name,
            "a" | "abbr"
                | "b"
                | "bdi"
                | "bdo"
                | "big"
                | "cite"
                | "code"
                | "data"
                | "del"
                | "dfn"
                | "em"
                | "font"
                | "i"
                | "ins"
                | "kbd"
                | "label"
                | "mark"
                | "nobr"
                | "q"
                | "ruby"
                | "rb"
                | "rp"
                | "rt"
                | "s"
                | "samp"
                | "small"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "time"
                | "tt"
                | "u"
                | "var"
                | "wbr"
        )
}

/// Whether an inline element holds what cannot stand inside a paragraph.
fn holds_block(node: &NodeRef) -> bool {
    node.descendants_it().any(|inner| {
        let name = dom::name(&inner);
        inner.is_element()
            && !is_inline(&name)
            && !matches!(name.as_str(), "br" | "svg" | "path" | "g" | "use" | "script" | "style" | "button")
    })
}

fn holds_picture(node: &NodeRef) -> bool {
    images::within(node).next().is_some()
}
