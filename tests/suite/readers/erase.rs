//! Whoever is erased is nowhere, and stays away.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{fates, taken};
use crate::harness::{Desk, RIVER};
use crate::servers::mta::{ALL, Manners, Mta};

const ADA: &str = "ada.keita@one.example";

/// Files below the publication that hold the words, in whatever case.
fn holding(desk: &Desk, words: &[u8]) -> Vec<String> {
    let words = words.to_ascii_lowercase();
    let all = desk.snapshot("");
    let holds = |bytes: &[u8]| bytes.to_ascii_lowercase().windows(words.len()).any(|window| window == words);
    all.iter().filter(|(_, bytes, _)| holds(bytes)).map(|(path, ..)| name(path)).collect()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A desk that has mailed two readers, one of whom has been through all that the ledger keeps of a reader.
fn desk_with_a_past(server: &Mta) -> Desk {
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    let add = [
        "subscribers",
        "add",
        ADA,
        "--name",
        "Ada Keita-Traore",
        "--attribute",
        "town=Mopti-by-the-river",
        "--confirmed",
        "fair",
    ];
    desk.done(&add);
    desk.done(&["subscribers", "add", ADA, "--list", "others", "--confirmed", "fair"]);
    desk.done(&["subscribers", "add", "ben@two.example", "--confirmed", "fair"]);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["send"]);
    for report in [
        format!("From: x@one.example\nTo: letter@example.org\nSubject: failed\n\nno <{ADA}> here\n"),
        format!("From: <{}>\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nI am away.\n", ADA.to_uppercase()),
    ] {
        desk.griot_with_input(&["bounces", "take", "-"], report.as_bytes());
    }
    desk.done(&["subscribers", "remove", ADA, "--list", "others"]);
    desk
}

#[test]
fn nothing_is_left_of_whoever_is_erased() {
    let server = Mta::with(Manners::offering(&ALL));
    let desk = desk_with_a_past(&server);
    let audit = desk.done(&["audit"]);
    assert!(!holding(&desk, ADA.as_bytes()).is_empty());
    assert_eq!(
        desk.done(&["subscribers", "erase", ADA]),
        "erased    a***@o***: 2 subscriptions, 3 receipts, 1 letter, 2 reports\n"
    );
    for words in [ADA, "Keita-Traore", "Mopti-by-the-river"] {
        assert_eq!(holding(&desk, words.as_bytes()), Vec::<String>::new(), "{words}");
    }
    assert_eq!(desk.done(&["audit"]), audit, "the balance is as even as before");
    assert_eq!(
        desk.done(&["subscribers", "show", ADA]),
        "erased    2026-03-04T13:00:00Z: a keyed hash of the address is all that is left\n"
    );
    assert_eq!(desk.done(&["subscribers", "erase", ADA]), "unchanged a***@o*** was erased before\n");
    assert!(desk.done(&["subscribers", "list"]).contains("ben@two.example"));
    // What comes back later is about nobody, too.
    let late = format!(
        "From: Mail Delivery <mailer@one.example>\nTo: letter@example.org\nSubject: Undelivered\n\n<{ADA}>: gone ({ADA})\n\
         bounces+{}@example.org\n",
        ADA.replace('@', "=")
    );
    desk.griot_with_input(&["bounces", "take", "-"], late.as_bytes());
    for words in [ADA.to_owned(), ADA.replace('@', "=")] {
        assert_eq!(holding(&desk, words.as_bytes()), Vec::<String>::new(), "{words}");
    }
    assert!(desk.done(&["bounces", "list"]).contains("about a reader who was erased"), "{}", desk.done(&["bounces", "list"]));
    desk.done(&["bounces", "replay"]);
    desk.done(&["bounces", "list"]);
}

#[test]
fn who_was_erased_stays_away() {
    let server = Mta::with(Manners::offering(&ALL));
    let desk = desk_with_a_past(&server);
    desk.done(&["subscribers", "erase", ADA]);
    let ran = desk.griot(&["subscribers", "add", &ADA.to_uppercase(), "--confirmed", "asked anew"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, "error: A***@o*** was erased and is never mailed\n"));
    let ran = taken(&desk, format!("email\n{ADA}\nnew@x.example\n"));
    assert_eq!(fates(&ran), ["1 new on `readers`, confirmed", "1 not taken: they were erased"]);
    std::fs::remove_file(desk.path("list.csv")).unwrap();
    assert_eq!(holding(&desk, ADA.as_bytes()), Vec::<String>::new());
}

