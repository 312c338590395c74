//! RSS 2.0 (rssboard.org/rss-specification), and what 0.91 and 0.92 had.

use super::{Holds, Vocabulary, advised, many, one, optional, required};
use crate::read::check::rules::{Space, syndication};
use crate::read::check::values::{BOOLEAN, Value};

const CHANNEL: &[&str] = &["channel"];
const ITEM: &[&str] = &["item", "liveItem"];
const BOTH: &[&str] = &["channel", "item", "liveItem"];

const DAYS: Value = Value::OneOf(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);

pub(super) static RSS: Vocabulary = Vocabulary {
    namespaces: &[""],
    rules: &Space {
        unknown: &syndication::TAG,
        place: &syndication::PLACE,
        repeated: &syndication::REPEATED,
        attribute: &syndication::ATTRIBUTE,
        advised: &syndication::ATTRIBUTE,
        unknown_attribute: &syndication::UNKNOWN_ATTRIBUTE,
        value: &syndication::VALUE,
    },
    tags: &[
        one("rss", &[], Value::Any).holds(Holds::Elements).with(&[required("version", Value::Any)]),
        many("channel", &["rss"], Value::Any).holds(Holds::Elements),
        many("item", CHANNEL, Value::Any).holds(Holds::Elements),
        // What the channel, an item, the image and a text input have.
        // That the channel says something is looked at where the rules of RSS are.
        one("title", CHANNEL, Value::Any),
        one("description", CHANNEL, Value::Any),
        one("title", &["item", "liveItem", "image", "textInput", "textinput"], Value::Some),
        one("link", &["channel", "item", "liveItem", "image", "textInput", "textinput"], Value::Web),
        one("description", &["item", "liveItem", "image", "textInput", "textinput"], Value::Some),
        one("pubDate", BOTH, Value::Rfc822),
        many("category", BOTH, Value::Some).with(&[optional("domain", Value::Any)]),
        // The channel.
        one("language", CHANNEL, Value::Language),
        one("copyright", CHANNEL, Value::Some),
        one("managingEditor", CHANNEL, Value::Contact),
        one("webMaster", CHANNEL, Value::Contact),
        one("lastBuildDate", CHANNEL, Value::Rfc822),
        one("generator", CHANNEL, Value::Some),
        one("docs", CHANNEL, Value::Web),
        one("cloud", CHANNEL, Value::Any).holds(Holds::Anything).with(&[
            required("domain", Value::Some),
            required("port", Value::Positive),
            required("path", Value::Some),
            required("registerProcedure", Value::Any),
            required("protocol", Value::OneOf(&["xml-rpc", "soap", "http-post"])),
        ]),
        one("ttl", CHANNEL, Value::Positive),
        one("image", CHANNEL, Value::Any).holds(Holds::Elements),
        one("rating", CHANNEL, Value::Some),
        one("textInput", CHANNEL, Value::Any).holds(Holds::Elements),
        one("textinput", CHANNEL, Value::Any).holds(Holds::Elements),
        one("skipHours", CHANNEL, Value::Any).holds(Holds::Elements),
        one("skipDays", CHANNEL, Value::Any).holds(Holds::Elements),
        many("hour", &["skipHours"], Value::UpTo(23)),
        many("day", &["skipDays"], DAYS),
        one("url", &["image"], Value::Web),
        one("width", &["image"], Value::UpTo(144)),
        one("height", &["image"], Value::UpTo(400)),
        one("name", &["textInput", "textinput"], Value::Some),
        // An item.
        one("author", ITEM, Value::Contact),
        one("comments", ITEM, Value::Web),
        many("enclosure", ITEM, Value::Any).holds(Holds::Anything).with(ENCLOSURE),
        one("guid", ITEM, Value::Any).with(&[optional("isPermaLink", BOOLEAN)]),
        one("source", ITEM, Value::Some).with(&[required("url", Value::Web)]),
    ],
};

const ENCLOSURE: &[super::Attribute] =
    &[required("url", Value::Web), required("length", Value::Whole), advised("type", Value::MediaType)];
