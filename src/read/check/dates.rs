//! Dates, as strictly as the formats ask for them, and what readers make of the forms that are nearly right.

use jiff::civil::{self, Weekday};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::rules::date as rules;
use crate::domain::{Rule, quoted};

/// What is wrong with a date: the rule, and what to say.
pub(super) type Fault = (&'static Rule, String);

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];
/// The zones that RFC 822 has names for, in hours.
const ZONES: [(&str, i8); 10] =
    [("UT", 0), ("Z", 0), ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7)];

/// A date of RSS: RFC 822 with years of four digits (RSS 2.0, and RFC 2822, section 3.3).
///
/// Gives the instant where one can be made out, and all that is wrong.
pub(super) fn rfc822(text: &str) -> (Option<Timestamp>, Vec<Fault>) {
    let mut faults = Vec::new();
    let invalid = |why: &str| (None, vec![(&rules::INVALID, format!("{} is no date of RFC 822: {why}", quoted(text)))]);
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    let (weekday, rest) = match words.split_first() {
        Some((first, rest)) if first.ends_with(',') => (Some(first.trim_end_matches(',')), rest),
        _ => (None, words.as_slice()),
    };
    let [day, month, year, time, zone] = rest else {
        return invalid(match words.as_slice() {
            [one] if one.contains('-') => "that is the form of Atom and JSON Feed",
            [_, _, _, _] | [_, _, _, _, _] if text.contains(':') => "day, month, year, time and zone are asked for",
            _ => "it is written `Wed, 04 Mar 2026 08:00:00 +0000`",
        });
    };
    let weekday = match weekday.map(|name| (name, WEEKDAYS.iter().find(|(known, _)| *known == name))) {
        Some((name, None)) => return invalid(&format!("{} is no English weekday of three letters", quoted(name))),
        Some((_, Some((_, weekday)))) => Some(*weekday),
        None => None,
    };
    let Some(month) = MONTHS.iter().position(|known| known == month).and_then(|at| i8::try_from(at + 1).ok()) else {
        return invalid(&format!("{} is no English month of three letters", quoted(month)));
    };
    let Some(day) = digits::<i8>(day, 1..=2) else { return invalid("the day has one or two digits") };
    let year = match (digits::<i16>(year, 4..=4), digits::<i16>(year, 2..=2)) {
        (Some(year), _) => year,
        (_, Some(short)) => {
            faults.push((&rules::SHORT_YEAR, format!("{} has a year of two digits", quoted(text))));
            if short < 50 { 2000 + short } else { 1900 + short }
        }
        _ => return invalid("the year has four digits"),
    };
    let Ok(date) = civil::Date::new(year, month, day) else { return invalid("there is no such day") };
    let Some(time) = clock(time) else { return invalid("the time is written `08:00:00`, from 00:00 to 23:59") };
    let offset = match offset(zone) {
        Ok(offset) => offset,
        Err(Zone::Name(offset)) => {
            faults.push((&rules::ZONE_NAME, format!("{} names its zone `{zone}`", quoted(text))));
            offset
        }
        Err(Zone::Unknown) => {
            faults.push((&rules::ZONE_UNKNOWN, format!("{} has the zone {}", quoted(text), quoted(zone))));
            return (None, faults);
        }
    };
    if let Some(named) = weekday.filter(|weekday| *weekday != date.weekday()) {
        let is = WEEKDAYS.iter().find(|(_, weekday)| *weekday == date.weekday()).map_or("", |(name, _)| name);
        let said = WEEKDAYS.iter().find(|(_, weekday)| *weekday == named).map_or("", |(name, _)| name);
        faults.push((&rules::WEEKDAY, format!("{} was a {is}, not a {said}", quoted(text))));
    }
    (offset.to_timestamp(date.to_datetime(time)).ok(), faults)
}

