//! One version of a file, ready to be sent: what an answer says of it is put together once.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::{self, HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::OnceCell;

use super::coding::Coding;
use super::conditions::Validators;
use super::path::is_name;
use crate::domain::WebFile;

/// The largest text that is kept in memory and compressed, in bytes.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;
/// The same of all else.
const LARGEST_OTHER: u64 = 256 * 1024;
/// What is smaller gains nothing by compression.
const SMALLEST: usize = 256;
/// How often a file is read again that changes while it is read.
const TRIES: usize = 3;

/// What a browser may do with a page from the folder: show it, with its styles and pictures. No page of griot has a script.
const PAGE: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src * data:; media-src *; font-src 'self'; \
                    base-uri 'none'; form-action 'self' https:; frame-ancestors 'self'";

/// A version of a file.
#[derive(Debug)]
pub(super) struct Version {
    pub file: WebFile,
    /// Where it was found, by the name that was asked for: looked at again for each answer.
    pub path: PathBuf,
    stamp: Stamp,
    modified: SystemTime,
    plain: Form,
    gzip: OnceCell<Option<Form>>,
    brotli: OnceCell<Option<Form>>,
}

/// A version as it is sent: as it is, or compressed.
#[derive(Debug)]
pub(super) struct Form {
    /// `None`: it is read from the disk as it is sent.
    pub bytes: Option<Bytes>,
    pub length: u64,
    etag: HeaderValue,
    last_modified: HeaderValue,
    /// The headers of an answer with all of it.
    pub head: HeaderMap,
    /// The headers of an answer that says that it has not changed (RFC 9110, section 15.4.5).
    pub unchanged: HeaderMap,
}

/// What is another as soon as a file is another one, or has been written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether nothing was written in between. A file that is open may lose its name, and its time of change with it.
    pub(super) fn is_same_content(self, other: Self) -> bool {
        (self.device, self.inode, self.length, self.modified) == (other.device, other.inode, other.length, other.modified)
    }
}

/// What is at a path.
#[derive(Debug)]
pub(super) enum Found {
    /// With the file itself, open, where it is sent from the disk.
    File(Box<Version>, Option<File>),
    /// A folder with an `index.html`.
    Folder,
    Nothing,
}

/// Looks for a file below a folder and reads it. Blocks.
///
/// Symbolic links are followed as long as they stay in the folder. `file`: what [`super::path::file_below`] gave.
pub(super) fn find(folder: &Path, file: &str) -> io::Result<Found> {
    let named = folder.join(file);
    let (root, path) = match fs::canonicalize(folder).and_then(|root| Ok((root, fs::canonicalize(&named)?))) {
        Ok(found) => found,
        Err(error) if is_absence(&error) => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    // By now the path has no links in it: it is below the folder, or elsewhere.
    let Ok(below) = path.strip_prefix(&root) else { return Ok(Found::Nothing) };
    if !below.iter().all(|part| part.to_str().is_some_and(is_name)) {
        return Ok(Found::Nothing);
    }
    let metadata = fs::metadata(&path)?;
    if metadata.is_dir() {
        return Ok(if path.join("index.html").is_file() { Found::Folder } else { Found::Nothing });
    }
    // A pipe or a device would keep whoever opens it waiting.
    if !metadata.is_file() {
        return Ok(Found::Nothing);
    }
    match Version::read(&path, named, WebFile::of(file)) {
        Ok((version, opened)) => Ok(Found::File(Box::new(version), opened)),
        Err(error) if is_absence(&error) => Ok(Found::Nothing),
        Err(error) => Err(error),
    }
}

fn is_absence(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound, PermissionDenied};
    [NotFound, NotADirectory, PermissionDenied, InvalidFilename].contains(&error.kind())
}

