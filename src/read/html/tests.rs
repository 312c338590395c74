use std::time::{Duration, Instant};

use super::*;
use crate::domain::{Format, Language, Missing, WebUrl};

const SAVED: &str = include_str!("saved.html");

pub(super) fn read(markup: &str) -> Draft {
    let url = WebUrl::parse("https://news.example.org/water/dam?utm_source=letter");
    extract(&Page { origin: "saved.html".to_owned(), url, format: Format::Html, text: markup.to_owned() })
}

/// One line a block, enough to compare a whole body.
fn sketch(block: &Block) -> String {
    match block {
        Block::Paragraph(rich) => format!("p {}", rich.html()),
        Block::Heading { level, text } => format!("h{level} {text}"),
        Block::List { ordered, items } => {
            format!(
                "{} {}",
                if *ordered { "ol" } else { "ul" },
                items.iter().map(|item| item.html().into_string()).collect::<Vec<_>>().join(" | ")
            )
        }
        Block::Quote(rich) => format!("quote {}", rich.html()),
        Block::Figure(figure) => {
            let said = [&figure.alt, &figure.caption, &figure.credit].map(|line| line.as_ref().map_or("-", |line| line.as_str()));
            format!("figure {} {:?} {}", figure.src.as_ref().map_or("-", WebUrl::as_str), figure.size, said.join(" | "))
        }
        Block::Table { header, rows } => format!("table {}{rows:?}", if *header { "h" } else { "" }),
        Block::Preformatted(text) => format!("pre {text:?}"),
        Block::Embed { url, text } => {
            format!("embed {} {}", url.as_ref().map_or("-", WebUrl::as_str), text.as_ref().map_or("-", |text| text.as_str()))
        }
    }
}

#[test]
fn a_saved_page_is_read_with_all_it_has() {
    let draft = read(SAVED);
    assert_eq!(draft.title.as_ref().unwrap().as_str(), "The dam at Kolo holds through the night");
    let names = |lines: &[crate::domain::Line]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&draft.authors), ["Ada Lum", "Ben Okri"]);
    assert_eq!(names(&draft.editors), ["Cy Dee"]);
    assert_eq!(names(&draft.topics), ["Water", "Dams", "Kolo"]);
    assert_eq!(draft.published.unwrap().to_string(), "2026-03-04T06:30:00+01:00");
    assert_eq!(draft.updated.unwrap().to_string(), "2026-03-04T09:00:00+01:00");
    assert_eq!(draft.url.as_ref().unwrap().as_str(), "https://news.example.org/water/dam");
    assert_eq!(draft.language.as_ref().unwrap().as_str(), "en-GB");
    assert_eq!(
        draft.summary.as_ref().unwrap().as_str(),
        "Villagers carried sand until dawn, and the water stopped a hand below the edge."
    );
    let promo = draft.promo.as_ref().unwrap();
    assert_eq!((promo.show.as_str(), promo.text.as_str().starts_with("While you're here")), ("RiverTalk", true));
    assert_eq!(
        draft.body.iter().map(sketch).collect::<Vec<_>>(),
        [
            "figure https://news.example.org/i/dam.jpg Some((1200, 800)) The dam in grey light | The dam on Wednesday morning | Ada Lum/Bank Post",
            "p The water came at midnight, faster than the gauge had said, and by one o&#39;clock every boat of the village lay tied to the \
         <a href=\"https://news.example.org/school\">school fence</a>, which nobody had thought would ever serve as a <em>quay</em>, or as anything at all.",
            "p Nobody slept, says the teacher, who counted the sacks: four hundred by two, nine hundred by four, and then she stopped counting, \
         because the lamp went out, and the <strong>water</strong> went on.",
            "h2 What the gauge said",
            "p The gauge is read at noon and at six, and between these hours, says the keeper, the river may do as it likes, which it did, \
         for the third time in two years, and again without a word.",
            "figure https://news.example.org/i/gauge-large.jpg None The gauge | The gauge is read twice a day | Ben Okri",
            "ul noon: two metres | six: three metres | a mark at the school",
            "quote A river has no timetable, and neither have we.",
            "h3 And next year?",
            "p The ministry promises a gauge that reads itself, and the village, which was promised a road in the year of the last flood, \
         has begun to sew more sacks, quietly, and in a good light.",
            "table h[[\"Year\", \"Sacks\"], [\"2024\", \"300\"], [\"2026\", \"900\"]]",
            "embed https://www.youtube.com/embed/abc The night at the dam",
            "p By noon the keeper was asleep on the last dry sack, and the children rowed to the school, to see whether it was open, and it was.",
        ]
    );
    assert_eq!(draft.notes, []);
    assert!(draft.accept(&Language::parse("en").unwrap()).is_ok());
}

