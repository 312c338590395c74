//! What kind of thing some bytes are, by their name and their beginning.

use std::path::Path;

use super::feed;
use crate::domain::Format;

/// The format that the extension of a path or of a URL's path tells.
pub(super) fn by_name(name: &str) -> Option<Format> {
    let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "md" | "markdown" | "mdown" | "mkd" => Some(Format::Markdown),
        "txt" | "text" => Some(Format::Text),
        "rss" | "atom" | "rdf" => Some(Format::Feed),
        _ => None,
    }
}

/// The format that a `Content-Type` tells; `text/plain` tells nothing, since servers send markdown and more as that.
pub(super) fn by_content_type(value: &str) -> Option<Format> {
    match value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Some(Format::Html),
        "text/markdown" | "text/x-markdown" => Some(Format::Markdown),
        "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" | "application/feed+json" => Some(Format::Feed),
        _ => None,
    }
}

/// How much of a page is looked at.
const HEAD: usize = 4096;

/// The format that the beginning of a text looks like.
///
/// Bytes, since an HTML page can only be decoded once it is known to be one.
pub(super) fn by_content(bytes: &[u8]) -> Format {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).replace('\0', "");
    let head = head.trim_start_matches('\u{FEFF}').trim_start();
    if feed::begins(head) {
        return Format::Feed;
    }
    let lower = head.to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.contains("<html") || lower.contains("<body") {
        return Format::Html;
    }
    let fenced = |fence: &str| {
        let mut lines = head.lines();
        lines.next().is_some_and(|line| line.trim_end() == fence) && lines.any(|line| line.trim_end() == fence)
    };
    if fenced("---") || fenced("+++") || head.lines().any(is_markdown_heading) {
        return Format::Markdown;
    }
    let tags = ["<p>", "<p ", "<div", "<h1", "<head", "<article", "<meta"];
    let markup = lower.starts_with('<') && tags.iter().any(|tag| lower.contains(tag));
    if markup { Format::Html } else { Format::Text }
}

fn is_markdown_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    (1..=6).contains(&level) && text.starts_with(' ') && !text.trim().is_empty()
}

/// What a file is that is no text at all.
pub fn binary(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let holds = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    match head {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("a PDF"),
        [b'P', b'K', 3, 4, ..] if holds(b"word/") || holds(b"[Content_Types].xml") => Some("an Office document"),
        [b'P', b'K', 3, 4, ..] if holds(b"mimetypeapplication/vnd.oasis") => Some("an OpenDocument file"),
        [b'P', b'K', 3, 4, ..] if holds(b"mimetypeapplication/epub") => Some("an EPUB book"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some("a zip archive"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Some("an old Office document"),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some("a rich text (RTF) document"),
        [0xFF, 0xD8, 0xFF, ..] => Some("a JPEG image"),
        [0x89, b'P', b'N', b'G', ..] => Some("a PNG image"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("a GIF image"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("a WebP image"),
        [0x1F, 0x8B, ..] => Some("a gzip archive"),
        [b'I', b'D', b'3', 2..=4, ..] | [b'O', b'g', b'g', b'S', 0, ..] => Some("a sound file"),
        [0x7F, b'E', b'L', b'F', ..] => Some("a program"),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] if holds(b"SQLite format 3\0") => Some("a database"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_tell_the_format() {
        assert_eq!(by_name("a/Page.HTM"), Some(Format::Html));
        assert_eq!(by_name("notes.md"), Some(Format::Markdown));
        assert_eq!(by_name("html"), None);
        assert_eq!(by_content_type("Text/HTML; charset=utf-8"), Some(Format::Html));
        assert_eq!(by_content_type("text/plain"), None);
    }

    #[test]
    fn the_beginning_tells_the_format() {
        #[track_caller]
        fn case(text: &str, format: Format) {
            assert_eq!(by_content(text.as_bytes()), format, "{text}");
        }
        case("\u{FEFF}\n<!DOCTYPE HTML><title>x", Format::Html);
        case("<!-- saved --><html lang=en>", Format::Html);
        case("<p>Half a page", Format::Html);
        case("---\ntitle: x\n---\nText", Format::Markdown);
        case("+++\r\ntitle = 'x'\r\n+++\r\nText", Format::Markdown);
        case("Intro\n\n## Part two\nText", Format::Markdown);
        case("---\nno second fence", Format::Text);
        case("#hashtag and a < b", Format::Text);
        case("\u{FEFF}<?xml version='1.0'?>\n<!-- <html> --><rss version='2.0'>", Format::Feed);
        case("<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'x.dtd'><rss>", Format::Feed);
        case("<feed xmlns='http://www.w3.org/2005/Atom'/>", Format::Feed);
        case("<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", Format::Feed);
        case("{\"version\": \"https:\\/\\/jsonfeed.org\\/version\\/1\"", Format::Feed);
        case("<!DOCTYPE html><feed>", Format::Html);
        case("{\"version\": 1}", Format::Text);
        case("", Format::Text);
    }

    #[test]
    fn files_that_are_no_text_are_named() {
        assert_eq!(binary(b"%PDF-1.7\n"), Some("a PDF"));
        assert_eq!(binary(b"PK\x03\x04....[Content_Types].xml"), Some("an Office document"));
        assert_eq!(binary(b"PK\x03\x04...."), Some("a zip archive"));
        assert_eq!(binary(&[0xFF, 0xD8, 0xFF, 0xE0]), Some("a JPEG image"));
        assert_eq!(binary(b"PK is a unit"), None);
        assert_eq!(binary(b"ID3 is a kind of tag"), None);
    }
}
