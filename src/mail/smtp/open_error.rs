use std::io;
use std::path::PathBuf;

use crate::domain::Reply;

/// Why no connection could be opened. Nothing was sent to anybody.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no mail server of the name `{host}`")]
    Name { host: String, source: io::Error },
    #[error("failed to connect to `{host}` on port {port}")]
    Connect { host: String, port: u16, source: io::Error },
    #[error("failed to connect to the socket `{path}`")]
    Socket { path: PathBuf, source: io::Error },
    #[error("`{host}` on port {port} did not answer in time")]
    Timeout { host: String, port: u16 },
    #[error("`{host}` on port {port} does not speak SMTP: {reason}")]
    NotSmtp { host: String, port: u16, reason: String },
    /// The greeting, EHLO or STARTTLS was answered with a 4xx or 5xx.
    #[error("`{host}` turned us away: {reply}")]
    TurnedAway { host: String, reply: Reply },
    #[error("no encrypted connection to `{host}`: {reason}")]
    Tls { host: String, reason: String },
    #[error("the extra root certificates cannot be read")]
    Roots,
    #[error("`{host}` does not offer STARTTLS")]
    NoStartTls { host: String },
    #[error("letters would go unencrypted to `{host}`")]
    Clear { host: String },
    #[error("the password would go unencrypted to `{host}`")]
    LoginInClear { host: String },
    #[error("`{host}` offers no login by {wanted}")]
    NoLogin { host: String, wanted: &'static str },
    #[error("`{host}` refused the login: {reply}")]
    Login { host: String, reply: Reply },
    /// SCRAM: whoever answers does not know the password.
    #[error("`{host}` did not prove that it is the server of this login: {reason}")]
    Unproven { host: String, reason: &'static str },
    #[error("`{name}` is not a name to greet a mail server with")]
    Hello { name: String },
}

impl OpenError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Name { .. } => "check the host name, and that this machine can look names up",
            Self::Connect { .. } => "check the port (465 for tls, 587 for starttls), and that no firewall blocks it",
            Self::Socket { .. } => "check the path, that the mail server runs, and that this user may write to the socket",
            Self::Timeout { .. } => "check the port (465 for tls, 587 for starttls), or try later",
            Self::NotSmtp { .. } => "check the port: a server that waits for TLS at once (465) is silent or garbled without it",
            Self::TurnedAway { .. } if self.is_transient() => "the server is busy: run the same command again later",
            Self::TurnedAway { .. } => "ask the server's keeper whether this machine may send through it",
            Self::Tls { .. } => {
                "use the name in the server's certificate, name its root certificate, or check tls (465) against starttls (587)"
            }
            Self::Roots => "give a file of certificates in PEM (`-----BEGIN CERTIFICATE-----`)",
            Self::NoStartTls { .. } => "use tls on port 465 if the server has it; griot sends nothing unencrypted unless told to",
            Self::Clear { .. } => "use starttls or tls, or allow unencrypted letters in so many words",
            Self::LoginInClear { .. } => "use starttls or tls, or take user and password away",
            Self::NoLogin { .. } => "take user and password away, or ask the server's keeper how to log in",
            Self::Login { .. } if self.is_transient() => "the server cannot check logins now: run the same command again later",
            Self::Login { .. } => "check user and password; some servers want a password made for this program",
            Self::Unproven { .. } => {
                "check the server's name; do not use another kind of login before its keeper has explained it"
            }
            Self::Hello { .. } => "set the host's own name, such as `mail.example.org`",
        }
    }

    /// Whether the same may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Name { .. } | Self::Connect { .. } | Self::Socket { .. } | Self::Timeout { .. } => true,
            Self::TurnedAway { reply, .. } | Self::Login { reply, .. } => reply.code < 500,
            _ => false,
        }
    }
}
