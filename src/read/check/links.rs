//! Links of a whole feed: its own address, hubs of `WebSub`, the pages and archives of RFC 5005.

use roxmltree::Node;

use super::rules::feed;
use super::{ATOM, Check, child, is};
use crate::domain::{WebUrl, quoted};

const HISTORY: &str = "http://purl.org/syndication/history/1.0";

/// Checks the links of Atom that a channel or a feed has.
pub(super) fn check(check: &mut Check, head: Node) {
    let links = || {
        let href = |link: &Node| link.attribute("href").map(str::trim).map(str::to_owned);
        let links = head.children().filter(|node| is(*node, ATOM, "link"));
        links.filter_map(move |link| Some((link.attribute("rel").unwrap_or("alternate"), href(&link)?, link.range().start)))
    };
    let own = links().find(|(rel, ..)| *rel == "self");
    let start = head.range().start;
    match &own {
        None => check.find(&feed::SELF_MISSING, start, "the feed does not say its own address"),
        Some((_, href, at)) => own_address(check, href, *at),
    }
    for (_, href, at) in links().filter(|(rel, ..)| *rel == "hub") {
        if WebUrl::parse(&href).is_none() {
            check.find(&feed::HUB, at, format!("the hub {} is no web address", quoted(&href)));
        } else if own.is_none() {
            check.find(&feed::HUB, at, "there is a hub, but the feed does not say its own address");
        }
    }
    paging(check, head, &links().collect::<Vec<_>>());
}

/// Checks the address that a feed calls its own.
pub(super) fn own_address(check: &mut Check, href: &str, at: usize) {
    let Some(url) = WebUrl::parse(href) else {
        return check.find(&feed::SELF_DIFFERS, at, format!("{} is no web address", quoted(href)));
    };
    if let Some(known) = check.known.url.filter(|known| **known != url) {
        let what = format!("the feed is at {} and says it is at {}", quoted(known.as_str()), quoted(href));
        check.find(&feed::SELF_DIFFERS, at, what);
    }
}

/// RFC 5005: a complete feed has no other pages, an archive says what it is an archive of, and nothing is its own next.
fn paging(check: &mut Check, head: Node, links: &[(&str, String, usize)]) {
    let find = |rel: &str| links.iter().find(|(found, ..)| *found == rel);
    let own = find("self").map(|(_, href, _)| href);
    for rel in ["next", "previous", "prev", "prev-archive", "next-archive"] {
        let Some((_, href, at)) = find(rel) else { continue };
        if Some(href) == own {
            check.find(&feed::PAGING, *at, format!("rel=\"{rel}\" leads to the feed itself"));
        } else if rel.ends_with("archive") && WebUrl::parse(href).is_none() {
            check.find(&feed::PAGING, *at, format!("rel=\"{rel}\" leads to {}, which is no web address", quoted(href)));
        } else if child(head, HISTORY, "complete").is_some() {
            check.find(&feed::PAGING, *at, format!("a feed that says it is complete has rel=\"{rel}\""));
        }
    }
    if let Some(archive) = child(head, HISTORY, "archive") {
        let at = archive.range().start;
        if child(head, HISTORY, "complete").is_some() {
            check.find(&feed::PAGING, at, "a feed is complete, or an archive");
        }
        if find("current").is_none() {
            check.find(&feed::PAGING, at, "an archive has to say by rel=\"current\" which feed it belongs to");
        }
    }
}
