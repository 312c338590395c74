//! The folder of a show: notes, and the files beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::ShowError;
use crate::domain::podcast::{PublishedShow, SoundFormat};
use crate::read::{EpisodeNote, episode_note};

/// A note with the names of the files that lie in its folder.
#[derive(Debug)]
pub(super) struct Note {
    /// The name of the note without its ending: what the episode is known by.
    pub stem: String,
    pub file: PathBuf,
    pub said: EpisodeNote,
    /// Files of the same name with other endings, in their order by name.
    pub beside: Vec<String>,
}

/// What lies in the folder of a show.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub notes: Vec<Note>,
    pub without_note: Vec<PathBuf>,
}

/// Reads all notes of a show; what is wrong with some does not keep the others from being read.
pub(super) fn notes(show: &PublishedShow, zone: &TimeZone) -> (Notes, Vec<anyhow::Error>) {
    let mut failed: Vec<anyhow::Error> = Vec::new();
    let names = match names(&show.folder) {
        Ok(names) => names,
        Err(source) => {
            let error = ShowError::NoFolder { show: show.name.to_string(), folder: show.folder.clone(), source };
            return (Notes::default(), vec![error.into()]);
        }
    };
    let mut out = Notes::default();
    let mut written: BTreeMap<&str, &str> = BTreeMap::new();
    for name in names.iter().filter(|name| is_note(name)) {
        let stem = parts(name).0;
        if let Some(first) = written.insert(stem, name) {
            failed.push(ShowError::TwoNotes { first: show.folder.join(first), second: show.folder.join(name) }.into());
        }
    }
    let mut named: BTreeSet<String> = BTreeSet::new();
    for (stem, name) in &written {
        let file = show.folder.join(name);
        let read = if is_link(&file) {
            Err(ShowError::Linked { file: file.clone() }.into())
        } else {
            episode_note(&file, zone).map_err(anyhow::Error::from)
        };
        match read {
            Ok(said) => {
                named.extend(said.files.audio.clone());
                named.extend(said.files.alternates.iter().map(|other| other.file.clone()));
                let beside = names.iter().filter(|other| parts(other).0 == *stem && !is_note(other)).cloned().collect();
                out.notes.push(Note { stem: (*stem).to_owned(), file, said, beside });
            }
            Err(error) => failed.push(error),
        }
    }
    let is_sound = |name: &&String| SoundFormat::is_ending(parts(name).1);
    let alone = names.iter().filter(is_sound).filter(|name| !written.contains_key(parts(name).0) && !named.contains(*name));
    out.without_note = alone.map(|name| show.folder.join(name)).collect();
    (out, failed)
}

/// The names of the files in a folder, in their order, without hidden ones.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A name that is not UTF-8 cannot be written in a note either.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !name.starts_with('.') && !entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// The name of what lies in a folder: another one as soon as a file comes, goes or changes.
pub(super) fn state(folder: &Path) -> String {
    let about = |name: &String| {
        let file = std::fs::symlink_metadata(folder.join(name)).ok();
        file.map_or_else(|| name.clone(), |file| format!("{name} {} {:?}", file.len(), file.modified().ok()))
    };
    names(folder).unwrap_or_default().iter().map(about).collect::<Vec<_>>().join("\n")
}

/// The name without its ending, and the ending in lower case.
pub(super) fn parts(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or((name, ""))
}

fn is_note(name: &str) -> bool {
    let (stem, ending) = parts(name);
    let is_readme = stem.eq_ignore_ascii_case("readme");
    (ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("toml")) && !is_readme
}

/// A link is not followed: whoever may lay files there could have any file of this machine published.
pub(super) fn is_link(file: &Path) -> bool {
    file.is_symlink()
}
