use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The message as it goes over the wire: dots doubled at the start of lines, ended by a line with one dot
/// (RFC 5321, section 4.5.2). `None` where it is not lines of ASCII that end in CRLF.
///
/// In one piece, so that it leaves in one write: a final dot written by itself waits for the server's delayed
/// acknowledgement, 40 ms a letter.
pub(super) fn framed(message: &[u8]) -> Option<String> {
    let message = std::str::from_utf8(message).ok().filter(|text| text.is_ascii())?;
    let mut out = String::with_capacity(message.len() + message.len() / 50 + 5);
    for line in message.strip_suffix("\r\n").unwrap_or(message).split("\r\n") {
        // A bare CR or LF is an end of line to some servers: what follows it could be commands of somebody else's.
        if line.contains(['\r', '\n']) {
            return None;
        }
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    Some(out)
}

/// A TCP stream that lets nobody speak ahead of TLS.
///
/// lettre reads replies through a buffer that it keeps across STARTTLS: what somebody on the line puts behind the
/// server's last clear reply would be taken for the first encrypted one. So the clear replies are given out byte by
/// byte, and what is left over meets the TLS handshake, which fails on it.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    /// Whether TLS is still to come.
    before_tls: bool,
}

/// The first byte of a TLS handshake record (RFC 8446, section 5.1); no SMTP command begins with it.
const HANDSHAKE: u8 = 22;

impl Wire {
    pub(super) fn new(stream: TcpStream, tls_will_come: bool) -> Self {
        Self { stream, before_tls: tls_will_come }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.before_tls {
            return Pin::new(&mut self.stream).poll_read(cx, out);
        }
        let mut byte = [0];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut one))?;
        out.put_slice(one.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if bytes.first() == Some(&HANDSHAKE) {
            self.before_tls = false;
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_end_early() {
        assert_eq!(framed(b"a\r\n.\r\n..b\r\n").unwrap(), "a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(framed(b"no end").unwrap(), "no end\r\n.\r\n");
        assert_eq!(framed(b"").unwrap(), "\r\n.\r\n");
        for bad in [&b"a\n.\nb"[..], b"a\r.\rb", b"\r\r\n", "é\r\n".as_bytes(), b"\xff"] {
            assert_eq!(framed(bad), None, "{bad:?}");
        }
    }
}
