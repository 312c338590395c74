use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::Desk;

/// `griot serve`, running; ended with the case.
pub struct Server {
    griot: Child,
    pub port: u16,
    /// Where the operator's numbers are.
    pub inside: Option<u16>,
    stdout: BufReader<ChildStdout>,
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// By the name in lower case; several lines of one name joined by commas.
    pub head: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.head.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// Whether all bytes came that were promised.
    pub fn is_whole(&self) -> bool {
        self.header("content-length").parse() == Ok(self.body.len())
    }

    fn parse(mut bytes: &[u8]) -> Self {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(bytes.read_line(&mut head).unwrap() > 0, "no end of the head: {head:?}");
        }
        Self { body: bytes.to_vec(), ..Self::of_head(&head) }
    }

    fn of_head(head: &str) -> Self {
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        let mut fields = HashMap::<String, String>::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?}"));
            let before = fields.remove(&name.to_ascii_lowercase()).map(|before| before + ",").unwrap_or_default();
            fields.insert(name.to_ascii_lowercase(), before + value);
        }
        Self { status: status.unwrap_or_else(|| panic!("{head:?}")), head: fields, body: Vec::new() }
    }
}

impl Server {
    pub fn start(desk: &Desk) -> Self {
        Self::run(desk.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// Starts one whose command was prepared.
    pub fn run(mut command: Command) -> Self {
        let mut griot = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(griot.stdout.take().unwrap());
        let mut port_of = |word: &str| -> Option<u16> {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            let address = line.strip_prefix(word)?.split("//").nth(1)?.split('/').next()?;
            address.rsplit(':').next()?.parse().ok()
        };
        let Some(port) = port_of("serving ") else { panic!("{:?}", griot.wait_with_output()) };
        Self { griot, port, inside: None, stdout }
    }

    /// The same with the line of the operator's numbers.
    pub fn with_inside(desk: &Desk) -> Self {
        let mut server = Self::start(desk);
        let mut line = String::new();
        server.stdout.read_line(&mut line).unwrap();
        server.inside = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok());
        server
    }

    pub fn connect(&self) -> TcpStream {
        connect(self.port)
    }

    /// Sends bytes as they are, and reads until the server closes.
    pub fn send(&self, request: impl AsRef<[u8]>) -> Answer {
        Answer::parse(&self.exchange(request))
    }

    /// The same without making sense of what comes.
    pub fn exchange(&self, request: impl AsRef<[u8]>) -> Vec<u8> {
        let mut stream = self.connect();
        // One that is turned away while it still talks has closed the line.
        let _ = stream.write_all(request.as_ref());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        bytes
    }

    /// A request with further lines in its head, each `Name: value`.
    pub fn ask(&self, method: &str, path: &str, lines: &[&str]) -> Answer {
        self.send(request(method, path, lines))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    pub fn id(&self) -> u32 {
        self.griot.id()
    }

    pub fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.id().to_string()]).status().unwrap().success());
    }

    /// Waits for its end; gives its exit code and what it said on stderr.
    pub fn ended(&mut self) -> (Option<i32>, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.griot.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "the server does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut said = String::new();
        self.griot.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status.code(), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.griot.kill();
        let _ = self.griot.wait();
    }
}

pub fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

pub fn request(method: &str, path: &str, lines: &[&str]) -> String {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: www.example.org\r\nConnection: close\r\n");
    lines.iter().fold(head, |head, line| head + line + "\r\n") + "\r\n"
}

/// Reads one answer of several on a connection.
pub fn read_answer(stream: &mut BufReader<TcpStream>, has_body: bool) -> Answer {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0, "closed after {head:?}");
    }
    let mut answer = Answer::of_head(&head);
    if has_body {
        answer.body = vec![0; answer.header("content-length").parse().unwrap_or(0)];
        stream.read_exact(&mut answer.body).unwrap();
    }
    answer
}
