//! Rules of the house that a program can check.

use std::fs;
use std::path::{Path, PathBuf};

/// A room and what it may name.
const ROOMS: &[(&str, &[&str])] = &[
    ("cli", &["app", "config", "domain", "web"]),
    ("web", &["app", "domain"]),
    ("app", &["config", "domain", "mail", "read", "render", "store"]),
    ("read", &["domain"]),
    ("render", &["domain"]),
    ("mail", &["domain"]),
    ("store", &["domain"]),
    ("config", &["domain"]),
    ("domain", &[]),
];

/// What only one room may name.
const BOUND: &[(&str, &[&str])] = &[
    ("lettre", &["mail"]),
    ("tokio_rustls", &["mail"]),
    ("rustls_platform_verifier", &["mail"]),
    ("sqlx", &["store"]),
    ("reqwest", &["read"]),
    ("clap", &["cli"]),
    ("askama", &["render", "web"]),
    ("axum", &["web"]),
    ("hyper", &["web"]),
    ("hyper_util", &["web"]),
    ("quick_xml", &["read", "render"]),
    ("roxmltree", &["read"]),
    ("rss", &["render"]),
    ("toml", &["config", "read"]),
    ("tokio", &["cli", "app", "mail", "read", "web"]),
    ("serde", &["cli", "config", "read", "render", "store"]),
];

const LONGEST_FILE: usize = 500;

#[test]
fn imports_go_down_and_workshops_never_meet() {
    for (file, text) in sources() {
        let room = room_of(&file);
        let Some(room) = room else { continue };
        let allowed =
            ROOMS.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("{}: unknown room `{room}`", file.display())).1;
        assert!(!text.contains("super::super"), "{}: `super::super` hides which room is named", file.display());
        for named in text.match_indices("crate::").map(|(at, found)| &text[at + found.len()..]) {
            let named: String = named.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let fine = named == room || allowed.contains(&named.as_str());
            assert!(fine, "{}: `{room}` must not name `{named}`", file.display());
        }
    }
}

#[test]
fn what_only_one_room_may_know_only_it_names() {
    for (file, text) in sources() {
        let Some(room) = room_of(&file) else { continue };
        // What a module's own tests need is their affair.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (name, rooms) in BOUND {
            let named = code.contains(&format!("use {name}::"))
                || code.contains(&format!(" {name}::"))
                || code.contains(&format!("({name}::"));
            assert!(!named || rooms.contains(&room.as_str()), "{}: `{name}` belongs to {rooms:?}", file.display());
        }
    }
}

#[test]
fn no_file_is_too_long_to_read_and_nothing_is_left_for_later() {
    // Put together, so that this file may be searched too.
    let left_overs = [
        "to".to_owned() + "do!(",
        "unimplemented".to_owned() + "!(",
        "FIX".to_owned() + "ME",
        "XX".to_owned() + "X",
        "dbg".to_owned() + "!(",
    ];
    for (file, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{}: {lines} lines", file.display());
        for word in &left_overs {
            assert!(!text.contains(word), "{}: `{word}`", file.display());
        }
    }
}

#[test]
fn time_and_environment_come_in_at_the_door() {
    for (file, text) in sources() {
        if room_of(&file).is_none_or(|room| room == "cli") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["SystemTime::now", "Timestamp::now", "Zoned::now", "env::var", "rand::"] {
            assert!(!code.contains(word), "{}: `{word}`", file.display());
        }
    }
}

/// Every file of the library, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut out);
    assert!(out.len() > 40, "the walk through src/ is broken: {} files", out.len());
    out
}

fn collect(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Tests in files of their own may do what the code may not.
        if path.ends_with("tests") || path.ends_with("tests.rs") {
            continue;
        }
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            out.push((path, text));
        }
    }
}

/// The room a file belongs to; none for `main.rs` and `lib.rs`.
fn room_of(file: &Path) -> Option<String> {
    let below = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next()?.as_os_str().to_str()?.to_owned();
    Path::new(&first).extension().is_none().then_some(first)
}