/// A date of Atom and JSON Feed: RFC 3339, with `T` and `Z` in capitals (RFC 4287, section 3.3).
pub(super) fn rfc3339(text: &str) -> (Option<Timestamp>, Vec<Fault>) {
    if let Some(instant) = instant(text.trim()) {
        return (Some(instant), Vec::new());
    }
    let why = match text.trim() {
        day if whole_day(day).is_some() => "the time is missing",
        other if other.contains(',') => "that is the form of RSS",
        other if other.contains(' ') => "between day and time stands a `T`",
        other if instant(&format!("{other}Z")).is_some() => "the zone is missing",
        other if instant(&other.to_ascii_uppercase()).is_some() => "`T` and `Z` are capitals",
        _ => "it is written `2026-03-04T08:00:00Z`",
    };
    (None, vec![(&rules::INVALID, format!("{} is no date of RFC 3339: {why}", quoted(text)))])
}

/// A date of Dublin Core: RFC 3339, or a year, month or day alone (W3C, Date and Time Formats).
pub(super) fn w3cdtf(text: &str) -> (Option<Timestamp>, Vec<Fault>) {
    let text = text.trim();
    let minutes = || {
        let (day, rest) = text.split_once('T')?;
        let (time, zone) = rest.split_at_checked(5)?;
        instant(&format!("{day}T{time}:00{zone}"))
    };
    let whole = |day: civil::Date| Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let found = instant(text).or_else(minutes);
    let day = || whole_day(text).or_else(|| whole_day(&format!("{text}-01"))).or_else(|| whole_day(&format!("{text}-01-01")));
    if let Some(instant) = found.or_else(|| day().and_then(whole)) {
        return (Some(instant), Vec::new());
    }
    let what = format!("{} is no date such as `2026-03-04` or `2026-03-04T08:00:00Z`", quoted(text));
    (None, vec![(&rules::INVALID, what)])
}

/// Whether an instant can be true, at the time of the check.
pub(super) fn plausible(instant: Timestamp, now: Timestamp) -> Option<Fault> {
    let shown = instant.strftime("%Y-%m-%dT%H:%M:%SZ");
    if instant > now {
        return Some((&rules::FUTURE, format!("{shown} is still to come")));
    }
    // Before the web, nothing was published on it.
    let web = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_hours(24 * 365 * 20)).unwrap_or(Timestamp::UNIX_EPOCH);
    (instant < web).then(|| (&rules::IMPLAUSIBLE, format!("{shown} is before there was a web")))
}

enum Zone {
    /// One that RFC 822 has a name for.
    Name(Offset),
    Unknown,
}

fn offset(zone: &str) -> Result<Offset, Zone> {
    if zone == "GMT" {
        return Ok(Offset::UTC);
    }
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == zone) {
        return Err(Zone::Name(Offset::constant(*hours)));
    }
    let sign = match zone.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(Zone::Unknown),
    };
    let number = zone.get(1..).and_then(|digits_only| digits::<i32>(digits_only, 4..=4)).ok_or(Zone::Unknown)?;
    let (hours, minutes) = (number / 100, number % 100);
    if minutes > 59 {
        return Err(Zone::Unknown);
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| Zone::Unknown)
}

/// `08:00` or `08:00:00`. A leap second counts as the one before it.
fn clock(text: &str) -> Option<civil::Time> {
    let mut parts = text.split(':');
    let (hour, minute) = (digits::<i8>(parts.next()?, 2..=2)?, digits::<i8>(parts.next()?, 2..=2)?);
    let second = parts.next().map_or(Some(0), |second| digits::<i8>(second, 2..=2))?;
    if parts.next().is_some() || second > 60 {
        return None;
    }
    civil::Time::new(hour, minute, second.min(59), 0).ok()
}

fn whole_day(text: &str) -> Option<civil::Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    civil::Date::new(digits(year, 4..=4)?, digits(month, 2..=2)?, digits(day, 2..=2)?).ok()
}

