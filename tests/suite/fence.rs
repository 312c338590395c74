use std::fs;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::harness::{Desk, RIVER, SAMPLE};
use crate::servers::mta::{Deed, Mta, Stage};

const EDITION: &str = "2026-03-04-a-river-rises";
const DB: &str = "config/griot.db";
const FENCE: &str = "config/griot.fence";
const DOCUMENTATION: &str = include_str!("../../docs/delivery.md");

/// A published article with three confirmed readers.
fn unsent(more: &str) -> (Mta, Desk) {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, more);
    desk.at("2026-03-04T13:00:00Z").write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    for reader in ["ada@one.example", "ba@two.example", "cy@three.example"] {
        desk.done(&["subscribers", "add", reader, "--confirmed", "asked"]);
    }
    (server, desk)
}

/// The same, sent to all but one, who waits for five minutes.
fn begun(more: &str) -> (Mta, Desk) {
    let (server, mut desk) = unsent(more);
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    assert_eq!(desk.griot(&["send"]).code, 75);
    assert_eq!(server.mailed(), ["ba@two.example", "cy@three.example"]);
    desk.at("2026-03-04T14:00:00Z");
    (server, desk)
}

/// A copy of the whole folder, as `cp -r` makes it, an hour after the sending began.
fn copy(desk: &Desk) -> Desk {
    let mut copy = Desk::bare();
    copy.at("2026-03-04T14:00:00Z");
    for (path, bytes, _) in desk.snapshot("") {
        copy.write(path.strip_prefix(desk.path("")).unwrap().to_str().unwrap(), bytes);
    }
    copy
}

fn bytes(desk: &Desk, name: &str) -> Vec<u8> {
    fs::read(desk.path(name)).unwrap()
}