#[test]
fn letters_on_their_way_to_whoever_is_erased_are_accounted_for() {
    let server = Mta::with(Manners::offering(&ALL));
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    taken(&desk, "email\nr0@x.example\nr1@x.example\nr2@x.example\nr3@x.example\nr4@x.example\nr5@x.example\n");
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.griot(&["send", "--max-messages", "2"]);
    let sent = server.kept().len();
    desk.tamper("UPDATE delivery SET state = 'in flight' WHERE recipient = 'r5@x.example'");
    desk.tamper("UPDATE delivery SET state = 'claimed' WHERE recipient = 'r4@x.example'");
    desk.tamper("UPDATE delivery SET state = 'deferred', reply = '450 <R3@X.EXAMPLE> later' WHERE recipient = 'r3@x.example'");
    for at in 3..6 {
        desk.done(&["subscribers", "erase", &format!("r{at}@x.example")]);
    }
    std::fs::remove_file(desk.path("list.csv")).unwrap();
    assert!((3..6).all(|at| holding(&desk, format!("r{at}@x.example").as_bytes()).is_empty()));
    desk.griot(&["send"]);
    let audit = desk.done(&["audit"]);
    assert!(audit.starts_with("even ") && audit.contains("2 excluded") && audit.contains("1 uncertain"), "{audit}");
    desk.griot(&["send", "--resend-uncertain"]);
    assert_eq!((sent, server.kept().len()), (2, 3), "nobody writes to an address that nobody has");
    let audit = desk.done(&["audit"]);
    assert!(audit.starts_with("even ") && audit.contains("3 excluded"), "{audit}");
}

#[test]
fn an_older_ledger_erases_again() {
    let server = Mta::with(Manners::offering(&ALL));
    let desk = desk_with_a_past(&server);
    let backup = std::fs::read(desk.path("config/griot.db")).unwrap();
    desk.done(&["subscribers", "erase", ADA]);
    // The whole ledger is lost, and one from before the first erasure takes its place.
    desk.write("config/griot.db", &backup);
    assert!(!holding(&desk, ADA.as_bytes()).is_empty());
    desk.done(&["status"]);
    assert_eq!(holding(&desk, ADA.as_bytes()), Vec::<String>::new());
    let ran = desk.griot(&["subscribers", "add", ADA, "--confirmed", "asked anew"]);
    assert_eq!(ran.code, 1);
    // A ledger that is new, and one whose file was lost.
    std::fs::remove_file(desk.path("config/griot.db")).unwrap();
    let ran = desk.griot(&["subscribers", "add", ADA]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let tombstones = desk.read("config/griot.erased");
    std::fs::remove_file(desk.path("config/griot.erased")).unwrap();
    desk.done(&["status"]);
    assert_eq!(desk.read("config/griot.erased"), tombstones);
}

#[test]
fn an_erasure_that_was_cut_off_is_finished() {
    let server = Mta::with(Manners::offering(&ALL));
    let desk = desk_with_a_past(&server);
    let backup = std::fs::read(desk.path("config/griot.db")).unwrap();
    desk.done(&["subscribers", "erase", "ben@two.example"]);
    let one = desk.read("config/griot.erased");
    desk.done(&["subscribers", "erase", ADA]);
    let two = desk.read("config/griot.erased");
    // Stopped between the file and the ledger; and in the middle of the line, when nothing is promised yet.
    desk.write("config/griot.db", &backup);
    desk.write("config/griot.erased", &two[..two.len() - 10]);
    desk.done(&["status"]);
    assert!(holding(&desk, b"ben@two.example").is_empty() && !holding(&desk, ADA.as_bytes()).is_empty());
    desk.write("config/griot.erased", &two);
    desk.done(&["status"]);
    assert!(holding(&desk, ADA.as_bytes()).is_empty());
    assert!(two.starts_with(&one));
}

#[test]
fn tombstones_of_another_ledger_are_told() {
    let (one, other) = (Desk::new(), Desk::new());
    one.done(&["subscribers", "erase", ADA]);
    other.done(&["subscribers", "erase", ADA]);
    other.write("config/griot.erased", one.read("config/griot.erased"));
    let ran = other.griot(&["status"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: `griot.erased` belongs to another ledger\n\nhint: each ledger has a file of its own: put back the one of this ledger, or move it away\n"
        )
    );
    other.write("config/griot.erased", "nonsense\n");
    assert_eq!(other.griot(&["status"]).code, 1);
    assert_eq!(std::fs::metadata(one.path("config/griot.erased")).unwrap().permissions().mode() & 0o777, 0o600);
}
