//! The elements of a feed in XML, as forgiving as readers are, and bounded.
//!
//! Nothing is expanded: a document type is passed over, one that declares entities is refused, and a reference that XML
//! itself does not know stays as it is written.

use std::rc::Rc;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::domain::WebUrl;

/// How deep elements may nest. Feeds need 5, and XHTML content some 20 more.
const MAX_DEPTH: usize = 200;
/// Attributes of an element that are read, and namespaces that are remembered at a time.
const MAX_ATTRIBUTES: usize = 32;
const MAX_BINDINGS: usize = 64;

/// What a name belongs to, as far as feeds are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS of every version: 0.9x and 2.0 have no namespace, 1.0 has one.
    Rss,
    Atom,
    Rdf,
    /// RSS modules: content, Dublin Core and its terms, iTunes, Media RSS, what `FeedBurner` adds.
    Content,
    Dc,
    DcTerms,
    Itunes,
    Media,
    /// The podcast namespace.
    Podcast,
    FeedBurner,
    Xhtml,
    Other,
}

/// An element with what is in it.
#[derive(Debug)]
pub(super) struct Element<'a> {
    pub space: Space,
    /// Without its prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// What addresses in it are relative to (XML Base); none where nothing is said of it.
    pub base: Option<Rc<WebUrl>>,
    /// Its own text, without that of its children.
    pub text: String,
    /// Its content as written.
    pub raw: &'a str,
    pub has_children: bool,
}

impl Element<'_> {
    pub(super) fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// An attribute, by its name as written.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

/// Where a document stops making sense, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Counted from 1.
    pub line: usize,
    pub why: String,
}

/// Reads the document at `url` and calls `closed` at the end of each element, with the path to it from the root.
///
/// Takes time linear in the length of the text, and memory for the open elements.
pub(super) fn read<'a>(text: &'a str, url: Option<&'a WebUrl>, closed: impl FnMut(&[Element<'a>])) -> Result<(), Fault> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut walk = Walk { text, url, path: Vec::new(), starts: Vec::new(), bindings: Vec::new(), closed };
    let fault = |at: usize, why: String| {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        Fault { line, why }
    };
    loop {
        let before = position(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Eof) if walk.path.is_empty() => return Ok(()),
            Ok(Event::Eof) => return Err(fault(text.len(), "it ends in the middle".to_owned())),
            Ok(event) => {
                let after = position(reader.buffer_position());
                walk.take(event, before, after).map_err(|why| fault(before, why))?;
            }
            Err(error) => return Err(fault(position(reader.error_position()), error.to_string())),
        }
    }
}

fn position(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

struct Walk<'a, F> {
    text: &'a str,
    url: Option<&'a WebUrl>,
    path: Vec<Element<'a>>,
    /// Where the content of each open element begins.
    starts: Vec<usize>,
    /// Prefixes with the depth at which they were bound, the innermost last.
    bindings: Vec<(usize, String, Space)>,
    closed: F,
}

