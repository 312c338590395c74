//! The files of an edition: `letter.html`, `letter.txt`, `letter.eml`.

use std::path::PathBuf;

use anyhow::Context;
use jiff::Timestamp;

use super::{find, letter_settings, message_head, sender_host};
use crate::app::{Desk, Milestone, Tell};
use crate::domain::{Colour, Edition, EditionId, Language, Newsletter, Recipient};
use crate::mail::message;
use crate::render::letter::{LetterStyle, newsletter};
use crate::store::files::{Written, replace_all};

/// Composes an edition's files again: the one named, or the latest.
pub async fn compose(desk: &Desk, id: Option<&str>, tell: Tell<'_>) -> anyhow::Result<()> {
    letter_settings(desk)?;
    let edition = find(desk, id).await?;
    write(desk, &edition, tell).await
}

/// Writes `letter.html`, `letter.txt` and `letter.eml` of an edition, where the config asks for letters.
pub(in crate::app) async fn write(desk: &Desk, edition: &Edition, tell: Tell<'_>) -> anyhow::Result<()> {
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
pub(in crate::app) async fn letter(desk: &Desk, edition: &Edition) -> anyhow::Result<(Newsletter, Language)> {
    match desk.ledger.frozen_letter(&edition.id).await? {
        Some(frozen) => Ok(frozen),
        None => fresh_letter(desk, edition),
    }
}

/// The letter of an edition as it is now.
pub(in crate::app) fn fresh_letter(desk: &Desk, edition: &Edition) -> anyhow::Result<(Newsletter, Language)> {
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

/// When an edition came to be: the last change of its articles.
pub(in crate::app) fn date_of(edition: &Edition) -> Timestamp {
    edition.articles.iter().map(|archived| archived.updated).max().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whether an edition's files are there.
pub(in crate::app) fn has_files(desk: &Desk, id: &EditionId) -> bool {
    desk.settings.letter.is_none() || folder_of(desk, id).join("letter.eml").is_file()
}

fn folder_of(desk: &Desk, id: &EditionId) -> PathBuf {
    desk.settings.feeds.join("editions").join(id.as_str())
}
