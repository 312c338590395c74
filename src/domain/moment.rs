use std::fmt;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned, civil::Date};

/// When something was published or changed: a day, or an instant where the source gives a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    Day(Date),
    /// The instant, and the offset from UTC in which the source wrote it.
    Instant(Timestamp, Offset),
}

impl Moment {
    /// The instant in a time zone.
    ///
    /// A day without a time is its noon: midnight would show as the day before to most readers west of the desk.
    pub fn in_zone(self, zone: &TimeZone) -> Zoned {
        match self {
            Self::Instant(at, _) => at.to_zoned(zone.clone()),
            Self::Day(date) => date
                .at(12, 0, 0, 0)
                .to_zoned(zone.clone())
                // Only the edges of the calendar (years -9999 and 9999) have no such instant.
                .unwrap_or_else(|_| Timestamp::UNIX_EPOCH.to_zoned(zone.clone())),
        }
    }

    /// The calendar day, as written in the source.
    pub fn day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Instant(at, offset) => offset.to_datetime(at).date(),
        }
    }

    /// Reads what [`fmt::Display`] writes: `2023-11-17` or an RFC 3339 instant.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(date) = Date::strptime("%Y-%m-%d", text) {
            return Some(Self::Day(date));
        }
        let at: Timestamp = text.parse().ok()?;
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["2023-11-17", "2023-11-17T10:02:00Z", "2023-11-17T10:02:00+01:00"] {
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
}
