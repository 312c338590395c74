//! Editions: which articles a letter carries, what it is called, and the letters made of it.

mod digest;
mod error;
mod files;
mod head;
mod letter;
mod look;
mod news;
mod pictures;
mod seal;
mod title;

use aws_lc_rs::digest as hash;

use super::Desk;
use crate::config::{ConfigError, LetterSettings};
use crate::domain::{Archived, ArticleId, Edition, EditionId, visible};
use crate::store::KeptEdition;

pub(in crate::app) use digest::planned;
pub use digest::{Wanted, compose_digest};
pub use error::{NoEdition, NotDue, NothingNew, Sent, UnknownEdition};
pub use files::compose;
pub(in crate::app) use files::{has_files, has_light, own_copy, prepare, write, write_each};
pub(in crate::app) use head::{message_head, sender_host};
pub(in crate::app) use letter::{Letter, fresh_letter, letter, variant_for, variants};
pub use look::eject;
pub(in crate::app) use news::{News, news};
pub use seal::{BadKey, Unproven};
pub(in crate::app) use seal::{open_keys, seal, signer};
use title::titled;

/// The edition to send to a list: the one named, or the latest. It is called what it would be called if it were sent now.
pub async fn for_list(desk: &Desk, id: Option<&str>, list: Option<&str>) -> anyhow::Result<Edition> {
    let edition = match id {
        Some(_) => find(desk, id).await?,
        None => latest(desk, Some(list.unwrap_or(letter_settings(desk)?.list.as_str()))).await?.edition,
    };
    let list = list_of(desk, &edition.id, list).await?;
    Ok(for_sending(desk, &edition.id, &list).await?.edition)
}

/// The edition of this id, or the latest.
pub async fn find(desk: &Desk, id: Option<&str>) -> anyhow::Result<Edition> {
    Ok(found(desk, id).await?.edition)
}

/// The same, with what is kept of it.
pub(in crate::app) async fn found(desk: &Desk, id: Option<&str>) -> anyhow::Result<KeptEdition> {
    let Some(text) = id else { return latest(desk, None).await };
    let id = ArticleId::parse(text).ok_or_else(|| UnknownEdition { id: visible(text) })?;
    let kept = resolved(desk, &id, None).await?.ok_or_else(|| UnknownEdition { id: id.to_string() })?;
    let held_back = kept.edition.articles.iter().find(|archived| !archived.is_due(desk.now()));
    match held_back.filter(|_| !kept.is_frozen) {
        Some(archived) => Err(NotDue { id, published: archived.published }.into()),
        None => Ok(kept),
    }
}

/// The edition of the newest article that is due; for a list, the one that carried it there, if any did.
async fn latest(desk: &Desk, list: Option<&str>) -> anyhow::Result<KeptEdition> {
    let newest = desk.ledger.articles(desk.now(), None, 1).await?;
    let newest = newest.first().ok_or(NoEdition)?;
    let carried = match list {
        Some(list) => desk.ledger.edition_with(&newest.id, list).await?,
        None => None,
    };
    Box::pin(found(desk, Some(carried.as_ref().unwrap_or(&newest.id).as_str()))).await
}

/// The list that an edition goes to: the one named, else that which a digest was composed for, else that of the config.
pub(in crate::app) async fn list_of(desk: &Desk, id: &EditionId, list: Option<&str>) -> anyhow::Result<String> {
    let own = match list {
        Some(_) => None,
        None => desk.ledger.edition(id).await?.and_then(|kept| kept.list),
    };
    match (list, own) {
        (Some(list), _) => Ok(list.to_owned()),
        (None, Some(own)) => Ok(own.to_string()),
        (None, None) => Ok(letter_settings(desk)?.list.to_string()),
    }
}

/// An edition as it is now, counted as the next letter to a list, unless its letters are frozen.
pub(in crate::app) async fn for_sending(desk: &Desk, id: &EditionId, list: &str) -> anyhow::Result<KeptEdition> {
    Ok(resolved(desk, id, Some(list)).await?.ok_or_else(|| UnknownEdition { id: id.to_string() })?)
}

/// An edition as it is kept where its letters are frozen; else as it would be composed now. None where there is no such edition
/// and no such article.
///
/// Without a list it keeps the number that it has.
async fn resolved(desk: &Desk, id: &EditionId, list: Option<&str>) -> anyhow::Result<Option<KeptEdition>> {
    let kept = match desk.ledger.edition(id).await? {
        Some(kept) if kept.is_frozen => return Ok(Some(kept)),
        Some(kept) => kept,
        None => match desk.ledger.article(id).await? {
            Some(archived) => of_article(archived),
            None => return Ok(None),
        },
    };
    Ok(Some(numbered(desk, kept, list).await?))
}

/// The edition that an article would make if it were published now.
pub(in crate::app) async fn foreseen(desk: &Desk, archived: Archived) -> anyhow::Result<KeptEdition> {
    let own_subject = desk.ledger.edition(&archived.id).await?.and_then(|kept| kept.own_subject);
    numbered(desk, KeptEdition { own_subject, ..of_article(archived) }, None).await
}

/// An edition as it would be composed now: counted as the next letter to a list; without one it keeps the number that it has.
async fn numbered(desk: &Desk, kept: KeptEdition, list: Option<&str>) -> anyhow::Result<KeptEdition> {
    let usual = || desk.settings.letter.as_ref().map(|letter| letter.list.clone());
    let number = match (list, kept.number) {
        (Some(list), _) => desk.ledger.letters_to(list).await?.saturating_add(1),
        (None, 0) => match kept.list.clone().or_else(usual) {
            Some(list) => desk.ledger.letters_to(list.as_str()).await?.saturating_add(1),
            None => 1,
        },
        (None, number) => number,
    };
    Ok(titled(desk, KeptEdition { number, ..kept }))
}

/// The edition of one article: it bears the article's id and title, and the date of its last change so far.
fn of_article(archived: Archived) -> KeptEdition {
    KeptEdition {
        language: archived.article.language.clone(),
        own_subject: None,
        plan: None,
        list: None,
        number: 0,
        composed: archived.updated,
        is_frozen: false,
        edition: Edition {
            id: archived.id.clone(),
            subject: archived.article.title.clone(),
            preheader: None,
            articles: vec![archived],
        },
    }
}

/// Writes an edition down, unless it is kept so already.
async fn keep(desk: &Desk, kept: &KeptEdition) -> anyhow::Result<()> {
    if !kept.is_frozen && desk.ledger.edition(&kept.edition.id).await?.as_ref() != Some(kept) {
        desk.ledger.keep_edition(kept).await?;
    }
    Ok(())
}

/// The `[letter]` section, without which nothing can be mailed.
pub(in crate::app) fn letter_settings(desk: &Desk) -> Result<&LetterSettings, ConfigError> {
    desk.settings.letter.as_ref().ok_or_else(|| ConfigError::NoSection {
        file: desk.settings.file.clone(),
        section: "letter",
        needs: "a letter needs at least `from` and `unsubscribe`",
    })
}

/// A short name for a test of nothing but equality: the first 16 bytes of SHA-256 (FIPS 180-4), in hexadecimal.
pub(in crate::app) fn fingerprint(parts: &[&str]) -> String {
    let mut context = hash::Context::new(&hash::SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    hexadecimal(context.finish().as_ref().get(..16).unwrap_or_default())
}

pub(in crate::app) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |out, byte| out + &format!("{byte:02x}"))
}
