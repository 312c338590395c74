//! Pictures with what is said of them.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::json_ld::Image;
use super::{captions, dom, images};
use crate::domain::{Block, Figure, Line, WebUrl};
use crate::read::{byline, picture, words};

/// The picture of a `<figure>`, or of an element that serves as one, with its caption and credit; none where there is no
/// picture in it.
pub(super) fn of_figure(node: &NodeRef, base: Option<&WebUrl>) -> Option<Figure> {
    // The picture for browsers without scripts is often the only one with an address.
    let mut figure = images::within(node).find_map(|picture| images::of_picture(&picture, base))?;
    let captions = dom::within(node, &["figcaption"]);
    let called = node.descendants_it().find(|inner| inner.is_element() && dom::is_called(inner, &CAPTIONS));
    match (captions.is_empty(), called, node.has_name("figure")) {
        (true, Some(caption), _) => captions::describe(&mut figure, &caption),
        (true, None, false) => captions::describe(&mut figure, node),
        _ => {}
    }
    for caption in captions {
        captions::describe(&mut figure, &caption);
    }
    if figure.credit.is_none() {
        let beside = || node.descendants_it().find_map(|inner| captions::beside(&inner));
        // Picture desks write caption and credit in one field, which also becomes the `alt`.
        let title = || images::within(node).find_map(|img| in_field(&dom::attribute(&img, "title")?));
        figure.credit = beside().or_else(|| in_field(figure.alt.as_ref()?.as_str())).or_else(title);
    }
    Some(figure)
}

/// The credit in a text that describes a picture.
fn in_field(text: &str) -> Option<Line> {
    picture::split(text).and_then(|split| picture::credit(split.credit))
}

/// What captions are called in classes and ids.
const CAPTIONS: [&str; 4] = ["caption", "legend", "bildunterschrift", "bildtext"];
/// What credits are called there, with no other meaning.
const CREDITS: [&str; 3] = ["credit", "copyright", "photographer"];
/// What boxes are called that show something else than a picture of the article.
const OTHERS: [&str; 7] = ["author", "autor", "avatar", "profile", "byline", "newsletter", "podcast"];
/// What the boxes of pictures are called.
const BOXES: [&str; 8] = ["image", "img", "picture", "photo", "foto", "bild", "figure", "media"];
/// Levels between a picture and its box.
const LEVELS: usize = 6;
/// Nodes of the largest box, which also keeps the search linear.
const NODES: usize = 120;
/// Words of the longest caption.
const WORDS: usize = 90;
/// Words below a picture that are taken for its caption though nothing says so.
const PHRASE: usize = 20;

/// The elements that serve as a `<figure>`: one picture, and below it a short text that is called a caption, stands in a
/// box that is called after pictures, says the same as the picture's `alt`, or bears a credit.
pub(super) fn boxes(document: &Document, base: Option<&WebUrl>) -> HashSet<NodeId> {
    // No element is looked through twice: one that holds two pictures is refused at the first.
    let mut refused = HashSet::new();
    images::within(&document.root())
        .filter(|img| images::of_picture(img, base).is_some())
        .filter_map(|img| around(&img, &mut refused))
        .collect()
}

/// The outermost element around a picture that serves as its figure.
fn around(img: &NodeRef, refused: &mut HashSet<NodeId>) -> Option<NodeId> {
    let mut found = None;
    let mut level = img.parent();
    for _ in 0..LEVELS {
        let Some(node) = level.filter(|node| !refused.contains(&node.id)) else { break };
        if ["body", "article", "main", "noscript"].iter().any(|name| node.has_name(name)) {
            break;
        }
        match serves(&node, img) {
            Some(true) => found = Some(node.id),
            Some(false) => {}
            None => {
                refused.insert(node.id);
                break;
            }
        }
        // What lies around the item of a list is a gallery.
        if node.has_name("li") {
            break;
        }
        level = node.parent();
    }
    found
}

