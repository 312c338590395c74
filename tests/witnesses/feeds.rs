use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Desk, SAMPLE};
use crate::pages::publish;
use crate::programs::{Missing, node_told, program, python, said, told};

const INSTALL_FEEDPARSER: &str = "pip install feedparser, or apt-get install python3-feedparser";

/// libxml2 takes both XML feeds without a word.
pub fn xmllint() -> Result<(), Missing> {
    let xmllint = program("xmllint", "libxml2-utils")?;
    let desk = Desk::new();
    publish(&desk);
    for feed in ["feeds/feed.xml", "feeds/atom.xml"] {
        let output = Command::new(&xmllint).args(["--nonet", "--noout"]).arg(desk.path(feed)).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success() && said.is_empty(), "{feed}: {}", String::from_utf8_lossy(&said));
    }
    Ok(())
}

/// feedparser reads the same articles out of RSS and Atom, whole.
pub fn feedparser() -> Result<(), Missing> {
    let python = python("feedparser", INSTALL_FEEDPARSER)?;
    let desk = Desk::new();
    publish(&desk);
    let mut read = told(&python, "feeds.py", &[desk.path("feeds/feed.xml"), desk.path("feeds/atom.xml")]);
    let [rss, atom] = &mut read.as_array_mut().unwrap()[..] else { panic!("{read}") };
    for (feed, version, name) in [(&*rss, "rss20", "feed.xml"), (&*atom, "atom10", "atom.xml")] {
        assert_eq!(feed["bozo"], Value::Null, "{name}");
        assert_eq!(feed["version"], version);
        assert_eq!(feed["title"], "The Desk");
        assert_eq!(feed["link"], "https://www.example.org/");
        assert_eq!(feed["language"], "en");
        assert_eq!(feed["self"], json!([format!("https://www.example.org/feeds/{name}")]));
    }
    let items = taken(rss, "entries");
    let entries = taken(atom, "entries");
    assert_eq!((items.len(), entries.len()), (3, 3));
    for (mut item, mut entry) in std::iter::zip(items.clone(), entries) {
        // Media RSS is for RSS.
        for only in ["media", "credits"] {
            item[only] = Value::Null;
            entry[only] = Value::Null;
        }
        assert_eq!(item, entry, "RSS and Atom");
    }
    let expected = [fish(), dunes(), kidal()];
    for (item, expected) in std::iter::zip(items, expected) {
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&item[key], value, "{key} of {}", item["id"]);
        }
    }
    Ok(())
}

/// newsboat keeps each article once, and finds nothing new when it comes again.
pub fn newsboat() -> Result<(), Missing> {
    let newsboat = program("newsboat", "newsboat")?;
    let sqlite = program("sqlite3", "sqlite3")?;
    let desk = Desk::new();
    publish(&desk);
    desk.write("home/.newsboat/config", "");
    for feed in ["feed.xml", "atom.xml"] {
        let cache = desk.path(&format!("home/{feed}.db"));
        let urls = desk.path("home/urls");
        desk.write("home/urls", format!("file://{}\n", desk.path(&format!("feeds/{feed}")).display()));
        let mut kept = Vec::new();
        for _ in 0..2 {
            let mut reload = Command::new(&newsboat);
            reload.arg("-u").arg(&urls).arg("-c").arg(&cache).args(["-x", "reload"]);
            // Its paths come from `HOME`; without a UTF-8 locale it would write question marks.
            let output = reload.env("HOME", desk.path("home")).env("LC_ALL", "C.UTF-8").output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let query = "select guid, title, url, author, pubDate from rss_item order by pubDate desc";
            let output = Command::new(&sqlite).arg("-json").arg(&cache).arg(query).output().unwrap();
            kept.push(serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}")));
        }
        assert_eq!(kept[0], kept[1]);
        let seen: Vec<Value> =
            kept[0].as_array().unwrap().iter().map(|item| json!([item["guid"], item["title"], item["url"]])).collect();
        let expected = [fish(), dunes(), kidal()].map(|item| json!([item["id"], item["title"], item["link"]]));
        assert_eq!(seen, expected, "{feed}");
    }
    Ok(())
}

