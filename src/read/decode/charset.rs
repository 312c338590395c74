//! Which encoding the bytes of a page are in: what it says itself, and what the bytes show.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// Bytes in which a page may say its encoding.
///
/// The HTML standard looks at 1024 before parsing and starts again where the parser meets the tag later (section 13.2.3.4);
/// heads with their styles and scripts inlined are longer than that.
const HEAD: usize = 64 * 1024;
/// Bytes that are looked at to see whether a text is in UTF-16.
const SAMPLE: usize = 4096;

/// The encoding of a label, as it holds for what can be read byte by byte.
///
/// What names UTF-16 in letters of one byte is not UTF-16, and `x-user-defined` is written for windows-1252 (HTML standard,
/// section 13.2.3.2, prescan). Encodings that browsers refuse to read tell nothing.
pub(super) fn labelled(label: &str) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.trim().as_bytes()).filter(|encoding| *encoding != REPLACEMENT)?;
    Some(match encoding {
        wide if wide == UTF_16LE || wide == UTF_16BE => UTF_8,
        own if own == X_USER_DEFINED => WINDOWS_1252,
        encoding => encoding,
    })
}

/// What the head of an HTML page tells of its encoding.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// By a `<meta>`, else by the XML declaration.
    pub encoding: Option<&'static Encoding>,
    /// The usual encodings of the language that `<html lang>` names, the likeliest first.
    pub usual: Vec<&'static Encoding>,
}

/// Reads the tags of a page's beginning (HTML standard, section 13.2.3.2: prescan, and the defaults by language).
pub(super) fn told(bytes: &[u8]) -> Told {
    let head = String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).to_ascii_lowercase();
    let mut told = Told::default();
    let mut rest = head.as_str();
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        // No tag of these is one of the page.
        let hidden =
            [("!--", "-->"), ("script", "</script"), ("style", "</style")].into_iter().find(|(from, _)| after.starts_with(from));
        if let Some((_, to)) = hidden {
            let Some((_, next)) = after.split_once(to) else { break };
            rest = next;
        } else if let Some(tag) = tag(after, "meta") {
            told.encoding = told.encoding.or_else(|| meta(tag));
        } else if let Some(tag) = tag(after, "html") {
            let language = attributes(tag).find(|(name, _)| matches!(*name, "lang" | "xml:lang"));
            let labels = language.map_or(&[][..], |(_, tag)| usual(tag));
            told.usual = labels.iter().filter_map(|label| labelled(label)).collect();
        }
    }
    told.encoding = told.encoding.or_else(|| declaration(bytes));
    told
}

/// Bytes of a tag that are read.
const TAG: usize = 1024;

/// What stands behind the name of a tag.
fn tag<'a>(after: &'a str, name: &str) -> Option<&'a str> {
    let rest = after.strip_prefix(name).filter(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '/'))?;
    rest.get(..rest.floor_char_boundary(TAG))
}

/// `<meta charset=...>` or `<meta http-equiv=content-type content="text/html; charset=...">`.
fn meta(tag: &str) -> Option<&'static Encoding> {
    let value = |wanted: &str| attributes(tag).find(|(name, _)| *name == wanted).map(|(_, value)| value);
    if let Some(label) = value("charset") {
        return labelled(label);
    }
    let (_, label) = value("http-equiv").and_then(|_| value("content"))?.split_once("charset")?;
    let label = label.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    labelled(label.split(['"', '\'', ';', ' ']).next()?)
}

/// The attributes of a tag, of which what stands behind its name is given, up to its end.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/' | '>')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            rest = after;
            return (!name.is_empty()).then_some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(quote) => value.get(1..).and_then(|value| value.split_once(quote)).unwrap_or((value, "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len())),
        };
        rest = next;
        Some((name, value))
    })
}

/// The encoding that an XML declaration names: `<?xml version="1.0" encoding="ISO-8859-1"?>`.
pub(super) fn declaration(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).into_owned();
    let (declaration, _) = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    labelled(value.trim_start().strip_prefix('=')?.trim_start().split(['"', '\'']).nth(1)?)
}

