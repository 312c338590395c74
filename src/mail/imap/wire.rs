//! The connection as bytes: commands out, responses in, limited in every direction.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

use super::response::Response;
use crate::domain::visible;
use crate::mail::transport::Transport;

/// The longest line outside of a literal: a list of flags or abilities is shorter by far.
const LINE: usize = 64 * 1024;
/// Bytes of a literal that are kept; the rest is read and forgotten, for a server that knows no part of a message.
pub(super) const KEPT: usize = 64 * 1024;
/// Lines and literals of a response.
const PIECES: usize = 200;
/// Bytes that a server may send for one command.
const FLOOD: u64 = 256 * 1024 * 1024;
/// What a line counts for at least: many short ones are as much work.
const AT_LEAST: u64 = 1024;

pub(super) struct Wire {
    transport: BufReader<Box<dyn Transport>>,
    /// What may still come in answer to the command.
    left: u64,
}

/// A part of a response: a line, or what stands between two lines, or a literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Line(Vec<u8>),
    /// Its beginning.
    Literal(Vec<u8>),
}

/// Why there is no response.
#[derive(Debug)]
pub(super) enum Broken {
    Closed,
    Io(io::Error),
    /// What came is no response.
    Garbled(String),
}

impl Wire {
    pub fn new(transport: Box<dyn Transport>) -> Self {
        Self { transport: BufReader::new(transport), left: FLOOD }
    }

    /// Sends a line; what comes from now on is counted anew.
    pub async fn send(&mut self, line: &str) -> Result<(), Broken> {
        self.left = FLOOD;
        let transport = self.transport.get_mut();
        transport.write_all(format!("{line}\r\n").as_bytes()).await.map_err(Broken::Io)?;
        transport.flush().await.map_err(Broken::Io)
    }

    /// The next response with its literals.
    pub async fn response(&mut self) -> Result<Response, Broken> {
        let mut pieces = Vec::new();
        loop {
            let mut line = self.line().await?;
            if pieces.is_empty() && Response::is_status(&line) {
                // Its words are for people, and may end in whatever they like.
                return Ok(Response(vec![Piece::Line(line)]));
            }
            let Some((text, length)) = announced(&line) else {
                pieces.push(Piece::Line(line));
                return Ok(Response(pieces));
            };
            if pieces.len() > PIECES {
                return Err(Broken::Garbled("a response in too many pieces".to_owned()));
            }
            line.truncate(text);
            pieces.push(Piece::Line(line));
            pieces.push(Piece::Literal(self.literal(length).await?));
        }
    }

    /// What carried the dialogue, to be encrypted. What the server said ahead of the encryption could be anybody's word.
    pub fn into_clear(self) -> Result<Box<dyn Transport>, Broken> {
        match self.transport.buffer() {
            [] => Ok(self.transport.into_inner()),
            early => Err(Broken::Garbled(format!("something was said ahead of the encryption: `{}`", shown(early)))),
        }
    }

    /// The next line without its line end.
    async fn line(&mut self) -> Result<Vec<u8>, Broken> {
        let mut line = Vec::new();
        (&mut self.transport).take(LINE as u64).read_until(b'\n', &mut line).await.map_err(cut)?;
        self.count((line.len() as u64).max(AT_LEAST))?;
        if line.pop() != Some(b'\n') {
            return Err(if line.len() + 1 >= LINE {
                Broken::Garbled(format!("a line of over {LINE} bytes"))
            } else {
                Broken::Closed
            });
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    /// A literal of so many bytes, of which the first are kept.
    async fn literal(&mut self, length: u64) -> Result<Vec<u8>, Broken> {
        self.count(length)?;
        let mut kept = Vec::new();
        let head = length.min(KEPT as u64);
        (&mut self.transport).take(head).read_to_end(&mut kept).await.map_err(cut)?;
        let mut rest = (&mut self.transport).take(length - head);
        let skipped = tokio::io::copy_buf(&mut rest, &mut tokio::io::sink()).await.map_err(cut)?;
        if kept.len() as u64 + skipped < length { Err(Broken::Closed) } else { Ok(kept) }
    }

    fn count(&mut self, bytes: u64) -> Result<(), Broken> {
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or_else(|| Broken::Garbled(format!("an answer of over {} MiB", FLOOD >> 20)))?;
        Ok(())
    }
}

/// Where the announcement of a literal begins at the end of a line, and how long the literal is: `{310}` (RFC 3501, section
/// 4.3), also as `{310+}` and `~{310}` (RFC 7888 and 3516).
fn announced(line: &[u8]) -> Option<(usize, u64)> {
    let inside = line.strip_suffix(b"}")?;
    let at = memchr::memrchr(b'{', inside)?;
    let number = inside.get(at + 1..)?;
    let number = std::str::from_utf8(number.strip_suffix(b"+").unwrap_or(number)).ok()?;
    let length = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())??;
    let tilde = line.get(..at)?.ends_with(b"~");
    Some((at - usize::from(tilde), length))
}

fn cut(error: io::Error) -> Broken {
    // A server that closes without taking leave of TLS.
    if error.kind() == io::ErrorKind::UnexpectedEof { Broken::Closed } else { Broken::Io(error) }
}

/// Bytes of a server for an error message: a line's worth.
pub(super) fn shown(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    visible(&String::from_utf8_lossy(line).chars().take(200).collect::<String>())
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("left", &self.left).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_announced_at_the_end_of_a_line() {
        assert_eq!(announced(b"* 1 FETCH (BODY[] {310}"), Some((18, 310)));
        assert_eq!(announced(b"x ~{3+}"), Some((2, 3)));
        assert_eq!(announced(b"{0}"), Some((0, 0)));
        for none in [&b"x {}"[..], b"x {a}", b"x {-1}", b"x {1} y", b"{99999999999999999999}", b"1}", b"{+}", b""] {
            assert_eq!(announced(none), None, "{}", String::from_utf8_lossy(none));
        }
    }
}
