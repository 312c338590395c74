//! How fast messages are made for each reader of a letter that was rendered once: unsigned, and signed with each kind of key,
//! beside the bare signature of the same run; and how much memory that takes for a short list and for a long one.
//!
//! `cargo bench --bench letter`. One thread. Bare and whole take turns, and the median of the turns counts, since machines are
//! shared.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use griot::domain::{Address, Href, InlinePicture, Language, Line, Mailbox, Newsletter, Recipient};
use griot::mail::dkim::{Seal, Signer, SigningKey};
use griot::mail::{LEAVE, MessageHead, Mold, MoldError, TOKEN, Tokens, Unsubscribe};
use jiff::Timestamp;

const RSA: &str = include_str!("../tests/fixtures/dkim/rsa.pem");
const ED25519: &str = include_str!("../tests/fixtures/dkim/ed25519.pem");
const TURNS: usize = 15;

fn main() {
    if let Some(readers) = std::env::args().skip_while(|argument| argument != "--readers").nth(1) {
        return list(readers.parse().unwrap());
    }
    let letter = letter(0);
    let began = Instant::now();
    let press = Press::new(&letter);
    let mold = began.elapsed();
    let bytes = press.unsigned(0).len();
    println!("a letter of {bytes} bytes, made ready for its list in {:.1} ms", mold.as_secs_f64() * 1e3);

    let unsigned = median(|turn| timed(5_000, turn, |reader| press.unsigned(reader)));
    println!("unsigned:         {}", rate(unsigned));

    let ed25519 = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der(ED25519)).unwrap();
    compare("Ed25519", &press, &["two"], 2_000, |hash| ed25519.sign(hash).as_ref().to_vec());
    let rsa = RsaKeyPair::from_pkcs8(&der(RSA)).unwrap();
    let rsa_signature = |text: &[u8]| {
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, text), &mut signature).unwrap();
        signature
    };
    compare("RSA 2048", &press, &["one"], 200, rsa_signature);
    let both = |hash: &[u8]| [rsa_signature(hash), ed25519.sign(hash).as_ref().to_vec()].concat();
    compare("both", &press, &["one", "two"], 200, both);

    let pictures = self::letter(1_000_000);
    let press = Press::new(&pictures);
    println!("a letter of {} bytes, with a picture of 1 MB in it", press.unsigned(0).len());
    println!("unsigned:         {}", rate(median(|turn| timed(50, turn, |reader| press.unsigned(reader)))));
    let seal = seal(&["two"]);
    println!("Ed25519:          {}", rate(median(|turn| timed(50, turn, |reader| press.signed(&seal, reader)))));

    for readers in [10_000, 1_000_000] {
        let output = Command::new(std::env::current_exe().unwrap()).args(["--readers", &readers.to_string()]).output().unwrap();
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// A whole list, signed with Ed25519, in a process of its own: each message is made, looked at and let go.
fn list(readers: usize) {
    let (letter, seal) = (letter(0), seal(&["two"]));
    let press = Press::new(&letter);
    let began = Instant::now();
    let bytes: usize = (0..readers).map(|reader| black_box(press.signed(&seal, reader)).len()).sum();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("unknown", str::trim);
    let took = began.elapsed().as_secs_f64();
    println!("{readers} readers, Ed25519: {} MB of mail in {took:.1} s, at most {peak} of memory", bytes / 1_000_000);
}

/// The bare signature and the whole message in turns.
fn compare(name: &str, press: &Press, selectors: &[&str], count: usize, bare: impl Fn(&[u8]) -> Vec<u8>) {
    let seal = seal(selectors);
    let mut ratios = Vec::new();
    let mut times = Vec::new();
    for turn in 0..TURNS {
        let alone = timed(count, turn, |reader| bare(digest(&SHA256, &reader.to_be_bytes()).as_ref()));
        let whole = timed(count, turn, |reader| press.signed(&seal, reader));
        ratios.push(whole.as_secs_f64() / alone.as_secs_f64());
        times.push((alone, whole));
    }
    ratios.sort_by(f64::total_cmp);
    times.sort();
    let (alone, whole) = times[TURNS / 2];
    println!("{:<17} {}; the bare signature {}; ratio {:.2}", format!("{name}:"), rate(whole), rate(alone), ratios[TURNS / 2]);
}

/// The time for each of so many readers.
fn timed(count: usize, turn: usize, make: impl Fn(usize) -> Vec<u8>) -> Duration {
    let began = Instant::now();
    for reader in 0..count {
        black_box(make(turn * count + reader));
    }
    began.elapsed() / u32::try_from(count).unwrap()
}

fn median(take: impl Fn(usize) -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..TURNS).map(take).collect();
    times.sort();
    times[TURNS / 2]
}

fn rate(each: Duration) -> String {
    format!("{:.1} µs each, {:.0} a second", each.as_secs_f64() * 1e6, 1.0 / each.as_secs_f64())
}

/// What is ready to make messages, as in a delivery.
struct Press {
    mold: Mold,
    message_key: hmac::Key,
    unsubscribe_key: hmac::Key,
}

