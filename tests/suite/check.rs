use crate::harness::{Desk, RIVER, SAMPLE};
use crate::servers::pages::Site;

const ALLOWED: &str = "[fetch]\nallow_hosts = [\"127.0.0.1\"]\n";

/// A feed with three faults: one of each severity.
const FAULTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>The Desk</title>
    <link>https://www.example.org/</link>
    <description>News from the river</description>
    <atom:link rel="self" type="application/rss+xml" href="https://www.example.org/feed.xml"/>
    <item>
      <title>A river rises</title>
      <link>https://www.example.org/river</link>
      <pubDate>Wed, 04 Mar 2026 08:00:00 CET</pubDate>
    </item>
  </channel>
</rss>
"#;

/// A podcast in the folder of the feeds, whose one episode lies beside it.
const PODCAST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>River Talk</title>
    <link>https://www.example.org/talk</link>
    <description>A podcast</description>
    <language>en</language>
    <atom:link rel="self" type="application/rss+xml" href="https://www.example.org/feeds/talk/podcast.xml"/>
    <item>
      <title>The river rises</title>
      <link>https://www.example.org/talk/1</link>
      <guid isPermaLink="false">tag:example.org,2026:1</guid>
      <pubDate>Wed, 04 Mar 2026 08:00:00 +0000</pubDate>
      <enclosure url="https://www.example.org/feeds/talk/r%C3%A9my.mp3" length="6" type="audio/mpeg"/>
    </item>
  </channel>
</rss>
"#;

fn published() -> Desk {
    let desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.write("river.txt", RIVER);
    desk.write("page.html", include_str!("../../config/sample-page.html"));
    desk.done(&["publish", "page.txt", "river.txt", "page.html"]);
    desk
}

#[test]
fn the_feeds_of_a_publication_are_as_they_should_be() {
    let desk = published();
    let all: serde_json::Value = serde_json::from_str(&desk.done(&["feed", "check", "--json"])).unwrap();
    let told: Vec<String> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|feed| format!("{} {} {} {}", feed["file"], feed["items"], feed["errors"], feed["warnings"]))
        .collect();
    assert_eq!(told, ["\"feeds/atom.xml\" 3 0 0", "\"feeds/feed.json\" 3 0 0", "\"feeds/feed.xml\" 3 0 0"], "{all:#}");
    // Pasted without an address, the river leads nowhere.
    let shown = desk.done(&["feed", "check"]);
    assert!(shown.starts_with("feeds/atom.xml: Atom, 3 items: nothing wrong\n"), "{shown}");
    assert!(shown.contains("advice rss-link-missing: item 1, `A river rises`, leads nowhere"), "{shown}");
    // Seen from before their publication, they come from the future.
    let early = desk.griot(&["feed", "check", "feeds/feed.xml", "--now", "2020-01-01"]);
    assert_eq!(early.code, 0);
    assert!(early.stdout.contains("warning date-future"), "{early:#?}");
}

#[test]
fn a_finding_says_where_what_why_and_what_to_do() {
    let desk = Desk::bare();
    desk.write("faulty.xml", FAULTY);
    let ran = desk.griot(&["feed", "check", "faulty.xml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert_eq!(
        ran.stdout,
        "faulty.xml: RSS, 1 item: 1 error, 1 warning, 1 advice\n\
         faulty.xml:3:3: advice feed-language-missing: the feed does not say its language\n    \
             why: screen readers and translators guess; directories cannot sort it\n    \
             do:  say it, such as `en` or `pt-BR`\n\
         faulty.xml:8:5: warning rss-guid-missing: item 1, `A river rises`, has no guid\n    \
             why: readers know it by its link or words: an edited title makes it unread again for everybody\n    \
             do:  give it an id that never changes: `<guid isPermaLink=\"false\">`\n\
         faulty.xml:11:7: error date-zone-unknown: `<pubDate>`: `Wed, 04 Mar 2026 08:00:00 CET` has the zone `CET`\n    \
             why: readers are hours off, or have no date at all\n    \
             do:  write it as a number, such as `+0100`\n"
    );
    let piped = desk.griot_with_input(&["feed", "check", "-"], FAULTY.replace("CET", "+0100").as_bytes());
    assert_eq!(piped.code, 0, "warnings and advice are no errors");
    assert!(piped.stdout.starts_with("-: RSS, 1 item: 1 warning, 1 advice\n"), "{piped:#?}");
}

#[test]
fn programs_get_json() {
    let desk = Desk::bare();
    desk.write("faulty.xml", FAULTY);
    let ran = desk.griot(&["feed", "check", "--json", "faulty.xml", "gone.xml"]);
    assert_eq!(ran.code, 1);
    let all: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let feed = &all[0];
    assert_eq!((&feed["format"], &feed["items"], &feed["errors"]), (&"RSS".into(), &1.into(), &1.into()));
    let finding = &feed["findings"][2];
    assert_eq!((&finding["rule"], &finding["line"], &finding["column"]), (&"date-zone-unknown".into(), &11.into(), &7.into()));
    assert_eq!(finding["severity"], "error");
    assert!(finding["why"].is_string() && finding["do"].is_string());
    assert_eq!(all[1]["error"], "`gone.xml` does not exist");
    assert!(ran.stderr.contains("`gone.xml` does not exist"));
}

#[test]
fn files_of_ones_own_are_held_to_what_the_feed_says_of_them() {
    let desk = Desk::new();
    desk.write("feeds/talk/podcast.xml", PODCAST);
    let errors = |desk: &Desk| {
        let ran = desk.griot(&["feed", "check", "--json"]);
        let all: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let findings = all[0]["findings"].as_array().unwrap().clone();
        let rules = findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned());
        rules.filter(|rule| rule.starts_with("rss-") || rule.starts_with("feed-")).collect::<Vec<_>>()
    };
    assert_eq!(errors(&desk), ["rss-enclosure-file-missing"]);
    desk.write("feeds/talk/rémy.mp3", b"ID3\x04\0\0\0");
    assert_eq!(errors(&desk), ["rss-enclosure-length-wrong"]);
    desk.write("feeds/talk/rémy.mp3", b"ID3\x04\0\0");
    assert_eq!(errors(&desk), [""; 0]);
    desk.write("feeds/talk/podcast.xml", PODCAST.replace("talk/podcast.xml", "talk.xml"));
    assert_eq!(errors(&desk), ["feed-self-differs"]);
}

