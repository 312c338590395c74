use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{Desk, RIVER};
use crate::servers::mta::{Deed, Kept, Mta, Stage};

const EDITION: &str = "2026-03-04-a-river-rises";

/// A published article, these confirmed readers, and a server.
fn desk_of(readers: &[&str], more: &str) -> (Mta, Desk) {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, &format!("connections = 1\n{more}"));
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write("readers.csv", format!("email\n{}\n", readers.join("\n")));
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "signed up at the desk"]);
    (server, desk)
}

const READERS: [&str; 3] = ["ada@one.example", "ba@two.example", "cy@one.example"];

fn desk() -> (Mta, Desk) {
    desk_of(&READERS, "")
}

/// The plan for the list of the config, as JSON.
#[track_caller]
fn plan(desk: &Desk) -> Value {
    serde_json::from_str(&desk.done(&["send", "--plan", "--json"])).unwrap()
}

#[track_caller]
fn hash(desk: &Desk) -> String {
    plan(desk)["plan"].as_str().unwrap().to_owned()
}

/// Every recipient of the edition, by address.
#[track_caller]
fn recipients(desk: &Desk) -> BTreeMap<String, Value> {
    let audit: Value = serde_json::from_str(&desk.done(&["audit", EDITION, "--json"])).unwrap();
    let all = audit[0]["recipients"].as_array().unwrap();
    all.iter().map(|one| (one["address"].as_str().unwrap().to_owned(), one.clone())).collect()
}

fn message_id(kept: &[Kept], reader: &str) -> String {
    let message = &kept.iter().find(|kept| kept.to == reader).unwrap().data;
    let line = message.lines().find(|line| line.starts_with("Message-ID: <")).unwrap();
    line.trim_start_matches("Message-ID: <").trim_end_matches('>').to_owned()
}

#[test]
fn a_plan_says_who_and_what_and_changes_nothing() {
    let (server, desk) = desk_of(&READERS, "per_minute = 2\nper_hour = 2\n");
    desk.done(&["subscribers", "add", "pending@one.example"]);
    desk.done(&["subscribers", "add", "gone@one.example", "--confirmed", "asked"]);
    desk.done(&["subscribers", "remove", "gone@one.example"]);
    let before = desk.snapshot("config");
    let told = desk.done(&["send", "--plan"]);
    let found = plan(&desk);
    assert_eq!(desk.snapshot("config"), before, "neither ledger nor config");
    assert_eq!(server.connections(), 0);
    assert_eq!(desk.done(&["audit"]), "nothing has been sent yet\n");

    let (each, hash) = (found["message_bytes"].as_u64().unwrap(), found["plan"].as_str().unwrap());
    let expected = format!(
        "edition   {EDITION}  A river rises\nlist      readers\nnow       3 readers\nexcluded  1 left the list, 1 pending\n\
         bytes     {} ({each} each)\ntime      at least 1 h\ndomains   2 one.example, 1 two.example\nplan      {hash}\n",
        3 * each
    );
    assert_eq!(told, expected);
    let expected = json!({
        "edition": EDITION, "subject": "A river rises", "list": "readers", "now": 3, "paused": [], "later": 0,
        "excluded": {"left the list": 1, "pending": 1}, "states": null, "message_bytes": each, "bytes": 3 * each,
        "seconds": 3600, "domains": [{"domain": "one.example", "readers": 2}, {"domain": "two.example", "readers": 1}], "plan": hash,
    });
    assert_eq!(found, expected);

    // What it says of bytes is what the server gets, but for the length of an address.
    desk.griot(&["send"]);
    let got = u64::try_from(server.kept()[0].data.len()).unwrap();
    assert!(got.abs_diff(each) < 60, "{got} and {each}");
}

#[test]
fn a_plan_can_be_applied_as_it_is() {
    let (server, desk) = desk();
    let told = desk.done(&["send", "--apply", &hash(&desk)]);
    assert_eq!(told, format!("sent      3 of edition {EDITION} to `readers`\n"));
    assert_eq!(server.mailed(), READERS);
}

