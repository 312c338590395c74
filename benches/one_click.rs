//! How many readers can leave in a second by the button of their mail programs (RFC 8058), each answered when it is on the
//! disk; and how much memory a server takes whose ledger has a million readers.
//!
//! `cargo bench --bench one_click`. The requests come over TCP from this machine, one after the other on each of some
//! connections that are kept open, as from the servers of a few large mailbox providers. In the end the server is killed,
//! and the ledger has to know of everyone who was answered.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use griot::app::{Desk, Readership, World};
use griot::domain::{SubscriptionId, SubscriptionState};

const READERS: usize = 1_000_000;
const LEAVING: usize = 20_000;
const CONNECTIONS: usize = 16;
/// Kilobytes that were asked for.
const MEMORY: u64 = 60_000;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    desk(folder.path());
    let tokens = tokens(folder.path());
    println!("{READERS} readers in a ledger of {} MB", fs::metadata(ledger(folder.path())).unwrap().len() / 1_000_000);
    let mut server = Serving::start(folder.path());
    server.ask("GET", &tokens[0], "");
    println!("at rest: {} KB at most", server.peak());
    let mut times: Vec<Duration> = Vec::new();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let server = &server;
        let leaving: Vec<_> =
            tokens.chunks(LEAVING / CONNECTIONS).map(|tokens| scope.spawn(move || leave(server, tokens))).collect();
        times.extend(leaving.into_iter().flat_map(|one| one.join().unwrap()));
    });
    let took = began.elapsed();
    times.sort();
    let rate = f64::from(u32::try_from(times.len()).unwrap()) / took.as_secs_f64();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    println!("{} one-click POSTs, {CONNECTIONS} connections: {rate:.0}/s (1000 asked for)", times.len());
    println!("  answered in {:.1} ms (median), {:.1} ms (99 of 100), {:.1} ms (all)", at(50), at(99), at(100));
    println!("  memory: {} KB at most ({MEMORY} asked for)", server.peak());
    server.kill();
    let left = left(folder.path());
    assert_eq!(left, times.len(), "somebody was answered and has not left");
    println!("  the server was killed, and {left} have left");
}

/// Leaves by one connection, and gives how long each took.
fn leave(server: &Serving, tokens: &[String]) -> Vec<Duration> {
    let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut writer, mut reader) = (stream.try_clone().unwrap(), BufReader::new(stream));
    let mut times = Vec::with_capacity(tokens.len());
    let mut body = Vec::new();
    for token in tokens {
        let began = Instant::now();
        writer.write_all(request("POST", token, "List-Unsubscribe=One-Click", "").as_bytes()).unwrap();
        let (mut status, mut length) = (String::new(), 0);
        reader.read_line(&mut status).unwrap();
        assert!(status.starts_with("HTTP/1.1 200 "), "{status}");
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).unwrap();
        times.push(began.elapsed());
    }
    times
}

fn request(method: &str, token: &str, body: &str, more: &str) -> String {
    format!(
        "{method} /letters/unsubscribe?t={token} HTTP/1.1\r\nHost: example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n{more}\r\n{body}",
        body.len()
    )
}

/// A publication with a million readers.
fn desk(folder: &Path) {
    fs::create_dir_all(folder.join("config")).unwrap();
    fs::create_dir_all(folder.join("feeds")).unwrap();
    let config = "[publication]\ntitle = \"The Desk\"\nhome = \"https://example.org/\"\nfeeds = \"https://example.org/feeds\"\n\
                  language = \"en\"\npostal_address = \"The Desk, 1 Bank Street\"\n[letter]\nfrom = \"The Desk <letter@example.org>\"\n\
                  [serve]\nurl = \"https://example.org/letters/\"\n";
    fs::write(folder.join("config/griot.toml"), config).unwrap();
    let mut list = String::from("email\n");
    for reader in 0..READERS {
        writeln!(list, "reader{reader}@d{}.example", reader % 5000).unwrap();
    }
    fs::write(folder.join("readers.csv"), list).unwrap();
    let mut griot = Command::new(env!("CARGO_BIN_EXE_griot"));
    let import =
        griot.args(["subscribers", "import", "readers.csv", "--apply", "--confirmed", "at the bench"]).current_dir(folder);
    let output = import.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn ledger(folder: &Path) -> std::path::PathBuf {
    folder.join("config/griot.db")
}

/// Works at the desk as a command does, beside the server.
fn at_desk<T>(folder: &Path, work: impl AsyncFnOnce(&Desk) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let world = World { now: jiff::Timestamp::now(), since: None, chance: || Ok([7; 32]), variable: |_| None };
        let desk = Desk::open(&folder.join("config/griot.toml"), world).await.unwrap();
        let done = work(&desk).await;
        desk.ledger.close().await;
        done
    })
}

/// Who leaves: readers from all over the list.
fn ids() -> impl Iterator<Item = SubscriptionId> {
    (1..=READERS).step_by(READERS / LEAVING).map(|id| SubscriptionId(i64::try_from(id).unwrap()))
}

/// Their tokens, as their letters have them.
fn tokens(folder: &Path) -> Vec<String> {
    at_desk(folder, async |desk| {
        let readership = Readership::of(desk).await.unwrap();
        let mut tokens = Vec::new();
        for id in ids() {
            tokens.push(readership.token_of(&desk.ledger.subscription(id).await.unwrap().unwrap()));
        }
        tokens
    })
}

/// How many readers have left.
fn left(folder: &Path) -> usize {
    at_desk(folder, async |desk| {
        let mut left = 0;
        for id in ids() {
            let found = desk.ledger.subscription(id).await.unwrap().unwrap();
            left += usize::from(found.state == SubscriptionState::Left);
        }
        left
    })
}

struct Serving {
    griot: Child,
    port: u16,
}

impl Serving {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
        command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder).stdout(Stdio::piped());
        let mut griot = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(griot.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        Self { griot, port }
    }

    fn ask(&self, method: &str, token: &str, body: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request(method, token, body, "Connection: close\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    /// Kilobytes that it has had in memory at most; 0 where the system does not say.
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.griot.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
    }

    fn kill(&mut self) {
        self.griot.kill().unwrap();
        self.griot.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.griot.kill();
        let _ = self.griot.wait();
    }
}
