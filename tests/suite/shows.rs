use std::fs;

use crate::harness::{Desk, Ran};

/// A show with the keys that it needs.
pub const SHOW: &str = "[[shows]]\nname = \"River Talk\"\nepisodes = \"episodes\"\ndescription = \"Talk\"\ncategory = \"News\"\n\
    explicit = false\nimage = \"cover.png\"\npitch = \"Every weekday, we talk.\"\n";

pub const FEED: &str = "feeds/river-talk/podcast.xml";

/// MP3 frames of 417 bytes and 26 ms each; `kind` makes one sound differ from another.
pub fn mp3(frames: usize, kind: u8) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xFB, 0x90, 0x44];
    frame.resize(417, kind);
    frame.repeat(frames)
}

pub fn png(size: u32) -> Vec<u8> {
    let head = [b"\0\0\0\x0DIHDR".as_slice(), &size.to_be_bytes(), &size.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &head, b"\0\0\0\0\0\0\0\0IEND\xAE\x42\x60\x82"].concat()
}

pub fn note(title: &str, day: &str) -> String {
    format!("---\ntitle: {title}\npublished: {day}\n---\nWhat is said.\n")
}

/// A show with two episodes.
fn desk() -> Desk {
    let desk = Desk::with_config(SHOW);
    desk.write("episodes/cover.png", png(1400));
    desk.write("episodes/one.mp3", mp3(100, 1));
    desk.write("episodes/one.md", note("One", "2026-03-01"));
    desk.write("episodes/two.mp3", mp3(400, 2));
    desk.write("episodes/two.md", note("Two", "2026-03-02T07:00"));
    desk
}

/// Id, title, address and length of each item, by the `rss` crate's reading.
fn items(desk: &Desk) -> Vec<(String, String, String, String)> {
    let channel = rss::Channel::read_from(desk.read(FEED).as_bytes()).unwrap();
    let item = |item: rss::Item| {
        let enclosure = item.enclosure.unwrap();
        (item.guid.unwrap().value, item.title.unwrap(), enclosure.url, enclosure.length)
    };
    channel.items.into_iter().map(item).collect()
}

fn titles(desk: &Desk) -> Vec<String> {
    items(desk).into_iter().map(|(_, title, ..)| title).collect()
}

/// What is wrong is said, the exit code is 1, and what is public stays.
#[track_caller]
fn refused(desk: &Desk, arguments: &[&str], says: &[&str]) {
    let before = desk.snapshot("feeds/river-talk");
    let Ran { code, stderr, .. } = desk.griot(arguments);
    assert_eq!(code, 1, "{stderr}");
    for words in says {
        assert!(stderr.contains(words), "`{words}` is not in {stderr}");
    }
    assert_eq!(desk.snapshot("feeds/river-talk"), before);
}

#[test]
fn a_folder_of_episodes_becomes_a_podcast() {
    let desk = desk();
    assert_eq!(
        desk.done(&["publish"]),
        "wrote     feeds/river-talk/two.mp3\n\
         wrote     feeds/river-talk/one.mp3\n\
         wrote     feeds/river-talk/cover.png\n\
         new       episode of River Talk: Two\n\
         new       episode of River Talk: One\n\
         wrote     feeds/river-talk/podcast.xml\n"
    );
    let own = |name: &str| format!("https://www.example.org/feeds/river-talk/{name}");
    let expected = [
        ("tag:www.example.org,2026-03-02:river-talk/two".into(), "Two".into(), own("two.mp3"), "166800".into()),
        ("tag:www.example.org,2026-03-01:river-talk/one".into(), "One".into(), own("one.mp3"), "41700".into()),
    ];
    assert_eq!(items(&desk), expected);
    let feed = desk.read(FEED);
    for part in [
        "<podcast:guid>f85bf9da-8881-5271-875d-3c1710fc00cf</podcast:guid>",
        "<podcast:locked owner=\"desk@example.org\">yes</podcast:locked>",
        "<podcast:updateFrequency rrule=\"FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR\">Every weekday</podcast:updateFrequency>",
        "<day>Sunday</day>",
        "<itunes:duration>10</itunes:duration>",
        "<itunes:image href=\"https://www.example.org/feeds/river-talk/cover.png\"/>",
    ] {
        assert!(feed.contains(part), "{part} is missing in {feed}");
    }
    assert_eq!(fs::read(desk.path("feeds/river-talk/two.mp3")).unwrap(), mp3(400, 2));
}

