//! A mailbox on a server, read by IMAP (RFC 3501 and 9051): what is new since last time, the beginning of each message,
//! and nothing that changes a message unless asked to.
//!
//! - [`Session`]: logged in; [`Session::open_folder`], [`Session::first_after`], [`Session::fetch`], [`Session::mark_seen`].
//! - `open`: everything before the login is done. `wire`: lines and literals in, limited in size. `response`: what they say.
//!
//! Messages are asked for by their numbers in the folder, which a server must not change while it answers FETCH and STORE
//! (RFC 3501, section 7.4.1): so no list of all messages is ever asked for, however many there are.

mod error;
mod open;
mod response;
mod session;
#[cfg(test)]
mod tests;
mod wire;

use std::time::Duration;

use super::smtp::{Credentials, Security};

pub use error::ImapError;
pub use session::{Fetched, Folder, Session};

/// Which server has the mailbox.
#[derive(Clone, Debug)]
pub struct ImapServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Credentials,
    /// Certificates in PEM to trust besides the system's, for a server with a private authority.
    pub roots: Option<Vec<u8>>,
    pub limits: ImapLimits,
}

/// How long the server may take.
#[derive(Clone, Copy, Debug)]
pub struct ImapLimits {
    /// To look the name up, and to connect to each of its addresses.
    pub connect: Duration,
    /// To answer a command to its end.
    pub command: Duration,
}

impl Default for ImapLimits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(30), command: Duration::from_mins(2) }
    }
}
