//! SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding: a login that shows the password to nobody.
//!
//! User and password are taken as they are: the preparation of RFC 4013 changes nothing in printable ASCII, and griot has no
//! tables for the rest.

use std::num::NonZeroU32;

use aws_lc_rs::digest::{self, SHA256, SHA256_OUTPUT_LEN};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use aws_lc_rs::pbkdf2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Rounds of hashing that a server may ask for: fewer make the password guessable (RFC 7677, section 4), more cost seconds.
const ROUNDS: std::ops::RangeInclusive<u32> = 4096..=1_000_000;

/// What a client without channel binding begins with (RFC 5802, section 7).
const NO_BINDING: &str = "n,,";

/// The client's side after its first message.
pub(super) struct Scram<'a> {
    password: &'a str,
    nonce: &'a str,
    /// `n=user,r=nonce`
    first: String,
}

/// What the server has to prove.
pub(super) struct Proof {
    key: hmac::Key,
    exchange: String,
}

impl<'a> Scram<'a> {
    /// The nonce is printable ASCII without commas, never used before.
    pub fn new(user: &str, password: &'a str, nonce: &'a str) -> Self {
        let user = user.replace('=', "=3D").replace(',', "=2C");
        Self { password, nonce, first: format!("n={user},r={nonce}") }
    }

    pub fn first(&self) -> String {
        format!("{NO_BINDING}{}", self.first)
    }

    /// The answer to the server's first message, and what its second has to prove. An error says what is wrong with it.
    pub fn answer(&self, challenge: &str) -> Result<(String, Proof), &'static str> {
        let mut parts = challenge.split(',');
        let mut part = |name: &str| parts.next().and_then(|part| part.strip_prefix(name)).ok_or("its challenge is malformed");
        let (nonce, salt, rounds) = (part("r=")?, part("s=")?, part("i=")?);
        if nonce.len() <= self.nonce.len() || !nonce.starts_with(self.nonce) {
            return Err("it answers somebody else's challenge");
        }
        let salt = STANDARD.decode(salt).ok().filter(|salt| !salt.is_empty()).ok_or("its challenge is malformed")?;
        let rounds = rounds.parse().ok().filter(|rounds| ROUNDS.contains(rounds)).and_then(NonZeroU32::new);
        let rounds = rounds.ok_or("it asks for too few or too many rounds of hashing")?;

        let mut salted = [0; SHA256_OUTPUT_LEN];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, &salt, self.password.as_bytes(), &mut salted);
        let salted = hmac::Key::new(HMAC_SHA256, &salted);
        let client_key = hmac::sign(&salted, b"Client Key");
        let stored_key = digest::digest(&SHA256, client_key.as_ref());
        let server_key = hmac::sign(&salted, b"Server Key");

        let last = format!("c={},r={nonce}", STANDARD.encode(NO_BINDING));
        let exchange = format!("{},{challenge},{last}", self.first);
        let signature = hmac::sign(&hmac::Key::new(HMAC_SHA256, stored_key.as_ref()), exchange.as_bytes());
        let proof: Vec<u8> = client_key.as_ref().iter().zip(signature.as_ref()).map(|(key, sign)| key ^ sign).collect();
        let last = format!("{last},p={}", STANDARD.encode(proof));
        Ok((last, Proof { key: hmac::Key::new(HMAC_SHA256, server_key.as_ref()), exchange }))
    }
}

impl Proof {
    /// Whether the server's last message proves that it knows the password.
    pub fn is_given(&self, last: &str) -> bool {
        let signature = last.split(',').next().and_then(|first| first.strip_prefix("v="));
        let signature = signature.and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
        hmac::verify(&self.key, self.exchange.as_bytes(), &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
    const CHALLENGE: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    /// The example of RFC 7677, section 3.
    #[test]
    fn the_example_of_the_rfc() {
        let scram = Scram::new("user", "pencil", NONCE);
        assert_eq!(scram.first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let (last, proof) = scram.answer(CHALLENGE).unwrap();
        assert_eq!(
            last,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert!(proof.is_given("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assert!(proof.is_given("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=y"));
        for bad in ["", "v=", "e=other-error", "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "v=6rri"] {
            assert!(!proof.is_given(bad), "{bad}");
        }
    }

    #[test]
    fn a_challenge_that_is_wrong_is_not_answered() {
        let scram = Scram::new("a=b,c", "pencil", NONCE);
        assert_eq!(scram.first(), "n,,n=a=3Db=2Cc,r=rOprNGfwEbeRWgbNEkqO");
        for bad in [
            String::new(),
            "é".to_owned(),
            format!("m=ext,{CHALLENGE}"),
            CHALLENGE.replace("r=r", "r=x"),
            format!("r={NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"),
            CHALLENGE.replace("s=W22ZaJ0SNY7soEsUEjb6gQ==", "s="),
            CHALLENGE.replace("==", "=!"),
            CHALLENGE.replace("4096", "4095"),
            CHALLENGE.replace("4096", "1000001"),
            CHALLENGE.replace("4096", "99999999999999999999"),
            CHALLENGE.replace(",i=4096", ""),
        ] {
            assert!(scram.answer(&bad).is_err(), "{bad}");
        }
    }
}
