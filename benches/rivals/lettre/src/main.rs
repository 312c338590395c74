//! Mails a letter to many readers with lettre's pool, each message made for its reader:
//! `lettre-pool PORT MESSAGES CONNECTIONS LETTER_HTML LETTER_TXT`. It keeps no record of who got it.
//!
//! Its sockets wait for each other's acknowledgements unless `nodelay.c` is preloaded: lettre does not set `TCP_NODELAY`.

use std::sync::atomic::{AtomicUsize, Ordering};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{MultiPart, header::Headers};
use lettre::transport::smtp::PoolConfig;
use lettre::{Message, SmtpTransport, Transport};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, messages, connections, html, text] = &arguments[..] else { panic!("see the head of this file") };
    let (messages, connections): (usize, u32) = (messages.parse().unwrap(), connections.parse().unwrap());
    let [html, text] = [html, text].map(|file| std::fs::read_to_string(file).unwrap());
    let pool = SmtpTransport::builder_dangerous("127.0.0.1")
        .port(port.parse().unwrap())
        .pool_config(PoolConfig::new().max_size(connections))
        .build();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                loop {
                    let reader = next.fetch_add(1, Ordering::Relaxed);
                    if reader >= messages {
                        break;
                    }
                    pool.send(&message(reader, &html, &text)).unwrap();
                }
            });
        }
    });
}

fn message(reader: usize, html: &str, text: &str) -> Message {
    let mut message = Message::builder()
        .from("The Desk <letter@example.org>".parse().unwrap())
        .to(format!("reader{reader}@d{}.example", reader % 7).parse().unwrap())
        .subject("A river rises")
        .multipart(MultiPart::alternative_plain_html(text.to_owned(), html.to_owned()))
        .unwrap();
    let headers: &mut Headers = message.headers_mut();
    let target = format!("<https://example.org/leave?t={reader}>");
    headers.insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str("List-Unsubscribe"), target));
    message
}
