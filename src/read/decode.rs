//! Bytes to text.

mod charset;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::{ReadError, sniff};
use crate::domain::Format;

/// The text of a page, or why it is none.
///
/// `charset` is the one that an HTTP header names. Text and markdown without it must be UTF-8 (or show otherwise, by a byte
/// order mark or by the NUL bytes of UTF-16): a wrong guess there would be mailed to every reader.
pub(super) fn decode(bytes: &[u8], origin: &str, format: Format, charset: Option<&str>) -> Result<String, ReadError> {
    let binary = |what| Err(ReadError::Binary { origin: origin.to_owned(), what });
    if let Some(what) = sniff::binary(bytes) {
        return binary(what);
    }
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let holds_nul = bytes.contains(&0);
    let text = match marked.or_else(|| if holds_nul { charset::unmarked(bytes) } else { None }) {
        Some(encoding) if encoding != UTF_8 || matches!(format, Format::Html | Format::Feed) => lossy(encoding, bytes),
        _ if holds_nul => return binary("binary data (it holds NUL bytes)"),
        _ => match format {
            // Tools that save pages convert the bytes and leave the tag, and servers name one encoding for old and new pages
            // alike: what is UTF-8 is read as such whatever is said of it.
            Format::Html | Format::Feed if charset::is_utf8(bytes) => lossy(UTF_8, bytes),
            Format::Html => html(bytes, charset),
            Format::Feed => feed(bytes, charset),
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

/// Bytes that are not UTF-8, and are not read as such. Else the order is that of the HTML standard, section 13.2.3.2: byte
/// order mark, HTTP, `<meta>`, the default of the language.
fn html(bytes: &[u8], charset: Option<&str>) -> String {
    let told = charset::told(bytes);
    let named = [charset.and_then(charset::labelled), told.encoding];
    lossy(encoding(bytes, named, &told.usual), bytes)
}

/// Feeds are read in the same order, with the XML declaration in the place of `<meta>` (RFC 7303, section 3).
fn feed(bytes: &[u8], charset: Option<&str>) -> String {
    lossy(encoding(bytes, [charset.and_then(charset::labelled), charset::declaration(bytes)], &[]), bytes)
}

fn encoding(bytes: &[u8], named: [Option<&'static Encoding>; 2], usual: &[&'static Encoding]) -> &'static Encoding {
    let named = named.into_iter().flatten().find(|encoding| *encoding != UTF_8);
    // What is named comes first: ISO-2022-JP is written in ASCII.
    if let Some(encoding) = named.or_else(|| bytes.is_ascii().then_some(UTF_8)) {
        return encoding;
    }
    let fits = |encoding: &&'static Encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
        text.is_some_and(|text| !text.contains(|c| CONTROLS.contains(&c)))
    };
    usual.iter().copied().find(fits).or(usual.last().copied()).unwrap_or(WINDOWS_1252)
}

/// Controls that no page is written with (C1): ISO 8859 has them where its relations of Windows have letters.
const CONTROLS: std::ops::RangeInclusive<char> = '\u{80}'..='\u{9F}';

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
        page(b"\xE9t\xE9", None, "été");
        page(b"\xC7\xE0", Some("windows-1251"), "За");
        page(b"<meta http-equiv=x content='text/html; charset=windows-1251'>\xC7", None, {
            "<meta http-equiv=x content='text/html; charset=windows-1251'>З"
        });
        page(b"<?xml version='1.0' encoding='koi8-r'?><html>\xFA", None, "<?xml version='1.0' encoding='koi8-r'?><html>З");
        page(b"\xFF\xFEa\0b\0", None, "ab");
        page(b"a\x1B$B@n\x1B(B", Some("iso-2022-jp"), "a川");
    }

    #[test]
    fn what_the_bytes_are_counts_for_more_than_what_is_said_of_them() {
        page("<meta charset=iso-8859-1>é".as_bytes(), None, "<meta charset=iso-8859-1>é");
        page("é".as_bytes(), Some("iso-8859-1"), "é");
        page(b"<meta charset=utf-8>\xE9t\xE9 \x97", None, "<meta charset=utf-8>été —");
        page(b"<meta charset=windows-1251>\xC7", Some("utf-8"), "<meta charset=windows-1251>З");
        page(b"<p>\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xA0", None, "<p>ééééééééé\u{FFFD}");
    }

    #[test]
    fn a_page_that_says_nothing_is_in_the_usual_encoding_of_its_language() {
        page(b"<html lang=ru>\xC7", None, "<html lang=ru>З");
        page(b"<html lang=\"fr\">\xE9", None, "<html lang=\"fr\">é");
        page(b"<html lang=pl-PL>\xB6", None, "<html lang=pl-PL>ś");
        page(b"<html lang=pl-PL>\x9C", None, "<html lang=pl-PL>ś");
        page(b"<html lang='ja'>\x90\xEC", None, "<html lang='ja'>川");
        page(b"<html lang='ja'>\xC0\xEE", None, "<html lang='ja'>川");
        page(b"<html lang=zh-TW>\xAAe", None, "<html lang=zh-TW>河");
    }

    #[test]
    fn utf_16_shows_without_its_mark() {
        let wide = "<!DOCTYPE html><p>川は夜に増水し é".encode_utf16();
        let (little, big): (Vec<[u8; 2]>, Vec<[u8; 2]>) = wide.map(|unit| (unit.to_le_bytes(), unit.to_be_bytes())).unzip();
        for bytes in [little.concat(), big.concat()] {
            page(&bytes, Some("utf-8"), "<!DOCTYPE html><p>川は夜に増水し é");
            assert_eq!(decode(&bytes, "a.txt", Format::Text, None).unwrap(), "<!DOCTYPE html><p>川は夜に増水し é");
        }
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
            refused(b"A river rises.\0\n\nThe market moved."),
            "`a.txt` is binary data (it holds NUL bytes), not a page of text"
        );
        assert_eq!(
            refused(b"\x01\x02\n"),
            "`a.txt` is binary data (it holds nothing but control characters), not a page of text"
        );
        assert_eq!(refused(b" \n"), "`a.txt` is empty");
        assert_eq!(refused(b""), "`a.txt` is empty");
        assert_eq!(refused(b"\xEF\xBB\xBF"), "`a.txt` is empty");
    }
}
