use crate::harness::{Desk, RIVER};

#[test]
fn help_and_version_are_asked_for_and_go_to_stdout() {
    let desk = Desk::bare();
    assert_eq!(desk.done(&["--version"]), format!("griot {}\n", env!("CARGO_PKG_VERSION")));
    let help = desk.done(&["--help"]);
    for part in ["Usage: griot [OPTIONS] <COMMAND>", "Examples:", "Exit codes:\n  0   done, or nothing to do\n"] {
        assert!(help.contains(part), "{part} is missing in {help}");
    }
    for command in ["init", "read", "publish", "feed", "letter", "send", "subscribers", "run", "status", "audit"] {
        let help = desk.done(&[command, "--help"]);
        assert!(help.lines().count() > 8, "the help of `{command}` says too little: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
}

#[test]
fn wrong_arguments_exit_with_2_and_say_so_on_stderr() {
    let desk = Desk::new();
    for arguments in [&["pubish"][..], &["publish"], &["send", "--tset", "a@b.c"], &[]] {
        let ran = desk.griot(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
    assert!(desk.griot(&["pubish"]).stderr.contains("publish"), "the command that was meant");
}

#[test]
fn a_publication_starts_with_init_and_can_publish_at_once() {
    let desk = Desk::bare();
    assert_eq!(
        desk.done(&["init", "desk"]),
        "made      desk/config/griot.toml\nmade      desk/inbox\nmade      desk/feeds\n\
         next      put your own words into desk/config/griot.toml, then `griot publish PAGE`\n"
    );
    desk.write("desk/inbox/river.txt", RIVER);
    let ran = desk.griot(&["--config", "desk/config/griot.toml", "publish", "desk/inbox/river.txt"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.contains("wrote     desk/feeds/feed.xml\n"), "{}", ran.stdout);
    let ran = desk.griot(&["init", "desk"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: `desk/config/griot.toml` is there already\n"));
}

#[test]
fn the_config_is_found_from_a_folder_below() {
    let desk = Desk::new();
    desk.write("drafts/march/river.txt", RIVER);
    let mut command = desk.command(&["publish", "river.txt"]);
    let ran = crate::harness::Ran::of(command.current_dir(desk.path("drafts/march")));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(desk.exists("feeds/feed.xml"));
}

#[test]
fn quiet_says_nothing_of_what_goes_well() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    assert_eq!(desk.done(&["publish", "-q", "river.txt"]), "");
    assert_eq!(desk.done(&["status"]), "articles  1\nreaders   0 confirmed, 0 pending\n");
    let json: serde_json::Value = serde_json::from_str(&desk.done(&["status", "--json"])).unwrap();
    let expected = serde_json::json!({"articles": 1, "confirmed": 0, "pending": 0, "fenced_off": null, "sendings": [], "lists": [], "applications": []});
    assert_eq!(json, expected);
}

#[test]
fn the_clock_can_be_set_from_outside() {
    let mut desk = Desk::new();
    desk.variable("SOURCE_DATE_EPOCH", "1772582400");
    desk.write("river.txt", RIVER);
    // Midnight of 4 March 2026, by SOURCE_DATE_EPOCH alone: the article of that day is published at that instant.
    let mut command = desk.command(&["publish", "river.txt", "--now", "2026-03-04T00:00:00Z"]);
    assert_eq!(crate::harness::Ran::of(&mut command).code, 0);
    assert!(desk.read("feeds/feed.xml").contains("<pubDate>Wed, 04 Mar 2026 00:00:00 +0000</pubDate>"));
}
