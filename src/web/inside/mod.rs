//! What the operator alone may see, at the address of `serve.inside`.

mod metrics;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::host::names_this_machine;
use super::serve::Complaints;
use crate::app::{Served, explain, numbers_page};
pub(super) use metrics::{Metrics, Resource};

/// The text format of Prometheus.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a browser may load for the page of numbers: the style that stands in it.
const OWN_STYLE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The addresses that are served inside.
pub(super) fn router(served: Arc<Served>, metrics: Arc<Metrics>, complaints: Arc<Complaints>) -> Router<Arc<Served>> {
    Router::new()
        .route("/metrics", get(counts).with_state(metrics))
        .route("/numbers", get(numbers).with_state((Arc::clone(&served), complaints)))
        .layer(from_fn_with_state(served, for_this_machine))
}

/// The page of `griot status --page`, as the ledger has it now.
async fn numbers(State((served, complaints)): State<(Arc<Served>, Arc<Complaints>)>) -> Response {
    match numbers_page(&served.desk()).await {
        Ok(page) => ([(CONTENT_SECURITY_POLICY, OWN_STYLE)], Html(page)).into_response(),
        Err(error) => {
            complaints.tell(explain(&error));
            (StatusCode::SERVICE_UNAVAILABLE, "the numbers cannot be counted now\n").into_response()
        }
    }
}

async fn counts(State(metrics): State<Arc<Metrics>>) -> Response {
    ([(CONTENT_TYPE, PROMETHEUS)], metrics.to_string()).into_response()
}

/// Turns away what a page from elsewhere asks by way of a browser of this machine.
async fn for_this_machine(State(served): State<Arc<Served>>, request: Request, next: Next) -> Response {
    let is_loopback = served.settings().serve.inside.is_none_or(|inside| inside.ip().is_loopback());
    if is_loopback && !names_this_machine(request.uri(), request.headers()) {
        // RFC 9110, section 15.5.20: whatever this name is, it is not served here.
        return (StatusCode::MISDIRECTED_REQUEST, "the numbers are for 127.0.0.1 and localhost alone\n").into_response();
    }
    next.run(request).await
}
