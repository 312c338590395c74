//! The smaller modules of RSS and Atom.

use super::{Holds, Tag, Vocabulary, many, one, optional, required};
use crate::read::check::rules::modules::SPACE;
use crate::read::check::values::Value;

const HEAD: &[&str] = &["channel", "feed"];
const ITEM: &[&str] = &["item", "entry", "liveItem"];
const BOTH: &[&str] = &["channel", "feed", "item", "entry", "liveItem", "image", "source"];

/// web.resource.org/rss/1.0/modules/content
pub(super) static CONTENT: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/rss/1.0/modules/content/"],
    rules: &SPACE,
    tags: &[one("encoded", ITEM, Value::Any), many("items", BOTH, Value::Any).holds(Holds::Anything)],
};

const fn said(name: &'static str) -> Tag {
    many(name, BOTH, Value::Some)
}

/// Dublin Core, the fifteen elements (ISO 15836).
pub(super) static DC: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/dc/elements/1.1/"],
    rules: &SPACE,
    tags: &[
        said("title"),
        said("creator"),
        said("subject"),
        said("description"),
        said("publisher"),
        said("contributor"),
        many("date", BOTH, Value::W3cDtf),
        said("type"),
        said("format"),
        said("identifier"),
        said("source"),
        many("language", BOTH, Value::Language),
        said("relation"),
        said("coverage"),
        said("rights"),
    ],
};

const fn when(name: &'static str) -> Tag {
    one(name, BOTH, Value::W3cDtf)
}

/// Dublin Core's terms: those for dates have a form, of the others anything is taken.
pub(super) static DC_TERMS: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/dc/terms/"],
    rules: &SPACE,
    tags: &[
        when("created"),
        when("issued"),
        when("modified"),
        when("available"),
        when("dateSubmitted"),
        when("dateAccepted"),
        when("dateCopyrighted"),
        said("abstract"),
        said("accessRights"),
        said("alternative"),
        said("audience"),
        said("bibliographicCitation"),
        said("contributor"),
        said("creator"),
        said("description"),
        said("extent"),
        said("format"),
        said("hasPart"),
        said("hasVersion"),
        said("identifier"),
        said("isPartOf"),
        said("isReferencedBy"),
        said("isReplacedBy"),
        said("isVersionOf"),
        said("language"),
        said("license"),
        said("medium"),
        said("publisher"),
        said("references"),
        said("relation"),
        said("replaces"),
        said("rights"),
        said("rightsHolder"),
        said("source"),
        said("spatial"),
        said("subject"),
        said("tableOfContents"),
        said("temporal"),
        said("title"),
        said("type"),
        said("valid"),
    ],
};

/// web.resource.org/rss/1.0/modules/syndication
pub(super) static SYNDICATION: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/rss/1.0/modules/syndication/"],
    rules: &SPACE,
    tags: &[
        one("updatePeriod", HEAD, Value::OneOf(&["hourly", "daily", "weekly", "monthly", "yearly"])),
        one("updateFrequency", HEAD, Value::Positive),
        one("updateBase", HEAD, Value::W3cDtf),
    ],
};

/// web.resource.org/rss/1.0/modules/slash
pub(super) static SLASH: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/rss/1.0/modules/slash/"],
    rules: &SPACE,
    tags: &[
        one("section", ITEM, Value::Some),
        one("department", ITEM, Value::Some),
        one("comments", ITEM, Value::Whole),
        one("hit_parade", ITEM, Value::Some),
    ],
};

/// RFC 5005.
pub(super) static HISTORY: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/syndication/history/1.0"],
    rules: &SPACE,
    tags: &[one("complete", HEAD, Value::Any), one("archive", HEAD, Value::Any)],
};

/// RFC 4685.
pub(super) static THREADING: Vocabulary = Vocabulary {
    namespaces: &["http://purl.org/syndication/thread/1.0"],
    rules: &SPACE,
    tags: &[
        many("in-reply-to", ITEM, Value::Any).with(&[
            required("ref", Value::Uri),
            optional("href", Value::Reference),
            optional("source", Value::Reference),
            optional("type", Value::MediaType),
        ]),
        one("total", ITEM, Value::Whole),
    ],
};
