//! The whole article as HTML and as plain text: what a reader sees who never leaves the feed reader.
//!
//! Both have the same order: the lead, the blocks, the editors, and at the close the invitation to the show.

use std::fmt::Write;

use crate::domain::{Archived, Block, Episode, Figure, Href, Inline, Line, Publication, Rich, WebUrl};
use crate::render::words::Words;

use super::html::Html;

/// The article as HTML, without its title, which every format has a place for.
pub(super) fn html(archived: &Archived, publication: &Publication) -> Html {
    let article = &archived.article;
    let words = Words::of(&[&article.language]);
    let mut out = Html::default();
    // A feed tells its language, but has no place for a direction of writing.
    let wrapped = article.language != publication.language || article.language.direction() == "rtl";
    if wrapped {
        out.markup("<div lang=\"");
        out.text(article.language.as_str());
        out.markup("\" dir=\"");
        out.markup(article.language.direction());
        out.markup("\">");
    }
    if let Some(summary) = &article.summary {
        out.markup("<p><strong>");
        out.text(summary.as_str());
        out.markup("</strong></p>\n");
    }
    for block in &article.body {
        block_html(&mut out, block, words);
    }
    if !article.editors.is_empty() {
        out.markup("<p><em>");
        out.markup(words.edited_by);
        out.markup(" ");
        out.text(&joined(&article.editors));
        out.markup("</em></p>\n");
    }
    if let Some(promo) = &article.promo {
        out.markup("<hr>\n<aside><p>");
        out.text(promo.text.as_str());
        out.markup("</p>");
        if let Some((name, url)) = listen(&promo.show, publication) {
            out.markup("<p>");
            link(&mut out, url, |out| {
                out.markup(words.listen_to);
                out.markup(" ");
                out.text(name.as_str());
            });
            out.markup("</p>");
        }
        if let Some(episode) = promoted(archived, publication) {
            out.markup("<p>");
            out.markup(words.latest_episode);
            out.markup(words.colon);
            out.markup(" ");
            match &episode.url {
                Some(url) => link(&mut out, url, |out| out.text(episode.title.as_str())),
                None => out.text(episode.title.as_str()),
            }
            if let Some(length) = episode.length() {
                out.text(&format!(" ({length})"));
            }
            out.markup("</p>");
        }
        out.markup("</aside>\n");
    }
    if wrapped {
        out.markup("</div>\n");
    }
    out.trimmed()
}

/// The article as plain text, blocks apart by an empty line, without its title.
pub(super) fn text(archived: &Archived, publication: &Publication) -> String {
    let article = &archived.article;
    let words = Words::of(&[&article.language]);
    let mut parts: Vec<String> = article.summary.iter().map(Line::to_string).collect();
    parts.extend(article.body.iter().map(|block| block_text(block, words)));
    if !article.editors.is_empty() {
        parts.push(format!("{} {}", words.edited_by, joined(&article.editors)));
    }
    if let Some(promo) = &article.promo {
        parts.push(promo.text.to_string());
        parts.extend(listen(&promo.show, publication).map(|(name, url)| format!("{} {name}: {url}", words.listen_to)));
        if let Some(episode) = promoted(archived, publication) {
            let length = episode.length().map(|length| format!(" ({length})")).unwrap_or_default();
            let url = episode.url.as_ref().map(|url| format!(": {url}")).unwrap_or_default();
            parts.push(format!("{}{} {}{length}{url}", words.latest_episode, words.colon, episode.title));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// The show by its own name and where to listen to it, where the publication knows.
fn listen<'a>(show: &Line, publication: &'a Publication) -> Option<(&'a Line, &'a WebUrl)> {
    let show = publication.show(show)?;
    Some((&show.name, show.listen.as_ref()?))
}

/// The episode that goes with the promo, where the promo is that of its show.
fn promoted<'a>(archived: &'a Archived, publication: &Publication) -> Option<&'a Episode> {
    let show = publication.show(&archived.article.promo.as_ref()?.show)?;
    archived.episode.as_ref().filter(|episode| episode.show == show.name)
}

pub(super) fn joined(names: &[Line]) -> String {
    names.iter().map(Line::as_str).collect::<Vec<_>>().join(", ")
}

pub(in crate::render) fn block_html(out: &mut Html, block: &Block, words: &Words) {
    match block {
        Block::Paragraph(rich) => around(out, "<p>", "</p>\n", |out| out.rich(rich)),
        Block::Heading { level, text } => {
            let (start, end) = match level {
                ..=2 => ("<h2>", "</h2>\n"),
                3 => ("<h3>", "</h3>\n"),
                4 => ("<h4>", "</h4>\n"),
                5 => ("<h5>", "</h5>\n"),
                6.. => ("<h6>", "</h6>\n"),
            };
            around(out, start, end, |out| out.text(text.as_str()));
        }
        Block::List { items, .. } if items.is_empty() => {}
        Block::List { ordered, items } => {
            let (start, end) = if *ordered { ("<ol>\n", "</ol>\n") } else { ("<ul>\n", "</ul>\n") };
            around(out, start, end, |out| {
                for item in items {
                    around(out, "<li>", "</li>\n", |out| out.rich(item));
                }
            });
        }
        Block::Quote(rich) => around(out, "<blockquote><p>", "</p></blockquote>\n", |out| out.rich(rich)),
        Block::Figure(figure) => figure_html(out, figure, words),
        Block::Table { header, rows } => table_html(out, *header, rows),
        Block::Preformatted(text) => match preformatted(text) {
            "" => {}
            text => around(out, "<pre>", "</pre>\n", |out| out.text(text)),
        },
        Block::Embed { url: Some(url), text } => {
            let text = text.as_ref().map_or(url.as_str(), Line::as_str);
            around(out, "<p>", "</p>\n", |out| link(out, url, |out| out.text(text)));
        }
        Block::Embed { url: None, text: Some(text) } => around(out, "<p>", "</p>\n", |out| out.text(text.as_str())),
        Block::Embed { url: None, text: None } => {}
    }
}

