mod anything;
mod nasty;
mod own;
mod pictures;
mod size;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::domain::{Archived, Article, ArticleId, Block, Figure, Href, Inline, Language, Mailbox, Moment, Promo, Rich, Show};

fn line(text: &str) -> Line {
    Line::new(text).unwrap()
}

fn url(text: &str) -> WebUrl {
    WebUrl::parse(text).unwrap()
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(Rich::text(text).unwrap())
}

fn linked(before: &str, href: &str, text: &str, after: &str) -> Rich {
    let link = Inline::Link { href: Href::parse(href).unwrap(), text: vec![Inline::Text(text.to_owned())] };
    Rich::new(vec![Inline::Text(before.to_owned()), link, Inline::Text(after.to_owned())]).unwrap()
}

fn archived(article: Article) -> Archived {
    let at = article.published.in_zone(&TimeZone::UTC).timestamp();
    Archived {
        id: ArticleId::parse(&article.id_to_mint()).unwrap(),
        guid: "tag:x".to_owned(),
        published: at,
        updated: at,
        article,
        episode: None,
    }
}

fn edition(articles: Vec<Article>) -> Edition {
    let articles: Vec<Archived> = articles.into_iter().map(archived).collect();
    Edition { id: articles[0].id.clone(), subject: articles[0].article.title.clone(), preheader: None, articles }
}

pub(super) fn publication() -> Publication {
    Publication {
        title: line("The Delta Post"),
        description: line("News of the inner delta"),
        home: url("https://delta.example/"),
        feeds: url("https://delta.example/feeds/"),
        former_feeds: Vec::new(),
        language: Language::parse("en").unwrap(),
        zone: TimeZone::UTC,
        copyright: None,
        image: None,
        owner: Some(Mailbox::parse("The Desk <desk@delta.example>").unwrap()),
        postal_address: Some(line("The Delta Post, 3 Quay Street, Mopti")),
        pages: false,
        shows: vec![Show {
            name: line("River Voices"),
            pitch: Some(line("People of the delta tell what the week brought.")),
            listen: Some(url("https://delta.example/river-voices")),
            feed: None,
            guid: None,
            image: Some(url("https://delta.example/cover.png")),
            platforms: vec![
                (line("Antenna"), url("https://antenna.example/rv")),
                (line("Podhub"), url("https://podhub.example/rv")),
            ],
        }],
        syndication: crate::domain::Syndication::default(),
    }
}

fn article() -> Article {
    Article {
        title: line("The ferrymen who count the water"),
        topics: vec![line("Rivers"), line("Mali")],
        authors: vec![line("Awa Sangaré"), line("Tom & Jo Keita")],
        editors: vec![line("L. Diarra")],
        published: Moment::parse("2026-03-04").unwrap(),
        updated: None,
        url: Some(url("https://delta.example/ferrymen?a=1&b=2")),
        language: Language::parse("en").unwrap(),
        summary: Some(line("Every morning two brothers read a painted pole, and half a region plans its day by it.")),
        body: vec![
            paragraph(
                "The pole stands where the ferry turns. Its marks are older than the brothers, and nobody repaints the lowest one.",
            ),
            Block::Paragraph(linked(
                "They send the number to the ",
                "https://gauge.example/today",
                "gauge office",
                " before seven; the office answers with a thumb.",
            )),
            Block::Heading { level: 2, text: line("A number for the market") },
            Block::Figure(Figure {
                src: Some(url("https://delta.example/pole.jpg")),
                alt: Some(line("A striped pole in brown water")),
                caption: Some(line("The pole at first light.")),
                credit: Some(line("B. Traoré")),
                size: Some((1200, 800)),
            }),
            Block::Quote(Rich::text("If the red ring is wet, the onions stay home.").unwrap()),
            Block::List {
                ordered: false,
                items: vec![
                    Rich::text("Red ring: no carts").unwrap(),
                    linked("White ring: ask ", "mailto:office@gauge.example", "the office", ""),
                ],
            },
            Block::List { ordered: true, items: vec![Rich::text("Read").unwrap(), Rich::text("Send").unwrap()] },
            Block::Heading { level: 3, text: line("What the rings say") },
            Block::Table {
                header: false,
                rows: vec![vec!["Ring".to_owned(), "Metres".to_owned()], vec!["Red".to_owned(), "4.1".to_owned()]],
            },
            Block::Preformatted("05:50  4.02\n06:50  4.05".to_owned()),
            Block::Figure(Figure {
                caption: Some(line("The market that waits.")),
                credit: Some(line("Image: Quay Pictures")),
                ..Figure::default()
            }),
            Block::Embed { url: Some(url("https://video.example/v/1")), text: Some(line("Film: a morning at the pole")) },
            paragraph("In the evening the younger one reads it again, for himself."),
        ],
        promo: Some(Promo {
            show: line("River Voices"),
            text: line("Do you know River Voices? Each Friday it tells what the week did to the delta."),
        }),
    }
}

