use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use super::*;
use crate::domain::Format;
use crate::read::{Page, Source, load};

/// A server on the loopback interface that gives each path a fixed answer, one connection at a time.
///
/// Its thread lives as long as the test process: it waits for connections that no longer come.
fn serve(answer: fn(path: &str, address: SocketAddr) -> Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = Vec::new();
                let mut chunk = [0; 1024];
                while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                    match stream.read(&mut chunk) {
                        Ok(0) | Err(_) => return,
                        Ok(read) => request.extend_from_slice(&chunk[..read]),
                    }
                }
                let request = String::from_utf8_lossy(&request).into_owned();
                let path = request.split_whitespace().nth(1).unwrap_or("/");
                if path == "/agent" {
                    let agent = request.lines().find(|line| line.to_lowercase().starts_with("user-agent:")).unwrap_or("");
                    let _ = stream.write_all(&page("Content-Type: text/plain", agent.as_bytes()));
                } else {
                    let _ = stream.write_all(&answer(path, address));
                }
                if path == "/slow" {
                    std::thread::sleep(Duration::from_secs(5));
                }
            });
        }
    });
    address
}

fn page(header: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{header}\r\n\r\n").into_bytes();
    out.extend_from_slice(body);
    out
}

fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {to}\r\n\r\n").into_bytes()
}

fn answer(path: &str, address: SocketAddr) -> Vec<u8> {
    match path {
        "/page" => page("Content-Type: text/html; charset=windows-1251", b"<p>\xC7\xE0"),
        "/meta" => page("Content-Type: text/html", b"<meta charset=windows-1251><p>\xC7\xE0"),
        "/notes.md" => page("Content-Type: text/plain", b"Some *words*"),
        "/empty" => page("Content-Type: text/html", b""),
        "/moved" => redirect("/page"),
        "/loop" => redirect("/loop"),
        "/inside" => redirect(&format!("http://localhost:{}/page", address.port())),
        "/literal" => redirect("http://169.254.169.254/keys"),
        "/elsewhere" => redirect("file:///etc/passwd"),
        "/gone" => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        "/large" => page("Content-Type: text/plain", "a".repeat(20_000).as_bytes()),
        "/announced" => page("Content-Type: text/plain\r\nContent-Length: 99999999", b"a"),
        "/bomb" => page("Content-Type: text/plain\r\nContent-Encoding: gzip", BOMB),
        _ => Vec::new(),
    }
}

/// 100,000 letters `a`, packed with gzip.
const BOMB: &[u8] = b"\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\xED\xC1\x31\x01\x00\x00\x00\xC2\xA0\xAC\xEB\x5F\xC2\x1A\x1E\
    \x40\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\
    \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xAF\x06\
    \x87\xFA\xE2\x1B\xA0\x86\x01\x00";

fn options(allowed: &[&str]) -> LoadOptions {
    LoadOptions {
        max_bytes: 10_000,
        connect_timeout: Duration::from_secs(5),
        total_timeout: Duration::from_secs(1),
        allowed_hosts: allowed.iter().map(|&host| host.to_owned()).collect(),
        ..LoadOptions::default()
    }
}

fn get(path: &str, allowed: &[&str]) -> Result<Page, ReadError> {
    let url = format!("http://127.0.0.1:{}{path}", serve(answer).port());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(load(&Source::parse(&url).unwrap(), &options(allowed)))
}

#[test]
fn pages_are_fetched_and_decoded() {
    let here = ["127.0.0.1"];
    let got = get("/page", &here).unwrap();
    assert_eq!((got.format, got.text.as_str()), (Format::Html, "<p>За"));
    assert!(get("/meta", &here).unwrap().text.ends_with("<p>За"));
    assert_eq!(get("/notes.md", &here).unwrap().format, Format::Markdown);
    let moved = get("/moved", &here).unwrap();
    assert!(moved.url.unwrap().as_str().ends_with("/page"), "the address is the one that answered");
    let agent = get("/agent", &here).unwrap().text;
    assert!(agent.to_lowercase().starts_with("user-agent: griot/"), "{agent}");
}

#[test]
fn private_addresses_are_refused_unless_listed() {
    let refused = get("/page", &[]).unwrap_err();
    assert_eq!(refused.to_string(), "`127.0.0.1` is at the private address 127.0.0.1");
    assert!(refused.hint().unwrap().contains("fetch.allow_hosts"));
    let by_name = get("/inside", &["127.0.0.1"]).unwrap_err();
    assert!(matches!(by_name, ReadError::Private { ref host, .. } if host == "localhost"), "{by_name:?}");
    assert!(matches!(get("/literal", &["127.0.0.1"]).unwrap_err(), ReadError::Private { .. }));
    assert_eq!(get("/inside", &["127.0.0.1", "localhost"]).unwrap().text, "<p>За");
}

#[test]
fn what_goes_wrong_is_told_apart() {
    let fails = |path: &str| get(path, &["127.0.0.1"]).unwrap_err();
    assert!(matches!(fails("/gone"), ReadError::Status { status: 404, .. }));
    assert!(matches!(fails("/loop"), ReadError::Redirects { limit: 10, .. }));
    assert!(matches!(fails("/elsewhere"), ReadError::BadRedirect { ref target, .. } if target == "file:///etc/passwd"));
    assert!(matches!(fails("/empty"), ReadError::Empty { .. }));
    let silent = fails("/silent");
    assert!(matches!(silent, ReadError::Http { .. }));
    assert!(silent.to_string().contains("/silent`: ") && std::error::Error::source(&silent).is_none(), "{silent}");
    assert!(matches!(fails("/large"), ReadError::TooLarge { limit: 10_000, .. }));
    assert!(matches!(fails("/announced"), ReadError::TooLarge { .. }));
    assert!(BOMB.len() < 1000);
    assert!(matches!(fails("/bomb"), ReadError::TooLarge { .. }), "the limit is of unpacked bytes");
    let start = Instant::now();
    assert!(matches!(fails("/slow"), ReadError::Timeout { .. }));
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn a_server_says_how_long_to_wait() {
    let case = |after: &'static str, date: &'static str| {
        let headers = [(RETRY_AFTER, after), (DATE, date)];
        retry_after(&headers.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect())
    };
    let now = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(case("125", now), Some(Duration::from_secs(125)));
    assert_eq!(case("Sun, 06 Nov 1994 09:49:38 GMT", now), Some(Duration::from_secs(3601)));
    assert_eq!(case("Sun, 06 Nov 1994 08:00:00 GMT", now), None);
    assert_eq!(case("Sun, 06 Nov 1994 09:49:37 GMT", "today"), None);
    assert_eq!(case("soon", now), None);
}
