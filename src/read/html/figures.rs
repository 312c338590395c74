//! Pictures with what is said of them.

use dom_query::NodeRef;

use super::dom;
use super::json_ld::Image;
use crate::domain::{Block, Figure, Line, WebUrl};
use crate::read::picture;

/// The picture of a `<figure>` with its caption and credit; none where there is no picture in it.
pub(super) fn of_figure(node: &NodeRef, base: Option<&WebUrl>) -> Option<Figure> {
    // The picture for browsers without scripts is often the only one with an address.
    let mut pictures = dom::within(node, &["img", "amp-img"]).into_iter();
    let mut figure = pictures.find_map(|picture| of_picture(&picture, base))?;
    let captions = dom::within(node, &["figcaption"]);
    let called = node.descendants_it().find(|inner| inner.is_element() && dom::is_called(inner, &["caption", "legend"]));
    if let (true, Some(caption)) = (captions.is_empty(), called) {
        describe(&mut figure, &caption);
    }
    for caption in captions {
        describe(&mut figure, &caption);
    }
    if figure.credit.is_none() {
        let beside = node.descendants_it().find(|inner| is_credit(inner));
        figure.credit = beside.and_then(|inner| picture::credit(&dom::text(&inner)));
    }
    Some(figure)
}

const CREDITS: [&str; 11] = [
    "credit",
    "copyright",
    "photographer",
    "attribution",
    "source",
    "agency",
    "fotograf",
    "author",
    "byline",
    "rights",
    "quelle",
];

fn is_credit(node: &NodeRef) -> bool {
    let text = || dom::text(node);
    node.is_element() && dom::is_called(node, &CREDITS) && (2..=150).contains(&text().chars().count())
}

/// Adds what a caption says; the outermost element in it that is called a credit is the credit.
pub(super) fn describe(figure: &mut Figure, caption: &NodeRef) {
    let credit = if is_credit(caption) { Some(*caption) } else { caption.descendants_it().find(is_credit) };
    let (said, by) = match credit {
        Some(credit) => {
            let inside: Vec<_> = credit.descendants_it().map(|node| node.id).collect();
            let beside = caption.descendants_it().filter(|node| node.is_text() && !inside.contains(&node.id));
            let text: Vec<String> = beside.map(|node| node.text().to_string()).collect();
            (
                Line::new(&text.join(" ")).filter(|line| line.as_str().chars().any(char::is_alphanumeric)),
                picture::credit(&dom::text(&credit)),
            )
        }
        None => picture::describe(&dom::text(caption)),
    };
    // Where the element holds all of the text, its name is a lie.
    let (said, by) = match (said, by) {
        (None, Some(all)) if all.as_str().split(' ').count() > 12 => picture::describe(all.as_str()),
        other => other,
    };
    figure.caption = figure.caption.take().or(said);
    figure.credit = figure.credit.take().or(by);
}

/// A picture by itself; none for icons, pixels that count readers, and what has no web address.
pub(super) fn of_picture(node: &NodeRef, base: Option<&WebUrl>) -> Option<Figure> {
    let img = if node.has_name("picture") { dom::within(node, &["img"]).into_iter().next()? } else { *node };
    let pixels = |name: &str| dom::attribute(&img, name)?.trim_end_matches("px").parse::<u32>().ok();
    let (width, height) = (pixels("width"), pixels("height"));
    let small = |side: Option<u32>| side.is_some_and(|side| side < 80);
    let icon = dom::is_called(&img, &["avatar", "icon", "logo", "emoji", "author"]);
    if small(width) || small(height) || icon {
        return None;
    }
    Some(Figure {
        src: Some(address(&img, base)?),
        alt: dom::attribute(&img, "alt").and_then(|alt| Line::new(&alt)),
        size: width.zip(height),
        ..Figure::default()
    })
}

