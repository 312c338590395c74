//! All connections of a sending: who is next for which of them, and when it is over.
//!
//! The crew's state is a plain record behind one lock that is never held across a wait; connections that find nothing to
//! do sleep until something changes.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::lanes::{Lanes, Next, Turn};
use super::limits::{Meter, Take, in_words};
use super::outlet::Outlet;
use super::post::Post;
use super::scribe::Scribe;
use super::standing::{Flights, Result, Server, Verdict};
use crate::app::Clock;
use crate::domain::Outcome;
use crate::store::{Claim, Entry, Hand, Ledger, Quota, StoreError};

/// How long the rest then waits.
const DOUBT_PAUSE: SignedDuration = SignedDuration::from_mins(60);
/// How long a lane at a wall is left alone.
const WALL_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// The longest wait for a limit; beyond it the rest is for another run.
const PATIENCE: SignedDuration = SignedDuration::from_secs(90);
/// Turns that a server may be ahead of its share: one that is slow to answer should not hold up the others at once.
const AHEAD: u64 = 16;
/// How long a claim is a sender's own that does not begin with it.
const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// What all connections of a sending share.
pub(super) struct Crew {
    pub ledger: Ledger,
    pub hand: Hand,
    pub post: Post,
    pub scribe: Scribe,
    pub clock: Clock,
    pub outlets: Vec<Outlet>,
    pub give_up: SignedDuration,
    /// When the sending stops, whatever waits.
    pub not_after: Option<Timestamp>,
    /// Readers who were to be tried when it began.
    pub waiting: u64,
    pub turns: Turns,
}

/// Whose turn it is, and who waits for one.
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    lanes: Lanes,
    tally: Tally,
    /// Messages that may still be begun.
    left: Option<u64>,
    servers: Vec<Server>,
    end: Option<End>,
}

/// What this process has done so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Readers tried, whatever came of it.
    pub settled: u64,
    pub sent: u64,
    pub deferred: u64,
    pub refused: u64,
    pub uncertain: u64,
}

/// Why a sending ends before everybody was tried.
#[derive(Debug)]
pub(super) enum End {
    /// The servers, or the way to them: what waits can be tried later.
    Servers(String),
    /// The desk asked for it.
    Asked(String),
    Failed(anyhow::Error),
}

impl Turns {
    /// `left`: messages that may be begun, where that is limited.
    pub fn new(lanes: Lanes, meters: Vec<Meter>, left: Option<u64>) -> Self {
        let servers = meters.into_iter().map(Server::new).collect();
        let state = State { lanes, tally: Tally::default(), left, servers, end: None };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }
}

