//! How many messages a server has had in the last minute, hour and day, and when it may have the next.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use crate::config::Limits;

/// Minutes that are remembered: a day.
pub(super) const REMEMBERED: i64 = 24 * 60;

/// The messages of a server, by the minute since 1970 (UTC).
#[derive(Debug)]
pub(super) struct Meter {
    limits: Limits,
    minutes: VecDeque<(i64, u32)>,
}

impl Meter {
    /// `handed`: what the ledger knows of the last day, oldest first.
    pub fn new(limits: Limits, handed: Vec<(i64, u32)>) -> Self {
        Self { limits, minutes: handed.into() }
    }

    /// Counts a message, if it may go now; else says from when on one may, and which limit is in the way.
    pub fn take(&mut self, now: Timestamp) -> Result<(), (Timestamp, String)> {
        let minute = minute_of(now);
        while self.minutes.front().is_some_and(|(at, _)| *at <= minute - REMEMBERED) {
            self.minutes.pop_front();
        }
        let limits = [
            (self.limits.per_minute, 1, "a minute"),
            (self.limits.per_hour, 60, "an hour"),
            (self.limits.per_day, REMEMBERED, "a day"),
        ];
        for (limit, window, name) in limits {
            let Some(limit) = limit else { continue };
            let within = || self.minutes.iter().filter(|(at, _)| *at > minute - window);
            if within().map(|(_, count)| count).sum::<u32>() >= limit {
                let oldest = within().map(|(at, _)| *at).min().unwrap_or(minute);
                let free = Timestamp::from_second((oldest + window) * 60).unwrap_or(now + SignedDuration::from_mins(window));
                return Err((free, format!("{limit} messages in {name}")));
            }
        }
        match self.minutes.back_mut() {
            Some((at, count)) if *at == minute => *count += 1,
            _ => self.minutes.push_back((minute, 1)),
        }
        Ok(())
    }
}

pub(super) fn minute_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn no_more_than_the_limits_go() {
        let limits = Limits { per_minute: Some(2), per_hour: Some(3), per_day: Some(4) };
        let mut meter = Meter::new(limits, Vec::new());
        assert!(meter.take(at(0)).is_ok() && meter.take(at(59)).is_ok());
        assert_eq!(meter.take(at(59)), Err((at(60), "2 messages in a minute".to_owned())));
        assert!(meter.take(at(60)).is_ok());
        assert_eq!(meter.take(at(120)), Err((at(3600), "3 messages in an hour".to_owned())));
        assert!(meter.take(at(3600)).is_ok());
        assert_eq!(meter.take(at(7300)), Err((at(86400), "4 messages in a day".to_owned())));
        assert!(meter.take(at(86400)).is_ok());
    }

    #[test]
    fn what_went_before_the_start_counts() {
        let limits = Limits { per_hour: Some(5), ..Limits::default() };
        let mut meter = Meter::new(limits, vec![(0, 3), (30, 2)]);
        assert_eq!(meter.take(at(40 * 60)).unwrap_err().0, at(3600));
        assert!(meter.take(at(3600)).is_ok());
        assert!(Meter::new(Limits::default(), vec![(0, 3)]).take(at(0)).is_ok());
    }
}
