use std::fmt::Write as _;

use aws_lc_rs::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Algorithm;
use super::verify::tags;

/// The public half of a key pair, as the DNS shows it (RFC 6376, section 3.6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: Algorithm,
    /// RSA: `SubjectPublicKeyInfo`; Ed25519: the 32 bytes themselves (RFC 8463, section 4).
    bytes: Vec<u8>,
}

/// Why a TXT record is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error("it is not a list of `name=value`, with semicolons between them")]
    NoList,
    #[error("it does not begin with `v=DKIM1`")]
    Version,
    #[error("it has no `p=`")]
    NoKey,
    #[error("its `p=` is empty: the key was revoked")]
    Revoked,
    #[error("its `p=` is not base64")]
    Base64,
    #[error("its key is of the kind `{0}`, and only `rsa` and `ed25519` are known")]
    Kind(String),
    #[error("its key is not for SHA-256 (`h={0}`)")]
    Hash(String),
    #[error("its key is not for mail (`s={0}`)")]
    Service(String),
    #[error("its Ed25519 key has {0} bytes, and 32 is right")]
    Length(usize),
}

/// Longest string of a TXT record, in bytes (RFC 1035, section 3.3).
const STRING: usize = 255;

impl PublicKey {
    pub(super) fn rsa(der: &[u8]) -> Self {
        Self { algorithm: Algorithm::Rsa, bytes: der.to_vec() }
    }

    pub(super) fn ed25519(bytes: &[u8]) -> Self {
        Self { algorithm: Algorithm::Ed25519, bytes: bytes.to_vec() }
    }

    /// Reads a TXT record: its strings joined, or in quotes as zone files and `dig` write them.
    pub fn from_record(text: &str) -> Result<Self, RecordError> {
        let joined: String = if text.contains('"') { text.split('"').skip(1).step_by(2).collect() } else { text.to_owned() };
        let tags = tags(joined.trim()).ok_or(RecordError::NoList)?;
        let value = |name: &str| tags.iter().find(|(tag, _)| *tag == name).map(|(_, value)| *value);
        // The version may be left out; where it stands, it stands first.
        if value("v").is_some_and(|version| version != "DKIM1" || tags.first().is_none_or(|(tag, _)| *tag != "v")) {
            return Err(RecordError::Version);
        }
        let lists = |value: &str, words: &[&str]| value.split(':').any(|word| words.contains(&word.trim()));
        if let Some(hashes) = value("h").filter(|hashes| !lists(hashes, &["sha256"])) {
            return Err(RecordError::Hash(hashes.to_owned()));
        }
        if let Some(services) = value("s").filter(|services| !lists(services, &["*", "email"])) {
            return Err(RecordError::Service(services.to_owned()));
        }
        let letters: String = value("p").ok_or(RecordError::NoKey)?.split_whitespace().collect();
        if letters.is_empty() {
            return Err(RecordError::Revoked);
        }
        let bytes = STANDARD.decode(letters).map_err(|_| RecordError::Base64)?;
        let algorithm = match value("k").unwrap_or("rsa") {
            "rsa" => Algorithm::Rsa,
            "ed25519" if bytes.len() == 32 => Algorithm::Ed25519,
            "ed25519" => return Err(RecordError::Length(bytes.len())),
            kind => return Err(RecordError::Kind(kind.to_owned())),
        };
        Ok(Self { algorithm, bytes })
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The text of the TXT record, in one piece.
    pub fn record(&self) -> String {
        format!("v=DKIM1; k={}; p={}", self.algorithm.key_type(), STANDARD.encode(&self.bytes))
    }

    /// The record as strings in quotes, none longer than a string of the DNS may be.
    pub fn strings(&self) -> String {
        let mut out = String::new();
        for (at, letter) in self.record().chars().enumerate() {
            if at % STRING == 0 {
                out.push_str(if at == 0 { "\"" } else { "\" \"" });
            }
            out.push(letter);
        }
        out.push('"');
        out
    }

    /// The line of a zone file.
    pub fn zone_line(&self, name: &str) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = write!(out, "{name}. IN TXT {}", self.strings());
        out
    }

    /// Whether this signature is of the text whose SHA-256 `hash` is.
    pub(super) fn has_signed(&self, text: &[u8], hash: &[u8], signature: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Rsa => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.bytes).verify(text, signature).is_ok(),
            Algorithm::Ed25519 => UnparsedPublicKey::new(&ED25519, &self.bytes).verify(hash, signature).is_ok(),
        }
    }
}
