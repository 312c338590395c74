//! Dates as feeds write them, in the zone of the publication.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// `Wed, 04 Mar 2026 12:00:00 +0100` (RFC 2822, section 3.3): the one form that every RSS reader takes.
pub(in crate::render) fn rfc2822(at: Timestamp, zone: &TimeZone) -> String {
    civil(at, zone).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// `2026-03-04T12:00:00+01:00` (RFC 3339), to the second.
pub(in crate::render) fn rfc3339(at: Timestamp, zone: &TimeZone) -> String {
    civil(at, zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The instant on the clock of the zone, or of UTC where the offset has seconds, as the local times of old have:
/// neither form can write it.
fn civil(at: Timestamp, zone: &TimeZone) -> Zoned {
    let civil = at.to_zoned(zone.clone());
    if civil.offset().seconds() % 60 == 0 { civil } else { at.to_zoned(TimeZone::UTC) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_a_numeric_offset_in_minutes() {
        #[track_caller]
        fn case(at: &str, mail: &str, web: &str) {
            let zone = TimeZone::get("Europe/Berlin").unwrap();
            let at: Timestamp = at.parse().unwrap();
            assert_eq!((rfc2822(at, &zone).as_str(), rfc3339(at, &zone).as_str()), (mail, web));
        }
        case("2026-03-04T11:00:00.25Z", "Wed, 04 Mar 2026 12:00:00 +0100", "2026-03-04T12:00:00+01:00");
        case("2026-07-04T22:00:00Z", "Sun, 05 Jul 2026 00:00:00 +0200", "2026-07-05T00:00:00+02:00");
        // Berlin was 53 minutes and 28 seconds ahead of Greenwich then.
        case("1890-01-01T00:00:00Z", "Wed, 01 Jan 1890 00:00:00 +0000", "1890-01-01T00:00:00+00:00");
    }
}