#[test]
fn a_plan_that_does_not_fit_any_more_sends_and_freezes_nothing() {
    #[track_caller]
    fn refused(server: &Mta, desk: &Desk, hash: &str, what: &str) {
        let ran = desk.griot(&["send", "--apply", hash]);
        let hint = format!(
            "look at it again with `griot send --plan {EDITION} --list readers`; a plan of another edition or list is applied with that named"
        );
        let expected = format!("error: the plan does not fit any more: {what}; nothing was sent\n\nhint: {hint}\n");
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr), (1, "", expected));
        assert_eq!(server.connections(), 0);
        assert_eq!(desk.done(&["audit"]), "nothing has been sent yet\n");
    }
    let (server, desk) = desk();
    let planned = hash(&desk);
    desk.done(&["subscribers", "add", "di@one.example", "--confirmed", "asked"]);
    refused(&server, &desk, &planned, &format!("the readers are not the same, 4 now of edition {EDITION} to `readers`"));
    // One comes, another leaves: as many as before, and not the same.
    desk.done(&["subscribers", "remove", "ada@one.example"]);
    refused(&server, &desk, &planned, &format!("the readers are not the same, 3 now of edition {EDITION} to `readers`"));

    let planned = hash(&desk);
    desk.write("river.txt", RIVER.replace("twenty years", "thirty years"));
    desk.done(&["publish", "river.txt"]);
    let letter = format!("edition {EDITION} to `readers` has another letter now");
    refused(&server, &desk, &planned, &letter);
    desk.done(&["subscribers", "remove", "di@one.example"]);
    refused(&server, &desk, &planned, &format!("{letter}, and the readers are not the same, 2 now"));

    // The sender is part of what was looked at, too.
    let planned = hash(&desk);
    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("letter@example.org", "other@example.org"));
    refused(&server, &desk, &planned, &letter);

    let ran = desk.griot(&["send", "--apply", "no-hash"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    desk.done(&["send", "--apply", &hash(&desk)]);
    assert_eq!(server.mailed(), READERS[1..]);
}

#[test]
fn an_applied_plan_goes_on_with_the_same_command_and_no_other_does() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 greylisted"), Some(1));
    let planned = hash(&desk);
    assert_eq!(desk.griot(&["send", "--apply", &planned]).code, 75);
    let waits = plan(&desk);
    assert_eq!((&waits["now"], &waits["later"], &waits["states"]), (&json!(0), &json!(1), &json!({"deferred": 1, "sent": 2})));
    desk.at("2026-03-04T13:10:00Z");
    let other = planned.replace(|c: char| c.is_ascii_digit(), "a");
    assert_eq!(desk.griot(&["send", "--apply", &other]).code, 1);
    assert_eq!(server.mailed().len(), 2);
    let told = desk.done(&["send", "--apply", &planned]);
    assert_eq!(told, format!("sent      1 of edition {EDITION} to `readers`\n"));
    assert_eq!(server.mailed(), READERS);
}

#[test]
fn the_plan_of_a_sending_that_has_begun_is_about_those_who_wait() {
    let (server, mut desk) = desk();
    server.rule(Stage::Rcpt, "", Deed::Reply("451 4.7.1 greylisted"), Some(2));
    assert_eq!(desk.griot(&["send"]).code, 75);
    desk.done(&["subscribers", "remove", "ada@one.example"]);
    desk.done(&["subscribers", "add", "late@one.example", "--confirmed", "asked"]);
    desk.at("2026-03-04T13:10:00Z");
    let found = plan(&desk);
    assert_eq!((&found["now"], &found["later"]), (&json!(1), &json!(0)));
    assert_eq!(found["excluded"], json!({"left the list": 1, "came later": 1}));
    assert_eq!(found["domains"], json!([{"domain": "two.example", "readers": 1}]));
    desk.done(&["send", "--apply", found["plan"].as_str().unwrap()]);
    assert_eq!(server.mailed(), READERS[1..]);
    let done = plan(&desk);
    assert_eq!((&done["now"], &done["excluded"]), (&json!(0), &json!({"left the list": 1, "came later": 1})));
}

