use std::path::Path;

use super::Desk;
use crate::config::{ConfigError, Password};

/// Reads a password of the config from where it is kept.
pub(super) fn read_password(desk: &Desk, password: &Password) -> Result<String, ConfigError> {
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

/// The root certificates (PEM) of a file that the config names.
pub(super) fn read_roots(file: Option<&Path>) -> Result<Option<Vec<u8>>, ConfigError> {
    file.map(|file| std::fs::read(file).map_err(named("the certificates", file))).transpose()
}

/// The error for a file that the config names and that cannot be read.
fn named(what: &'static str, file: &Path) -> impl FnOnce(std::io::Error) -> ConfigError {
    move |source| ConfigError::Named { what, file: file.to_path_buf(), source }
}
