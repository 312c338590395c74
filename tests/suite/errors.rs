//! After every failure the publication is compared with what it was, to the byte and the time of change.

use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::harness::{Desk, RIVER, Ran, SAMPLE};
use crate::servers::smtp::{Deed, Smtp, Stage};

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
    let desk = desk();
    #[track_caller]
    fn case(desk: &Desk, name: &str, content: &[u8], error: &str, hint: &str) {
        desk.write(name, content);
        refused(desk, &["publish", name], 1, &format!("error: `{name}` {error}\n\nhint: {hint}\n"));
    }
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
    let desk = desk();
    #[track_caller]
    fn case(desk: &Desk, name: &str, content: &str, lacks: &[&str]) {
        desk.write(name, content);
        let lacks = lacks.join("\n  ");
        refused(desk, &["publish", name], 1, &format!("error: `{name}` lacks what an article needs\n  {lacks}\n"));
    }
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
    let links: String = (1..30).map(|n| format!("<li><a href=/{n}>Headline of story number {n}</a></li>")).collect();
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
    let desk = desk();
    #[track_caller]
    fn case(desk: &Desk, source: &str, error: &str, hint: &str) {
        refused(desk, &["publish", source], 1, &format!("error: {error}\n\nhint: {hint}\n"));
    }
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
    let paragraphs: String = (1..=6)
        .map(|day| format!("<p>On day {day} the council met on the quay and spoke of moving the market before the rains.</p>"))
        .collect();
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
    let mut page = "The book of the river\n\n4 March 2026\n\n".to_owned();
    for day in 1..=11_000 {
        page +=
            &format!("On day {day} the river stood at {day} metres by the old bridge, the harbour master of the town says.\n\n");
    }
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
        "listen =",
        "lisen =",
        "TOML parse error at line 19, column 1\n   |\n19 | lisen = \"https://www.example.org/africalink\"\n   | ^^^^^",
        "`lisen`, expected one of `name`, `pitch`, `listen`, `feed`, `image`, `platforms`",
        "did you mean `listen`?",
    );
    case(
        "[[shows]]",
        "[[schedule]]\nlst = \"x\"\n[[shows]]",
        "TOML parse error at line 17, column 1\n   |\n17 | lst = \"x\"\n   | ^^^",
        "`lst`, expected one of `name`, `at`, `list`",
        "did you mean `list`?",
    );
    case(
        "[letter]",
        "[leter]",
        "TOML parse error at line 12, column 2\n   |\n12 | [leter]\n   |  ^^^^^",
        "`leter`, expected one of `publication`, `feed`, `letter`, `shows`, `smtp`, `inbox`, `schedule`, `fetch`",
        "did you mean `letter`?",
    );
    // The password itself is not drawn: errors end up in logs and in mails of cron.
    case(
        "[[shows]]",
        "[smtp]\nhost = \"localhost\"\npassword = \"hunter2\"\n[[shows]]",
        "TOML parse error at line 18, column 1\n   |\n18 | password = ***\n   | ^^^^^^^^",
        "`password`, expected one of `host`, `port`, `security`, `user`, `password_env`, `password_file`, `ca_file`, `hello`",
        "a password never stands in the config; name the variable with `password_env`, or a file with `password_file`",
    );
}