#[test]
fn who_gets_the_edition_by_another_list_is_not_in_the_plan_and_who_is_suppressed_neither() {
    let (server, desk) = desk();
    for reader in ["ada@one.example", "di@one.example", "no@one.example"] {
        desk.done(&["subscribers", "add", reader, "--confirmed", "asked", "--list", "friends"]);
    }
    desk.done(&["send"]);
    desk.tamper("INSERT INTO suppression (recipient, reason, since) VALUES ('no@one.example', 'asked', 0)");
    let found: Value = serde_json::from_str(&desk.done(&["send", "--plan", "--json", "--list", "friends"])).unwrap();
    assert_eq!((&found["now"], &found["excluded"]), (&json!(1), &json!({"by another list": 1, "suppressed": 1})));
    let hash = found["plan"].as_str().unwrap();
    assert_eq!(desk.griot(&["send", "--apply", hash]).code, 1, "it is that of another list");
    desk.done(&["send", "--apply", hash, "--list", "friends"]);
    assert_eq!(server.mailed(), ["ada@one.example", "ba@two.example", "cy@one.example", "di@one.example"]);
    let found: Value = serde_json::from_str(&desk.done(&["send", "--plan", "--json", "--list", "friends"])).unwrap();
    assert_eq!((&found["now"], &found["excluded"]), (&json!(0), &json!({"by another list": 1, "suppressed": 1})));
}

#[test]
fn what_is_uncertain_is_sent_again_when_asked_with_the_same_bytes() {
    let (server, desk) = desk();
    server.rule(Stage::Kept, "ba@", Deed::Drop, Some(1));
    assert_eq!(desk.griot(&["send"]).code, 75);
    assert_eq!(recipients(&desk)["ba@two.example"]["tries"], 1);
    let told = desk.done(&["send", "--resend-uncertain"]);
    let again = format!("due       1 of edition {EDITION} again that were uncertain\n");
    assert_eq!(told, format!("{again}sent      1 of edition {EDITION} to `readers`\n"));
    let to_ba: Vec<String> = server.kept().into_iter().filter(|kept| kept.to == "ba@two.example").map(|kept| kept.data).collect();
    assert_eq!(to_ba.len(), 2);
    assert_eq!(to_ba[0], to_ba[1]);
    assert_eq!(recipients(&desk)["ba@two.example"]["tries"], 2);
    let told = desk.done(&["send", "--resend-uncertain"]);
    let nothing = format!("nothing   to send: edition {EDITION} has gone to `readers`\n");
    assert_eq!(told, again.replace("1 of", "0 of") + &nothing);
}

