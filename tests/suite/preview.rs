use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::{Desk, RIVER};

const RIVER_ID: &str = "2026-03-04-a-river-rises";

/// A preview that is running; ended with the case.
struct Preview {
    griot: Child,
    port: u16,
}

/// An answer, its head as lines in lower case.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Preview {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let arguments = [&["letter", "preview", "--port", "0"], arguments].concat();
        let mut griot =
            desk.command(&arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(griot.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.strip_prefix("preview   http://127.0.0.1:").and_then(|rest| rest.split('/').next()?.parse().ok());
        let Some(port) = port else { panic!("{line:?}, {:?}", griot.wait_with_output()) };
        Self { griot, port }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{request:?}: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(&format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port))
    }

    #[track_caller]
    fn get(&self, path: &str) -> String {
        let answer = self.ask("GET", path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// Tells it to end; gives its exit code and what it said on stderr.
    fn end(&mut self, signal: &str) -> (Option<i32>, String) {
        let killed = Command::new("kill").args([signal, &self.griot.id().to_string()]).status().unwrap();
        assert!(killed.success());
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.griot.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "the preview does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut said = String::new();
        self.griot.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status.code(), said)
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.griot.kill();
        let _ = self.griot.wait();
    }
}

#[test]
fn a_page_is_shown_as_the_letter_that_it_would_make_and_nothing_is_written() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    let before = desk.snapshot("");
    let preview = Preview::start(&desk, &["river.txt"]);
    let page = preview.get("/");
    for part in [
        "<title>A river rises · griot preview</title>",
        "of <b>river.txt</b>, as edition <code>2026-03-04-a-river-rises</code>",
        " width=\"360\"",
        " width=\"768\"",
        " width=\"1280\"",
        "The Niger has risen by two metres",
        "<dt>List-Id</dt>",
        "of 100,000 bytes",
    ] {
        assert!(page.contains(part), "no {part}: {page}");
    }
    let letter = preview.get("/letter");
    assert!(letter.contains("<h1") && letter.contains("mailto:leave@example.org"), "{letter}");
    assert!(preview.get("/letter.eml").contains("Subject: A river rises\r\n"));
    assert_eq!(desk.snapshot(""), before, "not even a ledger");
}

#[test]
fn an_edition_is_shown_as_its_files_are() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    desk.done(&["publish", "river.txt"]);
    let message = desk.read(&format!("feeds/editions/{RIVER_ID}/letter.eml"));
    for arguments in [&[][..], &[RIVER_ID]] {
        let preview = Preview::start(&desk, arguments);
        assert_eq!(preview.get("/letter.eml"), message);
        assert!(preview.get("/").contains(&format!("edition <code>{RIVER_ID}</code>")));
    }
}