fn further(title: &str) -> Article {
    Article {
        title: line(title),
        url: Some(url(&format!("https://delta.example/{}", crate::domain::slug(title, 60)))),
        summary: Some(line("A short word on what this one is about.")),
        promo: None,
        ..article()
    }
}

fn letter(articles: Vec<Article>) -> Newsletter {
    let about = LetterStyle { archive: Some(url("https://delta.example/letters/1")), ..LetterStyle::default() };
    newsletter(&edition(articles), &publication(), &about).unwrap()
}

/// The words of an HTML part as a reader sees them, without its head, and the links in it.
fn seen(html: &str) -> (String, BTreeSet<String>) {
    let document = dom_query::Document::from(html);
    let links = document.select("a[href]").iter().filter_map(|a| a.attr("href")).map(|href| href.to_string()).collect();
    let text = document.select("[role=article]").text().to_string();
    (text.split_whitespace().collect::<Vec<_>>().join(" "), links)
}

#[test]
fn what_is_in_one_part_is_in_the_other() {
    let letter = letter(vec![article(), further("A school on stilts"), further("Onions by night")]);
    let (words, links) = seen(&letter.html);
    assert!(links.len() >= 12, "{links:?}");
    let lines: BTreeSet<&str> = letter.text.lines().map(|line| line.trim_start_matches(['-', '>', ' '])).collect();
    for link in &links {
        let plain = link.strip_prefix("mailto:").unwrap_or(link);
        assert!(
            lines.iter().any(|line| *line == plain || line.ends_with(&format!(": {plain}"))),
            "{link} is missing in the text"
        );
    }
    for url in letter.text.split_whitespace().filter(|word| word.starts_with("https://")) {
        assert!(links.contains(url), "{url} is missing in the HTML");
    }
    let flat = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "The Delta Post",
        "Rivers · Mali",
        "The ferrymen who count the water",
        "Every morning two brothers",
        "By Awa Sangaré, Tom & Jo Keita · 4 March 2026",
        "The pole stands where the ferry turns.",
        "A number for the market",
        "The pole at first light. (Photo: B. Traoré)",
        "the onions stay home.",
        "Red ring: no carts",
        "What the rings say",
        "4.1",
        "06:50 4.05",
        "The market that waits. (Image: Quay Pictures)",
        "Film: a morning at the pole",
        "reads it again, for himself.",
        "Edited by L. Diarra",
        "River Voices",
        "Do you know River Voices?",
        "Antenna",
        "Podhub",
        "A school on stilts",
        "Onions by night",
        "You get this letter because",
        "3 Quay Street",
    ] {
        assert!(words.contains(said), "{said} is missing in the HTML: {words}");
        assert!(flat.contains(said), "{said} is missing in the text: {flat}");
    }
    assert_eq!(words.matches("Do you know River Voices?").count(), 1);
    assert_eq!(flat.matches("Do you know River Voices?").count(), 1);
}

