use std::time::Duration;

use super::response::{Response, Status};
use super::wire::{Broken, Wire};
use super::{ImapError, ImapServer, Session};
use crate::domain::visible;
use crate::mail::smtp::Security;
use crate::mail::transport::{self, DialError, Tls, TlsError, Transport};

impl Session {
    /// Connects, encrypts and logs in, as the server's description wants it.
    pub async fn open(server: &ImapServer) -> Result<Self, ImapError> {
        // Before anybody is dialled: certificates that cannot be read are this side's affair.
        let tls = match server.security {
            Security::Clear => None,
            _ => Some(Tls::new(&server.host, server.roots.as_deref()).map_err(|error| server.unencrypted(error))?),
        };
        let dialled = transport::dial(&server.host, server.port, server.limits.connect).await;
        let (clear, is_local) = dialled.map_err(|error| server.not_reached(error))?;
        let mut session = match &tls {
            None if !is_local => return Err(ImapError::LoginInClear { host: server.host.clone() }),
            None => Self::greeted(server, clear).await?,
            Some(tls) if server.security == Security::Tls => Self::greeted(server, server.encrypted(tls, clear).await?).await?,
            Some(tls) => Self::greeted(server, clear).await?.starttls(server, tls).await?,
        };
        session.log_in(server).await?;
        Ok(session)
    }

    /// Waits for the greeting (RFC 3501, section 7.1).
    async fn greeted(server: &ImapServer, transport: Box<dyn Transport>) -> Result<Self, ImapError> {
        let mut session = Self::over(server, Wire::new(transport));
        let greeting = session.response().await?;
        match greeting.status("*") {
            Some((Status::Ok, _)) => Ok(session),
            // Whoever is known already was not asked who it is: that is somebody else's mailbox.
            Some((Status::PreAuth, _)) => Err(server.not_imap("it lets everybody in".to_owned())),
            Some((Status::Bye | Status::No | Status::Bad, words)) => {
                Err(ImapError::TurnedAway { host: server.host.clone(), words })
            }
            None => Err(server.not_imap("it has another greeting".to_owned())),
        }
    }

    async fn starttls(mut self, server: &ImapServer, tls: &Tls) -> Result<Self, ImapError> {
        if !self.abilities().await?.iter().any(|one| one == "STARTTLS") {
            return Err(ImapError::NoStartTls { host: server.host.clone() });
        }
        self.command("STARTTLS", |_| {}).await?;
        let injected = |broken| server.broken(broken);
        let encrypted = server.encrypted(tls, self.into_wire().into_clear().map_err(injected)?).await?;
        Ok(Self::over(server, Wire::new(encrypted)))
    }

    async fn log_in(&mut self, server: &ImapServer) -> Result<(), ImapError> {
        let credentials = &server.credentials;
        let abilities = self.abilities().await?;
        let can = |ability| abilities.iter().any(|one| one == ability);
        let refused = |error| match error {
            ImapError::Refused { host, words } => ImapError::Login { host, words: credentials.masked(&words) },
            other => other,
        };
        if can("AUTH=PLAIN") {
            return self.authenticate_plain(&credentials.plain()).await.map_err(refused);
        }
        let no_login = || ImapError::NoLogin { host: server.host.clone() };
        if can("LOGINDISABLED") {
            return Err(no_login());
        }
        let (user, password) = (credentials.user(), credentials.password());
        let (user, password) = quoted(user).zip(quoted(password)).ok_or_else(no_login)?;
        self.command(&format!("LOGIN {user} {password}"), |_| {}).await.map_err(refused)
    }

    /// What the server says that it can do, in capitals.
    async fn abilities(&mut self) -> Result<Vec<String>, ImapError> {
        let mut abilities = Vec::new();
        self.command("CAPABILITY", |response: Response| abilities.extend(response.capabilities().into_iter().flatten())).await?;
        Ok(abilities)
    }
}

impl ImapServer {
    async fn encrypted(&self, tls: &Tls, clear: Box<dyn Transport>) -> Result<Box<dyn Transport>, ImapError> {
        let encrypted = tokio::time::timeout(self.limits.command, tls.encrypt(clear)).await;
        let encrypted = encrypted.map_err(|_| self.late())?;
        Ok(Box::new(encrypted.map_err(|error| self.unencrypted(error))?))
    }

    pub(super) fn late(&self) -> ImapError {
        ImapError::Timeout { host: self.host.clone(), port: self.port }
    }

    fn not_imap(&self, reason: String) -> ImapError {
        ImapError::NotImap { host: self.host.clone(), port: self.port, reason }
    }

    fn not_reached(&self, error: DialError) -> ImapError {
        let (host, port) = (self.host.clone(), self.port);
        match error {
            DialError::Name(source) => ImapError::Name { host, source },
            DialError::Connect(source) => ImapError::Connect { host, port, source },
            DialError::Late => self.late(),
        }
    }

    fn unencrypted(&self, error: TlsError) -> ImapError {
        match error {
            TlsError::Roots => ImapError::Roots,
            TlsError::Failed(reason) => ImapError::Tls { host: self.host.clone(), reason },
        }
    }

    pub(super) fn broken(&self, broken: Broken) -> ImapError {
        let host = self.host.clone();
        match broken {
            Broken::Garbled(reason) => self.not_imap(reason),
            // rustls reports through I/O errors of this kind.
            Broken::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                ImapError::Tls { host, reason: visible(&error.to_string()) }
            }
            Broken::Io(error) => ImapError::Lost { host, reason: visible(&error.to_string()) },
            Broken::Closed => ImapError::Lost { host, reason: "the server hung up".to_owned() },
        }
    }

    /// The outcome of some work with the wire, or that it took too long.
    pub(super) async fn within<T>(&self, limit: Duration, work: impl Future<Output = Result<T, Broken>>) -> Result<T, ImapError> {
        match tokio::time::timeout(limit, work).await {
            Ok(done) => done.map_err(|broken| self.broken(broken)),
            Err(_) => Err(self.late()),
        }
    }
}

/// A text in quotes; nothing where it cannot stand in them (RFC 3501, section 4.3).
pub(super) fn quoted(text: &str) -> Option<String> {
    let is_fit = !text.contains(['\r', '\n', '\0']);
    is_fit.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
