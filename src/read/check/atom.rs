//! Atom 1.0 (RFC 4287): what its elements have to say together.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roxmltree::Node;
use url::Url;

use super::rules::{atom, feed, podcast};
use super::{ATOM, Check, Document, XHTML, called, channel, child, dates, html, is, links, stray, text_of};
use crate::domain::{WebUrl, quoted};

/// Checks the tree of a feed whose root is Atom's `feed`, or of an entry by itself.
pub(super) fn check(check: &mut Check, document: Document) {
    let root = document.root;
    if check.podcast {
        check.find(&podcast::NO_RSS, root.range().start, "the podcast is Atom");
    }
    let mut ids = BTreeMap::new();
    if is(root, ATOM, "entry") {
        check.items = 1;
        check_entry(check, root, 1, false, &mut ids);
        return;
    }
    let entries: Vec<Node> = root.children().filter(|node| is(*node, ATOM, "entry")).collect();
    check.items = entries.len();
    if entries.is_empty() {
        check.find(&feed::EMPTY, root.range().start, "there are no entries");
    }
    if !root.has_attribute(("http://www.w3.org/XML/1998/namespace", "lang")) {
        check.find(&feed::LANGUAGE_MISSING, root.range().start, "the feed does not say its language (`xml:lang`)");
    }
    required(check, root, "the feed");
    texts_and_links(check, root, "the feed");
    links::check(check, root);
    let has_author = child(root, ATOM, "author").is_some();
    let mut newest = None;
    for (number, entry) in (1..).zip(&entries) {
        newest = newest.max(check_entry(check, *entry, number, has_author, &mut ids));
    }
    if let Some(updated) = child(root, ATOM, "updated") {
        let own = dates::rfc3339(&text_of(updated)).0;
        channel::when(check, updated, own);
        if own < newest && own.is_some() {
            check.find(&atom::UPDATED, updated.range().start, "the feed says it is older than its newest entry");
        }
    }
}

/// Checks an entry, and gives the time at which it says it was changed.
fn check_entry(
    check: &mut Check,
    entry: Node,
    number: usize,
    feed_has_author: bool,
    ids: &mut BTreeMap<String, usize>,
) -> Option<Timestamp> {
    let start = entry.range().start;
    let title = child(entry, ATOM, "title").map(text_of);
    let called = called(number, title.as_deref());
    required(check, entry, &called);
    texts_and_links(check, entry, &called);
    if let Some(id) = child(entry, ATOM, "id")
        && let Some(other) = ids.insert(text_of(id).trim().to_owned(), number)
    {
        let what = format!("{called} has the id of item {other}, {}", quoted(&text_of(id)));
        check.find(&atom::ID_REPEATED, id.range().start, what);
    }
    let source_has_author = child(entry, ATOM, "source").is_some_and(|source| child(source, ATOM, "author").is_some());
    if !feed_has_author && !source_has_author && child(entry, ATOM, "author").is_none() {
        check.find(&atom::AUTHOR, start, format!("{called} has no author, and neither has the feed"));
    }
    check_content(check, entry, &called);
    let when = |name: &str| child(entry, ATOM, name).map(|node| (node, dates::rfc3339(&text_of(node)).0));
    for (node, instant) in [when("published"), when("updated")].into_iter().flatten() {
        channel::when(check, node, instant);
    }
    when("updated").and_then(|(_, instant)| instant)
}

/// The three that RFC 4287 asks for in feeds (section 4.1.1) and entries (4.1.2).
fn required(check: &mut Check, parent: Node, called: &str) {
    for name in ["id", "title", "updated"] {
        let Some(found) = child(parent, ATOM, name) else {
            check.find(&atom::LACKS, parent.range().start, format!("{called} has no `<{name}>`"));
            continue;
        };
        let (text, at) = (text_of(found), found.range().start);
        if name == "id" && text.trim().is_empty() {
            check.find(&atom::LACKS, at, format!("the id of {called} is blank"));
        } else if name == "id" && (Url::parse(text.trim()).is_err() || text.trim() != text) {
            check.find(&atom::ID, at, format!("the id {} is no absolute address by itself", quoted(&text)));
        }
    }
}

/// Whether addresses in an element have something to be relative to.
fn is_based(node: Node) -> bool {
    node.ancestors().any(|node| node.has_attribute(("http://www.w3.org/XML/1998/namespace", "base")))
}

