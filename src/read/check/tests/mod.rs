//! Every rule, by a feed that keeps it and a change that breaks it.

mod cases;
mod hostile;

use std::collections::BTreeSet;

use super::*;

const RSS: &str = include_str!("rss.xml");
const PODCAST_FEED: &str = include_str!("podcast.xml");
const ATOM_FEED: &str = include_str!("atom.xml");
const JSON_FEED: &str = include_str!("feed.json");

fn known() -> Known<'static> {
    Known { now: "2026-03-04T08:00:00Z".parse().unwrap(), podcast: false, url: None, content_type: None, file: None }
}

fn ids(checked: &Checked) -> Vec<&'static str> {
    checked.findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn good_feeds_are_good() {
    for (feed, kind, podcast) in
        [(RSS, Kind::Rss, false), (PODCAST_FEED, Kind::Rss, true), (ATOM_FEED, Kind::Atom, false), (JSON_FEED, Kind::Json, false)]
    {
        let checked = check(feed.as_bytes(), known());
        assert_eq!(checked.findings, [], "{kind}");
        assert_eq!((checked.kind, checked.podcast, checked.items), (Some(kind), podcast, 2));
    }
}

/// What breaks one rule in a good feed: a piece of it, what takes its place, the rule, and a piece of the line that is named;
/// where that is empty, the line on which the change begins.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[test]
fn what_breaks_a_rule_is_found_on_its_line() {
    let mut missed = Vec::new();
    for (feed, table) in [(RSS, cases::RSS), (PODCAST_FEED, cases::PODCAST), (ATOM_FEED, cases::ATOM), (JSON_FEED, cases::JSON)] {
        for (from, to, rule, at) in table {
            let start = feed.find(from).unwrap_or_else(|| panic!("{from:?} is not in the feed"));
            let broken = feed.replacen(from, to, 1);
            let place = if at.is_empty() { Some(start) } else { broken.find(at) };
            let line = broken[..place.unwrap_or_default()].matches('\n').count() + 1;
            let checked = check(broken.as_bytes(), known());
            let found = checked.findings.iter().any(|finding| finding.rule.id == *rule && finding.line == line);
            if !found {
                let found: Vec<_> = checked.findings.iter().map(|found| (found.rule.id, found.line, &found.what)).collect();
                missed.push(format!("{rule} in line {line} after {from:?} -> {to:?}: {found:?}"));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn bytes_tell_of_themselves() {
    #[track_caller]
    fn case(bytes: &[u8], expected: &[&str]) {
        let found = check(bytes, known());
        let found: Vec<_> = ids(&found).into_iter().filter(|id| id.starts_with("xml-")).collect();
        assert_eq!(found, expected);
    }
    case(format!("\u{FEFF}{RSS}").as_bytes(), &["xml-bom"]);
    case(format!("\n{RSS}").as_bytes(), &["xml-before-declaration"]);
    case(&RSS.replace("Ada", "\u{1}Ad\u{b}").into_bytes(), &["xml-character", "xml-character"]);
    let latin = RSS.replace("UTF-8", "ISO-8859-1").replace("Ada Keita", "Ada Ke\u{FFFD}ta");
    let mut bytes = latin.clone().into_bytes();
    case(&bytes, &["xml-encoding-mismatch", "xml-not-utf-8"]);
    let at = latin.find('\u{FFFD}').unwrap();
    bytes.splice(at..at + 3, [0xEF]);
    case(&bytes, &["xml-not-utf-8"]);
    let mut bytes = RSS.as_bytes().to_vec();
    bytes[at - 5] = 0xFF;
    case(&bytes, &["xml-not-decodable"]);
    case(RSS.replace("UTF-8", "klingon").as_bytes(), &["xml-encoding-unknown"]);
}

#[test]
fn sizes_are_told() {
    let grown = |bytes: usize| {
        let filler = "x".repeat(bytes);
        ids(&check(RSS.replace("To the upper", &filler).as_bytes(), known()))
    };
    assert_eq!(grown(MEGABYTE / 2), [""; 0]);
    assert_eq!(grown(MEGABYTE), ["feed-large"]);
    assert_eq!(grown(2 * MEGABYTE), ["feed-very-large"]);
    assert_eq!(grown(5 * MEGABYTE), ["feed-too-large"]);
}

#[test]
fn what_is_no_feed_is_called_what_it_is() {
    for (text, what) in [
        ("", "it is empty"),
        ("<!DOCTYPE html><p>", "it is a web page"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "it is a web page"),
        ("<opml version='2.0'/>", "it is OPML, a list of feeds"),
        ("<urlset/>", "it is a sitemap"),
        ("<a/>", "its root is `<a>`"),
        ("Not a feed", "it begins with `Not a feed`"),
        ("{}", "it is JSON, but no JSON Feed"),
        ("[]", "it is JSON, but no JSON Feed"),
    ] {
        let checked = check(text.as_bytes(), known());
        let found: Vec<_> = checked.findings.iter().map(|finding| (finding.rule.id, finding.what.as_str())).collect();
        assert_eq!(found, [("feed-unknown", what)], "{text}");
    }
}

#[test]
fn what_is_known_from_outside_counts() {
    let url = WebUrl::parse("https://example.org/other.xml").unwrap();
    let at = |known: Known| ids(&check(RSS.as_bytes(), known));
    assert_eq!(at(Known { url: Some(&url), ..known() }), ["feed-self-differs"]);
    let json = |known: Known| ids(&check(JSON_FEED.as_bytes(), known));
    assert_eq!(json(Known { url: Some(&url), ..known() }), ["feed-self-differs"]);
    assert_eq!(at(Known { content_type: Some("text/html; charset=utf-8"), ..known() }), ["feed-media-type"]);
    assert_eq!(at(Known { content_type: Some("application/rss+xml"), ..known() }), [""; 0]);
    assert!(at(Known { content_type: Some("text/xml; charset=iso-8859-1"), ..known() }).contains(&"xml-encoding-mismatch"));
    assert!(at(Known { podcast: true, ..known() }).contains(&"podcast-head"));
    let atom = check(ATOM_FEED.as_bytes(), Known { podcast: true, ..known() });
    assert_eq!(ids(&atom), ["podcast-no-rss"]);
}

#[test]
fn files_at_hand_are_what_the_feed_says() {
    let picture = [b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR".as_slice(), &1400_u32.to_be_bytes(), &1400_u32.to_be_bytes()].concat();
    let sound = |url: &WebUrl| url.url().path().starts_with("/talk-");
    let find = |own: Option<OwnFile>| {
        let picture = OwnFile::There { length: 24, head: picture.clone() };
        let file = move |url: &WebUrl| if sound(url) { own.clone() } else { Some(picture.clone()) };
        ids(&check(PODCAST_FEED.as_bytes(), Known { file: Some(&file), ..known() }))
    };
    let there = |length: u64, head: &[u8]| Some(OwnFile::There { length, head: head.to_vec() });
    assert_eq!(find(None), [""; 0]);
    assert_eq!(find(there(1234, b"ID3\x04")), [""; 0]);
    assert_eq!(find(Some(OwnFile::Missing)), ["rss-enclosure-file-missing"; 2]);
    assert_eq!(find(there(1, b"\xFF\xFB\x90")), ["rss-enclosure-length-wrong"; 2]);
    assert_eq!(find(there(1234, b"OggS")), ["rss-enclosure-type-wrong"; 2]);
    for art in
        [OwnFile::Missing, OwnFile::There { length: 3, head: b"GIF".to_vec() }, OwnFile::There { length: 24, head: vec![0x89] }]
    {
        let file = move |url: &WebUrl| (!sound(url)).then(|| art.clone());
        assert_eq!(ids(&check(PODCAST_FEED.as_bytes(), Known { file: Some(&file), ..known() })), ["podcast-art-file"]);
    }
    let small = [&picture[..16], &1000_u32.to_be_bytes(), &1000_u32.to_be_bytes()].concat();
    let file = move |url: &WebUrl| (!sound(url)).then(|| OwnFile::There { length: 24, head: small.clone() });
    let checked = check(PODCAST_FEED.as_bytes(), Known { file: Some(&file), ..known() });
    assert_eq!(checked.findings[0].what, "the artwork `https://example.org/talk.jpg`: it has 1000x1000 pixels");
}

#[test]
fn every_rule_has_a_case_and_a_name_of_its_own() {
    let tables = [cases::RSS, cases::PODCAST, cases::ATOM, cases::JSON];
    let mut tried: BTreeSet<&str> = tables.into_iter().flatten().map(|(_, _, rule, _)| *rule).collect();
    // What is tried by the tests above.
    tried.extend([
        "xml-bom",
        "xml-before-declaration",
        "xml-encoding-mismatch",
        "xml-not-utf-8",
        "xml-not-decodable",
        "xml-encoding-unknown",
        "xml-character",
        "xml-too-complex",
        "feed-large",
        "feed-very-large",
        "feed-too-large",
        "feed-unknown",
        "feed-self-differs",
        "feed-media-type",
        "podcast-no-rss",
        "rss-enclosure-file-missing",
        "rss-enclosure-length-wrong",
        "rss-enclosure-type-wrong",
        "podcast-art-file",
    ]);
    let all: Vec<&str> = rules().map(|rule| rule.id).collect();
    let untried: Vec<&&str> = all.iter().filter(|id| !tried.contains(**id)).collect();
    assert!(untried.is_empty(), "{untried:?}");
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "two rules have the same id");
    for rule in rules() {
        assert!(!rule.what.is_empty() && !rule.why.is_empty() && !rule.mend.is_empty(), "{}", rule.id);
        assert!(![rule.what, rule.why, rule.mend].iter().any(|text| text.ends_with('.')), "{}", rule.id);
    }
}
