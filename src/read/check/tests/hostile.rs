//! Feeds that are written to keep a checker busy.

use std::time::{Duration, Instant};

use super::super::*;
use super::{ids, known};

/// What each has to be done in, by a build that is not optimized on a machine with other work.
const SLOW: Duration = Duration::from_secs(30);

#[track_caller]
fn done(text: &str) -> Vec<&'static str> {
    let start = Instant::now();
    let checked = check(text.as_bytes(), known());
    assert!(start.elapsed() < SLOW, "{:?}", start.elapsed());
    assert!(checked.findings.len() < 2_000);
    ids(&checked)
}

const SIZE: usize = 200_000;

fn in_channel(inner: &str) -> String {
    format!("<rss version='2.0'><channel>{inner}</channel></rss>")
}

#[test]
fn depth_and_width_are_bounded() {
    assert!(done(&"<a>".repeat(SIZE / 3)).contains(&"xml-too-complex"));
    let attributes = (0..SIZE / 10).map(|number| format!(" a{number}='1'")).collect::<Vec<_>>().concat();
    assert!(done(&format!("<rss{attributes}/>")).contains(&"xml-too-complex"));
    let spaces = (0..250).map(|number| format!(" xmlns:a{number}='u:{number}'")).collect::<Vec<_>>().concat();
    assert!(done(&format!("<rss{spaces}/>")).contains(&"xml-too-complex"));
    let spaces = (0..150).map(|number| format!(" xmlns:a{number}='u:{number}'")).collect::<Vec<_>>().concat();
    assert!(done(&format!("<rss{spaces}>{}</rss>", "<b xmlns:c='u:c'/>".repeat(SIZE / 19))).contains(&"xml-too-complex"));
    done(&"[".repeat(SIZE));
    done(&"{\"a\":".repeat(SIZE / 5));
    done(&format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{}1{}}}", "[".repeat(SIZE), "]".repeat(SIZE)));
}

#[test]
fn many_of_the_same_take_linear_time() {
    done(&in_channel(&"<item/>".repeat(SIZE / 7)));
    done(&in_channel(&"<title>x</title>".repeat(SIZE / 16)));
    done(&in_channel(&format!("<item>{}</item>", "<guid>x</guid>".repeat(SIZE / 14))));
    done(&in_channel(&format!("<item>{}</item>", "<enclosure/>".repeat(SIZE / 12))));
    done(&in_channel(&format!("<item><description>{}</description></item>", "&lt;script&gt;\n".repeat(SIZE / 15))));
    done(&in_channel(&format!("<item><description>{}</description></item>", "&lt;a href=\"".repeat(SIZE / 12))));
    done(&in_channel(&format!("<item><description>{}</description></item>", "&amp;".repeat(SIZE / 5))));
    done(&in_channel(&"& ".repeat(SIZE / 2)));
    done(&in_channel(&"&x;".repeat(SIZE / 3)));
    done(&in_channel(&"\u{1}".repeat(SIZE)));
    done(&format!("<feed xmlns='http://www.w3.org/2005/Atom'>{}</feed>", "<link/><entry/>".repeat(SIZE / 15)));
    done(&format!("{{\"version\":\"1\",\"items\":[{}1]}}", "{\"a\":1,\"a\":2},".repeat(SIZE / 14)));
    let keys = (0..SIZE / 12).map(|number| format!("\"k{number}\":1,")).collect::<Vec<_>>().concat();
    done(&format!("{{{keys}\"version\":\"1\"}}"));
}

#[test]
fn entities_of_the_documents_own_are_not_expanded() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><rss version='2.0'>&b;</rss>";
    let found = done(bomb);
    assert!(found.contains(&"xml-entities") && !found.contains(&"xml-entity"), "{found:?}");
}

#[test]
fn any_cut_and_any_changed_byte_gives_findings_and_no_panic() {
    for feed in [super::RSS, super::PODCAST_FEED, super::ATOM_FEED, super::JSON_FEED] {
        for at in (0..feed.len()).step_by(5) {
            check(&feed.as_bytes()[..at], known());
            let mut bytes = feed.as_bytes().to_vec();
            bytes[at] = [b'<', b'&', b'"', 0, 0xFF, b'\n', b']', b'\\'][at % 8];
            check(&bytes, known());
        }
    }
}
