//! A mail server that keeps what it takes, and that refuses, defers and drops as it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where in the dialogue something is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the final dot.
    Dot,
}

/// What is to happen there.
#[derive(Clone, Debug)]
pub enum Deed {
    Reply(&'static str),
    /// The line is cut without a reply; after the final dot the message has been kept.
    Drop,
    /// Nothing is said any more; after the final dot the message has been kept.
    Silence,
}

impl Deed {
    fn is_yes(&self) -> bool {
        matches!(self, Self::Reply(reply) if reply.starts_with('2'))
    }
}

/// One message that was accepted.
#[derive(Clone, Debug)]
pub struct Kept {
    pub from: String,
    pub to: String,
    pub data: String,
}

#[derive(Default)]
struct State {
    kept: Vec<Kept>,
    /// Rules in order: stage, part of the recipient's address (empty: any), deed, how often (`None`: always).
    rules: Vec<(Stage, String, Deed, Option<usize>)>,
    logins: Vec<String>,
    connections: usize,
}

pub struct Smtp {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Smtp {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                state.lock().unwrap().connections += 1;
                // A client that goes away in the middle is part of some cases.
                thread::spawn(move || drop(serve(&stream, &state)));
            }
        });
        Self { port, state }
    }

    /// At this stage, for recipients whose address holds `whom`, do this; `times` times or always.
    pub fn rule(&self, stage: Stage, whom: &str, deed: Deed, times: Option<usize>) {
        self.state.lock().unwrap().rules.push((stage, whom.to_owned(), deed, times));
    }

    pub fn kept(&self) -> Vec<Kept> {
        self.state.lock().unwrap().kept.clone()
    }

    /// Who was mailed, in order of address.
    pub fn mailed(&self) -> Vec<String> {
        let mut all: Vec<String> = self.kept().into_iter().map(|kept| kept.to).collect();
        all.sort();
        all
    }

    pub fn logins(&self) -> Vec<String> {
        self.state.lock().unwrap().logins.clone()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream);
    let (mut from, mut to) = (String::new(), String::new());
    // Whether sender and recipient were accepted: a client that pipelines says DATA without waiting for that.
    let (mut from_is_fine, mut to_is_fine) = (false, false);
    if !answer(&mut out, state, Stage::Greeting, "", "220 test.example ESMTP")? {
        return Ok(());
    }
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let upper = command.to_ascii_uppercase();
        let goes_on = if upper.starts_with("EHLO") {
            out.write_all(
                b"250-test.example\r\n250-PIPELINING\r\n250-SIZE 20000000\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n",
            )?;
            true
        } else if upper.starts_with("AUTH") {
            state.lock().unwrap().logins.push(command.clone());
            answer(&mut out, state, Stage::Auth, "", "235 2.7.0 welcome")?
        } else if upper.starts_with("MAIL FROM") {
            from = address(&command);
            let deed = find(state, Stage::Mail, "").unwrap_or(Deed::Reply("250 2.1.0 ok"));
            from_is_fine = deed.is_yes();
            say(&mut out, &deed)?
        } else if upper.starts_with("RCPT TO") {
            to = address(&command);
            let deed = find(state, Stage::Rcpt, &to).unwrap_or(Deed::Reply("250 2.1.5 ok"));
            to_is_fine = deed.is_yes();
            say(&mut out, &deed)?
        } else if upper == "DATA" && !(from_is_fine && to_is_fine) {
            say(&mut out, &Deed::Reply("503 5.5.1 for nobody"))?
        } else if upper == "DATA" {
            if let Some(deed) = find(state, Stage::Data, &to) {
                if say(&mut out, &deed)? {
                    continue;
                }
                return Ok(());
            }
            out.write_all(b"354 go on\r\n")?;
            let data = body(&mut lines)?;
            let Some(data) = data else { return Ok(()) };
            match find(state, Stage::Dot, &to) {
                Some(Deed::Reply(reply)) => {
                    if reply.starts_with('2') {
                        keep(state, &from, &to, data);
                    }
                    out.write_all(format!("{reply}\r\n").as_bytes())?;
                    true
                }
                Some(Deed::Drop) => {
                    keep(state, &from, &to, data);
                    return Ok(());
                }
                Some(Deed::Silence) => {
                    keep(state, &from, &to, data);
                    return hush(&mut lines);
                }
                None => {
                    keep(state, &from, &to, data);
                    out.write_all(b"250 2.0.0 queued as TEST\r\n")?;
                    true
                }
            }
        } else if upper == "QUIT" {
            out.write_all(b"221 2.0.0 bye\r\n")?;
            false
        } else {
            out.write_all(b"250 2.0.0 ok\r\n")?;
            true
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// The message up to the final dot, unstuffed; `None` where the line was cut before it.
fn body(lines: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut data = String::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        if line == ".\r\n" {
            return Ok(Some(data));
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn keep(state: &Mutex<State>, from: &str, to: &str, data: String) {
    state.lock().unwrap().kept.push(Kept { from: from.to_owned(), to: to.to_owned(), data });
}

fn find(state: &Mutex<State>, stage: Stage, to: &str) -> Option<Deed> {
    let mut state = state.lock().unwrap();
    let rule =
        state.rules.iter_mut().find(|(at, whom, _, left)| *at == stage && to.contains(whom.as_str()) && *left != Some(0))?;
    if let Some(left) = &mut rule.3 {
        *left -= 1;
    }
    Some(rule.2.clone())
}

fn answer(out: &mut TcpStream, state: &Mutex<State>, stage: Stage, to: &str, usual: &'static str) -> std::io::Result<bool> {
    let deed = find(state, stage, to).unwrap_or(Deed::Reply(usual));
    say(out, &deed)
}

/// False where the line is cut.
fn say(out: &mut TcpStream, deed: &Deed) -> std::io::Result<bool> {
    match deed {
        Deed::Reply(reply) => {
            out.write_all(format!("{reply}\r\n").as_bytes())?;
            Ok(true)
        }
        Deed::Drop => Ok(false),
        Deed::Silence => {
            hush(&mut BufReader::new(&*out))?;
            Ok(false)
        }
    }
}

/// Reads and says nothing, until the client goes away.
fn hush(lines: &mut impl BufRead) -> std::io::Result<()> {
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        line.clear();
    }
    Ok(())
}

fn address(command: &str) -> String {
    let inner = command.split_once('<').map_or(command, |(_, rest)| rest);
    inner.split('>').next().unwrap_or(inner).to_owned()
}
