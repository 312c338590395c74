//! Envelope and message in as few flights as the server allows, and what is known when one of them goes astray.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::script::Then::{Close, Hang, Later, Say};
use super::script::{
    FROM, MESSAGE, SHORT, Step, TO, address, begin, hand_over, hand_over_and_ask, offering, send_at_once, serve, server,
};
use crate::domain::{DeliveryState, Outcome, Reply};
use crate::mail::smtp::{Connection, Envelope, Refusal, Server, Stage};

const PIPELINING: &str = "250-post.example\r\n250 PIPELINING";
const CHUNKING: &str = "250-post.example\r\n250-PIPELINING\r\n250-SIZE 100000000\r\n250 CHUNKING";

/// What begins with these, once the server offers pipelining.
async fn begun(rest: &[Step]) -> (Result<(), Refusal>, bool, Vec<String>) {
    let (server, serving) = serve(offering(PIPELINING, rest));
    let mut connection = Connection::open(&server).await.unwrap();
    let begun = begin(&mut connection, "ada@reader.example").await;
    let is_in_step = connection.wire.is_in_step();
    drop(connection);
    (begun, is_in_step, serving.join().unwrap().lines)
}

/// What becomes of a message sent in one flight, and whether the connection can go on.
async fn sent(rest: &[Step]) -> (Result<Outcome, Refusal>, bool) {
    let (server, serving) = serve(offering(CHUNKING, rest));
    let mut connection = Connection::open(&server).await.unwrap();
    assert!(connection.is_one_flight());
    let sent = send_at_once(&mut connection, MESSAGE).await;
    let is_usable = connection.is_usable();
    drop(connection);
    serving.join().unwrap();
    (sent, is_usable)
}

fn said(text: &str) -> Reply {
    Reply::parse(text).unwrap()
}

#[tokio::test]
async fn with_pipelining_a_message_costs_two_round_trips() {
    let message = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), (".", Say("250 ok"))];
    let (server, serving) = serve(offering(PIPELINING, &message.repeat(10)));
    let mut connection = Connection::open(&server).await.unwrap();
    for _ in 0..10 {
        begin(&mut connection, "ada@reader.example").await.unwrap();
        assert_eq!(hand_over(&mut connection, MESSAGE).await.state(), DeliveryState::Sent);
    }
    drop(connection);
    assert_eq!(serving.join().unwrap().flights, 1 + 20, "EHLO and two flights a message");
}

#[tokio::test]
async fn a_server_that_is_asked_ahead_costs_one_round_trip() {
    let message = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), (".", Say("250 ok"))];
    let (server, serving) = serve(offering(PIPELINING, &message.repeat(10)));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    for _ in 0..9 {
        let outcome = hand_over_and_ask(&mut connection, MESSAGE, "ada@reader.example").await;
        assert_eq!(outcome.state(), DeliveryState::Sent);
        assert!(connection.is_asked() && !connection.is_usable());
        connection.begun().await.unwrap();
        assert!(!connection.is_asked());
    }
    assert_eq!(hand_over(&mut connection, MESSAGE).await.state(), DeliveryState::Sent);
    assert!(connection.is_usable() && !connection.is_asked());
    drop(connection);
    let heard = serving.join().unwrap();
    assert_eq!(heard.flights, 1 + 1 + 10, "EHLO, the first question, and a flight a message");
    assert_eq!(heard.lines[4..12], ["Subject: x", "", "..", "rises", ".", FROM, TO, "DATA"]);
}

/// What becomes of a message whose end asks for the next one, of that one, and whether the connection can go on, under a
/// script that begins with the end.
async fn asked_ahead(rest: &[Step]) -> (Outcome, Option<Result<(), Refusal>>, bool) {
    let begun = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go"))];
    let (server, serving) = serve(offering(PIPELINING, &[&begun[..], rest].concat()));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    let outcome = hand_over_and_ask(&mut connection, MESSAGE, "next@reader.example").await;
    let next = if connection.is_asked() { Some(connection.begun().await) } else { None };
    let is_in_step = connection.wire.is_in_step();
    drop(connection);
    serving.join().unwrap();
    (outcome, next, is_in_step)
}

