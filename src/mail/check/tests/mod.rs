//! Every rule, by a message that keeps it and a change that breaks it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::*;
use crate::domain::Finding;

const GOOD: &str = include_str!("good.eml");

/// A change that breaks a rule: a piece of the message, what takes its place, the rule, and a piece of the line that is named;
/// where that is empty, the line on which the change begins.
type Case = (&'static str, &'static str, &'static str, &'static str);

const FROM: &str = "From: Kora <letter@example.org>\r\n";
const TO: &str = "To: \"Ada Reader\" <ada@reader.example>\r\n";
const DATE: &str = "Date: Wed, 04 Mar 2026 07:00:00 +0000\r\n";
const ID: &str = "<2026-03-04-river.5f3a@example.org>";
const SUBJECT: &str = "Subject: The river =?utf-8?Q?=E2=80=93?= no. 12\r\n";
const LEAVE: &str = "List-Unsubscribe: <https://example.org/u/0123>,\r\n <mailto:leave@example.org?subject=0123>\r\n";
const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";

#[rustfmt::skip]
const CASES: &[Case] = &[
    // Headers.
    (FROM, "", "header-missing", "DKIM-Signature:"),
    (TO, "", "header-missing", "DKIM-Signature:"),
    (DATE, "", "header-missing", "DKIM-Signature:"),
    (SUBJECT, "", "header-missing", "DKIM-Signature:"),
    ("Message-ID: <2026-03-04-river.5f3a@example.org>\r\n", "", "header-missing", "DKIM-Signature:"),
    ("MIME-Version: 1.0\r\n", "", "header-missing", "DKIM-Signature:"),
    (DATE, "Date: Wed, 04 Mar 2026 07:00:00 +0000\r\nFrom: evil@example.net\r\n", "header-repeated", "From: Kora"),
    (SUBJECT, "Subject: A\r\nSubject: B\r\n", "header-repeated", "Subject: B"),
    (DATE, "Date: Wed, 04 Mar 2026 07:00:00 +0000\r\nhello\r\n", "header-syntax", "hello"),
    (DATE, "Date : Wed, 04 Mar 2026 07:00:00 +0000\r\n", "header-syntax", ""),
    (SUBJECT, "Subject: A\r\n \r\n b\r\n", "header-syntax", " \r\n b"),
    (SUBJECT, "Subject: The caf\u{e9}\r\n", "header-8bit", ""),
    (SUBJECT, "Subject: The river\u{7}\r\n", "header-control", ""),
    (SUBJECT, "Subject: =?utf-8?Q?A=0D=0ABcc:_b@e.org?=\r\n", "header-control", ""),
    (SUBJECT, "Subject: =?utf-8?Q?A=E2=80=AEB?=\r\n", "header-turned", ""),
    (SUBJECT, "Subject: The river has risen by two metres in a single night, and the ferries have stopped for now\r\n", "header-line", ""),
    (SUBJECT, "Subject: =?utf-8?Q?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?=\r\n", "header-encoded-word", ""),
    (SUBJECT, "Subject: =?utf-8?Q?=E2=80?= =?utf-8?Q?=93?=\r\n", "header-encoded-word", ""),
    (SUBJECT, "Subject: =?utf-9?Q?a?=\r\n", "header-encoded-word", ""),
    (TO, "To: \"=?utf-8?Q?Ada?=\" <ada@reader.example>\r\n", "header-encoded-word", ""),
    (DATE, "Date: 2026-03-04T07:00:00Z\r\n", "header-date", ""),
    (DATE, "Date: Tue, 04 Mar 2026 07:00:00 +0000\r\n", "header-date", ""),
    (DATE, "Date: Wed, 04 Mar 2026 07:00:00 GMT\r\n", "header-date-form", ""),
    (DATE, "Date: 04 Mar 2026 07:00:00 +0000\r\n", "header-date-form", ""),
    (ID, "2026-03-04@example.org", "header-message-id", "Message-ID"),
    (ID, "<2026-03-04@localhost>", "header-message-id", "Message-ID"),
    (ID, "<2026 03@example.org>", "header-message-id", "Message-ID"),
    (SUBJECT, "Subject: \r\n", "header-subject", ""),
    (SUBJECT, "Subject: Re: The river\r\n", "header-subject", ""),
    (SUBJECT, "Subject: a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i\r\n j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t\r\n u v w x y z\r\n", "header-subject-long", ""),
    ("MIME-Version: 1.0", "MIME-Version: 2.0", "header-mime-version", ""),
    (TO, "To: \"Ada Reader\" <ada@reader.example>\r\nBcc: b@reader.example\r\n", "header-bcc", "Bcc"),
    (POST, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nX-Priority: 1\r\n", "header-needless", "X-Priority"),
    (POST, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nAuto-Submitted: auto-generated\r\n", "header-needless", "Auto-Submitted"),
    (POST, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nErrors-To: a@example.org\r\n", "header-needless", "Errors-To"),
    (POST, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nDisposition-Notification-To: a@example.org\r\n", "header-needless", "Disposition"),
    ("Precedence: bulk", "Precedence: first-class", "header-needless", ""),
    (DATE, "Date: Wed, 04 Mar 2026 07:00:00 +0000\r\nSender: letter@example.org\r\n", "header-needless", "Sender"),
    // Addresses.
    (FROM, "From: Kora <letter@example.org>, Ada <ada@example.org>\r\n", "address-many", ""),
    (TO, "To: a@reader.example, b@reader.example\r\n", "address-many", ""),
    (FROM, "From: Kora <letter>\r\n", "address-form", ""),
    (FROM, "From: Kora. Inc: <letter@example.org>\r\n", "address-form", ""),
    (FROM, "From: letter@example.org\r\n", "address-name", ""),
    (FROM, "From: Kora <no-reply@example.org>\r\n", "address-no-reply", ""),
    (TO, "To: undisclosed-recipients:;\r\n", "address-to", ""),
    (TO, "To: \"Ada Reader\" <ada@reader.example>\r\nCc: b@reader.example\r\n", "address-to", "Cc:"),
    ("Reply-To: desk@example.org", "Reply-To: letter@example.org", "address-reply-to", ""),
    // The list.
    ("List-Id: Kora <letter.example.org>\r\n", "", "list-id-missing", "DKIM-Signature:"),
    ("<letter.example.org>", "<letter@example.org>", "list-id", ""),
    ("<letter.example.org>", "<letter>", "list-id", ""),
    (LEAVE, "", "list-unsubscribe-missing", "DKIM-Signature:"),
    (LEAVE, "List-Unsubscribe: https://example.org/u/0123\r\n", "list-unsubscribe", ""),
    (LEAVE, "List-Unsubscribe: <http://example.org/u/0123>\r\n", "list-unsubscribe", ""),
    (LEAVE, "List-Unsubscribe: <https://example.org/u>, <https://example.org/v>\r\n", "list-unsubscribe", ""),
    ("List-Archive: <https://example.org/letters/>", "List-Archive: https://example.org/letters/", "list-unsubscribe", ""),
    (POST, "", "list-one-click-missing", "List-Unsubscribe:"),
    (POST, "List-Unsubscribe-Post: yes\r\n", "list-one-click", ""),
    (LEAVE, "List-Unsubscribe: <mailto:leave@example.org>\r\n", "list-one-click", "List-Unsubscribe-Post"),
    ("Feedback-ID: river:letter:example", "Feedback-ID: ada@reader.example", "list-feedback-id", ""),
    // Lines and parts.
    ("The Niger rose.\r\n", "The Niger rose.\n", "message-line-end", ""),
    ("The Niger rose.\r\n", "The Niger\r rose.\r\n", "message-line-end", ""),
    ("The Niger rose.", "The Niger\0 rose.", "message-nul", ""),
    ("The Niger rose.", "The Niger ros\u{e9}.", "message-8bit", ""),
    ("--=_river--", "", "message-broken", "\r\n\r\n--=_river"),
    ("boundary=\"=_river\"", "charset=utf-8", "message-broken", "\r\n--=_river"),
    ("The Niger rose.", "The Niger = rose.", "message-encoding-broken", ""),
    ("The Niger rose.", "The Niger rose. ", "message-encoding-broken", ""),
    ("The Niger rose.", "The Niger rose, and it rose, and the ferries have stopped, and the market has moved.", "message-encoding-broken", ""),
    ("multipart/alternative", "multipart/mixed", "message-alternative", "DKIM-Signature:"),
    ("Content-Type: text/plain; charset=utf-8\r\n", "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment\r\n", "message-attachment", "The Niger"),
    ("text/plain; charset=utf-8", "text/plain; charset=iso-8859-1", "message-charset", "The Niger"),
    ("text/plain; charset=utf-8", "text/plain", "message-charset", "The Niger"),
    ("The Niger rose.", "The Niger ros=E9.", "message-garbled", "The Niger"),
    ("quoted-printable\r\n\r\nThe Niger", "base64\r\n\r\nThe Niger", "message-encoding", "The Niger"),
    ("quoted-printable\r\n\r\nThe Niger", "8bit\r\n\r\nThe Niger", "message-encoding", "The Niger"),
    // The signature.
    ("v=1; a=rsa-sha256;", "v=1; rsa-sha256;", "dkim-form", ""),
    ("v=1; a=rsa-sha256;", "a=rsa-sha256;", "dkim-form", ""),
    ("b=c2lnbmVk", "b=*", "dkim-form", "DKIM-Signature:"),
    ("a=rsa-sha256", "a=rsa-sha1", "dkim-algorithm", ""),
    ("c=relaxed/relaxed", "c=simple/relaxed", "dkim-canonical", ""),
    ("t=1772607600", "l=10", "dkim-length", "DKIM-Signature:"),
    ("d=example.org", "d=example.net", "dkim-domain", ""),
    (":list-unsubscribe-post", "", "dkim-covers", "DKIM-Signature:"),
    ("h=from:", "h=received:from:", "dkim-changing", "DKIM-Signature:"),
    ("h=from:from:", "h=from:", "dkim-open", "DKIM-Signature:"),
    ("The Niger rose.", "The Niger fell.", "dkim-body", "DKIM-Signature:"),
];

fn checked(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = Findings::default();
    check(bytes, &Part::open(bytes), &mut findings);
    findings.finish().0
}

/// The good message with the line ends that mail has.
fn good() -> String {
    GOOD.replace('\n', "\r\n")
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|found| format!("{} {} {}", found.line, found.rule.id, found.what)).collect()
}

#[test]
fn a_good_message_is_good() {
    assert_eq!(told(&checked(good().as_bytes())), Vec::<String>::new());
}

#[test]
fn what_breaks_a_rule_is_found_on_its_line() {
    let good = good();
    let mut missed = Vec::new();
    for (from, to, rule, at) in CASES {
        let start = good.find(from).unwrap_or_else(|| panic!("{from:?} is not in the message"));
        let broken = good.replacen(from, to, 1);
        let place = if at.is_empty() {
            Some(start)
        } else {
            broken.find(at).map(|found| found + at.len() - at.trim_start_matches("\r\n").len())
        };
        let line = broken[..place.unwrap_or_default()].matches('\n').count() + 1;
        // Letters beyond ASCII stand for bytes that no encoding is named for.
        let found = checked(broken.as_bytes());
        if !found.iter().any(|finding| (finding.rule.id, finding.line) == (*rule, line)) {
            missed.push(format!("{rule} in line {line} after {from:?} -> {to:?}: {:?}", told(&found)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn sizes_orders_and_missing_signatures_are_told() {
    let ids = |message: &str| checked(message.as_bytes()).iter().map(|found| found.rule.id).collect::<BTreeSet<_>>();
    let good = good();
    let (head, rest) = good.split_once("--=_river\r\n").unwrap();
    let (text, html) = rest.split_once("--=_river\r\n").unwrap();
    let (html, end) = html.split_once("--=_river--").unwrap();
    let turned = format!("{head}--=_river\r\n{html}--=_river\r\n{text}--=_river--{end}");
    assert!(ids(&turned).contains("message-order"));
    let unsigned = good.replacen("DKIM-Signature", "X-Signature", 1);
    assert_eq!(ids(&unsigned), BTreeSet::from(["dkim-missing"]));
    let line = format!("{}\r\n", "a".repeat(70));
    let large = |lines: usize| good.replace("The Niger rose.\r\n", &line.repeat(lines));
    assert!(ids(&large(15_000)).contains("message-large"));
    assert!(ids(&large(150_000)).contains("message-too-large"));
    assert!(ids(&good.replace("The Niger rose.", &"a".repeat(999))).contains("message-long-line"));
    let lines = format!("{}\r\n", "AAAA".repeat(19)).repeat(4_000);
    let head = "--=_river\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let picture = format!("{head}{lines}--=_river--");
    assert!(ids(&good.replace("--=_river--", &picture)).contains("message-large-picture"));
}

#[test]
fn every_rule_has_a_case_and_a_name_of_its_own() {
    let mut tried: BTreeSet<&str> = CASES.iter().map(|(_, _, rule, _)| *rule).collect();
    tried.extend([
        "message-order",
        "dkim-missing",
        "message-large",
        "message-too-large",
        "message-long-line",
        "message-large-picture",
    ]);
    let all: Vec<&str> = rules().map(|rule| rule.id).collect();
    let untried: Vec<&&str> = all.iter().filter(|id| !tried.contains(**id)).collect();
    assert!(untried.is_empty(), "{untried:?}");
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "two rules have the same id");
    for rule in rules() {
        assert!(!rule.what.is_empty() && !rule.why.is_empty() && !rule.mend.is_empty(), "{}", rule.id);
        assert!(![rule.what, rule.why, rule.mend].iter().any(|text| text.ends_with('.')), "{}", rule.id);
    }
}

#[test]
fn any_message_is_checked_and_soon() {
    let good = good();
    for at in (0..good.len()).step_by(11) {
        checked(&good.as_bytes()[..at]);
        let mut bytes = good.clone().into_bytes();
        bytes[at] = [b'\n', b'\r', b':', b'"', b'<', 0, 0xFF, b'='][at % 8];
        checked(&bytes);
    }
    let start = Instant::now();
    for piece in ["=?utf-8?Q?a?= ", "a: b\n", "\n", ",", "<", "\"", "Subject: =?", "DKIM-Signature: v=1;a=b;", "v=1;", "=\r\n"] {
        let many = piece.repeat(30_000 / piece.len());
        checked(many.as_bytes());
        checked(good.replace("Kora <", &format!("{many} <")).as_bytes());
        checked(good.replace("v=1; ", &format!("v=1; {many}")).as_bytes());
        checked(good.replace("The Niger", &many).as_bytes());
    }
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
