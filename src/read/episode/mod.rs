//! The note of an episode: what a desk writes beside the sound, as Markdown with front matter or as TOML.

mod chapters;
mod keys;
mod subtitles;
mod writing;
mod written;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::front_matter;
use super::markdown;
use crate::domain::podcast::{EpisodeDetails, EpisodeFiles};
use crate::domain::{Sheet, Slip};

pub use chapters::chapters;
pub use subtitles::{SubtitleError, Subtitles, subtitles};
pub use writing::{NewNote, write as new_note};
pub use written::to_toml;

/// What a note says.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeNote {
    pub details: EpisodeDetails,
    pub files: EpisodeFiles,
}

/// Why a note says nothing that could be published.
#[derive(Debug, thiserror::Error)]
pub enum EpisodeError {
    #[error("failed to read `{}`", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("`{}` is not valid UTF-8", file.display())]
    NotUtf8 { file: PathBuf },
    #[error("`{}` cannot be understood: line {line}: {what}", file.display())]
    Broken { file: PathBuf, line: usize, what: String },
    /// All that is missing or wrong, at once.
    #[error("`{}` has {}", file.display(), Listed(slips))]
    Slips { file: PathBuf, slips: Vec<Slip> },
}

impl EpisodeError {
    /// What can be done about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotUtf8 { .. } => Some("save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`".to_owned()),
            Self::Slips { .. } => Some("docs/podcasts.md of griot lists the keys of a note".to_owned()),
            Self::Unreadable { .. } | Self::Broken { .. } => None,
        }
    }
}

struct Listed<'a>(&'a [Slip]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [_] => f.write_str("a key to mend")?,
            many => write!(f, "{} keys to mend", many.len())?,
        }
        self.0.iter().try_for_each(|slip| write!(f, "\n  `{}`: {}", slip.key, slip.what))
    }
}

/// Largest note, in bytes.
const MOST: u64 = 4 * 1024 * 1024;

/// Reads a note. A time without a zone is one of `zone`; a day without a time is its noon.
pub fn note(file: &Path, zone: &TimeZone) -> Result<EpisodeNote, EpisodeError> {
    let path = || file.to_path_buf();
    let unreadable = |source| EpisodeError::Unreadable { file: path(), source };
    if std::fs::metadata(file).map_err(unreadable)?.len() > MOST {
        return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, "a note is far smaller")));
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| EpisodeError::NotUtf8 { file: path() })?;
    let text = text.trim_start_matches('\u{FEFF}');
    let broken = |(line, what)| EpisodeError::Broken { file: path(), line, what };
    let is_toml = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let (rows, body) = if is_toml {
        (written::toml(text).map_err(broken)?, "")
    } else {
        match front_matter::parts(text) {
            // The fence is the first line of the file.
            Some((above, body, is_yaml)) => {
                let rows = if is_yaml { written::yaml(above) } else { written::toml(above) };
                (rows.map_err(|(line, what)| broken((line + 1, what)))?, body)
            }
            None => {
                return Err(broken((1, "it does not begin with front matter between `---` (YAML) or `+++` (TOML)".to_owned())));
            }
        }
    };
    let mut slips = Vec::new();
    let mut sheet = Sheet::new("", &rows, &mut slips);
    let found = keys::read(&mut sheet, zone);
    sheet.finish();
    match found {
        Some((mut details, files)) if slips.is_empty() => {
            if details.body.is_empty() {
                details.body = markdown::blocks(body);
            } else if !body.trim().is_empty() {
                slips.push(Slip {
                    key: "description".to_owned(),
                    what: "and text below the front matter exclude each other".to_owned(),
                });
                return Err(EpisodeError::Slips { file: path(), slips });
            }
            Ok(EpisodeNote { details, files })
        }
        _ => Err(EpisodeError::Slips { file: path(), slips }),
    }
}

#[cfg(test)]
mod tests;
