//! Dates that are given as data: by a machine to other machines, or by a person to this one.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::fmt::temporal::Pieces;
use jiff::{Timestamp, tz::Offset};

use super::find_all;
use crate::domain::Moment;

/// Reads ISO 8601 in its usual spellings, RFC 2822, seconds since 1970, and a date written out; `03/04/2023` could be two days
/// and is none.
///
/// A time without an offset says no instant: only its day is taken.
pub(in crate::read) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.len() > 64 || text.is_empty() {
        return None;
    }
    iso(text).or_else(|| rfc2822(text)).or_else(|| epoch(text)).or_else(|| written(text)).filter(|moment| {
        // Outside of this it is a default value or a slip.
        (1980..=2200).contains(&moment.day().year())
    })
}

/// The same of what the desk itself has written, whose clock is known: a time without an offset is one on that clock.
pub(in crate::read) fn own_moment(text: &str) -> Option<Moment> {
    let moment = moment(text)?;
    let text = text.trim();
    // Where a zone was written and not understood, the time is of another clock.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.T ".contains(&byte));
    match moment {
        Moment::Day(_) if is_plain => {
            let local = Pieces::parse(text).ok().and_then(|pieces| Some(pieces.date().to_datetime(pieces.time()?)));
            Some(local.map_or(moment, Moment::Local))
        }
        _ => Some(moment),
    }
}

fn iso(text: &str) -> Option<Moment> {
    let zulu = ["UTC", "GMT"].iter().find_map(|zone| text.strip_suffix(zone)).map(|time| format!("{}Z", time.trim_end()));
    let text = zulu.unwrap_or_else(|| text.replace(" +", "+").replace(" -", "-"));
    let pieces = Pieces::parse(&text).ok()?;
    match (pieces.time(), pieces.to_numeric_offset()) {
        (Some(time), Some(offset)) => {
            let at = offset.to_timestamp(pieces.date().to_datetime(time)).ok()?;
            Some(Moment::Instant(at, offset))
        }
        _ => Some(Moment::Day(pieces.date())),
    }
}

fn rfc2822(text: &str) -> Option<Moment> {
    let zoned = DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok()?;
    Some(Moment::Instant(zoned.timestamp(), zoned.offset()))
}

fn epoch(text: &str) -> Option<Moment> {
    let number: i64 = text.parse().ok()?;
    let at = match text.len() {
        10 => Timestamp::from_second(number).ok()?,
        13 => Timestamp::from_millisecond(number).ok()?,
        _ => return None,
    };
    Some(Moment::Instant(at, Offset::UTC))
}

/// A text that is a date in words and figures, and nothing else.
fn written(text: &str) -> Option<Moment> {
    let found = find_all(text, None);
    let whole = found.first().filter(|dated| dated.span == (0..text.len()) && !dated.ambiguous)?;
    Some(whole.moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: &str) {
        assert_eq!(moment(text).map(|moment| moment.to_string()).unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn an_instant_where_there_is_an_offset_and_else_a_day() {
        case("2023-11-17T10:02:00+01:00", "2023-11-17T10:02:00+01:00");
        case("2023-11-17T10:02:00+0100", "2023-11-17T10:02:00+01:00");
        case("2023-11-17 10:02:00 +0100", "2023-11-17T10:02:00+01:00");
        case("2023-11-17T10:02:00.123Z", "2023-11-17T10:02:00.123Z");
        case("2023-11-17 10:02 UTC", "2023-11-17T10:02:00Z");
        case("2023-11-17T10:02", "2023-11-17");
        case("20231117", "2023-11-17");
        case("Fri, 17 Nov 2023 10:02:00 -0500", "2023-11-17T10:02:00-05:00");
        case("1700215320", "2023-11-17T10:02:00Z");
        case("17.11.2023 10:02", "2023-11-17");
        case("November 17, 2023", "2023-11-17");
        case("17 novembre 2023", "2023-11-17");
        case("2023/11/17 10:02", "2023-11-17");
    }

    #[test]
    fn a_time_of_the_desk_needs_no_offset() {
        for (text, expected) in [
            ("2023-11-17T10:02", "2023-11-17T10:02:00"),
            ("2023-11-17 10:02:30", "2023-11-17T10:02:30"),
            ("2023-11-17 10:02 +0100", "2023-11-17T10:02:00+01:00"),
            ("2023-11-17 10:02 XST", ""),
            ("2023-11-17", "2023-11-17"),
            ("17.11.2023 10:02", "2023-11-17"),
        ] {
            assert_eq!(own_moment(text).map(|moment| moment.to_string()).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for bad in ["", "yesterday", "1970-01-01T00:00:00Z", "2023-02-30", "03/04/2023", "17/11/2023 maybe", "0000-00-00", "９"]
        {
            case(bad, "");
        }
    }
}
