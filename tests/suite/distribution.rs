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
    assert!(said.contains("waiting   to announce 3 feeds to ") && said.contains("not live yet"), "{said}");
    assert_eq!(pinged(&site), [""; 0], "what the public cannot see yet is not announced");

    upload(&desk, &site);
    desk.at("2026-03-04T08:05:00Z");
    let said = desk.done(&["run"]);
    assert_eq!(said, format!("announced 3 feeds to {}\n", site.url("/hub")));
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
    assert!(said.contains("waiting   to announce 3 feeds") && said.contains("503"), "{said}");
    assert_eq!(pinged(&site).len(), 1, "it is not asked about the others");
    desk.at("2026-03-04T08:07:00Z");
    assert_eq!(desk.done(&["run"]), "", "it is left alone for a while");
    site.put("/hub", "text/plain", "");
    desk.at("2026-03-04T08:20:00Z");
    assert!(desk.done(&["run"]).starts_with("announced 3 feeds"));
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
    assert!(desk.done(&["run"]).starts_with("announced 3 feeds"));
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

/// A feed of a tool that wrote ids of its own, none for one item, and its archive in a second document.
const OLD: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>The Old Desk</title><link>https://old.example.org/</link><description>x</description>
<atom:link rel="prev-archive" href="SITE/old/2"/>
<item><title>Rain at last</title><link>https://old.example.org/?p=9</link><guid isPermaLink="false">old-9</guid>
<pubDate>Tue, 03 Mar 2026 09:15:00 +0100</pubDate><description>The first rain of the year fell on the upper town.</description></item>
<item><title>The ferry is back</title><link>https://old.example.org/ferry</link>
<pubDate>Mon, 02 Mar 2026 09:15:00 +0100</pubDate><description>The ferry sails again after a week in the yard.</description></item>
</channel></rss>"#;
const OLDER: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel>
<title>The Old Desk</title><link>https://old.example.org/</link><description>x</description>
<item><title>A bridge is begun</title><link>https://old.example.org/?p=1</link><guid isPermaLink="true">https://old.example.org/?p=1</guid>
<pubDate>Sun, 01 Feb 2015 10:00:00 GMT</pubDate><description>Workers have begun with the piers of the new bridge.</description></item>
</channel></rss>"#;

#[test]
fn a_feed_is_taken_over_with_its_ids_and_dates() {
    let (site, desk) = desk();
    site.put("/old", RSS, OLD);
    site.put("/old/2", RSS, OLDER);
    desk.done(&["subscribers", "add", "ada@reader.example", "--confirmed", "asked"]);
    let said = desk.done(&["feed", "import", &site.url("/old")]);
    assert!(said.contains("imported  3 items of 2 documents\n"), "{said}");
    let text = desk.read("feeds/feed.xml");
    let document = roxmltree::Document::parse(&text).unwrap();
    let all = |name: &str| -> Vec<(String, Option<String>)> {
        let nodes = document
            .descendants()
            .filter(|node| node.tag_name().name() == name && node.ancestors().any(|above| above.has_tag_name("item")));
        nodes.map(|node| (node.text().unwrap_or_default().to_owned(), node.attribute("isPermaLink").map(str::to_owned))).collect()
    };
    let guid = |text: &str, is: &str| (text.to_owned(), Some(is.to_owned()));
    assert_eq!(
        all("guid"),
        [guid("old-9", "false"), guid("https://old.example.org/ferry", "true"), guid("https://old.example.org/?p=1", "true")]
    );
    let dates: Vec<String> = all("pubDate").into_iter().map(|(date, _)| date).collect();
    assert_eq!(dates, ["Tue, 03 Mar 2026 08:15:00 +0000", "Mon, 02 Mar 2026 08:15:00 +0000", "Sun, 01 Feb 2015 10:00:00 +0000"]);
    assert!(!desk.exists("feeds/editions"), "no letter is made of it");

    let again = desk.done(&["feed", "import", &site.url("/old")]);
    assert!(again.contains("imported  0 items of 2 documents, 3 were here already\n"), "{again}");
}

#[test]
fn an_import_that_cannot_be_read_to_its_end_takes_nothing() {
    let (site, desk) = desk();
    site.put("/old", RSS, OLD);
    site.fail("/old/2", "500 Broken");
    let ran = desk.griot(&["feed", "import", &site.url("/old")]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("/old/2` answered with status 500"), "{ran:?}");
    assert!(desk.done(&["status"]).starts_with("articles  0\n"));
}

#[test]
fn what_was_imported_is_no_news_to_a_list() {
    let (site, mut desk) = desk();
    site.put("/old", RSS, &OLDER.replace("Sun, 01 Feb 2015", "Wed, 04 Mar 2026").replace("10:00:00", "06:00:00"));
    let mut config = desk.read("config/griot.toml");
    config.push_str("[[schedule]]\nname = \"morning\"\nat = \"0 9 * * *\"\n[smtp]\nhost = \"127.0.0.1\"\nport = 9\n");
    desk.write("config/griot.toml", config);
    desk.done(&["subscribers", "add", "ada@reader.example", "--confirmed", "asked"]);
    desk.done(&["feed", "import", &site.url("/old")]);
    desk.at("2026-03-04T09:01:00Z");
    let said = desk.done(&["run"]);
    assert!(said.contains("nothing   to send for the plan `morning`: no new article"), "{said}");
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
