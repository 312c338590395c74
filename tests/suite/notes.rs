use std::fs;

use crate::harness::Desk;
use crate::shows::{FEED, SHOW, mp3, note, png};

const TALK: &str = "The Niger has risen by two metres in a night, says the harbour master.\n";

/// Articles have pages, and the show's episodes are articles.
fn desk() -> Desk {
    with_show("articles = true\n")
}

fn with_show(keys: &str) -> Desk {
    let desk = Desk::with_config(&format!("[site]\npages = true\n\n{SHOW}{keys}"));
    desk.write("episodes/cover.png", png(1400));
    episode(&desk, "one", 1, &with("persons: [Ada Keita, {name: Moussa Bah, role: guest}]\n", "High water", "2026-03-01"));
    desk
}

/// The note and a sound of 25 minutes, if its kind is even, or of 3 seconds.
fn episode(desk: &Desk, name: &str, kind: u8, note: &str) {
    let frames = if kind.is_multiple_of(2) { 57_450 } else { 100 };
    desk.write(&format!("episodes/{name}.mp3"), mp3(frames, kind));
    desk.write(&format!("episodes/{name}.md"), note);
}

/// A note with more keys.
fn with(keys: &str, title: &str, day: &str) -> String {
    note(title, day).replace("---\nWhat is said.\n", &format!("{keys}---\n{TALK}"))
}

struct Item {
    guid: String,
    title: String,
    link: Option<String>,
    content: String,
}

fn feed(desk: &Desk, name: &str) -> Vec<Item> {
    let channel = rss::Channel::read_from(desk.read(name).as_bytes()).unwrap();
    let item = |item: rss::Item| Item {
        guid: item.guid.unwrap().value,
        title: item.title.unwrap(),
        link: item.link,
        content: item.content.unwrap_or_default(),
    };
    channel.items.into_iter().map(item).collect()
}

fn articles(desk: &Desk) -> Vec<Item> {
    feed(desk, "feeds/feed.xml")
}

fn titles(desk: &Desk) -> Vec<String> {
    articles(desk).into_iter().map(|item| item.title).collect()
}

const PAGE: &str = "https://www.example.org/feeds/articles/2026-03-01-high-water.html";

#[test]
fn an_episode_is_an_article_with_a_link_that_plays_it() {
    let desk = desk();
    desk.write("episodes/one.srt", "1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n");
    desk.write("episodes/art.png", png(1500));
    let keys = "persons: [Ada Keita, {name: Moussa Bah, role: guest}]\nsummary: The ferries have stopped.\nimage: art.png\n\
        image_alt: A flooded pier\nchapters: [{start: 0, title: In}, {start: '0:02', title: Out, url: 'https://e.org/out'}]\n";
    episode(&desk, "one", 2, &with(keys, "High water", "2026-03-01"));
    let told = desk.done(&["publish"]);
    assert!(told.contains("new       2026-03-01-high-water  High water\n"), "{told}");
    let base = "https://www.example.org/feeds/river-talk";
    let [item] = &articles(&desk)[..] else { panic!() };
    assert_eq!((item.title.as_str(), item.guid.as_str()), ("High water", "tag:www.example.org,2026-03-01:high-water"));
    assert_eq!(item.link.as_deref(), Some(PAGE));
    for part in [
        format!("<img src=\"{base}/art.png\" alt=\"A flooded pier\""),
        format!("<p><a href=\"{base}/one.mp3\">Listen: High water (25 min)</a></p>"),
        format!("<p>{}</p>", TALK.trim()),
        "<h2>Chapters</h2>".to_owned(),
        "<li>0:02 <a href=\"https://e.org/out\">Out</a></li>".to_owned(),
        format!("<p><a href=\"{base}/one.vtt\">Transcript</a></p>"),
    ] {
        assert!(item.content.contains(&part), "{part} is missing in {}", item.content);
    }
    let json: serde_json::Value = serde_json::from_str(&desk.read("feeds/feed.json")).unwrap();
    let said = &json["items"][0];
    assert_eq!(said["authors"], serde_json::json!([{ "name": "Ada Keita" }]));
    assert_eq!((&said["tags"], &said["summary"]), (&serde_json::json!(["River Talk"]), &"The ferries have stopped.".into()));
    let page = desk.read("feeds/articles/2026-03-01-high-water.html");
    assert!(page.contains("Listen: High water (25 min)"), "{page}");
    assert!(desk.read("feeds/editions/2026-03-01-high-water/letter.txt").contains("Listen: High water (25 min)"));
    // The podcast leads to the page, under ids of its own.
    let [episode] = &feed(&desk, FEED)[..] else { panic!() };
    assert_eq!(
        (episode.guid.as_str(), episode.link.as_deref()),
        ("tag:www.example.org,2026-03-01:river-talk/high-water", Some(PAGE))
    );
}