#[test]
fn both_parts_carry_the_readers_way_out() {
    let letter = letter(vec![article()]);
    assert_eq!(
        (letter.html.matches(Newsletter::UNSUBSCRIBE).count(), letter.text.matches(Newsletter::UNSUBSCRIBE).count()),
        (1, 1)
    );
    let personal = letter.personal(&Href::parse("https://delta.example/u?t=1&x=2").unwrap());
    assert!(personal.html.contains("href=\"https://delta.example/u?t=1&amp;x=2\""));
    assert!(personal.text.lines().any(|line| line == "https://delta.example/u?t=1&x=2"));
}

#[test]
fn text_keeps_to_its_columns_and_urls_to_their_lines() {
    let letter = letter(vec![article()]);
    for line in letter.text.lines() {
        assert!(line.width() <= 72 || line.starts_with("https://"), "{line}");
        assert!(!line.contains("https://") || line.trim_start_matches(['>', '-', ' ']).starts_with("https://"), "{line}");
    }
    assert!(letter.text.contains(
        "\nThe ferrymen who count the water\n================================\nhttps://delta.example/ferrymen?a=1&b=2\n"
    ));
    assert!(!letter.text.contains("\n\n\n") && letter.text.ends_with("Mopti\n"), "{}", letter.text);
    assert!(!letter.text.contains("&amp;") && !letter.text.contains("&#"));
}

#[test]
fn the_same_edition_is_the_same_letter() {
    assert_eq!(letter(vec![article(), further("Onions")]), letter(vec![article(), further("Onions")]));
}

#[test]
fn html_is_what_mail_programs_take() {
    let html = letter(vec![article(), further("Onions by night")]).html;
    let document = dom_query::Document::from(html.as_str());
    for banned in ["<script", "url(", "@import", "@font-face", "rgb(", "var(", "<form", "position:", "http://"] {
        assert!(!html.contains(banned), "{banned}");
    }
    assert!(!html.lines().any(|line| line.contains("style=\"") && line.contains("!important")));
    for image in &document.select("img") {
        for attribute in ["alt", "width", "height"] {
            assert!(image.attr(attribute).is_some(), "{attribute} is missing: {}", image.html());
        }
    }
    for table in &document.select("table") {
        let is_data = table.select("td").text().starts_with("Ring");
        assert_eq!(table.attr("role").is_none(), is_data, "{}", table.html());
    }
    for cell in &document.select("td[dir]") {
        assert!(cell.attr("style").unwrap().contains("text-align:"), "{}", cell.html());
    }
    assert_eq!(html.matches("<table").count(), html.matches("</table>").count());
    assert_eq!(html.matches("<td").count(), html.matches("</td>").count());
    assert_eq!(document.select("h1").length(), 1);
    assert_eq!(document.select("html").attr("lang").unwrap().to_string(), "en");
    assert!(html.contains("href=\"https://delta.example/ferrymen?a=1&#38;b=2\""));
}

#[test]
fn the_show_invites_by_itself_where_no_article_does() {
    let mut article = article();
    article.promo = None;
    let pitched = letter(vec![article.clone()]);
    assert!(pitched.html.contains("People of the delta tell what the week brought.") && pitched.html.contains(">Listen</a>"));
    assert!(pitched.text.contains("Listen:\nhttps://delta.example/river-voices\n"));

    article.promo = Some(Promo { show: line("Another Show"), text: line("Hear it.") });
    let unknown = letter(vec![article]);
    assert!(unknown.html.contains("Another Show") && !unknown.html.contains(">Listen</a>"));
}

