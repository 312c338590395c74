//! The SMTP dialogue, its phases apart: what was asked, and whether the message was handed over, is known at any instant.
//!
//! griot drives lettre's connection command by command. lettre's own `send` closes the connection at the first refused
//! reader, knows no time limit but that of connecting, and does not say whether the message had left when the line broke.
//! Here every phase takes the connection out and puts it back only when the dialogue is in step again: a phase that
//! fails, runs out of time or is dropped by its caller leaves no connection that could be misread later.

mod open;
mod server;
mod wire;

use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::response::Response;

use crate::domain::{Address, Line, Outcome};

pub use open::OpenError;
pub use server::{Credentials, Security, Server, Timeouts};

/// A greeted, encrypted and logged-in connection to one server.
pub struct Connection {
    /// Nothing while a phase has it, and after a phase that lost it.
    smtp: Option<AsyncSmtpConnection>,
    /// Whether the server waits for a message: MAIL, RCPT and DATA were accepted.
    awaited: bool,
    limits: Timeouts,
}

/// Why a message could not be begun. Nothing was handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Try later.
    #[error("server deferred the {stage}: {reply}")]
    Deferred { stage: Stage, reply: String },
    /// Not at all. Only a refused recipient is about the reader; a refused sender is about the desk's own settings.
    #[error("server refused the {stage}: {reply}")]
    Refused { stage: Stage, reply: String },
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
    /// DATA
    Message,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Message => "message",
        })
    }
}

impl Connection {
    /// Asks the server to take a message, up to the point where it waits for it.
    ///
    /// After a plain refusal the connection can be used for the next reader.
    pub async fn begin(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let stage = Stage::Sender;
        // A message that was begun and never handed over would be the next command's answer.
        let smtp = self.smtp.take().filter(|_| !self.awaited);
        self.awaited = false;
        let Some(mut smtp) = smtp else {
            return Err(Refusal::Lost { stage, reason: "no connection".to_owned() });
        };
        let asked = ask(&mut smtp, from, to, &self.limits).await;
        match asked {
            Ok(()) => {
                self.awaited = true;
                self.smtp = Some(smtp);
            }
            Err(Refusal::Lost { .. }) => {}
            Err(Refusal::Deferred { ref reply, .. } | Refusal::Refused { ref reply, .. }) => {
                if !is_closing(reply) && matches!(answer(&mut smtp, "RSET\r\n", self.limits.command).await, Answer::Yes(250, _)) {
                    self.smtp = Some(smtp);
                }
            }
        }
        asked
    }

    /// Hands the message over and waits for the server's word on it.
    ///
    /// From the call on, until the outcome is known, the server may have the message: record that before calling.
    pub async fn hand_over(&mut self, message: &[u8]) -> Outcome {
        let awaited = std::mem::take(&mut self.awaited);
        let Some(mut smtp) = self.smtp.take().filter(|_| awaited) else {
            return Outcome::Deferred { reply: "no server waits for the message".to_owned() };
        };
        let Some(framed) = wire::framed(message) else {
            return Outcome::Refused { reply: "the message is not lines of 7-bit characters; it was not sent".to_owned() };
        };
        match answer(&mut smtp, &framed, self.limits.end_of_data).await {
            Answer::Yes(250, reply) => {
                self.smtp = Some(smtp);
                Outcome::Sent { reply }
            }
            Answer::Yes(_, reply) => Outcome::Uncertain { reason: format!("unexpected reply: {reply}") },
            Answer::Later(reply) => {
                self.smtp = Some(smtp).filter(|_| !is_closing(&reply));
                Outcome::Deferred { reply }
            }
            Answer::No(reply) => {
                self.smtp = Some(smtp);
                Outcome::Refused { reply }
            }
            Answer::Lost(reason) => Outcome::Uncertain { reason },
        }
    }

    /// Whether another message can be begun.
    pub fn is_usable(&self) -> bool {
        self.smtp.is_some() && !self.awaited
    }

    /// Takes leave of the server. Whatever it says, what it accepted stays accepted.
    pub async fn quit(mut self) {
        if let Some(mut smtp) = self.smtp.take().filter(|_| !self.awaited) {
            answer(&mut smtp, "QUIT\r\n", self.limits.command.min(Duration::from_secs(5))).await;
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("connected", &self.smtp.is_some())
            .field("awaited", &self.awaited)
            .finish_non_exhaustive()
    }
}

/// What the server said to one command.
enum Answer {
    /// A positive reply: its code and its words.
    Yes(u16, String),
    Later(String),
    No(String),
    /// Nothing that could be understood, in time.
    Lost(String),
}

async fn ask(smtp: &mut AsyncSmtpConnection, from: &Address, to: &Address, limits: &Timeouts) -> Result<(), Refusal> {
    let commands = [
        (Stage::Sender, format!("MAIL FROM:<{}>\r\n", from.reveal()), &[250][..], limits.command),
        (Stage::Recipient, format!("RCPT TO:<{}>\r\n", to.reveal()), &[250, 251], limits.command),
        (Stage::Message, "DATA\r\n".to_owned(), &[354], limits.data),
    ];
    for (stage, command, wanted, limit) in commands {
        match answer(smtp, &command, limit).await {
            Answer::Yes(code, _) if wanted.contains(&code) => {}
            Answer::Yes(_, reply) => return Err(Refusal::Lost { stage, reason: format!("unexpected reply: {reply}") }),
            Answer::Later(reply) => return Err(Refusal::Deferred { stage, reply }),
            Answer::No(reply) => return Err(Refusal::Refused { stage, reply }),
            Answer::Lost(reason) => return Err(Refusal::Lost { stage, reason }),
        }
    }
    Ok(())
}

async fn answer(smtp: &mut AsyncSmtpConnection, command: &str, limit: Duration) -> Answer {
    match tokio::time::timeout(limit, smtp.command(command)).await {
        Ok(Ok(response)) => Answer::Yes(response.code().into(), said(&response)),
        Ok(Err(error)) if error.is_transient() => Answer::Later(reply(&error)),
        Ok(Err(error)) if error.is_permanent() => Answer::No(reply(&error)),
        Ok(Err(error)) => Answer::Lost(sane(&reasons(&error))),
        Err(_) => Answer::Lost(format!("no reply within {} s", limit.as_secs_f32())),
    }
}

/// 421: the server closes the connection after this reply, whatever it replied to (RFC 5321, section 3.8).
fn is_closing(reply: &str) -> bool {
    reply.starts_with("421")
}

fn said(response: &Response) -> String {
    sane(&format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" ")))
}

/// The code and the words of a negative reply.
fn reply(error: &lettre::transport::smtp::Error) -> String {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    sane(&format!("{code} {words}"))
}

/// The innermost reason: what is around it says only that there is one.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// What a server says, fit for one line of a log: no control characters, and no longer than a reply sensibly is.
fn sane(text: &str) -> String {
    Line::new(text).map(|line| line.shortened(300).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
