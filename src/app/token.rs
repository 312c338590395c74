//! What a reader can prove a subscription with: a token that only this ledger can make, and that tells nobody anything.
//!
//! A token is 24 bytes: 16 of an HMAC (RFC 2104) over what it is for and whose it is, and the 8 of the subscription's id,
//! under a mask that comes from the former. So a subscription is found by its id, without an index of tokens; the proof is
//! then compared in constant time; and once the subscription is gone, so is all that its tokens meant.
//!
//! It is written in base32 (RFC 4648, section 6) in lower case without padding: mail systems that change the case of a local
//! part, and people who read it over the telephone, do no harm.

use aws_lc_rs::{constant_time, hmac};

use super::Desk;
use crate::domain::SubscriptionId;
use crate::mail::LEAVE;

/// What a token is for: one for another purpose proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To leave, and to see and change the subscription. Good as long as there is the subscription.
    Leave,
    /// To confirm it. What counts is whether it waits for that.
    Confirm,
    /// To say that mail to its reader came back.
    Bounce,
}

/// Whose token it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder<'a> {
    pub id: SubscriptionId,
    pub list: &'a str,
    /// The key of the address.
    pub reader: &'a str,
}

/// Makes tokens, and knows them again.
#[derive(Debug)]
pub(super) struct Mint {
    proof: hmac::Key,
    mask: hmac::Key,
}

const PROOF: usize = 16;
const ID: usize = 8;

/// A token as it came, from anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    proof: [u8; PROOF],
    masked: [u8; ID],
}

impl Mint {
    pub async fn of(desk: &Desk) -> anyhow::Result<Self> {
        Ok(Self::with_secret(&desk.secret("tokens").await?))
    }

    pub fn with_secret(secret: &str) -> Self {
        let key = |name: &str| hmac::Key::new(hmac::HMAC_SHA256, format!("{name} {secret}").as_bytes());
        Self { proof: key("proof"), mask: key("mask") }
    }

    /// The token of a reader.
    pub fn token(&self, purpose: Purpose, holder: &Holder<'_>) -> [u8; LEAVE] {
        let proof = self.proof(purpose, holder);
        let masked = self.masked(&proof, holder.id.0.to_be_bytes());
        encode(&proof, masked)
    }

    /// The subscription that a token names: to be found, and then proven.
    pub fn names(&self, shown: &Shown) -> SubscriptionId {
        SubscriptionId(i64::from_be_bytes(self.masked(&shown.proof, shown.masked)))
    }

    /// Whether a token is this reader's for this purpose. Takes as long for one that is nearly right as for any other.
    pub fn proves(&self, shown: &Shown, purpose: Purpose, holder: &Holder<'_>) -> bool {
        constant_time::verify_slices_are_equal(&shown.proof, &self.proof(purpose, holder)).is_ok()
    }

    fn proof(&self, purpose: Purpose, holder: &Holder<'_>) -> [u8; PROOF] {
        let mut context = hmac::Context::with_key(&self.proof);
        let purpose = match purpose {
            Purpose::Leave => "leave",
            Purpose::Confirm => "confirm",
            Purpose::Bounce => "bounce",
        };
        context.update(&holder.id.0.to_be_bytes());
        for part in [purpose, holder.list, holder.reader] {
            context.update(&part.len().to_be_bytes());
            context.update(part.as_bytes());
        }
        first(context.sign().as_ref())
    }

    /// The id under the mask, or from under it: the same either way.
    fn masked(&self, proof: &[u8; PROOF], id: [u8; ID]) -> [u8; ID] {
        let mask: [u8; ID] = first(hmac::sign(&self.mask, proof).as_ref());
        std::array::from_fn(|at| id.get(at).zip(mask.get(at)).map_or(0, |(id, mask)| id ^ mask))
    }
}

