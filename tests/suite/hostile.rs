//! Nasty pages: any input gives a draft or a clear error, in little memory.

use std::process::{Command, Stdio};

use griot::domain::Format;
use griot::read::Page;

use crate::harness::{Desk, Ran};
use crate::shapes::SHAPES;
use crate::sound;

/// Bytes of a hostile page here. `cargo bench --bench hostile` reads them at the size of the largest page that is taken.
const LARGE: usize = 256 * 1024;
/// Kilobytes of address space, the reading thread's stack among them.
const MEMORY: &str = "524288";
/// Seconds after which a page counts as one that never ends, on however slow a machine.
const WATCHDOG: &str = "300";

#[test]
fn a_hostile_page_is_read_in_little_memory() {
    let desk = Desk::bare();
    for shape in SHAPES {
        desk.write(shape.name, shape.page(LARGE));
        let limited = format!("ulimit -v {MEMORY}; exec timeout {WATCHDOG} \"$0\" read --json \"$1\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_griot"), shape.name]).current_dir(desk.path(""));
        let ran = Ran::of(command.stdin(Stdio::null()));
        let head: String = ran.stderr.chars().take(300).collect();
        assert_eq!((ran.code, head.as_str()), (0, ""), "{}", shape.name);
        let read: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!((read.is_object() || read.is_array()) && !ran.stdout.contains("could not be parsed"), "{}", shape.name);
    }
}

/// Pages that are put together for each format.
const PAGES: u64 = 700;

