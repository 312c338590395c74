//! Podcasts: what Apple and PSP-1 ask of a show (podcasters.apple.com/support/823, podstandards.org).

use roxmltree::Node;

use super::rules::{advice, podcast, podcasting};
use super::{ATOM, Check, Document, ITUNES, OwnFile, PODCAST, artwork, categories, child, episodes, is, text_of};
use crate::domain::{WebUrl, quoted};

/// Bytes of the longest description, and characters of any other text.
const LONGEST_DESCRIPTION: usize = 4000;
const LONGEST: usize = 255;

/// Checks a channel and its items as a podcast, if it is one.
pub(super) fn check(check: &mut Check, document: Document, channel: Node, items: &[Node]) {
    check.podcast |= is_podcast(channel, items);
    podcast_tags(check, document);
    if !check.podcast {
        return;
    }
    show(check, channel);
    for category in channel.children().filter(|node| is(*node, ITUNES, "category")) {
        check_category(check, category);
    }
    for node in channel.descendants().filter(|node| node.tag_name().namespace() == Some(ITUNES)) {
        check_apple(check, node);
    }
    let is_serial = child(channel, ITUNES, "type").is_some_and(|node| text_of(node).trim().eq_ignore_ascii_case("serial"));
    episodes::check(check, items, is_serial);
}

/// Whether a channel says that it is a podcast: by Apple's elements, or since most of its items are to be heard or seen.
fn is_podcast(channel: Node, items: &[Node]) -> bool {
    let is_apple = |node: Node| node.tag_name().namespace() == Some(ITUNES);
    let is_media = |item: &&Node| {
        child(**item, "", "enclosure")
            .and_then(|enclosure| enclosure.attribute("type"))
            .is_some_and(|kind| kind.starts_with("audio/") || kind.starts_with("video/"))
    };
    channel.children().any(is_apple)
        || items.iter().any(|item| item.children().any(is_apple))
        || (!items.is_empty() && items.iter().filter(is_media).count() * 2 > items.len())
}

fn show(check: &mut Check, channel: Node) {
    let start = channel.range().start;
    let has = |space: &str, name: &str| child(channel, space, name).is_some();
    let in_podcast = |name: &str| PODCAST.iter().any(|space| has(space, name));
    // Title, link and description are asked for by RSS itself.
    for (name, is_there) in [
        ("language", has("", "language")),
        ("itunes:image", has(ITUNES, "image")),
        ("itunes:category", has(ITUNES, "category")),
        ("itunes:explicit", has(ITUNES, "explicit")),
    ] {
        if !is_there {
            check.find(&podcast::HEAD, start, format!("the show has no `<{name}>`"));
        }
    }
    for (name, is_there) in
        [("itunes:author", has(ITUNES, "author")), ("podcast:guid", in_podcast("guid")), ("podcast:locked", in_podcast("locked"))]
    {
        if !is_there {
            check.find(&podcast::HEAD_ADVISED, start, format!("the show has no `<{name}>`"));
        }
    }
    let mut categories = channel.children().filter(|node| is(*node, ITUNES, "category"));
    if let Some(second) = categories.nth(1) {
        check.find(&podcast::CATEGORY_NEW, second.range().start, "there is a second category");
    }
    for name in ["title", "description"] {
        if let Some(node) = child(channel, "", name) {
            lengths(check, node);
        }
    }
    if let Some(copyright) = child(channel, "", "copyright") {
        let text = text_of(copyright);
        if text.contains('©') || text.to_lowercase().contains("copyright") || text.contains("(c)") {
            check.find(&podcast::COPYRIGHT, copyright.range().start, format!("the copyright is {}", quoted(&text)));
        }
    }
    let links = channel.children().filter(|node| is(*node, "", "link") || is(*node, ATOM, "link"));
    for link in links.filter(|link| matches!(link.attribute("rel"), None | Some("self"))) {
        let href = link.attribute("href").map_or_else(|| text_of(link), str::to_owned);
        https(check, &href, link.range().start);
    }
}

/// Apple's elements, wherever they stand.
fn check_apple(check: &mut Check, node: Node) {
    let (at, name) = (node.range().start, node.tag_name().name());
    match name {
        "subtitle" | "keywords" => check.find(&podcast::LEGACY, at, format!("`<itunes:{name}>` is no longer read by Apple")),
        "image" => art(check, node),
        "author" | "title" | "name" | "email" | "summary" => lengths(check, node),
        _ => {}
    }
}

/// The length of a text, and white space around it.
pub(super) fn lengths(check: &mut Check, node: Node) {
    let (text, at, name) = (text_of(node), node.range().start, node.tag_name().name());
    let (is_long, limit) = match name {
        "description" | "summary" => (text.trim().len() > LONGEST_DESCRIPTION, "4000 bytes"),
        _ => (text.trim().chars().nth(LONGEST).is_some(), "255 characters"),
    };
    if is_long {
        check.find(&podcast::LONG, at, format!("`<{name}>` is longer than {limit}"));
    }
    if text.trim() != text && name != "description" && name != "summary" {
        check.find(&podcast::SPACE, at, format!("there is white space around `<{name}>`"));
    }
}

