//! Players and frames: what stands in a page and cannot stand in a letter.

use dom_query::NodeRef;

use super::dom;
use crate::domain::{Line, WebUrl};

/// What stands in the addresses of frames that show something; the others hold advertisements, counters and forms.
#[rustfmt::skip]
const PLAYERS: [&str; 18] = [
    "embed", "player", "video", "podcast", "audio", "vimeo", "soundcloud", "spotify", "twitter", "instagram", "tiktok",
    "plugins/post", "datawrapper", "flourish", "infogram", "documentcloud", "arcgis", "/maps",
];

/// Where a player leads, and its title; none without an address.
pub(super) fn of_player(node: &NodeRef, base: Option<&WebUrl>) -> Option<(WebUrl, Option<Line>)> {
    let source = dom::within(node, &["source"]).into_iter().next();
    let attribute = |node: &NodeRef| ["src", "data-src", "data"].iter().find_map(|name| dom::attribute(node, name));
    let named = attribute(node).or_else(|| source.as_ref().and_then(attribute));
    let youtube = || {
        let id = ["data-videoid", "videoid"].iter().find_map(|name| dom::attribute(node, name))?;
        Some(format!("https://www.youtube.com/watch?v={id}"))
    };
    let url = named.or_else(youtube).and_then(|url| WebUrl::parse(&url).or_else(|| base?.join(&url)))?;
    let frame = node.has_name("iframe") || node.has_name("amp-iframe");
    let shown = !frame || PLAYERS.iter().any(|word| url.as_str().contains(word));
    // An address inside the page alone is no place to lead to.
    let own = base.is_some_and(|base| base.url().path() == url.url().path() && base.host() == url.host());
    let title = ["title", "aria-label"].iter().find_map(|name| Line::new(&dom::attribute(node, name)?));
    (shown && !own).then_some((url, title))
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[test]
    fn players_have_an_address_and_often_a_title() {
        let base = WebUrl::parse("https://e.org/water/dam").unwrap();
        let case = |markup: &str, expected: Option<(&str, &str)>| {
            let document = Document::from(format!("<body>{markup}</body>").as_str());
            let player = dom::all(&document, "body > *").remove(0);
            let found = of_player(&player, Some(&base));
            let found = found.as_ref().map(|(url, title)| (url.as_str(), title.as_ref().map_or("", Line::as_str)));
            assert_eq!(found, expected, "{markup}");
        };
        case("<video title='The dam'><source src=/dam.mp4></video>", Some(("https://e.org/dam.mp4", "The dam")));
        case("<audio src='#'></audio>", None);
        case("<video></video>", None);
        case("<lite-youtube videoid=abc></lite-youtube>", Some(("https://www.youtube.com/watch?v=abc", "")));
        case("<iframe data-src=https://player.example.org/7></iframe>", Some(("https://player.example.org/7", "")));
        case("<iframe src=https://ads.example.org/7></iframe>", None);
    }
}
