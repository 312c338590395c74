use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::{Desk, SAMPLE};
use crate::servers::mta::Mta;
use crate::servers::pages::Site;

const RSS: &str = "application/rss+xml";
const HTML: &str = "text/html; charset=utf-8";
const ALLOWED: &str = "[fetch]\nallow_hosts = [\"127.0.0.1\"]\n";

/// What an article says, of its own words.
fn text(number: u32) -> String {
    format!(
        "Note {number} says that the water stood at {number} metres by the old bridge, and that the ferries of the town will not \
         sail before the end of week {number}, whatever the merchants on the other bank may ask of the harbour master."
    )
}

/// An item that is whole, with an id of its own.
fn item(number: u32) -> String {
    format!(
        "<item><title>Note number {number}</title><link>SITE/notes/{number}</link><guid isPermaLink=\"false\">note-{number}</guid>\
         <pubDate>{number:02} Mar 2026 06:00:00 +0000</pubDate><dc:creator>Ada Keita</dc:creator><category>Rivers</category>\
         <content:encoded><![CDATA[<p>{}</p>]]></content:encoded></item>",
        text(number)
    )
}

/// An item that only names its page.
fn teaser(number: u32) -> String {
    format!(
        "<item><title>Note number {number}</title><link>SITE/notes/{number}</link><guid>SITE/notes/{number}</guid>\
         <pubDate>{number:02} Mar 2026 06:00:00 +0000</pubDate><description>The water is high again.</description></item>"
    )
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">\
         <channel><title>The River</title><link>SITE/</link><description>x</description><language>en</language>{items}</channel></rss>"
    )
}

fn page(number: u32) -> String {
    let parts = (0..4).map(|part| format!("<p>Part {part}: {}</p>", text(number * 10 + part)));
    let paragraphs = parts.collect::<Vec<_>>().concat();
    format!(
        "<!doctype html><html lang=en><title>Note number {number} - The River</title><meta name=author content='Ba Traoré'>\
         <nav><a href=/>Home</a></nav><article><h1>Note number {number}</h1>{paragraphs}</article></html>"
    )
}

/// A desk whose config names the feed of a site, and the site.
fn desk(more: &str) -> (Site, Desk) {
    let site = Site::start();
    let mut desk =
        Desk::with_config(&format!("{ALLOWED}[[sources]]\nurl = \"{}\"\nname = \"the river\"\n{more}", site.url("/feed")));
    desk.at("2026-03-20T08:00:00Z");
    (site, desk)
}

/// Guid and title of every item of the feed that the desk publishes.
fn items(desk: &Desk) -> Vec<(String, String)> {
    let channel = rss::Channel::read_from(desk.read("feeds/feed.xml").as_bytes()).unwrap();
    channel.items.iter().map(|item| (item.guid.clone().unwrap().value, item.title.clone().unwrap())).collect()
}

fn titles(desk: &Desk) -> Vec<String> {
    items(desk).into_iter().map(|(_, title)| title).collect()
}

#[test]
fn new_items_are_taken_once_and_keep_their_ids() {
    let (site, mut desk) = desk("topics = [\"From the river\"]\n");
    site.put("/feed", RSS, &rss(&(item(2) + &item(1))));
    let told = desk.done(&["run"]);
    assert!(told.starts_with("new       2026-03-01-note-number-1  Note number 1\n"), "{told}");
    assert_eq!(
        items(&desk),
        [("note-2".to_owned(), "Note number 2".to_owned()), ("note-1".to_owned(), "Note number 1".to_owned())]
    );
    let feed = desk.read("feeds/feed.xml");
    assert!(feed.contains("<guid isPermaLink=\"false\">note-2</guid>") && feed.contains("<dc:creator>Ada Keita</dc:creator>"));
    assert!(feed.contains(">From the river</category>") && feed.contains(">Rivers</category>"), "{feed}");
    let atom = desk.read("feeds/atom.xml");
    assert!(atom.contains("<id>tag:www.example.org,2026-03-02:note-number-2</id>"), "no IRI, no id of Atom: {atom}");
    assert_eq!(serde_json::from_str::<Value>(&desk.read("feeds/feed.json")).unwrap()["items"][0]["id"], "note-2");
    assert!(desk.exists("feeds/editions/2026-03-02-note-number-2/letter.html"));
    // The next tick comes too early, the one after that learns that nothing has changed.
    site.asked();
    assert_eq!(desk.at("2026-03-20T08:05:00Z").done(&["run"]), "");
    assert!(site.asked().is_empty());
    let before = desk.snapshot("feeds");
    assert_eq!(desk.at("2026-03-20T08:20:00Z").done(&["run"]), "");
    let asked = site.asked();
    assert_eq!(asked.iter().map(|asked| asked.status).collect::<Vec<_>>(), [304]);
    assert!(asked[0].headers.contains("user-agent: griot/0.1.0 (+https://www.example.org/)"), "{asked:?}");
    assert_eq!(desk.snapshot("feeds"), before);
    site.put("/feed", RSS, &rss(&(item(3) + &item(2))));
    let told = desk.at("2026-03-20T08:40:00Z").done(&["run"]);
    assert!(told.starts_with("new       2026-03-03-note-number-3  Note number 3\nwrote"), "{told}");
    assert_eq!(titles(&desk), ["Note number 3", "Note number 2", "Note number 1"], "what left the feed stays");
}

