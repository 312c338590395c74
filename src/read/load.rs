//! Source -> page.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use super::fetch::{Answer, Fetched, fetch};
use super::{Page, ReadError, Source, decode, sniff};
use crate::domain::{Format, WebUrl};

/// How a source is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadOptions {
    /// The format, where it is not to be sniffed.
    pub format: Option<Format>,
    /// The address under which a page lives that was saved to a file.
    pub url: Option<WebUrl>,
    /// The largest page, in bytes, unpacked.
    pub max_bytes: usize,
    pub connect_timeout: Duration,
    /// For all redirects and the whole page.
    pub total_timeout: Duration,
    /// Says to servers who reads, and where to complain.
    pub user_agent: String,
    /// Hosts that may be at a private address.
    pub allowed_hosts: Vec<String>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            format: None,
            url: None,
            max_bytes: 10 * 1024 * 1024,
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
            user_agent: concat!("griot/", env!("CARGO_PKG_VERSION"), " (+https://crates.io/crates/griot)").to_owned(),
            allowed_hosts: Vec::new(),
        }
    }
}

/// What a server gave with a page, to be asked with the next time (RFC 9110, section 8.8). Kept exactly as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What came of a source that may have been read before.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The page; none where nothing has changed since the validators were given.
    pub page: Option<Page>,
    /// What to ask with the next time.
    pub validators: Validators,
    /// For how long the server says that the page holds.
    pub fresh: Option<Duration>,
}

/// Reads and decodes a source. Files and standard input block the thread while they are read.
pub async fn load(source: &Source, options: &LoadOptions) -> Result<Page, ReadError> {
    let loaded = load_if_changed(source, options, &Validators::default()).await?;
    // Without validators no server may answer that nothing has changed.
    loaded.page.ok_or_else(|| ReadError::Empty { origin: source.to_string() })
}

/// The same, but a page that is still the one that the validators were given for is not sent again.
pub async fn load_if_changed(source: &Source, options: &LoadOptions, known: &Validators) -> Result<Loaded, ReadError> {
    let origin = source.to_string();
    let (mut validators, mut fresh) = (Validators::default(), None);
    let (bytes, content_type, url) = match source {
        Source::File(path) => (file(path, &origin, options.max_bytes)?, None, None),
        Source::Stdin => (limited(io::stdin().lock(), &origin, options.max_bytes)?, None, None),
        Source::Url(url) => match fetch(url, options, known).await? {
            Answer::Unchanged { fresh } => return Ok(Loaded { page: None, validators: known.clone(), fresh }),
            Answer::Fetched(fetched) => {
                let Fetched { url, content_type, bytes, .. } = *fetched;
                (validators, fresh) = (fetched.validators, fetched.fresh);
                (bytes, content_type, Some(url))
            }
        },
    };
    let name = match (&url, source) {
        (Some(url), _) => url.url().path(),
        (None, Source::Stdin) => "",
        (None, _) => &origin,
    };
    let told = options
        .format
        // Feeds are served under every type there is, that of web pages among them.
        .or_else(|| Some(sniff::by_content(&bytes)).filter(|format| *format == Format::Feed))
        .or_else(|| content_type.as_deref().and_then(sniff::by_content_type))
        .or_else(|| sniff::by_name(name));
    let page = Page::decode(&bytes, origin, told, content_type.as_deref().and_then(charset))?;
    let page = Page { url: options.url.clone().or(url), ..page };
    Ok(Loaded { page: Some(page), validators, fresh })
}

/// The bytes of a source as they are, with what a server says of them.
#[derive(Clone, Debug)]
pub struct Raw {
    pub bytes: Vec<u8>,
    /// The `Content-Type` of the answer.
    pub content_type: Option<String>,
    /// Where it was found after all redirects.
    pub url: Option<WebUrl>,
}

/// Reads a source without decoding it. Files and standard input block the thread while they are read.
pub async fn raw(source: &Source, options: &LoadOptions) -> Result<Raw, ReadError> {
    let origin = source.to_string();
    let bytes = match source {
        Source::File(path) => file(path, &origin, options.max_bytes)?,
        Source::Stdin => limited(io::stdin().lock(), &origin, options.max_bytes)?,
        Source::Url(url) => match fetch(url, options, &Validators::default()).await? {
            Answer::Fetched(fetched) => {
                let Fetched { url, content_type, bytes, .. } = *fetched;
                return Ok(Raw { bytes, content_type, url: Some(url) });
            }
            // Without validators no server may answer so.
            Answer::Unchanged { .. } => return Err(ReadError::Empty { origin }),
        },
    };
    Ok(Raw { bytes, content_type: None, url: None })
}

