//! What stands above the letter: the headers of its messages.

use jiff::Timestamp;

use super::letter_settings;
use crate::app::Desk;
use crate::config::LetterSettings;
use crate::domain::{Href, Language};
use crate::mail::{MessageHead, Unsubscribe};

/// What a message says of itself, for one reader.
pub(in crate::app) fn message_head(
    desk: &Desk,
    list: &str,
    language: &Language,
    date: Timestamp,
    message_id: &str,
    unsubscribe: &Href,
) -> anyhow::Result<MessageHead> {
    let settings = letter_settings(desk)?;
    let publication = &desk.settings.publication;
    Ok(MessageHead {
        from: settings.from.clone(),
        reply_to: settings.reply_to.clone(),
        message_id: message_id.to_owned(),
        date,
        list: (publication.title.clone(), format!("{list}.{}", publication.home.host())),
        archive: None,
        help: None,
        owner: None,
        feedback: None,
        language: language.clone(),
        // One click is promised once griot itself answers the POST (RFC 8058, section 3.2).
        unsubscribe: Unsubscribe { page: unsubscribe.clone(), one_click: false, mail: None },
        test: false,
    })
}

pub(in crate::app) fn sender_host(settings: &LetterSettings) -> &str {
    settings.from.address.domain()
}
