//! Checking feeds: those of the publication as they lie there, or any other.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;

use crate::config::Settings;
use crate::domain::WebUrl;
use crate::read::check::{Checked, Known, OwnFile, check};
use crate::read::{LoadOptions, Source, raw};

/// Bytes of the largest feed that is checked: far more than any reader takes.
const LARGEST: usize = 64 * 1024 * 1024;
/// Bytes of a file that are looked at: pictures keep previews and profiles before their size.
const HEAD: u64 = 256 * 1024;
/// How many folders deep feeds are looked for.
const DEEPEST: usize = 4;
/// The end of the names of an episode's chapters, which are JSON and no feed.
const CHAPTERS: &str = ".chapters.json";
/// Names under which feeds are written, so that one that is none is no surprise to be passed over.
const FEEDS: [&str; 4] = ["feed.xml", "atom.xml", "feed.json", "podcast.xml"];

/// How feeds are judged.
#[derive(Clone, Copy, Debug)]
pub struct Judging {
    pub now: Timestamp,
    /// Whether they are podcasts, whatever they say.
    pub podcast: bool,
}

/// Checks a feed from anywhere; `settings` are those of a publication that it may belong to.
pub async fn check_source(
    source: &Source,
    settings: Option<&Settings>,
    options: &LoadOptions,
    judging: Judging,
) -> anyhow::Result<Checked> {
    let options = LoadOptions { max_bytes: options.max_bytes.max(LARGEST), ..options.clone() };
    let feed = raw(source, &options).await?;
    let own = match (source, settings) {
        (Source::File(path), Some(settings)) => url_of(settings, path),
        _ => None,
    };
    let url = own.or(feed.url);
    Ok(judge(&feed.bytes, url.as_ref(), feed.content_type.as_deref(), settings, judging))
}

/// Checks all feeds that lie in the publication's folder, in the order of their names.
pub async fn check_own(settings: &Settings, options: &LoadOptions, judging: Judging) -> anyhow::Result<Vec<(PathBuf, Checked)>> {
    let mut files = Vec::new();
    collect(&settings.feeds, DEEPEST, &mut files)
        .with_context(|| format!("failed to look for feeds in `{}`", settings.feeds.display()))?;
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let checked = check_source(&Source::File(file.clone()), Some(settings), options, judging).await?;
        let is_other = checked.findings.iter().any(|finding| finding.rule.id == "feed-unknown");
        let is_meant = file.file_name().is_some_and(|name| FEEDS.iter().any(|known| name == *known));
        if !is_other || is_meant {
            out.push((file, checked));
        }
    }
    Ok(out)
}

fn judge(
    bytes: &[u8],
    url: Option<&WebUrl>,
    content_type: Option<&str>,
    settings: Option<&Settings>,
    judging: Judging,
) -> Checked {
    let find = |url: &WebUrl| settings.and_then(|settings| own_file(settings, url));
    check(bytes, Known { now: judging.now, podcast: judging.podcast, url, content_type, file: Some(&find) })
}

/// The files below a folder that may be feeds; what is hidden is being written, and the folders of editions hold letters.
fn collect(folder: &Path, deep: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && deep > 0 {
            collect(&path, if name == "editions" { 0 } else { deep - 1 }, files)?;
        } else if kind.is_file()
            && !name.ends_with(CHAPTERS)
            && path.extension().is_some_and(|ending| ending == "xml" || ending == "json")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The public address of a file in the folder of the feeds.
fn url_of(settings: &Settings, file: &Path) -> Option<WebUrl> {
    let (file, folder) = (fs::canonicalize(file).ok()?, fs::canonicalize(&settings.feeds).ok()?);
    let below = file.strip_prefix(folder).ok()?.to_str()?.to_owned();
    settings.publication.feeds.join(&below)
}

/// The file of a public address, where it is one of the publication's.
fn own_file(settings: &Settings, url: &WebUrl) -> Option<OwnFile> {
    let base = settings.publication.feeds.url();
    if (url.host(), url.url().port()) != (settings.publication.feeds.host(), base.port()) {
        return None;
    }
    let below = url.url().path().strip_prefix(base.path())?;
    let below = PathBuf::from(unescaped(below)?);
    // An address leads down from the folder, and nowhere else.
    if !below.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let Ok(mut file) = File::open(settings.feeds.join(below)) else { return Some(OwnFile::Missing) };
    let Ok(about) = file.metadata() else { return Some(OwnFile::Missing) };
    if !about.is_file() {
        return Some(OwnFile::Missing);
    }
    let mut head = Vec::new();
    if file.by_ref().take(HEAD).read_to_end(&mut head).is_err() {
        return Some(OwnFile::Missing);
    }
    Some(OwnFile::There { length: about.len(), head })
}

/// A path as it is on the disk: `%C3%A9` is a letter.
fn unescaped(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after.get(2..)?;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_letters() {
        assert_eq!(unescaped("a/%C3%A9%20b.mp3").as_deref(), Some("a/é b.mp3"));
        assert_eq!(unescaped("a%2"), None);
        assert_eq!(unescaped("%FF"), None);
    }
}
