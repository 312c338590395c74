//! Checking a feed: bytes in, findings out. Any bytes: what is no feed is a finding, too.
//!
//! It holds a feed to the rules of RSS 2.0 and its Advisory Board's profile, Atom (RFC 4287), JSON Feed 1.1, Apple Podcasts,
//! PSP-1, the podcast namespace, Media RSS, RFC 5005 and `WebSub`, and to what is known of how readers go wrong. Pure: nothing
//! is fetched, and the time is an argument. Takes time and memory linear in the size of the feed.

mod artwork;
mod atom;
mod bounds;
mod categories;
mod channel;
mod dates;
mod enclosures;
mod encoding;
mod episodes;
mod finding;
mod html;
mod json;
mod links;
mod plain;
mod podcast;
mod rules;
mod spans;
mod tags;
mod values;
mod vocabulary;
mod xml;

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use roxmltree::Node;

use crate::domain::{Rule, Severity, WebUrl, quoted};
use encoding::Decoded;
use finding::Findings;

pub use finding::Finding;
pub use rules::all as rules;

/// What is known of a feed beside its bytes.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub now: Timestamp,
    /// Whether it is to be judged as a podcast although nothing in it says so.
    pub podcast: bool,
    /// The address at which it is public.
    pub url: Option<&'a WebUrl>,
    /// The `Content-Type` with which a server gave it.
    pub content_type: Option<&'a str>,
    /// Where the files are that go with it.
    pub file: Option<FindFile<'a>>,
}

/// Finds a file of one's own by its public address; none where the address is not one's own.
pub type FindFile<'a> = &'a dyn Fn(&WebUrl) -> Option<OwnFile>;

impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("now", &self.now).field("url", &self.url).finish_non_exhaustive()
    }
}

/// A file that lies on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnFile {
    Missing,
    /// Its length in bytes, and its first bytes.
    There {
        length: u64,
        head: Vec<u8>,
    },
}

/// What kind of feed it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
    Atom,
    Json,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rss => "RSS",
            Self::Rdf => "RSS 1.0",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
        })
    }
}

/// What came of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// None where it could not be told, or not be parsed.
    pub kind: Option<Kind>,
    /// Whether it was judged as a podcast.
    pub podcast: bool,
    pub items: usize,
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// Rules that are broken at more places than are listed, and at how many more.
    pub more: Vec<(&'static Rule, usize)>,
}

impl Checked {
    /// At how many places rules of a severity are broken.
    pub fn count(&self, severity: Severity) -> usize {
        let listed = self.findings.iter().filter(|finding| finding.rule.severity == severity).count();
        let more = self.more.iter().filter(|(rule, _)| rule.severity == severity).map(|(_, count)| count);
        listed + more.sum::<usize>()
    }
}

/// Checks a feed.
pub fn check(bytes: &[u8], known: Known) -> Checked {
    let mut check = Check { known, findings: Findings::default(), kind: None, podcast: known.podcast, items: 0, garbled: false };
    let decoded = check.decode(bytes);
    check.size(bytes.len());
    let text = decoded.text.as_str();
    if text.trim_start().starts_with(['{', '[']) {
        json::check(&mut check, text);
    } else {
        xml::check(&mut check, text);
    }
    check.media_type();
    let Check { findings, kind, podcast, items, .. } = check;
    let (findings, more) = findings.finish(text);
    Checked { kind, podcast, items, findings, more }
}

/// A check that is under way.
#[derive(Debug)]
struct Check<'a> {
    known: Known<'a>,
    findings: Findings,
    kind: Option<Kind>,
    podcast: bool,
    items: usize,
    /// Whether bytes of it meant nothing, which has been told.
    garbled: bool,
}

/// A document in XML, as a tree that knows where everything stands.
#[derive(Clone, Copy, Debug)]
struct Document<'a, 'b> {
    root: Node<'a, 'b>,
}

impl<'a, 'b> Document<'a, 'b> {
    /// All of its elements, but not those of XHTML, which is held to other rules.
    fn elements(self) -> impl Iterator<Item = Node<'a, 'b>> {
        self.root.descendants().filter(|node| node.is_element() && node.tag_name().namespace() != Some(XHTML))
    }
}

