//! What breaks feeds elsewhere, handed in from outside: what the readers of all three formats get of it, or the error.
//!
//! Each test says at its head which trap it is about. Sound files have their own tests.

use jiff::Timestamp;
use roxmltree::{Document, Node};
use serde_json::Value;

use crate::harness::{Desk, Ran};

/// The first item of a feed, as a reader has it.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    title: String,
    link: Option<String>,
    id: String,
    published: String,
    authors: Vec<String>,
    html: String,
}

fn children<'a>(node: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn text(node: Node, name: &str) -> Option<String> {
    children(node, name).next().map(|child| child.text().unwrap_or_default().to_owned())
}

fn rss(desk: &Desk) -> Vec<Item> {
    let feed = desk.read("feeds/feed.xml");
    let document = Document::parse(&feed).unwrap();
    let items = document.descendants().filter(|node| node.has_tag_name("item"));
    items
        .map(|item| Item {
            title: text(item, "title").unwrap(),
            link: text(item, "link"),
            id: text(item, "guid").unwrap(),
            published: jiff::fmt::rfc2822::parse(&text(item, "pubDate").unwrap()).unwrap().timestamp().to_string(),
            authors: children(item, "creator").map(|author| author.text().unwrap().to_owned()).collect(),
            html: text(item, "encoded").unwrap(),
        })
        .collect()
}

fn atom(desk: &Desk) -> Vec<Item> {
    let feed = desk.read("feeds/atom.xml");
    let document = Document::parse(&feed).unwrap();
    let entries = document.descendants().filter(|node| node.tag_name().name() == "entry");
    let instant = |text: String| text.parse::<Timestamp>().unwrap().to_string();
    entries
        .map(|entry| Item {
            title: text(entry, "title").unwrap(),
            link: children(entry, "link").next().and_then(|link| link.attribute("href")).map(str::to_owned),
            id: text(entry, "id").unwrap(),
            published: instant(text(entry, "published").unwrap()),
            authors: children(entry, "author").map(|author| text(author, "name").unwrap()).collect(),
            html: text(entry, "content").unwrap(),
        })
        .collect()
}

fn json(desk: &Desk) -> Vec<Item> {
    let feed: Value = serde_json::from_str(&desk.read("feeds/feed.json")).unwrap();
    let string = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = feed["items"].as_array().unwrap().iter();
    items
        .map(|item| Item {
            title: string(&item["title"]),
            link: item["url"].as_str().map(str::to_owned),
            id: string(&item["id"]),
            published: string(&item["date_published"]).parse::<Timestamp>().unwrap().to_string(),
            authors: item["authors"].as_array().into_iter().flatten().map(|author| string(&author["name"])).collect(),
            html: string(&item["content_html"]),
        })
        .collect()
}

