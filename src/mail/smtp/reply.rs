//! Replies as they come over the wire (RFC 5321, section 4.2): lines of one code, hyphens after it in all but the last.

use crate::domain::Reply;

/// Longest line of a reply without its end, in bytes; RFC 5321 allows 512, and servers go beyond it.
pub(super) const LINE: usize = 2000;
/// Most lines of one reply.
const LINES: usize = 100;
/// Most bytes of one reply.
const BYTES: usize = 64 * 1024;

/// A reply, or what has come of it.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub code: u16,
    /// The words of each line, without code and line end.
    pub lines: Vec<String>,
    bytes: usize,
}

impl Said {
    /// Adds the next line, without its line feed; true where it was the last one. An error says what is wrong with it.
    pub fn add(&mut self, line: &[u8]) -> Result<bool, String> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (code, is_last, words) = parts(line).ok_or_else(|| format!("it said `{}`", seen(line)))?;
        if !self.lines.is_empty() && code != self.code {
            return Err(format!("a reply of two codes, {} and {code}", self.code));
        }
        self.code = code;
        self.bytes += line.len();
        if self.lines.len() >= LINES || self.bytes > BYTES {
            return Err("a reply without end".to_owned());
        }
        self.lines.push(String::from_utf8_lossy(words).into_owned());
        Ok(is_last)
    }

    /// The reply on one line. Servers repeat the enhanced code on each of theirs; here it stands once.
    pub fn reply(&self) -> Reply {
        self.reply_with(str::to_owned)
    }

    /// The same, each line's words changed first.
    pub fn reply_with(&self, change: impl Fn(&str) -> String) -> Reply {
        let mut lines = self.lines.iter().map(|line| change(line));
        let mut words = lines.next().unwrap_or_default();
        let first = words.split(' ').next().filter(|word| word.contains('.')).unwrap_or_default().to_owned();
        for line in lines {
            words.push(' ');
            words.push_str(line.strip_prefix(&first).unwrap_or(&line));
        }
        Reply::new(self.code, &words)
    }
}

/// Code, whether it is the last line, and the words; a code alone is a last line too (RFC 5321, section 4.2.1).
fn parts(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    if !matches!(digits, [b'2'..=b'5', b'0'..=b'9', b'0'..=b'9']) {
        return None;
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    match rest {
        [] => Some((code, true, rest)),
        [b' ', words @ ..] => Some((code, true, words)),
        [b'-', words @ ..] => Some((code, false, words)),
        _ => None,
    }
}

/// The beginning of a line that is no reply, as an error shows it.
pub(super) fn seen(line: &[u8]) -> String {
    let start = line.get(..80).unwrap_or(line);
    crate::domain::visible(&String::from_utf8_lossy(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&[u8]]) -> Result<Option<Reply>, String> {
        let mut said = Said::default();
        for line in lines {
            if said.add(line)? {
                return Ok(Some(said.reply()));
            }
        }
        Ok(None)
    }

    #[test]
    fn replies_of_many_forms() {
        #[track_caller]
        fn case(lines: &[&[u8]], expected: &str) {
            assert_eq!(read(lines).unwrap().unwrap().text, expected);
        }
        case(&[b"250 ok\r"], "250 ok");
        case(&[b"250 ok"], "250 ok");
        case(&[b"250"], "250");
        case(&[b"250-\r", b"250 \r"], "250");
        case(&[b"550-5.1.1 no such\r", b"550 5.1.1 reader\r"], "550 5.1.1 no such reader");
        case(&[b"550-a.\r", b"550 b\r"], "550 a. b");
        case(&[b"250 \xE9t\xE9"], "250 \u{FFFD}t\u{FFFD}");
    }

    #[test]
    fn what_is_no_reply_is_refused() {
        for bad in [&b""[..], b"25", b"ok", b"2x0 ok", b"999 x", b"199 x", b"2500 x", b"250\tx", b"\0\x01\xFF", b" 250 ok"] {
            assert!(read(&[bad]).is_err(), "{bad:?}");
        }
        assert_eq!(read(&[b"250-a", b"451 b"]).unwrap_err(), "a reply of two codes, 250 and 451");
        assert_eq!(read(&[b"\x1b[2J"]).unwrap_err(), "it said `\\u{1b}[2J`");
        assert_eq!(read(&[&b"250-a"[..]; 100]), Ok(None));
        assert_eq!(read(&[&b"250-a"[..]; 101]).unwrap_err(), "a reply without end");
        assert_eq!(read(&[&[b"250-".as_slice(), &[b'x'; 1900]].concat()[..]; 50]).unwrap_err(), "a reply without end");
    }
}
