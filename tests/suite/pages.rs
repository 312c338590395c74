//! The pages for browsers: they say what the feeds say, and stay behind them in importance.

use std::path::Path;

use dom_query::Document;
use serde_json::Value;

use crate::harness::{Desk, RIVER};

const FEEDS: &str = "https://www.example.org/feeds/";
const RIVER_ID: &str = "2026-03-04-a-river-rises";
const PAGES: &str = "[site]\npages = true\n";
/// What must not get out of a title: of an element, an attribute, a script, a comment.
const NASTY: &str = "</title></script><script>alert(1)</script>\" onload='x' <!-- & ]]> <b>bold</b>";

fn desk(more: &str) -> Desk {
    Desk::with_config(&format!("{PAGES}{more}"))
}

fn publish(desk: &Desk, title: &str, day: &str, more: &str) -> String {
    let title_in_yaml = title.replace('\'', "''");
    let text = format!(
        "---\ntitle: '{title_in_yaml}'\ndate: {day}\n{more}\n---\n\nThe harbour master says of {day} that it is what happened that day.\n\n\
         #### A deep heading\n\nThe market of {day} has moved to the upper square until it is over.\n"
    );
    desk.write("page.md", text);
    desk.done(&["publish", "page.md"])
}

#[track_caller]
fn page(desk: &Desk, file: &str) -> Document {
    Document::from(desk.read(file))
}

fn texts(document: &Document, selector: &str) -> Vec<String> {
    document.select(selector).iter().map(|node| node.text().trim().to_owned()).collect()
}

fn attributes(document: &Document, selector: &str, name: &str) -> Vec<String> {
    document.select(selector).iter().filter_map(|node| node.attr(name).map(|value| value.to_string())).collect()
}

fn json(desk: &Desk, file: &str) -> Value {
    serde_json::from_str(&desk.read(file)).unwrap()
}

