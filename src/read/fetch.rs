//! A page from the web: time, size and redirects limited, private addresses refused.

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, redirect};

use super::guard::{Guard, PrivateAddress};
use super::{LoadOptions, ReadError, Validators};
use crate::domain::{Format, WebUrl};

/// What a server sent.
#[derive(Debug)]
pub(super) struct Fetched {
    /// The address that answered, after redirects.
    pub url: WebUrl,
    pub content_type: Option<String>,
    pub bytes: Vec<u8>,
    /// What to ask with the next time, so that the same is not sent again.
    pub validators: Validators,
    /// For how long the server says that this holds.
    pub fresh: Option<Duration>,
}

/// What came of a request that names what is known already.
#[derive(Debug)]
pub(super) enum Answer {
    Fetched(Box<Fetched>),
    /// 304: nothing has changed.
    Unchanged {
        fresh: Option<Duration>,
    },
}

const MAX_REDIRECTS: usize = 10;
const ACCEPTED: &str = "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,*/*;q=0.1";
const ACCEPTED_FEED: &str = "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,\
    application/json;q=0.8,text/html;q=0.7,*/*;q=0.1";
const ANYTHING: &str = "*/*";
/// How long a file may stand still while it is sent.
const STALLED: Duration = Duration::from_mins(1);
/// Longest validator that is kept, in bytes.
const LONGEST_VALIDATOR: usize = 1_000;

/// Fetches a page; with validators, only if it is not what they were given for (RFC 9110, section 13).
pub(super) async fn fetch(url: &WebUrl, options: &LoadOptions, known: &Validators) -> Result<Answer, ReadError> {
    let (client, guard) = client(url, options)?;
    in_time(url, options, follow(&client, &guard, url, options, known)).await
}

/// Sends a form; an answer of success is all that is wanted. Redirects are not followed: a form is for whom it is for.
pub(super) async fn post(url: &WebUrl, form: &[(&str, &str)], options: &LoadOptions) -> Result<(), ReadError> {
    let (client, guard) = client(url, options)?;
    guard.check(url).map_err(private)?;
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = client.post(url.url().clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
    in_time(url, options, async {
        let response = request.send().await.map_err(|source| failed(url, source, options))?;
        let status = response.status();
        if status.is_success() { Ok(()) } else { Err(refused(url, status, response.headers())) }
    })
    .await
}

fn client(url: &WebUrl, options: &LoadOptions) -> Result<(Client, Guard), ReadError> {
    let guard = Guard::new(&options.allowed_hosts);
    let client = Client::builder()
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        // A proxy would look names up itself, behind the guard's back.
        .no_proxy()
        .dns_resolver(guard.clone())
        // Redirects are followed below, where each target is checked.
        .redirect(redirect::Policy::none())
        .build()
        .map_err(|cause| ReadError::Http { url: url.clone(), cause })?;
    Ok((client, guard))
}

async fn in_time<T>(
    url: &WebUrl,
    options: &LoadOptions,
    work: impl Future<Output = Result<T, ReadError>>,
) -> Result<T, ReadError> {
    tokio::time::timeout(options.total_timeout, work)
        .await
        .unwrap_or_else(|_| Err(ReadError::Timeout { url: url.clone(), after: options.total_timeout }))
}

/// Fetches a file of any kind and passes it on as it comes: its size is limited by the options, its memory to a piece of it.
///
/// What has been written when it fails is not the file.
pub async fn download(url: &WebUrl, options: &LoadOptions, out: &mut impl Write) -> Result<(), ReadError> {
    let (client, guard) = client(url, options)?;
    in_time(url, options, async {
        let Reached::Page(page) = reach(&client, &guard, url, options, ANYTHING, &Validators::default()).await? else {
            return Err(ReadError::Empty { origin: url.to_string() });
        };
        let (url, mut response) = *page;
        let mut counted = Counted::new(&url, &response, options)?;
        loop {
            let chunk = tokio::time::timeout(STALLED, response.chunk()).await;
            let chunk = chunk.map_err(|_| ReadError::Timeout { url: url.clone(), after: STALLED })?;
            let Some(chunk) = chunk.map_err(|source| failed(&url, source, options))? else { return Ok(()) };
            counted.add(chunk.len())?;
            out.write_all(&chunk).map_err(|source| ReadError::Io { origin: url.to_string(), source })?;
        }
    })
    .await
}

async fn follow(
    client: &Client,
    guard: &Guard,
    start: &WebUrl,
    options: &LoadOptions,
    known: &Validators,
) -> Result<Answer, ReadError> {
    let accepted = if options.format == Some(Format::Feed) { ACCEPTED_FEED } else { ACCEPTED };
    let (url, response) = match reach(client, guard, start, options, accepted, known).await? {
        Reached::Unchanged { fresh } => return Ok(Answer::Unchanged { fresh }),
        Reached::Page(page) => *page,
    };
    let headers = response.headers();
    let content_type = text(headers, &CONTENT_TYPE);
    let validator = |name| text(headers, name).filter(|value| value.len() <= LONGEST_VALIDATOR);
    let validators = Validators { etag: validator(&ETAG), last_modified: validator(&LAST_MODIFIED) };
    let fresh = fresh(headers);
    let bytes = body(response, &url, options).await?;
    Ok(Answer::Fetched(Box::new(Fetched { url, content_type, bytes, validators, fresh })))
}

/// Where all redirects led.
enum Reached {
    Page(Box<(WebUrl, Response)>),
    /// 304: nothing has changed.
    Unchanged {
        fresh: Option<Duration>,
    },
}

/// Follows redirects to an answer of success, whose body is still to come.
async fn reach(
    client: &Client,
    guard: &Guard,
    start: &WebUrl,
    options: &LoadOptions,
    accepted: &str,
    known: &Validators,
) -> Result<Reached, ReadError> {
    let mut url = start.clone();
    for _ in 0..=MAX_REDIRECTS {
        guard.check(&url).map_err(private)?;
        let mut request = client.get(url.url().clone()).header(ACCEPT, accepted);
        for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)] {
            // What cannot be a header was not one when it came: then the whole page is asked for.
            if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|source| failed(&url, source, options))?;
        let status = response.status();
        let headers = response.headers();
        if status == StatusCode::NOT_MODIFIED && *known != Validators::default() {
            return Ok(Reached::Unchanged { fresh: fresh(headers) });
        }
        if let (true, Some(target)) = (status.is_redirection(), text(headers, &LOCATION)) {
            url = url.join(&target).ok_or(ReadError::BadRedirect { url, target })?;
            continue;
        }
        if !status.is_success() {
            return Err(refused(&url, status, headers));
        }
        return Ok(Reached::Page(Box::new((url, response))));
    }
    Err(ReadError::Redirects { url: start.clone(), limit: MAX_REDIRECTS })
}

