//! What a mail server, a disk or a kill may do to a sending, and what has to hold all the same.
//!
//! Nothing here takes for granted in which order readers are tried, over how many connections, or which commands share a
//! packet: it looks at what the ledger says of each reader, and at what the server has kept.

/// The server is asked for the next letter with the end of one.
mod ahead;
/// What servers limit and do not offer.
mod limits;
/// The line is cut, the reply is lost, or is none.
mod lines;
/// Every reply class at every stage.
mod replies;
/// STARTTLS and logins.
mod security;
/// Killed at any instant, and started again.
mod sweep;

mod chance;
mod victim;

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Desk, RIVER, Ran};
use crate::servers::mta::{Deed, Manners, Mta, Stage};

/// What a server announces that takes nothing but one command after the other.
const PLAIN: [&str; 2] = ["ENHANCEDSTATUSCODES", "AUTH PLAIN LOGIN"];
/// griot logs in.
const LOGIN: &str = "user = \"desk\"\npassword_file = \"password\"\n";
const EDITION: &str = "2026-03-04-a-river-rises";
/// Each may be struck by a fault of its own.
const READERS: [&str; 10] = [
    "ada@one.example",
    "ba@two.example",
    "cy@three.example",
    "di@four.example",
    "ed@five.example",
    "fy@one.example",
    "gus@two.example",
    "hal@three.example",
    "ida@four.example",
    "jo@one.example",
];

/// States that a reader may be in once the fault has struck.
const SENT: &[&str] = &["sent"];
/// The message was kept, and the reply lost: nobody can know more.
const UNCERTAIN: &[&str] = &["uncertain"];
const REFUSED: &[&str] = &["refused"];
/// Nothing was accepted and nothing is final; or griot has tried again by itself.
const WAITS: &[&str] = &["due", "deferred", "sent"];
/// The same, or griot puts it down to the reader.
const WAITS_OR_REFUSED: &[&str] = &["due", "deferred", "sent", "refused"];
/// May or may not have arrived, or griot knows better.
const DOUBT: &[&str] = &["uncertain", "due", "deferred", "sent"];

/// What may come of a reader where the answer to RCPT is none: a message that left in one flight with its envelope may have
/// been taken all the same (RFC 3030).
fn in_flight(offers: &[&str], stage: Stage, may: &'static [&'static str]) -> &'static [&'static str] {
    if offers.contains(&"CHUNKING") && stage == Stage::Rcpt { DOUBT } else { may }
}

/// What happens to one reader, and what may come of it.
struct Strike {
    stage: Stage,
    deed: Deed,
    may: &'static [&'static str],
}

/// Faults that strike a reader each, in one sending; those who come after them are to get their letter.
struct Case {
    name: String,
    manners: Manners,
    /// More keys of the section `smtp`.
    keys: &'static str,
    strikes: Vec<Strike>,
    /// Whether each fault has to be met: not where it depends on how griot speaks.
    must_strike: bool,
}

impl Case {
    /// Sends until every fault has struck, then goes on when they are over.
    #[track_caller]
    fn hold(self) {
        let name = &self.name;
        let (server, strikes) = (Mta::with(self.manners), self.strikes.len());
        for (strike, reader) in self.strikes.iter().zip(READERS) {
            server.rule(strike.stage, reader, strike.deed.clone(), None);
        }
        let mut desk = desk(&server, self.keys, &list(&READERS));
        let all_struck = |server: &Mta| server.met() == strikes || !self.must_strike;
        let others_sent = |stand: &BTreeMap<String, String>| READERS[strikes..].iter().all(|reader| stand[*reader] == "sent");
        let mut before = BTreeMap::new();
        // What is in doubt, and what looks like a wall, may end a run before everybody was tried; but it lasts, and must
        // not keep the others from their letters.
        for hours in (0..16).step_by(2) {
            let ran = desk.at(&later(hours)).griot(&[if hours == 0 { "send" } else { "run" }]);
            let after = stand(&desk, name);
            hold_all(name, &server, &after, &ran);
            for (at, (reader, state)) in READERS.iter().map(|reader| (reader, &after[*reader])).enumerate() {
                let may = self.strikes.get(at).map_or(WAITS, |strike| strike.may);
                let fine = may.contains(&state.as_str()) || state == "due";
                assert!(fine, "{name}: {reader} is {state}, not {may:?}\n{ran:#?}\n{:#?}", server.heard());
            }
            assert_eq!(ran.code, code(&before, &after), "{name}: {after:?}\n{ran:#?}");
            before = after;
            if all_struck(&server) && others_sent(&before) {
                break;
            }
        }
        assert!(all_struck(&server), "{name}: never met\n{before:#?}\n{:#?}", server.heard());
        for (strike, reader) in self.strikes.iter().zip(READERS).filter(|_| self.must_strike) {
            assert!(
                strike.may.contains(&before[reader].as_str()),
                "{name}: {reader} is {}\n{:#?}",
                before[reader],
                server.heard()
            );
        }
        assert!(others_sent(&before), "{name}: the others wait\n{before:#?}\n{:#?}", server.heard());
        server.mend();
        let end = go_on(&mut desk, &server, &before, name);
        for (reader, state) in &end {
            let before = before[reader].as_str();
            let expected = if ["refused", "uncertain"].contains(&before) { before } else { "sent" };
            assert_eq!(state, expected, "{name}: {reader} was {before}");
        }
    }
}

