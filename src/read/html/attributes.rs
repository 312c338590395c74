//! Which attributes of an element are read.
//!
//! Most of a page's markup is classes for style sheets and data for scripts: what nobody asks for is left out before the page
//! is parsed ([`tame`](super::tame)), which makes its tree half the work.

/// Everything that [`dom`](super::dom) is asked for, and what a parser goes by (`type`: a hidden `<input>` may stand in a table).
#[rustfmt::skip]
const READ: [&str; 40] = [
    // Names of parts.
    "class", "id", "itemprop", "role", "data-testid", "data-component",
    // Links, and what the page says of itself.
    "href", "rel", "content", "name", "property", "http-equiv", "lang", "xml:lang", "type",
    // Pictures, also those that a script is to load later.
    "src", "alt", "title", "width", "height", "srcset", "data-src", "data-lazy-src", "data-original", "data-lazyimage-src",
    "data-url", "data-image", "data-hi-res-src", "data-srcset", "data-lazy-srcset", "data-alt-text",
    // Players, quotations, dates, what is read aloud.
    "data", "videoid", "data-videoid", "cite", "datetime", "pubdate", "aria-label", "aria-hidden", "encoding",
];

/// The attribute of a name, written in whatever case, where it is read.
pub(super) fn known(name: &str) -> Option<&'static str> {
    READ.iter().find(|known| known.eq_ignore_ascii_case(name)).copied()
}