#[test]
fn what_changes_is_seen_and_what_is_wrong_is_said_until_it_is_mended() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    let preview = Preview::start(&desk, &["river.txt"]);
    let first = preview.get("/state");
    assert_eq!(preview.get("/state"), first);
    assert!(preview.get("/").contains(&format!("data-state=\"{first}\"")));
    desk.write("river.txt", RIVER.replace("A river rises", "The <b>river</b> falls"));
    let second = preview.get("/state");
    assert_ne!(second, first);
    let page = preview.get("/");
    assert!(page.contains("The &#60;b&#62;river&#60;/b&#62; falls") && !page.contains("The <b>river"), "{page}");

    desk.write("river.txt", "");
    let trouble = preview.ask("GET", "/");
    assert_eq!(trouble.status, 500);
    assert!(trouble.body.contains("`river.txt` is empty"), "{}", trouble.body);
    let third = preview.get("/state");
    assert!(trouble.body.contains(&format!("data-state=\"{third}\"")), "{}", trouble.body);
    assert_eq!(preview.ask("GET", "/letter").status, 500);

    desk.write("river.txt", RIVER);
    assert_eq!(preview.get("/state"), first);
    let config = desk.read("config/griot.toml");
    desk.write("config/griot.toml", config.replace("[letter]", "[letter]\nreason = \"You asked.\""));
    assert_ne!(preview.get("/state"), first);
    assert!(preview.get("/").contains("You asked."));
    desk.write("config/griot.toml", config.replace("[letter]", "[letters]"));
    let trouble = preview.ask("GET", "/");
    assert!(trouble.status == 500 && trouble.body.contains("unknown field `letters`"), "{}", trouble.body);
    // A preview of the latest edition sees what is published meanwhile.
    desk.write("config/griot.toml", &config);
    desk.done(&["publish", "river.txt"]);
    let latest = Preview::start(&desk, &[]);
    assert!(latest.get("/").contains("A river rises"));
    let bridge = RIVER.replace("A river rises", "The bridge is closed").replace("Niger", "Bani").replace("market", "bus");
    desk.write("bridge.txt", bridge.replace("4 March", "3 March").replace("harbour", "bridge"));
    desk.done(&["publish", "bridge.txt"]);
    assert!(latest.get("/").contains("A river rises"), "the newest is still the first");
    desk.write("river.txt", RIVER.replace("two metres", "three metres"));
    desk.done(&["publish", "river.txt"]);
    assert!(latest.get("/").contains("three metres"));
}

#[test]
fn letters_are_shown_by_day_and_by_night_without_scripts_and_if_need_be_without_pictures() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    let preview = Preview::start(&desk, &["river.txt"]);
    let (day, night) = (preview.get("/letter"), preview.get("/letter?mode=dark"));
    assert!(day.contains("@media (max-width:0)") && !day.contains("prefers-color-scheme"), "{day}");
    assert!(night.contains("@media (min-width:0)") && !night.contains("prefers-color-scheme"), "{night}");
    let policy = |path: &str| {
        let head = preview.ask("HEAD", path).head;
        head.lines().find_map(|line| line.strip_prefix("content-security-policy: ")).map(str::to_owned).unwrap()
    };
    let pictures = "img-src https: data:";
    assert!(policy("/letter").contains(pictures) && !policy("/letter?pictures=off").contains("img-src"));
    for path in ["/letter", "/letter?pictures=off", "/letter?mode=dark&pictures=off"] {
        let policy = policy(path);
        assert!(policy.contains("default-src 'none'") && policy.contains("; sandbox "), "{policy}");
        assert!(!policy.contains("script"), "{policy}");
    }
    for path in ["/", "/nothing", "/state", "/preview.js"] {
        assert!(policy(path).contains("frame-ancestors 'none'"), "{path}");
    }
}

#[test]
fn nobody_but_this_machine_is_answered_and_nothing_but_looking() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    let preview = Preview::start(&desk, &["river.txt"]);
    let named = |head: &str| preview.send(&format!("{head}\r\nConnection: close\r\n\r\n")).status;
    for host in ["Host: 127.0.0.1", "Host: LOCALHOST:9", "host: [::1]:80"] {
        assert_eq!(named(&format!("GET / HTTP/1.1\r\n{host}")), 200, "{host}");
    }
    for host in [
        "Host: evil.example",
        "Host: 127.0.0.1.evil.example",
        "Host: localhost@evil.example",
        "Host: evil@localhost",
        "Host: 192.168.0.7",
        "Host: localhost\r\nHost: evil.example",
        "Host:",
        "Accept: */*",
    ] {
        let status = named(&format!("GET / HTTP/1.1\r\n{host}"));
        assert!(status == 421 || status == 400, "{host}: {status}");
    }
    assert_eq!(named("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1"), 421);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        for path in ["/", "/letter", "/nothing"] {
            let answer = preview.ask(method, path);
            assert!(answer.status == 405 && answer.head.contains("\r\nallow: get, head\r\n"), "{method} {path}: {}", answer.head);
        }
    }
    assert_eq!(preview.ask("GET", "/nothing").status, 404);
    assert_eq!(preview.ask("GET", "/../config/griot.toml").status, 404);
    let head = preview.ask("HEAD", "/");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    for line in ["cache-control: no-store", "cross-origin-resource-policy: same-origin", "referrer-policy: no-referrer"] {
        assert!(head.head.contains(line), "{}", head.head);
    }
    // The whole of 127.0.0.0/8 is this machine, and one address of it is listened to.
    assert!(TcpStream::connect(("127.0.0.2", preview.port)).is_err());
    // A line that breaks off leaves the others be.
    let mut broken = preview.connect();
    broken.write_all(b"GET / HT").unwrap();
    broken.shutdown(Shutdown::Both).unwrap();
    assert_eq!(preview.ask("GET", "/").status, 200);
}

