use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;

use super::wire::Wire;
use super::{Connection, Credentials, Security, Server, reasons, reply, sane};

/// Why no connection could be opened. Nothing was sent to anybody.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no mail server of the name `{host}`")]
    Name { host: String, source: io::Error },
    #[error("failed to connect to `{host}` on port {port}")]
    Connect { host: String, port: u16, source: io::Error },
    #[error("`{host}` on port {port} did not answer in time")]
    Timeout { host: String, port: u16 },
    #[error("`{host}` on port {port} does not speak SMTP: {reason}")]
    NotSmtp { host: String, port: u16, reason: String },
    /// The greeting, EHLO or STARTTLS was answered with a 4xx or 5xx.
    #[error("`{host}` turned us away: {reply}")]
    TurnedAway { host: String, reply: String },
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
    #[error("`{host}` offers no login by PLAIN or LOGIN")]
    NoLogin { host: String },
    #[error("`{host}` refused the login: {reply}")]
    Login { host: String, reply: String },
    #[error("`{name}` is not a name to greet a mail server with")]
    Hello { name: String },
}

impl OpenError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Name { .. } => "check the host name, and that this machine can look names up",
            Self::Connect { .. } => "check the port (465 for tls, 587 for starttls), and that no firewall blocks it",
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
            Self::Hello { .. } => "set the host's own name, such as `mail.example.org`",
        }
    }

    /// Whether the same may succeed later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Name { .. } | Self::Connect { .. } | Self::Timeout { .. } => true,
            Self::TurnedAway { reply, .. } | Self::Login { reply, .. } => reply.starts_with('4'),
            _ => false,
        }
    }
}

impl Connection {
    /// Connects, encrypts and logs in, as the server's description wants it.
    pub async fn open(server: &Server) -> Result<Self, OpenError> {
        let host = || server.host.clone();
        let hello = hello(&server.hello)?;
        let addresses = addresses(server).await?;
        let (mut smtp, on_this_host) = match server.security {
            Security::Tls => (dial_tls(server, &addresses, &hello).await?, false),
            Security::StartTls => (dial_starttls(server, &addresses, &hello).await?, false),
            Security::Clear => {
                let stream = dial(server, &addresses).await?;
                // The address that answered counts, not the name: names can be made to point anywhere.
                let on_this_host = stream.peer_addr().is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
                if !on_this_host && !server.clear_allowed {
                    return Err(OpenError::Clear { host: host() });
                }
                (greet(server, Wire::new(stream, false), &hello).await?, on_this_host)
            }
        };
        if let Some(credentials) = &server.credentials {
            if !smtp.is_encrypted() && !on_this_host {
                return Err(OpenError::LoginInClear { host: host() });
            }
            log_in(server, &mut smtp, credentials).await?;
        }
        Ok(Self { smtp: Some(smtp), awaited: false, limits: server.limits })
    }
}

/// The name as EHLO can carry it: a domain, or an address in brackets.
fn hello(name: &str) -> Result<ClientId, OpenError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b);
    if name.is_empty() || name.len() > 255 || !name.bytes().all(plain) {
        return Err(OpenError::Hello { name: sane(name) });
    }
    Ok(ClientId::Domain(name.to_owned()))
}

async fn addresses(server: &Server) -> Result<Vec<SocketAddr>, OpenError> {
    let lookup = tokio::net::lookup_host((server.host.as_str(), server.port));
    let found = within(server, server.limits.connect, lookup).await?;
    found.map(Iterator::collect).map_err(|source| OpenError::Name { host: server.host.clone(), source })
}

async fn dial(server: &Server, addresses: &[SocketAddr]) -> Result<TcpStream, OpenError> {
    let dialled = within(server, server.limits.connect, TcpStream::connect(addresses)).await?;
    let connected = dialled.and_then(|stream| stream.set_nodelay(true).map(|()| stream));
    connected.map_err(|source| OpenError::Connect { host: server.host.clone(), port: server.port, source })
}