/// All items, on which the three formats have to agree, and of which no reader may choke on any byte.
#[track_caller]
fn items(desk: &Desk) -> Vec<Item> {
    let items = rss(desk);
    assert_eq!((&items, &items), (&atom(desk), &json(desk)));
    for feed in ["feeds/feed.xml", "feeds/atom.xml", "feeds/feed.json"] {
        let bytes = std::fs::read(desk.path(feed)).unwrap();
        let first = if feed.ends_with("json") { &b"{"[..] } else { b"<?xml version=\"1.0\" encoding=\"utf-8\"?>" };
        assert!(bytes.starts_with(first), "{feed}: something stands before its beginning");
        let text = String::from_utf8(bytes).unwrap();
        let forbidden = text.chars().find(|c| matches!(*c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'));
        assert_eq!(forbidden, None, "{feed}");
    }
    items
}

/// The one item of a page that is published at a new desk.
#[track_caller]
fn item_of(name: &str, page: impl AsRef<[u8]>) -> Item {
    let desk = Desk::new();
    desk.write(name, page);
    desk.done(&["publish", name]);
    let mut items = items(&desk);
    assert_eq!(items.len(), 1);
    items.remove(0)
}

fn refused(name: &str, page: impl AsRef<[u8]>) -> Ran {
    let desk = Desk::new();
    desk.write(name, page);
    let ran = desk.griot(&["publish", name]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    ran
}

const BODY: &str = "The harbour master says that he has not seen the water so high in twenty years of service.";

fn markdown(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-03-01\nurl: https://www.example.org/a/b\n---\n\n{BODY}\n\n{body}\n")
}

fn html(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A river rises</title>{head}\
         <meta property=\"article:published_time\" content=\"2026-03-01T08:00:00Z\">\
         <link rel=\"canonical\" href=\"https://www.example.org/news/river.html\"></head>\
         <body><article><h1>A river rises</h1><p>{BODY}</p>{body}<p>The market has moved to the upper square, where the traders have put up their stalls since dawn.</p></article></body></html>"
    )
}

/// 1, 2: characters that XML forbids, as such and as references.
#[test]
fn forbidden_characters_are_dropped() {
    let item = item_of(
        "page.md",
        markdown(
            "\"A\\u0001 \\u000briver\\uFFFE\\uFFFF\"",
            "one\u{1}\u{8}\u{B}\u{C}\u{E}\u{1F}two \u{FFFE}\u{FFFF}\u{1FFFE}\u{10FFFF}end",
        ),
    );
    assert_eq!(item.title, "A river");
    // A line tabulation and a form feed part words; the others never meant anything.
    assert!(item.html.contains("one two end"), "{}", item.html);
    assert!(refused("page.md", markdown("A river", "one\u{0}two")).stderr.contains("`page.md` is binary data"));

    let item = item_of("page.html", html("", "<p>before&#11;after &#x1; &#xFFFE; the sluice gates were closed by hand</p>"));
    assert!(item.html.contains("the sluice gates were closed"), "{}", item.html);
}

/// 3: halves of characters.
#[test]
fn half_characters_never_reach_a_feed() {
    let item = item_of("page.html", html("", "<p>half &#xD83D;&#xDE00; of a face, and the rest of the sentence</p>"));
    assert!(item.html.contains("\u{FFFD}") && !item.html.contains("&#xD8"), "{}", item.html);
    let desk = Desk::new();
    desk.write("theirs.json", r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"urn:1","title":"half \ud83d","content_text":"The harbour master says that the water is as high as it was twenty years ago.","date_published":"2026-03-01T08:00:00Z"}]}"#);
    let ran = desk.griot(&["publish", "theirs.json"]);
    // Either the feed is refused by name, or what comes through is whole.
    if ran.code == 0 { drop(items(&desk)) } else { assert!(ran.stderr.contains("theirs.json"), "{}", ran.stderr) }
}

/// 4: characters beyond the first plane stay as they are, and are not cut in two.
#[test]
fn emoji_and_flags_stay_whole() {
    let faces = "👩🏽\u{200D}🚀🇲🇱".repeat(120);
    let item = item_of("page.md", markdown("\"Mali 🇲🇱 👩🏽\u{200D}🚀\"", &faces));
    assert_eq!(item.title, "Mali 🇲🇱 👩🏽\u{200D}🚀");
    assert!(item.html.contains(&faces));
}

/// 5: control characters of the second row, from text that was taken for Latin-1.
#[test]
fn windows_quotes_are_quotes() {
    let page = html("", "<p>the mayor said &#147;never&#148; &#150; and left the hall at once</p>");
    assert!(item_of("page.html", page).html.contains("“never” –"));
    let mut bytes =
        html("", "<p>the mayor said QUOTE at once and left the hall</p>").replace("utf-8", "windows-1252").into_bytes();
    let at = bytes.windows(5).position(|window| window == b"QUOTE").unwrap();
    bytes.splice(at..at + 5, *b"\x93never\x94 \x96");
    let item = item_of("page.html", bytes);
    assert!(item.html.contains("“never” –"), "{}", item.html);
}

