//! Tables made to do harm.

use std::fmt::Write;

use super::{fates, taken};
use crate::harness::Desk;

const NASTY: [&str; 8] = [
    "'; DROP TABLE subscriber; --",
    "\" OR 1=1 --",
    "x\r\nBcc: eve@evil.example",
    "<script>alert(1)</script>",
    "=HYPERLINK(\"https://evil.example\")",
    "$(touch /tmp/x)`id`",
    "{\"a\":{\"b\":[1,2]}}",
    "\u{202E}\u{1F600}\u{7}",
];

#[test]
fn words_in_every_column_stay_words() {
    let desk = Desk::new();
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut table = format!("email,name,language,{},metadata,confirmed_at,status\n", cell(NASTY[0]));
    for (at, nasty) in NASTY.iter().enumerate() {
        let nasty = cell(nasty);
        writeln!(table, "r{at}@x.example,{nasty},{nasty},{nasty},{nasty},{nasty},").unwrap();
        writeln!(table, "{nasty},,,,,,").unwrap();
        writeln!(table, "s{at}@x.example,,,,,,{nasty}").unwrap();
    }
    desk.write("list.csv", &table);
    let consent = NASTY[2];
    let ran = desk.griot(&["subscribers", "import", "list.csv", "--apply", "--confirmed", consent]);
    assert_eq!(ran.code, 1);
    assert_eq!(fates(&ran), ["8 new on `readers`, confirmed"]);
    assert_eq!(ran.stderr.lines().count(), 16, "{}", ran.stderr);
    assert!(ran.stderr.lines().all(|line| line.starts_with("error: list.csv: line ")), "{}", ran.stderr);
    assert!(!ran.stdout.contains(['\u{7}', '\u{1b}']) && !ran.stderr.contains(['\u{7}', '\u{1b}']));
    let listed = desk.done(&["subscribers", "list"]);
    assert_eq!(listed.lines().count(), 8, "no line is broken: {listed}");
    for at in 0..NASTY.len() {
        let shown = desk.done(&["subscribers", "show", &format!("r{at}@x.example")]);
        assert!(!shown.contains(['\u{7}', '\r']), "{shown}");
    }
    // The list is what it was for whoever comes next.
    desk.done(&["subscribers", "undo", "1"]);
    assert_eq!(desk.done(&["subscribers", "export", "--all"]).lines().count(), 1);
    let ran = desk.griot(&["subscribers", "add", "x@x.example", "--list", NASTY[0]]);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_letter_to_an_imported_reader_has_no_line_of_the_files() {
    use crate::harness::RIVER;
    use crate::servers::mta::{ALL, Manners, Mta};
    let server = Mta::with(Manners::offering(&ALL));
    let mut desk = Desk::with_smtp(server.port, "");
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    taken(&desk, "email,name\na@x.example,\"Ada\r\nBcc: eve@evil.example\r\n\r\n<b>x</b>\"\n");
    desk.done(&["send"]);
    let kept = server.kept();
    assert_eq!(kept.len(), 1);
    let text = &kept[0].data;
    assert!(!text.to_lowercase().contains("\r\nbcc:"), "{text}");
}

#[test]
fn what_is_too_large_costs_its_row() {
    let desk = Desk::new();
    let mut table = String::from("email,note\n");
    writeln!(table, "a@x.example,{}", "x".repeat(5_000_000)).unwrap();
    writeln!(table, "b@x.example,\"{}\"", "y\n".repeat(1_000_000)).unwrap();
    writeln!(table, "c@x.example,{}", "z".repeat(20_000)).unwrap();
    writeln!(table, "d@x.example,{}", ",".repeat(1_000_000)).unwrap();
    writeln!(table, "e@x.example,a,b").unwrap();
    writeln!(table, "f@x.example,fine").unwrap();
    let ran = taken(&desk, table);
    assert_eq!(fates(&ran), ["1 new on `readers`, confirmed"]);
    assert_eq!(
        ran.stderr,
        "error: list.csv: line 2: is too long to be the row of a reader
error: list.csv: line 3: is too long to be the row of a reader
error: list.csv: line 1000004: has more than 16 KiB of attributes
error: list.csv: line 1000005: has more columns than griot reads
error: list.csv: line 1000006: has 3 cells where the first line has 2\n"
    );
    assert!(std::fs::metadata(desk.path("list.rejected.csv")).unwrap().len() < 1_000_000);
    for (table, why) in [
        (format!("email{}\na@x.example\n", ",x".repeat(1_000_000)), "line 1 is too long to hold the names of columns"),
        (
            format!("email\n\"{}", "a@x.example\n".repeat(300_000)),
            "line 2 opens a quote that is never closed: all that follows would be part of it",
        ),
        (
            "email\na@x.example\0\n".to_owned(),
            "it is binary data (it holds NUL bytes), not a table of text: save the table as CSV",
        ),
    ] {
        let ran = taken(&desk, table);
        assert_eq!((ran.code, ran.stderr), (1, format!("error: failed to import `list.csv`\n  caused by: {why}\n")));
    }
}

#[test]
fn nested_and_crowded_attributes_are_bounded() {
    let desk = Desk::new();
    let deep = format!("{}1{}", "{\"\"a\"\":".repeat(5000), "}".repeat(5000));
    let ran = taken(&desk, format!("email,attributes\na@x.example,\"{deep}\"\nb@x.example,\"{{\"\"x\"\":\"\"\\u0000\"\"}}\"\n"));
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stderr, "error: list.csv: line 2: has more than 16 KiB of attributes\n");
    assert!(desk.done(&["subscribers", "show", "b@x.example"]).contains("x: \\u{0}"));
}

#[test]
fn the_memory_of_an_import_does_not_grow_with_the_file() {
    let desk = Desk::new();
    let peak = |rows: usize| {
        let mut table = String::from("email,name,town\n");
        for at in 0..rows {
            writeln!(table, "reader{at}.{}@d{}.example,Reader {at},Town {at}", at * 7919 % 100_003, at % 997).unwrap();
        }
        desk.write("list.csv", table);
        let mut command = desk.command(&["subscribers", "import", "list.csv"]);
        let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let high = text
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:"))
                .and_then(|rest| rest.split_whitespace().next()?.parse().ok());
            peak = peak.max(high.unwrap_or(0));
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        peak
    };
    let (small, large): (usize, usize) = (peak(20_000), peak(80_000));
    assert!(large < small + 40_000, "{small} KiB for 20,000 rows, {large} KiB for 80,000");
}