#[test]
fn an_edited_item_is_an_edit_and_never_a_second_item() {
    let (site, mut desk) = desk("");
    site.put("/feed", RSS, &rss(&item(1)));
    desk.done(&["run"]);
    let edited = item(1).replace("Note number 1", "Note number one").replace("old bridge", "new bridge");
    site.put("/feed", RSS, &rss(&edited));
    let told = desk.at("2026-03-21T08:00:00Z").done(&["run"]);
    assert!(told.starts_with("edited    2026-03-01-note-number-1  Note number one\n"), "{told}");
    assert_eq!(items(&desk), [("note-1".to_owned(), "Note number one".to_owned())]);
    assert!(desk.read("feeds/feed.xml").contains("<dcterms:modified>2026-03-21T08:00:00"));
    // Under another id, at the same address: the same article, which only its own item edits.
    site.put("/feed", RSS, &rss(&item(1).replace(">note-1<", ">renamed<").replace("old bridge", "mill")));
    desk.at("2026-03-22T08:00:00Z").done(&["run"]);
    assert_eq!(items(&desk), [("note-1".to_owned(), "Note number one".to_owned())]);
    assert!(!desk.read("feeds/feed.xml").contains("mill"));
}

#[test]
fn a_feed_does_not_write_over_the_articles_of_the_desk() {
    let (site, desk) = desk("");
    desk.write("page.txt", SAMPLE);
    desk.done(&["publish", "page.txt"]);
    let guid = items(&desk)[0].0.clone();
    let before = desk.snapshot("feeds");
    site.put("/feed", RSS, &rss(&item(1).replace(">note-1<", &format!(">{guid}<"))));
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(desk.snapshot("feeds"), before);
}

#[test]
fn the_page_is_fetched_where_the_feed_has_only_a_summary() {
    let (site, desk) = desk("");
    site.put("/feed", RSS, &rss(&(item(2) + &teaser(1))));
    site.put("/notes/1", HTML, &page(1));
    desk.done(&["run"]);
    assert_eq!(site.asked().iter().map(|asked| asked.path.clone()).collect::<Vec<_>>(), ["/feed", "/notes/1"]);
    assert_eq!(titles(&desk), ["Note number 2", "Note number 1"]);
    let feed = desk.read("feeds/feed.xml");
    assert!(feed.contains("Part 3: Note 13 says"), "{feed}");
    assert!(feed.contains("<dc:creator>Ba Traoré</dc:creator>"), "the feed names nobody: {feed}");
    assert!(feed.contains(&format!("<guid isPermaLink=\"true\">{}</guid>", site.url("/notes/1"))), "{feed}");
    assert!(feed.contains("Sun, 01 Mar 2026 06:00:00 +0000"), "{feed}");
}

#[test]
fn full_text_is_what_the_config_says() {
    let (site, desk) = desk("full_text = \"never\"\n");
    site.put("/feed", RSS, &rss(&teaser(1)));
    desk.done(&["run"]);
    assert_eq!(site.asked().len(), 1);
    assert!(desk.read("feeds/feed.xml").contains("The water is high again."));
    let (site, desk) = self::desk("full_text = \"always\"\n");
    site.put("/feed", RSS, &rss(&item(1)));
    site.put("/notes/1", HTML, &page(1));
    desk.done(&["run"]);
    assert!(desk.read("feeds/feed.xml").contains("Part 3: Note 13 says"));
}

