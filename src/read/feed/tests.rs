use std::time::{Duration, Instant};

use super::*;
use crate::domain::{Block, Draft, Format};

const URL: &str = "https://river.example/feeds/all.xml";

fn page(text: &str) -> Page {
    Page { origin: "feed".into(), url: WebUrl::parse(URL), format: Format::Feed, text: text.into() }
}

#[track_caller]
fn items(text: &str) -> Vec<Item> {
    read(&page(text)).unwrap().items
}

/// The one item of an RSS feed with these elements.
#[track_caller]
fn rss(elements: &str) -> Item {
    let namespaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
        xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' \
        xmlns:atom='http://www.w3.org/2005/Atom'";
    let feed = format!(
        "<rss version='2.0' {namespaces}><channel><title>The River</title><link>https://river.example/</link>\
         <language>en-gb</language><item>{elements}</item></channel></rss>"
    );
    items(&feed).remove(0)
}

fn outline(draft: &Draft) -> Vec<String> {
    let kind = |block: &Block| match block {
        Block::Heading { .. } => "# ",
        Block::Figure(_) => "! ",
        Block::List { .. } => "- ",
        Block::Quote(_) => "> ",
        _ => "",
    };
    draft.body.iter().map(|block| format!("{}{}", kind(block), block.plain())).collect()
}

const LONG: &str = "The harbour master says that he has not seen the water so high in twenty years of service, and that the \
    ferries will not sail before the end of the week, whatever the merchants on the other bank may ask of him and of his men.";

#[test]
fn rss_2() {
    let item = rss(&format!(
        "<title>Fish &#x26; &lt;chips&gt;: AT&amp;amp;T &lt;i&gt;wins&lt;/i&gt;</title><link> https://river.example/high </link>\
         <guid isPermaLink='false'> river-17 </guid><pubDate>Wed, 04 Mar 2026 07:00:00 +0100</pubDate>\
         <dc:creator>Ada Keita</dc:creator><dc:creator><![CDATA[Ba Traoré]]></dc:creator><author>desk@river.example (C. Dé)</author>\
         <category>Rivers</category><category domain='x'>Mali</category><description>The Niger is high.</description>\
         <content:encoded><![CDATA[<img src='/a.jpg' width='600' height='400' alt='A boat'><p>{LONG}</p><h3>Then</h3><p>See <a href='#map' onclick='x()'>the\
         </a> <a href='/map'>map</a>.</p><script>alert(1)</script>]]></content:encoded>\
         <enclosure url='https://river.example/high.mp3' type='audio/mpeg' length='1234'/><itunes:duration>0:25:01</itunes:duration>"
    ));
    assert_eq!(item.id.as_deref(), Some("river-17"));
    let enclosure = item.enclosure.clone().unwrap();
    assert_eq!((enclosure.length, enclosure.seconds, enclosure.kind.as_deref()), (Some(1234), Some(1501), Some("audio/mpeg")));
    assert!(item.is_whole());
    let draft = item.draft();
    assert_eq!(draft.title.as_ref().unwrap().as_str(), "Fish & <chips>: AT&T wins");
    assert_eq!(draft.authors.iter().map(Line::as_str).collect::<Vec<_>>(), ["Ada Keita", "Ba Traoré", "C. Dé"]);
    assert_eq!(draft.topics.iter().map(Line::as_str).collect::<Vec<_>>(), ["Rivers", "Mali"]);
    assert_eq!(draft.published.unwrap().to_string(), "2026-03-04T07:00:00+01:00");
    assert_eq!(draft.url.as_ref().unwrap().as_str(), "https://river.example/high");
    assert_eq!(draft.language.as_ref().unwrap().as_str(), "en-GB");
    assert_eq!(draft.summary.as_ref().unwrap().as_str(), "The Niger is high.");
    assert_eq!(outline(&draft), ["! ".to_owned(), LONG.to_owned(), "# Then".to_owned(), "See the map.".to_owned()]);
    let Some(Block::Figure(figure)) = draft.body.first() else { panic!("{:?}", draft.body) };
    assert_eq!(figure.src.as_ref().unwrap().as_str(), "https://river.example/a.jpg");
    assert_eq!(draft.body.last().unwrap().links().len(), 1, "an address of the page itself is none elsewhere");
}

