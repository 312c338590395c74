//! Which address answers what, and what holds for every answer.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, ETAG, HOST, HeaderName, HeaderValue, REFERRER_POLICY, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use super::answer::Answer;
use super::client::Client;
use super::complaints::Complaints;
use super::connections::Line;
use super::limits::Limits;
use super::site::Site;
use crate::app::Served;
use crate::domain::visible;
use crate::web::inside::{self, Metrics, Resource};
use crate::web::readers;

/// What a page may load where it does not say so itself: nothing.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HEALTH: &str = "/healthz";

/// All that is answered from, by every connection.
pub(super) struct House {
    served: Arc<Served>,
    /// Where readers come; nothing inside.
    site: Option<Site>,
    /// The path of the readers' pages.
    readers: Option<String>,
    router: Router,
    metrics: Arc<Metrics>,
    complaints: Arc<Complaints>,
}

/// The house as one connection meets it.
#[derive(Debug)]
pub(super) struct Front {
    pub house: Arc<House>,
    pub line: Arc<Line>,
    /// Who is at the other end.
    pub peer: IpAddr,
    pub limits: Limits,
}

/// An answer, and what to.
#[derive(Debug)]
pub(super) struct Reply {
    pub response: Response,
    pub resource: Resource,
}

/// Marks the answer to an address that the router does not know.
#[derive(Clone, Copy, Debug)]
struct Unknown;

impl House {
    /// The house as readers know it.
    pub(super) fn new(served: Arc<Served>, metrics: Arc<Metrics>, complaints: Arc<Complaints>) -> Self {
        let url = served.settings().serve.url.as_ref();
        let readers = url.map(|url| url.url().path().to_owned());
        let router = Router::new().route(HEALTH, get(health));
        let pages = || readers::router(Arc::clone(&served), Arc::clone(&complaints));
        let router = match readers.as_deref().map(|path| path.trim_end_matches('/')) {
            None => router,
            Some("") => router.merge(pages()),
            Some(path) => router.nest(path, pages()),
        };
        let site = Some(Site::new(&served));
        Self { site, readers, ..Self::with(router, served, metrics, complaints) }
    }

    /// The house as the operator knows it.
    pub(super) fn inside(served: Arc<Served>, metrics: Arc<Metrics>, complaints: Arc<Complaints>) -> Self {
        // What the operator asks is counted apart, and not shown.
        Self::with(inside::router(Arc::clone(&served), metrics, Arc::clone(&complaints)), served, Arc::default(), complaints)
    }

    fn with(router: Router<Arc<Served>>, served: Arc<Served>, metrics: Arc<Metrics>, complaints: Arc<Complaints>) -> Self {
        let router = router
            .fallback(|| async { (Extension(Unknown), nothing()) })
            .layer(DefaultBodyLimit::max(Limits::default().body_bytes))
            .with_state(Arc::clone(&served));
        Self { served, site: None, readers: None, router, metrics, complaints }
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    async fn reply(&self, request: Request<Incoming>, peer: IpAddr, limits: Limits) -> Reply {
        if let Some(response) = refusal(&request, limits) {
            return Reply { response, resource: Resource::Nothing };
        }
        let (mut head, body) = request.into_parts();
        let path = head.uri.path();
        let is_health = path == HEALTH;
        if !is_health && !self.is_for_readers(path) && self.site.is_some() {
            return self.of_site(&head).await;
        }
        head.extensions.insert(Client::of(&head.headers, peer, self.served.settings().serve.behind_proxy));
        let request = Request::from_parts(head.clone(), Body::new(body));
        // Boxed, so that what is asked most carries none of it along.
        let Ok(response) = tokio::time::timeout(limits.answer, Box::pin(self.routed(request))).await else {
            let response = (StatusCode::REQUEST_TIMEOUT, "the request took too long\n").into_response();
            return Reply { response, resource: Resource::Readers };
        };
        if response.extensions().get::<Unknown>().is_some() {
            return self.of_site(&head).await;
        }
        Reply { response, resource: if is_health { Resource::Health } else { Resource::Readers } }
    }

    /// The answer of a handler.
    async fn routed(&self, request: Request<Body>) -> Response {
        match TowerToHyperService::new(self.router.clone()).call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    async fn of_site(&self, request: &Parts) -> Reply {
        let nothing = || Reply { response: nothing(), resource: Resource::Nothing };
        let Some(site) = &self.site else { return nothing() };
        match site.answer(&self.served, request).await {
            Ok(reply) => reply.unwrap_or_else(nothing),
            Err(error) => {
                self.complaints.tell(format!("failed to read what is asked for as `{}`: {error}", visible(request.uri.path())));
                let response = (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "30")], "try again later\n").into_response();
                Reply { response, resource: Resource::Nothing }
            }
        }
    }

    /// Whether the readers' pages are nearer to a path than the feeds are.
    fn is_for_readers(&self, path: &str) -> bool {
        let Some(readers) = self.readers.as_deref().filter(|readers| path.starts_with(readers)) else { return false };
        self.site.as_ref().is_none_or(|site| site.below(path).is_none() || site.depth() <= readers.len())
    }
}

impl Service<Request<Incoming>> for Front {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.line.asked();
        let since = Instant::now();
        let (house, line, peer, limits) = (Arc::clone(&self.house), Arc::clone(&self.line), self.peer, self.limits);
        Box::pin(async move {
            let Reply { response, resource } = house.reply(request, peer, limits).await;
            let (metrics, status) = (Arc::clone(&house.metrics), response.status());
            Ok(guarded(response).map(|body| Answer { body, line, metrics, resource, status, since, bytes: 0 }))
        })
    }
}

/// `ok`, or what is wrong, for whoever watches the server.
async fn health(State(served): State<Arc<Served>>) -> Response {
    match served.ailment().await {
        None => "ok\n".into_response(),
        Some(ailment) => (StatusCode::SERVICE_UNAVAILABLE, format!("{ailment}\n")).into_response(),
    }
}

fn nothing() -> Response {
    (StatusCode::NOT_FOUND, "there is nothing at this address\n").into_response()
}

/// The answer to a request that no handler should see.
fn refusal(request: &Request<Incoming>, limits: Limits) -> Option<Response> {
    let headers = request.headers();
    // RFC 9112, section 3.2: exactly one, since HTTP/1.1.
    if request.version() == Version::HTTP_11 && headers.get_all(HOST).iter().count() != 1 {
        return Some((StatusCode::BAD_REQUEST, "a request names one host\n").into_response());
    }
    let is_large = length(headers).is_some_and(|length| length > u64::try_from(limits.body_bytes).unwrap_or(u64::MAX));
    is_large.then(|| (StatusCode::PAYLOAD_TOO_LARGE, "the request is too large\n").into_response())
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The answer with what browsers should know of it, where its handler has not said otherwise.
fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    // Only a version of a file has a tag, and has had all of this put together once.
    if headers.contains_key(ETAG) {
        return response;
    }
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, NOTHING),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("House").finish_non_exhaustive()
    }
}