#[test]
fn an_item_whose_page_fails_waits_and_the_rest_goes_on() {
    let (site, mut desk) = desk("");
    site.put("/feed", RSS, &rss(&(teaser(3) + &item(2) + &teaser(1))));
    site.put("/notes/3", HTML, &page(3));
    site.fail("/notes/1", "503 Busy");
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.starts_with(&format!(
            "error: `Note number 1` of the river waits for the next run: its page could not be read\n  \
             caused by: `{}` answered with status 503\n",
            site.url("/notes/1")
        )),
        "{}",
        ran.stderr
    );
    assert_eq!(titles(&desk), ["Note number 3", "Note number 2"]);
    let told = desk.at("2026-03-20T08:20:00Z").done(&["run"]);
    assert_eq!(told, format!("waiting   `Note number 1` of the river: `{}` answered with status 503\n", site.url("/notes/1")));
    site.put("/notes/1", HTML, &page(1));
    desk.at("2026-03-20T08:40:00Z").done(&["run"]);
    assert_eq!(titles(&desk), ["Note number 3", "Note number 2", "Note number 1"]);
    site.asked();
    desk.at("2026-03-20T09:00:00Z").done(&["run"]);
    let asked = site.asked();
    assert_eq!(asked.iter().map(|asked| asked.status).collect::<Vec<_>>(), [304], "once all is settled: {asked:?}");
}

#[test]
fn after_days_of_waiting_the_words_of_the_feed_are_taken() {
    let (site, mut desk) = desk("");
    site.put("/feed", RSS, &rss(&teaser(1)));
    assert_eq!(desk.griot(&["run"]).code, 1);
    desk.at("2026-03-23T09:00:00Z");
    let told = desk.done(&["run"]);
    assert!(told.starts_with("new       2026-03-01-note-number-1"), "{told}");
    assert!(desk.read("feeds/feed.xml").contains("The water is high again."));
}

#[test]
fn a_site_that_is_down_is_left_alone_after_three_pages() {
    let (site, desk) = desk("");
    site.put("/feed", RSS, &rss(&(1..=9).map(teaser).collect::<String>()));
    assert_eq!(desk.griot(&["run"]).code, 1);
    assert_eq!(site.asked().len(), 4, "the feed and three pages");
}

#[test]
fn of_a_new_source_the_newest_items_are_taken_and_the_others_passed_over() {
    let (site, mut desk) = desk("items = 3\n");
    site.put("/feed", RSS, &rss(&(1..=8).map(item).collect::<String>()));
    let told = desk.done(&["run"]);
    assert!(
        told.starts_with(
            "passed    5 older items of the river; `griot publish --items N` takes more of them\nnew       2026-03-06"
        ),
        "{told}"
    );
    assert_eq!(titles(&desk), ["Note number 8", "Note number 7", "Note number 6"]);
    site.put("/feed", RSS, &rss(&(1..=9).map(item).collect::<String>()));
    desk.at("2026-03-21T08:00:00Z").done(&["run"]);
    assert_eq!(titles(&desk).len(), 4, "the older ones stay where they are");
    desk.done(&["publish", "--items", "2"]);
    assert_eq!(titles(&desk).len(), 6);
    desk.done(&["publish", &site.url("/feed"), "--items", "0"]);
    assert_eq!(titles(&desk).len(), 9);
    assert_eq!(desk.done(&["publish"]), "nothing   new at the river\n");
}

