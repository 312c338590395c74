//! The files of a show: which are public, under which names, and what is made of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ShowError;
use super::facts::{Facts, Named};
use super::folder::{Note, is_link, parts};
use crate::app::edition::fingerprint;
use crate::domain::podcast::{
    Alternate, Chapter, Chapters, Enclosed, EpisodeDetails, Piece, PublishedEpisode, PublishedShow, Sound, SoundFormat,
    Transcript, TranscriptNote, is_public_name,
};
use crate::domain::{WebUrl, slug};
use crate::read::{chapters, subtitles};
use crate::render;

/// Files that go public with a show: copies of what lies in the folder, and what is made of it.
pub(super) struct Pieces<'a> {
    show: &'a PublishedShow,
    known: BTreeMap<String, String>,
    /// Public name and name of the bytes, as far as this run uses them.
    files: BTreeMap<String, String>,
    copies: Vec<(PathBuf, String, u64)>,
    made: BTreeMap<String, Vec<u8>>,
}

/// Names of chapters and transcripts that belong to a note without being named in it.
const CHAPTERS: &str = "chapters.json";

impl<'a> Pieces<'a> {
    pub(super) fn new(show: &'a PublishedShow, known: Vec<(String, String)>) -> Self {
        Self { show, known: known.into_iter().collect(), files: BTreeMap::new(), copies: Vec::new(), made: BTreeMap::new() }
    }

    pub(super) fn copies(&self) -> &[(PathBuf, String, u64)] {
        &self.copies
    }

    pub(super) fn made(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.made.iter()
    }

    /// The names that become public by this run, with those of their bytes.
    pub(super) fn news(&self) -> Vec<(String, String)> {
        let new = self.files.iter().filter(|(name, _)| !self.known.contains_key(*name));
        new.map(|(name, hash)| (name.clone(), hash.clone())).collect()
    }

    /// The artwork of the show or of an episode: checked, where it lies here.
    pub(super) async fn artwork(&mut self, facts: &Facts<'_>, image: &Piece) -> anyhow::Result<WebUrl> {
        match image {
            Piece::Web(url) => {
                let feeds = &facts.desk.settings.publication.feeds;
                if let Some(below) = url.as_str().strip_prefix(feeds.as_str()).filter(|below| !below.contains(['?', '#', '%'])) {
                    facts.artwork(&facts.desk.settings.feeds.join(below)).await?;
                }
                Ok(url.clone())
            }
            Piece::File(name) => {
                let file = self.show.folder.join(name);
                let named = facts.artwork(&file).await?;
                self.copy(&file, &named, &self.show.base)
            }
        }
    }

    /// A sound at its public address: in `feeds/`, or where the config says that sounds are served.
    async fn sound(&mut self, facts: &Facts<'_>, name: &str) -> anyhow::Result<(Enclosed, String)> {
        let file = self.show.folder.join(name);
        let named = facts.sound(name).await?;
        let (sound, hash) = (named.about.clone(), named.hash.clone());
        let url = match &self.show.media {
            None => self.copy(&file, &named, &self.show.base)?,
            Some(media) => {
                if !is_public_name(name) {
                    return Err(ShowError::Name { file }.into());
                }
                self.publish(&file, name.to_owned(), &named)?;
                address(media, name, &file)?
            }
        };
        Ok((Enclosed { url, sound }, hash))
    }

    /// Has a file copied to its public place.
    fn copy<T>(&mut self, file: &Path, named: &Named<T>, base: &WebUrl) -> anyhow::Result<WebUrl> {
        let name = public_name(file);
        let url = address(base, &name, file)?;
        if self.publish(file, name.clone(), named)? {
            self.copies.push((file.to_path_buf(), name, named.bytes));
        }
        Ok(url)
    }

    /// Takes a public name for a file; false where this run has it already for the same bytes.
    fn publish<T>(&mut self, file: &Path, public: String, named: &Named<T>) -> Result<bool, ShowError> {
        let file = file.to_path_buf();
        if self.known.get(&public).is_some_and(|hash| *hash != named.hash) {
            return Err(ShowError::Reused { file, public });
        }
        if let Some(hash) = self.files.get(&public) {
            return if *hash == named.hash { Ok(false) } else { Err(ShowError::SameName { file, public }) };
        }
        self.files.insert(public, named.hash.clone());
        Ok(true)
    }

