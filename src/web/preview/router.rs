//! The addresses of the preview, and what each answers.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::guard::guard;
use super::page::{page, trouble};
use super::shown::shown;
use super::view::View;
use crate::app::{self, Look, Preview};

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// What a letter may load that is looked at: its own style, and pictures as its readers get them. It runs nothing, even
/// where it is opened by itself.
const LETTER: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";
/// The same for a reader whose mail program shows no pictures.
const WITHOUT_PICTURES: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                                frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

pub(super) fn router(preview: Arc<Preview>) -> Router {
    Router::new()
        .route("/", get(front))
        .route("/letter", get(letter))
        .route("/letter.eml", get(message))
        .route("/state", get(state))
        .route("/preview.css", get(|| async { as_file("text/css", include_str!("../../../templates/preview/preview.css")) }))
        .route("/preview.js", get(|| async { as_file("text/javascript", include_str!("../../../templates/preview/preview.js")) }))
        .fallback(|| async { (StatusCode::NOT_FOUND, "there is no such page: the preview is at /\n") })
        .layer(from_fn(guard))
        .with_state(preview)
}

/// The page with all that there is to see.
async fn front(State(preview): State<Arc<Preview>>, request: Request) -> Response {
    let view = view_of(&request);
    let seen = preview.look().await;
    let state = Look::state(&seen);
    let (status, page) = match &seen {
        Ok(look) => (StatusCode::OK, page(look, preview.previewed(), view, &state)),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, trouble(&app::explain(error), &state)),
    };
    match page {
        Ok(page) => (status, [(CONTENT_TYPE, HTML)], page).into_response(),
        Err(error) => failed(&error.into()),
    }
}

/// The letter by itself, for a frame.
async fn letter(State(preview): State<Arc<Preview>>, request: Request) -> Response {
    let view = view_of(&request);
    let policy = if view.without_pictures { WITHOUT_PICTURES } else { LETTER };
    answer(&preview, |look| ([(CONTENT_TYPE, HTML), (CONTENT_SECURITY_POLICY, policy)], shown(look, view.mode)).into_response())
        .await
}

/// The message, to be opened by a mail program.
async fn message(State(preview): State<Arc<Preview>>) -> Response {
    let disposition = HeaderName::from_static("content-disposition");
    let about = [(CONTENT_TYPE, "message/rfc822"), (disposition, "attachment; filename=\"letter.eml\"")];
    answer(&preview, |look| (about, look.message.clone()).into_response()).await
}

/// What the page asks for each second: once it is another, there is something new to see.
async fn state(State(preview): State<Arc<Preview>>) -> Response {
    ([(CONTENT_TYPE, TEXT)], Look::state(&preview.look().await)).into_response()
}

async fn answer(preview: &Preview, as_response: impl FnOnce(&Look) -> Response) -> Response {
    match preview.look().await {
        Ok(look) => as_response(&look),
        Err(error) => failed(&error),
    }
}

fn failed(error: &anyhow::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, TEXT)], app::explain(error) + "\n").into_response()
}

fn as_file(media_type: &'static str, content: &'static str) -> Response {
    ([(CONTENT_TYPE, media_type)], content).into_response()
}

fn view_of(request: &Request) -> View {
    View::parse(request.uri().query().unwrap_or_default())
}