#[test]
fn a_broken_or_hostile_feed_leaves_what_was_good() {
    let (site, mut desk) = desk("");
    site.put("/feed", RSS, &rss(&item(1)));
    desk.done(&["run"]);
    let before = desk.snapshot("feeds");
    let whole = rss(&item(2));
    let bomb = whole.replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><rss");
    let mut huge = String::from("<rss><channel>");
    huge.extend(std::iter::repeat_n("<!-- x -->", 1_100_000));
    let broken = [
        (whole[..whole.len() - 40].to_owned(), "is broken at line 1: "),
        (whole.replace("</item>", ""), "is broken at line 1: "),
        (bomb, "it declares entities, which no feed needs"),
        (format!("<rss>{}", "<a>".repeat(100_000)), "its elements nest more than 200 deep"),
        (huge, "is larger than 10 MB"),
        ("<html><body>The site is being moved.</body></html>".to_owned(), "lacks what an article needs"),
        (String::new(), "is empty"),
    ];
    for (day, (feed, why)) in (10..).zip(broken) {
        let kind = if feed.starts_with("<html") { HTML } else { RSS };
        site.put("/feed", kind, &feed);
        let ran = desk.at(&format!("2026-04-{day}T08:00:00Z")).griot(&["run"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(ran.stderr.contains(why), "{why}: {}", ran.stderr);
        assert_eq!(desk.snapshot("feeds"), before, "{why}");
    }
    site.put("/feed", RSS, &whole);
    desk.at("2026-05-01T08:00:00Z").done(&["run"]);
    assert_eq!(titles(&desk), ["Note number 2", "Note number 1"]);
}

#[test]
fn a_source_is_asked_as_often_as_it_wants() {
    let (site, mut desk) = desk("");
    site.put_with("/feed", RSS, "Cache-Control: public, max-age=7200\r\n", &rss(&item(1)));
    desk.done(&["run"]);
    desk.at("2026-03-20T09:50:00Z").done(&["run"]);
    assert_eq!(site.asked().len(), 1);
    site.fail("/feed", "429 Slower\r\nRetry-After: 3600");
    let ran = desk.at("2026-03-20T10:00:00Z").griot(&["run"]);
    assert!(ran.code == 1 && ran.stderr.contains("answered with status 429"), "{ran:?}");
    desk.at("2026-03-20T10:50:00Z").done(&["run"]);
    assert_eq!(site.asked().len(), 1);
    site.fail("/feed", "410 Gone");
    let ran = desk.at("2026-03-20T11:00:00Z").griot(&["run"]);
    assert!(ran.stderr.contains("hint: it is gone for good: take its address out of the config"), "{ran:?}");
    desk.at("2026-03-21T10:00:00Z").done(&["run"]);
    assert_eq!(site.asked().len(), 1, "what is gone is asked for once a day");
    assert_eq!(titles(&desk), ["Note number 1"]);
}

#[test]
fn a_feed_leads_to_no_private_place() {
    let (site, desk) = desk("");
    let port = site.url("").rsplit(':').next().unwrap().to_owned();
    let inside = teaser(1).replace("<link>SITE/", &format!("<link>http://localhost:{port}/"));
    // Served under the type of web pages, as many are.
    site.put("/feed", HTML, &rss(&(item(2) + &inside)));
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("`localhost` is at the private address "), "{}", ran.stderr);
    assert_eq!(titles(&desk), ["Note number 2"]);
    assert_eq!(site.asked().len(), 1);
}

#[test]
fn the_archive_of_a_new_source_is_no_news() {
    let site = Site::start();
    let server = Mta::start();
    let mut desk = Desk::with_smtp(
        server.port,
        &format!("[[schedule]]\nname = \"daily\"\nat = \"0 8 * * *\"\n{ALLOWED}[[sources]]\nurl = \"{}\"\n", site.url("/feed")),
    );
    desk.at("2026-03-30T08:00:00Z").done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    desk.write("inbox/page.txt", SAMPLE);
    site.put("/feed", RSS, &rss(""));
    desk.done(&["run"]);
    assert_eq!(server.mailed().len(), 1);
    site.put("/feed", RSS, &rss(&(item(29) + &item(9) + &item(8))));
    let told = desk.at("2026-03-31T08:00:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-29-note-number-29 to `readers`\n"), "{told}");
    assert_eq!(titles(&desk).len(), 4);
}

#[test]
fn a_page_can_be_a_source_too() {
    let (site, mut desk) = desk("");
    let dated = |number| page(number).replace("<article>", "<article><time datetime=2026-03-01>1 March 2026</time>");
    site.put("/feed", HTML, &dated(1));
    desk.done(&["run"]);
    assert_eq!(desk.at("2026-03-20T08:20:00Z").done(&["run"]), "");
    assert_eq!(site.asked().iter().map(|asked| asked.status).collect::<Vec<_>>(), [200, 304]);
    site.put("/feed", HTML, &dated(1).replace("old bridge", "new bridge"));
    let told = desk.at("2026-03-20T08:40:00Z").done(&["run"]);
    assert!(told.starts_with("edited    2026-03-01-note-number-1"), "{told}");
}