/// The feeds of `tests/golden/`, which the suite holds to be those that griot writes: of each document its formats.
fn golden() -> Vec<[PathBuf; 3]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/feeds");
    let own = ["feed.xml", "atom.xml", "feed.json"].map(|name| folder.join(name));
    let archive = ["feed-0001.xml", "atom-0001.xml", "feed-0001.json"].map(|name| folder.join("archive").join(name));
    let mut out = vec![own, archive];
    for part in ["sections", "authors"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let json = entry.unwrap().path();
            if json.extension().is_some_and(|extension| extension == "json") {
                out.push([json.with_extension("xml"), json.with_extension("atom.xml"), json]);
            }
        }
    }
    assert!(out.len() >= 8, "{out:?}");
    out
}

/// libxml2 takes every file, the lists too.
pub fn xmllint_golden() -> Result<(), Missing> {
    let xmllint = program("xmllint", "libxml2-utils")?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/feeds");
    let lists = ["feeds.opml", "news-sitemap.xml"].map(|name| folder.join(name));
    let feeds = golden().into_iter().flat_map(|[rss, atom, _]| [rss, atom]);
    let files: Vec<PathBuf> = feeds.chain(lists).collect();
    let output = Command::new(&xmllint).args(["--nonet", "--noout"]).args(&files).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
    Ok(())
}

/// feedsmith reads the same out of all three formats of every feed: titles, all authors, topics, dates, ids, content.
pub fn feedsmith() -> Result<(), Missing> {
    let mut authors = 0;
    for formats in golden() {
        let read = node_told("feedsmith", &formats)?;
        let [rss, atom, json] = &read.as_array().unwrap()[..] else { panic!("{read}") };
        assert_eq!(rss, atom, "{}", formats[1].display());
        assert_eq!(rss, json, "{}", formats[2].display());
        for item in rss.as_array().unwrap() {
            authors += item["authors"].as_array().unwrap().len();
            assert!(item["html"].as_str().is_some_and(|html| html.contains("<p>")), "{item}");
        }
    }
    assert!(authors > 10, "{authors}");
    Ok(())
}

/// rss-parser reads the same ids, titles, links and dates out of RSS and Atom.
pub fn rss_parser() -> Result<(), Missing> {
    for [rss, atom, json] in golden() {
        let read = node_told("rss-parser", &[rss.clone(), atom])?;
        let [rss_items, atom_items] = &read.as_array().unwrap()[..] else { panic!("{read}") };
        assert_eq!(rss_items, atom_items, "{}", rss.display());
        let json: Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
        let seen = |items: &Value, id: &str| -> Vec<Value> {
            items.as_array().unwrap().iter().map(|item| json!([item[id], item["title"]])).collect()
        };
        assert_eq!(seen(rss_items, "id"), seen(&json["items"], "id"));
    }
    Ok(())
}

/// feed-rs, which Rust's readers stand on, reads the same out of all three formats of every feed.
pub fn feed_rs() -> Result<(), Missing> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/witnesses/feed-rs/debug/feed-rs-witness");
    if !program.is_file() {
        let build = "cargo build --manifest-path tests/witnesses/feed-rs/Cargo.toml --target-dir target/witnesses/feed-rs";
        return Err(Missing::new(format!("not built ({build})")));
    }
    let (mut authors, mut media) = (0, 0);
    for formats in golden() {
        let mut read = said(&mut Command::new(&program), &formats);
        let [rss, atom, json] = &mut read.as_array_mut().unwrap()[..] else { panic!("{read}") };
        assert_eq!([&rss["kind"], &atom["kind"], &json["kind"]], ["RSS2", "Atom", "JSON"]);
        assert_eq!([&rss["title"], &rss["title"]], [&atom["title"], &json["title"]]);
        let (items, entries, objects) = (taken(rss, "items"), taken(atom, "items"), taken(json, "items"));
        assert!(!items.is_empty() && items.len() == entries.len() && items.len() == objects.len(), "{formats:?}");
        for ((mut item, entry), mut object) in items.into_iter().zip(entries).zip(objects) {
            authors += item["authors"].as_array().unwrap().len();
            // Media RSS is for RSS.
            media += taken(&mut item, "media").len();
            assert_eq!(item, entry, "{}", formats[1].display());
            // JSON Feed tells of a change only where there was one.
            if object["updated"].is_null() {
                object["updated"] = object["published"].clone();
            }
            assert_eq!(item, object, "{}", formats[2].display());
        }
    }
    assert!(authors > 10 && media > 0, "{authors} authors, {media} pictures");
    Ok(())
}

