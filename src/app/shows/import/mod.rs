//! Taking over a podcast from another tool, so that its listeners do not notice: each episode becomes a sound and a note in the
//! folder of its show, with the id and the date that it has.
//!
//! The note is written last. An episode without one was not taken, so a run that was interrupted is simply run again.

mod block;
mod error;
mod files;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::Context;

use super::folder::{self, parts};
use crate::app::edition::fingerprint;
use crate::app::{Desk, Milestone, Tell};
use crate::domain::podcast::{PublishedShow, ShowGuid, file_name};
use crate::domain::{Format, Line, WebUrl, Written, slug};
use crate::read::{Aired, Enclosure, LoadOptions, Podcast, ReadError, Source, load, new_note, podcast, sound};
use crate::store::files::replace;
use crate::store::{KnownShow, StoreError};

pub use error::ImportError;
use files::{Files, numbered, take_out_late};

/// Documents of one feed that are followed, and episodes in all of them.
const MOST_PAGES: usize = 1_000;
const MOST_EPISODES: usize = 10_000;
/// Bytes of the longest id that a note takes.
const LONGEST_ID: usize = 1_000;
/// Characters of what a feed says that a message repeats.
const BRIEF: usize = 300;

/// How a podcast is taken over.
#[derive(Clone, Debug)]
pub struct Takeover<'a> {
    /// The name of the show in the config, or its slug.
    pub show: &'a str,
    /// The sounds lie in the folder already: only notes are written.
    pub notes_only: bool,
    /// Largest sound, in bytes.
    pub max_bytes: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct TakenOver {
    /// Episodes that have a note now.
    pub taken: usize,
    /// Episodes that had one already.
    pub known: usize,
    /// The documents that the feed consists of.
    pub documents: usize,
    /// Episodes that could not be taken.
    pub failed: Vec<anyhow::Error>,
    /// What of an episode or the show could not be, each with why.
    pub left_out: Vec<String>,
    /// A `[[shows]]` entry of what the feed says of the show.
    pub block: String,
}

/// Takes over a podcast feed with the documents of its archive, into the folder of a show of the config.
///
/// # Errors
///
/// A show that there is not, a document of the feed that cannot be read, or a note in the folder that cannot: its id might be
/// that of an episode. What is wrong with an episode does not stop the others.
pub async fn take_over(desk: &Desk, source: &Source, wanted: &Takeover<'_>, tell: Tell<'_>) -> anyhow::Result<TakenOver> {
    let show = named(desk, wanted.show)?;
    let (podcast, documents) = whole(source, &desk.load_options()).await?;
    let mut names = Names::of(desk, show).await?;
    let feed = match source {
        Source::Url(url) => Some(url),
        Source::File(_) | Source::Stdin => podcast.own_url.as_ref(),
    };
    let (block, slips) = block::of(&podcast, show, feed);
    let slips = slips.into_iter().map(|slip| format!("`{}` of the show: {}", slip.key, brief(&slip.what)));
    let old_id = podcast.guid.clone().or_else(|| feed.map(ShowGuid::of_feed));
    let other_id = match &old_id {
        Some(guid) => keep_id(desk, show, guid).await?,
        None => None,
    };
    let left_out = slips.chain(other_id).collect();
    let mut done = TakenOver { taken: 0, known: 0, documents, failed: Vec::new(), left_out, block };
    let mut taking = Taking {
        desk,
        show,
        notes_only: wanted.notes_only,
        files: Files {
            folder: &show.folder,
            options: desk.load_options(),
            max_bytes: wanted.max_bytes,
            image: podcast.image.clone(),
            pictures: BTreeMap::new(),
        },
    };
    let mut seen = HashSet::new();
    // The oldest first, as they were published: so the names of those that share one stay, whatever comes later.
    for aired in podcast.episodes.iter().rev() {
        let guid = guid(aired);
        if guid.as_ref().is_some_and(|guid| !seen.insert(guid.clone())) {
            continue;
        }
        if guid.as_ref().is_some_and(|guid| names.guids.contains(guid)) {
            done.known += 1;
            continue;
        }
        match taking.one(aired, guid, &mut names, &mut done.left_out, tell).await {
            Ok(()) => done.taken += 1,
            Err(error) => done.failed.push(error),
        }
    }
    Ok(done)
}

fn named<'a>(desk: &'a Desk, name: &str) -> Result<&'a PublishedShow, ImportError> {
    let shows = &desk.settings.podcasts;
    let found = shows.iter().find(|show| show.name.as_str() == name).or_else(|| shows.iter().find(|show| show.slug == name));
    found.ok_or_else(|| ImportError::UnknownShow {
        name: name.to_owned(),
        known: shows.iter().map(|show| show.name.to_string()).collect(),
    })
}

