//! Every rule, by a letter that keeps it and a change that breaks it.

mod cases;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::*;
use crate::domain::Finding;

const HTML: &str = include_str!("good.html");
const TEXT: &str = include_str!("good.txt");

/// A change that breaks a rule: a piece of the letter, what takes its place, the rule, and a piece of the line that is named;
/// where that is empty, the line on which the change begins.
type Case = (&'static str, &'static str, &'static str, &'static str);

fn checked(html: Option<&str>, text: Option<&str>) -> Vec<Finding> {
    let reader = Reader { name: Some("Awa Sarr Diop".to_owned()), address: "Awa.Sarr@reader.example".to_owned() };
    let ways_out = ["https://www.example.org/leave?t=0123".to_owned()];
    let letter = Letter {
        html,
        text,
        is_whole: true,
        subject: Some("The river rises"),
        reader: Some(&reader),
        ways_out: &ways_out,
        attached: Some(&[]),
        encoded: None,
    };
    let mut findings = Findings::default();
    check(&letter, &mut findings);
    findings.finish().0
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|found| format!("{}:{} {} {}", found.part, found.line, found.rule.id, found.what)).collect()
}

#[test]
fn a_good_letter_is_good() {
    assert_eq!(told(&checked(Some(HTML), Some(TEXT))), Vec::<String>::new());
}

#[test]
fn what_breaks_a_rule_is_found_on_its_line() {
    let mut missed = Vec::new();
    for (good, part, table) in [(HTML, LetterPart::Html, cases::HTML), (TEXT, LetterPart::Text, cases::TEXT)] {
        for (from, to, rule, at) in table {
            let start = good.find(from).unwrap_or_else(|| panic!("{from:?} is not in the letter"));
            let broken = good.replacen(from, to, 1);
            let place = if at.is_empty() { Some(start) } else { broken.find(at) };
            let line = broken[..place.unwrap_or_default()].matches('\n').count() + 1;
            let found =
                if part == LetterPart::Html { checked(Some(&broken), Some(TEXT)) } else { checked(Some(HTML), Some(&broken)) };
            if !found.iter().any(|finding| (finding.rule.id, finding.part, finding.line) == (*rule, part, line)) {
                missed.push(format!("{rule} in line {line} after {from:?} -> {to:?}: {:?}", told(&found)));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_missing_is_told() {
    let ids = |html: Option<&str>, text: Option<&str>| checked(html, text).iter().map(|found| found.rule.id).collect::<Vec<_>>();
    assert_eq!(ids(Some(HTML), None), ["text-missing"]);
    assert_eq!(ids(None, Some(TEXT)), ["html-missing"]);
    assert_eq!(ids(None, None), ["text-missing"]);
    let large = |bytes: usize| HTML.replace("Ada Keita", &"a ".repeat(bytes / 2));
    assert!(ids(Some(&large(85_000)), Some(TEXT)).contains(&"html-large"));
    assert!(ids(Some(&large(101_000)), Some(TEXT)).contains(&"html-clipped"));
    let nested = HTML.replace("Ada Keita", &format!("{}a{}", "<i>".repeat(300), "</i>".repeat(300)));
    assert!(ids(Some(&nested), Some(TEXT)).contains(&"html-complex"));
    let long = HTML.replace("body{margin:0;padding:0}", &"p{margin:0}\n".repeat(1500));
    assert!(ids(Some(&long), Some(TEXT)).contains(&"css-long"));
}

#[test]
fn every_rule_has_a_case_and_a_name_of_its_own() {
    let mut tried: BTreeSet<&str> = cases::HTML.iter().chain(cases::TEXT).map(|(_, _, rule, _)| *rule).collect();
    tried.extend(["text-missing", "html-missing", "html-large", "html-clipped", "html-complex", "css-long"]);
    let all: Vec<&str> = rules().map(|rule| rule.id).collect();
    let untried: Vec<&&str> = all.iter().filter(|id| !tried.contains(**id)).collect();
    assert!(untried.is_empty(), "{untried:?}");
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "two rules have the same id");
    for rule in rules() {
        assert!(!rule.what.is_empty() && !rule.why.is_empty() && !rule.mend.is_empty(), "{}", rule.id);
        assert!(![rule.what, rule.why, rule.mend].iter().any(|text| text.ends_with('.')), "{}", rule.id);
    }
}

/// What each has to be done in, by a build that is not optimized on a machine with other work.
const SLOW: Duration = Duration::from_secs(30);

#[track_caller]
fn done(html: &str, text: &str) {
    let start = Instant::now();
    let found = checked(Some(html), Some(text));
    assert!(start.elapsed() < SLOW, "{:?}", start.elapsed());
    assert!(found.len() < 2_000);
}

#[test]
fn letters_that_are_written_to_keep_a_checker_busy() {
    const SIZE: usize = 20_000;
    for piece in [
        "<b>",
        "<table><tr><td>",
        "<a href=x>",
        "<p style='color:red'>x",
        "<h1>x",
        "</td>",
        "<img>",
        "&amp;",
        "<!--[if mso]>",
        "<",
        "<style>a{",
        "<div style='",
        "<i></i>",
        "<th>",
        "<a href='https://a.b/%'>http://c.d</a>",
    ] {
        let html = piece.repeat(SIZE / piece.len());
        done(&html, TEXT);
        done(&HTML.replace("Ada Keita", &html), TEXT);
    }
    for piece in ["https://a.b/", "Ada ", "A1 ", "é", "<", "x\n", "https://a.b/c d\n"] {
        done(HTML, &piece.repeat(SIZE / piece.len()));
    }
    let words = (0..20_000).map(|number| format!("Name{number} ")).collect::<Vec<_>>().concat();
    done(&HTML.replace("Ada Keita", &words), &words.replace("Name", "Other"));
    let sheet = (0..5_000).map(|number| format!(".c{number} .d{{color:#222222}}\n")).collect::<Vec<_>>().concat();
    done(&HTML.replace("body{margin:0;padding:0}", &sheet), TEXT);
}

#[test]
fn any_cut_and_any_changed_byte_gives_findings_and_no_panic() {
    for at in (0..HTML.len()).filter(|at| HTML.is_char_boundary(*at)).step_by(23) {
        checked(Some(&HTML[..at]), Some(TEXT));
        let mut html = HTML.as_bytes().to_vec();
        html[at] = [b'<', b'>', b'"', 0, b'{', b'\n', b';', b'&'][at % 8];
        checked(Some(&String::from_utf8_lossy(&html)), Some(TEXT));
    }
    for at in 0..TEXT.len() {
        checked(Some(HTML), Some(&TEXT[..at]));
    }
}
