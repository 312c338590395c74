//! Who is next: the readers in hand, by the domain that they are at.
//!
//! A lane holds the readers of one large domain; those of the small ones share one. Lanes take turns, each with no more
//! connections at once than the domain takes well, and one that puts up a wall is left alone while the others go on. No
//! clock and no ledger here: a plain record of turns, claims and walls.

use std::collections::VecDeque;

use crate::store::{Claim, Lane as Waiting};

/// Lanes that are served in turn at a time; further ones wait for one of them to be done.
const OPEN: usize = 64;
/// Claims that are kept ready, in all: enough that no connection waits for the ledger, few enough to give back at an end.
const READY: usize = 2048;
/// Walls in a lane, one right after the other, after which it is left alone.
const WALLS: u32 = 3;
/// Letters taken, one right after the other, that win a lane back a connection that a wall has cost it.
const TRUST: u32 = 50;

/// A turn of a lane.
#[derive(Debug)]
pub(super) struct Turn {
    pub lane: String,
    pub claim: Claim,
    /// Whether it was given ahead to a connection that is still at work for the same lane, and takes no other's place.
    is_ahead: bool,
}

/// What a connection is to do.
#[derive(Debug)]
pub(super) enum Next {
    Deliver(Turn),
    /// Every lane has as many connections as it takes, or its claims are still being fetched: one of these has to be done
    /// first.
    Wait,
    /// Nobody is left to try.
    Done,
}

#[derive(Debug)]
pub(super) struct Lanes {
    open: VecDeque<Lane>,
    backlog: VecDeque<Waiting>,
    /// Claims that came back to a lane that was closed in the meantime.
    late: Vec<Claim>,
    /// Turns that have been given and not taken back.
    busy: usize,
    /// Connections that a lane may have at once.
    most: usize,
}

#[derive(Debug)]
struct Lane {
    name: String,
    ready: VecDeque<Claim>,
    /// Readers who wait in the ledger, as far as is known.
    waiting: u64,
    is_fetching: bool,
    /// Turns that have been given, those among them that were given ahead, and how many connections may be at work for it.
    active: usize,
    ahead: usize,
    most: usize,
    walls: u32,
    taken: u32,
    /// It put up a wall, or its claims are to be left: nothing more is begun in it.
    is_closed: bool,
}

/// Claims that a lane lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub lane: String,
    pub limit: u32,
}

impl Lanes {
    /// `most`: connections that one lane may have at once.
    pub fn new(waiting: Vec<Waiting>, most: usize) -> Self {
        let mut lanes = Self { open: VecDeque::new(), backlog: waiting.into(), late: Vec::new(), busy: 0, most: most.max(1) };
        lanes.refill();
        lanes
    }

    /// Who is next; for a connection that is not done with its turn, `at_work` is the lane of that one.
    pub fn next(&mut self, at_work: Option<&str>) -> Next {
        for _ in 0..self.open.len() {
            let Some(mut lane) = self.open.pop_front() else { break };
            let is_ahead = at_work == Some(&lane.name);
            let has_room = is_ahead || lane.active.saturating_sub(lane.ahead) < lane.most;
            let claim = if has_room && !lane.is_closed { lane.ready.pop_front() } else { None };
            let turn = claim.map(|claim| Turn { lane: lane.name.clone(), claim, is_ahead });
            lane.active += usize::from(turn.is_some());
            lane.ahead += usize::from(turn.is_some() && is_ahead);
            self.open.push_back(lane);
            if let Some(turn) = turn {
                self.busy += 1;
                return Next::Deliver(turn);
            }
        }
        if self.is_done() { Next::Done } else { Next::Wait }
    }

    /// The connection that was given a turn ahead is done with the one before. Whether the lane is not closed by now.
    pub fn begun(&mut self, turn: &mut Turn) -> bool {
        let is_ahead = std::mem::take(&mut turn.is_ahead);
        let Some(lane) = self.open.iter_mut().find(|lane| lane.name == turn.lane) else { return false };
        lane.ahead = lane.ahead.saturating_sub(usize::from(is_ahead));
        !lane.is_closed
    }

    /// Whether nobody is left to try.
    pub fn is_done(&mut self) -> bool {
        self.refill();
        self.open.is_empty() && self.busy == 0
    }

    /// A lane whose claims run low, which is marked as being fetched for.
    pub fn wanted(&mut self) -> Option<Wanted> {
        self.refill();
        let share = READY / self.open.len().max(1);
        let low =
            |lane: &&mut Lane| !lane.is_closed && !lane.is_fetching && lane.waiting > 0 && lane.ready.len() * 2 < share.max(2);
        let lane = self.open.iter_mut().filter(low).min_by_key(|lane| lane.ready.len())?;
        lane.is_fetching = true;
        Some(Wanted { lane: lane.name.clone(), limit: u32::try_from(share.max(2)).unwrap_or(u32::MAX) })
    }

