//! RSS 2.0: what its elements have to say together.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roxmltree::Node;

use super::rules::{date, feed, syndication};
use super::{ATOM, Check, Document, PODCAST, called, child, dates, enclosures, html, is, links, podcast, stray, text_of};
use crate::domain::{WebUrl, quoted};

const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const DC_TERMS: &str = "http://purl.org/dc/terms/";

/// Elements that are better left out (RSS Best Practices Profile, and what became of their services).
const AVOIDED: [&str; 4] = ["cloud", "textInput", "textinput", "rating"];

/// Checks the tree of a feed whose root is `<rss>`.
pub(super) fn check(check: &mut Check, document: Document) {
    let root = document.root;
    match root.attribute("version").map(str::trim) {
        Some("2.0") | None => {}
        Some(version @ ("0.91" | "0.92" | "0.93" | "0.94")) => {
            check.find(&feed::OUTDATED, root.range().start, format!("it is RSS {version}"));
        }
        Some(version) => check.find(&syndication::VERSION, root.range().start, format!("there is no RSS {}", quoted(version))),
    }
    let mut channels = root.children().filter(|node| is(*node, "", "channel"));
    let (first, second) = (channels.next(), channels.next());
    let Some(channel) = first else {
        return check.find(&syndication::CHANNEL, root.range().start, "there is no `<channel>`");
    };
    if let Some(second) = second {
        check.find(&syndication::CHANNEL, second.range().start, "there is a second `<channel>`");
    }
    let items: Vec<Node> = channel.children().filter(|node| is(*node, "", "item")).collect();
    check.items = items.len();
    head(check, channel, &items);
    links::check(check, channel);
    let mut guids = BTreeMap::new();
    for (number, item) in (1..).zip(&items) {
        check_item(check, *item, number, &mut guids);
    }
    for live in channel.children().filter(|node| PODCAST.iter().any(|space| is(*node, space, "liveItem"))) {
        check_item(check, live, 0, &mut guids);
    }
    podcast::check(check, document, channel, &items);
}

fn head(check: &mut Check, channel: Node, items: &[Node]) {
    let start = channel.range().start;
    for name in ["title", "link", "description"] {
        match child(channel, "", name) {
            None => check.find(&syndication::HEAD, start, format!("the channel has no `<{name}>`")),
            Some(found) if text_of(found).trim().is_empty() => {
                check.find(&syndication::HEAD, found.range().start, format!("the `<{name}>` of the channel is blank"));
            }
            Some(_) => {}
        }
    }
    if child(channel, "", "language").is_none() && child(channel, DC, "language").is_none() {
        check.find(&feed::LANGUAGE_MISSING, start, "the feed does not say its language");
    }
    if items.is_empty() {
        check.find(&feed::EMPTY, start, "there are no items");
    }
    let mut seen_item = false;
    for node in channel.children() {
        let at = node.range().start;
        if let Some((at, text)) = stray(node) {
            check.find(&syndication::TEXT, at, format!("{} stands between the elements", quoted(text)));
        }
        if !node.is_element() {
            continue;
        }
        let name = node.tag_name().name();
        if is(node, "", "item") {
            seen_item = true;
        } else if seen_item && name != "liveItem" {
            check.find(&syndication::ITEMS_LAST, at, format!("`<{name}>` stands below an item"));
        }
        if AVOIDED.iter().any(|avoided| is(node, "", avoided)) {
            check.find(&syndication::AVOID, at, format!("`<{name}>` is better left out"));
        }
        if is(node, "", "pubDate") || is(node, "", "lastBuildDate") {
            when(check, node, dates::rfc822(&text_of(node)).0);
        }
        if is(node, "", "skipDays") || is(node, "", "skipHours") {
            skipped(check, node);
        }
    }
    if let Some(image) = child(channel, "", "image") {
        check_image(check, channel, image);
    }
}

fn check_image(check: &mut Check, channel: Node, image: Node) {
    for name in ["url", "title", "link"] {
        let Some(found) = child(image, "", name) else {
            check.find(&syndication::IMAGE, image.range().start, format!("the image has no `<{name}>`"));
            continue;
        };
        let own = child(channel, "", name).filter(|_| name != "url").map(text_of);
        if own.is_some_and(|own| own.trim().trim_end_matches('/') != text_of(found).trim().trim_end_matches('/')) {
            let what = format!("the `<{name}>` of the image is not that of the channel");
            check.find(&syndication::IMAGE_DIFFERS, found.range().start, what);
        }
    }
}

