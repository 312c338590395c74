//! Feeds on their way to readers: hubs that are told, web servers, another address.

use crate::harness::{Desk, RIVER};
use crate::servers::pages::Site;

const RSS: &str = "application/rss+xml";

/// A desk whose feeds are served by a site, and that names the hub of the same site.
fn desk() -> (Site, Desk) {
    let site = Site::start();
    let mut desk =
        Desk::with_config(&format!("[feed]\nhubs = [\"{}\"]\n[fetch]\nallow_hosts = [\"127.0.0.1\"]\n", site.url("/hub")));
    let config = desk.read("config/griot.toml").replace("https://www.example.org/feeds/", &site.url("/feeds/"));
    desk.write("config/griot.toml", config);
    desk.write("page.txt", RIVER);
    desk.at("2026-03-04T08:00:00Z");
    (site, desk)
}

/// Puts the feeds where the public sees them.
fn upload(desk: &Desk, site: &Site) {
    for name in ["feed.xml", "atom.xml", "feed.json"] {
        site.put(&format!("/feeds/{name}"), RSS, &desk.read(&format!("feeds/{name}")));
    }
}

/// The topics that the hub was told of.
fn pinged(site: &Site) -> Vec<String> {
    let mut topics: Vec<String> = site
        .asked()
        .into_iter()
        .filter(|asked| asked.path == "/hub")
        .map(|asked| {
            let body = asked.body.replace("%3A", ":").replace("%2F", "/");
            assert!(body.starts_with("hub.mode=publish&hub.url="), "{body}");
            body.rsplit('/').next().unwrap().to_owned()
        })
        .collect();
    topics.sort();
    topics
}

#[test]
fn a_hub_is_told_once_of_a_feed_that_is_live() {
    let (site, mut desk) = desk();
    site.put("/hub", "text/plain", "");
    let said = desk.done(&["publish", "page.txt"]);
    assert!(said.contains("until it is live"), "{said}");
    assert_eq!(pinged(&site), [""; 0], "what the public cannot see yet is not announced");

    upload(&desk, &site);
    desk.at("2026-03-04T08:05:00Z");
    let said = desk.done(&["run"]);
    assert_eq!(said.matches("announced").count(), 3, "{said}");
    assert_eq!(pinged(&site), ["atom.xml", "feed.json", "feed.xml"]);

    desk.at("2026-03-04T08:10:00Z");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(desk.done(&["feed", "build"]), "");
    assert!(site.asked().is_empty(), "nothing changed, and nobody is asked");

    desk.write("page.txt", RIVER.replace("two metres", "three metres"));
    desk.done(&["publish", "page.txt"]);
    upload(&desk, &site);
    desk.at("2026-03-04T08:15:00Z");
    desk.done(&["run"]);
    assert_eq!(pinged(&site).len(), 3, "an edit is news");
}

#[test]
fn a_hub_that_fails_is_told_later_and_stops_nothing() {
    let (site, mut desk) = desk();
    site.fail("/hub", "503 Busy");
    desk.done(&["publish", "page.txt"]);
    upload(&desk, &site);
    desk.at("2026-03-04T08:05:00Z");
    let said = desk.done(&["run"]);
    assert!(said.contains("waiting   to announce") && said.contains("503"), "{said}");
    assert_eq!(pinged(&site).len(), 3);
    desk.at("2026-03-04T08:07:00Z");
    assert_eq!(desk.done(&["run"]), "", "it is left alone for a while");
    site.put("/hub", "text/plain", "");
    desk.at("2026-03-04T08:20:00Z");
    assert_eq!(desk.done(&["run"]).matches("announced").count(), 3);
}

#[test]
fn a_site_that_never_shows_the_same_bytes_is_announced_after_a_day() {
    let (site, mut desk) = desk();
    site.put("/hub", "text/plain", "");
    for name in ["feed.xml", "atom.xml", "feed.json"] {
        site.put(&format!("/feeds/{name}"), RSS, "rewritten on the way");
    }
    desk.done(&["publish", "page.txt"]);
    desk.at("2026-03-04T20:00:00Z");
    assert!(desk.done(&["run"]).contains("another feed than was written"));
    desk.at("2026-03-05T08:30:00Z");
    assert_eq!(desk.done(&["run"]).matches("announced").count(), 3);
}

#[test]
fn feeds_that_move_keep_every_id_and_say_where_they_were() {
    let desk = Desk::new();
    desk.write("page.txt", RIVER);
    desk.done(&["publish", "page.txt"]);
    let ids = |desk: &Desk, file: &str, element: &str| {
        let text = desk.read(file);
        let document = roxmltree::Document::parse(&text).unwrap();
        let of = |node: roxmltree::Node| {
            (node.has_tag_name(element) || node.tag_name().name() == element).then(|| node.text().unwrap_or_default().to_owned())
        };
        document.descendants().filter_map(of).collect::<Vec<_>>()
    };
    let before = (ids(&desk, "feeds/feed.xml", "guid"), ids(&desk, "feeds/atom.xml", "id"));
    let config = desk.read("config/griot.toml");

    let said = desk.done(&["feed", "move", "https://news.example.net/f"]);
    assert!(said.contains("moved     the feeds from https://www.example.org/feeds/ to https://news.example.net/f/"), "{said}");
    let after = (ids(&desk, "feeds/feed.xml", "guid"), ids(&desk, "feeds/atom.xml", "id"));
    assert_eq!(before, after);
    assert!(desk.read("feeds/feed.xml").contains("href=\"https://news.example.net/f/feed.xml\""));
    let moved = desk.read("config/griot.toml");
    let changed: Vec<&str> = moved.lines().filter(|line| !config.contains(line)).collect();
    assert_eq!(changed, ["feeds = \"https://news.example.net/f/\"", "former_feeds = [\"https://www.example.org/feeds/\"]"]);

    assert!(desk.done(&["feed", "move", "https://news.example.net/f/"]).contains("nothing   to move"));
    let snippet = desk.done(&["feed", "hosting", "nginx"]);
    assert!(
        snippet.contains("location ~ ^/feeds/(.*)$") && snippet.contains("return 301 https://news.example.net/f/$1"),
        "{snippet}"
    );
}

#[test]
fn a_config_that_cannot_be_edited_safely_stays_as_it_is() {
    let desk = Desk::new();
    let config = desk.read("config/griot.toml").replace("feeds = \"", "\"feeds\" = \"");
    desk.write("config/griot.toml", &config);
    let ran = desk.griot(&["feed", "move", "https://news.example.net/f"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("could not be edited safely") && ran.stderr.contains("publication.former_feeds"), "{ran:?}");
    assert_eq!(desk.read("config/griot.toml"), config);
}

#[test]
fn a_snippet_is_refused_that_would_have_to_be_quoted() {
    let desk = Desk::new();
    let config = desk.read("config/griot.toml").replace("example.org/feeds/", "example.org/our%20feeds/");
    desk.write("config/griot.toml", config);
    let ran = desk.griot(&["feed", "hosting", "apache"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("'%'"), "{ran:?}");
}