#[test]
fn a_second_run_changes_nothing_and_a_lost_ledger_neither() {
    let mut desk = desk();
    // Two of one title and one day, with the same words.
    episode(&desk, "two", 3, &with("", "High water", "2026-03-01T07:00"));
    desk.done(&["publish"]);
    assert_eq!(titles(&desk), ["High water", "High water"]);
    assert!(desk.exists("feeds/articles/2026-03-01-high-water-2.html"));
    let before = desk.snapshot("feeds");
    desk.at("2031-01-01T00:00:00Z").variable("TZ", "Asia/Tokyo").variable("LANG", "fr_FR.UTF-8");
    assert_eq!(desk.done(&["publish"]), "");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(desk.snapshot("feeds"), before);
    fs::remove_dir_all(desk.path("feeds")).unwrap();
    fs::remove_file(desk.path("config/griot.db")).unwrap();
    desk.done(&["publish"]);
    let bytes = |name: &str| {
        before.iter().find(|(file, ..)| *file == desk.path(name)).map(|(_, bytes, _)| String::from_utf8_lossy(bytes).into_owned())
    };
    for name in ["feeds/feed.xml", "feeds/feed.json", FEED, "feeds/articles/2026-03-01-high-water-2.html"] {
        assert_eq!(Some(desk.read(name)), bytes(name), "{name}");
    }
}

#[test]
fn what_was_stopped_between_the_podcast_and_the_feeds_goes_on() {
    let desk = desk();
    desk.write("feeds/feed.xml/in-the-way", "");
    assert_eq!(desk.griot(&["publish"]).code, 1);
    assert!(desk.exists(FEED));
    fs::remove_dir_all(desk.path("feeds/feed.xml")).unwrap();
    desk.done(&["publish"]);
    assert_eq!(titles(&desk), ["High water"]);
    assert!(desk.exists("feeds/articles/2026-03-01-high-water.html"));
}

#[test]
fn an_edit_edits_a_new_name_changes_nothing_and_what_is_gone_stays() {
    let mut desk = desk();
    desk.done(&["publish"]);
    let guid = articles(&desk)[0].guid.clone();
    for ending in ["md", "mp3"] {
        fs::rename(desk.path(&format!("episodes/one.{ending}")), desk.path(&format!("episodes/eins.{ending}"))).unwrap();
    }
    desk.write("episodes/eins.md", with("", "Higher water", "2026-03-01"));
    let told = desk.at("2026-03-05T08:00:00Z").done(&["run"]);
    assert!(told.contains("edited    2026-03-01-high-water  Higher water\n"), "{told}");
    let [item] = &articles(&desk)[..] else { panic!() };
    assert_eq!((item.title.as_str(), &item.guid), ("Higher water", &guid));
    assert_eq!(feed(&desk, FEED)[0].link.as_deref(), Some(PAGE));
    fs::remove_file(desk.path("episodes/eins.md")).unwrap();
    fs::remove_file(desk.path("episodes/eins.mp3")).unwrap();
    episode(&desk, "two", 3, &with("", "Low water", "2026-03-02"));
    desk.done(&["publish", "--allow-fewer-items"]);
    assert_eq!(titles(&desk), ["Low water", "Higher water"]);
}

#[test]
fn an_episode_to_come_is_no_article_yet() {
    let mut desk = desk();
    episode(&desk, "two", 3, &with("", "Low water", "2026-03-05T06:00"));
    desk.done(&["publish"]);
    assert_eq!(titles(&desk), ["High water"]);
    desk.at("2026-03-05T06:00:00Z").done(&["run"]);
    assert_eq!(titles(&desk), ["Low water", "High water"]);
    assert!(desk.exists("feeds/editions/2026-03-05-low-water/letter.txt"));
}

