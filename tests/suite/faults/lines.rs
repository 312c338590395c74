//! The line is cut, at every command, in the middle of the body and around the last reply; and replies that are none.

use super::{
    Case, DOUBT, LOGIN, PLAIN, READERS, SENT, Strike, UNCERTAIN, WAITS, desk, go_on, hold_all, in_flight, in_turn, list, stand,
};
use crate::servers::mta::{ALL, Deed, Manners, Mta, Stage};

/// One sending, each of these faults for a reader of its own, with and without the extensions.
#[track_caller]
fn one_each(name: &str, keys: &'static str, strikes: &[(Stage, Deed, &'static [&'static str])]) {
    for offers in [&PLAIN[..], &ALL] {
        // A server that offers CHUNKING may hear of BDAT or of DATA, one that does not never hears of BDAT.
        let speaks = |stage| stage != Stage::Bdat || offers.contains(&"CHUNKING");
        let strikes = strikes.iter().filter(|(stage, ..)| speaks(*stage));
        let may = |stage, may| if may == WAITS { in_flight(offers, stage, may) } else { may };
        let strikes: Vec<Strike> = strikes
            .map(|(stage, deed, as_a_rule)| Strike { stage: *stage, deed: deed.clone(), may: may(*stage, *as_a_rule) })
            .collect();
        let must_strike =
            !offers.contains(&"CHUNKING") || strikes.iter().all(|strike| !matches!(strike.stage, Stage::Data | Stage::Bdat));
        let name = format!("{name}, offered {offers:?}");
        Case { name, manners: Manners::offering(offers), keys, strikes, must_strike }.hold();
    }
}

#[test]
fn a_line_that_is_cut_before_a_message_leaves_everybody_to_a_later_run() {
    let stages = [Stage::Connect, Stage::Greeting, Stage::Ehlo, Stage::Auth, Stage::Mail];
    let faults = stages.map(|stage| ("cut".to_owned(), stage, Deed::Drop, WAITS));
    in_turn("and again at every connection", Manners::default(), LOGIN, faults.into());
}

#[test]
fn a_line_that_is_cut_at_a_reader_is_about_that_reader_alone() {
    one_each(
        "cut before the body",
        "",
        &[(Stage::Rcpt, Deed::Drop, WAITS), (Stage::Data, Deed::Drop, WAITS), (Stage::Bdat, Deed::Drop, DOUBT)],
    );
}

#[test]
fn a_line_that_is_cut_at_any_eighth_of_the_body_is_in_doubt_at_most() {
    for eighths in [0..4, 4..8] {
        let strikes: Vec<_> = eighths.clone().map(|eighth| (Stage::Body(eighth), Deed::Drop, DOUBT)).collect();
        one_each(&format!("cut at {eighths:?} eighths"), "", &strikes);
    }
}

#[test]
fn a_service_that_is_closed_at_any_eighth_of_the_body_is_in_doubt_at_most() {
    for eighths in [0..4, 4..8] {
        let deed = Deed::Reply("421 4.3.2 going down");
        let strikes: Vec<_> = eighths.clone().map(|eighth| (Stage::Body(eighth), deed.clone(), DOUBT)).collect();
        one_each(&format!("421 at {eighths:?} eighths"), "", &strikes);
    }
}

#[test]
fn a_lost_reply_is_uncertain_whether_the_message_was_kept_or_not() {
    one_each("reply lost", "", &[(Stage::Dot, Deed::Drop, DOUBT), (Stage::Kept, Deed::Drop, UNCERTAIN)]);
}

#[test]
fn a_line_that_is_cut_between_two_messages_costs_nobody_a_letter() {
    one_each(
        "between messages",
        "",
        &[
            (Stage::Answered, Deed::Drop, SENT),
            (Stage::Answered, Deed::Reply("421 4.4.2 idle for too long"), SENT),
            (Stage::Answered, Deed::Drop, SENT),
            (Stage::Answered, Deed::Reply("250 2.0.0 did I say that?"), SENT),
        ],
    );
}

#[test]
fn a_line_that_is_cut_at_the_end_costs_nobody_a_letter() {
    for (name, deed) in [("cut", Deed::Drop), ("rubbish", Deed::Rubbish), ("twice", Deed::Twice), ("over-long", Deed::Long)] {
        let name = format!("{name} at RSET and QUIT");
        let server = Mta::start();
        server.rule(Stage::Rcpt, READERS[0], Deed::Reply("550 5.1.1 no such user"), None);
        server.rule(Stage::Rset, "", deed.clone(), None);
        server.rule(Stage::Quit, "", deed, None);
        let mut desk = desk(&server, "", &list(&READERS));
        let ran = desk.griot(&["send"]);
        let after = stand(&desk, &name);
        hold_all(&name, &server, &after, &ran);
        assert_eq!(after[READERS[0]], "refused", "{name}: {ran:#?}");
        // Out of step after RSET, the next reader may have to wait.
        let end = go_on(&mut desk, &server, &after, &name);
        assert!(READERS[1..].iter().all(|reader| end[*reader] == "sent"), "{name}: {end:?}");
    }
}

/// What is no reply, or an odd one; and what comes of it before the body.
const ODD: [(&str, Deed, &[&str]); 6] = [
    ("slow", Deed::Slow(300), SENT),
    ("many lines", Deed::Lines, SENT),
    ("twice", Deed::Twice, WAITS),
    ("bare LF", Deed::BareLf, WAITS),
    ("over-long", Deed::Long, WAITS),
    ("rubbish", Deed::Rubbish, WAITS),
];

#[test]
fn odd_replies_to_the_connection_leave_everybody_to_a_later_run() {
    for stage in [Stage::Greeting, Stage::Ehlo, Stage::Auth, Stage::Mail] {
        let faults = ODD.map(|(name, deed, may)| (name.to_owned(), stage, deed, may));
        in_turn("odd", Manners::default(), LOGIN, faults.into());
    }
}

#[test]
fn odd_replies_about_a_reader_cost_nobody_a_letter() {
    for stage in [Stage::Rcpt, Stage::Data] {
        let strikes: Vec<_> = ODD
            .into_iter()
            // Out of step at the body: the word on it may not be the word on it.
            .map(|(_, deed, may)| (stage, deed, if stage == Stage::Data && may == WAITS { DOUBT } else { may }))
            .collect();
        one_each(&format!("odd at {stage:?}"), "", &strikes[..3]);
        one_each(&format!("odd at {stage:?}"), "", &strikes[3..]);
    }
}

#[test]
fn odd_replies_to_the_message_are_in_doubt_at_most() {
    one_each(
        "odd after the message",
        "",
        &[
            (Stage::Kept, Deed::Slow(300), SENT),
            (Stage::Kept, Deed::Lines, SENT),
            (Stage::Kept, Deed::Twice, SENT),
            (Stage::Kept, Deed::BareLf, DOUBT),
        ],
    );
    one_each(
        "no reply to the message",
        "",
        &[(Stage::Kept, Deed::Long, DOUBT), (Stage::Kept, Deed::Rubbish, UNCERTAIN), (Stage::Dot, Deed::Rubbish, UNCERTAIN)],
    );
}

/// The keys that make griot wait for a second where it waits for minutes (RFC 5321, section 4.5.3.2). The config has none
/// yet; until it has, what says nothing cannot be waited for here.
const PATIENCE: Option<&str> = None;

#[test]
fn a_server_that_says_nothing_is_left_in_time() {
    let Some(keys) = PATIENCE else { return };
    let stages = [Stage::Greeting, Stage::Ehlo, Stage::Mail];
    in_turn("silence", Manners::default(), keys, stages.map(|stage| ("silence".to_owned(), stage, Deed::Silence, WAITS)).into());
    let silent = |stage, may| (stage, Deed::Silence, may);
    one_each("silence", keys, &[silent(Stage::Rcpt, WAITS), silent(Stage::Data, WAITS), silent(Stage::Body(4), DOUBT)]);
    one_each("silence", keys, &[silent(Stage::Dot, DOUBT), silent(Stage::Kept, UNCERTAIN)]);
}
