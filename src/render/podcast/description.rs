//! What is said of an episode: with few tags and of limited length for every app, and whole for those that show it.

use crate::domain::{Block, Inline, Language, Line, Rich};
use crate::render::feed::content::block_html;
use crate::render::feed::html::Html;
use crate::render::words::Words;

/// Bytes of the longest description that Apple takes.
const MOST: usize = 4000;

/// The description, and the whole text where the description has to leave something out.
///
/// The description has only paragraphs, lists, links and emphasis, which is what Apple and PSP-1 allow; of a longer text it
/// has as many whole blocks as fit.
pub(super) fn html(body: &[Block], language: &Language) -> (Option<Html>, Option<Html>) {
    let mut short = Html::default();
    let mut is_whole = true;
    for block in body {
        let Some(piece) = plain(block) else {
            is_whole = false;
            continue;
        };
        is_whole &= is_simple(block);
        if short.as_str().len() + piece.as_str().len() > MOST {
            is_whole = false;
            if short.as_str().is_empty() {
                short = cut(block);
            }
            break;
        }
        short.append(&piece);
    }
    let short = Some(short.trimmed()).filter(|html| !html.as_str().is_empty());
    if is_whole {
        return (short, None);
    }
    let words = Words::of(&[language]);
    let mut whole = Html::default();
    for block in body {
        block_html(&mut whole, block, words);
    }
    (short, Some(whole.trimmed()).filter(|html| !html.as_str().is_empty()))
}

/// Whether the description says a block as it is.
fn is_simple(block: &Block) -> bool {
    match block {
        Block::Paragraph(rich) => bare(rich.inlines()) == rich.inlines(),
        Block::List { items, .. } => items.iter().all(|item| bare(item.inlines()) == item.inlines()),
        _ => false,
    }
}

/// Text with links and emphasis alone: code and line breaks are not among what apps take.
fn bare(inlines: &[Inline]) -> Vec<Inline> {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) | Inline::Code(text) => Inline::Text(text.clone()),
        Inline::Break => Inline::Text(" ".to_owned()),
        Inline::Link { href, text } => Inline::Link { href: href.clone(), text: bare(text) },
        Inline::Strong(inner) => Inline::Strong(bare(inner)),
        Inline::Emphasis(inner) => Inline::Emphasis(bare(inner)),
    };
    inlines.iter().map(one).collect()
}

fn rich(out: &mut Html, rich: &Rich) {
    if let Some(bare) = Rich::new(bare(rich.inlines())) {
        out.rich(&bare);
    }
}

/// A block in the few tags that are allowed; none for what they cannot say.
fn plain(block: &Block) -> Option<Html> {
    let mut out = Html::default();
    match block {
        Block::Paragraph(text) | Block::Quote(text) => paragraph(&mut out, |out| rich(out, text)),
        Block::Heading { text, .. } => paragraph(&mut out, |out| {
            out.markup("<strong>");
            out.text(text.as_str());
            out.markup("</strong>");
        }),
        Block::List { ordered, items } => {
            out.markup(if *ordered { "<ol>\n" } else { "<ul>\n" });
            for item in items {
                out.markup("<li>");
                rich(&mut out, item);
                out.markup("</li>\n");
            }
            out.markup(if *ordered { "</ol>\n" } else { "</ul>\n" });
        }
        Block::Preformatted(text) => {
            let text = Rich::text(text)?;
            paragraph(&mut out, |out| out.rich(&text));
        }
        Block::Figure(_) | Block::Table { .. } | Block::Embed { .. } => return None,
    }
    Some(out)
}

fn paragraph(out: &mut Html, inner: impl FnOnce(&mut Html)) {
    out.markup("<p>");
    inner(out);
    out.markup("</p>\n");
}

/// The beginning of a block that is too long by itself, at the end of a word.
fn cut(block: &Block) -> Html {
    let text = Line::new(&block.plain());
    // A character has at most six bytes once it is escaped, and a tag at each end; four bytes are the most otherwise.
    let line = text.map(|text| {
        let mut most = MOST;
        loop {
            let shorter = text.shortened(most);
            let mut out = Html::default();
            paragraph(&mut out, |out| out.text(shorter.as_str()));
            if out.as_str().len() <= MOST || most < 16 {
                return out;
            }
            most = most * 3 / 4;
        }
    });
    line.unwrap_or_default()
}
