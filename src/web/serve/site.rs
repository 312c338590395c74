//! The feeds at their address, and at the addresses that they had before.

use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::front::Reply;
use crate::app::Served;
use crate::web::files::{Asked, Files, preflight};
use crate::web::host::host_of;
use crate::web::inside::Resource;

/// A redirect that holds for good may be kept for a day: an address can be taken back.
const FOR_A_DAY: &str = "max-age=86400";

/// The folder of the feeds as it is public.
#[derive(Debug)]
pub(super) struct Site {
    files: Files,
    /// The public address, with a slash at its end.
    base: String,
    host: String,
    path: String,
    /// Where it was before; of those one below another the inner one first.
    former: Vec<Former>,
}

/// A former address of the folder.
#[derive(Debug)]
struct Former {
    host: String,
    path: String,
}

impl Site {
    pub(super) fn new(served: &Served) -> Self {
        let settings = served.settings();
        let publication = &settings.publication;
        let base = &publication.feeds;
        let former =
            publication.former_feeds.iter().map(|url| Former { host: url.host().to_owned(), path: url.url().path().to_owned() });
        let mut former: Vec<Former> = former.collect();
        former.sort_by_key(|former| std::cmp::Reverse(former.path.len()));
        Self {
            files: Files::new(settings.feeds.clone()),
            base: base.as_str().to_owned(),
            host: base.host().to_owned(),
            path: base.url().path().to_owned(),
            former,
        }
    }

    /// The part of a path that is below the address of the folder.
    pub(super) fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(&*self.path)
    }

    /// How long its path is: of two that hold a path, the longer one is meant.
    pub(super) fn depth(&self) -> usize {
        self.path.len()
    }

    /// The answer to whatever is asked of the feeds; `None` where there is no such thing.
    ///
    /// # Errors
    ///
    /// A file that is there and cannot be read.
    pub(super) async fn answer(&self, served: &Served, request: &Parts) -> std::io::Result<Option<Reply>> {
        let path = request.uri.path();
        if let Some(moved) = self.moved_from_elsewhere(request) {
            return Ok(Some(moved));
        }
        let Some(below) = self.below(path) else {
            let is_folder = self.path.strip_suffix('/') == Some(path);
            return Ok(if is_folder { redirect(request, self.path.clone()) } else { self.moved(request) });
        };
        if request.method == Method::OPTIONS {
            return Ok(Some(Reply { response: preflight(), resource: Resource::Nothing }));
        }
        let now = served.clock().now().into();
        let asked = Asked { method: &request.method, path, below, headers: &request.headers, now };
        let Some(given) = self.files.answer(asked).await? else { return Ok(self.moved(request)) };
        let status = given.response.status();
        let is_had = status.is_success() || status == StatusCode::NOT_MODIFIED;
        if given.file.is_feed() && request.method == Method::GET && is_had {
            let user_agent = request.headers.get("user-agent").map(HeaderValue::as_bytes);
            served.fetched(&given.name, user_agent.unwrap_or_default());
        }
        Ok(Some(Reply { response: given.response, resource: given.file.into() }))
    }

    /// Where the host tells that a former address is meant.
    fn moved_from_elsewhere(&self, request: &Parts) -> Option<Reply> {
        if self.former.is_empty() {
            return None;
        }
        let host = host_of(&request.uri, &request.headers)?;
        let is_meant = |former: &&Former| {
            let names = |name: &str| host.host().eq_ignore_ascii_case(name);
            names(&former.host) && !names(&self.host) && request.uri.path().starts_with(&*former.path)
        };
        self.redirect_from(request, self.former.iter().find(is_meant)?)
    }

    /// Where nothing but the path tells it, and there is nothing at that path.
    fn moved(&self, request: &Parts) -> Option<Reply> {
        let path = request.uri.path();
        let is_meant = |former: &&Former| {
            // A folder that moved one down would else move down for ever.
            let is_new = path.starts_with(&*self.path) && self.path.starts_with(&*former.path);
            path.starts_with(&*former.path) && !is_new
        };
        self.redirect_from(request, self.former.iter().find(is_meant)?)
    }

    fn redirect_from(&self, request: &Parts, former: &Former) -> Option<Reply> {
        let rest = request.uri.path().strip_prefix(&*former.path)?;
        let query = request.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        redirect(request, format!("{}{rest}{query}", self.base))
    }
}

fn redirect(request: &Parts, to: String) -> Option<Reply> {
    if ![Method::GET, Method::HEAD].contains(&request.method) {
        return None;
    }
    let head = [(LOCATION, to), (CACHE_CONTROL, FOR_A_DAY.to_owned())];
    let response: Response = (StatusCode::MOVED_PERMANENTLY, head).into_response();
    Some(Reply { response, resource: Resource::Moved })
}
