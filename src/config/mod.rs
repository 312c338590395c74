//! The config file: TOML -> [`Options`] (what was written, unknown keys refused) -> [`Settings`] (what holds, all checked).

mod delivery;
mod dkim;
mod error;
mod feed;
mod imap;
mod letter;
mod lists;
mod moving;
mod options;
mod place;
mod schedule;
mod serve;
mod settings;
mod shows;
mod sources;
mod theme;
mod wording;

pub use delivery::{DeliverySettings, Limits, Login, Password, Protocol, Security, SmtpSettings};
pub use dkim::{DkimSettings, selector_of};
pub use error::{ConfigError, Problem};
pub use feed::{FeedSettings, Parts};
pub use imap::ImapSettings;
pub use letter::{LetterSettings, Patterns, Pictures};
pub use lists::ListSettings;
pub use moving::with_feeds_at;
pub use options::Options;
pub use schedule::Plan;
pub use serve::ServeSettings;
pub use settings::Settings;
pub use sources::{FullText, Place, SourceSettings};

use std::path::{Path, PathBuf};

/// Where the config lies below a publication's folder.
pub const CONFIG_FILE: &str = "config/griot.toml";

/// The config file of the publication that a folder belongs to: looked for in the folder and upward.
pub fn find(from: &Path) -> Result<PathBuf, ConfigError> {
    from.ancestors()
        .map(|folder| folder.join(CONFIG_FILE))
        // Whatever has the name is it: a folder or a broken link should be complained about, not passed over.
        .find(|file| file.symlink_metadata().is_ok())
        .ok_or_else(|| ConfigError::NotFound { from: from.to_path_buf() })
}

/// Reads and checks a config file.
pub fn load(file: &Path) -> Result<Settings, ConfigError> {
    let bytes = std::fs::read(file).map_err(|source| ConfigError::Unreadable { file: file.to_path_buf(), source })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = good.split(|byte| *byte == b'\n').count();
        ConfigError::NotUtf8 { file: file.to_path_buf(), line, byte: good.len() + 1 }
    })?;
    check(file, &text)
}

/// Checks what is, or is to be, the text of a config file.
pub fn check(file: &Path, text: &str) -> Result<Settings, ConfigError> {
    let options = Options::parse(file, text)?;
    Settings::from_options(file, options).map_err(|mut error| {
        if let ConfigError::Problems { problems, .. } = &mut error {
            for problem in problems {
                problem.line = place::line_of(text, &problem.key);
            }
        }
        error
    })
}
