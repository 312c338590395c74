//! How much goes into a letter, and how fast that is found out.

use super::*;
use crate::render::letter::fit::{LIMIT, encoded};

fn parts(letter: &Newsletter) -> [&str; 2] {
    [&letter.html, &letter.text]
}

#[track_caller]
fn whole_and_within(letter: &Newsletter) {
    for part in parts(letter) {
        assert!(encoded(part) <= LIMIT, "{}", encoded(part));
        assert!(part.contains("Quay Street") && part.contains(Newsletter::UNSUBSCRIBE));
    }
    for tag in ["table", "td", "tr", "p", "a", "ul", "ol", "h2", "h3", "div", "pre"] {
        let opened = letter.html.matches(&format!("<{tag} ")).count() + letter.html.matches(&format!("<{tag}>")).count();
        assert_eq!(opened, letter.html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    assert!(letter.html.trim_end().ends_with("</html>"));
}

#[test]
fn an_endless_article_is_cut_at_a_block_in_both_parts() {
    let mut article = article();
    article.body =
        (0..2_000).map(|at| paragraph(&format!("Paragraph {at}. {}", "The water rose by a hand. ".repeat(20)))).collect();
    let long = letter(vec![article.clone(), further("Onions by night")]);
    whole_and_within(&long);
    assert!(encoded(&long.html) > 90_000, "{}", encoded(&long.html));
    let last = |part: &str| part.rfind("Paragraph ").map(|at| part[at..].split('.').next().unwrap().to_owned()).unwrap();
    assert_eq!(last(&long.html), last(&long.text));
    for part in [&long.html, &long.text] {
        assert!(part.contains("Read on") && part.contains("Do you know River Voices?") && part.contains("Onions by night"));
        assert!(part.contains("Quay Street") && part.contains(Newsletter::UNSUBSCRIBE));
    }
    assert!(long.text.contains("Read on:\nhttps://delta.example/ferrymen?a=1&b=2\n"));

    // One block that alone is too long: its beginning stands in for it.
    article.body = vec![paragraph(&"The water rose by a hand. ".repeat(40_000))];
    article.summary = None;
    article.url = None;
    let one = letter(vec![article]);
    assert!(one.html.len() < 20_000);
    assert!(one.text.contains("The water rose by a hand.") && one.text.contains("Read on:\nhttps://delta.example/\n"));
}

#[test]
fn endless_frames_are_cut_or_refused() {
    let mut lead = article();
    lead.title = line(&"title ".repeat(200_000));
    lead.authors = vec![line("A. Name"); 10_000];
    lead.promo = Some(Promo { show: line(&"s".repeat(100_000)), text: line(&"w ".repeat(500_000)) });
    let many = (0..3_000).map(|at| further(&format!("Number {at}")));
    let letter = letter(std::iter::once(lead.clone()).chain(many).collect());
    whole_and_within(&letter);
    assert!(letter.text.contains("More at:\nhttps://delta.example/\n"));

    let wordy = LetterStyle { reason: Some(line(&"why ".repeat(50_000))), ..LetterStyle::default() };
    let refused = newsletter(&edition(vec![lead]), &publication(), &wordy);
    assert!(matches!(refused, Err(LetterError::TooLong { .. })));
    let none = Edition { articles: vec![], ..edition(vec![article()]) };
    assert!(matches!(newsletter(&none, &publication(), &LetterStyle::default()), Err(LetterError::Empty)));
}

#[test]
fn the_lead_article_has_half_of_the_room() {
    let mut lead = article();
    lead.body = (0..300).map(|at| paragraph(&format!("Paragraph {at}. {}", "The water rose. ".repeat(30)))).collect();
    let many = (0..1_000).map(|at| further(&format!("Number {at} of all")));
    let letter = letter(std::iter::once(lead).chain(many).collect());
    whole_and_within(&letter);
    let kept = |what: &str| parts(&letter).map(|part| part.matches(what).count());
    let [blocks, _] = kept("Paragraph ");
    assert!(blocks > 40, "{blocks}");
    assert_eq!(kept("Paragraph "), [blocks, blocks]);
    let html = dom_query::Document::from(letter.html.as_str());
    let items = html.select("h3").iter().filter(|title| title.text().contains(" of all")).count();
    assert!(items > 20, "{items}");
    assert_eq!(letter.text.matches(" of all\n").count(), items);
    assert!(letter.html.contains("More at") && letter.text.contains("More at:\nhttps://delta.example/\n"));
}

#[test]
fn letters_that_cost_six_bytes_each_are_counted_so() {
    let mut arabic = article();
    arabic.language = Language::parse("ar").unwrap();
    arabic.body = (0..400).map(|_| paragraph(&"ارتفع منسوب النهر أكثر من متر. ".repeat(12))).collect();
    let letter = letter(vec![arabic]);
    whole_and_within(&letter);
    assert!(encoded(&letter.html) > 90_000 && letter.html.len() < 60_000, "{}", letter.html.len());
    assert!(letter.html.contains("تابع القراءة") && letter.text.contains("تابع القراءة"));
}

#[test]
fn what_is_much_too_long_is_found_out_quickly() {
    let blocks = |number: usize, block: Block| Article { body: vec![block; number], ..article() };
    let cells = Block::Table { header: false, rows: vec![vec!["1".to_owned(); 5]; 40_000] };
    let heavy = [
        blocks(1, paragraph(&"The water rose by a hand. ".repeat(40_000))),
        blocks(10_000, paragraph(&"The water rose by a hand. ".repeat(4))),
        blocks(200_000, paragraph("x")),
        blocks(1, cells),
        blocks(1, Block::Preformatted("05:50  4.02\n".repeat(90_000))),
        blocks(1, Block::List { ordered: true, items: vec![Rich::text("x").unwrap(); 200_000] }),
    ];
    for article in heavy {
        let edition = edition(vec![article, further("Onions by night")]);
        let begun = std::time::Instant::now();
        let letter = newsletter(&edition, &publication(), &LetterStyle::default()).unwrap();
        // A release build takes a fraction of it.
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
        whole_and_within(&letter);
        assert!(letter.html.contains("Read on") && letter.text.contains("Read on:"));
    }
}
