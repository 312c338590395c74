//! Media RSS 1.5.1 (rssboard.org/media-rss).

use super::{Attribute, Holds, Tag, Vocabulary, many, one, optional, required};
use crate::read::check::rules::media;
use crate::read::check::values::{BOOLEAN, Value};

/// What is said of media stands with them, or above them and then holds for all below.
const ANYWHERE: &[&str] = &["channel", "feed", "item", "entry", "liveItem", "group", "content"];
const ITEMS: &[&str] = &["item", "entry", "liveItem", "group", "channel", "feed"];
const TEXT: &[Attribute] = &[optional("type", Value::OneOf(&["plain", "html"]))];

const fn loose(name: &'static str, parents: &'static [&'static str]) -> Tag {
    many(name, parents, Value::Any).holds(Holds::Anything)
}

pub(super) static MEDIA: Vocabulary = Vocabulary {
    namespaces: &["http://search.yahoo.com/mrss/"],
    rules: &media::SPACE,
    tags: &[
        loose("group", &["item", "entry", "liveItem"]),
        loose("content", ITEMS).with(&[
            optional("url", Value::Web),
            optional("fileSize", Value::Whole),
            optional("type", Value::MediaType),
            optional("medium", Value::OneOf(&["image", "audio", "video", "document", "executable"])),
            optional("isDefault", BOOLEAN),
            optional("expression", Value::OneOf(&["sample", "full", "nonstop"])),
            optional("bitrate", Value::Decimal),
            optional("framerate", Value::Decimal),
            optional("samplingrate", Value::Decimal),
            optional("channels", Value::Decimal),
            optional("duration", Value::Decimal),
            optional("height", Value::Whole),
            optional("width", Value::Whole),
            optional("lang", Value::Language),
        ]),
        loose("thumbnail", ANYWHERE).with(&[
            required("url", Value::Web),
            optional("width", Value::Whole),
            optional("height", Value::Whole),
            optional("time", Value::Any),
        ]),
        one("title", ANYWHERE, Value::Some).with(TEXT),
        one("description", ANYWHERE, Value::Some).with(TEXT),
        one("keywords", ANYWHERE, Value::Any),
        one("copyright", ANYWHERE, Value::Some).with(&[optional("url", Value::Web)]),
        many("credit", ANYWHERE, Value::Some).with(&[optional("role", Value::Some), optional("scheme", Value::Uri)]),
        many("category", ANYWHERE, Value::Some).with(&[optional("scheme", Value::Any), optional("label", Value::Any)]),
        many("rating", ANYWHERE, Value::Some).with(&[optional("scheme", Value::Any)]),
        many("hash", ANYWHERE, Value::Some).with(&[optional("algo", Value::OneOf(&["md5", "sha-1"]))]),
        loose("player", ANYWHERE).with(&[
            required("url", Value::Web),
            optional("height", Value::Whole),
            optional("width", Value::Whole),
        ]),
        many("text", ANYWHERE, Value::Some).with(&[
            optional("type", Value::OneOf(&["plain", "html"])),
            optional("lang", Value::Language),
            optional("start", Value::Any),
            optional("end", Value::Any),
        ]),
        many("restriction", ANYWHERE, Value::Any).with(&[
            required("relationship", Value::OneOf(&["allow", "deny"])),
            optional("type", Value::OneOf(&["country", "uri", "sharing"])),
        ]),
        many("license", ANYWHERE, Value::Any).with(&[optional("type", Value::MediaType), optional("href", Value::Web)]),
        one("adult", ANYWHERE, BOOLEAN),
        loose("community", ANYWHERE),
        loose("starRating", &["community"]).with(&[
            optional("average", Value::Any),
            optional("count", Value::Whole),
            optional("min", Value::Any),
            optional("max", Value::Any),
        ]),
        loose("statistics", &["community"]).with(&[optional("views", Value::Whole), optional("favorites", Value::Whole)]),
        loose("tags", &["community"]),
        loose("comments", ANYWHERE),
        loose("comment", &["comments"]),
        loose("embed", ANYWHERE).with(&[
            required("url", Value::Web),
            optional("width", Value::Whole),
            optional("height", Value::Whole),
        ]),
        loose("param", &["embed"]).with(&[required("name", Value::Some)]),
        loose("responses", ANYWHERE),
        loose("response", &["responses"]),
        loose("backLinks", ANYWHERE),
        loose("backLink", &["backLinks"]),
        loose("status", ANYWHERE)
            .with(&[required("state", Value::OneOf(&["active", "blocked", "deleted"])), optional("reason", Value::Any)]),
        loose("price", ANYWHERE).with(&[
            optional("type", Value::Any),
            optional("info", Value::Any),
            optional("price", Value::Any),
            optional("currency", Value::Any),
        ]),
        loose("subTitle", ANYWHERE).with(&[
            optional("type", Value::MediaType),
            optional("lang", Value::Language),
            required("href", Value::Web),
        ]),
        loose("peerLink", ANYWHERE).with(&[optional("type", Value::MediaType), required("href", Value::Reference)]),
        loose("location", ANYWHERE).with(&[
            optional("description", Value::Any),
            optional("start", Value::Any),
            optional("end", Value::Any),
        ]),
        one("rights", ANYWHERE, Value::Any).with(&[required("status", Value::OneOf(&["userCreated", "official"]))]),
        loose("scenes", ANYWHERE),
        loose("scene", &["scenes"]),
    ],
};
