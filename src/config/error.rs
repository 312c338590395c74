use std::fmt;
use std::path::PathBuf;

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("no `config/griot.toml` in `{}` or above it", from.display())]
    NotFound { from: PathBuf },
    #[error("failed to read the config `{}`", file.display())]
    Unreadable { file: PathBuf, source: std::io::Error },
    #[error("the config `{}` is not valid UTF-8: line {line}, byte {byte}", file.display())]
    NotUtf8 {
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, from the beginning of the file.
        byte: usize,
    },
    /// Not TOML, or a key that griot does not know; the message draws the line.
    #[error("`{}` cannot be understood\n{message}", file.display())]
    Syntax { file: PathBuf, message: String, suggestion: Option<String> },
    /// All that is missing or wrong, at once.
    #[error("`{}` {}", file.display(), Listed(problems))]
    Problems { file: PathBuf, problems: Vec<Problem> },
    /// A section that is needed for what is to be done, and not for other things.
    #[error("`{}` has no `[{section}]`: {needs}", file.display())]
    NoSection { file: PathBuf, section: &'static str, needs: &'static str },
    #[error("the variable `{variable}` that holds the mail server's password is not set")]
    NoPassword { variable: String },
    #[error("`{}` is empty, and should hold the mail server's password", file.display())]
    EmptyPassword { file: PathBuf },
    /// A file that the config names.
    #[error("failed to read {what} from `{}`", file.display())]
    Named { what: &'static str, file: PathBuf, source: std::io::Error },
}

/// One key that is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key with its table: `letter.from`.
    pub key: String,
    pub what: String,
    /// The line of the key, counted from 1, where it is written.
    pub line: Option<usize>,
}

impl ConfigError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotFound { .. } => {
                Some("run `griot init` to start a publication here, or name the config with `--config`".to_owned())
            }
            Self::Syntax { suggestion, .. } => suggestion.clone(),
            Self::NotUtf8 { .. } => Some("save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`".to_owned()),
            Self::NoPassword { .. } => Some(
                "set it where griot is called, such as the crontab or the systemd unit; or keep the password in a file and name it with `password_file`"
                    .to_owned(),
            ),
            Self::Unreadable { .. }
            | Self::Problems { .. }
            | Self::NoSection { .. }
            | Self::EmptyPassword { .. }
            | Self::Named { .. } => None,
        }
    }
}

struct Listed<'a>(&'a [Problem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [one] => write!(f, "has a key to mend\n  {one}"),
            many => {
                write!(f, "has {} keys to mend", many.len())?;
                many.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        write!(f, "`{}`: {}", self.key, self.what)
    }
}
