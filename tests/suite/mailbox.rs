use crate::bounces::{listed, returned, sent_with, suppressed};
use crate::harness::Desk;
use crate::servers::imap::{Deed, Imap};
use crate::servers::mta::Mta;

const READERS: &[&str] = &["ada@one.example", "ba@two.example", "cy@three.example"];
const TALK: &str = "Subject: hello\n\nIs anybody there?\n";

/// A desk whose edition has gone out, and whose reports lie in a mailbox on a server.
fn desk(imap: &Imap) -> (Desk, Mta) {
    let config = format!(
        "connections = 1\n[delivery]\nbounces = \"bounces@desk.example\"\n[bounces.imap]\nhost = \"127.0.0.1\"\nport = {}\n\
         user = \"desk\"\npassword_env = \"MAILBOX\"\n",
        imap.port
    );
    let (mut desk, server) = sent_with(&config, READERS);
    desk.variable("MAILBOX", "se\"cret");
    (desk, server)
}

fn fetches(heard: &[String]) -> Vec<&str> {
    heard.iter().filter_map(|command| command.strip_prefix("FETCH ")).map(|rest| rest.split(' ').next().unwrap()).collect()
}

#[test]
fn what_is_new_is_taken_once() {
    let imap = Imap::start();
    let (desk, server) = desk(&imap);
    imap.put(4, TALK);
    imap.put(9, &returned(&server, "ada@one.example", "5.1.1"));
    assert_eq!(desk.done(&["run"]), "took      2 reports: 1 hard, 1 unknown; 1 reader suppressed\n");
    let heard = imap.heard();
    assert_eq!(
        heard,
        ["CAPABILITY", "AUTHENTICATE PLAIN", "EXAMINE \"INBOX\"", "FETCH 1:2 (UID RFC822.SIZE BODY.PEEK[]<0.65536>)", "LOGOUT"]
    );
    let before = desk.snapshot("config");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!((desk.snapshot("config"), fetches(&imap.heard())), (before, Vec::<&str>::new()), "nothing is fetched again");
    imap.put(12, &returned(&server, "ba@two.example", "5.1.1"));
    assert_eq!(desk.done(&["bounces", "take", "--imap"]), "took      1 report: 1 hard; 1 reader suppressed\n");
    assert_eq!(fetches(&imap.heard()), ["2:2", "3:3", "3:3"], "the place of what is new is found by halving");
    // The folder was made anew on the server: its numbers mean something else, and each report still counts once.
    imap.state().validity = 8;
    imap.state().messages.iter_mut().for_each(|message| message.uid -= 3);
    imap.put(20, &returned(&server, "cy@three.example", "5.1.1"));
    assert_eq!(desk.done(&["run"]), "took      1 report: 1 hard; 1 reader suppressed; 3 known before\n");
    assert_eq!((suppressed(&desk), listed(&desk).len()), (3, 4));
    assert!(imap.state().messages.iter().all(|message| !message.seen), "nobody has read them");
}

