//! The ids of a show and of its episodes: minted once, stored, and never changed by a run.
//!
//! An episode is known again by the `guid` of its note, else by the name of its note, else by its sound, where the note that
//! had the sound is gone: so neither a new title, nor a new date, nor a note or a sound renamed makes it another one.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::ShowError;
use super::folder::Note;
use crate::app::{Desk, Exceptions};
use crate::domain::podcast::{PublishedShow, ShowGuid};
use crate::domain::{Line, slug};
use crate::store::{KnownEpisode, KnownShow};

/// The ids of one show.
pub(super) struct Ids {
    pub show: KnownShow,
    is_new: bool,
    known: Vec<KnownEpisode>,
    /// The episodes of this run.
    episodes: Vec<KnownEpisode>,
    new_titles: Vec<Line>,
    /// The notes of this run, by their episodes' ids.
    given: Vec<(String, String)>,
    host: String,
    zone: TimeZone,
    may_change: bool,
}

impl Ids {
    pub(super) async fn of(desk: &Desk, show: &PublishedShow, exceptions: Exceptions) -> anyhow::Result<Self> {
        let shows = desk.ledger.shows().await?;
        let kept = shows.iter().find(|kept| kept.slug == show.slug);
        let elsewhere = shows.iter().find(|kept| kept.folder == show.folder_name && kept.slug != show.slug);
        if let (None, Some(elsewhere), false) = (kept, elsewhere, exceptions.new_ids) {
            let (old, new) = (elsewhere.slug.clone(), show.slug.clone());
            return Err(ShowError::Moved { show: show.name.to_string(), old, new }.into());
        }
        let guid = match (kept, &show.guid) {
            (Some(kept), Some(given)) if kept.guid != *given && !exceptions.new_ids => {
                let (old, new) = (kept.guid.to_string(), given.to_string());
                return Err(ShowError::NewShowId { show: show.name.to_string(), old, new }.into());
            }
            (_, Some(given)) => given.clone(),
            (Some(kept), None) => kept.guid.clone(),
            (None, None) => ShowGuid::of_feed(&show.feed),
        };
        let known = KnownShow { slug: show.slug.clone(), guid, folder: show.folder_name.clone() };
        let publication = &desk.settings.publication;
        Ok(Self {
            is_new: kept != Some(&known),
            show: known,
            known: desk.ledger.show_episodes(&show.slug).await?,
            episodes: Vec::new(),
            new_titles: Vec::new(),
            given: Vec::new(),
            host: publication.home.host().to_owned(),
            zone: publication.zone.clone(),
            may_change: exceptions.new_ids,
        })
    }

    /// The id of an episode: the one that it has, or a new one. `stems` are the names of all notes.
    pub(super) fn guid(&mut self, note: &Note, sound: &str, stems: &[&str]) -> Result<String, ShowError> {
        let details = &note.said.details;
        let of_note = self.known.iter().find(|known| known.note == note.stem);
        let renamed = || self.known.iter().find(|known| known.sound == sound && !stems.contains(&known.note.as_str()));
        let kept = of_note.or_else(renamed).map(|known| known.guid.clone());
        let guid = match (details.guid.as_deref(), kept) {
            (Some(given), Some(kept)) if given != kept && !self.may_change => {
                return Err(ShowError::NewId {
                    note: note.file.clone(),
                    title: details.title.to_string(),
                    old: kept,
                    new: given.to_owned(),
                });
            }
            (Some(given), _) => given.to_owned(),
            (None, Some(kept)) => kept,
            (None, None) => self.mint(note),
        };
        if let Some((_, first)) = self.given.iter().find(|(other, _)| *other == guid) {
            return Err(ShowError::SameId { guid, first: first.clone(), second: note.stem.clone() });
        }
        if !self.known.iter().any(|known| known.guid == guid) {
            self.new_titles.push(details.title.clone());
        }
        self.given.push((guid.clone(), note.stem.clone()));
        self.episodes.push(KnownEpisode { guid: guid.clone(), note: note.stem.clone(), sound: sound.to_owned() });
        Ok(guid)
    }

    /// `tag:example.org,2026-03-04:africalink/a-river-rises` (RFC 4151): who minted it and when, and nothing that may change.
    fn mint(&self, note: &Note) -> String {
        let details = &note.said.details;
        let day = details.published.to_zoned(self.zone.clone()).date();
        let name = [slug(details.title.as_str(), 60), slug(&note.stem, 60)].into_iter().find(|name| !name.is_empty());
        let wanted = format!("tag:{},{day}:{}/{}", self.host, self.show.slug, name.unwrap_or_else(|| "episode".to_owned()));
        let is_taken = |guid: &str| self.known.iter().any(|it| it.guid == guid) || self.given.iter().any(|(it, _)| it == guid);
        let mut guid = wanted.clone();
        let mut number = 1_u32;
        while is_taken(&guid) {
            number += 1;
            guid = format!("{wanted}-{number}");
        }
        guid
    }

    /// The episodes that the ledger does not know, or not so.
    pub(super) fn news(&self) -> Vec<KnownEpisode> {
        let known: BTreeMap<&str, &KnownEpisode> = self.known.iter().map(|known| (known.guid.as_str(), known)).collect();
        self.episodes.iter().filter(|episode| known.get(episode.guid.as_str()) != Some(episode)).cloned().collect()
    }

    /// Whether the ledger does not know the show, or not so.
    pub(super) fn is_news(&self) -> bool {
        self.is_new
    }

    /// The titles of the episodes that got their ids in this run.
    pub(super) fn new_titles(&self) -> Vec<Line> {
        self.new_titles.clone()
    }
}
