//! The tags of a piece of HTML, as they stand in it: any text, in one pass, without a tree.

/// A tag that opens an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The byte at which its `<` stands.
    pub at: usize,
    /// As it is written.
    pub name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its attributes, names as they are written, values without quotes, references in them not resolved.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
                rest = after;
                return (!name.is_empty()).then_some((name, ""));
            };
            let (value, next) = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) => value.get(1..).and_then(|value| value.split_once(quote)).unwrap_or((value, "")),
                None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
            };
            rest = next;
            Some((name, value))
        })
    }
}

/// The opening tags of a text, in their order. What stands in comments, scripts and styles is none.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += text.get(at..)?.find('<')?;
            let start = at;
            let rest = text.get(at + 1..)?;
            if let Some(comment) = rest.strip_prefix("!--") {
                at += 4 + comment.find("-->").unwrap_or(comment.len());
                continue;
            }
            let name_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':'))).unwrap_or(rest.len());
            let name = rest.get(..name_end).unwrap_or_default();
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                at += 1;
                continue;
            }
            let inside = rest.get(name_end..).unwrap_or_default();
            let end = end_of_tag(inside);
            at += 1 + name_end + end;
            let tag = Tag { at: start, name, attributes: inside.get(..end).unwrap_or_default() };
            if tag.is("script") || tag.is("style") {
                at += end_of_raw(text.get(at..).unwrap_or_default(), name);
            }
            return Some(tag);
        }
    })
}

/// Where the `>` of a tag stands: not in quotes, as far as those are closed.
fn end_of_tag(inside: &str) -> usize {
    let mut quote = None;
    for (at, byte) in inside.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    inside.len()
}

/// Where the text of a script or a style ends.
fn end_of_raw(text: &str, name: &str) -> usize {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("</")) {
        let at = from + found;
        if text.get(at + 2..at + 2 + name.len()).is_some_and(|close| close.eq_ignore_ascii_case(name)) {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

/// An attribute's value with the references resolved in which addresses are hidden.
pub(super) fn resolved(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, next) = match after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#')) {
            Some(end) => after.split_at(end),
            None => (after, ""),
        };
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        let meant = match name {
            "amp" => Some('&'),
            "Tab" => Some('\t'),
            "NewLine" => Some('\n'),
            "colon" => Some(':'),
            "sol" => Some('/'),
            _ => number.and_then(char::from_u32),
        };
        out.push(meant.unwrap_or('&'));
        rest = if meant.is_some() { next.strip_prefix(';').unwrap_or(next) } else { after };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_in_any_text() {
        #[track_caller]
        fn case(text: &str, expected: &[(usize, &str)]) {
            let found: Vec<_> = tags(text).map(|tag| (tag.at, tag.name)).collect();
            assert_eq!(found, expected, "{text}");
        }
        case("", &[]);
        case("a < b <3 <", &[]);
        case("<p>é<BR/></p><img src='>'>", &[(0, "p"), (5, "BR"), (14, "img")]);
        case("<!-- <p> --><i>", &[(12, "i")]);
        case("<script>'<p>'</SCRIPT><b>", &[(0, "script"), (22, "b")]);
        case("<script><p>", &[(0, "script")]);
        case("<p title='unclosed <b>", &[(0, "p")]);
        case("<!-- <p>", &[]);
    }

    #[test]
    fn attributes_in_every_form() {
        let tag = tags("<a href = 'x y' b=c disabled\n data-src=\"/\"/>").next().unwrap();
        let found: Vec<_> = tag.attributes().collect();
        assert_eq!(found, [("href", "x y"), ("b", "c"), ("disabled", ""), ("data-src", "/")]);
    }

    #[test]
    fn hidden_addresses_are_seen() {
        assert_eq!(resolved("java&#115;cript&colon;a?b&c&amp;d&#x;"), "javascript:a?b&c&d&#x;");
    }
}