#[test]
fn every_format_of_feed_is_a_source() {
    let long = text(7);
    let feeds = [
        (
            "one.rdf",
            format!(
                "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
                 xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>\
                 <channel rdf:about='https://river.example/'><title>R</title></channel><item rdf:about='https://river.example/7'>\
                 <title>Seven</title><link>https://river.example/7</link><dc:date>2026-03-07T06:00:00Z</dc:date>\
                 <content:encoded>{long}</content:encoded></item></rdf:RDF>"
            ),
        ),
        (
            "two.rss",
            format!(
                "<rss version='2.0'><channel><title>R</title><item><guid>https://river.example/7</guid><title>Seven</title>\
                 <pubDate>Sat, 07 Mar 2026 06:00:00 GMT</pubDate><description>{}</description></item></channel></rss>",
                [long.as_str(); 6].join(" ")
            ),
        ),
        (
            "atom.xml",
            format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><title>R</title><entry><id>https://river.example/7</id><title>Seven</title>\
                 <link href='https://river.example/7'/><updated>2026-03-07T06:00:00Z</updated><content>{long}</content></entry></feed>"
            ),
        ),
        (
            "feed.json",
            json!({"version": "https://jsonfeed.org/version/1.1", "title": "R", "items": [{"id": "https://river.example/7",
                "url": "https://river.example/7", "title": "Seven", "content_text": long, "date_published": "2026-03-07T06:00:00Z"}]})
            .to_string(),
        ),
    ];
    for (name, feed) in feeds {
        let mut desk = Desk::new();
        desk.at("2026-03-20T08:00:00Z");
        desk.write(name, &feed);
        let told = desk.done(&["publish", "--format", "feed", name]);
        assert!(told.starts_with("new       2026-03-07-seven  Seven\n"), "{name}: {told}");
        assert_eq!(items(&desk), [("https://river.example/7".to_owned(), "Seven".to_owned())], "{name}");
        assert!(desk.read("feeds/feed.xml").contains("<guid isPermaLink=\"true\">https://river.example/7</guid>"), "{name}");
        assert!(desk.read("feeds/atom.xml").contains("<id>https://river.example/7</id>"), "{name}");
        assert_eq!(desk.done(&["publish", name]), format!("nothing   new at {name}\n"), "known without --format too");
        // As a file of the inbox.
        let mut desk = Desk::new();
        desk.at("2026-03-20T08:00:00Z");
        desk.write(&format!("inbox/{name}"), &feed);
        desk.done(&["run"]);
        assert!(desk.exists(&format!("inbox/done/{name}")) && titles(&desk) == ["Seven"], "{name}");
    }
}

#[test]
fn what_griot_writes_it_reads_back() {
    let mut desk = Desk::new();
    desk.write("page.txt", SAMPLE);
    desk.done(&["publish", "page.txt"]);
    let object = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let original = object(&desk.done(&["read", "--json", "page.txt"]));
    for feed in ["feeds/feed.xml", "feeds/atom.xml", "feeds/feed.json"] {
        let read = object(&desk.done(&["read", "--json", feed]));
        let [read] = &read.as_array().unwrap()[..] else { panic!("{feed}: {read}") };
        for key in ["title", "topics", "authors", "editors", "url", "summary", "promo"] {
            assert_eq!(read[key], original[key], "{feed}: {key}");
        }
        assert_eq!(read["id"], items(&desk)[0].0.as_str(), "{feed}");
        assert_eq!(read["published"], "2023-11-17T12:00:00Z", "{feed}");
        let texts = |read: &Value| {
            let blocks = read["body"].as_array().unwrap().iter();
            blocks.filter(|block| block["kind"] != "figure").cloned().collect::<Vec<_>>()
        };
        assert_eq!(texts(read), texts(&original), "{feed}");
        // Nothing of it is new to the desk; to another one all of it is, under the same id.
        assert_eq!(desk.done(&["publish", feed]), format!("nothing   new at {feed}\n"));
        let other = Desk::new();
        other.write("theirs", desk.read(feed));
        other.done(&["publish", "theirs"]);
        assert_eq!(items(&other), items(&desk), "{feed}");
    }
    desk.at("2027-01-01T00:00:00Z");
    let cards = desk.done(&["read", "feeds/feed.xml", "--format", "feed"]);
    assert!(cards.starts_with("title      Mali: What follows the army's return to Kidal?\n"), "{cards}");
}

