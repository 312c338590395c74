//! Every reply class at every stage, with and without enhanced codes (RFC 5321, section 4.2; RFC 3463).

use super::{
    Case, DOUBT, LOGIN, PLAIN, READERS, REFUSED, Strike, WAITS, WAITS_OR_REFUSED, desk, go_on, hold_all, in_flight, in_turn,
    list, stand,
};
use crate::servers::mta::{ALL, Deed, Manners, Mta, Stage};

/// Not what is usual at any stage, though it sounds like a yes.
const ODD: [&str; 5] = ["200 fine", "252 2.0.0 perhaps", "299 fine", "300 more?", "399 3.9.9 more?"];
/// Not now.
const LATER: [&str; 10] = [
    "421 closing",
    "421 4.3.2 closing",
    "450 busy",
    "450 4.2.1 busy",
    "451 later",
    "451 4.7.1 greylisted",
    "452 full",
    "452 4.2.2 mailbox full",
    "452-4.5.3 too many\r\n452 4.5.3 recipients",
    "454 4.7.0 not now",
];
/// Not at all.
const NEVER: [&str; 16] = [
    "500 what?",
    "500 5.5.2 what?",
    "501 syntax",
    "501 5.1.3 bad address",
    "503 sequence",
    "503 5.5.1 sequence",
    "535 who are you?",
    "535 5.7.8 who are you?",
    "550 nobody here",
    "550 5.1.1 nobody here",
    "552 too much",
    "552 5.2.2 mailbox full",
    "553 no such name",
    "553 5.1.3 no such name",
    "554 no",
    "554 5.7.1 no",
];
/// Those of them that are about the reader, whatever is thought of the others.
const NOBODY: [&str; 4] = ["550 nobody here", "550 5.1.1 nobody here", "553 no such name", "553 5.1.3 no such name"];

fn all() -> impl Iterator<Item = &'static str> {
    ODD.into_iter().chain(LATER).chain(NEVER)
}

/// All replies at a stage that every connection or message goes through.
#[track_caller]
fn strikes_all(stage: Stage) {
    let faults = all().map(|reply| (reply.to_owned(), stage, Deed::Reply(reply), WAITS)).collect();
    in_turn("reply", Manners::default(), if stage == Stage::Auth { LOGIN } else { "" }, faults);
}

/// All replies at a stage that is about one reader, with and without the extensions that change the order of things.
#[track_caller]
fn strikes_one(stage: Stage, verdict: impl Fn(&str) -> &'static [&'static str]) {
    for offers in [&PLAIN[..], &ALL] {
        for replies in [&ODD[..], &LATER[..2], &LATER[2..6], &LATER[6..], &NEVER[..6], &NEVER[6..11], &NEVER[11..]] {
            let may = |reply: &str| if ODD.contains(&reply) { in_flight(offers, stage, verdict(reply)) } else { verdict(reply) };
            let strike = |reply: &&'static str| Strike { stage, deed: Deed::Reply(reply), may: may(reply) };
            Case {
                name: format!("{replies:?} at {stage:?}, offered {offers:?}"),
                manners: Manners::offering(offers),
                keys: "",
                strikes: replies.iter().map(strike).collect(),
                // A server that offers CHUNKING may never hear of DATA, or only of it.
                must_strike: !matches!((stage, offers.len()), (Stage::Bdat, _) | (Stage::Data, 8)),
            }
            .hold();
        }
    }
}

#[test]
fn at_the_greeting_every_reply_leaves_everybody_to_a_later_run() {
    strikes_all(Stage::Greeting);
}

#[test]
fn to_ehlo_every_reply_leaves_everybody_to_a_later_run() {
    strikes_all(Stage::Ehlo);
}

#[test]
fn to_auth_every_reply_leaves_everybody_to_a_later_run() {
    strikes_all(Stage::Auth);
}

#[test]
fn to_mail_every_reply_leaves_everybody_to_a_later_run() {
    strikes_all(Stage::Mail);
}

#[test]
fn to_rcpt_every_reply_is_about_that_reader() {
    strikes_one(Stage::Rcpt, |reply| match reply {
        reply if NOBODY.contains(&reply) => REFUSED,
        // That is about the desk.
        "535 5.7.8 who are you?" | "554 5.7.1 no" => WAITS,
        reply if reply.starts_with('5') => WAITS_OR_REFUSED,
        _ => WAITS,
    });
}

#[test]
fn to_data_every_reply_leaves_that_reader_to_a_later_run() {
    strikes_one(Stage::Data, |reply| if reply.starts_with('5') { WAITS_OR_REFUSED } else { WAITS });
}

#[test]
fn to_bdat_every_reply_decides_about_that_reader() {
    strikes_one(Stage::Bdat, |reply| match reply {
        reply if reply.starts_with('5') => WAITS_OR_REFUSED,
        reply if reply.starts_with('4') => WAITS,
        _ => DOUBT,
    });
}

#[test]
fn after_the_message_every_reply_decides_about_that_reader() {
    strikes_one(Stage::Dot, |reply| match reply {
        "554 5.7.1 no" | "535 5.7.8 who are you?" => WAITS,
        reply if reply.starts_with('5') => WAITS_OR_REFUSED,
        reply if reply.starts_with('4') => WAITS,
        _ => DOUBT,
    });
}

#[test]
fn a_reset_that_is_answered_oddly_costs_nobody_a_letter() {
    for replies in all().collect::<Vec<_>>().chunks(4) {
        let server = Mta::start();
        for (reply, reader) in replies.iter().zip(READERS) {
            server.rule(Stage::Rcpt, reader, Deed::Reply("550 5.1.1 no such user"), None);
            server.rule(Stage::Rset, "", Deed::Reply(reply), Some(1));
        }
        let name = format!("{replies:?} to RSET");
        let mut desk = desk(&server, "", &list(&READERS));
        let ran = desk.griot(&["send"]);
        let after = stand(&desk, &name);
        hold_all(&name, &server, &after, &ran);
        let end = go_on(&mut desk, &server, &after, &name);
        for (at, reader) in READERS.into_iter().enumerate() {
            assert_eq!(end[reader], if at < replies.len() { "refused" } else { "sent" }, "{name}: {reader}");
        }
    }
}

#[test]
fn whatever_is_said_to_quit_what_was_taken_is_sent() {
    for reply in [ODD[0], ODD[3], LATER[0], LATER[4], NEVER[0], NEVER[15]] {
        let server = Mta::start();
        server.rule(Stage::Quit, "", Deed::Reply(reply), None);
        desk(&server, "", &list(&READERS)).done(&["send"]);
        assert_eq!(server.mailed(), READERS, "{reply:?} to QUIT");
    }
}

#[test]
fn a_list_that_is_struck_as_a_whole_is_served_when_it_is_over() {
    for stage in [Stage::Rcpt, Stage::Data, Stage::Dot] {
        // Policy first: it is weighed by the number of tries.
        let replies = ["554 5.7.1 relay access denied", "550 5.7.1 blocked"].into_iter().chain(LATER);
        let faults = replies.map(|reply| (reply.to_owned(), stage, Deed::Reply(reply), WAITS)).collect();
        in_turn("to all", Manners::offering(&PLAIN), "", faults);
    }
}