async fn greet(server: &Server, wire: Wire, hello: &ClientId) -> Result<AsyncSmtpConnection, OpenError> {
    let limit = server.limits.greeting + server.limits.command;
    let greeted = within(server, limit, AsyncSmtpConnection::connect_with_transport(Box::new(wire), hello)).await?;
    greeted.map_err(|error| explain(server, &error))
}

async fn dial_starttls(server: &Server, addresses: &[SocketAddr], hello: &ClientId) -> Result<AsyncSmtpConnection, OpenError> {
    let tls = tls(server)?;
    let mut smtp = greet(server, Wire::new(dial(server, addresses).await?, true), hello).await?;
    if !smtp.can_starttls() {
        return Err(OpenError::NoStartTls { host: server.host.clone() });
    }
    match within(server, server.limits.command * 2, smtp.starttls(tls, hello)).await? {
        Ok(()) => Ok(smtp),
        Err(error) if error.status().is_some() => Err(explain(server, &error)),
        Err(error) => Err(OpenError::Tls { host: server.host.clone(), reason: sane(&reasons(&error)) }),
    }
}

async fn dial_tls(server: &Server, addresses: &[SocketAddr], hello: &ClientId) -> Result<AsyncSmtpConnection, OpenError> {
    let limits = &server.limits;
    let connect = AsyncSmtpConnection::connect_tokio1(addresses, Some(limits.connect), hello, Some(tls(server)?), None);
    let limit = limits.connect + limits.greeting + limits.command * 2;
    within(server, limit, connect).await?.map_err(|error| explain(server, &error))
}

/// TLS 1.2 or newer, certificate and name checked against the system's roots and the desk's own.
fn tls(server: &Server) -> Result<TlsParameters, OpenError> {
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.roots {
        let marked = pem.windows(10).any(|window| window == b"-----BEGIN");
        let roots = Certificate::from_pem(pem).ok().filter(|_| marked).ok_or(OpenError::Roots)?;
        parameters = parameters.add_root_certificate(roots);
    }
    parameters.build().map_err(|error| OpenError::Tls { host: server.host.clone(), reason: sane(&reasons(&error)) })
}

async fn log_in(server: &Server, smtp: &mut AsyncSmtpConnection, credentials: &Credentials) -> Result<(), OpenError> {
    let mechanisms = [Mechanism::Plain, Mechanism::Login];
    let host = server.host.clone();
    if smtp.server_info().get_auth_mechanism(&mechanisms).is_none() {
        return Err(OpenError::NoLogin { host });
    }
    match within(server, server.limits.command * 2, smtp.auth(&mechanisms, &credentials.for_lettre())).await? {
        Ok(response) if response.has_code(235) => Ok(()),
        Ok(response) => Err(OpenError::Login { host, reply: credentials.masked(&super::said(&response)) }),
        Err(error) if error.status().is_some() => Err(OpenError::Login { host, reply: credentials.masked(&reply(&error)) }),
        Err(error) => Err(explain(server, &error)),
    }
}

async fn within<T>(server: &Server, limit: Duration, work: impl Future<Output = T>) -> Result<T, OpenError> {
    let timeout = |_| OpenError::Timeout { host: server.host.clone(), port: server.port };
    tokio::time::timeout(limit, work).await.map_err(timeout)
}

/// What went wrong, told from lettre's one error by what is inside of it.
fn explain(server: &Server, error: &SmtpError) -> OpenError {
    let (host, port) = (server.host.clone(), server.port);
    if error.status().is_some() {
        return OpenError::TurnedAway { host, reply: reply(error) };
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            let source = io::Error::new(io.kind(), sane(&io.to_string()));
            return match io.kind() {
                io::ErrorKind::TimedOut => OpenError::Timeout { host, port },
                // rustls reports through I/O errors of this kind.
                io::ErrorKind::InvalidData => OpenError::Tls { host, reason: source.to_string() },
                io::ErrorKind::UnexpectedEof if server.security != Security::Clear => {
                    OpenError::Tls { host, reason: source.to_string() }
                }
                _ => OpenError::Connect { host, port, source },
            };
        }
        cause = inner.source();
    }
    OpenError::NotSmtp { host, port, reason: sane(&reasons(error)) }
}