#[test]
fn the_feed_of_a_show_can_be_a_source_as_well() {
    let site = Site::start();
    let url = site.url("/show");
    let mut desk = Desk::with_config(&format!(
        "{ALLOWED}[[shows]]\nname = \"Long Way\"\nfeed = \"{url}\"\n[[sources]]\nurl = \"{url}\"\nname = \" \"\n"
    ));
    assert_eq!(desk.griot(&["run"]).code, 2, "a name is not blank");
    desk = Desk::with_config(&format!(
        "{ALLOWED}[[shows]]\nname = \"Long Way\"\nfeed = \"{url}\"\n[[sources]]\nurl = \"{url}\"\nfull_text = \"never\"\n"
    ));
    desk.at("2026-03-20T08:00:00Z");
    let notes = "<description>What the rain does to the roofs, and who mends them.</description></item>";
    site.put("/show", RSS, &show("Rain", 2).replace("</item>", notes));
    let told = desk.done(&["run"]);
    assert!(told.contains("2026-03-02-rain"), "{told}");
}

/// The feed of a show with one episode, and one that is to come.
fn show(title: &str, day: u32) -> String {
    rss(&format!(
        "<item><title>What comes</title><pubDate>01 Jan 2027 06:00:00 +0000</pubDate><enclosure url='SITE/z.mp3' type='audio/mpeg'/></item>\
         <item><title>{title}</title><link>SITE/episodes/{day}</link><pubDate>{day:02} Mar 2026 06:00:00 +0000</pubDate>\
         <enclosure url='SITE/{day}.mp3' type='audio/mpeg' length='9'/><itunes:duration>25:10</itunes:duration></item>"
    ))
}

#[test]
fn the_latest_episode_goes_with_the_promo_and_stays_with_the_article() {
    let site = Site::start();
    let mut more = String::from(ALLOWED);
    writeln!(more, "[[shows]]\nname = \"Long Way\"\nfeed = \"{}\"\nlisten = \"https://www.example.org/way\"", site.url("/show"))
        .unwrap();
    let mut desk = Desk::with_config(&more);
    desk.at("2026-03-20T08:00:00Z");
    site.put("/show", RSS, &show("Rain &amp; &lt;roofs>", 2));
    let note = |number: u32| {
        format!(
            "Note number {number}\n\n{number} March 2026\n\n{}\n\nListen to our podcast Long Way: a new episode every Monday.\n",
            text(number)
        )
    };
    desk.write("one.txt", note(1));
    desk.done(&["publish", "one.txt"]);
    let url = site.url("/episodes/2");
    let letter = "feeds/editions/2026-03-01-note-number-1/letter";
    assert!(
        desk.read(&format!("{letter}.html")).contains(&format!("<a class=\"link\" href=\"{url}\""))
            && desk.read(&format!("{letter}.txt")).contains(&format!("Latest episode: Rain & <roofs> (25 min)\n{url}\n")),
        "{}",
        desk.read(&format!("{letter}.txt"))
    );
    let json: Value = serde_json::from_str(&desk.read("feeds/feed.json")).unwrap();
    let told = format!("<p>Latest episode: <a href=\"{url}\">Rain &amp; &lt;roofs&gt;</a> (25 min)</p>");
    assert!(json["items"][0]["content_html"].as_str().unwrap().contains(&told), "{json}");
    assert!(
        json["items"][0]["content_text"].as_str().unwrap().contains(&format!("Latest episode: Rain & <roofs> (25 min): {url}"))
    );
    // A newer one goes with newer articles; what was composed stays as it was.
    let before = desk.snapshot("feeds/editions/2026-03-01-note-number-1");
    site.put("/show", RSS, &show("The mill", 9));
    desk.write("two.txt", note(2));
    desk.at("2026-03-20T09:00:00Z").done(&["publish", "one.txt", "two.txt"]);
    desk.done(&["letter", "compose", "2026-03-01-note-number-1"]);
    assert_eq!(desk.snapshot("feeds/editions/2026-03-01-note-number-1"), before);
    assert!(desk.read("feeds/editions/2026-03-02-note-number-2/letter.txt").contains("Latest episode: The mill (25 min)"));
    // A feed that fails leaves the last one.
    site.fail("/show", "500 Broken");
    desk.write("three.txt", note(3));
    let told = desk.at("2026-03-20T10:00:00Z").done(&["publish", "three.txt"]);
    assert!(told.starts_with("no news   of the show `Long Way`, its last known episode stays: "), "{told}");
    assert!(desk.read("feeds/editions/2026-03-03-note-number-3/letter.txt").contains("Latest episode: The mill (25 min)"));
}
