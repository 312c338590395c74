//! The mail server as the config describes it, and what to say when it does not let griot in.

use anyhow::Context;

use crate::app::Desk;
use crate::config::{self, Password, SmtpSettings};
use crate::mail::smtp::{Connection, Credentials, OpenError, Security, Server, Timeouts};

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
        Some(file) => Some(std::fs::read(file).with_context(|| format!("failed to read the certificates `{}`", file.display()))?),
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

fn smtp_settings(desk: &Desk) -> anyhow::Result<&SmtpSettings> {
    desk.settings.smtp.as_ref().ok_or_else(|| {
        let file = desk.settings.file.display();
        anyhow::anyhow!("`{file}` has no `[smtp]`: name the mail server with `host`, or write the mail with `--to-folder`")
    })
}

fn read_password(desk: &Desk, password: &Password) -> anyhow::Result<String> {
    match password {
        Password::Env(name) => (desk.world.variable)(name)
            .filter(|value| !value.is_empty())
            .with_context(|| format!("the variable `{name}` that holds the mail server's password is not set")),
        Password::File(file) => {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("failed to read the mail server's password from `{}`", file.display()))?;
            Ok(text.trim_end_matches(['\n', '\r']).to_owned())
        }
    }
}