fn texts_and_links(check: &mut Check, parent: Node, called: &str) {
    let mut alternates: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    for node in parent.children() {
        let at = node.range().start;
        if let Some((at, text)) = stray(node) {
            check.find(&atom::STRAY_TEXT, at, format!("{} stands between the elements", quoted(text)));
        }
        if node.tag_name().namespace() != Some(ATOM) {
            continue;
        }
        match node.tag_name().name() {
            "title" | "subtitle" | "rights" | "summary" => check_text(check, node),
            "link" => {
                let href = node.attribute("href").unwrap_or_default();
                if Url::parse(href.trim()).is_err() && !href.trim().is_empty() {
                    check.find(&atom::LINK_RELATIVE, at, format!("the link of {called} leads to {}", quoted(href)));
                }
                if matches!(node.attribute("rel"), None | Some("alternate")) {
                    let kind = (node.attribute("type"), node.attribute("hreflang"));
                    if alternates.contains(&kind) {
                        check.find(&atom::LINK_REPEATED, at, format!("{called} has a second link to its page"));
                    } else if alternates.len() < 100 {
                        alternates.push(kind);
                    }
                }
                if node.attribute("rel") == Some("enclosure")
                    && let Some(url) = WebUrl::parse(href)
                {
                    let length = node.attribute("length").and_then(|length| length.trim().parse().ok());
                    super::enclosures::own_file(check, &url, length, node.attribute("type"), at);
                }
            }
            _ => {}
        }
    }
}

/// A text of Atom (section 3.1): its type, and that it holds what the type says.
fn check_text(check: &mut Check, node: Node) {
    let (at, name) = (node.range().start, node.tag_name().name());
    let has_elements = node.first_element_child().is_some();
    match node.attribute("type").unwrap_or("text") {
        "text" | "html" if has_elements => {
            check.find(&atom::TYPE, at, format!("`<{name}>` holds elements, and its type is not xhtml"));
        }
        "html" => html::in_text(check, node, is_based(node)),
        "text" => {}
        "xhtml" => check_xhtml(check, node),
        other => check.find(&atom::TYPE, at, format!("the type of `<{name}>` is {}", quoted(other))),
    }
}

fn check_xhtml(check: &mut Check, node: Node) {
    let mut elements = node.children().filter(Node::is_element);
    let is_div = elements.next().is_some_and(|first| is(first, XHTML, "div")) && elements.next().is_none();
    if !is_div {
        let what = format!("`<{}>` of type xhtml does not hold one `<div>` of XHTML", node.tag_name().name());
        check.find(&atom::TYPE, node.range().start, what);
    }
    html::in_elements(check, node, is_based(node));
}

/// The content of an entry (section 4.1.3), and what stands for it.
fn check_content(check: &mut Check, entry: Node, called: &str) {
    let has_summary = child(entry, ATOM, "summary").is_some();
    let Some(content) = child(entry, ATOM, "content") else {
        let is_page = |node: Node| is(node, ATOM, "link") && matches!(node.attribute("rel"), None | Some("alternate"));
        if !entry.children().any(is_page) {
            check.find(&atom::LINK, entry.range().start, format!("{called} has neither content nor a link to its page"));
        }
        return;
    };
    let at = content.range().start;
    let is_empty = content.first_element_child().is_none() && text_of(content).trim().is_empty();
    if content.has_attribute("src") {
        if !is_empty {
            check.find(&atom::CONTENT, at, format!("the content of {called} is here and elsewhere"));
        }
        if !has_summary {
            check.find(&atom::SUMMARY, at, format!("the content of {called} is elsewhere, and there is no summary"));
        }
        return;
    }
    match content.attribute("type").unwrap_or("text") {
        "text" | "html" | "xhtml" => check_text(check, content),
        kind if kind.starts_with("text/") || kind.ends_with("/xml") || kind.ends_with("+xml") => {}
        kind if super::values::is_media_type(kind) => {
            if !has_summary {
                check.find(&atom::SUMMARY, at, format!("the content of {called} is {}, and there is no summary", quoted(kind)));
            }
        }
        other => check.find(&atom::TYPE, at, format!("the type of the content of {called} is {}", quoted(other))),
    }
}
