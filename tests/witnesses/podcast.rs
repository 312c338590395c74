use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::programs::{Missing, program, python, told};

const FEED: &str = "feeds/river-talk/podcast.xml";

/// libxml2 takes the feed, and podcastparser finds each episode with its sound, and nothing else.
pub fn podcastparser() -> Result<(), Missing> {
    let xmllint = program("xmllint", "libxml2-utils")?;
    let python = python("podcastparser", "pip install podcastparser, or apt-get install python3-podcastparser")?;
    let desk = desk();
    let output = Command::new(xmllint).args(["--nonet", "--noout"]).arg(desk.path(FEED)).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let found = told(&python, "podcast.py", &[desk.path(FEED)]);
    let url = |name: &str| format!("https://www.example.org/feeds/river-talk/{name}");
    let episode = |name: &str, title: &str, published: i64, seconds: u32, bytes: u64| {
        json!({
            "guid": format!("tag:www.example.org,2026-03-0{name}"),
            "title": title,
            "published": published,
            "seconds": seconds,
            "enclosures": [[url(if seconds == 3 { "one.mp3" } else { "two.mp3" }), bytes, "audio/mpeg"]],
        })
    };
    let expected = json!({
        "title": "River Talk",
        "link": "https://www.example.org/",
        "cover": url("cover.png"),
        "type": "serial",
        "episodes": [
            episode("1:river-talk/one-two", "One & <two> ]]> 🎙", 1_772_366_400, 3, 41_700),
            episode("2:river-talk/two", "Two", 1_772_434_800, 21, 333_600),
        ],
    });
    assert_eq!(found, expected);
    Ok(())
}

/// The parser of the Podcast Index reads the tags of the namespace.
pub fn partytime() -> Result<(), Missing> {
    let node = program("node", "nodejs")?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/witnesses/");
    if !folder.join("node_modules/podcast-partytime").is_dir() {
        return Err(Missing::new("not installed (npm install --prefix target/witnesses podcast-partytime@5)"));
    }
    let desk = desk();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/witnesses/podcast.mjs");
    let output = Command::new(node).arg(script).arg(&folder).arg(desk.path(FEED)).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let at = |path: &str| found.pointer(path).unwrap_or_else(|| panic!("{path}: {found:#}")).clone();
    assert_eq!(at("/guid"), "f85bf9da-8881-5271-875d-3c1710fc00cf");
    assert_eq!((at("/locked"), at("/medium")), (true.into(), "podcast".into()));
    assert_eq!(at("/itunesCategory"), json!(["News > Daily News"]));
    assert_eq!(at("/podcastFunding"), json!([{ "message": "Give", "url": "https://www.example.org/give" }]));
    assert_eq!(at("/podroll/0/feedGuid"), "917393e3-1b1e-5cef-ace4-edaa54e1f810");
    assert_eq!(at("/license/identifier"), "cc-by-4.0");
    assert_eq!(at("/podcastLiveItems/0/contentLinks/0/url"), "https://www.example.org/live");
    assert_eq!((at("/items/1/itunesEpisode"), at("/items/1/duration")), (1.into(), 3.into()));
    assert_eq!(at("/items/1/podcastPeople/1/name"), "Ben & Co");
    assert_eq!(at("/items/1/podcastChapters/type"), "application/json+chapters");
    assert_eq!(at("/items/1/podcastTranscripts/0/type"), "text/vtt");
    assert_eq!(at("/items/0/podcastSoundbites/0"), json!({ "startTime": 0.5, "duration": 15, "title": "Best" }));
    Ok(())
}

/// griot measures of each format what ffprobe does, to the tenth of a second.
pub fn ffprobe() -> Result<(), Missing> {
    let ffmpeg = program("ffmpeg", "ffmpeg")?;
    let ffprobe = program("ffprobe", "ffmpeg")?;
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, codec: &[&str]| -> PathBuf {
        let file = folder.path().join(name);
        let noise = ["-loglevel", "error", "-f", "lavfi", "-i", "anoisesrc=d=7.5:a=0.2:seed=1"];
        let output = Command::new(&ffmpeg).args(noise).args(codec).arg(&file).output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        file
    };
    let made = [
        make("constant.mp3", &["-c:a", "libmp3lame", "-b:a", "96k"]),
        make("variable.mp3", &["-c:a", "libmp3lame", "-q:a", "5"]),
        make("mono.mp3", &["-c:a", "libmp3lame", "-ar", "16000", "-ac", "1"]),
        make("plain.m4a", &["-c:a", "aac"]),
        make("plain.opus", &["-c:a", "libopus", "-b:a", "24k"]),
        make("plain.ogg", &["-c:a", "libvorbis"]),
        make("plain.flac", &["-c:a", "flac"]),
        make("plain.wav", &["-c:a", "pcm_s16le"]),
        make("packed.wav", &["-c:a", "adpcm_ms"]),
    ];
    for file in made {
        let asked = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"];
        let output = Command::new(&ffprobe).args(asked).arg(&file).output().unwrap();
        let theirs: f64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        let sound = griot::read::sound::measure(&file).unwrap();
        let ours = std::time::Duration::from_millis(sound.millis).as_secs_f64();
        assert!((ours - theirs).abs() < 0.1, "{}: {ours} and {theirs}", file.display());
        // What is cut off is told, or is a shorter sound that is whole.
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len() * 2 / 3]).unwrap();
        assert!(griot::read::sound::measure(&file).is_err(), "{}", file.display());
    }
    Ok(())
}

/// A show with two episodes, of which the first has a bit of everything.
fn desk() -> Desk {
    let desk = Desk::with_config(
        r#"[[shows]]
name = "River Talk"
episodes = "episodes"
description = "Talk & more"
category = "News > Daily News"
explicit = false
image = "cover.png"
type = "serial"
license = "cc-by-4.0"
funding = [{ url = "https://www.example.org/give", text = "Give" }]
podroll = ["Road"]
live = [{ title = "Live", guid = "live-1", status = "pending", start = 2026-12-24T18:00:00Z, url = "https://www.example.org/s.mp3", links = ["https://www.example.org/live"] }]

[[shows]]
name = "Road"
guid = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
"#,
    );
    let head = [b"\0\0\0\x0DIHDR".as_slice(), &1400_u32.to_be_bytes(), &1400_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    desk.write("episodes/cover.png", [b"\x89PNG\r\n\x1a\n".as_slice(), &head, b"\0\0\0\0\0\0\0\0IEND\xAE\x42\x60\x82"].concat());
    let mut frame = vec![0xFF, 0xFB, 0x90, 0x44];
    frame.resize(417, 1);
    desk.write("episodes/one.mp3", frame.repeat(100));
    desk.write("episodes/two.mp3", frame.repeat(800));
    desk.write("episodes/one.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nGood morning.\n");
    desk.write(
        "episodes/one.md",
        "---\ntitle: 'One & <two> ]]> 🎙'\npublished: 2026-03-01\nepisode: 1\npersons: [Ada, {name: Ben & Co, role: guest}]\n\
         chapters: [{start: 0, title: In}]\n---\nWhat is **said** & meant.\n",
    );
    desk.write(
        "episodes/two.toml",
        "title = 'Two'\npublished = 2026-03-02T07:00\nepisode = 2\nsoundbites = [{ start = 0.5, length = 15, title = 'Best' }]\n",
    );
    desk.done(&["publish"]);
    desk
}