/// Keeps the id that the show has had: the next run may be one of cron, which would make a new one of the new address.
///
/// Where the show has another one already, that stays, and what to say of it is given.
async fn keep_id(desk: &Desk, show: &PublishedShow, old: &ShowGuid) -> Result<Option<String>, StoreError> {
    let shows = desk.ledger.shows().await?;
    let kept = shows.into_iter().find(|kept| kept.slug == show.slug).map(|kept| kept.guid);
    match show.guid.clone().or(kept.clone()) {
        Some(other) if other != *old => {
            Ok(Some(format!("the id of the show, {old}: it has the id {other} here, and apps take it for another show")))
        }
        _ if kept.is_some() => Ok(None),
        _ => {
            let known = KnownShow { slug: show.slug.clone(), guid: old.clone(), folder: show.folder_name.clone() };
            desk.ledger.keep_show(&known, &[], &[]).await?;
            Ok(None)
        }
    }
}

/// The id by which apps know an episode: that of its item, else the address of its sound.
fn guid(aired: &Aired) -> Option<String> {
    let sound = || aired.item.enclosure.as_ref().map(|sound| sound.url.to_string());
    aired.item.id.clone().or_else(sound)
}

/// A feed with all that it leads back to, and how many documents that are.
async fn whole(source: &Source, options: &LoadOptions) -> Result<(Podcast, usize), ReadError> {
    let options = LoadOptions { format: Some(Format::Feed), ..options.clone() };
    let mut whole = podcast(&load(source, &options).await?)?;
    let mut seen: HashSet<WebUrl> = HashSet::new();
    if let Source::Url(url) = source {
        seen.insert(url.clone());
    }
    let mut documents = 1;
    while let Some(older) = whole.older.take()
        && documents < MOST_PAGES
        && seen.insert(older.clone())
    {
        let next = podcast(&load(&Source::Url(older), &options).await?)?;
        if next.episodes.is_empty() {
            break;
        }
        whole.episodes.extend(next.episodes);
        whole.older = next.older;
        documents += 1;
        if whole.episodes.len() > MOST_EPISODES {
            return Err(ReadError::TooManyItems { origin: source.to_string(), limit: MOST_EPISODES });
        }
    }
    Ok((whole, documents))
}

/// What is known in the folder: the ids of its episodes, and the names of its notes without their endings.
struct Names {
    guids: HashSet<String>,
    stems: BTreeSet<String>,
}

impl Names {
    async fn of(desk: &Desk, show: &PublishedShow) -> anyhow::Result<Self> {
        let mut names = Self { guids: HashSet::new(), stems: BTreeSet::new() };
        if !show.folder.exists() {
            return Ok(names);
        }
        let (notes, failed) = folder::notes(show, &desk.settings.publication.zone);
        if let Some(error) = failed.into_iter().next() {
            return Err(error.context("a note in the folder cannot be read, which may be that of an episode of the feed"));
        }
        let minted = desk.ledger.show_episodes(&show.slug).await?;
        for note in notes.notes {
            let known = || minted.iter().find(|known| known.note == note.stem).map(|known| known.guid.clone());
            names.guids.extend(note.said.details.guid.clone().or_else(known));
            names.stems.insert(note.stem);
        }
        Ok(names)
    }
}

struct Taking<'a> {
    desk: &'a Desk,
    show: &'a PublishedShow,
    notes_only: bool,
    files: Files<'a>,
}

