//! The tree of a page as blocks.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::scope::{Around, Scope};
use super::{captions, dom, embeds, figures, images};
use crate::domain::{Block, Figure, Href, Inline, Line, Rich, WebUrl, fold, is_xml_char};

/// The blocks that the kept text makes, with the figures and embeds that stand among it.
pub(super) fn walk(document: &Document, kept: &HashSet<NodeId>, scope: &Scope, base: Option<&WebUrl>) -> Vec<Block> {
    let Some(body) = document.body() else { return Vec::new() };
    let mut walker = Walker { kept, scope, base, blocks: Vec::new(), run: Vec::new(), around: Around::default() };
    walker.children(&body);
    walker.flush();
    walker.blocks
}

struct Walker<'a> {
    kept: &'a HashSet<NodeId>,
    scope: &'a Scope,
    base: Option<&'a WebUrl>,
    blocks: Vec<Block>,
    /// Running text that is not yet a paragraph.
    run: Vec<Inline>,
    around: Around,
}

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
            } else if !matches!(self.run.last(), None | Some(Inline::Break)) && node.is_nonempty_text() {
                // What was left out stood between two runs of text: they are not one word.
                self.run.push(Inline::Text(" ".to_owned()));
            }
            return;
        }
        if !node.is_element() {
            return;
        }
        let name = dom::name(node);
        if self.scope.is_box(node) {
            self.flush();
            let figure = figures::of_figure(node, self.base);
            self.add_figure(node, figure);
            return;
        }
        match &*name {
            // A button around a picture enlarges it.
            "button" if holds_picture(node) => self.container(node, &name),
            "script" | "style" | "noscript" | "svg" | "math" | "template" | "button" | "select" | "input" | "textarea"
            | "head" => {}
            "br" => self.line_break(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node, &name),
            "ul" | "ol" => self.list(node, &*name == "ol"),
            "blockquote" => self.quote(node),
            "figure" => self.figure(node),
            "picture" => self.picture(node),
            _ if images::is_picture(node) => self.picture(node),
            "pre" => self.preformatted(node),
            "table" => self.table(node),
            "iframe" | "video" | "audio" | "embed" | "object" | "amp-youtube" | "lite-youtube" | "amp-video" | "amp-iframe" => {
                self.embed(node);
            }
            // These say nothing by themselves, and old pages set whole texts in them.
            "span" | "font" if !dom::is_called(node, &["caption", "credit"]) => self.children(node),
            _ if dom::is_inline(&name) && !holds_block(node) => {
                let inline = self.inline(node, &name);
                self.run.extend(inline);
            }
            _ if self.is_caption(node) => {}
            _ => self.container(node, &name),
        }
    }

    fn container(&mut self, node: &NodeRef, name: &str) {
        let outside = self.around;
        self.around = self.scope.enter(outside, node, name, self.base);
        // An element that is inline holds a block here, so it ends the paragraph as well.
        self.flush();
        self.children(node);
        self.flush();
        self.around = outside;
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
                match &*dom::name(&child) {
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
            if self.scope.is_box(&item) {
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
        if figure.as_ref().is_some_and(|figure| self.scope.holds_figure(self.around, node, figure)) {
            self.flush();
        }
        self.add_figure(node, figure);
    }

    fn add_figure(&mut self, node: &NodeRef, figure: Option<Figure>) {
        let Some(figure) = figure else { return };
        if self.scope.holds_figure(self.around, node, &figure) {
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
        let heads = |row: &[NodeRef]| row.iter().all(|cell| cell.has_name("th"));
        let read = rows.iter().map(|row| (heads(row), row.iter().map(|cell| self.cell(cell)).collect::<Vec<String>>()));
        let read: Vec<(bool, Vec<String>)> = read.filter(|(_, row)| row.iter().any(|cell| !cell.is_empty())).collect();
        if let Some((header, _)) = read.first() {
            let header = *header && read.len() > 1;
            self.blocks.push(Block::Table { header, rows: read.into_iter().map(|(_, row)| row).collect() });
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
        if let Some((url, title)) = embeds::of_player(node, self.base) {
            self.flush();
            self.add_embed(node, Some(url), title);
        }
    }

    fn add_embed(&mut self, node: &NodeRef, url: Option<WebUrl>, text: Option<Line>) {
        if self.scope.holds(self.around, node) && (url.is_some() || text.is_some()) {
            self.blocks.push(Block::Embed { url, text });
        }
    }
}

/// Whether an inline element holds what cannot stand inside a paragraph.
fn holds_block(node: &NodeRef) -> bool {
    node.descendants_it().any(|inner| {
        let name = dom::name(&inner);
        inner.is_element()
            && !dom::is_inline(&name)
            && !matches!(&*name, "br" | "svg" | "path" | "g" | "use" | "script" | "style" | "button")
    })
}

fn holds_picture(node: &NodeRef) -> bool {
    images::within(node).next().is_some()
}
