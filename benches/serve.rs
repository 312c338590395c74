//! How many requests for a feed `griot serve` answers in a second, beside nginx on the same file in the same run.
//!
//! `cargo bench --bench serve` needs `wrk` and `nginx` (Debian's packages `wrk` and `nginx-light`). Both servers have one
//! process that answers, log nothing, and look at the file for each answer. Each turn asks both for the same: a feed, a small
//! file, and a feed that the client has already (304). The ratio of a turn is what counts, since machines are shared.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]
#![allow(clippy::print_stdout, reason = "the table is the result")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const TURNS: usize = 3;
const SECONDS: &str = "5";
const CONNECTIONS: [u32; 2] = [16, 128];
const FEED: &str = "/feeds/feed.xml";
const SMALL: &str = "/feeds/feeds.opml";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    desk(folder.path());
    let Some(nginx) = nginx(folder.path()) else {
        println!("nginx is not installed: apt-get install nginx-light");
        return;
    };
    let griot = griot(folder.path());
    let bytes = |path: &str| fs::metadata(folder.path().join(&path[1..])).unwrap().len();
    println!("{FEED} has {} bytes, {SMALL} {}", bytes(FEED), bytes(SMALL));
    let known = |server: &Server| Some(format!("If-None-Match: {}", etag(server.port)));
    for connections in CONNECTIONS {
        for (name, path, theirs, ours) in
            [("200", FEED, None, None), ("200", SMALL, None, None), ("304", FEED, known(&nginx), known(&griot))]
        {
            let turn = |_| {
                let theirs = rate(nginx.port, path, connections, theirs.as_deref())?;
                let ours = rate(griot.port, path, connections, ours.as_deref())?;
                println!("  nginx {theirs:.0}/s, griot {ours:.0}/s, ratio {:.2}", ours / theirs);
                Some(ours / theirs)
            };
            println!("{name} {path}, {connections} connections:");
            let Some(mut ratios) = (0..TURNS).map(turn).collect::<Option<Vec<f64>>>() else {
                println!("wrk is not installed: apt-get install wrk");
                return;
            };
            ratios.sort_by(f64::total_cmp);
            println!("  median ratio {:.2}; at least 0.70 is asked", ratios[TURNS / 2]);
        }
    }
    println!("memory of griot at most: {} kB", peak(griot.process.id()));
}

/// A server that is running; ended with the measurement.
struct Server {
    process: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // In order, so that a master takes its workers with it.
        let _ = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

/// A publication with a feed of some 100 KB.
fn desk(folder: &Path) {
    fs::create_dir_all(folder.join("config")).unwrap();
    let config = "[publication]\ntitle = \"The Desk\"\nhome = \"https://example.org/\"\nfeeds = \"https://example.org/feeds\"\nlanguage = \"en\"\n";
    fs::write(folder.join("config/griot.toml"), config).unwrap();
    for number in 1..=50 {
        let text = format!("The Niger has risen by {number} metres in a night, and the ferries have stopped.\n\n").repeat(20);
        let page = format!(
            "---\ntitle: A river rises {number}\ndate: 2026-03-04\nauthor: Ada Lum\nurl: https://example.org/{number}\n---\n\n{text}"
        );
        fs::write(folder.join(format!("{number}.md")), page).unwrap();
    }
    let pages = (1..=50).map(|number| format!("{number}.md"));
    let published = Command::new(env!("CARGO_BIN_EXE_griot")).arg("publish").args(pages).current_dir(folder).output().unwrap();
    assert!(published.status.success(), "{published:?}");
}

fn griot(folder: &Path) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_griot"));
    command.args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder).stdout(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok());
    Server { process, port: port.unwrap() }
}

/// nginx with one worker, set up as well as it can be for small files; nothing where it is not installed.
fn nginx(folder: &Path) -> Option<Server> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let root = folder.display();
    let config = format!(
        "daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; default_type application/rss+xml;\n\
         client_body_temp_path {root}/b; proxy_temp_path {root}/p; fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;\n\
         server {{ listen 127.0.0.1:{port}; root {root}; add_header Cache-Control \"max-age=900\"; }} }}\n"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config).unwrap();
    // Started by root, it works as somebody who has to be able to read the folder.
    let opened = Command::new("chmod").arg("a+rx").arg(folder).status().unwrap();
    assert!(opened.success());
    let process = Command::new("nginx").arg("-c").arg(&file).stderr(Stdio::null()).spawn().ok()?;
    let server = Server { process, port };
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(5), "nginx does not answer");
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(server)
}

fn etag(port: u16) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(format!("HEAD {FEED} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut head = String::new();
    stream.read_to_string(&mut head).unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let tag = head.lines().find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("etag")));
    tag.unwrap().1.to_owned()
}

/// Answers in a second; nothing where wrk is not installed.
fn rate(port: u16, path: &str, connections: u32, line: Option<&str>) -> Option<f64> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t", "1", "-d", SECONDS, "-c", &connections.to_string()]);
    if let Some(line) = line {
        wrk.args(["-H", line]);
    }
    let ran = wrk.arg(format!("http://127.0.0.1:{port}{path}")).output().ok()?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(!said.contains("Non-2xx") && !said.contains("Socket errors"), "{said}");
    said.lines().find_map(|line| line.strip_prefix("Requests/sec:")).and_then(|rate| rate.trim().parse().ok())
}

fn peak(process: u32) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").to_owned()
}