fn figure_html(out: &mut Html, figure: &Figure, words: &Words) {
    if figure.src.is_none() && figure.caption.is_none() && figure.credit.is_none() {
        return;
    }
    out.markup("<figure>");
    if let Some(src) = &figure.src {
        out.markup("<img src=\"");
        out.text(src.as_str());
        // An empty `alt` is written too: it tells a screen reader to pass the picture over instead of spelling its address.
        out.markup("\" alt=\"");
        out.text(figure.alt.as_ref().map_or("", Line::as_str));
        out.markup("\"");
        if let Some((width, height)) = figure.size {
            out.markup(" width=\"");
            out.text(&width.to_string());
            out.markup("\" height=\"");
            out.text(&height.to_string());
            out.markup("\"");
        }
        out.markup(">");
    }
    if figure.caption.is_some() || figure.credit.is_some() {
        out.markup("<figcaption>");
        if let Some(caption) = &figure.caption {
            out.text(caption.as_str());
        }
        if let Some(credit) = &figure.credit {
            let (start, end) = if figure.caption.is_some() { (" <small>(", ")</small>") } else { ("<small>", "</small>") };
            out.markup(start);
            out.markup(words.photo);
            out.markup(" ");
            out.text(credit.as_str());
            out.markup(end);
        }
        out.markup("</figcaption>");
    }
    out.markup("</figure>\n");
}

fn table_html(out: &mut Html, header: bool, rows: &[Vec<String>]) {
    let mut rows = rows.iter().filter(|row| !row.is_empty()).peekable();
    if rows.peek().is_none() {
        return;
    }
    out.markup("<table>\n");
    for (at, row) in rows.enumerate() {
        out.markup("<tr>");
        for cell in row {
            // The corner of a table may be empty, and says nothing of any column then.
            let (start, end) =
                if header && at == 0 && !cell.is_empty() { ("<th scope=\"col\">", "</th>") } else { ("<td>", "</td>") };
            around(out, start, end, |out| out.text(cell));
        }
        out.markup("</tr>\n");
    }
    out.markup("</table>\n");
}

fn around(out: &mut Html, start: &'static str, end: &'static str, inner: impl FnOnce(&mut Html)) {
    out.markup(start);
    inner(out);
    out.markup(end);
}

fn link(out: &mut Html, url: &WebUrl, inner: impl FnOnce(&mut Html)) {
    out.markup("<a href=\"");
    out.text(url.as_str());
    out.markup("\">");
    inner(out);
    out.markup("</a>");
}

/// Preformatted text without the empty lines around it: HTML would swallow the first of them after `<pre>`.
fn preformatted(text: &str) -> &str {
    let text = text.trim_end();
    text.trim_start_matches(['\r', '\n'])
}

fn block_text(block: &Block, words: &Words) -> String {
    match block {
        Block::Paragraph(rich) => rich_text(rich),
        Block::Heading { text, .. } => text.to_string(),
        Block::List { ordered, items } => {
            let lines = items.iter().enumerate().map(|(at, item)| match ordered {
                true => format!("{}. {}", at + 1, rich_text(item)),
                false => format!("- {}", rich_text(item)),
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        Block::Quote(rich) => rich_text(rich).lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
        Block::Figure(figure) => {
            let credit = figure.credit.as_ref().map(|credit| format!("{} {credit}", words.photo));
            match (&figure.caption, credit) {
                (Some(caption), Some(credit)) => format!("{caption} ({credit})"),
                (Some(caption), None) => caption.to_string(),
                (None, credit) => credit.unwrap_or_default(),
            }
        }
        Block::Table { rows, .. } => {
            let rows = rows.iter().filter(|row| !row.is_empty()).map(|row| row.join(" | "));
            rows.collect::<Vec<_>>().join("\n")
        }
        Block::Preformatted(text) => preformatted(text).to_owned(),
        Block::Embed { url: Some(url), text: Some(text) } => format!("{text}: {url}"),
        Block::Embed { url, text } => {
            let text = text.as_ref().map(Line::to_string);
            text.or(url.as_ref().map(WebUrl::to_string)).unwrap_or_default()
        }
    }
}

fn rich_text(rich: &Rich) -> String {
    let mut out = String::new();
    inlines_text(&mut out, rich.inlines());
    out
}

fn inlines_text(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Strong(inner) | Inline::Emphasis(inner) => inlines_text(out, inner),
            Inline::Link { href, text } => {
                let start = out.len();
                inlines_text(out, text);
                let target = bare(href);
                if out.get(start..) != Some(target) {
                    // Writing to a `String` cannot fail.
                    let _ = write!(out, " ({target})");
                }
            }
        }
    }
}

/// The target as a person would write it down: an address without `mailto:`.
fn bare(href: &Href) -> &str {
    href.as_str().strip_prefix("mailto:").unwrap_or(href.as_str())
}
