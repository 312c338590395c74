//! Whole pages, all of them made up.

use super::*;
use crate::domain::{Block, Format, Line};

fn read(text: &str) -> Draft {
    extract(&Page { origin: "test".into(), url: None, format: Format::Text, text: text.into() })
}

fn names(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(Line::as_str).collect()
}

/// One line a block: what it is, and its words.
fn outline(draft: &Draft) -> Vec<String> {
    draft
        .body
        .iter()
        .map(|block| match block {
            Block::Heading { text, .. } => format!("# {text}"),
            Block::Figure(figure) => {
                let part = |line: &Option<Line>| line.as_ref().map(Line::to_string).unwrap_or_default();
                format!("[{} | {} | {}]", part(&figure.alt), part(&figure.caption), part(&figure.credit))
            }
            Block::List { items, ordered } => {
                let mark = if *ordered { "1." } else { "-" };
                items.iter().map(|item| format!("{mark} {}", item.plain())).collect::<Vec<_>>().join(" ")
            }
            Block::Quote(text) => format!("> {}", text.plain()),
            Block::Table { rows, .. } => rows.iter().map(|row| row.join("|")).collect::<Vec<_>>().join(" / "),
            _ => block.plain(),
        })
        .collect()
}

const PAGE: &str = "\
1. Skip to content
  2. Skip to main menu
  3. Skip to more pages
EnvironmentNiger
\u{20}
The river that would not wait: Is Ayorou's harbour lost?

Awa Sarr | Ben Okoro | Chidi Eze
March 4, 2026

The flood has taken the old harbour of Ayorou in one night. But fishers say that the worst is still to come in the spring.

https://proxy.example:443/https/s.example.org/p/7abc
A fisher stands on a broken pier
The pier of Ayorou was the longest on the upper river until this weekImage: Awa Sarr/RiverPress/Photo Union

The harbour of Ayorou stood for ninety years\u{A0}before the water came over its wall on Tuesday night.

Advertisement

\"We heard it before we saw it,\" said Mariama Issa, who sells dried fish beside the gate.\u{A0}

Women carry baskets along the flooded harbour wall
Traders saved what they could carry from the flooded harbour hallsImage: Ben Okoro/RiverPress

A wall of mud

Engineers had warned for the the third year in a row that the wall was too thin, and RiverTalk reported on it in June.

Nobody came.

Who will pay for the new wall?

The ministry says that the money for a new wall will be found before the rains of the coming year.

Edited by: Dana Ekwueme

While you're here: Every weekday, we host RiverTalk, a podcast packed with news, music and more. You can listen and follow RiverTalk wherever you get your podcasts

Related topics
Floods
Fish
\u{A9} 2026 River Press | Privacy | Contact
";

#[test]
fn a_copied_page_is_an_article_again() {
    let draft = read(PAGE);
    assert_eq!(draft.title.as_ref().unwrap().as_str(), "The river that would not wait: Is Ayorou's harbour lost?");
    assert_eq!(names(&draft.topics), ["Environment", "Niger"]);
    assert_eq!(names(&draft.authors), ["Awa Sarr", "Ben Okoro", "Chidi Eze"]);
    assert_eq!(names(&draft.editors), ["Dana Ekwueme"]);
    assert_eq!(draft.published.unwrap().to_string(), "2026-03-04");
    assert_eq!(draft.updated, None);
    assert_eq!(draft.url.as_ref().unwrap().as_str(), "https://s.example.org/p/7abc");
    assert_eq!(draft.language.as_ref().unwrap().as_str(), "en");
    let lead = "The flood has taken the old harbour of Ayorou in one night. But fishers say that the worst is still to come in the spring.";
    assert_eq!(draft.summary.as_ref().unwrap().as_str(), lead);
    assert_eq!(
        outline(&draft),
        [
            "[A fisher stands on a broken pier | The pier of Ayorou was the longest on the upper river until this week | Awa Sarr/RiverPress/Photo Union]",
            "The harbour of Ayorou stood for ninety years before the water came over its wall on Tuesday night.",
            "\"We heard it before we saw it,\" said Mariama Issa, who sells dried fish beside the gate.",
            "[Women carry baskets along the flooded harbour wall | Traders saved what they could carry from the flooded harbour halls | Ben Okoro/RiverPress]",
            "# A wall of mud",
            "Engineers had warned for the the third year in a row that the wall was too thin, and RiverTalk reported on it in June.",
            "Nobody came.",
            "# Who will pay for the new wall?",
            "The ministry says that the money for a new wall will be found before the rains of the coming year.",
        ]
    );
    let promo = draft.promo.unwrap();
    assert_eq!(promo.show.as_str(), "RiverTalk");
    assert!(promo.text.as_str().starts_with("While you're here") && promo.text.as_str().ends_with("your podcasts"));
    let line = |words: &str| PAGE.lines().position(|line| line.contains(words)).unwrap() + 1;
    let notes: Vec<_> = draft.notes.iter().map(|note| (note.line.unwrap(), note.note.as_str())).collect();
    assert_eq!(
        notes,
        [
            (line("https://proxy"), "the link goes through another site; taken is `https://s.example.org/p/7abc`"),
            (line("for the the"), "the word `the` stands twice; kept as it is"),
        ]
    );
}

