//! The feeds that a config asks for: sections, authors, the archive, the lists, and what they tell readers.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use serde_json::Value;

use crate::harness::Desk;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const HISTORY: &str = "http://purl.org/syndication/history/1.0";
const PODCAST: &str = "https://podcastindex.org/namespace/1.0";
const FEEDS: &str = "https://www.example.org/feeds/";

/// Lays a page down and publishes it.
fn publish(desk: &Desk, title: &str, day: &str, more: &str) -> String {
    let text = format!(
        "---\ntitle: \"{title}\"\ndate: {day}\n{more}\n---\n\nOf {title} the harbour master says that it is what happened on {day}.\n\n\
         The market of {title} has moved to the upper square until {day} is over.\n"
    );
    desk.write("page.md", text);
    desk.done(&["publish", "page.md"])
}

/// Something that a feed says of its items, whatever the format.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    id: String,
    title: String,
    link: Option<String>,
    authors: Vec<String>,
    topics: Vec<String>,
    published: String,
    html: String,
}

fn instant(text: &str) -> String {
    let rfc2822 = || jiff::fmt::rfc2822::parse(text).unwrap().timestamp();
    text.parse::<jiff::Timestamp>().unwrap_or_else(|_| rfc2822()).to_string()
}

fn texts<'a>(node: Node<'a, 'a>, name: &str) -> Vec<String> {
    let named = node.children().filter(|child| child.tag_name().name() == name);
    named.map(|child| child.text().unwrap_or_default().to_owned()).collect()
}

fn text(node: Node, name: &str) -> String {
    texts(node, name).into_iter().next().unwrap_or_default()
}

fn rss(feed: &str) -> Vec<Item> {
    let document = Document::parse(feed).unwrap();
    let items = document.descendants().filter(|node| node.has_tag_name("item"));
    items
        .map(|item| Item {
            id: text(item, "guid"),
            title: text(item, "title"),
            link: texts(item, "link").into_iter().next(),
            authors: texts(item, "creator"),
            topics: texts(item, "category"),
            published: instant(&text(item, "pubDate")),
            html: text(item, "encoded"),
        })
        .collect()
}

fn atom(feed: &str) -> Vec<Item> {
    let document = Document::parse(feed).unwrap();
    let entries = document.descendants().filter(|node| node.has_tag_name((ATOM, "entry")));
    let of = |entry: Node, name: &str, attribute: &str| -> Vec<String> {
        let named = entry.children().filter(|child| child.tag_name().name() == name);
        named.filter_map(|child| child.attribute(attribute).map(str::to_owned)).collect()
    };
    entries
        .map(|entry| Item {
            id: text(entry, "id"),
            title: text(entry, "title"),
            link: of(entry, "link", "href").into_iter().next(),
            authors: entry
                .children()
                .filter(|node| node.tag_name().name() == "author")
                .map(|author| text(author, "name"))
                .collect(),
            topics: of(entry, "category", "term"),
            published: instant(&text(entry, "published")),
            html: text(entry, "content"),
        })
        .collect()
}

fn json(feed: &str) -> Vec<Item> {
    let feed: Value = serde_json::from_str(feed).unwrap();
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let strings = |value: &Value, of: fn(&Value) -> &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|value| string(of(value))).collect()
    };
    let items = feed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| Item {
            id: string(&item["id"]),
            title: string(&item["title"]),
            link: item["url"].as_str().map(str::to_owned),
            authors: strings(&item["authors"], |author| &author["name"]),
            topics: strings(&item["tags"], |tag| tag),
            published: instant(&string(&item["date_published"])),
            html: string(&item["content_html"]),
        })
        .collect()
}

/// The items of a feed, which its three formats have to agree on.
#[track_caller]
fn items(desk: &Desk, [rss_file, atom_file, json_file]: [&str; 3]) -> Vec<Item> {
    let items = rss(&desk.read(rss_file));
    assert_eq!(items, atom(&desk.read(atom_file)), "{rss_file} and {atom_file}");
    assert_eq!(items, json(&desk.read(json_file)), "{rss_file} and {json_file}");
    items
}

fn titles(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.title.as_str()).collect()
}

const OWN: [&str; 3] = ["feeds/feed.xml", "feeds/atom.xml", "feeds/feed.json"];

