use std::path::PathBuf;

use super::*;
use crate::domain::podcast::*;
use crate::domain::{Block, Inline, Language, Line, Mailbox, Rich, WebUrl};

fn line(text: &str) -> Line {
    Line::new(text).unwrap()
}

fn url(text: &str) -> WebUrl {
    WebUrl::parse(text).unwrap()
}

fn show() -> PublishedShow {
    PublishedShow {
        name: line("Fish & <Chips>"),
        slug: "fish".into(),
        feed: url("https://example.org/feeds/fish/podcast.xml"),
        base: url("https://example.org/feeds/fish/"),
        media: None,
        folder: PathBuf::new(),
        folder_name: "episodes".into(),
        description: "Tom & Jerry <talk>".into(),
        link: url("https://example.org/fish?a=1&b=2"),
        language: Language::parse("en").unwrap(),
        categories: vec![Category::parse("Kids & Family").unwrap(), Category::parse("News > Daily News").unwrap()],
        is_explicit: false,
        image: Piece::Web(url("https://example.org/cover.png")),
        image_alt: Some(line("A \"fish\"")),
        images: vec![],
        author: line("The Desk"),
        owner: Some(Mailbox::parse("The Desk <desk@example.org>").unwrap()),
        copyright: None,
        is_serial: false,
        is_locked: true,
        guid: None,
        medium: line("podcast"),
        frequency: Frequency::of_words(&line("Every weekday")),
        new_feed: None,
        block: ShowBlock::These(vec![line("google")]),
        uses_podping: true,
        persons: vec![],
        locations: vec![],
        license: None,
        funding: vec![],
        social: vec![Social::Disabled],
        txt: vec![],
        values: vec![],
        chat: None,
        live: vec![],
        podroll: vec![],
        publisher: None,
        has_articles: false,
        topics: vec![],
    }
}

fn episode(guid: &str, body: Vec<Block>) -> PublishedEpisode {
    PublishedEpisode {
        guid: guid.into(),
        details: EpisodeDetails {
            title: line("One & <two>"),
            published: "2026-03-04T07:00:00Z".parse().unwrap(),
            body,
            guid: None,
            author: None,
            summary: None,
            link: None,
            season: Some(2),
            season_name: Some(line("Rain")),
            number: Some("12.5".into()),
            number_name: None,
            kind: EpisodeKind::Trailer,
            is_explicit: None,
            is_blocked: false,
            image_alt: None,
            images: vec![],
            persons: vec![],
            locations: vec![],
            license: None,
            funding: vec![],
            social: vec![],
            links: vec![],
            soundbites: vec![],
            txt: vec![],
            values: vec![],
        },
        enclosure: Enclosed {
            url: url("https://example.org/feeds/fish/one.mp3"),
            sound: Sound { format: SoundFormat::Mp3, bytes: 417_000, millis: 26_122 },
        },
        alternates: vec![],
        image: None,
        chapters: None,
        marks: vec![],
        transcripts: vec![],
    }
}

fn written(episodes: &[PublishedEpisode]) -> String {
    let show = show();
    let head = ShowHead {
        guid: ShowGuid::of_feed(&show.feed),
        image: url("https://example.org/cover.png"),
        podroll: vec![],
        hubs: &[],
        updated: None,
        show: &show,
    };
    String::from_utf8(podcast(&head, episodes, &TimeZone::UTC, Vec::new()).unwrap()).unwrap()
}