/// The encodings in which pages of a language are that do not say theirs (HTML standard, section 13.2.3.2, the last step),
/// with those beside them that can be told by their bytes.
fn usual(language: &str) -> &'static [&'static str] {
    let mut parts = language.trim().split(['-', '_']);
    match parts.next().unwrap_or_default() {
        "ar" | "fa" | "ur" | "ps" | "ug" => &["windows-1256"],
        "az" | "ku" | "tr" => &["windows-1254"],
        "ba" | "be" | "bg" | "kk" | "ky" | "mk" | "mn" | "ru" | "sah" | "sr" | "tg" | "tt" | "uk" => &["windows-1251"],
        "cs" | "sk" | "hr" | "bs" | "ro" | "hu" | "pl" | "sl" => &["iso-8859-2", "windows-1250"],
        "el" => &["iso-8859-7", "windows-1253"],
        "et" | "lt" | "lv" => &["windows-1257"],
        "he" | "iw" | "yi" => &["windows-1255"],
        "ja" => &["euc-jp", "shift-jis"],
        "ko" => &["euc-kr"],
        "th" => &["windows-874"],
        "vi" => &["windows-1258"],
        "zh" if parts.any(|part| matches!(part, "tw" | "hk" | "mo" | "hant")) => &["big5"],
        "zh" => &["gbk"],
        _ => &[],
    }
}

/// Whether bytes that are not mere ASCII are UTF-8, but for some damage: in no other encoding are they by chance.
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return !bytes.is_ascii();
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 0 && good >= bad * 9
}

/// UTF-16 that does not begin with its mark: of its spaces, its line breaks and its markup every other byte is NUL.
pub(super) fn unmarked(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let nuls = |from: usize| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    // A stray NUL in plain text makes no pairs of its letters. The halves of other scripts' letters are no plain text.
    let plain = |byte: &u8| matches!(byte, 0 | b'\t' | b'\n' | b'\r' | b' '..=b'~');
    if (nuls(0) + nuls(1)) * 4 < sample.len() && sample.iter().all(plain) {
        return None;
    }
    let encoding = match (nuls(0), nuls(1)) {
        (high, low) if low > high * 8 => UTF_16LE,
        (high, low) if high > low * 8 => UTF_16BE,
        _ => return None,
    };
    let text = encoding.decode_without_bom_handling(sample).0;
    let strange = text.chars().filter(|c| (c.is_control() && !c.is_whitespace()) || *c == '\u{FFFD}').count();
    (strange * 50 <= text.chars().count()).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(head: &str, label: Option<&str>) {
        let expected = label.and_then(|label| Encoding::for_label(label.as_bytes()));
        assert_eq!(told(head.as_bytes()).encoding, expected, "{head}");
    }

    #[test]
    fn tags_say_the_encoding() {
        case("<META  CHARSET = Windows-1251 >", Some("windows-1251"));
        case("<meta charset='koi8-r'/>", Some("koi8-r"));
        case("<meta content=\"text/html; x>y; charset=gbk\" http-equiv=content-type>", Some("gbk"));
        case("<meta http-equiv=content-type content='text/html;charset=\"shift_jis\"'>", Some("shift_jis"));
        case(&format!("<style>{}</style><meta charset=big5>", "a{b:c}".repeat(2000)), Some("big5"));
        case("<meta charset=none><meta charset=euc-kr>", Some("euc-kr"));
        case("<meta charset=utf-16>", Some("utf-8"));
        case("<meta charset=x-user-defined>", Some("windows-1252"));
        case("<?xml version=\"1.0\" encoding=\"windows-1256\"?><html>", Some("windows-1256"));
    }

    #[test]
    fn what_only_looks_like_a_tag_says_nothing() {
        case("<!-- <meta charset=gbk> --><meta charset=big5>", Some("big5"));
        case("<script>write('<meta charset=gbk>')</script><meta charset=big5>", Some("big5"));
        case("<meta name=description content='charset=gbk'>", None);
        case("<metadata charset=gbk>", None);
        case("<meta charset=iso-2022-cn>", None);
        case("<meta", None);
        case("<meta charset=\"gbk", None);
        case("", None);
    }

    #[test]
    fn a_head_of_open_tags_is_read_in_time() {
        let begun = std::time::Instant::now();
        case(&"<meta a b".repeat(HEAD), None);
        assert!(begun.elapsed().as_secs() < 10);
    }
}