impl Page {
    /// The page that some bytes are: decoded, and sniffed where the format is not told.
    ///
    /// `charset` is the one that an HTTP header names.
    ///
    /// # Errors
    ///
    /// Bytes that are no text, or in no encoding that could be made sure of.
    pub fn decode(bytes: &[u8], origin: String, told: Option<Format>, charset: Option<&str>) -> Result<Self, ReadError> {
        let format = told.unwrap_or_else(|| sniff::by_content(bytes));
        let text = decode::decode(bytes, &origin, format, charset)?;
        Ok(Self { origin, url: None, format, text })
    }
}

fn file(path: &Path, origin: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
    let failed = |source: io::Error| {
        let path = origin.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::NotFound { path },
            io::ErrorKind::PermissionDenied => ReadError::Denied { path },
            io::ErrorKind::IsADirectory => ReadError::Directory { path },
            _ => ReadError::Io { origin: path, source },
        }
    };
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    if meta.is_dir() {
        return Err(ReadError::Directory { path: origin.to_owned() });
    }
    if usize::try_from(meta.len()).map_or(true, |length| length > limit) {
        return Err(ReadError::TooLarge { origin: origin.to_owned(), limit });
    }
    limited(file, origin, limit)
}

/// Reads at most one byte more than the limit: what has no length (a pipe) may have no end.
fn limited(from: impl Read, origin: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = from.take(most).read_to_end(&mut bytes);
    read.map_err(|source| ReadError::Io { origin: origin.to_owned(), source })?;
    if bytes.len() > limit {
        return Err(ReadError::TooLarge { origin: origin.to_owned(), limit });
    }
    Ok(bytes)
}

/// The `charset` parameter of a `Content-Type` (RFC 9110, section 8.3.1).
pub(super) fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> Result<Page, ReadError> {
        let source = Source::File(path.to_owned());
        let options = LoadOptions { max_bytes: 1000, ..LoadOptions::default() };
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(load(&source, &options))
    }

    fn written(name: &str, bytes: &[u8]) -> Result<Page, ReadError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn the_name_tells_the_format_or_else_the_content() {
        assert_eq!(written("a.md", b"text").unwrap().format, Format::Markdown);
        assert_eq!(written("a", b"<!doctype html>x").unwrap().format, Format::Html);
        assert_eq!(written("a.txt", b"<!doctype html>x").unwrap().format, Format::Text);
        let page = written("a", b"\xEF\xBB\xBFplain").unwrap();
        assert_eq!((page.format, page.text.as_str(), page.url), (Format::Text, "plain", None));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(read(&dir.path().join("none")), Err(ReadError::NotFound { .. })));
        assert!(matches!(read(dir.path()), Err(ReadError::Directory { .. })));
        assert!(matches!(written("a", b""), Err(ReadError::Empty { .. })));
        assert!(matches!(written("a.html", b"PK\x03\x04"), Err(ReadError::Binary { .. })));
        assert!(matches!(written("a.txt", b"\xFF\xFF"), Err(ReadError::NotUtf8 { line: 1, byte: 1, .. })));
        assert!(matches!(written("a.txt", &[b'a'; 1001]), Err(ReadError::TooLarge { limit: 1000, .. })));
        assert!(written("a.txt", &[b'a'; 1000]).is_ok());
    }

    #[test]
    fn what_has_no_end_is_not_read_to_its_end() {
        assert!(matches!(limited(io::repeat(b'a'), "-", 1000), Err(ReadError::TooLarge { .. })));
    }

    #[test]
    fn a_large_file_is_refused_unread() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(read(&path), Err(ReadError::TooLarge { .. })));
    }

    #[test]
    fn charsets_are_parameters() {
        assert_eq!(charset("text/html; Charset=\"utf-8\""), Some("utf-8"));
        assert_eq!(charset("text/html"), None);
    }
}
