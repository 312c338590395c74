//! LMTP, and sockets of this host.

use std::os::unix::net::UnixListener;

use super::script::Then::Say;
use super::script::{FROM, MESSAGE, Step, TO, begin, follow, hand_over, send_at_once, serve, server};
use crate::domain::{DeliveryState, Outcome, Reply};
use crate::mail::smtp::{Connection, OpenError, Protocol, Server};

/// A script of LMTP with these extensions.
fn lmtp(extensions: &'static str, rest: &[Step]) -> Vec<Step> {
    [&[("", Say("220 store.example LMTP")), ("LHLO desk.example", Say(extensions))], rest].concat()
}

#[tokio::test]
async fn a_store_answers_for_its_recipient() {
    let message = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go")), (".", Say("452 4.2.2 mailbox full"))];
    let (server, serving) = serve(lmtp("250-store.example\r\n250 PIPELINING", &message.repeat(2)));
    let mut connection = Connection::open(&Server { protocol: Protocol::Lmtp, ..server }).await.unwrap();
    for _ in 0..2 {
        begin(&mut connection, "ada@reader.example").await.unwrap();
        let reply = Reply::parse("452 4.2.2 mailbox full").unwrap();
        assert_eq!(hand_over(&mut connection, MESSAGE).await, Outcome::Deferred { reply });
    }
    drop(connection);
    serving.join().unwrap();

    // A server of SMTP is not asked a second time, with another word.
    let (server, serving) = serve(vec![("", Say("220 post.example ESMTP")), ("LHLO", Say("500 what?"))]);
    let error = Connection::open(&Server { protocol: Protocol::Lmtp, ..server }).await.unwrap_err();
    assert!(matches!(error, OpenError::TurnedAway { .. }), "{error}");
    assert_eq!(serving.join().unwrap().lines, ["LHLO desk.example"]);
}

#[tokio::test]
async fn over_a_socket_of_this_host() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let listener = UnixListener::bind(&path).unwrap();
    let message = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("BDAT", Say("250 2.1.5 saved")), ("QUIT", Say("221 bye"))];
    let script = lmtp("250-store.example\r\n250-CHUNKING\r\n250 PIPELINING", &message);
    let serving = std::thread::spawn(move || follow(listener.accept().unwrap().0, script));
    let server = Server { protocol: Protocol::Lmtp, socket: Some(path.clone()), host: "store.example".to_owned(), ..server(0) };
    let mut connection = Connection::open(&server).await.unwrap();
    assert_eq!(send_at_once(&mut connection, MESSAGE).await.unwrap().state(), DeliveryState::Sent);
    connection.quit().await;
    assert_eq!(serving.join().unwrap().lines.last().unwrap(), "QUIT");

    let gone = Server { socket: Some(folder.path().join("gone")), ..server };
    let error = Connection::open(&gone).await.unwrap_err();
    assert!(error.is_transient() && matches!(error, OpenError::Socket { .. }), "{error}");
}
