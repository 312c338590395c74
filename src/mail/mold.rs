//! The message of an edition, made once and filled in for each reader.
//!
//! Two readers' messages differ in the address and in two tokens of fixed length: that of the Message-ID and that of the way
//! out. So the message is made twice with other tokens, and where the two differ, and nowhere else, a token's letter stands;
//! the lines, their encoding and their breaks are the same for all. A third message proves it: a mold that would not give
//! it, byte for byte, is no mold.

use super::dkim::Body;
use super::message::{MessageError, MessageHead, header_to, message};
use crate::domain::{Address, Newsletter, Recipient};

/// Letters of the token in a Message-ID: 16 bytes in hexadecimal.
pub const TOKEN: usize = 32;
/// Letters of the token in a way out: 24 bytes in base32.
pub const LEAVE: usize = 39;

/// What is a reader's own in the head and the letter, beside the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// In the Message-ID.
    pub id: [u8; TOKEN],
    /// In the way out.
    pub leave: [u8; LEAVE],
}

/// A message to be filled in.
#[derive(Clone, Debug)]
pub struct Mold {
    /// All of it but the header `To`.
    bytes: Vec<u8>,
    /// Where the header `To` goes.
    to: usize,
    /// Which letter of which token stands where: an index of the tokens written one after the other.
    slots: Vec<(usize, u8)>,
    body: Body,
}

