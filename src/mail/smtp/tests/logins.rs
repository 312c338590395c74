//! The kinds of login, and servers that play false.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::thread::JoinHandle;

use aws_lc_rs::{digest, hmac, pbkdf2};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::script::Then::Say;
use super::script::{NOTHING, Step, not_opened, offering, serve, server, with_password};
use crate::mail::smtp::{Connection, Login, OpenError, Server};

const ALL: &str = "250-post.example\r\n250 AUTH XOAUTH2 LOGIN PLAIN";

async fn logged_in(login: Option<Login>, rest: &[Step]) {
    let (mut server, serving) = serve(offering(ALL, rest));
    with_password(&mut server);
    server.login = login;
    assert!(Connection::open(&server).await.unwrap().is_usable());
    assert_eq!(serving.join().unwrap().lines.len(), 1 + rest.len());
}

#[tokio::test]
async fn each_kind_of_login() {
    let welcome = Say("235 2.7.0 welcome");
    let plain = "AGRlc2sAczNjcmV0";
    logged_in(None, &[("AUTH PLAIN AGRlc2sAczNjcmV0", welcome)]).await;
    logged_in(Some(Login::Plain), &[("AUTH PLAIN AGRlc2sAczNjcmV0", Say("334 ")), (plain, welcome)]).await;
    let login = [("AUTH LOGIN", Say("334 VXNlcm5hbWU6")), ("ZGVzaw==", Say("334 UGFzc3dvcmQ6")), ("czNjcmV0", welcome)];
    logged_in(Some(Login::LoginMech), &login).await;
    // `user=desk`, `auth=Bearer s3cret`, each ended by U+0001, and one more.
    logged_in(Some(Login::XOauth2), &[("AUTH XOAUTH2 dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHMzY3JldAEB", welcome)]).await;
}

async fn refused(login: Login, rest: &[Step]) -> OpenError {
    let change = |server: &mut Server| {
        with_password(server);
        server.login = Some(login);
    };
    not_opened(offering(ALL, rest), change).await.0
}

#[tokio::test]
async fn a_refused_login_shows_no_secret() {
    let challenged = [("AUTH XOAUTH2", Say("334 eyJzdGF0dXMiOiI0MDAifQ==")), (NOTHING, Say("535 5.7.8 the token has expired"))];
    let error = refused(Login::XOauth2, &challenged).await;
    assert_eq!(error.to_string(), "`127.0.0.1` refused the login: 535 5.7.8 the token has expired");
    for echo in [
        "535 5.7.8 s3cret",
        "535-5.7.8 no\r\n535 5.7.8 AGRlc2sAczNjcmV0",
        "535 czNjcmV0",
        "535 dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHMzY3JldAEB",
        "235-s3cret\r\n250 x",
        "250 czNjcmV0",
    ] {
        let error = refused(Login::Plain, &[("AUTH PLAIN", Say(echo))]).await;
        let shown = format!("{error} {error:?}");
        let secrets = ["s3cret", "czNjcmV0", "AGRlc2sAczNjcmV0", "dXNlcj1kZXNrAWF1dGg9QmVhcmVyIHMzY3JldAEB"];
        assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
    }
    let error = refused(Login::LoginMech, &[("AUTH LOGIN", Say("454 4.7.0 later"))]).await;
    assert!(error.is_transient() && matches!(error, OpenError::Login { .. }), "{error}");
}

#[tokio::test]
async fn only_a_login_that_is_offered_is_tried() {
    let error = refused(Login::ScramSha256, &[]).await;
    assert_eq!(error.to_string(), "`127.0.0.1` offers no login by SCRAM-SHA-256");
    let token_only = offering("250-post.example\r\n250 AUTH XOAUTH2 CRAM-MD5", &[]);
    let (error, heard) = not_opened(token_only, with_password).await;
    assert_eq!(error.to_string(), "`127.0.0.1` offers no login by SCRAM-SHA-256, PLAIN or LOGIN");
    assert_eq!(heard, ["EHLO desk.example"]);
}

const SALT: &[u8] = b"sixteen bytes, no";
const ROUNDS: NonZeroU32 = NonZeroU32::new(4096).unwrap();

