//! The form in which a message is signed, so that a relay may change white space (RFC 6376, section 3.4, `relaxed`).

use std::ops::Range;

use aws_lc_rs::digest;

/// Which bytes of a body are signed. Found once for all messages of a letter, since a reader's tokens hold no white space.
#[derive(Clone, Debug)]
pub struct Body {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Bytes of the body as they stand.
    Kept(Range<usize>),
    Space,
    LineEnd,
}

impl Body {
    /// White space within a line counts as one space, at its end as none, and empty lines at the end of the body not at all.
    pub fn of(body: &[u8]) -> Self {
        let mut found = Self { pieces: Vec::new() };
        let mut blank_lines = 0;
        let mut at = 0;
        while at < body.len() {
            let rest = body.get(at..).unwrap_or_default();
            let end = memchr::memmem::find(rest, b"\r\n").map_or(body.len(), |length| at + length);
            let line = body.get(at..end).unwrap_or_default();
            let length = line.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
            if length == 0 {
                blank_lines += 1;
            } else {
                (0..blank_lines).for_each(|_| found.pieces.push(Piece::LineEnd));
                blank_lines = 0;
                found.line(line, at, length);
                // Where the line ends as it should and had no blanks there, the end is one piece with it.
                match found.pieces.last_mut() {
                    Some(Piece::Kept(kept)) if kept.end == end && end < body.len() => kept.end += 2,
                    _ => found.pieces.push(Piece::LineEnd),
                }
            }
            at = end + 2;
        }
        found.joined()
    }

    /// The first so many bytes of the line that begins at `start`.
    fn line(&mut self, line: &[u8], start: usize, length: usize) {
        let mut from = 0;
        let mut at = 0;
        while let Some(blank) = line.get(at..length).and_then(|rest| memchr::memchr2(b' ', b'\t', rest)).map(|next| at + next) {
            let run = line.get(blank..length).unwrap_or_default().iter().take_while(|byte| is_blank(**byte)).count();
            at = blank + run;
            if line.get(blank..at) != Some(b" ") {
                self.pieces.push(Piece::Kept(start + from..start + blank));
                self.pieces.push(Piece::Space);
                from = at;
            }
        }
        self.pieces.push(Piece::Kept(start + from..start + length));
    }

    /// The same with neighbours made one.
    fn joined(self) -> Self {
        let mut pieces: Vec<Piece> = Vec::with_capacity(self.pieces.len());
        for piece in self.pieces {
            match (pieces.last_mut(), &piece) {
                (_, Piece::Kept(kept)) if kept.is_empty() => {}
                (Some(Piece::Kept(last)), Piece::Kept(kept)) if last.end == kept.start => last.end = kept.end,
                _ => pieces.push(piece),
            }
        }
        Self { pieces }
    }

    /// The SHA-256 of the signed bytes of a body that has blanks where this one was found to have them.
    pub(super) fn hash(&self, body: &[u8]) -> digest::Digest {
        let mut context = digest::Context::new(&digest::SHA256);
        for piece in &self.pieces {
            context.update(match piece {
                Piece::Kept(kept) => body.get(kept.clone()).unwrap_or_default(),
                Piece::Space => b" ",
                Piece::LineEnd => b"\r\n",
            });
        }
        context.finish()
    }
}

/// A header as it is signed: its name in lower case, its value on one line, single spaces between the words.
pub(super) fn header(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend(name.bytes().map(|byte| byte.to_ascii_lowercase()));
    out.push(b':');
    let words = value.split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty());
    for (at, word) in words.enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