#[test]
fn a_feed_of_a_server_is_held_to_its_address_and_type() {
    let site = Site::start();
    site.put("/feed.xml", "text/html", &FAULTY.replace("https://www.example.org/feed.xml", "SITE/feed.xml"));
    let desk = Desk::with_config(ALLOWED);
    let ran = desk.griot(&["feed", "check", &site.url("/feed.xml")]);
    assert!(ran.stdout.contains("warning feed-media-type: the server calls it `text/html`"), "{ran:#?}");
    assert!(!ran.stdout.contains("feed-self-differs"), "{ran:#?}");
    let refused = Desk::bare().griot(&["feed", "check", &site.url("/feed.xml")]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("private address"), "{refused:#?}");
}

#[test]
fn the_rules_are_a_table() {
    let desk = Desk::bare();
    let rules: serde_json::Value = serde_json::from_str(&desk.done(&["feed", "check", "--rules", "--json"])).unwrap();
    let table = desk.done(&["feed", "check", "--rules"]);
    assert!(rules.as_array().unwrap().len() > 130);
    for rule in rules.as_array().unwrap() {
        let line = format!(
            "{:<8}{}: {}",
            rule["severity"].as_str().unwrap(),
            rule["rule"].as_str().unwrap(),
            rule["what"].as_str().unwrap()
        );
        assert!(table.lines().any(|printed| printed == line), "{line}");
    }
}

#[test]
fn without_a_publication_there_is_nothing_to_check_by_itself() {
    let ran = Desk::bare().griot(&["feed", "check"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no publication here"), "{ran:#?}");
}

#[test]
fn two_feeds_are_compared_item_by_item() {
    let desk = published();
    desk.write("old.xml", desk.read("feeds/feed.xml"));
    let edited = RIVER.replace("two metres", "three metres");
    desk.write("river.txt", edited);
    desk.write("news.txt", RIVER.replace("A river rises", "A river falls").replace("4 March", "3 March"));
    desk.done(&["publish", "river.txt", "news.txt"]);
    assert_eq!(
        desk.done(&["feed", "diff", "old.xml", "feeds/feed.xml"]),
        "feeds/feed.xml: 1 new, 1 changed, 2 as before\n\
         new       tag:www.example.org,2026-03-03:a-river-falls  A river falls\n\
         changed   tag:www.example.org,2026-03-04:a-river-rises  A river rises: summary, content\n"
    );
    assert_eq!(desk.done(&["feed", "diff", "feeds/feed.xml", "feeds/atom.xml"]), "feeds/atom.xml: 4 as before\n");
    assert_eq!(desk.done(&["feed", "diff", "feeds/feed.xml", "feeds/feed.json"]), "feeds/feed.json: 4 as before\n");
    let differs = desk.griot(&["feed", "diff", "--exit-code", "-q", "old.xml", "feeds/feed.xml"]);
    assert_eq!((differs.code, differs.stdout.as_str()), (1, ""));
    assert_eq!(desk.griot(&["feed", "diff", "old.xml"]).code, 2, "one feed alone is compared with nothing");
    let json = desk.done(&["feed", "diff", "--json", "feeds/feed.xml", "old.xml"]);
    let all: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(all[0]["gone"][0]["title"], "A river falls");
    assert_eq!(all[0]["changed"][0]["fields"], serde_json::json!(["summary", "content"]));
}

#[test]
fn a_rebuild_is_shown_beforehand_and_leaves_no_trace() {
    let desk = published();
    assert_eq!(
        desk.done(&["feed", "diff", "--exit-code"]),
        "feeds/feed.xml: 3 as before\nfeeds/atom.xml: 3 as before\nfeeds/feed.json: 3 as before\n"
    );
    let feed = desk.read("feeds/feed.xml");
    let id = "tag:www.example.org,2026-03-04:a-river-rises";
    desk.write("feeds/feed.xml", feed.replace(id, "tag:elsewhere.org,2020:river"));
    let before = desk.snapshot("feeds");
    let ran = desk.griot(&["feed", "diff"]);
    assert_eq!(ran.code, 0);
    assert!(
        ran.stdout.starts_with(&format!(
            "feeds/feed.xml: 1 unread again, 2 as before\n\
             unread    {id}  A river rises, was tag:elsewhere.org,2020:river: unread again for everybody\n"
        )),
        "{ran:#?}"
    );
    assert!(ran.stderr.starts_with("refused: `feeds/feed.xml` would show `A river rises` under another id"), "{ran:#?}");
    assert_eq!(desk.griot(&["feed", "diff", "--exit-code"]).code, 1);
    assert_eq!(desk.snapshot("feeds"), before);
    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("News from the river", "News of the river"));
    desk.write("feeds/feed.xml", feed);
    assert!(desk.done(&["feed", "diff"]).starts_with("feeds/feed.xml: only its head or the form of its texts\n"));
}
