//! Atom 1.0 (RFC 4287), by itself and in RSS.

use super::{Attribute, Holds, Tag, Vocabulary, many, one, optional, required};
use crate::read::check::rules::{Space, atom};
use crate::read::check::values::Value;

const FEED: &[&str] = &["feed", "source", "channel"];
const ENTRY: &[&str] = &["entry", "item"];
const ALL: &[&str] = &["feed", "entry", "source", "channel", "item", "liveItem"];
const PERSONS: &[&str] = &["author", "contributor"];
/// RFC 4287, section 3.1: what a text is, `text`, `html` or `xhtml`, is looked at where the texts are.
const TEXT: &[Attribute] = &[optional("type", Value::Any)];

const fn text(name: &'static str, parents: &'static [&'static str]) -> Tag {
    one(name, parents, Value::Any).holds(Holds::Anything).with(TEXT)
}

pub(super) static ATOM: Vocabulary = Vocabulary {
    namespaces: &["http://www.w3.org/2005/Atom"],
    rules: &Space {
        unknown: &atom::TAG,
        place: &atom::PLACE,
        repeated: &atom::REPEATED,
        attribute: &atom::ATTRIBUTE,
        advised: &atom::ATTRIBUTE,
        unknown_attribute: &atom::UNKNOWN_ATTRIBUTE,
        value: &atom::VALUE,
    },
    tags: &[
        one("feed", &[], Value::Any).holds(Holds::Elements),
        many("entry", &["feed"], Value::Any).holds(Holds::Elements),
        text("title", ALL),
        text("subtitle", FEED),
        text("rights", ALL),
        text("summary", ENTRY),
        one("content", ENTRY, Value::Any)
            .holds(Holds::Anything)
            .with(&[optional("type", Value::Any), optional("src", Value::Reference)]),
        one("id", ALL, Value::Any),
        one("updated", ALL, Value::Rfc3339),
        one("published", ENTRY, Value::Rfc3339),
        one("icon", FEED, Value::Reference),
        one("logo", FEED, Value::Reference),
        one("generator", FEED, Value::Some).with(&[optional("uri", Value::Reference), optional("version", Value::Any)]),
        many("category", ALL, Value::Any).holds(Holds::Anything).with(&[
            required("term", Value::Any),
            optional("scheme", Value::Uri),
            optional("label", Value::Any),
        ]),
        many("link", ALL, Value::Any).holds(Holds::Anything).with(&[
            required("href", Value::Reference),
            optional("rel", Value::Some),
            optional("type", Value::MediaType),
            optional("hreflang", Value::Language),
            optional("title", Value::Any),
            optional("length", Value::Whole),
        ]),
        many("author", ALL, Value::Any).holds(Holds::Elements),
        many("contributor", ALL, Value::Any).holds(Holds::Elements),
        one("name", PERSONS, Value::Some),
        one("uri", PERSONS, Value::Reference),
        one("email", PERSONS, Value::Mail),
        one("source", ENTRY, Value::Any).holds(Holds::Elements),
    ],
};
