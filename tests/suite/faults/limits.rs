//! What servers limit, and what they do not offer.

use std::time::Duration;

use super::{READERS, desk, go_on, hold_all, list, readers_in, stand};
use crate::servers::mta::{ALL, Deed, Manners, Mta};

#[test]
fn a_limit_of_messages_a_connection_costs_nobody_a_letter() {
    for (most, deed) in [
        (1, Deed::Drop),
        (3, Deed::Drop),
        (1, Deed::Reply("421 4.7.0 too many messages")),
        (3, Deed::Reply("421 4.7.0 too many messages")),
        (3, Deed::Reply("452 4.5.3 too many messages")),
    ] {
        let name = format!("{most} messages a connection");
        // Without an answer, what left in one flight with its envelope would be in doubt: see below.
        let plain = matches!(deed, Deed::Drop);
        let manners = if plain { Manners::offering(&["PIPELINING"]) } else { Manners::default() };
        let server = Mta::with(Manners { per_connection: Some((most, deed)), ..manners });
        let mut desk = desk(&server, "", &list(&READERS));
        let ran = desk.griot(&["send"]);
        let after = stand(&desk, &name);
        hold_all(&name, &server, &after, &ran);
        assert!(after.values().all(|state| ["sent", "due", "deferred"].contains(&state.as_str())), "{name}: {after:?}");
        go_on(&mut desk, &server, &after, &name);
        assert_eq!(server.mailed(), READERS, "{name}");
    }
}

#[test]
fn a_server_that_hangs_up_on_a_flight_leaves_one_letter_a_connection_in_doubt_at_most() {
    let server = Mta::with(Manners { per_connection: Some((3, Deed::Drop)), ..Manners::default() });
    let mut desk = desk(&server, "connections = 2\n", &list(&READERS));
    let ran = desk.griot(&["send"]);
    let after = stand(&desk, "flights");
    hold_all("flights", &server, &after, &ran);
    let doubt = readers_in(&after, "uncertain").len();
    assert!(doubt <= 2, "{after:?}");
    let end = go_on(&mut desk, &server, &after, "flights");
    assert_eq!(readers_in(&end, "uncertain").len(), doubt, "it is not trusted with another");
    assert_eq!(readers_in(&end, "sent").len(), READERS.len() - doubt);
}

#[test]
fn a_server_that_hangs_up_on_flights_gets_no_second_one() {
    let server = Mta::with(Manners { per_connection: Some((1, Deed::Drop)), ..Manners::default() });
    let mut desk = desk(&server, "connections = 1\n", &list(&READERS));
    let ran = desk.griot(&["send"]);
    let after = stand(&desk, "one flight");
    hold_all("one flight", &server, &after, &ran);
    let struck = readers_in(&after, "deferred").len() + readers_in(&after, "uncertain").len();
    assert_eq!((struck, readers_in(&after, "sent").len()), (1, READERS.len() - 1), "{after:?}");
    go_on(&mut desk, &server, &after, "one flight");
}

#[test]
fn a_limit_of_connections_costs_nobody_a_letter() {
    for most in [1, 2] {
        let name = format!("{most} connections at once");
        let server = Mta::with(Manners { at_once: Some(most), latency: Duration::from_millis(5), ..Manners::default() });
        let mut desk = desk(&server, "", &list(&READERS));
        let ran = desk.griot(&["send"]);
        let after = stand(&desk, &name);
        hold_all(&name, &server, &after, &ran);
        go_on(&mut desk, &server, &after, &name);
        assert_eq!(server.mailed(), READERS, "{name}");
    }
}

#[test]
fn no_extension_is_needed() {
    for missing in ALL {
        let offers: Vec<&str> = ALL.into_iter().filter(|offer| *offer != missing).collect();
        serves(&offers);
    }
    serves(&[]);
    serves(&["XCLIENT NAME ADDR", "X-ANYTHING GOES", "pipelining", "Size", "8bitmime", "AUTH=LOGIN", "CHUNKING"]);
}

#[track_caller]
fn serves(offers: &[&'static str]) {
    let server = Mta::with(Manners::offering(offers));
    let desk = desk(&server, "", &list(&READERS));
    let ran = desk.griot(&["send"]);
    hold_all(&format!("{offers:?}"), &server, &stand(&desk, "offers"), &ran);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{offers:?}");
    assert_eq!(server.mailed(), READERS, "{offers:?}");
}

#[test]
fn a_server_that_takes_only_small_messages_is_not_the_readers_fault_to_mend() {
    let server = Mta::with(Manners::offering(&["PIPELINING", "SIZE 1000", "ENHANCEDSTATUSCODES"]));
    let desk = desk(&server, "", &list(&READERS));
    let ran = desk.griot(&["send"]);
    let stand = stand(&desk, "SIZE");
    hold_all("SIZE", &server, &stand, &ran);
    assert_eq!(server.mailed(), Vec::<String>::new());
    assert!(!stand.values().any(|state| state == "uncertain"), "{stand:?}");
}

/// Round trips that a message may cost beside those of its connection, in tenths, by what the server offers: MAIL, RCPT,
/// DATA and the message one after the other.
const ROUND_TRIPS: [(&[&str], usize); 3] = [(&ALL, 12), (&["PIPELINING"], 22), (&[], 40)];

#[test]
fn a_message_costs_no_more_round_trips_than_it_has_to() {
    for (offers, tenths) in ROUND_TRIPS {
        let server = Mta::with(Manners::offering(offers));
        desk(&server, "connections = 1\n", &list(&READERS)).done(&["send"]);
        server.quiet();
        // Greeting, EHLO and QUIT.
        let flights = server.flights() - 3 * server.connections();
        assert!(flights * 10 <= READERS.len() * tenths, "{flights} for {} messages, offered {offers:?}", READERS.len());
    }
}