impl Taking<'_> {
    async fn one(
        &mut self,
        aired: &Aired,
        guid: Option<String>,
        names: &mut Names,
        left_out: &mut Vec<String>,
        tell: Tell<'_>,
    ) -> anyhow::Result<()> {
        let item = &aired.item;
        let title = item.title();
        let known_as = || {
            title.as_ref().map(|title| title.shortened(80).to_string()).or_else(|| guid.as_deref().map(brief)).unwrap_or_default()
        };
        let Some((enclosure, guid)) = item.enclosure.as_ref().zip(guid.clone()) else {
            return Err(ImportError::NoEnclosure { item: known_as() }.into());
        };
        if guid.len() > LONGEST_ID {
            return Err(ImportError::LongId { item: known_as() }.into());
        }
        let title = title.clone().ok_or_else(|| ImportError::NoTitle { item: known_as() })?;
        let published = item.published.ok_or_else(|| ImportError::NoDate { item: known_as() })?;
        let text = |text: &str| Written::Text(text.to_owned());
        let mut rows = aired.rows.clone();
        rows.insert("title".to_owned(), text(title.as_str()));
        rows.insert("published".to_owned(), text(&published.to_string()));
        rows.insert("guid".to_owned(), text(&guid));
        rows.extend(item.url.as_ref().map(|url| ("link".to_owned(), text(url.as_str()))));
        let failed = || format!("failed to take `{}` from {}", known_as(), enclosure.url);
        let body = item.body();
        let zone = &self.desk.settings.publication.zone;
        // What no note can carry is found out before anything is fetched.
        new_note(rows.clone(), &body, zone).with_context(failed)?;
        let wanted = format!("{}-{}", published.day(), name(title.as_str(), &guid));
        let (stem, millis) = if self.notes_only {
            let laid_in = self.laid_in(enclosure, &wanted, names);
            let (stem, sound) = laid_in.map_err(|file| ImportError::NotInFolder { item: known_as(), file })?;
            let millis = sound::measure(&self.show.folder.join(&sound)).with_context(failed)?.millis;
            if parts(&sound).0 != stem {
                rows.insert("audio".to_owned(), Written::Text(sound));
            }
            (stem, millis)
        } else {
            let taken = &names.stems;
            self.files.sound(&enclosure.url, &wanted, |stem| taken.contains(stem)).await.with_context(failed)?
        };
        let mut unfit = Vec::new();
        take_out_late(&mut rows, millis, &mut unfit);
        self.files.companions(aired, (&stem, millis), &mut rows, &mut unfit).await.with_context(failed)?;
        if aired.others > 0 {
            unfit.push(format!("{} of `alternates`: lay other formats of the sound beside it", aired.others));
        }
        let note = new_note(rows, &body, zone).with_context(failed)?;
        let slips = note.left_out.iter().map(|slip| format!("`{}` {}", slip.key, slip.what));
        left_out.extend(slips.chain(unfit).map(|what| format!("of `{}`: {}", known_as(), brief(&what))));
        let file = self.show.folder.join(format!("{stem}.md"));
        let written = replace(&file, note.text.as_bytes())?;
        tell(&Milestone::Wrote { file, written });
        names.stems.insert(stem);
        names.guids.insert(guid);
        Ok(())
    }

    /// The sound that lies in the folder under the name that it has in its address, after a name for its note without the
    /// ending: its own, where that is free. Else the name that is not there.
    fn laid_in(&self, enclosure: &Enclosure, wanted: &str, names: &Names) -> Result<(String, String), String> {
        let path = enclosure.url.url().path();
        let last = path.rsplit('/').next().unwrap_or_default();
        let plain = unescaped(last);
        let is_there = |name: &str| file_name(name).is_some_and(|name| self.show.folder.join(name).is_file());
        let sound = [plain.as_str(), last].into_iter().find(|name| is_there(name)).ok_or_else(|| plain.clone())?.to_owned();
        let own = parts(&sound).0;
        // A file README.md is for people.
        if !names.stems.contains(own) && !own.eq_ignore_ascii_case("readme") {
            return Ok((own.to_owned(), sound));
        }
        let stem = numbered(wanted).find(|stem| !names.stems.contains(stem)).unwrap_or_default();
        Ok((stem, sound))
    }
}

/// The beginning of a text that may be of any length.
fn brief(text: &str) -> String {
    Line::new(text).map(|line| line.shortened(BRIEF).to_string()).unwrap_or_default()
}

/// A name for files: of the title, or of the id where nothing of the title is Latin.
fn name(title: &str, guid: &str) -> String {
    match slug(title, 60) {
        none if none.is_empty() => fingerprint(&[guid]).chars().take(12).collect(),
        name => name,
    }
}

/// A piece of an address as the name of a file that was saved from it (RFC 3986, section 2.1).
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut after = rest.clone();
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (byte, digit(after.next()), digit(after.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high * 16 + low);
                rest = after;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_whatever_the_title() {
        for title in ["../../etc/passwd", "a/b\\c\0", &"x/".repeat(5_000), "...", "", "  "] {
            let name = name(title, "g");
            assert!(!name.is_empty() && name.len() <= 60, "{name}");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
        }
        assert_ne!(name("新聞", "g1"), name("新聞", "g2"));
    }

    #[test]
    fn escapes_are_resolved_once() {
        assert_eq!(unescaped("a%20b%252e.mp3"), "a b%2e.mp3");
        assert_eq!(unescaped("a%2"), "a%2");
        assert_eq!(unescaped("%ff%zz"), "%ff%zz");
        assert_eq!(file_name(&unescaped("..%2F..%2Fx")), None);
    }
}