#[test]
fn a_text_written_by_hand_is_read() {
    let draft = read(
        "Market day in Bla\n\n3 May 2025\nBy Awa Sarr\n\nThe market of Bla opens at dawn, and it is over before the heat comes.\n\n\
         What you find there:\n\n- onions from the north\n- salt\n\nWrite to us at https://example.org/bla.\n",
    );
    assert_eq!(draft.title.as_ref().unwrap().as_str(), "Market day in Bla");
    assert_eq!(draft.published.unwrap().to_string(), "2025-05-03");
    assert_eq!(names(&draft.authors), ["Awa Sarr"]);
    assert_eq!(draft.summary, None);
    assert_eq!(
        outline(&draft),
        [
            "The market of Bla opens at dawn, and it is over before the heat comes.",
            "# What you find there:",
            "- onions from the north - salt",
            "Write to us at https://example.org/bla.",
        ]
    );
    assert_eq!(draft.body.last().unwrap().links()[0].0.as_str(), "https://example.org/bla");
}

#[test]
fn wrapped_lines_are_joined() {
    let draft = read(
        "A wrapped letter from the coast\n\n2026-01-02\n\nThe boats came in late this year, and those who had waited\n\
         for them on the beach had long gone home to their supper\nwhen the first lamp was seen.\n\nNobody was angry, since the sea had been kind to all of\n\
         them, and the nets were full of fish.\n",
    );
    assert_eq!(
        outline(&draft),
        [
            "The boats came in late this year, and those who had waited for them on the beach had long gone home to their supper when the first lamp was seen.",
            "Nobody was angry, since the sea had been kind to all of them, and the nets were full of fish.",
        ]
    );
}

#[test]
fn headers_are_read_in_other_orders_and_languages() {
    let german = read(
        "Zum Inhalt springen\nLive-TV\nPolitik\nDie Brücke von Bamako soll noch im Herbst wieder öffnen\nVon Eva Ost und Jan Süd\n30.01.202430. Januar 2024\n\
         Zwei Jahre lang war die Brücke gesperrt, und nun soll sie für alle wieder offen sein.\n\nTeilen\n\
         Die Arbeiter haben in der Nacht die letzten Platten auf die Brücke gelegt, wie die Stadt am Dienstag mitteilte.\n\n\
         Das Geld für die Brücke kam aus der Steuer auf den Sand, der aus dem Fluss geholt wird.\n\nMehr zum Thema\nEin Teaser ohne Punkt\n© 2024 Flusspresse",
    );
    assert_eq!(german.title.as_ref().unwrap().as_str(), "Die Brücke von Bamako soll noch im Herbst wieder öffnen");
    assert_eq!(names(&german.authors), ["Eva Ost", "Jan Süd"]);
    assert_eq!(names(&german.topics), ["Politik"]);
    assert_eq!(german.published.unwrap().to_string(), "2024-01-30");
    assert_eq!(german.language.as_ref().unwrap().as_str(), "de");
    assert_eq!(german.body.len(), 3);

    let french = read(
        "Aller au contenu\nLe fleuve Niger monte encore à Mopti\nPar Aïssatou Ba\nPublié le 3 mars 2026 à 10h02, mis à jour le 4 mars 2026 à 8h00\n\
         Les habitants de Mopti ont passé la nuit sur les toits, et le fleuve monte encore dans la ville.\n\n\
         Lire aussi : La crue de 1967\n\nLe maire a demandé de l'aide au gouvernement, qui a promis des tentes pour les familles.\n\nPartager\n10 commentaires\nMoussa\nC'est bien triste pour les gens de Mopti et du pays tout entier.",
    );
    assert_eq!(names(&french.authors), ["Aïssatou Ba"]);
    assert_eq!(french.published.unwrap().to_string(), "2026-03-03");
    assert_eq!(french.updated.unwrap().to_string(), "2026-03-04");
    assert_eq!(french.body.len(), 2, "{:?}", outline(&french));
}