/// Faults that strike everybody alike, one after the other; in between and at the end nobody is lost.
#[track_caller]
fn in_turn(name: &str, manners: Manners, keys: &str, faults: Vec<(String, Stage, Deed, &'static [&'static str])>) {
    let server = Mta::with(manners);
    // A reader who was put off often waits for a day.
    let keys = &format!("{keys}\n[delivery]\ngive_up_days = 60\n");
    let mut desk = desk(&server, keys, &list(&READERS));
    let mut before = BTreeMap::new();
    let mut hours = 0;
    for (fault, stage, deed, may) in faults {
        let name = format!("{fault} at {stage:?} ({name})");
        server.mend();
        server.rule(stage, "", deed, None);
        let ran = desk.at(&later(hours)).griot(&[if hours == 0 { "send" } else { "run" }]);
        hours += 25;
        let after = stand(&desk, &name);
        hold_all(&name, &server, &after, &ran);
        for (reader, state) in &after {
            assert!(may.contains(&state.as_str()), "{name}: {reader} is {state}\n{ran:#?}\n{:#?}", server.heard());
        }
        // Everybody is struck: griot may say that a person has to mend that, unless the server asks for patience.
        let may_stop = ran.code == 1 && !fault.starts_with('4');
        assert!(may_stop || ran.code == code(&before, &after), "{name}: {after:?}\n{ran:#?}");
        assert_eq!(server.met(), 1, "{name}: never met\n{ran:#?}\n{:#?}", server.heard());
        if waiting(&after) == 0 {
            // There is nobody left to strike.
            (hours, before) = (0, BTreeMap::new());
            desk = self::desk(&server, keys, &list(&READERS));
            server.forget();
        } else {
            before = after;
        }
    }
    server.mend();
    if hours > 0 {
        go_on_after(hours, &mut desk, &server, &before, name);
    }
}

