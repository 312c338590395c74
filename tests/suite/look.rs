use crate::harness::{Desk, RIVER};

const LETTER: &str = "feeds/editions/2026-03-04-a-river-rises/letter";

/// A publication with more in its section `[letter]`.
fn desk(letter: &str) -> Desk {
    let desk = Desk::new();
    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("[[shows]]", &format!("{letter}\n[[shows]]")));
    desk.write("river.txt", RIVER);
    desk
}

#[track_caller]
fn publish(desk: &Desk) -> (String, String) {
    desk.done(&["publish", "river.txt"]);
    (desk.read(&format!("{LETTER}.html")), desk.read(&format!("{LETTER}.txt")))
}

#[test]
fn a_theme_is_seen_in_the_letter_and_leaves_the_pages_as_they_are() {
    let plain = desk("");
    publish(&plain);
    let theme = "[letter.theme]\npage = \"#dde8f0\"\nwidth = 640\ntext_size = 18\n\
                 logo = { url = \"https://www.example.org/logo.png\", width = 180, height = 40 }\n\
                 [letter.theme.night]\nlink = \"#9fd8c8\"\n[letter.theme.fonts]\nheadline = [\"Charter\", \"Gill Sans\"]\n\
                 [letter.words]\nlisten = \"Hear it\"\n[letter.words.fr]\nlisten = \"Oyez\"";
    let themed = desk(theme);
    let (html, text) = publish(&themed);
    for piece in [
        "background-color:#dde8f0",
        "max-width:640px",
        "font-size:18px;line-height:30px",
        "font-family:Charter,'Gill Sans',serif",
        "<img src=\"https://www.example.org/logo.png\" width=\"180\" height=\"40\" alt=\"The Desk\"",
        ".link{color:#9fd8c8 !important}",
        // The night's page is the day's, made dark.
        ".page{background-color:#161718 !important}",
        ">Hear it</a>",
    ] {
        assert!(html.contains(piece), "{piece} is missing in {html}");
    }
    assert!(text.contains("\nHear it:\nhttps://www.example.org/africalink\n"));
    assert_eq!(plain.read("feeds/page.css"), themed.read("feeds/page.css"));
}

#[test]
fn colours_that_cannot_be_read_are_refused_with_a_way_out() {
    let desk = desk("[letter.theme]\nsoft = \"#a09080\"\n[letter.words]\nlissen = \"x\"\n[letter.words.french]\nlisten = \"x\"");
    let ran = desk.griot(&["publish", "river.txt"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            2,
            "error: `config/griot.toml` has 5 keys to mend\n  \
             line 17, `letter.theme.soft`: has a contrast of 3.0 with `letter.theme.sheet`, and text needs 4.5: `#706459` would do\n  \
             line 17, `letter.theme.soft`: has a contrast of 2.7 with `letter.theme.tint`, and text needs 4.5: `#706459` would do\n  \
             line 17, `letter.theme.soft`: has a contrast of 2.5 with `letter.theme.page`, and text needs 4.5: `#706459` would do\n  \
             line 20, `letter.words.french`: `french` is not a language tag such as `fr`\n  \
             line 19, `letter.words.lissen`: the letter has no word of this name: did you mean `listen`?\n"
        )
    );
}

#[test]
fn templates_are_ejected_once_and_make_the_same_letter_until_they_are_changed() {
    let desk = desk("");
    let before = publish(&desk);
    assert_eq!(
        desk.done(&["letter", "eject"]),
        "wrote     templates/letter.html\nwrote     templates/letter.txt\n\
         next      say `templates = \"templates\"` in the section [letter] of config/griot.toml\n"
    );
    let ran = desk.griot(&["letter", "eject"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: `templates/letter.html` is there already, and is not written over\n")
    );
    assert!(desk.done(&["letter", "eject", "own/look"]).contains("`templates = \"own/look\"`"));

    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("[letter]", "[letter]\ntemplates = \"templates\""));
    assert_eq!(desk.done(&["letter", "compose"]), "");
    assert_eq!(publish(&desk), before);

    desk.write("templates/letter.txt", "{% include 'head.txt' %}{% for piece in footer %}\n{{ piece }}{% endfor %}");
    desk.write("templates/head.txt", "The Desk & friends");
    desk.done(&["letter", "compose"]);
    assert!(desk.read(&format!("{LETTER}.txt")).starts_with("The Desk & friends\nYou get this letter"));
    assert_eq!(desk.read(&format!("{LETTER}.html")), before.0);
}

