use std::fmt::Write;

use crate::harness::Desk;
use crate::servers::mta::Mta;
use crate::servers::pictures::{CERTIFICATE, Pictures};

/// An article of its own words, in Markdown.
fn note(number: u32, day: u32, more: &str) -> String {
    format!(
        "---\ntitle: Note number {number}\ndate: 2026-03-{day:02}\n{more}---\n\n\
         Note {number} says that the water stood at {number} metres by the bridge of day {day}.\n\n\
         The harbour master of the town of {number} wells was there, and wrote it down in the book.\n"
    )
}

/// A desk whose list has had its first letter, on 2 March, with a plan for two o'clock.
fn planned(letter: &str, plan: &str) -> (Mta, Desk) {
    let server = Mta::start();
    let config = format!("[[schedule]]\nname = \"daily\"\nat = \"0 14 * * *\"\n{plan}");
    let mut desk = Desk::with_smtp(server.port, &config);
    desk.set("letter", letter);
    desk.at("2026-03-02T14:00:00Z").done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    desk.write("inbox/0.md", note(90, 2, "tags: World News\n"));
    desk.done(&["run"]);
    assert_eq!(server.mailed().len(), 1);
    (server, desk)
}

impl Desk {
    /// Adds keys to a section of the config.
    fn set(&self, section: &str, keys: &str) {
        let config = self.read("config/griot.toml");
        self.write("config/griot.toml", config.replacen(&format!("[{section}]\n"), &format!("[{section}]\n{keys}\n"), 1));
    }

    /// The subject of a message as a mail program shows it.
    fn header(&self, file: &str, name: &str) -> String {
        let text = self.read(file).replace("\r\n ", " ");
        text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default().to_owned()
    }
}

const FOLDER: &str = "feeds/editions";

#[test]
fn a_plan_takes_so_many_of_the_newest_and_the_others_wait() {
    let (server, mut desk) = planned("", "items = 2\n");
    for number in 1..=3 {
        desk.write(&format!("inbox/{number}.md"), note(number, number + 1, ""));
    }
    let told = desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    assert!(told.contains("waiting   1 older new articles for the next letter of the plan `daily`\n"), "{told}");
    assert!(told.contains("sent      1 of edition 2026-03-04-1400-daily to `readers`\n"), "{told}");
    let letter = desk.read(&format!("{FOLDER}/2026-03-04-1400-daily/letter.txt"));
    assert!(
        letter.contains("Note number 3") && letter.contains("Note number 2") && !letter.contains("Note number 1"),
        "{letter}"
    );
    let told = desk.at("2026-03-05T14:00:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-02-note-number-1 to `readers`\n"), "{told}");
    assert_eq!(server.kept().len(), 3);
}

#[test]
fn one_article_a_letter_of_a_topic_or_a_language_if_there_are_enough() {
    let (_server, mut desk) = planned(
        "",
        "items = \"one\"\ntopics = [\"world-news\"]\n\
         [[schedule]]\nname = \"french\"\nat = \"0 15 * * *\"\nlanguage = \"fr\"\nminimum = 2\n",
    );
    desk.at("2026-03-03T08:00:00Z");
    desk.write("inbox/1.md", note(1, 3, "tags: Sport\nlanguage: fr\n"));
    desk.write("inbox/2.md", note(2, 2, "tags: World News\n"));
    desk.write("inbox/3.md", note(3, 1, "tags: [Sport, World News]\n"));
    desk.done(&["run"]);
    let told = desk.at("2026-03-03T14:00:00Z").done(&["run"]);
    assert_eq!(
        told,
        "waiting   1 older new articles for the next letter of the plan `daily`\n\
         sent      1 of edition 2026-03-02-note-number-2 to `readers`\n"
    );
    // The other plan is new at three o'clock of this day, and there is one article in French.
    let told = desk.at("2026-03-03T15:00:00Z").done(&["run"]);
    assert_eq!(told, "waiting   1 new article for the plan `french`, which makes a letter of 2\n");
    desk.write("inbox/4.md", note(4, 3, "language: fr\n"));
    let told = desk.at("2026-03-04T13:00:00Z").done(&["run"]);
    assert!(!told.contains("sent"), "{told}");
    desk.at("2026-03-04T14:00:00Z").done(&["run"]);
    let told = desk.at("2026-03-04T15:00:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-04-1500-french to `readers`\n"), "{told}");
    let letter = desk.read(&format!("{FOLDER}/2026-03-04-1500-french/letter.html"));
    assert!(letter.contains("<html lang=\"fr\""), "{letter}");
}

