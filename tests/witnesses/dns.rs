use std::collections::BTreeMap;
use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A name server on the loopback interface that knows a few records, and of everything else that it does not exist.
pub struct NameServer {
    pub port: u16,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What a name has.
#[derive(Clone, Debug)]
pub enum Record {
    Address([u8; 4]),
    /// The name that an address belongs to.
    Pointer(&'static str),
    Mail(&'static str),
    Text(String),
}

impl NameServer {
    pub fn start(records: Vec<(String, Record)>) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let port = socket.local_addr().unwrap().port();
        let over = Arc::new(AtomicBool::new(false));
        let mut known: BTreeMap<String, Vec<Record>> = BTreeMap::new();
        for (name, record) in records {
            known.entry(name).or_default().push(record);
        }
        let is_over = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let mut query = [0; 4096];
            while !is_over.load(Ordering::Relaxed) {
                let Ok((length, asker)) = socket.recv_from(&mut query) else { continue };
                if let Some(answer) = answer(&query[..length], &known) {
                    socket.send_to(&answer, asker).unwrap();
                }
            }
        });
        Self { port, over, thread: Some(thread) }
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.thread.take().unwrap().join();
    }
}

/// RFC 1035, section 4.1.
fn answer(query: &[u8], known: &BTreeMap<String, Vec<Record>>) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    let mut at = 12;
    while *query.get(at)? > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(query.get(at + 1..end)?).to_lowercase());
        at = end;
    }
    let kind = u16::from_be_bytes([*query.get(at + 1)?, *query.get(at + 2)?]);
    let question = query.get(12..at + 5)?;
    let records = known.get(&labels.join("."));
    let answers: Vec<Vec<u8>> = records.into_iter().flatten().filter_map(|record| data(record, kind)).collect();
    let code: u16 = if records.is_some() { 0x8180 } else { 0x8183 };
    let mut out = query[..2].to_vec();
    for number in [code, 1, u16::try_from(answers.len()).unwrap(), 0, 0] {
        out.extend(number.to_be_bytes());
    }
    out.extend(question);
    for data in answers {
        // The name of the question, the kind asked for, the Internet, for a minute.
        out.extend([0xC0, 12]);
        out.extend(kind.to_be_bytes());
        out.extend([0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    Some(out)
}

/// A record of the kind that was asked for.
fn data(record: &Record, kind: u16) -> Option<Vec<u8>> {
    match (record, kind) {
        (Record::Address(address), 1) => Some(address.to_vec()),
        (Record::Pointer(name), 12) => Some(wire(name)),
        (Record::Mail(name), 15) => Some([&[0, 10], &wire(name)[..]].concat()),
        (Record::Text(text), 16) => {
            let strings = text.as_bytes().chunks(255);
            Some(strings.flat_map(|string| [&[u8::try_from(string.len()).unwrap()], string].concat()).collect())
        }
        _ => None,
    }
}

fn wire(name: &str) -> Vec<u8> {
    let labels = name.split('.').flat_map(|label| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat());
    labels.chain([0]).collect()
}
