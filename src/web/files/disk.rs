//! A file that is sent as it is read.

use std::fs::File;
use std::future::Future;
use std::io;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use super::version::Stamp;

/// Bytes that are read at a time: what a download takes of the memory.
const CHUNK: u64 = 64 * 1024;

/// A part of a file. It fails where the file is written to meanwhile, so that nobody gets one half of this version and one of
/// the next; a file that is replaced stays what it was for whoever has it open.
#[derive(Debug)]
pub(super) struct FromDisk {
    file: Arc<File>,
    stamp: Stamp,
    /// What is still to be read.
    next: u64,
    end: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FromDisk {
    /// `file` is open and is the version of this stamp; from the byte `first` so many.
    pub(super) fn new(file: File, stamp: Stamp, first: u64, length: u64) -> Self {
        Self { file: Arc::new(file), stamp, next: first, end: first.saturating_add(length), reading: None }
    }
}

impl HttpBody for FromDisk {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.next >= self.end {
            return Poll::Ready(None);
        }
        let (stamp, next, length) = (self.stamp, self.next, CHUNK.min(self.end - self.next));
        let mut reading = self.reading.take().unwrap_or_else(|| {
            let file = Arc::clone(&self.file);
            spawn_blocking(move || read(&file, stamp, next, length))
        });
        let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        let chunk = match read {
            Ok(Ok(chunk)) => chunk,
            Ok(Err(error)) => return Poll::Ready(Some(Err(error))),
            Err(error) => return Poll::Ready(Some(Err(io::Error::other(error)))),
        };
        self.next += length;
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.next >= self.end
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end.saturating_sub(self.next))
    }
}

fn read(file: &File, stamp: Stamp, first: u64, length: u64) -> io::Result<Bytes> {
    let mut chunk = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact_at(&mut chunk, first)?;
    // Looked at after it was read: what is written to it from here on is another chunk's business.
    if Stamp::of(&file.metadata()?).is_same_content(stamp) { Ok(chunk.into()) } else { Err(io::ErrorKind::ResourceBusy.into()) }
}
