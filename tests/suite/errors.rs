//! After every failure the publication is compared with what it was, to the byte and the time of change.

pub mod disks;
mod inbox;
mod mail;

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::harness::{Desk, RIVER, Ran};

const EDITION: &str = "2026-03-04-a-river-rises";
const NOON: &str = "2026-03-04T13:00:00Z";

/// A file as [`Desk::snapshot`] finds it.
type Found = (PathBuf, Vec<u8>, SystemTime);

/// A publication with an article in its feeds and a reader on its list.
fn desk() -> Desk {
    desk_with("")
}

fn desk_with(more: &str) -> Desk {
    let mut desk = Desk::with_config(more);
    desk.at(NOON);
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    desk.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked at the desk"]);
    desk
}

/// Runs a command that has to fail, to say exactly this, and to change nothing.
#[track_caller]
fn refused(desk: &Desk, arguments: &[&str], code: i32, stderr: &str) {
    let before = desk.snapshot("");
    let ran = desk.griot(arguments);
    assert_eq!((ran.stderr.as_str(), ran.code), (stderr, code), "{arguments:?}");
    assert_eq!(ran.stdout, "", "{arguments:?}");
    unchanged(desk, &before);
}

#[track_caller]
fn unchanged(desk: &Desk, before: &[Found]) {
    let after = desk.snapshot("");
    let names = |all: &[Found]| all.iter().map(|(path, ..)| path.display().to_string()).collect::<Vec<_>>();
    assert_eq!(names(&after), names(before));
    for (now, then) in after.iter().zip(before) {
        assert!(now == then, "{} has changed", now.0.display());
    }
}

/// Puts an edit of the article before the desk, which is to fail.
fn edit(desk: &Desk) {
    desk.write("river.txt", RIVER.replace("twenty years", "thirty years"));
}

// Sources

const NO_TITLE: &str = "no title: put the title on a line of its own above the text";
const NO_DATE: &str = "no date of publication: put the date on a line of its own below the title, such as `2026-03-04`";
const NO_TEXT: &str = "no text of an article: put at least one paragraph of whole sentences below the title";
const NO_HTML_TITLE: &str = "no title: give the page an <h1> or a <title>";
const NO_HTML_DATE: &str =
    "no date of publication: give the page a <time datetime=\"2026-03-04\"> or <meta property=\"article:published_time\">";
const NO_HTML_TEXT: &str = "no text of an article: save the page of one article, not a list or a start page";
const NO_RUNNING_TEXT: &str = "the page holds no running text: it looks like a list, a start page or a login";

#[test]
fn what_is_no_page_is_refused() {
    #[track_caller]
    fn case(desk: &Desk, name: &str, content: &[u8], error: &str, hint: &str) {
        desk.write(name, content);
        refused(desk, &["publish", name], 1, &format!("error: `{name}` {error}\n\nhint: {hint}\n"));
    }
    let desk = desk();
    let pasted = "check that the page was saved, or the text pasted, before it was read";
    case(&desk, "empty.txt", b"", "is empty", pasted);
    case(&desk, "blank.html", b" \n\t\n", "is empty", pasted);
    case(&desk, "mark.txt", b"\xEF\xBB\xBF", "is empty", pasted);
    let save = "save the article as HTML, or copy its text into a `.txt` file";
    case(&desk, "nul.txt", b"one\0two", "is binary data (it holds NUL bytes), not a page of text", save);
    case(
        &desk,
        "controls.txt",
        b"\x01\x02\n\x1B",
        "is binary data (it holds nothing but control characters), not a page of text",
        save,
    );
    case(&desk, "photo.txt", b"\x89PNG\r\n\x1A\n", "is a PNG image, not a page of text", save);
    case(&desk, "story.pdf", b"%PDF-1.7\n", "is a PDF, not a page of text", save);
    case(&desk, "story.docx", b"PK\x03\x04 [Content_Types].xml", "is an Office document, not a page of text", save);
    case(&desk, "pages.zip", b"PK\x03\x04", "is a zip archive, not a page of text", save);
    let utf8 = "save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`";
    case(&desk, "old.txt", b"The river\n\nB\xE2 Traor\xE9\n", "is not valid UTF-8: line 3, byte 13", utf8);
    case(&desk, "old.md", b"# R\xE9gion\n", "is not valid UTF-8: line 1, byte 4", utf8);
}

