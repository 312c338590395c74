use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde_json::Value;

use crate::harness::{Desk, RIVER};
use crate::postfix::Postfix;
use crate::programs::{Background, Missing, asked, free_port, is_root, node, program, until};

/// Where readers find the pages, as if a web server with a certificate stood before griot.
const PAGES: &str = "https://letters.example/to/";

/// What the second edition is about.
const FERRY: &str = "A ferry returns\n\nBy Ada Lum\n\n5 March 2026\n\n\
    The ferry that was thought lost came back on Thursday with all of its passengers and two goats more than it had left with.\n\n\
    Its captain had waited behind an island until the wind was done, and had told everybody so by a lamp that nobody saw.\n";

/// A reader subscribes in a browser, confirms by the mail that Postfix has put into her Maildir, gets an edition, leaves by
/// the button of her mail program, and gets nothing more. Another whose mailbox is gone is suppressed by the report of it.
pub fn from_the_form_to_the_last_click() -> Result<(), Missing> {
    let chromium = program("chromium", "chromium")?;
    node("life.cjs", None)?;
    let gone = refusing()?;
    let more = format!("recipient_delimiter = +\nrelay_domains = gone.example\nrelay_transport = smtp:[127.0.0.1]:{}\n", gone.1);
    let server = Postfix::start_with(&["ada", "bounces"], &more)?;
    let (mut desk, port) = desk(&server);
    let griot = serving(&desk);
    let page = |address: &str| address.replace(PAGES, &format!("http://127.0.0.1:{port}/to/"));
    let visit = |arguments: &[&str]| -> Value {
        let mut command = node("life.cjs", None).unwrap();
        let output = command.arg(&chromium).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(seen["cookies"], 0, "{seen:#}");
        seen
    };

    let asked = visit(&["subscribe", &page(&format!("{PAGES}subscribe")), "ada@readers.example"]);
    assert!(asked["after"].as_str().unwrap().contains("ada@readers.example"), "{asked:#}");
    let to_confirm = fs::read_to_string(&server.mails("ada", 1)[0]).unwrap();
    assert!(to_confirm.contains("\nAuto-Submitted: auto-generated\n"), "{to_confirm}");
    let link = link(&to_confirm, "confirm?t=");

    // Scanners of mail follow links, more than once: nothing comes of it.
    for method in ["GET", "HEAD", "GET"] {
        assert!(ask(port, method, &page(&link), "").starts_with("HTTP/1.1 200 "));
    }
    assert!(!now(&mut desk).done(&["subscribers", "list"]).contains("confirmed ada@"));
    let confirmed = visit(&["press", &page(&link)]);
    assert!(confirmed["before"].as_str().unwrap().contains("a***@r***"), "the address itself is not shown: {confirmed:#}");
    assert!(now(&mut desk).done(&["subscribers", "list"]).contains("confirmed ada@readers.example"));

    now(&mut desk).done(&["subscribers", "add", "zoe@gone.example", "--confirmed", "asked at the fair"]);
    desk.write("river.txt", RIVER);
    now(&mut desk).done(&["publish", "river.txt"]);
    now(&mut desk).done(&["send"]);
    let letter = newest(&server, "ada", 2);
    let way_out = unfolded(&letter);
    let way_out = way_out.split_once("\nList-Unsubscribe: <").and_then(|(_, rest)| rest.split_once('>')).unwrap().0;
    assert!(way_out.starts_with(PAGES), "{way_out}");
    assert!(letter.contains("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"), "{letter}");

    // The button of her mail program (RFC 8058).
    let answer = ask(port, "POST", &page(way_out), "List-Unsubscribe=One-Click");
    assert!(answer.starts_with("HTTP/1.1 200 ") && !answer.to_lowercase().contains("\r\nset-cookie:"), "{answer}");
    assert!(!now(&mut desk).done(&["subscribers", "list"]).contains("ada@"));

    // The report of the other came back to an address of its own; the next tick takes it.
    server.mails("bounces", 1);
    let told = now(&mut desk).done(&["run"]);
    assert!(told.contains("took      1 report"), "{told}");
    assert!(now(&mut desk).done(&["bounces", "list"]).contains("suppressed"), "{}", desk.done(&["bounces", "list"]));

    desk.write("ferry.txt", FERRY);
    now(&mut desk).done(&["publish", "ferry.txt"]);
    now(&mut desk).done(&["send"]);
    let even = "even      2026-03-05-a-ferry-returns to `readers`, 1 recipient: 1 excluded\n";
    assert!(desk.done(&["audit"]).contains(even), "{}", desk.done(&["audit"]));
    until("an empty queue", || server.queued() == 0);
    server.mails("ada", 2);
    drop(griot);
    Ok(())
}

/// A desk whose letters lead to griot's own pages, and the port at which they are.
fn desk(server: &Postfix) -> (Desk, u16) {
    let port = free_port();
    let desk = Desk::with_smtp(
        server.port,
        &format!(
            "[delivery]\nbounces = \"bounces@readers.example\"\n[bounces]\nmaildir = \"{}\"\n\
             [serve]\nlisten = \"127.0.0.1:{port}\"\nurl = \"{PAGES}\"\n",
            server.maildir("bounces").display()
        ),
    );
    let config = desk.read("config/griot.toml").replace("unsubscribe = \"mailto:leave@example.org\"\n", "");
    desk.write("config/griot.toml", config);
    (desk, port)
}

/// The same desk, by the clock on the wall: the pages know how long somebody took to fill in a form.
fn now(desk: &mut Desk) -> &mut Desk {
    desk.at(&Timestamp::now().to_string())
}

/// griot serving, from when it says so until this is dropped.
fn serving(desk: &Desk) -> Background {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
    let mut griot = Background(command.arg("serve").current_dir(desk.path("")).stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(griot.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("serving "), "{line:?}");
    griot
}

/// A server that knows no reader, and its port.
fn refusing() -> Result<(Background, u16), Missing> {
    let sink = program("smtp-sink", "postfix")?;
    let port = free_port();
    let mut command = Command::new(sink);
    if is_root() {
        command.args(["-u", "nobody"]);
    }
    let sink = Background(
        command.args(["-f", "rcpt", "-B", "550 5.1.1 no such user here", &format!("127.0.0.1:{port}"), "10"]).spawn().unwrap(),
    );
    until("smtp-sink to listen", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    Ok((sink, port))
}

/// The answer to a request for an address, whatever its host.
fn ask(port: u16, method: &str, address: &str, body: &str) -> String {
    let path = address.split_once("//").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap();
    asked(port, method, path, body)
}

/// The mail that came last, once there are as many as expected.
fn newest(server: &Postfix, mailbox: &str, expected: usize) -> String {
    let time = |file: &std::path::PathBuf| Path::new(file).metadata().unwrap().modified().unwrap();
    let mails = server.mails(mailbox, expected);
    fs::read_to_string(mails.iter().max_by_key(|file| time(file)).unwrap()).unwrap()
}

/// The headers with their lines whole (RFC 5322, section 2.2.3), and the parts with theirs (RFC 2045, section 6.7).
fn unfolded(mail: &str) -> String {
    mail.replace("\n ", " ").replace("=\n", "").replace("=3D", "=")
}

/// The address in a mail that leads to one of the readers' pages.
fn link(mail: &str, page: &str) -> String {
    let mail = unfolded(mail);
    let at = mail.find(&format!("{PAGES}{page}")).unwrap_or_else(|| panic!("{mail}"));
    mail[at..].split(|c: char| c.is_whitespace() || c == '"').next().unwrap().to_owned()
}
