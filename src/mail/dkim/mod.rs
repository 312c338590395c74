//! DKIM (RFC 6376): messages signed by the domain of their sender, and the signature looked at as a reader's server will.
//!
//! One way of signing, relaxed/relaxed over the whole body, with RSA and SHA-256 (RFC 8301) or Ed25519 (RFC 8463). The same
//! message signed at the same time has the same bytes: both kinds of signature are deterministic.

mod canonical;
mod key;
mod record;
mod sign;
mod verify;

pub use canonical::Body;
pub use key::{Algorithm, KeyError, SigningKey};
pub use record::{PublicKey, RecordError};
pub use sign::{Seal, SignError, Signer};
pub use verify::{Published, Signed, VerifyError, verify};

#[cfg(test)]
mod tests;