#[test]
fn a_second_build_changes_no_byte_under_any_clock_and_place() {
    let mut desk = desk();
    desk.done(&["publish"]);
    let before = desk.snapshot("feeds/river-talk");
    desk.at("2031-01-01T00:00:00Z").variable("TZ", "Asia/Tokyo").variable("LANG", "fr_FR.UTF-8");
    assert_eq!(desk.done(&["publish"]), "");
    desk.done(&["run"]);
    desk.done(&["feed", "build"]);
    assert_eq!(desk.snapshot("feeds/river-talk"), before);
    // The ledger is lost, and all is told anew from the same files: not a byte differs.
    fs::remove_dir_all(desk.path("feeds/river-talk")).unwrap();
    fs::remove_file(desk.path("config/griot.db")).unwrap();
    desk.done(&["publish"]);
    let bytes = |snapshot: Vec<(std::path::PathBuf, Vec<u8>, std::time::SystemTime)>| {
        snapshot.into_iter().map(|(file, bytes, _)| (file, bytes)).collect::<Vec<_>>()
    };
    assert_eq!(bytes(desk.snapshot("feeds/river-talk")), bytes(before));
}

#[test]
fn an_episode_to_come_is_held_back() {
    let mut desk = desk();
    desk.write("episodes/three.md", note("Three", "2026-03-05T06:00"));
    desk.write("episodes/three.mp3", mp3(100, 3));
    desk.done(&["publish"]);
    assert_eq!(titles(&desk), ["Two", "One"]);
    assert!(!desk.exists("feeds/river-talk/three.mp3"));
    desk.at("2026-03-05T06:00:00Z").done(&["run"]);
    assert_eq!(titles(&desk), ["Three", "Two", "One"]);
}

#[test]
fn a_bad_sound_is_named_and_the_last_good_feed_stays() {
    let desk = desk();
    desk.done(&["publish"]);
    desk.write("episodes/cut.md", note("Cut", "2026-03-03"));
    desk.write("episodes/cut.mp3", &mp3(100, 3)[..41_000]);
    desk.write("episodes/empty.md", note("Empty", "2026-03-03"));
    desk.write("episodes/empty.mp3", "");
    desk.write("episodes/wrong.md", note("Wrong", "2026-03-03"));
    desk.write("episodes/wrong.m4a", mp3(100, 4));
    desk.write("episodes/page.md", note("Page", "2026-03-03"));
    desk.write("episodes/page.mp3", "<!DOCTYPE html><title>404</title>");
    desk.write("episodes/alone.md", note("Alone", "2026-03-03"));
    let says = [
        "error: `episodes/cut.mp3` was cut off: it ends in the middle of the sound\n",
        "error: `episodes/empty.mp3` is empty\n",
        "error: `episodes/wrong.m4a` is MP3, whatever its name says\n\nhint: give it the ending `.mp3`",
        "error: `episodes/page.mp3` is a web page, not a sound that can be published\n",
        "error: `episodes/alone.md` has no sound beside it\n",
    ];
    refused(&desk, &["publish"], &says);
    refused(&desk, &["feed", "build"], &says);
    refused(&desk, &["run"], &says);
    for stem in ["cut.md", "empty.md", "wrong.md", "page.md", "alone.md"] {
        fs::remove_file(desk.path(&format!("episodes/{stem}"))).unwrap();
    }
    let told = desk.done(&["publish"]);
    assert!(told.contains("waiting   episodes/cut.mp3: there is no note beside it\n"), "{told}");
    assert_eq!(titles(&desk), ["Two", "One"]);
}

#[test]
fn a_bad_note_is_named_with_all_that_is_wrong_with_it() {
    let desk = desk();
    desk.done(&["publish"]);
    desk.write("episodes/three.toml", "titel = 'x'\nexplicit = 'no'\n");
    desk.write("episodes/four.md", "no front matter");
    let says = [
        "`episodes/three.toml` has 4 keys to mend\n  `title`: is missing",
        "`titel`: is no key that griot knows; did you mean `title`?",
        "`episodes/four.md` cannot be understood: line 1: ",
    ];
    refused(&desk, &["publish"], &says);
}

