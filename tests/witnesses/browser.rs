use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::Desk;
use crate::pages::{EDITIONS, publish};
use crate::programs::{Missing, program};

/// Widths of a small telephone, a usual one, and a mail program's pane, in CSS pixels.
const WIDTHS: [u32; 3] = [320, 360, 700];

/// How the articles of the editions end.
const END: [&str; 3] = ["The last paragraph ends the page", "costs little but work.", "but neither has closed the door."];

/// On no screen does a letter have to be pushed sideways, and what a reader may want to press can be seen and hit.
pub fn on_a_telephone() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    let desk = Desk::new();
    publish(&desk);
    let letters: Vec<String> = EDITIONS.iter().map(|id| desk.read(&format!("feeds/editions/{id}/letter.html"))).collect();
    desk.write("page.html", page(&letters));
    let found = seen(&chromium, &desk.path("page.html"));
    assert_eq!(found.len(), EDITIONS.len() * WIDTHS.len());
    for seen in &found {
        let letter = usize::try_from(seen["letter"].as_u64().unwrap()).unwrap();
        let edition = EDITIONS[letter];
        let at = format!("{edition} at {} px: {seen:#}", seen["width"]);
        assert_eq!(seen["inner"], seen["width"], "{at}");
        assert!(seen["scroll"].as_u64() <= seen["width"].as_u64(), "sideways scroll: {at}");
        for (link, height) in [("unsubscribe", 14), ("listen", 44)] {
            let place = &seen[link];
            let side = |side: &str| place[side].as_f64().unwrap_or_else(|| panic!("no link to {link}: {at}"));
            assert!(side("left") >= 0.0 && side("right") <= seen["width"].as_f64().unwrap(), "{link} is outside: {at}");
            assert!(side("height") >= f64::from(height) && side("right") - side("left") >= 44.0, "{link} is small: {at}");
        }
        let text = seen["text"].as_str().unwrap();
        for words in [END[letter], "AfricaLink", "Rue 12, Bamako"] {
            assert!(text.contains(words), "{words} is not to be seen: {at}");
        }
    }
    Ok(())
}

/// No page has to be pushed sideways, however long its words, tables and programs; these scroll in themselves.
pub fn pages_on_a_telephone() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    let desk = Desk::with_config("[feed]\nsections = \"all\"\n[site]\npages = true\n");
    publish(&desk);
    let wide = format!("| {} |\n|{}\n", "a_column_of_a_table | ".repeat(12), "---|".repeat(13));
    desk.write("table.md", format!("---\ntitle: {}\ndate: 2026-03-01\n---\n\nA table.\n\n{wide}\n", "Long".repeat(40)));
    desk.done(&["publish", "table.md"]);
    let style = format!("<style>{}</style>", desk.read("feeds/page.css"));
    let files: Vec<_> = desk.snapshot("feeds").into_iter().map(|(file, ..)| file).collect();
    let is_page = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "html") && !file.ends_with("letter.html");
    let files: Vec<_> = files.iter().filter(is_page).collect();
    assert!(files.len() >= 8, "{files:?}");
    let pages = files.iter().map(|file| {
        let page = fs::read_to_string(file).unwrap();
        let link = page.lines().find(|line| line.starts_with("<link rel=\"stylesheet\"")).unwrap();
        page.replace(link, &style)
    });
    desk.write("page.html", self::page(&pages.collect::<Vec<_>>()));
    let found = seen(&chromium, &desk.path("page.html"));
    assert_eq!(found.len(), files.len() * WIDTHS.len());
    for seen in &found {
        let file = files[usize::try_from(seen["letter"].as_u64().unwrap()).unwrap()];
        assert_eq!(seen["inner"], seen["width"]);
        let at = format!("{} at {} px: {seen:#}", file.display(), seen["width"]);
        assert!(seen["scroll"].as_u64() <= seen["width"].as_u64(), "sideways scroll: {at}");
        assert!(seen["text"].as_str().unwrap().contains("The Desk"), "{at}");
    }
    Ok(())
}

/// Opens a page that writes down what can be seen of others.
fn seen(chromium: &Path, page: &Path) -> Vec<Value> {
    let profile = TempDir::new().unwrap();
    let output = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // The pictures of the letter lead nowhere: a test asks nobody but this machine.
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=10000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let found = dom.split_once("<pre id=\"found\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let Some((found, _)) = found else {
        panic!("Chromium did not run the page: {dom}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    let found = found.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&found).unwrap()
}

/// A page that shows each letter in a frame of each width, and writes down what can be seen of it.
fn page(letters: &[String]) -> String {
    let letters = serde_json::to_string(letters).unwrap().replace("</", "<\\/");
    let mut page = String::from("<!doctype html><meta charset=\"utf-8\"><body style=\"margin:0\"><script>\n");
    writeln!(page, "const letters = {letters};\nconst widths = {WIDTHS:?};").unwrap();
    page.push_str(include_str!("pages/look.js"));
    page.push_str("</script>\n");
    page
}