/// The exit code that goes with this: 75 where mail waits, or is newly in doubt.
fn code(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> i32 {
    let in_doubt = readers_in(after, "uncertain").len() > readers_in(before, "uncertain").len();
    if in_doubt || waiting(after) > 0 { 75 } else { 0 }
}

/// So many hours after the sending began.
fn later(hours: usize) -> String {
    let start: jiff::Timestamp = "2026-03-04T13:00:00Z".parse().unwrap();
    (start + jiff::SignedDuration::from_hours(i64::try_from(hours).unwrap())).to_string()
}

/// Runs every two hours until nobody waits, for a day at the most. Within the five days that a reader is tried.
#[track_caller]
fn go_on(desk: &mut Desk, server: &Mta, before: &BTreeMap<String, String>, name: &str) -> BTreeMap<String, String> {
    go_on_after(84, desk, server, before, name)
}

/// The same, some hours after the beginning.
#[track_caller]
fn go_on_after(
    after: usize,
    desk: &mut Desk,
    server: &Mta,
    before: &BTreeMap<String, String>,
    name: &str,
) -> BTreeMap<String, String> {
    let kept = server.tally();
    for hours in (after..after + 60).step_by(2) {
        let ran = desk.at(&later(hours)).griot(&["run"]);
        let readers: Vec<&str> = before.keys().map(String::as_str).collect();
        let now = stand_of(&readers, desk, name);
        hold_all(name, server, &now, &ran);
        if waiting(&now) == 0 {
            assert_eq!(ran.code, 0, "{name}: {ran:#?}");
            for reader in readers_in(before, "uncertain") {
                assert_eq!(now[&reader], "uncertain", "{name}: {reader}");
                assert_eq!(server.tally().get(&reader), kept.get(&reader), "{name}: {reader} was sent again unasked");
            }
            return now;
        }
    }
    panic!("{name}: still {} after a day", desk.done(&["audit"]));
}

/// What holds at any time: what is sent is kept once, what waits or is refused is not kept, what is in doubt not twice;
/// the server heard nothing that it did not allow; and nothing of what was said is unfit for a log.
#[track_caller]
fn hold_all(name: &str, server: &Mta, stand: &BTreeMap<String, String>, ran: &Ran) {
    let kept = server.tally();
    for (reader, state) in stand {
        let count = kept.get(reader).copied().unwrap_or(0);
        let fits = match state.as_str() {
            "sent" => count == 1,
            "uncertain" => count <= 1,
            _ => count == 0,
        };
        assert!(fits, "{name}: {reader} is {state}, and the server has kept {count}\n{ran:#?}\n{:#?}", server.heard());
        assert!(!ran.stderr.contains(reader), "{name}: an address in clear\n{ran:#?}");
    }
    assert!(kept.keys().all(|reader| stand.contains_key(reader)), "{name}: strangers were mailed: {kept:?}");
    assert_eq!(server.breaches(), Vec::<String>::new(), "{name}");
    let is_plain = |c: char| c == '\n' || !c.is_control();
    assert!(ran.stderr.chars().all(is_plain) && ran.stderr.len() < 4000, "{name}: not fit for a log: {:?}", ran.stderr);
    assert!(!ran.stderr.contains("panicked"), "{name}: {}", ran.stderr);
    assert!(!ran.stderr.contains("hunter2"), "{name}: the password\n{}", ran.stderr);
}

/// A published article and these readers, all confirmed.
fn desk(server: &Mta, keys: &str, list: &str) -> Desk {
    let mut desk = Desk::with_smtp(server.port, keys);
    desk.at("2026-03-04T13:00:00Z");
    desk.write("river.txt", RIVER);
    desk.write("password", "hunter2-secret\n");
    desk.done(&["publish", "river.txt"]);
    desk.write("readers.csv", list);
    desk.done(&["subscribers", "import", "readers.csv", "--apply", "--confirmed", "signed up at the desk"]);
    desk
}

fn list(readers: &[impl AsRef<str>]) -> String {
    readers.iter().fold("email\n".to_owned(), |list, reader| list + reader.as_ref() + "\n")
}

/// The state of every one of [`READERS`], as `griot audit` tells it: even, and each in exactly one.
#[track_caller]
fn stand(desk: &Desk, name: &str) -> BTreeMap<String, String> {
    stand_of(&READERS, desk, name)
}

/// The same of these readers.
#[track_caller]
fn stand_of(all: &[&str], desk: &Desk, name: &str) -> BTreeMap<String, String> {
    let (recipients, mut counts) = audit(desk, name);
    assert_eq!(recipients, all.len(), "{name}");
    counts.sort_by_key(|(_, count)| *count);
    let (most, _) = counts.pop().unwrap();
    let mut stand = BTreeMap::new();
    for (state, count) in counts {
        let who = desk.done(&["audit", "--who", &state]);
        let readers: Vec<&str> = who.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(readers.len(), count, "{name}: who is {state}");
        for reader in readers {
            assert!(all.contains(&reader), "{name}: {reader} is {state}, and no reader");
            let other = stand.insert(reader.to_owned(), state.clone());
            assert_eq!(other, None, "{name}: {reader} is {state} too");
        }
    }
    // The others are in the one state that is left, or the sum would not be even.
    for reader in all {
        stand.entry((*reader).to_owned()).or_insert_with(|| most.clone());
    }
    stand
}

/// How many readers are in each state: ``even      EDITION to `readers`, 5 recipients: 1 refused, 4 sent``.
#[track_caller]
fn audit(desk: &Desk, name: &str) -> (usize, Vec<(String, usize)>) {
    let told = desk.done(&["audit"]);
    audited(&told).unwrap_or_else(|| panic!("{name}: not even, or not understood: {told}"))
}

fn audited(told: &str) -> Option<(usize, Vec<(String, usize)>)> {
    let (recipients, counts) =
        told.trim_end().strip_prefix(&format!("even      {EDITION} to `readers`, "))?.split_once(" recipients: ")?;
    let counts = counts.split(", ").map(|count| {
        let (count, state) = count.split_once(' ')?;
        Some((state.to_owned(), count.parse().ok()?))
    });
    Some((recipients.parse().ok()?, counts.collect::<Option<_>>()?))
}

fn readers_in(stand: &BTreeMap<String, String>, state: &str) -> BTreeSet<String> {
    stand.iter().filter(|(_, of)| *of == state).map(|(reader, _)| reader.clone()).collect()
}

/// Readers that another run has to see to.
fn waiting(stand: &BTreeMap<String, String>) -> usize {
    stand.values().filter(|state| ["due", "claimed", "in flight", "deferred"].contains(&state.as_str())).count()
}