#[test]
fn whatever_a_page_is_made_of_its_draft_is_sound() {
    for seed in 0..PAGES {
        for (format, pieces) in [(Format::Text, TEXT), (Format::Html, HTML), (Format::Markdown, MARKDOWN), (Format::Feed, FEED)] {
            let mut chance = Chance(seed);
            let mut bytes = nasty(&mut chance, pieces);
            if format == Format::Feed && chance.below(8) > 0 {
                bytes.splice(..0, FEEDS[chance.below(FEEDS.len())].bytes());
            }
            let seen = std::panic::catch_unwind(|| match Page::decode(&bytes, "page".to_owned(), Some(format), None) {
                Ok(page) => sound::check(&page),
                Err(error) => assert!(error.to_string().contains("page"), "{error}"),
            });
            assert!(seen.is_ok(), "seed {seed}, {format}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}

/// A page of some dozens of pieces; in every third bytes are then struck, doubled or changed.
fn nasty(chance: &mut Chance, pieces: &[&str]) -> Vec<u8> {
    let count = 1 + chance.below(60);
    let mut page: Vec<u8> = Vec::new();
    for _ in 0..count {
        let table = if chance.below(3) == 0 { ANY } else { pieces };
        page.extend(table[chance.below(table.len())].as_bytes());
        page.extend([&b""[..], b" ", b"\n", b"\n\n"][chance.below(4)]);
    }
    if chance.below(3) == 0 {
        for _ in 0..=chance.below(8) {
            let at = chance.below(page.len());
            match chance.below(3) {
                0 => page[at] = u8::try_from(chance.below(256)).unwrap(),
                1 => page.truncate(at.max(1)),
                _ => page.extend_from_within(at / 2..at),
            }
        }
    }
    page
}

/// The same numbers in every run: `SplitMix64` (Steele, Lea and Flood, 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit.max(1) as u64).unwrap()
    }
}

/// What may stand anywhere.
#[rustfmt::skip]
const ANY: &[&str] = &[
    "The river rose in the night, and the people of the village had not slept since the water came.", "A river rises",
    "By Ada Keita", "By Ada Keita and Ba Traoré | AFP", "Von Ada Keita", "Par", "4 March 2026", "30.01.202430. Januar 2024", "31 February 0000",
    "3 hours ago", "Photo: Ada Keita/AFP", "Image:", "(AP Photo/", "© 2026", "Edited by: Ada Keita", "Read more", "12 comments",
    "While you are here: every weekday we host AfricaLink, a podcast.", "https://example.org/?u=https://example.org/%00", "mailto:a@b\r\nBcc: c",
    "\0", "\u{FEFF}", "\u{202E}", "\u{AD}", "\u{A0}", "\u{85}", "\u{2028}", "\u{FFFE}", "\u{FFFD}", "\u{10FFFF}", "e\u{301}\u{316}", "İ", "ß", "ﬁ",
    "川は夜に増水し、村の人々は眠れなかった。", "ارتفع النهر في الليل", "👩\u{200D}🚀", "'", "\"", "&", "<", ">", "]]>", "-->", "\\", "…", "—",
];

#[rustfmt::skip]
const TEXT: &[&str] = &[
    "Skip to content", "ConflictsMali", "AfricaLink", "> quoted", "- item", "1. item", "a\tb\tc", ":", "|", "/", "___", "By", "BY ADA KEITA",
    "Published 4 March 2026 10:02 GMT", "Updated 5 March 2026", "\r\n", "\r", "\u{B}", "\u{C}", "a boat at the quayPhoto: Ada Keita",
    "[File: Reuters]", "Ada Keita | Ba Traoré | Cy Dee", "SOURCE: AFP", "99999999999999999999", "2026-13-45T99:99:99+99:99", "Advertisement",
];

#[rustfmt::skip]
const HTML: &[&str] = &[
    "<p>", "</p>", "<div class=caption>", "</div>", "<h1>", "</h1>", "<h2>x", "<a href='javascript:alert(1)'>", "<a href=\"https://example.org/?a=1&b='\">",
    "<a href=mailto:a@b.org>", "</a>", "<b>", "</b>", "<em>", "</i>", "<br>", "<code>x", "<ul><li>", "</ul>", "<ol>", "<blockquote>", "</blockquote>", "<pre>",
    "<table><tr><td>", "<th>x<td>y<tr>", "</table>", "<figure>", "<figcaption>", "</figure>", "<img src=/a.jpg alt=x>", "<img srcset=', ,'>",
    "<img src=//[:: width=-1 height=99999999999>", "<picture><source srcset='a 1x'>", "<iframe src=https://www.youtube.com/embed/x></iframe>",
    "<script>", "</script>", "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"\\ud800 x\",\"author\":[[{\"name\":[1]}]],\"datePublished\":\"9\"}</script>",
    "<script type=application/ld+json>{\"@graph\":[{\"@type\":[\"Article\"],\"author\":{\"@id\":\"#a\"}},{\"@id\":\"#a\",\"author\":{\"@id\":\"#a\"}}]}</script>",
    "<meta property=og:title content='A river rises | The Bank'>", "<meta name=description content='The river rose in the night'>", "<meta charset=utf-16>",
    "<base href=http://[>", "<link rel=canonical href=//>", "<html lang='x-y-z-1'>", "<body onload=x>", "<title>", "<time datetime=2026-02-30>", "<svg><title><p>",
    "<math><mi><table>", "<template>", "<select><option>", "<form>", "<!--", "-->", "<![CDATA[", "<?x", "</", "<p class='byline'>", "<x-y>", "&#x0;", "&#55296;", "&amp", "<plaintext",
];

/// How feeds begin.
#[rustfmt::skip]
const FEEDS: &[&str] = &[
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>", "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"//[\">",
    "<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><channel/>",
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"content_html\":\"<p>x <b>y\",\"id\":7},{\"title\":\"",
];

#[rustfmt::skip]
const FEED: &[&str] = &[
    "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<title type=\"html\">&lt;b&gt;x &amp;amp; y</title>", "<link>https://example.org/a</link>",
    "<link href='/a' rel='enclosure'/>", "<guid isPermaLink=\"true\">/x</guid>", "<id>tag:x</id>", "<id/>", "<pubDate>Wed, 31 Feb 2026 99:00:00 +9999</pubDate>",
    "<updated>2026-03-04T08:00:00Z</updated>", "<description>", "</description>", "<description>&lt;p&gt;The river &lt;img src=/a.jpg&gt;&lt;table&gt;&lt;td&gt;x</description>",
    "<content:encoded><![CDATA[", "]]></content:encoded>", "<content type='xhtml'><div><p>x <b>y</b></p></div></content>", "<content type=\"html\">", "</content>",
    "<author>ada@example.org (Ada Keita)</author>", "<dc:creator>Ada", "</dc:creator>", "<category term=''>", "<enclosure url='a.mp3' length='-1' type='audio/mpeg'/>",
    "<itunes:duration>99:99:99:99</itunes:duration>", "<media:content url='/a.jpg' width='-1'>", "<language>x-y-z-1</language>", "&nbsp;", "&lt;p&gt;", "&#55296;", "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "</channel></rss>", "</feed>", "\"},{\"id\":null,\"url\":\"//[\",\"authors\":[{}],\"content_text\":\"", "\"}]}", "\\ud800", "\",\"date_published\":\"2026-99",
];

#[rustfmt::skip]
const MARKDOWN: &[&str] = &[
    "---", "+++", "title: \"A river", "date: 2026-99-99", "author: [Ada, {b: c}]", "tags: &a [*a]", "lang: ??", "promo: {show: x}", "image: ../a.jpg", "title = 1", "# A river", "## x",
    "###### y", "===", "***", "**b", "*e*", "_", "`", "```", "~~~", "[a](https://example.org/)", "[a](javascript:x)", "[a]", "[a]: <b c>", "![a](b \"c\")", "![", "> ", ">>> - 1. ",
    "- a", "  - b", "      - c", "1) x", "|a|b|\n|-|-|\n|c|", "<b>", "<br>", "<!--", "<script>alert(1)</script>", "<https://example.org/>", "&copy;", "\\*", "  \n", "~~x~~", "\t",
];
