//! Web servers: one that gives one answer to every request, and one whose pages a case can change.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

/// Serves `body` with these header lines, and gives the address of a page on it.
pub fn serve(headers: &'static str, body: &'static str) -> String {
    format!("{}/page", answering(move |_| (headers.to_owned(), body.into())))
}

/// Header lines, and a body.
type Page = (String, Vec<u8>);

/// A site: pages by their paths, to be put, changed and taken away while it is served.
#[derive(Clone, Default)]
pub struct Site {
    pages: Arc<Mutex<HashMap<String, Page>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    address: String,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    /// The header lines, in lower case.
    pub headers: String,
    /// What was posted.
    pub body: String,
    pub status: u16,
}

impl Site {
    pub fn start() -> Self {
        let mut site = Self::default();
        let inner = site.clone();
        site.address = answering(move |request| inner.answer(request));
        site
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// What a feed or a page says, with `SITE` for the address of the site.
    pub fn put(&self, path: &str, kind: &str, body: &str) {
        self.put_with(path, kind, "", body);
    }

    /// The same with more header lines. The entity tag is made of the body.
    pub fn put_with(&self, path: &str, kind: &str, headers: &str, body: &str) {
        let body = body.replace("SITE", &self.address);
        let headers = format!("200 OK\r\nContent-Type: {kind}\r\nETag: \"{}-{}\"\r\n{headers}", body.len(), sum(&body));
        self.pages.lock().unwrap().insert(path.to_owned(), (headers, body.into_bytes()));
    }

    /// A file, such as a sound.
    pub fn put_bytes(&self, path: &str, kind: &str, bytes: Vec<u8>) {
        self.pages.lock().unwrap().insert(path.to_owned(), (format!("200 OK\r\nContent-Type: {kind}\r\n"), bytes));
    }

    /// Answers with a status, such as `503 Busy`, and header lines.
    pub fn fail(&self, path: &str, status: &str) {
        self.pages.lock().unwrap().insert(path.to_owned(), (format!("{status}\r\n"), Vec::new()));
    }

    /// The requests since the last call.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn answer(&self, request: &str) -> (String, Vec<u8>) {
        let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
        let page = self.pages.lock().unwrap().get(&path).cloned();
        let (headers, body) = page.unwrap_or_else(|| ("404 Not Found\r\n".to_owned(), Vec::new()));
        let (head, posted) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
        let lower = head.to_lowercase() + "\r\n";
        let tag = headers.lines().find_map(|line| line.strip_prefix("ETag: "));
        let known = tag.is_some_and(|tag| lower.contains(&format!("if-none-match: {tag}\r\n")));
        let (headers, body) =
            if known { (headers.replacen("200 OK", "304 Not Modified", 1), Vec::new()) } else { (headers, body) };
        let status = headers[..3].parse().unwrap();
        self.asked.lock().unwrap().push(Asked { path, headers: lower, body: posted.to_owned(), status });
        (format!("HTTP/1.1 {}", headers.trim_end()), body)
    }
}

fn sum(text: &str) -> u64 {
    text.bytes().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// Serves what `answer` makes of each request, and gives the address: header lines without the last break, and a body.
fn answering(answer: impl Fn(&str) -> (String, Vec<u8>) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            let mut request = String::new();
            loop {
                let mut line = String::new();
                if lines.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                request.push_str(&line);
            }
            let length = request.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let mut posted = String::new();
            lines.take(length.unwrap_or(0)).read_to_string(&mut posted).unwrap_or(0);
            request.push_str("\r\n");
            request.push_str(&posted);
            let (headers, body) = answer(&request);
            let length = body.len();
            // The client may have gone away; the next one is served all the same.
            let _ = write!(stream, "{headers}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(&body);
        }
    });
    format!("http://{address}")
}
