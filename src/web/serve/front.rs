//! Which address answers what, and what holds for every answer.

use std::convert::Infallible;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Request, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use super::Tell;
use super::answer::Answer;
use super::client::Client;
use super::connections::Line;
use super::limits::Limits;
use crate::app::Served;
use crate::web::readers;

/// What a page may load where it does not say so itself: nothing.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// All that is answered from, by every connection.
pub(super) struct House {
    served: Arc<Served>,
    router: Router,
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

impl House {
    pub(super) fn new(served: Arc<Served>, tell: &Tell) -> Self {
        let mut router = Router::new().route("/healthz", get(health));
        if let Some(url) = &served.settings().serve.url {
            router = match url.url().path().trim_end_matches('/') {
                "" => router.merge(readers::router(Arc::clone(&served), Arc::clone(tell))),
                path => router.nest(path, readers::router(Arc::clone(&served), Arc::clone(tell))),
            };
        }
        let router = router
            .fallback(|| async { (StatusCode::NOT_FOUND, "there is nothing at this address\n") })
            .layer(DefaultBodyLimit::max(Limits::default().body_bytes))
            .with_state(Arc::clone(&served));
        Self { served, router }
    }

    /// The answer of a handler.
    async fn routed(&self, request: Request<Body>) -> Response {
        match TowerToHyperService::new(self.router.clone()).call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

impl Service<Request<Incoming>> for Front {
    type Response = Response<Answer>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.line.asked();
        let (house, line, peer, limits) = (Arc::clone(&self.house), Arc::clone(&self.line), self.peer, self.limits);
        Box::pin(async move {
            let mut request = request.map(Body::new);
            let behind_proxy = house.served.settings().serve.behind_proxy;
            let client = Client::of(request.headers(), peer, behind_proxy);
            request.extensions_mut().insert(client);
            let response = match refusal(&request, limits) {
                Some(refusal) => refusal,
                None => match tokio::time::timeout(limits.answer, house.routed(request)).await {
                    Ok(response) => response,
                    Err(_) => (StatusCode::REQUEST_TIMEOUT, "the request took too long\n").into_response(),
                },
            };
            Ok(guarded(response).map(|body| Answer::new(body, line)))
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

/// The answer to a request that no handler should see.
fn refusal(request: &Request<Body>, limits: Limits) -> Option<Response> {
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
