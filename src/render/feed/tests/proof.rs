//! What proof-reading lets pass and what it does not.

use super::{bare, full, publication, written};
use crate::render::feed::FeedFormat;

#[track_caller]
fn refused(format: FeedFormat, feed: &str, why: &str) {
    let error = format.proof(feed.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), why);
}

/// A good feed of two items with one passage changed.
#[track_caller]
fn changed(format: FeedFormat, from: &str, to: &str) -> String {
    let feed = String::from_utf8(written(format, &publication(), &[bare("dry", "Dry"), bare("wet", "Wet")])).unwrap();
    assert!(feed.contains(from), "{from}");
    feed.replacen(from, to, 1)
}

#[test]
fn rss_is_refused_for_what_it_lacks() {
    let case = |from: &str, to: &str, why: &str| refused(FeedFormat::Rss, &changed(FeedFormat::Rss, from, to), why);
    case("<title>Dry</title>", "", "item 1 has no title");
    case("<title>Wet</title>", "<title> </title>", "item 2 has no title");
    case("<guid isPermaLink=\"false\">tag:gauge.example,2026-03-03:wet</guid>", "", "item 2 has no id");
    case("03:wet", "03:dry", "two items have the id `tag:gauge.example,2026-03-03:dry`");
    case("<title>The Gauge &#x26; Well</title>", "", "the feed has no title");
    case("<link>https://gauge.example/</link>", "", "the feed has no link");
    case("<description>Water in the Sahel, every week</description>", "", "the feed has no description");
    case("Dry", "D\u{1}ry", "it is not well-formed XML: line 21: XML forbids the character U+0001");
    case("Dry", "D&nbsp;ry", "it is not well-formed XML: line 21: the entity `&nbsp;` is not known to XML");
    case("</rss>", "", "it is not well-formed XML: line 36: `<rss>` is never closed");
    refused(FeedFormat::Rss, "<a/>", "it is not RSS: the root is `<a>`");
    refused(FeedFormat::Rss, "", "it is not well-formed XML: line 1: there is no element in it");
}

#[test]
fn atom_is_refused_for_what_it_lacks() {
    let case = |from: &str, to: &str, why: &str| refused(FeedFormat::Atom, &changed(FeedFormat::Atom, from, to), why);
    case("<title type=\"text\">Dry</title>", "", "item 1 has no title");
    case("<id>tag:gauge.example,2026-03-03:wet</id>", "", "item 2 has no id");
    case("03:wet", "03:dry", "two items have the id `tag:gauge.example,2026-03-03:dry`");
    case(
        "<id>urn:uuid:",
        "<!--<id>-->",
        "it is not well-formed XML: line 4: ill-formed document: expected `</feed>`, but `</id>` was found",
    );
    case("<title type=\"text\">The Gauge &#x26; Well</title>", "", "the feed has no title");
    refused(FeedFormat::Atom, "<feed xmlns='u:other'/>", "it is not Atom: the root is `<feed>`");
    refused(FeedFormat::Atom, "<rss version='2.0'/>", "it is not Atom: the root is `<rss>`");
}

#[test]
fn json_is_refused_for_what_it_lacks() {
    let case = |from: &str, to: &str, why: &str| refused(FeedFormat::Json, &changed(FeedFormat::Json, from, to), why);
    case("\"title\":\"Dry\",", "", "item 1 has no title");
    case("\"id\":\"tag:gauge.example,2026-03-03:wet\",", "", "item 2 has no id");
    case("03:wet", "03:dry", "two items have the id `tag:gauge.example,2026-03-03:dry`");
    case("\"Dry\"", "\"D\\u0001ry\"", "item 1 has a character that no feed can carry");
    case("  \"title\": \"The Gauge & Well\",\n", "", "the feed has no title");
    case("version/1.1", "version/2", "it is not JSON Feed: the version is `https://jsonfeed.org/version/2`");
    case("]\n}", "", "it is not JSON Feed");
    case("\"content_html\":\"<p>The well is dry.</p>\",\"content_text\":\"The well is dry.\",", "", "item 1 has no content");
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    for format in FeedFormat::ALL {
        let error = format.proof(&b"<rss>\xE9</rss>"[..]).unwrap_err().to_string();
        assert!(error == "it is not well-formed XML: line 1: it is not UTF-8" || error == "it is not JSON Feed", "{error}");
    }
}

#[test]
fn a_feed_cut_off_anywhere_is_refused() {
    let publication = publication();
    for format in FeedFormat::ALL {
        let feed = written(format, &publication, &[full()]);
        // Without the last line break it is still whole.
        for end in (0..feed.len() - 1).step_by(13) {
            assert!(format.proof(&feed[..end]).is_err(), "{format} {end}");
        }
    }
}
