//! One message, its phases one by one.

use std::time::{Duration, Instant};

use super::script::Then::{Close, Hang, Say};
use super::script::{MESSAGE, Step, begin, greeted, hand_over, serve, waiting};
use crate::domain::{DeliveryState, Outcome, Reply};
use crate::mail::smtp::{Connection, Refusal, Stage};

fn said(text: &str) -> Reply {
    Reply::parse(text).unwrap()
}

/// The outcome of one message under a script that begins after DATA, and whether the connection can go on.
async fn handed_over(rest: &[Step]) -> (Outcome, bool) {
    let (server, serving) = serve(waiting(rest));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    let outcome = hand_over(&mut connection, MESSAGE).await;
    let usable = connection.is_usable();
    drop(connection);
    serving.join().unwrap();
    (outcome, usable)
}

#[tokio::test]
async fn a_letter_is_handed_over_once() {
    let (server, serving) = serve(waiting(&[(".", Say("250 2.0.0 queued as 4F2")), ("QUIT", Say("221 bye"))]));
    let mut connection = Connection::open(&server).await.unwrap();
    assert!(connection.is_usable());
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert!(!connection.is_usable());
    let outcome = hand_over(&mut connection, MESSAGE).await;
    assert_eq!(outcome, Outcome::Sent { reply: said("250 2.0.0 queued as 4F2") });
    assert!(connection.is_usable());
    connection.quit().await;
    let heard = serving.join().unwrap().lines;
    assert_eq!(heard[4..], ["Subject: x", "", "..", "rises", ".", "QUIT"]);
}

#[tokio::test]
async fn one_refused_reader_does_not_cost_the_connection() {
    let (server, serving) = serve(greeted(&[
        ("MAIL", Say("250 ok")),
        ("RCPT TO:<gone@reader.example>", Say("550-5.1.1 no such\r\n550 5.1.1 reader")),
        ("RSET", Say("250 ok")),
        ("MAIL", Say("250 ok")),
        ("RCPT TO:<slow@reader.example>", Say("451 4.7.1 try later")),
        ("RSET", Say("250 ok")),
        ("MAIL", Say("250 ok")),
        ("RCPT TO:<ada@reader.example>", Say("251 will forward")),
        ("DATA", Say("354 go")),
        (".", Say("250 ok")),
    ]));
    let mut connection = Connection::open(&server).await.unwrap();
    let stage = Stage::Recipient;
    let refused = begin(&mut connection, "gone@reader.example").await;
    assert_eq!(refused, Err(Refusal::Refused { stage, reply: said("550 5.1.1 no such reader") }));
    let deferred = begin(&mut connection, "slow@reader.example").await;
    assert_eq!(deferred, Err(Refusal::Deferred { stage, reply: said("451 4.7.1 try later") }));
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert_eq!(hand_over(&mut connection, b"x\r\n").await.state(), DeliveryState::Sent);
    drop(connection);
    serving.join().unwrap();
}

#[tokio::test]
async fn what_the_server_says_after_the_dot_decides() {
    let (outcome, usable) = handed_over(&[(".", Say("451 4.3.0 disk full"))]).await;
    assert_eq!((outcome, usable), (Outcome::Deferred { reply: said("451 4.3.0 disk full") }, true));
    let (outcome, usable) = handed_over(&[(".", Say("554 5.7.1 not wanted"))]).await;
    assert_eq!((outcome, usable), (Outcome::Refused { reply: said("554 5.7.1 not wanted") }, true));
    let (outcome, usable) = handed_over(&[(".", Say("421 4.3.2 going down"))]).await;
    assert_eq!((outcome.state(), usable), (DeliveryState::Deferred, false));
}

#[tokio::test]
async fn without_a_clear_word_after_the_dot_it_is_uncertain() {
    let (outcome, usable) = handed_over(&[(".", Close)]).await;
    assert_eq!((outcome.state(), usable), (DeliveryState::Uncertain, false), "{outcome:?}");
    let began = Instant::now();
    let (outcome, usable) = handed_over(&[(".", Hang)]).await;
    assert_eq!((outcome.state(), usable), (DeliveryState::Uncertain, false), "{outcome:?}");
    assert!(began.elapsed() < Duration::from_secs(3));
    for odd in ["354 go on", "251 maybe", "hello", "999 x", "250-never ends"] {
        let (outcome, usable) = handed_over(&[(".", Say(odd)), ("", Close)]).await;
        assert_eq!((outcome.state(), usable), (DeliveryState::Uncertain, false), "{odd}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_connection_out_of_step_is_never_used_again() {
    for (command, then) in [("MAIL", Close), ("MAIL", Hang), ("MAIL", Say("354 what?")), ("MAIL", Say("421 4.3.2 bye"))] {
        let (server, serving) = serve(greeted(&[(command, then)]));
        let mut connection = Connection::open(&server).await.unwrap();
        begin(&mut connection, "ada@reader.example").await.unwrap_err();
        assert!(!connection.is_usable());
        let again = begin(&mut connection, "ada@reader.example").await;
        assert!(matches!(again, Err(Refusal::Lost { .. })), "{again:?}");
        let nothing = hand_over(&mut connection, b"x\r\n").await;
        assert_eq!(nothing.state(), DeliveryState::Deferred);
        drop(connection);
        serving.join().unwrap();
    }
}

#[tokio::test]
async fn a_phase_dropped_half_way_takes_the_connection_with_it() {
    let (server, serving) = serve(greeted(&[("MAIL", Hang)]));
    let mut connection = Connection::open(&server).await.unwrap();
    let cut = tokio::time::timeout(Duration::from_millis(20), begin(&mut connection, "ada@reader.example")).await;
    assert!(cut.is_err() && !connection.is_usable());
    serving.join().unwrap();
}

#[tokio::test]
async fn a_message_that_could_break_the_dialogue_is_not_sent() {
    let (server, serving) = serve(waiting(&[(".", Say("250 ok"))]));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert_eq!(hand_over(&mut connection, b"x\n.\nMAIL FROM:<evil@e.example>\r\n").await.state(), DeliveryState::Refused);
    assert!(!connection.is_usable());
    drop(connection);
    assert_eq!(serving.join().unwrap().lines.last().unwrap(), "DATA");
}