    /// Has a file made of something.
    fn make(&mut self, file: &Path, public: String, bytes: Vec<u8>) -> anyhow::Result<WebUrl> {
        let url = address(&self.show.base, &public, file)?;
        if self.made.get(&public).is_some_and(|other| *other != bytes) {
            return Err(ShowError::SameName { file: file.to_path_buf(), public }.into());
        }
        self.made.insert(public, bytes);
        Ok(url)
    }

    fn chapters(&mut self, note: &Note, sound: Option<&Sound>) -> anyhow::Result<Option<(WebUrl, Vec<Chapter>)>> {
        let own = format!("{}.{CHAPTERS}", note.stem);
        let beside = self.show.folder.join(&own).is_file().then_some(&own);
        let (file, list) = match (&note.said.files.chapters, beside) {
            (Some(Chapters::List(list)), _) => (note.file.clone(), list.clone()),
            (Some(Chapters::File(name)), _) | (None, Some(name)) => {
                let file = self.show.folder.join(name);
                let bytes = companion(&file, note)?;
                let list = chapters(&bytes).map_err(|what| ShowError::Companion { file: file.clone(), what })?;
                (file, list)
            }
            (None, None) => return Ok(None),
        };
        let wrong = |what: &str| ShowError::Companion { file: file.clone(), what: what.to_owned() };
        if !list.is_sorted_by_key(|chapter| chapter.start) {
            return Err(wrong("its chapters do not follow each other").into());
        }
        let end = sound.map(|sound| u128::from(sound.millis));
        if list.last().zip(end).is_some_and(|(last, end)| last.start.as_millis() >= end) {
            return Err(wrong("its last chapter begins after the end of the sound").into());
        }
        let bytes = render::chapters(&list)?;
        let url = self.make(&file, format!("{}.{CHAPTERS}", public_stem(&note.stem)), bytes)?;
        Ok(Some((url, list)))
    }

    fn transcripts(&mut self, note: &Note) -> Vec<anyhow::Result<Transcript>> {
        let named = &note.said.files.transcripts;
        let beside = ["vtt", "srt"].map(|ending| format!("{}.{ending}", note.stem));
        let beside = beside.into_iter().find(|name| note.beside.contains(name)).filter(|_| named.is_empty());
        let beside = beside.map(|file| TranscriptNote { file, language: None, is_captions: true });
        let all: Vec<TranscriptNote> = named.iter().cloned().chain(beside).collect();
        all.into_iter().map(|transcript| self.transcript(note, transcript)).collect()
    }

    fn transcript(&mut self, note: &Note, transcript: TranscriptNote) -> anyhow::Result<Transcript> {
        let file = self.show.folder.join(&transcript.file);
        let bytes = companion(&file, note)?;
        let (stem, ending) = parts(&transcript.file);
        let made =
            subtitles(ending, &bytes).map_err(|what| ShowError::Companion { file: file.clone(), what: what.to_string() })?;
        let public = format!("{}.{}", public_stem(stem), made.ending);
        let url = self.make(&file, public, made.text.into_bytes())?;
        Ok(Transcript { url, media_type: made.media_type, language: transcript.language, is_captions: transcript.is_captions })
    }
}

/// All that the feed says of an episode but its id, and the name of its sound's bytes; or all that is wrong with it.
pub(super) async fn episode(
    facts: &Facts<'_>,
    pieces: &mut Pieces<'_>,
    note: &Note,
) -> Result<(PublishedEpisode, String), Vec<anyhow::Error>> {
    let mut failed = Vec::new();
    let details = &note.said.details;
    let is_numbered = details.number.as_ref().is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 0));
    if !is_numbered && facts.show.asks_for_numbers(details.kind) {
        failed.push(ShowError::NoNumber { note: note.file.clone() }.into());
    }
    let (main, others) = sounds(note);
    let enclosure = if let Some(name) = &main {
        keep(pieces.sound(facts, name).await, &mut failed)
    } else {
        failed.push(ShowError::NoSound { note: note.file.clone() }.into());
        None
    };
    let mut alternates = Vec::new();
    for other in others {
        let enclosed = keep(pieces.sound(facts, &other.file).await, &mut failed);
        alternates.extend(enclosed.map(|(enclosed, _)| Alternate {
            enclosed,
            title: other.title,
            language: other.language,
            rel: other.rel,
        }));
    }
    let image = match &note.said.files.image {
        Some(image) => keep(pieces.artwork(facts, image).await, &mut failed),
        None => None,
    };
    let sound = enclosure.as_ref().map(|(enclosed, _)| &enclosed.sound);
    failed.extend(too_late(details, sound).map(|what| ShowError::Companion { file: note.file.clone(), what }.into()));
    let (chapters, marks) = keep(pieces.chapters(note, sound), &mut failed).flatten().unzip();
    let transcripts = pieces.transcripts(note).into_iter().filter_map(|it| keep(it, &mut failed)).collect();
    match enclosure {
        Some((enclosure, hash)) if failed.is_empty() => {
            let (guid, details, marks) = (String::new(), details.clone(), marks.unwrap_or_default());
            Ok((PublishedEpisode { guid, details, enclosure, alternates, image, chapters, marks, transcripts }, hash))
        }
        _ => Err(failed),
    }
}