#[test]
fn what_is_too_large_is_refused_unread() {
    let limit = "error: `big.txt` is larger than 10 MB\n\nhint: an article is far smaller: check that it is the page you mean; \
                 `max_bytes` in `[fetch]` sets the limit\n";
    let desk = desk();
    desk.write("big.txt", "The river rises.\n".repeat(50 * 1024 * 1024 / 17 + 1));
    refused(&desk, &["publish", "big.txt"], 1, limit);
    // What would take minutes and fill the memory if it were read.
    let attic = Desk::bare();
    let huge = attic.path("huge.txt");
    File::create(&huge).unwrap().set_len(1 << 40).unwrap();
    let huge = huge.to_str().unwrap();
    let began = Instant::now();
    refused(&desk, &["publish", huge], 1, &limit.replace("big.txt", huge));
    let mut endless = desk.command(&["publish", "-"]);
    let ran = Ran::of(endless.stdin(File::open("/dev/zero").unwrap()));
    assert_eq!((ran.stderr.as_str(), ran.code), (limit.replace("big.txt", "-").as_str(), 1));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let small = desk_with("[fetch]\nmax_bytes = 1000\n");
    small.write("big.txt", "x".repeat(1001));
    refused(&small, &["publish", "big.txt"], 1, &limit.replace("10 MB", "1000 bytes"));
}

#[test]
fn all_that_an_article_lacks_is_named_at_once() {
    #[track_caller]
    fn case(desk: &Desk, name: &str, content: &str, lacks: &[&str]) {
        desk.write(name, content);
        let lacks = lacks.join("\n  ");
        refused(desk, &["publish", name], 1, &format!("error: `{name}` lacks what an article needs\n  {lacks}\n"));
    }
    let desk = desk();
    // No line of it can pass for a title.
    let text = "The council met on the quay last night and decided, after three hours of talk in the rain, to move the market \
                to the upper square before the floods come, as it had done in the two years before, when the river stood as high.\n\n\
                The traders agree with the council, and have begun to carry their stalls up the hill with the help of the school, \
                whose pupils have the day off, and of the harbour master, who has lent them the two carts that he had left.\n";
    case(&desk, "no-date.txt", &format!("The market moves\n\n{text}"), &[NO_DATE]);
    case(
        &desk,
        "no-title.md",
        &format!("---\ndate: 2026-03-04\n---\n\n{text}"),
        &["no title: add `title: ...` to the front matter, or a line `# Title`"],
    );
    let paragraphs = text.replace("\n\n", "</p><p>");
    case(
        &desk,
        "no-title.html",
        &format!("<!doctype html><article><time datetime=2026-03-04></time><p>{paragraphs}</p></article>"),
        &[NO_HTML_TITLE],
    );
    case(&desk, "neither.txt", text, &[NO_TITLE, NO_DATE]);
    case(&desk, "word.txt", "word\n", &[NO_DATE, NO_TEXT]);
    case(
        &desk,
        "nothing.md",
        "---\nauthor: Ada\n---\n",
        &[
            "no title: add `title: ...` to the front matter, or a line `# Title`",
            "no date of publication: add `date: 2026-03-04` to the front matter",
            "no text of an article: put at least one paragraph below the title",
        ],
    );
    let links: Vec<String> = (1..30).map(|n| format!("<li><a href=/{n}>Headline of story number {n}</a></li>")).collect();
    let links = links.concat();
    case(
        &desk,
        "start.html",
        &format!("<!doctype html><title>The Paper</title><ul>{links}</ul>"),
        &[NO_HTML_DATE, NO_HTML_TEXT, NO_RUNNING_TEXT],
    );
    case(
        &desk,
        "login.html",
        "<!doctype html><title>Log in</title><form><label>User <input name=u></label><input type=password name=p><button>Log in</button></form>",
        &[NO_HTML_DATE, NO_HTML_TEXT, NO_RUNNING_TEXT],
    );
    case(&desk, "bare.html", "<html><body><img src=x.png></body></html>", &[NO_HTML_TITLE, NO_HTML_DATE, NO_HTML_TEXT]);
}

