//! A mail server as it shows itself in the course of a sending, and when it is better left alone.

use super::limits::Meter;

/// Letters in doubt, one right after the other, that end the mail through a server: one that hangs up after each message is
/// not to get the whole list that way.
const IN_DOUBT: u32 = 2;
/// Lanes at a wall, one right after the other, that make it the server's.
const WALLED: usize = 3;
/// Refusals before the reader, or lines that broke, one right after the other, that end the mail through a server.
const BROKEN: u32 = 3;
/// Deferrals, one right after the other, after which a server is left alone.
const DEFERRED: u32 = 20;

/// What a turn came to, for the crew.
#[derive(Debug)]
pub(super) enum Result {
    Taken,
    /// Nothing that says anything of lane or server.
    Passed,
    Deferred,
    /// Something is held against where the mail comes from.
    Wall,
    /// The line broke, or the server closed it.
    Broken,
    InDoubt,
}

/// What may leave in one flight, if a server says that it can take it.
///
/// Where a server hangs up on a flight, the answers to the first of it may be lost. What it does at the end of a connection
/// has to be known before that can cost a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flights {
    /// Nothing: a letter to it has ended in doubt, or it hung up on one that left with its envelope.
    None,
    /// A letter with its envelope: it hung up on a connection in use.
    Envelope,
    /// The same, until a connection has carried as many letters as one is to carry.
    EnvelopeYet,
    /// That, and the end of a letter with the question whether the next may come.
    All,
}

/// A server as it has shown itself.
pub(super) struct Server {
    pub meter: Meter,
    /// Turns that it was given.
    pub turns: u64,
    /// Connections that are open, and that are being opened.
    pub open: u32,
    pub opening: u32,
    /// Whether it has let anybody in: until then it is asked by one connection at a time, since a login that is refused again
    /// and again locks the account.
    pub lets_in: bool,
    pub flights: Flights,
    pub is_down: bool,
    in_doubt: u32,
    broken: u32,
    deferred: u32,
    /// Lanes that put up a wall since it last took a letter; a name for each, and an empty one for each of the small domains.
    walled: Vec<String>,
}

/// What one more result makes of a server.
pub(super) enum Verdict {
    Fine,
    Down,
    InDoubt,
}

impl Server {
    pub fn new(meter: Meter) -> Self {
        Self {
            meter,
            turns: 0,
            open: 0,
            opening: 0,
            lets_in: false,
            flights: Flights::EnvelopeYet,
            is_down: false,
            in_doubt: 0,
            broken: 0,
            deferred: 0,
            walled: Vec::new(),
        }
    }

    /// Counts what a turn came to.
    pub fn count(&mut self, result: &Result, lane: &str) -> Verdict {
        if !matches!(result, Result::InDoubt) {
            self.in_doubt = 0;
        }
        match result {
            Result::Taken => {
                (self.broken, self.deferred) = (0, 0);
                self.walled.clear();
            }
            Result::Passed => {}
            Result::Deferred => self.deferred += 1,
            Result::Broken => self.broken += 1,
            Result::InDoubt => {
                self.in_doubt += 1;
                self.flights = Flights::None;
            }
            Result::Wall => {
                if lane.is_empty() || !self.walled.iter().any(|walled| walled == lane) {
                    self.walled.push(lane.to_owned());
                }
            }
        }
        if self.is_down {
            Verdict::Fine
        } else if self.in_doubt >= IN_DOUBT {
            Verdict::InDoubt
        } else if self.broken >= BROKEN || self.deferred >= DEFERRED || self.walled.len() >= WALLED {
            Verdict::Down
        } else {
            Verdict::Fine
        }
    }
}
