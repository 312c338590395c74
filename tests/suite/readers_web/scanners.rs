//! Mail servers follow all links of a letter before its reader does, and some do it again when it is opened.

use griot::domain::SubscriptionState;

use super::site::{LISTS, Site};
use crate::harness::{Desk, RIVER};
use crate::servers::mta::Mta;

const BASE: &str = "https://www.example.org/letters/";

/// A letter that was really sent, its lines and letters as they were written.
fn letter(server: &Mta) -> String {
    let kept = server.kept().pop().unwrap();
    kept.data.replace("=\r\n", "").replace("=3D", "=").replace("\r\n ", " ").replace("&amp;", "&")
}

/// Every address of the readers' pages in a letter.
fn links(letter: &str) -> Vec<String> {
    let ends = |c: char| c.is_whitespace() || "<>\"'".contains(c);
    let mut links: Vec<String> =
        letter.match_indices(BASE).map(|(at, _)| letter[at + BASE.len()..].split(ends).next().unwrap().to_owned()).collect();
    links.sort();
    links.dedup();
    links
}

#[test]
fn letters_lead_to_the_pages_by_themselves() {
    let server = Mta::start();
    let mut desk = Desk::with_smtp(server.port, LISTS);
    desk.at("2026-03-04T13:00:00Z");
    let config = desk.read("config/griot.toml").replace("unsubscribe = \"mailto:leave@example.org\"\n", "");
    desk.write("config/griot.toml", config);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["subscribers", "add", "ada@reader.example", "--confirmed", "at the fair"]);
    desk.done(&["send"]);
    let site = Site::of(desk);
    let ada = site.row("readers", "ada@reader.example").unwrap();
    let token = site.look(async |_, readership| readership.token_of(&ada));
    let letter = letter(&server);
    for header in [
        format!("List-Unsubscribe: <{BASE}unsubscribe?t={token}>"),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".to_owned(),
        format!("List-Subscribe: <{BASE}subscribe?list=readers>"),
    ] {
        assert!(letter.contains(&header), "no {header}: {letter}");
    }
    assert_eq!(letter.matches(&format!("{BASE}unsubscribe?t={token}")).count(), 3, "in the head, the HTML and the text");
    assert!(site.desk.griot(&["letter", "check"]).stdout.lines().all(|line| !line.contains("one-click")));

    // Every link, twice, in either way of looking.
    let links = links(&letter);
    assert_eq!(links.len(), 2, "{links:?}");
    let before = site.readers();
    for _ in 0..2 {
        for link in &links {
            for method in ["HEAD", "GET"] {
                assert_eq!(site.ask(method, link, "User-Agent: a mail server\r\n", b"").status, 200, "{method} {link}");
            }
        }
    }
    // Some follow what they find on the pages, too.
    let page = site.get(&format!("unsubscribe?t={token}")).body;
    for href in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).filter(|href| !href.contains(':')) {
        assert_eq!(site.get(href).status, 200, "{href}");
    }
    assert_eq!(site.readers(), before, "nobody has left, and nothing has changed");

    // Nor is anybody confirmed by it.
    let stamp = site.stamp();
    site.subscribe(&stamp, "ben@reader.example", &["readers"]);
    let confirm = format!("confirm?t={}", site.confirming_token("readers", "ben@reader.example"));
    for _ in 0..2 {
        for method in ["HEAD", "GET"] {
            assert_eq!(site.ask(method, &confirm, "", b"").status, 200);
        }
    }
    assert_eq!(site.state("readers", "ben@reader.example"), SubscriptionState::Pending);

    // The reader's own click is one.
    let left = site.post(&format!("unsubscribe?t={token}"), &[("List-Unsubscribe", "One-Click")]);
    assert_eq!(left.status, 200);
    assert_eq!(site.state("readers", "ada@reader.example"), SubscriptionState::Left);
    let edition = site.desk.rows("SELECT COALESCE(edition, 'none') FROM receipt WHERE deed = 'left'");
    assert_eq!(edition, ["2026-03-04-a-river-rises"], "the receipt names the letter");
}