#[tokio::test]
async fn what_is_said_to_a_message_is_not_about_the_one_that_was_asked_for_with_it() {
    let taken = || Outcome::Sent { reply: said("250 taken") };
    let envelope = [("MAIL", Say("250 ok")), ("RCPT TO:<next@reader.example>", Say("250 ok"))];
    let asked = [&envelope[..], &[("DATA", Say("354 go"))]].concat();
    for (word, outcome) in [
        ("250 taken", taken()),
        ("451 4.3.0 full", Outcome::Deferred { reply: said("451 4.3.0 full") }),
        ("554 5.7.1 no", Outcome::Refused { reply: said("554 5.7.1 no") }),
    ] {
        assert_eq!(asked_ahead(&[&[(".", Say(word))], &asked[..]].concat()).await, (outcome, Some(Ok(())), true));
    }
    // The next one is refused: DATA is for nobody, and the dialogue goes on.
    let gone = [("MAIL", Say("250 ok")), ("RCPT", Say("550 5.1.1 gone")), ("DATA", Say("503 5.5.1 nobody"))];
    let refusal = Refusal::Refused { stage: Stage::Recipient, reply: said("550 5.1.1 gone") };
    assert_eq!(asked_ahead(&[&[(".", Say("250 taken"))], &gone[..]].concat()).await, (taken(), Some(Err(refusal)), true));
    // No more messages over this connection.
    let last = [(".", Say("250 taken")), ("MAIL", Say("421 4.7.0 enough")), ("RCPT", Close)];
    let closing = Refusal::Deferred { stage: Stage::Sender, reply: said("421 4.7.0 enough") };
    assert_eq!(asked_ahead(&last).await, (taken(), Some(Err(closing)), false));
    // The last word about the one is none about the next.
    let (outcome, next, is_in_step) = asked_ahead(&[(".", Say("421 4.3.2 bye")), ("MAIL", Close)]).await;
    assert_eq!((outcome.state(), next, is_in_step), (DeliveryState::Deferred, None, false));
    for then in [Close, Hang, Say("354 go on"), Say("junk")] {
        let (outcome, next, is_in_step) = asked_ahead(&[(".", then), ("MAIL", Close)]).await;
        assert_eq!((outcome.state(), next, is_in_step), (DeliveryState::Uncertain, None, false), "{outcome:?}");
    }
    for then in [Close, Hang, Say("354 go on"), Say("junk")] {
        let (outcome, next, is_in_step) = asked_ahead(&[(".", Say("250 taken")), ("MAIL", then), ("RCPT", Close)]).await;
        assert_eq!((outcome, is_in_step), (taken(), false));
        assert!(matches!(next, Some(Err(Refusal::Lost { stage: Stage::Sender, .. }))), "{next:?}");
    }
    // A word too many: from there on no answer is what it seems, and no message is handed over.
    let (outcome, next, is_in_step) = asked_ahead(&[&[(".", Say("250 taken\r\n250 ok"))], &asked[..]].concat()).await;
    assert_eq!((outcome, is_in_step), (taken(), false));
    assert!(matches!(next, Some(Err(Refusal::Lost { stage: Stage::Message, .. }))), "{next:?}");
}

#[tokio::test]
async fn nobody_is_asked_ahead_who_cannot_be() {
    let message = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), (".", Say("250 ok"))];
    for extensions in ["250 post.example", "250-post.example\r\n250-SIZE 23\r\n250 PIPELINING"] {
        let (server, serving) = serve(offering(extensions, &message));
        let mut connection = Connection::open(&server).await.unwrap();
        let (from, to) = (address("desk@delta.example"), address("ada@reader.example"));
        let short = Envelope { from: Some(&from), to: &to, id: "", size: 5 };
        connection.begin(&short).await.unwrap();
        let outcome = hand_over_and_ask(&mut connection, MESSAGE, "next@reader.example").await;
        assert_eq!((outcome.state(), connection.is_asked(), connection.is_usable()), (DeliveryState::Sent, false, true));
        assert!(matches!(connection.begun().await, Err(Refusal::Lost { stage: Stage::Sender, .. })));
        drop(connection);
        serving.join().unwrap();
    }
}

