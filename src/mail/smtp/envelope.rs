use super::extensions::{Extension, Extensions};
use super::{Refusal, Stage};
use crate::domain::{Address, Reply};

/// Whom a message is from and for, as the server is told; the message itself may say otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// Where reports of failure go; none: nowhere (`<>`).
    pub from: Option<&'a Address>,
    pub to: &'a Address,
    /// Comes back in reports of failure (RFC 3461, section 4.4), where the server can do that. May be empty.
    pub id: &'a str,
    /// Bytes of the message.
    pub size: usize,
}

/// The envelope as commands, in the words that the server knows.
#[derive(Debug)]
pub(super) struct Commands {
    pub mail: String,
    pub rcpt: String,
    /// Whether the message may be UTF-8.
    pub eight_bit: bool,
}

/// Longest ENVID, encoded (RFC 3461, section 4.4).
const LONGEST_ID: usize = 100;

impl Envelope<'_> {
    /// MAIL and RCPT; a refusal where the server has said that it would refuse.
    pub(super) fn commands(&self, extensions: &Extensions) -> Result<Commands, Refusal> {
        let (from, to) = (self.from.map(Address::reveal).unwrap_or_default(), self.to.reveal());
        let eight_bit = !from.is_ascii() || !to.is_ascii();
        if let Some(largest) = extensions.largest.filter(|largest| self.size > *largest) {
            let words = format!("5.3.4 not sent: the server takes {largest} bytes at most, and the message has {}", self.size);
            return Err(Refusal::Refused { stage: Stage::Sender, reply: Reply::new(552, &words) });
        }
        if eight_bit && !(extensions.has(Extension::SmtpUtf8) && extensions.has(Extension::EightBitMime)) {
            let stage = if from.is_ascii() { Stage::Recipient } else { Stage::Sender };
            let reply = Reply::new(550, "5.6.7 not sent: the address needs SMTPUTF8, and the server does not offer it");
            return Err(Refusal::Refused { stage, reply });
        }
        let (mut mail, mut rcpt) = (vec![format!("MAIL FROM:<{from}>")], vec![format!("RCPT TO:<{to}>")]);
        if extensions.has(Extension::Size) {
            mail.push(format!("SIZE={}", self.size));
        }
        if eight_bit {
            mail.push("BODY=8BITMIME SMTPUTF8".to_owned());
        }
        if extensions.has(Extension::Dsn) {
            mail.push("RET=HDRS".to_owned());
            let id = xtext(self.id);
            // A longer one is not shortened: it would come back as the id of nothing.
            if (1..=LONGEST_ID).contains(&id.len()) {
                mail.push(format!("ENVID={id}"));
            }
            rcpt.push("NOTIFY=FAILURE".to_owned());
            if to.is_ascii() {
                rcpt.push(format!("ORCPT=rfc822;{}", xtext(&to)));
            }
        }
        let line = |words: Vec<String>| words.join(" ") + "\r\n";
        Ok(Commands { mail: line(mail), rcpt: line(rcpt), eight_bit })
    }
}

/// All but printable ASCII, and `+` and `=`, as `+` and two hexadecimal digits (RFC 3461, section 4).
fn xtext(text: &str) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase();
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && byte != b'+' && byte != b'=' {
            out.push(char::from(byte));
        } else {
            out.extend(['+', digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(offered: &[&str], id: &str, expected: &str) {
        let (from, to) = (Address::parse("desk@delta.example").unwrap(), Address::parse("ada+x@reader.example").unwrap());
        let extensions = Extensions::parse([&["post.example"], offered].concat());
        let envelope = Envelope { from: Some(&from), to: &to, id, size: 1000 };
        let text = match envelope.commands(&extensions) {
            Ok(commands) => commands.mail + &commands.rcpt,
            Err(refusal) => refusal.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn only_what_is_offered_is_used() {
        let plain = "MAIL FROM:<desk@delta.example>\r\nRCPT TO:<ada+x@reader.example>\r\n";
        case(&[], "e1", plain);
        case(&["SMTPUTF8", "8BITMIME", "PIPELINING", "CHUNKING"], "e1", plain);
        let sized = "MAIL FROM:<desk@delta.example> SIZE=1000\r\nRCPT TO:<ada+x@reader.example>\r\n";
        case(&["SIZE"], "", sized);
        case(&["SIZE 1000"], "", sized);
        case(
            &["SIZE 999"],
            "",
            "server refused the sender: 552 5.3.4 not sent: the server takes 999 bytes at most, and the message has 1000",
        );
        case(
            &["DSN"],
            "e+1 é\r\n",
            "MAIL FROM:<desk@delta.example> RET=HDRS ENVID=e+2B1+20+C3+A9+0D+0A\r\n\
             RCPT TO:<ada+x@reader.example> NOTIFY=FAILURE ORCPT=rfc822;ada+2Bx@reader.example\r\n",
        );
        let without_id = "MAIL FROM:<desk@delta.example> RET=HDRS\r\n\
                          RCPT TO:<ada+x@reader.example> NOTIFY=FAILURE ORCPT=rfc822;ada+2Bx@reader.example\r\n";
        case(&["DSN"], "", without_id);
        case(&["DSN"], &"x".repeat(101), without_id);
    }

    #[test]
    fn a_message_from_nobody() {
        let to = Address::parse("ada@reader.example").unwrap();
        let commands = Envelope { from: None, to: &to, id: "", size: 1 }.commands(&Extensions::default()).unwrap();
        assert_eq!(commands.mail, "MAIL FROM:<>\r\n");
    }
}