#[test]
fn a_digest_is_composed_by_hand_known_by_its_id_and_mailed_to_its_list() {
    let (server, mut desk) = planned("", "");
    desk.done(&["subscribers", "add", "ba@two.example", "--confirmed", "asked", "--list", "weekly"]);
    for number in 1..=3 {
        desk.write(&format!("{number}.md"), note(number, number, ""));
    }
    desk.at("2026-03-04T08:00:00Z").done(&["publish", "1.md", "2.md", "3.md"]);
    let compose = ["letter", "compose", "--items", "3", "--list", "weekly", "--subject", "The week\r\nBcc: x"];
    let id = "2026-03-04-0800-weekly";
    assert_eq!(
        desk.done(&compose),
        format!(
            "composed  {id}  The week Bcc: x\n\
             wrote     {FOLDER}/{id}/letter.html\nwrote     {FOLDER}/{id}/letter.txt\nwrote     {FOLDER}/{id}/letter.eml\n"
        )
    );
    let before = desk.snapshot("");
    desk.at("2026-03-04T09:00:00Z");
    assert_eq!(desk.done(&compose), format!("composed  {id}  The week Bcc: x\n"), "the same articles are the same edition");
    assert_eq!(desk.snapshot(""), before);
    // It is there before anything of it was sent, and goes to the list that it was composed for.
    assert!(desk.done(&["send", "--plan", id]).contains("list      weekly\n"));
    let told = desk.done(&["letter", "compose", id, "--subject", "Three notes"]);
    assert_eq!(told, format!("changed   {FOLDER}/{id}/letter.html\nchanged   {FOLDER}/{id}/letter.eml\n"));
    assert_eq!(desk.done(&["send", id]), format!("sent      1 of edition {id} to `weekly`\n"));
    let letter = server.kept().pop().unwrap();
    assert!(letter.to == "ba@two.example" && letter.data.contains("Subject: Three notes\r\n"), "{}", letter.data);
    // What has gone out stays as it was, and is not new to the list any more.
    let ran = desk.griot(&["letter", "compose", id, "--subject", "Other"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (1, "error: edition `2026-03-04-0800-weekly` has been sent: its letter does not change any more\n")
    );
    let ran = desk.griot(&["letter", "compose", "--items", "since-last", "--list", "weekly"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: no article is new to the list `weekly`\n\nhint: publish one, or name an edition that there is: `griot letter compose EDITION`\n"
        )
    );
    assert_eq!(desk.done(&["audit", id]), format!("even      {id} to `weekly`, 1 recipient: 1 sent\n"));
}

#[test]
fn subjects_and_preheaders_follow_their_patterns() {
    let (server, mut desk) = planned(
        "subject = \"{publication}: {title}\"\npreheader = \"{titles} {{{count}}} {episode}\"",
        "subject = \"no. {number}, {weekday} {day} {month} {year}: {count} by {author}, {topics}\"\n",
    );
    let letter = server.kept().pop().unwrap();
    assert!(letter.data.contains("Subject: no. 1, Monday 2 March 2026: 1 by , World News\r\n"), "{}", letter.data);
    desk.write("inbox/1.md", note(1, 3, "author: [Ada Keita, Ba Traoré]\ntags: [Rivers, Mali]\nlanguage: fr\n"));
    desk.write("inbox/2.md", note(2, 2, "tags: Rivers\n"));
    desk.at("2026-03-03T14:00:00Z").done(&["run"]);
    let id = "2026-03-03-1400-daily";
    let html = desk.read(&format!("{FOLDER}/{id}/letter.html"));
    assert!(html.contains("<title>no. 2, mardi 3 mars 2026: 2 by Ada Keita, Ba Traoré, Rivers, Mali</title>"), "{html}");
    assert!(html.contains(">Note number 1 · Note number 2 {2}</div>"), "{html}");
    // The letter of a single article that no plan has taken up is called as all letters are, whatever is sent meanwhile.
    let one = desk.read(&format!("{FOLDER}/2026-03-02-note-number-2/letter.html"));
    assert!(one.contains("<title>The Desk: Note number 2</title>"), "{one}");
    assert_eq!(desk.done(&["audit", id]), format!("even      {id} to `readers`, 1 recipient: 1 sent\n"));
}

#[test]
fn a_pattern_that_makes_no_sense_is_refused_with_what_was_meant() {
    #[track_caller]
    fn case(keys: &str, problem: &str) {
        let desk = Desk::new();
        desk.set("letter", keys);
        let ran = desk.griot(&["status"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(problem), "{}", ran.stderr);
    }
    case(
        "subject = \"{titel}\"",
        "`letter.subject`: has no place `{titel}`: did you mean `{title}`? There are `{title}`, `{titles}`, `{count}`",
    );
    case("preheader = \"{title\"", "`letter.preheader`: has a `{` without its `}`: write `{{` for a brace");
    case("subject = \" \"", "`letter.subject`: is empty");
    case("pictures = \"inline\"", "`letter.pictures`: `inline` is not one of `linked`, `attached`, `none`");
    case("low_data_lists = [\"Light!\"]", "`letter.low_data_lists`: `Light!` is not the name of a list");
    let desk = Desk::with_config("[[schedule]]\nname = \"x\"\nat = \"0 7 * * *\"\nitems = 2\nminimum = 3\n");
    let ran = desk.griot(&["status"]);
    assert!(ran.stderr.contains("`schedule[1].minimum`: `3` is more than a letter of at most 2 can have"), "{}", ran.stderr);
    for items in ["0", "\"some\"", "-1", "1.5"] {
        let desk = Desk::with_config(&format!("[[schedule]]\nname = \"x\"\nat = \"0 7 * * *\"\nitems = {items}\n"));
        let ran = desk.griot(&["status"]);
        assert!(ran.code == 2 && ran.stderr.contains("since-last"), "{}", ran.stderr);
    }
}

const PICTURE: &str = "![The bridge](https://www.example.org/bridge.jpg)";

#[test]
fn readers_of_a_low_data_list_get_the_letter_without_pictures_frozen_with_the_other() {
    let server = Mta::start();
    let desk = Desk::with_smtp(server.port, "[site]\npages = true\n");
    desk.set("letter", "low_data_lists = [\"light\"]\nlight_version = true");
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    desk.done(&["subscribers", "add", "ba@two.example", "--confirmed", "asked", "--list", "light"]);
    let text = format!("{}\n\n{PICTURE}\n", note(1, 4, ""));
    desk.write("1.md", &text);
    desk.done(&["publish", "1.md"]);
    let id = "2026-03-04-note-number-1";
    let light = desk.read(&format!("{FOLDER}/{id}/light.html"));
    assert!(!light.contains("<img") && light.contains("stood at 1 metres"), "{light}");
    // A page of its own, which leaves the article's page the first place in a search.
    let canonical = format!("<link rel=\"canonical\" href=\"https://www.example.org/feeds/articles/{id}.html\">");
    assert!(light.contains(&canonical), "{light}");
    let whole = desk.read(&format!("{FOLDER}/{id}/letter.html"));
    assert!(
        whole.contains(&canonical) && whole.contains(&format!("https://www.example.org/feeds/editions/{id}/light.html")),
        "{whole}"
    );
    assert!(!desk.read(&format!("{FOLDER}/{id}/letter.eml")).contains("canonical"));
    assert!(desk.read(&format!("{FOLDER}/{id}/letter.html")).contains("bridge.jpg"));
    let list = desk.read(&format!("{FOLDER}/index.html"));
    assert!(list.contains(&format!("<a href=\"{id}/light.html\">Light version</a>")), "{list}");
    desk.done(&["send", id]);
    // Edited between the two: the letter that is frozen is the one that goes out to both.
    desk.write("1.md", text.replace("stood at 1", "stood at 9"));
    desk.done(&["publish", "1.md"]);
    desk.done(&["send", id, "--list", "light"]);
    let kept = server.kept();
    let [full, light] = kept.as_slice() else { panic!("{kept:?}") };
    assert!(full.to == "ada@one.example" && full.data.contains("bridge.jpg"), "{}", full.data);
    assert!(light.to == "ba@two.example" && !light.data.contains("bridge.jpg") && !light.data.contains("<img"), "{}", light.data);
    assert!(light.data.contains("stood at 1 metres"), "{}", light.data);
}

#[test]
fn a_letter_keeps_its_date_when_its_article_is_edited() {
    let mut desk = Desk::new();
    desk.write("1.md", note(1, 3, ""));
    desk.done(&["publish", "1.md"]);
    let file = format!("{FOLDER}/2026-03-03-note-number-1/letter.eml");
    assert_eq!(desk.header(&file, "Date"), "Tue, 03 Mar 2026 12:00:00 +0000");
    desk.write("1.md", note(1, 3, "").replace("stood at 1", "stood at 9"));
    desk.at("2026-03-09T10:00:00Z").done(&["publish", "1.md"]);
    assert!(desk.read(&file).contains("stood at 9"));
    assert_eq!(desk.header(&file, "Date"), "Tue, 03 Mar 2026 12:00:00 +0000");
}

#[test]
fn the_letters_have_a_feed_whose_ids_stay() {
    let mut desk = Desk::with_config("[site]\npages = true\n");
    desk.set("letter", "feed = true\npreheader = \"{count} in all\"");
    desk.write("1.md", note(1, 3, "url: https://www.example.org/one?a=1&b=2\n"));
    desk.write("2.md", note(2, 4, ""));
    desk.done(&["publish", "1.md", "2.md"]);
    desk.done(&["letter", "compose", "--items", "2", "--subject", "Two & <more>"]);
    let told =
        desk.done(&["feed", "check", "feeds/editions/feed.xml", "feeds/editions/feed.atom.xml", "feeds/editions/feed.json"]);
    assert_eq!(
        told,
        "feeds/editions/feed.xml: RSS, 3 items: nothing wrong\nfeeds/editions/feed.atom.xml: Atom, 3 items: nothing wrong\n\
         feeds/editions/feed.json: JSON Feed, 3 items: nothing wrong\n"
    );
    assert!(desk.done(&["feed", "check"]).contains("feeds/editions/feed.xml: RSS, 3 items: nothing wrong\n"));
    let feed = desk.read("feeds/editions/feed.xml");
    for part in [
        "<title>The Desk: Newsletters</title>",
        "<title>Two &#x26; &#x3C;more&gt;</title>",
        "<link>https://www.example.org/feeds/editions/2026-03-04-0800-readers/letter.html</link>",
        ">tag:www.example.org,2026-03-04:letter/0800-readers</guid>",
        ">tag:www.example.org,2026-03-03:letter/note-number-1</guid>",
        "2 in all",
    ] {
        assert!(feed.contains(part), "{part}\n{feed}");
    }
    assert!(desk.read("feeds/feeds.opml").contains("xmlUrl=\"https://www.example.org/feeds/editions/feed.xml\""));
    let list = desk.read("feeds/editions/index.html");
    assert!(list.contains("href=\"https://www.example.org/feeds/editions/feed.atom.xml\""), "{list}");
    let first = list.find("Two &#38; &#60;more&#62;").unwrap_or_else(|| panic!("{list}"));
    assert!(first < list.find("Note number 2").unwrap(), "the newest first: {list}");
    // Another home is another host for what is minted from then on, and for nothing that has an id.
    let config =
        desk.read("config/griot.toml").replace("home = \"https://www.example.org/\"", "home = \"https://news.example.org/\"");
    desk.write("config/griot.toml", config);
    desk.at("2026-03-05T08:00:00Z");
    desk.write("3.md", note(3, 5, ""));
    desk.done(&["publish", "3.md"]);
    let feed = desk.read("feeds/editions/feed.xml");
    assert!(
        feed.contains("tag:www.example.org,2026-03-04:letter/0800-readers")
            && feed.contains("tag:news.example.org,2026-03-05:letter/note-number-3"),
        "{feed}"
    );
    let before = desk.snapshot("feeds");
    desk.at("2026-04-05T08:00:00Z").done(&["feed", "build"]);
    assert_eq!(desk.snapshot("feeds"), before);
}

/// A desk whose pictures travel inside the letter, from a server of this machine.
fn attaching(server: &Pictures, port: u16) -> Desk {
    let mut desk = Desk::with_smtp(port, "[fetch]\nallow_hosts = [\"127.0.0.1\"]\n");
    desk.set("letter", "pictures = \"attached\"");
    desk.variable("SSL_CERT_FILE", CERTIFICATE);
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    let mut text = note(1, 4, "");
    for name in ["a.png?x=1&y=2", "b.gif", "c.jpg", "gone.jpg", "page.jpg", "large.png"] {
        write!(text, "\n![Picture {name}]({})\n\nMore of it, after {name}.\n", server.url(&format!("/{name}"))).unwrap();
    }
    desk.write("1.md", text);
    server.put("/a.png?x=1&y=2", b"\x89PNG\r\n\x1a\none");
    server.put("/b.gif", b"GIF89a two");
    server.put("/c.jpg", b"\xff\xd8\xff three");
    server.put("/page.jpg", b"<html>no picture</html>");
    server.put("/large.png", &[b"\x89PNG\r\n\x1a\n" as &[u8], &vec![7; 300_000]].concat());
    desk
}

const ID: &str = "2026-03-04-note-number-1";

#[test]
fn pictures_travel_inside_the_message_fetched_once_and_the_same_for_ever() {
    let (server, mta) = (Pictures::start(), Mta::start());
    let desk = attaching(&server, mta.port);
    let told = desk.done(&["publish", "1.md"]);
    let linked = |name: &str, why: &str| format!("linked    {} in edition {ID}: {why}\n", server.url(name));
    assert!(told.contains(&linked("/page.jpg", "it is no JPEG, PNG or GIF")), "{told}");
    assert_eq!(told.matches("linked ").count(), 3, "{told}");
    assert_eq!(server.asked(), ["/a.png?x=1&y=2", "/b.gif", "/c.jpg", "/gone.jpg", "/large.png", "/page.jpg"]);
    let mail = desk.read(&format!("{FOLDER}/{ID}/letter.eml"));
    for number in 1..=3 {
        assert!(mail.contains(&format!("Content-ID: <picture-{number}.{ID}@example.org>")), "{mail}");
    }
    assert!(!mail.contains("picture-4."), "{mail}");
    // The page for browsers has no message around it.
    let page = desk.read(&format!("{FOLDER}/{ID}/letter.html"));
    assert!(!page.contains("cid:") && page.contains(&server.url("/c.jpg")), "{page}");
    // What the server says later changes nothing: neither of the files, nor of what is mailed.
    server.put("/c.jpg", b"\xff\xd8\xff other");
    let before = desk.snapshot("feeds");
    desk.done(&["publish", "1.md"]);
    assert_eq!((server.asked(), desk.snapshot("feeds")), (Vec::new(), before));
    desk.done(&["send", ID]);
    assert_eq!(server.asked(), Vec::<String>::new());
    let sent = mta.kept().pop().unwrap().data;
    assert!(sent.contains("/9j/IHRocmVl"), "the picture as it was: {sent}");
    assert_eq!(sent.matches("Content-ID: <picture-").count(), 3, "{sent}");
    assert!(sent.replace("=\r\n", "").contains(&format!("src=3D\"cid:picture-2.{ID}@example.org\"")), "{sent}");
}

#[test]
fn what_could_not_be_had_is_asked_for_again_by_hand_until_the_letter_is_sent() {
    let (server, mta) = (Pictures::start(), Mta::start());
    let desk = attaching(&server, mta.port);
    desk.done(&["publish", "1.md"]);
    server.asked();
    server.put("/gone.jpg", b"\xff\xd8\xff here it is");
    let told = desk.done(&["letter", "compose", ID]);
    assert_eq!(told.matches("linked ").count(), 2, "{told}");
    assert_eq!(server.asked(), ["/gone.jpg", "/large.png", "/page.jpg"]);
    assert_eq!(desk.read(&format!("{FOLDER}/{ID}/letter.eml")).matches("Content-ID: <").count(), 4);
    desk.done(&["send", ID]);
    server.put("/page.jpg", b"\xff\xd8\xff late");
    assert_eq!(desk.done(&["letter", "compose", ID]), "");
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[test]
fn addresses_of_the_desks_own_network_are_not_fetched_for_a_letter() {
    let server = Pictures::start();
    let desk = attaching(&server, 1);
    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("allow_hosts = [\"127.0.0.1\"]", ""));
    let told = desk.done(&["publish", "1.md"]);
    assert_eq!(told.matches("linked ").count(), 6, "{told}");
    assert!(told.contains("private address"), "{told}");
    assert_eq!(server.asked(), Vec::<String>::new());
    assert!(!desk.read(&format!("{FOLDER}/{ID}/letter.eml")).contains("cid:"));
}

#[test]
fn a_kill_between_composing_and_freezing_leaves_nothing_half() {
    let (server, mta) = (Pictures::start(), Mta::start());
    let mut desk = attaching(&server, mta.port);
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", format!("{config}\n[[schedule]]\nname = \"daily\"\nat = \"0 14 * * *\"\n"));
    desk.write("0.md", note(5, 1, ""));
    desk.at("2026-03-01T14:00:00Z").done(&["publish", "0.md"]);
    desk.done(&["run"]);
    assert_eq!(mta.mailed().len(), 1);
    desk.write("2.md", note(2, 3, ""));
    // Taken in and composed, but for the pictures, by a run that hangs on their server and is killed.
    desk.at("2026-03-04T14:00:00Z");
    desk.write("inbox/1.md", desk.read("1.md"));
    desk.write("inbox/2.md", desk.read("2.md"));
    server.be_silent(true);
    let mut asked = 0;
    desk.killed_once(&["run"], || {
        asked += server.asked().len();
        asked >= 6
    });
    server.be_silent(false);
    assert_eq!(mta.mailed().len(), 1);
    let told = desk.at("2026-03-04T14:05:00Z").done(&["run"]);
    assert!(told.contains("sent      1 of edition 2026-03-04-1400-daily to `readers`\n"), "{told}");
    assert_eq!(mta.mailed().len(), 2, "once");
    let sent = mta.kept().pop().unwrap().data;
    assert!(sent.contains("Note number 2") && sent.matches("Content-ID: <picture-").count() == 3, "{sent}");
    assert_eq!(desk.at("2026-03-04T14:10:00Z").done(&["run"]), "");
}