fn skipped(check: &mut Check, list: Node) {
    let mut seen = Vec::new();
    for one in list.children().filter(Node::is_element).take(100) {
        let value = text_of(one).trim().to_owned();
        if seen.contains(&value) {
            check.find(&syndication::SKIP_REPEATED, one.range().start, format!("{} is there twice", quoted(&value)));
        }
        seen.push(value);
    }
}

/// Notes where an instant cannot be true.
pub(super) fn when(check: &mut Check, node: Node, instant: Option<Timestamp>) {
    if let Some((rule, what)) = instant.and_then(|instant| dates::plausible(instant, check.known.now)) {
        check.find(rule, node.range().start, format!("`<{}>`: {what}", node.tag_name().name()));
    }
}

/// Checks an item; a live one has no number.
fn check_item(check: &mut Check, item: Node, number: usize, guids: &mut BTreeMap<String, usize>) {
    let start = item.range().start;
    let title = child(item, "", "title").map(text_of);
    let called = || called(number, title.as_deref());
    let filled = |name: &str| child(item, "", name).is_some_and(|node| !text_of(node).trim().is_empty() || node.has_children());
    if !filled("title") && !filled("description") {
        check.find(&syndication::BLANK_ITEM, start, format!("{} has neither title nor description", called()));
    }
    let has_page = check_guid(check, item, number, &called, guids);
    let has_enclosure = child(item, "", "enclosure").is_some();
    if !has_page && child(item, "", "link").is_none() && !has_enclosure {
        check.find(&syndication::NO_LINK, start, format!("{} leads nowhere", called()));
    }
    let dated = [("", "pubDate"), (DC, "date"), (ATOM, "published"), (ATOM, "updated")];
    if number > 0 && !dated.iter().any(|(space, name)| child(item, space, name).is_some()) {
        check.find(&date::MISSING, start, format!("{} has no date", called()));
    }
    let mut content_above = false;
    for node in item.children() {
        let at = node.range().start;
        if let Some((at, text)) = stray(node) {
            check.find(&syndication::TEXT, at, format!("{} stands between the elements", quoted(text)));
        }
        match (node.tag_name().namespace().unwrap_or_default(), node.tag_name().name()) {
            ("", "pubDate") => when(check, node, dates::rfc822(&text_of(node)).0),
            (DC, "date") | (DC_TERMS, "modified" | "created" | "issued") => when(check, node, dates::w3cdtf(&text_of(node)).0),
            (ATOM, "updated" | "published") => when(check, node, dates::rfc3339(&text_of(node)).0),
            ("", "description") if node.is_element() => {
                if content_above {
                    check.find(&syndication::ORDER, at, format!("the description of {} stands below its content", called()));
                }
                html::in_text(check, node, false);
            }
            (CONTENT, "encoded") => {
                content_above = true;
                html::in_text(check, node, false);
            }
            _ => {}
        }
    }
    enclosures::check(check, item, &called);
}

/// Checks the guid of an item, and says whether it leads to a page.
fn check_guid(
    check: &mut Check,
    item: Node,
    number: usize,
    called: &dyn Fn() -> String,
    guids: &mut BTreeMap<String, usize>,
) -> bool {
    let Some(guid) = child(item, "", "guid") else {
        check.find(&syndication::GUID_MISSING, item.range().start, format!("{} has no guid", called()));
        return false;
    };
    let (at, text) = (guid.range().start, text_of(guid));
    let id = text.trim();
    if id.is_empty() {
        check.find(&syndication::GUID_BLANK, at, format!("the guid of {} is blank", called()));
        return false;
    }
    if id != text {
        check.find(&syndication::GUID_SPACE, at, format!("there is white space around the guid {}", quoted(id)));
    }
    if let Some(other) = guids.insert(id.to_owned(), number) {
        check.find(&syndication::GUID_REPEATED, at, format!("{} has the guid of item {other}, {}", called(), quoted(id)));
    }
    let is_link = guid.attribute("isPermaLink") != Some("false");
    if is_link && WebUrl::parse(id).is_none() {
        check.find(&syndication::GUID_NO_LINK, at, format!("the guid {} counts as a link and is none", quoted(id)));
    }
    is_link
}
