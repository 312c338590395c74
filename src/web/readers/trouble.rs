//! What readers are told where something cannot be done.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::Doors;
use super::fields::Unreadable;
use super::page::Said;
use super::words::Words;
use crate::app::NotLeft;

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Unreadable(Unreadable),
    /// Too many ask: again in so many seconds.
    Later(u64),
    /// Too many leave: mail programs, which have to try again.
    Crowded,
    /// It is griot's own, or its ledger's.
    Failed,
}

/// Seconds after which a ledger may work again.
const MENDED: u64 = 60;

impl From<NotLeft> for Trouble {
    fn from(why: NotLeft) -> Self {
        match why {
            NotLeft::Crowded => Self::Crowded,
            NotLeft::Failed => Self::Failed,
        }
    }
}

impl Doors {
    pub(super) fn trouble(&self, words: &'static Words, trouble: Trouble) -> Response {
        let (status, wait, title, text) = match trouble {
            Trouble::Unreadable(why) => {
                let status = match why {
                    Unreadable::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                    Unreadable::Kind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    Unreadable::Broken => StatusCode::BAD_REQUEST,
                };
                (status, None, words.unreadable, words.unreadable_text)
            }
            Trouble::Later(seconds) => (StatusCode::TOO_MANY_REQUESTS, Some(seconds), words.later, words.later_text),
            Trouble::Crowded => (StatusCode::SERVICE_UNAVAILABLE, Some(MENDED), words.later, words.later_text),
            Trouble::Failed => (StatusCode::SERVICE_UNAVAILABLE, Some(MENDED), words.failed, words.failed_text),
        };
        let page =
            Said { frame: self.frame(words), title, texts: vec![text], items: Vec::new(), after: Vec::new(), ways: Vec::new() };
        let mut response = self.page(words, status, &page);
        if let Some(wait) = wait {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }

    /// The answer of a handler; what went wrong in it is told to whoever runs the server, and not to who asked.
    pub(super) fn answered(&self, words: &'static Words, answer: anyhow::Result<Response>) -> Response {
        answer.unwrap_or_else(|error| {
            self.complaints.tell(format!("a reader could not be answered: {error:#}"));
            self.trouble(words, Trouble::Failed)
        })
    }
}