#[test]
fn the_page_of_a_feed_says_what_the_feed_says() {
    let desk = desk("[feed]\nsections = \"all\"\nauthors = \"all\"\n");
    publish(
        &desk,
        "Fish & <chips>",
        "2026-03-02",
        "author: Ada Keita, Bâ Traoré\ntags: Food\nurl: https://www.example.org/fish?a=1&b=2",
    );
    publish(&desk, NASTY, "2026-03-03", "author: Ada Keita\ntags: R&D\nsummary: A <summary> & more");
    desk.write("page.txt", RIVER);
    desk.done(&["publish", "page.txt"]);
    for (html, feed, count) in [
        ("index.html", "feed.json", 3),
        ("sections/food.html", "sections/food.json", 1),
        ("authors/ada-keita.html", "authors/ada-keita.json", 3),
    ] {
        let (page, feed) = (page(&desk, &format!("feeds/{html}")), json(&desk, &format!("feeds/{feed}")));
        let items = feed["items"].as_array().unwrap();
        let of = |name: &str| items.iter().map(|item| item[name].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(items.len(), count, "{html}");
        assert_eq!(texts(&page, "h1"), [feed["title"].as_str().unwrap()]);
        assert_eq!(texts(&page, ".items h3"), of("title"));
        assert_eq!(attributes(&page, ".items h3 a", "href"), of("url"));
        assert_eq!(attributes(&page, ".items time", "datetime"), of("date_published"));
        assert_eq!(texts(&page, ".items p:last-child"), of("summary"));
        for (item, byline) in items.iter().zip(texts(&page, ".items bdi")) {
            let names: Vec<&str> =
                item["authors"].as_array().unwrap().iter().map(|author| author["name"].as_str().unwrap()).collect();
            assert_eq!(byline, format!("By {}", names.join(", ")));
        }
        // Readers find the feed by the page, and people see where it is.
        let addresses = attributes(&page, ".addresses a", "href");
        assert_eq!(addresses[2], feed["feed_url"].as_str().unwrap());
        let found = attributes(&page, "link[rel=alternate]", "href");
        assert_eq!(addresses, found[..3]);
        assert_eq!(found[found.len() - 3..], ["feed.xml", "atom.xml", "feed.json"].map(|name| format!("{FEEDS}{name}")));
        for address in found.iter().chain(&attributes(&page, "link[rel=canonical]", "href")) {
            assert!(desk.exists(&format!("feeds/{}", address.strip_prefix(FEEDS).unwrap())), "{address}");
        }
        // Every address inside the folder leads to a file.
        let folder = Path::new("feeds").join(html);
        for link in attributes(&page, "nav a, footer a, link[rel=stylesheet]", "href") {
            let file = folder.parent().unwrap().join(&link);
            assert!(link.starts_with("mailto:") || desk.path(file.to_str().unwrap()).is_file(), "{html}: {link}");
        }
    }
}

#[test]
fn what_was_read_stays_text() {
    let desk = desk("[feed]\nsections = \"all\"\n");
    publish(&desk, NASTY, "2026-03-03", "author: \"<i>Ada\"\ntags: \"<s>x</s>\"\nsummary: '</script><script>alert(2)</script>'");
    let article = json(&desk, "feeds/feed.json")["items"][0]["url"].as_str().unwrap().strip_prefix(FEEDS).unwrap().to_owned();
    for file in [article.as_str(), "index.html", "editions/index.html"] {
        let html = desk.read(&format!("feeds/{file}"));
        assert!(
            !html.contains("<script>") && !html.contains("<b>bold") && !html.contains("<i>A") && !html.contains("<s>"),
            "{html}"
        );
        let page = Document::from(html.as_str());
        assert_eq!(page.select("[onload], script:not([type])").length(), 0, "{file}");
        assert!(texts(&page, "h1, h2, h3").iter().any(|heading| heading == NASTY), "{file}");
    }
    let page = page(&desk, &format!("feeds/{article}"));
    assert_eq!(texts(&page, "title"), [NASTY]);
    assert_eq!(attributes(&page, "meta[property='og:title']", "content"), [NASTY]);
    let told: Value = serde_json::from_str(&texts(&page, "script")[0]).unwrap();
    assert_eq!(told["headline"], NASTY);
    assert_eq!(told["author"][0]["name"], "<i>Ada");
    assert_eq!(told["description"], "</script><script>alert(2)</script>");
    // Who listens to the page finds a way by its headings, whatever levels the text had.
    assert_eq!(texts(&page, "h2"), ["A deep heading"]);
}

#[test]
fn an_article_without_an_address_is_read_on_its_page_and_keeps_its_id() {
    let desk = Desk::new();
    desk.write("page.txt", RIVER);
    desk.done(&["publish", "page.txt"]);
    publish(&desk, "Elsewhere", "2026-03-03", "url: https://www.example.org/elsewhere");
    let before = json(&desk, "feeds/feed.json");
    assert!(before["items"][0]["url"].is_null() && !desk.exists("feeds/articles"));
    assert!(
        desk.exists("feeds/index.html") && !desk.exists("feeds/editions/index.html"),
        "the page of the feed is there in any case"
    );

    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", format!("{config}\n[feed]\nnews_sitemap = true\n{PAGES}"));
    desk.done(&["feed", "build"]);
    let after = json(&desk, "feeds/feed.json");
    let address = format!("{FEEDS}articles/{RIVER_ID}.html");
    assert_eq!(after["items"][0]["url"], address);
    assert_eq!(after["items"][1]["url"], "https://www.example.org/elsewhere");
    for (was, is) in before["items"].as_array().unwrap().iter().zip(after["items"].as_array().unwrap()) {
        assert_eq!((&was["id"], &was["date_modified"]), (&is["id"], &is["date_modified"]));
    }
    let rss = desk.read("feeds/feed.xml");
    assert!(
        rss.contains(&format!("<link>{address}</link>"))
            && rss.contains(&format!("<guid isPermaLink=\"false\">tag:www.example.org,{}", "2026-03-04:a-river-rises"))
    );
    assert!(desk.read("feeds/atom.xml").contains(&format!("<link rel=\"alternate\" type=\"text/html\" href=\"{address}\"/>")));

    assert!(desk.read("feeds/news-sitemap.xml").contains(&format!("<loc>{address}</loc>")));

    let river = page(&desk, &format!("feeds/articles/{RIVER_ID}.html"));
    assert_eq!(attributes(&river, "link[rel=canonical]", "href"), [address]);
    assert!(river.select(".body").text().contains("where the traders have put up their stalls since dawn"));
    let own = desk.read("feeds/articles/2026-03-03-elsewhere.html");
    assert!(own.contains("<link rel=\"canonical\" href=\"https://www.example.org/elsewhere\">"));
    // The letter leads to the page, too.
    desk.done(&["letter", "compose", RIVER_ID]);
    assert!(
        desk.read(&format!("feeds/editions/{RIVER_ID}/letter.html"))
            .contains(&format!("href=\"{FEEDS}articles/{RIVER_ID}.html\""))
    );
    assert_eq!(
        attributes(&page(&desk, "feeds/editions/index.html"), ".items a", "href"),
        [format!("{RIVER_ID}/letter.html"), "2026-03-03-elsewhere/letter.html".to_owned()]
    );
}

#[test]
fn nothing_is_written_twice_and_what_is_lost_is_made_again() {
    let mut desk = desk("[feed]\nsections = \"all\"\n");
    publish(&desk, "One", "2026-03-02", "tags: Food");
    publish(&desk, "Two", "2026-03-03", "tags: Rivers");
    let before = desk.snapshot("feeds");
    assert_eq!(desk.done(&["run"]), "");
    assert_eq!(desk.done(&["feed", "build"]), "");
    desk.at("2033-07-01T00:00:00Z").variable("TZ", "Pacific/Auckland").variable("LANG", "tr_TR.UTF-8");
    assert_eq!(desk.done(&["feed", "build"]), "");
    assert_eq!(desk.snapshot("feeds"), before);
    for lost in ["articles/2026-03-02-one.html", "sections/food.html", "index.html", "page.css", "editions/index.html"] {
        std::fs::remove_file(desk.path(&format!("feeds/{lost}"))).unwrap();
        assert_eq!(desk.done(&["run"]), format!("pages     feeds/{lost}\n"));
        assert_eq!(desk.done(&["run"]), "", "{lost}");
    }
    let bytes = |desk: &Desk| desk.snapshot("feeds").into_iter().map(|(file, bytes, _)| (file, bytes)).collect::<Vec<_>>();
    assert!(bytes(&desk) == before.into_iter().map(|(file, bytes, _)| (file, bytes)).collect::<Vec<_>>());
}

#[test]
fn an_edit_changes_the_pages_that_show_it() {
    let desk = desk("[feed]\nsections = \"all\"\n");
    publish(&desk, "One", "2026-03-02", "tags: Food");
    publish(&desk, "Two", "2026-03-03", "tags: Rivers");
    let before = desk.snapshot("feeds");
    let told = publish(&desk, "Two", "2026-03-03", "tags: Rivers\nsummary: \"It is new.\"");
    assert!(told.ends_with("pages     feeds/index.html and 2 more\n"), "{told}");
    let changed: Vec<String> = desk
        .snapshot("feeds")
        .into_iter()
        .filter(|file| !before.contains(file))
        .map(|(file, ..)| file.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "html") && name != "letter.html")
        .collect();
    assert_eq!(changed, ["2026-03-03-two.html", "index.html", "rivers.html"]);
}

