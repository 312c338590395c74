use std::path::PathBuf;

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::pages::{EDITIONS, publish};
use crate::programs::{Missing, python, told};

/// What stands in every letter exactly once.
pub const ONCE: [&str; 8] = ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Id", "MIME-Version"];

/// Python's mail library at its strictest finds no fault in a letter, and the very texts of its two files in it.
pub fn python_email() -> Result<(), Missing> {
    let python = python("email", "apt-get install python3")?;
    let mut desk = Desk::new();
    desk.at("2026-03-04T13:00:00Z");
    publish(&desk);
    let mut messages: Vec<(&str, PathBuf)> = Vec::new();
    for edition in EDITIONS {
        messages.push((edition, desk.path(&format!("feeds/editions/{edition}/letter.eml"))));
        desk.done(&["send", edition, "--test", "me@desk.example", "--to-folder", "tests"]);
        messages.push((edition, desk.path(&format!("tests/{edition}-test.eml"))));
    }
    let files: Vec<PathBuf> = messages.iter().map(|(_, file)| file.clone()).collect();
    let read = told(&python, "message.py", &files);
    for ((edition, file), message) in std::iter::zip(&messages, read.as_array().unwrap()) {
        check(&desk, edition, message);
        let test = file.starts_with(desk.path("tests"));
        assert_eq!(message["to"], json!([if test { "me@desk.example" } else { "letter@example.org" }]));
        assert_eq!(header(message, "Subject").starts_with("[Test] "), test, "{message}");
    }
    let subjects: Vec<&str> = read.as_array().unwrap().iter().map(|message| header(message, "Subject")).collect();
    assert_eq!(subjects[..2], ["Fish & <chips> ]]> in a tin 🐟", "[Test] Fish & <chips> ]]> in a tin 🐟"]);
    assert_eq!(read[4]["instant"], "2023-11-17T12:00:00+00:00");
    assert_eq!(read[5]["instant"], "2026-03-04T13:00:00+00:00");
    Ok(())
}

/// A message that is a letter of this edition, by the reading of `message.py`.
pub fn check(desk: &Desk, edition: &str, message: &Value) {
    assert_eq!(message["defects"], json!([]), "{edition}");
    assert_eq!(message["type"], "multipart/alternative");
    for name in ONCE {
        header(message, name);
    }
    assert_eq!(header(message, "From"), "The Desk <letter@example.org>");
    assert_eq!(header(message, "List-Id"), "The Desk <readers.www.example.org>");
    let part = |kind: &str, text: String| json!({"type": kind, "charset": "utf-8", "text": text});
    let file = |name: &str| desk.read(&format!("feeds/editions/{edition}/{name}"));
    // The reader's own way out is the one difference from the files.
    let way_out = header(message, "List-Unsubscribe").trim_matches(['<', '>']);
    let own = |text: String| text.replace("mailto:leave@example.org", way_out);
    // The page beside the feeds names its home, too, which a mail does not have.
    let is_sent = |line: &&str| !line.starts_with("<link rel=\"canonical\"");
    let html = file("letter.html").split_inclusive('\n').filter(is_sent).collect();
    let expected = [part("text/plain", own(file("letter.txt"))), part("text/html", own(html))];
    assert_eq!(message["parts"], Value::from(expected.to_vec()));
}

/// The one value of a header.
pub fn header<'a>(message: &'a Value, name: &str) -> &'a str {
    let headers = message["headers"].as_array().unwrap();
    let values: Vec<&str> = headers
        .iter()
        .filter(|header| header[0].as_str().unwrap().eq_ignore_ascii_case(name))
        .map(|header| header[1].as_str().unwrap())
        .collect();
    let [value] = values[..] else { panic!("{} times {name}: {headers:?}", values.len()) };
    value
}
