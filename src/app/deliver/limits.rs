//! How many messages a server has had in the last minute, hour and day, and when it may have the next.

use jiff::{SignedDuration, Timestamp};

use crate::config::Limits;
use crate::store::{Granted, Quota, minute_of};

/// Messages that a sender takes out of the ledger's count at a time.
const TOGETHER: u32 = 50;

/// What this sender may hand to a server in the minute that goes by, out of what the ledger counts for all senders.
#[derive(Debug)]
pub(super) struct Meter {
    quotas: Vec<Quota>,
    /// The minute since 1970 in which what is left may be used.
    minute: i64,
    left: u32,
    /// Until when there is nothing more.
    closed: Option<(Timestamp, Quota)>,
    /// Whether somebody is asking the ledger.
    is_asking: bool,
}

/// Whether a message may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// It counts from here on.
    Go,
    /// The ledger has to be asked for [`Meter::wanted`]; what was left of an earlier minute goes back first.
    Ask { unused: Option<(i64, u32)> },
    /// The ledger is being asked.
    Wait,
    /// Not before then, for this quota.
    Closed(Timestamp, Quota),
}

impl Meter {
    pub fn new(limits: Limits) -> Self {
        let quota = |(messages, minutes)| Quota { messages, minutes };
        Self { quotas: windows(limits).map(quota).collect(), minute: 0, left: 0, closed: None, is_asking: false }
    }

    /// Takes a message, if one may go now.
    pub fn take(&mut self, now: Timestamp) -> Take {
        if !self.has_limits() {
            return Take::Go;
        }
        if self.is_asking {
            return Take::Wait;
        }
        if self.minute == minute_of(now) && self.left > 0 {
            self.left -= 1;
            return Take::Go;
        }
        match self.closed {
            Some((until, quota)) if now < until => Take::Closed(until, quota),
            _ => {
                self.is_asking = true;
                Take::Ask { unused: self.unused() }
            }
        }
    }

    /// Whether there is anything to count.
    pub fn has_limits(&self) -> bool {
        !self.quotas.is_empty()
    }

    /// What the ledger is asked for.
    pub fn quotas(&self) -> (Vec<Quota>, u32) {
        (self.quotas.clone(), TOGETHER)
    }

    /// What the ledger said, asked at this time.
    pub fn granted(&mut self, granted: Granted, now: Timestamp) {
        self.is_asking = false;
        (self.left, self.closed) = match granted {
            Granted::Messages(count) => (count, None),
            Granted::Nothing { until, quota } => (0, Some((until, quota))),
        };
        self.minute = minute_of(now);
    }

    /// What was taken out of the count and not used: its minute, and how much.
    pub fn unused(&mut self) -> Option<(i64, u32)> {
        let left = std::mem::take(&mut self.left);
        (left > 0).then_some((self.minute, left))
    }
}

/// `10 messages in an hour`
pub(super) fn in_words(quota: Quota) -> String {
    let span = match quota.minutes {
        1 => "a minute",
        60 => "an hour",
        _ => "a day",
    };
    format!("{} messages in {span}", quota.messages)
}

/// The limits that are set: messages, in so many minutes.
fn windows(limits: Limits) -> impl Iterator<Item = (u32, i64)> {
    let all = [(limits.per_minute, 1), (limits.per_hour, 60), (limits.per_day, DAY)];
    all.into_iter().filter_map(|(limit, window)| Some((limit?, window)))
}

/// Minutes.
const DAY: i64 = 24 * 60;

/// The least time in which servers with these limits take so many messages, if they have had none; nothing where one of them
/// has no limit.
pub(super) fn least_time(servers: &[Limits], messages: u64) -> Option<SignedDuration> {
    if servers.is_empty() || !servers.iter().all(|limits| limits.are_set()) {
        return None;
    }
    let taken = |minutes: u64| servers.iter().fold(0_u64, |sum, limits| sum.saturating_add(most_after(*limits, minutes)));
    // A server with a limit takes at least a message a day.
    let (mut enough, mut too_few) = (messages.saturating_mul(DAY.unsigned_abs()), None);
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
    let most = windows(limits).map(|(limit, window)| u64::from(limit).saturating_mul(minutes / window.unsigned_abs() + 1));
    most.min().unwrap_or(u64::MAX)
}

/// A number above the one (or any) and below the other, in the middle.
fn between(above: Option<u64>, below: u64) -> Option<u64> {
    let first = above.map_or(0, |above| above + 1);
    (first < below).then(|| first + (below - first) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_was_taken_is_good_for_its_minute() {
        let mut meter = Meter::new(Limits { per_hour: Some(9), ..Limits::default() });
        assert_eq!(meter.take(at(0)), Take::Ask { unused: None });
        assert_eq!(meter.take(at(0)), Take::Wait, "by one at a time");
        meter.granted(Granted::Messages(3), at(1));
        assert_eq!((meter.take(at(2)), meter.take(at(59))), (Take::Go, Take::Go));
        assert_eq!(meter.take(at(60)), Take::Ask { unused: Some((0, 1)) });
        let quota = Quota { messages: 9, minutes: 60 };
        meter.granted(Granted::Nothing { until: at(3600), quota }, at(61));
        assert_eq!(meter.take(at(62)), Take::Closed(at(3600), quota));
        assert_eq!(meter.take(at(3600)), Take::Ask { unused: None });
        assert_eq!(in_words(quota), "9 messages in an hour");
    }

    #[test]
    fn without_limits_all_go() {
        let mut meter = Meter::new(Limits::default());
        assert!((0..1000).all(|second| meter.take(at(second)) == Take::Go));
        assert_eq!(meter.unused(), None);
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