/// Whether an element serves as the figure of a picture in it; `None` where it holds more than a figure does.
fn serves(node: &NodeRef, img: &NodeRef) -> Option<bool> {
    if dom::is_called(node, &OTHERS) {
        return None;
    }
    let mut runs: Vec<String> = Vec::new();
    let (mut called, mut figure, mut linked) = (false, false, 0);
    for (at, inner) in node.descendants_it().enumerate() {
        if at > NODES {
            return None;
        }
        if inner.is_text() {
            runs.extend(Some(dom::text(&inner)).filter(|run| !run.is_empty()));
            continue;
        }
        match &*dom::name(&inner) {
            "video" | "iframe" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" => return None,
            // The picture for browsers without scripts says nothing new.
            _ if images::is_picture(&inner) => {
                if inner.id != img.id && !inner.parent().is_some_and(|parent| parent.has_name("noscript")) {
                    return None;
                }
            }
            "a" => linked += dom::text(&inner).len(),
            "figcaption" => called = true,
            "figure" => figure = true,
            _ => called |= inner.is_element() && (dom::is_called(&inner, &CAPTIONS) || dom::is_called(&inner, &CREDITS)),
        }
    }
    let Some(last) = runs.last() else { return Some(false) };
    let text = runs.join(" ");
    if words::measure(&text) > WORDS {
        return None;
    }
    // A figure with a text in it needs no box. A picture with a link below it is a teaser, and one with a byline a portrait.
    if node.has_name("figure") {
        return None;
    }
    // So is one with a running time.
    let timed = |run: &String| run.len() <= 8 && run.contains(':') && run.chars().all(|c| c.is_ascii_digit() || c == ':');
    if linked * 2 > text.len() || is_byline(&text) || runs.iter().any(timed) {
        return Some(false);
    }
    if figure {
        return Some(called);
    }
    let same = || dom::attribute(img, "alt").is_some_and(|alt| words::key(&alt) == words::key(&text));
    // Where classes say nothing: an agency stands alone below the picture, or below its caption.
    let signed = || matches!(picture::describe(last), (None, Some(_)));
    // Nor more than a phrase or two, each in an element of its own, and no sentence.
    let brief = || runs.len() <= 2 && words::measure(&text) <= PHRASE && !words::ends_sentence(&text) && node.has_name("div");
    Some(called || dom::is_called(node, &BOXES) || same() || picture::split(&text).is_some() || signed() || brief())
}

/// Whether a text says who wrote the article: `Von Ada Lum, Redakteurin 4.3.2026`.
fn is_byline(text: &str) -> bool {
    let name = text.split(|c: char| c == ',' || c.is_numeric()).next().unwrap_or(text);
    byline::is_byline(text, &[]) || byline::is_byline(name, &[])
}

/// Fills in what the page says of its pictures elsewhere, and puts the picture that stands for the article first where
/// the text has none.
pub(super) fn complete(blocks: &mut Vec<Block>, described: &[Image]) {
    merge(blocks);
    for block in blocks.iter_mut() {
        let Block::Figure(figure) = block else { continue };
        if let (None, Some(alt)) = (&figure.credit, &figure.alt) {
            figure.credit = in_field(alt.as_str());
        }
        let Some(name) = figure.src.as_ref().map(|src| images::file(src.as_str())) else { continue };
        let Some(image) = described.iter().find(|image| images::file(&image.url) == name) else { continue };
        figure.caption = figure.caption.take().or_else(|| image.caption.clone());
        figure.credit = figure.credit.take().or_else(|| image.credit.clone());
    }
    let pictured = blocks.iter().any(|block| matches!(block, Block::Figure(_)));
    if let (false, Some(image)) = (pictured, described.first()) {
        let (caption, credit) = (image.caption.clone(), image.credit.clone());
        let figure = Figure { src: WebUrl::parse(&image.url), caption, credit, ..Figure::default() };
        blocks.insert(0, Block::Figure(figure));
    }
}

