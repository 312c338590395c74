//! The body of an answer, and what is known of the answer once it has gone out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use hyper::body::{Frame, SizeHint};

use super::connections::Line;
use crate::web::inside::{Metrics, Resource};

/// A body that tells its connection when it is over, and is counted then.
#[derive(Debug)]
pub(super) struct Answer {
    pub body: Body,
    pub line: Arc<Line>,
    pub metrics: Arc<Metrics>,
    pub resource: Resource,
    pub status: StatusCode,
    /// When the head of the request was there.
    pub since: Instant,
    /// Bytes that have gone out.
    pub bytes: u64,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            self.bytes += u64::try_from(bytes).unwrap_or_default();
        }
        polled
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
        self.metrics.answered(self.resource, self.status.as_u16(), self.bytes, self.since.elapsed());
    }
}
