//! Everything before the first message.

use std::net::TcpListener;
use std::time::Duration;

use super::script::Then::{Close, Hang, Say};
use super::script::{greeted, not_opened, serve, with_password};
use crate::mail::smtp::{Connection, OpenError, Security, Server, Timeouts};

#[tokio::test]
async fn a_server_that_turns_us_away_is_told_from_one_that_is_busy() {
    let (error, _) = not_opened(vec![("", Say("554 5.7.1 \x1b[31mno\x07 service"))], |_| ()).await;
    assert!(!error.is_transient());
    assert_eq!(error.to_string(), "`127.0.0.1` turned us away: 554 5.7.1 [31mno service");
    let (error, _) = not_opened(vec![("", Say("421 4.3.2 too many"))], |_| ()).await;
    assert!(error.is_transient() && matches!(error, OpenError::TurnedAway { .. }));
    let (error, _) = not_opened(vec![("", Hang)], |_| ()).await;
    assert!(matches!(error, OpenError::Timeout { .. }), "{error}");
    let (error, _) = not_opened(vec![("", Say("SSH-2.0-OpenSSH"))], |_| ()).await;
    assert!(matches!(error, OpenError::NotSmtp { .. }), "{error}");
    let (error, _) = not_opened(vec![("", Close)], |_| ()).await;
    assert!(matches!(error, OpenError::NotSmtp { .. } | OpenError::Connect { .. }), "{error}");
}

#[tokio::test]
async fn logins_are_told_apart() {
    let auth = |reply| greeted(&[("AUTH PLAIN AGRlc2sAczNjcmV0", Say(reply))]);
    let (error, _) = not_opened(auth("535 5.7.8 `s3cret` is wrong"), with_password).await;
    assert_eq!(error.to_string(), "`127.0.0.1` refused the login: 535 5.7.8 `***` is wrong");
    assert!(!error.is_transient() && error.hint().contains("password"));
    let (error, _) = not_opened(auth("454 4.7.0 later"), with_password).await;
    assert!(error.is_transient() && matches!(error, OpenError::Login { .. }));
    let none = vec![("", Say("220 hi")), ("EHLO", Say("250 post.example"))];
    let (error, _) = not_opened(none, with_password).await;
    assert!(matches!(error, OpenError::NoLogin { .. }), "{error}");

    let (mut server, serving) = serve(greeted(&[("AUTH PLAIN", Say("235 welcome"))]));
    with_password(&mut server);
    assert!(!format!("{server:?}").contains("s3cret"));
    Connection::open(&server).await.unwrap();
    serving.join().unwrap();
}

#[tokio::test]
async fn nothing_goes_out_unencrypted_by_accident() {
    let starttls = |server: &mut Server| {
        server.security = Security::StartTls;
        with_password(server);
    };
    let (error, heard) = not_opened(greeted(&[]), starttls).await;
    assert!(matches!(error, OpenError::NoStartTls { .. }), "{error}");
    assert_eq!(heard, ["EHLO desk.example"]);

    // A reply slipped in behind the server's consent must not pass for an encrypted one.
    let injected = "220 go\r\n250-post.example\r\n250 AUTH PLAIN\r\n235 welcome";
    let script = vec![("", Say("220 hi")), ("EHLO", Say("250-post.example\r\n250 STARTTLS")), ("STARTTLS", Say(injected))];
    let (error, heard) = not_opened(script, starttls).await;
    assert!(matches!(error, OpenError::Tls { .. }), "{error}");
    assert_eq!(heard, ["EHLO desk.example", "STARTTLS"]);

    let (error, heard) = not_opened(vec![("", Say("220 plain"))], |server| server.security = Security::Tls).await;
    assert!(matches!(error, OpenError::Tls { .. }), "{error}");
    assert_eq!(heard, [""; 0]);
}

#[tokio::test]
async fn settings_that_cannot_work_are_named() {
    let (server, _serving) = serve(vec![]);
    for name in ["", "a b", "x\r\nMAIL FROM:<a@b.c>"] {
        let error = Connection::open(&Server { hello: name.to_owned(), ..server.clone() }).await.unwrap_err();
        assert!(matches!(error, OpenError::Hello { .. }), "{error}");
    }
    let roots = Server { roots: Some(b"no pem".to_vec()), security: Security::Tls, ..server.clone() };
    assert!(matches!(Connection::open(&roots).await.unwrap_err(), OpenError::Roots));

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = Connection::open(&Server { port, ..server.clone() }).await.unwrap_err();
    assert!(matches!(nobody, OpenError::Connect { .. }) && nobody.is_transient(), "{nobody}");
    let patient = Timeouts { connect: Duration::from_secs(20), ..server.limits };
    let unknown = Server { host: "no-such-host.invalid".to_owned(), limits: patient, ..server };
    let error = Connection::open(&unknown).await.unwrap_err();
    assert!(matches!(error, OpenError::Name { .. }), "{error}");
}

#[tokio::test]
async fn a_server_that_knows_helo_only() {
    for reply in ["500 what?", "502 5.5.1 not implemented", "504 no", "550 no"] {
        let script = vec![("", Say("220 old.example")), ("EHLO", Say(reply)), ("HELO desk.example", Say("250 old.example"))];
        let (server, serving) = serve(script.clone());
        let connection = Connection::open(&server).await.unwrap();
        assert!(connection.is_usable() && !connection.is_one_flight());
        drop(connection);
        serving.join().unwrap();
        // It has neither encryption nor logins.
        let (error, heard) = not_opened(script.clone(), |server| server.security = Security::StartTls).await;
        assert!(matches!(error, OpenError::NoStartTls { .. }), "{error}");
        assert_eq!(heard, ["EHLO desk.example"]);
        let (error, _) = not_opened(script, with_password).await;
        assert!(matches!(error, OpenError::NoLogin { .. }), "{error}");
    }
    let (error, heard) = not_opened(vec![("", Say("220 hi")), ("EHLO", Say("451 4.3.0 later")), ("HELO", Close)], |_| ()).await;
    assert!(error.is_transient() && matches!(error, OpenError::TurnedAway { .. }), "{error}");
    assert_eq!(heard, ["EHLO desk.example"]);
}