#[test]
fn sources_that_cannot_be_reached_say_why() {
    #[track_caller]
    fn case(desk: &Desk, source: &str, error: &str, hint: &str) {
        refused(desk, &["publish", source], 1, &format!("error: {error}\n\nhint: {hint}\n"));
    }
    let desk = desk();
    let path = "check the path; a web page needs its whole address, such as `https://example.org/page`";
    case(&desk, "gone.txt", "`gone.txt` does not exist", path);
    case(&desk, "river.txt/page.txt", "`river.txt/page.txt` does not exist", path);
    case(&desk, "my näws 100%.txt", "`my näws 100%.txt` does not exist", path);
    case(&desk, "two\nlines.txt", "`two\\nlines.txt` does not exist", path);
    case(&desk, "config", "`config` is a directory, not a page", "name the files in it, one by one");
    case(
        &desk,
        "ftp://x.example/a",
        "`ftp://x.example/a` is not an http or https address",
        "write the address as a browser shows it",
    );
    case(
        &desk,
        "https://ada:secret@x.example/a",
        "`https://x.example/a` was given with a user name or password",
        "griot logs in nowhere: save the page in a browser and read the file, or leave user and password out",
    );
    let ran = desk.griot_with_input(&["publish", "-"], b"");
    let empty = "error: `-` is empty\n\nhint: check that the page was saved, or the text pasted, before it was read\n";
    assert_eq!((ran.stderr.as_str(), ran.code), (empty, 1));
}

#[test]
fn a_bad_source_stops_none_of_the_others() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    let ran = desk.griot(&["publish", "gone.txt", "ftp://x.example/a", "river.txt", "config"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with(&format!("new       {EDITION}  A river rises\nwrote     feeds/feed.xml\n")), "{}", ran.stdout);
    let errors: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(
        errors,
        [
            "error: `ftp://x.example/a` is not an http or https address",
            "error: `gone.txt` does not exist",
            "error: `config` is a directory, not a page",
        ]
    );
}

#[test]
fn odd_file_names_are_names() {
    let desk = Desk::new();
    for name in [&b"my n\xC3\xA4ws 100%.txt"[..], b"two\nlines.txt", b"gr\xFC\xDFe.txt", b"-x.txt"] {
        let name = std::ffi::OsStr::from_bytes(name);
        fs::write(desk.path("").join(name), RIVER).unwrap();
        let ran = Ran::of(desk.command(&["publish"]).arg("--").arg(name));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout.contains(&format!("{EDITION}  A river rises\n")), "{}", ran.stdout);
    }
}

#[test]
fn a_title_of_ten_thousand_characters_breaks_no_file_name() {
    let desk = Desk::new();
    let title = "The council of the town meets again ".repeat(280);
    let paragraphs: Vec<String> = (1..=6)
        .map(|day| format!("<p>On day {day} the council met on the quay and spoke of moving the market before the rains.</p>"))
        .collect();
    let paragraphs = paragraphs.concat();
    desk.write(
        "page.html",
        format!("<title>{title}</title><article><h1>{title}</h1><time datetime=2026-03-04></time>{paragraphs}</article>"),
    );
    desk.done(&["publish", "page.html"]);
    let id = "2026-03-04-the-council-of-the-town-meets-again-the-council-of-the-town";
    let mut editions = fs::read_dir(desk.path("feeds/editions")).unwrap();
    assert_eq!(editions.next().unwrap().unwrap().file_name(), id);
    assert!(editions.next().is_none());
    let channel = rss::Channel::read_from(desk.read("feeds/feed.xml").as_bytes()).unwrap();
    assert_eq!(channel.items[0].title.as_deref(), Some(title.trim()));
    let longest = desk.read(&format!("feeds/editions/{id}/letter.eml")).lines().map(str::len).max();
    assert!(longest <= Some(998), "a line of the mail has {longest:?} bytes (RFC 5322, section 2.1.1)");
}

#[test]
fn an_article_of_a_megabyte_is_published_whole_and_a_closed_pipe_is_no_failure() {
    let desk = Desk::new();
    let days: Vec<String> = (1..=11_000)
        .map(|day| {
            format!("On day {day} the river stood at {day} metres by the old bridge, the harbour master of the town says.\n\n")
        })
        .collect();
    let page = format!("The book of the river\n\n4 March 2026\n\n{}", days.concat());
    assert!(page.len() > 1024 * 1024);
    desk.write("book.txt", page);
    let mut child = desk.command(&["read", "book.txt", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str(), first), (0, "", *b"{"));
    desk.done(&["publish", "book.txt"]);
    for feed in ["feeds/feed.xml", "feeds/atom.xml", "feeds/feed.json"] {
        assert!(desk.read(feed).contains("On day 11000 the river"), "{feed}");
    }
}

