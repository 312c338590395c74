use crate::harness::{Desk, SAMPLE};

/// A page saved from the web, with its picture and what it says of itself in JSON-LD.
pub const DUNES: &str = include_str!("pages/dunes.html");
/// A page with whatever XML, HTML, mail and narrow screens find hard.
pub const FISH: &str = include_str!("pages/fish.md");

/// The editions of the three pages, newest first.
pub const EDITIONS: [&str; 3] =
    ["2026-03-03-fish-chips-in-a-tin", "2026-03-02-the-dunes-move-on", "2023-11-17-mali-what-follows-the-armys-return-to-kidal"];

/// Publishes a page pasted as text, one saved as HTML and one written in Markdown.
pub fn publish(desk: &Desk) {
    desk.write("sample-page.txt", SAMPLE);
    desk.write("dunes.html", DUNES);
    desk.write("fish.md", FISH);
    desk.done(&["publish", "sample-page.txt", "dunes.html", "fish.md"]);
}

/// Puts readers on the list, `reader1@readers.example` and so on.
pub fn subscribe(desk: &Desk, count: usize) -> Vec<String> {
    let mut readers: Vec<String> = (1..=count).map(|number| format!("reader{number}@readers.example")).collect();
    desk.write("readers.csv", format!("email\n{}\n", readers.join("\n")));
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "asked at the fair"]);
    readers.sort();
    readers
}
