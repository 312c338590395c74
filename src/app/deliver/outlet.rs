//! The ways out: the mail servers of the config, and what to say when one does not let griot in.

use std::path::Path;
use std::time::Duration;

use crate::app::Desk;
use crate::app::secrets::{read_password, read_roots};
use crate::config::{self, ConfigError, Limits, SmtpSettings};
use crate::domain::{Outcome, Reply};
use crate::mail::Sendmail;
use crate::mail::smtp::{
    Connection, Credentials, Envelope, Handed, Login, OpenError, Protocol, Refusal, Security, Server, Stage, Timeouts,
};

/// The server does not let griot in: nothing can be sent until a person mends it.
#[derive(Debug, thiserror::Error)]
#[error("failed to log in at the mail server `{host}`")]
pub struct LoginRefused {
    pub host: String,
    pub source: OpenError,
}

/// One way out.
#[derive(Debug)]
pub(super) struct Outlet {
    /// What the ledger knows it by.
    pub name: String,
    pub connections: usize,
    pub weight: u32,
    pub limits: Limits,
    way: Way,
}

#[derive(Debug)]
enum Way {
    Smtp(Box<Server>),
    Sendmail(Sendmail),
}

/// An open line to take messages out.
#[derive(Debug)]
pub(super) enum Line {
    Smtp(Box<Connection>),
    /// A program that is started for each message.
    Sendmail(Sendmail),
}

/// Why a line could not be opened.
#[derive(Debug)]
pub(super) enum OpenFailed {
    /// It may succeed later.
    Later(String),
    /// Somebody has to mend it.
    Mend(anyhow::Error),
}

/// The ways out of the config, with their passwords read.
pub(super) fn all(desk: &Desk) -> anyhow::Result<Vec<Outlet>> {
    let servers = &desk.settings.delivery.servers;
    if let Some(program) = &desk.settings.delivery.sendmail {
        return Ok(vec![of_program(program)]);
    }
    if servers.is_empty() {
        return Err(ConfigError::NoSection {
            file: desk.settings.file.clone(),
            section: "smtp",
            needs: "name the mail server with `host`, or write the mail with `--to-folder`",
        }
        .into());
    }
    servers.iter().map(|smtp| of_server(desk, smtp)).collect()
}

/// Messages that a program takes at once.
const AT_ONCE: usize = 2;
/// How long a program may take for a message: as long as a server for the end of it.
const PROGRAM: Duration = Duration::from_mins(10);

fn of_program(program: &Path) -> Outlet {
    let way = Way::Sendmail(Sendmail { program: program.to_path_buf(), limit: PROGRAM });
    Outlet { name: program.display().to_string(), connections: AT_ONCE, weight: 1, limits: Limits::default(), way }
}

fn of_server(desk: &Desk, smtp: &SmtpSettings) -> anyhow::Result<Outlet> {
    let credentials = match (&smtp.user, &smtp.password) {
        (Some(user), Some(password)) => Some(Credentials::new(user.clone(), read_password(desk, password)?)),
        _ => None,
    };
    let roots = read_roots(smtp.ca_file.as_deref())?;
    let server = Server {
        host: smtp.host.clone(),
        port: smtp.port,
        clear_allowed: false,
        limits: smtp.patience.map_or_else(Timeouts::default, |longest| Timeouts::default().at_most(longest)),
        security: match smtp.security {
            config::Security::Tls => Security::Tls,
            config::Security::StartTls => Security::StartTls,
            config::Security::None => Security::Clear,
        },
        credentials,
        hello: smtp.hello.clone(),
        roots,
        protocol: match smtp.protocol {
            config::Protocol::Smtp => Protocol::Smtp,
            config::Protocol::Lmtp => Protocol::Lmtp,
        },
        socket: smtp.socket.clone(),
        login: smtp.login.map(|login| match login {
            config::Login::Plain => Login::Plain,
            config::Login::Login => Login::LoginMech,
            config::Login::XOauth2 => Login::XOauth2,
            config::Login::ScramSha256 => Login::ScramSha256,
        }),
    };
    let name = smtp.socket.as_ref().map_or_else(|| format!("{}:{}", smtp.host, smtp.port), |socket| socket.display().to_string());
    Ok(Outlet { name, connections: smtp.connections, weight: smtp.weight, limits: smtp.limits, way: Way::Smtp(Box::new(server)) })
}