#[test]
fn doubt_about_what_was_never_sent_begins_no_sending() {
    let (server, desk) = desk();
    desk.write("mail.log", "");
    for way in [&["send", "--resend-uncertain"][..], &["send", "--settle-from", "mail.log"]] {
        let ran = desk.griot(way);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{way:?}");
        let what = format!("error: edition `{EDITION}` has not been sent to `readers`: nothing of it is in doubt\n\nhint: ");
        assert!(ran.stderr.starts_with(&what), "{}", ran.stderr);
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(desk.done(&["audit"]), "nothing has been sent yet\n");
}

#[test]
fn a_plan_does_not_cover_what_is_sent_again() {
    let (server, desk) = desk();
    server.rule(Stage::Kept, "ba@", Deed::Drop, Some(1));
    let planned = hash(&desk);
    assert_eq!(desk.griot(&["send", "--apply", &planned]).code, 75);
    server.rule(Stage::Rcpt, "ba@", Deed::Reply("451 4.3.0 later"), Some(1));
    assert_eq!(desk.griot(&["send", "--resend-uncertain"]).code, 75);
    let ran = desk.griot(&["send", "--apply", &planned]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("those who wait are not the same, 1 now"), "{}", ran.stderr);
}

/// Nine readers of whom those with an odd number are in doubt; the server has kept the mail of all.
fn in_doubt() -> (Mta, Desk) {
    let readers: Vec<String> = (1..=9).map(|number| format!("R{number}@one.example")).collect();
    let (server, desk) = desk_of(&readers.iter().map(String::as_str).collect::<Vec<_>>(), "");
    for reader in readers.iter().step_by(2) {
        server.rule(Stage::Kept, reader, Deed::Drop, None);
    }
    assert_eq!(desk.griot(&["send"]).code, 75);
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 9 recipients: 4 sent, 5 uncertain\n"));
    (server, desk)
}

/// What Postfix writes when it reads the header of a message, and when it has taken it.
fn taken(queue_id: &str, message_id: &str) -> String {
    format!(
        "Mar  4 13:00:01 mx postfix/smtpd[70]: {queue_id}: client=localhost[127.0.0.1]\n\
         Mar  4 13:00:01 mx postfix/cleanup[71]: {queue_id}: message-id=<{message_id}>\n\
         Mar  4 13:00:01 mx postfix/qmgr[9]: {queue_id}: from=<letter@example.org>, size=9115, nrcpt=1 (queue active)\n"
    )
}

fn delivered(queue_id: &str, to: &str, status: &str) -> String {
    format!(
        "Mar  4 13:00:02 mx postfix/smtp[72]: {queue_id}: to=<{to}>, relay=mx.one.example[192.0.2.1]:25, delay=0.5, \
         delays=0.1/0/0.2/0.2, dsn=2.0.0, status={status}\n"
    )
}

#[test]
fn the_log_of_the_server_settles_what_it_knows() {
    let (server, desk) = in_doubt();
    let kept = server.kept();
    let id = |number: u32| message_id(&kept, &format!("R{number}@one.example"));
    let before = recipients(&desk);
    let mut log = b"Mar  4 13:00:00 mx sshd[1]: \xff\xfe no line of Postfix\n".to_vec();
    log.extend(vec![b'x'; 100_000]);
    let lines = [
        "\n".to_owned(),
        // Delivered, after a while; its queue id is then given to somebody else's mail, which bounces.
        taken("4A1", &id(1)),
        delivered("4A1", "r1@one.example", "deferred (host mx.one.example said: 451 4.7.1 <R1@one.example> later)"),
        delivered("4A1", "r1@one.example", "sent (250 2.0.0 <r1@ONE.example> ok)"),
        "Mar  4 13:00:03 mx postfix/qmgr[9]: 4A1: removed\n".to_owned(),
        taken("4A1", "other@elsewhere.example"),
        delivered("4A1", "r1@one.example", "bounced (unknown user)"),
        // Taken, and given up.
        taken("4A3", &id(3)),
        delivered("4A3", "R3@one.example", "bounced (host mx said: 550 5.1.1 <R3@one.example>: unknown)"),
        // Taken, and the server still tries.
        taken("4A5", &id(5)),
        delivered("4A5", "r5@one.example", "deferred (connect to mx.one.example: timed out)"),
        // Its header was read, then the line broke.
        format!("Mar  4 13:00:01 mx postfix/cleanup[71]: 4A7: message-id=<{}>\n", id(7)),
        "Mar  4 13:00:01 mx postfix/smtpd[70]: lost connection after DATA (2000 bytes) from localhost[127.0.0.1]\n".to_owned(),
        // Settled long ago: what the log says of it is nobody's business any more.
        taken("4A2", &id(2)),
        delivered("4A2", "r2@one.example", "bounced (unknown user)"),
        // Made up by somebody who has seen another reader's letter.
        taken("4A9", &id(9).replace(|c: char| c.is_ascii_hexdigit(), "0")),
    ];
    log.extend(lines.concat().into_bytes());
    desk.write("mail.log", &log);

    let told = desk.done(&["send", "--settle-from", "mail.log"]);
    let settled = format!("settled   3 of edition {EDITION} to `readers`: 2 sent, 1 refused\n");
    assert_eq!(told, format!("{settled}uncertain 2 still: 1 not in the log, 1 begun and not taken, as far as the log goes\n"));
    assert_eq!(server.kept().len(), 9, "nothing is sent by it");

    let after = recipients(&desk);
    let state = |number: u32| {
        let row = &after[&format!("R{number}@one.example")];
        (row["state"].as_str().unwrap(), row["reply"].as_str().unwrap())
    };
    assert_eq!(state(1), ("sent", "in the mail log: sent (250 2.0.0 <R***@o***> ok)"));
    assert_eq!(state(3), ("refused", "in the mail log: bounced (host mx said: 550 5.1.1 <R***@o***>: unknown)"));
    assert_eq!(state(5), ("sent", "in the mail log: deferred (connect to mx.one.example: timed out)"));
    assert_eq!((state(7).0, state(9).0), ("uncertain", "uncertain"));
    for reader in ["R2@one.example", "R4@one.example", "R6@one.example", "R8@one.example", "R7@one.example", "R9@one.example"] {
        assert_eq!(after[reader], before[reader]);
    }
    // Again, from standard input: what is settled stays so.
    let ran = desk.griot_with_input(&["send", "--settle-from", "-"], &log);
    assert_eq!((ran.code, ran.stdout), (0, told.replace("3 of", "0 of").replace("2 sent, 1 refused", "0 sent, 0 refused")));
    // The rest goes out again.
    assert_eq!(desk.griot(&["send", "--resend-uncertain"]).code, 75, "the server loses the line again");
    assert_eq!(server.kept().len(), 11);
}

#[test]
fn a_file_that_is_no_mail_log_settles_nothing() {
    let (_server, desk) = in_doubt();
    let before = recipients(&desk);
    desk.write("mail.log", "Mar  4 13:00:00 mx sshd[1]: hello\n");
    let ran = desk.griot(&["send", "--settle-from", "mail.log"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stderr,
        "error: `mail.log` has no line by which Postfix takes or delivers a message\n\n\
         hint: name the log that Postfix writes, such as /var/log/mail.log; of a compressed one: `zcat FILE | griot send --settle-from -`\n"
    );
    for (file, words) in [("gone.log", "failed to open `gone.log`"), ("config", "failed to read `config`")] {
        let ran = desk.griot(&["send", "--settle-from", file]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        assert!(ran.stderr.starts_with(&format!("error: {words}")), "{}", ran.stderr);
    }
    assert_eq!(recipients(&desk), before);
}

#[test]
fn a_killed_sender_leaves_a_doubt_that_is_settled_at_once() {
    let (server, desk) = desk();
    server.rule(Stage::Kept, "ada@", Deed::Silence, Some(1));
    desk.killed_once(&["send"], || !server.kept().is_empty());
    desk.write("mail.log", taken("4A1", &message_id(&server.kept(), "ada@one.example")));
    let told = desk.done(&["send", "--settle-from", "mail.log"]);
    assert_eq!(told, format!("settled   1 of edition {EDITION} to `readers`: 1 sent, 0 refused\n"));
    desk.done(&["send"]);
    assert_eq!(server.mailed(), READERS, "nobody twice");
}

#[test]
fn an_audit_for_programs_tells_every_recipient() {
    let (server, desk) = desk();
    assert_eq!(desk.done(&["audit", "--json"]), "[]\n");
    server.rule(Stage::Rcpt, "ada@", Deed::Reply("451 4.7.1 <ada@one.example> greylisted"), None);
    server.rule(Stage::Rcpt, "ba@", Deed::Reply("550 5.1.1 no such user"), None);
    desk.griot(&["send"]);
    let balance = json!({
        "edition": EDITION, "list": "readers", "audience": 3, "even": true, "states": {"deferred": 1, "refused": 1, "sent": 1},
    });
    let told = |arguments: &[&str]| serde_json::from_str::<Value>(&desk.done(arguments)).unwrap();
    assert_eq!(told(&["audit", "--json"]), json!([balance]));
    let row = |address: &str, state: &str, reply: &str| {
        let changed = "2026-03-04T13:00:00Z";
        json!({"address": address, "state": state, "reply": reply, "tries": 1, "changed": changed})
    };
    let mut ada = row("ada@one.example", "deferred", "451 4.7.1 <a***@o***> greylisted");
    ada["not_before"] = json!("2026-03-04T13:05:00Z");
    let ba = row("ba@two.example", "refused", "550 5.1.1 no such user");
    let cy = row("cy@one.example", "sent", "250 2.0.0 queued as TEST");
    let with = |recipients: Value| {
        let mut object = balance.clone();
        object["recipients"] = recipients;
        json!([object])
    };
    assert_eq!(told(&["audit", EDITION, "--json"]), with(json!([ada, ba, cy])));
    assert_eq!(told(&["audit", "--who", "refused", "--json"]), with(json!([ba])));
    assert_eq!(told(&["audit", "--who", "uncertain", "--json"]), with(json!([])));
}

#[test]
fn a_balance_that_is_off_is_a_failure() {
    let (_server, desk) = desk();
    desk.done(&["send"]);
    desk.tamper("DELETE FROM delivery WHERE recipient = 'ba@two.example'");
    for arguments in [&["audit"][..], &["audit", EDITION, "--json"], &["audit", "--json"], &["audit", "--who", "sent"]] {
        let ran = desk.griot(arguments);
        assert_eq!(ran.code, 1, "{arguments:?}");
        assert_eq!(ran.stderr, "error: the balance is off: some recipients are in no state\n");
    }
    assert_eq!(desk.griot(&["audit"]).stdout, format!("OFF       {EDITION} to `readers`, 3 recipients: 2 sent\n"));
    let audit: Value = serde_json::from_str(&desk.griot(&["audit", "--json"]).stdout).unwrap();
    assert_eq!(audit[0]["even"], false);
}

#[test]
fn ways_that_exclude_each_other_are_refused() {
    let (_server, desk) = desk();
    let hash = hash(&desk);
    for arguments in [
        &["--plan", "--apply", &hash][..],
        &["--plan", "--test", "me@desk.example"],
        &["--plan", "--to-folder", "out"],
        &["--json"],
        &["--resend-uncertain", "--settle-from", "mail.log"],
        &["--resend-uncertain", "--apply", &hash],
        &["--settle-from", "mail.log", "--plan"],
    ] {
        let ran = desk.griot(&[&["send"], arguments].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    let (server, desk) = desk_of(&READERS, "per_minute = 2\n");
    desk.done(&["subscribers", "add", "pending@one.example"]);
    desk.done(&["subscribers", "add", "pending@two.example"]);
    desk.done(&["subscribers", "add", "gone@one.example", "--confirmed", "asked"]);
    desk.done(&["subscribers", "remove", "gone@one.example"]);
    shown(&desk, "## Look before you send");
    // So that the clock, which stands still, does not hold up the third reader.
    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("per_minute = 2", ""));
    server.rule(Stage::Kept, "ada@", Deed::Drop, Some(1));
    server.rule(Stage::Kept, "cy@", Deed::Drop, Some(1));
    assert_eq!(desk.griot(&["send"]).code, 75);
    desk.write("mail.log", taken("4A1", &message_id(&server.kept(), "ada@one.example")));
    shown(&desk, "## When something is in doubt");
}

/// Runs the commands of a section, in order: each prints what stands below it, but for bytes and hash, which follow the letter.
#[track_caller]
fn shown(desk: &Desk, section: &str) {
    let readme = concat!(include_str!("../../README.md"), include_str!("../../docs/delivery.md"));
    let section = readme.split_once(section).unwrap().1.split("\n## ").next().unwrap();
    let steady = |text: &str| -> Vec<String> {
        let varies = |line: &str| ["bytes ", "plan "].into_iter().find(|name| line.starts_with(name));
        text.trim_end().lines().map(|line| varies(line).unwrap_or(line).to_owned()).collect()
    };
    let blocks: String = section.split("```text\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    let sessions: Vec<&str> = blocks.split("$ griot ").skip(1).collect();
    assert!(!sessions.is_empty(), "the walk through the documentation is broken");
    for session in sessions {
        let (command, expected) = session.split_once('\n').unwrap();
        let arguments: Vec<&str> =
            command.split(' ').map(|word| if word == "/var/log/mail.log" { "mail.log" } else { word }).collect();
        assert_eq!(steady(&desk.done(&arguments)), steady(expected), "$ griot {command}");
    }
}
