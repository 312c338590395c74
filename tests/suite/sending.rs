use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::harness::{Desk, RIVER};
use crate::servers::mta::{Deed, Manners, Mta, Stage};

const EDITION: &str = "2026-03-04-a-river-rises";

/// A published article and a list of these readers, to be mailed through a server at this port.
fn desk(port: u16, keys: &str, readers: &[String]) -> Desk {
    with(Desk::with_smtp(port, keys), readers)
}

fn with(mut desk: Desk, readers: &[String]) -> Desk {
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write("readers.csv", format!("email\n{}\n", readers.join("\n")));
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "signed up at the desk"]);
    desk
}

/// So many readers of a domain.
fn of(domain: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("r{number:03}@{domain}")).collect()
}

#[track_caller]
fn audit(desk: &Desk, counts: &str) {
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, {counts}\n"));
}

#[test]
fn a_limit_holds_over_all_runs() {
    let server = Mta::start();
    let mut desk = desk(server.port, "per_minute = 2\nper_hour = 3\n", &of("one.example", 4));
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    let why = "stopped: the limit of 2 messages in a minute is reached until 2026-03-04T13:01:00Z\n";
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
    assert_eq!(server.mailed().len(), 2);
    // The clock of a run that is given its time stands still.
    assert_eq!(desk.griot(&["run"]).code, 75);
    assert_eq!(server.mailed().len(), 2);
    let ran = desk.at("2026-03-04T13:01:00Z").griot(&["run"]);
    assert!(ran.stderr.contains("3 messages in an hour is reached until 2026-03-04T14:00:00Z"), "{}", ran.stderr);
    desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed(), of("one.example", 4));
}