#[test]
fn rss_1_and_the_oldest() {
    let feed = "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
        xmlns:d='http://purl.org/dc/elements/1.1/'><channel rdf:about='https://river.example/'><title>The River</title>\
        <items><rdf:Seq><rdf:li resource='https://river.example/high'/></rdf:Seq></items></channel>\
        <item rdf:about='https://river.example/high'><title>High</title><link>https://river.example/high</link>\
        <d:date>2026-03-04T07:00:00Z</d:date><d:creator>Ada Keita</d:creator><description>Short.</description></item></rdf:RDF>";
    let item = items(feed).remove(0);
    assert_eq!(item.id.as_deref(), Some("https://river.example/high"));
    assert_eq!(item.published.unwrap().to_string(), "2026-03-04T07:00:00Z");
    assert!(!item.is_whole());
    let feed = "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://n.example/rss-0.91.dtd'>\
        <rss version='0.91'><channel><title>R</title><item><title>High&nbsp;water &eacute;</title><link>/high</link></item></channel></rss>";
    let item = items(feed).remove(0);
    assert_eq!((item.id.as_ref(), item.url.as_ref().unwrap().as_str()), (None, "https://river.example/high"));
    assert_eq!(item.draft().title.unwrap().as_str(), "High water é");
    assert_eq!(item.key(), "url river.example/high");
}

#[test]
fn atom() {
    let feed = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr' xml:base='https://river.example/fr/'><title type='html'>Le fleuve</title>\
         <author><name>Le fleuve</name></author><entry><id>urn:uuid:1</id><title>Le &lt;b&gt; &amp;amp; le reste</title>\
         <link rel='replies' href='r'/><link href='haut' /><link rel='enclosure' type='audio/ogg' href='s.ogg' length='0'/>\
         <published>2026-03-04T07:00:00Z</published><updated>2026-03-05T08:00:00Z</updated>\
         <author><name>Ada Keita</name><uri>x</uri></author><category term='r' label='Rivières'/>\
         <source><id>other</id><title>Other</title></source>\
         <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{LONG}</p><p>Un <em>mot</em>, <a href='carte'>une carte</a>.</p></div></content></entry>\
         <entry><id>2</id><title type='html'>&lt;u&gt;T&lt;/u&gt; &amp;lt;u&amp;gt;</title><updated>2026-03-06T08:00:00Z</updated><summary>Bref.</summary></entry></feed>"
    );
    let [first, second] = &items(&feed)[..] else { panic!() };
    assert_eq!(
        (first.id.as_deref(), first.url.as_ref().unwrap().as_str()),
        (Some("urn:uuid:1"), "https://river.example/fr/haut")
    );
    assert_eq!(first.enclosure.as_ref().unwrap().url.as_str(), "https://river.example/fr/s.ogg");
    let draft = first.draft();
    assert_eq!(draft.title.as_ref().unwrap().as_str(), "Le <b> &amp; le reste", "plain text is plain");
    assert_eq!(draft.updated.unwrap().to_string(), "2026-03-05T08:00:00Z");
    assert_eq!((draft.authors[0].as_str(), draft.topics[0].as_str()), ("Ada Keita", "Rivières"));
    assert_eq!(draft.language.as_ref().unwrap().as_str(), "fr");
    assert_eq!(outline(&draft), [LONG, "Un mot, une carte."]);
    assert_eq!(draft.body[1].links()[0].0.as_str(), "https://river.example/fr/carte");
    let draft = second.draft();
    assert_eq!(draft.title.as_ref().unwrap().as_str(), "T <u>");
    assert_eq!((draft.published.unwrap().to_string().as_str(), draft.updated), ("2026-03-06T08:00:00Z", None));
    assert!(draft.authors.is_empty(), "the publisher wrote nothing");
    let bare = items("<feed><entry><id>right</id><title>T</title></entry></feed>").remove(0);
    assert_eq!((bare.id.as_deref(), bare.draft().title.unwrap().as_str()), (Some("right"), "T"), "without its namespace");
}

#[test]
fn json_feed() {
    let feed = format!(
        r#"{{"version": "https:\/\/jsonfeed.org/version/1", "title": "The River", "home_page_url": "https://river.example/",
        "author": {{"name": "The River"}}, "unknown": [[1]], "items": [
        {{"id": 17, "url": "high", "title": "High", "content_text": "{LONG}\n\nIt rains.", "date_published": "2026-03-04T07:00:00+01:00",
          "authors": [{{"name": "Ada Keita"}}], "tags": ["Rivers"], "image": "/a.jpg", "language": "en",
          "attachments": [{{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12, "duration_in_seconds": 61.4}}]}},
        {{"id": "https://river.example/low", "content_html": "<p>Low.</p>", "attachments": null}}]}}"#
    );
    let [first, second] = &items(&feed)[..] else { panic!() };
    assert_eq!((first.id.as_deref(), first.url.as_ref().unwrap().as_str()), (Some("17"), "https://river.example/high"));
    assert_eq!(first.enclosure.as_ref().unwrap().seconds, Some(61));
    assert_eq!(outline(&first.draft()), ["! ", LONG, "It rains."]);
    assert_eq!(second.url.as_ref().unwrap().as_str(), "https://river.example/low");
    assert_eq!(second.draft().title.unwrap().as_str(), "Low.", "what has no title begins with one");
}