#[test]
fn sections_and_authors_have_feeds_of_their_own() {
    let desk = Desk::with_config("[feed]\nsections = [\"Politics\", \"Sport\"]\nauthors = \"all\"\n");
    publish(&desk, "Votes & voices", "2026-03-01", "author: Ada Keita, Bâ Traoré\ntags: Politics, Mali");
    publish(&desk, "A match", "2026-03-02", "author: Ada Keita\ntags: Football");
    publish(&desk, "The budget", "2026-03-03", "author: BÂ TRAORÉ\ntags: politics\nurl: https://www.example.org/budget?a=1&b=2");
    let politics =
        items(&desk, ["feeds/sections/politics.xml", "feeds/sections/politics.atom.xml", "feeds/sections/politics.json"]);
    assert_eq!(titles(&politics), ["The budget", "Votes & voices"]);
    assert_eq!(politics[1].authors, ["Ada Keita", "Bâ Traoré"]);
    let ada = items(&desk, ["feeds/authors/ada-keita.xml", "feeds/authors/ada-keita.atom.xml", "feeds/authors/ada-keita.json"]);
    assert_eq!(titles(&ada), ["A match", "Votes & voices"]);
    let ba = items(&desk, ["feeds/authors/ba-traore.xml", "feeds/authors/ba-traore.atom.xml", "feeds/authors/ba-traore.json"]);
    assert_eq!(titles(&ba), ["The budget", "Votes & voices"], "however it is spelled");
    assert!(items(&desk, ["feeds/sections/sport.xml", "feeds/sections/sport.atom.xml", "feeds/sections/sport.json"]).is_empty());
    assert!(!desk.exists("feeds/sections/football.xml"), "nobody asked for it");
    let all = items(&desk, OWN);
    assert!(politics.iter().chain(&ada).chain(&ba).all(|item| all.contains(item)), "an article is the same in every feed");
    // Each is a feed by itself.
    let feeds = [
        "feeds/atom.xml",
        "feeds/sections/politics.atom.xml",
        "feeds/sections/sport.atom.xml",
        "feeds/authors/ada-keita.atom.xml",
    ];
    let mut ids = BTreeSet::new();
    for (file, title) in feeds.iter().zip(["The Desk", "The Desk: Politics", "The Desk: Sport", "The Desk: Ada Keita"]) {
        let feed = desk.read(file);
        let document = Document::parse(&feed).unwrap();
        let root = document.root_element();
        assert_eq!(text(root, "title"), title);
        assert!(ids.insert(text(root, "id")), "{file}");
        let own = root.children().find(|node| node.attribute("rel") == Some("self")).unwrap();
        assert_eq!(own.attribute("href").unwrap(), format!("{FEEDS}{}", file.trim_start_matches("feeds/")));
    }
}

#[test]
fn what_has_not_changed_is_left_alone() {
    let mut desk = Desk::with_config("[feed]\nsections = \"all\"\nauthors = \"all\"\nnews_sitemap = true\n");
    publish(&desk, "Votes", "2026-03-01", "author: Ada Keita\ntags: Politics");
    let told = publish(&desk, "A match", "2026-03-02", "author: Bâ Traoré\ntags: Sport");
    assert!(told.contains("feeds/sections/sport.xml") && !told.contains("politics"), "{told}");
    let before = desk.snapshot("feeds");
    desk.at("2027-01-01T00:00:00Z").variable("TZ", "Asia/Tokyo").variable("LANG", "ar_EG.UTF-8");
    assert_eq!(desk.done(&["feed", "build"]), "");
    assert_eq!(desk.snapshot("feeds"), before);
    std::fs::remove_file(desk.path("feeds/sections/politics.json")).unwrap();
    assert_eq!(desk.done(&["run"]), "wrote     feeds/sections/politics.json\n");
}

#[test]
fn names_whose_files_would_be_the_same_are_an_error_with_both() {
    let desk = Desk::with_config("[feed]\nsections = \"all\"\n");
    publish(&desk, "One", "2026-03-01", "tags: Ségou");
    let before = desk.snapshot("feeds");
    desk.write(
        "page.md",
        "---\ntitle: Two\ndate: 2026-03-02\ntags: Segou\n---\n\nA paragraph that is long enough for an article.\n",
    );
    let ran = desk.griot(&["publish", "page.md"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error: `Ségou` and `Segou` would have their feeds in the same files"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: mend the name"), "{}", ran.stderr);
    assert_eq!(desk.snapshot("feeds"), before, "the last good feeds stay");
}