impl Crew {
    /// The next turn for a connection to this server, which may still have to be opened; nothing where there is none for it
    /// any more.
    pub async fn next(&self, server: usize, is_open: bool) -> Option<Turn> {
        loop {
            let mut changed = pin!(self.turns.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let nap = match self.ask(server, is_open, None) {
                Answer::Turn(turn) => return Some(turn),
                Answer::Leave => return None,
                Answer::Wait(nap) => nap,
                Answer::Ask { unused } => {
                    if let Err(error) = self.ask_ledger(server, unused).await {
                        self.end(End::Failed(error.into()));
                    }
                    continue;
                }
            };
            // A second's nap notices a time that has come.
            drop(tokio::time::timeout(nap.unwrap_or(Duration::from_secs(1)), changed).await);
        }
    }

    /// The turn after the one that a connection to this server has in hand, which is in that lane, where it need not wait for
    /// it. None from a server with limits: what it may have is not to be spoken for by those who may not get to use it.
    pub fn next_ahead(&self, server: usize, lane: &str) -> Option<Turn> {
        let is_slow = |state: &State| state.servers.get(server).is_none_or(|server| server.meter.has_limits());
        if is_slow(&self.state()) {
            return None;
        }
        match self.ask(server, true, Some(lane)) {
            Answer::Turn(turn) => Some(turn),
            Answer::Wait(_) | Answer::Ask { .. } | Answer::Leave => None,
        }
    }

    /// A turn that was given ahead is the connection's next. Nothing where it is not to be begun any more: it is given back.
    pub fn begun(&self, mut turn: Turn) -> Option<Turn> {
        let mut state = self.state();
        let is_over = matches!(state.end, Some(End::Servers(_) | End::Failed(_)));
        if state.lanes.begun(&mut turn) && !is_over {
            return Some(turn);
        }
        drop(state);
        self.back(turn);
        None
    }

    /// `at_work`: the lane that the connection is not done with yet, where it asks ahead.
    fn ask(&self, at: usize, is_open: bool, at_work: Option<&str>) -> Answer {
        let now = self.clock.now();
        let mut state = self.state();
        if state.end.is_some() || state.servers.get(at).is_none_or(|server| server.is_down) {
            return Answer::Leave;
        }
        if self.not_after.is_some_and(|end| now >= end) {
            return self.leave(&mut state, End::Asked("the time that was set is over".to_owned()));
        }
        if state.left == Some(0) {
            return self.leave(&mut state, End::Asked("as many messages as were asked for have been tried".to_owned()));
        }
        let waits = |server: &Server| !is_open && !server.lets_in && server.opening > 0;
        if state.servers.get(at).is_some_and(waits) || !self.has_share(&state, at) {
            return if state.lanes.is_done() { Answer::Leave } else { Answer::Wait(None) };
        }
        match state.lanes.next(at_work) {
            Next::Wait => Answer::Wait(None),
            Next::Done => {
                self.turns.changed.notify_waiters();
                Answer::Leave
            }
            Next::Deliver(turn) => {
                match state.servers.get_mut(at).map_or(Take::Go, |server| server.meter.take(now)) {
                    Take::Go => {}
                    Take::Ask { unused } => {
                        state.lanes.back(turn);
                        return Answer::Ask { unused };
                    }
                    Take::Wait => {
                        state.lanes.back(turn);
                        return Answer::Wait(None);
                    }
                    Take::Closed(free, quota) => {
                        state.lanes.back(turn);
                        return self.at_limit(&mut state, at, now, free, quota);
                    }
                }
                state.left = state.left.map(|left| left.saturating_sub(1));
                if let Some(server) = state.servers.get_mut(at) {
                    server.turns += 1;
                    // Until it says so itself: nobody else is to begin in between.
                    server.opening += u32::from(!is_open);
                }
                Answer::Turn(turn)
            }
        }
    }

    /// Whether a server may have the next turn: servers get turns by their weights, and one without weight stands in for
    /// those that are down.
    fn has_share(&self, state: &State, at: usize) -> bool {
        let weight = |at: usize| u64::from(self.outlets.get(at).map_or(0, |outlet| outlet.weight));
        let turns = |at: usize| state.servers.get(at).map_or(0, |server| server.turns);
        let others =
            || (0..state.servers.len()).filter(|other| *other != at && state.servers.get(*other).is_some_and(|s| !s.is_down));
        if weight(at) == 0 {
            return !others().any(|other| weight(other) > 0);
        }
        others().filter(|other| weight(*other) > 0).all(|other| turns(at) * weight(other) <= (turns(other) + AHEAD) * weight(at))
    }

    /// Takes messages out of what all senders may hand to a server.
    async fn ask_ledger(&self, at: usize, unused: Option<(i64, u32)>) -> std::result::Result<(), StoreError> {
        let Some(outlet) = self.outlets.get(at) else { return Ok(()) };
        if let Some((minute, count)) = unused {
            self.ledger.return_quota(&outlet.name, minute, count).await?;
        }
        let (quotas, wanted) = self.state().servers.get(at).map(|server| server.meter.quotas()).unwrap_or_default();
        let now = self.clock.now();
        let granted = self.ledger.take_quota(&outlet.name, &quotas, wanted, now).await?;
        if let Some(server) = self.state().servers.get_mut(at) {
            server.meter.granted(granted, now);
        }
        self.turns.changed.notify_waiters();
        Ok(())
    }

    /// Gives back what was taken out of the counts and not used.
    pub async fn return_quota(&self) -> std::result::Result<(), StoreError> {
        let unused: Vec<_> = self.state().servers.iter_mut().map(|server| server.meter.unused()).collect();
        for (outlet, unused) in self.outlets.iter().zip(unused) {
            if let Some((minute, count)) = unused {
                self.ledger.return_quota(&outlet.name, minute, count).await?;
            }
        }
        Ok(())
    }

    /// A limit is in the way: a short wait, or the end of the mail through this server for now.
    fn at_limit(&self, state: &mut State, at: usize, now: Timestamp, free: Timestamp, quota: Quota) -> Answer {
        let wait = free.duration_since(now);
        if wait <= PATIENCE && self.clock.goes_on() {
            return Answer::Wait(Some(wait.unsigned_abs()));
        }
        let why = format!("the limit of {} is reached until {free:.0}", in_words(quota));
        self.server_down(state, at, End::Asked(why));
        Answer::Leave
    }

    fn leave(&self, state: &mut State, end: End) -> Answer {
        state.end.get_or_insert(end);
        self.turns.changed.notify_waiters();
        Answer::Leave
    }

    /// Ends the sending: what was begun is finished, nothing more is begun.
    pub fn end(&self, end: End) {
        self.leave(&mut self.state(), end);
    }

    /// A server takes no more for now; with the last of them the sending ends.
    fn server_down(&self, state: &mut State, at: usize, end: End) {
        if let Some(server) = state.servers.get_mut(at) {
            server.is_down = true;
        }
        if state.servers.iter().all(|server| server.is_down) {
            state.end.get_or_insert(end);
        }
        self.turns.changed.notify_waiters();
    }

    /// A connection was opened.
    pub fn opened(&self, at: usize) {
        if let Some(server) = self.state().servers.get_mut(at) {
            server.open += 1;
            server.opening = server.opening.saturating_sub(1);
            server.lets_in = true;
        }
        self.turns.changed.notify_waiters();
    }

    /// A connection is opened anew in the middle of a turn.
    pub fn opening(&self, at: usize) {
        if let Some(server) = self.state().servers.get_mut(at) {
            server.opening += 1;
        }
    }

    /// A connection in use comes to its end; `is_whole`: by its age, and not by the server.
    pub fn line_ends(&self, at: usize, is_whole: bool) {
        if let Some(server) = self.state().servers.get_mut(at) {
            server.flights = match server.flights {
                Flights::EnvelopeYet if is_whole => Flights::All,
                Flights::EnvelopeYet | Flights::All if !is_whole => Flights::Envelope,
                flights => flights,
            };
        }
    }

    /// A server hung up on a letter that left with its envelope, though not on the end of it: it may be the flight.
    pub fn hung_up_on_flight(&self, at: usize) {
        if let Some(server) = self.state().servers.get_mut(at) {
            server.flights = Flights::None;
        }
    }

    /// What may leave in one flight.
    pub fn flights(&self, at: usize) -> Flights {
        self.state().servers.get(at).map_or(Flights::None, |server| server.flights)
    }

    /// A connection is gone.
    pub fn closed(&self, at: usize) {
        if let Some(server) = self.state().servers.get_mut(at) {
            server.open = server.open.saturating_sub(1);
        }
    }

    /// A connection could not be opened. Where others stand the server only wants no more of them.
    pub fn not_opened(&self, at: usize, why: End) {
        let mut state = self.state();
        if let Some(server) = state.servers.get_mut(at) {
            server.opening = server.opening.saturating_sub(1);
        }
        if matches!(why, End::Failed(_)) {
            self.leave(&mut state, why);
        } else if state.servers.get(at).is_none_or(|server| server.open == 0 && server.opening == 0) {
            self.server_down(&mut state, at, why);
        }
        self.turns.changed.notify_waiters();
    }

    /// A turn that was not used.
    pub fn back(&self, turn: Turn) {
        let mut state = self.state();
        state.left = state.left.map(|left| left + 1);
        state.lanes.back(turn);
        drop(state);
        self.turns.changed.notify_waiters();
    }

    /// A line broke, or was refused, before anybody's name was heard.
    pub fn broken(&self, at: usize, why: String) {
        let mut state = self.state();
        let verdict = state.servers.get_mut(at).map(|server| server.count(&Result::Broken, ""));
        if matches!(verdict, Some(Verdict::Down)) {
            self.server_down(&mut state, at, End::Servers(why));
        }
    }

    /// A turn is over; gives what there is to write down about lane and server.
    pub fn over(&self, at: usize, lane: &str, result: &Result, outcome: Option<&Outcome>) -> Vec<Entry> {
        let mut state = self.state();
        if let Some(outcome) = outcome {
            state.tally.count(outcome);
        }
        let mut entries = Vec::new();
        let closes = match result {
            Result::Taken => {
                state.lanes.taken(lane);
                false
            }
            Result::Wall => state.lanes.wall(lane),
            Result::Passed | Result::Deferred | Result::Broken | Result::InDoubt => {
                state.lanes.passed(lane);
                false
            }
        };
        // What small domains share is no lane that could have a wall of its own.
        if closes && !lane.is_empty() {
            entries.extend(self.pause(&mut state, at, lane));
        }
        let reply = || outcome.map(|outcome| outcome.reply().to_owned()).unwrap_or_default();
        let Some(server) = state.servers.get_mut(at) else { return entries };
        match server.count(result, lane) {
            Verdict::Fine => {}
            Verdict::Down => self.server_down(&mut state, at, End::Servers(reply())),
            Verdict::InDoubt => {
                entries.push(self.paused(at, "*", DOUBT_PAUSE));
                self.server_down(&mut state, at, End::Servers(reply()));
            }
        }
        drop(state);
        self.turns.changed.notify_waiters();
        entries
    }

    /// Leaves a lane alone for a while.
    fn pause(&self, state: &mut State, at: usize, lane: &str) -> Vec<Entry> {
        let until = self.clock.now() + WALL_PAUSE;
        let mut entries: Vec<Entry> = state.lanes.close(lane).iter().map(|claim| returned(claim, until)).collect();
        entries.push(self.paused(at, lane, WALL_PAUSE));
        entries
    }

    fn paused(&self, at: usize, lane: &str, pause: SignedDuration) -> Entry {
        let server = self.outlets.get(at).map(|outlet| outlet.name.clone()).unwrap_or_default();
        Entry::Paused { server, lane: lane.to_owned(), until: self.clock.now() + pause }
    }

    /// Fetches claims for the lanes that run low, until nothing is left to fetch or the sending ends.
    pub async fn feed(&self) -> std::result::Result<(), StoreError> {
        loop {
            let mut changed = pin!(self.turns.changed.notified());
            changed.as_mut().enable();
            let wanted = {
                let mut state = self.state();
                if state.end.is_some() {
                    return Ok(());
                }
                let wanted = state.lanes.wanted();
                if wanted.is_none() && state.lanes.is_fed() {
                    return Ok(());
                }
                wanted
            };
            let Some(wanted) = wanted else {
                changed.await;
                continue;
            };
            let now = self.clock.now();
            let claims = self.ledger.claim(&self.hand, &wanted.lane, now, now + LEASE, wanted.limit).await?;
            let late = self.state().lanes.fetched(&wanted, claims);
            self.turns.changed.notify_waiters();
            self.give_back(&late).await;
        }
    }

    /// Gives back what is in hand and will not be begun.
    pub async fn give_all_back(&self) {
        let claims = self.state().lanes.close_all();
        self.give_back(&claims).await;
    }

    async fn give_back(&self, claims: &[Claim]) {
        if !claims.is_empty() {
            let entries = claims.iter().map(|claim| returned(claim, self.clock.now())).collect();
            // A ledger that has failed is told of elsewhere; the claims are found again as those of a dead sender.
            drop(self.scribe.note(entries).await);
        }
    }

    pub fn tally(&self) -> Tally {
        self.state().tally
    }

    /// Why the sending ended, if somebody was left; asked for once, at the end.
    pub fn take_end(&self) -> Option<End> {
        self.state().end.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock; if something did, the record is still the best there is.
        self.turns.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Answer {
    Turn(Turn),
    /// Until something changes, or for so long.
    Wait(Option<Duration>),
    /// The ledger has to be asked how many messages may go; what was left of an earlier minute goes back first.
    Ask {
        unused: Option<(i64, u32)>,
    },
    Leave,
}

impl Tally {
    fn count(&mut self, outcome: &Outcome) {
        self.settled += 1;
        match outcome {
            Outcome::Sent { .. } => self.sent += 1,
            Outcome::Deferred { .. } => self.deferred += 1,
            Outcome::Refused { .. } => self.refused += 1,
            Outcome::Uncertain { .. } => self.uncertain += 1,
        }
    }
}

fn returned(claim: &Claim, next: Timestamp) -> Entry {
    Entry::Returned { recipient: claim.recipient.address().key(), next }
}