#[test]
fn what_is_held_back_has_no_page_until_it_is_due() {
    let mut desk = desk("");
    publish(&desk, "Today", "2026-03-03", "");
    publish(&desk, "Tomorrow", "2026-03-05", "");
    assert!(!desk.exists("feeds/articles/2026-03-05-tomorrow.html") && !desk.read("feeds/index.html").contains("Tomorrow"));
    desk.at("2026-03-06T00:00:00Z");
    desk.done(&["run"]);
    assert!(desk.exists("feeds/articles/2026-03-05-tomorrow.html"));
    assert_eq!(texts(&page(&desk, "feeds/index.html"), ".items h3"), ["Tomorrow", "Today"]);
}

#[test]
fn a_page_that_cannot_be_written_keeps_no_feed_back() {
    let desk = desk("");
    desk.write("feeds/articles", "a file where a folder should be");
    desk.write("page.txt", RIVER);
    let ran = desk.griot(&["publish", "page.txt"]);
    assert_eq!(ran.code, 1, "{ran:#?}");
    assert!(ran.stderr.contains(&format!("failed to write `feeds/articles/{RIVER_ID}.html`")), "{}", ran.stderr);
    assert!(desk.read("feeds/feed.xml").contains("A river rises"));
    assert!(desk.exists(&format!("feeds/editions/{RIVER_ID}/letter.html")) && desk.exists("feeds/index.html"));
    assert_eq!(desk.griot(&["run"]).code, 1, "it is said again until it is mended");
    std::fs::remove_file(desk.path("feeds/articles")).unwrap();
    assert_eq!(desk.done(&["run"]), format!("pages     feeds/articles/{RIVER_ID}.html and 1 more\n"));
    assert_eq!(desk.done(&["run"]), "");
}

