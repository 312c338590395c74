use std::io::Write;
use std::process::{Command, Stdio};

use crate::bounces::{letter, listed, sent_with};
use crate::harness::{Desk, Ran};
use crate::servers::mta::Mta;

const CONFIG: &str = "connections = 1\n[delivery]\nbounces = \"bounces@desk.example\"\n[bounces]\nmaildir = \"mail\"\n";
const READERS: &[&str] = &["ada@one.example", "ba@two.example", "cy@three.example"];

fn desk() -> (Desk, Mta) {
    sent_with(CONFIG, READERS)
}

/// The token in the way out of a reader's letter.
fn token(server: &Mta, reader: &str) -> String {
    letter(server, reader).data.split_once("subject=unsubscribe%20").unwrap().1[..39].to_owned()
}

fn taken(desk: &Desk, mail: &str) -> String {
    let ran = desk.griot_with_input(&["bounces", "take", "-"], mail.as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{mail}");
    ran.stdout
}

fn readers(desk: &Desk) -> String {
    let all = desk.done(&["subscribers", "list"]);
    let reader = |line: &str| line.split_whitespace().find(|word| word.contains('@')).map(str::to_owned);
    all.lines().filter_map(reader).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_mail_with_a_token_takes_its_reader_off_the_list() {
    let (desk, server) = desk();
    let (ada, ba) = (token(&server, "ada@one.example"), token(&server, "ba@two.example"));
    // Whoever writes it: the token alone counts.
    let mail = format!("From: cy@three.example\nTo: leave@example.org\nSubject: unsubscribe {ada}\n\nBye\n");
    desk.write("mail/new/1.a.mx", &mail);
    assert_eq!(desk.done(&["run"]), "took      1 report: 1 leaving; 1 reader left\n");
    assert_eq!(readers(&desk), "ba@two.example cy@three.example");
    assert_eq!(taken(&desk, &mail), "took      0 reports; 1 known before\n");
    let again = format!("From: ada@one.example\nSubject: again\n\nPlease: {ada}\n");
    assert_eq!(taken(&desk, &again), "took      1 report: 1 leaving\n");
    let upper = format!("From: ba@two.example\nSubject: hi\nTo: <leave+{}@example.org>\n\n", ba.to_uppercase());
    assert_eq!(taken(&desk, &upper), "took      1 report: 1 leaving; 1 reader left\n");
    let list = desk.done(&["bounces", "list"]);
    assert!(list.contains(&format!("2026-03-04T13:00:00Z  leaving  ada@one.example  -  unsubscribe {ada}\n")), "{list}");
    assert_eq!((&listed(&desk)[0]["list"], &listed(&desk)[0]["edition"]), (&"readers".into(), &serde_json::Value::Null));
    // Who comes back is not put off again by the old mail, however often it is judged.
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "came back to us"]);
    let (back, kept) = (readers(&desk), desk.done(&["bounces", "replay"]));
    assert_eq!((back, kept.as_str()), (readers(&desk), "judged    0 reports otherwise than before; 3 as before\n"));
}

#[test]
fn a_mail_without_a_token_of_this_ledger_is_kept_and_does_nothing() {
    let (desk, server) = desk();
    let (ada, ba) = (token(&server, "ada@one.example"), token(&server, "ba@two.example"));
    let mixed = format!("{}{}", &ada[..20], &ba[20..]);
    let of_letter = letter(&server, "ada@one.example").data;
    let unknown = "took      1 report: 1 unknown\n";
    for mail in [
        "From: Ada <ada@one.example>\nSubject: Unsubscribe\n\nPlease!\n".to_owned(),
        format!("From: ada@one.example\nSubject: unsubscribe {mixed}\n\n"),
        format!("From: ada@one.example\nSubject: unsubscribe {}\n\n", "a".repeat(39)),
        // The token by which letters come back is for nothing else.
        format!("From: ada@one.example\nTo: {}\nSubject: x\n\n", letter(&server, "ada@one.example").from),
        // A reader's answer quotes the letter, way out and all.
        format!("From: ada@one.example\nSubject: Re: A river rises\n\nNice!\n\n{}", of_letter.replace("\r\n", "\n> ")),
        format!("From: friend@four.example\nSubject: Fwd: A river\n\n{}", of_letter.replace("\r\n", "\n")),
    ] {
        assert_eq!(taken(&desk, &mail), unknown, "{mail}");
    }
    let answer = format!("From: ada@one.example\nAuto-Submitted: auto-replied\nSubject: Re: unsubscribe {ada}\n\nI am away\n");
    assert_eq!(taken(&desk, &answer), unknown);
    let bounce = format!("Return-Path: <>\nFrom: MAILER-DAEMON@one.example\nSubject: Undelivered: unsubscribe {ada}\n\nSorry\n");
    assert_eq!(taken(&desk, &bounce), unknown);
    assert_eq!(readers(&desk), READERS.join(" "));
    let list = desk.done(&["bounces", "list"]);
    assert!(
        list.contains("unknown  -  -  asks to leave without a token that is known, from ada@one.example: Unsubscribe\n"),
        "{list}"
    );
    // Once a reader is erased, the token means nothing.
    desk.tamper("DELETE FROM subscriber WHERE recipient = 'ada@one.example'");
    assert_eq!(taken(&desk, &format!("From: x@y.example\nSubject: unsubscribe {ada}\n\n")), unknown);
}