    /// Claims that were fetched for a lane; those that it can no longer use are given back. Fewer than the limit: the ledger
    /// has no more for it.
    pub fn fetched(&mut self, wanted: &Wanted, claims: Vec<Claim>) -> Vec<Claim> {
        let Some(lane) = self.open.iter_mut().find(|lane| lane.name == wanted.lane) else { return claims };
        lane.is_fetching = false;
        let count = u64::try_from(claims.len()).unwrap_or(u64::MAX);
        lane.waiting = if count < u64::from(wanted.limit) { 0 } else { lane.waiting.saturating_sub(count).max(1) };
        if lane.is_closed {
            lane.waiting = 0;
            return claims;
        }
        lane.ready.extend(claims);
        Vec::new()
    }

    /// Whether nothing is left to fetch.
    pub fn is_fed(&self) -> bool {
        let is_fed = |lane: &Lane| lane.waiting == 0 && !lane.is_fetching;
        self.backlog.is_empty() && self.open.iter().all(is_fed)
    }

    /// A turn is over, and the letter was taken.
    pub fn taken(&mut self, lane: &str) {
        let most = self.most;
        self.over(lane, |lane| {
            lane.walls = 0;
            lane.taken += 1;
            if lane.taken >= TRUST && lane.most < most {
                lane.taken = 0;
                lane.most += 1;
            }
        });
    }

    /// A turn is over, and what became of it says nothing of the lane.
    pub fn passed(&mut self, lane: &str) {
        self.over(lane, |_| {});
    }

    /// A turn is over at a wall: the lane keeps half of its connections. Whether it is one too many: then the lane is closed.
    pub fn wall(&mut self, lane: &str) -> bool {
        let mut closes = false;
        self.over(lane, |lane| {
            lane.taken = 0;
            lane.walls += 1;
            lane.most = (lane.most / 2).max(1);
            closes = lane.walls == WALLS;
        });
        closes
    }

    /// A turn that was not used: its claim is the first to be taken again, if its lane is not closed.
    pub fn back(&mut self, mut turn: Turn) {
        let is_open = self.begun(&mut turn);
        let (now, late) = if is_open { (Some(turn.claim), None) } else { (None, Some(turn.claim)) };
        self.over(&turn.lane, |lane| now.into_iter().for_each(|claim| lane.ready.push_front(claim)));
        self.late.extend(late);
    }

    /// Leaves a lane; gives the claims that it holds.
    pub fn close(&mut self, name: &str) -> Vec<Claim> {
        self.backlog.retain(|waiting| waiting.name != name);
        let Some(lane) = self.open.iter_mut().find(|lane| lane.name == name) else { return Vec::new() };
        lane.is_closed = true;
        lane.waiting = 0;
        lane.ready.drain(..).collect()
    }

    /// Leaves all lanes; gives the claims that they hold.
    pub fn close_all(&mut self) -> Vec<Claim> {
        self.backlog.clear();
        let names: Vec<String> = self.open.iter().map(|lane| lane.name.clone()).collect();
        let late = std::mem::take(&mut self.late);
        names.iter().flat_map(|name| self.close(name)).chain(late).collect()
    }

    fn over(&mut self, name: &str, change: impl FnOnce(&mut Lane)) {
        self.busy = self.busy.saturating_sub(1);
        if let Some(lane) = self.open.iter_mut().find(|lane| lane.name == name) {
            lane.active = lane.active.saturating_sub(1);
            change(lane);
        }
    }

