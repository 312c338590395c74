//! What Postfix writes into its log about a message, line by line.
//!
//! A log is written by strangers, too: names, addresses and replies in it are theirs. So a line is taken for what it says only
//! where it has the very form that Postfix gives it, and lines of any length and any bytes are read.

use std::io::{self, BufRead};

/// Bytes of a line that are looked at; syslog itself cuts lines far earlier (RFC 5424, section 6.1, asks for 2,048).
const LONGEST: usize = 8192;
/// Longest queue id; Postfix's own have up to some 20 characters.
const LONGEST_ID: usize = 40;

/// A line about the message of a queue id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLine<'a> {
    pub queue_id: &'a str,
    pub event: LogEvent<'a>,
}

/// What happened to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogEvent<'a> {
    /// Its header was read. The message is not taken yet: Postfix writes this while the rest is still on its way.
    MessageId(&'a str),
    /// It was taken, whole, and is in the queue.
    Queued,
    /// An attempt to deliver it to `to`, which was `orig_to` before an alias was followed.
    Delivery { to: &'a str, orig_to: Option<&'a str>, status: LogStatus, words: &'a str },
    /// It was returned to its sender after days; for the one recipient that griot's messages have.
    Expired { words: &'a str },
    /// It left the queue: the queue id may be given to another message.
    Removed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogStatus {
    Sent,
    Deferred,
    Bounced,
}

impl<'a> LogLine<'a> {
    /// `Mar  4 13:00:01 host postfix/cleanup[123]: 4F2A1B: message-id=<...>`; nothing where a line is of no interest.
    pub fn parse(line: &'a str) -> Option<Self> {
        let (tag, rest) = line.split_once("]: ")?;
        let (program, pid) = tag.rsplit_once('[')?;
        let daemon = program.rsplit_once('/')?.1;
        let (queue_id, detail) = rest.split_once(": ")?;
        let fine = pid.bytes().all(|b| b.is_ascii_digit())
            && (1..=LONGEST_ID).contains(&queue_id.len())
            && queue_id.bytes().all(|b| b.is_ascii_alphanumeric());
        let event = match daemon {
            _ if !fine => return None,
            "cleanup" => LogEvent::MessageId(detail.strip_prefix("message-id=<")?.strip_suffix('>')?),
            "qmgr" | "oqmgr" if detail == "removed" => LogEvent::Removed,
            "qmgr" | "oqmgr" => of_queue(detail)?,
            _ => of_delivery(detail)?,
        };
        Some(Self { queue_id, event })
    }
}

/// `from=<...>, size=9115, nrcpt=1 (queue active)` or `from=<...>, status=expired, returned to sender`.
fn of_queue(detail: &str) -> Option<LogEvent<'_>> {
    let (_, rest) = detail.strip_prefix("from=<")?.rsplit_once(">, ")?;
    if rest.starts_with("size=") && rest.ends_with("(queue active)") {
        return Some(LogEvent::Queued);
    }
    let words = rest.strip_prefix("status=")?;
    words.contains("returned to sender").then_some(LogEvent::Expired { words })
}

/// `to=<...>, orig_to=<...>, relay=..., delay=..., dsn=2.0.0, status=sent (250 2.0.0 ok)`.
fn of_delivery(detail: &str) -> Option<LogEvent<'_>> {
    let (to, rest) = detail.strip_prefix("to=<")?.split_once(">, ")?;
    let orig_to = rest.strip_prefix("orig_to=<").and_then(|rest| rest.split_once(">, ")).map(|(orig_to, _)| orig_to);
    // The first one: what follows it are the words of a server.
    let (_, words) = rest.split_once(", status=")?;
    let status = match words.split_once(' ').map_or(words, |(status, _)| status) {
        "sent" => LogStatus::Sent,
        "deferred" => LogStatus::Deferred,
        "bounced" => LogStatus::Bounced,
        _ => return None,
    };
    Some(LogEvent::Delivery { to, orig_to, status, words })
}

/// Hands the lines of a log to `take`, one by one, the end of very long ones cut off, with what is no UTF-8 replaced.
pub fn read_log(mut log: impl BufRead, mut take: impl FnMut(&str)) -> io::Result<()> {
    let mut line = Vec::with_capacity(LONGEST);
    loop {
        let (used, is_whole) = {
            let bytes = match log.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if bytes.is_empty() {
                break;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            let room = LONGEST.saturating_sub(line.len()).min(part.len());
            line.extend_from_slice(part.get(..room).unwrap_or_default());
            (part.len() + usize::from(end.is_some()), end.is_some())
        };
        log.consume(used);
        if is_whole {
            take(String::from_utf8_lossy(&line).trim_end());
            line.clear();
        }
    }
    // The last line of a log that is being written may be half a line: it says nothing reliable, and is passed over.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(line: &str) -> Option<LogEvent<'_>> {
        LogLine::parse(line).map(|line| line.event)
    }

    #[test]
    fn the_lines_of_a_message_are_understood() {
        let line =
            LogLine::parse("Mar  4 13:00:01 mx postfix/cleanup[71]: 4ZxQ7k3yBz: message-id=<ed.ab12@example.org>").unwrap();
        assert_eq!((line.queue_id, line.event), ("4ZxQ7k3yBz", LogEvent::MessageId("ed.ab12@example.org")));
        let queued = "2026-03-04T13:00:01.5+00:00 mx postfix-out/qmgr[9]: 0F2A: from=<letter@example.org>, size=9115, nrcpt=1 (queue active)";
        assert_eq!(event(queued), Some(LogEvent::Queued));
        assert_eq!(event("mx postfix/qmgr[9]: 0F2A: removed"), Some(LogEvent::Removed));
        let expired = "mx postfix/qmgr[9]: 0F2A: from=<letter@example.org>, status=expired, returned to sender";
        assert_eq!(event(expired), Some(LogEvent::Expired { words: "expired, returned to sender" }));
        let sent = "mx postfix/smtp[9]: 0F2A: to=<ada@one.example>, orig_to=<a@two.example>, relay=mx.one.example[192.0.2.1]:25, \
                    delay=0.5, delays=0.1/0/0.2/0.2, dsn=2.0.0, status=sent (250 2.0.0 ok, status=bounced)";
        let words = "sent (250 2.0.0 ok, status=bounced)";
        let delivery = |to, orig_to, status, words| LogEvent::Delivery { to, orig_to, status, words };
        assert_eq!(event(sent), Some(delivery("ada@one.example", Some("a@two.example"), LogStatus::Sent, words)));
        let bounced =
            "mx postfix/local[9]: 0F2A: to=<ba@two.example>, relay=local, delay=0, dsn=5.1.1, status=bounced (unknown user)";
        assert_eq!(event(bounced), Some(delivery("ba@two.example", None, LogStatus::Bounced, "bounced (unknown user)")));
    }

    #[test]
    fn what_only_looks_like_one_is_passed_over() {
        for line in [
            "",
            "]: ",
            "mx postfix/cleanup[71]: 4F2A: resent-message-id=<x@y>",
            "mx postfix/cleanup[71]: 4F2A: message-id=<x@y",
            "mx postfix/cleanup[71]: 4F2A: reject: header X: message-id=<x@y>",
            "mx postfix/cleanup[seventy]: 4F2A: message-id=<x@y>",
            "mx postfix/cleanup[71]: : message-id=<x@y>",
            "mx postfix/cleanup[71]: 4F 2A: message-id=<x@y>",
            "mx cleanup[71]: 4F2A: message-id=<x@y>",
            "mx postfix/smtpd[71]: 4F2A: client=unknown[192.0.2.1]",
            "mx postfix/smtpd[71]: NOQUEUE: reject: RCPT from x: 550 5.1.1 <a@b>: to=<a@b>, status=sent (ok)",
            "mx postfix/qmgr[9]: 0F2A: from=<a@b>, size=1, nrcpt=1",
            "mx postfix/smtp[9]: 0F2A: to=<a@b>, relay=x, status=undeliverable (probe)",
            "mx postfix/smtp[9]: 0F2A: to=<a@b>, relay=x, status=",
        ] {
            assert_eq!(event(line), None, "{line}");
        }
    }

    #[test]
    fn any_bytes_are_a_log() {
        let mut log = b"\xff\xfe\0\n\nshort\r\n".to_vec();
        log.extend(vec![b'x'; 3 * LONGEST]);
        log.extend(b"\nlast\nhalf a li");
        let mut lines = Vec::new();
        // A small buffer: lines come in many pieces.
        read_log(io::BufReader::with_capacity(7, log.as_slice()), |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines, ["\u{FFFD}\u{FFFD}\0", "", "short", &"x".repeat(LONGEST), "last"]);
    }
}
