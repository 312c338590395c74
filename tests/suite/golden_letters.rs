//! Whole letters, compared byte for byte in each of their forms: `tests/golden-letters/`.
//!
//! One article with every kind of block, one from right to left, a digest as long as mail programs allow, and one without
//! pictures. `GRIOT_UPDATE_GOLDEN=1 cargo test golden` writes what is made now: look at the difference then. The witnesses
//! look at the same files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Desk;

const FORMS: [&str; 3] = ["letter.html", "letter.txt", "letter.eml"];

fn folder(fixture: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden-letters").join(fixture)
}

/// The publication of a fixture with its pages, of which none is taken in yet.
fn desk(fixture: &str) -> Desk {
    let desk = Desk::bare();
    for entry in fs::read_dir(folder(fixture)).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        if !FORMS.contains(&name) && name != "griot.toml" {
            desk.write(name, fs::read(&file).unwrap());
        }
    }
    desk.write("config/griot.toml", fs::read(folder(fixture).join("griot.toml")).unwrap());
    desk
}

/// The letter of an edition is the one that is kept, in each of its forms.
#[track_caller]
fn compare(desk: &Desk, edition: &str, fixture: &str) {
    for form in FORMS {
        let made = fs::read(desk.path(&format!("feeds/editions/{edition}/{form}"))).unwrap();
        let file = folder(fixture).join(form);
        if std::env::var_os("GRIOT_UPDATE_GOLDEN").is_some() {
            fs::write(&file, &made).unwrap();
        }
        let kept = fs::read(&file).unwrap();
        let difference = || {
            let (made, kept) = (String::from_utf8_lossy(&made), String::from_utf8_lossy(&kept));
            let line = made.lines().zip(kept.lines()).position(|(made, kept)| made != kept);
            let line = line.unwrap_or_else(|| made.lines().count().min(kept.lines().count()));
            format!("line {}:\n{:?}\n{:?}", line + 1, made.lines().nth(line), kept.lines().nth(line))
        };
        assert!(made == kept, "{fixture}/{form} is not what is made now and what is kept: {}", difference());
    }
}

#[test]
fn a_letter_with_every_kind_of_block() {
    let desk = desk("latin");
    // Two minutes of silence, and a cover that is as large as its head says.
    let mut frame = vec![0xFF, 0xFB, 0x90, 0x44];
    frame.resize(417, 0);
    desk.write("episodes/41.mp3", frame.repeat(4_600));
    desk.write("episodes/41.md", desk.read("episode.md"));
    let head = [b"\0\0\0\x0DIHDR".as_slice(), &1400_u32.to_be_bytes(), &1400_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    desk.write("episodes/cover.png", [b"\x89PNG\r\n\x1a\n".as_slice(), &head, b"\0\0\0\0\0\0\0\0IEND\xAE\x42\x60\x82"].concat());
    desk.done(&["publish"]);
    desk.done(&["publish", "page.html"]);
    compare(&desk, "2026-02-13-the-night-bus-learns-to-swim", "latin");
}

#[test]
fn a_letter_from_right_to_left() {
    let desk = desk("arabic");
    desk.done(&["publish", "page.html"]);
    compare(&desk, "2026-02-20", "arabic");
}

#[test]
fn a_digest_as_long_as_mail_programs_allow() {
    let mut desk = desk("digest");
    let pages = fs::read_dir(folder("digest")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|page| page.extension().is_some_and(|ending| ending == "md"));
    let mut pages: Vec<String> = pages.map(|page| page.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    pages.sort();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    assert_eq!(pages.len(), 12);
    desk.at("2026-03-02T16:00:00Z").done(&[&["publish"], &pages[..]].concat());
    desk.at("2026-03-02T17:00:00Z").done(&["letter", "compose", "--items", "12"]);
    compare(&desk, "2026-03-02-2000-readers", "digest");
}

#[test]
fn a_letter_without_pictures() {
    let desk = desk("low-data");
    desk.done(&["publish", "page.md"]);
    compare(&desk, "2026-02-27-leau-nattend-pas-le-marche-part-a-midi", "low-data");
}
