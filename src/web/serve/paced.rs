//! A connection whose client has to take its answers within a reasonable time.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::connections::Line;
use super::limits::Limits;

/// Fails with [`io::ErrorKind::TimedOut`] where fewer than [`Limits::PACE`] bytes went out in the time they were given.
#[derive(Debug)]
pub(super) struct Paced {
    stream: TcpStream,
    line: Arc<Line>,
    stall: Duration,
    /// Runs from when the client did not take what there was, until it has taken enough.
    timer: Option<Pin<Box<Sleep>>>,
    taken: usize,
}

impl Paced {
    pub(super) fn new(stream: TcpStream, line: Arc<Line>, stall: Duration) -> Self {
        Self { stream, line, stall, timer: None, taken: 0 }
    }

    fn paced(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(bytes)) => {
                if self.timer.is_some() {
                    self.taken += bytes;
                    self.line.set_blocked(false);
                    if self.taken >= Limits::PACE {
                        self.timer = None;
                        self.taken = 0;
                    }
                }
                Poll::Ready(Ok(bytes))
            }
            Poll::Pending => {
                self.line.set_blocked(true);
                let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(self.stall)));
                timer.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncRead for Paced {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Paced {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.paced(cx, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.paced(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Asked for once all was taken: whatever comes next has its own time.
        self.timer = None;
        self.taken = 0;
        self.line.set_blocked(false);
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::web::serve::connections::Connections;

    const STALL: Duration = Duration::from_millis(300);

    async fn pair() -> (Paced, TcpStream, Arc<Line>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let line = Arc::new(Connections::new(1)).enter().unwrap().line();
        (Paced::new(listener.accept().await.unwrap().0, Arc::clone(&line), STALL), client, line)
    }

    #[tokio::test]
    async fn whoever_takes_nothing_is_given_up() {
        let (mut paced, client, line) = pair().await;
        let error = paced.write_all(&vec![0; 64 * 1024 * 1024]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(!line.is_waiting(), "there is more than was taken");
        drop(client);
    }

    #[tokio::test]
    async fn whoever_is_slow_is_not() {
        let (mut paced, mut client, _) = pair().await;
        let length = 8 * 1024 * 1024;
        let reader = tokio::spawn(async move {
            let (mut taken, mut buffer) = (0, vec![0; 512 * 1024]);
            while taken < 2 * length {
                taken += client.read(&mut buffer).await.unwrap();
                tokio::time::sleep(STALL / 10).await;
            }
            taken
        });
        for _ in 0..2 {
            paced.write_all(&vec![0; length]).await.unwrap();
            paced.flush().await.unwrap();
            tokio::time::sleep(STALL * 2).await;
        }
        assert_eq!(reader.await.unwrap(), 2 * length);
    }
}
