use serde_json::{Value, json};

use crate::bounces::{letter, returned, sent_with};
use crate::harness::Desk;
use crate::servers::mta::Mta;

const EDITION: &str = "2026-03-04-a-river-rises";
const READERS: &[&str] = &["ada@one.example", "ba@two.example", "cy@one.example", "di@three.example", "ed@one.example"];

/// A desk with all that can be counted.
fn desk() -> (Desk, Mta) {
    let (desk, server) = sent_with("connections = 1\n[delivery]\nbounces = \"bounces@desk.example\"\n", READERS);
    let take = |report: &str| assert_eq!(desk.griot_with_input(&["bounces", "take", "-"], report.as_bytes()).code, 0);
    take(&returned(&server, "ada@one.example", "5.1.1"));
    // The same letter a second time: one reader all the same.
    take(&returned(&server, "ada@one.example", "4.4.1"));
    take(&returned(&server, "ba@two.example", "5.7.1"));
    take(&format!(
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n\
         Feedback-Type: abuse\n\n--b\nContent-Type: message/rfc822\n\n{}\n\n--b--\n",
        letter(&server, "cy@one.example").data.lines().find(|line| line.starts_with("Message-ID: ")).unwrap()
    ));
    let token = letter(&server, "di@three.example").data.split_once("subject=unsubscribe%20").unwrap().1[..39].to_owned();
    desk.done(&["unsubscribe", &token]);
    desk.done(&["subscribers", "add", "eve@four.example"]);
    desk.tamper(
        "UPDATE subscriber SET since = since - 15 * 86400000 WHERE recipient = 'ed@one.example';
         INSERT INTO subscriber (list, recipient, address, state, since) VALUES ('others', 'x@y.example', 'x@y.example', 'left', 0);
         INSERT INTO fetched (day, feed, application, fetches, subscribers) VALUES
             ('2026-03-04', 'feed.xml', 'Feedly', 3, 12), ('2026-03-01', 'feed.xml', 'Feedly', 4, 10),
             ('2026-02-20', 'atom.xml', 'Feedly', 5, 7), ('2026-02-04', 'feed.xml', 'Feedly', 100, 900),
             ('2026-02-26', 'feed.xml', '<b>curl</b>', 1, 0), ('2026-02-25', 'feed.xml', '<b>curl</b>', 1, 0)",
    );
    (desk, server)
}

#[test]
fn all_that_a_desk_can_know_is_counted() {
    let (desk, _server) = desk();
    assert_eq!(
        desk.done(&["status"]),
        format!(
            "articles  1\nreaders   3 confirmed, 1 pending\n\
             lately    `readers`: 3 confirmed, 1 pending, 2 left in 4 weeks\n\
             even      {EDITION} to `readers`, 5 recipients: 5 sent; 2 came back (1 one.example, 1 two.example); 1 complained; 2 left after it\n\
             fetched   7 times in 7 days, 12 in 28 by Feedly, for 19 readers\n\
             fetched   1 time in 7 days, 2 in 28 by <b>curl</b>\n"
        )
    );
    let all: Value = serde_json::from_str(&desk.done(&["status", "--json"])).unwrap();
    assert_eq!(
        all["sendings"],
        json!([{
            "edition": EDITION, "list": "readers", "audience": 5, "states": {"sent": 5}, "even": true, "left": 2, "complained": 1,
            "bounced": {"readers": 2, "domains": {"one.example": 1, "two.example": 1}, "elsewhere": 0},
        }])
    );
    assert_eq!(all["applications"][0], json!({"application": "Feedly", "days_7": 7, "days_28": 12, "subscribers": 19}));
    assert_eq!(all["applications"][1]["subscribers"], Value::Null);
    let lists = all["lists"].as_array().unwrap();
    assert_eq!((lists.len(), &lists[0]["list"], &lists[0]["left"]), (2, &json!("others"), &json!(1)));
    assert!(lists[0]["weeks"].as_array().unwrap().iter().all(|week| week["left"] == 0), "it was long ago");
    let weeks = lists[1]["weeks"].as_array().unwrap();
    assert_eq!((weeks.len(), &weeks[0]["week"]), (12, &json!("2025-12-15")));
    assert_eq!(weeks[11], json!({"week": "2026-03-02", "confirmed": 2, "pending": 1, "left": 2}));
    assert_eq!(weeks[9], json!({"week": "2026-02-16", "confirmed": 1, "pending": 0, "left": 0}));
}

#[test]
fn the_page_has_the_same_numbers_and_is_written_once() {
    let (desk, _server) = desk();
    assert_eq!(desk.done(&["status", "--page", "numbers.html"]), "wrote     numbers.html\n");
    let before = (desk.read("numbers.html"), desk.snapshot("config"));
    assert_eq!(desk.done(&["status", "--page", "numbers.html"]), "unchanged numbers.html\n");
    assert_eq!((desk.read("numbers.html"), desk.snapshot("config")), before);
    let page = before.0;
    assert!(!page.contains("<script") && !page.contains("<b>curl") && !page.contains("@one.example"), "{page}");
    let row = format!(
        "<tr><th scope=\"row\">{EDITION}</th><td class=\"words\">readers</td><td>5</td><td>5</td><td>0</td><td>0</td><td>0</td>\
         <td>2</td><td>1</td><td>2</td><td class=\"words domains\">1 one.example, 1 two.example</td></tr>"
    );
    assert!(page.contains(&row), "{page}");
    assert!(page.contains("<title>2026-03-02: 2</title>"), "{page}");
    assert_eq!(desk.griot(&["status", "--json", "--page", "x.html"]).code, 2);
}

#[test]
fn what_is_over_is_counted_once_and_the_proof_is_counted_anew() {
    let (desk, _server) = desk();
    let status = desk.done(&["status"]);
    // The tally stands in the ledger now; the audit does not believe it.
    desk.tamper("DELETE FROM delivery WHERE recipient = 'ada@one.example'");
    assert_eq!(desk.done(&["status"]), status);
    let ran = desk.griot(&["audit"]);
    assert_eq!((ran.code, ran.stdout.starts_with("OFF ")), (1, true), "{ran:?}");
}

#[test]
fn what_waits_is_counted_until_it_is_over() {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, "connections = 1\n");
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", crate::harness::RIVER);
    desk.done(&["publish", "river.txt"]);
    for reader in READERS {
        desk.done(&["subscribers", "add", reader, "--confirmed", "asked"]);
    }
    assert_eq!(desk.griot(&["send", "--max-messages", "2"]).code, 75);
    let edition = |desk: &Desk| desk.done(&["status"]).lines().find(|line| line.starts_with("even")).unwrap().to_owned();
    assert_eq!(edition(&desk), format!("even      {EDITION} to `readers`, 5 recipients: 3 due, 2 sent"));
    desk.tamper("UPDATE delivery SET state = 'uncertain' WHERE state = 'sent'");
    assert_eq!(desk.griot(&["send"]).code, 0);
    assert_eq!(edition(&desk), format!("even      {EDITION} to `readers`, 5 recipients: 3 sent, 2 uncertain"));
    desk.done(&["send", "--resend-uncertain"]);
    assert_eq!(edition(&desk), format!("even      {EDITION} to `readers`, 5 recipients: 5 sent"));
}