/// The documents from the feed back to the oldest, by the links in them: address and file.
fn history(desk: &Desk, start: &str, next: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut files = vec![start.to_owned()];
    while let Some(url) = next(&desk.read(files.last().unwrap())) {
        files.push(format!("feeds/{}", url.strip_prefix(FEEDS).unwrap()));
        assert!(files.len() < 100, "the documents go round in a circle");
    }
    files
}

fn link(feed: &str, relation: &str) -> Option<String> {
    let document = Document::parse(feed).unwrap();
    let mut links = document.descendants().filter(|node| node.has_tag_name((ATOM, "link")));
    links.find(|link| link.attribute("rel") == Some(relation)).map(|link| link.attribute("href").unwrap().to_owned())
}

fn next_url(feed: &str) -> Option<String> {
    let feed: Value = serde_json::from_str(feed).unwrap();
    feed["next_url"].as_str().map(str::to_owned)
}

/// A publication with an article on the first of each month of these years.
fn months(desk: &Desk, years: std::ops::RangeInclusive<u16>) {
    for year in years {
        for month in 1..=12 {
            publish(desk, &format!("Month {month} of {year}"), &format!("{year}-{month:02}-01"), "author: Ada Keita");
        }
    }
}

#[test]
fn what_is_older_than_the_feed_stays_public_in_an_archive() {
    let desk = Desk::with_config("[feed]\nitems = 4\n");
    months(&desk, 2023..=2024);
    let rss_files = history(&desk, "feeds/feed.xml", |feed| link(feed, "prev-archive"));
    let atom_files = history(&desk, "feeds/atom.xml", |feed| link(feed, "prev-archive"));
    let json_files = history(&desk, "feeds/feed.json", next_url);
    assert_eq!((rss_files.len(), atom_files.len(), json_files.len()), (6, 6, 6));
    let mut seen = BTreeSet::new();
    for (at, ((rss_file, atom_file), json_file)) in rss_files.iter().zip(&atom_files).zip(&json_files).enumerate() {
        let items = items(&desk, [rss_file, atom_file, json_file]);
        assert_eq!(items.len(), 4, "{rss_file}");
        seen.extend(items.into_iter().map(|item| item.title));
        for (file, kind) in [(rss_file, "feed.xml"), (atom_file, "atom.xml")] {
            let feed = desk.read(file);
            let own = file.trim_start_matches("feeds/");
            assert_eq!(link(&feed, "self").unwrap(), format!("{FEEDS}{own}"));
            let archive = Document::parse(&feed).unwrap().descendants().any(|node| node.has_tag_name((HISTORY, "archive")));
            assert_eq!(archive, at > 0, "{file}");
            assert_eq!(link(&feed, "current"), (at > 0).then(|| format!("{FEEDS}{kind}")), "{file}");
            let newer = if kind == "feed.xml" { &rss_files } else { &atom_files }.get(at.wrapping_sub(1));
            let newer = newer.filter(|_| at > 1).map(|newer| newer.replace("feeds/", FEEDS));
            assert_eq!(link(&feed, "next-archive"), newer, "{file}");
        }
    }
    assert_eq!(seen.len(), 24, "every article is in the feed or the archive");
}

