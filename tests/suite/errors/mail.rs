//! Mail servers that say no, mail that cannot be made, and files that are no list of readers.

use std::fs;

use super::{EDITION, desk, desk_with, refused};
use crate::harness::Desk;
use crate::servers::mta::{Deed, Mta, Stage};

/// A desk whose mail server is at this port; with these keys too.
fn mailing(port: u16, keys: &str) -> Desk {
    desk_with(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\n{keys}"))
}

#[test]
fn a_server_that_does_not_take_the_test_mail_is_quoted() {
    #[track_caller]
    fn case(server: &Mta, keys: &str, error: &str) {
        let mut desk = mailing(server.port, keys);
        desk.variable("DESK_PASSWORD", "hunter2");
        refused(&desk, &["send", "--test", "me@desk.example"], 1, &error.replace("{port}", &server.port.to_string()));
        assert_eq!(server.mailed(), Vec::<String>::new());
    }
    let login = "user = \"desk\"\npassword_env = \"DESK_PASSWORD\"\n";
    let server = Mta::start();
    server.rule(Stage::Greeting, "", Deed::Reply("554 5.7.1 no service for you"), None);
    case(
        &server,
        "",
        "error: failed to reach the mail server `127.0.0.1:{port}`\n  caused by: `127.0.0.1` turned us away: 554 5.7.1 no service for you\n\n\
         hint: ask the server's keeper whether this machine may send through it\n",
    );
    let server = Mta::start();
    server.rule(Stage::Auth, "", Deed::Reply("535 5.7.8 hunter2 is not the password"), None);
    case(
        &server,
        login,
        "error: failed to log in at the mail server `127.0.0.1`\n  caused by: `127.0.0.1` refused the login: 535 5.7.8 *** is not the password\n\n\
         hint: check user and password; some servers want a password made for this program\n",
    );
    let server = Mta::start();
    case(
        &server,
        "security = \"starttls\"\n",
        "error: failed to reach the mail server `127.0.0.1:{port}`\n  caused by: `127.0.0.1` does not offer STARTTLS\n\n\
         hint: use tls on port 465 if the server has it; griot sends nothing unencrypted unless told to\n",
    );
    let server = Mta::start();
    server.rule(Stage::Rcpt, "", Deed::Reply("550 5.1.1 no such user"), None);
    case(
        &server,
        "",
        "error: the test mail to m***@d*** could not be begun: server refused the recipient: 550 5.1.1 no such user\n",
    );
    let server = Mta::start();
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
    let server = Mta::start();
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
    #[track_caller]
    fn case(port: u16, keys: &str, error: &str) {
        let desk = mailing(port, &format!("user = \"desk\"\n{keys}\n"));
        desk.write("config/empty", "\n");
        refused(&desk, &["send"], 2, &format!("error: {error}\n"));
        refused(&desk, &["send", "--test", "me@desk.example"], 2, &format!("error: {error}\n"));
    }
    let server = Mta::start();
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
    let server = Mta::start();
    refused(&mailing(server.port, ""), &["send", "--list", "friends"], 1, nobody);

    let empty = Desk::with_smtp(server.port, "");
    empty.done(&["subscribers", "add", "ada@one.example", "--confirmed", "asked"]);
    // Makes the lock file, which stays.
    empty.done(&["run"]);
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

#[test]
fn a_file_that_is_no_list_is_refused_whole() {
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
    let desk = desk();
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
        b"email\nba@two.example\nzo\x81@x.example\n",
        "line 3 is not UTF-8: say with `--encoding` what the file is written in, such as windows-1251",
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
    #[track_caller]
    fn case(desk: &Desk, content: &str, new: usize, errors: &str) {
        desk.write("list.csv", content);
        let ran = desk.griot(&["subscribers", "import", "list.csv", "--apply"]);
        let told = if new == 0 { "imported  nothing".to_owned() } else { format!("imported  {new} new on `readers`, pending") };
        assert!(ran.stdout.lines().any(|line| line == told), "{ran:?}");
        assert_eq!((ran.stderr.as_str(), ran.code), (errors, i32::from(!errors.is_empty())));
    }
    let desk = Desk::new();
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
