//! Pictures: what is said in their place, how wide they are, where they come from, and whether they spy.

use super::markup::{Markup, Node};
use super::{Check, css, inline, links, rules};
use crate::domain::{LetterPart, quoted};

/// The widest that a letter's column is.
const WIDEST: u32 = 640;

pub(super) fn check(check: &mut Check, markup: &Markup) {
    for (at, node) in markup.named("img") {
        alternative(check, markup, at, node);
        measures(check, node);
        source(check, node);
        if node.attribute("srcset").is_some() {
            check.html(&rules::picture::SRCSET, node.line, "the picture has a `srcset`");
        }
    }
    for (_, node) in markup.named("picture").chain(markup.named("source")) {
        check.html(&rules::picture::SRCSET, node.line, format!("`<{}>`", node.name()));
    }
    for (_, node) in markup.elements() {
        if let Some(url) = node.attribute("background") {
            check.html(&rules::picture::GROUND, node.line, format!("`background={}`", quoted(url)));
        }
    }
}

fn alternative(check: &mut Check, markup: &Markup, at: usize, node: &Node) {
    let Some(alt) = node.attribute("alt") else {
        check.html(&rules::picture::ALT, node.line, "the picture has no `alt`");
        return;
    };
    let file = node.attribute("src").and_then(|src| src.rsplit('/').next()).unwrap_or_default();
    let lower = alt.trim().to_ascii_lowercase();
    let is_name =
        !alt.is_empty() && (alt == file || [".jpg", ".jpeg", ".png", ".gif"].iter().any(|ending| lower.ends_with(ending)));
    if is_name {
        check.html(&rules::picture::ALT_NAME, node.line, format!("the `alt` is {}", quoted(alt)));
    }
    // A link that is a picture alone says with it where it leads.
    let link = markup.above(at).find(|(_, above)| above.name() == "a");
    if alt.trim().is_empty() && link.is_some_and(|(link, _)| markup.text_of(link).is_empty()) {
        check.html(&rules::picture::ALT, node.line, "the picture is all there is of a link, and its `alt` is empty");
    }
}

fn measures(check: &mut Check, node: &Node) {
    let style = inline(node);
    match node.attribute("width").map(str::parse::<u32>) {
        Some(Ok(width)) if width > WIDEST => {
            check.html(&rules::picture::WIDTH, node.line, format!("the picture is {width} px wide"));
        }
        Some(Ok(_)) => {}
        Some(Err(_)) => {
            let width = node.attribute("width").unwrap_or_default();
            check.html(&rules::picture::WIDTH, node.line, format!("the width is {}, no number of pixels", quoted(width)));
        }
        None => check.html(&rules::picture::WIDTH, node.line, "the picture has no `width`"),
    }
    let tiny = |name: &str| {
        let told = node.attribute(name).and_then(css::pixels_or_number).or(css::value(&style, name).and_then(css::pixels));
        told.is_some_and(|size| size <= 2.0)
    };
    let is_hidden = css::value(&style, "display").is_some_and(|display| display == "none")
        || css::value(&style, "visibility").is_some_and(|seen| seen == "hidden")
        || css::value(&style, "opacity").is_some_and(|opacity| opacity.parse::<f64>().is_ok_and(|opacity| opacity <= 0.0));
    if (tiny("width") && tiny("height")) || is_hidden {
        let url = node.attribute("src").unwrap_or_default();
        check.html(&rules::privacy::PIXEL, node.line, format!("the picture {} cannot be seen", quoted(url)));
    }
}

fn source(check: &mut Check, node: &Node) {
    let source = node.attribute("src").unwrap_or_default().trim();
    let (scheme, rest) = source.split_once(':').unwrap_or(("", source));
    match scheme.to_ascii_lowercase().as_str() {
        "https" => links::address(check, LetterPart::Html, node.line, source),
        "http" => check.html(&rules::picture::HTTP, node.line, format!("the picture {} comes by http", quoted(source))),
        "cid" => {
            let known = check.letter.attached.is_none_or(|attached| attached.iter().any(|id| id == rest));
            if !known {
                check.html(&rules::picture::SOURCE, node.line, format!("no part of the message has the id {}", quoted(rest)));
            }
            return;
        }
        "data" => check.html(&rules::picture::DATA, node.line, "the picture is written into the letter"),
        _ => check.html(&rules::picture::SOURCE, node.line, format!("the picture comes from {}", quoted(source))),
    }
    let path = source.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    if let Some(ending) =
        ["svg", "webp", "avif", "heic", "tiff", "bmp"].iter().find(|ending| path.ends_with(&format!(".{ending}")))
    {
        check.html(&rules::picture::FORMAT, node.line, format!("the picture {} is {ending}", quoted(source)));
    }
}