#[test]
fn a_command_takes_the_reader_of_a_token_off_the_list() {
    let (desk, server) = desk();
    let [ada, ba] = ["ada@one.example", "ba@two.example"].map(|reader| token(&server, reader));
    assert_eq!(desk.done(&["unsubscribe", &ada]), "left      `readers`\n");
    assert_eq!(desk.done(&["unsubscribe", &ada]), "left      `readers` before\n");
    let ran = desk.griot_with_input(&["unsubscribe", "--json", "-"], format!("{ba}\n").as_bytes());
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "{\"left\":\"now\",\"list\":\"readers\"}\n"));
    let before = desk.done(&["unsubscribe", "--json", &ba.to_uppercase()]);
    assert_eq!(before, "{\"left\":\"before\",\"list\":\"readers\"}\n");
    assert_eq!(readers(&desk), "cy@three.example");
    for none in ["x", "", &"a".repeat(39), &format!("{}{}", &ada[..20], &ba[20..]), "%00"] {
        let ran = desk.griot(&["unsubscribe", "--json", none]);
        assert_eq!(
            (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
            (1, "{\"left\":\"unknown\",\"list\":null}\n", ""),
            "{none}"
        );
    }
    let ran = desk.griot_with_input(&["unsubscribe", "-"], &[0xff; 4000]);
    assert!(ran.code == 1 && ran.stderr.contains("the token is none of this ledger's"), "{ran:?}");
    desk.tamper("ALTER TABLE receipt RENAME TO lost");
    let ran = desk.griot(&["unsubscribe", &token(&server, "cy@three.example")]);
    assert_eq!((ran.code, ran.stdout.as_str()), (75, ""), "whoever clicked is to try again: {}", ran.stderr);
}

/// What the script that the repository carries answers to a request.
fn cgi(desk: &Desk, method: &str, query: &str) -> String {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_griot")).parent().unwrap();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/unsubscribe.cgi");
    let mut child = Command::new("sh")
        .arg(script)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", binary.display()))
        .env("GRIOT_CONFIG", desk.path("config/griot.toml"))
        .env("REQUEST_METHOD", method)
        .env("QUERY_STRING", query)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may not read what is posted; a closed pipe is fine.
    let _ = child.stdin.take().unwrap().write_all(b"List-Unsubscribe=One-Click");
    Ran::from(child.wait_with_output().unwrap()).stdout
}

#[test]
fn the_script_for_a_web_server_acts_on_post_alone() {
    let (desk, server) = desk();
    let ada = token(&server, "ada@one.example");
    let button = format!("<form method=\"post\" action=\"?t={ada}\"><button>Leave</button></form>");
    for method in ["GET", "HEAD", "GET"] {
        let page = cgi(&desk, method, &format!("utm=x&t={ada}"));
        assert!(page.starts_with("Status: 200 OK\r\n") && page.contains(&button), "{page}");
    }
    assert!(cgi(&desk, "PUT", &format!("t={ada}")).starts_with("Status: 405 "));
    for query in [
        "",
        "t=",
        "t=x",
        &format!("t={}", "a".repeat(39)),
        "t=$(touch%20x)",
        "t='><script>alert(1)</script>",
        &format!("x={ada}"),
    ] {
        let page = cgi(&desk, "POST", query);
        assert!(page.starts_with("Status: 404 "), "{query}: {page}");
        let page = cgi(&desk, "GET", query);
        assert!(page.contains("Leave") && !page.contains("script>alert"), "{query}: {page}");
    }
    assert_eq!(readers(&desk), READERS.join(" "));
    for _ in 0..2 {
        let page = cgi(&desk, "POST", &format!("t={ada}"));
        assert!(page.starts_with("Status: 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"), "{page}");
        assert!(page.contains("You have left the list."), "{page}");
    }
    assert_eq!(readers(&desk), READERS[1..].join(" "));
    desk.tamper("ALTER TABLE receipt RENAME TO lost");
    assert!(cgi(&desk, "POST", &format!("t={}", token(&server, "ba@two.example"))).starts_with("Status: 503 "));
}