impl Version {
    fn read(path: &Path, named: PathBuf, file: WebFile) -> io::Result<(Self, Option<File>)> {
        for _ in 0..TRIES {
            let mut opened = File::open(path)?;
            let before = opened.metadata()?;
            let largest = if file.is_text() { LARGEST_TEXT } else { LARGEST_OTHER };
            if before.len() > largest {
                return Ok((Self::new(file, named, &before, None)?, Some(opened)));
            }
            let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or_default() + 1);
            // One byte more than there should be, so that a file that grows is seen to grow.
            Read::by_ref(&mut opened).take(before.len() + 1).read_to_end(&mut bytes)?;
            let is_whole = u64::try_from(bytes.len()).is_ok_and(|length| length == before.len());
            if is_whole && Stamp::of(&opened.metadata()?) == Stamp::of(&before) {
                return Ok((Self::new(file, named, &before, Some(bytes.into()))?, None));
            }
        }
        Err(io::Error::new(io::ErrorKind::ResourceBusy, "it changes all the time"))
    }

    fn new(file: WebFile, path: PathBuf, metadata: &Metadata, bytes: Option<Bytes>) -> io::Result<Self> {
        let stamp = Stamp::of(metadata);
        let tag = match &bytes {
            Some(bytes) => digest_of(bytes),
            // What is too large to be kept is too large to be read for its tag: a version has a time and a length of its own.
            None => format!("{:x}-{:x}{:08x}", stamp.length, stamp.modified.0, stamp.modified.1),
        };
        let seconds = u64::try_from(stamp.modified.0).unwrap_or_default();
        let modified = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).unwrap_or(UNIX_EPOCH);
        let plain = Form::new(file, Coding::Identity, &tag, modified, stamp.length, bytes).map_err(io::Error::other)?;
        Ok(Self { file, path, stamp, modified, plain, gzip: OnceCell::new(), brotli: OnceCell::new() })
    }

    /// Whether the file is still this version.
    pub(super) fn still_holds(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|metadata| self.is_of(&metadata))
    }

    /// The file, open, if it still is this version. Blocks.
    pub(super) fn open(&self) -> Option<File> {
        let file = File::open(&self.path).ok()?;
        self.is_of(&file.metadata().ok()?).then_some(file)
    }

    fn is_of(&self, metadata: &Metadata) -> bool {
        Stamp::of(metadata) == self.stamp
    }

    pub(super) fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Bytes of memory that it takes at most: no compressed form is larger than the plain one.
    pub(super) fn weight(&self) -> usize {
        let forms = if self.can_be_compressed() { 3 } else { 1 };
        self.plain.bytes.as_ref().map_or(0, Bytes::len) * forms + 4096
    }

    /// The form that a client likes best, as far as there is a smaller one; compressed once.
    pub(super) async fn form(self: &Arc<Self>, coding: Coding) -> &Form {
        let cell = match coding {
            Coding::Gzip if self.can_be_compressed() => &self.gzip,
            Coding::Brotli if self.can_be_compressed() => &self.brotli,
            _ => return &self.plain,
        };
        let compressed = match cell.get() {
            Some(compressed) => compressed,
            None => cell.get_or_init(|| self.compressed(coding)).await,
        };
        compressed.as_ref().unwrap_or(&self.plain)
    }

    async fn compressed(self: &Arc<Self>, coding: Coding) -> Option<Form> {
        let plain = self.plain.bytes.clone()?;
        let length = plain.len();
        let encoded = tokio::task::spawn_blocking(move || coding.encode(&plain)).await.ok()?.ok()?;
        if encoded.len() >= length {
            return None;
        }
        let tag = self.plain.etag.to_str().ok()?.trim_matches('"').to_owned() + coding.mark();
        let length = u64::try_from(encoded.len()).ok()?;
        Form::new(self.file, coding, &tag, self.modified, length, Some(encoded.into())).ok()
    }

    fn can_be_compressed(&self) -> bool {
        self.file.is_text() && self.plain.bytes.as_ref().is_some_and(|bytes| bytes.len() >= SMALLEST)
    }

    pub(super) fn validators<'a>(&self, form: &'a Form) -> Validators<'a> {
        Validators { etag: &form.etag, modified: self.modified, last_modified: &form.last_modified }
    }
}

impl Form {
    fn new(
        file: WebFile,
        coding: Coding,
        tag: &str,
        modified: SystemTime,
        length: u64,
        bytes: Option<Bytes>,
    ) -> Result<Self, header::InvalidHeaderValue> {
        let etag = HeaderValue::try_from(format!("\"{tag}\""))?;
        let last_modified = HeaderValue::try_from(httpdate::fmt_http_date(modified))?;
        let mut unchanged = HeaderMap::with_capacity(16);
        let mut put = |name: HeaderName, value: &'static str| unchanged.insert(name, HeaderValue::from_static(value));
        put(header::CACHE_CONTROL, file.cache());
        // Players and readers in browsers may read it wherever they come from; nothing here is for one reader alone.
        put(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        put(header::ACCESS_CONTROL_EXPOSE_HEADERS, "*");
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(header::REFERRER_POLICY, "no-referrer");
        put(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
        if file.is_text() {
            put(header::VARY, "Accept-Encoding");
        }
        if matches!(file, WebFile::Html | WebFile::Svg) {
            put(header::CONTENT_SECURITY_POLICY, PAGE);
        }
        unchanged.insert(header::ETAG, etag.clone());
        unchanged.insert(header::LAST_MODIFIED, last_modified.clone());
        let mut head = unchanged.clone();
        head.insert(header::CONTENT_TYPE, HeaderValue::try_from(file.content_type())?);
        head.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        head.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if let Some(name) = coding.name() {
            head.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        Ok(Self { bytes, length, etag, last_modified, head, unchanged })
    }
}

/// 128 bits of the content's SHA-256.
fn digest_of(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    URL_SAFE_NO_PAD.encode(digest.as_ref().get(..16).unwrap_or_default())
}
