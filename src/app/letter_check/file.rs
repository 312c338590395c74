//! A letter in a file: a message, a page, a text, or the folder of an edition.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{LetterChecked, check_letter, finished};
use crate::domain::Findings;
use crate::read::letter::{self, Letter};

/// Bytes of the largest letter that is looked at: more than any mailbox takes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Where a letter lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetterFile {
    StandardInput,
    Path(PathBuf),
}

/// Something that is no letter.
#[derive(Debug, thiserror::Error)]
pub enum NoLetter {
    #[error("`{}` holds neither `letter.eml` nor `letter.html`", .folder.display())]
    Folder { folder: PathBuf },
    #[error("`{name}` is larger than {} MB", LARGEST / 1024 / 1024)]
    TooLarge { name: String },
}

/// Checks the letter in a file. By its name a page or a text is one by itself; what is neither is a message.
pub fn check_letter_file(file: &LetterFile) -> anyhow::Result<LetterChecked> {
    match file {
        LetterFile::StandardInput => Ok(by_content(&taken(io::stdin().lock(), "-")?)),
        LetterFile::Path(path) if path.is_dir() => folder(path),
        LetterFile::Path(path) => {
            let bytes = bytes(path)?;
            Ok(match path.extension().and_then(|ending| ending.to_str()) {
                Some("html" | "htm") => parts(Some(&bytes), None),
                Some("txt") => parts(None, Some(&bytes)),
                Some("eml") => check_letter(&bytes),
                _ => by_content(&bytes),
            })
        }
    }
}

fn by_content(bytes: &[u8]) -> LetterChecked {
    if bytes.trim_ascii_start().starts_with(b"<") { parts(Some(bytes), None) } else { check_letter(bytes) }
}

/// The folder of an edition: its message, which holds both parts; else the parts.
fn folder(folder: &Path) -> anyhow::Result<LetterChecked> {
    let [message, html, text] = ["letter.eml", "letter.html", "letter.txt"].map(|name| folder.join(name));
    if message.is_file() {
        return Ok(check_letter(&bytes(&message)?));
    }
    if !html.is_file() {
        return Err(NoLetter::Folder { folder: folder.to_owned() }.into());
    }
    let text = if text.is_file() { Some(bytes(&text)?) } else { None };
    Ok(parts(Some(&bytes(&html)?), text.as_deref()))
}

fn parts(html: Option<&[u8]>, text: Option<&[u8]>) -> LetterChecked {
    let decoded = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let (html_text, text_text) = (html.map(decoded), text.map(decoded));
    let mut findings = Findings::default();
    let letter = Letter {
        html: html_text.as_deref(),
        text: text_text.as_deref(),
        is_whole: html.is_some() && text.is_some(),
        ..Letter::default()
    };
    letter::check(&letter, &mut findings);
    let length = |bytes: Option<&[u8]>| bytes.map(<[u8]>::len).unwrap_or_default();
    finished(findings, length(html) + length(text), None)
}

fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display().to_string();
    if !fs::exists(path).unwrap_or(false) {
        anyhow::bail!("`{shown}` does not exist");
    }
    let file = File::open(path).with_context(|| format!("failed to open `{shown}`"))?;
    taken(file, &shown)
}

fn taken(from: impl Read, name: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).with_context(|| format!("failed to read `{name}`"))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(NoLetter::TooLarge { name: name.to_owned() }.into());
    }
    Ok(bytes)
}
