//! The pages of readers, below the path of `serve.url`: to subscribe, confirm, leave and choose.

use std::sync::Arc;

use axum::Router;

use crate::app::Served;

/// The addresses of these pages, without the path of `serve.url`.
pub(super) fn router() -> Router<Arc<Served>> {
    Router::new()
}
