use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// The time of a command that takes long: it goes on, unless it was set from outside.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    pub start: Timestamp,
    /// When the command began; nothing where the time stands still.
    pub since: Option<Instant>,
}

impl Clock {
    /// In whole milliseconds, as the ledger keeps them.
    pub fn now(&self) -> Timestamp {
        let passed = self.since.map(|since| since.elapsed()).unwrap_or_default();
        let passed = i64::try_from(passed.as_millis()).unwrap_or(i64::MAX);
        self.start.checked_add(SignedDuration::from_millis(passed)).unwrap_or(self.start)
    }

    /// Whether waiting brings a later time nearer.
    pub fn goes_on(&self) -> bool {
        self.since.is_some()
    }
}
