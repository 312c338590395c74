//! The last filter before a feed, for text that no type vouches for.

use std::borrow::Cow;

use crate::domain::is_xml_char;

/// The text without the characters that a feed cannot carry, its line breaks as `\n`.
///
/// A carriage return is written by no format as itself: XML reads it as a line feed (XML 1.0, section 2.11),
/// and the three formats are to say the same.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    // Bytes first: nearly all text is of those alone.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) || text.chars().all(|c| c != '\r' && is_xml_char(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| is_xml_char(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_what_xml_forbids_and_unifies_line_breaks() {
        assert_eq!(clean("a\u{0}\u{1}\u{B}b\r\nc\rd\te\u{FFFF}\u{1FFFE}"), "ab\nc\nd\te");
        assert!(matches!(clean("]]> & 🎙 \u{2028}"), Cow::Borrowed(_)));
    }
}
