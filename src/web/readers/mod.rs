//! The pages of readers, below the path of `serve.url`: to subscribe, confirm, leave and choose.
//!
//! What a page may do is proven by the token in its address alone: there is no cookie and no login, so that nothing can be
//! done in a reader's name from elsewhere. GET and HEAD change nothing, whoever follows the links of a letter beforehand.
//! The pages are plain HTML without a script.

mod confirm;
mod fields;
mod form;
mod language;
mod leave;
mod networks;
mod page;
mod preferences;
mod style;
mod trouble;
mod words;

use std::sync::Arc;

use aws_lc_rs::digest;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::OnceCell;

use super::serve::Complaints;
use crate::app::{Leavings, Readership, Served, Stamps};
use networks::Networks;

/// Bytes of a form that was filled in: an address, a choice of lists, a stamp.
const BODY: usize = 8 * 1024;

/// What the pages work with.
pub(super) struct Doors {
    served: Arc<Served>,
    complaints: Arc<Complaints>,
    style: String,
    /// What browsers may load on a page, and where its forms may lead.
    policy: HeaderValue,
    networks: Networks,
    /// Made with the first request: a ledger that is away for a moment keeps no server from starting.
    keys: OnceCell<Keys>,
}

/// What knows readers by their tokens, and forms by their stamps.
struct Keys {
    readership: Arc<Readership>,
    stamps: Stamps,
    leavings: Leavings,
}

/// The addresses of these pages, without the path of `serve.url`. What goes wrong behind them is told to `complaints`.
pub(super) fn router<S: Clone + Send + Sync + 'static>(served: Arc<Served>, complaints: Arc<Complaints>) -> Router<S> {
    Router::new()
        .route("/subscribe", get(form::form).post(form::submitted))
        .route("/confirm", get(confirm::question).post(confirm::answered))
        .route("/unsubscribe", get(leave::question).post(leave::left))
        .route("/preferences", get(preferences::page).post(preferences::saved))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(Arc::new(Doors::new(served, complaints)))
}

impl Doors {
    fn new(served: Arc<Served>, complaints: Arc<Complaints>) -> Self {
        let theme = served.settings().letter.as_ref().map(|letter| letter.theme.clone()).unwrap_or_default();
        let style = style::style(&theme);
        let hash = STANDARD.encode(digest::digest(&digest::SHA256, style.as_bytes()));
        let policy =
            format!("default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        // Base64 has no letter that a header could not have.
        let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Self { served, complaints, style, policy, networks: Networks::default(), keys: OnceCell::new() }
    }

    async fn keys(&self) -> anyhow::Result<&Keys> {
        let made = async || {
            let desk = self.served.desk();
            let readership = Arc::new(Readership::of(&desk).await?);
            let complaints = Arc::clone(&self.complaints);
            let leavings = Leavings::start(Arc::clone(&self.served), Arc::clone(&readership), move |error| {
                complaints.tell(format!("{error:#}"));
            });
            Ok(Keys { readership, stamps: Stamps::of(&desk).await?, leavings })
        };
        self.keys.get_or_try_init(made).await
    }
}
