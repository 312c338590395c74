//! The message for one reader, out of the letter of an edition.

use anyhow::Context;
use aws_lc_rs::hmac;
use jiff::Timestamp;

use super::verp;
use crate::app::token::{Holder, Mint, Purpose};
use crate::app::{Desk, edition};
use crate::domain::{Address, Edition, Href, Newsletter, Recipient, SubscriptionId, Variant};
use crate::mail::dkim::{Body, Seal};
use crate::mail::{MessageHead, Mold, MoldError, TOKEN, Tokens, message};

/// A letter on its way to a list.
pub(super) struct Post {
    letter: Newsletter,
    /// Nothing where each message has to be made by itself.
    mold: Option<Mold>,
    stamp: Stamp,
    /// Nothing where letters go out unsigned.
    seal: Option<Seal>,
    list: String,
    bounces: Option<Address>,
    message_key: hmac::Key,
    mint: Mint,
}

/// What stands above every message of a letter, but for the reader's own tokens.
struct Stamp {
    head: MessageHead,
    edition: String,
    host: String,
    unsubscribe: Href,
}

impl Post {
    /// The letter of an edition, to be dated as the sending is.
    pub(super) async fn new(desk: &Desk, edition: &Edition, list: &str, date: Timestamp) -> anyhow::Result<Self> {
        let secrets = (desk.secret("message-id").await?, desk.secret("tokens").await?);
        Self::with_secrets(desk, edition, list, date, &secrets).await
    }

    /// The message of nobody: as long as a reader's, and the same as long as the letter and what stands above it are.
    ///
    /// Changes nothing in the ledger, where the first real message mints the secrets.
    pub(super) async fn specimen(desk: &Desk, edition: &Edition, list: &str) -> anyhow::Result<Vec<u8>> {
        let secrets = ("nobody".to_owned(), "nobody".to_owned());
        Self::with_secrets(desk, edition, list, Timestamp::UNIX_EPOCH, &secrets).await?.message(&nobody()?)
    }

    pub(super) async fn with_secrets(
        desk: &Desk,
        edition: &Edition,
        list: &str,
        date: Timestamp,
        (message_id, tokens): &(String, String),
    ) -> anyhow::Result<Self> {
        let letter = edition::letter(desk, edition, edition::variant_for(desk, list)).await?;
        let (letter, language) = letter.mailed(desk, edition).await?;
        let settings = edition::letter_settings(desk)?;
        let seal = edition::seal(desk)?;
        let stamp = Stamp {
            head: edition::message_head(desk, &edition.id, list, &language, date, "", &settings.unsubscribe)?,
            edition: edition.id.to_string(),
            host: edition::sender_host(settings).to_owned(),
            unsubscribe: settings.unsubscribe.clone(),
        };
        let mold = match Mold::new(&letter, |tokens| Ok(stamp.head(tokens))) {
            Ok(mold) => Some(mold),
            Err(MoldError::Uneven) => None,
            Err(MoldError::Message(error)) => return Err(error.into()),
        };
        let post = Self {
            letter,
            mold,
            stamp,
            seal,
            list: list.to_owned(),
            bounces: desk.settings.delivery.bounces.clone(),
            message_key: key(message_id),
            mint: Mint::with_secret(tokens),
        };
        post.prove()?;
        Ok(post)
    }

    /// Looks at the signature of a message as a reader's server will, before the first one leaves.
    fn prove(&self) -> anyhow::Result<()> {
        let Some(seal) = &self.seal else { return Ok(()) };
        let message = self.message(&nobody()?)?;
        Ok(seal.prove(&message).map_err(edition::Unproven)?)
    }

    /// When the sending began.
    pub(super) fn begun(&self) -> Timestamp {
        self.stamp.head.date
    }

    /// Where a report goes that the message to this reader could not be delivered: an address that this ledger knows the
    /// reader by.
    pub(super) fn return_path(&self, recipient: &Recipient) -> Address {
        let Some(bounces) = &self.bounces else { return self.stamp.head.from.address.clone() };
        let reader = recipient.address().key();
        let token = |id| self.mint.token(Purpose::Bounce, &Holder { id, list: &self.list, reader: &reader });
        // Somebody on no list has no token: then the report is known by the Message-ID alone.
        recipient.subscription().map_or_else(|| bounces.clone(), |id| verp::with_token(bounces, token(id)))
    }

    /// What the message of a reader is known by: the part of its Message-ID before the `@`.
    pub(super) fn id(&self, recipient: &Recipient) -> String {
        self.stamp.local_part(&self.id_token(&recipient.address().key()))
    }