/// Why a letter cannot be poured into a mold: its messages are then made one by one.
#[derive(Debug, thiserror::Error)]
pub enum MoldError {
    #[error("the messages of two readers differ elsewhere than in address and tokens")]
    Uneven,
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl Mold {
    /// The mold of a letter; `head` gives what stands above it for some tokens.
    pub fn new<E>(letter: &Newsletter, head: impl Fn(&Tokens) -> Result<MessageHead, E>) -> Result<Self, E>
    where
        E: From<MoldError>,
    {
        let uneven = || E::from(MoldError::Uneven);
        let reader = |address: &str| Address::parse(address).map(Recipient::of_test).map_err(|_| uneven());
        let make = |to: &Recipient, tokens: &Tokens| {
            let head = head(tokens)?;
            message(letter, to, &head).map_err(|error| E::from(MoldError::Message(error)))
        };
        let first = reader("a@reader.invalid")?;
        let (one, two) = (pattern(0), pattern(1));
        let mold = Self::between(&make(&first, &one)?, &make(&first, &two)?, &one, &two).ok_or_else(uneven)?;
        let (second, three) = (reader("another.reader+1@list.reader.invalid")?, pattern(2));
        if mold.fill(&second, &three) == make(&second, &three)? { Ok(mold) } else { Err(uneven()) }
    }

    /// What two messages to one address have in common, where their tokens are these.
    fn between(a: &[u8], b: &[u8], one: &Tokens, two: &Tokens) -> Option<Self> {
        let (one, two) = (one.letters(), two.letters());
        let (a, to) = without_to(a)?;
        let (b, _) = without_to(b)?;
        if a.len() != b.len() {
            return None;
        }
        let mut slots = Vec::new();
        for (at, (left, right)) in a.iter().zip(&b).enumerate() {
            if left != right {
                let slot = one.iter().zip(&two).position(|(one, two)| one == left && two == right)?;
                slots.push((at, u8::try_from(slot).ok()?));
            }
        }
        let head = memchr::memmem::find(&a, b"\r\n\r\n")?;
        let body = Body::of(a.get(head + 4..)?);
        Some(Self { bytes: a, to, slots, body })
    }

    /// The message for one reader, byte for byte as [`message`] makes it.
    pub fn fill(&self, to: &Recipient, tokens: &Tokens) -> Vec<u8> {
        let header = header_to(to);
        let letters = tokens.letters();
        let (above, below) = self.bytes.split_at_checked(self.to).unwrap_or((&self.bytes, &[]));
        let mut message = Vec::with_capacity(self.bytes.len() + header.len());
        message.extend_from_slice(above);
        message.extend_from_slice(header.as_bytes());
        message.extend_from_slice(below);
        for (at, slot) in &self.slots {
            let at = if *at < self.to { *at } else { at + header.len() };
            if let (Some(byte), Some(letter)) = (message.get_mut(at), letters.get(usize::from(*slot))) {
                *byte = *letter;
            }
        }
        message
    }

    /// What is signed of the body of every message that is filled in.
    pub fn body(&self) -> &Body {
        &self.body
    }
}

impl Tokens {
    fn letters(&self) -> [u8; TOKEN + LEAVE] {
        let mut letters = [0; TOKEN + LEAVE];
        for (to, from) in letters.iter_mut().zip(self.id.iter().chain(&self.leave)) {
            *to = *from;
        }
        letters
    }
}

/// Tokens of which each letter is told from every other by what it is in the patterns 0 and 1.
fn pattern(number: usize) -> Tokens {
    let digit = |n: usize| b"0123456789abcdef".get(n % 16).copied().unwrap_or(b'0');
    // Letter n is n / 15 in the one and something else in the other.
    let letter = |n: usize| match number {
        0 => digit(n / 15),
        1 => digit(n / 15 + 1 + n % 15),
        _ => digit(n * 7 + 3),
    };
    Tokens { id: std::array::from_fn(letter), leave: std::array::from_fn(|n| letter(n + TOKEN)) }
}

/// A message without its header `To`, and where that stood.
fn without_to(message: &[u8]) -> Option<(Vec<u8>, usize)> {
    let head = memchr::memmem::find(message, b"\r\n\r\n")?;
    let at = memchr::memmem::find(message.get(..head)?, b"\r\nTo: ")? + 2;
    let mut end = at;
    // A line that begins with a blank goes on with the one above (RFC 5322, section 2.2.3).
    loop {
        end += memchr::memmem::find(message.get(end..)?, b"\r\n")? + 2;
        if !matches!(message.get(end), Some(b' ' | b'\t')) {
            break;
        }
    }
    let mut bytes = message.to_vec();
    bytes.drain(at..end);
    Some((bytes, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{InlinePicture, Line};
    use crate::mail::dkim::{Seal, Signer, SigningKey};
    use crate::mail::message::tests::{head, letter};

    fn tokens(seed: u8) -> Tokens {
        let digit = |n: usize| b"0123456789abcdef"[(n * 5 + usize::from(seed)) % 16];
        Tokens { id: std::array::from_fn(digit), leave: std::array::from_fn(|n| digit(n * 3 + 1)) }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as `Mold::new` wants it")]
    fn own(tokens: &Tokens) -> Result<MessageHead, MoldError> {
        let text = |token: &[u8]| String::from_utf8(token.to_vec()).unwrap();
        let mut own = head();
        own.message_id = format!("2026-03-04-ferrymen.{}@delta.example", text(&tokens.id));
        own.unsubscribe.page = crate::domain::Href::parse(&format!("https://delta.example/u?t={}", text(&tokens.leave))).unwrap();
        Ok(own)
    }

    #[test]
    fn a_filled_mold_is_the_message() {
        let letter = letter();
        let mold = Mold::new(&letter, own).unwrap();
        for (seed, address, name) in [
            (0, "a@b.example", None),
            (7, "a.very.long.address.of.a.reader+with.a.tag@some.long.domain.of.a.reader.example", Some("Zoë \"Z.\" Réader, Dr")),
            (
                9,
                "x@xn--bcher-kva.example",
                Some("A name that is so long that it has to be folded over several lines of the head"),
            ),
        ] {
            let to = Recipient::from_ledger(Address::parse(address).unwrap(), name.and_then(Line::new), None);
            let made = message(&letter, &to, &own(&tokens(seed)).unwrap()).unwrap();
            assert_eq!(String::from_utf8(mold.fill(&to, &tokens(seed))).unwrap(), String::from_utf8(made).unwrap());
        }
    }

    #[test]
    fn what_is_signed_of_a_mold_is_what_is_signed_of_its_messages() {
        let mut letter = letter();
        letter.text = format!("Blanks  and\ttabs \t\n \n\n{}\n  end \n\n\n", letter.text);
        letter.html.push_str("<pre>\t \tx  </pre> \n<img src=\"cid:one@delta.example\">\n\n");
        let bytes: Vec<u8> = (0..100_000).map(|at| u8::try_from(at * 31 % 256).unwrap()).collect();
        let picture = InlinePicture { id: "one@delta.example".to_owned(), media_type: "image/png", bytes: bytes.into() };
        letter.pictures.push(picture);
        let mold = Mold::new(&letter, own).unwrap();
        let key = SigningKey::ed25519(&[7; 32]).unwrap();
        let seal = Seal::new(vec![Signer::new("delta.example", "one", key)]);
        for (seed, address) in [(0, "a@b.example"), (7, "zoe.of.the.upper.landing@reader.example")] {
            let to = Recipient::of_test(Address::parse(address).unwrap());
            let filled = mold.fill(&to, &tokens(seed));
            assert_eq!(filled, message(&letter, &to, &own(&tokens(seed)).unwrap()).unwrap());
            let sign = |body| seal.sign(&filled, body, jiff::Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(sign(Some(mold.body())), sign(None));
            seal.prove(&sign(None)).unwrap();
        }
    }

    #[test]
    fn what_differs_elsewhere_is_no_mold() {
        let letter = letter();
        let uneven = Mold::new(&letter, |tokens| {
            let mut own = own(tokens)?;
            // A subject, say, that depends on the reader.
            own.list.0 = Line::new(&format!("List {}", tokens.id[1])).unwrap();
            Ok::<_, MoldError>(own)
        });
        assert!(matches!(uneven, Err(MoldError::Uneven)), "{uneven:?}");
    }
}
