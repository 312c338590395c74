//! The sender is killed at any instant and started again, the server is restarted, the disk of the ledger is full: in the
//! end every reader's letter was accepted once, or stands as uncertain, and nobody is missing.
//!
//! `cargo test` kills some times; with `GRIOT_SWEEP=full` in the environment it is more than 200 times.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::chance::Chance;
use super::victim::Victim;
use super::{audit, audited, desk, later, list};
use crate::errors::disks::with_small_disks;
use crate::harness::Desk;
use crate::servers::mta::{Deed, Manners, Mta, Stage};

const DOMAINS: usize = 30;

/// A list on 30 domains, the first of them with a quarter of all readers, the last with less than a hundredth.
fn crowd(readers: usize) -> Vec<String> {
    let mut crowd = Vec::new();
    for domain in (1..=DOMAINS).rev() {
        let count = if domain == 1 { readers - crowd.len() } else { readers / 4 / domain };
        crowd.extend((0..count).map(|at| format!("reader{at}@d{domain}.example")));
    }
    crowd
}

fn is_full() -> bool {
    std::env::var("GRIOT_SWEEP").is_ok_and(|sweep| sweep == "full")
}

/// A sending to many, and what has been done to it.
struct Sweep {
    server: Arc<Mta>,
    desk: Desk,
    crowd: Vec<String>,
    chance: Chance,
    hours: usize,
    kills: usize,
    /// The most letters that can be in doubt: the connections that were open at each kill.
    doubt: usize,
}

/// When a sender is killed.
#[derive(Debug)]
enum Instant {
    /// So many milliseconds after its start.
    Start(u64),
    /// Microseconds after the server has kept this many messages in all.
    Kept(usize, u64),
    /// When the server comes to this stage for the so-manieth time.
    At(Stage, usize),
}

/// From the claim to the settlement, as far as it is seen from outside.
const STAGES: [Stage; 7] = [Stage::Mail, Stage::Rcpt, Stage::Body(0), Stage::Body(4), Stage::Dot, Stage::Kept, Stage::Answered];

impl Sweep {
    fn new(readers: usize, seed: u64) -> Self {
        Self::with(Manners::default(), "", readers, seed)
    }

    /// `keys`: more of the section `smtp`.
    fn with(manners: Manners, keys: &str, readers: usize, seed: u64) -> Self {
        let crowd = crowd(readers);
        let server = Arc::new(Mta::with(manners));
        let desk = desk(&server, keys, &list(&crowd));
        Self { server, desk, crowd, chance: Chance::new(seed), hours: 0, kills: 0, doubt: 0 }
    }

    /// A sender at a time, killed `kills` times over the whole of the list.
    fn killed(mut self, kills: usize) {
        let stride = (self.crowd.len() / (kills + 1)).max(1);
        for turn in 0..kills {
            let instant = match turn % 4 {
                0 => Instant::At(STAGES[turn / 4 % STAGES.len()], 1 + self.chance.below(2 * stride)),
                1 => Instant::Kept(self.server.count() + self.chance.below(2 * stride), self.chance.below(9000) as u64),
                2 => Instant::At(STAGES[self.chance.below(STAGES.len())], 1 + self.chance.below(2 * stride)),
                _ if self.chance.below(3) == 0 => Instant::Start(self.chance.below(200) as u64),
                _ => Instant::Kept(self.server.count() + self.chance.below(2 * stride), self.chance.below(5000) as u64),
            };
            let before = self.in_doubt();
            let told = format!("kill {turn} at {instant:?}");
            let was_killed = self.one(&instant);
            // Each connection has at most one letter under way.
            let open = self.server.most_open();
            self.server.quiet();
            let after = self.in_doubt();
            assert!(after >= before && after - before <= open, "{told}: {before} in doubt, then {after}, by {open} connections");
            self.hours += 1;
            if !was_killed {
                break;
            }
            self.kills += 1;
            self.doubt += open;
        }
        self.end(kills);
    }

    /// Starts a sender and kills it; false where it was done before.
    fn one(&self, instant: &Instant) -> bool {
        let victim = Victim::default();
        if let Instant::At(stage, times) = instant {
            self.kill_at(*stage, *times, &[&victim]);
        }
        victim.start(&mut self.sender());
        self.wait_for(instant, &victim);
        let was_killed = victim.end();
        self.server.mend();
        was_killed
    }

    /// Has the server kill these when it comes to the stage for the so-manieth time, before it does anything there.
    fn kill_at(&self, stage: Stage, times: usize, victims: &[&Victim]) {
        let left = AtomicUsize::new(times);
        let victims: Vec<Victim> = victims.iter().map(|victim| (*victim).clone()).collect();
        let kill = move || {
            if left.fetch_sub(1, Ordering::Relaxed) == 1 {
                victims.iter().for_each(Victim::kill);
            }
        };
        self.server.rule(stage, "", Deed::Call(Arc::new(kill)), None);
    }