fn refused(url: &WebUrl, status: StatusCode, headers: &HeaderMap) -> ReadError {
    ReadError::Status { url: url.clone(), status: status.as_u16(), retry_after: retry_after(headers) }
}

/// How long a server asks to be left alone (RFC 9110, section 10.2.3): seconds, or a date, which counts from the `Date` that
/// the same clock gave.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = text(headers, &RETRY_AFTER)?;
    let until = || {
        let date = |text: &str| DateTimeParser::new().parse_timestamp(text.trim()).ok();
        date(&value)?.duration_since(date(&text(headers, &DATE)?)?).try_into().ok()
    };
    value.trim().parse().ok().map(Duration::from_secs).or_else(until)
}

/// The `max-age` of `Cache-Control` (RFC 9111, section 5.2.2.1).
fn fresh(headers: &HeaderMap) -> Option<Duration> {
    let directives = text(headers, &CACHE_CONTROL)?.to_ascii_lowercase();
    let seconds = directives.split(',').find_map(|directive| directive.trim().strip_prefix("max-age=")?.parse().ok())?;
    Some(Duration::from_secs(seconds))
}

/// Reads until the limit of *unpacked* bytes: a small answer can unpack to gigabytes.
async fn body(mut response: Response, url: &WebUrl, options: &LoadOptions) -> Result<Vec<u8>, ReadError> {
    let mut counted = Counted::new(url, &response, options)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| failed(url, source, options))? {
        counted.add(chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The bytes of an answer, which are not to be more than the limit.
struct Counted<'a> {
    url: &'a WebUrl,
    bytes: usize,
    limit: usize,
}

impl<'a> Counted<'a> {
    /// Refuses at once what is announced to be too large.
    fn new(url: &'a WebUrl, response: &Response, options: &LoadOptions) -> Result<Self, ReadError> {
        let mut counted = Self { url, bytes: 0, limit: options.max_bytes };
        counted.add(text(response.headers(), &CONTENT_LENGTH).and_then(|length| length.parse().ok()).unwrap_or(0))?;
        Ok(Self { bytes: 0, ..counted })
    }

    fn add(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.limit {
            return Err(ReadError::TooLarge { origin: self.url.to_string(), limit: self.limit });
        }
        Ok(())
    }
}

/// A header as text; bytes beyond ASCII, which `Location` has in the wild, are read as UTF-8.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned())
}

fn private(error: PrivateAddress) -> ReadError {
    ReadError::Private { host: error.host, address: error.address }
}

fn failed(url: &WebUrl, source: reqwest::Error, options: &LoadOptions) -> ReadError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(&source);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<PrivateAddress>() {
            return private(error.clone());
        }
        cause = error.source();
    }
    if source.is_timeout() {
        return ReadError::Timeout { url: url.clone(), after: options.connect_timeout };
    }
    ReadError::Http { url: url.clone(), cause: source.without_url() }
}

#[cfg(test)]
mod tests;