/// 6, 7: what cannot be seen in a title, and white space of every kind.
#[test]
fn titles_have_no_hidden_characters_and_single_spaces() {
    let title = "\"\u{FEFF}A\u{AD} riv\u{200B}er\u{A0}\\t rises\u{2028}and\u{2029}falls\u{85} — می\u{200C}خواهم\"";
    let item = item_of("page.md", markdown(title, "Ten\u{A0}km"));
    assert_eq!(item.title, "A river rises and falls — می\u{200C}خواهم");
    assert!(item.html.contains("Ten\u{A0}km") || item.html.contains("Ten km"), "{}", item.html);
}

/// 8: overrides of the direction end where they began; text from right to left tells its direction.
#[test]
fn directions_do_not_leak() {
    let item = item_of("page.md", markdown("\"\u{202E}A river\u{2066} rises \u{200F}نهر\"", "مرحبا"));
    assert!(!item.title.contains(['\u{202E}', '\u{2066}']), "{:?}", item.title);
    assert!(item.title.contains("نهر"));
    let arabic =
        "---\ntitle: أمطار في مالي\ndate: 2026-03-01\nlanguage: ar\n---\n\nارتفع منسوب النهر كثيرا هذا الأسبوع في المدينة.\n";
    assert!(item_of("page.md", arabic).html.starts_with("<div lang=\"ar\" dir=\"rtl\">"));
}

/// 9, 10: markup characters in text are text, escaped once.
#[test]
fn markup_characters_are_escaped_once() {
    let item = item_of("page.md", markdown("\"AT&T ]]> x < y &amp; &lt;b&gt;\"", "`]]>` & AT&T"));
    assert!(item.title.starts_with("AT&T ]]> x < y &"), "{}", item.title);
    let item = item_of(
        "page.html",
        html("", "<p>a ]]&gt; b &amp; c &lt;d&gt; and all that comes after these</p>")
            .replace("A river rises</", "Caf&eacute; &amp; r&#233;gion: a river rises</"),
    );
    assert_eq!(item.title, "Café & région: a river rises");
    assert!(item.html.contains("a ]]&gt; b &amp; c &lt;d&gt;"), "{}", item.html);
    let desk = Desk::new();
    desk.write("page.md", markdown("\"Fish & <chips>\"", "x"));
    desk.done(&["publish", "page.md"]);
    for feed in ["feeds/feed.xml", "feeds/atom.xml"] {
        assert!(desk.read(feed).contains("Fish &#x26; &#x3C;chips&gt;"), "by number, for readers that unescape twice");
    }
}

/// 11: tags in a title are markup in HTML and text where they are text.
#[test]
fn tags_in_titles() {
    let page = html("", "<p>x</p>").replace("<h1>A river rises</h1>", "<h1>A <em>river</em> rises</h1>");
    assert_eq!(item_of("page.html", page).title, "A river rises");
    assert_eq!(item_of("page.md", markdown("\"How to use <b> in HTML\"", "x")).title, "How to use <b> in HTML");
}

/// 12: references without a character, and unknown ones.
#[test]
fn unknown_references_stay_text() {
    let item = item_of("page.html", html("", "<p>one &#150; two &foo; three &nosuch, and the rest of the sentence</p>"));
    assert!(item.html.contains("one – two &amp;foo; three &amp;nosuch"), "{}", item.html);
}

/// 13: nothing that acts comes through.
#[test]
fn nothing_that_acts_comes_through() {
    let acting = "<script>alert(1)</script><style>p{}</style><p onclick=\"alert(2)\" style=\"position:fixed\">The gates were closed \
        by <a href=\"jAvAscript:alert(3)\">hand</a> and <a href=\"java&#9;script:alert(4)\">opened</a> then <a href=\"data:text/html,x\">again</a> in \
        <a href=\"vbscript:x\">the</a> evening</p><form action=\"/x\"><input value=\"y\"></form>\
        <iframe src=\"https://video.example.org/v\" title=\"The film\"></iframe><object data=\"x\"></object><svg onload=\"alert(5)\"></svg>";
    let html = item_of("page.html", html("", acting)).html;
    for bad in ["script", "alert", "style", "onclick", "onload", "data:", "<form", "<input", "<iframe", "<object", "<svg"] {
        assert!(!html.to_lowercase().contains(bad), "{bad} in {html}");
    }
    assert!(html.contains("The gates were closed by hand and opened then again in the evening"), "{html}");
}

