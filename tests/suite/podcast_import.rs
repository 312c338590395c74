use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;

use crate::harness::{Desk, Ran};
use crate::servers::pages::Site;

const CONFIG: &str = "[fetch]\nallow_hosts = [\"127.0.0.1\"]\n[[shows]]\nname = \"River Talk\"\nepisodes = \"episodes\"\n\
    description = \"Talk\"\ncategory = \"News\"\nexplicit = false\nimage = \"cover.png\"\n";
const SHOW: &str = "River Talk";
const FEED: &str = "feeds/river-talk/podcast.xml";

/// MP3 frames of 417 bytes and 26 ms each; `kind` makes one sound differ from another.
fn mp3(frames: usize, kind: u8) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xFB, 0x90, 0x44];
    frame.resize(417, kind);
    frame.repeat(frames)
}

fn png(size: u32) -> Vec<u8> {
    let head = [b"\0\0\0\x0DIHDR".as_slice(), &size.to_be_bytes(), &size.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &head, b"\0\0\0\0\0\0\0\0IEND\xAE\x42\x60\x82"].concat()
}

fn rss(channel: &str) -> String {
    format!(
        "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:atom='http://www.w3.org/2005/Atom' \
         xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel><title>River Talk</title>{channel}</channel></rss>"
    )
}

fn item(guid: &str, title: &str, date: &str, url: &str, more: &str) -> String {
    format!(
        "<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><pubDate>{date}</pubDate>\
         <enclosure url='{url}' length='1' type='audio/mpeg'/>{more}</item>"
    )
}

const FIRST: &str = "Sun, 01 Mar 2026 07:00:00 +0100";
const SECOND: &str = "Mon, 02 Mar 2026 07:00:00 -0500";

fn desk() -> Desk {
    let desk = Desk::with_config(CONFIG);
    desk.write("episodes/cover.png", png(1400));
    desk
}

/// Runs the import of a feed that is served at `/old.xml`.
fn import(desk: &Desk, site: &Site, more: &[&str]) -> Ran {
    desk.griot(&[&["feed", "import", &site.url("/old.xml"), "--show", SHOW], more].concat())
}

