use std::io;

/// Why a mailbox cannot be read. No message in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum ImapError {
    #[error("there is no mail server of the name `{host}`")]
    Name { host: String, source: io::Error },
    #[error("failed to connect to `{host}` on port {port}")]
    Connect { host: String, port: u16, source: io::Error },
    #[error("`{host}` on port {port} did not answer in time")]
    Timeout { host: String, port: u16 },
    #[error("the connection to `{host}` broke: {reason}")]
    Lost { host: String, reason: String },
    /// It said farewell in the place of a greeting, or later.
    #[error("`{host}` turned us away: {words}")]
    TurnedAway { host: String, words: String },
    #[error("`{host}` on port {port} does not speak IMAP: {reason}")]
    NotImap { host: String, port: u16, reason: String },
    #[error("no encrypted connection to `{host}`: {reason}")]
    Tls { host: String, reason: String },
    #[error("the extra root certificates cannot be read")]
    Roots,
    #[error("`{host}` does not offer STARTTLS")]
    NoStartTls { host: String },
    #[error("the password would go unencrypted to `{host}`")]
    LoginInClear { host: String },
    #[error("`{host}` offers no login by a password")]
    NoLogin { host: String },
    #[error("`{host}` refused the login: {words}")]
    Login { host: String, words: String },
    #[error("`{host}` does not open the folder `{folder}`: {words}")]
    Folder { host: String, folder: String, words: String },
    #[error("`{host}` refused: {words}")]
    Refused { host: String, words: String },
}

impl ImapError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Name { .. } => "check the host name, and that this machine can look names up",
            Self::Connect { .. } => "check the port (993 for tls, 143 for starttls), and that no firewall blocks it",
            Self::Timeout { .. } => "check the port (993 for tls, 143 for starttls), or try later",
            Self::Lost { .. } | Self::TurnedAway { .. } => "the next `griot run` goes on where this one stopped",
            Self::NotImap { .. } => "check the port: a server that waits for TLS at once (993) is silent or garbled without it",
            Self::Tls { .. } => {
                "use the name in the server's certificate, name its root certificate, or check tls (993) against starttls (143)"
            }
            Self::Roots => "give a file of certificates in PEM (`-----BEGIN CERTIFICATE-----`)",
            Self::NoStartTls { .. } | Self::LoginInClear { .. } => "use `security = \"tls\"` on port 993",
            Self::NoLogin { .. } => "ask the server's keeper how to log in with a password",
            Self::Login { .. } if self.is_transient() => "the server cannot check logins now: the next `griot run` tries again",
            Self::Login { .. } => "check user and password; some servers want a password made for this program",
            Self::Folder { .. } => "check `folder`: the mailbox names its folders as its web page or mail program shows them",
            Self::Refused { .. } => "if it stays so, ask the server's keeper; no message is lost",
        }
    }

    /// Whether the same may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Name { .. } | Self::Connect { .. } | Self::Timeout { .. } | Self::Lost { .. } | Self::TurnedAway { .. } => true,
            Self::Login { words, .. } | Self::Folder { words, .. } | Self::Refused { words, .. } => is_for_now(words),
            _ => false,
        }
    }
}

/// Whether a refusal is one of those that pass (RFC 5530, section 3).
fn is_for_now(words: &str) -> bool {
    ["[UNAVAILABLE]", "[SERVERBUG]", "[INUSE]", "[LIMIT]"].iter().any(|code| words.starts_with(code))
}