#[tokio::test]
async fn with_chunking_a_message_costs_one_round_trip() {
    // Nothing is said before all of it is there.
    let message = [(FROM, Later("250 ok")), (TO, Later("250 ok")), ("BDAT", Say("250 ok"))];
    let (server, serving) = serve(offering(CHUNKING, &message.repeat(10)));
    let mut connection = Connection::open(&server).await.unwrap();
    for _ in 0..10 {
        assert_eq!(send_at_once(&mut connection, MESSAGE).await.unwrap(), Outcome::Sent { reply: said("250 ok") });
    }
    drop(connection);
    let heard = serving.join().unwrap();
    assert_eq!(heard.flights, 1 + 10, "EHLO and one flight a message");
    assert_eq!(heard.lines[1..8], [&format!("{FROM} SIZE=24"), TO, "BDAT 24 LAST", "Subject: x", "", ".", "rises"]);
}

/// Postfix answers the envelope first, and the chunk in a write of its own, which the system holds back until the first is
/// acknowledged: 40 ms a message, if nobody sees to that.
#[tokio::test]
async fn a_server_that_answers_in_two_writes_is_not_slow() {
    const MESSAGES: u32 = 100;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = server(listener.local_addr().unwrap().port());
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 1024];
        stream.write_all(b"220 hi\r\n").unwrap();
        assert_ne!(stream.read(&mut buffer).unwrap(), 0);
        stream.write_all(CHUNKING.as_bytes()).unwrap();
        stream.write_all(b"\r\n").unwrap();
        for _ in 0..MESSAGES {
            let mut flight = Vec::new();
            while !flight.ends_with(b"rises\r\n") {
                let count = stream.read(&mut buffer).unwrap();
                assert_ne!(count, 0);
                flight.extend_from_slice(&buffer[..count]);
            }
            stream.write_all(b"250 ok\r\n250 ok\r\n").unwrap();
            stream.write_all(b"250 taken\r\n").unwrap();
        }
    });
    let mut connection = Connection::open(&server).await.unwrap();
    let began = Instant::now();
    for _ in 0..MESSAGES {
        assert_eq!(send_at_once(&mut connection, MESSAGE).await.unwrap().state(), DeliveryState::Sent);
    }
    assert!(began.elapsed() < Duration::from_millis(20) * MESSAGES, "{:?}", began.elapsed());
    serving.join().unwrap();
}

#[tokio::test]
async fn a_server_without_chunking_gets_the_message_in_turns() {
    let message = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), (".", Say("250 ok"))];
    let (server, serving) = serve(offering("250 post.example", &message));
    let mut connection = Connection::open(&server).await.unwrap();
    assert!(!connection.is_one_flight());
    assert_eq!(send_at_once(&mut connection, MESSAGE).await.unwrap().state(), DeliveryState::Sent);
    drop(connection);
    assert_eq!(serving.join().unwrap().flights, 5);
}

#[tokio::test]
async fn a_refusal_in_a_flight_keeps_the_dialogue_in_step() {
    let stage = Stage::Recipient;
    // DATA is refused too; RSET goes with the next flight.
    let next =
        [("RSET", Say("250 ok")), (FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), (".", Say("250 ok"))];
    let refused = [("MAIL", Say("250 ok")), ("RCPT", Say("550 5.1.1 gone")), ("DATA", Say("503 5.5.1 nobody"))];
    let (server, serving) = serve(offering(PIPELINING, &[&refused[..], &next[..]].concat()));
    let mut connection = Connection::open(&server).await.unwrap();
    let refusal = begin(&mut connection, "gone@reader.example").await.unwrap_err();
    assert_eq!(refusal, Refusal::Refused { stage, reply: said("550 5.1.1 gone") });
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert_eq!(hand_over(&mut connection, MESSAGE).await.state(), DeliveryState::Sent);
    drop(connection);
    assert_eq!(serving.join().unwrap().flights, 1 + 1 + 2);

    // DATA is accepted for nobody: a lone dot ends it, whatever the server says to that.
    for end in ["554 5.5.1 no valid recipients", "250 taken for nobody"] {
        let (begun, is_in_step, heard) =
            begun(&[("MAIL", Say("250 ok")), ("RCPT", Say("451 4.7.1 later")), ("DATA", Say("354 go")), (".", Say(end))]).await;
        assert_eq!(begun, Err(Refusal::Deferred { stage, reply: said("451 4.7.1 later") }));
        assert!(is_in_step);
        assert_eq!(heard[3..], ["DATA", "."]);
    }
}

