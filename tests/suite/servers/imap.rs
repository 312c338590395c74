//! A server with one mailbox, read by IMAP (RFC 3501), that keeps what it is told and fails as it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What is to happen at a command, in the place of the usual.
#[derive(Clone)]
pub enum Deed {
    /// The line is cut.
    Drop,
    /// These bytes; then the server waits for the next command.
    Say(Vec<u8>),
    /// These bytes, then the usual.
    SayFirst(Vec<u8>),
    /// These bytes again and again, as long as anybody listens.
    Flood(Vec<u8>),
}

#[derive(Clone)]
pub struct Message {
    pub uid: u32,
    pub seen: bool,
    pub bytes: Vec<u8>,
}

pub struct State {
    pub validity: u32,
    pub messages: Vec<Message>,
    pub abilities: &'static str,
    pub password: &'static str,
    /// At a command that begins so.
    pub deeds: Vec<(&'static str, Deed)>,
    /// All commands without their tags.
    pub heard: Vec<String>,
}

pub struct Imap {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Imap {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = State {
            validity: 7,
            messages: Vec::new(),
            abilities: "IMAP4rev1 AUTH=PLAIN",
            password: "se\"cret",
            deeds: Vec::new(),
            heard: Vec::new(),
        };
        let server = Self { port, state: Arc::new(Mutex::new(state)) };
        let state = Arc::clone(&server.state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                // A client that hangs up ends its own connection.
                thread::spawn(move || drop(serve(&stream, &state)));
            }
        });
        server
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Puts a message into the mailbox, as servers keep them: with CRLF.
    pub fn put(&self, uid: u32, message: &str) {
        let bytes = message.replace('\n', "\r\n").into_bytes();
        self.state().messages.push(Message { uid, seen: false, bytes });
    }

    /// The commands that were heard since the last call.
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.state().heard)
    }
}

fn serve(mut stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let deed = |command: &str| {
        let state = state.lock().unwrap();
        state.deeds.iter().find(|(begin, _)| command.starts_with(begin)).map(|(_, deed)| deed.clone())
    };
    match deed("greeting") {
        Some(Deed::Drop) => return Ok(()),
        Some(Deed::Say(bytes)) => stream.write_all(&bytes)?,
        _ => stream.write_all(b"* OK [CAPABILITY IMAP4rev1] ready {5}\r\n")?,
    }
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap();
        state.lock().unwrap().heard.push(command.to_owned());
        match deed(command) {
            Some(Deed::Drop) => return Ok(()),
            Some(Deed::Say(bytes)) => {
                stream.write_all(&bytes)?;
                continue;
            }
            Some(Deed::Flood(bytes)) => loop {
                stream.write_all(&bytes)?;
            },
            Some(Deed::SayFirst(bytes)) => stream.write_all(&bytes)?,
            None => {}
        }
        let answer = answer(tag, command, stream, &mut lines, state)?;
        stream.write_all(&answer)?;
        if command == "LOGOUT" {
            return Ok(());
        }
    }
}

fn answer(
    tag: &str,
    command: &str,
    mut stream: &TcpStream,
    lines: &mut impl BufRead,
    state: &Mutex<State>,
) -> std::io::Result<Vec<u8>> {
    let done = |untagged: &str| format!("{untagged}{tag} OK done\r\n").into_bytes();
    let refused = || format!("{tag} NO [AUTHENTICATIONFAILED] no, not {}\r\n", STANDARD.encode("\0desk\0wrong")).into_bytes();
    if command == "AUTHENTICATE PLAIN" {
        stream.write_all(b"+ \r\n")?;
        let mut response = String::new();
        lines.read_line(&mut response)?;
        let is_right =
            STANDARD.decode(response.trim_end()).unwrap() == format!("\0desk\0{}", state.lock().unwrap().password).into_bytes();
        return Ok(if is_right { done("") } else { refused() });
    }
    let mut state = state.lock().unwrap();
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    Ok(match verb {
        "CAPABILITY" => done(&format!("* CAPABILITY {}\r\n", state.abilities)),
        "LOGIN" if rest == format!("\"desk\" \"{}\"", state.password.replace('"', "\\\"")) => done(""),
        "LOGIN" => refused(),
        "LOGOUT" => done("* BYE\r\n"),
        "SELECT" | "EXAMINE" if rest == "\"INBOX\"" || rest == "\"R&APw-ck\"" => {
            let next = state.messages.iter().map(|message| message.uid).max().unwrap_or(0) + 1;
            done(&format!(
                "* {} EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY {}] x\r\n* OK [UIDNEXT {next}] x\r\n",
                state.messages.len(),
                state.validity
            ))
        }
        "FETCH" => {
            let (set, what) = rest.split_once(' ').unwrap();
            let (first, last) = set.split_once(':').unwrap();
            let range = first.parse::<usize>().unwrap() - 1..last.parse().unwrap();
            let mut out = Vec::new();
            for (at, message) in state.messages.iter().enumerate().filter(|(at, _)| range.contains(at)) {
                write!(out, "* {} FETCH (FLAGS () UID {}", at + 1, message.uid)?;
                if let Some(most) = what.split_once("BODY.PEEK[]<0.").and_then(|(_, rest)| rest.split('>').next()) {
                    let head: Vec<u8> = message.bytes.iter().copied().take(most.parse().unwrap()).collect();
                    write!(out, " RFC822.SIZE {} BODY[]<0> {{{}}}\r\n", message.bytes.len(), head.len())?;
                    out.extend(head);
                }
                out.extend(b")\r\n");
            }
            out.extend(done(""));
            out
        }
        "STORE" => {
            for number in rest.split(' ').next().unwrap().split(',') {
                state.messages[number.parse::<usize>().unwrap() - 1].seen = true;
            }
            done("")
        }
        _ => format!("{tag} BAD what\r\n").into_bytes(),
    })
}
