use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::*;

const READER: &str = "ada@reader.example";
const LETTER: &str = "2026-03-04-a-river-rises.00112233445566778899aabbccddeeff@example.org";
const VERP: &str = "bounces+ada=reader.example@desk.example";

/// Whether a report names the letter, and whether it came to the reader's own address of return.
const BOTH: (bool, bool) = (true, true);
const LETTER_ONLY: (bool, bool) = (true, false);
const VERP_ONLY: (bool, bool) = (false, true);
const NEITHER: (bool, bool) = (false, false);

/// Every report of `tests/fixtures/bounces/`: what it says of the reader, with which code, and what it names.
const CORPUS: &[(&str, Bounce, &str, (bool, bool))] = &[
    ("address-only", Bounce::Hard, "5.1.1", NEITHER),
    ("advertisement", Bounce::Unknown, "", VERP_ONLY),
    ("another-desk", Bounce::Hard, "5.1.1", NEITHER),
    ("arf-auth-failure", Bounce::Unknown, "", BOTH),
    ("arf-complaint", Bounce::Complaint, "", BOTH),
    ("arf-not-spam", Bounce::Unknown, "", BOTH),
    ("arf-redacted", Bounce::Complaint, "", LETTER_ONLY),
    ("challenge", Bounce::Challenge, "", BOTH),
    ("cut-off", Bounce::Hard, "5.1.1", VERP_ONLY),
    ("domino", Bounce::Hard, "", BOTH),
    ("empty", Bounce::Unknown, "", NEITHER),
    ("exchange-delayed", Bounce::Delayed, "4.4.7", BOTH),
    ("exchange-denied", Bounce::Hard, "5.4.1", BOTH),
    ("exchange-online", Bounce::Hard, "5.1.10", BOTH),
    ("exchange-policy", Bounce::Policy, "5.7.509", BOTH),
    ("exchange-text", Bounce::Hard, "5.1.1", BOTH),
    ("exim-dsn-quota", Bounce::Full, "5.0.0", BOTH),
    ("exim-rejected", Bounce::Hard, "5.1.1", BOTH),
    ("exim-unrouteable", Bounce::Hard, "", BOTH),
    ("exim-warning", Bounce::Delayed, "", BOTH),
    ("french-notice", Bounce::Hard, "", BOTH),
    ("gmail-delayed", Bounce::Delayed, "4.4.1", BOTH),
    ("gmail-not-found", Bounce::Hard, "5.1.1", BOTH),
    ("gmail-quota", Bounce::Full, "5.2.2", BOTH),
    ("gmail-text", Bounce::Hard, "", BOTH),
    ("gmx-english", Bounce::Full, "", BOTH),
    ("gmx-german", Bounce::Hard, "", BOTH),
    ("human-reply", Bounce::Unknown, "", BOTH),
    ("mail-ru", Bounce::Hard, "", BOTH),
    ("mbox-line", Bounce::Hard, "5.1.1", BOTH),
    ("no-boundary", Bounce::Unknown, "", VERP_ONLY),
    ("nuls", Bounce::Hard, "5.1.1", BOTH),
    ("postfix-delayed", Bounce::Delayed, "4.4.1", BOTH),
    ("postfix-delivered", Bounce::Delivered, "2.0.0", BOTH),
    ("postfix-expired", Bounce::Soft, "4.4.1", BOTH),
    ("postfix-forwarded", Bounce::Hard, "5.1.1", BOTH),
    ("postfix-full", Bounce::Full, "5.2.2", BOTH),
    ("postfix-spam", Bounce::Policy, "5.7.1", BOTH),
    ("postfix-unknown-user", Bounce::Hard, "5.1.1", BOTH),
    ("qmail-no-mailbox", Bounce::Hard, "5.1.1", BOTH),
    ("qmail-quota", Bounce::Full, "", BOTH),
    ("qmail-remote", Bounce::Hard, "", BOTH),
    ("receipt", Bounce::AutoReply, "", BOTH),
    ("sendmail-text", Bounce::Hard, "", BOTH),
    ("sendmail-unknown-user", Bounce::Hard, "5.1.1", BOTH),
    ("sendmail-warning", Bounce::Delayed, "", BOTH),
    ("ses-text", Bounce::Soft, "", BOTH),
    ("ses-unknown-user", Bounce::Hard, "5.1.1", BOTH),
    ("smtputf8-dsn", Bounce::Hard, "5.1.1", BOTH),
    // A program that reads nothing but what it should: an action that there is not is a failure of unknown kind.
    ("status-lies", Bounce::Soft, "", VERP_ONLY),
    ("two-recipients", Bounce::Delivered, "2.1.5", BOTH),
    ("unsubscribe-wish", Bounce::Unknown, "", VERP_ONLY),
    ("vacation-de", Bounce::AutoReply, "", BOTH),
    ("vacation-en", Bounce::AutoReply, "", BOTH),
    ("vacation-fr", Bounce::AutoReply, "", BOTH),
    ("vacation-old", Bounce::AutoReply, "", VERP_ONLY),
    ("web-de-spam", Bounce::Policy, "", BOTH),
    ("wrong-charset", Bounce::Hard, "", BOTH),
    ("yahoo-text", Bounce::Hard, "", BOTH),
    ("zimbra", Bounce::Hard, "5.2.1", BOTH),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bounces")
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(folder().join(format!("{name}.eml"))).unwrap()
}