#[test]
fn pages_without_an_article_have_no_body() {
    let login = "<title>Log in</title><h1>Log in</h1><form><p>Name <input name=n></p><p>Password <input></p><button>Log in</button></form>";
    let links = format!("<title>Start</title><ul>{}</ul>", "<li><a href=/x>A headline about something</a></li>".repeat(40));
    for page in [login, links.as_str(), "", "<script>var text = 'a b c. '.repeat(99)</script>", "<p>Words"] {
        let draft = read(page);
        assert_eq!(draft.body, [], "{page}");
        assert!(draft.accept(&Language::parse("en").unwrap()).unwrap_err().contains(&Missing::Body));
    }
}

const SENTENCE: &str =
    "The river rose in the night, and the village, which had seen it before, carried sand until the morning came. ";

#[test]
fn old_markup_is_read_too() {
    let page = format!(
        "<title>A river</title><center><font size=2>{SENTENCE}{SENTENCE}<br><br>{SENTENCE}<br>&copy; 2026</font></center>"
    );
    let draft = read(&page);
    let paragraphs = draft.body.iter().filter(|block| matches!(block, Block::Paragraph(_))).count();
    assert_eq!(paragraphs, 2, "{:?}", draft.body);
}

#[test]
fn a_description_that_only_repeats_the_text_is_no_lead() {
    let page = |description: &str| {
        format!(
            "<meta name=description content='{description}'><article><p>Opening words stand here, as they should. {SENTENCE}</p><p>{SENTENCE}{SENTENCE}</p></article>"
        )
    };
    assert_eq!(read(&page("Opening words stand here, as they…")).summary, None);
    // What no reader of the page was shown is no lead either.
    assert_eq!(read(&page("What the night was like for those who were there")).summary, None);
}

#[test]
fn a_page_without_data_is_told_by_its_words() {
    let draft = read(&format!(
        "<article><h1>A night on the river</h1><p>By <a href=/ada>Ada Lum</a> and Ben Okri | 4 March 2026</p><p>{SENTENCE}{SENTENCE}</p><p>{SENTENCE}</p></article>"
    ));
    assert_eq!(draft.authors.iter().map(ToString::to_string).collect::<Vec<_>>(), ["Ada Lum", "Ben Okri"]);
    assert_eq!(draft.language.unwrap().as_str(), "en");
    assert_eq!(draft.body.len(), 2, "{:?}", draft.body);
}

#[test]
fn a_logo_is_no_picture_of_the_article() {
    let page = |image: &str| {
        let data = r#"{"@type":"Article","headline":"A","publisher":{"logo":{"url":"https://e.org/i/bank-post.png"}}}"#;
        let page = format!(
            "<script type=application/ld+json>{data}</script><link rel='shortcut icon' href='https://e.org/i/round.png'>\
             <meta property=og:image content='{image}'><article><p>{SENTENCE}{SENTENCE}</p><p>{SENTENCE}</p></article>"
        );
        read(&page).body.iter().any(|block| matches!(block, Block::Figure(_)))
    };
    assert!(page("https://e.org/i/a-dam-at-night.jpg"));
    for logo in ["bank-post.png", "round.png", "Site_Logo-600.png", "default.jpg", "placeholder.jpg?w=9"] {
        assert!(!page(&format!("https://e.org/i/{logo}")), "{logo}");
    }
}