#[test]
fn a_document_of_the_archive_is_written_once() {
    let mut desk = Desk::with_config("[feed]\nitems = 4\n");
    months(&desk, 2023..=2023);
    let before = desk.snapshot("feeds/archive");
    assert_eq!(before.len(), 6);
    publish(&desk, "January", "2024-01-01", "author: Ada Keita");
    let after = desk.snapshot("feeds/archive");
    assert_eq!(after.len(), 9, "a third document");
    for old in &before {
        let is_newest = old.0.to_string_lossy().contains("-0002") && !old.0.to_string_lossy().ends_with("json");
        // The newest learns once which document follows it.
        let new = after.iter().find(|new| new.0 == old.0).unwrap();
        assert_eq!(new == old, !is_newest, "{}", old.0.display());
    }
    // The next three articles only enter the feed.
    for month in 2..=4 {
        publish(&desk, &format!("Month {month}"), &format!("2024-{month:02}-01"), "author: Ada Keita");
        assert_eq!(desk.snapshot("feeds/archive"), after);
    }
    // An edit changes the one document that the article is in.
    desk.at("2026-03-05T09:00:00Z");
    desk.write("page.md", "---\ntitle: \"Month 2 of 2023\"\ndate: 2023-02-01\nauthor: Ada Keita\n---\n\nOf Month 2 of 2023 the harbour master says that it is what happened on 2023-02-01.\n\nA correction: the market has not moved.\n");
    let told = desk.done(&["publish", "page.md"]);
    let wrote: Vec<&str> = told.lines().filter(|line| line.contains("feeds/") && !line.contains("editions")).collect();
    assert_eq!(
        wrote,
        [
            "changed   feeds/archive/feed-0001.xml",
            "changed   feeds/archive/atom-0001.xml",
            "changed   feeds/archive/feed-0001.json"
        ]
    );
    assert!(desk.read("feeds/archive/feed-0001.xml").contains("A correction"));
    // Lost files come back, and so does what the head says after a change of the config; another key changes nothing.
    let before = desk.snapshot("feeds/archive");
    std::fs::remove_file(desk.path("feeds/archive/atom-0002.xml")).unwrap();
    assert_eq!(desk.done(&["feed", "build"]), "wrote     feeds/archive/atom-0002.xml\n");
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", config.replace("[letter]", "[letter]\nreason = \"You asked for it.\""));
    assert_eq!(desk.done(&["feed", "build"]), "");
    desk.write("config/griot.toml", config.replace("News from the river", "News from the delta"));
    assert_eq!(desk.done(&["feed", "build"]).lines().count(), 13);
    desk.write("config/griot.toml", config);
    desk.done(&["feed", "build"]);
    let bytes = |snapshot: Vec<(std::path::PathBuf, Vec<u8>, std::time::SystemTime)>| -> Vec<_> {
        snapshot.into_iter().map(|(file, bytes, _)| (file, bytes)).collect()
    };
    assert_eq!(bytes(desk.snapshot("feeds/archive")), bytes(before));
}

#[test]
fn an_old_article_that_comes_late_is_in_the_archive() {
    let desk = Desk::with_config("[feed]\nitems = 4\n");
    months(&desk, 2023..=2023);
    publish(&desk, "From the attic", "2019-05-01", "author: Ada Keita");
    let files = history(&desk, "feeds/feed.xml", |feed| link(feed, "prev-archive"));
    let with: Vec<&String> = files.iter().filter(|file| desk.read(file).contains("From the attic")).collect();
    assert_eq!(with, ["feeds/archive/feed-0003.xml"]);
}

