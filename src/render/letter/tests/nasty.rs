//! What breaks letters elsewhere.

use super::*;

#[test]
fn hostile_words_stay_words() {
    let bad = "</title><script>alert(1)</script>\"'><img src=x onerror=y>{{ subject }}";
    let mut article = article();
    article.title = line(bad);
    article.topics = vec![line(bad)];
    article.body = vec![
        paragraph(bad),
        Block::Heading { level: 200, text: line(bad) },
        Block::Table { header: false, rows: vec![vec![bad.to_owned(), "\u{0}\u{1}".to_owned()], vec![]] },
        Block::Preformatted(bad.to_owned()),
        Block::List { ordered: true, items: vec![] },
        Block::Figure(Figure {
            src: Some(url("https://e.example/x.png")),
            alt: Some(line(bad)),
            size: Some((u32::MAX, u32::MAX)),
            ..Figure::default()
        }),
        Block::Figure(Figure { src: Some(url("http://e.example/x.png")), size: Some((0, 0)), ..Figure::default() }),
        Block::Figure(Figure::default()),
        Block::Embed { url: None, text: None },
    ];
    let letter = letter(vec![article]);
    assert!(!letter.html.contains("<script") && !letter.html.contains("<img src=x") && !letter.html.contains('\u{0}'));
    assert!(!letter.text.contains('\u{0}') && letter.text.contains("alert(1)"));
    assert!(!letter.html.contains("http://e.example") && !letter.html.contains("<bdi></bdi>"));
}

#[test]
fn nothing_turns_the_rest_around() {
    // Overrides and isolates that nobody ends: of a title, a name, a caption, a cell, a line that is set by hand.
    let turned = "\u{202e}abc\u{2066}\u{202b}";
    let mut article = article();
    article.title = line(&format!("{turned} title"));
    article.authors = vec![line(&format!("{turned} name"))];
    article.body = vec![
        paragraph(turned),
        Block::Preformatted(format!("{turned}\u{1b}[31m\r\n\tcode")),
        Block::Table { header: false, rows: vec![vec![turned.to_owned(), "x".to_owned()], vec!["y".to_owned()]] },
        Block::Figure(Figure { caption: Some(line(turned)), ..Figure::default() }),
    ];
    let letter = letter(vec![article, further("Onions \u{202e}by night")]);
    for part in [&letter.html, &letter.text, &letter.subject.to_string()] {
        let turning = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') || (c.is_control() && c != '\n');
        assert!(!part.contains(turning), "{part}");
        assert!(part.contains("abc title"));
    }
    // Every row of a table has as many cells as the longest.
    let table = dom_query::Document::from(letter.html.as_str()).select("table:not([role]) td").length();
    assert_eq!(table, 4);
    // A name that runs the other way stays by itself.
    assert!(letter.html.contains("<bdi>By abc name</bdi>"));
}

#[test]
fn long_words_and_odd_characters_are_kept_and_held() {
    let word = "x".repeat(500);
    let mut article = article();
    article.title = line(&format!("🚀 👩\u{200D}🚀 𝔘𝔫𝔦 {word}"));
    article.body = vec![
        paragraph(&word),
        Block::Preformatted(word.clone()),
        Block::List { ordered: true, items: vec![Rich::text(&word).unwrap()] },
    ];
    let letter = letter(vec![article]);
    for line in letter.text.lines() {
        assert!(line.width() <= 72 || line.starts_with("https://"), "{line}");
    }
    assert!(letter.text.contains("🚀 👩\u{200D}🚀 𝔘𝔫𝔦") && letter.html.contains("🚀 👩\u{200D}🚀 𝔘𝔫𝔦"));
    assert_eq!(letter.text.matches('x').count(), letter.text.replace('\n', "").matches('x').count());
    let document = dom_query::Document::from(letter.html.as_str());
    for text in &document.select("h1, p.ink, li") {
        let cell = text.ancestors(None).filter("td").first();
        assert!(cell.attr("style").unwrap().contains("word-break:break-word"), "{}", cell.html());
    }
}

#[test]
fn a_title_of_ten_thousand_characters_is_shortened() {
    let mut article = article();
    article.title = line(&"title ".repeat(2_000));
    let mut edition = edition(vec![article]);
    edition.subject = edition.articles[0].article.title.clone();
    let letter = newsletter(&edition, &publication(), &LetterStyle::default()).unwrap();
    assert!(letter.subject.as_str().chars().count() <= 300 && letter.subject.as_str().ends_with('…'));
    assert!(letter.html.len() < 30_000, "{}", letter.html.len());
}

#[test]
fn an_address_that_is_its_own_text_stands_once_and_alone() {
    #[track_caller]
    fn case(inlines: Vec<Inline>, text: &str) {
        let mut article = article();
        article.body = vec![Block::Paragraph(Rich::new(inlines).unwrap())];
        let letter = letter(vec![article]).text;
        assert!(letter.contains(&format!("\n\n{text}\n\n")), "{letter}");
    }
    let text = |text: &str| Inline::Text(text.to_owned());
    let link = |href: &str, words: &str| Inline::Link { href: Href::parse(href).unwrap(), text: vec![text(words)] };
    case(
        vec![text("Ask at "), link("https://e.example/a", "https://e.example/a"), text(". Or call.")],
        "Ask at\nhttps://e.example/a\nOr call.",
    );
    case(vec![link("https://e.example/", "e.example"), text(", says he")], "https://e.example/\nsays he");
    case(vec![text("Write to "), link("mailto:a@e.example", "a@e.example"), text(".")], "Write to\na@e.example");
    case(
        vec![text("See "), link("https://e.example/a", "this"), text(" and "), link("https://e.example/a", "this")],
        "See this and this\nhttps://e.example/a",
    );
}
