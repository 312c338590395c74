use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::desk;
use super::server::{Server, connect, request};

#[test]
fn what_is_under_way_is_finished_before_it_ends() {
    const LENGTH: usize = 20_000_000;
    let desk = desk("");
    desk.write("feeds/long.mp3", vec![b'a'; LENGTH]);
    let mut server = Server::start(&desk);
    let idle = server.connect();
    let mut download = server.connect();
    download.write_all(request("GET", "/feeds/long.mp3", &[]).as_bytes()).unwrap();
    let mut first = vec![0; 1000];
    download.read_exact(&mut first).unwrap();
    server.signal("-TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(("127.0.0.1", server.port)).is_err(), "no new connection is taken");
    download.read_to_end(&mut first).unwrap();
    let end = first.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    assert!(first[end..] == vec![b'a'; LENGTH]);
    assert_eq!(server.ended(), (Some(0), String::new()));
    drop(idle);
}

#[test]
fn ctrl_c_ends_it_at_once_where_nothing_is_under_way() {
    let desk = desk("");
    let mut server = Server::start(&desk);
    assert_eq!(server.get("/feeds/feed.xml").status, 200);
    let begun = std::time::Instant::now();
    server.signal("-INT");
    assert_eq!(server.ended(), (Some(0), String::new()));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn health_is_told() {
    let desk = desk("");
    let server = Server::start(&desk);
    let healthy = server.get("/healthz");
    assert_eq!((healthy.status, healthy.text().as_str(), healthy.header("cache-control")), (200, "ok\n", "no-store"));
    std::fs::rename(desk.path("feeds"), desk.path("elsewhere")).unwrap();
    let ill = server.get("/healthz");
    assert_eq!((ill.status, ill.text().as_str()), (503, "the folder of the feeds is not there\n"));
    assert_eq!(server.get("/feeds/feed.xml").status, 404);
    std::fs::rename(desk.path("elsewhere"), desk.path("feeds")).unwrap();
    assert_eq!(server.get("/healthz").status, 200);
    desk.tamper("DROP TABLE meta");
    let ill = server.get("/healthz");
    assert_eq!((ill.status, ill.text().as_str()), (503, "the ledger cannot be read\n"));
    assert_eq!(server.get("/feeds/feed.xml").status, 200, "the feeds need no ledger");
}

#[test]
fn numbers_are_for_the_operator_alone() {
    let desk = desk("[serve]\ninside = \"127.0.0.1:0\"");
    let server = Server::with_inside(&desk);
    let inside = server.inside.unwrap();
    let etag = server.get("/feeds/feed.xml").header("etag").to_owned();
    assert_eq!(server.ask("GET", "/feeds/feed.xml", &[&format!("If-None-Match: {etag}")]).status, 304);
    assert_eq!(server.get("/no").status, 404);
    assert_eq!(server.get("/metrics").status, 404, "not where readers are");
    let ask_for = |path: &str, host: &str| {
        let mut stream = connect(inside);
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let ask = |host: &str| ask_for("/metrics", host);
    let numbers = ask(&format!("127.0.0.1:{inside}"));
    for line in [
        "HTTP/1.1 200 OK\r\n",
        "content-type: text/plain; version=0.0.4; charset=utf-8\r\n",
        "griot_http_requests_total{resource=\"feed\",status=\"2xx\"} 1\n",
        "griot_http_requests_total{resource=\"feed\",status=\"3xx\"} 1\n",
        "griot_http_requests_total{resource=\"nothing\",status=\"4xx\"} 2\n",
        "griot_http_request_duration_seconds_count 4\n",
        "griot_http_connections_total 4\n",
    ] {
        assert!(numbers.contains(line), "no {line}: {numbers}");
    }
    assert!(ask("evil.example").starts_with("HTTP/1.1 421 "), "a page that calls this machine by a name of its own");
    assert_eq!(server.get("/numbers").status, 404, "not where readers are");
    let page = ask_for("/numbers", &format!("127.0.0.1:{inside}"));
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("style-src 'unsafe-inline'"), "{page}");
    assert!(page.contains("content-type: text/html; charset=utf-8\r\n") && page.contains(": numbers</h1>"), "{page}");
    desk.tamper("DROP TABLE fetched");
    let ill = ask_for("/numbers", &format!("127.0.0.1:{inside}"));
    assert!(ill.starts_with("HTTP/1.1 503 ") && ill.contains("the numbers cannot be counted now\n"), "{ill}");
}

#[test]
fn fetches_are_counted_by_application_and_nothing_of_a_person_is_kept() {
    let desk = desk("");
    let mut server = Server::start(&desk);
    let etag = server.get("/feeds/feed.xml").header("etag").to_owned();
    let known = format!("If-None-Match: {etag}");
    for (path, lines) in [
        ("/feeds/feed.xml", &["User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; 25 subscribers)"][..]),
        ("/feeds/feed.xml", &["User-Agent: Feedly/1.0 (+http://www.feedly.com/fetcher.html; 24 subscribers)", &known]),
        ("/feeds/feed.json", &["User-Agent: ada@reader.example own script"]),
        ("/feeds/page.css", &["User-Agent: Feedly/1.0"]),
        ("/feeds/no.xml", &["User-Agent: Feedly/1.0"]),
    ] {
        server.ask("GET", path, lines);
    }
    server.ask("HEAD", "/feeds/feed.xml", &["User-Agent: Feedly/1.0"]);
    server.signal("-TERM");
    assert_eq!(server.ended(), (Some(0), String::new()));
    assert_eq!(
        fetched(&desk),
        [
            ("2099-03-04".to_owned(), "feed.json".to_owned(), "other".to_owned(), 1, 0),
            ("2099-03-04".to_owned(), "feed.xml".to_owned(), "Feedly".to_owned(), 2, 25),
            ("2099-03-04".to_owned(), "feed.xml".to_owned(), "other".to_owned(), 1, 0),
        ]
    );
}

fn fetched(desk: &crate::harness::Desk) -> Vec<(String, String, String, i64, i64)> {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("config/griot.db"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let rows = sqlx::query_as("SELECT day, feed, application, fetches, subscribers FROM fetched ORDER BY feed, application")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        rows
    })
}

#[test]
fn systemd_hands_over_the_socket_and_is_told_that_it_is_ready() {
    let desk = desk("");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let notified = UnixDatagram::bind(desk.path("notify")).unwrap();
    notified.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The number 3, as systemd has it: a shell gives it the socket that came as standard input.
    let script = "exec 3<&0 </dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"";
    let griot = desk.command(&["serve"]);
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(griot.get_program()).args(griot.get_args());
    command.current_dir(desk.path("")).env("NOTIFY_SOCKET", desk.path("notify"));
    let child = command.stdin(Stdio::from(OwnedFd::from(listener))).stdout(Stdio::null()).spawn().unwrap();
    let mut child = Ended(child);
    let mut message = [0; 100];
    let length = notified.recv(&mut message).unwrap();
    assert_eq!(&message[..length], b"READY=1");
    let mut stream = connect(port);
    stream.write_all(request("GET", "/healthz", &[]).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let killed = Command::new("kill").args(["-TERM", &child.0.id().to_string()]).status().unwrap();
    assert!(killed.success() && child.0.wait().unwrap().success());
}

/// A process that does not outlive its case.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let desk = desk("");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = desk.griot(&["serve", "--listen", &address]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains(&format!("failed to listen at {address}")), "{ran:?}");
    let ran = desk.griot(&["serve", "--listen", "8080"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}
