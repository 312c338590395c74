//! The files of an edition: `letter.html`, `letter.txt`, `letter.eml`, and where the config asks for it `light.html`.

use std::borrow::Cow;
use std::path::PathBuf;

use super::letter::Letter;
use super::{UnknownEdition, digest, find, keep, letter, letter_settings, message_head, pictures, resolved, sender_host};
use crate::app::{Desk, Milestone, Tell, feeds};
use crate::domain::{Edition, EditionId, Line, Newsletter, Recipient, Variant, WebUrl};
use crate::mail::message;
use crate::render::letter::{LetterError, page};
use crate::store::KeptEdition;
use crate::store::files::{Written, replace_all};

/// Composes an edition's files again: the one named, or the latest; under another subject, where one is given.
///
/// Pictures that could not be had are asked for again. The caller holds the lock of the publication.
pub async fn compose(desk: &Desk, id: Option<&str>, subject: Option<Line>, tell: Tell<'_>) -> anyhow::Result<()> {
    letter_settings(desk)?;
    let edition = find(desk, id).await?;
    if let Some(subject) = subject {
        digest::rename(desk, &edition.id, subject).await?;
    }
    pictures::forget_missing(desk, &edition.id).await?;
    write(desk, &edition.id, tell).await?;
    feeds::rebuild_letters(desk, tell).await
}

/// Keeps an edition, with the pictures that its messages bring along, and gives its letter.
pub(in crate::app) async fn prepare(desk: &Desk, kept: &KeptEdition, tell: Tell<'_>) -> anyhow::Result<Letter> {
    keep(desk, kept).await?;
    let full = letter(desk, &kept.edition, Variant::Full).await?;
    if full.attached && !kept.is_frozen {
        pictures::fetch(desk, &kept.edition, &full.newsletter, tell).await?;
    }
    Ok(full)
}

/// Writes the files of these editions. A letter that cannot be made of its articles keeps no other back.
pub(in crate::app) async fn write_each(
    desk: &Desk,
    ids: impl Iterator<Item = &EditionId>,
    tell: Tell<'_>,
    failed: &mut Vec<anyhow::Error>,
) -> anyhow::Result<()> {
    for id in ids {
        match write(desk, id, tell).await {
            Err(error) if error.chain().any(<dyn std::error::Error>::is::<LetterError>) => failed.push(error),
            written => written?,
        }
    }
    Ok(())
}

/// Keeps an edition and writes its files, where the config asks for letters.
pub(in crate::app) async fn write(desk: &Desk, id: &EditionId, tell: Tell<'_>) -> anyhow::Result<()> {
    let Some(settings) = &desk.settings.letter else { return Ok(()) };
    let kept = resolved(desk, id, None).await?.ok_or_else(|| UnknownEdition { id: id.to_string() })?;
    let edition = &kept.edition;
    // The folder is public: what is held back is held back here too.
    if edition.articles.iter().any(|archived| !archived.is_due(desk.now())) {
        return Ok(());
    }
    let full = prepare(desk, &kept, tell).await?;
    let public = full.newsletter.personal(&settings.unsubscribe);
    let at_home = at_home(desk, edition);
    let (_, copy) = own_copy(desk, &kept, full).await?;
    let paged = |html: String, home: Option<&WebUrl>| home.map_or(html.clone(), |home| page(&html, home)).into_bytes();
    let whole = paged(public.html, at_home.as_ref());
    let mut parts = vec![("letter.html", whole), ("letter.txt", public.text.into_bytes()), ("letter.eml", copy)];
    if settings.light_version {
        let light = letter(desk, edition, Variant::Light).await?.newsletter.personal(&settings.unsubscribe);
        let home = at_home.or_else(|| desk.settings.publication.feeds.join(&format!("editions/{}/letter.html", edition.id)));
        parts.push((LIGHT, paged(light.html, home.as_ref())));
    }
    let folder = folder_of(desk, &edition.id);
    let files: Vec<(PathBuf, &[u8])> = parts.iter().map(|(name, bytes)| (folder.join(name), bytes.as_slice())).collect();
    for (file, written) in replace_all(&files)? {
        if written != Written::Unchanged {
            tell(&Milestone::Wrote { file, written });
        }
    }
    Ok(())
}

/// The letter as it is mailed, and the message that is addressed to the desk itself; its date is the edition's own, never the
/// clock's.
pub(in crate::app) async fn own_copy(desk: &Desk, kept: &KeptEdition, letter: Letter) -> anyhow::Result<(Newsletter, Vec<u8>)> {
    let settings = letter_settings(desk)?;
    let edition = &kept.edition;
    let (mailed, language) = letter.mailed(desk, edition).await?;
    let head = message_head(
        desk,
        &edition.id,
        settings.list.as_str(),
        &language,
        kept.composed,
        &format!("{}@{}", edition.id, sender_host(settings)),
        &settings.unsubscribe,
    )?;
    let copy = message(&mailed, &Recipient::of_test(settings.from.address.clone()), &head)?;
    Ok((mailed, copy))
}

/// Where the letter of a single article is at home: where the article is read.
fn at_home(desk: &Desk, edition: &Edition) -> Option<WebUrl> {
    match edition.articles.as_slice() {
        [one] => desk.settings.publication.link(one).map(Cow::into_owned),
        _ => None,
    }
}

/// The light letter for browsers.
pub(super) const LIGHT: &str = "light.html";

/// Whether an edition's files are there.
pub(in crate::app) fn has_files(desk: &Desk, id: &EditionId) -> bool {
    desk.settings.letter.is_none() || folder_of(desk, id).join("letter.eml").is_file()
}

/// Whether an edition has a light letter for browsers.
pub(in crate::app) fn has_light(desk: &Desk, id: &EditionId) -> bool {
    folder_of(desk, id).join(LIGHT).is_file()
}

fn folder_of(desk: &Desk, id: &EditionId) -> PathBuf {
    desk.settings.feeds.join("editions").join(id.as_str())
}
