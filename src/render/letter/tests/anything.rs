//! Whatever an article is made of: what one part says the other says too.

use super::*;

/// Numbers that look like chance and are the same in every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn words(&mut self, most: u64) -> String {
        let pieces = [
            "river",
            "Sangaré",
            "4.05",
            "12 000",
            "l’eau",
            "naïve",
            "<b>",
            "&amp;",
            "\"no\"",
            "河の水",
            "مالي",
            "o'clock",
            "50%",
            "#7",
            "Kidal—Gao",
            "x",
            "🚀",
            "«\u{a0}oui\u{a0}»",
            "end.",
            "a_b",
            "C++",
            "(sic)",
            "e\u{301}te",
        ];
        let number = self.below(most) + 1;
        (0..number).map(|_| self.pick(&pieces)).collect::<Vec<_>>().join(" ")
    }

    fn line(&mut self) -> Line {
        line(&self.words(12))
    }

    fn link(&mut self) -> Inline {
        let number = self.below(40);
        let href = match self.below(4) {
            0 => format!("mailto:reader{number}@mail.example"),
            1 => format!("https://link.example/{}?a=1&b={number}#x", "long/".repeat(usize::try_from(number).unwrap())),
            _ => format!("https://link.example/{number}"),
        };
        let text = if self.below(3) == 0 { href.trim_start_matches("mailto:").to_owned() } else { self.words(3) };
        Inline::Link { href: Href::parse(&href).unwrap(), text: vec![Inline::Text(text)] }
    }

    fn rich(&mut self) -> Rich {
        let number = self.below(5) + 1;
        let inlines = (0..number).flat_map(|_| {
            let inline = match self.below(6) {
                0 => self.link(),
                1 => Inline::Strong(vec![Inline::Text(self.words(3) + " "), self.link()]),
                2 => Inline::Emphasis(vec![Inline::Text(self.words(3))]),
                3 => Inline::Code(self.words(2)),
                4 => Inline::Break,
                _ => Inline::Text(self.words(30)),
            };
            [inline, Inline::Text(" ".to_owned())]
        });
        Rich::new(inlines.collect()).unwrap_or_else(|| Rich::text("x").unwrap())
    }

    fn block(&mut self) -> Block {
        match self.below(9) {
            0 => Block::Heading { level: u8::try_from(self.below(7)).unwrap(), text: self.line() },
            1 => Block::Quote(self.rich()),
            2 => Block::List { ordered: self.below(2) == 0, items: (0..self.below(4)).map(|_| self.rich()).collect() },
            3 => Block::Figure(Figure {
                src: (self.below(3) > 0).then(|| url("https://delta.example/p.jpg")),
                alt: Some(self.line()),
                caption: (self.below(2) == 0).then(|| self.line()),
                credit: (self.below(2) == 0).then(|| self.line()),
                size: (self.below(2) == 0).then(|| (u32::try_from(self.below(2_000)).unwrap(), 300)),
            }),
            4 => Block::Table {
                header: false,
                rows: (0..self.below(4)).map(|_| (0..self.below(4)).map(|_| self.words(3)).collect()).collect(),
            },
            5 => Block::Preformatted(format!("{}\n  {}", self.words(5), self.words(20))),
            6 => Block::Embed {
                url: (self.below(2) == 0).then(|| url("https://video.example/v/1")),
                text: (self.below(2) == 0).then(|| self.line()),
            },
            _ => Block::Paragraph(self.rich()),
        }
    }

    fn article(&mut self) -> Article {
        let lines = |dice: &mut Self| (0..dice.below(4)).map(|_| dice.line()).collect::<Vec<_>>();
        Article {
            title: self.line(),
            topics: lines(self),
            authors: lines(self),
            editors: lines(self),
            url: (self.below(4) > 0).then(|| url("https://delta.example/lead")),
            summary: (self.below(2) == 0).then(|| self.line()),
            body: (0..=self.below(12)).map(|_| self.block()).collect(),
            promo: (self.below(2) == 0).then(|| Promo { show: line("River Voices"), text: self.line() }),
            language: Language::parse(["en", "fr", "ar"][usize::try_from(self.below(3)).unwrap()]).unwrap(),
            ..article()
        }
    }
}