fn taken(feed: &mut Value, key: &str) -> Vec<Value> {
    std::mem::take(feed[key].as_array_mut().unwrap())
}

fn fish() -> Value {
    json!({
        "id": "tag:www.example.org,2026-03-03:fish-chips-in-a-tin",
        "title": "Fish & <chips> ]]> in a tin 🐟",
        "link": "https://www.example.org/fish?tin=1&lid=0",
        "authors": ["A & B", "Çelik <Ö>"],
        "published": "2026-03-03T12:00:00Z",
        "tags": ["R&D", "a < b"],
        "text": [
            "First there was Fish & <chips> ]]> & an entity, 🐟👩‍🚀 and \"quotes\" in one paragraph.",
            "שלום עולם, and مرحبا بالعالم, run from right to left in the middle of a line.",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "A_quote_without_any_space_that_is_longer_than_the_screen_of_any_telephone_is_wide",
            "https://www.example.org/an/address/that/nobody/can/break/because/it/has/no/space/in/it?a=1&b=2",
            "if (a < b && c > d) { print(\"]]>\"); } /* a line of a program that is longer than the screen of a telephone */",
            "The last paragraph ends the page with a link.",
        ],
        "media": [],
        "credits": [],
    })
}

fn dunes() -> Value {
    json!({
        "id": "tag:www.example.org,2026-03-02:the-dunes-move-on",
        "title": "The dunes move on",
        "link": "https://www.example.org/dunes?from=front&page=1",
        "authors": ["Ada Keita", "Bâ Ü"],
        "published": "2026-03-02T06:30:00Z",
        "tags": ["Environment"],
        "text": [
            "In the north of the region the sand has buried two wells and a school since the rains ended, and the villagers dig in shifts to keep the third well open.",
            "The wall of the school in February. (Photo: Mariam Keita/Example Press)",
            "The head of the village council says that nobody has come from the capital, and that the trees planted ten years ago were cut for firewood by people who had no choice.",
            "A fence of millet stalks",
            "What holds the sand for now is a fence of millet stalks, woven by hand, that has to be renewed each spring and costs little but work.",
        ],
        "media": ["https://www.example.org/pictures/dune.jpg"],
        "credits": ["Mariam Keita/Example Press"],
    })
}

fn kidal() -> Value {
    json!({
        "id": "tag:www.example.org,2023-11-17:mali-what-follows-the-armys-return-to-kidal",
        "title": "Mali: What follows the army's return to Kidal?",
        "link": "https://short.example.org/p/k1d4l",
        "authors": ["Aminata Sow", "Boubacar Diallo", "Claire Reuter", "Ibrahim Ag Hamada"],
        "published": "2023-11-17T12:00:00Z",
        "tags": ["Security", "Mali"],
        "text": sample_passages(),
        "media": [],
        "credits": [],
    })
}

/// The passages of the sample page from its lead to its promo, as the page itself has them.
fn sample_passages() -> Vec<String> {
    let lines: Vec<&str> = SAMPLE.lines().filter(|line| !line.is_empty()).collect();
    let lead = lines.iter().position(|line| line.starts_with("Soldiers raised the flag")).unwrap();
    let mut passages = Vec::new();
    for (at, line) in lines.iter().enumerate().skip(lead) {
        // What a picture shows is for those who cannot see it, and there is no picture in a pasted page.
        let describes = lines.get(at + 1).is_some_and(|next| next.contains("Image: "));
        if describes || line.starts_with("https://") {
            continue;
        }
        passages.push(match line.split_once("Image: ") {
            Some((caption, credit)) => format!("{caption} (Photo: {credit})"),
            None => line.replace("Edited by: ", "Edited by "),
        });
    }
    passages.push("Listen to AfricaLink".to_owned());
    passages
}
