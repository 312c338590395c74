//! A message to one person who asked for it: no mail of a list.

use jiff::Timestamp;

use super::header;
use super::message::{MessageError, checked_id, checked_lines, date, parts};
use crate::domain::{Address, Href, Language, Mailbox, Newsletter};

/// What stands above it.
#[derive(Clone, Debug)]
pub struct NoticeHead {
    pub from: Mailbox,
    /// Where answers go, if elsewhere than to `from`.
    pub reply_to: Option<Mailbox>,
    /// Without angle brackets; the same for every attempt.
    pub message_id: String,
    /// When it was asked for; the same for every attempt.
    pub date: Timestamp,
    pub language: Language,
}

/// The message as it goes over the wire. Same input, same bytes.
///
/// It says that no person wrote it (RFC 3834, section 5), so that no vacation program answers.
pub fn notice_message(letter: &Newsletter, to: &Address, head: &NoticeHead) -> Result<Vec<u8>, MessageError> {
    let mut fields =
        vec![format!("Date: {}\r\n", date(head.date)?), header::mailbox("From", head.from.name.as_ref(), &head.from.address)];
    fields.extend(head.reply_to.as_ref().map(|reply_to| header::mailbox("Reply-To", reply_to.name.as_ref(), &reply_to.address)));
    fields.push(header::mailbox("To", None, to));
    fields.push(header::text("Subject", letter.subject.as_str()));
    fields.push(format!("Message-ID: <{}>\r\nMIME-Version: 1.0\r\n", checked_id(&head.message_id)?));
    fields.push(format!("Content-Language: {}\r\n", head.language));
    fields.push("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n".to_owned());
    let mut bytes = fields.concat().into_bytes();
    // It has no way out to be filled in: nobody is on a list by it.
    bytes.extend(parts(letter, &Href::Mail(format!("mailto:{}", head.from.address.reveal())))?.formatted());
    checked_lines(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Line;

    #[test]
    fn it_is_a_message_to_one_person() {
        let letter = Newsletter {
            subject: Line::new("Please confirm: Zoë’s letter\u{202e}").unwrap(),
            html: "<p>Confirm</p>\n".to_owned(),
            text: "Confirm\n".to_owned(),
            pictures: Vec::new(),
        };
        let head = NoticeHead {
            from: Mailbox::parse("The Delta Post <letter@delta.example>").unwrap(),
            reply_to: None,
            message_id: "ask.1@delta.example".to_owned(),
            date: Timestamp::UNIX_EPOCH,
            language: Language::parse("en").unwrap(),
        };
        let message = notice_message(&letter, &Address::parse("ada@reader.example").unwrap(), &head).unwrap();
        let message = String::from_utf8(message).unwrap();
        assert!(message.is_ascii() && !message.replace("\r\n", "").contains('\n'));
        for header in
            ["To: ada@reader.example\r\n", "Auto-Submitted: auto-generated\r\n", "Message-ID: <ask.1@delta.example>\r\n"]
        {
            assert!(message.contains(header), "{message}");
        }
        assert!(!message.contains("List-") && !message.contains("Precedence"), "{message}");
    }
}