#[tokio::test]
async fn the_first_refusal_of_a_flight_counts() {
    let not_now = |stage| Err(Refusal::Deferred { stage, reply: said("451 4.3.0 later") });
    let later = Say("451 4.3.0 later");
    let (begun_, is_in_step, _) = begun(&[("MAIL", later), ("RCPT", Say("503 5.5.1 no")), ("DATA", Say("503 5.5.1 no"))]).await;
    assert_eq!((begun_, is_in_step), (not_now(Stage::Sender), true));
    let (begun_, is_in_step, _) = begun(&[("MAIL", Say("250 ok")), ("RCPT", Say("250 ok")), ("DATA", later)]).await;
    assert_eq!((begun_, is_in_step), (not_now(Stage::Message), true));
    // It still counts where the line breaks after it.
    let (begun_, is_in_step, _) = begun(&[("MAIL", later), ("RCPT", Close)]).await;
    assert_eq!((begun_, is_in_step), (not_now(Stage::Sender), false));
    let (begun_, is_in_step, _) = begun(&[("MAIL", Say("250 ok")), ("RCPT", later), ("DATA", Hang)]).await;
    assert_eq!((begun_, is_in_step), (not_now(Stage::Recipient), false));
    // 421 is the last word.
    let (begun_, is_in_step, _) = begun(&[("MAIL", Say("421 4.3.2 bye")), ("RCPT", Close)]).await;
    assert_eq!(begun_, Err(Refusal::Deferred { stage: Stage::Sender, reply: said("421 4.3.2 bye") }));
    assert!(!is_in_step);
    for odd in ["354 what?", "nonsense", "250-ok\r\n251 no"] {
        let (begun_, is_in_step, _) = begun(&[("MAIL", Say("250 ok")), ("RCPT", Say(odd)), ("DATA", Close)]).await;
        assert!(matches!(begun_, Err(Refusal::Lost { stage: Stage::Recipient, .. })), "{begun_:?}");
        assert!(!is_in_step);
    }
}

#[tokio::test]
async fn a_refused_reset_is_about_nobody() {
    for extensions in [PIPELINING, "250 post.example"] {
        let refused: &[Step] = &[("MAIL", Say("550 5.7.1 no")), ("RCPT", Say("503 no")), ("DATA", Say("503 no"))];
        let refused = if extensions == PIPELINING { refused } else { &refused[..1] };
        let script = [refused, &[("RSET", Say("500 what?")), ("MAIL", Close)]].concat();
        let (server, serving) = serve(offering(extensions, &script));
        let mut connection = Connection::open(&server).await.unwrap();
        begin(&mut connection, "ada@reader.example").await.unwrap_err();
        let again = begin(&mut connection, "ada@reader.example").await;
        assert!(matches!(again, Err(Refusal::Lost { stage: Stage::Sender, .. })), "{again:?}");
        assert!(!connection.is_usable());
        drop(connection);
        serving.join().unwrap();
    }
}

