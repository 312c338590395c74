//! The message as it goes over the wire.

use std::borrow::Cow;

use memchr::{memchr_iter, memmem};

/// The message if it is lines of ASCII that end in CRLF, the last one too; with `eight_bit`, of UTF-8.
///
/// A bare CR or LF is an end of line to some servers: what follows it could be commands of somebody else's.
pub(super) fn whole(message: &[u8], eight_bit: bool) -> Option<Cow<'_, [u8]>> {
    let is_text = if eight_bit { std::str::from_utf8(message).is_ok() } else { message.is_ascii() };
    // Each CR stands right before a LF, and each LF right behind a CR.
    let pairs = pairs(message);
    let in_pairs = [b'\r', b'\n'].iter().all(|end| memchr_iter(*end, message).count() == pairs);
    if !is_text || !in_pairs {
        return None;
    }
    Some(if message.ends_with(b"\n") { Cow::Borrowed(message) } else { Cow::Owned([message, b"\r\n"].concat()) })
}

/// How often CR and LF stand together.
fn pairs(message: &[u8]) -> usize {
    /// As many as a byte can count: then the machine compares sixteen at a time.
    const STEP: usize = 255;
    let behind = message.get(1..).unwrap_or_default();
    let in_step = |(first, second): (&[u8], &[u8])| {
        first.iter().zip(second).map(|(first, second)| u8::from(*first == b'\r') & u8::from(*second == b'\n')).sum::<u8>()
    };
    message.chunks(STEP).zip(behind.chunks(STEP)).map(in_step).map(usize::from).sum()
}

/// The same for DATA: dots doubled at the start of lines, ended by a line with one dot (RFC 5321, section 4.5.2).
pub(super) fn dotted(message: &[u8], eight_bit: bool) -> Option<Vec<u8>> {
    let message = whole(message, eight_bit)?;
    let mut out = Vec::with_capacity(message.len() + message.len() / 50 + 3);
    if message.starts_with(b".") {
        out.push(b'.');
    }
    let mut rest = message.as_ref();
    // Few lines begin with a dot: what lies between them is copied as a whole.
    while let Some((before, after)) = memmem::find(rest, b"\n.").and_then(|at| rest.split_at_checked(at + 1)) {
        out.extend_from_slice(before);
        out.push(b'.');
        rest = after;
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(b".\r\n");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_end_early() {
        assert_eq!(dotted(b"a\r\n.\r\n..b\r\n", false).unwrap(), b"a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(dotted(b"no end", false).unwrap(), b"no end\r\n.\r\n");
        assert_eq!(dotted(b"", false).unwrap(), b"\r\n.\r\n");
        for bad in [&b"a\n.\nb"[..], b"a\r.\rb", b"\r\r\n", b"a\r\n\n", b"a\r", "é\r\n".as_bytes(), b"\xff"] {
            assert_eq!(dotted(bad, false), None, "{bad:?}");
        }
        assert_eq!(whole("é\r\n".as_bytes(), true).unwrap(), "é\r\n".as_bytes());
        assert_eq!(whole(b"\xff\r\n", true), None);
    }
}
