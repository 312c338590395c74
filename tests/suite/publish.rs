use crate::harness::{Desk, RIVER, SAMPLE};

const FEEDS: [&str; 3] = ["feeds/feed.xml", "feeds/atom.xml", "feeds/feed.json"];
const SAMPLE_ID: &str = "2023-11-17-mali-what-follows-the-armys-return-to-kidal";

/// Guid and title of every item of the RSS feed, by the `rss` crate's reading.
fn items(desk: &Desk) -> Vec<(String, String)> {
    let channel = rss::Channel::read_from(desk.read("feeds/feed.xml").as_bytes()).unwrap();
    channel.items.iter().map(|item| (item.guid.clone().unwrap().value, item.title.clone().unwrap())).collect()
}

#[test]
fn a_pasted_page_becomes_feeds_and_a_letter() {
    let desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    assert_eq!(
        desk.done(&["publish", "page.txt"]),
        format!(
            "new       {SAMPLE_ID}  Mali: What follows the army's return to Kidal?\n\
             wrote     feeds/feed.xml\n\
             wrote     feeds/atom.xml\n\
             wrote     feeds/feed.json\n\
             wrote     feeds/feeds.opml\n\
             wrote     feeds/editions/{SAMPLE_ID}/letter.html\n\
             wrote     feeds/editions/{SAMPLE_ID}/letter.txt\n\
             wrote     feeds/editions/{SAMPLE_ID}/letter.eml\n\
             pages     feeds/index.html and 2 more\n"
        )
    );
    let channel = rss::Channel::read_from(desk.read("feeds/feed.xml").as_bytes()).unwrap();
    let [item] = &channel.items[..] else { panic!("{channel:?}") };
    let creators = item.dublin_core_ext.as_ref().unwrap().creators.clone();
    assert_eq!(creators, ["Aminata Sow", "Boubacar Diallo", "Claire Reuter", "Ibrahim Ag Hamada"]);
    assert_eq!(item.pub_date.as_deref(), Some("Fri, 17 Nov 2023 12:00:00 +0000"));
    assert_eq!(item.link.as_deref(), Some("https://short.example.org/p/k1d4l"));
    let content = item.content.as_deref().unwrap();
    for part in [
        "Thousands had left for the villages",
        "<h2>A peace on paper</h2>",
        "Salif Traore/Example Press",
        "Follow AfricaLink in your podcast app",
    ] {
        assert!(content.contains(part), "{part} is missing in {content}");
    }
    assert!(!content.contains("Jump to the navigation"));
    for part in ["letter.html", "letter.txt"] {
        let letter = desk.read(&format!("feeds/editions/{SAMPLE_ID}/{part}"));
        for words in [
            "What follows the army",
            "Thousands had left",
            "Mariam Keita/Example Press",
            "africalink",
            "Rue 12, Bamako",
            "mailto:leave@example.org",
        ] {
            assert!(letter.contains(words), "{words} is missing in {part}");
        }
        assert!(!letter.contains("unsubscribe.invalid"));
    }
}

#[test]
fn a_second_run_changes_no_byte_under_any_clock_and_place() {
    let mut desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.done(&["publish", "page.txt"]);
    let before = desk.snapshot("feeds");
    desk.at("2031-01-01T00:00:00Z").variable("TZ", "Asia/Tokyo").variable("LANG", "fr_FR.UTF-8");
    let told = desk.done(&["publish", "page.txt"]);
    assert_eq!(told, format!("unchanged {SAMPLE_ID}  Mali: What follows the army's return to Kidal?\n"));
    desk.done(&["feed", "build"]);
    desk.done(&["letter", "compose"]);
    assert_eq!(desk.snapshot("feeds"), before);
}

#[test]
fn two_desks_make_the_same_bytes_of_the_same_page() {
    let made = |now: &str, zone: &str| {
        let mut desk = Desk::new();
        desk.at(now).variable("TZ", zone);
        desk.write("page.txt", SAMPLE);
        desk.done(&["publish", "page.txt"]);
        FEEDS
            .map(|feed| desk.read(feed))
            .into_iter()
            .chain([desk.read(&format!("feeds/editions/{SAMPLE_ID}/letter.eml"))])
            .collect::<Vec<_>>()
    };
    assert_eq!(made("2026-03-04T08:00:00Z", "UTC"), made("2027-01-01T00:00:00Z", "America/Lima"));
}

#[test]
fn an_edited_page_keeps_its_id_and_moves_updated() {
    let mut desk = Desk::new();
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    let before = items(&desk);
    assert!(!desk.read("feeds/feed.xml").contains("dcterms:modified"));
    desk.at("2026-03-05T09:30:00Z");
    desk.write("river.txt", RIVER.replace("A river rises", "A river keeps rising").replace("two metres", "three metres"));
    let told = desk.done(&["publish", "river.txt"]);
    assert!(told.starts_with("edited    2026-03-04-a-river-rises  A river keeps rising\n"), "{told}");
    let after = items(&desk);
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].0, before[0].0, "the guid");
    assert_eq!(after[0].1, "A river keeps rising");
    let feed = desk.read("feeds/feed.xml");
    assert!(feed.contains("<dcterms:modified>2026-03-05T09:30:00"), "{feed}");
    assert!(desk.read("feeds/atom.xml").contains("<updated>2026-03-05T09:30:00"));
}

