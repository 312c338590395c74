//! Apple's namespace for podcasts (podcasters.apple.com/support/823).

use super::{Holds, Vocabulary, many, one, required};
use crate::read::check::rules::itunes;
use crate::read::check::values::{BOOLEAN, Value};

const CHANNEL: &[&str] = &["channel"];
const ITEM: &[&str] = &["item", "liveItem"];
const BOTH: &[&str] = &["channel", "item", "liveItem"];

pub(super) static ITUNES: Vocabulary = Vocabulary {
    namespaces: &["http://www.itunes.com/dtds/podcast-1.0.dtd"],
    rules: &itunes::SPACE,
    tags: &[
        one("author", BOTH, Value::Some),
        one("block", BOTH, Value::OneOfAnyCase(&["yes", "no"])),
        one("title", BOTH, Value::Some),
        one("subtitle", BOTH, Value::Any),
        one("summary", BOTH, Value::Any),
        one("keywords", BOTH, Value::Any),
        one("explicit", BOTH, BOOLEAN),
        one("image", BOTH, Value::Any).holds(Holds::Anything).with(&[required("href", Value::Web)]),
        many("category", &["channel", "category"], Value::Any).holds(Holds::Anything).with(&[required("text", Value::Some)]),
        one("owner", CHANNEL, Value::Any).holds(Holds::Elements),
        one("name", &["owner"], Value::Some),
        one("email", &["owner"], Value::Mail),
        one("type", CHANNEL, Value::OneOfAnyCase(&["episodic", "serial"])),
        one("new-feed-url", CHANNEL, Value::Web),
        one("complete", CHANNEL, Value::OneOfAnyCase(&["yes", "no"])),
        one("applepodcastsverify", CHANNEL, Value::Some),
        one("duration", ITEM, Value::Duration),
        one("episode", ITEM, Value::Positive),
        one("season", ITEM, Value::Positive),
        one("episodeType", ITEM, Value::OneOfAnyCase(&["full", "trailer", "bonus"])),
        one("isClosedCaptioned", ITEM, Value::OneOfAnyCase(&["yes", "no"])),
        one("order", ITEM, Value::Whole),
    ],
};