    /// Lets lanes go that are done, and others come.
    fn refill(&mut self) {
        self.open.retain(|lane| lane.active > 0 || lane.is_fetching || lane.waiting > 0 || !lane.ready.is_empty());
        while self.open.len() < OPEN
            && let Some(waiting) = self.backlog.pop_front()
        {
            self.open.push_back(Lane {
                name: waiting.name,
                ready: VecDeque::new(),
                waiting: waiting.waiting,
                is_fetching: false,
                active: 0,
                ahead: 0,
                most: self.most,
                walls: 0,
                taken: 0,
                is_closed: false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Address, Recipient};

    fn claims(domain: &str, count: usize) -> Vec<Claim> {
        let address = |n: usize| Address::parse(&format!("r{n}@{domain}")).unwrap();
        (0..count).map(|n| Claim { recipient: Recipient::of_test(address(n)), tries: 1 }).collect()
    }

    fn waiting(lanes: &[(&str, u64)]) -> Vec<Waiting> {
        lanes.iter().map(|(name, waiting)| Waiting { name: (*name).to_owned(), waiting: *waiting }).collect()
    }

    /// Lanes with all their readers fetched.
    fn ready(of: &[(&str, u64)], most: usize) -> Lanes {
        let mut lanes = Lanes::new(waiting(of), most);
        while let Some(wanted) = lanes.wanted() {
            let count = of.iter().find(|(name, _)| *name == wanted.lane).unwrap().1;
            assert!(count < u64::from(wanted.limit));
            assert!(lanes.fetched(&wanted, claims(&wanted.lane, usize::try_from(count).unwrap())).is_empty());
        }
        lanes
    }

    #[track_caller]
    fn turn(lanes: &mut Lanes) -> Turn {
        match lanes.next(None) {
            Next::Deliver(turn) => turn,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lanes_take_turns() {
        let mut lanes = ready(&[("big.example", 4), ("small.example", 2)], 9);
        let order: Vec<String> = (0..6).map(|_| turn(&mut lanes).lane).collect();
        assert_eq!(order.iter().filter(|lane| *lane == "small.example").count(), 2);
        assert_eq!(order[..4].iter().filter(|lane| *lane == "small.example").count(), 2, "{order:?}");
        assert!(matches!(lanes.next(None), Next::Wait));
        for lane in order {
            lanes.taken(&lane);
        }
        assert!(matches!(lanes.next(None), Next::Done));
    }

    #[test]
    fn a_lane_has_so_many_connections() {
        let mut lanes = ready(&[("big.example", 5), ("small.example", 1)], 2);
        let lanes_of = [turn(&mut lanes).lane, turn(&mut lanes).lane, turn(&mut lanes).lane];
        assert_eq!(lanes_of.iter().filter(|lane| *lane == "big.example").count(), 2);
        assert!(matches!(lanes.next(None), Next::Wait));
        lanes.passed("big.example");
        assert_eq!(turn(&mut lanes).lane, "big.example");
    }

    #[test]
    fn a_turn_ahead_takes_no_place_in_its_own_lane() {
        let mut lanes = ready(&[("big.example", 9), ("small.example", 1)], 1);
        let first = turn(&mut lanes);
        assert_eq!(first.lane, "big.example");
        let Next::Deliver(other) = lanes.next(Some("big.example")) else { panic!("the other lane has room") };
        assert_eq!(other.lane, "small.example");
        let Next::Deliver(mut ahead) = lanes.next(Some("big.example")) else { panic!("the connection stays in its lane") };
        assert_eq!(ahead.lane, "big.example");
        assert!(matches!(lanes.next(None), Next::Wait));
        lanes.taken(&first.lane);
        lanes.begun(&mut ahead);
        assert!(matches!(lanes.next(None), Next::Wait), "it is at work for that one now");
        let Next::Deliver(again) = lanes.next(Some("big.example")) else { panic!("the connection stays in its lane") };
        lanes.taken(&ahead.lane);
        lanes.back(again);
        assert_eq!(turn(&mut lanes).lane, "big.example");
        assert!(matches!(lanes.next(None), Next::Wait));
    }

    #[test]
    fn a_wall_costs_connections_and_closes_in_the_end_while_the_others_go_on() {
        let mut lanes = ready(&[("wall.example", 9), ("good.example", 3)], 4);
        let mut walls = 0;
        let mut good = 0;
        while let Next::Deliver(turn) = lanes.next(None) {
            if turn.lane == "good.example" {
                good += 1;
                lanes.taken(&turn.lane);
                continue;
            }
            walls += 1;
            if lanes.wall(&turn.lane) {
                assert_eq!(lanes.close(&turn.lane).len(), 9 - walls);
            }
        }
        assert_eq!((walls, good), (3, 3));
        assert!(matches!(lanes.next(None), Next::Done));
    }

    #[test]
    fn what_was_not_used_comes_first_again() {
        let mut lanes = ready(&[("one.example", 3)], 4);
        let first = turn(&mut lanes);
        let key = first.claim.recipient.address().key();
        lanes.back(first);
        assert_eq!(turn(&mut lanes).claim.recipient.address().key(), key);
    }

    #[test]
    fn what_was_not_used_in_a_closed_lane_holds_up_nobody() {
        let mut lanes = ready(&[("wall.example", 3)], 4);
        let (first, mut ahead) = (turn(&mut lanes), turn(&mut lanes));
        assert_eq!(lanes.close("wall.example").len(), 1);
        assert!(!lanes.begun(&mut ahead), "it is not to be begun any more");
        lanes.back(ahead);
        lanes.back(first);
        assert!(matches!(lanes.next(None), Next::Done));
        assert_eq!(lanes.close_all().len(), 2);
        assert!(lanes.close_all().is_empty());
    }

    #[test]
    fn many_lanes_are_served_some_at_a_time() {
        let many: Vec<(String, u64)> = (0..1000).map(|n| (format!("d{n}.example"), 1)).collect();
        let mut lanes =
            Lanes::new(many.iter().map(|(name, waiting)| Waiting { name: name.clone(), waiting: *waiting }).collect(), 4);
        let (mut served, mut open) = (0, 0);
        loop {
            while let Some(wanted) = lanes.wanted() {
                open += 1;
                lanes.fetched(&wanted, claims(&wanted.lane, 1));
            }
            assert!(open - served <= OPEN);
            match lanes.next(None) {
                Next::Deliver(turn) => {
                    served += 1;
                    lanes.taken(&turn.lane);
                }
                Next::Wait => {}
                Next::Done => break,
            }
        }
        assert_eq!(served, 1000);
    }

    #[test]
    fn what_comes_too_late_for_a_closed_lane_is_given_back() {
        let mut lanes = Lanes::new(waiting(&[("one.example", 5)]), 4);
        let wanted = lanes.wanted().unwrap();
        assert!(lanes.close_all().is_empty());
        assert_eq!(lanes.fetched(&wanted, claims("one.example", 5)).len(), 5);
        assert!(matches!(lanes.next(None), Next::Done));
    }
}