impl Press {
    fn new(letter: &Newsletter) -> Self {
        let mold = Mold::new(letter, |tokens| Ok::<_, MoldError>(head(tokens))).unwrap();
        let key = |secret: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, secret);
        Self { mold, message_key: key(b"one"), unsubscribe_key: key(b"two") }
    }

    /// The message for a reader whom nobody knew a moment ago.
    fn unsigned(&self, reader: usize) -> Vec<u8> {
        let address = format!("reader{reader}@d{}.example", reader % 5000);
        let tokens = Tokens { id: token(&self.message_key, &address), leave: self.way_out(&address) };
        self.mold.fill(&Recipient::from_ledger(Address::parse(&address).unwrap(), Line::new("Ada Réader"), None), &tokens)
    }

    /// Two keyed hashes, as griot's tokens are made.
    fn way_out(&self, address: &str) -> [u8; LEAVE] {
        let (proof, mask) = (token(&self.unsubscribe_key, address), token(&self.message_key, "mask"));
        std::array::from_fn(|at| if at < TOKEN { proof[at] } else { mask[at - TOKEN] })
    }

    fn signed(&self, seal: &Seal, reader: usize) -> Vec<u8> {
        seal.sign(&self.unsigned(reader), Some(self.mold.body()), Timestamp::UNIX_EPOCH).unwrap()
    }
}

fn token(key: &hmac::Key, address: &str) -> [u8; TOKEN] {
    let signed = hmac::sign(key, address.as_bytes());
    let digits = b"0123456789abcdef";
    let mut token = [0; TOKEN];
    for (letters, byte) in token.chunks_exact_mut(2).zip(signed.as_ref()) {
        letters.copy_from_slice(&[byte >> 4, byte & 15].map(|digit| digits[usize::from(digit)]));
    }
    token
}

fn seal(selectors: &[&str]) -> Seal {
    let signer = |selector: &&str| {
        let pem = if *selector == "one" { RSA } else { ED25519 };
        Signer::new("delta.example", selector, SigningKey::from_pem(pem).unwrap())
    };
    Seal::new(selectors.iter().map(signer).collect())
}

fn der(pem: &str) -> Vec<u8> {
    let letters: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(letters).unwrap()
}

fn head(tokens: &Tokens) -> MessageHead {
    let text = |token: &[u8]| String::from_utf8(token.to_vec()).unwrap();
    MessageHead {
        from: Mailbox::parse("Zoë at The Delta Post <letter@delta.example>").unwrap(),
        reply_to: Some(Mailbox::parse("desk@delta.example").unwrap()),
        message_id: format!("2026-03-04-ferrymen.{}@delta.example", text(&tokens.id)),
        date: Timestamp::UNIX_EPOCH,
        list: (Line::new("The Delta Post").unwrap(), "letter.delta.example".to_owned()),
        archive: Href::parse("https://delta.example/letters/"),
        help: Href::parse("https://delta.example/help"),
        subscribe: None,
        owner: Some(Address::parse("owner@delta.example").unwrap()),
        feedback: Some("2026-03-04-ferrymen:letter:deltapost".to_owned()),
        language: Language::parse("en").unwrap(),
        unsubscribe: Unsubscribe {
            page: Href::parse(&format!("https://delta.example/leave?t={}", text(&tokens.leave))).unwrap(),
            one_click: true,
            mail: Href::parse(&format!("mailto:leave@delta.example?subject={}", text(&tokens.leave))),
        },
        test: false,
    }
}

/// A letter of some 20 KB as a message, with a picture of so many bytes.
fn letter(picture: usize) -> Newsletter {
    let notes = || {
        (0..24).map(|number| {
            format!(
                "Note {number} tells of the river, of the people who count its water, and of what it counts of them – day by day, at the \
                 seven landings, since the year in which the gauge was set. Nobody reads it twice."
            )
        })
    };
    let row = |note: String| {
        format!(
            "  <tr>\n    <td style=\"padding:0 24px 16px;font-family:Georgia,serif;font-size:17px;line-height:27px;color:#262320\">\n      \
             <p style=\"margin:0 0 16px;text-align:left;font-weight:400\">{note}</p>\n    </td>\n  </tr>"
        )
    };
    let rows = notes().map(row).collect::<Vec<_>>().join("\n");
    let text = notes().collect::<Vec<_>>().join("\n\n");
    let pictures = if picture == 0 {
        Vec::new()
    } else {
        let bytes: Vec<u8> = (0..picture).map(|at| u8::try_from(at * 31 % 256).unwrap()).collect();
        vec![InlinePicture { id: "picture-1@delta.example".to_owned(), media_type: "image/jpeg", bytes: Arc::from(bytes) }]
    };
    Newsletter {
        subject: Line::new("Those who count the water – and what the water counts").unwrap(),
        html: format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<body>\n<table role=\"presentation\">\n{rows}\n</table>\n<a href=\"{}\">Leave</a>\n</body>\n</html>\n",
            Newsletter::UNSUBSCRIBE
        ),
        text: format!("{text}\n\nLeave:\n{}\n", Newsletter::UNSUBSCRIBE),
        pictures,
    }
}
