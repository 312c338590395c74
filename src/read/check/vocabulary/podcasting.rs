//! The podcast namespace, called Podcasting 2.0 (podcasting2.org/docs/podcast-namespace).

use super::{Attribute, Holds, Tag, Vocabulary, advised, many, one, optional, required};
use crate::read::check::rules::podcasting;
use crate::read::check::values::{BOOLEAN, Value, YES_NO};

const CHANNEL: &[&str] = &["channel"];
const ITEM: &[&str] = &["item", "liveItem"];
const BOTH: &[&str] = &["channel", "item", "liveItem"];

const MEDIA: Value = Value::OneOf(&[
    "podcast",
    "music",
    "video",
    "film",
    "audiobook",
    "newsletter",
    "blog",
    "publisher",
    "course",
    "mixed",
    "podcastL",
    "musicL",
    "videoL",
    "filmL",
    "audiobookL",
    "newsletterL",
    "blogL",
    "publisherL",
    "courseL",
]);

/// An element that says all that it says by its attributes, or by elements in it.
const fn bare(name: &'static str, parents: &'static [&'static str], attributes: &'static [Attribute]) -> Tag {
    many(name, parents, Value::Any).holds(Holds::Anything).with(attributes)
}

pub(super) static PODCAST: Vocabulary = Vocabulary {
    namespaces: &[
        "https://podcastindex.org/namespace/1.0",
        "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    ],
    rules: &podcasting::SPACE,
    tags: &[
        one("guid", CHANNEL, Value::Uuid),
        one("locked", CHANNEL, YES_NO).with(&[optional("owner", Value::Mail)]),
        many("funding", BOTH, Value::Short(128)).with(&[required("url", Value::Web)]),
        bare(
            "transcript",
            ITEM,
            &[
                required("url", Value::Web),
                required("type", Value::MediaType),
                optional("language", Value::Language),
                optional("rel", Value::OneOf(&["captions"])),
            ],
        ),
        bare("chapters", ITEM, &[required("url", Value::Web), required("type", Value::MediaType)]).once(),
        // Without a text it bears the title of the episode.
        bare("soundbite", ITEM, &[required("startTime", Value::Decimal), required("duration", Value::Decimal)]),
        many("person", BOTH, Value::Short(128)).with(&[
            optional("role", Value::Some),
            optional("group", Value::Some),
            optional("img", Value::Web),
            optional("href", Value::Web),
        ]),
        many("location", BOTH, Value::Short(128)).with(&[
            optional("rel", Value::OneOf(&["subject", "creator"])),
            optional("geo", Value::Geo),
            optional("osm", Value::Some),
            optional("country", Value::Short(2)),
        ]),
        one("season", ITEM, Value::Whole).with(&[optional("name", Value::Short(128))]),
        one("episode", ITEM, Value::Decimal).with(&[optional("display", Value::Short(32))]),
        many("trailer", CHANNEL, Value::Short(128)).with(&[
            required("url", Value::Web),
            required("pubdate", Value::Rfc822),
            advised("length", Value::Whole),
            advised("type", Value::MediaType),
            optional("season", Value::Whole),
        ]),
        one("license", BOTH, Value::Short(128)).with(&[optional("url", Value::Web)]),
        bare(
            "alternateEnclosure",
            ITEM,
            &[
                required("type", Value::MediaType),
                advised("length", Value::Whole),
                optional("bitrate", Value::Decimal),
                optional("height", Value::Whole),
                optional("lang", Value::Language),
                optional("title", Value::Short(32)),
                optional("rel", Value::Short(32)),
                optional("codecs", Value::Some),
                optional("default", BOOLEAN),
            ],
        ),
        bare("source", &["alternateEnclosure"], &[required("uri", Value::Uri), optional("contentType", Value::MediaType)]),
        bare(
            "integrity",
            &["alternateEnclosure"],
            &[required("type", Value::OneOf(&["sri", "pgp-signature"])), required("value", Value::Some)],
        )
        .once(),
        bare(
            "value",
            BOTH,
            &[required("type", Value::Some), required("method", Value::Some), optional("suggested", Value::Decimal)],
        )
        .once(),
        bare(
            "valueRecipient",
            &["value", "valueTimeSplit"],
            &[
                advised("name", Value::Some),
                optional("customKey", Value::Any),
                optional("customValue", Value::Any),
                required("type", Value::Some),
                required("address", Value::Some),
                required("split", Value::Whole),
                optional("fee", BOOLEAN),
            ],
        ),
        bare(
            "valueTimeSplit",
            &["value"],
            &[
                required("startTime", Value::Decimal),
                required("duration", Value::Decimal),
                optional("remoteStartTime", Value::Decimal),
                optional("remotePercentage", Value::UpTo(100)),
            ],
        ),
        one("medium", CHANNEL, MEDIA),
        bare(
            "image",
            BOTH,
            &[
                required("href", Value::Web),
                advised("alt", Value::Any),
                optional("aspect-ratio", Value::Some),
                optional("width", Value::Positive),
                optional("height", Value::Positive),
                optional("type", Value::MediaType),
                optional("purpose", Value::Short(128)),
            ],
        ),
        bare("images", BOTH, &[required("srcset", Value::Some)]).once(),
        bare(
            "liveItem",
            CHANNEL,
            &[
                required("status", Value::OneOf(&["pending", "live", "ended"])),
                required("start", Value::Iso8601),
                advised("end", Value::Iso8601),
            ],
        ),
        many("contentLink", ITEM, Value::Any).with(&[required("href", Value::Web)]),
        bare(
            "chat",
            BOTH,
            &[
                required("server", Value::Some),
                required("protocol", Value::Some),
                advised("accountId", Value::Some),
                optional("space", Value::Some),
            ],
        )
        .once(),
        bare(
            "socialInteract",
            BOTH,
            &[
                required("protocol", Value::Some),
                optional("uri", Value::Uri),
                optional("accountId", Value::Some),
                optional("accountUrl", Value::Web),
                optional("priority", Value::Whole),
            ],
        ),
        many("block", CHANNEL, YES_NO).with(&[optional("id", Value::Some)]),
        many("txt", &["channel", "item", "liveItem"], Value::Short(4000)).with(&[optional("purpose", Value::Short(128))]),
        one("updateFrequency", CHANNEL, Value::Short(128)).with(&[
            optional("complete", BOOLEAN),
            optional("dtstart", Value::Iso8601),
            advised("rrule", Value::Recurrence),
        ]),
        bare("podping", CHANNEL, &[optional("usesPodping", BOOLEAN)]).once(),
        bare("podroll", CHANNEL, &[]).once(),
        bare("publisher", CHANNEL, &[]).once(),
        bare(
            "remoteItem",
            &["channel", "podroll", "valueTimeSplit", "publisher"],
            &[
                required("feedGuid", Value::Uuid),
                optional("feedUrl", Value::Web),
                optional("itemGuid", Value::Some),
                optional("medium", MEDIA),
                optional("title", Value::Some),
            ],
        ),
    ],
};