/// 14, 16: addresses are whole, against the article, in ASCII.
#[test]
fn addresses_are_whole_and_plain() {
    let links = "<p>See <a href=\"../other\">one</a>, <a href=\"//cdn.example.org/x\">two</a>, <a href=\"#below\">three</a>, \
        <a href=\"?page=2\">four</a>, <a href=\"/caf\u{e9}/a b|c?q=\u{e9}&amp;r=%41\">five</a>, <a href=\"https://b\u{fc}cher.example/\">six</a>.</p>\
        <figure><img src=\"pics/boat one.jpg\" alt=\"A boat\" width=\"600\" height=\"400\"><figcaption>The boat at the quay</figcaption></figure>";
    let html = item_of("page.html", html("", links)).html;
    for address in [
        "https://www.example.org/other\"",
        "https://cdn.example.org/x\"",
        "https://www.example.org/news/river.html?page=2\"",
        "https://www.example.org/caf%C3%A9/a%20b|c?q=%C3%A9&amp;r=%41\"",
        "https://xn--bcher-kva.example/\"",
        "https://www.example.org/news/pics/boat%20one.jpg\"",
    ] {
        assert!(html.contains(address), "{address} is not in {html}");
    }
    // A reader has no place to jump to.
    assert!(html.contains("three") && !html.contains("\"#"), "{html}");
}

/// 15: pictures that load late are there, once, and trackers are not.
#[test]
fn lazy_pictures_are_there_once() {
    let lazy = "<figure><img src=\"data:image/gif;base64,R0lGOD\" data-src=\"/real.jpg\" alt=\"The quay\" width=\"600\" height=\"400\">\
        <noscript><img src=\"/real.jpg\" alt=\"The quay\"></noscript><figcaption>The quay at dawn</figcaption></figure>\
        <img src=\"https://count.example.org/pixel.gif\" width=\"1\" height=\"1\" alt=\"\">";
    let html = item_of("page.html", html("", lazy)).html;
    assert_eq!(html.matches("https://www.example.org/real.jpg").count(), 1, "{html}");
    assert!(html.contains("alt=\"The quay\"") && !html.contains("pixel.gif") && !html.contains("data:"), "{html}");
}

/// 17: an article's own address is on the web, or is none.
#[test]
fn an_address_that_is_none_is_told() {
    for bad in ["javascript:alert(1)", "mailto:a@b.example", "file:///etc/passwd"] {
        let desk = Desk::new();
        desk.write("page.md", format!("---\ntitle: A\ndate: 2026-03-01\nurl: \"{bad}\"\n---\n\n{BODY}\n"));
        let ran = desk.griot(&["publish", "-v", "page.md"]);
        assert!(ran.stderr.contains(&format!("`url: {bad}` is no http(s) address, and is left out")), "{ran:#?}");
        assert_eq!(items(&desk)[0].link, None, "{bad}");
    }
}

/// 18, 20: dates in every form come out as instants; what is none is told.
#[test]
fn dates_come_out_as_instants() {
    #[track_caller]
    fn case(date: &str, expected: &str) {
        let page = format!("---\ntitle: A river\ndate: {date}\n---\n\n{BODY}\n");
        let desk = Desk::with_config("[feed]\nitems = 5\n");
        let config = desk.read("config/griot.toml").replace("Africa/Bamako", "Europe/Berlin");
        desk.write("config/griot.toml", config);
        desk.write("page.md", page);
        desk.done(&["publish", "page.md"]);
        assert_eq!(items(&desk)[0].published, expected, "{date}");
    }
    case("2025-11-21", "2025-11-21T11:00:00Z");

    case("2025-11-21T10:00:00+05:30", "2025-11-21T04:30:00Z");
    case("\"Fri, 21 Nov 2025 10:00:00 EST\"", "2025-11-21T15:00:00Z");
    case("\"Mon, 21 Nov 2025 10:00:00 GMT\"", "2025-11-21T10:00:00Z");
    case("\"21 Sept 2025\"", "2025-09-21T10:00:00Z");
    case("\"21 novembre 2025\"", "2025-11-21T11:00:00Z");
}

