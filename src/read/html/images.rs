//! Pictures of a page: which element is one, and where it lies.

use dom_query::NodeRef;

use super::dom;
use crate::domain::{Figure, Line, WebUrl};

/// Pixels of the shorter side below which a picture is an icon or counts readers.
const SMALLEST: u32 = 80;

/// Whether an element is a picture: HTML's own, AMP's, or a custom element that is called after pictures and has an address.
pub(super) fn is_picture(node: &NodeRef) -> bool {
    if node.has_name("img") || node.has_name("amp-img") {
        return true;
    }
    // Some of them are drawn around an `<img>`.
    let empty = || node.first_element_child().is_none();
    let addressed = || ["src", "data-src"].iter().any(|name| dom::attr(node, name).is_some());
    let called = |name: &str| name.contains('-') && (name.contains("image") || name.contains("img"));
    called(&dom::name(node)) && addressed() && empty()
}

/// The pictures in an element.
pub(super) fn within<'a>(node: &NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> {
    node.descendants_it().filter(|inner| inner.is_element() && is_picture(inner))
}

/// A picture by itself; none for icons, pixels that count readers, and what has no web address.
pub(super) fn of_picture(node: &NodeRef, base: Option<&WebUrl>) -> Option<Figure> {
    let img = if node.has_name("picture") { within(node).next()? } else { *node };
    // Pictures that fill their box are given a size of 0 by some frameworks.
    let sized = |size: &u32| *size > 0;
    let pixels = |name: &str| dom::attribute(&img, name)?.trim_end_matches("px").parse::<u32>().ok().filter(sized);
    let (width, height) = (pixels("width"), pixels("height"));
    let small = |side: Option<u32>| side.is_some_and(|side| side < SMALLEST);
    let icon = dom::is_called(&img, &["avatar", "icon", "logo", "emoji", "author"]);
    if small(width) || small(height) || icon {
        return None;
    }
    Some(Figure {
        src: Some(address(&img, base)?),
        alt: ["alt", "data-alt-text"].iter().find_map(|name| Line::new(&dom::attribute(&img, name)?)),
        size: width.zip(height),
        ..Figure::default()
    })
}

/// The address of a picture. Where a script is to load it later, that address stands in a `data-` attribute, and `src`
/// holds what is shown until then.
fn address(img: &NodeRef, base: Option<&WebUrl>) -> Option<WebUrl> {
    let url = |text: &str| WebUrl::parse(text).or_else(|| base?.join(text)).filter(|url| !is_placeholder(url.as_str()));
    let plain =
        ["data-src", "data-lazy-src", "data-original", "data-lazyimage-src", "src", "data-url", "data-image", "data-hi-res-src"];
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
    let path = lower.split(['?', '#']).next().unwrap_or(&lower);
    let name = path.rsplit('/').next().unwrap_or(path);
    // Pictures that are drawn are marks of agencies and buttons.
    let mark = name.split(|c: char| !c.is_ascii_alphabetic()).any(|word| matches!(word, "logo" | "icon" | "avatar" | "svg"));
    mark || ["placeholder", "blank.", "spacer", "1x1", "transparent.", "loading.", "lazyload", "grey.", "pixel."]
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

/// Whether a link leads to another page, and not to the picture in it at full size.
pub(super) fn leads_away(link: &NodeRef, base: Option<&WebUrl>) -> bool {
    let url = dom::attribute(link, "href").and_then(|href| WebUrl::parse(&href).or_else(|| base?.join(&href)));
    let Some(url) = url else { return false };
    let path = url.url().path().to_ascii_lowercase();
    let picture = ["jpg", "jpeg", "png", "webp", "gif", "avif"].iter().any(|end| path.ends_with(end));
    !picture && base.is_none_or(|base| base.url().path() != url.url().path())
}

/// What two addresses of the same picture in different sizes have in common: the name of the file.
pub(super) fn file(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    // Names that are the same for all pictures of a site say nothing.
    if name.len() < 8 { url.to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[test]
    fn the_largest_candidate_is_chosen() {
        assert_eq!(largest("a.jpg 300w, b.jpg 1200w, c.jpg 600w").as_deref(), Some("b.jpg"));
        assert_eq!(largest("/i/w_300,h_2/a.jpg 1x, /i/w_600,h_4/a.jpg 2x").as_deref(), Some("/i/w_600,h_4/a.jpg"));
        assert_eq!(largest("a.jpg").as_deref(), Some("a.jpg"));
        assert_eq!(largest(" , "), None);
    }

    #[test]
    fn a_picture_that_is_loaded_later_has_its_own_address() {
        let case = |attributes: &str, expected: Option<&str>| {
            let document = Document::from(format!("<img {attributes}>").as_str());
            let img = dom::all(&document, "img").remove(0);
            let src = of_picture(&img, None).and_then(|figure| figure.src);
            assert_eq!(src.as_ref().map(WebUrl::as_str), expected, "{attributes}");
        };
        case("src=https://e.org/theme/fallback.gif data-lazy-src=https://e.org/dam.jpg", Some("https://e.org/dam.jpg"));
        case("src=data:image/gif;base64,R0 data-srcset='https://e.org/dam.jpg 900w'", Some("https://e.org/dam.jpg"));
        case("src=https://e.org/dam.jpg width=40", None);
        case("src=https://e.org/dam.jpg width=0 height=0", Some("https://e.org/dam.jpg"));
        case("src=https://e.org/agency-logo.png", None);
        case("src=https://e.org/agency.svg", None);
        case("src=https://e.org/dam.jpg class=author-face", None);
        case("src=https://e.org/lazyload.png", None);
    }
}
