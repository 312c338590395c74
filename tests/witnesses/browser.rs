use std::fmt::Write as _;
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
        .arg(format!("file://{}", desk.path("page.html").display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let found = dom.split_once("<pre id=\"found\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let Some((found, _)) = found else {
        panic!("Chromium did not run the page: {dom}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    let found = found.replace("&nbsp;", "\u{a0}").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let found: Vec<Value> = serde_json::from_str(&found).unwrap();
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

/// A page that shows each letter in a frame of each width, and writes down what can be seen of it.
fn page(letters: &[String]) -> String {
    let letters = serde_json::to_string(letters).unwrap().replace("</", "<\\/");
    let mut page = String::from("<!doctype html><meta charset=\"utf-8\"><body style=\"margin:0\"><script>\n");
    writeln!(page, "const letters = {letters};\nconst widths = {WIDTHS:?};").unwrap();
    page.push_str(include_str!("pages/look.js"));
    page.push_str("</script>\n");
    page
}
