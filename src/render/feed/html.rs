//! HTML that can only be made of griot's own markup and escaped text.

use crate::domain::{Rich, escape_into};

use super::clean::clean;

/// A piece of HTML that is safe to print as it is.
///
/// Markup is taken only as `&'static str`, that is, from griot's source; whatever was read goes in as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::render) struct Html(String);

impl Html {
    /// Text that stands in no attribute: its quotes can stay as they are, which is kinder to readers that take it for plain.
    pub(in crate::render) fn of_text(text: &str) -> Self {
        let mut html = Self::default();
        html.text(text);
        Self(html.0.replace("&quot;", "\"").replace("&#39;", "'"))
    }

    /// The same without white space at its end.
    pub(in crate::render) fn trimmed(mut self) -> Self {
        self.0.truncate(self.0.trim_end().len());
        self
    }

    pub(in crate::render) fn as_str(&self) -> &str {
        &self.0
    }

    pub(in crate::render) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    pub(in crate::render) fn markup(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Text, or the value of an attribute between double quotes.
    pub(in crate::render) fn text(&mut self, text: &str) {
        let text = clean(text);
        if !text.contains('"') {
            escape_into(&mut self.0, &text);
            return;
        }
        let mut escaped = String::with_capacity(text.len() + 8);
        escape_into(&mut escaped, &text);
        // feedparser (6.0.14) puts a bare quote for `&#34;` before it reads the tags, which would cut off an `alt` there.
        self.0.push_str(&escaped.replace("&#34;", "&quot;"));
    }

    pub(in crate::render) fn rich(&mut self, rich: &Rich) {
        self.0.push_str(rich.html().as_str());
    }
}
