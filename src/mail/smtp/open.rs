use std::io;

use tokio::net::UnixStream;

use super::extensions::{Extension, Extensions};
use super::login::log_in;
use super::reply::Said;
use super::wire::{Broken, Wire, within};
use super::{Connection, OpenError, Protocol, Security, Server};
use crate::domain::visible;
use crate::mail::transport::{self, DialError, Tls, TlsError, Transport, connected};

impl Connection {
    /// Connects, encrypts and logs in, as the server's description wants it.
    pub async fn open(server: &Server) -> Result<Self, OpenError> {
        check_hello(&server.hello)?;
        // Before anybody is dialled: certificates that cannot be read are this side's affair.
        let tls = if server.security == Security::Clear {
            None
        } else {
            Some(Tls::new(&server.host, server.roots.as_deref()).map_err(|error| server.unencrypted(error))?)
        };
        let (transport, is_local) = dial(server).await?;
        let mut opening = Opening { server, extensions: Extensions::default() };
        let mut wire = match tls {
            None if !is_local && !server.clear_allowed => return Err(OpenError::Clear { host: server.name() }),
            None => opening.greeted(transport, true).await?,
            Some(tls) if server.security == Security::Tls => {
                let encrypted = opening.encrypted(&tls, transport).await?;
                opening.greeted(encrypted, true).await?
            }
            Some(tls) => {
                let clear = opening.greeted(transport, false).await?;
                opening.starttls(&tls, clear).await?
            }
        };
        if let Some(credentials) = &server.credentials {
            if server.security == Security::Clear && !is_local {
                return Err(OpenError::LoginInClear { host: server.name() });
            }
            log_in(server, &mut wire, &opening.extensions, credentials).await?;
        }
        let Opening { extensions, .. } = opening;
        Ok(Self { wire, extensions, limits: server.limits, awaited: None, asked: None, is_stale: false })
    }
}

/// A connection on its way to the first message.
struct Opening<'a> {
    server: &'a Server,
    /// What the server offered last: what it said in clear is forgotten (RFC 3207, section 4.2).
    extensions: Extensions,
}

impl Opening<'_> {
    /// Waits for the greeting and says hello: HELO to servers that know no other, where what they could offer is not
    /// needed (RFC 5321, section 3.2).
    async fn greeted(&mut self, transport: Box<dyn Transport>, helo_will_do: bool) -> Result<Wire, OpenError> {
        let mut wire = Wire::new(transport);
        let greeting = within(self.server.limits.greeting, wire.reply()).await;
        self.accepted(&greeting.map_err(|broken| self.server.failed(broken))?, 220)?;
        let said = self.hello(&mut wire).await?;
        if self.server.protocol == Protocol::Lmtp || !matches!(said.code, 500 | 502 | 504 | 550) {
            self.learn(&said)?;
        } else if helo_will_do {
            let said = self.turn(&mut wire, &format!("HELO {}\r\n", self.server.hello)).await?;
            self.accepted(&said, 250)?;
        } else {
            return Err(OpenError::NoStartTls { host: self.server.name() });
        }
        Ok(wire)
    }

    async fn hello(&self, wire: &mut Wire) -> Result<Said, OpenError> {
        let verb = match self.server.protocol {
            Protocol::Smtp => "EHLO",
            Protocol::Lmtp => "LHLO",
        };
        self.turn(wire, &format!("{verb} {}\r\n", self.server.hello)).await
    }

    /// What the server answers to that.
    fn learn(&mut self, said: &Said) -> Result<(), OpenError> {
        self.accepted(said, 250)?;
        self.extensions = Extensions::parse(said.lines.iter().map(String::as_str));
        Ok(())
    }

    async fn starttls(&mut self, tls: &Tls, mut clear: Wire) -> Result<Wire, OpenError> {
        if !self.extensions.has(Extension::StartTls) {
            return Err(OpenError::NoStartTls { host: self.server.name() });
        }
        let said = self.turn(&mut clear, "STARTTLS\r\n").await?;
        self.accepted(&said, 220)?;
        let injected = |broken: Broken| OpenError::Tls { host: self.server.name(), reason: broken.to_string() };
        let encrypted = self.encrypted(tls, clear.into_clear().map_err(injected)?).await?;
        let mut wire = Wire::new(encrypted);
        let said = self.hello(&mut wire).await?;
        self.learn(&said)?;
        Ok(wire)
    }

    async fn encrypted(&self, tls: &Tls, clear: Box<dyn Transport>) -> Result<Box<dyn Transport>, OpenError> {
        let encrypted = tokio::time::timeout(self.server.limits.command, tls.encrypt(clear)).await;
        let encrypted = encrypted.map_err(|_| self.server.late())?;
        Ok(Box::new(encrypted.map_err(|error| self.server.unencrypted(error))?))
    }

    async fn turn(&self, wire: &mut Wire, command: &str) -> Result<Said, OpenError> {
        let turn = async {
            wire.send(command.as_bytes(), 1).await?;
            wire.reply().await
        };
        within(self.server.limits.command, turn).await.map_err(|broken| self.server.failed(broken))
    }

    /// Whether the server said yes.
    fn accepted(&self, said: &Said, wanted: u16) -> Result<(), OpenError> {
        match said.code {
            code if code == wanted => Ok(()),
            400.. => Err(OpenError::TurnedAway { host: self.server.name(), reply: said.reply() }),
            _ => Err(self.server.not_smtp(format!("unexpected reply: {}", said.reply()))),
        }
    }
}