#[test]
fn two_pages_of_one_title_and_day_are_two_articles() {
    let desk = Desk::new();
    desk.write("one.txt", RIVER);
    desk.write("two.txt", "A river rises\n\nBy Ba Traore\n4 March 2026\n\nIn Mopti the bridge is closed to lorries until the engineers have looked at its piers.\n\nThe bus company sends its passengers by the southern road, which takes half a day longer.\n");
    desk.done(&["publish", "one.txt", "two.txt"]);
    let ids: Vec<String> = items(&desk).into_iter().map(|(guid, _)| guid).collect();
    assert_eq!(ids, ["tag:www.example.org,2026-03-04:a-river-rises", "tag:www.example.org,2026-03-04:a-river-rises-2"]);
}

#[test]
fn one_bad_source_does_not_stop_the_others() {
    let desk = Desk::new();
    desk.write("bad.txt", "nothing\n");
    desk.write("river.txt", RIVER);
    let ran = desk.griot(&["publish", "bad.txt", "river.txt"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("new       2026-03-04-a-river-rises"), "{}", ran.stdout);
    assert!(ran.stderr.starts_with("error: `bad.txt` lacks what an article needs\n"), "{}", ran.stderr);
}

#[test]
fn an_article_of_tomorrow_is_held_until_it_is_due() {
    let mut desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.write("river.txt", RIVER);
    desk.at("2026-03-03T08:00:00Z");
    desk.done(&["publish", "page.txt", "river.txt"]);
    assert_eq!(items(&desk).len(), 1);
    desk.at("2026-03-04T13:00:00Z").done(&["run"]);
    assert_eq!(items(&desk).len(), 2);
}

#[test]
fn a_good_feed_is_never_replaced_by_a_worse_one() {
    let desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "page.txt", "river.txt"]);
    let before = desk.snapshot("feeds");
    // The ledger is lost, and the desk goes on with the next article.
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(desk.path(&format!("config/griot.db{ending}")));
    }
    let ran = desk.griot(&["publish", "page.txt"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stderr,
        "error: `feeds/feed.xml` would lose 1 of its 2 items, `A river rises` among them; the last good feeds stay as they are\n\n\
         hint: if the ledger was lost, restore its backup; if the items are to go, run again with `--allow-fewer-items`\n"
    );
    assert_eq!(desk.snapshot("feeds"), before, "nothing was touched, and nothing was left beside");
    desk.done(&["publish", "page.txt", "--allow-fewer-items"]);
    assert_eq!(items(&desk).len(), 1);
}

#[test]
fn feeds_keep_to_their_limit_newest_first() {
    let desk = Desk::with_config("[feed]\nitems = 2\n");
    for day in [1, 11, 21, 28] {
        desk.write("page.txt", format!("Bulletin number {day}\n\n{day} February 2026\n\nOn day {day} the river stood at {day} metres by the old bridge, the harbour master says.\n"));
        desk.done(&["publish", "page.txt"]);
    }
    let titles: Vec<String> = items(&desk).into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles, ["Bulletin number 28", "Bulletin number 21"]);
}

#[test]
fn nothing_of_the_newest_week_leaves_a_feed() {
    let desk = Desk::with_config("[feed]\nitems = 2\n");
    for day in [10, 21, 23, 25, 28] {
        desk.write("page.txt", format!("Bulletin number {day}\n\n{day} February 2026\n\nOn day {day} the river stood at {day} metres by the old bridge, the harbour master says.\n"));
        desk.done(&["publish", "page.txt"]);
    }
    let titles: Vec<String> = items(&desk).into_iter().map(|(_, title)| title).collect();
    assert_eq!(titles, [28, 25, 23, 21].map(|day| format!("Bulletin number {day}")));
}

#[test]
fn a_bulletin_of_the_same_title_each_week_is_a_new_item_each_week() {
    let mut desk = Desk::with_config("[feed]\nitems = 2\n");
    for day in [1, 9, 17, 25] {
        desk.at(&format!("2026-02-{day:02}T08:00:00Z"));
        desk.write("page.txt", format!("Morning bulletin\n\n{day} February 2026\n\nOn day {day} the river stood at {day} metres by the old bridge, the harbour master says.\n"));
        desk.done(&["publish", "page.txt"]);
    }
    assert_eq!(items(&desk).len(), 2);
}

#[test]
fn a_ledger_from_an_old_backup_does_not_take_back_what_is_public() {
    let desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.done(&["publish", "page.txt"]);
    let backup = std::fs::read(desk.path("config/griot.db")).unwrap();
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write("config/griot.db", backup);
    let before = desk.snapshot("feeds");
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("would lose 1 of its 2 items, `A river rises` among them"), "{}", ran.stderr);
    assert_eq!(desk.snapshot("feeds"), before);
}

#[test]
fn every_feed_is_well_formed_whatever_the_text_holds() {
    let desk = Desk::new();
    let nasty = "Fish & <chips> ]]> \u{1F41F}\u{1}\u{B} \u{202E}gnp";
    desk.write("page.md", format!("---\ntitle: \"Fish & <chips> ]]>\"\ndate: 2026-03-01\nauthor: \"A & B\"\n---\n\nA paragraph with {nasty} in it and some more words.\n\n    pre \u{1} & <b>\n"));
    desk.done(&["publish", "page.md"]);
    for feed in ["feeds/feed.xml", "feeds/atom.xml"] {
        let text = desk.read(feed);
        roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{feed}: {error}"));
    }
    let json: serde_json::Value = serde_json::from_str(&desk.read("feeds/feed.json")).unwrap();
    assert_eq!(json["items"][0]["title"], "Fish & <chips> ]]>");
    assert_eq!(items(&desk)[0].1, "Fish & <chips> ]]>");
}
