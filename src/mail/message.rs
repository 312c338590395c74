use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, MultiPart, SinglePart};

use crate::domain::{Address, Href, Language, Line, Mailbox, Newsletter, Recipient, fold};

/// What stands above a letter: the same for every reader but for the id and the way out.
#[derive(Clone, Debug)]
pub struct MessageHead {
    pub from: Mailbox,
    /// Where answers go, if elsewhere than to `from`.
    pub reply_to: Option<Mailbox>,
    /// `edition.reader@example.org`, without angle brackets: the same for every attempt, so that a repeat is known as one.
    pub message_id: String,
    /// When the edition began to be sent: the same for every attempt.
    pub date: Timestamp,
    /// The name of the list and its id, such as `letter.example.org`: never changes (RFC 2919).
    pub list: (Line, String),
    /// Where earlier letters are.
    pub archive: Option<Href>,
    pub language: Language,
    pub unsubscribe: Unsubscribe,
    /// A test for the desk: the subject says so, and it is not marked as bulk mail.
    pub test: bool,
}

/// The reader's own way out.
#[derive(Clone, Debug)]
pub struct Unsubscribe {
    /// Stands in the letter, and first in `List-Unsubscribe`.
    pub page: Href,
    /// Whether a POST to `page` alone unsubscribes (RFC 8058). Counts only where `page` is an https URL.
    pub one_click: bool,
    /// A `mailto:` that unsubscribes.
    pub mail: Option<Href>,
}

/// Why a message cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    #[error("the mail library does not take the address {address}")]
    Address { address: Address },
    #[error("`{id}` is not a message id")]
    MessageId { id: String },
    #[error("`{id}` is not the id of a list")]
    ListId { id: String },
    #[error("{date} is not a date that a mail can have")]
    Date { date: Timestamp },
    #[error("a line of the message has {length} bytes, and mail allows {LINE}")]
    LongLine { length: usize },
    #[error("the mail library refused the message")]
    Build(#[from] lettre::error::Error),
}

/// Longest line without its end, in bytes (RFC 5322, section 2.1.1).
const LINE: usize = 998;

/// The message for one reader, as it goes over the wire: 7-bit, CRLF, text before HTML. Same input, same bytes.
pub fn message(letter: &Newsletter, to: &Recipient, head: &MessageHead) -> Result<Vec<u8>, MessageError> {
    let letter = letter.personal(&head.unsubscribe.page);
    let subject = if head.test { format!("[Test] {}", letter.subject) } else { letter.subject.to_string() };
    let mut builder = lettre::Message::builder()
        .date(date(head.date)?)
        .from(mailbox(head.from.name.as_ref(), &head.from.address)?)
        .to(mailbox(to.name(), to.address())?)
        .subject(subject)
        .message_id(Some(format!("<{}>", checked_id(&head.message_id)?)));
    if let Some(reply_to) = &head.reply_to {
        builder = builder.reply_to(mailbox(reply_to.name.as_ref(), &reply_to.address)?);
    }
    builder = builder.raw_header(list_id(&head.list.0, &head.list.1)?);
    for (name, value) in list_headers(head) {
        let name = HeaderName::new_from_ascii_str(name);
        builder = builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value));
    }
    let parts = MultiPart::alternative()
        .boundary(boundary(&head.message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, letter.text))
        .singlepart(part(ContentType::TEXT_HTML, letter.html));
    let bytes = builder.multipart(parts)?.formatted();
    match bytes.split(|b| *b == b'\n').map(<[u8]>::len).max() {
        Some(length) if length > LINE + 1 => Err(MessageError::LongLine { length: length - 1 }),
        _ => Ok(bytes),
    }
}

