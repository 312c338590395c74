use std::fs;

use serde_json::Value;

use crate::harness::{Desk, RIVER};
use crate::servers::mta::{Kept, Mta};

const EDITION: &str = "2026-03-04-a-river-rises";
const CONFIG: &str = "connections = 1\n[delivery]\nbounces = \"bounces@desk.example\"\n[bounces]\nmaildir = \"mail\"\n";

/// A desk whose edition has gone to these readers, and what the server got.
fn sent_to(readers: &[&str]) -> (Desk, Mta) {
    sent_with(CONFIG, readers)
}

/// The same with another config.
pub fn sent_with(config: &str, readers: &[&str]) -> (Desk, Mta) {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, config);
    desk.at("2026-03-04T13:00:00Z");
    for folder in ["mail/new", "mail/cur", "mail/tmp"] {
        fs::create_dir_all(desk.path(folder)).unwrap();
    }
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.write("readers.csv", format!("email\n{}\n", readers.join("\n")));
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "signed up at the desk"]);
    desk.done(&["send"]);
    (desk, server)
}

/// The letter that a reader got last.
pub fn letter(server: &Mta, reader: &str) -> Kept {
    server.kept().into_iter().rfind(|kept| kept.to == reader).unwrap()
}

pub fn message_id(kept: &Kept) -> String {
    kept.data.lines().find(|line| line.starts_with("Message-ID: <")).unwrap().to_owned()
}

/// A report as Postfix writes it, to an address, about a recipient, with what it returns of the letter.
pub fn report(to: &str, recipient: &str, status: &str, returned: &str) -> String {
    format!(
        "Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@mx.example\nTo: {to}\nSubject: Undelivered Mail Returned to Sender\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\n\nThis is the mail system.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
         Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} no <{recipient}>\n\n\
         --b\nContent-Type: message/rfc822\n\n{returned}\n--b--\n"
    )
}

/// The report that a reader's letter has come back, with its Message-ID and nothing else of it.
pub fn returned(server: &Mta, reader: &str, status: &str) -> String {
    let kept = letter(server, reader);
    report("desk@desk.example", reader, status, &format!("{}\nSubject: A river rises\n\nText\n", message_id(&kept)))
}

