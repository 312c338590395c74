use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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
    pub protocol: Protocol,
    /// A socket of this host to connect to, in place of host and port.
    pub socket: Option<PathBuf>,
    /// How to log in. None: the best that the server offers of SCRAM-SHA-256, PLAIN and LOGIN.
    pub login: Option<Login>,
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

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// RFC 5321
    Smtp,
    /// To a mail store: SMTP with another greeting, and a reply for each recipient (RFC 2033).
    Lmtp,
}

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// RFC 4616
    Plain,
    /// The mechanism LOGIN, which no RFC describes and some servers offer alone.
    LoginMech,
    /// Google's and Microsoft's; the password is the access token.
    XOauth2,
    /// RFC 7677; the server does not learn the password, and proves that it knows it.
    ScramSha256,
}

impl Login {
    /// Those that are tried unasked, the best first.
    pub(super) const USUAL: [Self; 3] = [Self::ScramSha256, Self::Plain, Self::LoginMech];
    const ALL: [Self; 4] = [Self::Plain, Self::LoginMech, Self::XOauth2, Self::ScramSha256];

    /// The name of the mechanism (RFC 4422, section 3.1).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::LoginMech => "LOGIN",
            Self::XOauth2 => "XOAUTH2",
            Self::ScramSha256 => "SCRAM-SHA-256",
        }
    }

    /// The mechanism of a name, in capitals or not.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|login| login.as_str().eq_ignore_ascii_case(name))
    }
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

    pub(in crate::mail) fn user(&self) -> &str {
        &self.user
    }

    pub(in crate::mail) fn password(&self) -> &str {
        &self.password
    }

    /// What PLAIN sends (RFC 4616, section 2).
    pub(in crate::mail) fn plain(&self) -> String {
        STANDARD.encode(format!("\0{}\0{}", self.user, self.password))
    }

    /// What XOAUTH2 sends.
    pub(super) fn xoauth2(&self) -> String {
        STANDARD.encode(format!("user={}\x01auth=Bearer {}\x01\x01", self.user, self.password))
    }

    /// The text without the password and without what carried it, which a server might repeat in its refusal.
    pub(in crate::mail) fn masked(&self, text: &str) -> String {
        if self.password.is_empty() {
            return text.to_owned();
        }
        let carriers = [self.plain(), self.xoauth2(), STANDARD.encode(&self.password), self.password.clone()];
        carriers.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
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
    /// To look the name up, and to connect to each of its addresses.
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

impl Timeouts {
    /// The same with no phase longer than this.
    #[must_use]
    pub fn at_most(self, longest: Duration) -> Self {
        Self {
            connect: self.connect.min(longest),
            greeting: self.greeting.min(longest),
            command: self.command.min(longest),
            data: self.data.min(longest),
            end_of_data: self.end_of_data.min(longest),
        }
    }
}
