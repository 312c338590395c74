//! The body of an answer, and what is known of the answer once it has gone out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::connections::Line;

/// A body that tells its connection when it is over.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    line: Arc<Line>,
}

impl Answer {
    pub(super) fn new(body: Body, line: Arc<Line>) -> Self {
        Self { body, line }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.line.answered();
    }
}