#[test]
fn addresses_that_lead_nowhere_are_left_out() {
    let page = format!(
        "<article><p>{SENTENCE}<a href='javascript:alert(1)'>one</a> <a href='#top'>two</a> <a href='mailto:a@b.org'>three</a></p><p>{SENTENCE}{SENTENCE}</p>\
         <img src='data:image/gif;base64,R0'><iframe src='file:///etc/passwd'></iframe><p>{SENTENCE}</p></article>"
    );
    let links: Vec<String> = read(&page).body.iter().flat_map(Block::links).map(|(href, _)| href.to_string()).collect();
    assert_eq!(links, ["mailto:a@b.org"]);
    assert!(read(&page).body.iter().all(|block| matches!(block, Block::Paragraph(_))));
}

/// Pages that are written to take for ever, or to overflow a stack.
#[test]
fn hostile_pages_end_soon() {
    let text = SENTENCE.repeat(3);
    let pages = [
        ("nested div", format!("{}<p>{text}", "<div>".repeat(100_000))),
        ("nested b", format!("{}<p>{text}", "<b>".repeat(30_000))),
        ("unclosed p", "<p>word ".repeat(50_000)),
        ("large attribute", format!("<p title='{}'>{text}", "x".repeat(5_000_000))),
        (
            "nested b of many kinds",
            (0..5000).map(|at| ["<b id=", &at.to_string(), ">"].concat()).collect::<String>() + &"<p>x".repeat(5000),
        ),
        ("unclosed li", "<ul><li>".repeat(5000)),
        ("nested tables", "<table><tr><td>".repeat(10_000)),
        ("nested lists and quotes", format!("{}{text}", "<blockquote><ul><li>".repeat(10_000))),
        ("barriers", "<div><object></div></object>".repeat(5000)),
        ("misnested", "<a><p></a>".repeat(5000)),
        ("many attributes", format!("<p {}>{text}", "a=1 b=2 ".repeat(50_000))),
        ("large text", format!("<div><div><p>{}", SENTENCE.repeat(5000))),
        ("nested json", format!("<script type=application/ld+json>{}</script>{text}", "[{\"@graph\":".repeat(100_000))),
        ("pictures in boxes", format!("<div>{}", "<div class=image><img src=https://e.org/dam-dam.jpg>".repeat(20_000))),
        (
            "a long text with pictures",
            format!("<p>{}{}", text.repeat(2000), "<img src=https://e.org/dam-dam.jpg>".repeat(20_000)),
        ),
        ("comments", "<!--".repeat(100_000)),
        ("less than", "<".repeat(50_000)),
        ("end tags", "</p></div></b>".repeat(100_000)),
        ("svg", "<svg><path/><title><style>".repeat(20_000)),
        ("control characters", "\u{1}\u{0}<p>\u{FFFE}a&#0;&#x110000;".repeat(2000)),
    ];
    for (name, page) in pages {
        let start = Instant::now();
        let draft = read(&page);
        let took = start.elapsed();
        // Without optimisation, on a busy machine. What is quadratic takes hours.
        assert!(took < Duration::from_mins(1), "{name} took {took:?}");
        assert!(draft.notes.iter().all(|note| !note.note.contains("could not be parsed")), "{name} panicked");
    }
}

#[test]
fn a_text_that_only_scripts_show_is_taken_from_the_data() {
    let data = format!(
        "{{\"@type\":\"NewsArticle\",\"headline\":\"A river rises\",\"articleBody\":\"{SENTENCE}\\n\\n{SENTENCE} And &lt;b&gt;more&lt;/b&gt;.\"}}"
    );
    let draft = read(&format!("<h1>A river rises</h1><script type=application/ld+json>{data}</script><div id=app></div>"));
    assert_eq!(draft.body.len(), 2, "{:?}", draft.body);
    assert_eq!(draft.body[0].plain(), SENTENCE.trim());
    assert!(draft.notes.iter().any(|note| note.note.contains("search engines")), "{:?}", draft.notes);
    // A page that shows its text is read as it shows it.
    let draft = read(&format!(
        "<article><h1>A river rises</h1><p>{SENTENCE}{SENTENCE}</p><p>{SENTENCE}</p></article><script type=application/ld+json>{data}</script>"
    ));
    assert!(draft.notes.is_empty() && !draft.body.iter().any(|block| block.plain().contains("more")), "{:?}", draft.body);
}
