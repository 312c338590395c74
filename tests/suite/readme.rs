use std::process::Command;

use crate::harness::{Desk, Ran};

/// What a user reads, in the order in which it leads on: the commands are run one after the other.
const PAGES: [&str; 7] = [
    include_str!("../../README.md"),
    include_str!("../../docs/feeds.md"),
    include_str!("../../docs/letters.md"),
    include_str!("../../docs/podcasts.md"),
    include_str!("../../docs/readers.md"),
    include_str!("../../docs/delivery.md"),
    include_str!("../../docs/settings.md"),
];

fn readme() -> String {
    PAGES.concat()
}

#[test]
fn every_console_block_prints_what_it_says() {
    // A clone as a newcomer has it: the config and the pages that the repository carries.
    let desk = Desk::bare();
    desk.write("config/griot.toml", include_str!("../../config/griot.toml"));
    desk.write("config/sample-page.txt", include_str!("../../config/sample-page.txt"));
    desk.write("config/sample-page.html", include_str!("../../config/sample-page.html"));
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_griot"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut commands = 0;
    for block in readme().split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for session in block.split("$ ").skip(1) {
            let (command, expected) = session.split_once('\n').unwrap();
            let ran = Ran::of(
                Command::new("sh")
                    .args(["-c", &command.replace("cargo run -q --", "griot").replace("cargo run --", "griot")])
                    .current_dir(desk.path(""))
                    .env("PATH", &path)
                    .env("NO_COLOR", "1"),
            );
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "$ {command}");
            assert_eq!(ran.stdout.trim_end(), expected.trim_end(), "$ {command}");
            commands += 1;
        }
    }
    assert!(commands >= 6, "only {commands} commands were found");
}

#[test]
fn every_setting_is_explained() {
    let readme = readme();
    let options = include_str!("../../src/config/options.rs");
    let mut section = String::new();
    let mut keys = 0;
    for line in options.lines() {
        if let Some(name) = line.trim().strip_prefix("pub struct ") {
            section = name.split("Options").next().unwrap().to_lowercase();
        }
        let Some((key, _)) =
            line.trim().strip_prefix("pub ").filter(|rest| !rest.contains("fn ")).and_then(|rest| rest.split_once(": "))
        else {
            continue;
        };
        let table = match section.as_str() {
            "" | "platform" => continue,
            "show" => "shows",
            "source" => "sources",
            "imap" => "bounces.imap",
            "list" => "lists",
            other => other,
        };
        assert!(readme.contains(&format!("`{table}.{key}`")), "`{table}.{key}` is not in README.md or docs/");
        keys += 1;
    }
    assert!(keys > 30, "only {keys} keys were found");
}

#[test]
fn every_key_of_a_show_and_of_a_note_is_explained() {
    let asked = |source: &str| -> Vec<String> {
        let code = source.split("#[cfg(test)]").next().unwrap();
        let keys = code.split("sheet.").skip(1).filter_map(|call| {
            let (name, rest) = call.split_once('(')?;
            let is_read =
                ["value", "needed", "short", "needed_short", "line", "url", "flag", "list", "tables", "table"].contains(&name);
            is_read.then(|| rest.trim_start().strip_prefix('"')?.split_once('"')).flatten().map(|(key, _)| key.to_owned())
        });
        keys.collect()
    };
    let show = asked(include_str!("../../src/config/shows.rs"));
    let readme = readme();
    let note = asked(include_str!("../../src/read/episode/keys.rs"));
    assert!(show.len() > 30 && note.len() > 25, "{show:?} {note:?}");
    for key in show {
        assert!(readme.contains(&format!("`shows.{key}`")), "`shows.{key}` is not in README.md or docs/");
    }
    let table = readme.split("| key of a note |").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    for key in note.iter().filter(|key| !["title", "published", "file", "rel", "captions", "language"].contains(&key.as_str())) {
        assert!(table.contains(&format!("`{key}`")), "`{key}` is not in the table of a note in docs/podcasts.md");
    }
}

#[test]
fn every_command_is_explained() {
    let readme = readme();
    let help = Desk::bare().done(&["--help"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 10, "{commands:?}");
    for command in commands {
        assert!(readme.contains(&format!("`griot {command}")), "`griot {command}` is not in README.md or docs/");
    }
}

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let anchor = |title: &str| -> String {
        let kept =
            title.to_lowercase().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')).collect::<String>();
        kept.replace(' ', "-")
    };
    let mut links = 0;
    for file in ["README.md", "docs/letters.md", "docs/feeds.md", "docs/podcasts.md", "docs/delivery.md", "docs/settings.md"] {
        let page = std::fs::read_to_string(root.join(file)).unwrap();
        for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.contains(char::is_whitespace) {
                continue;
            }
            let (path, section) = target.split_once('#').unwrap_or((target, ""));
            let named = if path.is_empty() { root.join(file) } else { root.join(file).parent().unwrap().join(path) };
            assert!(named.exists(), "{file}: {target}");
            if !section.is_empty() {
                let text = std::fs::read_to_string(&named).unwrap();
                let is_there = text
                    .lines()
                    .filter_map(|line| line.strip_prefix('#'))
                    .any(|title| anchor(title.trim_matches(['#', ' '])) == section);
                assert!(is_there, "{file}: {target}");
            }
            links += 1;
        }
    }
    assert!(links > 10, "{links}");
}