    /// The message for one reader. The same reader gets the same bytes, however often it is tried.
    ///
    /// It is signed where it is made: the thread is busy for less than half a millisecond with an RSA key of 2048 bits.
    pub(super) fn message(&self, recipient: &Recipient) -> anyhow::Result<Vec<u8>> {
        let tokens = self.tokens(recipient);
        let message = match &self.mold {
            Some(mold) => mold.fill(recipient, &tokens),
            None => message(&self.letter, recipient, &self.stamp.head(&tokens))?,
        };
        let body = self.mold.as_ref().map(Mold::body);
        sealed(self.seal.as_ref(), message, body, self.begun())
    }

    fn tokens(&self, recipient: &Recipient) -> Tokens {
        let reader = recipient.address().key();
        // Somebody on no list, such as who gets a specimen, has a token that names nobody.
        let id = recipient.subscription().unwrap_or(SubscriptionId(0));
        let leave = self.mint.token(Purpose::Leave, &Holder { id, list: &self.list, reader: &reader });
        Tokens { id: self.id_token(&reader), leave }
    }

    fn id_token(&self, key: &str) -> [u8; TOKEN] {
        sign(&self.message_key, &[&self.stamp.edition, key])
    }
}

impl Stamp {
    fn local_part(&self, id: &[u8; TOKEN]) -> String {
        format!("{}.{}", self.edition, String::from_utf8_lossy(id))
    }

    fn head(&self, tokens: &Tokens) -> MessageHead {
        let mut head = self.head.clone();
        head.message_id = format!("{}@{}", self.local_part(&tokens.id), self.host);
        let token = String::from_utf8_lossy(&tokens.leave);
        head.unsubscribe.page = way_out(&self.unsubscribe, &token);
        head.unsubscribe.mail = head.unsubscribe.mail.map(|mail| way_out(&mail, &token));
        head
    }
}

/// Who stands for a reader where there is none.
fn nobody() -> anyhow::Result<Recipient> {
    Ok(Recipient::of_test(Address::parse("reader@reader.invalid").context("an address of nobody")?))
}

/// The message with its signatures, where the desk has keys.
fn sealed(seal: Option<&Seal>, message: Vec<u8>, body: Option<&Body>, date: Timestamp) -> anyhow::Result<Vec<u8>> {
    match seal {
        Some(seal) => Ok(seal.sign(&message, body, date)?),
        None => Ok(message),
    }
}

/// The message of a test, to an address that the desk named.
pub(super) async fn test_message(desk: &Desk, edition: &Edition, to: &Address) -> anyhow::Result<Vec<u8>> {
    let settings = edition::letter_settings(desk)?;
    let letter = edition::letter(desk, edition, Variant::Full).await?;
    let (letter, language) = letter.mailed(desk, edition).await?;
    let date = desk.now();
    // Each test is a message of its own: mail programs would fold two of the same id into one.
    let id = edition::fingerprint(&["test", edition.id.as_str(), &to.key(), &date.to_string()]);
    let message_id = format!("test.{id}@{}", edition::sender_host(settings));
    let mut head =
        edition::message_head(desk, &edition.id, settings.list.as_str(), &language, date, &message_id, &settings.unsubscribe)?;
    head.test = true;
    let message = message(&letter, &Recipient::of_test(to.clone()), &head)?;
    sealed(edition::seal(desk)?.as_ref(), message, None, date)
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

/// Knows the Message-IDs of this ledger: nobody else can make up one for a reader.
pub(in crate::app) struct LetterIds(hmac::Key);

impl LetterIds {
    pub(in crate::app) async fn of(desk: &Desk) -> anyhow::Result<Self> {
        Ok(Self(key(&desk.secret("message-id").await?)))
    }

    /// The token of the letter of an edition to a reader, by the key of the address.
    pub(in crate::app) fn token(&self, edition: &str, reader: &str) -> [u8; TOKEN] {
        sign(&self.0, &[edition, reader])
    }
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// A name that only this ledger can give: the first 16 bytes of HMAC-SHA-256 (RFC 2104), in hexadecimal.
fn sign(key: &hmac::Key, parts: &[&str]) -> [u8; TOKEN] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    let signed = context.sign();
    let mut token = [b'0'; TOKEN];
    for (letters, byte) in token.chunks_exact_mut(2).zip(signed.as_ref()) {
        letters.copy_from_slice(&[byte >> 4, byte & 15].map(|digit| DIGITS.get(usize::from(digit)).copied().unwrap_or(b'0')));
    }
    token
}
