//! The blocks of the lead article, as the template of the HTML part has them.

use serde::Serialize;

use super::contents::{Contents, Picture};
use super::look::{Sizes, inner};
use super::text::{caption, credited, tame};
use crate::domain::{Block, Figure, Line, Rich, Theme, WebUrl, fold};

/// What stands in one row of the column: a picture as wide as the column, or a run of other blocks with room on both sides.
#[derive(Serialize)]
pub(super) struct Part {
    pub(super) wide: bool,
    pub(super) blocks: Vec<HtmlBlock>,
}

/// A block of the article. `kind` says which fields count.
#[derive(Default, Serialize)]
pub(super) struct HtmlBlock {
    pub(super) kind: &'static str,
    /// Safe HTML: running text with its links.
    pub(super) html: String,
    /// Safe HTML, one for each item of a list.
    pub(super) items: Vec<String>,
    pub(super) text: String,
    pub(super) url: String,
    pub(super) level: u8,
    /// Pixels of a heading, and of its line.
    pub(super) size: u16,
    pub(super) line: u16,
    /// As many cells in each row as in the longest.
    /// Cells of a table that say what stands below them; empty where none do.
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) alt: String,
    /// Whether something is said of a picture below it: `text`, and whose it is, `credit`.
    pub(super) captioned: bool,
    pub(super) credit: String,
    pub(super) width: u32,
    /// Zero where it is not known.
    pub(super) height: u32,
}

/// The blocks of the lead article in the rows of the column.
pub(super) fn parts(contents: &Contents<'_>) -> Vec<Part> {
    let theme = &contents.about.theme;
    let mut parts: Vec<Part> = Vec::new();
    for block in contents.body.iter().filter_map(|block| html_block(block, contents)) {
        let wide = block.kind == "figure" && block.width >= u32::from(theme.width);
        match parts.last_mut() {
            Some(part) if !wide && !part.wide => part.blocks.push(block),
            _ => parts.push(Part { wide, blocks: vec![block] }),
        }
    }
    parts
}

/// The block; none where nothing of it is to be seen.
fn html_block(block: &Block, contents: &Contents<'_>) -> Option<HtmlBlock> {
    let theme = &contents.about.theme;
    let styled = |rich: &Rich| styled(rich, theme);
    Some(match block {
        Block::Paragraph(rich) => HtmlBlock { kind: "paragraph", html: styled(rich), ..HtmlBlock::default() },
        Block::Quote(rich) => HtmlBlock { kind: "quote", html: styled(rich), ..HtmlBlock::default() },
        Block::Heading { level, text } => {
            let (size, line) = Sizes::heading(theme.text_size, *level);
            HtmlBlock { kind: "heading", text: text.to_string(), level: (*level).clamp(2, 6), size, line, ..HtmlBlock::default() }
        }
        Block::List { ordered, items } => HtmlBlock {
            kind: if *ordered { "ordered" } else { "unordered" },
            items: items.iter().map(styled).collect(),
            ..HtmlBlock::default()
        },
        Block::Figure(figure) => html_figure(figure, contents)?,
        Block::Table { header, rows } => {
            let mut rows = even(rows);
            let header = if *header && rows.len() > 1 { rows.remove(0) } else { Vec::new() };
            HtmlBlock { kind: "table", header, rows, ..HtmlBlock::default() }
        }
        Block::Preformatted(text) => HtmlBlock { kind: "preformatted", text: tame(text), ..HtmlBlock::default() },
        Block::Embed { url, text } => {
            let url = url.as_ref().map(WebUrl::to_string).unwrap_or_default();
            let text = text.as_ref().map_or_else(|| url.clone(), Line::to_string);
            HtmlBlock { kind: if url.is_empty() { "aside" } else { "embed" }, url, text, ..HtmlBlock::default() }
        }
    })
    .filter(|block| !(block.kind == "aside" && block.text.is_empty()))
}

/// A picture with its caption; where there is no picture to show, the caption alone.
fn html_figure(figure: &Figure, contents: &Contents<'_>) -> Option<HtmlBlock> {
    let photo = &contents.words.photo;
    let said = caption(figure, photo);
    let Picture::Shown { source, alt } = Picture::of(figure, contents.about) else {
        return said.map(|text| HtmlBlock { kind: "aside", text, ..HtmlBlock::default() });
    };
    let theme = &contents.about.theme;
    let (column, text) = (u32::from(theme.width), u32::from(inner(theme)));
    let (width, height) = match figure.size {
        Some((width, height)) if width > 0 && height > 0 => {
            // Wide enough for the whole column, or else not wider than the text.
            let shown = if width >= column { column } else { width.min(text) };
            let scaled = u64::from(height) * u64::from(shown) / u64::from(width);
            (shown, u32::try_from(scaled.max(1)).unwrap_or(0))
        }
        _ => (text, 0),
    };
    Some(HtmlBlock {
        kind: "figure",
        credit: figure.credit.as_ref().map(|credit| credited(credit, photo)).unwrap_or_default(),
        text: figure.caption.as_ref().map(Line::to_string).unwrap_or_default(),
        url: source.to_string(),
        captioned: said.is_some(),
        alt: alt.map(Line::to_string).unwrap_or_default(),
        width,
        height,
        ..HtmlBlock::default()
    })
}

/// The cells of a table, as many in each row: Outlook's Word engine loses the columns of an uneven one.
fn even(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let full = |row: &Vec<String>| {
        let cells = row.iter().map(|cell| fold(cell)).chain(std::iter::repeat_n(String::new(), columns - row.len()));
        cells.collect::<Vec<_>>()
    };
    rows.iter().filter(|row| !row.is_empty()).map(full).collect()
}

/// Running text with its links in the letter's colour: a mail program that drops the style sheet would show them blue.
///
/// [`crate::domain::SafeHtml`] escapes every `<` of the text, so what looks like a tag here is one.
fn styled(rich: &Rich, theme: &Theme) -> String {
    let anchor = format!("<a class=\"link\" style=\"color:{};text-decoration:underline\" href=", theme.day.link);
    let code = "<code style=\"font-family:Menlo,Consolas,monospace;font-size:15px\">";
    rich.html().as_str().replace("<a href=", &anchor).replace("<code>", code)
}
