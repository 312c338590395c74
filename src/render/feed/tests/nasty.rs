//! Text that breaks feeds elsewhere, read back by other parsers than the ones that griot itself uses.

use std::fmt::Write;

use serde_json::Value;

use super::{bare, foreign, full, line, lines, publication, url, written};
use crate::domain::{Archived, Block, Figure, Inline, Promo, Rich, is_xml_char};
use crate::render::feed::{FeedFormat, Published};

pub(super) const NASTY: &[&str] = &[
    "]]> & <b>bold</b> &amp; &eacute; &#38;",
    "5 < 6 > 4 \"double\" 'single' `tick`",
    "👩\u{200D}🚀 🇲🇱 \u{1F469}\u{1F3FD} \u{10FFFD}",
    "a\u{0}b\u{1}c\u{B}d\u{FFFE}e\u{FFFF}f\u{1FFFE}g\u{7F}h",
    "one\u{2028}two\u{2029}three\u{85}four\r\nfive\rsix\tseven",
    "\u{202E}reversed\u{2066} \u{FEFF}bom soft\u{AD}hyphen",
    "مرحبا \u{200F}بالعالم\u{200E} — שלום",
    "<![CDATA[x]]> <!-- y --> <?pi z?> <!DOCTYPE a>",
    "<script>alert(1)</script> javascript:alert(1)",
    "{\"json\": \"\\u0000\\\"}",
];

/// An article that says a text wherever an article can say one.
fn saying(number: usize, text: &str) -> Option<Archived> {
    let mut archived = bare(&format!("n-{number}"), "-");
    let words = super::Line::new(text)?;
    let article = &mut archived.article;
    article.title = words.clone();
    article.topics = vec![words.clone()];
    article.authors = vec![words.clone(), line("Second")];
    article.editors = vec![words.clone()];
    article.summary = Some(words.clone());
    let mut address = String::from("https://e.example/?q=");
    for byte in text.bytes() {
        write!(address, "%{byte:02X}&").unwrap();
    }
    article.url = Some(url(&address));
    article.body = vec![
        Block::Paragraph(Rich::new(vec![Inline::Text(text.to_owned()), Inline::Code(text.to_owned())])?),
        Block::Heading { level: 2, text: words.clone() },
        Block::Figure(Figure {
            src: Some(url(&address)),
            alt: Some(words.clone()),
            caption: Some(words.clone()),
            credit: Some(words.clone()),
            size: None,
        }),
        Block::Table { header: false, rows: vec![vec![text.to_owned()]] },
        Block::Preformatted(text.to_owned()),
        Block::Embed { url: Some(url(&address)), text: Some(words.clone()) },
    ];
    article.promo = Some(Promo { show: words.clone(), text: words });
    Some(archived)
}

/// What a reader sees of an item, whatever the format.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    id: String,
    link: Option<String>,
    title: String,
    summary: String,
    html: String,
    authors: Vec<String>,
    topics: Vec<String>,
    published: String,
    updated: String,
    language: Option<String>,
}

fn expected(archived: &Archived) -> Seen {
    let article = &archived.article;
    let zone = publication().zone;
    let date = |at: jiff::Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    Seen {
        id: archived.guid.clone(),
        link: article.url.as_ref().map(ToString::to_string),
        title: article.title.to_string(),
        summary: article.excerpt().to_string(),
        // The content is compared between the formats.
        html: String::new(),
        authors: article.authors.iter().map(ToString::to_string).collect(),
        topics: article.topics.iter().map(ToString::to_string).collect(),
        published: date(archived.published),
        updated: date(archived.updated),
        language: (article.language.as_str() != "en").then(|| article.language.to_string()),
    }
}

fn children<'a>(node: roxmltree::Node<'a, 'a>, name: &'a str) -> Vec<String> {
    let named = node.children().filter(move |child| child.tag_name().name() == name);
    named.map(|child| child.text().unwrap_or_default().to_owned()).collect()
}

fn child<'a>(node: roxmltree::Node<'a, 'a>, name: &'a str) -> Option<String> {
    children(node, name).into_iter().next()
}

