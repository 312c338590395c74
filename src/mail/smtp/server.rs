use std::fmt;
use std::time::Duration;

/// Which server takes the mail, and how it is spoken to.
#[derive(Clone, Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<Credentials>,
    /// The name that griot greets with: the host's own, fully qualified (RFC 5321, section 4.1.1.1).
    pub hello: String,
    pub limits: Timeouts,
    /// Certificates in PEM to trust besides the system's, for a server with a private authority.
    pub roots: Option<Vec<u8>>,
    /// Whether letters may go unencrypted to a host other than this one. Passwords never do.
    pub clear_allowed: bool,
}

/// How the connection is kept from other eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte, usually on port 465 (RFC 8314, section 3.3).
    Tls,
    /// STARTTLS, usually on port 587; nothing is sent unless the server offers it.
    StartTls,
    /// None: for a mail server on the same host.
    Clear,
}

/// User and password; shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    password: String,
}

impl Credentials {
    pub fn new(user: String, password: String) -> Self {
        Self { user, password }
    }

    pub(super) fn for_lettre(&self) -> lettre::transport::smtp::authentication::Credentials {
        (self.user.as_str(), self.password.as_str()).into()
    }

    /// The text without the password, which a server might repeat in its refusal.
    pub(super) fn masked(&self, text: &str) -> String {
        if self.password.is_empty() { text.to_owned() } else { text.replace(&self.password, "***") }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// How long a server may take for each phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To look the name up and to connect, each.
    pub connect: Duration,
    /// To greet.
    pub greeting: Duration,
    /// To answer EHLO, AUTH, MAIL, RCPT or RSET, and to agree on TLS.
    pub command: Duration,
    /// To answer DATA.
    pub data: Duration,
    /// To take the message and to answer the final dot. Too short a time makes letters uncertain that were accepted.
    pub end_of_data: Duration,
}

impl Default for Timeouts {
    /// The least that RFC 5321, section 4.5.3.2, allows; for the message, 3 minutes to take it and 10 to answer.
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self {
            connect: Duration::from_secs(30),
            greeting: minutes(5),
            command: minutes(5),
            data: minutes(2),
            end_of_data: minutes(13),
        }
    }
}