#[test]
fn a_bad_note_holds_back_its_show_and_nothing_else() {
    let desk = desk();
    desk.done(&["publish"]);
    episode(&desk, "two", 3, &with("", "Low water", "2026-03-02"));
    desk.write("episodes/bad.md", "no front matter");
    desk.write("river.txt", crate::harness::RIVER);
    let ran = desk.griot(&["publish", "river.txt"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("`episodes/bad.md` cannot be understood"), "{}", ran.stderr);
    assert_eq!(titles(&desk), ["A river rises", "High water"]);
    // The same for a feed that its guard refuses: no article leads to a sound that is not there.
    fs::remove_file(desk.path("episodes/bad.md")).unwrap();
    fs::remove_file(desk.path("episodes/one.md")).unwrap();
    assert_eq!(desk.griot(&["publish"]).code, 1);
    assert_eq!(titles(&desk), ["A river rises", "High water"]);
    assert!(!desk.exists("feeds/river-talk/two.mp3"));
}

#[test]
fn without_a_text_there_is_no_article_and_it_is_said_once() {
    let desk = desk();
    episode(&desk, "two", 3, "---\ntitle: Silence\npublished: 2026-03-02\nchapters: [{start: 0, title: In}]\n---\n");
    let says = "no text   in the note of `Silence` of River Talk: the episode is out, and no article\n";
    assert!(desk.done(&["publish"]).contains(says));
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(titles(&desk), ["High water"]);
    assert_eq!(feed(&desk, FEED)[0].link, None);
    desk.write("episodes/two.md", "---\ntitle: Silence\npublished: 2026-03-02\ndescription: Nobody speaks.\n---\n");
    desk.done(&["publish"]);
    assert_eq!(titles(&desk), ["Silence", "High water"]);
}

#[test]
fn the_page_that_a_note_names_is_where_it_is_heard_and_read() {
    let desk = with_show("articles = true\ntopics = [\"Audio\", \"River\"]\nlanguage = \"fr\"\nauthor = \"La Rédaction\"\n");
    let keys = "link: https://www.example.org/talk/1\n";
    episode(&desk, "one", 1, &with(keys, "Crue", "2026-03-01"));
    desk.done(&["publish"]);
    let [item] = &articles(&desk)[..] else { panic!() };
    assert_eq!(item.link.as_deref(), Some("https://www.example.org/talk/1"));
    assert!(item.content.contains("<p><a href=\"https://www.example.org/talk/1\">Écouter : Crue</a></p>"), "{}", item.content);
    let json: serde_json::Value = serde_json::from_str(&desk.read("feeds/feed.json")).unwrap();
    assert_eq!(json["items"][0]["tags"], serde_json::json!(["Audio", "River"]));
    assert_eq!(json["items"][0]["authors"][0]["name"], "La Rédaction");
    assert_eq!(feed(&desk, FEED)[0].link.as_deref(), Some("https://www.example.org/talk/1"));
}

#[test]
fn shows_without_articles_stay_as_they_were() {
    let desk = with_show("");
    desk.done(&["publish"]);
    assert!(!desk.exists("feeds/feed.xml"));
    assert_eq!(feed(&desk, FEED)[0].link, None);
    let ran = with_show("topics = [\"Audio\"]\n").griot(&["publish"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`shows[2].topics`: are those of articles: write `articles = true`, too"), "{}", ran.stderr);
}

#[test]
fn a_letter_does_not_promote_the_episode_that_it_carries() {
    let desk = desk();
    let config = desk.read("config/griot.toml");
    // The show of this case is the one that letters invite to.
    let invited =
        "pitch = \"News, politics and culture from across the continent.\"\nlisten = \"https://www.example.org/africalink\"\n";
    desk.write("config/griot.toml", config.replace(invited, ""));
    desk.done(&["publish"]);
    desk.write("river.txt", crate::harness::RIVER);
    desk.done(&["publish", "river.txt"]);
    let letter = |id: &str| desk.read(&format!("feeds/editions/{id}/letter.txt"));
    let (own, other) = (letter("2026-03-01-high-water"), letter("2026-03-04-a-river-rises"));
    assert!(own.contains("Every weekday, we talk.") && !own.contains("Latest episode"), "{own}");
    assert!(other.contains("Latest episode: High water"), "{other}");
    let told = desk.done(&["letter", "compose", "--items", "2"]);
    let digest =
        told.lines().find_map(|line| line.strip_prefix("composed  ")?.split(' ').next()).unwrap_or_else(|| panic!("{told}"));
    assert!(!letter(digest).contains("Latest episode"), "{}", letter(digest));
}

#[test]
fn the_comparison_shows_podcasts_too() {
    let desk = desk();
    let told = desk.done(&["feed", "diff"]);
    assert!(
        told.starts_with(
            "feeds/river-talk/podcast.xml: 1 new\nnew       tag:www.example.org,2026-03-01:river-talk/high-water  High water\n"
        ),
        "{told}"
    );
    assert_eq!(desk.snapshot("feeds"), []);
    desk.done(&["publish"]);
    let before = desk.snapshot("feeds");
    assert!(desk.done(&["feed", "diff"]).starts_with("feeds/river-talk/podcast.xml: 1 as before\n"));
    fs::remove_file(desk.path("episodes/one.md")).unwrap();
    let told = desk.griot(&["feed", "diff"]).stdout;
    assert!(told.contains("feeds/river-talk/podcast.xml: 1 gone\n"), "{told}");
    desk.write("episodes/two.md", "no front matter");
    let ran = desk.griot(&["feed", "diff"]);
    assert!(ran.stdout.contains("podcast.xml: 1 as before\n"), "{ran:?}");
    assert!(ran.stderr.contains("refused: `episodes/two.md` cannot be understood"), "{ran:?}");
    assert_eq!(desk.snapshot("feeds"), before);
}

/// Runs a tick that says what is wrong with the bad note, or nothing at all.
#[track_caller]
fn told(desk: &Desk, at: &str, is_told: bool) {
    let ran = desk.griot(&["run", "--now", at]);
    assert_eq!((ran.code, ran.stderr.contains("`episodes/bad.md`")), (i32::from(is_told), is_told), "{at} {ran:?}");
    assert_eq!(ran.stderr.is_empty(), !is_told, "{ran:?}");
}

#[test]
fn a_tick_tells_what_is_wrong_once_until_something_changes() {
    let mut desk = desk();
    desk.done(&["publish"]);
    desk.write("episodes/bad.md", "no front matter");
    told(&desk, "2026-03-04T08:00:00Z", true);
    told(&desk, "2026-03-04T08:05:00Z", false);
    told(&desk, "2026-03-05T07:55:00Z", false);
    told(&desk, "2026-03-05T08:00:00Z", true);
    // Who asks is told.
    assert_eq!(desk.at("2026-03-05T08:01:00Z").griot(&["publish"]).code, 1);
    desk.write("episodes/bad.md", "still no front matter");
    told(&desk, "2026-03-05T08:05:00Z", true);
    told(&desk, "2026-03-05T08:10:00Z", false);
    // Mended, and broken again in the same way.
    let bad = fs::metadata(desk.path("episodes/bad.md")).unwrap().modified().unwrap();
    fs::remove_file(desk.path("episodes/bad.md")).unwrap();
    told(&desk, "2026-03-05T08:15:00Z", false);
    desk.write("episodes/bad.md", "still no front matter");
    fs::File::options().write(true).open(desk.path("episodes/bad.md")).unwrap().set_modified(bad).unwrap();
    told(&desk, "2026-03-05T08:20:00Z", true);
}

#[test]
fn whatever_a_note_says_every_feed_and_page_is_well_formed() {
    let desk = desk();
    for (at, text) in
        ["x ]]> y", "AT&T <b> &eacute;", "\u{202E}abc", "مرحبا", "🎙 👩\u{200D}🚀", "' onclick=1", "../../etc"].iter().enumerate()
    {
        let keys = format!(
            "title = '''{text}'''\npublished = 2026-03-02\ndescription = '''{text}'''\nsummary = '''{text}'''\nauthor = '''{text}'''\n\
             chapters = [{{ start = 0, title = '''{text}''', url = 'https://e.org/?a=\"<' }}]\n"
        );
        desk.write(&format!("episodes/e{at}.toml"), keys);
        desk.write(&format!("episodes/e{at}.mp3"), mp3(100, u8::try_from(at).unwrap()));
    }
    desk.done(&["publish"]);
    for name in ["feeds/feed.xml", "feeds/atom.xml", FEED] {
        assert_eq!(
            roxmltree::Document::parse(&desk.read(name))
                .unwrap()
                .descendants()
                .filter(|node| matches!(node.tag_name().name(), "item" | "entry"))
                .count(),
            8,
            "{name}"
        );
    }
    assert!(desk.griot(&["feed", "check"]).code == 0);
}
