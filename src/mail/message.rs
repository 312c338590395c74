use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::message::header::{ContentDisposition, ContentId, ContentTransferEncoding, ContentType};
use lettre::message::{Body, MultiPart, SinglePart};

use super::header;
use crate::domain::{Address, Href, InlinePicture, Language, Line, Mailbox, Newsletter, Recipient};

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
    /// Where a reader finds help with the list.
    pub help: Option<Href>,
    /// Where others can ask to be put on the list.
    pub subscribe: Option<Href>,
    /// Who answers for the list.
    pub owner: Option<Address>,
    /// By what mailbox providers tell complaints apart: edition, list and sender, `2026-03-04-ferrymen:readers:deltapost`.
    pub feedback: Option<String>,
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
    #[error("`{id}` is not a message id")]
    MessageId { id: String },
    #[error("`{id}` is not the id of a list")]
    ListId { id: String },
    #[error("`{id}` is not the id of a picture")]
    PictureId { id: String },
    #[error("`{id}` is not an id for complaints")]
    FeedbackId { id: String },
    #[error("{date} is not a date that a mail can have")]
    Date { date: Timestamp },
    #[error("a line of the message has {length} bytes, and mail allows {LINE}")]
    LongLine { length: usize },
    #[error("the mail library knows no media type `{kind}`")]
    MediaType { kind: String },
}

/// Longest line without its end, in bytes (RFC 5322, section 2.1.1).
const LINE: usize = 998;
/// Columns of a line, where it can be folded.
const COLUMNS: usize = 76;

/// The message for one reader, as it goes over the wire: 7-bit, CRLF, text before HTML. Same input, same bytes.
pub fn message(letter: &Newsletter, to: &Recipient, head: &MessageHead) -> Result<Vec<u8>, MessageError> {
    let mut bytes = headers(letter, to, head)?.into_bytes();
    bytes.extend(parts(letter, &head.unsubscribe.page)?.formatted());
    checked_lines(bytes)
}

/// The message, where mail can carry its lines.
pub(super) fn checked_lines(bytes: Vec<u8>) -> Result<Vec<u8>, MessageError> {
    match bytes.split(|b| *b == b'\n').map(<[u8]>::len).max() {
        Some(length) if length > LINE + 1 => Err(MessageError::LongLine { length: length - 1 }),
        _ => Ok(bytes),
    }
}

/// The head but for `Content-Type`, which belongs to the parts.
fn headers(letter: &Newsletter, to: &Recipient, head: &MessageHead) -> Result<String, MessageError> {
    let subject = if head.test { format!("[Test] {}", letter.subject) } else { letter.subject.to_string() };
    let mut fields =
        vec![format!("Date: {}\r\n", date(head.date)?), header::mailbox("From", head.from.name.as_ref(), &head.from.address)];
    let reply_to = head.reply_to.as_ref().filter(|reply_to| reply_to.address != head.from.address);
    fields.extend(reply_to.map(|reply_to| header::mailbox("Reply-To", reply_to.name.as_ref(), &reply_to.address)));
    fields.push(header_to(to));
    fields.push(header::text("Subject", &subject));
    fields.push(format!("Message-ID: <{}>\r\nMIME-Version: 1.0\r\n", checked_id(&head.message_id)?));
    fields.push(format!("Content-Language: {}\r\n", head.language));
    fields.push(header::named("List-Id", &head.list.0, checked_list(&head.list.1)?));
    fields.extend(list_headers(head).into_iter().map(|(name, value)| format!("{name}: {value}\r\n")));
    if let Some(feedback) = &head.feedback {
        let id = checked_feedback(feedback)?;
        let fold = if "Feedback-ID: ".len() + id.len() > COLUMNS { "\r\n" } else { "" };
        fields.push(format!("Feedback-ID:{fold} {id}\r\n"));
    }
    if !head.test {
        // Vacation programs older than RFC 3834 keep silent for it.
        fields.push("Precedence: bulk\r\n".to_owned());
    }
    Ok(fields.concat())
}

/// The header `To`, the one that is as long as the reader's name and address are.
pub(super) fn header_to(to: &Recipient) -> String {
    header::mailbox("To", to.name(), to.address())
}

