//! Editions: which articles a letter carries, and the letter made of them.

mod files;
mod head;

use aws_lc_rs::digest;
use jiff::Timestamp;

use super::Desk;
use crate::config::{ConfigError, LetterSettings};
use crate::domain::{Archived, ArticleId, Edition, EditionId, Line, visible};

pub use files::compose;
pub(in crate::app) use files::{date_of, fresh_letter, has_files, letter, write};
pub(in crate::app) use head::{message_head, sender_host};

/// The edition of one article: it bears the article's id.
pub(in crate::app) fn of_one(archived: &Archived) -> Edition {
    Edition { id: archived.id.clone(), subject: archived.article.title.clone(), articles: vec![archived.clone()] }
}

/// The edition of the newest article that is due; for a list, the one that carried it there, if any did.
async fn latest_edition(desk: &Desk, list: Option<&str>) -> anyhow::Result<Edition> {
    let newest = desk.ledger.articles(desk.now(), None, 1).await?;
    let newest = newest.first().ok_or(NoEdition)?;
    if let Some(list) = list
        && let Some(carried) = desk.ledger.edition_with(&newest.id, list).await?
        && carried != newest.id
    {
        return Box::pin(find(desk, Some(carried.as_str()))).await;
    }
    Ok(of_one(newest))
}

/// The edition to send to a list: the one named, or the latest.
pub async fn for_list(desk: &Desk, id: Option<&str>, list: Option<&str>) -> anyhow::Result<Edition> {
    match id {
        Some(_) => find(desk, id).await,
        None => latest_edition(desk, Some(list.unwrap_or(letter_settings(desk)?.list.as_str()))).await,
    }
}

/// There is nothing that could be sent.
#[derive(Debug, thiserror::Error)]
#[error("there is no edition yet: nothing has been published")]
pub struct NoEdition;

/// An article with a time to come: nobody is to see it before.
#[derive(Debug, thiserror::Error)]
#[error("the article of edition `{id}` is not to be seen before {published}")]
pub struct NotDue {
    pub id: EditionId,
    pub published: Timestamp,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no edition `{id}`")]
pub struct UnknownEdition {
    pub id: String,
}

/// The edition of this id, or the latest.
pub async fn find(desk: &Desk, id: Option<&str>) -> anyhow::Result<Edition> {
    let Some(text) = id else { return latest_edition(desk, None).await };
    let unknown = || UnknownEdition { id: visible(text) };
    let id = ArticleId::parse(text).ok_or_else(unknown)?;
    if let Some(archived) = desk.ledger.article(&id).await? {
        if !archived.is_due(desk.now()) && desk.ledger.frozen_letter(&id).await?.is_none() {
            return Err(NotDue { id, published: archived.published }.into());
        }
        return Ok(of_one(&archived));
    }
    // An edition of several articles is known once it has been frozen.
    let (letter, _) = desk.ledger.frozen_letter(&id).await?.ok_or_else(unknown)?;
    let articles = desk.ledger.edition_articles(&id).await?;
    Ok(Edition { id, subject: letter.subject, articles })
}

/// The id of an edition with more than one article: the planned instant and the plan, as `2026-03-04-0700-weekday-letter`.
///
/// Two plans may be called alike in it, and an hour may come twice: a number tells them apart.
pub(in crate::app) async fn digest_id(desk: &Desk, planned: &jiff::Zoned, plan: &Line) -> anyhow::Result<EditionId> {
    let name = crate::domain::slug(plan.as_str(), 60);
    let wanted = format!("{}-{name}", planned.strftime("%Y-%m-%d-%H%M"));
    let wanted = wanted.trim_end_matches('-');
    let mut number = 1_u32;
    loop {
        let text = if number == 1 { wanted.to_owned() } else { format!("{wanted}-{number}") };
        let id = ArticleId::parse(&text).ok_or(UnknownEdition { id: text })?;
        if !desk.ledger.has_article(&id).await? && desk.ledger.frozen_letter(&id).await?.is_none() {
            return Ok(id);
        }
        number += 1;
    }
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
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    hexadecimal(context.finish().as_ref().get(..16).unwrap_or_default())
}

pub(in crate::app) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |out, byte| out + &format!("{byte:02x}"))
}