#[test]
fn whatever_a_note_says_strict_readers_read_it() {
    let desk = Desk::with_config(SHOW);
    desk.write("episodes/cover.png", png(1400));
    let texts = [
        ("a \\u0001\\u000B b", "a b"),
        ("x ]]> y", "x ]]> y"),
        ("AT&T <b> &eacute; &#150;", "AT&T <b> &eacute; &#150;"),
        ("\\uFFFE\\uFFFF z \\U0001FFFE", "z"),
        ("\\u202Eabc\\u00AD", "abc"),
        ("🎙 👩\u{200D}🚀 \\u2028 ok", "🎙 👩\u{200D}🚀 ok"),
        ("  many\\t\\n  lines\\r\\n", "many lines"),
        ("مرحبا \\u200F بالعالم", "مرحبا \u{200F} بالعالم"),
    ];
    for (at, (text, _)) in texts.iter().enumerate() {
        let lines =
            ["title", "description", "author", "season_name", "image_alt", "txt"].map(|key| format!("{key} = \"{text}\"\n"));
        let persons = format!("persons = [\"{text}\"]\nchapters = [{{ start = 0, title = \"{text}\" }}]\n");
        let note = format!("published = 2026-03-01T07:0{at}:00Z\nseason = 1\n{}{persons}", lines.concat());
        desk.write(&format!("episodes/e{at}.toml"), note);
        desk.write(&format!("episodes/e{at}.mp3"), mp3(100, u8::try_from(at).unwrap()));
    }
    desk.done(&["publish"]);
    let feed = desk.read(FEED);
    let document = roxmltree::Document::parse(&feed).unwrap();
    let read = |name: &str| -> Vec<String> {
        let items = document.descendants().filter(|node| node.has_tag_name("item"));
        let found = items.filter_map(|item| item.children().find(|node| node.tag_name().name() == name));
        found.map(|node| node.text().unwrap_or_default().to_owned()).collect()
    };
    let expected: Vec<&str> = texts.iter().rev().map(|(_, read)| *read).collect();
    for name in ["title", "author", "person", "txt"] {
        assert_eq!(read(name), expected, "{name}");
    }
}

#[test]
fn episodes_of_a_serial_show_have_numbers() {
    let desk = Desk::with_config(&format!("{SHOW}type = \"serial\"\n"));
    desk.write("episodes/cover.png", png(1400));
    for (name, key) in [("one", "episode: 1"), ("bonus", "type: bonus"), ("none", "season: 1"), ("half", "episode: 1.5")] {
        desk.write(&format!("episodes/{name}.mp3"), mp3(100, 1));
        desk.write(&format!("episodes/{name}.md"), note(name, "2026-03-01").replace("---\nWhat", &format!("{key}\n---\nWhat")));
    }
    let ran = desk.griot(&["publish"]);
    assert_eq!(ran.stderr.matches("error: ").count(), 2, "{}", ran.stderr);
    for name in ["none", "half"] {
        let says = format!("`episodes/{name}.md` needs a whole number as its `episode`: the show is serial");
        assert!(ran.stderr.contains(&says), "{}", ran.stderr);
    }
}