fn piped(desk: &Desk, report: &str) -> String {
    let ran = desk.griot_with_input(&["bounces", "take", "-"], report.as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    ran.stdout
}

pub fn listed(desk: &Desk) -> Vec<Value> {
    let all: Value = serde_json::from_str(&desk.done(&["bounces", "list", "--json"])).unwrap();
    all.as_array().unwrap().clone()
}

/// An article that no other one is taken for.
fn article(title: &str, day: usize) -> String {
    let lines: Vec<String> = (1..4)
        .map(|line| format!("{title}, says line {line}, and nobody in the town has seen more of it for {line} years.\n"))
        .collect();
    format!("{title}\n\nBy Ada Keita\n{day} March 2026\n\n{}", lines.join("\n"))
}

/// How many would not get a further edition since they are suppressed.
pub fn suppressed(desk: &Desk) -> u64 {
    desk.write("next.txt", article("A well runs dry", 4));
    desk.done(&["publish", "next.txt"]);
    let plan: Value = serde_json::from_str(&desk.done(&["send", "2026-03-04-a-well-runs-dry", "--plan", "--json"])).unwrap();
    plan["excluded"]["suppressed"].as_u64().unwrap_or(0)
}

#[test]
fn a_letter_that_came_back_is_the_last_one() {
    let (desk, server) = sent_to(&["ada@one.example", "ba@two.example"]);
    let came_back = returned(&server, "ada@one.example", "5.1.1");
    assert_eq!(piped(&desk, &came_back), "took      1 report: 1 hard; 1 reader suppressed\n");
    assert_eq!(piped(&desk, &came_back), "took      0 reports; 1 known before\n");
    assert_eq!(
        desk.done(&["bounces", "list"]),
        format!("2026-03-04T13:00:00Z  hard (suppressed)  ada@one.example  {EDITION}  550 5.1.1 no <ada@one.example>\n")
    );
    let all = listed(&desk);
    assert_eq!((all.len(), &all[0]["status"], &all[0]["list"]), (1, &Value::from("5.1.1"), &Value::from("readers")));
    assert_eq!(suppressed(&desk), 1);
    desk.done(&["send", "2026-03-04-a-well-runs-dry"]);
    assert_eq!(server.kept().iter().filter(|kept| kept.to == "ada@one.example").count(), 1, "one letter, and no more");
    // What the server took, it took: the balance does not change.
    let audit = desk.done(&["audit", EDITION]);
    assert_eq!(audit, format!("even      {EDITION} to `readers`, 2 recipients: 2 sent\n"));
    // Nothing brings the reader back.
    desk.write("again.csv", "email\nada@one.example\n");
    desk.griot(&["subscribers", "import", "again.csv", "--apply", "--confirmed", "old list"]);
    assert_eq!(suppressed(&desk), 1);
}

#[test]
fn only_a_report_about_a_letter_from_here_counts() {
    let (desk, server) = sent_to(&["ada@one.example", "ba@two.example"]);
    let own = message_id(&letter(&server, "ba@two.example"));
    let (verp, plain) = ("bounces+ada=one.example@desk.example", "bounces@desk.example");
    let made_up = format!("Message-ID: <{EDITION}.{}@example.org>\n\n", "0123456789abcdef".repeat(2));
    let unknown = "took      1 report: 1 unknown\n";
    // Only an address; an id that was made up, even with the right address of return; another desk's letter.
    assert_eq!(piped(&desk, &report(plain, "ada@one.example", "5.1.1", "")), unknown);
    assert_eq!(piped(&desk, &report(verp, "ada@one.example", "5.1.1", &made_up)), unknown);
    assert_eq!(piped(&desk, &report(plain, "ada@one.example", "5.1.1", "Message-ID: <x.1@other.example>\n\n")), unknown);
    assert_eq!(piped(&desk, "Subject: hello\n\nIs anybody there?\n"), unknown);
    // A letter to one reader says nothing of another one.
    let of_another = report(plain, "ada@one.example", "5.1.1", &format!("{own}\n\n"));
    assert_eq!(piped(&desk, &of_another), "took      1 report: 1 hard; 1 reader suppressed\n");
    let addresses: Vec<Value> = listed(&desk).iter().map(|one| one["address"].clone()).filter(Value::is_string).collect();
    assert_eq!(addresses, ["ba@two.example"]);
    // A provider may hide whom the letter was for: its id is enough.
    let hidden = format!(
        "From: fbl@provider.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\
         Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x\nVersion: 1\n\n--b\nContent-Type: message/rfc822\n\n\
         {}\nTo: hidden@provider.example\n\n--b--\n",
        message_id(&letter(&server, "ada@one.example"))
    );
    assert_eq!(piped(&desk, &hidden), "took      1 report: 1 complaint; 1 reader suppressed\n");
    assert_eq!(desk.done(&["subscribers", "list"]), "confirmed ba@two.example  (signed up at the desk)\n");
    assert_eq!(listed(&desk).len(), 6, "each is kept");
}

#[test]
fn the_address_of_return_proves_the_reader() {
    let (desk, server) = sent_to(&["ada@one.example", "ba@two.example", "cy@three.example"]);
    let tokens: Vec<String> = ["ada@one.example", "ba@two.example", "cy@three.example"]
        .map(|reader| letter(&server, reader).from)
        .iter()
        .map(|from| from.strip_prefix("bounces+").unwrap().strip_suffix("@desk.example").unwrap().to_owned())
        .collect();
    assert!(tokens.iter().all(|token| token.len() == 39 && !token.contains("ada")), "{tokens:?}");
    let about = |to: &str, returned: &str| report(to, "mailbox17@backend.example", "5.1.1", returned);
    let own = format!("bounces+{}@desk.example", tokens[0]);
    let unknown = "took      1 report: 1 unknown\n";
    // Another letter's proof, a letter changed, another purpose, another mailbox.
    let made_up = format!("bounces+{}{}@desk.example", &tokens[0][..20], &tokens[1][20..]);
    assert_eq!(piped(&desk, &about(&made_up, "")), unknown);
    assert_eq!(piped(&desk, &about(&own.replace("desk", "other"), "")), unknown);
    let way_out = letter(&server, "ba@two.example").data;
    let leave = way_out.split_once("subject=unsubscribe%20").unwrap().1[..39].to_owned();
    assert_eq!(piped(&desk, &about(&format!("bounces+{leave}@desk.example"), "")), unknown);
    // An id that was made up takes nothing from the proof; mail systems may change capitals.
    let made_up = format!("Message-ID: <{EDITION}.{}@example.org>\n\n", "0123456789abcdef".repeat(2));
    let hard = "took      1 report: 1 hard; 1 reader suppressed\n";
    assert_eq!(piped(&desk, &about(&own, &made_up)), hard);
    assert_eq!(piped(&desk, &about(&format!("BOUNCES+{}@desk.example", tokens[1].to_uppercase()), "")), hard);
    // Letters that went out before there were tokens named the address.
    let stranger = report("bounces+eve=one.example@desk.example", "eve@one.example", "5.1.1", "");
    assert_eq!(piped(&desk, &stranger), unknown, "nobody was mailed there");
    assert_eq!(piped(&desk, &about("bounces+cy=three.example@desk.example", "")), hard);
}

#[test]
fn a_maildir_is_drained_by_the_tick() {
    let (desk, server) = sent_to(&["ada@one.example", "ba@two.example"]);
    desk.write("mail/new/1.a.mx", returned(&server, "ada@one.example", "5.1.1"));
    desk.write("mail/new/2.b.mx", "Subject: hello\n\nIs anybody there?\n");
    assert_eq!(desk.done(&["run"]), "took      2 reports: 1 hard, 1 unknown; 1 reader suppressed\n");
    assert!(desk.exists("mail/cur/1.a.mx:2,S") && desk.exists("mail/cur/2.b.mx:2,S") && !desk.exists("mail/new/1.a.mx"));
    let before = (desk.snapshot("config"), desk.snapshot("mail"));
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!((desk.snapshot("config"), desk.snapshot("mail")), before);
    // griot was killed after the ledger had it, and before the file had moved.
    fs::rename(desk.path("mail/cur/1.a.mx:2,S"), desk.path("mail/new/1.a.mx")).unwrap();
    assert_eq!(desk.done(&["run"]), "took      0 reports; 1 known before\n");
    assert!(desk.exists("mail/cur/1.a.mx:2,S"));
    // Without a ledger to keep it, the file stays.
    desk.write("mail/new/3.c.mx", returned(&server, "ba@two.example", "5.1.1"));
    desk.tamper("ALTER TABLE bounce RENAME TO lost");
    assert_eq!(desk.griot(&["run"]).code, 1);
    assert_eq!(desk.griot_with_input(&["bounces", "take", "-"], b"Subject: x\n\n").code, 75, "the mail server keeps it");
    assert!(desk.exists("mail/new/3.c.mx"));
    desk.tamper("ALTER TABLE lost RENAME TO bounce");
    assert_eq!(desk.done(&["bounces", "take", "--maildir", "mail"]), "took      1 report: 1 hard; 1 reader suppressed\n");
    // A Maildir that is not there is told, and keeps nothing else from being done.
    fs::remove_dir_all(desk.path("mail")).unwrap();
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error: failed to look into the Maildir `mail`\n"), "{}", ran.stderr);
}

#[test]
fn an_mbox_and_files_are_taken_and_left_as_they_are() {
    let (desk, server) = sent_to(&["ada@one.example", "ba@two.example"]);
    let (one, two) = (returned(&server, "ada@one.example", "4.4.1"), returned(&server, "ba@two.example", "5.7.1"));
    desk.write("all.mbox", format!("From MAILER-DAEMON  Wed Mar  4\n{one}\nFrom MAILER-DAEMON  Wed Mar  4\n{two}"));
    let before = desk.read("all.mbox");
    assert_eq!(desk.done(&["bounces", "take", "--mbox", "all.mbox"]), "took      2 reports: 1 soft, 1 policy\n");
    assert_eq!(desk.read("all.mbox"), before);
    desk.write("two.eml", &two);
    assert_eq!(desk.done(&["bounces", "take", "two.eml"]), "took      0 reports; 1 known before\n");
    let ran = desk.griot(&["bounces", "take", "--mbox", "two.eml"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("it is no mbox") && ran.stderr.contains("hint: "), "{}", ran.stderr);
    assert_eq!(desk.griot(&["bounces", "take"]).code, 2);
}

#[test]
fn most_of_a_domain_is_held_for_the_desk() {
    let readers =
        ["a@big.example", "b@big.example", "c@big.example", "d@big.example", "e@big.example", "f@big.example", "x@one.example"];
    let (desk, server) = sent_to(&readers);
    for reader in &readers[..4] {
        assert_eq!(piped(&desk, &returned(&server, reader, "5.1.1")), "took      1 report: 1 hard; 1 reader suppressed\n");
    }
    let words = format!(
        "held      5 readers at big.example bounced in edition {EDITION}: `griot bounces suppress big.example` or `forgive big.example`\n"
    );
    assert_eq!(piped(&desk, &returned(&server, "e@big.example", "5.1.1")), format!("{words}took      1 report: 1 hard\n"));
    assert_eq!(piped(&desk, &returned(&server, "f@big.example", "5.1.1")), "took      1 report: 1 hard\n");
    assert_eq!(suppressed(&desk), 0, "those before it, too");
    assert_eq!(desk.done(&["bounces", "list", "--held"]), format!("held      big.example  6 readers in edition {EDITION}\n"));
    assert!(listed(&desk).iter().all(|one| one["effect"] == "held"));
    assert_eq!(desk.griot(&["bounces", "forgive", "one.example"]).code, 1);
    assert_eq!(desk.done(&["bounces", "forgive", "Big.example"]), "forgiven  6 readers at Big.example: mailed on\n");
    assert_eq!((suppressed(&desk), desk.done(&["bounces", "list", "--held"]).as_str()), (0, ""));
    assert!(listed(&desk).iter().all(|one| one["effect"] == "forgiven"));
}

#[test]
fn a_domain_that_is_gone_is_suppressed_by_the_desk() {
    let readers = ["a@big.example", "b@big.example", "c@big.example", "d@big.example", "e@big.example"];
    let (desk, server) = sent_to(&readers);
    for reader in readers {
        piped(&desk, &returned(&server, reader, "5.1.1"));
    }
    assert_eq!(suppressed(&desk), 0);
    assert_eq!(desk.done(&["bounces", "suppress", "big.example"]), "suppress  5 readers at big.example: mailed no more\n");
    assert_eq!(suppressed(&desk), 5);
}

#[test]
fn full_mailboxes_get_some_editions_more() {
    let (mut desk, server) = sent_to(&["soft@one.example", "full@one.example", "fine@one.example"]);
    for day in 5..10 {
        desk.at(&format!("2026-03-0{day}T13:00:00Z"));
        let took = [("soft@one.example", "4.4.1"), ("full@one.example", "5.2.2")].map(|(reader, status)| {
            let is_mailed = !listed(&desk).iter().any(|one| one["address"] == reader && one["effect"] == "suppressed");
            is_mailed.then(|| piped(&desk, &returned(&server, reader, status)))
        });
        let now_suppressed = took.map(|told| told.is_some_and(|told| told.contains("suppressed")));
        assert_eq!(now_suppressed, [day == 7, day == 9], "after the edition before {day} March");
        let title =
            ["Rain in the north", "Wind from the sea", "Sand on the road", "Dust at the port", "Dawn over Mopti"][day - 5];
        desk.write("more.txt", article(title, day));
        desk.done(&["publish", "more.txt"]);
        desk.done(&["send", &format!("2026-03-0{day}-{}", title.to_lowercase().replace(' ', "-"))]);
    }
}

#[test]
fn reports_are_judged_again() {
    let (desk, server) = sent_to(&["ada@one.example", "ba@two.example"]);
    piped(&desk, &returned(&server, "ada@one.example", "5.1.1"));
    piped(&desk, &returned(&server, "ba@two.example", "5.7.1"));
    assert_eq!(desk.done(&["bounces", "replay"]), "judged    0 reports otherwise than before; 2 as before\n");
    // As if an older griot had taken one for the other.
    desk.tamper("UPDATE bounce SET class = 'policy' WHERE recipient = 'ada@one.example'; DELETE FROM suppression");
    assert_eq!(suppressed(&desk), 0);
    let told = "judged    1 report: 1 hard; 1 reader suppressed otherwise than before; 1 as before\n";
    assert_eq!(desk.done(&["bounces", "replay"]), told);
    assert_eq!(suppressed(&desk), 1);
    desk.tamper("UPDATE bounce SET class = 'hard', recipient = 'ba@two.example' WHERE recipient = 'ba@two.example'");
    desk.done(&["bounces", "replay"]);
    assert_eq!(suppressed(&desk), 1);
}

#[test]
fn a_pipe_of_any_size_and_any_bytes_is_one_report() {
    let (desk, server) = sent_to(&["ada@one.example"]);
    let huge = [returned(&server, "ada@one.example", "5.1.1").into_bytes(), vec![0; 10 << 20]].concat();
    let ran = desk.griot_with_input(&["bounces", "take", "-"], &huge);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "took      1 report: 1 hard; 1 reader suppressed\n"));
    assert!(fs::metadata(desk.path("config/griot.db")).unwrap().len() < 2 << 20, "its beginning is kept");
    let nothing = desk.griot_with_input(&["bounces", "take", "-"], b"");
    assert_eq!((nothing.code, nothing.stdout.as_str()), (0, "took      1 report: 1 unknown\n"));
    desk.write("rubbish.mbox", [&b"From \xff\0\n"[..], &[b'\n'; 5000], b"From \r", &vec![0xff; 70_000]].concat());
    // The second message is nothing but its first line, and so the same as the empty one of the pipe.
    let told = desk.done(&["bounces", "take", "--mbox", "rubbish.mbox"]);
    assert_eq!(told, "took      1 report: 1 unknown; 1 known before\n");
}
