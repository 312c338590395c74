use std::fmt;

use aws_lc_rs::digest::Digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::PublicKey;

/// The private half of a key pair, by which messages are signed. Never shown: `Debug` tells its kind.
pub struct SigningKey(Pair);

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// How a message is signed: what stands as `a=`, and in the record of the public key as `k=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `rsa-sha256` (RFC 8301, section 3.1)
    Rsa,
    /// `ed25519-sha256` (RFC 8463, section 3)
    Ed25519,
}

/// Why a file is no key to sign with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("it holds no private key in PEM: a line `-----BEGIN PRIVATE KEY-----` is missing")]
    NoPem,
    #[error("it holds a public key: the private one is needed")]
    Public,
    #[error("its key is protected by a passphrase: write it out without one")]
    Encrypted,
    #[error("the lines between BEGIN and END are not base64")]
    Base64,
    #[error("its key is neither RSA nor Ed25519, or is damaged")]
    Unknown,
    #[error("its RSA key has less than 2048 bits: receivers ignore what such a key has signed (RFC 8301)")]
    TooSmall,
    #[error("its RSA key has more than 4096 bits: receivers need not know such keys (RFC 8301)")]
    TooLarge,
}

/// Longest RSA modulus that is signed with, in bytes (RFC 8301, section 3.2).
const LONGEST_MODULUS: usize = 512;

impl SigningKey {
    /// Reads PEM (RFC 7468): PKCS#8 as openssl writes it, or PKCS#1, which older tools write for RSA.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (label, der) = block(text)?;
        let key = match label {
            "PRIVATE KEY" => match RsaKeyPair::from_pkcs8(&der) {
                Ok(pair) => Self(Pair::Rsa(Box::new(pair))),
                Err(error) if is_small(&error) => return Err(KeyError::TooSmall),
                Err(_) => {
                    // As openssl writes it, without the public half.
                    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| KeyError::Unknown)?;
                    Self(Pair::Ed25519(Box::new(pair)))
                }
            },
            "RSA PRIVATE KEY" => match RsaKeyPair::from_der(&der) {
                Ok(pair) => Self(Pair::Rsa(Box::new(pair))),
                Err(error) if is_small(&error) => return Err(KeyError::TooSmall),
                Err(_) => return Err(KeyError::Unknown),
            },
            "ENCRYPTED PRIVATE KEY" => return Err(KeyError::Encrypted),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err(KeyError::Public),
            _ => return Err(KeyError::Unknown),
        };
        match &key.0 {
            Pair::Rsa(pair) if pair.public_modulus_len() > LONGEST_MODULUS => Err(KeyError::TooLarge),
            _ => Ok(key),
        }
    }

    /// A new RSA key of 2048 bits: the size that every receiver knows and that fits a DNS record. None where the system fails.
    ///
    /// Its chance comes from the library, since the search for primes takes no seed.
    pub fn new_rsa() -> Option<Self> {
        RsaKeyPair::generate(KeySize::Rsa2048).ok().map(|pair| Self(Pair::Rsa(Box::new(pair))))
    }

    /// The Ed25519 key of a seed that nobody can guess (RFC 8032, section 5.1.5).
    pub fn ed25519(seed: &[u8; 32]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(|pair| Self(Pair::Ed25519(Box::new(pair))))
    }

    pub fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Pair::Rsa(_) => Algorithm::Rsa,
            Pair::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// The half that the DNS shows.
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        match &self.0 {
            Pair::Rsa(pair) => {
                let der: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyError::Unknown)?;
                Ok(PublicKey::rsa(der.as_ref()))
            }
            Pair::Ed25519(pair) => Ok(PublicKey::ed25519(pair.public_key().as_ref())),
        }
    }

    /// The key as a file in PEM, PKCS#8. For the file, and for nothing else.
    pub fn reveal(&self) -> Result<String, KeyError> {
        let der: Pkcs8V1Der<'_> = match &self.0 {
            Pair::Rsa(pair) => pair.as_der(),
            Pair::Ed25519(pair) => pair.as_der(),
        }
        .map_err(|_| KeyError::Unknown)?;
        let base64 = STANDARD.encode(der.as_ref());
        let mut out = String::from("-----BEGIN PRIVATE KEY-----\n");
        for (at, letter) in base64.chars().enumerate() {
            if at > 0 && at % 64 == 0 {
                out.push('\n');
            }
            out.push(letter);
        }
        out.push_str("\n-----END PRIVATE KEY-----\n");
        Ok(out)
    }

    /// The signature of what has this SHA-256. None where the library refuses, which no key does that was read.
    pub(super) fn sign(&self, hash: &Digest) -> Option<Vec<u8>> {
        match &self.0 {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, hash, &mut signature).ok()?;
                Some(signature)
            }
            // Signed is the hash, not the text (RFC 8463, section 3).
            Pair::Ed25519(pair) => Some(pair.try_sign(hash.as_ref()).ok()?.as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.algorithm().key_type())
    }
}

impl Algorithm {
    /// As `a=` names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-sha256",
            Self::Ed25519 => "ed25519-sha256",
        }
    }

    /// As `k=` names the kind of key.
    pub fn key_type(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

fn is_small(error: &aws_lc_rs::error::KeyRejected) -> bool {
    // The library tells the reason as a word only.
    error.to_string() == "TooSmall"
}

/// The first block of PEM: its label and what its lines hold. Parameters of curves and the like before a key are passed over.
fn block(text: &str) -> Result<(&str, Vec<u8>), KeyError> {
    let mut rest = text;
    while let Some((_, begun)) = rest.split_once("-----BEGIN ") {
        let (label, inside) = begun.split_once("-----").ok_or(KeyError::NoPem)?;
        let (body, after) = inside.split_once("-----END ").ok_or(KeyError::NoPem)?;
        rest = after;
        if !label.ends_with("KEY") {
            continue;
        }
        if body.contains("ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        let letters: String = body.split_whitespace().collect();
        return Ok((label, STANDARD.decode(letters).map_err(|_| KeyError::Base64)?));
    }
    Err(KeyError::NoPem)
}
