//! Where a server takes commands in flights but no chunks, the end of a letter brings the question for the next one with it:
//! from the second connection on, and as long as the server hangs up on none.

use std::collections::BTreeMap;

use super::{desk, go_on, hold_all, list, readers_in, stand_of};
use crate::harness::{Desk, Ran};
use crate::servers::mta::{Deed, Manners, Mta, Stage};

/// Letters that a connection carries at most.
const CONNECTION: usize = 100;
/// All over one connection at a time, in this order.
const KEYS: &str = "connections = 1\ntimeout_seconds = 2\n";

fn readers(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("r{number:03}@one.example")).collect()
}

/// A server that takes commands in flights, and a desk with so many readers.
fn with_readers(count: usize) -> (Mta, Desk, Vec<String>) {
    let server = Mta::with(Manners::offering(&["PIPELINING", "ENHANCEDSTATUSCODES"]));
    let readers = readers(count);
    let desk = desk(&server, KEYS, &list(&readers));
    (server, desk, readers)
}

#[track_caller]
fn sent(name: &str, server: &Mta, desk: &Desk, readers: &[String]) -> (BTreeMap<String, String>, Ran) {
    let ran = desk.griot(&["send"]);
    let readers: Vec<&str> = readers.iter().map(String::as_str).collect();
    let stand = stand_of(&readers, desk, name);
    hold_all(name, server, &stand, &ran);
    (stand, ran)
}

#[test]
fn a_letter_costs_one_round_trip_once_the_server_has_shown_what_it_does() {
    let (server, desk, readers) = with_readers(CONNECTION * 5 / 2);
    let (stand, ran) = sent("all", &server, &desk, &readers);
    assert_eq!((ran.code, readers_in(&stand, "sent").len()), (0, readers.len()));
    server.quiet();
    // Greeting, EHLO and QUIT.
    let flights = server.flights() - 3 * server.connections() - 2 * CONNECTION;
    let letters = readers.len() - CONNECTION;
    assert!((letters..letters * 11 / 10).contains(&flights), "{flights} for {letters} letters");
}

#[test]
fn what_strikes_one_letter_costs_the_one_before_no_more_than_a_doubt() {
    let faults = [
        (Stage::Rcpt, Deed::Reply("550 5.1.1 nobody"), 0),
        (Stage::Rcpt, Deed::Reply("451 4.7.1 greylisted"), 0),
        (Stage::Rcpt, Deed::Reply("421 4.3.2 going down"), 0),
        // What was said before is lost with the line.
        (Stage::Rcpt, Deed::Drop, 1),
        (Stage::Rcpt, Deed::Silence, 0),
        (Stage::Rcpt, Deed::Twice, 0),
        (Stage::Rcpt, Deed::Rubbish, 0),
        (Stage::Data, Deed::Reply("451 4.3.0 full"), 0),
        (Stage::Data, Deed::Reply("554 5.5.1 no"), 0),
        (Stage::Data, Deed::Reply("421 4.3.2 going down"), 0),
        (Stage::Data, Deed::Drop, 1),
        (Stage::Data, Deed::Twice, 0),
        (Stage::Body(4), Deed::Drop, 0),
        (Stage::Dot, Deed::Reply("451 4.3.0 full"), 0),
        (Stage::Dot, Deed::Reply("554 5.7.1 no"), 0),
        (Stage::Dot, Deed::Reply("421 4.3.2 going down"), 0),
        (Stage::Dot, Deed::Drop, 1),
        (Stage::Kept, Deed::Drop, 1),
        (Stage::Kept, Deed::Twice, 0),
        (Stage::Answered, Deed::Drop, 0),
    ];
    for (number, (stage, deed, doubts)) in faults.into_iter().enumerate() {
        let (server, mut desk, readers) = with_readers(CONNECTION + 30);
        let struck = &readers[CONNECTION + 20];
        server.rule(stage, struck, deed, Some(1));
        let name = format!("fault {number}, at {stage:?}");
        let (stand, _) = sent(&name, &server, &desk, &readers);
        assert_eq!(server.met(), 1, "{name}: never met");
        let before = readers_in(&stand, "uncertain");
        assert!(before.len() <= doubts, "{name}: {before:?}");
        server.mend();
        let end = go_on(&mut desk, &server, &stand, &name);
        for (reader, state) in &end {
            let expected: &[&str] = match (reader == struck, before.contains(reader)) {
                (_, true) => &["uncertain"],
                (true, _) => &["sent", "refused"],
                (false, false) => &["sent"],
            };
            assert!(expected.contains(&state.as_str()), "{name}: {reader} is {state}");
        }
    }
}

#[test]
fn a_server_that_hangs_up_is_asked_ahead_no_more() {
    let (server, desk, readers) = with_readers(CONNECTION * 2);
    // It drops the line, and with it the word on the letter before; two times would do so twice.
    for number in [20, 40, 60] {
        server.rule(Stage::Data, &readers[CONNECTION + number], Deed::Drop, Some(1));
    }
    let (stand, _) = sent("hangs up", &server, &desk, &readers);
    assert_eq!(readers_in(&stand, "uncertain").into_iter().collect::<Vec<_>>(), [readers[CONNECTION + 19].clone()]);
}
