//! A server on loopback that follows a script.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::domain::{Address, Outcome};
use crate::mail::smtp::{Connection, Credentials, Envelope, OpenError, Protocol, Refusal, Security, Server, Timeouts};

/// What the server does after a line that begins as expected.
#[derive(Clone, Copy)]
pub enum Then {
    Say(&'static str),
    /// As soon as something else is said.
    Later(&'static str),
    Close,
    Hang,
}
use Then::{Close, Hang, Later, Say};

pub type Step = (&'static str, Then);

pub const NOTHING: &str = "(an empty line)";

/// What a server was sent.
#[derive(Debug, Default)]
pub struct Heard {
    pub lines: Vec<String>,
    /// How often something came after it had spoken: the flights, one a round trip.
    pub flights: usize,
}

/// Takes one connection and follows the script; gives what it was sent.
///
/// The first step is the greeting; a step that expects `.` reads the message up to its final dot, one that expects `BDAT`
/// reads the chunk too, as lines, and one that expects [`NOTHING`] an empty line.
pub fn serve(script: Vec<Step>) -> (Server, JoinHandle<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = server(listener.local_addr().unwrap().port());
    if script.iter().any(|(_, then)| matches!(then, Hang)) {
        server.limits = SHORT;
    }
    let serving = std::thread::spawn(move || follow(listener.accept().unwrap().0, script));
    (server, serving)
}

/// For servers that say nothing.
pub const SHORT: Timeouts = limits(Duration::from_millis(250));

pub const fn limits(limit: Duration) -> Timeouts {
    Timeouts { connect: limit, greeting: limit, command: limit, data: limit, end_of_data: limit }
}

/// The server at a port of this host, with more time than a busy machine takes.
pub fn server(port: u16) -> Server {
    Server {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Clear,
        credentials: None,
        hello: "desk.example".to_owned(),
        limits: limits(Duration::from_secs(5)),
        roots: None,
        clear_allowed: false,
        protocol: Protocol::Smtp,
        socket: None,
        login: None,
    }
}

/// Counts the flights: a read after a word from this side begins one.
struct Counted<T> {
    stream: T,
    has_spoken: bool,
    flights: usize,
}

impl<T: Read> Read for Counted<T> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(out)?;
        self.flights += usize::from(count > 0 && std::mem::take(&mut self.has_spoken));
        Ok(count)
    }
}

pub trait Stream: Read + Write + Send {
    fn again(&self) -> Box<dyn Stream>;
}

impl Stream for TcpStream {
    fn again(&self) -> Box<dyn Stream> {
        self.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Box::new(self.try_clone().unwrap())
    }
}

impl Stream for std::os::unix::net::UnixStream {
    fn again(&self) -> Box<dyn Stream> {
        Box::new(self.try_clone().unwrap())
    }
}

pub fn follow(mut stream: impl Stream, script: Vec<Step>) -> Heard {
    let mut reader = BufReader::with_capacity(1 << 20, Counted { stream: stream.again(), has_spoken: false, flights: 0 });
    let (mut lines, mut held) = (Vec::new(), String::new());
    for (expected, then) in script {
        while !expected.is_empty() {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return Heard { lines, flights: reader.get_ref().flights };
            }
            let line = line.strip_suffix("\r\n").expect("a line ends in CRLF").to_owned();
            lines.push(line.clone());
            if expected != "." || line == "." {
                let fits = if expected == NOTHING { line.is_empty() } else { line.starts_with(expected) };
                assert!(fits, "`{line}` where `{expected}` was expected");
                if expected == "BDAT" {
                    let size: usize = line.split(' ').nth(1).unwrap().parse().unwrap();
                    let mut chunk = vec![0; size];
                    reader.read_exact(&mut chunk).unwrap();
                    lines.extend(String::from_utf8(chunk).unwrap().lines().map(str::to_owned));
                }
                break;
            }
        }
        match then {
            Say(reply) => {
                reader.get_mut().has_spoken = true;
                write!(stream, "{held}{reply}\r\n").unwrap();
                held.clear();
            }
            Later(reply) => held = held + reply + "\r\n",
            Close => break,
            Hang => std::thread::sleep(Duration::from_millis(600)),
        }
    }
    Heard { lines, flights: reader.get_ref().flights }
}

/// A script that begins with a friendly greeting and these extensions.
pub fn offering(extensions: &'static str, rest: &[Step]) -> Vec<Step> {
    [&[("", Say("220 post.example ready")), ("EHLO desk.example", Say(extensions))], rest].concat()
}

/// A script that begins with a friendly greeting.
pub fn greeted(rest: &[Step]) -> Vec<Step> {
    offering("250-post.example\r\n250 AUTH PLAIN LOGIN", rest)
}

pub const FROM: &str = "MAIL FROM:<desk@delta.example>";
pub const TO: &str = "RCPT TO:<ada@reader.example>";
pub const MESSAGE: &[u8] = b"Subject: x\r\n\r\n.\r\nrises\r\n";

/// A script in which the server waits for a message.
pub fn waiting(rest: &[Step]) -> Vec<Step> {
    let begun = [(FROM, Say("250 2.1.0 ok")), (TO, Say("250 2.1.5 ok")), ("DATA", Say("354 go on"))];
    greeted(&[&begun, rest].concat())
}

pub fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub async fn begin(connection: &mut Connection, to: &str) -> Result<(), Refusal> {
    let (from, to) = (address("desk@delta.example"), address(to));
    connection.begin(&Envelope { from: Some(&from), to: &to, id: "e1", size: MESSAGE.len() }).await
}

pub async fn hand_over(connection: &mut Connection, message: &[u8]) -> Outcome {
    match connection.give(message).await {
        Ok(()) => connection.hand_over(None).await,
        Err(outcome) => outcome,
    }
}

/// Hands a message over that the server waits for, and asks for one of as many bytes with its end.
pub async fn hand_over_and_ask(connection: &mut Connection, message: &[u8], next: &str) -> Outcome {
    let (from, to) = (address("desk@delta.example"), address(next));
    let next = Envelope { from: Some(&from), to: &to, id: "e2", size: message.len() };
    match connection.give(message).await {
        Ok(()) => connection.hand_over(Some(&next)).await,
        Err(outcome) => outcome,
    }
}

pub async fn send_at_once(connection: &mut Connection, message: &[u8]) -> Result<Outcome, Refusal> {
    let (from, to) = (address("desk@delta.example"), address("ada@reader.example"));
    let envelope = Envelope { from: Some(&from), to: &to, id: "e1", size: message.len() };
    match connection.give_at_once(&envelope, message).await {
        Ok(()) => connection.hand_over_at_once().await,
        Err(handed) => handed,
    }
}

pub async fn not_opened(script: Vec<Step>, change: impl FnOnce(&mut Server)) -> (OpenError, Vec<String>) {
    let (mut server, serving) = serve(script);
    change(&mut server);
    let error = Connection::open(&server).await.unwrap_err();
    (error, serving.join().unwrap().lines)
}

pub fn with_password(server: &mut Server) {
    server.credentials = Some(Credentials::new("desk".to_owned(), "s3cret".to_owned()));
}
