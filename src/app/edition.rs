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

/// The edition of the newest article that is due.
async fn latest_edition(desk: &Desk) -> anyhow::Result<Edition> {
    let newest = desk.ledger.articles(desk.now(), None, 1).await?;
    newest.first().map(of_one).ok_or_else(|| NoEdition.into())
}

/// There is nothing that could be sent.
#[derive(Debug, thiserror::Error)]
#[error("there is no edition yet: nothing has been published")]
pub struct NoEdition;

#[derive(Debug, thiserror::Error)]
#[error("there is no edition `{id}`")]
pub struct UnknownEdition {
    pub id: String,
}

/// The edition of this id, or the latest.
pub async fn find(desk: &Desk, id: Option<&str>) -> anyhow::Result<Edition> {
    let Some(text) = id else { return latest_edition(desk).await };
    let unknown = || UnknownEdition { id: visible(text) };
    let id = ArticleId::parse(text).ok_or_else(unknown)?;
    if let Some(archived) = desk.ledger.article(&id).await? {
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
    let (letter, language) = letter(desk, edition).await?;
    let public = letter.personal(&settings.unsubscribe);
    // The copy in the folder is addressed to the desk itself; its date is the edition's own, never the clock's.
    let head = message_head(
        desk,
        settings,
        &language,
        date_of(edition),
        &format!("{}@{}", edition.id, sender_host(settings)),
        &settings.unsubscribe,
    );
    let copy = message(&letter, &Recipient::of_test(settings.from.address.clone()), &head)?;
    let folder = desk.settings.feeds.join("editions").join(edition.id.as_str());
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
    settings: &LetterSettings,
    language: &Language,
    date: Timestamp,
    message_id: &str,
    unsubscribe: &Href,
) -> MessageHead {
    let publication = &desk.settings.publication;
    MessageHead {
        from: settings.from.clone(),
        reply_to: settings.reply_to.clone(),
        message_id: message_id.to_owned(),
        date,
        list: (publication.title.clone(), format!("{}.{}", settings.list, publication.home.host())),
        archive: None,
        language: language.clone(),
        // One click is promised once griot itself answers the POST (RFC 8058, section 3.2).
        unsubscribe: Unsubscribe { page: unsubscribe.clone(), one_click: false, mail: None },
        test: false,
    }
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
pub(super) fn digest_id(planned: &jiff::Zoned, plan: &Line) -> Option<EditionId> {
    let name = crate::domain::slug(plan.as_str(), 60);
    ArticleId::parse(format!("{}-{name}", planned.strftime("%Y-%m-%d-%H%M")).trim_end_matches('-'))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |out, byte| out + &format!("{byte:02x}"))
}