/// The letters and digits of each word of a text. Between characters of full width a line may end, so each counts by itself.
fn tokens(text: &str) -> BTreeSet<String> {
    let mut spaced = String::new();
    for c in text.chars() {
        match unicode_width::UnicodeWidthChar::width(c) {
            Some(2) => spaced.extend([' ', c, ' ']),
            _ => spaced.push(c),
        }
    }
    spaced.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).map(str::to_lowercase).collect()
}

/// The words that a reader of the HTML part sees or hears, and the links.
fn of_html(html: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let document = dom_query::Document::from(html);
    let mut said = String::new();
    for picture in &document.select("[role=article] img") {
        said.extend([" ", &picture.attr("alt").unwrap(), " "]);
    }
    for part in &document.select("[role=article] p, [role=article] td, [role=article] li, h1, h2, h3, h4, h5, h6, pre, br") {
        part.append_html(" ");
    }
    said += &document.select("[role=article]").html().replace("<br>", " ");
    let links = document.select("a[href]").iter().map(|a| a.attr("href").unwrap().to_string()).collect();
    (tokens(&dom_query::Document::from(said.as_str()).text()), links)
}

/// The words of the text part, and the links: an address stands alone on its line.
fn of_text(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut words, mut links) = (String::new(), BTreeSet::new());
    for line in text.lines() {
        // A link may be all that an item of a list says.
        let bare = line.trim_start_matches(|c: char| c.is_ascii_digit() || "->. ".contains(c));
        if bare.starts_with("https://") && !bare.contains(' ') {
            links.insert(bare.to_owned());
        } else if bare.contains("@mail.example") && !bare.contains(' ') {
            links.insert(format!("mailto:{bare}"));
        } else if let Some((label, _)) = bare.split_once("desk@delta.example") {
            links.insert("mailto:desk@delta.example".to_owned());
            words.extend([label, "\n"]);
        } else {
            words.extend([line, "\n"]);
        }
    }
    (tokens(&words), links)
}

#[test]
fn both_parts_say_the_same_whatever_the_article() {
    let mut dice = Dice(0x2026_0304);
    for round in 0..300 {
        let articles: Vec<Article> = (0..=dice.below(3)).map(|_| dice.article()).collect();
        let about = LetterStyle {
            archive: Some(url("https://delta.example/letters/1")),
            body: if dice.below(4) == 0 { LetterBody::Summary } else { LetterBody::Full },
            low_data: dice.below(4) == 0,
            ..LetterStyle::default()
        };
        let letter = newsletter(&edition(articles.clone()), &publication(), &about).unwrap();
        let ((seen, html_links), (read, text_links)) = (of_html(&letter.html), of_text(&letter.text));
        let missing: Vec<_> = html_links.difference(&text_links).collect();
        assert!(missing.is_empty(), "round {round}: {missing:?} is missing in the text: {}", letter.text);
        // An address that is no link, as in the beginning of a text that stands for its summary, is one in neither part.
        for address in text_links.difference(&html_links) {
            assert!(letter.html.contains(&address.replace('&', "&#38;")), "round {round}: {address} is missing in the HTML");
        }
        // A digest's items lead on with a word in HTML and with their address in text; addresses are compared as links, and
        // a list is numbered by whoever shows the HTML.
        let own = tokens("read on lire la suite تابع القراءة 1 2 3");
        let addresses = tokens(&text_links.iter().cloned().collect::<Vec<_>>().join(" "));
        let missing: Vec<_> = seen.difference(&read).filter(|word| !own.contains(*word) && !addresses.contains(*word)).collect();
        assert!(missing.is_empty(), "round {round}: {missing:?} is missing in the text: {}", letter.text);
        let missing: Vec<_> = read.difference(&seen).filter(|word| !own.contains(*word)).collect();
        assert!(missing.is_empty(), "round {round}: {missing:?} is missing in the HTML: {}", letter.text);
        assert!(!letter.text.contains("\n\n\n"), "round {round}: {}", letter.text);
        for line in letter.text.lines() {
            assert!(line.width() <= 72 || line.contains("https://"), "{line}");
        }
    }
}