/// The letter itself: text, then HTML, with the pictures that it shows where it brings any along.
pub(super) fn parts(letter: &Newsletter, unsubscribe: &Href) -> Result<MultiPart, MessageError> {
    let digest = fingerprint(letter);
    let letter = letter.personal(unsubscribe);
    let parts = multipart("alternative", "", &format!("=_griot_{digest}"))?;
    let (text, html) = (quoted(ContentType::TEXT_PLAIN, letter.text), quoted(ContentType::TEXT_HTML, letter.html));
    if letter.pictures.is_empty() {
        return Ok(parts.singlepart(text).singlepart(html));
    }
    // What the whole is shown as has to be told (RFC 2387, section 3.1).
    let mut related = multipart("related", " type=\"text/html\";", &format!("=_griot_{digest}_related"))?.singlepart(html);
    for picture in &letter.pictures {
        related = related.singlepart(shown(picture)?);
    }
    Ok(parts.singlepart(text).multipart(related))
}

fn multipart(kind: &str, more: &str, boundary: &str) -> Result<MultiPart, MessageError> {
    let kind = format!("multipart/{kind};{more} boundary=\"{boundary}\"");
    Ok(MultiPart::builder().header(content_type(&kind)?).build())
}

fn content_type(kind: &str) -> Result<ContentType, MessageError> {
    ContentType::parse(kind).map_err(|_| MessageError::MediaType { kind: kind.to_owned() })
}

fn quoted(kind: ContentType, text: String) -> SinglePart {
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).unwrap_or_else(Body::new);
    SinglePart::builder().header(kind).body(body)
}

/// A picture that the HTML shows by its id (RFC 2392).
fn shown(picture: &InlinePicture) -> Result<SinglePart, MessageError> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-.@".contains(&byte);
    let name = picture.id.split_once('@').map(|(name, _)| name);
    let name =
        name.filter(|name| !name.is_empty() && name.len() <= 40 && picture.id.len() <= 200 && picture.id.bytes().all(is_known));
    let name = name.ok_or_else(|| MessageError::PictureId { id: picture.id.clone() })?;
    let ending = match picture.media_type {
        "image/jpeg" => "jpg",
        other => other.split_once('/').map_or("bin", |(_, ending)| ending),
    };
    let body = Body::new_with_encoding(picture.bytes.to_vec(), ContentTransferEncoding::Base64).unwrap_or_else(Body::new);
    Ok(SinglePart::builder()
        .header(content_type(picture.media_type)?)
        .header(ContentId::from(format!("<{}>", picture.id)))
        .header(ContentDisposition::inline_with_name(&format!("{name}.{ending}")))
        .body(body))
}

/// A name for the letter by what is in it, the same for all readers: the first 12 bytes of SHA-256, in hexadecimal.
///
/// The text between the parts is made of it. `=_` before it never occurs in quoted-printable (RFC 2045, section 6.7), so no
/// letter can hold that.
fn fingerprint(letter: &Newsletter) -> String {
    let hash = digest(&SHA256, format!("{}\n{}\n{}", letter.subject, letter.html, letter.text).as_bytes());
    hash.as_ref().iter().take(12).fold(String::new(), |out, byte| out + &format!("{byte:02x}"))
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
    let owner = head.owner.as_ref().map(|owner| Href::Mail(format!("mailto:{}", owner.reveal())));
    let others =
        [("List-Archive", &head.archive), ("List-Help", &head.help), ("List-Subscribe", &head.subscribe), ("List-Owner", &owner)];
    for (name, target) in others {
        headers.extend(target.as_ref().map(|target| (name, bracketed(target))));
    }
    headers
}

/// The list's id (RFC 2919, section 3).
fn checked_list(id: &str) -> Result<&str, MessageError> {
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let is_fine = id.len() <= 255 && id.contains('.') && id.split('.').all(label);
    if is_fine { Ok(id) } else { Err(MessageError::ListId { id: id.to_owned() }) }
}

/// Three names with colons between them, the last the sender's own.
fn checked_feedback(id: &str) -> Result<&str, MessageError> {
    let name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let is_fine = id.len() <= 250 && id.split(':').count() == 3 && id.split(':').all(name);
    if is_fine { Ok(id) } else { Err(MessageError::FeedbackId { id: id.to_owned() }) }
}

pub(super) fn checked_id(id: &str) -> Result<&str, MessageError> {
    let atoms =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    match id.split_once('@') {
        Some((left, right)) if atoms(left) && atoms(right) && id.len() <= 250 => Ok(id),
        _ => Err(MessageError::MessageId { id: id.to_owned() }),
    }
}

/// The instant with a numeric zone (RFC 5322, section 3.3), where the header can hold it: from 1970 to 9999.
pub(super) fn date(at: Timestamp) -> Result<String, MessageError> {
    let time = at.to_zoned(TimeZone::UTC);
    if (1970..=9999).contains(&time.year()) {
        Ok(time.strftime("%a, %d %b %Y %H:%M:%S %z").to_string())
    } else {
        Err(MessageError::Date { date: at })
    }
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
pub(super) mod tests;