fn names(desk: &Desk) -> Vec<String> {
    let entries = fs::read_dir(desk.path("episodes")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What a reader who had the old feed sees of the new one: what is new, unread again, or gone.
#[track_caller]
fn nothing_new_or_gone(desk: &Desk, old: &str) {
    desk.write("old.xml", old);
    let told = desk.done(&["feed", "diff", "old.xml", FEED, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    for kind in ["added", "resurfacing", "gone"] {
        assert_eq!(told[0][kind], serde_json::json!([]), "{kind} in {told:#}");
    }
}

#[test]
fn listeners_of_a_podcast_that_was_taken_over_notice_nothing() {
    let (desk, site) = (desk(), Site::start());
    site.put_bytes("/one.mp3", "audio/mpeg", mp3(1000, 1));
    site.put_bytes("/play?id=2", "application/octet-stream", mp3(200, 2));
    site.put_bytes("/three.m4a", "video/mp4", mp3(300, 3));
    site.put("/one.vtt", "text/vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nGood morning\n");
    site.put("/one.json", "application/json", "{\"version\":\"1.2.0\",\"chapters\":[{\"startTime\":0,\"title\":\"Start\"}]}");
    site.put_bytes("/one.png", "image/png", png(1500));
    site.put_bytes("/small.png", "image/png", png(300));
    let said = "<link>https://old.example.org/one</link><itunes:season>1</itunes:season><itunes:episode>3</itunes:episode>\
        <itunes:episodeType>bonus</itunes:episodeType><itunes:explicit>yes</itunes:explicit><itunes:author>Ada</itunes:author>\
        <description>&lt;p&gt;We *said* &lt;a href=\"https://e.org/\"&gt;this&lt;/a&gt;.&lt;/p&gt;&lt;ul&gt;&lt;li&gt;1. x&lt;/li&gt;&lt;/ul&gt;</description>\
        <podcast:person role='guest' href='https://e.org/ba'>Ba Traoré</podcast:person>\
        <podcast:soundbite startTime='1' duration='15'>Best</podcast:soundbite>\
        <podcast:soundbite startTime='20' duration='15'>Late</podcast:soundbite>\
        <podcast:location geo='geo:12.64,-8.0'>Bamako</podcast:location><podcast:license>cc-by-4.0</podcast:license>\
        <podcast:transcript url='SITE/one.vtt' type='text/vtt' language='en'/>\
        <podcast:chapters url='SITE/one.json' type='application/json+chapters'/><itunes:image href='SITE/one.png'/>";
    let old = rss(&[
        "<atom:link rel='next' href='SITE/older.xml'/><language>fr</language><itunes:explicit>false</itunes:explicit>\
         <itunes:category text='News'><itunes:category text='Daily News'/></itunes:category><podcast:locked>no</podcast:locked>",
        &item("id with  two spaces", "The river", FIRST, "SITE/one.mp3", said),
        &item("b", "The river", FIRST, "SITE/play?id=2", "<itunes:image href='SITE/small.png'/>"),
    ]
    .concat());
    let older = rss(&item("https://old.example.org/c", "新聞", SECOND, "SITE/three.m4a", ""));
    site.put("/old.xml", "application/rss+xml", &old);
    site.put("/older.xml", "application/rss+xml", &older);

    let ran = import(&desk, &site, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:#?}");
    assert!(ran.stdout.contains("imported  3 episodes of 2 documents\n"), "{}", ran.stdout);
    for said in ["language = \"fr\"", "category = [\"News > Daily News\"]", "locked = false", "made of its address, http://127"] {
        assert!(ran.stdout.contains(said), "{said} is not in {}", ran.stdout);
    }
    assert!(ran.stdout.contains("left out  of `The river`") && ran.stdout.contains("300"), "{}", ran.stdout);
    assert!(ran.stdout.contains("left out  of `The river`: 1 of `soundbites`"), "{}", ran.stdout);
    assert_eq!(names(&desk).len(), 3 * 2 + 4, "{:?}", names(&desk));
    let note = desk.read("episodes/2026-03-01-the-river-2.md");
    for said in ["guid = \"id with  two spaces\"", "published = \"2026-03-01T07:00:00+01:00\"", "type = \"bonus\"", "Ba Traoré"]
    {
        assert!(note.contains(said), "{said} is not in {note}");
    }
    desk.done(&["publish"]);
    let feed = desk.read(FEED);
    for said in [
        "<guid isPermaLink=\"false\">id with  two spaces</guid>",
        "<podcast:soundbite startTime=\"1\" duration=\"15\">Best</podcast:soundbite>",
        "&lt;a href=\"https://e.org/\"&gt;this&lt;/a&gt;",
        "<itunes:season>1</itunes:season>",
        "type=\"application/json+chapters\"",
        "type=\"text/vtt\"",
        "the-river-2.png",
        "<podcast:license>cc-by-4.0</podcast:license>",
    ] {
        assert!(feed.contains(said), "{said} is not in {feed}");
    }
    nothing_new_or_gone(
        &desk,
        &rss(&[&old, &older]
            .map(|feed| {
                let (from, to) = (feed.find("<item>").unwrap(), feed.rfind("</item>").unwrap() + 7);
                feed[from..to].to_owned()
            })
            .concat()),
    );

    // The show keeps its id, whether or not the entry is pasted into the config.
    let id = ran.stdout.lines().find_map(|line| line.strip_prefix("guid = \"")?.strip_suffix('"')).unwrap();
    assert!(feed.contains(&format!("<podcast:guid>{id}</podcast:guid>")), "{id} is not in {feed}");

    // A second import finds all of it there, and writes nothing.
    let before = desk.snapshot("episodes");
    site.asked();
    let ran = import(&desk, &site, &[]);
    assert!(ran.stdout.contains("imported  0 episodes of 2 documents, 3 were here already\n"), "{ran:#?}");
    assert_eq!(desk.snapshot("episodes"), before);
    assert_eq!(site.asked().len(), 2);
}

#[test]
fn what_cannot_be_taken_is_named_and_the_rest_is_kept() {
    let (desk, site) = (desk(), Site::start());
    site.put_bytes("/good.mp3", "audio/mpeg", mp3(100, 1));
    site.put_bytes("/late.mp3", "audio/mpeg", mp3(100, 2));
    site.put("/page.mp3", "audio/mpeg", "<!DOCTYPE html><title>Not found</title>");
    site.put_with("/private.mp3", "audio/mpeg", "Location: http://10.0.0.1/x.mp3\r\n", "");
    site.fail("/private.mp3", "302 Found\r\nLocation: http://10.0.0.1/x.mp3");
    site.fail("/busy.mp3", "503 Busy");
    let dotted = "../../../etc/passwd";
    let items = [
        item("good", dotted, FIRST, "SITE/good.mp3", ""),
        item("long", &"word / ".repeat(2_000), FIRST, "SITE/good.mp3", ""),
        item("page", "A page", FIRST, "SITE/page.mp3", ""),
        item("private", "A redirect", FIRST, "SITE/private.mp3", ""),
        item("busy", "Busy", FIRST, "SITE/busy.mp3", ""),
        item("day", "No day", "soon", "SITE/good.mp3", ""),
        "<item><guid>none</guid><title>No sound</title></item>".to_owned(),
        item("long id", "Long id", FIRST, "SITE/good.mp3", "").replace("long id", &"x".repeat(2_000)),
    ];
    site.put("/old.xml", "application/rss+xml", &rss(&items.concat()));
    let ran = import(&desk, &site, &[]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    for says in [
        "failed to take `A page` from ",
        "is a web page, not a sound",
        "failed to take `A redirect` from ",
        "`10.0.0.1` is at the private address 10.0.0.1",
        "failed to take `Busy` from ",
        "the item `No day` has no date that could be read",
        "the item `No sound` has no enclosure",
        "the item `Long id` has an id of more than 1000 bytes",
    ] {
        assert!(ran.stderr.contains(says), "`{says}` is not in {}", ran.stderr);
    }
    assert!(ran.stdout.contains("imported  2 episodes, 6 could not be\n"), "{}", ran.stdout);
    // Nothing but the two episodes and the cover: no half file, no file elsewhere.
    let found = names(&desk);
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found.contains(&"2026-03-01-etc-passwd.mp3".to_owned()), "{found:?}");
    // The server is back: the next run takes what is missing, and no more.
    site.put_bytes("/busy.mp3", "audio/mpeg", mp3(100, 2));
    let ran = import(&desk, &site, &[]);
    assert!(ran.stdout.contains("imported  1 episodes, 2 were here already, 5 could not be\n"), "{ran:#?}");
    assert!(desk.exists("episodes/2026-03-01-busy.mp3"));
}

#[test]
fn a_sound_without_an_end_is_given_up() {
    let (desk, site) = (desk(), Site::start());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nConnection: close\r\n\r\n");
            while stream.write_all(&mp3(100, 7)).is_ok() {}
        }
    });
    site.put("/old.xml", "application/rss+xml", &rss(&item("a", "Endless", FIRST, &format!("http://{address}/a.mp3"), "")));
    let ran = import(&desk, &site, &["--max-bytes", "1000000"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is larger than 1000000 bytes") && ran.stderr.contains("--max-bytes"), "{}", ran.stderr);
    assert_eq!(names(&desk), ["cover.png"]);
}

#[test]
fn an_interrupted_import_goes_on() {
    let (desk, site) = (desk(), Site::start());
    site.put_bytes("/a.mp3", "audio/mpeg", mp3(100, 1));
    site.put("/old.xml", "application/rss+xml", &rss(&item("a", "One", FIRST, "SITE/a.mp3", "")));
    // As a run leaves it that is killed before the note is written; and a sound of somebody else under a name that is wanted.
    desk.write("episodes/2026-03-01-one.mp3", mp3(50, 9));
    desk.write("episodes/2026-03-01-one-2.mp3", mp3(100, 1));
    desk.write("episodes/..2026-03-01-one.part.new", "half");
    assert_eq!(import(&desk, &site, &[]).code, 0);
    assert_eq!(names(&desk), ["2026-03-01-one-2.md", "2026-03-01-one-2.mp3", "2026-03-01-one.mp3", "cover.png"],);
    assert_eq!(fs::read(desk.path("episodes/2026-03-01-one.mp3")).unwrap(), mp3(50, 9));
}

#[test]
fn notes_are_written_beside_sounds_that_are_there() {
    let (desk, site) = (desk(), Site::start());
    desk.write("episodes/my show 1.mp3", mp3(100, 1));
    let items = [
        item("a", "One", FIRST, "https://gone.example.org/x/my%20show%201.mp3?token=1", ""),
        item("b", "Two", FIRST, "https://gone.example.org/..%2F..%2Fetc%2Fpasswd", ""),
    ];
    site.put("/old.xml", "application/rss+xml", &rss(&items.concat()));
    let ran = import(&desk, &site, &["--notes-only"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("the sound of `Two` is not in the folder"), "{}", ran.stderr);
    assert_eq!(names(&desk), ["cover.png", "my show 1.md", "my show 1.mp3"]);
    desk.done(&["publish"]);
    assert!(desk.read(FEED).contains("<guid isPermaLink=\"false\">a</guid>"));
}

#[test]
fn what_is_no_show_or_far_too_much_is_refused() {
    let (desk, site) = (desk(), Site::start());
    site.put("/old.xml", "application/rss+xml", &rss(&"<item><guid>a</guid></item>".repeat(100_000)));
    let ran = desk.griot(&["feed", "import", &site.url("/old.xml"), "--show", "Other"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("`Other` is no show") && ran.stderr.contains("the config has `River Talk`"), "{}", ran.stderr);
    let ran = import(&desk, &site, &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("has more than 10000 items"), "{}", ran.stderr);
    assert_eq!(names(&desk), ["cover.png"]);
    desk.write("episodes/broken.md", "---\ntitle: [\n---\n");
    site.put("/old.xml", "application/rss+xml", &rss(&item("a", "One", FIRST, "SITE/a.mp3", "")));
    let ran = import(&desk, &site, &[]);
    assert!(ran.code == 1 && ran.stderr.contains("broken.md"), "{}", ran.stderr);
}
