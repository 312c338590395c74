//! Servers that say anything at any time: no panic, no wait beyond the limits, and no message called sent without a 250.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::script::{MESSAGE, begin, hand_over_and_ask, limits, send_at_once, server, with_password};
use crate::domain::{DeliveryState, Outcome};
use crate::mail::smtp::extensions::Extensions;
use crate::mail::smtp::wire::Wire;
use crate::mail::smtp::{Connection, Timeouts};
use crate::mail::transport::Transport;

impl Transport for DuplexStream {}

/// Numbers that look random and are the same in each run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    /// What a server may say: mostly replies, whole, in part, of many lines or none at all.
    fn words(&mut self) -> Vec<u8> {
        const LINES: [&str; 16] = [
            "250 ok\r\n",
            "250 ok\r\n",
            "250 ok\n",
            "250-ok\r\n",
            "250\r\n",
            "354 go\r\n",
            "354 go\r\n",
            "251 ok\r\n",
            "550 5.1.1 no\r\n",
            "451 4.7.1 later\r\n",
            "421 bye\r\n",
            "25",
            "0 ok\r\n",
            "\r\n",
            "220 hi\r\n",
            "334 cj0=\r\n",
        ];
        match self.roll(10) {
            0 => {
                (0..self.roll(40)).map(|_| u8::try_from(self.0 >> 13 & 0xFF).unwrap() ^ self.roll(256).to_le_bytes()[0]).collect()
            }
            1 => vec![b'2'; usize::try_from(self.roll(5000)).unwrap()],
            2 => b"250-x\r\n".repeat(usize::try_from(self.roll(200)).unwrap()),
            _ => LINES[usize::try_from(self.roll(16)).unwrap()].as_bytes().to_vec(),
        }
    }
}

/// Listens and speaks as the dice fall; gives all that it said.
async fn babble(mut stream: DuplexStream, mut dice: Dice) -> Vec<u8> {
    let mut said = Vec::new();
    let mut buffer = [0; 256];
    for _ in 0..200 {
        match dice.roll(12) {
            // One word for each of the commands of a flight, which is what a real server does.
            0..=4 => {
                let heard = tokio::time::timeout(Duration::from_millis(15), stream.read(&mut buffer)).await;
                if matches!(heard, Ok(Ok(0) | Err(_))) {
                    break;
                }
                let words = match dice.roll(3) {
                    0 => [&b"250 ok\r\n"[..], b"250 ok\r\n", &dice.words()].concat(),
                    _ => dice.words(),
                };
                said.extend_from_slice(&words);
                if stream.write_all(&words).await.is_err() {
                    break;
                }
            }
            5 if dice.roll(20) == 0 => break,
            6 if dice.roll(4) == 0 => {
                let words = dice.words();
                said.extend_from_slice(&words);
                if stream.write_all(&words).await.is_err() {
                    break;
                }
            }
            _ => tokio::task::yield_now().await,
        }
    }
    said
}

/// Connections that are opened.
const ROUNDS: u64 = 100;

const LIMIT: Duration = Duration::from_millis(20);

/// Up to five messages over a connection to a server that babbles.
async fn messages(seed: u64, extensions: &str) -> Vec<Outcome> {
    let (near, far) = tokio::io::duplex(1024);
    let server = tokio::spawn(babble(far, Dice(seed)));
    let extensions = Extensions::parse(extensions.lines());
    let wire = Wire::new(Box::new(near));
    let mut connection = Connection { wire, extensions, limits: limits(LIMIT), awaited: None, asked: None, is_stale: false };
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        let outcome = if connection.is_one_flight() {
            send_at_once(&mut connection, MESSAGE).await
        } else {
            let begun =
                if connection.is_asked() { connection.begun().await } else { begin(&mut connection, "ada@reader.example").await };
            match begun {
                Ok(()) => Ok(hand_over_and_ask(&mut connection, MESSAGE, "ada@reader.example").await),
                Err(refusal) => Err(refusal),
            }
        };
        outcomes.extend(outcome);
        if !connection.is_usable() && !connection.is_asked() {
            break;
        }
    }
    connection.quit().await;
    let said = server.await.unwrap();
    for outcome in &outcomes {
        assert!(outcome.reply().chars().count() <= 350 && !outcome.reply().contains(char::is_control), "{outcome:?}");
    }
    let sent = outcomes.iter().filter(|outcome| outcome.state() == DeliveryState::Sent).count();
    assert!(outcomes.iter().all(|outcome| outcome.state() != DeliveryState::Sent || outcome.reply().starts_with("250")));
    // Each took a 250 for MAIL and one for the message.
    let yes = said.split(|byte| *byte == b'\n').filter(|line| line.windows(3).any(|code| code == b"250")).count();
    assert!(2 * sent <= yes, "seed {seed}: {sent} sent by {yes} lines");
    outcomes
}

#[tokio::test]
async fn whatever_the_server_says() {
    let mut seen = std::collections::BTreeSet::new();
    for seed in 1..=400 {
        for extensions in ["x", "x\nPIPELINING", "x\nPIPELINING\nCHUNKING"] {
            let seed = u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15);
            // Every phase has its limit; a message has at most seven, and the last words of two seconds at most LIMIT.
            let done = tokio::time::timeout(Duration::from_secs(10), messages(seed, extensions)).await;
            seen.extend(done.expect("no wait beyond the limits").iter().map(Outcome::state));
        }
    }
    let all = [DeliveryState::Sent, DeliveryState::Deferred, DeliveryState::Refused, DeliveryState::Uncertain];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all, "the dice reach every end");
}

#[tokio::test]
async fn whatever_the_server_says_before_the_first_message() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = server(listener.local_addr().unwrap().port());
    with_password(&mut server);
    server.limits = Timeouts { connect: Duration::from_secs(5), ..limits(LIMIT) };
    let babbling = std::thread::spawn(move || {
        for seed in 1..=ROUNDS {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(15))).unwrap();
            let mut dice = Dice(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15));
            let mut buffer = [0; 512];
            for step in 0..8 {
                let words = match (step, dice.roll(4)) {
                    (0, 1..) => b"220 hi\r\n".to_vec(),
                    (1, 1..) => b"250-x\r\n250 AUTH SCRAM-SHA-256 PLAIN\r\n".to_vec(),
                    _ => dice.words(),
                };
                // The client may have had enough.
                if stream.write_all(&words).is_err() || stream.read(&mut buffer).is_ok_and(|count| count == 0) {
                    break;
                }
            }
        }
    });
    for _ in 0..ROUNDS {
        let opened = tokio::time::timeout(Duration::from_secs(10), Connection::open(&server)).await;
        let error = opened.expect("no wait beyond the limits").expect_err("nobody has proved to know the password");
        assert!(!error.to_string().contains("s3cret") && !error.to_string().contains(char::is_control), "{error}");
    }
    babbling.join().unwrap();
}