#[test]
fn one_show_does_not_stop_another() {
    let other = SHOW.replace("River Talk", "Road Talk").replace("\"episodes\"", "\"road\"");
    let desk = Desk::with_config(&format!("{SHOW}{other}"));
    desk.write("road/cover.png", png(1400));
    desk.write("road/one.mp3", mp3(100, 1));
    desk.write("road/one.md", note("On the road", "2026-03-01"));
    let ran = desk.griot(&["publish"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error: failed to read the folder `episodes` of the show `River Talk`\n"), "{}", ran.stderr);
    assert!(desk.exists("feeds/road-talk/podcast.xml"));
}

#[test]
fn an_id_stays_whatever_is_edited_or_renamed() {
    let desk = desk();
    desk.done(&["publish"]);
    let before: Vec<String> = items(&desk).into_iter().map(|(guid, ..)| guid).collect();
    // A new title and a new day, in the same note.
    desk.write("episodes/one.md", note("One and a half", "2026-02-28"));
    // A new name for note and sound.
    for ending in ["md", "mp3"] {
        fs::rename(desk.path(&format!("episodes/two.{ending}")), desk.path(&format!("episodes/deux.{ending}"))).unwrap();
    }
    desk.done(&["publish"]);
    let after = items(&desk);
    assert_eq!(after.iter().map(|(guid, ..)| guid.clone()).collect::<Vec<_>>(), before);
    assert_eq!(titles(&desk), ["Two", "One and a half"]);
    let with_guid = note("One", "2026-03-01").replace("---\nWhat", "guid: other\n---\nWhat");
    desk.write("episodes/one.md", &with_guid);
    refused(
        &desk,
        &["publish"],
        &["the id `other` instead of `tag:www.example.org,2026-03-01:river-talk/one`", "--allow-new-ids"],
    );
    desk.griot(&["feed", "build", "--allow-new-ids", "--allow-fewer-items"]);
    assert_eq!(items(&desk)[1].0, "other");
}

#[test]
fn an_episode_does_not_get_lost() {
    let desk = desk();
    desk.done(&["publish"]);
    fs::remove_file(desk.path("episodes/one.md")).unwrap();
    refused(&desk, &["publish"], &["would lose 1 of its 2 items, `One` among them", "--allow-fewer-items"]);
    desk.write("episodes/three.md", note("Three", "2026-03-03"));
    desk.write("episodes/three.mp3", mp3(100, 3));
    refused(&desk, &["run"], &["`One` among them"]);
    desk.done(&["publish", "--allow-fewer-items"]);
    assert_eq!(titles(&desk), ["Three", "Two"]);
}

#[test]
fn a_name_is_never_given_to_another_sound() {
    let desk = desk();
    desk.done(&["publish"]);
    desk.write("episodes/one.mp3", mp3(150, 9));
    refused(
        &desk,
        &["publish"],
        &["`episodes/one.mp3` is not what was published under this name", "such as `one-2.mp3`, and name it in the note"],
    );
    desk.write("episodes/one.mp3", mp3(100, 1));
    desk.write("episodes/one-2.mp3", mp3(150, 9));
    desk.write("episodes/one.md", note("One", "2026-03-01").replace("---\nWhat", "audio: one-2.mp3\n---\nWhat"));
    desk.done(&["publish"]);
    let item = items(&desk).remove(1);
    assert_eq!(item.0, "tag:www.example.org,2026-03-01:river-talk/one");
    assert_eq!((item.2.as_str(), item.3.as_str()), ("https://www.example.org/feeds/river-talk/one-2.mp3", "62550"));
    assert!(desk.exists("feeds/river-talk/one.mp3"), "who has the old address still gets the old sound");
}

#[test]
fn artwork_is_checked() {
    let desk = desk();
    desk.write("episodes/cover.png", png(1399));
    refused(
        &desk,
        &["publish"],
        &["`episodes/cover.png` cannot be artwork: it is 1399 x 1399 pixels, and not from 1400 to 3000"],
    );
    assert!(!desk.exists(FEED));
}

#[test]
fn what_lies_beside_a_note_goes_with_it() {
    let desk = desk();
    desk.write("episodes/one.srt", "1\n00:00:01,000 --> 00:00:02,000\nGood morning.\n");
    desk.write("episodes/one.ogg", mp3(1, 1));
    refused(&desk, &["publish"], &["`episodes/one.ogg` is MP3"]);
    fs::remove_file(desk.path("episodes/one.ogg")).unwrap();
    let chapters = "chapters: [{start: 0, title: In}, {start: '0:02', title: Out}]\n---\nWhat";
    desk.write("episodes/one.md", note("One", "2026-03-01").replace("---\nWhat", chapters));
    desk.done(&["publish"]);
    assert_eq!(desk.read("feeds/river-talk/one.vtt"), "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGood morning.\n");
    let made: serde_json::Value = serde_json::from_str(&desk.read("feeds/river-talk/one.chapters.json")).unwrap();
    assert_eq!((&made["version"], &made["chapters"][1]["startTime"]), (&"1.2.0".into(), &2.into()));
    let feed = desk.read(FEED);
    assert!(feed.contains(
        "<podcast:transcript url=\"https://www.example.org/feeds/river-talk/one.vtt\" type=\"text/vtt\" rel=\"captions\"/>"
    ));
    desk.write(
        "episodes/one.md",
        note("One", "2026-03-01").replace("---\nWhat", "chapters: [{start: '9:00', title: In}]\n---\nWhat"),
    );
    refused(&desk, &["publish"], &["`episodes/one.md`: its last chapter begins after the end of the sound"]);
}

#[test]
fn there_is_one_enclosure_and_other_formats_stand_beside_it() {
    let desk = desk();
    // Half a second of 8-bit sound.
    let head = [b"RIFF".as_slice(), &4036_u32.to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes(), &[1, 0, 1, 0]].concat();
    let rates = [8000_u32.to_le_bytes(), 8000_u32.to_le_bytes()].concat();
    let wav = [head, rates, vec![1, 0, 8, 0], b"data".to_vec(), 4000_u32.to_le_bytes().to_vec(), vec![128; 4000]].concat();
    desk.write("episodes/one.wav", &wav);
    desk.write("episodes/light.wav", [wav.as_slice(), b"LIST\0\0\0\0"].concat());
    let named = "alternates: [{file: light.wav, title: Light, language: fr}]\n---\nWhat";
    desk.write("episodes/two.md", note("Two", "2026-03-02T07:00").replace("---\nWhat", named));
    desk.done(&["publish"]);
    let feed = desk.read(FEED);
    assert_eq!(feed.matches("<enclosure ").count(), 2, "{feed}");
    let own = "<podcast:alternateEnclosure type=\"audio/wav\" length=\"4044\" bitrate=\"64704\">\n        \
               <podcast:source uri=\"https://www.example.org/feeds/river-talk/one.wav\"/>";
    assert!(feed.contains(own), "{feed}");
    assert!(feed.contains("length=\"4052\" bitrate=\"64832\" lang=\"fr\" title=\"Light\">"), "{feed}");
}

#[test]
fn sounds_may_be_served_elsewhere() {
    let desk = Desk::with_config(&format!("{SHOW}media = \"https://media.example.org/river\"\n"));
    desk.write("episodes/cover.png", png(1400));
    desk.write("episodes/one.mp3", mp3(100, 1));
    desk.write("episodes/one.md", note("One", "2026-03-01"));
    desk.done(&["publish"]);
    assert_eq!(items(&desk)[0].2, "https://media.example.org/river/one.mp3");
    assert!(!desk.exists("feeds/river-talk/one.mp3") && desk.exists("feeds/river-talk/cover.png"));
    desk.write("episodes/deux é.mp3", mp3(100, 2));
    desk.write("episodes/deux é.md", note("Deux", "2026-03-02"));
    refused(&desk, &["publish"], &["the name of `episodes/deux é.mp3` cannot stand in an address"]);
}

#[test]
fn names_in_other_scripts_become_addresses() {
    let desk = desk();
    desk.write("episodes/Épisode trois.mp3", mp3(100, 3));
    desk.write("episodes/Épisode trois.md", note("Trois", "2026-03-03"));
    desk.write("episodes/نهر.mp3", mp3(100, 4));
    desk.write("episodes/نهر.md", note("نهر", "2026-03-03T14:00"));
    desk.done(&["publish"]);
    let found = items(&desk);
    assert_eq!(found[1].2, "https://www.example.org/feeds/river-talk/episode-trois.mp3");
    assert!(desk.exists("feeds/river-talk/episode-trois.mp3"));
    assert!(found[0].2.is_ascii() && found[0].0 == "tag:www.example.org,2026-03-03:river-talk/episode", "{found:?}");
}

/// A show that says all that a show can say.
const RICH: &str = r##"
[[shows]]
name = "River & <Road>"
slug = "river"
episodes = "episodes"
pitch = "Join us every Monday and Thursday."
listen = "https://www.example.org/river?a=1&b=2"
description = "News from the river & the <road>, \"live\"."
category = ["News > Daily News", "Society & Culture > Documentary", "History"]
explicit = true
image = "cover.png"
image_alt = "A boat on a \"river\""
images = [{ url = "https://www.example.org/banner.jpg", alt = "A banner", purpose = "social banner", aspect_ratio = "16/9", width = 1600 }]
author = "The River Desk"
owner = "River & Co <river@example.org>"
copyright = "2026 The River Desk"
language = "fr"
type = "serial"
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
locked = false
new_feed = "https://new.example.org/podcast.xml"
podping = true
block = ["google", "amazon"]
medium = "audiobook"
license = { name = "Our-Own", url = "https://www.example.org/terms" }
funding = [{ url = "https://www.example.org/give?a=1&b=2", text = "Give & help" }]
persons = ["Ada Keita", { name = "Ben", role = "Guest", group = "cast", image = "https://www.example.org/b.jpg", url = "https://www.example.org/b" }]
locations = [{ name = "Bamako", geo = "12.64, -8.0", osm = "R2192286", country = "ML", rel = "creator" }, "Mopti"]
txt = ["plain", { purpose = "verify", text = "a & b" }]
social = [{ protocol = "activitypub", url = "https://social.example.org/1", account = "@river", account_url = "https://social.example.org/@river" }, { protocol = "disabled" }]
chat = { server = "irc.example.org", protocol = "irc", account = "@river", space = "#river" }
podroll = ["AfricaLink"]
publisher = { guid = "003af0a0-6a45-55cf-b765-68e3d349551a", feed = "https://www.example.org/publisher.xml" }

[[shows.value]]
type = "lightning"
method = "keysend"
suggested = "0.00000005000"
recipients = [{ name = "Desk", type = "node", address = "02d5", split = 99, custom_key = "1", custom_value = "x" }, { type = "node", address = "03d5", split = 1, fee = true }]

[[shows.live]]
title = "Live from the quay"
guid = "live-1"
status = "pending"
start = 2026-12-24T18:00:00Z
end = 2026-12-24T20:00:00+01:00
url = "https://www.example.org/stream.mp3"
type = "audio/mpeg"
links = [{ url = "https://www.example.org/live", text = "Listen on the page" }]
"##;

const RICH_NOTE: &str = r#"+++
title = "The river & the <road> ]]> 🎙"
published = 2026-03-02T07:00:00+01:00
guid = "an-old-id"
author = "Ada Keita"
link = "https://www.example.org/1?a=1&b=2"
season = 2
season_name = "The rains"
episode = 12
episode_name = "Day 5"
explicit = false
block = true
image = "cover.png"
image_alt = "A boat"
persons = ["Chidi"]
locations = ["Gao"]
license = "CC-BY-4.0"
funding = [{ url = "https://www.example.org/give", text = "Give" }]
social = { protocol = "disabled" }
links = ["https://peertube.example.org/1"]
soundbites = [{ start = "0:01.5", length = 15, title = "The best" }, { start = 2, length = 15.25 }]
txt = { purpose = "ai-content", text = "none" }
chapters = [{ start = 0, title = "In" }, { start = "0:10", end = "0:12", title = "Out", url = "https://www.example.org/out", image = "https://www.example.org/o.jpg" }]
alternates = [{ file = "low.mp3", title = "Low bandwidth", language = "fr", rel = "low" }]
transcripts = [{ file = "one.srt", language = "fr", captions = true }, { file = "one.txt" }]
+++
The Niger has risen by **two metres**, says [the harbour](https://www.example.org/h?a=1&b=2).

## Links

1. one & two
2. `three`

> A quote.

![A boat](https://www.example.org/boat.jpg)
"#;

#[test]
fn a_show_with_everything() {
    let desk = Desk::with_config(RICH);
    let config = desk.read("config/griot.toml");
    let named = "name = \"AfricaLink\"\nguid = \"7ce8c5a3-0000-5000-8000-000000000001\"\nfeed = \"https://127.0.0.1:9/a.xml\"";
    desk.write("config/griot.toml", config.replace("name = \"AfricaLink\"", named));
    desk.write("episodes/cover.png", png(3000));
    desk.write("episodes/one.md", RICH_NOTE);
    desk.write("episodes/one.mp3", mp3(800, 1));
    desk.write("episodes/low.mp3", mp3(799, 2));
    desk.write("episodes/one.srt", "1\n00:00:01,000 --> 00:00:02,000\nBonjour.\n");
    desk.write("episodes/one.txt", "Bonjour.\n");
    desk.write("episodes/trailer.toml", "title = 'Soon'\npublished = 2026-03-01\ntype = 'trailer'\nseason = 2\n");
    desk.write("episodes/trailer.mp3", mp3(100, 3));
    let ran = desk.griot(&["feed", "build"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/podcast.xml");
    let feed = desk.read("feeds/river/podcast.xml");
    // With `GRIOT_UPDATE_GOLDEN` set the file is written: look at the difference then.
    if std::env::var_os("GRIOT_UPDATE_GOLDEN").is_some() {
        fs::write(&path, &feed).unwrap();
    }
    assert_eq!(feed, fs::read_to_string(path).unwrap());
    assert_eq!(desk.read("feeds/river/one.txt"), "Bonjour.\n");
    // By griot's own rules, too, and its chapters pass for no feed.
    let checked: serde_json::Value = serde_json::from_str(&desk.done(&["feed", "check", "--json"])).unwrap();
    let names: Vec<&str> = checked.as_array().unwrap().iter().map(|one| one["file"].as_str().unwrap()).collect();
    assert_eq!(names, ["feeds/atom.xml", "feeds/feed.json", "feeds/feed.xml", "feeds/river/podcast.xml"]);
    let findings = checked[3]["findings"].as_array().unwrap().iter();
    let faults: Vec<_> = findings.filter(|found| found["severity"] != "advice").collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn a_show_keeps_its_folder_and_its_id() {
    let desk = desk();
    desk.done(&["publish"]);
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", config.replace("River Talk", "River Hour"));
    refused(
        &desk,
        &["publish"],
        &["would move from `feeds/river-talk/` to `feeds/river-hour/`", "write `slug = \"river-talk\"`"],
    );
    desk.write("config/griot.toml", config.replace("name = \"River Talk\"", "name = \"River Hour\"\nslug = \"river-talk\""));
    desk.done(&["publish"]);
    assert!(desk.read(FEED).contains("<podcast:guid>f85bf9da-"));
    let guid = "guid = \"917393e3-1b1e-5cef-ace4-edaa54e1f810\"\nname = \"River Talk\"";
    desk.write("config/griot.toml", config.replace("name = \"River Talk\"", guid));
    refused(&desk, &["publish"], &["would get the id 917393e3-1b1e-5cef-ace4-edaa54e1f810 instead of f85bf9da-"]);
}

#[test]
fn a_link_is_not_followed() {
    let desk = desk();
    desk.write("secret.mp3", mp3(100, 7));
    fs::remove_file(desk.path("episodes/one.mp3")).unwrap();
    std::os::unix::fs::symlink(desk.path("secret.mp3"), desk.path("episodes/one.mp3")).unwrap();
    refused(&desk, &["publish"], &["`episodes/one.mp3` is a link, not a file"]);
}

#[test]
fn the_promo_tells_the_latest_episode() {
    let desk = desk();
    let config = desk.read("config/griot.toml");
    // The show of this case is the one that letters invite to.
    desk.write("config/griot.toml", config.replacen("[[shows]]\nname = \"AfricaLink\"", "[[shows]]\nname = \"Other\"", 1).replace(
        "pitch = \"News, politics and culture from across the continent.\"\nlisten = \"https://www.example.org/africalink\"\n",
        "",
    ));
    desk.write("river.txt", crate::harness::RIVER);
    desk.done(&["publish", "river.txt"]);
    let letter = desk.read("feeds/editions/2026-03-04-a-river-rises/letter.txt");
    assert!(letter.contains("Two"), "{letter}");
    for feed in ["feeds/feed.xml", "feeds/atom.xml"] {
        let text = desk.read(feed);
        assert!(!text.contains("itunes") && !text.contains("podcast:"), "{feed} is no podcast");
    }
}