/// Artwork by its name, and by its file where that lies at hand.
fn art(check: &mut Check, node: Node) {
    let Some(href) = node.attribute("href") else { return };
    https(check, href, node.range().start);
    let Some(url) = WebUrl::parse(href) else { return };
    let path = url.url().path().to_ascii_lowercase();
    let file = path.rsplit('/').next().unwrap_or_default();
    // Services that compute pictures name them without an ending, and those work.
    let ending = file.rsplit_once('.').map(|(_, ending)| ending);
    if ending.is_some_and(|ending| ["gif", "webp", "svg", "avif", "bmp", "tif", "tiff", "heic", "ico"].contains(&ending)) {
        check.find(&podcast::ART, node.range().start, format!("the artwork is {}", quoted(href)));
    }
    let Some(file) = check.known.file.and_then(|find| find(&url)) else { return };
    let wrong = match file {
        OwnFile::Missing => Some("there is no such file".to_owned()),
        OwnFile::There { head, .. } => match artwork::pixels(&head) {
            None => Some("it is no JPEG or PNG".to_owned()),
            Some((width, height)) if width != height || !(1400..=3000).contains(&width) => {
                Some(format!("it has {width}x{height} pixels"))
            }
            Some(_) => None,
        },
    };
    if let Some(wrong) = wrong {
        check.find(&podcast::ART_FILE, node.range().start, format!("the artwork {}: {wrong}", quoted(href)));
    }
}

pub(super) fn https(check: &mut Check, href: &str, at: usize) {
    if href.trim().get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
        check.find(&podcast::HTTPS, at, format!("{} is not https", quoted(href)));
    }
}

fn check_category(check: &mut Check, category: Node) {
    let parent = category.attribute("text").unwrap_or_default();
    let mut wrong = |name: &str, at: usize, found: Result<(), Option<&str>>| {
        if let Err(meant) = found {
            let meant = meant.map(|meant| format!("; `{meant}` is meant")).unwrap_or_default();
            check.find(&podcast::CATEGORY, at, format!("Apple has no category {}{meant}", quoted(name)));
        }
    };
    let top = categories::top(parent);
    let is_known = top.is_ok();
    wrong(parent, category.range().start, top);
    for inner in category.children().filter(|node| is(*node, ITUNES, "category") && is_known) {
        let name = inner.attribute("text").unwrap_or_default();
        wrong(name, inner.range().start, categories::inner(parent, name));
    }
}

/// The podcast namespace, where its elements ask for one another.
fn podcast_tags(check: &mut Check, document: Document) {
    let is_podcast = |node: &Node| node.tag_name().namespace().is_some_and(|space| PODCAST.contains(&space));
    for node in document.elements().filter(is_podcast) {
        let at = node.range().start;
        let has = |name: &str| PODCAST.iter().any(|space| child(node, space, name).is_some());
        let lack = |check: &mut Check, what: &str| check.find(&podcasting::ATTRIBUTE, at, what);
        match node.tag_name().name() {
            "alternateEnclosure" if !has("source") => lack(check, "`<podcast:alternateEnclosure>` has no `<podcast:source>`"),
            "value" if !has("valueRecipient") => lack(check, "`<podcast:value>` has no `<podcast:valueRecipient>`"),
            "podroll" | "publisher" if !has("remoteItem") => {
                lack(check, &format!("`<podcast:{}>` has no `<podcast:remoteItem>`", node.tag_name().name()));
            }
            "liveItem" if !has("contentLink") => lack(check, "`<podcast:liveItem>` has no `<podcast:contentLink>`"),
            "liveItem" if child(node, "", "guid").is_none() => lack(check, "`<podcast:liveItem>` has no `<guid>`"),
            "socialInteract" if node.attribute("protocol") != Some("disabled") && !node.has_attribute("uri") => {
                lack(check, "`<podcast:socialInteract>` has no `uri`");
            }
            "updateFrequency" if counts(node) && !node.has_attribute("dtstart") => {
                lack(check, "`<podcast:updateFrequency>` counts, and has no `dtstart`");
            }
            "soundbite" => soundbite(check, node),
            _ => {}
        }
        // "Anywhere the url of a hyper-text based resource is specified, it must be given as https: and not http:."
        for attribute in node.attributes().filter(|attribute| matches!(attribute.name(), "url" | "href" | "img" | "feedUrl")) {
            https(check, attribute.value(), attribute.range().start);
        }
    }
}

/// Whether a recurrence ends after so many times, which needs a beginning.
fn counts(node: Node) -> bool {
    node.attribute("rrule").is_some_and(|rule| rule.contains("COUNT="))
}

fn soundbite(check: &mut Check, node: Node) {
    let seconds: Option<f64> = node.attribute("duration").and_then(|duration| duration.trim().parse().ok());
    if let Some(seconds) = seconds.filter(|seconds| !(15.0..=120.0).contains(seconds)) {
        let what = format!("a soundbite of {seconds} s; 15 to 120 are asked for");
        check.find(&advice::ADVISED, node.range().start, what);
    }
    if text_of(node).trim().chars().nth(128).is_some() {
        check.find(&podcasting::VALUE, node.range().start, "the title of a soundbite is longer than 128 characters");
    }
}
