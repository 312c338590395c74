//! The message for one reader, out of the letter of an edition.

use aws_lc_rs::hmac;
use jiff::Timestamp;

use crate::app::{Desk, edition};
use crate::config::LetterSettings;
use crate::domain::{Address, Edition, Href, Language, Newsletter, Recipient};
use crate::mail::message;

/// A letter on its way to a list.
pub(super) struct Post<'a> {
    desk: &'a Desk,
    settings: &'a LetterSettings,
    edition: &'a Edition,
    letter: Newsletter,
    language: Language,
    date: Timestamp,
    list: &'a str,
    message_secret: String,
    unsubscribe_secret: String,
}

impl<'a> Post<'a> {
    /// The letter of an edition, to be dated as the sending is.
    pub(super) async fn new(desk: &'a Desk, edition: &'a Edition, list: &'a str, date: Timestamp) -> anyhow::Result<Self> {
        let (letter, language) = edition::letter(desk, edition).await?;
        Ok(Self {
            desk,
            settings: edition::letter_settings(desk)?,
            edition,
            letter,
            language,
            date,
            list,
            message_secret: desk.secret("message-id").await?,
            unsubscribe_secret: desk.secret("unsubscribe").await?,
        })
    }

    /// When the sending began.
    pub(super) fn begun(&self) -> Timestamp {
        self.date
    }

    pub(super) fn sender(&self) -> &Address {
        &self.settings.from.address
    }

    /// The message for one reader. The same reader gets the same bytes, however often it is tried.
    pub(super) fn message(&self, recipient: &Recipient) -> anyhow::Result<Vec<u8>> {
        let key = recipient.address().key();
        let id = sign(&self.message_secret, &[self.edition.id.as_str(), &key]);
        let token = sign(&self.unsubscribe_secret, &[self.list, &key]);
        let unsubscribe = way_out(&self.settings.unsubscribe, &token);
        let message_id = format!("{}.{id}@{}", self.edition.id, edition::sender_host(self.settings));
        let head = edition::message_head(self.desk, self.list, &self.language, self.date, &message_id, &unsubscribe)?;
        Ok(message(&self.letter, recipient, &head)?)
    }
}

/// The message of a test, to an address that the desk named.
pub(super) async fn test_message(desk: &Desk, edition: &Edition, to: &Address) -> anyhow::Result<Vec<u8>> {
    let settings = edition::letter_settings(desk)?;
    let (letter, language) = edition::letter(desk, edition).await?;
    let date = desk.now();
    // Each test is a message of its own: mail programs would fold two of the same id into one.
    let id = edition::fingerprint(&["test", edition.id.as_str(), &to.key(), &date.to_string()]);
    let message_id = format!("test.{id}@{}", edition::sender_host(settings));
    let mut head = edition::message_head(desk, settings.list.as_str(), &language, date, &message_id, &settings.unsubscribe)?;
    head.test = true;
    Ok(message(&letter, &Recipient::of_test(to.clone()), &head)?)
}

/// Where one reader leaves: the page or the mailbox, with the reader's token.
fn way_out(base: &Href, token: &str) -> Href {
    match base {
        Href::Web(page) => {
            let mut url = page.url().clone();
            url.query_pairs_mut().append_pair("t", token);
            Href::parse(url.as_str()).unwrap_or_else(|| base.clone())
        }
        Href::Mail(address) => {
            let separator = if address.contains('?') { '&' } else { '?' };
            Href::Mail(format!("{address}{separator}subject=unsubscribe%20{token}"))
        }
    }
}

/// A name that only this ledger can give: the first 16 bytes of HMAC-SHA-256 (RFC 2104), in hexadecimal.
fn sign(secret: &str, parts: &[&str]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    edition::hexadecimal(context.sign().as_ref().get(..16).unwrap_or_default())
}
