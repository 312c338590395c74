//! The config file: TOML -> [`Options`] (what was written, unknown keys refused) -> [`Settings`] (what holds, all checked).

mod error;
mod options;
mod settings;

pub use error::{ConfigError, Problem};
pub use options::Options;
pub use settings::{LetterSettings, Password, Plan, Security, Settings, SmtpSettings};

use std::path::{Path, PathBuf};

/// Where the config lies below a publication's folder.
pub const CONFIG_FILE: &str = "config/griot.toml";

/// The config file of the publication that a folder belongs to: looked for in the folder and upward.
pub fn find(from: &Path) -> Result<PathBuf, ConfigError> {
    from.ancestors()
        .map(|folder| folder.join(CONFIG_FILE))
        .find(|file| file.is_file())
        .ok_or_else(|| ConfigError::NotFound { from: from.to_path_buf() })
}

/// Reads and checks a config file.
pub fn load(file: &Path) -> Result<Settings, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|source| ConfigError::Unreadable { file: file.to_path_buf(), source })?;
    let options = Options::parse(file, &text)?;
    Settings::from_options(file, options)
}
