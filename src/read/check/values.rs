//! Values: what can stand in an element or an attribute, and what is wrong with what does.

use url::Url;

use super::dates;
use super::rules::{feed, syndication};
use crate::domain::{Address, Language, WebUrl};
use crate::domain::{Rule, quoted};

/// What a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Any,
    /// Not blank.
    Some,
    /// Not blank, and at most so many characters.
    Short(usize),
    /// A whole http(s) address.
    Web,
    /// A whole address of any scheme.
    Uri,
    /// An address of any kind, whole or not.
    Reference,
    /// A number from 0.
    Whole,
    /// A number from 1.
    Positive,
    /// A number from 0 to this one.
    UpTo(u64),
    /// A number that may have a fraction.
    Decimal,
    OneOf(&'static [&'static str]),
    /// The same, but capitals do not count.
    OneOfAnyCase(&'static [&'static str]),
    /// A media type (RFC 6838, section 4.2).
    MediaType,
    Language,
    /// A date of RFC 822.
    Rfc822,
    /// A date of RFC 3339.
    Rfc3339,
    /// A date of W3C's note.
    W3cDtf,
    /// A time with its zone, in the forms of ISO 8601.
    Iso8601,
    /// A mail address alone.
    Mail,
    /// A mail address with a name (RSS).
    Contact,
    Uuid,
    /// A recurrence rule (RFC 5545, section 3.3.10).
    Recurrence,
    /// A place by latitude and longitude (RFC 5870).
    Geo,
    /// A length of time: seconds, `MM:SS` or `HH:MM:SS`.
    Duration,
}

pub(super) const BOOLEAN: Value = Value::OneOf(&["true", "false"]);
pub(super) const YES_NO: Value = Value::OneOf(&["yes", "no"]);

/// What is wrong with a value: the rule where the kind has one of its own, and why.
pub(super) type Wrong = (Option<&'static Rule>, String);

impl Value {
    /// All that is wrong with a text that should be such a value.
    pub(super) fn wrong(self, text: &str) -> Vec<Wrong> {
        let own = |faults: Vec<dates::Fault>| faults.into_iter().map(|(rule, what)| (Some(rule), what)).collect();
        match self {
            Self::Rfc822 => own(dates::rfc822(text).1),
            Self::Rfc3339 => own(dates::rfc3339(text).1),
            Self::W3cDtf => own(dates::w3cdtf(text).1),
            Self::Language if Language::parse(text).is_none() || text.contains('_') => {
                vec![(Some(&feed::LANGUAGE), format!("{} is no language code", quoted(text)))]
            }
            Self::Contact => contact(text).into_iter().collect(),
            _ => self.simple(text).map(|why| vec![(None, format!("{} {why}", quoted(text)))]).unwrap_or_default(),
        }
    }

    fn simple(self, text: &str) -> Option<String> {
        let trimmed = text.trim();
        let number = || trimmed.parse::<u64>().ok().filter(|_| trimmed.bytes().all(|b| b.is_ascii_digit()));
        let (right, expected) = match self {
            Self::Some => (!trimmed.is_empty(), "says nothing".to_owned()),
            Self::Short(_) if trimmed.is_empty() => (false, "says nothing".to_owned()),
            Self::Short(most) => (trimmed.chars().nth(most).is_none(), format!("is longer than {most} characters")),
            Self::Web => (WebUrl::parse(trimmed).is_some() && is_clean(trimmed), "is no whole http(s) address".to_owned()),
            Self::Uri => (Url::parse(trimmed).is_ok() && is_clean(trimmed), "is no whole address".to_owned()),
            Self::Reference => (!trimmed.is_empty() && is_clean(trimmed), "is no address".to_owned()),
            Self::Whole => (number().is_some(), "is no whole number".to_owned()),
            Self::Positive => (number().is_some_and(|number| number > 0), "is no whole number from 1".to_owned()),
            Self::UpTo(most) => (number().is_some_and(|number| number <= most), format!("is no number from 0 to {most}")),
            Self::Decimal => (is_decimal(trimmed), "is no number".to_owned()),
            Self::OneOf(words) => (words.contains(&trimmed), format!("is none of {}", listed(words))),
            Self::OneOfAnyCase(words) => {
                (words.iter().any(|word| word.eq_ignore_ascii_case(trimmed)), format!("is none of {}", listed(words)))
            }
            Self::MediaType => (is_media_type(trimmed), "is no media type such as `audio/mpeg`".to_owned()),
            Self::Iso8601 => (is_iso8601(trimmed), "is no time such as `2026-03-04T08:00:00Z`".to_owned()),
            Self::Mail => (Address::parse(trimmed).is_ok(), "is no mail address".to_owned()),
            Self::Uuid => (is_uuid(trimmed), "is no UUID".to_owned()),
            Self::Recurrence => (is_recurrence(trimmed), "is no rule such as `FREQ=WEEKLY;BYDAY=MO`".to_owned()),
            Self::Geo => (is_geo(trimmed), "is no place such as `geo:12.64,-8.0`".to_owned()),
            Self::Duration => (is_duration(trimmed), "is no length of time such as `1801`".to_owned()),
            Self::Any | Self::Language | Self::Rfc822 | Self::Rfc3339 | Self::W3cDtf | Self::Contact => (true, String::new()),
        };
        (!right).then_some(expected)
    }
}

/// `a`, `b` or `c`.
fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Whether an address has no characters that have to be written as `%20` and the like.
fn is_clean(url: &str) -> bool {
    !url.contains(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
    })
}

fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// A type and a subtype, perhaps with parameters.
pub(super) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_' | b'!' | b'#' | b'$' | b'&' | b'^'))
    };
    essence.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// RFC 3339, or the same with a zone without a colon, or without seconds.
fn is_iso8601(text: &str) -> bool {
    let with_colon = || {
        let (head, zone) = text.split_at_checked(text.len().checked_sub(5)?)?;
        let (hours, minutes) = zone.split_at_checked(3)?;
        zone.starts_with(['+', '-']).then(|| format!("{head}{hours}:{minutes}"))
    };
    dates::w3cdtf(text).0.is_some() || with_colon().is_some_and(|text| dates::w3cdtf(&text).0.is_some())
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

fn is_recurrence(text: &str) -> bool {
    const PARTS: [&str; 14] = [
        "FREQ",
        "UNTIL",
        "COUNT",
        "INTERVAL",
        "BYSECOND",
        "BYMINUTE",
        "BYHOUR",
        "BYDAY",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYMONTH",
        "BYSETPOS",
        "WKST",
    ];
    const FREQUENCIES: [&str; 7] = ["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
    let mut repeats = false;
    let known = text.split(';').all(|part| {
        part.split_once('=').is_some_and(|(name, value)| {
            repeats |= name == "FREQ" && FREQUENCIES.contains(&value);
            PARTS.contains(&name) && !value.is_empty()
        })
    });
    known && repeats
}

fn is_geo(text: &str) -> bool {
    let Some(place) = text.strip_prefix("geo:") else { return false };
    let numbers: Vec<f64> = place.split(';').next().unwrap_or_default().split(',').filter_map(|part| part.parse().ok()).collect();
    matches!(numbers.as_slice(), [latitude, longitude] | [latitude, longitude, _] if latitude.abs() <= 90.0 && longitude.abs() <= 180.0)
}

fn is_duration(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_number = |part: &&str| !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
    let below_60 = |part: &&str| part.parse::<u32>().is_ok_and(|number| number < 60);
    parts.len() <= 3 && parts.iter().all(is_number) && parts.iter().skip(1).all(below_60)
}

/// `ada@example.org (Ada Keita)`, as RSS asks for; other forms hold an address too.
fn contact(text: &str) -> Option<Wrong> {
    let text = text.trim();
    let (address, name) = match (text.split_once(" ("), text.split_once('<')) {
        (Some((address, name)), _) => (address, name.trim_end_matches(')')),
        (None, Some((name, address))) => (address.trim_end_matches('>'), name),
        (None, None) => (text, ""),
    };
    if Address::parse(address.trim()).is_err() {
        return Some((Some(&syndication::CONTACT), format!("{} does not begin with a mail address", quoted(text))));
    }
    name.trim().is_empty().then(|| (Some(&syndication::CONTACT_NAME), format!("{} has no name with it", quoted(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_they_should_be() {
        #[track_caller]
        fn case(value: Value, right: &[&str], wrong: &[&str]) {
            for text in right {
                assert_eq!(value.wrong(text), [], "{value:?} {text}");
            }
            for text in wrong {
                assert_ne!(value.wrong(text), [], "{value:?} {text}");
            }
        }
        case(Value::Some, &["a"], &["", " \n"]);
        case(Value::Short(3), &["abc", " éèê "], &["", "abcd"]);
        case(Value::Web, &["https://example.org/a%20b"], &["", "/a", "ftp://e.org/", "https://e.org/a b", "javascript:a"]);
        case(Value::Uri, &["tag:example.org,2026:a", "ipfs://abc"], &["a", "/b"]);
        case(Value::Reference, &["a", "../b?c"], &["", "a b"]);
        case(Value::Whole, &["0", "42"], &["", "-1", "4.2", "+4", "four"]);
        case(Value::Positive, &["1"], &["0"]);
        case(Value::UpTo(23), &["0", "23"], &["24"]);
        case(Value::Decimal, &["3", "315.5"], &["", "3.", "a", "1e5"]);
        case(BOOLEAN, &["true"], &["True", "yes"]);
        case(Value::OneOfAnyCase(&["yes"]), &["Yes"], &["no"]);
        case(Value::MediaType, &["audio/mpeg", "text/html; charset=utf-8"], &["mp3", "audio/", "audio mpeg/x"]);
        case(Value::Language, &["en", "pt-BR"], &["english", "", "en_US"]);
        case(Value::Iso8601, &["2021-09-26T07:30:00.000-0600", "2026-03-04T08:00Z", "2026-03-04"], &["tomorrow", "é"]);
        case(Value::Mail, &["a@example.org"], &["Ada"]);
        case(Value::Contact, &["a@example.org (Ada)", "Ada <a@example.org>"], &["Ada", "a@example.org", "noreply"]);
        case(Value::Uuid, &["917393e3-1b1e-5cef-ace4-edaa54e1f810"], &["917393e3", "x17393e3-1b1e-5cef-ace4-edaa54e1f810"]);
        case(Value::Recurrence, &["FREQ=DAILY;BYDAY=MO,TU"], &["daily", "BYDAY=MO", "FREQ=OFTEN", "FREQ=DAILY;"]);
        case(Value::Geo, &["geo:30.2672,97.7431"], &["30,97", "geo:95,0", "geo:a,b"]);
        case(Value::Duration, &["1801", "30:01", "1:30:01"], &["", "1:75", "half an hour", "1:2:3:4"]);
    }
}
