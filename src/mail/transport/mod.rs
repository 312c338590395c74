//! What carries a dialogue with a mail server: TCP, a socket of this host, or TLS over either.

mod tls;

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::client::TlsStream;

pub(super) use tls::{Tls, TlsError};

/// Bytes in both directions.
pub(super) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {
    /// Has the system acknowledge at once what has come in.
    fn acknowledge(&self) {}
}

impl Transport for TcpStream {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn acknowledge(&self) {
        // A system that cannot do it is slower, and nothing else.
        drop(self.set_quickack(true));
    }
}

impl Transport for UnixStream {}

impl Transport for TlsStream<Box<dyn Transport>> {
    fn acknowledge(&self) {
        self.get_ref().0.acknowledge();
    }
}

/// Why nobody was reached.
#[derive(Debug)]
pub(super) enum DialError {
    /// There is no such name.
    Name(io::Error),
    Connect(io::Error),
    Late,
}

/// Connects to the first address of a host that answers; each, and the look-up, may take as long as the limit. Says
/// whether the connection stays on this host.
pub(super) async fn dial(host: &str, port: u16, limit: Duration) -> Result<(Box<dyn Transport>, bool), DialError> {
    let lookup = connected(limit, tokio::net::lookup_host((host, port))).await;
    let addresses = lookup.map_err(|error| late_or(error, DialError::Name))?;
    let mut error = DialError::Connect(io::Error::from(io::ErrorKind::AddrNotAvailable));
    for address in addresses {
        match connected(limit, TcpStream::connect(address)).await.and_then(|stream| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => {
                // The address that answered counts, not the name: names can be made to point anywhere.
                let is_local = stream.peer_addr().is_ok_and(|peer| peer.ip().to_canonical().is_loopback());
                return Ok((Box::new(stream), is_local));
            }
            Err(source) => error = late_or(source, DialError::Connect),
        }
    }
    Err(error)
}

/// The outcome of connecting, or that it took too long.
pub(super) async fn connected<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn late_or(error: io::Error, other: impl FnOnce(io::Error) -> DialError) -> DialError {
    if error.kind() == io::ErrorKind::TimedOut { DialError::Late } else { other(error) }
}