#[test]
fn a_strict_reader_finds_what_was_meant() {
    let text = written(&[episode("tag:x", vec![])]);
    let document = roxmltree::Document::parse(&text).unwrap();
    let all = |name: &str| {
        let (prefix, name) = name.split_once(':').unwrap_or(("", name));
        let space = ROOT.iter().find(|(key, _)| key.strip_prefix("xmlns:") == Some(prefix)).map(|(_, space)| *space);
        let found = document.descendants().filter(|node| node.tag_name().name() == name && node.tag_name().namespace() == space);
        found.collect::<Vec<_>>()
    };
    let texts = |name: &str| all(name).iter().map(|node| node.text().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    assert_eq!(texts("title"), ["Fish & <Chips>", "Fish & <Chips>", "One & <two>"]);
    assert_eq!(texts("link"), ["https://example.org/fish?a=1&b=2"; 2]);
    let categories: Vec<_> = all("itunes:category").iter().map(|node| node.attribute("text").unwrap().to_owned()).collect();
    assert_eq!(categories, ["Kids & Family", "News", "Daily News"]);
    assert_eq!(texts("itunes:explicit"), ["false"]);
    assert_eq!(texts("day"), ["Saturday", "Sunday"]);
    let [frequency] = &all("podcast:updateFrequency")[..] else { panic!("{text}") };
    assert_eq!(frequency.attribute("rrule"), Some("FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR"));
    let [enclosure] = &all("enclosure")[..] else { panic!("{text}") };
    assert_eq!((enclosure.attribute("length"), enclosure.attribute("type")), (Some("417000"), Some("audio/mpeg")));
    assert_eq!((texts("itunes:duration"), texts("pubDate")), (vec!["26".into()], vec!["Wed, 04 Mar 2026 07:00:00 +0000".into()]));
    // Apple knows whole numbers only.
    assert_eq!((texts("itunes:episode"), texts("podcast:episode")), (vec![], vec!["12.5".to_owned()]));
    assert_eq!(all("podcast:trailer").len(), 1);
    assert_eq!(all("podcast:image")[0].attribute("alt"), Some("A \"fish\""));
    assert!(crate::render::FeedFormat::Rss.proof(text.as_bytes()).is_ok());
}

#[test]
fn a_description_has_whole_blocks_and_at_most_4000_bytes() {
    let language = Language::parse("en").unwrap();
    let paragraph = |text: &str| Block::Paragraph(Rich::text(text).unwrap());
    let html = |body: &[Block]| {
        let (short, whole) = description::html(body, &language);
        (short.unwrap().as_str().to_owned(), whole.map(|html| html.as_str().to_owned()))
    };
    assert_eq!(html(&[paragraph("A & b"), paragraph("C")]), ("<p>A &amp; b</p>\n<p>C</p>".into(), None));
    let long = paragraph(&"élan ".repeat(400));
    let (short, whole) = html(&[paragraph("First"), long.clone(), long.clone(), paragraph("Last")]);
    assert!(short.starts_with("<p>First</p>\n<p>élan") && short.len() < 4000 && !short.contains("Last"), "{short}");
    assert!(whole.unwrap().contains("Last"));
    let (short, _) = html(&[paragraph(&"a < b & c ".repeat(1000))]);
    assert!(short.len() <= 4000 && short.len() > 2000 && short.ends_with("…</p>"), "{}", short.len());
    let code = Block::Paragraph(Rich::new(vec![Inline::Code("a".into()), Inline::Break, Inline::Text("b".into())]).unwrap());
    assert_eq!(html(&[code]), ("<p>a b</p>".into(), Some("<p><code>a</code><br>b</p>".into())));
    let (short, whole) = html(&[Block::Heading { level: 2, text: line("Links") }, paragraph("x")]);
    assert_eq!(short, "<p><strong>Links</strong></p>\n<p>x</p>");
    assert!(whole.unwrap().starts_with("<h2>Links</h2>"));
}

#[test]
fn chapters_are_json_1_2() {
    let at = |millis| std::time::Duration::from_millis(millis);
    let chapter = Chapter { start: at(0), end: None, title: Some(line("In \"it\"")), image: None, url: None, is_hidden: false };
    let hidden = Chapter { start: at(1500), end: Some(at(2000)), title: None, is_hidden: true, ..chapter.clone() };
    let text = String::from_utf8(chapters(&[chapter, hidden]).unwrap()).unwrap();
    let expected = serde_json::json!({"version": "1.2.0", "chapters": [
        {"startTime": 0, "title": "In \"it\""}, {"startTime": 1.5, "endTime": 2, "toc": false}]});
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), expected);
    assert!(text.find("startTime") < text.find("title"));
}

#[test]
fn seconds_are_written_shortly() {
    let of = |millis| tags::seconds(std::time::Duration::from_millis(millis));
    assert_eq!((of(73_000), of(1_234_500), of(250)), ("73".into(), "1234.5".into(), "0.25".into()));
}