// The config

/// The error of a config that is the usual one with a part of it replaced.
#[track_caller]
fn config(find: &str, replace: &str, error: &str) {
    let desk = Desk::new();
    let usual = desk.read("config/griot.toml");
    assert!(usual.contains(find), "{find}");
    desk.write("config/griot.toml", usual.replacen(find, replace, 1));
    refused(&desk, &["status"], 2, error);
}

/// The same with one value that does not hold.
#[track_caller]
fn value(find: &str, replace: &str, problem: &str) {
    config(find, replace, &format!("error: `config/griot.toml` has a key to mend\n  {problem}\n"));
}

#[test]
fn an_unknown_key_is_drawn_in_every_section() {
    #[track_caller]
    fn case(find: &str, replace: &str, drawn: &str, known: &str, hint: &str) {
        config(
            find,
            replace,
            &format!("error: `config/griot.toml` cannot be understood\n{drawn}\nunknown field {known}\n\nhint: {hint}\n"),
        );
    }
    case(
        "[[shows]]",
        "[[schedule]]\nlst = \"x\"\n[[shows]]",
        "TOML parse error at line 17, column 1\n   |\n17 | lst = \"x\"\n   | ^^^",
        "`lst`, expected one of `name`, `at`, `list`, `items`, `minimum`, `topics`, `language`, `subject`, `preheader`",
        "did you mean `list`?",
    );
    case(
        "[letter]",
        "[leter]",
        "TOML parse error at line 12, column 2\n   |\n12 | [leter]\n   |  ^^^^^",
        "`leter`, expected one of `publication`, `feed`, `site`, `letter`, `lists`, `shows`, `sources`, `smtp`, `delivery`, `bounces`, `dkim`, `inbox`, `schedule`, `fetch`, `serve`",
        "did you mean `letter`?",
    );
    // The password itself is not drawn: errors end up in logs and in mails of cron.
    case(
        "[[shows]]",
        "[smtp]\nhost = \"localhost\"\npassword = \"hunter2\"\n[[shows]]",
        "TOML parse error at line 18, column 1\n   |\n18 | password = ***\n   | ^^^^^^^^",
        "`password`, expected one of `host`, `port`, `socket`, `protocol`, `security`, `user`, `password_env`, `password_file`, `login`, `ca_file`, `hello`, `connections`, `weight`, `per_minute`, `per_hour`, `per_day`, `timeout_seconds`, `more`",
        "a password never stands in the config; name the variable with `password_env`, or a file with `password_file`",
    );
}

#[test]
fn a_value_that_does_not_hold_is_named_with_its_line() {
    value("listen =", "lisen =", "line 19, `shows[1].lisen`: is no key that griot knows; did you mean `listen`?");
    value("\"The Desk\"", "\" \"", "line 3, `publication.title`: is empty: the name of the publication");
    value(
        "\"https://www.example.org/\"",
        "\"www.example.org\"",
        "line 5, `publication.home`: `www.example.org` is not an address such as `https://example.org/`",
    );
    value(
        "\"en\"",
        "\"English, please\"",
        "line 7, `publication.language`: `English, please` is not a language tag such as `en`",
    );
    value("Africa/Bamako", "Mars/Base", "line 8, `publication.timezone`: `Mars/Base` is not a time zone such as `Africa/Bamako`");
    value(
        "<letter@example.org>",
        "<letter>",
        "line 13, `letter.from`: `The Desk <letter>` is not an address such as `The Desk <desk@example.org>`: there is no @ in it",
    );
    value("[letter]", "[letter]\naccent = \"red\"", "line 13, `letter.accent`: `red` is not a colour such as `#a03c1e`");
    value(
        "[letter]",
        "[letter]\nlist = \"My List\"",
        "line 13, `letter.list`: `My List` is not the name of a list: lower-case letters, digits and hyphens",
    );
    let plan = |at: &str| format!("[[schedule]]\nname = \"daily\"\nat = \"{at}\"\n\n[[shows]]");
    value(
        "[[shows]]",
        &plan("every day"),
        "line 18, `schedule[1].at`: `every day` is not five fields as in crontab, such as `0 7 * * 1-5`",
    );
    value(
        "[[shows]]",
        &plan("99 7 * * *"),
        "line 18, `schedule[1].at`: `99 7 * * *` is not five fields as in crontab, such as `0 7 * * 1-5`",
    );
    value("[[shows]]", &plan("0 7 31 2 *"), "line 18, `schedule[1].at`: `0 7 31 2 *` never comes: no month has such a day");
    value(
        "[[shows]]",
        "[fetch]\nmax_bytes = 0\n\n[[shows]]",
        "line 17, `fetch.max_bytes`: `0` lets no page in: leave it out for 10 MB",
    );
    value(
        "[[shows]]",
        "[smtp]\nhost = \"mail.example.org\"\nsecurity = \"none\"\n\n[[shows]]",
        "line 18, `smtp.security`: `none` is only for a server on this machine (`localhost`): use `tls` or `starttls`",
    );
}