#[tokio::test]
async fn what_the_server_says_to_the_chunk_decides() {
    let chunk = |reply| [("MAIL", Say("250 ok")), ("RCPT", Say("250 ok")), ("BDAT", reply)];
    let (outcome, is_usable) = sent(&chunk(Say("451 4.3.0 full"))).await;
    assert_eq!((outcome.unwrap(), is_usable), (Outcome::Deferred { reply: said("451 4.3.0 full") }, true));
    let (outcome, is_usable) = sent(&chunk(Say("554 5.7.1 no"))).await;
    assert_eq!((outcome.unwrap(), is_usable), (Outcome::Refused { reply: said("554 5.7.1 no") }, true));
    let (outcome, is_usable) = sent(&chunk(Say("421 4.3.2 bye"))).await;
    assert_eq!((outcome.unwrap(), is_usable), (Outcome::Deferred { reply: said("421 4.3.2 bye") }, false));
    for then in [Close, Hang, Say("354 go on"), Say("251 maybe"), Say("junk"), Say("250-never ends")] {
        let (outcome, is_usable) = sent(&chunk(then)).await;
        assert_eq!((outcome.unwrap().state(), is_usable), (DeliveryState::Uncertain, false));
    }
}

#[tokio::test]
async fn a_chunk_for_nobody_is_swallowed() {
    let stage = Stage::Recipient;
    let refusal = || Err(Refusal::Refused { stage, reply: said("550 5.1.1 gone") });
    let refused = [("MAIL", Say("250 ok")), ("RCPT", Say("550 5.1.1 gone"))];
    let swallowed = [("MAIL", Later("250 ok")), ("RCPT", Later("550 5.1.1 gone")), ("BDAT", Say("503 5.5.1 nobody"))];
    let next = [("RSET", Later("250 ok")), (FROM, Later("250 ok")), (TO, Later("250 ok")), ("BDAT", Say("250 ok"))];
    let (server, serving) = serve(offering(CHUNKING, &[&swallowed[..], &next].concat()));
    let mut connection = Connection::open(&server).await.unwrap();
    assert_eq!(send_at_once(&mut connection, MESSAGE).await, refusal());
    assert_eq!(send_at_once(&mut connection, MESSAGE).await.unwrap().state(), DeliveryState::Sent);
    drop(connection);
    assert_eq!(serving.join().unwrap().flights, 1 + 2);

    // A server that does not know what to do with it closes, or says a word to each line of it.
    for then in [Close, Hang] {
        let (outcome, is_usable) = sent(&[&refused[..], &[("BDAT", then)]].concat()).await;
        assert_eq!((outcome, is_usable), (refusal(), false));
    }
    let (server, serving) = serve(offering(
        CHUNKING,
        &[&refused[..], &[("BDAT", Say("503 nobody\r\n500 what?\r\n250 ok\r\n250 ok\r\n250 ok")), ("RSET", Close)]].concat(),
    ));
    let mut connection = Connection::open(&server).await.unwrap();
    assert_eq!(send_at_once(&mut connection, MESSAGE).await, refusal());
    let again = send_at_once(&mut connection, MESSAGE).await.unwrap_err();
    let reason = "it spoke unasked: `500 what?`".to_owned();
    assert_eq!(again, Refusal::Lost { stage: Stage::Sender, reason });
    drop(connection);
    serving.join().unwrap();
}

