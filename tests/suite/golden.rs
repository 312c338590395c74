//! A small publication with all of its feeds, compared as a whole, byte for byte: `tests/golden/`.
//!
//! `GRIOT_UPDATE_GOLDEN=1 cargo test golden` writes what is made now: look at the difference then.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Desk;

const PAGES: [&str; 5] = ["1-wells.md", "2-marche.md", "3-bridge.html", "4-rain.md", "5-night.txt"];

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The publication, published page by page.
fn published() -> Desk {
    let desk = Desk::bare();
    desk.write("config/griot.toml", fs::read(golden().join("griot.toml")).unwrap());
    for page in PAGES {
        desk.write(page, fs::read(golden().join("desk").join(page)).unwrap());
        desk.done(&["publish", page]);
    }
    desk
}

/// The files below a folder with their bytes, by their paths in it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                out.push((path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    out.sort();
    out
}

#[test]
fn a_publication_has_these_feeds() {
    let desk = published();
    let kept = golden().join("feeds");
    if std::env::var_os("GRIOT_UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&kept);
        for (name, bytes) in files(&desk.path("feeds")) {
            let file = kept.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, bytes).unwrap();
        }
    }
    let (made, kept) = (files(&desk.path("feeds")), files(&kept));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&kept));
    for ((name, made), (_, kept)) in made.iter().zip(&kept) {
        assert_eq!(String::from_utf8_lossy(made), String::from_utf8_lossy(kept), "{name}");
    }
}

#[test]
fn a_second_build_under_another_clock_and_place_touches_nothing() {
    let mut desk = published();
    let before = desk.snapshot("feeds");
    desk.at("2033-07-01T00:00:00Z").variable("TZ", "Pacific/Auckland").variable("LANG", "tr_TR.UTF-8").variable("LC_ALL", "C");
    assert_eq!(desk.done(&["feed", "build"]), "");
    assert_eq!(desk.snapshot("feeds"), before);
    // A clone without any file gets the same bytes again.
    fs::remove_dir_all(desk.path("feeds")).unwrap();
    desk.done(&["feed", "build"]);
    let bytes = |snapshot: Vec<(PathBuf, Vec<u8>, std::time::SystemTime)>| -> Vec<_> {
        snapshot.into_iter().map(|(file, bytes, _)| (file, bytes)).collect()
    };
    assert_eq!(bytes(desk.snapshot("feeds")), bytes(before));
}