#[test]
fn a_mailbox_that_cannot_be_read_stops_no_sending() {
    let imap = Imap::start();
    let (mut desk, _server) = desk(&imap);
    let faults = [
        ("greeting", Deed::Drop, "warning: ", "the connection to `127.0.0.1` broke: the server hung up", 75),
        ("greeting", Deed::Say(b"* BYE too busy\r\n".to_vec()), "warning: ", "turned us away: too busy", 75),
        ("greeting", Deed::Say(b"220 mail ESMTP\r\n".to_vec()), "error: ", "does not speak IMAP", 1),
        ("greeting", Deed::Say(b"* PREAUTH come in\r\n".to_vec()), "error: ", "it lets everybody in", 1),
        ("AUTHENTICATE", Deed::Say(b"g2 NO [UNAVAILABLE] later\r\n".to_vec()), "warning: ", "[UNAVAILABLE] later", 75),
        ("EXAMINE", Deed::Say(b"g3 NO no such folder\r\n".to_vec()), "error: ", "does not open the folder `INBOX`", 1),
        ("FETCH", Deed::Drop, "warning: ", "the server hung up", 75),
        ("FETCH", Deed::Say(b"* BYE shutting down\r\n".to_vec()), "warning: ", "turned us away: shutting down", 75),
        ("FETCH", Deed::Say([b"* 1 FETCH (".to_vec(), vec![b'('; 70_000]].concat()), "error: ", "a line of over 65536 bytes", 1),
        ("FETCH", Deed::Say(b"* 1 FETCH (BODY[] {99999999999}\r\n".to_vec()), "error: ", "an answer of over 256 MiB", 1),
        ("FETCH", Deed::Say(b"* 1 FETCH (BODY[] {10}\r\n".repeat(120)), "error: ", "does not speak IMAP", 1),
        ("FETCH", Deed::Flood(b"* 1 FETCH (UID 1)\r\n".repeat(400)), "error: ", "an answer of over 256 MiB", 1),
    ];
    imap.put(1, TALK);
    for (at, deed, begin, words, code) in faults {
        imap.state().deeds = vec![(at, deed)];
        let ran = desk.griot(&["run"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{words}: {ran:?}");
        let whole = format!("{begin}failed to read the mailbox `INBOX` at `127.0.0.1`\n");
        assert!(ran.stderr.starts_with(&whole), "{}", ran.stderr);
        assert!(ran.stderr.contains(words) && ran.stderr.contains("\nhint: "), "{words}: {}", ran.stderr);
    }
    imap.state().deeds = vec![("greeting", Deed::Drop)];
    assert_eq!(desk.griot(&["bounces", "take", "--imap"]).code, 75);
    imap.state().deeds.clear();
    // What else is due goes out, all the same.
    desk.write("inbox/river.txt", "A well runs dry\n\nBy Ada Keita\n4 March 2026\n\nThe well at the market has run dry, and nobody knows for how long it will be so.\n");
    desk.variable("MAILBOX", "wrong");
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("new       2026-03-04-a-well-runs-dry"), "{ran:?}");
    assert!(ran.stderr.contains("`127.0.0.1` refused the login: [AUTHENTICATIONFAILED] no, not ***"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("wrong"), "{}", ran.stderr);
    desk.variable("MAILBOX", "se\"cret");
    assert_eq!(desk.done(&["run"]), "took      1 report: 1 unknown\n");
}

#[test]
fn one_bad_message_does_not_stop_the_rest() {
    let imap = Imap::start();
    let (desk, server) = desk(&imap);
    for uid in 1..=60 {
        imap.put(uid, &format!("Subject: {uid}\n\nHello\n"));
    }
    imap.put(61, &returned(&server, "ada@one.example", "5.1.1"));
    imap.put(62, &returned(&server, "ba@two.example", "5.1.1"));
    let refusal = |command: &str| format!("g{command} NO damaged\r\n").into_bytes();
    // Login, two whole pages, and the third one piece by piece.
    imap.state().deeds = vec![
        ("FETCH 51:62 ", Deed::Say(refusal("6"))),
        ("FETCH 60:60 (", Deed::Say(refusal("16"))),
        ("FETCH 62:62 (", Deed::Say(refusal("19"))),
    ];
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stdout, "took      60 reports: 1 hard, 59 unknown; 1 reader suppressed\n", "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("it is passed over").count(), 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("failed to fetch message 62 of the mailbox at `127.0.0.1`"), "{}", ran.stderr);
    assert_eq!(desk.done(&["run"]), "", "they are told once");
}

#[test]
fn a_run_that_was_cut_off_goes_on_where_it_was() {
    let imap = Imap::start();
    let (desk, _server) = desk(&imap);
    for uid in 1..=60 {
        imap.put(uid, &format!("Subject: {uid}\n\nHello\n"));
    }
    imap.state().deeds = vec![("FETCH 26:50 ", Deed::Drop)];
    let ran = desk.griot(&["run"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (75, "took      25 reports: 25 unknown\n"));
    imap.state().deeds.clear();
    imap.heard();
    assert_eq!(desk.done(&["run"]), "took      35 reports: 35 unknown\n");
    assert_eq!(fetches(&imap.heard()).last(), Some(&"51:60"));
}

#[test]
fn big_messages_folders_and_marks() {
    let imap = Imap::start();
    let (desk, server) = desk(&imap);
    imap.state().abilities = "IMAP4rev1";
    let config = desk.read("config/griot.toml") + "folder = \"Rück\"\nseen = true\n";
    desk.write("config/griot.toml", config);
    let huge = returned(&server, "ada@one.example", "5.1.1") + &"x\n".repeat(3 << 20);
    imap.put(1, &huge);
    imap.put(2, &huge[..huge.len() - 2]);
    // One that knows no parts of messages sends all of it; others say what nobody asked for.
    imap.state().deeds = vec![
        ("EXAMINE", Deed::Drop),
        ("FETCH", Deed::SayFirst(b"* 5 EXPUNGE\r\n* OK hello\r\n* 9 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n* 1 FETCH (FLAGS (\\Recent))\r\n* what\r\n\r\n".to_vec())),
    ];
    assert_eq!(desk.done(&["run"]), "took      2 reports: 2 hard; 1 reader suppressed\n");
    let heard = imap.heard();
    assert!(heard.contains(&"LOGIN \"desk\" \"se\\\"cret\"".to_owned()), "{heard:?}");
    assert_eq!(heard[2], "SELECT \"R&APw-ck\"");
    assert!(heard.contains(&"STORE 1,2 +FLAGS.SILENT (\\Seen)".to_owned()), "{heard:?}");
    assert!(std::fs::metadata(desk.path("config/griot.db")).unwrap().len() < 2 << 20, "their beginnings are kept");
    imap.state().abilities = "IMAP4rev1 LOGINDISABLED";
    imap.put(3, TALK);
    let ran = desk.griot(&["bounces", "take", "--imap"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("offers no login by a password"), "{}", ran.stderr);
}

#[test]
fn a_mailbox_has_to_be_named() {
    let desk = Desk::new();
    let ran = desk.griot(&["bounces", "take", "--imap"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("has no `[bounces.imap]`"), "{}", ran.stderr);
    desk.write(
        "config/griot.toml",
        desk.read("config/griot.toml") + "\n[bounces.imap]\nhost = \"localhost\"\nuser = \"x\"\npassword = \"y\"\n",
    );
    let ran = desk.griot(&["run"]);
    assert!(ran.code == 2 && ran.stderr.contains("a password never stands in the config"), "{}", ran.stderr);
}
