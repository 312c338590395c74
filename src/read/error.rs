use std::error::Error;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use crate::domain::WebUrl;

/// Why a source could not be read. What went wrong and where is in the message, what to do is in [`ReadError::hint`].
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("`{path}` does not exist")]
    NotFound { path: String },
    #[error("`{path}` may not be read by this user")]
    Denied { path: String },
    #[error("`{path}` is a directory, not a page")]
    Directory { path: String },
    #[error("failed to read `{origin}`")]
    Io {
        origin: String,
        #[source]
        source: io::Error,
    },
    #[error("`{origin}` is empty")]
    Empty { origin: String },
    #[error("`{origin}` is {what}, not a page of text")]
    Binary { origin: String, what: &'static str },
    #[error("`{origin}` is not valid UTF-8: line {line}, byte {byte}")]
    NotUtf8 {
        origin: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, from the beginning of the file.
        byte: usize,
    },
    #[error("`{origin}` is no feed: neither RSS nor Atom nor JSON Feed")]
    NotAFeed { origin: String },
    #[error("the feed `{origin}` is broken at line {line}: {what}")]
    BrokenFeed {
        origin: String,
        /// Counted from 1.
        line: usize,
        what: String,
    },
    #[error("the feed `{origin}` has more than {limit} items")]
    TooManyItems { origin: String, limit: usize },
    #[error("`{origin}` is larger than {}", Size(*limit))]
    TooLarge { origin: String, limit: usize },
    #[error("`{url}` was given with a user name or password")]
    WithUser { url: WebUrl },
    #[error("`{text}` is not an http or https address")]
    NotWeb { text: String },
    #[error("`{url}` answered with status {status}")]
    Status {
        url: WebUrl,
        status: u16,
        /// When the server wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
    #[error("`{url}` did not answer within {} seconds", .after.as_secs_f32())]
    Timeout { url: WebUrl, after: Duration },
    #[error("`{url}` redirects more than {limit} times")]
    Redirects { url: WebUrl, limit: usize },
    #[error("`{url}` redirects to `{target}`, which is not an http or https address")]
    BadRedirect { url: WebUrl, target: String },
    #[error("`{host}` is at the private address {address}")]
    Private { host: String, address: IpAddr },
    /// The innermost cause says what happened; the layers above it only say that it did.
    #[error("failed to fetch `{url}`: {}", innermost(.cause))]
    Http { url: WebUrl, cause: reqwest::Error },
}

impl ReadError {
    /// What can be done about it, as a sentence without a full stop.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotFound { .. } => {
                "check the path; a web page needs its whole address, such as `https://example.org/page`".into()
            }
            Self::Denied { .. } => "give this user the right to read it, for example with `chmod`".into(),
            Self::Directory { .. } => "name the files in it, one by one".into(),
            Self::Empty { .. } => "check that the page was saved, or the text pasted, before it was read".into(),
            Self::Binary { .. } => "save the article as HTML, or copy its text into a `.txt` file".into(),
            Self::NotUtf8 { .. } => "save it as UTF-8, for example with `iconv -f WINDOWS-1252 -t UTF-8`".into(),
            Self::TooLarge { .. } => {
                "an article is far smaller: check that it is the page you mean; `max_bytes` in `[fetch]` sets the limit".into()
            }
            Self::NotAFeed { .. } => "name the address of the feed itself; sites link it as RSS, Atom or feed".into(),
            Self::BrokenFeed { .. } => "tell the publisher of the feed; what was taken from it before stays".into(),
            Self::TooManyItems { .. } => "no podcast has so many episodes: check that it is the feed you mean".into(),
            Self::NotWeb { .. } => "write the address as a browser shows it".into(),
            Self::WithUser { .. } => {
                "griot logs in nowhere: save the page in a browser and read the file, or leave user and password out".into()
            }
            Self::Status { status: 401 | 402 | 403 | 451, .. } => {
                "the site refuses programs or wants a login: save the page in a browser and read the file".into()
            }
            Self::Status { status: 410, .. } => "it is gone for good: take its address out of the config".into(),
            Self::Status { status: 404, .. } => "check the address in a browser".into(),
            Self::Status { status: 429 | 500..=599, .. } | Self::Timeout { .. } => "try again later".into(),
            Self::Redirects { .. } | Self::BadRedirect { .. } => {
                "open the page in a browser and take the address shown there".into()
            }
            Self::Private { host, .. } => format!("if `{host}` is yours and meant, list it in `fetch.allow_hosts` of the config"),
            Self::Http { cause, .. } if cause.is_connect() => "check the address and the connection to the network".into(),
            Self::Io { .. } | Self::Status { .. } | Self::Http { .. } => return None,
        })
    }
}

/// What an error comes from in the end.
fn innermost(error: &dyn Error) -> &dyn Error {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

/// A number of bytes, in megabytes where they are whole.
struct Size(usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MEGABYTE: usize = 1024 * 1024;
        match self.0 {
            bytes if bytes > 0 && bytes.is_multiple_of(MEGABYTE) => write!(f, "{} MB", bytes / MEGABYTE),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}
