//! The bytes: read as they come, answered when there is nothing more to read, encrypted from STARTTLS on.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::servers::certified;

pub(super) struct Wire {
    stream: BufReader<Stream>,
    /// What is to be said.
    output: Vec<u8>,
    latency: Duration,
    /// Times that something was said.
    pub flights: usize,
}

enum Stream {
    Clear(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    pub(super) fn new(stream: TcpStream, latency: Duration) -> Self {
        let stream = BufReader::with_capacity(1 << 16, Stream::Clear(stream));
        Self { stream, output: Vec::new(), latency, flights: 0 }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self.stream.get_ref(), Stream::Tls(_))
    }

    /// From here on, a client that says nothing for so long is an error.
    pub(super) fn wait_only(&self, most: Duration) -> io::Result<()> {
        match self.stream.get_ref() {
            Stream::Clear(stream) => stream.set_read_timeout(Some(most)),
            Stream::Tls(stream) => stream.sock.set_read_timeout(Some(most)),
        }
    }

    /// Whether more has come than has been asked for.
    pub(super) fn has_more(&self) -> bool {
        !self.stream.buffer().is_empty()
    }

    /// The next line with its end; what is left where the client goes.
    pub(super) fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.answer_first()?;
        self.stream.read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// Up to so many bytes, at least one; none where the client has gone.
    pub(super) fn bytes(&mut self, most: usize) -> io::Result<Vec<u8>> {
        self.answer_first()?;
        self.of_chunk(most)
    }

    /// The same of a chunk: the answers to its envelope wait for its end, since the client has no reason to wait for them.
    pub(super) fn of_chunk(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let bytes = self.stream.fill_buf()?;
        let bytes = bytes[..most.min(bytes.len())].to_vec();
        self.stream.consume(bytes.len());
        Ok(bytes)
    }

    /// What is to be said goes out before the next read that waits.
    fn answer_first(&mut self) -> io::Result<()> {
        if self.has_more() { Ok(()) } else { self.flush() }
    }

    /// Says something as soon as there is nothing more to read.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        self.output.extend(bytes);
    }

    /// Says what is to be said now.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        thread::sleep(self.latency);
        self.flights += 1;
        let output = std::mem::take(&mut self.output);
        let stream = self.stream.get_mut();
        stream.write_all(&output)?;
        stream.flush()
    }

    /// Reads and says nothing, until the client goes away.
    pub(super) fn hush(&mut self) -> io::Result<()> {
        while !self.bytes(1 << 16)?.is_empty() {}
        Ok(())
    }

    /// Encrypts what follows. What the client has said ahead of it is forgotten (RFC 3207, section 4.2).
    pub(super) fn encrypt(&mut self, certificate: &str) -> io::Result<()> {
        self.flush()?;
        let Stream::Clear(stream) = self.stream.get_ref() else { return Ok(()) };
        let connection = ServerConnection::new(Arc::new(certified(certificate))).map_err(io::Error::other)?;
        let mut tls = StreamOwned::new(connection, stream.try_clone()?);
        while tls.conn.is_handshaking() {
            tls.conn.complete_io(&mut tls.sock)?;
        }
        self.stream = BufReader::with_capacity(1 << 16, Stream::Tls(Box::new(tls)));
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Clear(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Clear(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Clear(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
