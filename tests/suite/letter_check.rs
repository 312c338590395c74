use std::fs;

use serde_json::Value;

use crate::harness::{Desk, RIVER, Ran, SAMPLE};

/// A letter with a fault of each severity.
const FAULTY: &str = "\
Date: Wed, 04 Mar 2026 07:00:00 +0000\r
From: The Desk <letter@example.org>\r
To: ada@reader.example\r
Subject: A river rises\r
Message-ID: <river.1@example.org>\r
List-Id: The Desk <letter.example.org>\r
List-Unsubscribe: <mailto:leave@example.org>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
The Niger has risen.\r
Read it: https://bit.ly/3abc\r
It is at 3=C2=B0C &amp; rising.\r
mailto:leave@example.org\r
";

fn published() -> Desk {
    let desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.write("river.txt", RIVER);
    desk.write("page.html", include_str!("../../config/sample-page.html"));
    desk.done(&["publish", "page.txt", "river.txt", "page.html"]);
    desk
}

fn editions(desk: &Desk) -> Vec<String> {
    let folders = fs::read_dir(desk.path("feeds/editions")).unwrap();
    let mut names: Vec<String> = folders
        .map(|folder| folder.unwrap())
        .filter(|folder| folder.path().is_dir())
        .map(|folder| folder.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[track_caller]
fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}

#[test]
fn the_golden_letters_are_as_they_should_be() {
    let desk = Desk::bare();
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden-letters");
    for (fixture, warnings) in [("latin", &[][..]), ("arabic", &[]), ("low-data", &[]), ("digest", &["html-large"])] {
        let ran = desk.griot(&["letter", "check", "--json", golden.join(fixture).join("letter.eml").to_str().unwrap()]);
        let found = json(&ran)[0]["findings"].as_array().unwrap().clone();
        let grave =
            found.iter().filter(|finding| finding["severity"] != "advice").map(|finding| finding["rule"].as_str().unwrap());
        // A digest that is as long as mail programs allow is near the end of what they allow.
        assert_eq!(grave.collect::<Vec<_>>(), warnings, "{fixture}: {ran:#?}");
        assert_eq!(ran.code, 0, "{fixture}");
    }
}

#[test]
fn the_letters_of_a_publication_are_as_they_should_be() {
    let desk = published();
    let names = editions(&desk);
    assert_eq!(names.len(), 3, "{names:?}");
    let folders: Vec<String> = names.iter().map(|name| format!("feeds/editions/{name}")).collect();
    let pages: Vec<String> = folders.iter().map(|folder| format!("{folder}/letter.html")).collect();
    for name in names.iter().chain(&folders).chain(&pages) {
        let ran = desk.griot(&["letter", "check", "--json", name]);
        let letter = &json(&ran)[0];
        assert_eq!((ran.code, &letter["errors"], &letter["warnings"]), (0, &0.into(), &0.into()), "{letter:#}");
        assert_eq!(letter["file"], name.as_str());
    }
    let latest = desk.done(&["letter", "check"]);
    assert!(latest.starts_with("the latest edition: "), "{latest}");
}

#[test]
fn a_check_changes_nothing() {
    let desk = published();
    let before = (desk.snapshot("feeds"), fs::read(desk.path("config/griot.db")).unwrap());
    desk.done(&["letter", "check"]);
    assert_eq!(before, (desk.snapshot("feeds"), fs::read(desk.path("config/griot.db")).unwrap()));
}

#[test]
fn a_finding_says_where_what_why_and_what_to_do() {
    let desk = Desk::bare();
    desk.write("faulty.eml", FAULTY);
    let ran = desk.griot(&["letter", "check", "faulty.eml", "--rule", "link-shortener", "--rule", "text-entity"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert_eq!(
        ran.stdout,
        format!(
            "faulty.eml: {} bytes: 1 error, 1 warning\n\
             faulty.eml:text:2: error link-shortener: `https://bit.ly/3abc` hides where it leads\n    \
                 why: spammers share the host: filters refuse the letter\n    \
                 do:  the page's own address\n\
             faulty.eml:text:3: warning text-entity: `&amp;` stands in `It is at 3°C &amp; rising.`\n    \
                 why: readers see the entity and not the sign\n    \
                 do:  write the sign itself\n",
            FAULTY.len()
        )
    );
    let warnings = desk.griot(&["letter", "check", "faulty.eml", "--rule", "text-entity"]);
    assert_eq!(warnings.code, 0, "warnings are no errors: {warnings:#?}");
    let piped = desk.griot_with_input(&["letter", "check", "-"], FAULTY.as_bytes());
    assert_eq!(piped.code, 1);
    assert!(piped.stdout.contains("-:text:2: error link-shortener"), "{piped:#?}");
    assert!(piped.stdout.contains("-:message:1: advice dkim-missing"), "{piped:#?}");
}

#[test]
fn programs_get_json() {
    let desk = Desk::bare();
    desk.write("faulty.eml", FAULTY);
    let ran = desk.griot(&["letter", "check", "--json", "faulty.eml", "gone.eml"]);
    assert_eq!(ran.code, 1);
    let all = json(&ran);
    let found = all[0]["findings"].as_array().unwrap();
    let shortener = found.iter().find(|found| found["rule"] == "link-shortener").unwrap();
    assert_eq!((&shortener["part"], &shortener["line"], &shortener["severity"]), (&"text".into(), &2.into(), &"error".into()));
    assert!(shortener["why"].is_string() && shortener["do"].is_string());
    assert_eq!((&all[0]["bytes"], &all[0]["html_bytes"]), (&FAULTY.len().into(), &Value::Null));
    assert_eq!(all[1]["error"], "`gone.eml` does not exist");
    assert!(ran.stderr.contains("`gone.eml` does not exist"));
    let rules: Value = serde_json::from_str(&desk.done(&["letter", "check", "--rules", "--json"])).unwrap();
    assert!(rules.as_array().unwrap().len() > 120);
    let shown = desk.done(&["letter", "check", "--rules"]);
    assert!(shown.contains("error   reader-differs: two readers get different letters\n        why: "), "{shown}");
}

#[test]
fn what_cannot_be_checked_is_said() {
    let desk = Desk::new();
    let nothing = desk.griot(&["letter", "check"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.stderr.contains("there is no edition yet"), "{nothing:#?}");
    let unknown = desk.griot(&["letter", "check", "no-such-edition"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("there is no edition `no-such-edition`"), "{unknown:#?}");
    let rule = desk.griot(&["letter", "check", "--rule", "no-such-rule"]);
    assert_eq!(rule.code, 2);
    assert!(rule.stderr.contains("there is no rule `no-such-rule`"), "{rule:#?}");
    fs::create_dir(desk.path("empty.d")).unwrap();
    let folder = desk.griot(&["letter", "check", "empty.d"]);
    assert!(folder.stderr.contains("holds neither `letter.eml` nor `letter.html`"), "{folder:#?}");
    let nowhere = Desk::bare().griot(&["letter", "check"]);
    assert_eq!(nowhere.code, 2, "{nowhere:#?}");
}

#[test]
fn any_bytes_are_a_letter_of_some_kind() {
    let desk = Desk::bare();
    for (name, bytes) in [
        ("empty.eml", &b""[..]),
        ("zero.eml", &[0; 4096]),
        ("high.html", &[0xFF; 4096]),
        ("lf.eml", b"\n\n\n"),
        ("deep.html", "<table>".repeat(20_000).as_bytes()),
    ] {
        desk.write(name, bytes);
        let ran = desk.griot(&["letter", "check", "--json", name]);
        assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{name}: {ran:#?}");
        assert!(json(&ran)[0]["errors"].as_u64().unwrap() > 0, "{name}");
    }
}