/// 19, 20: without a date there is no article, and no clock makes one up.
#[test]
fn a_missing_or_impossible_date_is_told() {
    for date in ["", "date: 0001-01-01", "date: 2026-02-30", "date: yesterday", "date: 99999-01-01"] {
        let ran = refused("page.md", format!("---\ntitle: A river rises\n{date}\n---\n\n{BODY}\n"));
        assert!(ran.stderr.contains("`page.md`") && ran.stderr.contains("date"), "{date}: {}", ran.stderr);
    }
}

/// 20: what is dated with a day to come waits for it.
#[test]
fn the_future_is_held_back() {
    let desk = Desk::new();
    desk.write(
        "page.md",
        "---\ntitle: Tomorrow\ndate: 2026-03-20\n---\n\nThe market will move to the upper square on the twentieth.\n",
    );
    desk.done(&["publish", "page.md"]);
    assert!(items(&desk).is_empty());
}

/// 22, 23: the same article twice is one item, whatever was hung on its address; ids have no white space around them.
#[test]
fn the_same_article_twice_is_one_item() {
    let desk = Desk::new();
    for address in ["https://www.example.org/river", "http://example.org/river/?utm_source=x&fbclid=y"] {
        desk.write("page.md", format!("---\ntitle: A river rises\ndate: 2026-03-01\nurl: {address}\n---\n\n{BODY}\n"));
        desk.done(&["publish", "page.md"]);
    }
    assert_eq!(items(&desk).len(), 1);
    let desk = Desk::new();
    desk.write("theirs.xml", format!("<rss version=\"2.0\"><channel><title>T</title><link>https://e.example/</link><description>d</description><item><title>A</title><guid isPermaLink=\"false\">\n  urn:x:1\n </guid><pubDate>Sun, 01 Mar 2026 08:00:00 +0000</pubDate><description>{BODY}</description></item></channel></rss>"));
    desk.done(&["publish", "theirs.xml"]);
    assert_eq!(items(&desk)[0].id, "urn:x:1");
}

/// 24: data in the place of addresses is not carried.
#[test]
fn pictures_as_data_are_left_out() {
    let data = format!(
        "<figure><img src=\"data:image/png;base64,{}\" alt=\"The quay\"><figcaption>The quay at dawn</figcaption></figure>",
        "QUJD".repeat(200_000)
    );
    let item = item_of("page.html", html("", &data));
    assert!(item.html.len() < 5_000 && !item.html.contains("data:"), "{}", item.html.len());
    assert!(item.html.contains("The harbour master"), "the text is there");
}

/// 26: nothing to say is an error; a publication without articles is a whole feed without items.
#[test]
fn an_empty_page_is_an_error_and_an_empty_feed_is_whole() {
    assert!(refused("page.md", "---\ntitle: \"\"\ndate: 2026-03-01\n---\n").stderr.contains("`page.md` lacks"));
    let desk = Desk::new();
    desk.done(&["feed", "build"]);
    assert!(items(&desk).is_empty());
}

/// 27: whatever the encoding of the page, the feeds are UTF-8 without a mark before them.
#[test]
fn every_encoding_becomes_utf_8() {
    let text = "A river rises in Ségou\n\nBy Ada Keïta\n4 March 2026\n\nThe café at the quay is under water, and the mayor’s house too, says the harbour master of Ségou.\n";
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    for bytes in [utf16, marked] {
        let item = item_of("page.txt", bytes);
        assert_eq!((item.title.as_str(), item.authors), ("A river rises in Ségou", vec!["Ada Keïta".to_owned()]));
        assert!(item.html.contains("café at the quay"), "{}", item.html);
    }
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect() };
    // Text has no place to name its encoding: it is UTF-8, or the error says where it is not.
    assert!(
        refused("page.txt", latin(&text.replace('’', "'"))).stderr.contains("`page.txt` is not valid UTF-8: line 1, byte 19")
    );
    let page =
        html("", "<p>The café at the quay is under water, and the house of the mayor too</p>").replace("utf-8", "iso-8859-1");
    assert!(item_of("page.html", latin(&page)).html.contains("The café at the quay"));
}

