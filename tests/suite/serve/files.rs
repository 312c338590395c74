use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::desk;
use super::server::{Server, request};

const FEED: &str = "/feeds/feed.xml";

#[test]
fn a_feed_is_given_with_all_that_readers_go_by() {
    let desk = desk("");
    let server = Server::start(&desk);
    let answer = server.get(FEED);
    assert_eq!((answer.status, answer.text()), (200, desk.read("feeds/feed.xml")));
    for (name, value) in [
        ("content-type", "application/rss+xml; charset=utf-8"),
        ("cache-control", "max-age=900, stale-while-revalidate=3600"),
        ("vary", "Accept-Encoding"),
        ("accept-ranges", "bytes"),
        ("access-control-allow-origin", "*"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("server", ""),
        ("set-cookie", ""),
        ("content-encoding", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name}: {answer:?}");
    }
    assert!(answer.is_whole() && answer.header("etag").starts_with('"') && answer.header("last-modified").ends_with(" GMT"));

    let head = server.ask("HEAD", FEED, &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["etag", "last-modified", "content-type", "content-length"] {
        assert_eq!(head.header(name), answer.header(name), "{name}");
    }
    let other = Server::start(&desk);
    assert_eq!(other.get(FEED).header("etag"), answer.header("etag"), "the tag is of the content");
}

#[test]
fn every_kind_of_file_has_its_type() {
    let desk = desk("");
    for name in ["radio/one.chapters.json", "radio/one.vtt", "radio/one.mp3", "radio/one.m4a", "radio/cover.jpg", "x.bin"] {
        desk.write(&format!("feeds/{name}"), "WEBVTT and more");
    }
    let server = Server::start(&desk);
    for (path, media_type, cache) in [
        ("atom.xml", "application/atom+xml; charset=utf-8", "max-age=900"),
        ("feed.json", "application/feed+json; charset=utf-8", "max-age=900"),
        ("feeds.opml", "text/x-opml; charset=utf-8", "max-age=900"),
        ("index.html", "text/html; charset=utf-8", "max-age=900"),
        ("page.css", "text/css; charset=utf-8", "max-age=900"),
        ("editions/2026-03-04-a-river-rises/letter.eml", "message/rfc822", "max-age=900"),
        ("radio/one.chapters.json", "application/json+chapters; charset=utf-8", "max-age=900"),
        ("radio/one.vtt", "text/vtt; charset=utf-8", "max-age=900"),
        ("radio/one.mp3", "audio/mpeg", "immutable"),
        ("radio/one.m4a", "audio/x-m4a", "immutable"),
        ("radio/cover.jpg", "image/jpeg", "max-age=86400"),
        ("x.bin", "application/octet-stream", "max-age=900"),
    ] {
        let answer = server.get(&format!("/feeds/{path}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{path}");
        assert!(answer.header("cache-control").contains(cache), "{path}: {answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(!answer.header("content-security-policy").is_empty(), media_type.starts_with("text/html"), "{path}");
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let desk = desk("");
    let server = Server::start(&desk);
    let first = server.get(FEED);
    let (etag, modified) = (first.header("etag"), first.header("last-modified"));
    let status = |lines: &[&str]| {
        let answer = server.ask("GET", FEED, lines);
        if answer.status != 200 {
            assert!(answer.body.is_empty() && answer.header("content-encoding").is_empty(), "{answer:?}");
            assert_eq!((answer.header("etag"), answer.header("vary")), (etag, "Accept-Encoding"));
        }
        answer.status
    };
    let (known, since) = (format!("If-None-Match: {etag}"), format!("If-Modified-Since: {modified}"));
    let (weak, listed) = (format!("If-None-Match: W/{etag}"), format!("If-None-Match: \"x\", {etag}"));
    assert_eq!([status(&[&known]), status(&[&weak]), status(&[&listed]), status(&[&since])], [304; 4]);
    assert_eq!(status(&["If-None-Match: \"x\"", &since]), 200, "the tag goes before the time");
    assert_eq!(status(&["If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"]), 200);
    assert_eq!(status(&["If-Match: \"x\"", &known]), 412, "and If-Match before both");
    assert_eq!(status(&[&format!("If-Match: {etag}"), "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"]), 200);
    assert_eq!(status(&["If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"]), 412);
    assert_eq!(server.ask("HEAD", FEED, &[&known]).status, 304);

    desk.write("feeds/feed.xml", desk.read("feeds/feed.xml").replace("two metres", "three metres"));
    let second = server.ask("GET", FEED, &[&known]);
    assert!(second.status == 200 && second.text().contains("three metres") && second.header("etag") != etag);
}

#[test]
fn each_form_of_a_file_has_its_own_tag() {
    let desk = desk("");
    let server = Server::start(&desk);
    let plain = server.get(FEED);
    let gzip = server.ask("GET", FEED, &["Accept-Encoding: gzip, deflate"]);
    let brotli = server.ask("GET", FEED, &["Accept-Encoding: gzip, deflate, br, zstd"]);
    assert_eq!((gzip.header("content-encoding"), brotli.header("content-encoding")), ("gzip", "br"));
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(&*gzip.body).read_to_end(&mut unzipped).unwrap();
    let mut pressed = Vec::new();
    brotli::BrotliDecompress(&mut &*brotli.body, &mut pressed).unwrap();
    assert!(unzipped == plain.body && pressed == plain.body);
    assert!(brotli.body.len() < gzip.body.len() && gzip.body.len() < plain.body.len() / 2);
    let tags = [plain.header("etag"), gzip.header("etag"), brotli.header("etag")];
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
    for (tag, accepted) in tags.iter().zip(["identity", "gzip;q=0.5", "gzip;q=0.5, br"]) {
        let lines = [format!("Accept-Encoding: {accepted}"), format!("If-None-Match: {tag}")];
        let answer = server.ask("GET", FEED, &[&lines[0], &lines[1]]);
        assert_eq!((answer.status, answer.header("etag")), (304, *tag), "{accepted}");
    }
    let part = server.ask("GET", FEED, &["Accept-Encoding: gzip", "Range: bytes=10-19", &format!("If-Range: {}", tags[1])]);
    assert_eq!((part.status, &*part.body), (206, &gzip.body[10..20]), "a part of what is sent, not of what it means");
    desk.write("feeds/cover.jpg", [7; 5000]);
    assert_eq!(server.ask("GET", "/feeds/cover.jpg", &["Accept-Encoding: gzip"]).header("content-encoding"), "");
}

#[test]
fn sound_is_given_in_parts_and_from_the_disk() {
    const LENGTH: usize = 3_000_000;
    let desk = desk("");
    let sound: Vec<u8> = (0..LENGTH).map(|at| u8::try_from(at % 251).unwrap()).collect();
    desk.write("feeds/radio/one.mp3", &sound);
    desk.write("feeds/radio/empty.mp3", "");
    let server = Server::start(&desk);
    let url = "/feeds/radio/one.mp3";
    let whole = server.get(url);
    assert!(whole.status == 200 && whole.body == sound);
    let (etag, modified) = (whole.header("etag"), whole.header("last-modified"));
    let part = |lines: &[&str]| server.ask("GET", url, lines);
    for (range, first, last) in
        [("0-0", 0, 0), ("0-", 0, LENGTH - 1), ("1000000-1999999", 1_000_000, 1_999_999), ("-70000", LENGTH - 70_000, LENGTH - 1)]
    {
        let answer = part(&[&format!("Range: bytes={range}")]);
        assert_eq!((answer.status, answer.header("content-range")), (206, &*format!("bytes {first}-{last}/{LENGTH}")));
        assert!(answer.body == sound[first..=last] && answer.header("etag") == etag, "{range}");
    }
    let beyond = part(&["Range: bytes=3000000-"]);
    assert_eq!((beyond.status, beyond.header("content-range"), beyond.body.len()), (416, "bytes */3000000", 0));
    for (lines, status) in [
        (&["Range: bytes=0-1,5-6"][..], 200),
        (&["Range: lines=0-1"], 200),
        (&["Range: bytes=0-1", "If-Range: \"x\""], 200),
        (&["Range: bytes=0-1", "If-Range: Sun, 06 Nov 1994 08:49:37 GMT"], 200),
        (&["Range: bytes=0-1", &format!("If-Range: {etag}")], 206),
        (&["Range: bytes=0-1", &format!("If-Range: {modified}")], 206),
        (&["Range: bytes=0-1", &format!("If-None-Match: {etag}")], 304),
    ] {
        assert_eq!(part(lines).status, status, "{lines:?}");
    }
    let head = server.ask("HEAD", url, &["Range: bytes=0-1"]);
    assert_eq!((head.status, head.header("content-length"), head.header("accept-ranges")), (200, "3000000", "bytes"));
    let empty = server.get("/feeds/radio/empty.mp3");
    assert_eq!((empty.status, empty.header("content-length")), (200, "0"));
}

#[test]
fn a_sound_of_any_size_takes_no_memory() {
    const LENGTH: u64 = 400_000_000;
    let desk = desk("");
    desk.write("feeds/long.mp3", "");
    std::fs::File::options().write(true).open(desk.path("feeds/long.mp3")).unwrap().set_len(LENGTH).unwrap();
    let server = Server::start(&desk);
    let mut stream = server.connect();
    std::io::Write::write_all(&mut stream, request("GET", "/feeds/long.mp3", &[]).as_bytes()).unwrap();
    let read = std::io::copy(&mut stream, &mut std::io::sink()).unwrap();
    assert!(read > LENGTH);
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let peak: u64 = status.split("VmHWM:").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap();
    assert!(peak < 120_000, "{peak} kB");
}

#[test]
fn folders_are_their_page_and_what_is_not_there_is_said() {
    let desk = desk("");
    let server = Server::start(&desk);
    assert_eq!(server.get("/feeds/").text(), desk.read("feeds/index.html"));
    desk.write("feeds/radio/index.html", "<!doctype html>");
    for (path, to) in [("/feeds", "/feeds/"), ("/feeds/radio", "/feeds/radio/")] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, to));
    }
    for path in ["/", "/feed.xml", "/feeds/no.xml", "/feeds/editions/", "/feeds/editions", "/feedsx/feed.xml", "/feeds/feed.xml/"]
    {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("x-content-type-options")), (404, "nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "QUARTZ"] {
        let answer = server.ask(method, FEED, &[]);
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD, OPTIONS"), "{method}");
    }
    let preflight = server.ask(
        "OPTIONS",
        FEED,
        &["Origin: https://player.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: range"],
    );
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    assert!(preflight.header("access-control-allow-headers").contains("Range"), "{preflight:?}");
    assert!(preflight.header("access-control-allow-methods").contains("GET"), "{preflight:?}");
}

#[test]
fn former_addresses_lead_to_the_new_one() {
    let desk = desk("");
    let config = desk.read("config/griot.toml");
    let former =
        "former_feeds = [\"https://old.example.org/feeds/\", \"https://www.example.org/rss/\", \"https://www.example.org/\"]\n";
    desk.write("config/griot.toml", config.replace("language = ", &format!("{former}language = ")));
    let server = Server::start(&desk);
    let leads = |host: &str, path: &str| {
        let answer = server.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        (answer.status, answer.header("location").to_owned())
    };
    let to = |path: &str| (301, format!("https://www.example.org/feeds/{path}"));
    assert_eq!(leads("old.example.org", "/feeds/feed.xml"), to("feed.xml"));
    assert_eq!(leads("OLD.example.org:8080", "/feeds/a/b.xml?x=1&y"), to("a/b.xml?x=1&y"));
    assert_eq!(leads("www.example.org", "/rss/feed.xml"), to("feed.xml"));
    assert_eq!(leads("127.0.0.1", "/rss/"), to(""));
    assert_eq!(leads("www.example.org", "/podcast.xml"), to("podcast.xml"));
    assert_eq!(leads("www.example.org", "//evil.example/x"), to("/evil.example/x"));
    assert_eq!(leads("www.example.org", "/feeds/feed.xml"), (200, String::new()));
    assert_eq!(leads("www.example.org", "/feeds/no.xml"), (404, String::new()), "no way down without an end");
    assert_eq!(server.send(request("POST", "/rss/feed.xml", &[])).status, 404);
}

#[test]
fn every_answer_is_of_one_version() {
    let desk = desk("");
    let server = Server::start(&desk);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let _end = End(&done);
        for (name, length) in [("small.xml", 50_000), ("large.mp3", 1_500_000)] {
            let (desk, done) = (&desk, &done);
            let version = move |letter: u8, beside: &str| {
                desk.write(&format!("feeds/{beside}"), vec![letter; length]);
                std::fs::rename(desk.path(&format!("feeds/{beside}")), desk.path(&format!("feeds/{name}"))).unwrap();
            };
            version(b'a', ".beside");
            let beside = format!(".{name}");
            scope.spawn(move || {
                let mut letters = (b'a'..=b'z').cycle();
                while !done.load(Ordering::Relaxed) {
                    version(letters.next().unwrap(), &beside);
                }
            });
        }
        let mut seen = std::collections::HashMap::new();
        for _ in 0..60 {
            for path in ["/feeds/small.xml", "/feeds/large.mp3"] {
                let answer = server.get(path);
                assert_eq!(answer.status, 200, "{path}: {answer:?}");
                let first = answer.body[0];
                assert!(answer.is_whole() && answer.body.iter().all(|byte| *byte == first), "{path}");
                if path.ends_with("xml") {
                    let tag = seen.entry(answer.header("etag").to_owned()).or_insert(first);
                    assert_eq!(*tag, first, "one tag, one content");
                }
            }
        }
        assert!(seen.len() > 3, "{seen:?}");
    });
}

/// Tells those who write to stop, whether or not the case holds.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_sound_that_is_written_over_is_broken_off_and_not_mixed() {
    const LENGTH: usize = 40_000_000;
    let desk = desk("");
    desk.write("feeds/one.mp3", vec![b'a'; LENGTH]);
    let server = Server::start(&desk);
    let mut stream = server.connect();
    std::io::Write::write_all(&mut stream, request("GET", "/feeds/one.mp3", &[]).as_bytes()).unwrap();
    let mut body = vec![0; 100_000];
    stream.read_exact(&mut body).unwrap();
    // As `cp` does it: the same file, other bytes.
    let mut file = std::fs::File::options().write(true).open(desk.path("feeds/one.mp3")).unwrap();
    std::io::Write::write_all(&mut file, &vec![b'b'; LENGTH]).unwrap();
    stream.read_to_end(&mut body).unwrap();
    let start = body.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    let sound = &body[start..];
    assert!(sound.len() < LENGTH, "it was broken off");
    assert!(sound.iter().all(|byte| *byte == b'a'));
}