#[test]
fn missing_keys_are_named_at_once() {
    let desk = Desk::bare();
    desk.write("config/griot.toml", "[letter]\n[smtp]\n[[shows]]\n[[schedule]]\n");
    refused(
        &desk,
        &["status"],
        2,
        "error: `config/griot.toml` has 11 keys to mend\n  \
         `letter.from`: is missing: who sends the letter, such as `The Desk <letter@example.org>`\n  \
         `letter.unsubscribe`: is missing: where a reader leaves: `mailto:leave@example.org` or a page such as `https://example.org/unsubscribe`; it is not needed with `serve.url`\n  \
         `publication.title`: is missing: the name of the publication\n  \
         `publication.home`: is missing: an address such as `https://example.org/`\n  \
         `publication.feeds`: is missing: the address under which the folder `feeds/` is served, such as `https://example.org/feeds/`\n  \
         `publication.language`: is missing: a language tag such as `en`\n  \
         `publication.postal_address`: is missing: a letter has to name the postal address of its sender\n  \
         `shows[1].name`: is missing: the name of the show\n  \
         `smtp.host`: is missing: the mail server, such as `mail.example.org`\n  \
         `schedule[1].name`: is missing: a name for the plan, such as `weekday-letter`\n  \
         `schedule[1].at`: is missing: five fields as in crontab, such as `0 7 * * 1-5`\n",
    );
}

