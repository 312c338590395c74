use std::fmt;
use std::path::PathBuf;

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("no `config/griot.toml` in `{}` or above it", from.display())]
    NotFound { from: PathBuf },
    #[error("failed to read the config `{}`", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    /// Not TOML, or a key that griot does not know; the message draws the line.
    #[error("`{}` cannot be understood\n{message}", file.display())]
    Syntax { file: PathBuf, message: String, suggestion: Option<String> },
    /// All that is missing or wrong, at once.
    #[error("`{}` {}", file.display(), Listed(problems))]
    Problems { file: PathBuf, problems: Vec<Problem> },
}

/// One key that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key with its table: `letter.from`.
    pub key: String,
    pub what: String,
}

impl ConfigError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { .. } => {
                Some("run `griot init` to start a publication here, or name the config with `--config`".to_owned())
            }
            Self::Syntax { suggestion, .. } => suggestion.clone(),
            Self::Unreadable { .. } | Self::Problems { .. } => None,
        }
    }
}

struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => write!(f, "has a key to mend\n  `{}`: {}", one.key, one.what),
            many => {
                write!(f, "has {} keys to mend", many.len())?;
                many.iter().try_for_each(|problem| write!(f, "\n  `{}`: {}", problem.key, problem.what))
            }
        }
    }
}
