use anyhow::Context;
use aws_lc_rs::digest;
use jiff::Timestamp;

use super::{Desk, Milestone, Tell};
use crate::config::{ConfigError, LetterSettings};
use crate::domain::{Archived, ArticleId, Colour, Edition, EditionId, Href, Language, Line, Newsletter, Recipient, visible};
use crate::mail::{MessageHead, Unsubscribe, message};
use crate::render::letter::{LetterStyle, newsletter};
use crate::store::files::{Written, replace_all};

/// The edition of one article: it bears the article's id.
pub(super) fn of_one(archived: &Archived) -> Edition {
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

/// Composes an edition's files again: the one named, or the latest.
pub async fn compose(desk: &Desk, id: Option<&str>, tell: Tell<'_>) -> anyhow::Result<()> {
    letter_settings(desk)?;
    let edition = find(desk, id).await?;
    write(desk, &edition, tell).await
}

/// Writes `letter.html`, `letter.txt` and `letter.eml` of an edition, where the config asks for letters.
pub(super) async fn write(desk: &Desk, edition: &Edition, tell: Tell<'_>) -> anyhow::Result<()> {
    let Some(settings) = &desk.settings.letter else { return Ok(()) };
    // The folder is public: what is held back is held back here too.
    if edition.articles.iter().any(|archived| !archived.is_due(desk.now())) {
        return Ok(());
    }
    let (letter, language) = letter(desk, edition).await?;
    let public = letter.personal(&settings.unsubscribe);
    // The copy in the folder is addressed to the desk itself; its date is the edition's own, never the clock's.
    let head = message_head(
        desk,
        settings.list.as_str(),
        &language,
        date_of(edition),
        &format!("{}@{}", edition.id, sender_host(settings)),
        &settings.unsubscribe,
    )?;
    let copy = message(&letter, &Recipient::of_test(settings.from.address.clone()), &head)?;
    let folder = folder_of(desk, &edition.id);
    let parts =
        [("letter.html", public.html.as_bytes()), ("letter.txt", public.text.as_bytes()), ("letter.eml", copy.as_slice())];
    for (file, written) in replace_all(&parts.map(|(name, bytes)| (folder.join(name), bytes)))? {
        if written != Written::Unchanged {
            tell(&Milestone::Wrote { file, written });
        }
    }
    Ok(())
}

/// The letter of an edition: as it was frozen, where sending has begun; else as it is now.
pub(super) async fn letter(desk: &Desk, edition: &Edition) -> anyhow::Result<(Newsletter, Language)> {
    if let Some(frozen) = desk.ledger.frozen_letter(&edition.id).await? {
        return Ok(frozen);
    }
    let settings = letter_settings(desk)?;
    let publication = &desk.settings.publication;
    let style = LetterStyle {
        accent: settings.accent.unwrap_or(Colour::CLAY),
        reason: settings.reason.clone(),
        archive: publication.feeds.join(&format!("editions/{}/letter.html", edition.id)),
        pictures: settings.pictures,
    };
    let letter = newsletter(edition, publication, &style)
        .with_context(|| format!("failed to compose the letter of edition `{}`", edition.id))?;
    let language = edition.articles.first().map_or(&publication.language, |lead| &lead.article.language);
    Ok((letter, language.clone()))
}

/// The `[letter]` section, without which nothing can be mailed.
pub(super) fn letter_settings(desk: &Desk) -> Result<&LetterSettings, ConfigError> {
    desk.settings.letter.as_ref().ok_or_else(|| ConfigError::NoSection {
        file: desk.settings.file.clone(),
        section: "letter",
        needs: "a letter needs at least `from` and `unsubscribe`",
    })
}

/// When an edition came to be: the last change of its articles.
fn date_of(edition: &Edition) -> Timestamp {
    edition.articles.iter().map(|archived| archived.updated).max().unwrap_or(Timestamp::UNIX_EPOCH)
}

pub(super) fn sender_host(settings: &LetterSettings) -> &str {
    settings.from.address.domain()
}

/// What a message says of itself, for one reader.
pub(super) fn message_head(
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
        language: language.clone(),
        // One click is promised once griot itself answers the POST (RFC 8058, section 3.2).
        unsubscribe: Unsubscribe { page: unsubscribe.clone(), one_click: false, mail: None },
        test: false,
    })
}

/// A short name for a test of nothing but equality: the first 16 bytes of SHA-256 (FIPS 180-4), in hexadecimal.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    hexadecimal(context.finish().as_ref().get(..16).unwrap_or_default())
}

/// The id of an edition with more than one article: the planned instant and the plan, as `2026-03-04-0700-weekday-letter`.
///
/// Two plans may be called alike in it, and an hour may come twice: a number tells them apart.
pub(super) async fn digest_id(desk: &Desk, planned: &jiff::Zoned, plan: &Line) -> anyhow::Result<EditionId> {
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

/// Whether an edition's files are there.
pub(super) fn has_files(desk: &Desk, id: &EditionId) -> bool {
    desk.settings.letter.is_none() || folder_of(desk, id).join("letter.eml").is_file()
}

fn folder_of(desk: &Desk, id: &EditionId) -> std::path::PathBuf {
    desk.settings.feeds.join("editions").join(id.as_str())
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |out, byte| out + &format!("{byte:02x}"))
}