#[test]
fn a_value_that_does_not_hold_is_named_with_its_line() {
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
         `letter.unsubscribe`: is missing: where a reader leaves: `mailto:leave@example.org` or a page such as `https://example.org/unsubscribe`\n  \
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
    let desk = Desk::bare();
    #[track_caller]
    fn case(desk: &Desk, content: &[u8], error: &str) {
        desk.write("config/griot.toml", content);
        refused(desk, &["run"], 2, &format!("error: {error}\n"));
    }
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
    let desk = desk();
    #[track_caller]
    fn case(desk: &Desk, arguments: &[&str], error: &str) {
        refused(desk, arguments, 2, &format!("error: {error}\n"));
    }
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
        &format!("invalid value 'pdf' for '--format <FORMAT>': it is text, html or markdown\n\n{more}"),
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

// Disks and folders

/// What the next run makes whole again: the edit of the article that was taken in before the disk failed.
const EDITED: &str = "unchanged 2026-03-04-a-river-rises  A river rises\n\
                      changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n\
                      changed   feeds/editions/2026-03-04-a-river-rises/letter.html\n\
                      changed   feeds/editions/2026-03-04-a-river-rises/letter.txt\n\
                      changed   feeds/editions/2026-03-04-a-river-rises/letter.eml\n";

/// Puts an edit of the article before the desk, which is to fail.
fn edit(desk: &Desk) {
    desk.write("river.txt", RIVER.replace("twenty years", "thirty years"));
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named() {
    let desk = desk();
    edit(&desk);
    fs::rename(desk.path("feeds"), desk.path("aside")).unwrap();
    desk.write("feeds", "in the way");
    let ran = desk.griot(&["publish", "river.txt"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to write `feeds/feed.xml`\n  caused by: File exists (os error 17)\n\n\
             hint: a file stands where the folder `feeds` should be: move it away and run the same command again\n"
        )
    );
    assert_eq!(desk.read("feeds"), "in the way");
    fs::remove_file(desk.path("feeds")).unwrap();
    fs::rename(desk.path("aside"), desk.path("feeds")).unwrap();
    assert_eq!(desk.done(&["publish", "river.txt"]), EDITED);
}

#[test]
fn a_folder_in_the_place_of_a_file_is_named() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    fs::create_dir_all(desk.path("feeds/atom.xml")).unwrap();
    let ran = desk.griot(&["publish", "river.txt"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to write `feeds/atom.xml`\n  caused by: Is a directory (os error 21)\n\n\
             hint: a folder stands where the file should be: move it away and run the same command again\n"
        )
    );
    fs::remove_dir(desk.path("feeds/atom.xml")).unwrap();
    desk.done(&["publish", "river.txt"]);
    assert!(desk.exists("feeds/atom.xml"));
}

/// `griot` as somebody whom permission bits bind. Root is bound by them once it has given up its capabilities.
fn bound(desk: &Desk, arguments: &[&str]) -> Option<Ran> {
    let probe = Desk::bare();
    fs::set_permissions(probe.path(""), Permissions::from_mode(0o555)).unwrap();
    let file = probe.path("file");
    if fs::write(&file, "").is_err() {
        return Some(desk.griot(arguments));
    }
    fs::remove_file(&file).unwrap();
    let without = || {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-all", "--"]);
        command
    };
    let is_bound = without().arg("touch").arg(&file).stderr(Stdio::null()).status().is_ok_and(|status| !status.success());
    if !is_bound || file.exists() {
        eprintln!("SKIPPED: permission bits do not bind this user, and `setpriv` (util-linux) cannot change that");
        return None;
    }
    let inner = desk.command(arguments);
    let mut command = without();
    command.arg(inner.get_program()).args(inner.get_args()).current_dir(desk.path("")).env("NO_COLOR", "1");
    Some(Ran::of(command.stdin(Stdio::null())))
}

#[test]
fn what_this_user_may_not_touch_is_named() {
    let desk = desk();
    #[track_caller]
    fn case(desk: &Desk, name: &str, mode: u32, arguments: &[&str], code: i32, stderr: &str) {
        let usual = fs::metadata(desk.path(name)).unwrap().permissions();
        let before = desk.snapshot("feeds");
        fs::set_permissions(desk.path(name), Permissions::from_mode(mode)).unwrap();
        let ran = bound(desk, arguments);
        fs::set_permissions(desk.path(name), usual).unwrap();
        let Some(ran) = ran else { return };
        assert_eq!((ran.stderr.as_str(), ran.code), (stderr, code), "{name} {arguments:?}");
        assert!(desk.snapshot("feeds") == before, "the feeds have changed");
    }
    let denied = "caused by: Permission denied (os error 13)";
    case(
        &desk,
        "river.txt",
        0o000,
        &["publish", "river.txt"],
        1,
        "error: `river.txt` may not be read by this user\n\nhint: give this user the right to read it, for example with `chmod`\n",
    );
    case(
        &desk,
        "config/griot.toml",
        0o000,
        &["run"],
        2,
        &format!(
            "error: failed to read the config `config/griot.toml`\n  {denied}\n\nhint: give this user the right to it, or call griot as the user whose it is\n"
        ),
    );
    edit(&desk);
    for mode in [0o000, 0o444] {
        case(
            &desk,
            "config/griot.db",
            mode,
            &["publish", "river.txt"],
            1,
            &format!(
                "error: failed to open the ledger `config/griot.db` for writing\n  {denied}\n\n\
                 hint: this user must be able to write the ledger, the files `-wal` and `-shm` where they lie beside it, and the folder\n"
            ),
        );
    }
    case(
        &desk,
        "feeds",
        0o555,
        &["publish", "river.txt"],
        1,
        &format!(
            "error: failed to write `feeds/feed.xml`\n  {denied}\n\nhint: this user must be able to write in `feeds`; the last good files are untouched\n"
        ),
    );
    assert_eq!(desk.done(&["publish", "river.txt"]), EDITED, "nothing of the edit is lost");
}

#[test]
fn a_full_disk_leaves_the_last_good_feeds() {
    let desk = desk();
    edit(&desk);
    for name in ["feed.xml", "atom.xml", "feed.json", "editions/2026-03-04-a-river-rises/letter.txt"] {
        // Whatever is written beside the old file finds no room.
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let beside = desk.path("feeds").join(folder).join(format!(".{file}.new"));
        let before = desk.snapshot("feeds");
        symlink("/dev/full", &beside).unwrap();
        let ran = desk.griot(&["publish", "river.txt"]);
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (
                1,
                format!(
                    "error: failed to write `feeds/{name}`\n  caused by: No space left on device (os error 28)\n\n\
                     hint: the disk is full: make room and run the same command again; the last good files are untouched\n"
                )
                .as_str()
            )
        );
        if folder.is_empty() {
            assert!(desk.snapshot("feeds") == before, "{name}: the feeds have changed, or something was left beside them");
        } else {
            let changed: Vec<_> =
                desk.snapshot("feeds").into_iter().filter(|file| !before.contains(file)).map(|file| file.0).collect();
            assert_eq!(
                changed,
                ["atom.xml", "feed.json", "feed.xml"].map(|name| desk.path("feeds").join(name)),
                "no part of the letter"
            );
        }
    }
    assert_eq!(
        desk.done(&["publish", "river.txt"]).lines().filter(|line| line.starts_with("changed")).count(),
        3,
        "the letter follows"
    );
}

