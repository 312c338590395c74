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
        for (limit, window, name) in windows(self.limits) {
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

/// The limits that are set: messages, in so many minutes, and what these are called.
fn windows(limits: Limits) -> impl Iterator<Item = (u32, i64, &'static str)> {
    let all = [(limits.per_minute, 1, "a minute"), (limits.per_hour, 60, "an hour"), (limits.per_day, REMEMBERED, "a day")];
    all.into_iter().filter_map(|(limit, window, name)| Some((limit?, window, name)))
}

/// The least time in which servers with these limits take so many messages, if they have had none; nothing where one of them
/// has no limit.
pub(super) fn least_time(servers: &[Limits], messages: u64) -> Option<SignedDuration> {
    if servers.is_empty() || !servers.iter().all(|limits| limits.are_set()) {
        return None;
    }
    let taken = |minutes: u64| servers.iter().fold(0_u64, |sum, limits| sum.saturating_add(most_after(*limits, minutes)));
    // A server with a limit takes at least a message a day.
    let (mut enough, mut too_few) = (messages.saturating_mul(REMEMBERED.unsigned_abs()), None);
    // What is taken grows with the minutes: the first that are enough lie between the two.
    while let Some(middle) = between(too_few, enough) {
        if taken(middle) >= messages {
            enough = middle;
        } else {
            too_few = Some(middle);
        }
    }
    Some(SignedDuration::from_mins(i64::try_from(enough).unwrap_or(i64::MAX).min(i64::MAX / 60)))
}

/// Messages that a server with these limits has taken after so many minutes at most: it begins with all that it may take.
fn most_after(limits: Limits, minutes: u64) -> u64 {
    let most = windows(limits).map(|(limit, window, _)| u64::from(limit).saturating_mul(minutes / window.unsigned_abs() + 1));
    most.min().unwrap_or(u64::MAX)
}

/// A number above the one (or any) and below the other, in the middle.
fn between(above: Option<u64>, below: u64) -> Option<u64> {
    let first = above.map_or(0, |above| above + 1);
    (first < below).then(|| first + (below - first) / 2)
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

    #[test]
    fn the_least_time_follows_from_the_limits() {
        let limits = |per_minute, per_hour, per_day| Limits { per_minute, per_hour, per_day };
        let minutes = |servers: &[Limits], messages| least_time(servers, messages).map(|time| time.as_mins());
        assert_eq!(minutes(&[], 5), None);
        assert_eq!(minutes(&[limits(Some(1), None, None), Limits::default()], 5), None);
        assert_eq!(minutes(&[limits(Some(60), None, None)], 0), Some(0));
        assert_eq!(minutes(&[limits(Some(60), None, None)], 60), Some(0));
        assert_eq!(minutes(&[limits(Some(60), None, None)], 61), Some(1));
        assert_eq!(minutes(&[limits(Some(60), Some(100), None)], 250), Some(120));
        assert_eq!(minutes(&[limits(Some(60), Some(100), Some(101))], 102), Some(24 * 60));
        assert_eq!(minutes(&[limits(Some(60), None, None), limits(Some(40), None, None)], 300), Some(2));
        assert!(minutes(&[limits(None, None, Some(1))], u64::MAX).unwrap() > 0);
    }
}