fn reader() -> Address {
    Address::parse(READER).unwrap()
}

fn code(status: Option<[u16; 3]>) -> String {
    status.map(|[class, subject, detail]| format!("{class}.{subject}.{detail}")).unwrap_or_default()
}

#[test]
fn every_report_of_the_corpus_says_what_it_should() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(files, CORPUS.iter().map(|(name, ..)| (*name).to_owned()).collect(), "each file has its line here");
    let mut wrong = Vec::new();
    for (name, bounce, status, names) in CORPUS {
        let report = judge(&fixture(name));
        let verdict = report.of(&reader());
        let named = (report.letters.iter().any(|id| id == LETTER), report.came_to.iter().any(|address| address.key() == VERP));
        if (verdict.bounce, code(verdict.status).as_str(), named) != (*bounce, *status, *names) {
            wrong.push(format!("{name}: expected {bounce} {status} {names:?}, got {named:?} {report:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_report_names_its_recipient() {
    for name in [
        "postfix-unknown-user",
        "exim-unrouteable",
        "qmail-remote",
        "yahoo-text",
        "gmx-german",
        "gmail-text",
        "domino",
        "french-notice",
    ] {
        let report = judge(&fixture(name));
        assert_eq!(report.verdicts[0].recipient.as_ref().map(Address::reveal).as_deref(), Some(READER), "{name}");
    }
    let words = judge(&fixture("postfix-unknown-user")).of(&reader()).words;
    assert_eq!(words, "550 5.1.1 <ada@reader.example>: Recipient address rejected: User unknown in virtual mailbox table");
}

#[test]
fn line_ends_do_not_matter() {
    for (name, ..) in CORPUS {
        let plain: Vec<u8> = fixture(name).into_iter().filter(|byte| *byte != b'\r').collect();
        let with_returns = String::from_utf8_lossy(&plain).replace('\n', "\r\n");
        let plain = String::from_utf8_lossy(&plain).into_owned();
        assert_eq!(judge(plain.as_bytes()), judge(with_returns.as_bytes()), "{name}");
    }
}

/// Numbers that are the same on every machine (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

#[test]
fn damaged_reports_are_reports() {
    let all: Vec<Vec<u8>> = CORPUS.iter().map(|(name, ..)| fixture(name)).collect();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for turn in 0..6000 {
        let mut bytes = all[turn % all.len()].clone();
        for _ in 0..=chance.below(8) {
            let at = chance.below(bytes.len());
            match chance.below(5) {
                0 => bytes.truncate(at),
                1 if !bytes.is_empty() => bytes[at] = u8::try_from(chance.below(256)).unwrap(),
                2 => {
                    let other = &all[chance.below(all.len())];
                    let from = chance.below(other.len());
                    bytes.splice(at..at, other[from..].iter().take(200).copied());
                }
                3 => bytes.insert(at, *b"<>@:;=\n\"".get(chance.below(8)).unwrap()),
                _ => drop(bytes.drain(at..(at + chance.below(40)).min(bytes.len()))),
            }
        }
        assert!(!judge(&bytes).verdicts.is_empty());
    }
}

#[test]
fn what_is_made_to_keep_a_reader_busy_does_not() {
    let began = std::time::Instant::now();
    let big = [fixture("qmail-no-mailbox"), vec![b'x'; 10 << 20]].concat();
    assert_eq!(judge(&big).of(&reader()).bounce, Bounce::Hard);
    for line in ["<", "a@", "5.1.1 ", "> ", "Message-ID: <a@b>\n", "Action: failed\n\n", "\n", "&lt;", "x@y.example\n"] {
        let many = [fixture("exchange-text"), line.repeat((2 << 20) / line.len()).into_bytes()].concat();
        assert!(!judge(&many).verdicts.is_empty());
        let fields = [
            b"From: mailer-daemon@x\nContent-Type: message/delivery-status\n\n".to_vec(),
            line.repeat((2 << 20) / line.len()).into_bytes(),
        ];
        assert!(!judge(&fields.concat()).verdicts.is_empty());
    }
    let mut nested = String::from("From: mailer-daemon@x\n");
    for depth in 0..100 {
        nested.extend(["Content-Type: multipart/mixed; boundary=b".to_owned(), format!("{depth}\n\n--b{depth}\n")]);
    }
    nested += "Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n";
    assert_eq!(judge(nested.as_bytes()).of(&reader()).bounce, Bounce::Unknown);
    let seconds = began.elapsed().as_secs();
    assert!(seconds < 60, "{seconds} s, in a build that is not optimised");
}
