//! The ways out: the mail servers of the config, and what to say when one does not let griot in.

use std::path::Path;

use crate::app::Desk;
use crate::config::{self, ConfigError, Limits, Password, SmtpSettings};
use crate::domain::Outcome;
use crate::mail::smtp::{Connection, Credentials, Envelope, Login, OpenError, Protocol, Refusal, Security, Server, Timeouts};

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
    server: Server,
}

/// An open line to take messages out.
#[derive(Debug)]
pub(super) enum Line {
    Smtp(Connection),
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

fn of_server(desk: &Desk, smtp: &SmtpSettings) -> anyhow::Result<Outlet> {
    let credentials = match (&smtp.user, &smtp.password) {
        (Some(user), Some(password)) => Some(Credentials::new(user.clone(), read_password(desk, password)?)),
        _ => None,
    };
    let roots = match &smtp.ca_file {
        Some(file) => Some(std::fs::read(file).map_err(named("the certificates", file))?),
        None => None,
    };
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
    Ok(Outlet { name, connections: smtp.connections, weight: smtp.weight, limits: smtp.limits, server })
}

impl Outlet {
    pub async fn open(&self) -> Result<Line, OpenFailed> {
        match Connection::open(&self.server).await {
            Ok(connection) => Ok(Line::Smtp(connection)),
            Err(error) if error.is_transient() => Err(OpenFailed::Later(error.to_string())),
            Err(error) => Err(OpenFailed::Mend(self.explained(error))),
        }
    }

    fn explained(&self, error: OpenError) -> anyhow::Error {
        if matches!(error, OpenError::Login { .. }) {
            LoginRefused { host: self.server.host.clone(), source: error }.into()
        } else {
            let (host, port) = (&self.server.host, self.server.port);
            anyhow::Error::from(error).context(format!("failed to reach the mail server `{host}:{port}`"))
        }
    }

    /// A line for one message, with the whole error where it cannot be opened.
    pub async fn open_once(&self) -> anyhow::Result<Line> {
        Connection::open(&self.server).await.map(Line::Smtp).map_err(|error| self.explained(error))
    }
}

impl Line {
    /// Whether envelope and message leave in one flight.
    pub fn is_one_flight(&self) -> bool {
        let Self::Smtp(connection) = self;
        connection.is_one_flight()
    }

    pub async fn begin(&mut self, envelope: &Envelope<'_>) -> Result<(), Refusal> {
        let Self::Smtp(connection) = self;
        connection.begin(envelope).await
    }

    pub async fn hand_over(&mut self, message: &[u8]) -> Outcome {
        let Self::Smtp(connection) = self;
        connection.hand_over(message).await
    }

    pub async fn send_at_once(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Result<Outcome, Refusal> {
        let Self::Smtp(connection) = self;
        connection.send_at_once(envelope, message).await
    }

    /// Whether another message can be begun.
    pub fn is_usable(&self) -> bool {
        let Self::Smtp(connection) = self;
        connection.is_usable()
    }

    pub async fn quit(self) {
        let Self::Smtp(connection) = self;
        connection.quit().await;
    }
}

fn read_password(desk: &Desk, password: &Password) -> Result<String, ConfigError> {
    match password {
        Password::Env(name) => (desk.world.variable)(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| ConfigError::NoPassword { variable: name.clone() }),
        Password::File(file) => {
            let text = std::fs::read_to_string(file).map_err(named("the mail server's password", file))?;
            let password = text.trim_end_matches(['\n', '\r']);
            if password.is_empty() {
                return Err(ConfigError::EmptyPassword { file: file.clone() });
            }
            Ok(password.to_owned())
        }
    }
}

/// The error for a file that the config names and that cannot be read.
fn named(what: &'static str, file: &Path) -> impl FnOnce(std::io::Error) -> ConfigError {
    move |source| ConfigError::Named { what, file: file.to_path_buf(), source }
}
