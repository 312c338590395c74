//! Episodes: what Apple and PSP-1 ask of the items of a podcast.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::podcast::{https, lengths};
use super::rules::podcast;
use super::{Check, ITUNES, PODCAST, called, child, text_of};
use crate::domain::{WebUrl, quoted};

/// The endings that Apple takes, with the types that belong to them.
const FILES: [(&str, &[&str]); 7] = [
    ("mp3", &["audio/mpeg", "audio/mp3"]),
    ("m4a", &["audio/x-m4a", "audio/mp4", "audio/m4a"]),
    ("mp4", &["video/mp4", "audio/mp4"]),
    ("m4v", &["video/x-m4v", "video/mp4"]),
    ("mov", &["video/quicktime"]),
    ("pdf", &["application/pdf"]),
    ("epub", &["document/x-epub", "application/epub+zip"]),
];

/// Checks the items of a podcast.
pub(super) fn check(check: &mut Check, items: &[Node], is_serial: bool) {
    let (mut files, mut numbers) = (BTreeMap::new(), BTreeMap::new());
    for (number, item) in (1..).zip(items) {
        let title = child(*item, "", "title").map(text_of);
        let called = called(number, title.as_deref());
        check_episode(check, *item, &called);
        check_number(check, *item, &called, is_serial, number, &mut numbers);
        let url = child(*item, "", "enclosure").and_then(|enclosure| enclosure.attribute("url"));
        if let Some(url) = url
            && let Some(other) = files.insert(url.trim().to_owned(), number)
        {
            let what = format!("{called} has the file of item {other}, {}", quoted(url));
            check.find(&podcast::ENCLOSURE_REPEATED, item.range().start, what);
        }
    }
}

fn check_episode(check: &mut Check, item: Node, called: &str) {
    let start = item.range().start;
    let has = |space: &str, name: &str| child(item, space, name).is_some();
    for name in ["title", "enclosure", "guid"] {
        if !has("", name) {
            check.find(&podcast::ITEM, start, format!("{called} has no `<{name}>`"));
        }
    }
    for (name, is_there) in [
        ("pubDate", has("", "pubDate")),
        ("description", has("", "description")),
        ("itunes:duration", has(ITUNES, "duration")),
        ("link", has("", "link")),
        ("podcast:transcript", PODCAST.iter().any(|space| has(space, "transcript"))),
    ] {
        if !is_there {
            check.find(&podcast::ITEM_ADVISED, start, format!("{called} has no `<{name}>`"));
        }
    }
    for name in ["title", "description"] {
        if let Some(node) = child(item, "", name) {
            lengths(check, node);
        }
    }
    if let Some(duration) = child(item, ITUNES, "duration").filter(|node| text_of(*node).contains(':')) {
        check.find(&podcast::DURATION, duration.range().start, format!("the duration is {}", quoted(&text_of(duration))));
    }
    if let Some(enclosure) = child(item, "", "enclosure") {
        check_file(check, enclosure, called);
    }
}

fn check_file(check: &mut Check, enclosure: Node, called: &str) {
    let (Some(href), at) = (enclosure.attribute("url").map(str::trim), enclosure.range().start) else { return };
    https(check, href, at);
    if !href.is_ascii() || href.contains(' ') {
        check.find(&podcast::ENCLOSURE_ASCII, at, format!("the file of {called} is {}", quoted(href)));
    }
    let Some(url) = WebUrl::parse(href) else { return };
    let file = url.url().path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    // Services that count name the file behind their own address, in the query too.
    let in_query = || url.url().query().and_then(|query| FILES.iter().find(|(known, _)| query.ends_with(&format!(".{known}"))));
    let ending = file.rsplit_once('.').map(|(_, ending)| ending);
    let Some((ending, types)) = FILES.iter().find(|(known, _)| Some(*known) == ending).or_else(in_query) else {
        check.find(&podcast::ENCLOSURE_NAME, at, format!("the file of {called} is {}", quoted(href)));
        return;
    };
    let kind = enclosure.attribute("type").map(|kind| kind.trim().to_ascii_lowercase());
    if let Some(kind) = kind.filter(|kind| !types.contains(&kind.as_str())) {
        let what = format!("the file of {called} is named .{ending}, and its type is {}", quoted(&kind));
        check.find(&podcast::ENCLOSURE_TYPE, at, what);
    }
}

/// That episodes of a serial have numbers, and no two the same.
fn check_number(
    check: &mut Check,
    item: Node,
    called: &str,
    is_serial: bool,
    place: usize,
    numbers: &mut BTreeMap<(String, String), usize>,
) {
    let value = |name: &str| child(item, ITUNES, name).map(|node| text_of(node).trim().to_owned()).unwrap_or_default();
    let kind = value("episodeType").to_ascii_lowercase();
    if !matches!(kind.as_str(), "" | "full") {
        return;
    }
    let episode = value("episode");
    if episode.is_empty() {
        if is_serial {
            check.find(&podcast::SERIAL, item.range().start, format!("{called} has no `<itunes:episode>`"));
        }
    } else if let Some(other) = numbers.insert((value("season"), episode.clone()), place) {
        let what = format!("{called} has the number of item {other}, {}", quoted(&episode));
        check.find(&podcast::NUMBER_REPEATED, item.range().start, what);
    }
}