/// Runs a script of `sh` where it may mount small disks; `$GRIOT` is the command. `None`, loudly, where the system forbids it.
fn with_small_disks(desk: &Desk, script: &str) -> Option<String> {
    let unshared = || {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-eu", "-c"]);
        command
    };
    let may = unshared().arg("mount -t tmpfs none /mnt").output().is_ok_and(|output| output.status.success());
    if !may {
        eprintln!("SKIPPED: `unshare --map-root-user --mount` (util-linux) is not there or not allowed");
        return None;
    }
    let griot = format!("{} --now {NOON}", env!("CARGO_BIN_EXE_griot"));
    let ran = Ran::of(unshared().arg(script).current_dir(desk.path("")).env("NO_COLOR", "1").env("GRIOT", griot));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    Some(ran.stdout)
}

#[test]
fn feeds_on_a_full_disk_survive_and_are_made_whole_when_there_is_room() {
    let desk = desk();
    desk.write("page.txt", SAMPLE);
    let script = r"
        cp -a feeds good
        mount -t tmpfs -o size=200k none feeds
        cp -a good/. feeds
        cat /dev/zero > feeds/filler 2> no-room || true
        $GRIOT publish page.txt > out 2> err || echo code $?
        cat out err
        rm feeds/filler
        diff -r good feeds && echo as before
        $GRIOT publish page.txt
        $GRIOT publish page.txt
    ";
    let id = "2023-11-17-mali-what-follows-the-armys-return-to-kidal";
    let Some(told) = with_small_disks(&desk, script) else { return };
    assert_eq!(
        told,
        format!(
            "code 1\nnew       {id}  Mali: What follows the army's return to Kidal?\n\
             error: failed to write `feeds/feed.xml`\n  caused by: No space left on device (os error 28)\n\n\
             hint: the disk is full: make room and run the same command again; the last good files are untouched\n\
             as before\n\
             unchanged {id}  Mali: What follows the army's return to Kidal?\n\
             changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n\
             wrote     feeds/editions/{id}/letter.html\nwrote     feeds/editions/{id}/letter.txt\nwrote     feeds/editions/{id}/letter.eml\n\
             unchanged {id}  Mali: What follows the army's return to Kidal?\n"
        )
    );
}

