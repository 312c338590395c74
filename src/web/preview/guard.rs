//! What holds for every request and every answer.

use axum::extract::Request;
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::web::host::names_this_machine;

/// What a page of griot's own may load: its style, its script, its state, its frames. Nothing of it can be framed elsewhere.
const OWN: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; \
                   base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Lets through what is asked of this machine by this machine, and says to browsers what an answer is not for.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = match refusal(&request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(OWN));
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(request: &Request) -> Option<Response> {
    if !names_this_machine(request.uri(), request.headers()) {
        // RFC 9110, section 15.5.20: whatever this name is, it is not served here.
        return Some((StatusCode::MISDIRECTED_REQUEST, "griot answers to 127.0.0.1 and localhost alone\n").into_response());
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let allow = [(ALLOW, "GET, HEAD")];
        return Some((StatusCode::METHOD_NOT_ALLOWED, allow, "a preview can be looked at, and nothing else\n").into_response());
    }
    None
}
