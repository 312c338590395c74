//! Whole feeds: what they look like, what readers make of them, and that nothing can break them.

mod around;
mod golden;
mod nasty;
mod proof;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::{
    Archived, Article, ArticleId, Block, Figure, Href, Inline, Language, Line, Mailbox, Moment, Promo, Publication, Rich, Scope,
    Show, Syndication, WebUrl,
};
use crate::render::feed::{FeedFormat, FeedHead, FeedItem, FeedWriter, Part};

fn line(text: &str) -> Line {
    Line::new(text).unwrap()
}

fn lines(texts: &[&str]) -> Vec<Line> {
    texts.iter().map(|text| line(text)).collect()
}

fn url(text: &str) -> WebUrl {
    WebUrl::parse(text).unwrap()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn rich(text: &str) -> Rich {
    Rich::text(text).unwrap()
}

fn publication() -> Publication {
    Publication {
        title: line("The Gauge & Well"),
        description: line("Water in the Sahel, every week"),
        home: url("https://gauge.example/"),
        feeds: url("https://gauge.example/feeds/"),
        former_feeds: Vec::new(),
        language: Language::parse("en").unwrap(),
        zone: TimeZone::get("Africa/Algiers").unwrap(),
        copyright: Some(line("2026 The Gauge & Well")),
        image: Some(url("https://gauge.example/logo.png")),
        owner: Some(Mailbox::parse("The Desk <desk@gauge.example>").unwrap()),
        postal_address: None,
        pages: false,
        shows: vec![Show {
            name: line("Wellspring"),
            pitch: None,
            listen: Some(url("https://gauge.example/wellspring?from=feed&x=1")),
            feed: None,
            guid: None,
            image: None,
            platforms: Vec::new(),
        }],
        syndication: Syndication::default(),
    }
}

/// An article with nothing but what the gate asks for.
fn bare(id: &str, title: &str) -> Archived {
    let at = instant("2026-03-03T08:30:00Z");
    Archived {
        id: ArticleId::parse(id).unwrap(),
        guid: format!("tag:gauge.example,2026-03-03:{id}"),
        published: at,
        updated: at,
        article: Article {
            title: line(title),
            topics: Vec::new(),
            authors: Vec::new(),
            editors: Vec::new(),
            published: Moment::parse("2026-03-03").unwrap(),
            updated: None,
            url: None,
            language: Language::parse("en").unwrap(),
            summary: None,
            body: vec![Block::Paragraph(rich("The well is dry."))],
            promo: None,
        },
        episode: None,
    }
}

/// An article with everything that an article can have.
fn full() -> Archived {
    let text = |text: &str| Inline::Text(text.to_owned());
    let link = |href: &str, inner: &str| Inline::Link { href: Href::parse(href).unwrap(), text: vec![text(inner)] };
    let mut archived = bare("rain", "Rain & floods: is <b> \"bold\" enough?");
    archived.updated = instant("2026-03-04T17:00:00Z");
    archived.article = Article {
        topics: lines(&["Rain & rivers", "Mali"]),
        authors: lines(&["Awa Sidibé", "Björn O'Neil"]),
        editors: lines(&["Ines Costa", "Tunde Bello"]),
        url: Some(url("https://gauge.example/rain?id=7&part=1")),
        summary: Some(line("Gauges at Ségou read 4 < 5 & rising.")),
        body: vec![
            Block::Figure(Figure {
                src: Some(url("https://gauge.example/img/segou.JPG?w=800&q=80")),
                alt: Some(line("A pole in \"brown\" water")),
                caption: Some(line("The gauge at Ségou")),
                credit: Some(line("M. Keïta/Gauge & Well")),
                size: Some((800, 450)),
            }),
            Block::Paragraph(
                Rich::new(vec![
                    text("Read "),
                    link("https://gauge.example/table?a=1&b=2", "the table"),
                    text(" & "),
                    Inline::Strong(vec![text("tell us")]),
                    text(" at "),
                    link("mailto:desk@gauge.example", "desk@gauge.example"),
                    Inline::Break,
                    Inline::Emphasis(vec![text("before")]),
                    text(" "),
                    Inline::Code("x < y".to_owned()),
                ])
                .unwrap(),
            ),
            Block::Heading { level: 3, text: line("Upstream") },
            Block::List { ordered: true, items: vec![rich("Niger"), rich("Bani")] },
            Block::List { ordered: false, items: vec![rich("dams"), rich("dykes")] },
            Block::Quote(Rich::new(vec![text("It rose."), Inline::Break, text("It fell.")]).unwrap()),
            Block::Figure(Figure {
                caption: Some(line("No picture came along")),
                credit: Some(line("A. Ba")),
                ..Figure::default()
            }),
            Block::Figure(Figure { alt: Some(line("Seen by nobody")), ..Figure::default() }),
            Block::Figure(Figure { src: Some(url("https://gauge.example/img/map")), ..Figure::default() }),
            Block::Table {
                header: false,
                rows: vec![vec!["Day".to_owned(), "cm".to_owned()], Vec::new(), vec!["1 & 2".to_owned(), "<9".to_owned()]],
            },
            Block::Preformatted("\n  a\u{1}  b\r\n\tc ]]> <d>\n".to_owned()),
            Block::Embed { url: Some(url("https://video.example/v?1&2")), text: Some(line("Video: the dam")) },
            Block::Embed { url: Some(url("https://video.example/w")), text: None },
            Block::Embed { url: None, text: Some(line("A post by the ministry")) },
            Block::Embed { url: None, text: None },
            Block::List { ordered: false, items: Vec::new() },
            Block::Table { header: true, rows: vec![Vec::new()] },
            Block::Preformatted("\n \n".to_owned()),
        ],
        promo: Some(Promo { show: line("wellspring"), text: line("Hear the river in Wellspring, our podcast.") }),
        ..archived.article
    };
    archived
}

/// An article in another language than the publication's, written from right to left.
fn foreign() -> Archived {
    let mut archived = bare("matar", "أمطار في مالي");
    archived.published = instant("2026-03-02T11:00:00Z");
    archived.updated = archived.published;
    archived.article.language = Language::parse("ar").unwrap();
    archived.article.authors = lines(&["ليلى"]);
    archived.article.editors = lines(&["سامي"]);
    archived.article.body = vec![Block::Paragraph(rich("ارتفع منسوب النهر."))];
    archived.article.promo = Some(Promo { show: line("Elsewhere"), text: line("استمعوا إلينا.") });
    archived
}

/// The head of the publication's own feed.
fn head(publication: &Publication, updated: Option<Timestamp>) -> FeedHead<'_> {
    FeedHead { publication, scope: &Scope::Publication, part: Part::WHOLE, updated }
}

fn written(format: FeedFormat, publication: &Publication, items: &[Archived]) -> Vec<u8> {
    let head = head(publication, items.iter().map(|item| item.updated).max());
    let mut feed = FeedWriter::new(format, head, Vec::new()).unwrap();
    for item in items {
        feed.item(&FeedItem::new(item, head.publication)).unwrap();
    }
    feed.finish().unwrap()
}
