//! The SMTP dialogue, its phases apart: what was asked, and whether the message was handed over, is known at any instant.
//!
//! - [`Connection`], [`Refusal`]: the phases of one message, and how each can end.
//! - `wire`, `reply`, `framing`: commands and messages out, replies in, limited in every direction.
//! - `open`, `extensions`, `login`, `scram`: everything that comes before the first message.
//!
//! An outcome is uncertain only where the server may have the whole message and has not said what it did with it.
//! A phase that fails, runs out of time or is dropped by its caller leaves a connection that refuses to be used again.

mod dialogue;
mod envelope;
mod extensions;
mod framing;
mod login;
mod open;
mod open_error;
mod reply;
mod scram;
mod server;
mod wire;

use std::fmt;

use crate::domain::{Outcome, Reply};

pub use envelope::Envelope;
pub use open_error::OpenError;
pub use server::{Credentials, Login, Protocol, Security, Server, Timeouts};

use extensions::Extensions;
use wire::Wire;

/// A greeted, encrypted and logged-in connection to one server.
#[derive(Debug)]
pub struct Connection {
    wire: Wire,
    extensions: Extensions,
    limits: Timeouts,
    /// What the server waits for: MAIL, RCPT and DATA were accepted.
    awaited: Option<Awaited>,
    /// The server was asked for a message together with the one before, and has not been heard on it.
    asked: Option<Awaited>,
    /// An earlier message was refused half-way: RSET has to go before the next one.
    is_stale: bool,
}

/// What a server waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    Message {
        eight_bit: bool,
    },
    /// The end of the message that it was given.
    End,
    /// The end of the chunk that it was given with its envelope, before which so many RSET went.
    EndOfChunk {
        resets: usize,
    },
}

/// What became of a message that was to be handed over.
pub type Handed = Result<Outcome, Refusal>;

/// Why a message could not be begun. Nothing was handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Try later.
    #[error("server deferred the {stage}: {reply}")]
    Deferred { stage: Stage, reply: Reply },
    /// Not at all. Only a refused recipient is about the reader; a refused sender is about the desk's own settings.
    #[error("server refused the {stage}: {reply}")]
    Refused { stage: Stage, reply: Reply },
    /// The connection is gone, or out of step. Try on a new one.
    #[error("connection lost at the {stage}: {reason}")]
    Lost { stage: Stage, reason: String },
}

/// What was asked of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// MAIL
    Sender,
    /// RCPT
    Recipient,
    /// DATA or BDAT
    Message,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Message => "message",
        })
    }
}

#[cfg(test)]
mod tests;
