//! A server of pictures, by https: what mail programs show comes no other way.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::{ServerConnection, StreamOwned};

use super::certified;

/// The certificate of the server, for `SSL_CERT_FILE`.
pub const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/right.pem");

#[derive(Clone, Default)]
pub struct Pictures {
    files: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<String>>>,
    /// Whether requests stay without an answer.
    silent: Arc<Mutex<bool>>,
    pub port: u16,
}

impl Pictures {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let inner = server.clone();
        let config = Arc::new(certified(include_str!("../../fixtures/tls/right.pem")));
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (server, config) = (inner.clone(), config.clone());
                thread::spawn(move || {
                    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
                    let (mut request, mut byte) = (Vec::new(), [0]);
                    while !request.ends_with(b"\r\n\r\n") {
                        if stream.read(&mut byte).unwrap_or(0) == 0 {
                            return;
                        }
                        request.push(byte[0]);
                    }
                    let path = String::from_utf8_lossy(&request).split(' ').nth(1).unwrap().to_owned();
                    let file = server.files.lock().unwrap().get(&path).cloned();
                    server.asked.lock().unwrap().push(path);
                    while *server.silent.lock().unwrap() {
                        thread::sleep(std::time::Duration::from_millis(20));
                    }
                    let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
                    let body = file.unwrap_or_default();
                    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                    // The client may have gone away.
                    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                });
            }
        });
        server
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        self.files.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
    }

    pub fn be_silent(&self, silent: bool) {
        *self.silent.lock().unwrap() = silent;
    }

    /// The paths that were asked for since the last call, in order of their names.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://127.0.0.1:{}{path}", self.port)
    }
}