/// The text of a piece of HTML that is known to have escaped only these.
fn unescaped(html: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(html.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

fn seen_rss(bytes: &[u8]) -> Vec<Seen> {
    let document = roxmltree::Document::parse(std::str::from_utf8(bytes).unwrap()).unwrap();
    let items = document.descendants().filter(|node| node.has_tag_name("item"));
    let date = |text: String| {
        let zoned = jiff::fmt::rfc2822::parse(&text).unwrap();
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    };
    items
        .map(|item| {
            let published = date(child(item, "pubDate").unwrap());
            Seen {
                id: child(item, "guid").unwrap(),
                link: child(item, "link"),
                title: child(item, "title").unwrap(),
                summary: unescaped(&child(item, "description").unwrap()),
                html: child(item, "encoded").unwrap(),
                authors: children(item, "creator"),
                topics: children(item, "category"),
                updated: child(item, "modified").unwrap_or(published.clone()),
                published,
                language: child(item, "language"),
            }
        })
        .collect()
}

fn seen_atom(bytes: &[u8]) -> Vec<Seen> {
    let document = roxmltree::Document::parse(std::str::from_utf8(bytes).unwrap()).unwrap();
    let entries = document.root_element().children().filter(|node| node.tag_name().name() == "entry");
    let xml = "http://www.w3.org/XML/1998/namespace";
    entries
        .map(|entry| {
            let of = |name: &'static str| entry.children().filter(move |child| child.tag_name().name() == name);
            Seen {
                id: child(entry, "id").unwrap(),
                link: of("link").find_map(|link| link.attribute("href")).map(str::to_owned),
                title: child(entry, "title").unwrap(),
                summary: child(entry, "summary").unwrap(),
                html: child(entry, "content").unwrap(),
                authors: of("author").filter_map(|author| child(author, "name")).collect(),
                topics: of("category").filter_map(|category| category.attribute("term")).map(str::to_owned).collect(),
                published: child(entry, "published").unwrap(),
                updated: child(entry, "updated").unwrap(),
                language: entry.attribute((xml, "lang")).map(str::to_owned),
            }
        })
        .collect()
}

fn seen_json(bytes: &[u8]) -> Vec<Seen> {
    let feed: Value = serde_json::from_slice(bytes).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let items = list(&feed["items"]);
    items
        .iter()
        .map(|item| Seen {
            id: text(&item["id"]).unwrap(),
            link: text(&item["url"]),
            title: text(&item["title"]).unwrap(),
            summary: text(&item["summary"]).unwrap(),
            html: text(&item["content_html"]).unwrap(),
            authors: list(&item["authors"]).iter().filter_map(|author| text(&author["name"])).collect(),
            topics: list(&item["tags"]).iter().filter_map(text).collect(),
            published: text(&item["date_published"]).unwrap(),
            updated: text(&item["date_modified"]).or(text(&item["date_published"])).unwrap(),
            language: text(&item["language"]),
        })
        .collect()
}

/// Writes the three feeds, reads them with other parsers, and holds them against the articles and each other.
#[track_caller]
fn all_formats_say(items: &[Archived]) {
    let publication = publication();
    let feeds = FeedFormat::ALL.map(|format| written(format, &publication, items));
    let [rss, atom, json] = &feeds;
    let mut said = seen_rss(rss);
    assert_eq!(said, seen_atom(atom));
    assert_eq!(said, seen_json(json));
    assert!(!std::str::from_utf8(json).unwrap().contains(['\u{2028}', '\u{2029}']));
    for seen in &mut said {
        assert!(seen.html.chars().all(is_xml_char));
        seen.html.clear();
    }
    assert_eq!(said, items.iter().map(expected).collect::<Vec<_>>());

    let channel = ::rss::Channel::read_from(rss.as_slice()).unwrap();
    let titles: Vec<_> = channel.items().iter().map(|item| item.title().unwrap_or_default()).collect();
    assert_eq!(titles, items.iter().map(|item| item.article.title.as_str()).collect::<Vec<_>>());

    let listed: Vec<Published> = items
        .iter()
        .map(|item| Published {
            guid: item.guid.clone(),
            title: item.article.title.to_string(),
            link: item.article.url.as_ref().map(ToString::to_string),
        })
        .collect();
    for (format, feed) in FeedFormat::ALL.into_iter().zip(&feeds) {
        assert_eq!(format.proof(feed.as_slice()).unwrap(), listed, "{format}");
        assert_eq!(&written(format, &publication, items), feed, "{format}: same input, same bytes");
    }
}

#[test]
fn the_three_formats_say_the_same() {
    all_formats_say(&[full(), bare("dry", "Dry"), foreign()]);
}

#[test]
fn nasty_text_comes_back_as_it_was() {
    let items: Vec<_> = NASTY.iter().enumerate().filter_map(|(number, text)| saying(number, text)).collect();
    assert_eq!(items.len(), NASTY.len());
    all_formats_say(&items);
}

#[test]
fn the_head_can_be_nasty_too() {
    for text in NASTY {
        let mut publication = publication();
        publication.title = line(text);
        publication.description = line(text);
        publication.copyright = Some(line(text));
        publication.owner = publication.owner.map(|owner| super::Mailbox { name: Some(line(text)), ..owner });
        for format in FeedFormat::ALL {
            let feed = written(format, &publication, &[bare("dry", "Dry")]);
            assert_eq!(format.proof(feed.as_slice()).unwrap().len(), 1);
        }
        let feed = written(FeedFormat::Rss, &publication, &[]);
        let channel = ::rss::Channel::read_from(feed.as_slice()).unwrap();
        assert_eq!((channel.title(), channel.description()), (line(text).as_str(), line(text).as_str()));
    }
}

#[test]
fn markup_in_text_never_becomes_markup() {
    let text = "<script>alert(1)</script>";
    let feed = written(FeedFormat::Json, &publication(), &[saying(0, text).unwrap()]);
    let html = &seen_json(&feed)[0].html;
    assert!(!html.contains("<script") && html.matches("&lt;script&gt;").count() >= 10, "{html}");
}

#[test]
fn the_promo_closes_the_article_and_is_said_once() {
    let archived = full();
    let promo = archived.article.promo.as_ref().unwrap().text.as_str();
    let feed: Value =
        serde_json::from_slice(&written(FeedFormat::Json, &publication(), std::slice::from_ref(&archived))).unwrap();
    for member in ["content_html", "content_text"] {
        let content = feed["items"][0][member].as_str().unwrap();
        let (_, after) = content.split_once(promo).unwrap();
        assert!(!after.contains(promo) && after.contains("Listen to Wellspring") && !after.contains("Edited by"), "{member}");
    }
}

#[test]
fn an_article_in_the_language_of_a_publication_written_from_the_right_tells_its_direction() {
    let mut publication = publication();
    publication.language = super::Language::parse("ar").unwrap();
    let feed: Value = serde_json::from_slice(&written(FeedFormat::Json, &publication, &[foreign()])).unwrap();
    assert_eq!(feed["items"][0]["language"], Value::Null);
    assert!(feed["items"][0]["content_html"].as_str().unwrap().starts_with("<div lang=\"ar\" dir=\"rtl\">"));
}

#[test]
fn authors_keep_their_order() {
    let mut archived = bare("many", "Many");
    archived.article.authors = lines(&["Zo", "Ba", "Mi", "Al"]);
    all_formats_say(&[archived]);
}

/// Junk that is the same on every machine (xorshift, G. Marsaglia 2003).
pub(super) struct Junk(pub(super) u64);

impl Junk {
    fn next(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from(self.0 >> 32).unwrap() % below
    }

    pub(super) fn text(&mut self) -> String {
        let length = self.next(40) + 1;
        (0..length).filter_map(|_| self.char()).collect()
    }

    fn char(&mut self) -> Option<char> {
        const SYNTAX: &[u8; 24] = b"<>&;\"'=/!?-[]#x \t\r\n{}\\:%";
        let code = match self.next(5) {
            0 => u32::from(SYNTAX[usize::try_from(self.next(24)).unwrap()]),
            1 => self.next(0x20),
            2 => self.next(0x300),
            3 => 0x2000 + self.next(0x70),
            _ => self.next(0x11_0000),
        };
        char::from_u32(code)
    }
}

#[test]
fn no_text_whatever_breaks_a_feed() {
    let mut junk = Junk(0x9E37_79B9_7F4A_7C15);
    for _ in 0..25 {
        let items: Vec<_> = (0..20).filter_map(|number| saying(number, &junk.text())).collect();
        assert!(items.len() > 10);
        all_formats_say(&items);
    }
}