/// Tells why this desk sends nothing; it sends nothing and the ledger stays as it is.
#[track_caller]
fn fenced_off(desk: &Desk, server: &Mta) -> String {
    let (mailed, ledger) = (server.mailed(), bytes(desk, DB));
    let ran = desk.griot(&["send"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
    let rest = ran.stderr.strip_prefix(
        "error: this ledger is a copy, or was restored from a backup: it sends nothing, since another griot may have sent the same\n  \
         caused by: ",
    );
    let why = rest.and_then(|rest| {
        rest.strip_suffix("\n\nhint: `griot adopt` makes it the one that sends: read `griot help adopt` first\n")
    });
    let why = why.unwrap_or_else(|| panic!("{ran:?}")).to_owned();
    assert_eq!(server.mailed(), mailed);
    assert_eq!(bytes(desk, DB), ledger);
    assert_eq!(state(desk), Value::String(why.clone()));
    why
}

/// What `griot status` says of the fence.
#[track_caller]
fn state(desk: &Desk) -> Value {
    let status: Value = serde_json::from_str(&desk.done(&["status", "--json"])).unwrap();
    status["fenced_off"].clone()
}

/// The fence with another count.
fn count(desk: &Desk, change: impl Fn(u64) -> u64) {
    let mut words: Value = serde_json::from_str(&desk.read(FENCE)).unwrap();
    words["epoch"] = change(words["epoch"].as_u64().unwrap()).into();
    // In place: it stays the file that it says it is.
    desk.write(FENCE, words.to_string());
}

#[test]
fn a_copy_publishes_and_sends_nothing_and_the_other_goes_on() {
    let (server, desk) = begun("");
    let copy = copy(&desk);
    let why = fenced_off(&copy, &server);
    assert_eq!(why, "`griot.db` and `griot.fence` are not the files that sent last");
    let text = copy.done(&["status"]);
    assert!(text.contains(&format!("fenced    off: this ledger sends nothing until `griot adopt`; {why}\n")), "{text}");

    copy.write("inbox/page.txt", SAMPLE);
    let ran = copy.griot(&["run"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.stderr.matches("this ledger is a copy").count(), 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("changed   feeds/feed.xml\n") && copy.exists("inbox/done/page.txt"), "{}", ran.stdout);
    // A test mail is the desk's own affair.
    assert_eq!(copy.griot(&["send", "--test", "me@desk.example", EDITION]).code, 0);

    assert_eq!(desk.done(&["run"]), format!("sent      1 of edition {EDITION} to `readers`\n"));
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example", "me@desk.example"]);
    assert_eq!(state(&desk), Value::Null);
}

#[test]
fn a_copy_that_only_publishes_says_nothing_of_it() {
    let (_server, desk) = begun("");
    desk.done(&["run"]);
    assert_eq!(copy(&desk).done(&["run"]), "");
}

#[test]
fn an_older_ledger_in_the_same_place_sends_nothing() {
    let (server, mut desk) = unsent("");
    let never_sent = bytes(&desk, DB);
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    desk.griot(&["send"]);
    assert!(!desk.exists("config/griot.db-wal"), "the ledger is one file");
    let (older, older_fence) = (bytes(&desk, DB), bytes(&desk, FENCE));
    desk.at("2026-03-04T14:00:00Z").done(&["send"]);
    let (last, last_fence) = (bytes(&desk, DB), bytes(&desk, FENCE));
    for ledger in [&never_sent, &older] {
        // Written over in place, as `cp` does: the file stays the same one.
        desk.write(DB, ledger);
        assert_eq!(fenced_off(&desk, &server), "`griot.fence` knows of later mail than the ledger");
    }
    // Both together, as a backup of the folder does.
    desk.write(FENCE, &older_fence);
    assert_eq!(fenced_off(&desk, &server), "`griot.db` and `griot.fence` are not the files that sent last");
    // The same ledger, but another file: nobody can say what was done with the first.
    desk.write(FENCE, &last_fence);
    desk.write(DB, &last);
    let fence = desk.path("kept");
    fs::copy(desk.path(DB), &fence).unwrap();
    fs::rename(&fence, desk.path(DB)).unwrap();
    assert_eq!(state(&desk), "`griot.db` and `griot.fence` are not the files that sent last");
}

#[test]
fn a_ledger_that_was_saved_in_the_middle_of_a_sending_is_older_than_its_end() {
    let (server, desk) = unsent("connections = 1\n");
    // While griot waits for a reply it writes nothing: the ledger is saved with its log.
    let saved = Arc::new(Mutex::new(None));
    let (files, save) = ([desk.path(DB), desk.path("config/griot.db-wal")], Arc::clone(&saved));
    let backup = move || *save.lock().unwrap() = Some(files.clone().map(|file| fs::read(file).unwrap()));
    server.rule(Stage::Kept, "cy@", Deed::Call(Arc::new(backup)), Some(1));
    desk.done(&["send"]);
    assert_eq!((server.count(), state(&desk)), (3, Value::Null));
    let [ledger, log] = saved.lock().unwrap().take().unwrap();
    desk.write(DB, &ledger);
    desk.write("config/griot.db-wal", &log);
    // The first command brings the log into the ledger.
    desk.done(&["status"]);
    assert_eq!(fenced_off(&desk, &server), "`griot.fence` knows of later mail than the ledger");
}

#[test]
fn a_folder_that_is_moved_goes_on() {
    let (server, desk) = begun("");
    let moved = Desk::bare();
    for name in ["config", "feeds"] {
        fs::rename(desk.path(name), moved.path(name)).unwrap();
    }
    let ran = moved.griot(&["run", "--now", "2026-03-04T14:00:00Z"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example"]);
}

#[test]
fn without_its_fence_or_with_another_one_a_ledger_sends_nothing() {
    let (server, desk) = begun("");
    let fence = bytes(&desk, FENCE);
    fs::remove_file(desk.path(FENCE)).unwrap();
    assert_eq!(fenced_off(&desk, &server), "`griot.fence` is missing, the file beside a ledger that has sent");
    for broken in ["", "{}", "\u{0}", "[1, 2]", &"{".repeat(100_000)] {
        desk.write(FENCE, broken);
        assert_eq!(fenced_off(&desk, &server), "`griot.fence` cannot be understood");
    }
    let (_other_server, other) = begun("");
    desk.write(FENCE, bytes(&other, FENCE));
    assert_eq!(fenced_off(&desk, &server), "`griot.fence` belongs to another ledger");
    fs::remove_file(desk.path(FENCE)).unwrap();
    fs::create_dir(desk.path(FENCE)).unwrap();
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.starts_with("error: failed to read `config/griot.fence`\n"), "{}", ran.stderr);
    fs::remove_dir(desk.path(FENCE)).unwrap();
    // Another file, even with all its words.
    desk.write(FENCE, fence);
    assert_eq!(fenced_off(&desk, &server), "`griot.db` and `griot.fence` are not the files that sent last");
}

#[test]
fn what_waits_in_an_adopted_copy_is_uncertain_and_nobody_is_mailed_twice() {
    let (server, mut desk) = begun("");
    let mut copy = copy(&desk);
    desk.done(&["run"]);
    let told = copy.done(&["adopt"]);
    assert_eq!(
        told,
        format!(
            "adopted   config/griot.db: from here on it sends\n\
             uncertain 1 of edition {EDITION} to `readers`: another griot may have sent these\n\
             passed    over what was published before now: no plan sends it, `griot send EDITION` does\n\
             unknown   which editions another griot has begun since, and which readers have left it since\n"
        )
    );
    assert_eq!(state(&copy), Value::Null);
    assert_eq!(copy.done(&["audit"]), format!("even      {EDITION} to `readers`, 3 recipients: 2 sent, 1 uncertain\n"));
    assert_eq!(
        copy.done(&["audit", "--who", "uncertain"]),
        "ada@one.example  the ledger was adopted from a copy: another griot may have sent this\n"
    );
    copy.at("2026-03-05T14:00:00Z");
    assert_eq!(copy.done(&["run"]), "");
    let ran = copy.griot(&["send", EDITION]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, format!("nothing   to send: edition {EDITION} has gone to `readers`\n").as_str())
    );
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example"]);

    // It sends: what is new goes out. And neither of the two can stand in for the other any more.
    copy.write("page.txt", SAMPLE);
    copy.done(&["publish", "page.txt"]);
    copy.done(&["send", "2023-11-17-mali-what-follows-the-armys-return-to-kidal"]);
    assert_eq!(server.mailed().len(), 6);
    desk.at("2026-03-05T15:00:00Z").write(DB, bytes(&copy, DB));
    assert_eq!(fenced_off(&desk, &server), "`griot.fence` belongs to another ledger");
}

#[test]
fn a_ledger_that_was_only_moved_to_another_disk_goes_on_with_what_waits() {
    let (server, desk) = begun("");
    let moved = copy(&desk);
    assert_eq!(moved.done(&["adopt", "--nothing-was-sent"]), "adopted   config/griot.db: from here on it sends\n");
    assert_eq!(moved.done(&["run"]), format!("sent      1 of edition {EDITION} to `readers`\n"));
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example"]);
}

#[test]
fn a_ledger_that_is_no_copy_is_left_alone() {
    let told = "nothing   to adopt: this ledger is no copy, and sends as it is\n";
    for (server, desk) in [unsent(""), begun("")] {
        let before = desk.snapshot("config");
        assert_eq!(desk.done(&["adopt"]), told);
        assert_eq!(desk.done(&["adopt", "--nothing-was-sent"]), told);
        let same = |(a, b): (&(_, Vec<u8>, _), &(_, Vec<u8>, _))| a.1 == b.1;
        let after = desk.snapshot("config");
        assert!(before.len() == after.len() && before.iter().zip(&after).all(same));
        desk.griot(&["send"]);
        assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example"]);
    }
}

/// A page of that day in March, with words that no other has.
fn page(day: u32) -> String {
    let what = ["ferry", "market", "school", "bridge", "radio"][day as usize % 5];
    format!(
        "The {what} of the town\n\nBy Ada Keita\n{day} March 2026\n\n\
         The {what} has been the talk of the upper square since dawn, and nobody there agrees with anybody else on it.\n\n\
         What the {what} will cost is known to the mayor alone, who was not to be found in his office on that morning.\n"
    )
}

#[test]
fn plans_of_an_adopted_copy_begin_with_what_is_published_from_then_on() {
    let plan = "[[schedule]]\nname = \"daily\"\nat = \"0 14 * * *\"\n";
    let (server, mut desk) = unsent(plan);
    desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 3);
    desk.at("2026-03-05T13:00:00Z").write("inbox/page.txt", page(5));
    desk.done(&["run"]);
    let (mut restored, mut moved) = (copy(&desk), copy(&desk));
    desk.at("2026-03-05T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 6);

    let ran = restored.at("2026-03-05T14:05:00Z").griot(&["run"]);
    assert!(ran.code == 1 && ran.stderr.contains("griot adopt"), "{ran:?}");
    let told = restored.done(&["adopt"]);
    assert!(
        told.contains("passed    over 2026-03-05T14:00:00Z of the plan `daily`: another griot may have seen to it\n"),
        "{told}"
    );
    assert_eq!(restored.done(&["run"]), "");
    restored.at("2026-03-06T14:00:00Z");
    assert_eq!(restored.done(&["run"]), "nothing   to send for the plan `daily`: no new article\n");
    // What it takes in again that the other had taken in: published before, and so no news.
    restored.write("inbox/again.txt", page(4));
    restored.at("2026-03-07T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 6);
    restored.write("inbox/new.txt", page(8));
    restored.at("2026-03-08T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed().len(), 9);

    moved.at("2026-03-05T14:05:00Z").done(&["adopt", "--nothing-was-sent"]);
    moved.done(&["run"]);
    assert_eq!(server.mailed().len(), 12, "as the desk said: nothing was sent");
}

#[test]
fn a_crash_between_ledger_and_fence_is_no_breach() {
    let (server, desk) = begun("");
    count(&desk, |epoch| epoch - 1);
    desk.done(&["send"]);
    assert_eq!(server.mailed().len(), 3);
    count(&desk, |epoch| epoch + 1);
    assert_eq!(state(&desk), "`griot.fence` knows of later mail than the ledger");
    // The very first time the fence comes before the ledger, without a count.
    let (server, unsent) = unsent("");
    unsent.write(FENCE, bytes(&desk, FENCE));
    assert_eq!(fenced_off(&unsent, &server), "`griot.fence` knows of later mail than the ledger");
    count(&unsent, |_| 0);
    unsent.done(&["send"]);
    assert_eq!(server.mailed().len(), 3);
    assert_eq!(state(&unsent), Value::Null);
}

#[test]
fn several_senders_at_once_do_not_trip_over_the_fence() {
    let (server, desk) = unsent("");
    for _ in 0..5 {
        let senders: Vec<_> = (0..4)
            .map(|_| desk.command(&["send"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
            .chain((0..2).map(|_| desk.command(&["status"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()))
            .collect();
        for sender in senders {
            let output = sender.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            // 75: what another one has in hand is not done yet.
            assert!(matches!(output.status.code(), Some(0 | 75)), "{output:?}");
            assert!(output.stderr.is_empty() && !told.contains("fenced"), "{output:?}");
        }
    }
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@three.example"]);
    assert_eq!(state(&desk), Value::Null);
    assert!(!desk.exists("config/.griot.fence.new"));
}

#[test]
fn the_readme_shows_what_a_restored_ledger_says() {
    let (_server, desk) = begun("");
    let copy = copy(&desk);
    let refused = copy.griot(&["send"]).stderr;
    let adopted = copy.done(&["adopt"]);
    for told in [refused, adopted] {
        assert!(DOCUMENTATION.contains(told.trim_end()), "{told}");
    }
}