fn instant(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once('T')?;
    let (date, end) = (whole_day(day)?, rest.find(['Z', '+', '-'])?);
    let (time, zone) = rest.split_at_checked(end)?;
    let (time, fraction) = time.split_once('.').map_or((time, None), |(time, fraction)| (time, Some(fraction)));
    if time.len() != 8 || fraction.is_some_and(|digits| digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let offset = match zone {
        "Z" => Offset::UTC,
        _ if zone.as_bytes().get(3) == Some(&b':') => offset(&zone.replacen(':', "", 1)).ok()?,
        _ => return None,
    };
    offset.to_timestamp(date.to_datetime(clock(time)?)).ok()
}

/// A number of so many digits and nothing else.
fn digits<N: std::str::FromStr>(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<N> {
    (length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(faults: &[Fault]) -> Vec<&'static str> {
        faults.iter().map(|(rule, _)| rule.id).collect()
    }

    #[test]
    fn dates_of_rss() {
        #[track_caller]
        fn case(text: &str, instant: Option<&str>, faults: &[&str]) {
            let (found, why) = rfc822(text);
            assert_eq!(found.map(|found| found.to_string()).as_deref(), instant, "{text}: {why:?}");
            assert_eq!(ids(&why), faults, "{text}: {why:?}");
        }
        let right = Some("2026-03-04T08:00:00Z");
        case("Wed, 04 Mar 2026 08:00:00 +0000", right, &[]);
        case("Wed, 4 Mar 2026 08:00:00 GMT", right, &[]);
        case("04 Mar 2026 09:30 +0130", right, &[]);
        case("Wed, 04 Mar 26 08:00:00 +0000", right, &["date-short-year"]);
        case("Wed, 04 Mar 2026 03:00:00 EST", right, &["date-zone-name"]);
        case("Tue, 04 Mar 2026 08:00:00 +0000", right, &["date-weekday"]);
        case("Wed, 04 Mar 2026 09:00:00 CET", None, &["date-zone-unknown"]);
        case("Wed, 04 Mar 2026 09:00:00 +01:00", None, &["date-zone-unknown"]);
        case("Wed, 04 Mar 2026 08:00:00 UTC", None, &["date-zone-unknown"]);
        for wrong in [
            "",
            "2026-03-04T08:00:00Z",
            "Wed, 04 March 2026 08:00:00 +0000",
            "mer., 04 mars 2026 08:00:00 +0000",
            "Wed, 04 Mar 2026 24:00:00 +0000",
            "Wed, 31 Feb 2026 08:00:00 +0000",
            "Wed, 04 Mar 2026",
            "Wed, 04 Mar 2026 08:00:00",
            "Wed 04 Mar 2026 08:00:00 +0000",
            "Wed, 04 Mar 126 08:00:00 +0000",
        ] {
            case(wrong, None, &["date-invalid"]);
        }
    }

    #[test]
    fn dates_of_atom_and_of_dublin_core() {
        for right in ["2026-03-04T08:00:00Z", "2026-03-04T08:00:00.25+01:00", "2016-12-31T23:59:60Z"] {
            assert!(rfc3339(right).0.is_some(), "{right}");
            assert!(w3cdtf(right).0.is_some(), "{right}");
        }
        for wrong in ["2026-03-04", "2026-03-04T08:00Z", "2026-03-04T08:00:00", "2026-03-04t08:00:00z", "2026-3-4T08:00:00Z", "é"]
        {
            assert_eq!(ids(&rfc3339(wrong).1), ["date-invalid"], "{wrong}");
        }
        for right in ["2026", "2026-03", "2026-03-04", "2026-03-04T08:00+01:00"] {
            assert!(w3cdtf(right).0.is_some(), "{right}");
        }
        assert_eq!(ids(&w3cdtf("4 March 2026").1), ["date-invalid"]);
    }

    #[test]
    fn dates_that_cannot_be() {
        let now: Timestamp = "2026-03-04T08:00:00Z".parse().unwrap();
        let id = |text: &str| plausible(text.parse().unwrap(), now).map(|(rule, _)| rule.id);
        assert_eq!(id("2026-03-04T08:00:00Z"), None);
        assert_eq!(id("2026-03-04T08:00:01Z"), Some("date-future"));
        assert_eq!(id("0001-01-01T00:00:00Z"), Some("date-implausible"));
    }
}