#[test]
fn languages_bring_their_words_and_direction() {
    let mut arabic = article();
    arabic.language = Language::parse("ar").unwrap();
    let letter = letter(vec![arabic.clone(), further("Onions by night")]);
    assert!(letter.html.contains("<html lang=\"ar\" dir=\"rtl\">") && letter.html.contains("text-align:right"));
    assert!(letter.html.contains("lang=\"en\" dir=\"ltr\" align=\"left\""));
    assert!(letter.html.contains("padding:0 24px 0 0") && !letter.html.contains("padding:0 0 0 24px"));
    assert!(
        letter.html.contains(">Read on</a>") && letter.html.contains("<td class=\"pad\" lang=\"ar\" dir=\"rtl\" align=\"right\"")
    );
    // The other way round: the item alone runs from right to left.
    let reverse = self::letter(vec![article(), Article { title: line("عبّارة"), ..arabic.clone() }]);
    assert!(reverse.html.contains("<html lang=\"en\" dir=\"ltr\">"));
    assert_eq!(reverse.html.matches("lang=\"ar\" dir=\"rtl\" align=\"right\"").count(), 1);
    assert!(reverse.html.contains("تابع القراءة</a>"));
    // A language that griot has no words for keeps its own direction, and the words keep theirs.
    let urdu = self::letter(vec![Article { language: Language::parse("ur").unwrap(), ..arabic }]);
    assert!(urdu.html.contains("<html lang=\"ur\" dir=\"rtl\">"));
    assert!(urdu.html.contains("lang=\"en\" dir=\"ltr\" align=\"left\" style=\"padding:24px 40px 16px;text-align:left"));
    assert!(
        letter.html.contains("4\u{a0}مارس\u{a0}2026") && letter.text.contains("By Awa Sangaré, Tom & Jo Keita · 4 March 2026")
    );
}

#[test]
fn french_labels_have_their_space() {
    let mut french = article();
    french.language = Language::parse("fr").unwrap();
    french.url = None;
    let about = LetterStyle { body: LetterBody::Summary, ..LetterStyle::default() };
    let letter = newsletter(&edition(vec![french]), &publication(), &about).unwrap();
    assert!(letter.text.contains("\nLire la suite\u{a0}:\nhttps://delta.example/\n"), "{}", letter.text);
    assert!(letter.text.contains("Podcast\u{a0}: River Voices"));
}

#[test]
fn a_summary_leads_to_the_article() {
    let about = LetterStyle { body: LetterBody::Summary, ..LetterStyle::default() };
    let letter = newsletter(&edition(vec![article()]), &publication(), &about).unwrap();
    for part in [&letter.html, &letter.text] {
        assert!(part.contains("Every morning two brothers") && part.contains("Read on"));
        assert!(!part.contains("The pole stands") && !part.contains("goes on where a letter"));
        assert!(part.contains("Edited by") && part.contains("River Voices") && part.contains(Newsletter::UNSUBSCRIBE));
    }
    // The picture above the text stays with the summary, and an article without a summary begins.
    let mut bare = article();
    bare.body.insert(0, bare.body[3].clone());
    bare.summary = None;
    let letter = newsletter(&edition(vec![bare]), &publication(), &about).unwrap();
    assert_eq!((letter.html.matches("pole.jpg").count(), letter.text.matches("The pole stands").count()), (1, 1));
}

#[test]
fn a_desk_says_it_in_its_own_words() {
    let mut words = Wording::default();
    for key in Wording::KEYS {
        assert!(words.set(None, key, line(&format!("own-{key}"))));
    }
    let language = Language::parse("en").unwrap();
    assert!(words.set(Some(language.clone()), "listen", line("Hear <us>")));
    let about = LetterStyle {
        words,
        archive: Some(url("https://delta.example/a")),
        light_version: Some(url("https://delta.example/l")),
        ..LetterStyle::default()
    };
    let spoken = serde_json::to_value(super::words::LetterWords::of([&language, &language], &about)).unwrap();
    for key in Wording::KEYS {
        let expected = if key == "listen" { "Hear <us>".to_owned() } else { format!("own-{key}") };
        assert_eq!(spoken[key], expected.as_str(), "{key}");
    }
    let letter = newsletter(&edition(vec![article(), further("Onions")]), &publication(), &about).unwrap();
    assert!(letter.html.contains(">Hear &#60;us&#62;</a>") && letter.text.contains("\nHear <us>:\n"));
    assert!(letter.text.contains("\nown-light:\nhttps://delta.example/l\n") && letter.html.contains(">own-light</a>"));
    assert!(letter.html.contains("own-reason") && letter.text.contains("own-unsubscribe:"));
}
