//! A page from the web: time, size and redirects limited, private addresses refused.

use std::error::Error;

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use reqwest::{Client, Response, redirect};

use super::guard::{Guard, PrivateAddress};
use super::{LoadOptions, ReadError};
use crate::domain::WebUrl;

/// What a server sent.
#[derive(Debug)]
pub(super) struct Fetched {
    /// The address that answered, after redirects.
    pub url: WebUrl,
    pub content_type: Option<String>,
    pub bytes: Vec<u8>,
}

const MAX_REDIRECTS: usize = 10;
const ACCEPTED: &str = "text/html,application/xhtml+xml,text/markdown;q=0.9,text/plain;q=0.8,*/*;q=0.1";

pub(super) async fn fetch(url: &WebUrl, options: &LoadOptions) -> Result<Fetched, ReadError> {
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
        .map_err(|source| ReadError::Http { url: url.clone(), source })?;
    tokio::time::timeout(options.total_timeout, follow(&client, &guard, url, options))
        .await
        .unwrap_or_else(|_| Err(ReadError::Timeout { url: url.clone(), after: options.total_timeout }))
}

async fn follow(client: &Client, guard: &Guard, start: &WebUrl, options: &LoadOptions) -> Result<Fetched, ReadError> {
    let mut url = start.clone();
    for _ in 0..=MAX_REDIRECTS {
        guard.check(&url).map_err(private)?;
        let request = client.get(url.url().clone()).header(ACCEPT, ACCEPTED);
        let response = request.send().await.map_err(|source| failed(&url, source, options))?;
        let status = response.status();
        let headers = response.headers();
        if let (true, Some(target)) = (status.is_redirection(), text(headers, &LOCATION)) {
            url = url.join(&target).ok_or(ReadError::BadRedirect { url, target })?;
            continue;
        }
        if !status.is_success() {
            return Err(ReadError::Status { url, status: status.as_u16() });
        }
        let content_type = text(headers, &CONTENT_TYPE);
        let bytes = body(response, &url, options).await?;
        return Ok(Fetched { url, content_type, bytes });
    }
    Err(ReadError::Redirects { url: start.clone(), limit: MAX_REDIRECTS })
}

/// Reads until the limit of *unpacked* bytes: a small answer can unpack to gigabytes.
async fn body(mut response: Response, url: &WebUrl, options: &LoadOptions) -> Result<Vec<u8>, ReadError> {
    let too_large = || ReadError::TooLarge { origin: url.to_string(), limit: options.max_bytes };
    let announced = text(response.headers(), &CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > options.max_bytes) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| failed(url, source, options))? {
        if bytes.len() + chunk.len() > options.max_bytes {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
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
    ReadError::Http { url: url.clone(), source: source.without_url() }
}

#[cfg(test)]
mod tests;