impl<'a, F: FnMut(&[Element<'a>])> Walk<'a, F> {
    fn take(&mut self, event: Event, before: usize, after: usize) -> Result<(), String> {
        match event {
            Event::Start(start) => self.open(&start, after)?,
            Event::End(_) => self.close(before),
            Event::Text(text) => self.push(&text.decode().unwrap_or_default()),
            Event::CData(text) => self.push(&text.decode().unwrap_or_default()),
            Event::GeneralRef(reference) => self.push(&resolved(&reference)),
            Event::DocType(doctype) if declares_entities(&doctype) => {
                return Err("it declares entities, which no feed needs".to_owned());
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, start: &BytesStart, after: usize) -> Result<(), String> {
        if self.path.len() >= MAX_DEPTH {
            return Err(format!("its elements nest more than {MAX_DEPTH} deep"));
        }
        let mut attributes = Vec::new();
        let mut checked = start.attributes();
        // The check for doubles is quadratic; the first of two is taken.
        for attribute in checked.with_checks(false).flatten().take(MAX_ATTRIBUTES) {
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = unescaped(&String::from_utf8_lossy(&attribute.value));
            if let Some(prefix) = key.strip_prefix("xmlns") {
                let prefix = prefix.strip_prefix(':').unwrap_or(prefix).to_owned();
                if self.bindings.len() < MAX_BINDINGS {
                    self.bindings.push((self.path.len(), prefix, space_of(&value)));
                }
            } else {
                attributes.push((key, value));
            }
        }
        let name = start.name();
        let name = String::from_utf8_lossy(name.as_ref());
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        if self.path.is_empty() && prefix.is_empty() && local == "feed" && self.space("") == Space::Rss {
            // Atom whose namespace was forgotten.
            self.bindings.push((0, String::new(), Space::Atom));
        }
        let (space, name) = (self.space(prefix), local.to_owned());
        if let Some(parent) = self.path.last_mut() {
            parent.has_children = true;
        }
        let base = self.base(&attributes);
        self.path.push(Element { space, name, attributes, base, text: String::new(), raw: "", has_children: false });
        self.starts.push(after);
        Ok(())
    }

    /// What addresses are relative to in an element that is about to be opened. Each address is joined once, however many
    /// elements are below it.
    fn base(&self, attributes: &[(String, String)]) -> Option<Rc<WebUrl>> {
        let above = self.path.last().and_then(|parent| parent.base.clone());
        let Some((_, reference)) = attributes.iter().find(|(key, _)| key == "xml:base") else { return above };
        let joined = above.as_deref().or(self.url).and_then(|base| base.join(reference));
        joined.or_else(|| WebUrl::parse(reference)).map(Rc::new).or(above)
    }

    fn close(&mut self, before: usize) {
        let Some(start) = self.starts.pop() else { return };
        if let Some(element) = self.path.last_mut() {
            // An empty element ends where it begins.
            element.raw = self.text.get(start..before).unwrap_or_default();
        }
        (self.closed)(&self.path);
        self.path.pop();
        let depth = self.path.len();
        while self.bindings.last().is_some_and(|(bound, ..)| *bound >= depth) {
            self.bindings.pop();
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(element) = self.path.last_mut() {
            element.text.push_str(text);
        }
    }

    /// What a prefix stands for; one that is not declared stands for what it usually does.
    fn space(&self, prefix: &str) -> Space {
        let bound = self.bindings.iter().rev().find(|(_, known, _)| known == prefix);
        bound.map_or_else(|| customary(prefix), |(.., space)| *space)
    }
}

fn customary(prefix: &str) -> Space {
    match prefix {
        "" => Space::Rss,
        "atom" | "atom10" | "a10" => Space::Atom,
        "rdf" => Space::Rdf,
        "content" => Space::Content,
        "dc" => Space::Dc,
        "dcterms" => Space::DcTerms,
        "itunes" => Space::Itunes,
        "media" => Space::Media,
        "podcast" => Space::Podcast,
        "feedburner" => Space::FeedBurner,
        _ => Space::Other,
    }
}

/// The namespace by its address: feeds differ in `http` and `https`, in `www.` and in the slash at the end.
fn space_of(uri: &str) -> Space {
    let uri = uri.trim().to_ascii_lowercase();
    let bare = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    match bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches(['/', '#']) {
        "w3.org/2005/atom" | "purl.org/atom/ns" => Space::Atom,
        "w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
        "w3.org/1999/xhtml" => Space::Xhtml,
        "purl.org/rss/1.0/modules/content" => Space::Content,
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" => Space::Dc,
        "purl.org/dc/terms" => Space::DcTerms,
        "itunes.com/dtds/podcast-1.0.dtd" => Space::Itunes,
        "search.yahoo.com/mrss" => Space::Media,
        "podcastindex.org/namespace/1.0" => Space::Podcast,
        // Before it had an address of its own it was known by that of its text.
        bare if bare.starts_with("github.com/podcastindex-org/podcast-namespace/") => Space::Podcast,
        "rssnamespace.org/feedburner/ext/1.0" => Space::FeedBurner,
        "" | "purl.org/rss/1.0" | "my.netscape.com/rdf/simple/0.9" | "channel.netscape.com/rdf/simple/0.9" => Space::Rss,
        // RSS 2.0 has been bound to several addresses of its makers.
        bare if bare.contains("/rss2") || bare.contains("/rss/2") => Space::Rss,
        _ => Space::Other,
    }
}

/// Whether a document type declares entities of its own. What it takes from elsewhere (`<!ENTITY % HTMLlat1 PUBLIC ...`, as
/// old versions of Drupal write in every feed) is never fetched, and does no harm.
fn declares_entities(doctype: &[u8]) -> bool {
    let text = String::from_utf8_lossy(doctype).to_ascii_uppercase();
    text.split("<!ENTITY").skip(1).any(|declaration| !declaration.trim_start().starts_with('%'))
}

/// The text of a reference: `&amp;`, `&#8217;`; one that XML does not know (`&nbsp;`) as it is written.
fn resolved(reference: &BytesRef) -> String {
    let name = String::from_utf8_lossy(reference).into_owned();
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        // A number that is no character says nothing.
        Err(_) => String::new(),
        Ok(None) => unescaped(&format!("&{name};")),
    }
}

/// The value of an attribute with its references resolved, where all are known.
fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