#[test]
fn it_ends_in_order_when_it_is_told_to() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    for signal in ["-INT", "-TERM"] {
        let mut preview = Preview::start(&desk, &["river.txt"]);
        assert!(preview.get("/").contains("A river rises"));
        // As browsers do: a line that is kept open, and one on which nothing was asked yet.
        let _idle = preview.connect();
        let mut kept = preview.connect();
        write!(kept, "GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut some = [0; 12];
        kept.read_exact(&mut some).unwrap();
        assert_eq!(preview.end(signal), (Some(0), String::new()), "{signal}");
    }
}

#[test]
fn what_cannot_be_shown_is_said_at_once() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    let missing = desk.griot(&["letter", "preview", "nothing.md"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (1, ""));
    assert!(missing.stderr.contains("`nothing.md` does not exist") && missing.stderr.contains("hint: "), "{}", missing.stderr);
    let unknown = desk.griot(&["letter", "preview", "2026-03-04-nothing"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("there is no edition `2026-03-04-nothing`"), "{}", unknown.stderr);
    for no_file in ["-", "https://www.example.org/page", "ftp://www.example.org/page"] {
        let ran = desk.griot(&["letter", "preview", no_file]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains("a preview is of a file or an edition"), "{}", ran.stderr);
    }
    let running = Preview::start(&desk, &["river.txt"]);
    let taken = desk.griot(&["letter", "preview", "river.txt", "--port", &running.port.to_string()]);
    assert_eq!(taken.code, 1);
    let said = format!("failed to listen at port {} of this machine", running.port);
    assert!(taken.stderr.contains(&said) && taken.stderr.contains("name another port"), "{}", taken.stderr);
    let without = Desk::bare();
    without.write(
        "config/griot.toml",
        "[publication]\ntitle = 'x'\nhome = 'https://x.example/'\nfeeds = 'https://x.example/f/'\nlanguage = 'en'\n",
    );
    without.write("river.txt", RIVER);
    let ran = without.griot(&["letter", "preview", "river.txt"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("[letter]"), "{}", ran.stderr);
}

#[test]
fn templates_of_the_desk_are_watched_too() {
    let desk = Desk::new();
    desk.write("river.txt", RIVER);
    desk.done(&["letter", "eject"]);
    desk.write("config/griot.toml", desk.read("config/griot.toml").replace("[letter]", "[letter]\ntemplates = \"templates\""));
    let preview = Preview::start(&desk, &["river.txt"]);
    let first = preview.get("/state");
    let template = desk.read("templates/letter.html");
    desk.write("templates/letter.html", template.replace("</h1>", "</h1><p>From the landing.</p>"));
    assert_ne!(preview.get("/state"), first);
    assert!(preview.get("/letter").contains("From the landing."));
    desk.write("templates/letter.html", template.replace("</h1>", "</h1>{{ nobody }}"));
    let trouble = preview.ask("GET", "/");
    assert!(trouble.status == 500 && trouble.body.contains("nobody"), "{}", trouble.body);
    desk.write("templates/letter.html", &template);
    assert_eq!(preview.get("/state"), first);
}