#[tokio::test]
async fn without_a_word_on_the_envelope_the_message_may_have_been_taken() {
    for script in [
        &[("MAIL", Later("250 ok")), ("RCPT", Later("250 ok")), ("BDAT", Close)][..],
        &[("MAIL", Say("250 ok")), ("RCPT", Later("250 ok")), ("BDAT", Close)],
        &[("MAIL", Hang)],
        &[("MAIL", Say("junk")), ("RCPT", Later("250 ok")), ("BDAT", Close)],
        &[("MAIL", Say("250 ok")), ("RCPT", Say("354 go")), ("BDAT", Close)],
    ] {
        let (outcome, is_usable) = sent(script).await;
        assert_eq!((outcome.unwrap().state(), is_usable), (DeliveryState::Uncertain, false));
    }
    let (outcome, _) = sent(&[("MAIL", Say("421 4.3.2 bye")), ("RCPT", Close)]).await;
    assert!(matches!(outcome, Err(Refusal::Deferred { stage: Stage::Sender, .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_ahead_of_the_end_of_a_chunk_never_gets_it() {
    for script in [&[("MAIL", Close)][..], &[("MAIL", Say("250 ok")), ("RCPT", Close)]] {
        let (server, serving) = serve(offering(CHUNKING, script));
        let mut connection = Connection::open(&server).await.unwrap();
        let (from, to) = (address("desk@delta.example"), address("ada@reader.example"));
        let envelope = Envelope { from: Some(&from), to: &to, id: "e1", size: MESSAGE.len() };
        connection.give_at_once(&envelope, MESSAGE).await.unwrap();
        // It is gone while the ledger writes.
        serving.join().unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let lost = connection.hand_over_at_once().await;
        assert!(matches!(lost, Err(Refusal::Lost { stage: Stage::Message, .. })), "{lost:?}");
        assert!(!connection.is_usable());
    }
}

/// A server that says each of these after it was sent something, and then reads so many bytes, says its last word, and
/// closes or reads no more.
fn choking(turns: &'static [&'static str], reads: usize, last: &'static str, closes: bool) -> (Server, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = Server { limits: SHORT, ..server(listener.local_addr().unwrap().port()) };
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        write!(stream, "220 hi\r\n").unwrap();
        let mut buffer = [0; 1024];
        for turn in turns {
            assert_ne!(stream.read(&mut buffer).unwrap(), 0);
            write!(stream, "{turn}\r\n").unwrap();
        }
        let mut left = reads;
        while left > 0 {
            left -= stream.read(&mut buffer[..left.min(1024)]).unwrap();
        }
        write!(stream, "{last}").unwrap();
        if !closes {
            std::thread::sleep(Duration::from_millis(700));
        }
    });
    (server, serving)
}

/// More than the buffers between the two take.
fn long_message() -> Vec<u8> {
    b"01234567890123456789012345678901234567890123456789012345678901\r\n".repeat(130_000)
}

#[tokio::test]
async fn a_chunk_that_never_left_whole_was_never_accepted() {
    let message = long_message();
    let sent = async |last, closes| {
        let (server, serving) = choking(&[CHUNKING], 10_000, last, closes);
        let mut connection = Connection::open(&server).await.unwrap();
        let sent = send_at_once(&mut connection, &message).await;
        assert!(!connection.is_usable());
        serving.join().unwrap();
        sent
    };
    for closes in [true, false] {
        let lost = sent("", closes).await;
        assert!(matches!(lost, Err(Refusal::Lost { stage: Stage::Message, .. })), "{lost:?}");
    }
    let refused = sent("250 ok\r\n550 5.1.1 gone\r\n", false).await;
    assert_eq!(refused, Err(Refusal::Refused { stage: Stage::Recipient, reply: said("550 5.1.1 gone") }));
    let too_big = sent("250 ok\r\n250 ok\r\n552 5.3.4 too big\r\n", false).await;
    assert_eq!(too_big, Ok(Outcome::Refused { reply: said("552 5.3.4 too big") }));
    let liar = sent("250 ok\r\n250 ok\r\n250 ok\r\n", false).await;
    assert_eq!(liar.unwrap().state(), DeliveryState::Uncertain);
}

#[tokio::test]
async fn a_message_that_never_left_whole_was_never_accepted() {
    let message = long_message();
    let handed_over = async |last, closes| {
        let (server, serving) = choking(&[PIPELINING, "250 ok\r\n250 ok\r\n354 go"], 10_000, last, closes);
        let mut connection = Connection::open(&server).await.unwrap();
        begin(&mut connection, "ada@reader.example").await.unwrap();
        let outcome = hand_over(&mut connection, &message).await;
        assert!(!connection.is_usable());
        serving.join().unwrap();
        outcome
    };
    for closes in [true, false] {
        let lost = handed_over("", closes).await;
        let Outcome::Deferred { reply } = &lost else { panic!("{lost:?}") };
        assert_eq!(reply.enhanced, Some([4, 4, 2]));
    }
    assert_eq!(handed_over("552 5.3.4 too big\r\n", false).await, Outcome::Refused { reply: said("552 5.3.4 too big") });
    assert_eq!(handed_over("421 4.3.2 bye\r\n", false).await, Outcome::Deferred { reply: said("421 4.3.2 bye") });
    assert_eq!(handed_over("250 taken\r\n", false).await.state(), DeliveryState::Uncertain);
}

#[tokio::test]
async fn what_is_said_to_a_message_ahead_of_its_end_refuses_it_and_never_takes_it() {
    for (word, state) in [("552 5.3.4 too big", DeliveryState::Refused), ("250 taken", DeliveryState::Deferred)] {
        let script = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), ("Subject", Say(word))];
        let (server, serving) = serve(offering(PIPELINING, &script));
        let mut connection = Connection::open(&server).await.unwrap();
        begin(&mut connection, "ada@reader.example").await.unwrap();
        connection.give(MESSAGE).await.unwrap();
        // All that it says has been said, and is seen while the ledger writes.
        serving.join().unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let (from, to) = (address("desk@delta.example"), address("ada@reader.example"));
        let next = Envelope { from: Some(&from), to: &to, id: "", size: MESSAGE.len() };
        assert_eq!(connection.hand_over(Some(&next)).await.state(), state, "{word}");
        assert!(!connection.is_usable() && !connection.is_asked());
    }
}

