//! Addresses that are written out in a text.

use std::ops::Range;

use crate::domain::{Href, Inline, Rich, WebUrl};

/// An address as it stands in a text.
#[derive(Debug)]
pub(super) struct Written {
    pub url: WebUrl,
    pub span: Range<usize>,
    /// Whether the address went through another site, and is what stands last in it.
    pub unwrapped: bool,
}

/// The addresses in a text, in order. Time grows linearly with the text.
pub(super) fn find(text: &str) -> Vec<Written> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(next_scheme).map(|at| from + at) {
        let rest = text.get(start..).unwrap_or_default();
        let end = start + extent(rest);
        let glued = text.get(..start).and_then(|before| before.chars().next_back()).is_some_and(char::is_alphanumeric);
        let written = text.get(start..end).unwrap_or_default();
        if !glued
            && written.len() <= LONGEST
            && let Some((url, unwrapped)) = real(written)
        {
            out.push(Written { url, span: start..end, unwrapped });
        }
        from = end.max(start + 4);
    }
    out
}

/// The address, if a text is nothing else.
pub(super) fn whole(text: &str) -> Option<Written> {
    let text = text.trim();
    if !text.starts_with("http") {
        return None;
    }
    find(text).into_iter().next().filter(|written| written.span == (0..text.len()))
}

/// Running text with its addresses as links.
pub(super) fn rich(text: &str) -> Option<Rich> {
    let mut inlines = Vec::new();
    let mut from = 0;
    for written in find(text) {
        let word = text.get(written.span.clone()).unwrap_or_default();
        inlines.push(Inline::Text(text.get(from..written.span.start).unwrap_or_default().to_owned()));
        inlines.push(Inline::Link { href: Href::Web(written.url), text: vec![Inline::Text(word.to_owned())] });
        from = written.span.end;
    }
    inlines.push(Inline::Text(text.get(from..).unwrap_or_default().to_owned()));
    Rich::new(inlines)
}

/// Bytes of the longest address that is taken for one (what browsers and servers still carry: RFC 9110, section 4.1, asks for 8000).
const LONGEST: usize = 8000;

fn next_scheme(text: &str) -> Option<usize> {
    // One scan for the letter they share, so that a text full of one scheme is not searched twice for the other.
    text.match_indices("http").map(|(at, _)| at).find(|at| {
        let rest = text.get(at + 4..).unwrap_or_default();
        rest.starts_with("://") || rest.starts_with("s://")
    })
}

/// How many bytes of a text that begins with an address belong to it; closing punctuation does not.
fn extent(text: &str) -> usize {
    let end = text
        .find(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(c, '<' | '>' | '"' | '“' | '”' | '«' | '»' | '{' | '}' | '|' | '\\' | '^' | '`')
        })
        .unwrap_or(text.len());
    let mut url = text.get(..end).unwrap_or_default();
    let brackets = |url: &str| url.matches('(').count() < url.matches(')').count();
    // At most one count of brackets: closers at the end are few, and the rest is cut by the trims.
    let open = brackets(url);
    loop {
        let cut = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '…', '*', ']']);
        let cut = if open { cut.trim_end_matches(')') } else { cut };
        if cut.len() == url.len() {
            return url.len();
        }
        url = cut;
    }
}

/// The address that is meant: one that went through a proxy carries the real one at the end of its path,
/// as `https://proxy.example:443/https/news.example/story` or `https://proxy.example/https://news.example/story`.
fn real(written: &str) -> Option<(WebUrl, bool)> {
    let outer = WebUrl::parse(written)?;
    let path_end = written.find(['?', '#']).unwrap_or(written.len());
    let path = written.get(..path_end)?;
    let inner = ["/https://", "/http://", "/https/", "/http/"]
        .into_iter()
        .filter_map(|mark| {
            let at = path.rfind(mark).filter(|at| *at > "https:/".len())?;
            let scheme = mark.trim_matches('/').trim_end_matches(':');
            let host = written.get(at + mark.len()..)?;
            let dotted = host.split(['/', '?', '#']).next().is_some_and(|host| host.contains('.'));
            let url = WebUrl::parse(&format!("{scheme}://{host}")).filter(|_| dotted)?;
            Some((at, url))
        })
        .max_by_key(|(at, _)| *at);
    Some(inner.map_or((outer, false), |(_, url)| (url, true)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: &[&str]) {
        assert_eq!(find(text).iter().map(|written| written.url.as_str()).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn finds_addresses_without_their_punctuation() {
        case(
            "See https://example.org/a?b=1, then (http://example.org/c).",
            &["https://example.org/a?b=1", "http://example.org/c"],
        );
        case("https://example.org/Kano_(city)", &["https://example.org/Kano_(city)"]);
        case("no xhttps://example.org http:// https://. httpshttp", &[]);
        case("“https://example.org/é”…", &["https://example.org/%C3%A9"]);
    }

    #[test]
    fn an_address_behind_a_proxy_is_taken_out() {
        case("https://proxy.example:443/https/s.example.org/p/4x", &["https://s.example.org/p/4x"]);
        case("https://proxy.example/http://news.example/a?b=c", &["http://news.example/a?b=c"]);
        case("https://news.example/a?next=https://other.example/b", &["https://news.example/a?next=https://other.example/b"]);
        case("https://news.example/docs/https/intro", &["https://news.example/docs/https/intro"]);
        assert!(whole(" https://proxy.example/https/a.example/b ").unwrap().unwrapped);
        assert!(whole("see https://a.example/").is_none());
    }

    #[test]
    fn addresses_in_running_text_become_links() {
        let rich = rich("Ask at https://example.org/a.").unwrap();
        assert_eq!(rich.html().as_str(), "Ask at <a href=\"https://example.org/a\">https://example.org/a</a>.");
        assert_eq!(super::rich("  "), None);
    }
}
