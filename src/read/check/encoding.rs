//! The text of a feed's bytes, and what is said of its encoding and is not so.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A text with what was noticed while it was decoded.
#[derive(Debug)]
pub(super) struct Decoded {
    /// Without a byte order mark.
    pub text: String,
    pub encoding: &'static str,
    /// Whether a byte order mark of UTF-8 stands before it, where no other encoding has to be told apart.
    pub mark: bool,
    /// A label that nobody knows.
    pub unknown: Option<String>,
    /// Two who name different encodings.
    pub disagree: Option<(String, String)>,
    /// The byte of the text at which the first bytes stand that mean nothing.
    pub wrong_at: Option<usize>,
}

/// Decodes as a strict reader does: by the mark, the declaration, else UTF-8 (XML 1.0, section 4.3.3).
///
/// `charset` is the one that an HTTP header names; where the declaration names another, that is said, and the declaration holds.
pub(super) fn decode(bytes: &[u8], charset: Option<&str>) -> Decoded {
    let marked = Encoding::for_bom(bytes);
    let wide = match bytes {
        [0, b'<' | b'{', ..] => Some(UTF_16BE),
        [b'<' | b'{', 0, ..] => Some(UTF_16LE),
        _ => None,
    };
    let plain = bytes.get(marked.map_or(0, |(_, length)| length)..).unwrap_or_default();
    let shown = marked.map(|(encoding, _)| encoding).or(wide);
    let declared = declaration(plain, shown);
    let named = declared.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = shown.or(named).unwrap_or(UTF_8);
    let unknown = declared.clone().filter(|_| named.is_none());
    let disagree = differs(shown, declared.as_deref(), named, charset, plain);
    let (text, had_errors) = encoding.decode_without_bom_handling(plain);
    let wrong_at = had_errors.then(|| match std::str::from_utf8(plain) {
        Err(error) if encoding == UTF_8 => error.valid_up_to(),
        _ => text.find('\u{FFFD}').unwrap_or_default(),
    });
    let mark = marked.is_some_and(|(encoding, _)| encoding == UTF_8);
    Decoded { encoding: encoding.name(), mark, unknown, disagree, wrong_at, text: text.into_owned() }
}

/// Who names another encoding than the bytes show, or than another who names one.
fn differs(
    shown: Option<&'static Encoding>,
    label: Option<&str>,
    named: Option<&'static Encoding>,
    charset: Option<&str>,
    bytes: &[u8],
) -> Option<(String, String)> {
    let wide = |encoding: &'static Encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    if let (Some(shown), Some(named), Some(label)) = (shown, named, label)
        && shown != named
        && !(wide(shown) && wide(named))
    {
        return Some((format!("the declaration says {label}"), format!("the bytes are {}", shown.name())));
    }
    let served = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let (Some(served), Some(charset)) = (served, charset)
        && served != named.or(shown).unwrap_or(UTF_8)
    {
        let declared = label.unwrap_or("nothing, which means UTF-8");
        return Some((format!("the server says {charset}"), format!("the declaration says {declared}")));
    }
    let is_utf8 = || !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok();
    match (named, label) {
        (Some(named), Some(label)) if named.is_single_byte() && shown.is_none() && is_utf8() => {
            Some((format!("the declaration says {label}"), "the bytes are UTF-8".to_owned()))
        }
        _ => None,
    }
}

/// The label in an XML declaration.
fn declaration(bytes: &[u8], shown: Option<&'static Encoding>) -> Option<String> {
    let head = bytes.get(..400).unwrap_or(bytes);
    let head = shown.unwrap_or(UTF_8).decode_without_bom_handling(head).0;
    let (declaration, _) = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    value.split(['"', '\'']).nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_what_they_say() {
        let fine = |bytes: &[u8]| {
            let decoded = decode(bytes, None);
            assert!(decoded.unknown.is_none() && decoded.disagree.is_none() && decoded.wrong_at.is_none(), "{decoded:?}");
            decoded.text
        };
        assert_eq!(
            fine("<?xml version='1.0' encoding='utf-8'?><a>é</a>".as_bytes()),
            "<?xml version='1.0' encoding='utf-8'?><a>é</a>"
        );
        assert_eq!(fine(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xE9</a>").chars().filter(|c| *c == 'é').count(), 1);
        let wide: Vec<u8> =
            "\u{FEFF}<?xml version='1.0' encoding='utf-16'?><a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(fine(&wide).ends_with("<a>é</a>"));
        assert_eq!(fine(b""), "");
    }

    #[test]
    fn bytes_are_not_what_they_say() {
        assert_eq!(decode(b"<a>\xE9</a>", None).wrong_at, Some(3));
        assert!(decode(b"\xEF\xBB\xBF<a/>", None).mark);
        assert_eq!(decode(b"<?xml version='1.0' encoding='klingon'?><a/>", None).unknown.as_deref(), Some("klingon"));
        assert!(decode("<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".as_bytes(), None).disagree.is_some());
        assert!(decode("<?xml version='1.0' encoding='utf-8'?><a/>".as_bytes(), Some("iso-8859-1")).disagree.is_some());
        let wide: Vec<u8> =
            "\u{FEFF}<?xml version='1.0' encoding='utf-8'?><a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(decode(&wide, None).disagree.is_some());
    }
}
