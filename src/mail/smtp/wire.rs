//! The connection as bytes: commands out, replies in, and whether both sides are still in step.

use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncRead as _, AsyncReadExt, AsyncWriteExt, ReadBuf};

use super::reply::{LINE, Said, seen};
use crate::domain::visible;
use crate::mail::transport::Transport;

/// A line to the server that knows how many replies it still owes.
///
/// What it owes is noted before a command leaves, and struck out when a reply is complete: a phase that fails, runs out of
/// time or is dropped by its caller leaves a wire that is out of step for good, and no later reply can be misread.
pub(super) struct Wire {
    transport: Box<dyn Transport>,
    /// Read, and not yet part of a reply.
    unread: Vec<u8>,
    owed: usize,
    /// Bytes of the last flight that were given away.
    sent: usize,
    /// Whether a part of the answer to the last flight has come.
    is_answered: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Something was sent in part: nothing more can be sent, and replies may still be under way.
    Cut,
    Ended,
}

/// Why there is no reply.
#[derive(Debug)]
pub(super) enum Broken {
    /// The server closed the connection.
    Closed,
    Io(io::Error),
    /// It took longer than this.
    Late(Duration),
    /// What came is not a reply, or not asked for.
    OutOfStep(String),
}

impl Wire {
    pub fn new(transport: Box<dyn Transport>) -> Self {
        Self { transport, unread: Vec::new(), owed: 0, sent: 0, is_answered: false, state: State::Open }
    }

    /// Whether a command can be sent, and the next reply will be the answer to it.
    pub fn is_in_step(&self) -> bool {
        self.state == State::Open && self.owed == 0
    }

    /// Whether replies that are owed can still come.
    pub fn is_open(&self) -> bool {
        self.state != State::Ended
    }

    /// The connection is not to be used any more.
    pub fn end(&mut self) {
        self.state = State::Ended;
    }

    /// Sends commands, or a message, that so many replies answer: in one write, so that nothing waits for an acknowledgement.
    ///
    /// Once it is done, the system has every byte. Where it fails or is dropped, the last byte was never given away;
    /// [`Wire::sent`] says how many may have been.
    pub async fn send(&mut self, bytes: &[u8], replies: usize) -> Result<(), Broken> {
        self.sent = 0;
        if !self.is_in_step() {
            return Err(Broken::OutOfStep("the connection has ended".to_owned()));
        }
        (self.owed, self.is_answered, self.state) = (replies, false, State::Cut);
        self.hush().await?;
        self.write(bytes).await.map_err(Broken::Io)?;
        self.state = State::Open;
        Ok(())
    }

    /// Sends the rest of a flight, whatever the server has said to the beginning of it, as long as it has not hung up.
    pub async fn send_rest(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.sent = 0;
        if self.state != State::Open {
            return Err(Broken::OutOfStep("the connection has ended".to_owned()));
        }
        self.state = State::Cut;
        // What was said so far is acknowledged together with the rest.
        self.hear().await?;
        self.is_answered = false;
        self.write(bytes).await.map_err(Broken::Io)?;
        self.state = State::Open;
        Ok(())
    }

    /// Bytes of the last flight that the system has, or that wait to be encrypted for it.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// The next reply.
    pub async fn reply(&mut self) -> Result<Said, Broken> {
        let read = self.read().await;
        self.owed = self.owed.saturating_sub(1);
        // 421: the server says no more after it (RFC 5321, section 3.8).
        if read.as_ref().map_or(true, |said| said.code == 421) {
            self.end();
        }
        read
    }

    /// What carried the dialogue, to be encrypted. What the server said ahead of the encryption could be anybody's word.
    pub fn into_clear(self) -> Result<Box<dyn Transport>, Broken> {
        let Some(line) = self.unread.split(|byte| *byte == b'\n').next().filter(|_| !self.unread.is_empty()) else {
            return Ok(self.transport);
        };
        Err(Broken::OutOfStep(format!("something was said ahead of the encryption: `{}`", seen(line))))
    }

    /// Makes sure that the server has nothing to say before it is asked; does not wait for it.
    async fn hush(&mut self) -> Result<(), Broken> {
        let heard = self.hear().await;
        if self.unread.is_empty() {
            return heard;
        }
        let line = self.unread.split(|byte| *byte == b'\n').next().unwrap_or_default();
        Err(Broken::OutOfStep(format!("it spoke unasked: `{}`", seen(line.strip_suffix(b"\r").unwrap_or(line)))))
    }

    /// Reads what has come by now, and whether that was all; does not wait for it.
    async fn hear(&mut self) -> Result<(), Broken> {
        while self.unread.len() <= LINE {
            let mut chunk = [0; 1024];
            let mut chunk = ReadBuf::new(&mut chunk);
            let transport = &mut self.transport;
            match std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut *transport).poll_read(cx, &mut chunk))).await {
                Poll::Pending => break,
                Poll::Ready(Ok(())) if !chunk.filled().is_empty() => self.unread.extend_from_slice(chunk.filled()),
                Poll::Ready(Ok(()) | Err(_)) => return Err(Broken::Closed),
            }
        }
        Ok(())
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        while let Some(rest) = bytes.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match self.transport.write(rest).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => self.sent += count,
            }
        }
        self.transport.flush().await
    }

    async fn read(&mut self) -> Result<Said, Broken> {
        let mut said = Said::default();
        loop {
            let line = self.line().await?;
            if said.add(&line).map_err(Broken::OutOfStep)? {
                return Ok(said);
            }
        }
    }

    /// The next line without its line feed.
    async fn line(&mut self) -> Result<Vec<u8>, Broken> {
        loop {
            if let Some(end) = self.unread.iter().take(LINE + 2).position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.unread.drain(..=end).collect();
                line.pop();
                return Ok(line);
            }
            if self.unread.len() > LINE + 1 {
                return Err(Broken::OutOfStep(format!("a line of over {LINE} bytes")));
            }
            if std::mem::replace(&mut self.is_answered, true) {
                // A server that answers a flight in two writes may send the second only when the first is acknowledged
                // (RFC 896), which the system would put off for 40 ms (RFC 1122, section 4.2.3.2).
                self.transport.acknowledge();
            }
            let mut chunk = [0; 4096];
            match self.transport.read(&mut chunk).await {
                Ok(0) => return Err(Broken::Closed),
                Ok(count) => self.unread.extend_from_slice(chunk.get(..count).unwrap_or_default()),
                // A server that closes without taking leave of TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(Broken::Closed),
                Err(error) => return Err(Broken::Io(error)),
            }
        }
    }
}

impl Broken {
    /// Whether, of a command or message that could not be sent, not a single byte was.
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::Closed | Self::OutOfStep(_))
    }
}

/// The outcome of some work with the wire, or that it took too long.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Broken>>) -> Result<T, Broken> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(Broken::Late(limit)))
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Closed => f.write_str("the server hung up"),
            Self::Io(error) => f.write_str(&visible(&error.to_string())),
            Self::Late(limit) => write!(f, "no reply within {} s", limit.as_secs_f32()),
            Self::OutOfStep(why) => f.write_str(why),
        }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("owed", &self.owed).field("state", &self.state).finish_non_exhaustive()
    }
}
