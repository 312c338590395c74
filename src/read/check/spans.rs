//! The values of a JSON text with the places where they stand.
//!
//! Only for a text that was parsed before: nothing is checked here, and a text that is no JSON gives fewer values, no panic.

/// A value as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span<'a> {
    pub text: &'a str,
    /// The byte at which it begins.
    pub at: usize,
}

impl<'a> Span<'a> {
    pub(super) fn whole(text: &'a str) -> Self {
        let start = text.len() - text.trim_start().len();
        Self { text: text.trim(), at: start }
    }

    pub(super) fn is_object(self) -> bool {
        self.text.starts_with('{')
    }

    pub(super) fn is_array(self) -> bool {
        self.text.starts_with('[')
    }

    pub(super) fn is_string(self) -> bool {
        self.text.starts_with('"')
    }

    pub(super) fn is_number(self) -> bool {
        self.text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
    }

    /// The string that it is; none where it is something else, or half a character.
    pub(super) fn string(self) -> Option<String> {
        serde_json::from_str(self.text).ok()
    }

    /// The members of an object, in their order.
    pub(super) fn members(self) -> Vec<(String, Span<'a>)> {
        let parts = if self.is_object() { self.parts() } else { Vec::new() };
        parts
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [key, value] => Some((key.string().unwrap_or_default(), *value)),
                _ => None,
            })
            .collect()
    }

    /// The values of an array, in their order.
    pub(super) fn values(self) -> Vec<Span<'a>> {
        if self.is_array() { self.parts() } else { Vec::new() }
    }

    /// What stands between the brackets, without commas and colons.
    fn parts(self) -> Vec<Span<'a>> {
        let bytes = self.text.as_bytes();
        let mut parts = Vec::new();
        let mut at = 1;
        while let Some(byte) = bytes.get(at) {
            if byte.is_ascii_whitespace() || matches!(byte, b',' | b':') {
                at += 1;
                continue;
            }
            if matches!(byte, b']' | b'}') {
                break;
            }
            let end = end_of(bytes, at);
            parts.push(Span { text: self.text.get(at..end).unwrap_or_default(), at: self.at + at });
            at = end;
        }
        parts
    }
}

/// Where the value ends that begins at a byte.
fn end_of(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(bytes, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b']' | b'}' | b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_stand() {
        let text = " { \"a\\\"]\" : [1, {\"b\":[]}, \"x,y\" ,true],\n\"c\":-2.5e3 } ";
        let members = Span::whole(text).members();
        let [(first, list), (second, number)] = &members[..] else { panic!("{members:?}") };
        assert_eq!((first.as_str(), second.as_str(), number.text), ("a\"]", "c", "-2.5e3"));
        assert_eq!(&text[number.at..number.at + 6], "-2.5e3");
        let values: Vec<&str> = list.values().iter().map(|value| value.text).collect();
        assert_eq!(values, ["1", "{\"b\":[]}", "\"x,y\"", "true"]);
    }

    #[test]
    fn what_is_no_json_breaks_nothing() {
        for text in ["", "{", "[\"", "{\"a", "{\"a\\", "[1 2", "{]", "[}", "\"\\"] {
            let span = Span::whole(text);
            let _ = (span.members(), span.values(), span.string());
        }
    }
}
