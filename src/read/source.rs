use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;

use super::ReadError;
use crate::domain::{WebUrl, visible};

/// Where a page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    File(PathBuf),
    Stdin,
    Url(WebUrl),
}

impl Source {
    /// Reads an argument: `-` is standard input, what has a scheme and `//` is an address, all else is a path.
    pub fn parse(arg: impl AsRef<OsStr>) -> Result<Self, ReadError> {
        // What is not UTF-8 can only be the name of a file, as old systems wrote it.
        let Some(arg) = arg.as_ref().to_str() else { return Ok(Self::File(PathBuf::from(arg.as_ref()))) };
        if arg == "-" {
            return Ok(Self::Stdin);
        }
        match WebUrl::parse(arg) {
            Some(url) => Ok(Self::Url(url)),
            None if has_scheme(arg) => Err(refused(arg)),
            None => Ok(Self::File(PathBuf::from(arg))),
        }
    }
}

fn has_scheme(arg: &str) -> bool {
    arg.split_once("://").is_some_and(|(scheme, _)| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(plain)
    })
}

fn refused(arg: &str) -> ReadError {
    let text = without_user(arg);
    match WebUrl::parse(&text) {
        Some(url) => ReadError::WithUser { url },
        None => ReadError::NotWeb { text: visible(&text) },
    }
}

/// The address without `user:password@`, which has no place on a screen or in a log.
fn without_user(arg: &str) -> String {
    let Some((scheme, rest)) = arg.split_once("://") else { return arg.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// What to call it in messages.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&visible(&path.to_string_lossy())),
            Self::Stdin => f.write_str("-"),
            Self::Url(url) => write!(f, "{url}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_paths_from_addresses() {
        assert_eq!(Source::parse("-").unwrap(), Source::Stdin);
        assert_eq!(Source::parse("a/b.html").unwrap(), Source::File("a/b.html".into()));
        assert_eq!(Source::parse("C:\\pages\\a.txt").unwrap(), Source::File("C:\\pages\\a.txt".into()));
        assert_eq!(Source::parse("https://example.org/a").unwrap().to_string(), "https://example.org/a");
    }

    #[test]
    fn refuses_other_schemes_and_keeps_passwords_to_itself() {
        let refused = |arg: &str| Source::parse(arg).unwrap_err().to_string();
        assert_eq!(refused("ftp://example.org/a"), "`ftp://example.org/a` is not an http or https address");
        assert_eq!(
            refused("https://me:secret@example.org/a?b=c@d"),
            "`https://example.org/a?b=c@d` was given with a user name or password"
        );
    }
}
