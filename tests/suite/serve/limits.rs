use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::desk;
use super::server::{Server, read_answer, request};

/// The server answers somebody else within a moment.
#[track_caller]
fn answers(server: &Server) {
    let begun = Instant::now();
    assert_eq!(server.get("/feeds/feed.xml").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn requests_that_never_end_keep_nobody_waiting_and_are_cut_off() {
    let desk = desk("[serve]\nconnections = 40");
    let server = Server::start(&desk);
    let begun = Instant::now();
    let slow = |text: &str| {
        let mut stream = server.connect();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let mut slow: Vec<TcpStream> = (0..30).map(|_| slow("GET /feeds/feed.xml HTTP/1.1\r\nHost: x\r\nX-A: ")).collect();
    for _ in 0..3 {
        answers(&server);
        for stream in &mut slow {
            stream.write_all(b"a").unwrap();
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    // A letter now and then is no progress.
    for stream in &mut slow {
        let mut rest = Vec::new();
        while stream.write_all(b"a").is_ok() && begun.elapsed() < Duration::from_secs(25) {
            std::thread::sleep(Duration::from_millis(100));
        }
        let _ = stream.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
    }
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(10) && took < Duration::from_secs(25), "{took:?}");
    answers(&server);
}

#[test]
fn a_form_that_never_comes_whole_is_given_up() {
    let desk = desk("[serve]\nurl = \"https://www.example.org/letters/\"");
    let server = Server::start(&desk);
    let begun = Instant::now();
    let mut stream = server.connect();
    let lines = ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 500"];
    stream.write_all(request("POST", "/letters/subscribe", &lines).as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let mut answer = Vec::new();
    while answer.is_empty() && begun.elapsed() < Duration::from_secs(45) {
        let _ = stream.write_all(b"a");
        let _ = stream.read_to_end(&mut answer);
    }
    assert!(answer.starts_with(b"HTTP/1.1 408 "), "{}", String::from_utf8_lossy(&answer));
    assert!(begun.elapsed() > Duration::from_secs(25), "{:?}", begun.elapsed());
    answers(&server);
}

#[test]
fn a_flood_of_connections_keeps_nobody_out() {
    let desk = desk("[serve]\nconnections = 20");
    let server = Server::start(&desk);
    let mut kept: Vec<TcpStream> = Vec::new();
    for round in 0..10 {
        kept.extend((0..40).map(|_| server.connect()));
        if round % 3 == 0 {
            for stream in kept.iter_mut().rev().take(10) {
                let _ = stream.write_all(b"GET / HTTP");
            }
        }
        answers(&server);
    }
    let open = std::fs::read_dir(format!("/proc/{}/fd", server.id())).unwrap().count();
    assert!(open < 60, "{open} files are open");
}

#[test]
fn where_all_are_being_answered_it_is_said_that_there_is_no_room() {
    let desk = desk("[serve]\nconnections = 4");
    desk.write("feeds/long.mp3", vec![0; 30_000_000]);
    let server = Server::start(&desk);
    let mut busy: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(request("GET", "/feeds/long.mp3", &[]).as_bytes()).unwrap();
            let mut first = [0; 1000];
            stream.read_exact(&mut first).unwrap();
            stream
        })
        .collect();
    let turned_away = server.send(request("GET", "/feeds/feed.xml", &[]));
    assert_eq!((turned_away.status, turned_away.header("retry-after")), (503, "30"));
    // Nobody who is being answered was cut off for it.
    let rest = std::io::copy(&mut busy.pop().unwrap(), &mut std::io::sink()).unwrap();
    assert!(rest > 29_999_000, "{rest}");
    answers(&server);
}

#[test]
fn what_is_too_large_is_refused() {
    let desk = desk("");
    let server = Server::start(&desk);
    let head = "GET /feeds/feed.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let many = "X: a\r\n".repeat(300);
    for (name, request, statuses) in [
        ("a large line", format!("{head}X: {}\r\n\r\n", "a".repeat(100_000)), &[431][..]),
        ("many lines", format!("{head}{many}\r\n"), &[431]),
        ("a long address", format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(100_000)), &[414, 431]),
        ("a head without an end", format!("{head}{}", "X: y\r\n".repeat(50_000)), &[431]),
        ("a large body", format!("{head}Content-Length: 100000\r\n\r\n"), &[413]),
        ("a body of any size", format!("{head}Content-Length: 99999999999999999999999\r\n\r\n"), &[400, 413]),
        ("a large body to a page", "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n".to_owned(), &[413]),
    ] {
        let answer = server.exchange(request);
        let status: u16 = std::str::from_utf8(answer.get(9..12).unwrap_or_default()).unwrap().parse().unwrap_or(0);
        // Who is still sending may hear nothing but that the line is closed.
        assert!(statuses.contains(&status) || answer.is_empty(), "{name}: {}", String::from_utf8_lossy(&answer));
        answers(&server);
    }
    let small = server.send(format!("{head}Content-Length: 3\r\n\r\nabc"));
    assert_eq!(small.status, 200, "a small body that nobody needs does no harm");
}

#[test]
fn nonsense_is_answered_in_kind_and_nobody_else_is_harmed() {
    let desk = desk("");
    let server = Server::start(&desk);
    let mut noise: Vec<Vec<u8>> = vec![
        b"\0\0\0\0\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: x\r\nX: \x01\r\n\r\n".to_vec(),
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd".to_vec(),
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(),
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".to_vec(),
        b"CONNECT www.example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_vec(),
    ];
    // Bytes without any sense, the same in each run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    noise.extend((0..40).map(|_| {
        let byte = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        };
        (0..2000).map(byte).collect()
    }));
    for bytes in noise {
        let mut stream = server.connect();
        stream.write_all(&bytes).unwrap();
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.0 4"), "{bytes:?}: {text}");
    }
    for request in
        ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"]
    {
        assert_eq!(server.send(request).status, 400, "{request}");
    }
    assert_eq!(server.exchange("GET /feeds/feed.xml HTTP/1.0\r\n\r\n").get(9..12), Some(&b"200"[..]), "HTTP/1.0 has no hosts");
    answers(&server);
}

#[test]
fn requests_that_come_at_once_are_answered_one_after_the_other() {
    let desk = desk("");
    let server = Server::start(&desk);
    let one = |method: &str, path: &str| format!("{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    let rounds = 40;
    let mut stream = BufReader::new(server.connect());
    let all = one("GET", "/feeds/feed.xml") + &one("HEAD", "/feeds/atom.xml") + &one("GET", "/no") + &one("GET", "/healthz");
    stream.get_mut().write_all(all.repeat(rounds).as_bytes()).unwrap();
    let feed = desk.read("feeds/feed.xml");
    for _ in 0..rounds {
        assert_eq!(read_answer(&mut stream, true).text(), feed);
        let head = read_answer(&mut stream, false);
        assert_eq!((head.status, head.header("content-type")), (200, "application/atom+xml; charset=utf-8"));
        assert_eq!(read_answer(&mut stream, true).status, 404);
        assert_eq!(read_answer(&mut stream, true).text(), "ok\n");
    }
}