/// The same picture is shown once, with all that is said of it anywhere.
fn merge(blocks: &mut Vec<Block>) {
    let mut said: HashMap<String, Figure> = HashMap::new();
    let name = |figure: &Figure| figure.src.as_ref().map(|src| images::file(src.as_str()));
    for block in blocks.iter() {
        let Block::Figure(figure) = block else { continue };
        let Some(name) = name(figure) else { continue };
        let known = said.entry(name).or_default();
        known.caption = known.caption.take().or_else(|| figure.caption.clone());
        known.credit = known.credit.take().or_else(|| figure.credit.clone());
    }
    blocks.retain_mut(|block| {
        let Block::Figure(figure) = block else { return true };
        let Some(name) = name(figure) else { return true };
        let Some(known) = said.remove(&name) else { return false };
        (figure.caption, figure.credit) = (known.caption, known.credit);
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Line;
    use crate::read::html::tests::read;

    const SENTENCE: &str =
        "The river rose in the night, and the village, which had seen it before, carried sand until the morning came. ";

    /// Caption and credit of the figures in a page whose text stands around some markup.
    fn told(before: &str, among: &str) -> Vec<(String, String)> {
        let text = SENTENCE.repeat(3);
        let page = format!(
            "<meta property=og:image content=https://e.org/i/named-dam.jpg><main>{before}<h1>A night on the river</h1><p>{text}</p>\
             {among}<p>{text}</p><p>{text}</p></main>"
        );
        let plain = |line: &Option<Line>| line.as_ref().map(ToString::to_string).unwrap_or_default();
        let figures = read(&page).body.into_iter().filter_map(|block| match block {
            Block::Figure(figure) => Some((plain(&figure.caption), plain(&figure.credit))),
            _ => None,
        });
        figures.collect()
    }

    #[track_caller]
    fn case(among: &str, caption: &str, credit: &str) {
        let found = told("", among);
        assert_eq!(found, [(caption.to_owned(), credit.to_owned())], "{among}");
    }

    const IMG: &str = "<img src=https://e.org/i/dam-at-night.jpg alt='A dam'>";

    #[test]
    fn boxes_serve_as_figures() {
        case(
            &format!("<div class=picture>{IMG}<p>The dam at night <span>AFP/Ada Lum</span></p></div>"),
            "The dam at night",
            "AFP/Ada Lum",
        );
        case(&format!("<div>{IMG}<div>The dam at night</div><div>Getty Images</div></div>"), "The dam at night", "Getty Images");
        case(
            &format!("<div><figure>{IMG}</figure><figcaption>The dam <i>Foto: Ada Lum</i></figcaption></div>"),
            "The dam",
            "Ada Lum",
        );
        case(&format!("<ul><li class=img>{IMG}<span>The dam. Bild: Ada Lum</span></li></ul>"), "The dam.", "Ada Lum");
        case(&format!("<button><div>{IMG}<figcaption>The dam</figcaption></div></button>"), "The dam", "");
        case(
            "<div><x-image data-src=https://e.org/i/dam-at-night.jpg></x-image><p class=caption>The dam</p></div>",
            "The dam",
            "",
        );
        case("<img src=https://e.org/i/dam-at-night.jpg alt='The dam (Photo: Ada Lum)'>", "", "Ada Lum");
    }

    #[test]
    fn what_is_beside_the_article_stays_out() {
        for among in [
            format!("<a href=/other>{IMG}</a>"),
            format!("<aside><figure>{IMG}<figcaption>A dam</figcaption></figure></aside>"),
            format!("<div class=teaser><figure>{IMG}<figcaption>A dam</figcaption></figure></div>"),
            "<img src=https://e.org/i/agency-logo.png>".to_owned(),
        ] {
            let named = told("", &among);
            assert!(named.iter().all(|(caption, credit)| caption.is_empty() && credit.is_empty()), "{among}: {named:?}");
        }
    }

    #[test]
    fn text_beside_a_picture_stays_text() {
        let page =
            format!("<main><h1>A night</h1><div class=lead>{IMG}<p>{SENTENCE}</p></div><p>{SENTENCE}{SENTENCE}</p></main>");
        let body = read(&page).body;
        assert!(
            body.iter().any(|block| matches!(block, Block::Paragraph(rich) if rich.html().as_str().contains("which had seen")))
        );
        assert!(body.iter().all(|block| !matches!(block, Block::Figure(figure) if figure.caption.is_some())), "{body:?}");
    }

    #[test]
    fn pictures_above_the_title_count_where_something_is_said_of_them() {
        let above = |markup: &str| told(markup, "").first().map(|(caption, _)| caption.clone()).unwrap_or_default();
        assert_eq!(above(&format!("<figure>{IMG}<figcaption>The dam at night</figcaption></figure>")), "The dam at night");
        assert_eq!(above(IMG), "");
        // What the text shows twice is shown once, with what is said of either.
        let twice = told(
            "<img src=https://e.org/i/named-dam.jpg>",
            "<figure><img src=https://e.org/i/named-dam.jpg?w=9><figcaption>The dam</figcaption></figure>",
        );
        assert_eq!(twice, [("The dam".to_owned(), String::new())]);
    }
}