#[test]
fn a_ledger_on_a_full_disk_takes_nothing_by_halves() {
    let desk = desk();
    desk.write("page.txt", SAMPLE);
    desk.write("inbox/page.txt", SAMPLE);
    let script = r"
        cp -a config good
        mount -t tmpfs -o size=400k none config
        cp -a good/. config
        cat /dev/zero > config/filler 2> no-room || true
        $GRIOT publish page.txt 2> err || echo code $?
        cat err
        # Room for the files beside the ledger, and for nothing in them.
        truncate -s -40K config/filler
        for command in 'publish page.txt' 'subscribers add ba@two.example' run; do
            $GRIOT $command 2> err || echo code $?
            cat err
        done
        $GRIOT status
        ls inbox
        rm config/filler
        $GRIOT run
        $GRIOT status
    ";
    let Some(told) = with_small_disks(&desk, script) else { return };
    let hint =
        "hint: the disk that the ledger lies on is full: make room and run the same command again; nothing half-done was kept\n";
    let unopened = format!(
        "code 1\nerror: failed to open the ledger `config/griot.db`\n  \
         caused by: error returned from database: (code: 4874) disk I/O error\n\n{hint}"
    );
    let full = format!(
        "code 1\nerror: the ledger failed\n  caused by: error returned from database: (code: 13) database or disk is full\n\n{hint}"
    );
    let id = "2023-11-17-mali-what-follows-the-armys-return-to-kidal";
    assert_eq!(
        told,
        format!(
            "{unopened}{full}{full}{full}articles  1\nreaders   1 confirmed, 0 pending\npage.txt\n\
             new       {id}  Mali: What follows the army's return to Kidal?\n\
             wrote     feeds/editions/{id}/letter.html\nwrote     feeds/editions/{id}/letter.txt\nwrote     feeds/editions/{id}/letter.eml\n\
             changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n\
             articles  2\nreaders   1 confirmed, 0 pending\n"
        )
    );
}

// The ledger

#[test]
fn a_ledger_that_is_none_is_left_as_it_is() {
    fn settled(desk: &Desk) -> Vec<Found> {
        let of_sqlite = |path: &PathBuf| path.ends_with("griot.db-wal") || path.ends_with("griot.db-shm");
        desk.snapshot("").into_iter().filter(|(path, ..)| !of_sqlite(path)).collect()
    }
    #[track_caller]
    fn case(content: impl Fn(&[u8]) -> Vec<u8>, cause: &str, hint: &str) {
        let desk = desk();
        let ledger = fs::read(desk.path("config/griot.db")).unwrap();
        desk.write("config/griot.db", content(&ledger));
        let error = format!("error: failed to open the ledger `config/griot.db`\n  caused by: {cause}\n\nhint: {hint}\n");
        // SQLite's two side files come and go with the connection, at times after the process.
        let before = settled(&desk);
        for arguments in [&["publish", "river.txt"][..], &["run"], &["send"], &["audit"]] {
            let ran = desk.griot(arguments);
            assert_eq!((ran.stderr.as_str(), ran.code, ran.stdout.as_str()), (error.as_str(), 1, ""), "{arguments:?}");
            assert_eq!(settled(&desk), before);
        }
    }
    let damaged = "the file is not a ledger of griot, or it is damaged: keep a copy, and restore the last backup";
    let none = "error returned from database: (code: 26) file is not a database";
    case(|_| b"Dear diary, today the river rose by two metres.\n".to_vec(), none, damaged);
    case(|ledger| ledger.iter().map(|byte| byte ^ 0x55).collect(), none, damaged);
    let malformed = "error returned from database: (code: 11) database disk image is malformed";
    case(|ledger| ledger[..10_000].to_vec(), malformed, damaged);
    case(|ledger| ledger[..500].to_vec(), malformed, damaged);
}