/// The headers that tell a letter from a list, in their wire form: ASCII, folded before each further target.
fn list_headers(head: &MessageHead) -> Vec<(&'static str, String)> {
    let unsubscribe = &head.unsubscribe;
    let targets: Vec<String> = std::iter::once(&unsubscribe.page).chain(&unsubscribe.mail).map(bracketed).collect();
    let mut headers = vec![("List-Unsubscribe", targets.join(",\r\n "))];
    let https = matches!(&unsubscribe.page, Href::Web(url) if url.url().scheme() == "https");
    if unsubscribe.one_click && https {
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    if let Some(archive) = &head.archive {
        headers.push(("List-Archive", bracketed(archive)));
    }
    headers.push(("Content-Language", head.language.to_string()));
    if !head.test {
        // Vacation programs older than RFC 3834 keep silent for it.
        headers.push(("Precedence", "bulk".to_owned()));
    }
    headers
}

/// The list's id after its name (RFC 2919, section 3).
fn list_id(name: &Line, id: &str) -> Result<HeaderValue, MessageError> {
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if id.len() > 255 || !id.contains('.') || !id.split('.').all(label) {
        return Err(MessageError::ListId { id: id.to_owned() });
    }
    let name = name.shortened(100).to_string();
    let phrase = if name.is_ascii() {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        // Encoded words may not stand in quotes (RFC 2047, section 5), so what would need them goes.
        fold(&name.replace(|c: char| c.is_ascii_punctuation(), " "))
    };
    Ok(HeaderValue::new(HeaderName::new_from_ascii_str("List-Id"), format!("{phrase} <{id}>")))
}

fn part(kind: ContentType, text: String) -> SinglePart {
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).unwrap_or_else(Body::new);
    SinglePart::builder().header(kind).body(body)
}

/// The text between the parts. `=_` never occurs in quoted-printable (RFC 2045, section 6.7), so no letter can hold it.
fn boundary(message_id: &str) -> String {
    let plain: String = message_id.chars().filter(char::is_ascii_alphanumeric).take(48).collect();
    format!("=_griot_{plain}")
}

pub(super) fn mailbox(name: Option<&Line>, address: &Address) -> Result<lettre::message::Mailbox, MessageError> {
    let parsed = address.reveal().parse().map_err(|_| MessageError::Address { address: address.clone() })?;
    Ok(lettre::message::Mailbox::new(name.map(|name| name.shortened(100).to_string()), parsed))
}

fn checked_id(id: &str) -> Result<&str, MessageError> {
    let atoms =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    match id.split_once('@') {
        Some((left, right)) if atoms(left) && atoms(right) && id.len() <= 250 => Ok(id),
        _ => Err(MessageError::MessageId { id: id.to_owned() }),
    }
}

/// The instant, where the header can hold it: from 1970 to 9999, in whole seconds.
fn date(at: Timestamp) -> Result<SystemTime, MessageError> {
    let year = at.to_zoned(jiff::tz::TimeZone::UTC).year();
    if (1970..=9999).contains(&year) { Ok(SystemTime::from(at)) } else { Err(MessageError::Date { date: at }) }
}

