use super::*;
use crate::domain::Format;

pub(super) fn read(text: &str) -> Draft {
    let url = WebUrl::parse("https://example.org/water/");
    extract(&Page { origin: "a.md".to_owned(), url, format: Format::Markdown, text: text.to_owned() })
}

fn html(block: &Block) -> String {
    match block {
        Block::Paragraph(rich) => format!("<p>{}", rich.html()),
        Block::Quote(rich) => format!("<blockquote>{}", rich.html()),
        Block::Heading { level, text } => format!("<h{level}>{text}"),
        Block::List { ordered, items } => {
            let items: Vec<String> = items.iter().map(|item| item.html().into_string()).collect();
            format!("<{}>{}", if *ordered { "ol" } else { "ul" }, items.join("|"))
        }
        Block::Figure(figure) => {
            let said = [&figure.alt, &figure.caption].map(|line| line.as_ref().map_or("", Line::as_str));
            format!("<figure>{}|{}", figure.src.as_ref().map_or("", WebUrl::as_str), said.join("|"))
        }
        Block::Table { header, rows } => format!("<table>{}{rows:?}", if *header { "h" } else { "" }),
        Block::Preformatted(text) => format!("<pre>{text}"),
        Block::Embed { .. } => "<embed>".to_owned(),
    }
}

#[track_caller]
fn case(text: &str, blocks: &[&str]) {
    assert_eq!(read(text).body.iter().map(html).collect::<Vec<_>>(), blocks, "{text}");
}

#[test]
fn blocks_of_all_kinds() {
    case(
        "One *two* **three** [four](b.html) `five`\nsix",
        &[
            "<p>One <em>two</em> <strong>three</strong> <a href=\"https://example.org/water/b.html\">four</a> <code>five</code> six",
        ],
    );
    case("- a\n- b\n  - c\n- d", &["<ul>a|b|c|d"]);
    case("1. a\n\n   b\n2. c\n\n       code\n3. d", &["<ol>a<br>b|c", "<pre>code", "<ol>d"]);
    case("> a\n>\n> b", &["<blockquote>a", "<blockquote>b"]);
    case("```\nx < y\n```", &["<pre>x < y"]);
    case("| | |\n|-|-|\n|c|d|", &["<table>[[\"c\", \"d\"]]"]);
    case("|a|b|\n|-|-|\n|c|d|", &["<table>h[[\"a\", \"b\"], [\"c\", \"d\"]]"]);
    case("![A dam](dam.jpg \"The dam at night\")", &["<figure>https://example.org/water/dam.jpg|A dam|The dam at night"]);
    case("Text ![x](x.jpg) more", &["<p>Text more", "<figure>https://example.org/water/x.jpg|x|"]);
    case("a  \nb", &["<p>a<br>b"]);
    case("[x](javascript:alert(1))", &["<p>x"]);
}

#[test]
fn the_first_heading_is_the_title_and_the_rest_starts_at_two() {
    let draft = read("# A river rises\n\nText.\n\n### Part\n\n#### Piece\n");
    assert_eq!(draft.title.unwrap().as_str(), "A river rises");
    assert_eq!(draft.body.iter().map(html).collect::<Vec<_>>(), ["<p>Text.", "<h2>Part", "<h3>Piece"]);
    let draft = read("---\ntitle: Given\n---\n# Given\n\n# Part\n");
    assert_eq!((draft.title.unwrap().as_str(), html(&draft.body[0]).as_str(), draft.body.len()), ("Given", "<h2>Part", 1));
}

#[test]
fn front_matter_fills_the_draft() {
    let draft = read(
        "---\ntitle: T\ndate: 2026-03-04T10:00:00+01:00\nlastmod: 2026-03-05\nauthors: [Ada Lum, Ben Okri]\neditor: Cy Dee\n\
         tags: [Water, Dams]\nsummary: What it is\nurl: /dam\nlang: fr\nimage: /dam.jpg\nalt: A dam\ncredit: Ada\n\
         promo: {show: RiverTalk, text: Listen to RiverTalk}\n---\nText\n",
    );
    assert_eq!(draft.published.unwrap().to_string(), "2026-03-04T10:00:00+01:00");
    assert_eq!(draft.updated.unwrap().to_string(), "2026-03-05");
    assert_eq!(draft.authors.len() + draft.editors.len() + draft.topics.len(), 5);
    assert_eq!(draft.url.unwrap().as_str(), "https://example.org/dam");
    assert_eq!(draft.language.unwrap().as_str(), "fr");
    assert_eq!(draft.summary.unwrap().as_str(), "What it is");
    assert_eq!(draft.promo.unwrap().show.as_str(), "RiverTalk");
    assert_eq!(draft.body.iter().map(html).collect::<Vec<_>>(), ["<figure>https://example.org/dam.jpg|A dam|", "<p>Text"]);
    assert_eq!(draft.notes, []);
}

#[test]
fn what_is_odd_is_noted_and_the_rest_goes_on() {
    let draft = read("---\ntitle: [\n---\nText\n\n<div>raw</div>\n");
    let lines: Vec<Option<usize>> = draft.notes.iter().map(|note| note.line).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1], Some(6));
    assert_eq!(draft.body.iter().map(html).collect::<Vec<_>>(), ["<p>Text"]);
    assert!(read("---\ndate: soon\n---\nText").notes[0].note.contains("`soon`"));
    assert!(read("---\nlang: english\n---\nText").notes[0].note.contains("`english`"));
    assert_eq!(read("Text <!-- remark -->\n\n<!-- more -->").notes, []);
}

#[test]
fn what_is_too_long_for_an_article_is_not_read() {
    let draft = read(&format!("---\ntitle: A\n---\n{}", "It rose.\n\n".repeat(MOST / 10 + 100)));
    assert_eq!(draft.body.len(), MOST / 10 + 1);
    assert_eq!(draft.notes.iter().map(|note| note.line).collect::<Vec<_>>(), [Some(4 + MOST / 10 * 2)]);
    assert!(readable(&"é".repeat(MOST)).len() <= MOST);
}

#[test]
fn promo_and_editors_are_lifted() {
    let draft = read("Text.\n\nListen to [RiverTalk](https://example.org/rt), our podcast.\n\n*Edited by: Cy Dee*\n");
    assert_eq!(draft.promo.unwrap().show.as_str(), "RiverTalk");
    assert_eq!(draft.editors[0].as_str(), "Cy Dee");
    assert_eq!(draft.body.len(), 1);
}

#[test]
fn hostile_nesting_ends_soon() {
    for part in ["> ", "*a ", "[", "![", "- ", "`", "<div>", "**a *b ", "|"] {
        let start = std::time::Instant::now();
        read(&part.repeat(50_000));
        assert!(start.elapsed().as_secs() < 20, "{part}");
    }
}
