use std::process::Command;

use crate::harness::{Desk, Ran};

const README: &str = include_str!("../../README.md");

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
    for block in README.split("```console\n").skip(1) {
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
            other => other,
        };
        assert!(README.contains(&format!("`{table}.{key}`")), "`{table}.{key}` is not in README.md");
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
    let note = asked(include_str!("../../src/read/episode/keys.rs"));
    assert!(show.len() > 30 && note.len() > 25, "{show:?} {note:?}");
    for key in show {
        assert!(README.contains(&format!("`shows.{key}`")), "`shows.{key}` is not in README.md");
    }
    let table = README.split("| key of a note |").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    for key in note.iter().filter(|key| !["title", "published", "file", "rel", "captions", "language"].contains(&key.as_str())) {
        assert!(table.contains(&format!("`{key}`")), "`{key}` is not in the table of a note in README.md");
    }
}

#[test]
fn every_command_is_explained() {
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
        assert!(README.contains(&format!("`griot {command}")), "`griot {command}` is not in README.md");
    }
}
