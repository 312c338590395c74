//! The folder of the feeds, as the web sees it.
//!
//! Each answer is of one version of a file. Small files and texts are kept in memory with all that is said of them, and are
//! looked at again for each answer: a name that leads to another file, or a file that was written to, is another version.

mod coding;
mod conditions;
mod disk;
mod kept;
mod part;
mod path;
mod version;

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ALLOW,
    CONTENT_LENGTH, CONTENT_RANGE, LOCATION,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::task::spawn_blocking;

use crate::domain::WebFile;
use coding::Coding;
use conditions::Verdict;
use disk::FromDisk;
use kept::Kept;
use part::Part;
use version::{Form, Found, Version};

/// What can be done with a file.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// How often a file is looked at: the second time it is opened as it is looked at, and cannot be replaced in between.
const TRIES: usize = 2;

/// A folder that is served.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    kept: Kept,
}

/// What is asked of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub method: &'a Method,
    /// The path of the request.
    pub path: &'a str,
    /// The part of it below the address of the folder.
    pub below: &'a str,
    pub headers: &'a HeaderMap,
    pub now: SystemTime,
}

/// An answer, and of what.
#[derive(Debug)]
pub(super) struct Given {
    pub response: Response,
    pub file: WebFile,
    /// Its path below the folder.
    pub name: String,
}

impl Files {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, kept: Kept::default() }
    }

    /// The answer to whatever is asked of a file; `None` where there is no such file.
    ///
    /// # Errors
    ///
    /// A file that is there and cannot be read.
    pub(super) async fn answer(&self, asked: Asked<'_>) -> io::Result<Option<Given>> {
        let Some(file) = path::file_below(asked.below) else { return Ok(None) };
        let given = |response| Ok(Some(Given { response, file: WebFile::of(&file), name: file.clone().into_owned() }));
        for _ in 0..TRIES {
            let Some(found) = self.version(&file).await? else { return Ok(None) };
            if ![Method::GET, Method::HEAD].contains(asked.method) {
                return given(not_allowed());
            }
            match found {
                Named::Folder => return given(moved_to_folder(asked.path)),
                Named::Version(version, opened) => match version_given(&version, opened, asked).await {
                    Some(response) => return given(response),
                    None => self.kept.forget(&file),
                },
            }
        }
        Err(io::Error::new(io::ErrorKind::ResourceBusy, "it is replaced all the time"))
    }

    /// What is there now under a name.
    async fn version(&self, file: &str) -> io::Result<Option<Named>> {
        if let Some(version) = self.kept.get(file)
            && version.still_holds()
        {
            return Ok(Some(Named::Version(version, None)));
        }
        let (folder, name) = (self.folder.clone(), file.to_owned());
        match spawn_blocking(move || version::find(&folder, &name)).await? {
            Ok(Found::File(version, opened)) => Ok(Some(Named::Version(self.kept.keep(file, *version), opened))),
            Ok(Found::Folder) => Ok(Some(Named::Folder)),
            Ok(Found::Nothing) => {
                self.kept.forget(file);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// What a request gets of a version; `None` where that was replaced since it was looked at.
async fn version_given(version: &Arc<Version>, opened: Option<File>, asked: Asked<'_>) -> Option<Response> {
    let form = version.form(Coding::of(asked.headers)).await;
    let validators = version.validators(form);
    let without_content = |status| Some(answer(status, form.unchanged.clone(), Body::empty()));
    match validators.judge(asked.headers) {
        Verdict::NotModified => return without_content(StatusCode::NOT_MODIFIED),
        Verdict::Failed => return without_content(StatusCode::PRECONDITION_FAILED),
        Verdict::Give => {}
    }
    let part = match *asked.method {
        Method::GET if validators.allows_part(asked.headers, asked.now) => Part::of(asked.headers, form.length),
        _ => Part::Whole,
    };
    let (status, range, first, length) = match part {
        Part::Whole => (StatusCode::OK, None, 0, form.length),
        Part::Of { first, last } => {
            (StatusCode::PARTIAL_CONTENT, Some(format!("bytes {first}-{last}/{}", form.length)), first, last - first + 1)
        }
        Part::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, Some(format!("bytes */{}", form.length)), 0, 0),
    };
    let mut head = if part == Part::Beyond { form.unchanged.clone() } else { form.head.clone() };
    if let Some(range) = range {
        head.insert(CONTENT_LENGTH, HeaderValue::from(length));
        head.insert(CONTENT_RANGE, HeaderValue::try_from(range).ok()?);
    }
    let body = if asked.method == Method::HEAD || length == 0 {
        Body::empty()
    } else {
        body(version, opened, form, first, length).await?
    };
    Some(answer(status, head, body))
}

async fn body(version: &Arc<Version>, opened: Option<File>, form: &Form, first: u64, length: u64) -> Option<Body> {
    if let Some(bytes) = &form.bytes {
        let (first, length) = (usize::try_from(first).ok()?, usize::try_from(length).ok()?);
        let is_whole = length == bytes.len();
        return Some(if is_whole { bytes.clone() } else { bytes.slice(first..first + length) }.into());
    }
    let file = if let Some(file) = opened {
        file
    } else {
        let again = Arc::clone(version);
        spawn_blocking(move || again.open()).await.ok()??
    };
    Some(Body::new(FromDisk::new(file, version.stamp(), first, length)))
}

enum Named {
    /// With the file itself where it was just opened.
    Version(Arc<Version>, Option<File>),
    Folder,
}

/// What a browser asks before a script of another site may ask (the Fetch standard's preflight).
pub(super) fn preflight() -> Response {
    let head = [
        (ALLOW, METHODS),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (ACCESS_CONTROL_ALLOW_HEADERS, "Range, If-Range, If-None-Match, If-Modified-Since, Cache-Control, X-Requested-With"),
        (ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, head).into_response()
}

fn not_allowed() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, METHODS)], "this can be read, and nothing else\n").into_response()
}

fn moved_to_folder(path: &str) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(LOCATION, format!("{path}/"))]).into_response()
}

fn answer(status: StatusCode, head: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = head;
    response
}
