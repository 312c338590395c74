//! The mail server as the config describes it, and what to say when it does not let griot in.

use std::path::Path;

use crate::app::Desk;
use crate::config::{self, ConfigError, Password, SmtpSettings};
use crate::mail::smtp::{Connection, Credentials, OpenError, Protocol, Security, Server, Timeouts};

/// The server does not let griot in: nothing can be sent until a person mends it.
#[derive(Debug, thiserror::Error)]
#[error("failed to log in at the mail server `{host}`")]
pub struct LoginRefused {
    pub host: String,
    pub source: OpenError,
}

/// The server of the config, with the password read.
pub(super) fn of(desk: &Desk) -> anyhow::Result<Server> {
    let smtp = smtp_settings(desk)?;
    let credentials = match (&smtp.user, &smtp.password) {
        (Some(user), Some(password)) => Some(Credentials::new(user.clone(), read_password(desk, password)?)),
        _ => None,
    };
    let roots = match &smtp.ca_file {
        Some(file) => Some(std::fs::read(file).map_err(named("the certificates", file))?),
        None => None,
    };
    Ok(Server {
        host: smtp.host.clone(),
        port: smtp.port,
        clear_allowed: false,
        limits: Timeouts::default(),
        security: match smtp.security {
            config::Security::Tls => Security::Tls,
            config::Security::StartTls => Security::StartTls,
            config::Security::None => Security::Clear,
        },
        credentials,
        hello: smtp.hello.clone(),
        roots,
        protocol: Protocol::Smtp,
        socket: None,
        login: None,
    })
}

pub(super) async fn open(server: &Server) -> anyhow::Result<Connection> {
    Connection::open(server).await.map_err(|error| login_error(server, error))
}

pub(super) fn login_error(server: &Server, error: OpenError) -> anyhow::Error {
    if matches!(error, OpenError::Login { .. }) {
        LoginRefused { host: server.host.clone(), source: error }.into()
    } else {
        anyhow::Error::from(error).context(format!("failed to reach the mail server `{}:{}`", server.host, server.port))
    }
}

fn smtp_settings(desk: &Desk) -> Result<&SmtpSettings, ConfigError> {
    desk.settings.smtp.as_ref().ok_or_else(|| ConfigError::NoSection {
        file: desk.settings.file.clone(),
        section: "smtp",
        needs: "name the mail server with `host`, or write the mail with `--to-folder`",
    })
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
