//! Text as a tokenizer passes it on: references such as `&eacute;` and `&#233;` are the characters that they stand for.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// What a text or the value of an attribute says (HTML standard, sections 13.2.3.5 and 13.2.5.72 to 13.2.5.80).
pub(super) fn resolved(text: &str, in_attribute: bool) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', b'\0', text.as_bytes()).is_some() {
        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}");
        return Cow::Owned(without_references(&text, in_attribute).into_owned());
    }
    without_references(text, in_attribute)
}

fn without_references(text: &str, in_attribute: bool) -> Cow<'_, str> {
    let Some((head, mut rest)) = text.split_once('&') else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(head);
    loop {
        let length = reference(rest, in_attribute, &mut out);
        if length == 0 {
            out.push('&');
        }
        let tail = rest.get(length..).unwrap_or_default();
        let Some((plain, next)) = tail.split_once('&') else {
            out.push_str(tail);
            return Cow::Owned(out);
        };
        out.push_str(plain);
        rest = next;
    }
}

/// Adds what the reference stands for whose `&` is just before a text, and says how much of the text is of it: nothing
/// where there is no reference.
fn reference(text: &str, in_attribute: bool, out: &mut String) -> usize {
    match text.as_bytes() {
        [b'#', b'x' | b'X', ..] => number(text, 2, 16, out),
        [b'#', ..] => number(text, 1, 10, out),
        [first, ..] if first.is_ascii_alphanumeric() => name(text, in_attribute, out),
        _ => 0,
    }
}

fn number(text: &str, from: usize, radix: u32, out: &mut String) -> usize {
    let digits = text.get(from..).unwrap_or_default().chars().map_while(|c| c.to_digit(radix));
    let (mut code, mut end) = (0_u32, from);
    for digit in digits {
        code = code.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    if end == from {
        return 0;
    }
    let meant = match code {
        0 => None,
        // Pages in windows-1252 that say that they are in Latin-1.
        0x80..=0x9F => {
            let at = usize::try_from(code - 0x80).unwrap_or_default();
            C1_REPLACEMENTS.get(at).copied().flatten().or(char::from_u32(code))
        }
        _ => char::from_u32(code),
    };
    out.push(meant.unwrap_or(char::REPLACEMENT_CHARACTER));
    end + usize::from(text.as_bytes().get(end) == Some(&b';'))
}

/// The longest name that is known counts. Some are known without their `;`, for pages that are older than the rule.
fn name(text: &str, in_attribute: bool, out: &mut String) -> usize {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    // The table holds the beginnings of names as well, with no characters.
    let known = ends.map_while(|end| Some((end, *NAMED_ENTITIES.get(text.get(..end)?)?)));
    let Some((end, (first, second))) = known.filter(|(_, (first, _))| *first != 0).last() else { return 0 };
    let next = text.as_bytes().get(end);
    let open = !text.get(..end).is_some_and(|name| name.ends_with(';'));
    // In the address `?a=1&copy=2` nothing is a reference.
    if in_attribute && open && next.is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric()) {
        return 0;
    }
    out.extend(char::from_u32(first));
    out.extend(char::from_u32(second).filter(|_| second != 0));
    end
}

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    /// Pieces that begin, end and break references.
    #[rustfmt::skip]
    const PIECES: [&str; 32] = [
        "&", "#", "x", "X", ";", "=", " ", "1", "9", "128", "x80;", "xD800", "x10FFFF", "x110000;", "99999999999", "0", "13;",
        "amp", "am", "lt", "copy", "not", "in", "notin;", "eacute;", "Eacute", "é", "NotEqualTilde;", "fjlig;", "\r\n", "\r", "gt;",
    ];

    #[test]
    fn references_are_read_as_the_parser_reads_them() {
        let mut state = 7_u64;
        for _ in 0..4000 {
            let mut text = "&".to_owned();
            for _ in 0..6 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(PIECES[usize::try_from(state >> 59).unwrap()]);
            }
            let document = Document::from(format!("<body><p title=\"{text}\">{text}</p>"));
            let paragraph = document.select("p");
            assert_eq!(resolved(&text, false), &*paragraph.text(), "{text:?}");
            assert_eq!(resolved(&text, true), &*paragraph.attr("title").unwrap(), "{text:?}");
        }
    }

    #[test]
    fn plain_text_is_passed_on() {
        assert!(matches!(resolved("a b;", false), Cow::Borrowed("a b;")));
        assert_eq!(resolved("a\r\nb\rc\0d", false), "a\nb\nc\u{FFFD}d");
        assert_eq!(resolved("?a=1&copy=2&copy;", true), "?a=1&copy=2©");
    }
}