impl Outlet {
    pub async fn open(&self) -> Result<Line, OpenFailed> {
        let server = match &self.way {
            Way::Smtp(server) => server,
            Way::Sendmail(program) => return Ok(Line::Sendmail(program.clone())),
        };
        match Connection::open(server).await {
            Ok(connection) => Ok(Line::Smtp(Box::new(connection))),
            Err(error) if error.is_transient() => Err(OpenFailed::Later(error.to_string())),
            Err(error) => Err(OpenFailed::Mend(explained(server, error))),
        }
    }

    /// A line for one message, with the whole error where it cannot be opened.
    pub async fn open_once(&self) -> anyhow::Result<Line> {
        match &self.way {
            Way::Smtp(server) => {
                Connection::open(server).await.map(Box::new).map(Line::Smtp).map_err(|error| explained(server, error))
            }
            Way::Sendmail(program) => Ok(Line::Sendmail(program.clone())),
        }
    }
}

fn explained(server: &Server, error: OpenError) -> anyhow::Error {
    if matches!(error, OpenError::Login { .. }) {
        LoginRefused { host: server.host.clone(), source: error }.into()
    } else {
        let (host, port) = (&server.host, server.port);
        anyhow::Error::from(error).context(format!("failed to reach the mail server `{host}:{port}`"))
    }
}

impl Line {
    /// Whether it is a program: message and envelope are one thing to it.
    pub fn is_program(&self) -> bool {
        matches!(self, Self::Sendmail(_))
    }

    /// Whether envelope and message can leave in one flight.
    pub fn is_one_flight(&self) -> bool {
        match self {
            Self::Smtp(connection) => connection.is_one_flight(),
            Self::Sendmail(_) => true,
        }
    }

    /// Whether the next message can be asked for together with one, and whether that has been done.
    pub fn asks_ahead(&self) -> bool {
        matches!(self, Self::Smtp(connection) if connection.asks_ahead())
    }

    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Smtp(connection) if connection.is_asked())
    }

    /// Goes on with the plainest commands that there are; says whether that is another way than before.
    pub fn without_extensions(&mut self) -> bool {
        match self {
            Self::Smtp(connection) => connection.without_extensions(),
            Self::Sendmail(_) => return false,
        }
        true
    }

    /// Asks whether a message may come; a program is not asked.
    pub async fn begin(&mut self, envelope: &Envelope<'_>) -> Result<(), Refusal> {
        match self {
            Self::Smtp(connection) => connection.begin(envelope).await,
            Self::Sendmail(_) => Ok(()),
        }
    }

    /// What the server says to the message that it was asked for together with the last.
    pub async fn begun(&mut self) -> Result<(), Refusal> {
        match self {
            Self::Smtp(connection) => connection.begun().await,
            Self::Sendmail(_) => Ok(()),
        }
    }

    /// Gives the server the message that may come, but for its end; where that cannot be done, the error says what became of it.
    pub async fn give(&mut self, message: &[u8]) -> Result<(), Handed> {
        match self {
            Self::Smtp(connection) => connection.give(message).await.map_err(Ok),
            Self::Sendmail(_) => Ok(()),
        }
    }

    /// The same with its envelope. A program gets all of it at the end.
    pub async fn give_at_once(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Result<(), Handed> {
        match self {
            Self::Smtp(connection) => connection.give_at_once(envelope, message).await,
            Self::Sendmail(_) => Ok(()),
        }
    }

    /// Hands over the message that was given, and asks for the `next` with its end.
    pub async fn hand_over(&mut self, next: Option<&Envelope<'_>>) -> Outcome {
        match self {
            Self::Smtp(connection) => connection.hand_over(next).await,
            Self::Sendmail(_) => Outcome::Deferred { reply: Reply::new(451, "4.3.0 the program was not told for whom") },
        }
    }

    /// Hands over the message that was given with its envelope.
    pub async fn hand_over_at_once(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Handed {
        match self {
            Self::Smtp(connection) => connection.hand_over_at_once().await,
            Self::Sendmail(program) => program
                .hand_over(envelope.from, envelope.to, message)
                .await
                .map_err(|error| Refusal::Lost { stage: Stage::Sender, reason: format!("{error}: {}", error.source) }),
        }
    }

    /// Sends a message, in as many flights as it takes.
    pub async fn send(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Handed {
        if self.is_program() {
            return self.hand_over_at_once(envelope, message).await;
        }
        self.begin(envelope).await?;
        match self.give(message).await {
            Ok(()) => Ok(self.hand_over(None).await),
            Err(handed) => handed,
        }
    }

    /// Whether another message can be begun.
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Smtp(connection) => connection.is_usable(),
            Self::Sendmail(_) => true,
        }
    }

    pub async fn quit(self) {
        if let Self::Smtp(connection) = self {
            connection.quit().await;
        }
    }
}