#[test]
fn a_limit_holds_for_two_senders_together() {
    let server = Mta::with(Manners { latency: Duration::from_millis(3), ..Manners::default() });
    let mut desk = desk(server.port, "connections = 2\nper_hour = 130\n", &of("one.example", 200));
    let send = || desk.command(&["send"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (one, other) = (send(), send());
    for child in [one, other] {
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(75));
    }
    assert_eq!(server.mailed().len(), 130);
    // What one of them had taken and not used was given back, and a new one begins where the hour is over.
    desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert_eq!(server.mailed(), of("one.example", 200));
}

#[test]
fn a_sending_can_be_ended_early_and_goes_on_later() {
    let server = Mta::start();
    let desk = desk(server.port, "", &of("one.example", 5));
    assert_eq!(desk.griot(&["send", "--not-after", "2026-03-04T12:59:00Z"]).code, 75);
    assert_eq!(server.mailed().len(), 0);
    let ran = desk.griot(&["send", "--max-messages", "2"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert!(ran.stderr.contains("stopped: as many messages as were asked for have been tried\n"), "{}", ran.stderr);
    assert_eq!(server.mailed().len(), 2);
    audit(&desk, "5 recipients: 3 due, 2 sent");
    desk.done(&["send", "--max-messages", "9"]);
    assert_eq!(server.mailed(), of("one.example", 5));
    let refused = desk.griot(&["send", "--max-runtime", "soon"]);
    assert_eq!((refused.code, refused.stderr.contains("write it as 90s, 10m or 1h30m")), (2, true), "{}", refused.stderr);
}

#[test]
fn a_signal_ends_it_in_order() {
    let server = Mta::with(Manners { latency: Duration::from_millis(20), ..Manners::default() });
    let readers = of("one.example", 200);
    let desk = desk(server.port, "connections = 2\n", &readers);
    let child = desk.command(&["send"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while server.mailed().len() < 5 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(75));
    let kept = server.mailed().len();
    assert!(kept < 150, "{kept}");
    audit(&desk, &format!("200 recipients: {} due, {kept} sent", 200 - kept));
    desk.done(&["send"]);
    assert_eq!(server.mailed(), readers);
}

#[test]
fn an_address_that_does_not_exist_is_not_mailed_again() {
    let server = Mta::start();
    server.rule(Stage::Rcpt, "r001@", Deed::Reply("550 5.1.1 no such user"), None);
    server.rule(Stage::Rcpt, "r002@", Deed::Reply("550 5.7.1 not from you"), None);
    let mut desk = desk(server.port, "", &of("one.example", 3));
    assert_eq!(desk.griot(&["send"]).code, 75);
    audit(&desk, "3 recipients: 1 deferred, 1 refused, 1 sent");
    server.mend();
    desk.at("2026-03-05T13:00:00Z").write("dam.txt", "A dam holds\n\nBy Ada Lum\n\n5 March 2026\n\nThe dam at Kolo held through the night, and the people below it slept for the first time in a week, they said. It will be looked at again when the water falls.\n");
    desk.done(&["publish", "dam.txt"]);
    desk.done(&["send", "2026-03-05-a-dam-holds"]);
    let told = desk.done(&["audit", "2026-03-05-a-dam-holds"]);
    assert!(told.ends_with("3 recipients: 1 excluded, 2 sent\n"), "{told}");
}

#[test]
fn one_providers_wall_does_not_stop_the_others() {
    let server = Mta::start();
    server.rule(Stage::Rcpt, "@wall.example", Deed::Reply("554 5.7.1 blocked"), None);
    let readers = [of("good.example", 30), of("wall.example", 60)].concat();
    let mut desk = desk(server.port, "", &readers);
    let ran = desk.griot(&["send"]);
    assert_eq!(ran.code, 75, "{ran:?}");
    assert_eq!(server.mailed(), of("good.example", 30));
    let tried = server.heard().iter().filter(|line| line.starts_with("RCPT") && line.contains("@wall.example")).count();
    assert!((3..=8).contains(&tried), "{tried}");
    // It is left alone for a while, by later runs too.
    let plan = desk.done(&["send", "--plan"]);
    let paused = format!("paused    wall.example until 2026-03-04T13:15:00Z, as `127.0.0.1:{}` wanted\n", server.port);
    assert!(plan.contains(&paused), "{plan}");
    desk.at("2026-03-04T13:10:00Z").griot(&["run"]);
    let later = server.heard().iter().filter(|line| line.starts_with("RCPT") && line.contains("@wall.example")).count();
    assert!(later <= tried * 2, "{later}");
    server.mend();
    for hour in 14..18 {
        desk.at(&format!("2026-03-04T{hour}:30:00Z")).griot(&["run"]);
    }
    let mut all = readers;
    all.sort();
    assert_eq!(server.mailed(), all);
}

#[test]
fn servers_share_the_mail_and_stand_in_for_one_that_is_down() {
    let (one, two) = (Mta::start(), Mta::start());
    let keys = |port: u16, weight: u32| {
        format!(
            "connections = 1\nweight = 3\n[[smtp.more]]\nhost = \"127.0.0.1\"\nport = {port}\nconnections = 1\nweight = {weight}\n"
        )
    };
    let readers = of("one.example", 120);
    desk(one.port, &keys(two.port, 1), &readers).done(&["send"]);
    assert_eq!([one.mailed(), two.mailed()].concat().len(), readers.len());
    assert!(two.mailed().len() >= 15 && one.mailed().len() > two.mailed().len(), "{} {}", one.mailed().len(), two.mailed().len());
    // A server without weight only stands in.
    let (one, two) = (Mta::start(), Mta::start());
    desk(one.port, &keys(two.port, 0), &readers).done(&["send"]);
    assert_eq!((one.mailed().len(), two.mailed().len()), (readers.len(), 0));
    let (one, two) = (Mta::start(), Mta::start());
    one.rule(Stage::Greeting, "", Deed::Reply("421 4.3.2 not now"), None);
    desk(one.port, &keys(two.port, 0), &readers).done(&["send"]);
    assert_eq!(two.mailed(), readers);
}

#[test]
fn two_senders_take_different_readers() {
    let server = Mta::with(Manners { latency: Duration::from_millis(10), ..Manners::default() });
    // Enough that one sender cannot hold them all.
    let readers: Vec<String> = (0..1500).map(|number| format!("r{number:04}@d{:03}.example", number / 20)).collect();
    let desk = desk(server.port, "connections = 8\n", &readers);
    let send = || desk.command(&["send"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let first = send();
    while server.mailed().len() < 50 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let told = [send(), first].map(|child| String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap());
    let sent = told.each_ref().map(|told| {
        let line = told.lines().last().unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|count| count.parse::<usize>().ok()).unwrap_or_default()
    });
    assert_eq!((sent[0] + sent[1], sent[0] > 0), (1500, true), "{told:?}");
    assert_eq!(server.mailed(), readers);
}

#[test]
fn a_program_takes_the_mail_in_the_place_of_a_server() {
    let desk = with(Desk::with_config("[delivery]\nsendmail = \"bin/sendmail\"\n"), &of("one.example", 3));
    desk.write(
        "bin/sendmail",
        "#!/bin/sh\nfor to; do :; done\ncase $to in r001@*) exit 75;; r002@*) echo 'no such user' >&2; exit 67;; esac\ncat > \"$(dirname $0)/$to\"\n",
    );
    fs::set_permissions(desk.path("bin/sendmail"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(desk.griot(&["send"]).code, 75);
    audit(&desk, "3 recipients: 1 deferred, 1 refused, 1 sent");
    assert!(desk.read("bin/r000@one.example").contains("To: r000@one.example\n"));
}
