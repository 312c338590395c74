//! The files of an episode that is taken over: fetched, looked at, and only then put into the folder under names of our own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::ImportError;
use crate::app::shows::folder::parts;
use crate::domain::podcast::{Chapter, SoundFormat, time};
use crate::domain::{WebUrl, Written};
use crate::read::{Aired, LoadOptions, Offered, ReadError, Rows, Source, artwork, chapters, download, raw, sound, subtitles};
use crate::store::files::{self, Replacement};

/// How long one sound may take: an hour of it, over a thin line.
const PATIENCE: Duration = Duration::from_hours(2);
/// Largest picture, transcript or list of chapters, in bytes.
const LARGEST_COMPANION: usize = 16 * 1024 * 1024;

/// The folder of the show, and how files are fetched into it.
pub(super) struct Files<'a> {
    pub folder: &'a Path,
    pub options: LoadOptions,
    /// Largest sound, in bytes.
    pub max_bytes: u64,
    /// The artwork of the show, which no episode has to repeat.
    pub image: Option<WebUrl>,
    /// Pictures that episodes share: those that were fetched, by their addresses.
    pub pictures: BTreeMap<WebUrl, Option<String>>,
}

impl Files<'_> {
    /// Fetches a sound, and gives its name without the ending, of those that begin as `wanted` the first that is free, and how
    /// long it plays in milliseconds.
    pub(super) async fn sound(
        &self,
        url: &WebUrl,
        wanted: &str,
        is_taken: impl Fn(&str) -> bool,
    ) -> anyhow::Result<(String, u64)> {
        let max_bytes = usize::try_from(self.max_bytes).unwrap_or(usize::MAX);
        let options = LoadOptions { max_bytes, total_timeout: PATIENCE, ..self.options.clone() };
        let mut out = Replacement::of(&beside(&self.folder.join(wanted)))?;
        download(url, &options, &mut out).await.map_err(|error| match error {
            ReadError::TooLarge { .. } => ImportError::TooLarge { url: url.clone(), limit: self.max_bytes }.into(),
            error => anyhow::Error::from(error),
        })?;
        let finished = out.finish()?;
        let measured = sound::identify(finished.path())?;
        let ending = ending(url, measured.format);
        for stem in numbered(wanted).filter(|stem| !is_taken(stem)) {
            let target = self.folder.join(format!("{stem}.{ending}"));
            if is_there(&target) {
                // One that a killed run left without its note is the same; any other is somebody's own.
                if !same(finished.path(), &target) {
                    continue;
                }
            } else {
                finished.called(&target).commit()?;
            }
            return Ok((stem, measured.millis));
        }
        unreachable_name(wanted)
    }

    /// Fetches what lies beside a sound, and writes its names down. What is wrong with one is told in `left_out`, and does not
    /// keep the episode from being taken.
    ///
    /// # Errors
    ///
    /// What may go well the next time, such as a server that does not answer.
    pub(super) async fn companions(
        &mut self,
        aired: &Aired,
        (stem, millis): (&str, u64),
        rows: &mut Rows,
        left_out: &mut Vec<String>,
    ) -> anyhow::Result<()> {
        let mut transcripts = Vec::new();
        for (at, offered) in aired.transcripts.iter().enumerate() {
            let (name, ending) = transcript_name(stem, offered, at);
            let check = |bytes: &[u8]| subtitles(&ending, bytes).map(drop).map_err(|error| error.to_string());
            if let Some(name) = self.companion(&offered.url, &name, check, left_out).await? {
                transcripts.push(transcript(name, offered));
            }
        }
        if !transcripts.is_empty() {
            rows.insert("transcripts".to_owned(), Written::List(transcripts));
        }
        if let Some(url) = &aired.chapters {
            let check = |bytes: &[u8]| fitting(&chapters(bytes)?, millis);
            if let Some(name) = self.companion(url, &format!("{stem}.chapters.json"), check, left_out).await? {
                rows.insert("chapters".to_owned(), Written::Text(name));
            }
        }
        if let Some(url) = aired.image.as_ref().filter(|url| Some(*url) != self.image.as_ref()) {
            let name = match self.pictures.get(url) {
                Some(known) => known.clone(),
                None => self.picture(url, stem, left_out).await?,
            };
            self.pictures.insert(url.clone(), name.clone());
            rows.extend(name.map(|name| ("image".to_owned(), Written::Text(name))));
        }
        Ok(())
    }

    async fn picture(&self, url: &WebUrl, stem: &str, left_out: &mut Vec<String>) -> anyhow::Result<Option<String>> {
        let Some(bytes) = self.fetched(url, left_out).await? else { return Ok(None) };
        let ending = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" };
        let name = format!("{stem}.{ending}");
        let file = self.folder.join(&name);
        let was_there = is_there(&file);
        if !keep(&file, &bytes, left_out)? {
            return Ok(None);
        }
        if let Err(error) = artwork(&file) {
            left_out.push(format!("{url}: {error}"));
            if !was_there {
                std::fs::remove_file(&file).with_context(|| format!("failed to remove `{}`", file.display()))?;
            }
            return Ok(None);
        }
        Ok(Some(name))
    }

    /// Fetches a file and gives its name, or nothing where `check` or the server refuses it for good.
    async fn companion(
        &self,
        url: &WebUrl,
        name: &str,
        check: impl Fn(&[u8]) -> Result<(), String>,
        left_out: &mut Vec<String>,
    ) -> anyhow::Result<Option<String>> {
        let Some(bytes) = self.fetched(url, left_out).await? else { return Ok(None) };
        if let Err(what) = check(&bytes) {
            left_out.push(format!("{url}: {what}"));
            return Ok(None);
        }
        Ok(keep(&self.folder.join(name), &bytes, left_out)?.then(|| name.to_owned()))
    }

    async fn fetched(&self, url: &WebUrl, left_out: &mut Vec<String>) -> anyhow::Result<Option<Vec<u8>>> {
        let options = LoadOptions { max_bytes: LARGEST_COMPANION, format: None, ..self.options.clone() };
        match raw(&Source::Url(url.clone()), &options).await {
            Ok(raw) => Ok(Some(raw.bytes)),
            Err(error) if is_lasting(&error) => {
                left_out.push(error.to_string());
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A name that nothing has, for bytes that wait for theirs.
fn beside(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    file.with_file_name(format!(".{name}.part"))
}

/// Writes a file, unless another one has its name.
fn keep(file: &Path, bytes: &[u8], left_out: &mut Vec<String>) -> anyhow::Result<bool> {
    let finished = files::prepare(&beside(file), bytes)?;
    if !is_there(file) {
        finished.called(file).commit()?;
    } else if !same(finished.path(), file) {
        left_out.push(format!("`{}` is there already, and is another file", file.display()));
        return Ok(false);
    }
    Ok(true)
}

/// Whether something has the name, a link that leads nowhere included.
fn is_there(file: &Path) -> bool {
    file.symlink_metadata().is_ok()
}

/// Whether two files have the same bytes. A link is nobody's file.
fn same(one: &Path, other: &Path) -> bool {
    !other.is_symlink() && sound::hash(one).ok().zip(sound::hash(other).ok()).is_some_and(|(one, other)| one == other)
}

/// Whether chapters can be those of a sound of this length.
fn fitting(chapters: &[Chapter], millis: u64) -> Result<(), String> {
    if !chapters.is_sorted_by_key(|chapter| chapter.start) {
        return Err("its chapters do not follow each other".to_owned());
    }
    match chapters.last() {
        Some(last) if last.start.as_millis() >= u128::from(millis) => {
            Err("its last chapter begins after the end of the sound".to_owned())
        }
        _ => Ok(()),
    }
}

/// Takes out the parts of a sound that it does not have.
pub(super) fn take_out_late(rows: &mut Rows, millis: u64, left_out: &mut Vec<String>) {
    let Some(Written::List(all)) = rows.get_mut("soundbites") else { return };
    let count = all.len();
    all.retain(|bite| {
        let Written::Table(bite) = bite else { return true };
        let at = |key: &str| if let Some(Written::Text(text)) = bite.get(key) { time(text) } else { None };
        at("start").zip(at("length")).is_none_or(|(start, length)| (start + length).as_millis() <= u128::from(millis))
    });
    if all.len() < count {
        left_out.push(format!("{} of `soundbites`: they end after the end of the sound", count - all.len()));
    }
}

/// Whether the next run would be told the same.
fn is_lasting(error: &ReadError) -> bool {
    match error {
        ReadError::Status { status, .. } => (400..500).contains(status) && !matches!(status, 408 | 425 | 429),
        ReadError::Private { .. } | ReadError::TooLarge { .. } | ReadError::Redirects { .. } | ReadError::BadRedirect { .. } => {
            true
        }
        _ => false,
    }
}

/// `name`, `name-2`, `name-3`, and so on.
pub(super) fn numbered(name: &str) -> impl Iterator<Item = String> {
    let name = name.to_owned();
    (1_u32..).map(move |number| if number == 1 { name.clone() } else { format!("{name}-{number}") })
}

fn unreachable_name<T>(wanted: &str) -> anyhow::Result<T> {
    anyhow::bail!("every name that begins with `{wanted}` is taken")
}

/// The ending that the sound has where it is now, if its bytes bear it out; else one that they do.
fn ending(url: &WebUrl, format: SoundFormat) -> String {
    let told = parts(url.url().path()).1.to_ascii_lowercase();
    let endings = format.endings();
    let known = endings.iter().find(|ending| **ending == told).or(endings.first());
    known.map_or(told.clone(), |ending| (*ending).to_owned())
}

fn transcript_name(stem: &str, offered: &Offered, at: usize) -> (String, String) {
    let of_kind = match offered.kind.as_str() {
        "text/vtt" => Some("vtt"),
        "application/srt" | "application/x-subrip" | "text/srt" => Some("srt"),
        "application/json" => Some("json"),
        "text/html" => Some("html"),
        "text/plain" => Some("txt"),
        _ => None,
    };
    let of_url = || {
        let told = parts(offered.url.url().path()).1.to_ascii_lowercase();
        ["vtt", "srt", "json", "html", "txt"].into_iter().find(|ending| *ending == told)
    };
    let ending = of_kind.or_else(of_url).unwrap_or("txt").to_owned();
    // Several of them: `name.vtt`, `name.2.json`, `name.3.vtt`; what is published is named after them.
    let name = if at == 0 { format!("{stem}.{ending}") } else { format!("{stem}.{}.{ending}", at + 1) };
    (name, ending)
}

fn transcript(name: String, offered: &Offered) -> Written {
    let mut rows = Rows::from([("file".to_owned(), Written::Text(name))]);
    rows.extend(offered.language.clone().map(|language| ("language".to_owned(), Written::Text(language))));
    if offered.is_captions {
        rows.insert("captions".to_owned(), Written::Flag(true));
    }
    Written::Table(rows)
}
