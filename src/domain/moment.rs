use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

/// When something was published or changed: a day, or an instant where the source gives a time with its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    Day(Date),
    /// The instant, and the offset from UTC in which the source wrote it.
    Instant(Timestamp, Offset),
    /// A time on the desk's own clock, as people write it who keep the desk's files.
    Local(DateTime),
}

impl Moment {
    /// The instant in a time zone.
    ///
    /// A day without a time is its noon: midnight would show as the day before to most readers west of the desk.
    /// A time that the zone's clocks skip, in spring, is an hour later; of an hour that comes twice it is the first
    /// (RFC 5545, section 3.3.5).
    pub fn in_zone(self, zone: &TimeZone) -> Zoned {
        let local = match self {
            Self::Instant(at, _) => return at.to_zoned(zone.clone()),
            Self::Day(date) => date.at(12, 0, 0, 0),
            Self::Local(time) => time,
        };
        // Only the edges of the calendar (years -9999 and 9999) have no such instant.
        local.to_zoned(zone.clone()).unwrap_or_else(|_| Timestamp::UNIX_EPOCH.to_zoned(zone.clone()))
    }

    /// The calendar day, as written in the source.
    pub fn day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Instant(at, offset) => offset.to_datetime(at).date(),
            Self::Local(time) => time.date(),
        }
    }

    /// Reads what [`fmt::Display`] writes: `2023-11-17`, an RFC 3339 instant, or `2023-11-17T10:02:00`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(date) = Date::strptime("%Y-%m-%d", text) {
            return Some(Self::Day(date));
        }
        let Ok(at) = text.parse::<Timestamp>() else {
            let is_local = text.contains('T') && jiff::fmt::temporal::Pieces::parse(text).ok()?.offset().is_none();
            return is_local.then(|| text.parse().ok().map(Self::Local)).flatten();
        };
        let offset = jiff::fmt::temporal::Pieces::parse(text).ok()?.to_numeric_offset().unwrap_or(Offset::UTC);
        Some(Self::Instant(at, offset))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Instant(at, offset) if *offset == Offset::UTC => write!(f, "{at}"),
            Self::Instant(at, offset) => write!(f, "{}", at.display_with_offset(*offset)),
            Self::Local(time) => write!(f, "{time}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["2023-11-17", "2023-11-17T10:02:00Z", "2023-11-17T10:02:00+01:00", "2023-11-17T10:02:00"] {
            assert_eq!(Moment::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Moment::parse("2023-11-17T10:02:00.5Z").unwrap().to_string(), "2023-11-17T10:02:00.5Z");
        assert_eq!(Moment::parse("17.11.2023"), None);
        assert_eq!(Moment::parse("2023-02-30"), None);
    }

    #[test]
    fn a_day_is_its_noon_at_the_desk() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let noon = Moment::parse("2023-11-17").unwrap().in_zone(&zone);
        assert_eq!(noon.timestamp().to_string(), "2023-11-17T11:00:00Z");
    }

    #[test]
    fn a_time_without_a_zone_is_the_desks_own() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text| Moment::parse(text).unwrap().in_zone(&zone).to_string();
        assert_eq!(at("2026-03-04T07:30:00"), "2026-03-04T07:30:00+01:00[Europe/Berlin]");
        // Clocks go from 2 to 3 on 29 March, and from 3 back to 2 on 25 October.
        assert_eq!(at("2026-03-29T02:30:00"), "2026-03-29T03:30:00+02:00[Europe/Berlin]");
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T02:30:00+02:00[Europe/Berlin]");
        assert_eq!(Moment::parse("2026-03-29T02:30:00").unwrap().day().to_string(), "2026-03-29");
    }
}