/// A server that takes SCRAM-SHA-256 of somebody with this password, and signs with its own; the reply that it gave last.
fn scram(password: &'static str, own: &'static str) -> (Server, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = server(listener.local_addr().unwrap().port());
    with_password(&mut server);
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let mut turn = |reply: String| {
            write!(stream, "{reply}\r\n").unwrap();
            lines.next().map(|line| line.unwrap()).unwrap_or_default()
        };
        let decoded = |line: &str| String::from_utf8(STANDARD.decode(line).unwrap()).unwrap();
        let signed = |key: &[u8], text: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
        let salted = |password: &str| {
            let mut out = [0; 32];
            pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, SALT, password.as_bytes(), &mut out);
            out
        };
        turn("220 hi".to_owned());
        let first = turn("250-post.example\r\n250 AUTH LOGIN PLAIN SCRAM-SHA-256".to_owned());
        let first = decoded(first.strip_prefix("AUTH SCRAM-SHA-256 ").unwrap());
        let bare = first.strip_prefix("n,,").unwrap();
        let nonce = bare.strip_prefix("n=desk,r=").unwrap();
        assert!(nonce.len() >= 24 && !nonce.contains(','));
        let challenge = format!("r={nonce}more,s={},i={ROUNDS}", STANDARD.encode(SALT));
        let last = turn(format!("334 {}", STANDARD.encode(&challenge)));
        if last.is_empty() {
            return "challenge".to_owned();
        }
        let last = decoded(&last);
        let (without_proof, proof) = last.split_once(",p=").unwrap();
        assert_eq!(without_proof, format!("c=biws,r={nonce}more"));
        let exchange = format!("{bare},{challenge},{without_proof}");
        let stored = digest::digest(&digest::SHA256, signed(&salted(password), b"Client Key").as_ref());
        let signature = signed(stored.as_ref(), exchange.as_bytes());
        let key: Vec<u8> = STANDARD.decode(proof).unwrap().iter().zip(signature.as_ref()).map(|(a, b)| a ^ b).collect();
        if digest::digest(&digest::SHA256, &key).as_ref() != stored.as_ref() {
            turn("535 5.7.8 wrong".to_owned());
            return "535".to_owned();
        }
        let server_key = signed(&salted(own), b"Server Key");
        let proof = STANDARD.encode(signed(server_key.as_ref(), exchange.as_bytes()));
        assert_eq!(turn(format!("334 {}", STANDARD.encode(format!("v={proof}")))), "");
        // An end of the connection reads as an empty line too: the client's word on it decides.
        turn("235 2.7.0 welcome".to_owned());
        "235".to_owned()
    });
    (server, serving)
}

#[tokio::test]
async fn scram_is_preferred_and_both_sides_prove_themselves() {
    let (server, serving) = scram("s3cret", "s3cret");
    assert!(Connection::open(&server).await.unwrap().is_usable());
    assert_eq!(serving.join().unwrap(), "235");

    let (server, serving) = scram("other", "other");
    let error = Connection::open(&server).await.unwrap_err();
    assert_eq!(error.to_string(), "`127.0.0.1` refused the login: 535 5.7.8 wrong");
    assert_eq!(serving.join().unwrap(), "535");

    // It has got hold of what verifies the password, and not of what proves that it may.
    let (server, serving) = scram("s3cret", "other");
    let error = Connection::open(&server).await.unwrap_err();
    assert!(matches!(error, OpenError::Unproven { reason: "its signature is wrong", .. }), "{error}");
    drop(serving);
}

#[tokio::test]
async fn scram_with_a_server_that_talks_nonsense() {
    const SCRAM: &str = "250-post.example\r\n250 AUTH PLAIN SCRAM-SHA-256";
    for (reply, expected) in [
        ("334 !!!", "its challenge is malformed"),
        ("334", "its challenge is malformed"),
        ("334 cj14LHM9YWFhYSxpPTQwOTY=", "it answers somebody else's challenge"),
        ("235 2.7.0 welcome", "unexpected reply to the login: 235 2.7.0 welcome"),
    ] {
        let (error, heard) = not_opened(offering(SCRAM, &[("AUTH SCRAM-SHA-256", Say(reply))]), with_password).await;
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(heard.len(), 2, "nothing more is said, least of all the password");
    }
}
