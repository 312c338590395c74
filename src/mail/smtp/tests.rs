use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Instant;

use super::*;
use crate::domain::DeliveryState;

/// What a scripted server does after a line that begins as expected.
#[derive(Clone, Copy)]
enum Then {
    Say(&'static str),
    Close,
    Hang,
}
use Then::{Close, Hang, Say};

/// A server on loopback that follows a script, one connection; gives the lines that it was sent.
///
/// The first step is the greeting; a step that expects `.` reads the message up to its final dot.
fn serve(script: Vec<(&'static str, Then)>) -> (Server, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut stream, mut heard) = (stream, Vec::new());
        for (expected, then) in script {
            while !expected.is_empty() {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 {
                    return heard;
                }
                let line = line.strip_suffix("\r\n").expect("a line ends in CRLF").to_owned();
                heard.push(line.clone());
                if expected != "." || line == "." {
                    assert!(line.starts_with(expected), "`{line}` where `{expected}` was expected");
                    break;
                }
            }
            match then {
                Say(reply) => write!(stream, "{reply}\r\n").unwrap(),
                Close => return heard,
                Hang => std::thread::sleep(Duration::from_millis(600)),
            }
        }
        heard
    });
    let short = Duration::from_millis(250);
    let limits = Timeouts { connect: short, greeting: short, command: short, data: short, end_of_data: short };
    let server = Server {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Clear,
        credentials: None,
        hello: "desk.example".to_owned(),
        limits,
        roots: None,
        clear_allowed: false,
    };
    (server, serving)
}