impl Shown {
    /// Reads a token; nothing where the text is none, whoever's it might be.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut bytes, mut bits, mut filled) = (Vec::with_capacity(PROOF + ID), 0_u32, 0_u32);
        let text = text.trim();
        if text.len() != LEAVE {
            return None;
        }
        for letter in text.bytes() {
            let value = ALPHABET.iter().position(|known| *known == letter.to_ascii_lowercase())?;
            bits = (bits << 5) | u32::try_from(value).ok()?;
            filled += 5;
            if filled >= 8 {
                filled -= 8;
                bytes.push(u8::try_from(bits >> filled).ok()?);
                bits &= (1 << filled) - 1;
            }
        }
        // Each token is written in one way only.
        let (proof, masked) = bytes.split_at_checked(PROOF).filter(|_| bits == 0)?;
        Some(Self { proof: proof.try_into().ok()?, masked: masked.try_into().ok()? })
    }
}

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn encode(proof: &[u8; PROOF], masked: [u8; ID]) -> [u8; LEAVE] {
    let mut bytes = proof.iter().chain(&masked);
    let (mut bits, mut filled) = (0_u32, 0_u32);
    std::array::from_fn(|_| {
        if filled < 5 {
            // Behind the last byte stand three zeros.
            bits = (bits << 8) | u32::from(bytes.next().copied().unwrap_or(0));
            filled += 8;
        }
        filled -= 5;
        let value = usize::try_from(bits >> filled).unwrap_or_default();
        bits &= (1 << filled) - 1;
        ALPHABET.get(value).copied().unwrap_or(b'a')
    })
}

/// The first bytes of a longer value.
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|at| bytes.get(at).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Holder<'static> = Holder { id: SubscriptionId(7), list: "readers", reader: "ada@reader.example" };

    fn text(token: [u8; LEAVE]) -> String {
        String::from_utf8(token.to_vec()).unwrap()
    }

    #[test]
    fn a_token_names_and_proves_its_subscription() {
        let mint = Mint::with_secret("secret");
        for id in [0, 1, 7, 1_000_000, i64::MAX, -1] {
            let holder = Holder { id: SubscriptionId(id), ..ADA };
            let token = text(mint.token(Purpose::Leave, &holder));
            let shown = Shown::parse(&token).unwrap();
            assert_eq!(mint.names(&shown), holder.id, "{token}");
            assert!(mint.proves(&shown, Purpose::Leave, &holder));
            assert_eq!(Shown::parse(&token.to_uppercase()), Some(shown), "in whatever case");
            assert_eq!(Shown::parse(&format!(" {token}\n")), Some(shown));
        }
    }

    #[test]
    fn it_is_for_one_purpose_one_reader_and_one_list() {
        let mint = Mint::with_secret("secret");
        let shown = Shown::parse(&text(mint.token(Purpose::Leave, &ADA))).unwrap();
        for other in [
            Holder { id: SubscriptionId(8), ..ADA },
            Holder { list: "others", ..ADA },
            Holder { reader: "ben@reader.example", ..ADA },
            // The same letters, cut in another place.
            Holder { list: "readersa", reader: "da@reader.example", ..ADA },
        ] {
            assert!(!mint.proves(&shown, Purpose::Leave, &other), "{other:?}");
        }
        assert!(!mint.proves(&shown, Purpose::Confirm, &ADA) && !mint.proves(&shown, Purpose::Bounce, &ADA));
        assert!(!Mint::with_secret("other").proves(&shown, Purpose::Leave, &ADA));
    }

    #[test]
    fn a_token_with_any_bit_changed_proves_nothing() {
        let mint = Mint::with_secret("secret");
        let token = text(mint.token(Purpose::Leave, &ADA));
        let is_ada = |text: &str| {
            Shown::parse(text).is_some_and(|shown| mint.names(&shown) == ADA.id && mint.proves(&shown, Purpose::Leave, &ADA))
        };
        assert!(is_ada(&token));
        for at in 0..token.len() {
            for letter in ALPHABET.iter().map(|byte| char::from(*byte)).chain(['0', '1', '=', ' ', '\u{e9}']) {
                let mut changed: Vec<char> = token.chars().collect();
                changed[at] = letter;
                let changed: String = changed.into_iter().collect();
                assert_eq!(is_ada(&changed), changed == token, "{changed}");
            }
        }
        for text in ["", "a", &token[1..], &format!("{token}a"), &"é".repeat(20), &"7".repeat(LEAVE)] {
            assert!(!is_ada(text), "{text}");
        }
    }

    #[test]
    fn nothing_can_be_seen_in_tokens() {
        let mint = Mint::with_secret("secret");
        let token = |id| text(mint.token(Purpose::Leave, &Holder { id: SubscriptionId(id), ..ADA }));
        // Neighbours have neither beginnings nor ends in common.
        let (one, two) = (token(1), token(2));
        let same = one.bytes().zip(two.bytes()).filter(|(one, two)| one == two).count();
        assert!(same < 8, "{one} {two}");
        assert_eq!(one, token(1), "and one is the same each time");
    }
}