/// What is said of a part of the sound that it does not have.
fn too_late(details: &EpisodeDetails, sound: Option<&Sound>) -> Option<String> {
    let end = u128::from(sound?.millis);
    let late = details.soundbites.iter().position(|bite| (bite.start + bite.length).as_millis() > end)?;
    Some(format!("`soundbites[{}]` ends after the end of the sound", late + 1))
}

/// The sound of an episode, and its other formats: what the note names, else the files of its name, of which the one that
/// most players take is the enclosure.
fn sounds(note: &Note) -> (Option<String>, Vec<crate::domain::podcast::AlternateNote>) {
    let files = &note.said.files;
    let rank = |name: &String| {
        let ending = parts(name).1.to_ascii_lowercase();
        SoundFormat::ALL.iter().position(|format| format.endings().contains(&ending.as_str()))
    };
    let mut beside: Vec<(usize, &String)> = note.beside.iter().filter_map(|name| Some((rank(name)?, name))).collect();
    beside.sort();
    let main = files.audio.clone().or_else(|| beside.first().map(|(_, name)| (*name).clone()));
    let mut others = files.alternates.clone();
    for (_, name) in beside {
        if Some(name) != main.as_ref() && !others.iter().any(|other| other.file == *name) && files.audio.is_none() {
            others.push(crate::domain::podcast::AlternateNote { file: name.clone(), title: None, language: None, rel: None });
        }
    }
    others.retain(|other| Some(&other.file) != main.as_ref());
    (main, others)
}

fn keep<T>(result: anyhow::Result<T>, failed: &mut Vec<anyhow::Error>) -> Option<T> {
    result.map_err(|error| failed.push(error)).ok()
}

/// Largest chapters or transcript, in bytes.
const MOST: u64 = 16 * 1024 * 1024;

/// The bytes of a file that a note names, or that lies beside it.
fn companion(file: &Path, note: &Note) -> anyhow::Result<Vec<u8>> {
    let wrong = |what: String| ShowError::Companion { file: file.to_path_buf(), what };
    if is_link(file) {
        return Err(ShowError::Linked { file: file.to_path_buf() }.into());
    }
    let about = std::fs::metadata(file).map_err(|_| {
        let named = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        ShowError::NotThere { note: note.file.clone(), named }
    })?;
    if about.len() > MOST {
        return Err(wrong("it is larger than 16 MB".to_owned()).into());
    }
    Ok(std::fs::read(file).map_err(|error| wrong(error.to_string()))?)
}

/// The public name of a file: its own where an address can have it, else what is left of it in ASCII.
fn public_name(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if is_public_name(&name) {
        return name;
    }
    let (stem, ending) = parts(&name);
    format!("{}.{}", public_stem(stem), ending.to_ascii_lowercase())
}

fn public_stem(stem: &str) -> String {
    if is_public_name(stem) {
        return stem.to_owned();
    }
    match slug(stem, 80) {
        // Nothing of it is Latin: a name that is made of it, and of it alone.
        none if none.is_empty() => fingerprint(&[stem]),
        name => name,
    }
}

fn address(base: &WebUrl, name: &str, file: &Path) -> Result<WebUrl, ShowError> {
    base.join(name).ok_or_else(|| ShowError::Name { file: file.to_path_buf() })
}