#[test]
fn a_config_that_cannot_be_read_says_where() {
    #[track_caller]
    fn case(desk: &Desk, content: &[u8], error: &str) {
        desk.write("config/griot.toml", content);
        refused(desk, &["run"], 2, &format!("error: {error}\n"));
    }
    let desk = Desk::bare();
    case(
        &desk,
        b"title: The Desk\n",
        "`config/griot.toml` cannot be understood\nTOML parse error at line 1, column 8\n  |\n1 | title: The Desk\n  |        ^\nkey with no value, expected `=`",
    );
    case(
        &desk,
        b"[feed]\nitems = \"many\"\n",
        "`config/griot.toml` cannot be understood\nTOML parse error at line 2, column 9\n  |\n2 | items = \"many\"\n  |         ^^^^^^\ninvalid type: string \"many\", expected a whole number",
    );
    case(
        &desk,
        b"[publication]\ntitle = \"R\xE9gion\"\n",
        "the config `config/griot.toml` is not valid UTF-8: line 2, byte 25\n\nhint: save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    );
    fs::remove_file(desk.path("config/griot.toml")).unwrap();
    fs::create_dir(desk.path("config/griot.toml")).unwrap();
    refused(
        &desk,
        &["run"],
        2,
        "error: failed to read the config `config/griot.toml`\n  caused by: Is a directory (os error 21)\n\nhint: a folder stands where a file should be\n",
    );
    let nowhere = "error: failed to read the config `nowhere.toml`\n  caused by: No such file or directory (os error 2)\n\nhint: check the path\n";
    refused(&desk, &["--config", "nowhere.toml", "run"], 2, nowhere);
    desk.write("river.txt", RIVER);
    refused(&desk, &["--config", "nowhere.toml", "read", "river.txt"], 2, nowhere);
    fs::remove_dir(desk.path("config/griot.toml")).unwrap();
    let here = fs::canonicalize(desk.path("")).unwrap();
    refused(
        &desk,
        &["publish", "river.txt"],
        2,
        &format!(
            "error: no `config/griot.toml` in `{}` or above it\n\n\
             hint: run `griot init` to start a publication here, or name the config with `--config`\n",
            here.display()
        ),
    );
}

// Arguments

#[test]
fn arguments_that_make_no_sense_are_usage() {
    #[track_caller]
    fn case(desk: &Desk, arguments: &[&str], error: &str) {
        refused(desk, arguments, 2, &format!("error: {error}\n"));
    }
    let desk = desk();
    case(&desk, &["status", "--now", "yesterday\n"], "`--now yesterday\\n` is no time: write it as `2026-03-04T07:00:00Z`");
    case(&desk, &["status", "--now", "2026-02-30"], "`--now 2026-02-30` is no time: write it as `2026-03-04T07:00:00Z`");
    case(&desk, &["publish", "--url", "example.org/a", "river.txt"], "`--url example.org/a` is not an http(s) address");
    case(
        &desk,
        &["read", "--url", "https://x.example/", "river.txt", "-"],
        "`--url` is the address of one page: give it one source",
    );
    case(&desk, &["send", "--test", "ada"], "`ada` is not an address: there is no @ in it");
    case(
        &desk,
        &["send", "--test", "ada@x.example\r\nBcc: eve@x.example"],
        "`ada@x.example\\r\\nBcc: eve@x.example` is not an address: the part before the @ has a character that addresses cannot carry",
    );
    case(&desk, &["subscribers", "add", "ada@"], "`ada@` is not an address: the part after the @ is not the name of a domain");
    case(&desk, &["subscribers", "remove", "ada"], "`ada` is not an address: there is no @ in it");
    case(
        &desk,
        &["subscribers", "add", "a@x.example", "--confirmed", " "],
        "`--confirmed` says how the person agreed: it cannot be empty",
    );
    let list = "`My List` is no name of a list: use lower-case letters, digits and hyphens";
    case(&desk, &["subscribers", "list", "--list", "My List"], list);
    case(&desk, &["send", "--list", "My List"], list);
    let more = "For more information, try '--help'.";
    case(
        &desk,
        &["publsh", "river.txt"],
        &format!(
            "unrecognized subcommand 'publsh'\n\n  tip: a similar subcommand exists: 'publish'\n\nUsage: griot [OPTIONS] <COMMAND>\n\n{more}"
        ),
    );
    case(
        &desk,
        &["send", "--tset", "ada@x.example"],
        &format!(
            "unexpected argument '--tset' found\n\n  tip: a similar argument exists: '--test'\n\nUsage: griot send --test <ADDRESS> [EDITION]\n\n{more}"
        ),
    );
    case(
        &desk,
        &["publish", "--format", "pdf", "river.txt"],
        &format!("invalid value 'pdf' for '--format <FORMAT>': it is text, html, markdown or feed\n\n{more}"),
    );
    let ran = Ran::of(desk.command(&["status", "--now", NOON]).env("SOURCE_DATE_EPOCH", "noon"));
    assert_eq!(ran.code, 0, "`--now` goes before the variable");
    let ran = Ran::of(
        Command::new(env!("CARGO_BIN_EXE_griot")).arg("status").current_dir(desk.path("")).env("SOURCE_DATE_EPOCH", "noon"),
    );
    assert_eq!((ran.code, ran.stderr.as_str()), (2, "error: `SOURCE_DATE_EPOCH` is no number of seconds: `noon`\n"));
}

#[test]
fn what_cannot_be_printed_is_not_called_done() {
    let desk = desk();
    let full = |arguments: &[&str]| Ran::of(desk.command(arguments).stdout(File::create("/dev/full").unwrap()));
    for arguments in [&["read", "river.txt", "--json"][..], &["status"], &["subscribers", "list"]] {
        let ran = full(arguments);
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (
                1,
                "error: failed to write to standard output\n  caused by: No space left on device (os error 28)\n\n\
                 hint: the disk is full: make room and run the same command again\n"
            )
        );
    }
    let ran = Ran::of(desk.command(&["read", "river.txt", "gone.txt", "--json"]).stderr(File::create("/dev/full").unwrap()));
    assert_eq!(ran.code, 1, "a full stderr changes nothing");
    assert!(serde_json::from_str::<serde_json::Value>(&ran.stdout).is_ok(), "{}", ran.stdout);
}