const XHTML: &str = "http://www.w3.org/1999/xhtml";
const ATOM: &str = "http://www.w3.org/2005/Atom";
const ITUNES: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";
const PODCAST: [&str; 2] =
    ["https://podcastindex.org/namespace/1.0", "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"];

const MEGABYTE: usize = 1024 * 1024;

impl Check<'_> {
    fn find(&mut self, rule: &'static Rule, at: usize, what: impl Into<String>) {
        self.findings.add(rule, at, what);
    }

    fn size(&mut self, bytes: usize) {
        let rule = match bytes {
            0..=MEGABYTE => return,
            _ if bytes <= 2 * MEGABYTE => &rules::feed::LARGE,
            _ if bytes <= 5 * MEGABYTE => &rules::feed::VERY_LARGE,
            _ => &rules::feed::TOO_LARGE,
        };
        let tenths = bytes.saturating_mul(10) / MEGABYTE;
        self.find(rule, 0, format!("the feed has {}.{} MB", tenths / 10, tenths % 10));
    }

    /// Whether the server calls the feed what it is.
    fn media_type(&mut self) {
        let (Some(told), Some(kind)) = (self.known.content_type, self.kind) else { return };
        let essence = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let right: &[&str] = match kind {
            Kind::Rss => &["application/rss+xml", "application/xml", "text/xml"],
            Kind::Rdf => &["application/rdf+xml", "application/rss+xml", "application/xml", "text/xml"],
            Kind::Atom => &["application/atom+xml", "application/xml", "text/xml"],
            Kind::Json => &["application/feed+json", "application/json"],
        };
        if !right.contains(&essence.as_str()) {
            self.find(&rules::feed::TYPE, 0, format!("the server calls it {}", quoted(&essence)));
        }
    }

    /// The text of the bytes, and what is wrong with how they are written.
    fn decode(&mut self, bytes: &[u8]) -> Decoded {
        let charset = self.known.content_type.and_then(super::load::charset);
        let decoded = encoding::decode(bytes, charset);
        if decoded.mark {
            self.find(&rules::xml::BOM, 0, "the feed begins with a byte order mark");
        }
        if let Some(label) = &decoded.unknown {
            self.find(&rules::xml::ENCODING_UNKNOWN, 0, format!("the encoding {} is not known", quoted(label)));
        }
        if let Some((one, other)) = &decoded.disagree {
            self.find(&rules::xml::ENCODING_MISMATCH, 0, format!("{one}, but {other}"));
        }
        if let Some(at) = decoded.wrong_at {
            self.garbled = true;
            self.find(&rules::xml::NOT_DECODABLE, at, format!("this is not {}", decoded.encoding));
        } else if decoded.encoding != "UTF-8" {
            self.find(&rules::xml::NOT_UTF8, 0, format!("the feed is in {}", decoded.encoding));
        }
        decoded
    }
}

/// The text in an element, without markup and not trimmed.
fn text_of(node: Node) -> String {
    let mut texts = node.children().filter(Node::is_text).filter_map(|child| child.text());
    let first = texts.next().unwrap_or_default();
    texts.fold(first.to_owned(), |all, text| all + text)
}

/// A text that stands between elements, where only white space should, and the byte at which it begins.
fn stray<'a>(node: Node<'a, '_>) -> Option<(usize, &'a str)> {
    let text = node.text().filter(|text| node.is_text() && !text.trim().is_empty())?;
    let source = node.document().input_text().get(node.range()).unwrap_or_default();
    Some((node.range().start + source.len() - source.trim_start().len(), text))
}

/// The first child of this name in a namespace.
fn child<'a, 'b>(parent: Node<'a, 'b>, namespace: &str, name: &str) -> Option<Node<'a, 'b>> {
    parent.children().find(|node| is(*node, namespace, name))
}

fn is(node: Node, namespace: &str, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name && node.tag_name().namespace().unwrap_or_default() == namespace
}

/// What to call an item in a message: its number, and its title where it has one.
fn called(number: usize, title: Option<&str>) -> String {
    if number == 0 {
        return "the live item".to_owned();
    }
    match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("item {number}, {},", quoted(title)),
        None => format!("item {number}"),
    }
}