    fn wait_for(&self, instant: &Instant, victim: &Victim) {
        match instant {
            Instant::Start(millis) => thread::sleep(Duration::from_millis(*millis)),
            Instant::Kept(count, micros) => {
                while self.server.count() < *count && victim.is_running() {
                    thread::sleep(Duration::from_micros(300));
                }
                thread::sleep(Duration::from_micros(*micros));
            }
            Instant::At(..) => return,
        }
        victim.kill();
    }

    fn sender(&self) -> std::process::Command {
        let mut command = self.desk.command(&["send", "--now", &later(self.hours)]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Two senders at a time: one of them or both are killed and started again.
    fn killed_in_pairs(mut self, kills: usize) {
        let stride = (self.crowd.len() / (kills + 1)).max(1);
        let mut pair = [Victim::default(), Victim::default()];
        for sender in &pair {
            sender.start(&mut self.sender());
        }
        for turn in 0..kills {
            // The first of all when a message has been kept, and its reply is due.
            let (stage, times) = (STAGES[(turn + 5) % STAGES.len()], 1 + self.chance.below(stride));
            if turn % 2 == 0 {
                // The machine goes down, and both with it.
                self.kill_at(stage, times, &[&pair[0], &pair[1]]);
                let killed = pair.iter().filter(|sender| sender.end()).count();
                self.server.mend();
                self.kills += usize::from(killed > 0);
            } else {
                let instant = Instant::Kept(self.server.count() + times, self.chance.below(9000) as u64);
                let at = self.chance.below(2);
                self.wait_for(&instant, &pair[at]);
                self.kills += usize::from(pair[at].end());
            }
            self.doubt += self.server.most_open();
            for sender in pair.iter_mut().filter(|sender| !sender.is_running()) {
                *sender = Victim::default();
                sender.start(&mut self.sender());
            }
        }
        for sender in &pair {
            sender.end();
        }
        self.hours += 1;
        self.end(kills);
    }

    /// The server hangs up on everybody in the middle, is away for a run, and comes again.
    fn server_restarted(mut self, times: usize) {
        let stride = (self.crowd.len() / (times + 1)).max(1);
        for _ in 0..times {
            let (goal, sender) = (self.server.count() + self.chance.below(2 * stride), Victim::default());
            sender.start(&mut self.sender());
            while self.server.count() < goal && sender.is_running() {
                thread::sleep(Duration::from_micros(300));
            }
            self.server.stop();
            // It may go on for a while, and find nobody there.
            assert!(!sender.end(), "nobody has killed it");
            self.doubt += self.server.most_open();
            self.server.quiet();
            assert_eq!(self.desk.at(&later(self.hours)).griot(&["run"]).code, if self.is_done() { 0 } else { 75 });
            self.server.start_again();
            self.kills += 1;
            self.hours += 1;
        }
        self.end(times);
    }

    fn is_done(&self) -> bool {
        self.counts(&["due", "deferred", "claimed", "in flight"]) == 0
    }

    fn in_doubt(&self) -> usize {
        self.counts(&["uncertain", "in flight"])
    }

    fn counts(&self, states: &[&str]) -> usize {
        // Killed before it had frozen its audience.
        if self.desk.done(&["audit"]) == "nothing has been sent yet\n" {
            return 0;
        }
        let (recipients, counts) = audit(&self.desk, "sweep");
        assert_eq!(recipients, self.crowd.len());
        counts.iter().filter(|(state, _)| states.contains(&state.as_str())).map(|(_, count)| count).sum()
    }

    /// Runs until nobody waits; then looks at every reader.
    fn end(mut self, wanted: usize) {
        for _ in 0..20 {
            self.desk.at(&later(self.hours)).griot(&["send"]);
            if self.is_done() {
                break;
            }
            self.hours += 1;
        }
        assert!(self.is_done(), "{:?}", audit(&self.desk, "sweep"));
        let who = |state| self.desk.done(&["audit", "--who", state]);
        let sent = readers(&who("sent"));
        let uncertain = readers(&who("uncertain"));
        accounted(&self.server, &self.crowd, &sent, &uncertain);
        assert!(uncertain.len() <= self.doubt, "{} in doubt, at most {} expected", uncertain.len(), self.doubt);
        assert!(self.kills * 2 >= wanted, "only {} of {wanted} kills struck", self.kills);
        told(&format!(
            "{} of {wanted} struck, {} readers in doubt, {} expected at most",
            self.kills,
            uncertain.len(),
            self.doubt
        ));
    }
}

fn readers(who: &str) -> BTreeSet<String> {
    who.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Everybody is sent or in doubt; who is sent was kept once, who is in doubt once at the most; and nobody else.
#[track_caller]
fn accounted(server: &Mta, crowd: &[String], sent: &BTreeSet<String>, uncertain: &BTreeSet<String>) {
    assert_eq!(sent.intersection(uncertain).count(), 0);
    let mut kept = server.tally();
    for reader in crowd {
        let count = kept.remove(reader).unwrap_or(0);
        match (sent.contains(reader), uncertain.contains(reader)) {
            (true, false) => assert_eq!(count, 1, "{reader} is sent"),
            (false, true) => assert!(count <= 1, "{reader} is in doubt, and was sent {count} times"),
            _ => panic!("{reader} is missing"),
        }
    }
    assert!(kept.is_empty(), "strangers: {kept:?}");
    assert_eq!(server.breaches(), Vec::<String>::new());
}

/// Says, past the test harness that keeps what a passing test prints, how a full sweep went.
fn told(what: &str) {
    if is_full() {
        let name = thread::current().name().unwrap_or_default().to_owned();
        let _ = writeln!(std::io::stderr(), "SWEEP {name}: {what}");
    }
}

#[test]
fn a_sender_killed_at_any_instant_mails_nobody_twice_and_forgets_nobody() {
    let (sweeps, kills) = if is_full() { (4, 50) } else { (1, 10) };
    for seed in 1..=sweeps {
        Sweep::new(2000, seed).killed(kills);
    }
}

/// Few kills, so that between two of them the connections get as old as they have to be for it.
#[test]
fn a_sender_killed_while_it_asks_ahead_mails_nobody_twice_and_forgets_nobody() {
    let (readers, sweeps, kills) = if is_full() { (4000, 3, 7) } else { (2000, 1, 3) };
    for seed in 1..=sweeps {
        Sweep::with(Manners::offering(&["PIPELINING"]), "connections = 2\n", readers, 400 + seed).killed(kills);
    }
}

#[test]
fn two_senders_killed_at_any_instant_mail_nobody_twice_and_forget_nobody() {
    let (readers, sweeps, kills) = if is_full() { (2000, 2, 30) } else { (400, 1, 6) };
    for seed in 1..=sweeps {
        Sweep::new(readers, 100 + seed).killed_in_pairs(kills);
    }
}

#[test]
fn a_server_that_is_restarted_gets_nobody_twice_and_everybody_in_the_end() {
    let (readers, times) = if is_full() { (2000, 20) } else { (400, 4) };
    Sweep::new(readers, 200).server_restarted(times);
}

#[test]
fn a_ledger_whose_disk_is_full_mails_nobody_twice_and_forgets_nobody() {
    let (readers, times) = if is_full() { (2000, 60) } else { (400, 8) };
    let crowd = crowd(readers);
    let server = Mta::start();
    let desk = desk(&server, "", &list(&crowd));
    let mut script = r"
        cp -a config good
        mount -t tmpfs -o size=20m none config
        cp -a good/. config
    "
    .to_owned();
    let mut chance = Chance::new(300);
    for at in 0..times {
        // Room for little at first, then for more and more of what the ledger writes.
        let (room, now) = (40 + at * readers / 40 + chance.below(60), later(at));
        write!(
            script,
            r#"
            cat /dev/zero > config/filler 2> no-room || true
            truncate -s -{room}K config/filler
            "$GRIOT" send --now {now} > out 2> err || echo code $? $(head -n 1 err)
            rm config/filler
            "#
        )
        .unwrap();
    }
    let last = later(times);
    write!(
        script,
        r#"
        "$GRIOT" send --now {last} > out 2> err || true
        "$GRIOT" audit
        echo sent; "$GRIOT" audit --who sent
        echo uncertain; "$GRIOT" audit --who uncertain
        "#
    )
    .unwrap();
    let Some(ran) = with_small_disks(&desk, &script) else { return };
    let (story, who) = ran.split_once("\nsent\n").unwrap();
    let (sent, uncertain) = who.split_once("uncertain\n").unwrap();
    let (sent, uncertain) = (self::readers(sent), self::readers(uncertain));
    accounted(&server, &crowd, &sent, &uncertain);
    let (failed, audit) = story.split_once("even ").unwrap();
    assert_eq!(audited(&format!("even {audit}")).unwrap().0, readers);
    let full = failed.lines().filter(|line| line.starts_with("code 1 error: the ledger failed")).count();
    assert!(full >= 4, "the disk was full {full} times:\n{ran}");
    let most = full * server.most_open();
    assert!(uncertain.len() <= most, "{} in doubt after {full} failures\n{failed}", uncertain.len());
    told(&format!("the disk was full {full} times, {} readers in doubt", uncertain.len()));
}
