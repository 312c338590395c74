//! What stands around the items, and beside the feeds: heads of sections and of the archive, the list of feeds, the sitemap.

use roxmltree::{Document, Node};
use serde_json::Value;

use super::nasty::{Junk, NASTY};
use super::{bare, instant, line, publication, url, written};
use crate::domain::{Block, Line, Rich, Scope};
use crate::render::feed::{FeedFormat, FeedHead, FeedItem, FeedWriter, NewsSitemap, Outline, Part, opml};

fn head_of(format: FeedFormat, name: &Line, part: Part) -> String {
    let mut publication = publication();
    for show in &mut publication.shows {
        show.name = name.clone();
        show.guid = crate::domain::podcast::ShowGuid::parse("9b024349-ccf0-5f69-a609-6b82873eab3c");
    }
    publication.syndication.hubs = vec![url("https://hub.example/?a=1&b=2")];
    let scope = Scope::Section(name.clone());
    let head = FeedHead { publication: &publication, scope: &scope, part, updated: None };
    String::from_utf8(FeedWriter::new(format, head, Vec::new()).unwrap().finish().unwrap()).unwrap()
}

fn attributes<'a>(document: &'a Document, element: &str, attribute: &str) -> Vec<&'a str> {
    let named = document.descendants().filter(|node| node.tag_name().name() == element);
    named.filter_map(|node| node.attribute(attribute)).collect()
}

/// Every name, whatever its characters, comes back out of every place that has one.
#[track_caller]
fn comes_back(name: &Line) {
    let title = format!("The Gauge & Well: {name}");
    let part = Part::Archive { number: 2, is_followed: true };
    for (format, category) in [(FeedFormat::Rss, None), (FeedFormat::Atom, Some("term"))] {
        let feed = head_of(format, name, part);
        let document = Document::parse(&feed).unwrap();
        let text = |element: &str| document.descendants().find(|node| node.tag_name().name() == element).unwrap().text();
        assert_eq!(text("title"), Some(title.as_str()), "{format}");
        if let Some(attribute) = category {
            assert_eq!(attributes(&document, "category", attribute), [name.as_str()]);
        } else {
            assert_eq!(text("category"), Some(name.as_str()));
            assert_eq!(attributes(&document, "remoteItem", "title"), [name.as_str()]);
        }
    }
    let json: Value = serde_json::from_str(&head_of(FeedFormat::Json, name, part)).unwrap();
    assert_eq!(json["title"], title.as_str());
    assert_eq!(json["next_url"], "https://gauge.example/feeds/archive/feed-0001.json");

    let outline = Outline { title: name.clone(), url: url("https://gauge.example/a?b=1&c=2"), kind: "rss" };
    let list = String::from_utf8(opml(&publication(), &[outline]).unwrap()).unwrap();
    let document = Document::parse(&list).unwrap();
    assert_eq!(attributes(&document, "outline", "text"), [name.as_str()]);
    assert_eq!(attributes(&document, "outline", "xmlUrl"), ["https://gauge.example/a?b=1&c=2"]);

    let mut archived = bare("a", "-");
    archived.article.title = name.clone();
    archived.article.url = Some(url("https://gauge.example/a?b=1&c=2"));
    let sitemap = String::from_utf8(NewsSitemap::write(&publication(), &[archived]).unwrap()).unwrap();
    let document = Document::parse(&sitemap).unwrap();
    let texts: Vec<_> = document.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect();
    assert!(texts.contains(&name.as_str()), "{texts:?}");
}

#[test]
fn any_name_comes_back_out_of_every_list_and_head() {
    let mut junk = Junk(0x2545_F491_4F6C_DD1D);
    let texts = NASTY.iter().map(|text| (*text).to_owned()).chain((0..300).map(|_| junk.text()));
    texts.filter_map(|text| Line::new(&text)).for_each(|name| comes_back(&name));
}

/// The text of a paragraph, read out of the content of each format by an HTML parser.
#[test]
fn any_paragraph_comes_back_out_of_the_content() {
    let mut junk = Junk(0x1234_5678_9ABC_DEF1);
    for _ in 0..300 {
        let Some(words) = Line::new(&junk.text()) else { continue };
        let Some(rich) = Rich::text(words.as_str()) else { continue };
        let mut archived = bare("a", "A title");
        archived.article.body = vec![Block::Paragraph(rich)];
        let items = [archived];
        for format in [FeedFormat::Rss, FeedFormat::Atom] {
            let feed = String::from_utf8(written(format, &publication(), &items)).unwrap();
            let document = Document::parse(&feed).unwrap();
            let content = document.descendants().find(|node| matches!(node.tag_name().name(), "encoded" | "content"));
            let html = dom_query::Document::from(content.unwrap().text().unwrap());
            assert_eq!(&*html.select("p").text(), words.as_str(), "{format}");
        }
        let json: Value = serde_json::from_slice(&written(FeedFormat::Json, &publication(), &items)).unwrap();
        assert_eq!(json["items"][0]["content_text"], words.as_str());
    }
}

#[test]
fn documents_of_one_feed_name_each_other_and_have_one_id() {
    let feed = |part| head_of(FeedFormat::Atom, &line("Rain"), part);
    let (current, archive) = (feed(Part::Current { archived: 3 }), feed(Part::Archive { number: 1, is_followed: true }));
    let (current, archive) = (Document::parse(&current).unwrap(), Document::parse(&archive).unwrap());
    let id = |document: &Document| -> String {
        document.root_element().children().find(|node| node.tag_name().name() == "id").unwrap().text().unwrap().to_owned()
    };
    assert_eq!(id(&current), id(&archive));
    let relations =
        |document: &Document| -> Vec<String> { attributes(document, "link", "rel").into_iter().map(str::to_owned).collect() };
    assert_eq!(relations(&current), ["self", "prev-archive", "alternate", "hub"]);
    assert_eq!(relations(&archive), ["self", "current", "next-archive", "alternate", "hub"]);
}

#[test]
fn pieces_make_the_same_feed_as_a_whole() {
    let publication = publication();
    let items: Vec<_> = (0..5).map(|number| bare(&format!("n-{number}"), "A title")).collect();
    for format in FeedFormat::ALL {
        let head = super::head(&publication, items.iter().map(|item| item.updated).max());
        let mut out = Vec::new();
        for (at, piece) in items.chunks(2).enumerate() {
            let mut writer = FeedWriter::new(format, head, Vec::new()).unwrap();
            let first = writer.taken();
            out.extend(if at == 0 { first } else { format.between().to_vec() });
            for item in piece {
                writer.item(&FeedItem::new(item, &publication)).unwrap();
            }
            out.extend(writer.taken());
            if at == 2 {
                out.extend(writer.finish().unwrap());
            }
        }
        assert_eq!(String::from_utf8(out).unwrap(), String::from_utf8(written(format, &publication, &items)).unwrap());
    }
}

#[test]
fn a_news_sitemap_goes_back_two_days_from_the_newest() {
    let days = ["2026-03-04T12:00:00Z", "2026-03-02T12:00:00Z", "2026-03-02T11:59:59Z"].map(instant);
    assert_eq!(NewsSitemap::of_days(&days, |day| *day), &days[..2]);
    assert_eq!(NewsSitemap::of_days(&vec![days[0]; 1_200], |day| *day).len(), 1_000);
}