/// A target in angle brackets, ASCII only (RFC 2369, section 2; RFC 3986, section 2.1).
fn bracketed(href: &Href) -> String {
    let mut out = String::from("<");
    for b in href.as_str().bytes() {
        if b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b',') {
            out.push(char::from(b));
        } else {
            out.push('%');
            out.extend([b >> 4, b & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()));
        }
    }
    out.push('>');
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::new(text).unwrap()
    }

    pub(in crate::mail) fn head() -> MessageHead {
        MessageHead {
            from: Mailbox::parse("Zoë at The Delta Post <letter@delta.example>").unwrap(),
            reply_to: Some(Mailbox::parse("desk@delta.example").unwrap()),
            message_id: "2026-03-04-ferrymen.5f3a@delta.example".to_owned(),
            date: "2026-03-04T07:00:00.5Z".parse().unwrap(),
            list: (line("The Delta Post"), "letter.delta.example".to_owned()),
            archive: Href::parse("https://delta.example/letters/"),
            language: Language::parse("fr").unwrap(),
            unsubscribe: Unsubscribe {
                page: Href::parse("https://delta.example/u/TOKEN").unwrap(),
                one_click: true,
                mail: Href::parse("mailto:leave@delta.example?subject=TOKEN"),
            },
            test: false,
        }
    }

    pub(in crate::mail) fn letter() -> Newsletter {
        Newsletter {
            subject: line("Ceux qui comptent l’eau – et ce que l’eau compte, au fil du delta, saison après saison"),
            html: format!("<p>L’eau = {}</p>\n<a href=\"{}\">x</a>\n", "montée ".repeat(60), Newsletter::UNSUBSCRIBE),
            text: format!(".\nL’eau monte.\n=_griot\nFrom here\n{}\n", Newsletter::UNSUBSCRIBE),
            pictures: Vec::new(),
        }
    }

    fn reader() -> Recipient {
        Recipient::from_ledger(Address::parse("ada@reader.example").unwrap(), Some(line("Ada \"A.\" Réader, Dr")))
    }

    fn written(head: &MessageHead) -> String {
        String::from_utf8(message(&letter(), &reader(), head).unwrap()).unwrap()
    }

    #[test]
    fn a_message_is_lines_of_seven_bits() {
        let message = written(&head());
        assert!(message.is_ascii());
        assert_eq!(message.matches('\n').count(), message.matches("\r\n").count());
        assert_eq!(message.matches('\r').count(), message.matches("\r\n").count());
        for line in message.split("\r\n") {
            assert!(line.len() <= 78, "{line}");
        }
        assert_eq!(message, written(&head()));
    }

    #[test]
    fn the_head_says_what_a_list_says() {
        let message = written(&head());
        for header in [
            "Date: Wed, 04 Mar 2026 07:00:00 +0000\r\n",
            "Message-ID: <2026-03-04-ferrymen.5f3a@delta.example>\r\n",
            "Reply-To: desk@delta.example\r\n",
            "MIME-Version: 1.0\r\n",
            "List-Id: \"The Delta Post\" <letter.delta.example>\r\n",
            "List-Unsubscribe: <https://delta.example/u/TOKEN>,\r\n <mailto:leave@delta.example?subject=TOKEN>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "List-Archive: <https://delta.example/letters/>\r\n",
            "Content-Language: fr\r\n",
            "Precedence: bulk\r\n",
        ] {
            assert!(message.contains(header), "{header} is missing in {message}");
        }
        for header in ["\r\nFrom:", "\r\nTo:", "\r\nSubject:", "Date:", "\r\nMessage-ID:"] {
            assert_eq!(message.matches(header).count(), 1, "{header}");
        }
        assert!(message.contains("https://delta.example/u/TOKEN") && !message.contains("unsubscribe.invalid"));
        let (text, html) = (message.find("text/plain").unwrap(), message.find("text/html").unwrap());
        assert!(text < html);
        assert_eq!(message.matches("Content-Transfer-Encoding: quoted-printable\r\n").count(), 2);
    }

    #[test]
    fn one_click_is_promised_only_over_https() {
        let mut head = head();
        head.unsubscribe.page = Href::parse("http://delta.example/u/TOKEN").unwrap();
        assert!(!written(&head).contains("One-Click"));
        head.unsubscribe.page = Href::parse("mailto:leave@delta.example").unwrap();
        head.unsubscribe.mail = None;
        assert!(written(&head).contains("List-Unsubscribe: <mailto:leave@delta.example>\r\n"));
        assert!(!written(&head).contains("One-Click"));
    }

    #[test]
    fn a_test_says_that_it_is_one() {
        let test = written(&MessageHead { test: true, ..head() });
        assert!(test.contains("Subject: [Test] ") && !test.contains("Precedence"));
    }

    #[test]
    fn what_no_head_can_hold_is_refused() {
        for id in ["", "a", "a@", "a b@c", "a@b\r\nBcc: c@d", "<a@b>", "é@b"] {
            let refused = message(&letter(), &reader(), &MessageHead { message_id: id.to_owned(), ..head() });
            assert!(matches!(refused, Err(MessageError::MessageId { .. })), "{id}");
        }
        for id in ["", "letter", "a@b.c", "a..b", "a.b>\r\nX: y"] {
            let refused = message(&letter(), &reader(), &MessageHead { list: (line("L"), id.to_owned()), ..head() });
            assert!(matches!(refused, Err(MessageError::ListId { .. })), "{id}");
        }
        for date in [Timestamp::MIN, Timestamp::MAX] {
            let made = message(&letter(), &reader(), &MessageHead { date, ..head() });
            assert_eq!(made.is_ok(), date == Timestamp::MAX, "{made:?}");
        }
        let mut long = head();
        long.unsubscribe.page = Href::parse(&format!("https://e.example/{}", "a".repeat(1100))).unwrap();
        assert!(matches!(message(&letter(), &reader(), &long), Err(MessageError::LongLine { .. })));
    }

    #[test]
    fn the_name_of_a_list_is_quoted_or_encoded() {
        let mut head = head();
        head.list.0 = line("The \"Delta\", weekly");
        assert!(written(&head).contains("List-Id: \"The \\\"Delta\\\", weekly\" <letter.delta.example>\r\n"));
        head.list.0 = line("L’eau, \"du\" Delta");
        assert!(written(&head).contains("List-Id: =?utf-8?b?TOKAmWVhdQ==?= du Delta <letter.delta.example>\r\n"));
    }

    #[test]
    fn targets_are_ascii() {
        let href = Href::parse("mailto:léa@e.example?subject=a,b").unwrap();
        assert_eq!(bracketed(&href), "<mailto:l%C3%A9a@e.example?subject=a%2Cb>");
    }
}