#[test]
fn a_lost_ledger_empties_no_feed_and_mails_nobody() {
    let server = Smtp::start();
    let desk = desk_with(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\n", server.port));
    fs::remove_file(desk.path("config/griot.db")).unwrap();
    let before = desk.snapshot("feeds");
    let ran = desk.griot(&["run"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str(), ran.stdout.as_str()),
        (
            1,
            "error: `feeds/feed.xml` would lose 1 of its 1 items, `A river rises` among them; the last good feeds stay as they are\n\n\
             hint: if the ledger was lost, restore its backup; if the items are to go, run again with `--allow-fewer-items`\n",
            ""
        )
    );
    assert_eq!(desk.griot(&["send"]).code, 1);
    assert_eq!(server.connections(), 0);
    assert_eq!(desk.snapshot("feeds"), before);
    // The page itself brings back the same id.
    assert_eq!(desk.done(&["publish", "river.txt"]), format!("new       {EDITION}  A river rises\n"));
    assert_eq!(desk.snapshot("feeds"), before);
}

// The inbox

#[test]
fn the_inbox_sorts_out_what_cannot_be_taken_in() {
    let desk = desk();
    edit(&desk);
    fs::create_dir_all(desk.path("inbox/drafts")).unwrap();
    fs::rename(desk.path("river.txt"), desk.path("inbox/the river, ümlaut.txt")).unwrap();
    desk.write("inbox/a photo.jpg", b"\xFF\xD8\xFF\xE0");
    desk.write("inbox/note", "word\n");
    desk.write("secret.txt", RIVER);
    symlink("../secret.txt", desk.path("inbox/link.txt")).unwrap();
    symlink("gone.txt", desk.path("inbox/broken.txt")).unwrap();
    let ran = desk.griot(&["run"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "failed    inbox/a photo.jpg (see inbox/failed/a photo.jpg.why)\n\
         failed    inbox/broken.txt (see inbox/failed/broken.txt.why)\n\
         failed    inbox/link.txt (see inbox/failed/link.txt.why)\n\
         failed    inbox/note (see inbox/failed/note.why)\n\
         edited    2026-03-04-a-river-rises  A river rises\n\
         changed   feeds/editions/2026-03-04-a-river-rises/letter.html\n\
         changed   feeds/editions/2026-03-04-a-river-rises/letter.txt\n\
         changed   feeds/editions/2026-03-04-a-river-rises/letter.eml\n\
         changed   feeds/feed.xml\nchanged   feeds/atom.xml\nchanged   feeds/feed.json\n"
    );
    let whys = [
        ("a photo.jpg", "error: `inbox/a photo.jpg` is a JPEG image, not a page of text\n\nhint: save the article as HTML, or copy its text into a `.txt` file\n".to_owned()),
        ("broken.txt", "error: `inbox/broken.txt` is a link, not a file\n\nhint: lay the file itself into the inbox, not a link to it\n".to_owned()),
        ("link.txt", "error: `inbox/link.txt` is a link, not a file\n\nhint: lay the file itself into the inbox, not a link to it\n".to_owned()),
        ("note", format!("error: `inbox/note` lacks what an article needs\n  {NO_DATE}\n  {NO_TEXT}\n")),
    ];
    for (name, why) in &whys {
        assert_eq!(desk.read(&format!("inbox/failed/{name}.why")), *why);
        assert!(desk.path(&format!("inbox/failed/{name}")).symlink_metadata().is_ok(), "{name}");
    }
    assert_eq!(ran.stderr, whys.iter().map(|(_, why)| why.as_str()).collect::<String>());
    assert!(desk.exists("inbox/done/the river, ümlaut.txt") && desk.exists("inbox/drafts") && desk.exists("secret.txt"));
    assert_eq!(desk.done(&["run"]), "", "what failed is not tried again");
}

#[test]
fn an_inbox_that_cannot_be_emptied_keeps_no_letter_from_going_out() {
    let server = Smtp::start();
    let desk = desk_with(&format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {}\n[[schedule]]\nname = \"daily\"\nat = \"0 13 * * *\"\n",
        server.port
    ));
    desk.write("inbox/page.txt", SAMPLE);
    desk.write("inbox/failed", "in the way");
    let ran = desk.griot(&["run"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to make the folder `inbox/failed`\n  caused by: File exists (os error 17)\n\n\
             hint: a file stands where a folder should be: move it away\n"
        )
    );
    assert_eq!(server.mailed(), ["ada@one.example"]);
    assert!(desk.exists("inbox/page.txt"), "the file stays until it can be moved");
    fs::remove_file(desk.path("inbox/failed")).unwrap();
    desk.done(&["run"]);
    assert!(desk.exists("inbox/done/page.txt"));
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

#[test]
fn an_inbox_that_is_a_file_is_named() {
    let desk = desk();
    desk.write("inbox", "in the way");
    refused(
        &desk,
        &["run"],
        1,
        "error: failed to look into the inbox `inbox`\n  caused by: Not a directory (os error 20)\n\n\
         hint: a file stands where a folder should be: move it away\n",
    );
}

// Mail

/// A desk whose mail server is at this port; with these keys too.
fn mailing(port: u16, keys: &str) -> Desk {
    desk_with(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\n{keys}"))
}

#[test]
fn a_server_that_does_not_take_the_test_mail_is_quoted() {
    #[track_caller]
    fn case(server: &Smtp, keys: &str, error: &str) {
        let mut desk = mailing(server.port, keys);
        desk.variable("DESK_PASSWORD", "hunter2");
        refused(&desk, &["send", "--test", "me@desk.example"], 1, &error.replace("{port}", &server.port.to_string()));
        assert_eq!(server.mailed(), Vec::<String>::new());
    }
    let login = "user = \"desk\"\npassword_env = \"DESK_PASSWORD\"\n";
    let server = Smtp::start();
    server.rule(Stage::Greeting, "", Deed::Reply("554 5.7.1 no service for you"), None);
    case(
        &server,
        "",
        "error: failed to reach the mail server `127.0.0.1:{port}`\n  caused by: `127.0.0.1` turned us away: 554 5.7.1 no service for you\n\n\
         hint: ask the server's keeper whether this machine may send through it\n",
    );
    let server = Smtp::start();
    server.rule(Stage::Auth, "", Deed::Reply("535 5.7.8 hunter2 is not the password"), None);
    case(
        &server,
        login,
        "error: failed to log in at the mail server `127.0.0.1`\n  caused by: `127.0.0.1` refused the login: 535 5.7.8 *** is not the password\n\n\
         hint: check user and password; some servers want a password made for this program\n",
    );
    let server = Smtp::start();
    case(
        &server,
        "security = \"starttls\"\n",
        "error: failed to reach the mail server `127.0.0.1:{port}`\n  caused by: `127.0.0.1` does not offer STARTTLS\n\n\
         hint: use tls on port 465 if the server has it; griot sends nothing unencrypted unless told to\n",
    );
    let server = Smtp::start();
    server.rule(Stage::Rcpt, "", Deed::Reply("550 5.1.1 no such user"), None);
    case(
        &server,
        "",
        "error: the test mail to m***@d*** could not be begun: server refused the recipient: 550 5.1.1 no such user\n",
    );
    let server = Smtp::start();
    server.rule(Stage::Mail, "", Deed::Reply("550 5.7.1 sender not allowed"), None);
    case(
        &server,
        "",
        "error: the test mail to m***@d*** could not be begun: server refused the sender: 550 5.7.1 sender not allowed\n",
    );
}

#[test]
fn nobody_at_the_port_is_said_and_the_mail_waits() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let desk = mailing(port, "");
    let hint = "hint: check the port (465 for tls, 587 for starttls), and that no firewall blocks it";
    refused(
        &desk,
        &["send", "--test", "me@desk.example"],
        1,
        &format!(
            "error: failed to reach the mail server `127.0.0.1:{port}`\n  caused by: failed to connect to `127.0.0.1` on port {port}\n  \
             caused by: Connection refused (os error 111)\n\n{hint}\n"
        ),
    );
    let ran = desk.griot(&["send"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            75,
            format!(
                "error: the sending of edition {EDITION} stopped: failed to connect to `127.0.0.1` on port {port}\n\n\
                 hint: run the same command again; sent mail is not repeated\n"
            )
            .as_str()
        )
    );
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 1 recipient: 1 due\n"));
}

#[test]
fn a_wrong_password_costs_no_reader_anything() {
    let server = Smtp::start();
    server.rule(Stage::Auth, "", Deed::Reply("535 5.7.8 wrong"), Some(1));
    let mut desk = mailing(server.port, "user = \"desk\"\npassword_env = \"DESK_PASSWORD\"\n");
    desk.variable("DESK_PASSWORD", "hunter2");
    let ran = desk.griot(&["send"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            1,
            "error: failed to log in at the mail server `127.0.0.1`\n  caused by: `127.0.0.1` refused the login: 535 5.7.8 wrong\n\n\
             hint: check user and password; some servers want a password made for this program\n"
        )
    );
    assert_eq!(desk.done(&["audit"]), format!("even      {EDITION} to `readers`, 1 recipient: 1 due\n"));
    desk.done(&["send"]);
    assert_eq!(server.mailed(), ["ada@one.example"]);
}

#[test]
fn a_password_that_is_not_there_is_config() {
    let server = Smtp::start();
    #[track_caller]
    fn case(port: u16, keys: &str, error: &str) {
        let desk = mailing(port, &format!("user = \"desk\"\n{keys}\n"));
        desk.write("config/empty", "\n");
        refused(&desk, &["send"], 2, &format!("error: {error}\n"));
        refused(&desk, &["send", "--test", "me@desk.example"], 2, &format!("error: {error}\n"));
    }
    case(
        server.port,
        "password_env = \"NO_SUCH_VARIABLE\"",
        "the variable `NO_SUCH_VARIABLE` that holds the mail server's password is not set\n\n\
         hint: set it where griot is called, such as the crontab or the systemd unit; or keep the password in a file and name it with `password_file`",
    );
    case(
        server.port,
        "password_file = \"config/gone\"",
        "failed to read the mail server's password from `config/gone`\n  caused by: No such file or directory (os error 2)\n\nhint: check the path",
    );
    case(server.port, "password_file = \"config/empty\"", "`config/empty` is empty, and should hold the mail server's password");
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_is_frozen() {
    let no_smtp =
        "error: `config/griot.toml` has no `[smtp]`: name the mail server with `host`, or write the mail with `--to-folder`\n";
    let unknown = "error: there is no edition `2026-01-01-nothing`\n\n\
                   hint: `griot publish` and `griot audit` print the ids of editions; without one the latest is meant\n";
    let desk = desk();
    refused(&desk, &["send"], 2, no_smtp);
    refused(&desk, &["send", "--test", "me@desk.example"], 2, no_smtp);
    for command in [&["send"][..], &["letter", "compose"], &["audit"]] {
        refused(&desk, &[command, &["2026-01-01-nothing"]].concat(), 1, unknown);
    }
    refused(&desk, &["send", "../../etc"], 1, &unknown.replace("2026-01-01-nothing", "../../etc"));
    let nobody = "error: nobody confirmed is on the list `friends`\n\n\
                  hint: add readers with `griot subscribers import` or `add`, and say with `--confirmed` how they agreed\n";
    refused(&desk, &["send", "--list", "friends", "--to-folder", "out"], 1, nobody);
    let server = Smtp::start();
    refused(&mailing(server.port, ""), &["send", "--list", "friends"], 1, nobody);

    let empty = Desk::with_smtp(server.port, "");
    empty.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    let nothing =
        "error: there is no edition yet: nothing has been published\n\nhint: publish an article first: `griot publish PAGE`\n";
    for arguments in [&["send"][..], &["send", "--test", "me@desk.example"], &["letter", "compose"]] {
        refused(&empty, arguments, 1, nothing);
    }
    let usual = desk.read("config/griot.toml");
    desk.write("config/griot.toml", &usual[..usual.find("[letter]").unwrap()]);
    let no_letter = "error: `config/griot.toml` has no `[letter]`: a letter needs at least `from` and `unsubscribe`\n";
    for arguments in
        [&["send"][..], &["send", "--test", "me@desk.example"], &["send", "--to-folder", "out"], &["letter", "compose"]]
    {
        refused(&desk, arguments, 2, no_letter);
    }
    assert_eq!(server.connections(), 0);
}

// Lists of readers

#[test]
fn a_file_that_is_no_list_is_refused_whole() {
    let desk = desk();
    #[track_caller]
    fn case(desk: &Desk, content: &[u8], why: &str) {
        desk.write("list.csv", content);
        refused(
            desk,
            &["subscribers", "import", "list.csv"],
            1,
            &format!("error: failed to import `list.csv`\n  caused by: {why}\n"),
        );
    }
    case(&desk, b"", "the file is empty");
    case(&desk, b"\n\r\n", "the file is empty");
    case(&desk, b"\n\nname,town\nAda,Mopti\n", "line 3 has no column of addresses: name one `email` in the first line");
    case(&desk, b"PK\x03\x04 [Content_Types].xml", "it is an Office document, not a table of text: save the table as CSV");
    case(
        &desk,
        b"email\nba@two.example\0\n",
        "it is binary data (it holds NUL bytes), not a table of text: save the table as CSV",
    );
    case(
        &desk,
        b"email\nba@two.example\nzo\xEB@x.example\n",
        "line 3 is not UTF-8: save the file as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`",
    );
    // Else everybody below would be part of the name of one.
    case(
        &desk,
        b"email,name\nba@two.example,\"B\xC3\xA2\ncy@three.example,Cy\ndi@four.example,Di\n",
        "line 2 opens a quote that is never closed: all that follows would be part of it",
    );
    fs::remove_file(desk.path("list.csv")).unwrap();
    refused(
        &desk,
        &["subscribers", "import", "list.csv"],
        1,
        "error: failed to import `list.csv`\n  caused by: No such file or directory (os error 2)\n\nhint: check the path\n",
    );
    refused(
        &desk,
        &["subscribers", "import", "config"],
        1,
        "error: failed to import `config`\n  caused by: Is a directory (os error 21)\n\nhint: a folder stands where a file should be\n",
    );
}

#[test]
fn one_bad_row_costs_no_other_its_place() {
    let desk = Desk::new();
    #[track_caller]
    fn case(desk: &Desk, content: &str, new: usize, errors: &str) {
        desk.write("list.csv", content);
        let ran = desk.griot(&["subscribers", "import", "list.csv"]);
        assert_eq!(ran.stdout, format!("imported  {new} new on `readers`, pending\n"));
        assert_eq!((ran.stderr.as_str(), ran.code), (errors, i32::from(!errors.is_empty())));
    }
    case(&desk, "\u{FEFF}E-Mail;Name\r\na1@x.example;\"Keita; Ada\"\r\n", 1, "");
    case(&desk, "email\tname\na2@x.example\tAda \"the\" Keita\n", 1, "");
    case(
        &desk,
        "email,name\na3@x.example,\"Ada\nKeita\"\nnobody,\nb3@x.example,\n\"c3@x.example\r\nBcc: eve@x.example\",\nd3@x.example",
        3,
        "error: list.csv: line 4: no address: there is no @ in it\n\
         error: list.csv: line 6: no address: the part before the @ has a character that addresses cannot carry\n",
    );
    case(&desk, "email\n", 0, "");
    assert_eq!(desk.done(&["subscribers", "list"]).lines().count(), 5);
}
