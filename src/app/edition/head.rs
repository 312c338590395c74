//! What stands above the letter: the headers of its messages.

use jiff::Timestamp;

use super::letter_settings;
use crate::app::Desk;
use crate::config::LetterSettings;
use crate::domain::{EditionId, Href, Language};
use crate::mail::{MessageHead, Unsubscribe};

/// What a message says of itself, for one reader.
pub(in crate::app) fn message_head(
    desk: &Desk,
    edition: &EditionId,
    list: &str,
    language: &Language,
    date: Timestamp,
    message_id: &str,
    unsubscribe: &Href,
) -> anyhow::Result<MessageHead> {
    let settings = letter_settings(desk)?;
    let publication = &desk.settings.publication;
    let is_public = desk.settings.lists.iter().any(|one| one.public && one.name.as_str() == list);
    let pages = desk.settings.serve.url.as_ref().filter(|_| is_public);
    Ok(MessageHead {
        from: settings.from.clone(),
        // One that says nothing new is left out.
        reply_to: settings.reply_to.clone().filter(|reply_to| reply_to.address != settings.from.address),
        message_id: message_id.to_owned(),
        date,
        list: (publication.title.clone(), format!("{list}.{}", publication.home.host())),
        archive: publication.pages.then(|| publication.feeds.join("editions/index.html")).flatten().map(Href::Web),
        help: settings.help.clone(),
        subscribe: pages.and_then(|pages| pages.join(&format!("subscribe?list={list}"))).map(Href::Web),
        owner: publication.owner.as_ref().map(|owner| owner.address.clone()),
        feedback: settings.feedback_id.as_ref().map(|sender| format!("{edition}:{list}:{sender}")),
        language: language.clone(),
        // The desk knows whether its page answers the POST (RFC 8058, section 3.2).
        unsubscribe: Unsubscribe {
            page: unsubscribe.clone(),
            one_click: settings.one_click,
            mail: settings.unsubscribe_mail.clone(),
        },
        test: false,
    })
}

pub(in crate::app) fn sender_host(settings: &LetterSettings) -> &str {
    settings.from.address.domain()
}