#[test]
fn a_summary_is_told_from_the_whole_text() {
    #[track_caller]
    fn case(elements: &str, whole: bool) {
        assert_eq!(rss(elements).is_whole(), whole, "{elements}");
    }
    let escaped = |text: &str| text.replace('<', "&lt;");
    case("<description>The Niger is high.</description>", false);
    case(&format!("<description>{}</description>", escaped(&format!("<p>{}</p>", [LONG; 6].join("</p><p>")))), true);
    case(&format!("<description>{} […]</description>", [LONG; 6].join(" ")), false);
    case(&format!("<description>{LONG}</description><content:encoded>{LONG}</content:encoded>"), false);
    case(&format!("<description>High.</description><content:encoded>{LONG}</content:encoded>"), true);
    case(&format!("<content:encoded>{LONG}</content:encoded>"), true);
    case("<content:encoded> </content:encoded><description>High.</description>", false);
    case(&format!("<content:encoded>{LONG} {LONG} {LONG} Continue reading</content:encoded>"), false);
    case(
        &format!(
            "<content:encoded>{}</content:encoded>",
            escaped(&format!("<p>{LONG}</p><p><a href='https://x.example/'>Weiterlesen →</a></p>"))
        ),
        false,
    );
    case("<title>Only a title</title>", false);
}

#[test]
fn what_blog_programs_add_is_left_out() {
    let item = rss(&format!(
        "<title>High</title><link>https://river.example/high/</link><content:encoded><![CDATA[<p>{LONG}</p>\
         <p>Der Beitrag <a href='https://river.example/high/'>High</a> erschien zuerst auf <a href='https://river.example'>R</a>.</p>]]>\
         </content:encoded><description><![CDATA[The harbour master says that he has not seen the water so high in twenty […]]]></description>"
    ));
    let draft = item.draft();
    assert_eq!(outline(&draft), [LONG]);
    assert_eq!(draft.summary, None, "the beginning of the text is no summary");
    assert!(item.is_whole());
}

#[test]
fn the_page_and_the_feed_know_each_its_part() {
    let item = rss(
        "<title>The Niger is high</title><link>https://count.example/r?u=17</link><pubDate>Wed, 04 Mar 2026 07:00:00 +0000</pubDate>\
         <category>Rivers</category><description>The ferries have stopped.</description>",
    );
    let mut read = Draft::empty(Format::Html);
    read.title = Line::new("High water - The River");
    read.authors = vec![Line::new("Ada Keita").unwrap()];
    read.url = WebUrl::parse("https://river.example/high");
    read.topics = vec![Line::new("News").unwrap()];
    read.body = vec![Block::Paragraph(crate::domain::Rich::text(LONG).unwrap())];
    let draft = item.draft_with(read);
    assert_eq!(draft.title.unwrap().as_str(), "The Niger is high");
    assert_eq!((draft.authors[0].as_str(), draft.topics[0].as_str()), ("Ada Keita", "Rivers"));
    assert_eq!(draft.url.unwrap().as_str(), "https://river.example/high");
    assert_eq!(draft.summary.unwrap().as_str(), "The ferries have stopped.");
    assert_eq!(draft.published.unwrap().to_string(), "2026-03-04T07:00:00Z");
    assert_eq!(draft.body.len(), 1);
}

#[test]
fn what_is_no_feed_or_a_broken_one_is_told() {
    let told = |text: &str| read(&page(text)).unwrap_err().to_string();
    assert_eq!(told("The river"), "`feed` is no feed: neither RSS nor Atom nor JSON Feed");
    assert_eq!(told("<html><item/></html>"), "`feed` is no feed: neither RSS nor Atom nor JSON Feed");
    assert_eq!(told("{\"version\": \"1\"}"), "`feed` is no feed: neither RSS nor Atom nor JSON Feed");
    assert_eq!(told("\n<rss><channel>\n<item>"), "the feed `feed` is broken at line 3: it ends in the middle");
    assert!(told("<rss><channel><item></channel></rss>").starts_with("the feed `feed` is broken at line 1: "));
    assert!(told("{\"version\": \"https://jsonfeed.org/version/1\",\n]").starts_with("the feed `feed` is broken at line 2: "));
    let bomb =
        "<!DOCTYPE rss [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><rss><channel><item><title>&b;</title></item></channel></rss>";
    assert_eq!(told(bomb), "the feed `feed` is broken at line 1: it declares entities, which no feed needs");
    let old = bomb.replace("<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>", "<!ENTITY % a PUBLIC '-//W3C//x' 'http://w.example/x.ent'>");
    assert_eq!(items(&old).len(), 1);
    let deep = format!("<rss>{}", "<a>".repeat(300));
    assert_eq!(told(&deep), "the feed `feed` is broken at line 1: its elements nest more than 200 deep");
}