#[test]
fn a_document_of_the_archive_is_never_replaced_by_a_worse_one() {
    let desk = Desk::with_config("[feed]\nitems = 4\n");
    months(&desk, 2023..=2023);
    desk.tamper("UPDATE article SET document = 2 WHERE id LIKE '2023-01-01%'; DELETE FROM made");
    let before = desk.snapshot("feeds");
    let ran = desk.griot(&["feed", "build"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("`feeds/archive/feed-0001.xml` would lose 1 of its 4 items, `Month 1 of 2023`"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.snapshot("feeds"), before, "nothing was touched");
}

#[test]
fn without_an_archive_old_articles_leave() {
    let desk = Desk::with_config("[feed]\nitems = 4\narchive = false\n");
    months(&desk, 2023..=2023);
    assert!(!desk.exists("feeds/archive") && link(&desk.read("feeds/feed.xml"), "prev-archive").is_none());
}

#[test]
fn all_own_feeds_are_in_one_list() {
    let desk = Desk::with_config("[feed]\nsections = [\"R&D\"]\nauthors = [\"Ada Keita\"]\n");
    publish(&desk, "Votes", "2026-03-01", "author: Ada Keita");
    let opml = desk.read("feeds/feeds.opml");
    let document = Document::parse(&opml).unwrap();
    assert_eq!(document.root_element().attribute("version"), Some("2.0"));
    let outlines: Vec<_> = document.descendants().filter(|node| node.has_tag_name("outline")).collect();
    let seen: Vec<_> =
        outlines.iter().map(|node| ["type", "text", "xmlUrl"].map(|name| node.attribute(name).unwrap().to_owned())).collect();
    let expected = [
        ["rss", "The Desk", "https://www.example.org/feeds/feed.xml"],
        ["rss", "The Desk: R&D", "https://www.example.org/feeds/sections/r-d.xml"],
        ["rss", "The Desk: Ada Keita", "https://www.example.org/feeds/authors/ada-keita.xml"],
    ];
    assert_eq!(seen, expected);
    assert!(expected.iter().all(|[_, _, url]| desk.exists(&url.replace("https://www.example.org/", ""))));
}

#[test]
fn a_news_sitemap_has_the_two_newest_days() {
    let desk = Desk::with_config("[feed]\nnews_sitemap = true\n");
    publish(&desk, "Old", "2026-02-01", "url: https://www.example.org/old");
    publish(&desk, "Bread & water", "2026-03-02", "url: https://www.example.org/bread?a=1&b=2\nlanguage: fr");
    publish(&desk, "Without an address", "2026-03-03", "tags: x");
    publish(&desk, "New", "2026-03-03", "url: https://www.example.org/new");
    let sitemap = desk.read("feeds/news-sitemap.xml");
    let document = Document::parse(&sitemap).unwrap();
    let all = |name: &str| -> Vec<String> {
        let named = document.descendants().filter(|node| node.tag_name().name() == name);
        named.map(|node| node.text().unwrap().to_owned()).collect()
    };
    assert_eq!(all("loc"), ["https://www.example.org/new", "https://www.example.org/bread?a=1&b=2"]);
    assert_eq!(all("title"), ["New", "Bread & water"]);
    assert_eq!(all("language"), ["en", "fr"]);
    assert_eq!(all("publication_date"), ["2026-03-03T12:00:00+00:00", "2026-03-02T12:00:00+00:00"]);
}

#[test]
fn readers_are_told_when_to_come_and_whom_to_ask() {
    let desk = Desk::with_config(
        "[feed]\nhubs = [\"https://hub.example.org/\"]\nttl = 30\nskip_days = [\"Sunday\", \"Saturday\"]\nskip_hours = [1, 0]\n",
    );
    publish(&desk, "Votes", "2026-03-01", "author: Ada Keita");
    let rss = desk.read("feeds/feed.xml");
    let document = Document::parse(&rss).unwrap();
    let channel = document.descendants().find(|node| node.has_tag_name("channel")).unwrap();
    assert_eq!(text(channel, "ttl"), "30");
    let within = |name: &str| -> Vec<String> {
        let list = channel.children().find(|node| node.has_tag_name(name)).unwrap();
        list.children().filter(Node::is_element).map(|node| node.text().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (within("skipDays"), within("skipHours")),
        (vec!["Saturday".into(), "Sunday".into()], vec!["0".into(), "1".into()])
    );
    for feed in [&rss, &desk.read("feeds/atom.xml")] {
        assert_eq!(link(feed, "hub").as_deref(), Some("https://hub.example.org/"));
    }
    let json: Value = serde_json::from_str(&desk.read("feeds/feed.json")).unwrap();
    assert_eq!(json["hubs"], serde_json::json!([{ "type": "WebSub", "url": "https://hub.example.org/" }]));
}

#[test]
fn a_show_with_a_name_for_ever_is_recommended() {
    let desk = Desk::new();
    let config = desk.read("config/griot.toml").replace(
        "name = \"AfricaLink\"",
        "name = \"AfricaLink\"\nguid = \"9B024349-ccf0-5f69-a609-6b82873eab3c\"\nfeed = \"https://www.example.org/africalink.xml\"",
    );
    desk.write("config/griot.toml", config);
    publish(&desk, "Votes", "2026-03-01", "author: Ada Keita");
    let rss = desk.read("feeds/feed.xml");
    let document = Document::parse(&rss).unwrap();
    let show = document.descendants().find(|node| node.has_tag_name((PODCAST, "remoteItem"))).unwrap();
    assert_eq!(show.parent().unwrap().tag_name().name(), "podroll");
    assert_eq!(show.attribute("feedGuid"), Some("9b024349-ccf0-5f69-a609-6b82873eab3c"));
    assert_eq!(
        (show.attribute("feedUrl"), show.attribute("title")),
        (Some("https://www.example.org/africalink.xml"), Some("AfricaLink"))
    );
    assert!(!rss.contains("itunes"), "one element of a podcast would make readers take it for one");
}

#[test]
fn several_authors_can_stand_in_one_element() {
    let desk = Desk::with_config("[feed]\njoined_authors = true\n");
    publish(&desk, "Votes", "2026-03-01", "author: Ada Keita, Bâ Traoré");
    assert_eq!(rss(&desk.read("feeds/feed.xml"))[0].authors, ["Ada Keita, Bâ Traoré"]);
    assert_eq!(atom(&desk.read("feeds/atom.xml"))[0].authors, ["Ada Keita", "Bâ Traoré"], "where there is one for each");
}
