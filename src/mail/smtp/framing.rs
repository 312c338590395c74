//! The message as it goes over the wire.

use std::borrow::Cow;

use memchr::memmem;

/// The message if it is lines of ASCII that end in CRLF, the last one too; with `eight_bit`, of UTF-8.
///
/// A bare CR or LF is an end of line to some servers: what follows it could be commands of somebody else's.
pub(super) fn whole(message: &[u8], eight_bit: bool) -> Option<Cow<'_, [u8]>> {
    let is_text = if eight_bit { std::str::from_utf8(message).is_ok() } else { message.is_ascii() };
    if !is_text || !is_lines(message) {
        return None;
    }
    Some(if message.ends_with(b"\n") { Cow::Borrowed(message) } else { Cow::Owned([message, END_OF_LINE].concat()) })
}

/// Whether CR and LF stand together only.
fn is_lines(message: &[u8]) -> bool {
    let behind = message.get(1..).unwrap_or_default();
    // Looked at to the end, whatever is found: so the machine compares sixteen at a time.
    let odd = message.iter().zip(behind).fold(0, |odd, (one, next)| odd | (u8::from(*one == b'\r') ^ u8::from(*next == b'\n')));
    odd == 0 && message.first() != Some(&b'\n') && message.last() != Some(&b'\r')
}

/// What ends a message that is [`whole`].
pub(super) const END_OF_LINE: &[u8] = b"\r\n";

/// What ends a message after DATA: a line with one dot.
pub(super) const END: &str = ".\r\n";

/// The same for DATA, but for [`END`]: dots doubled at the start of lines (RFC 5321, section 4.5.2).
pub(super) fn dotted(message: &[u8], eight_bit: bool) -> Option<Vec<u8>> {
    let message = whole(message, eight_bit)?;
    let mut out = Vec::with_capacity(message.len() + message.len() / 50);
    if message.starts_with(b".") {
        out.push(b'.');
    }
    let mut copied = 0;
    // Few lines begin with a dot: what lies between them is copied as a whole.
    for at in memmem::find_iter(&message, b"\n.") {
        out.extend_from_slice(message.get(copied..=at).unwrap_or_default());
        out.push(b'.');
        copied = at + 1;
    }
    out.extend_from_slice(message.get(copied..).unwrap_or_default());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_cannot_end_early() {
        #[track_caller]
        fn case(message: &[u8], expected: &[u8]) {
            assert_eq!(dotted(message, false).unwrap(), expected);
        }
        case(b"a\r\n.\r\n..b\r\n", b"a\r\n..\r\n...b\r\n");
        case(b"..\r\n..\r\n.", b"...\r\n...\r\n..\r\n");
        case(b"no end", b"no end\r\n");
        case(b"", b"\r\n");
        for bad in
            [&b"a\n.\nb"[..], b"a\r.\rb", b"\r\r\n", b"a\r\n\n", b"a\r", b"\n", b"\r", b"a\n\r\n", "é\r\n".as_bytes(), b"\xff"]
        {
            assert_eq!(dotted(bad, false), None, "{bad:?}");
        }
        assert_eq!(whole("é\r\n".as_bytes(), true).unwrap(), "é\r\n".as_bytes());
        assert_eq!(whole(b"\xff\r\n", true), None);
    }
}
