use std::fmt;

/// HTML that is safe to print as it is.
///
/// There is no way to make one from a string: it comes only from [`super::Rich`] and [`super::Block`],
/// which know nothing but text, a handful of inline elements and http(s) or mailto links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Markup of griot's own. Private to the domain: nothing that was read may come this way.
    pub(super) fn markup(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    pub(super) fn text(&mut self, text: &str) {
        escape_into(&mut self.0, text);
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Writes text so that HTML and XML read it as text, in content and in quoted attributes alike.
///
/// Quotes are escaped too, numerically: `&quot;` and `&apos;` are not known everywhere.
pub fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        out.push_str(match special.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            Some(b'"') => "&#34;",
            _ => "&#39;",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
