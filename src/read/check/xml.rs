//! From the text to a tree: well-formedness, namespaces, and which format it is.

use std::borrow::Cow;

use roxmltree::{Node, ParsingOptions};

use super::rules::{atom as atom_rules, feed, syndication, xml};
use super::{ATOM, Check, Document, Kind, atom, bounds, channel, plain, vocabulary};
use crate::domain::quoted;

/// Elements, texts and comments of the largest document. A feed of 10,000 items has some 300,000.
const MAX_NODES: u32 = 4_000_000;

/// Checks a text that is no JSON.
pub(super) fn check(check: &mut Check, text: &str) {
    let start = text.len() - text.trim_start().len();
    let rest = text.get(start..).unwrap_or_default();
    if let Some(what) = no_xml(rest) {
        return check.find(&feed::UNKNOWN, start, what);
    }
    if start > 0 && rest.starts_with("<?xml") {
        check.find(&xml::BEFORE_DECLARATION, 0, "white space stands before the declaration");
    }
    // Positions count from the beginning of the file: what stands before the declaration becomes a part of nothing.
    let text: Cow<str> = if start == 0 { Cow::Borrowed(text) } else { Cow::Owned(moved(text, start)) };
    let Some(text) = bounds::sound(check, &text) else { return };
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    match roxmltree::Document::parse_with_options(&text, options) {
        Ok(document) => of_tree(check, Document { root: document.root_element() }),
        Err(error) => refused(check, &text, &error),
    }
}

/// The declaration as a comment of the same length, where it may not stand.
fn moved(text: &str, start: usize) -> String {
    let rest = text.get(start..).unwrap_or_default();
    let head = text.get(..start).unwrap_or_default();
    match rest.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((declaration, rest)) => format!("{head}{}{rest}", " ".repeat(declaration.len() + 7)),
        None => text.to_owned(),
    }
}

/// What a text is that is no XML at all.
fn no_xml(text: &str) -> Option<String> {
    let head: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    if head.is_empty() {
        return Some("it is empty".to_owned());
    }
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return Some("it is a web page".to_owned());
    }
    (!head.starts_with('<')).then(|| format!("it begins with {}", quoted(text.lines().next().unwrap_or_default())))
}

fn refused(check: &mut Check, text: &str, error: &roxmltree::Error) {
    use roxmltree::Error;
    let rule = match error {
        Error::UnknownNamespace(..) => &xml::PREFIX,
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => &xml::TOO_COMPLEX,
        _ => &xml::MALFORMED,
    };
    let at = match error {
        Error::NoRootNode
        | Error::UnclosedRootNode
        | Error::UnexpectedEndOfStream
        | Error::NodesLimitReached
        | Error::AttributesLimitReached
        | Error::NamespacesLimitReached => text.len(),
        _ => byte_at(text, error.pos()),
    };
    let what = match error {
        Error::UnknownNamespace(prefix, _) => format!("the prefix {} has no namespace", quoted(prefix)),
        // The library says where in its message; that is told apart from it.
        _ => error.to_string().split(" at ").next().unwrap_or_default().to_owned(),
    };
    check.find(rule, at, what);
}

fn byte_at(text: &str, place: roxmltree::TextPos) -> usize {
    let row = usize::try_from(place.row).unwrap_or(1).saturating_sub(1);
    let start =
        if row == 0 { 0 } else { memchr::memchr_iter(b'\n', text.as_bytes()).nth(row - 1).map_or(text.len(), |at| at + 1) };
    let column = usize::try_from(place.col).unwrap_or(1).saturating_sub(1);
    let line = text.get(start..).unwrap_or_default();
    start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

fn of_tree(check: &mut Check, document: Document) {
    let root = document.root;
    let name = (root.tag_name().namespace().unwrap_or_default(), root.tag_name().name());
    check_namespaces(check, root);
    match name {
        ("", "rss") => {
            check.kind = Some(Kind::Rss);
            vocabulary::check(check, &document);
            channel::check(check, document);
        }
        (_, "rss") => {
            check.kind = Some(Kind::Rss);
            check.find(&syndication::NAMESPACE, root.range().start, format!("`<rss>` is in the namespace {}", quoted(name.0)));
        }
        (ATOM, "feed" | "entry") => {
            check.kind = Some(Kind::Atom);
            vocabulary::check(check, &document);
            atom::check(check, document);
        }
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "RDF") => {
            check.kind = Some(Kind::Rdf);
            check.items = root.children().filter(|node| node.tag_name().name() == "item").count();
            check.find(&feed::OUTDATED, root.range().start, "it is RSS 1.0, of the year 2000; its items are not looked at");
        }
        ("http://purl.org/atom/ns#", "feed") => {
            check.kind = Some(Kind::Atom);
            check.find(&feed::OUTDATED, root.range().start, "it is Atom 0.3, a draft of 2003; its entries are not looked at");
        }
        ("", "feed") => {
            check.find(&atom_rules::TAG, root.range().start, "`<feed>` is not in the namespace of Atom");
        }
        (_, other) => {
            let what = match other.to_ascii_lowercase().as_str() {
                "html" => "it is a web page".to_owned(),
                "opml" => "it is OPML, a list of feeds".to_owned(),
                "urlset" | "sitemapindex" => "it is a sitemap".to_owned(),
                _ => format!("its root is {}", quoted(&format!("<{other}>"))),
            };
            check.find(&feed::UNKNOWN, root.range().start, what);
        }
    }
    plain::check(check, document);
}

/// Namespaces that are almost those that are known: readers compare them letter by letter.
fn check_namespaces(check: &mut Check, root: Node) {
    for declared in root.namespaces() {
        let uri = declared.uri();
        if vocabulary::namespaces().any(|known| known == uri) {
            continue;
        }
        if let Some(meant) = vocabulary::namespaces().find(|known| skeleton(known) == skeleton(uri)) {
            let what = format!("the namespace is {}; {} is meant", quoted(uri), quoted(meant));
            check.find(&xml::NEAR_MISS, root.range().start, what);
        }
    }
}

/// What is left of an address without what people get wrong in it.
fn skeleton(uri: &str) -> String {
    let uri = uri.trim().to_ascii_lowercase();
    let bare = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    bare.trim_start_matches("www.").trim_end_matches(['/', '#']).to_owned()
}
