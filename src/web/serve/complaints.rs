//! What is told to whoever runs the server, once in a while: what goes wrong with one request goes wrong with all.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Tell;

const EVERY: Duration = Duration::from_mins(1);

/// Tells at most one thing a minute.
pub(in crate::web) struct Complaints {
    tell: Tell,
    told: Mutex<Option<Instant>>,
}

impl Complaints {
    pub(super) fn new(tell: Tell) -> Self {
        Self { tell, told: Mutex::default() }
    }

    pub(in crate::web) fn tell(&self, what: String) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|told| told.elapsed() >= EVERY) {
            *told = Some(Instant::now());
            (self.tell)(what);
        }
    }
}

impl fmt::Debug for Complaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Complaints").finish_non_exhaustive()
    }
}