#[test]
fn what_is_missing_stays_missing_and_what_is_doubtful_is_noted() {
    let draft = read(
        "The lake is lower than last year\n2 hours ago\n\nThe lake has lost a third of its water, and the boats lie on the dry ground.\n\nNobody knows when it will be full again, say those who live there.",
    );
    assert_eq!(draft.published, None);
    assert_eq!(draft.notes[0].line, Some(2));
    let draft = read(
        "The lake is lower than last year\n03/04/2026\n\nThe lake has lost a third of its water, and the boats lie on the dry ground.\n\nNobody knows when it will be full again, say those who live there.",
    );
    assert_eq!(draft.published.unwrap().to_string(), "2026-03-04");
    assert_eq!((draft.notes[0].line, draft.notes[0].note.contains("month first")), (Some(2), true));
    for nothing in ["", "\n\n\n", " \u{A0}\u{FEFF}", "---\n***"] {
        assert_eq!(read(nothing), Draft::empty(Format::Text), "{nothing:?}");
    }
}

#[test]
fn a_name_that_looks_glued_stays_whole() {
    let page = |kicker: &str| {
        format!(
            "{kicker}\n\nThe radio of the river begins anew\n4 March 2026\n\nThe hosts of RiverTalk went on air at noon, and the river listened to them.\n\nThey will be back on the air every day of the week until the rains end."
        )
    };
    assert_eq!(names(&read(&page("RiverTalk")).topics), ["RiverTalk"]);
    assert_eq!(names(&read(&page("MusicNiger")).topics), ["Music", "Niger"]);
}

/// A small generator of the same numbers every time (Knuth's MMIX constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn no_text_makes_it_panic() {
    const PIECES: [&str; 40] = [
        "By ",
        "Von dpa",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "- ",
        "1. ",
        "> ",
        "https://",
        "http://a.b/https/c.d/e",
        "Image: ",
        "©",
        "(AP Photo/",
        ")",
        "[",
        "]",
        " | ",
        "03/04/2023",
        "2023-11-17T10:02:33.",
        "99.99.9999",
        "17 Nov",
        "2023",
        "podcast",
        "Listen to ",
        "you ",
        "é",
        "\u{301}",
        "日本",
        "月",
        "ﷺ",
        "\u{202E}",
        "\u{0}",
        "👩\u{200D}🚀",
        "İ",
        "ß",
        "\"",
        "Edited by: ",
        "A",
        "The river is high. ",
    ];
    let mut chance = Chance(7);
    for _ in 0..300 {
        let mut text = String::new();
        for _ in 0..chance.below(60) {
            text.push_str(PIECES[chance.below(PIECES.len())]);
        }
        read(&text);
    }
    // A page cut anywhere, and a page with a control character anywhere.
    for (at, _) in PAGE.char_indices().step_by(11) {
        read(&PAGE[..at]);
        read(&PAGE[at..]);
    }
    for junk in ["a", " ", "\u{1}", "«", ".", "1", "/", "é ", "By A, ", "http", "https://a.b/", "1.1.", "Image:", "|", "年"] {
        read(&junk.repeat(8_000));
        read(&format!("{junk}\n").repeat(800));
    }
}

#[test]
fn reading_twice_gives_the_same() {
    assert_eq!(read(PAGE), read(PAGE));
}

