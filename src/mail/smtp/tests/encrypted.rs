//! TLS, with certificates that are right and wrong. The key of each stands in its file: they are for these tests only.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::TLS12;
use tokio_rustls::rustls::{ALL_VERSIONS, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

use super::script::Then::Say;
use super::script::{FROM, Heard, MESSAGE, Step, Stream, TO, begin, follow, hand_over, offering, server, with_password};
use crate::domain::DeliveryState;
use crate::mail::smtp::{Connection, OpenError, Security, Server};

const AUTHORITY: &[u8] = include_bytes!("certificates/authority.pem");
const HOST: &[u8] = include_bytes!("certificates/host.pem");
const STRANGER: &[u8] = include_bytes!("certificates/stranger.pem");
const EXPIRED: &[u8] = include_bytes!("certificates/expired.pem");

/// The encrypted side of a server, which reads and writes by turns.
#[derive(Clone)]
struct Encrypted(Arc<Mutex<StreamOwned<ServerConnection, TcpStream>>>);

impl Read for Encrypted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap().read(out)
    }
}

impl Write for Encrypted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap().flush()
    }
}

impl Stream for Encrypted {
    fn again(&self) -> Box<dyn Stream> {
        Box::new(self.clone())
    }
}

/// A server with this certificate: it follows one script in clear, shakes hands, and follows the other.
fn serve(
    certificate: &'static [u8],
    versions: &'static [&'static SupportedProtocolVersion],
    clear: Vec<Step>,
    encrypted: Vec<Step>,
) -> (Server, JoinHandle<(Heard, Heard)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = server(listener.local_addr().unwrap().port());
    server.roots = Some(AUTHORITY.to_vec());
    server.security = if clear.is_empty() { Security::Tls } else { Security::StartTls };
    let serving = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let heard = if clear.is_empty() { Heard::default() } else { follow(stream.try_clone().unwrap(), clear) };
        let chain = CertificateDer::pem_slice_iter(certificate).collect::<Result<Vec<_>, _>>().unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_slice(certificate).unwrap())
            .unwrap();
        let session = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(session, stream);
        while stream.conn.is_handshaking() {
            if stream.conn.complete_io(&mut stream.sock).is_err() {
                return (heard, Heard::default());
            }
        }
        (heard, follow(Encrypted(Arc::new(Mutex::new(stream))), encrypted))
    });
    (server, serving)
}

fn message() -> [Step; 6] {
    let login = ("AUTH PLAIN AGRlc2sAczNjcmV0", Say("235 welcome"));
    let begun = [(FROM, Say("250 ok")), (TO, Say("250 ok")), ("DATA", Say("354 go"))];
    [login, begun[0], begun[1], begun[2], (".", Say("250 ok")), ("QUIT", Say("221 bye"))]
}

const STARTTLS: &str = "250-post.example\r\n250-SIZE 1\r\n250-AUTH LOGIN\r\n250 STARTTLS";

async fn deliver(server: &mut Server) {
    with_password(server);
    let mut connection = Connection::open(server).await.unwrap();
    begin(&mut connection, "ada@reader.example").await.unwrap();
    assert_eq!(hand_over(&mut connection, MESSAGE).await.state(), DeliveryState::Sent);
    connection.quit().await;
}

#[tokio::test]
async fn encrypted_from_the_first_byte() {
    const OLDEST: &[&SupportedProtocolVersion] = &[&TLS12];
    for versions in [ALL_VERSIONS, OLDEST] {
        let script = offering("250-post.example\r\n250 AUTH PLAIN", &message());
        let (mut server, serving) = serve(HOST, versions, vec![], script);
        deliver(&mut server).await;
        assert_eq!(serving.join().unwrap().1.lines.last().unwrap(), "QUIT");
    }
}

#[tokio::test]
async fn what_was_offered_in_clear_is_forgotten() {
    let clear = offering(STARTTLS, &[("STARTTLS", Say("220 go"))]);
    // No greeting after STARTTLS; neither the limit of size nor the login of before holds.
    let encrypted = [&[("EHLO desk.example", Say("250-post.example\r\n250 AUTH PLAIN"))], &message()[..]].concat();
    let (mut server, serving) = serve(HOST, ALL_VERSIONS, clear, encrypted);
    deliver(&mut server).await;
    let (clear, encrypted) = serving.join().unwrap();
    assert_eq!(clear.lines, ["EHLO desk.example", "STARTTLS"]);
    assert_eq!(encrypted.lines[2], FROM);
}

#[tokio::test]
async fn nobody_else_passes_for_the_server() {
    #[track_caller]
    fn case(error: &OpenError, reason: &str) {
        assert!(matches!(error, OpenError::Tls { .. }) && error.to_string().contains(reason), "{error}");
    }
    for (certificate, reason) in [(STRANGER, "not valid for name"), (EXPIRED, "expired")] {
        for clear in [vec![], offering(STARTTLS, &[("STARTTLS", Say("220 go"))])] {
            let (mut server, serving) = serve(certificate, ALL_VERSIONS, clear, vec![]);
            with_password(&mut server);
            case(&Connection::open(&server).await.unwrap_err(), reason);
            assert_eq!(serving.join().unwrap().1.lines, [""; 0]);
        }
    }
    let (mut server, serving) = serve(HOST, ALL_VERSIONS, vec![], vec![]);
    server.host = "localhost.localdomain.invalid".to_owned();
    assert!(matches!(Connection::open(&server).await.unwrap_err(), OpenError::Name { .. }));
    server.host = "127.0.0.1".to_owned();
    // An authority that this desk does not trust.
    server.roots = Some(STRANGER.to_vec());
    case(&Connection::open(&server).await.unwrap_err(), "UnknownIssuer");
    serving.join().unwrap();
}

#[tokio::test]
async fn a_server_that_refuses_to_encrypt_is_left() {
    for (reply, is_transient) in [("454 4.7.0 not now", true), ("501 what?", false)] {
        let (server, serving) = serve(HOST, ALL_VERSIONS, offering(STARTTLS, &[("STARTTLS", Say(reply))]), vec![]);
        let error = Connection::open(&server).await.unwrap_err();
        assert!(matches!(error, OpenError::TurnedAway { .. }) && error.is_transient() == is_transient, "{error}");
        serving.join().unwrap();
    }
}
