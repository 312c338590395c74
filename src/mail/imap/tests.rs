//! A server on loopback that says what it was told to, however slowly.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use super::session::modified_utf7;
use super::{ImapError, ImapLimits, ImapServer, Session};
use crate::mail::smtp::{Credentials, Security};

/// A server that greets, and answers each line with the next answer, a piece at a time; after the last one it is silent.
fn serve(security: Security, answers: Vec<Vec<&'static str>>) -> ImapServer {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        for pieces in answers {
            for piece in pieces {
                if stream.write_all(piece.as_bytes()).is_err() {
                    return;
                }
                thread::sleep(Duration::from_millis(40));
            }
            if lines.next().is_none() {
                return;
            }
        }
        while lines.next().is_some() {}
    });
    ImapServer {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        credentials: Credentials::new("desk".to_owned(), "secret".to_owned()),
        roots: None,
        limits: ImapLimits { connect: Duration::from_secs(5), command: Duration::from_millis(600) },
    }
}

async fn opened(security: Security, answers: Vec<Vec<&'static str>>) -> Result<Session, ImapError> {
    Session::open(&serve(security, answers)).await
}

#[tokio::test]
async fn a_server_has_so_long_for_a_command() {
    assert!(matches!(opened(Security::Clear, vec![vec![]]).await, Err(ImapError::Timeout { .. })));
    // Each byte in time, and all of them too late.
    let drip = vec!["* OK hi\r\n"].into_iter().chain(std::iter::repeat_n("* ", 40)).collect();
    assert!(matches!(opened(Security::Clear, vec![drip]).await, Err(ImapError::Timeout { .. })));
    let login = vec![vec!["* OK hi\r\n"], vec!["* CAPABILITY IMAP4rev1\r\ng1 O", "K\r\n"], vec!["g2 OK", " in\r\n"]];
    let mut session = opened(Security::Clear, login).await.unwrap();
    assert!(matches!(session.open_folder("INBOX", false).await, Err(ImapError::Timeout { .. })));
}

#[tokio::test]
async fn nothing_is_said_ahead_of_the_encryption() {
    let refused = opened(Security::StartTls, vec![vec!["* OK hi\r\n"], vec!["* CAPABILITY IMAP4rev1\r\ng1 OK\r\n"]]).await;
    assert!(matches!(refused, Err(ImapError::NoStartTls { .. })), "{refused:?}");
    let injected = vec![
        vec!["* OK hi\r\n"],
        vec!["* CAPABILITY IMAP4rev1 STARTTLS\r\ng1 OK\r\n"],
        vec!["g2 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"],
    ];
    let error = opened(Security::StartTls, injected).await.unwrap_err();
    assert!(error.to_string().contains("something was said ahead of the encryption"), "{error}");
    let garbled = opened(Security::Tls, vec![vec!["* OK hi\r\n"]]).await;
    assert!(matches!(garbled, Err(ImapError::Tls { .. } | ImapError::Timeout { .. })), "{garbled:?}");
}

#[tokio::test]
async fn a_server_that_asks_again_and_again_gets_no_more() {
    let login = vec![
        vec!["* OK hi\r\n"],
        vec!["* CAPABILITY AUTH=PLAIN\r\ng1 OK\r\n"],
        vec!["+ \r\n"],
        vec!["+ more\r\n"],
        vec!["+ more\r\n"],
    ];
    let error = opened(Security::Clear, login).await.unwrap_err();
    assert!(error.to_string().contains("it asks for more than there is"), "{error}");
}

#[test]
fn a_folder_has_its_name_on_the_wire() {
    assert_eq!(modified_utf7("INBOX/Bounces"), "INBOX/Bounces");
    assert_eq!(modified_utf7("R&D Rückläufer"), "R&-D R&APw-ckl&AOQ-ufer");
    // RFC 3501, section 5.1.3.
    assert_eq!(modified_utf7("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    assert_eq!(modified_utf7("\u{1F41F}"), "&2D3cHw-");
}