#[test]
fn a_box_of_other_titles_does_not_end_a_text() {
    let first = "The ferry of Gao has not sailed for a week, since nobody would pay for the fuel of the old ferry.";
    let second = "The captain of the ferry says that he will wait until the council of Gao has met again in the spring.";
    let third = "The council has not said when it will meet, and the fishers of the town have begun to row people over.";
    let page = |below: &str| {
        let draft =
            read(&format!("No ferry sails from Gao this week\n3 March 2026\n\n{first}\n\n{first} Today.\n\nTrending\n{below}"));
        outline(&draft).split_off(2)
    };
    let others = "The dam of Ansongo holds\nThe mayor of Bourem will go\nA hundred years of the old pier\n";
    assert_eq!(page(&format!("{others}\n{second}\n\n{third}\n")), [second, third]);
    assert_eq!(page(&format!("{others}\n{second}\n\nNo boats\n{third}\n")), [second, "# No boats", third]);
    // Behind the end each summary has a title of its own.
    assert_eq!(page(&format!("The dam of Ansongo holds\n{second}\nThe mayor of Bourem will go\n{third}\n")), [""; 0]);
}

#[test]
fn what_the_page_says_of_itself_is_no_part_of_the_text() {
    let first = "The ferry of Gao has not sailed for a week, since nobody would pay for the fuel of the old ferry.";
    let second = "The captain of the ferry says that he will wait until the council of Gao has met again in the spring.";
    for (between, below) in [
        ("6 minute read", ""),
        ("Unlimited online access to all of our 15 news sites with one account.", ""),
        ("Updated at 12.17.", ""),
        ("Actualizado a las 15:10h.", ""),
        (
            "",
            "\u{A9} RIPRODUZIONE RISERVATA\n\nAltri traghetti sul fiume Niger, che ogni anno si fermano per la mancanza di benzina.",
        ),
        ("", "Awa Sarr is a lecturer at the school of Gao and has written of boats since she was a child.\n\nMore of her boats."),
        ("", "Ben Okoro is a freelance writer who lives on a boat of his own."),
    ] {
        let text = format!(
            "No ferry sails from Gao this week\nBy Awa Sarr\n3 March 2026\n\n{first}\n\n{between}\n\n{second}\n\n{below}\n"
        );
        assert_eq!(outline(&read(&text)), [first, second], "{between} {below}");
    }
}

#[test]
fn a_credit_closes_the_caption_above_it() {
    let first = "The ferry of Gao has not sailed for a week, since nobody would pay for the fuel of the old ferry.";
    let second = "The captain of the ferry says that he will wait until the council of Gao has met again in the spring.";
    for (caption, figure) in [
        ("The old ferry lies at its pier since Monday of last week.\n\n(Photo: Awa Sarr)", "Awa Sarr"),
        ("The old ferry lies at its pier since Monday of last week. (Awa Sarr)", "Awa Sarr"),
    ] {
        let text = format!(
            "No ferry sails from Gao this week\n3 March 2026\n\n{first}\n\n{first} Today.\n\n{caption}\n\n{second}\n\nRelated topics\n"
        );
        let figure = format!("[ | The old ferry lies at its pier since Monday of last week. | {figure}]");
        assert_eq!(outline(&read(&text))[2..], [figure.as_str(), second], "{caption}");
    }
}

#[test]
fn the_label_of_a_credit_may_stand_on_its_own_line() {
    let draft = read(
        "No ferry sails from Gao this week\n3 March 2026\n\nThe old ferry lies at its pier since Monday of last week.\nPhoto:\nAwa Sarr / AFP\n\n\
         The ferry of Gao has not sailed for a week, since nobody would pay for its fuel.\n",
    );
    assert_eq!(outline(&draft)[0], "[ | The old ferry lies at its pier since Monday of last week. | Awa Sarr / AFP]");
}

#[test]
fn what_is_too_long_for_an_article_is_read_in_part() {
    let draft = read(&"boats\n".repeat(rows::MOST + 10));
    assert_eq!(draft.notes.iter().filter(|note| note.line == Some(rows::MOST)).count(), 1);
}
