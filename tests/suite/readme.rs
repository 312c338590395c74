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