/// 28: broken nesting, tables, and text whose white space counts.
#[test]
fn broken_markup_is_mended() {
    let long = "The council has met in the hall of the school since the rains ended, and has decided nothing yet.";
    let broken = format!(
        "<p>The <b>gates <i>were</b> closed</i> by hand. {long}<p>And opened again. {long}<table><tr><td>Day<td>Metres<tr><td>One<td>2</table>\
         <p>{long}"
    );
    let item = item_of("page.html", html("", &broken));
    assert!(item.html.contains("<td>Metres</td>"), "{}", item.html);
    assert!(item.html.contains("<strong>gates <em>were</em></strong> <em>closed</em> by hand"), "{}", item.html);
    Document::parse(&format!("<x>{}</x>", item.html.replace("<hr>", ""))).unwrap();
    let item = item_of("page.md", markdown("A river", "```\n  a\tb < c\n\n    d\n```"));
    assert!(item.html.contains("<pre>  a\tb &lt; c\n\n    d</pre>"), "{}", item.html);
}

/// 29: names are split, and no name is taken for an address of mail.
#[test]
fn many_authors_are_many_names() {
    let names: Vec<String> = ('a'..='t').flat_map(|c| [format!("\"Ada {c}eita\""), format!("\"Bâ {c}raoré\"")]).collect();
    let page =
        format!("---\ntitle: A river\ndate: 2026-03-01\nauthor: [{}, \"Smith & Sons\"]\n---\n\n{BODY}\n", names.join(", "));
    let item = item_of("page.md", page);
    assert_eq!(item.authors.len(), 41, "{:?}", item.authors);
    assert_eq!(item.authors[40], "Smith & Sons");
    let pasted = format!(
        "A river rises\n\nBy Ada Keita and Bâ Traoré | Example Press\n4 March 2026\n\n{BODY}\n\nThe market has moved to the upper square since dawn.\n"
    );
    assert_eq!(item_of("page.txt", pasted).authors, ["Ada Keita", "Bâ Traoré"]);
}

/// 30: a feed with entities of its own is refused, and nothing of any file is read.
#[test]
fn entities_of_a_feeds_own_are_refused() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/hostname\">]>";
    let feed = format!(
        "<?xml version=\"1.0\"?>{bomb}<rss version=\"2.0\"><channel><title>T</title><link>https://e.example/</link><description>d</description><item><title>&b;&x;</title><guid>1</guid><pubDate>Sun, 01 Mar 2026 08:00:00 +0000</pubDate><description>{BODY}</description></item></channel></rss>"
    );
    let desk = Desk::new();
    desk.write("theirs.xml", feed);
    let ran = desk.griot(&["publish", "theirs.xml"]);
    if ran.code == 0 {
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_else(|_| "no such file".to_owned());
        assert!(items(&desk).iter().all(|item| !item.title.contains("hahaha") && !item.title.contains(host.trim())));
    } else {
        assert!(ran.stderr.contains("theirs.xml"), "{}", ran.stderr);
    }
}

/// 31: the invitation to the show stands once, at the close.
#[test]
fn the_promo_is_lifted_out_once() {
    let desk = Desk::new();
    desk.write("page.txt", crate::harness::SAMPLE);
    desk.done(&["publish", "page.txt"]);
    let html = &items(&desk)[0].html;
    let promo = html.find("<aside>").unwrap();
    assert!(html.matches("podcast").count() >= 1 && !html[..promo].contains("While you're here"), "{html}");
    assert_eq!(html.matches("<aside>").count(), 1);
}
