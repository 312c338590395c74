//! The path of a request, as the path of a file below the folder.

use std::borrow::Cow;

/// The file that is asked for, relative to the folder, with `/` between its parts: what ends in a slash is the `index.html`
/// there.
///
/// `None` where it cannot be the name of a file that is served: empty parts, `.` and `..`, hidden files, backslashes, NUL and
/// what else cannot be seen, bytes that are not UTF-8. What is decoded is decoded once: `%252e` is a name with a percent sign.
pub(super) fn file_below(asked: &str) -> Option<Cow<'_, str>> {
    let decoded = if asked.contains('%') { Cow::Owned(decoded(asked)?) } else { Cow::Borrowed(asked) };
    let is_folder = decoded.is_empty() || decoded.ends_with('/');
    let inner = decoded.strip_suffix('/').unwrap_or(&decoded);
    if !inner.is_empty() && !inner.split('/').all(is_name) || decoded == "/" {
        return None;
    }
    Some(if is_folder { Cow::Owned(format!("{decoded}index.html")) } else { decoded })
}

/// Names of one part that no file system takes for anything else.
pub(super) fn is_name(part: &str) -> bool {
    !part.is_empty() && !part.starts_with('.') && !part.chars().any(|c| c == '\\' || c == '/' || c.is_control())
}

fn decoded(asked: &str) -> Option<String> {
    let mut out = Vec::with_capacity(asked.len());
    let mut rest = asked.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let [high, low] = digits else { return None };
        let byte = hexadecimal(*high)? * 16 + hexadecimal(*low)?;
        // A slash that was written in another way is no slash to whoever stands before griot.
        if byte == b'/' {
            return None;
        }
        out.push(byte);
        rest = after;
    }
    String::from_utf8(out).ok()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_its_folder() {
        for (asked, file) in [
            ("", "index.html"),
            ("feed.xml", "feed.xml"),
            ("sections/", "sections/index.html"),
            ("sections/politics.xml", "sections/politics.xml"),
            ("S%C3%A9gou.xml", "Ségou.xml"),
            ("%66eed.xml", "feed.xml"),
            ("a%20b..c", "a b..c"),
            ("%252e%252e/x", "%2e%2e/x"),
            ("...%E2%80%A6", ""),
            ("a:b", "a:b"),
        ] {
            let expected = Some(file).filter(|file| !file.is_empty());
            assert_eq!(file_below(asked).as_deref(), expected, "{asked}");
        }
        for bad in [
            "/",
            "//",
            "/feed.xml",
            "a//b",
            "a//",
            ".",
            "..",
            "../x",
            "a/../b",
            "a/..",
            "a/./b",
            "%2e%2e/x",
            "%2E./x",
            ".%2e/x",
            "..%2fx",
            "..%5cx",
            "..\\x",
            "a\\b",
            ".git/config",
            "a/.hidden",
            "%00",
            "feed.xml%00.txt",
            "%0a",
            "%",
            "%2",
            "%zz",
            "%ff",
            "a%",
            "%c0%ae%c0%ae/x",
            "a%2Fb",
            "\u{7f}",
        ] {
            assert_eq!(file_below(bad), None, "{bad}");
        }
    }
}