#[test]
fn a_broken_template_is_named_and_the_feeds_are_written() {
    const HINT: &str =
        "hint: `griot letter eject FOLDER` writes griot's own templates, which say in their head what there is to be shown\n";
    let desk = desk("templates = \"templates\"");
    let failed = |template: &str, why: &str| {
        desk.write("templates/letter.html", template);
        let _ = std::fs::remove_file(desk.path("feeds/feed.xml"));
        let ran = desk.griot(&["publish", "river.txt"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (1, format!("error: {why}\n\n{HINT}").as_str()));
        assert!(desk.exists("feeds/feed.xml") && !desk.exists("feeds/editions"));
    };
    failed(
        "one\n{{ two",
        "the letter's templates in `templates` cannot be used\n  \
         caused by: the template `letter.html`, line 2: syntax error: unexpected end of input, expected end of variable block",
    );
    failed(
        "{{ sender }}",
        "failed to compose the letter of edition `2026-03-04-a-river-rises`\n  \
         caused by: the template `letter.html` does not show where the reader leaves, `{{ unsubscribe }}`, which every letter has to",
    );
    failed(
        "{{ unsubscribe }}{{ sender }}{{ heading }}",
        "failed to compose the letter of edition `2026-03-04-a-river-rises`\n  \
         caused by: the template `letter.html`, line 1: undefined value: `heading` is undefined",
    );
}

#[test]
fn a_picture_that_nobody_has_described_keeps_the_letter_back_and_nothing_else() {
    const PAGE: &str = "---\ntitle: A pole\ndate: 2026-03-04\n---\n\nThe pole stands where the ferry turns.\n\n![](https://www.example.org/pole.jpg)\n\nNobody repaints it.\n";
    let desk = desk("");
    desk.write("pole.md", PAGE);
    let ran = desk.griot(&["publish", "pole.md", "river.txt"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to compose the letter of edition `2026-03-04-a-pole`\n  \
             caused by: nothing says what the picture `https://www.example.org/pole.jpg` in `A pole` shows\n\n\
             hint: give it a text or a caption in the article, or say with `letter.pictures_without_alt` what becomes of such pictures: `decorative` or `leave-out`\n"
        )
    );
    assert!(desk.read("feeds/feed.xml").contains("pole.jpg") && desk.exists("feeds/index.html"));
    assert!(desk.exists(&format!("{LETTER}.html")), "the other letter is made");
    assert!(!desk.exists("feeds/editions/2026-03-04-a-pole"));

    let config = desk.read("config/griot.toml");
    let letter = |how: &str| {
        desk.write("config/griot.toml", config.replace("[letter]", &format!("[letter]\npictures_without_alt = \"{how}\"")));
        desk.done(&["letter", "compose", "2026-03-04-a-pole"]);
        desk.read("feeds/editions/2026-03-04-a-pole/letter.html")
    };
    assert!(letter("decorative").contains("alt=\"\"") && !letter("leave-out").contains("pole.jpg"));
}

#[test]
fn whatever_an_article_holds_its_letter_is_whole() {
    let long = "word ".repeat(2_000);
    let unbroken = "x".repeat(500);
    let body = format!(
        "{unbroken}\n\n[a](javascript:alert(1)) and [b](data:text/html,x) and [c](https://www.example.org/c)\n\n\
         \u{202e}turned \u{2066}around\n\n    {unbroken}\u{202e}\n\n🚀 𝔘𝔫𝔦 👩\u{200D}🚀 e\u{301}"
    );
    let desk = desk("pictures_without_alt = \"leave-out\"");
    desk.write(
        "page.md",
        format!("---\ntitle: \"\u{202e}{long}\"\ndate: 2026-03-04\nauthor: \"\u{202e}Ada \u{2067}Keita\"\n---\n\n{body}\n"),
    );
    desk.done(&["publish", "page.md"]);
    let folder = std::fs::read_dir(desk.path("feeds/editions")).unwrap().next().unwrap().unwrap().path();
    let (html, text) = (
        std::fs::read_to_string(folder.join("letter.html")).unwrap(),
        std::fs::read_to_string(folder.join("letter.txt")).unwrap(),
    );
    for part in [&html, &text] {
        assert!(!part.contains(['\u{202e}', '\u{2066}', '\u{2067}']), "{part}");
        assert!(!part.contains("javascript:") && !part.contains("data:text"), "{part}");
        for kept in ["turned around", "Ada Keita", "🚀 𝔘𝔫𝔦 👩\u{200D}🚀 e\u{301}", "https://www.example.org/c", "Rue 12, Bamako"]
        {
            assert!(part.contains(kept), "{kept} is missing in {part}");
        }
    }
    assert!(html.len() < 40_000 && html.contains("word word…"));
    let mail = std::fs::read_to_string(folder.join("letter.eml")).unwrap();
    let foldable = |line: &str| !["Message-ID", "List-"].iter().any(|name| line.starts_with(name));
    assert!(mail.lines().filter(|line| foldable(line)).all(|line| line.len() <= 76), "{mail}");
}