/// A script that begins with a friendly greeting.
fn greeted(rest: &[(&'static str, Then)]) -> Vec<(&'static str, Then)> {
    let mut script =
        vec![("", Say("220 post.example ready")), ("EHLO desk.example", Say("250-post.example\r\n250 AUTH PLAIN LOGIN"))];
    script.extend_from_slice(rest);
    script
}

/// A script in which the server waits for a message.
fn waiting(rest: &[(&'static str, Then)]) -> Vec<(&'static str, Then)> {
    let mut script = greeted(&[
        ("MAIL FROM:<desk@delta.example>", Say("250 2.1.0 ok")),
        ("RCPT TO:<ada@reader.example>", Say("250 2.1.5 ok")),
        ("DATA", Say("354 go on")),
    ]);
    script.extend_from_slice(rest);
    script
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

async fn begin(connection: &mut Connection, to: &str) -> Result<(), Refusal> {
    connection.begin(&address("desk@delta.example"), &address(to)).await
}

/// The outcome of one message under a script that begins after DATA, and whether the connection can go on.
async fn handed_over(rest: &[(&'static str, Then)]) -> (Outcome, bool) {
    let (server, serving) = serve(waiting(rest));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    let outcome = connection.hand_over(b"Subject: x\r\n\r\n.\r\nrises\r\n").await;
    let usable = connection.is_usable();
    drop(connection);
    serving.join().unwrap();
    (outcome, usable)
}

#[tokio::test]
async fn a_letter_is_handed_over_once() {
    let (server, serving) = serve(waiting(&[(".", Say("250 2.0.0 queued as 4F2")), ("QUIT", Say("221 bye"))]));
    let mut connection = Connection::open(&server).await.unwrap();
    assert!(connection.is_usable());
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert!(!connection.is_usable());
    let outcome = connection.hand_over(b"Subject: x\r\n\r\n.\r\nrises\r\n").await;
    assert_eq!(outcome, Outcome::Sent { reply: "250 2.0.0 queued as 4F2".to_owned() });
    assert!(connection.is_usable());
    connection.quit().await;
    let heard = serving.join().unwrap();
    assert_eq!(heard[4..], ["Subject: x", "", "..", "rises", ".", "QUIT"]);
}

#[tokio::test]
async fn one_refused_reader_does_not_cost_the_connection() {
    let (server, serving) = serve(greeted(&[
        ("MAIL", Say("250 ok")),
        ("RCPT TO:<gone@reader.example>", Say("550-5.1.1 no such\r\n550 5.1.1 reader")),
        ("RSET", Say("250 ok")),
        ("MAIL", Say("250 ok")),
        ("RCPT TO:<slow@reader.example>", Say("451 4.7.1 try later")),
        ("RSET", Say("250 ok")),
        ("MAIL", Say("250 ok")),
        ("RCPT TO:<ada@reader.example>", Say("251 will forward")),
        ("DATA", Say("354 go")),
        (".", Say("250 ok")),
    ]));
    let mut connection = Connection::open(&server).await.unwrap();
    let stage = Stage::Recipient;
    let refused = begin(&mut connection, "gone@reader.example").await;
    assert_eq!(refused, Err(Refusal::Refused { stage, reply: "550 5.1.1 no such reader".to_owned() }));
    let deferred = begin(&mut connection, "slow@reader.example").await;
    assert_eq!(deferred, Err(Refusal::Deferred { stage, reply: "451 4.7.1 try later".to_owned() }));
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert_eq!(connection.hand_over(b"x\r\n").await.state(), DeliveryState::Sent);
    drop(connection);
    serving.join().unwrap();
}

#[tokio::test]
async fn what_the_server_says_after_the_dot_decides() {
    let (outcome, usable) = handed_over(&[(".", Say("451 4.3.0 disk full"))]).await;
    assert_eq!((outcome, usable), (Outcome::Deferred { reply: "451 4.3.0 disk full".to_owned() }, true));
    let (outcome, usable) = handed_over(&[(".", Say("554 5.7.1 not wanted"))]).await;
    assert_eq!((outcome, usable), (Outcome::Refused { reply: "554 5.7.1 not wanted".to_owned() }, true));
    let (outcome, usable) = handed_over(&[(".", Say("421 4.3.2 going down"))]).await;
    assert_eq!((outcome.state(), usable), (DeliveryState::Deferred, false));
}

#[tokio::test]
async fn without_a_clear_word_after_the_dot_it_is_uncertain() {
    let (outcome, usable) = handed_over(&[(".", Close)]).await;
    assert_eq!((outcome.state(), usable), (DeliveryState::Uncertain, false), "{outcome:?}");
    let began = Instant::now();
    let (outcome, usable) = handed_over(&[(".", Hang)]).await;
    assert_eq!((outcome.state(), usable), (DeliveryState::Uncertain, false), "{outcome:?}");
    assert!(began.elapsed() < Duration::from_secs(3));
    for odd in ["354 go on", "251 maybe", "hello", "999 x", "250-never ends"] {
        let (outcome, usable) = handed_over(&[(".", Say(odd)), (".", Close)]).await;
        assert_eq!((outcome.state(), usable), (DeliveryState::Uncertain, false), "{odd}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_connection_out_of_step_is_never_used_again() {
    for (command, then) in [("MAIL", Close), ("MAIL", Hang), ("MAIL", Say("354 what?")), ("MAIL", Say("421 4.3.2 bye"))] {
        let (server, serving) = serve(greeted(&[(command, then)]));
        let mut connection = Connection::open(&server).await.unwrap();
        begin(&mut connection, "ada@reader.example").await.unwrap_err();
        assert!(!connection.is_usable());
        let again = begin(&mut connection, "ada@reader.example").await;
        assert!(matches!(again, Err(Refusal::Lost { .. })), "{again:?}");
        let nothing = connection.hand_over(b"x\r\n").await;
        assert_eq!(nothing.state(), DeliveryState::Deferred);
        drop(connection);
        serving.join().unwrap();
    }
}

#[tokio::test]
async fn a_phase_dropped_half_way_takes_the_connection_with_it() {
    let (server, serving) = serve(greeted(&[("MAIL", Hang)]));
    let mut connection = Connection::open(&server).await.unwrap();
    let cut = tokio::time::timeout(Duration::from_millis(20), begin(&mut connection, "ada@reader.example")).await;
    assert!(cut.is_err() && !connection.is_usable());
    serving.join().unwrap();
}

#[tokio::test]
async fn a_message_that_could_break_the_dialogue_is_not_sent() {
    let (server, serving) = serve(waiting(&[(".", Say("250 ok"))]));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert_eq!(connection.hand_over(b"x\n.\nMAIL FROM:<evil@e.example>\r\n").await.state(), DeliveryState::Refused);
    assert!(!connection.is_usable());
    assert_eq!(serving.join().unwrap().last().unwrap(), "DATA");
}

async fn not_opened(script: Vec<(&'static str, Then)>, change: impl FnOnce(&mut Server)) -> (OpenError, Vec<String>) {
    let (mut server, serving) = serve(script);
    change(&mut server);
    let error = Connection::open(&server).await.unwrap_err();
    (error, serving.join().unwrap())
}

fn with_password(server: &mut Server) {
    server.credentials = Some(Credentials::new("desk".to_owned(), "s3cret".to_owned()));
}

#[tokio::test]
async fn a_server_that_turns_us_away_is_told_from_one_that_is_busy() {
    let (error, _) = not_opened(vec![("", Say("554 5.7.1 \x1b[31mno\x07 service"))], |_| ()).await;
    assert!(!error.is_transient());
    assert_eq!(error.to_string(), "`127.0.0.1` turned us away: 554 5.7.1 [31mno service");
    let (error, _) = not_opened(vec![("", Say("421 4.3.2 too many"))], |_| ()).await;
    assert!(error.is_transient() && matches!(error, OpenError::TurnedAway { .. }));
    let (error, _) = not_opened(vec![("", Hang)], |_| ()).await;
    assert!(matches!(error, OpenError::Timeout { .. }), "{error}");
    let (error, _) = not_opened(vec![("", Say("SSH-2.0-OpenSSH"))], |_| ()).await;
    assert!(matches!(error, OpenError::NotSmtp { .. }), "{error}");
    let (error, _) = not_opened(vec![("", Close)], |_| ()).await;
    assert!(matches!(error, OpenError::NotSmtp { .. } | OpenError::Connect { .. }), "{error}");
}

#[tokio::test]
async fn logins_are_told_apart() {
    let auth = |reply| greeted(&[("AUTH PLAIN AGRlc2sAczNjcmV0", Say(reply))]);
    let (error, _) = not_opened(auth("535 5.7.8 `s3cret` is wrong"), with_password).await;
    assert_eq!(error.to_string(), "`127.0.0.1` refused the login: 535 5.7.8 `***` is wrong");
    assert!(!error.is_transient() && error.hint().contains("password"));
    let (error, _) = not_opened(auth("454 4.7.0 later"), with_password).await;
    assert!(error.is_transient() && matches!(error, OpenError::Login { .. }));
    let none = vec![("", Say("220 hi")), ("EHLO", Say("250 post.example"))];
    let (error, _) = not_opened(none, with_password).await;
    assert!(matches!(error, OpenError::NoLogin { .. }), "{error}");

    let (mut server, serving) = serve(greeted(&[("AUTH PLAIN", Say("235 welcome"))]));
    with_password(&mut server);
    assert!(!format!("{server:?}").contains("s3cret"));
    Connection::open(&server).await.unwrap();
    serving.join().unwrap();
}

#[tokio::test]
async fn nothing_goes_out_unencrypted_by_accident() {
    let starttls = |server: &mut Server| {
        server.security = Security::StartTls;
        with_password(server);
    };
    let (error, heard) = not_opened(greeted(&[]), starttls).await;
    assert!(matches!(error, OpenError::NoStartTls { .. }), "{error}");
    assert_eq!(heard, ["EHLO desk.example"]);

    // A reply slipped in behind the server's consent must not pass for an encrypted one.
    let injected = "220 go\r\n250-post.example\r\n250 AUTH PLAIN\r\n235 welcome";
    let script = vec![("", Say("220 hi")), ("EHLO", Say("250-post.example\r\n250 STARTTLS")), ("STARTTLS", Say(injected))];
    let (error, heard) = not_opened(script, starttls).await;
    assert!(matches!(error, OpenError::Tls { .. }), "{error}");
    assert_eq!(heard, ["EHLO desk.example", "STARTTLS"]);

    let (error, heard) = not_opened(vec![("", Say("220 plain"))], |server| server.security = Security::Tls).await;
    assert!(matches!(error, OpenError::Tls { .. }), "{error}");
    assert_eq!(heard, [""; 0]);
}

#[tokio::test]
async fn settings_that_cannot_work_are_named() {
    let (server, _serving) = serve(vec![]);
    for name in ["", "a b", "x\r\nMAIL FROM:<a@b.c>"] {
        let error = Connection::open(&Server { hello: name.to_owned(), ..server.clone() }).await.unwrap_err();
        assert!(matches!(error, OpenError::Hello { .. }), "{error}");
    }
    let roots = Server { roots: Some(b"no pem".to_vec()), security: Security::Tls, ..server.clone() };
    assert!(matches!(Connection::open(&roots).await.unwrap_err(), OpenError::Roots));

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = Connection::open(&Server { port, ..server.clone() }).await.unwrap_err();
    assert!(matches!(nobody, OpenError::Connect { .. }) && nobody.is_transient(), "{nobody}");
    let patient = Timeouts { connect: Duration::from_secs(20), ..server.limits };
    let unknown = Server { host: "no-such-host.invalid".to_owned(), limits: patient, ..server };
    let error = Connection::open(&unknown).await.unwrap_err();
    assert!(matches!(error, OpenError::Name { .. }), "{error}");
}
