//! STARTTLS missing, refused, stripped, certificates that are wrong, logins that fail: nothing goes out in clear.

use super::{READERS, audit, desk, list};
use crate::harness::Desk;
use crate::servers::mta::{Deed, Manners, Mta, Stage};

const STARTTLS: [&str; 5] = ["PIPELINING", "8BITMIME", "CHUNKING", "STARTTLS", "AUTH PLAIN LOGIN"];
const KEYS: &str = "security = \"starttls\"\nca_file = \"right.pem\"\nuser = \"desk\"\npassword_file = \"password\"\n";
const RIGHT: &str = include_str!("../../fixtures/tls/right.pem");

fn secure(server: &Mta, keys: &str) -> Desk {
    let desk = desk(server, keys, &list(&READERS));
    desk.write("right.pem", RIGHT);
    desk
}

/// Nobody was mailed, everybody waits, and the server heard this at the most.
#[track_caller]
fn nothing_in_clear(name: &str, server: &Mta, desk: &Desk, codes: &[i32], may_hear: &[&str]) {
    let ran = desk.griot(&["send"]);
    assert!(codes.contains(&ran.code), "{name}: {ran:#?}");
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains("hint: "), "{name}: {ran:#?}");
    assert!(!ran.stderr.contains("hunter2"), "{name}: {ran:#?}");
    assert_eq!(audit(desk, name), (READERS.len(), vec![("due".to_owned(), READERS.len())]), "{name}");
    for line in server.heard() {
        // What is left of a handshake is no command.
        let is_command =
            line.split(' ').next().is_some_and(|verb| verb.len() > 3 && verb.bytes().all(|b| b.is_ascii_alphabetic()));
        assert!(!is_command || may_hear.iter().any(|may| line.starts_with(may)), "{name}: {line:?}");
    }
}

#[test]
fn letters_and_password_go_out_encrypted() {
    let server = Mta::with(Manners::offering(&STARTTLS));
    secure(&server, KEYS).done(&["send"]);
    assert_eq!(server.mailed(), READERS);
    assert_eq!(server.breaches(), Vec::<String>::new());
    let heard = server.heard();
    let verbs: Vec<&str> = heard.iter().filter_map(|line| line.split(' ').next()).take(5).collect();
    assert_eq!(verbs, ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"], "greeted anew once encrypted (RFC 3207, section 4.2)");
}

#[test]
fn without_starttls_nothing_is_sent() {
    let server = Mta::with(Manners::offering(&["PIPELINING", "8BITMIME", "AUTH PLAIN LOGIN"]));
    nothing_in_clear("missing", &server, &secure(&server, KEYS), &[1], &["EHLO", "QUIT"]);
}

#[test]
fn a_refused_starttls_is_not_gone_without() {
    for (reply, codes) in [
        ("454 4.7.0 TLS not available", [75]),
        ("502 5.5.1 not implemented", [1]),
        ("554 5.7.3 no", [1]),
        ("421 4.3.2 bye", [75]),
    ] {
        let server = Mta::with(Manners::offering(&STARTTLS));
        server.rule(Stage::StartTls, "", Deed::Reply(reply), Some(1));
        let desk = secure(&server, KEYS);
        nothing_in_clear(reply, &server, &desk, &codes, &["EHLO", "STARTTLS", "QUIT"]);
        desk.done(&["send"]);
        assert_eq!(server.mailed(), READERS, "{reply}");
    }
}

#[test]
fn somebody_on_the_line_who_keeps_it_in_clear_gets_nothing() {
    for deed in [
        Deed::Reply("220 2.0.0 go ahead"),
        Deed::Reply("220 2.0.0 go ahead\r\n250-mine.example\r\n250 AUTH PLAIN LOGIN\r\n235 2.7.0 welcome\r\n250 2.1.0 ok"),
        Deed::Drop,
        Deed::Rubbish,
        Deed::Twice,
    ] {
        let server = Mta::with(Manners::offering(&STARTTLS));
        server.rule(Stage::StartTls, "", deed, None);
        let desk = secure(&server, KEYS);
        nothing_in_clear("stripped", &server, &desk, &[1, 75], &["EHLO", "STARTTLS", "QUIT"]);
        server.mend();
        desk.done(&["send"]);
        assert_eq!(server.mailed(), READERS);
    }
}

#[test]
fn a_wrong_certificate_is_not_put_up_with() {
    let elsewhere = include_str!("../../fixtures/tls/elsewhere.pem");
    let expired = include_str!("../../fixtures/tls/expired.pem");
    for (name, certificate, trusted) in [
        ("of nobody that is trusted", RIGHT, elsewhere),
        ("of another host", elsewhere, elsewhere),
        ("that has run out", expired, expired),
    ] {
        let server = Mta::with(Manners { certificate, ..Manners::offering(&STARTTLS) });
        let desk = secure(&server, KEYS);
        desk.write("right.pem", trusted);
        nothing_in_clear(name, &server, &desk, &[1], &["EHLO", "STARTTLS"]);
    }
}

#[test]
fn a_login_that_fails_is_tried_once_and_costs_nobody_a_letter() {
    for (offers, reply, code) in [
        ("AUTH PLAIN LOGIN", "535 5.7.8 bad credentials", 1),
        ("AUTH PLAIN", "535 5.7.8 hunter2-secret is not it", 1),
        ("AUTH LOGIN", "535-5.7.8 Username and Password\r\n535 5.7.8 not accepted", 1),
        ("AUTH LOGIN PLAIN", "534 5.7.9 a password for this program is needed", 1),
        ("AUTH PLAIN LOGIN", "454 4.7.0 not now", 75),
    ] {
        let server = Mta::with(Manners::offering(&["STARTTLS", offers]));
        server.rule(Stage::Auth, "", Deed::Reply(reply), None);
        let desk = secure(&server, KEYS);
        nothing_in_clear(reply, &server, &desk, &[code], &["EHLO", "STARTTLS", "AUTH", "QUIT"]);
        assert_eq!(server.connections(), 1, "{reply}: one try: more would lock the account");
        assert_eq!(server.logins().len(), 1, "{reply}");
        server.mend();
        desk.done(&["send"]);
        assert_eq!(server.mailed(), READERS, "{reply}");
    }
}
