//! The letters of an edition: as they were frozen where sending has begun, else as they are now.

use anyhow::Context;

use super::{letter_settings, look, pictures};
use crate::app::Desk;
use crate::config::Pictures;
use crate::domain::{Edition, Language, Newsletter, Variant};
use crate::render::letter::newsletter;

/// A letter of an edition, with its pictures linked.
#[derive(Debug)]
pub(in crate::app) struct Letter {
    pub newsletter: Newsletter,
    pub language: Language,
    /// Whether pictures that are kept of the edition travel inside its messages.
    pub attached: bool,
}

impl Letter {
    /// The letter as it is mailed: with the pictures that it brings along.
    pub(in crate::app) async fn mailed(self, desk: &Desk, edition: &Edition) -> anyhow::Result<(Newsletter, Language)> {
        let Self { newsletter, language, attached } = self;
        let newsletter = if attached { pictures::attach(desk, &edition.id, newsletter).await? } else { newsletter };
        Ok((newsletter, language))
    }
}

/// A letter of an edition, as it was frozen or as it is now.
pub(in crate::app) async fn letter(desk: &Desk, edition: &Edition, variant: Variant) -> anyhow::Result<Letter> {
    if let Some((newsletter, language, attached)) = desk.ledger.frozen_letter(&edition.id, variant).await? {
        return Ok(Letter { newsletter, language, attached });
    }
    fresh_letter(desk, edition, variant)
}

/// A letter of an edition as it is now, whether or not it has been frozen.
pub(in crate::app) fn fresh_letter(desk: &Desk, edition: &Edition, variant: Variant) -> anyhow::Result<Letter> {
    let settings = letter_settings(desk)?;
    let publication = &desk.settings.publication;
    let style = look::style(desk, &edition.id, variant)?;
    let newsletter = newsletter(edition, publication, &style)
        .with_context(|| format!("failed to compose the letter of edition `{}`", edition.id))?;
    let language = edition.articles.first().map_or(&publication.language, |lead| &lead.article.language).clone();
    let attached = variant == Variant::Full && settings.pictures == Pictures::Attached;
    Ok(Letter { newsletter, language, attached })
}

/// The letter that the readers of a list get.
pub(in crate::app) fn variant_for(desk: &Desk, list: &str) -> Variant {
    let lists = desk.settings.letter.as_ref().map(|letter| letter.low_data_lists.as_slice()).unwrap_or_default();
    if lists.iter().any(|light| light.as_str() == list) { Variant::Light } else { Variant::Full }
}

/// The letters of every edition.
pub(in crate::app) fn variants(desk: &Desk) -> &'static [Variant] {
    let has_light = desk.settings.letter.as_ref().is_some_and(|letter| letter.light_version || !letter.low_data_lists.is_empty());
    if has_light { &[Variant::Full, Variant::Light] } else { &[Variant::Full] }
}