#[tokio::test]
async fn a_message_over_the_limit_of_the_server_is_not_sent() {
    let (server, serving) =
        serve(offering("250-x\r\n250-CHUNKING\r\n250-PIPELINING\r\n250 SIZE 23", &[("QUIT", Say("221 bye"))]));
    let mut connection = Connection::open(&server).await.unwrap();
    let refusal = begin(&mut connection, "ada@reader.example").await.unwrap_err();
    let Refusal::Refused { stage: Stage::Sender, reply } = &refusal else { panic!("{refusal:?}") };
    assert_eq!(reply.text, "552 5.3.4 not sent: the server takes 23 bytes at most, and the message has 24");
    assert_eq!(send_at_once(&mut connection, MESSAGE).await, Err(refusal));
    assert!(connection.is_usable());
    connection.quit().await;
    assert_eq!(serving.join().unwrap().lines[1..], ["QUIT"]);
}

#[tokio::test]
async fn what_the_server_says_unasked_is_no_answer() {
    // It has closed the connection meanwhile, and said why.
    let (server, serving) =
        serve(offering(CHUNKING, &[("MAIL", Say("250 ok")), ("RCPT", Say("250 ok")), ("BDAT", Say("250 ok\r\n421 4.4.2 idle"))]));
    let mut connection = Connection::open(&server).await.unwrap();
    assert_eq!(send_at_once(&mut connection, MESSAGE).await.unwrap().state(), DeliveryState::Sent);
    serving.join().unwrap();
    let lost = begin(&mut connection, "ada@reader.example").await;
    let reason = "it spoke unasked: `421 4.4.2 idle`".to_owned();
    assert_eq!(lost, Err(Refusal::Lost { stage: Stage::Sender, reason }));

    // A 250 that was said before the message is not about the message.
    let script = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go\r\n250 taken")), (".", Close)];
    let (server, serving) = serve(offering(PIPELINING, &script));
    let mut connection = Connection::open(&server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    let outcome = hand_over(&mut connection, MESSAGE).await;
    assert_eq!(outcome.state(), DeliveryState::Deferred, "{outcome:?}");
    drop(connection);
    serving.join().unwrap();
}

#[tokio::test]
async fn a_flight_dropped_half_way_takes_the_connection_with_it() {
    let (server, serving) = serve(offering(CHUNKING, &[("MAIL", Say("250 ok")), ("RCPT", Say("250 ok")), ("BDAT", Hang)]));
    let mut connection = Connection::open(&server).await.unwrap();
    let (from, to) = (address("desk@delta.example"), address("ada@reader.example"));
    let envelope = Envelope { from: Some(&from), to: &to, id: "", size: MESSAGE.len() };
    connection.give_at_once(&envelope, MESSAGE).await.unwrap();
    assert!(!connection.is_usable());
    let cut = tokio::time::timeout(Duration::from_millis(50), connection.hand_over_at_once()).await;
    assert!(cut.is_err() && !connection.is_usable());
    assert!(matches!(send_at_once(&mut connection, MESSAGE).await, Err(Refusal::Lost { .. })));
    drop(connection);
    serving.join().unwrap();
}