#[test]
fn a_feed_in_a_browser_has_its_stylesheet() {
    let mut desk = desk(
        "[feed]\nitems = 1\nsections = \"all\"\n[[shows]]\nname = \"Quayside\"\nfeed = \"https://www.example.org/quayside.xml\"\n",
    );
    for day in ["2026-01-02", "2026-02-02", "2026-03-02"] {
        desk.at(&format!("{day}T18:00:00Z"));
        desk.write(
            "page.md",
            format!("---\ntitle: Of {day}\ndate: {day}\ntags: Food\n---\n\nThe market of {day} has moved to the square.\n"),
        );
        // The feed of the show cannot be reached from here, which is told and is no failure.
        assert_eq!(desk.griot(&["publish", "page.md"]).code, 0);
    }
    let feeds: Vec<_> = desk.snapshot("feeds").into_iter().map(|(file, bytes, _)| (file, bytes)).collect();
    let feeds = feeds.iter().filter(|(file, _)| file.extension().is_some_and(|ending| ending == "xml"));
    let mut count = 0;
    for (file, bytes) in feeds {
        let text = String::from_utf8_lossy(bytes);
        let (_, rest) =
            text.split_once("<?xml-stylesheet type=\"text/css\" href=\"").unwrap_or_else(|| panic!("{}", file.display()));
        let style = file.parent().unwrap().join(rest.split_once("\"?>").unwrap().0);
        let style = std::fs::read_to_string(style).unwrap();
        assert!(style.contains("content:\"This is a web feed.") && style.contains("rss,feed{direction:ltr}"));
        count += 1;
    }
    assert!(count >= 6, "{count}");
    let index = page(&desk, "feeds/index.html");
    assert_eq!(texts(&index, "nav h3"), ["Sections", "Podcasts"]);
    assert!(attributes(&index, "nav a", "href").contains(&"https://www.example.org/quayside.xml".to_owned()));
}

#[test]
fn a_page_speaks_the_language_of_its_publication_and_of_its_article() {
    let desk = Desk::new();
    let config = desk.read("config/griot.toml").replace("language = \"en\"", "language = \"ar\"");
    desk.write("config/griot.toml", format!("{config}\n{PAGES}"));
    publish(&desk, "Un marché", "2026-03-02", "language: fr\nauthor: Bâ Traoré");
    let index = page(&desk, "feeds/index.html");
    assert_eq!(
        (attributes(&index, "html", "lang"), attributes(&index, "html", "dir")),
        (vec!["ar".to_owned()], vec!["rtl".to_owned()])
    );
    assert_eq!(texts(&index, "#subscribe"), ["اشترك"]);
    assert_eq!(attributes(&index, ".items li", "lang"), ["fr"]);
    assert_eq!(attributes(&index, ".items li", "dir"), ["ltr"]);
    let article = page(&desk, "feeds/articles/2026-03-02-un-marche.html");
    assert_eq!(attributes(&article, "html", "lang"), ["fr"]);
    assert_eq!(texts(&article, "header .meta bdi"), ["Par Bâ Traoré"]);
    assert_eq!(texts(&article, ".skip"), ["Aller au contenu"]);
    assert!(desk.read("feeds/feed.css").contains("rss,feed{direction:rtl}"));
}