/// A domain, or an address in brackets (RFC 5321, section 4.1.1.1).
fn check_hello(name: &str) -> Result<(), OpenError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b);
    if name.is_empty() || name.len() > 255 || !name.bytes().all(plain) {
        return Err(OpenError::Hello { name: visible(name) });
    }
    Ok(())
}

/// The connection, and whether it stays on this host.
async fn dial(server: &Server) -> Result<(Box<dyn Transport>, bool), OpenError> {
    let limit = server.limits.connect;
    if let Some(path) = &server.socket {
        let dialled = connected(limit, UnixStream::connect(path)).await;
        let stream = dialled.map_err(|source| OpenError::Socket { path: path.clone(), source })?;
        return Ok((Box::new(stream), true));
    }
    transport::dial(&server.host, server.port, limit).await.map_err(|error| match error {
        DialError::Name(source) => OpenError::Name { host: server.host.clone(), source },
        DialError::Connect(source) => server.cut(source),
        DialError::Late => server.late(),
    })
}

impl Server {
    /// How errors call it.
    pub(super) fn name(&self) -> String {
        self.socket.as_ref().map_or_else(|| self.host.clone(), |path| path.display().to_string())
    }

    pub(super) fn late(&self) -> OpenError {
        OpenError::Timeout { host: self.name(), port: self.port }
    }

    pub(super) fn not_smtp(&self, reason: String) -> OpenError {
        OpenError::NotSmtp { host: self.name(), port: self.port, reason }
    }

    fn unencrypted(&self, error: TlsError) -> OpenError {
        match error {
            TlsError::Roots => OpenError::Roots,
            TlsError::Failed(reason) => OpenError::Tls { host: self.name(), reason },
        }
    }

    /// A connection that did not come to be, or did not last.
    fn cut(&self, source: io::Error) -> OpenError {
        match &self.socket {
            Some(path) => OpenError::Socket { path: path.clone(), source },
            None => OpenError::Connect { host: self.host.clone(), port: self.port, source },
        }
    }

    /// A dialogue that broke before it had well begun.
    pub(super) fn failed(&self, broken: Broken) -> OpenError {
        match broken {
            Broken::Late(_) => self.late(),
            Broken::OutOfStep(reason) => self.not_smtp(reason),
            // rustls reports through I/O errors of this kind.
            Broken::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                OpenError::Tls { host: self.name(), reason: visible(&error.to_string()) }
            }
            Broken::Io(error) => self.cut(error),
            Broken::Closed => self.cut(io::Error::new(io::ErrorKind::UnexpectedEof, broken.to_string())),
        }
    }
}