#[test]
fn the_worst_input_is_read_in_time_and_within_bounds() {
    let size = 200_000;
    let fill = |open: &str, piece: &str, close: &str| format!("{open}{}{close}", piece.repeat(size / piece.len()));
    let head = "<rss><channel>";
    let numbered = (0..size / 20).map(|at| format!(" a{at}='{at}'")).collect::<Vec<_>>().concat();
    let long = "a".repeat(size);
    let home = format!("https://river.example/{long}");
    let based = format!("{}{}", "<x xml:base='/a'>".repeat(180), "<b/>".repeat(size / 4));
    let bound = (0..size / 25).map(|at| format!(" xmlns:n{at}='urn:{at}'")).collect::<Vec<_>>().concat();
    for text in [
        fill(head, "<item/>", "</channel></rss>"),
        fill(head, "<item><title>x</title></item>", "</channel></rss>"),
        fill("<rss><channel><item>", "<category>x</category>", "</item></channel></rss>"),
        fill("<rss><channel><item><content:encoded>", "&lt;div>", "</content:encoded></item></channel></rss>"),
        fill("<rss><channel><item><content:encoded>", "&lt;b>x", "</content:encoded></item></channel></rss>"),
        fill("<rss><channel><item><title>", "&amp;", "</title></item></channel></rss>"),
        fill("<rss><channel><item><title>", "&x", "</title></item></channel></rss>"),
        fill(&format!("{head}<link>{home}</link>"), "<item/>", "</channel></rss>"),
        fill(&format!("<feed><author><name>{long}</name></author>"), "<entry/>", "</feed>"),
        format!("{head}<item>{based}{}</item></channel></rss>", "</x>".repeat(180)),
        fill(
            &format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"home_page_url\":\"{home}\",\"items\":["),
            "{},",
            "{}]}",
        ),
        fill(head, "<", ""),
        fill(head, "<![CDATA[", ""),
        fill("<rss", " a='b'", ">"),
        format!("<rss{numbered}><channel><item/></channel></rss>"),
        format!("<rss{bound}><channel>{}</channel></rss>", "<n9:x/>".repeat(20_000)),
        fill("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[", "{},", "{}]}"),
        fill("{\"version\":\"https://jsonfeed.org/version/1\",\"x\":", "[", ""),
        fill("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"tags\":[", "\"\",", "\"\"]}]}"),
    ] {
        let began = Instant::now();
        if let Ok(feed) = read(&page(&text)) {
            assert!(feed.items.len() <= MAX_ITEMS);
            let written: usize = feed.items.iter().map(|item| item.base.as_ref().map_or(0, |base| base.as_str().len())).sum();
            let named: usize = feed.items.iter().flat_map(|item| &item.authors).map(String::len).sum();
            assert!(written + named < 10 * text.len(), "what the feed says once is not kept in each item");
            if let Some(item) = feed.items.first() {
                item.draft();
                item.is_whole();
            }
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{:?} for {}", began.elapsed(), &text[..80]);
    }
}

#[test]
fn what_is_written_otherwise_than_specified_spoils_no_json_feed() {
    let text = r#"{"version": "https://jsonfeed.org/version/1", "items": [
        {"id": 7, "title": "A river rises", "author": "Ada Lum", "attachments": [
            {"url": "https://example.org/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": "1200", "duration_in_seconds": "90"}]},
        {"id": "b", "title": "It falls", "authors": ["Ben Okri", {"name": "Cy Dee"}, 9, {}], "author": [],
         "attachments": [{"url": "https://example.org/b.mp3", "mime_type": "audio/mpeg", "size_in_bytes": {}, "duration_in_seconds": -4}]}]}"#;
    let feed = read(&page(text)).unwrap();
    assert_eq!(feed.items[0].authors, ["Ada Lum"]);
    assert_eq!(feed.items[1].authors, ["Ben Okri", "Cy Dee"]);
    let measured = |at: usize| feed.items[at].enclosure.as_ref().map(|enclosure| (enclosure.length, enclosure.seconds));
    assert_eq!(measured(0), Some((Some(1200), Some(90))));
    assert_eq!(measured(1), Some((None, None)));
}

#[test]
fn lengths_of_time() {
    let cases = [("1801", 1801), ("30:01", 1801), ("0:30:01", 1801), (" 30:01.5 ", 1801)];
    assert!(cases.iter().all(|(text, length)| seconds(text) == Some(*length)));
    assert!(["", "0", "x", "1:2:3:4", "99999999999", "-5"].iter().all(|text| seconds(text).is_none()));
}
