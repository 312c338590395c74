//! Sound files: how long they play and what they are, measured from the bytes and never guessed.
//!
//! Written here rather than taken from a crate: the readers of tags that there are guess the length of an MP3 without a
//! header from its first frame, take a file that was cut off for a whole one, and bring some twenty crates. What an episode
//! needs is no more than the length; for it, every frame, page or box is walked, with a window of the file in memory.
//! Whatever the bytes, the result is a length or a fault; nothing panics, and the time is linear in the size of the file.

mod flac;
mod id3;
mod mp3;
mod mpeg4;
mod ogg;
#[cfg(test)]
mod tests;
mod wav;
mod window;

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;

use super::sniff;
use crate::domain::podcast::{Sound, SoundFormat};
use window::Window;

/// Why a file cannot be an episode's sound.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    #[error("`{}` is missing", file.display())]
    Missing { file: PathBuf },
    #[error("failed to read `{}`", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("`{}` is empty", file.display())]
    Empty { file: PathBuf },
    #[error("`{}` was cut off: it ends in the middle of the sound", file.display())]
    Truncated { file: PathBuf },
    #[error("`{}` is broken: {what}", file.display())]
    Broken { file: PathBuf, what: String },
    #[error("`{}` is {what}, not a sound that can be published", file.display())]
    NoSound { file: PathBuf, what: &'static str },
    #[error("`{}` is {format}, whatever its name says", file.display())]
    Mislabelled { file: PathBuf, format: SoundFormat },
}

impl SoundError {
    /// What can be done about it, as a sentence without a full stop.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { .. } => "lay it beside its note, or name it there with `audio`".to_owned(),
            Self::Unreadable { .. } => return None,
            Self::Empty { .. } | Self::Truncated { .. } => {
                "copy it again, whole, and wait until the copy is done; if it was so from the beginning, export it anew"
                    .to_owned()
            }
            Self::Broken { .. } => "play it to its end; if that goes well, export it anew as MP3 or M4A".to_owned(),
            Self::NoSound { .. } => "publish MP3 or M4A, which every app plays, or Opus, Ogg, FLAC or WAV beside them".to_owned(),
            Self::Mislabelled { format, .. } => {
                let ending = format.endings().first().copied().unwrap_or_default();
                format!("give it the ending `.{ending}`, or export what its name says")
            }
        })
    }
}

/// What was measured, without the size of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Measured {
    format: SoundFormat,
    millis: u64,
}

/// What is wrong with some bytes.
#[derive(Debug)]
enum Fault {
    Read(io::Error),
    Truncated,
    Broken(String),
    NoSound(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

fn broken(what: &str) -> Fault {
    Fault::Broken(what.to_owned())
}

/// Measures a sound file. Its ending has to fit its content: apps and servers go by it.
pub fn measure(file: &Path) -> Result<Sound, SoundError> {
    let sound = identify(file)?;
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if !sound.format.endings().contains(&ending.as_str()) {
        return Err(SoundError::Mislabelled { file: file.to_path_buf(), format: sound.format });
    }
    Ok(sound)
}

/// Measures a sound file whatever its name says.
pub fn identify(file: &Path) -> Result<Sound, SoundError> {
    let path = || file.to_path_buf();
    let open = File::open(file).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SoundError::Missing { file: path() },
        _ => SoundError::Unreadable { file: path(), source },
    })?;
    let bytes = open.metadata().map_err(|source| SoundError::Unreadable { file: path(), source })?.len();
    if bytes == 0 {
        return Err(SoundError::Empty { file: path() });
    }
    let Measured { format, millis } = of(open).map_err(|fault| match fault {
        Fault::Read(source) => SoundError::Unreadable { file: path(), source },
        Fault::Truncated => SoundError::Truncated { file: path() },
        Fault::Broken(what) => SoundError::Broken { file: path(), what },
        Fault::NoSound(what) => SoundError::NoSound { file: path(), what },
    })?;
    Ok(Sound { format, bytes, millis })
}

/// The name of a file's bytes: their SHA-256 (FIPS 180-4), in hexadecimal.
pub fn hash(file: &Path) -> io::Result<String> {
    let mut open = File::open(file)?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match open.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        context.update(buffer.get(..count).unwrap_or_default());
    }
    let hash = context.finish();
    Ok(hash.as_ref().iter().fold(String::with_capacity(64), |out, byte| out + &format!("{byte:02x}")))
}

fn of(source: impl Read + Seek) -> Result<Measured, Fault> {
    let mut window = Window::new(source)?;
    let head = window.at(0, 4096)?.to_vec();
    match head.as_slice() {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..]
        | [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..] => wav::measure(&mut window),
        [b'f', b'L', b'a', b'C', ..] => flac::measure(&mut window, 0),
        [b'O', b'g', b'g', b'S', ..] => ogg::measure(&mut window),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] | [_, _, _, _, b'm', b'o', b'o', b'v', ..] => mpeg4::measure(&mut window),
        // It ends before it says what it is.
        short if short.len() < 12 => Err(Fault::Truncated),
        _ => {
            let start = id3::behind(&mut window, 0)?;
            if window.at(start, 4)? == b"fLaC" {
                return flac::measure(&mut window, start);
            }
            if mp3::is_at(&mut window, start)? {
                return mp3::measure(&mut window);
            }
            Err(otherwise(&head, start > 0))
        }
    }
}

/// What a file is that is no sound of a known format.
fn otherwise(head: &[u8], is_tagged: bool) -> Fault {
    let lower = String::from_utf8_lossy(head.get(..512).unwrap_or(head)).trim_start().to_ascii_lowercase();
    if is_tagged {
        return broken("there is a tag, and no sound behind it");
    }
    Fault::NoSound(match head {
        _ if lower.starts_with("<!doctype html") || lower.starts_with("<html") => "a web page",
        _ if lower.starts_with("<?xml") => "XML",
        [0xFF, kind, ..] if kind & 0xF6 == 0xF0 => "raw AAC without a container",
        [0xFF, kind, ..] if kind & 0xE6 == 0xE4 || kind & 0xE6 == 0xE6 => "MPEG audio of layer I or II",
        [0x30, 0x26, 0xB2, 0x75, ..] => "Windows Media",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "Matroska or WebM",
        [b'F', b'O', b'R', b'M', ..] => "AIFF",
        [b'#', b'!', b'A', b'M', b'R', ..] => "AMR, as telephones record it",
        _ => sniff::binary(head).unwrap_or("no sound of a format that griot knows"),
    })
}
