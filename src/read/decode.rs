//! Bytes to text.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{ReadError, sniff};
use crate::domain::Format;

/// The text of a page, or why it is none.
///
/// `charset` is the one that an HTTP header names. Text and markdown without it must be UTF-8 (or say otherwise with a
/// byte order mark): a wrong guess there would be mailed to every reader.
pub(super) fn decode(bytes: &[u8], origin: &str, format: Format, charset: Option<&str>) -> Result<String, ReadError> {
    let binary = |what| Err(ReadError::Binary { origin: origin.to_owned(), what });
    if let Some(what) = sniff::binary(bytes) {
        return binary(what);
    }
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, _)) if encoding != UTF_8 => lossy(encoding, bytes),
        _ if bytes.contains(&0) => return binary("binary data (it holds NUL bytes)"),
        _ => match format {
            Format::Html => html(bytes, charset, meta),
            Format::Feed => html(bytes, charset, declaration),
            Format::Text | Format::Markdown => plain(bytes, origin, charset)?,
        },
    };
    if text.trim().is_empty() {
        return Err(ReadError::Empty { origin: origin.to_owned() });
    }
    if text.chars().all(|c| c.is_whitespace() || c.is_control()) {
        return binary("binary data (it holds nothing but control characters)");
    }
    Ok(text)
}

fn plain(bytes: &[u8], origin: &str, charset: Option<&str>) -> Result<String, ReadError> {
    let named = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(encoding) = named.filter(|encoding| *encoding != UTF_8) {
        return Ok(lossy(encoding, bytes));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{FEFF}').to_owned()),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.split(|byte| *byte == b'\n').count();
            Err(ReadError::NotUtf8 { origin: origin.to_owned(), line, byte: good.len() + 1 })
        }
    }
}

/// Order as in the HTML standard, section 13.2.3.2 (byte order mark, HTTP, `<meta>`), with one difference:
/// bytes that are valid UTF-8 and not mere ASCII are UTF-8 whatever `<meta>` says, since tools that save pages
/// convert the bytes and leave the tag, while text in another encoding is hardly ever valid UTF-8 by chance.
///
/// Feeds are read in the same order, with the XML declaration in the place of `<meta>` (RFC 7303, section 3).
fn html(bytes: &[u8], charset: Option<&str>, declared: fn(&[u8]) -> Option<&'static Encoding>) -> String {
    let bom = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let http = || charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    let utf8 = || (!bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()).then_some(UTF_8);
    let fallback = || if bytes.is_ascii() { UTF_8 } else { WINDOWS_1252 };
    let encoding = bom.or_else(http).or_else(utf8).or_else(|| declared(bytes)).unwrap_or_else(fallback);
    lossy(encoding, bytes)
}

/// The encoding that a `<meta>` in the first 1024 bytes names (HTML standard, section 13.2.3.2, prescan).
fn meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|tag| {
        let tag = tag.split('>').next()?;
        let (_, value) = tag.split_once("charset")?;
        let value = value.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        let label = value.split(['"', '\'', ';', '/', ' ']).next()?;
        let encoding = Encoding::for_label(label.as_bytes())?;
        // A page whose tag could be read as ASCII is not UTF-16.
        Some(if [UTF_16LE, UTF_16BE].contains(&encoding) { UTF_8 } else { encoding })
    })
}

/// The encoding that an XML declaration names: `<?xml version="1.0" encoding="ISO-8859-1"?>`.
fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).into_owned();
    let (declaration, _) = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let label = value.trim_start().strip_prefix('=')?.trim_start().split(['"', '\'']).nth(1)?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    Some(if [UTF_16LE, UTF_16BE].contains(&encoding) { UTF_8 } else { encoding })
}

/// Bytes without meaning become U+FFFD; a byte order mark of this encoding is dropped.
fn lossy(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn page(bytes: &[u8], charset: Option<&str>, text: &str) {
        assert_eq!(decode(bytes, "p", Format::Html, charset).unwrap(), text);
    }

    fn refused(bytes: &[u8]) -> String {
        decode(bytes, "a.txt", Format::Text, None).unwrap_err().to_string()
    }

    #[test]
    fn a_page_is_decoded_as_it_says() {
        page("\u{FEFF}é".as_bytes(), None, "é");
        page("<meta charset=iso-8859-1>é".as_bytes(), None, "<meta charset=iso-8859-1>é");
        page(b"\xE9t\xE9", None, "été");
        page(b"\xC7\xE0", Some("windows-1251"), "За");
        page(b"<meta http-equiv=x content='text/html; charset=windows-1251'>\xC7", None, {
            "<meta http-equiv=x content='text/html; charset=windows-1251'>З"
        });
        page(b"\xFF\xFEa\0b\0", None, "ab");
    }

    #[test]
    fn text_is_utf_8_or_says_so() {
        let text = |bytes: &[u8], charset| decode(bytes, "a.txt", Format::Text, charset).unwrap();
        assert_eq!(text(b"\xEF\xBB\xBFa", None), "a");
        assert_eq!(text(b"\xFE\xFF\0a\0b", None), "ab");
        assert_eq!(text(b"\xE9", Some("iso-8859-1")), "é");
        assert_eq!(refused(b"one\ntwo \xE9\n"), "`a.txt` is not valid UTF-8: line 2, byte 9");
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        assert_eq!(refused(b"%PDF-1.4 x"), "`a.txt` is a PDF, not a page of text");
        assert_eq!(refused(b"a\0b"), "`a.txt` is binary data (it holds NUL bytes), not a page of text");
        assert_eq!(
            refused(b"\x01\x02\n"),
            "`a.txt` is binary data (it holds nothing but control characters), not a page of text"
        );
        assert_eq!(refused(b" \n"), "`a.txt` is empty");
        assert_eq!(refused(b""), "`a.txt` is empty");
        assert_eq!(refused(b"\xEF\xBB\xBF"), "`a.txt` is empty");
    }
}