/// The address of a picture, also where a script was to load it later.
fn address(img: &NodeRef, base: Option<&WebUrl>) -> Option<WebUrl> {
    let url = |text: &str| WebUrl::parse(text).or_else(|| base?.join(text)).filter(|url| !is_placeholder(url.as_str()));
    let plain = ["src", "data-src", "data-original", "data-lazy-src", "data-url", "data-image", "data-hi-res-src"];
    let sets = ["srcset", "data-srcset", "data-lazy-srcset"];
    let own = || plain.iter().find_map(|name| url(&dom::attribute(img, name)?));
    let of_set = |node: &NodeRef| sets.iter().find_map(|name| url(&largest(&dom::attribute(node, name)?)?));
    let sources = || {
        let picture = img.parent().filter(|parent| parent.has_name("picture"))?;
        dom::within(&picture, &["source"]).iter().find_map(of_set)
    };
    own().or_else(|| of_set(img)).or_else(sources)
}

fn is_placeholder(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["placeholder", "blank.", "spacer", "1x1", "transparent.", "loading.", "grey.", "pixel."]
        .iter()
        .any(|word| lower.contains(word))
}

/// The candidate of a `srcset` with the largest width or density. Addresses may hold commas, so candidates end at a
/// descriptor, or at a comma with white space after it.
fn largest(set: &str) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    let mut address = "";
    for part in set.split_whitespace() {
        let descriptor = part.trim_end_matches(',');
        let size = descriptor.strip_suffix(['w', 'x']).and_then(|number| number.parse::<f64>().ok());
        match size {
            Some(size) if !address.is_empty() => {
                if best.is_none_or(|(most, _)| size > most) {
                    best = Some((size, address));
                }
                address = "";
            }
            _ => {
                best = best.or((!address.is_empty()).then_some((0.0, address)));
                address = descriptor;
            }
        }
    }
    best.map(|(_, address)| address).or((!address.is_empty()).then_some(address)).map(str::to_owned)
}

/// Fills in what the page says of its pictures elsewhere, and puts the picture that stands for the article first where
/// the text has none.
pub(super) fn complete(blocks: &mut Vec<Block>, images: &[Image]) {
    let mut seen: Vec<String> = Vec::new();
    blocks.retain(|block| match block {
        Block::Figure(Figure { src: Some(src), .. }) => {
            let file = file(src.as_str());
            let new = !seen.contains(&file);
            seen.push(file);
            new
        }
        _ => true,
    });
    for block in blocks.iter_mut() {
        let Block::Figure(figure) = block else { continue };
        let Some(name) = figure.src.as_ref().map(|src| file(src.as_str())) else { continue };
        let Some(image) = images.iter().find(|image| file(&image.url) == name) else { continue };
        figure.caption = figure.caption.take().or_else(|| image.caption.clone());
        figure.credit = figure.credit.take().or_else(|| image.credit.clone());
    }
    let pictured = blocks.iter().any(|block| matches!(block, Block::Figure(_)));
    if let (false, Some(image)) = (pictured, images.first()) {
        let (caption, credit) = (image.caption.clone(), image.credit.clone());
        let figure = Figure { src: WebUrl::parse(&image.url), caption, credit, ..Figure::default() };
        blocks.insert(0, Block::Figure(figure));
    }
}

/// What two addresses of the same picture in different sizes have in common: the name of the file.
fn file(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    // Names that are the same for all pictures of a site say nothing.
    if name.len() < 8 { url.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_candidate_is_chosen() {
        assert_eq!(largest("a.jpg 300w, b.jpg 1200w, c.jpg 600w").as_deref(), Some("b.jpg"));
        assert_eq!(largest("/i/w_300,h_2/a.jpg 1x, /i/w_600,h_4/a.jpg 2x").as_deref(), Some("/i/w_600,h_4/a.jpg"));
        assert_eq!(largest("a.jpg").as_deref(), Some("a.jpg"));
        assert_eq!(largest(" , "), None);
    }
}
