//! Artwork of shows and episodes: whether directories will take it, by the picture's own bytes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The picture of a show or an episode, as Apple's guide wants it: square, 1400 to 3000 pixels, JPEG or PNG, RGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Artwork {
    pub width: u32,
    pub height: u32,
}

/// Why a picture cannot be artwork: all that is wrong with it at once.
#[derive(Debug, thiserror::Error)]
pub enum ArtworkError {
    #[error("`{}` is missing", file.display())]
    Missing { file: PathBuf },
    #[error("failed to read `{}`", file.display())]
    Unreadable { file: PathBuf, source: io::Error },
    #[error("`{}` cannot be artwork: {}", file.display(), wrong.join("; "))]
    Unfit { file: PathBuf, wrong: Vec<String> },
}

impl ArtworkError {
    /// What can be done about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Missing { .. } => "lay it into the folder of the episodes".to_owned(),
            Self::Unreadable { .. } => return None,
            Self::Unfit { .. } => {
                "export it as a square RGB picture of 3000 x 3000 pixels without transparency, JPEG as `.jpg` or PNG as `.png`"
                    .to_owned()
            }
        })
    }
}

const SMALLEST: u32 = 1400;
const LARGEST: u32 = 3000;
/// No picture of 3000 pixels is larger; directories refuse far smaller ones.
const MOST: u64 = 20 * 1024 * 1024;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
        })
    }
}

/// What the head of a picture says.
struct Picture {
    kind: Kind,
    width: u32,
    height: u32,
    /// What is wrong with its colours.
    colours: Option<&'static str>,
    is_whole: bool,
}

/// Checks a picture.
pub fn artwork(file: &Path) -> Result<Artwork, ArtworkError> {
    let path = || file.to_path_buf();
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ArtworkError::Missing { file: path() },
        _ => ArtworkError::Unreadable { file: path(), source },
    };
    let unfit = |wrong: Vec<String>| ArtworkError::Unfit { file: path(), wrong };
    if std::fs::metadata(file).map_err(failed)?.len() > MOST {
        return Err(unfit(vec!["it is larger than 20 MB".to_owned()]));
    }
    let bytes = std::fs::read(file).map_err(failed)?;
    let picture = jpeg(&bytes).or_else(|| png(&bytes)).ok_or_else(|| unfit(vec!["it is neither JPEG nor PNG".to_owned()]))?;
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let wrong = picture.wrong(&ending);
    if wrong.is_empty() { Ok(Artwork { width: picture.width, height: picture.height }) } else { Err(unfit(wrong)) }
}

impl Picture {
    fn wrong(&self, ending: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let (width, height) = (self.width, self.height);
        if width != height {
            wrong.push(format!("it is {width} x {height} pixels, and not square"));
        } else if !(SMALLEST..=LARGEST).contains(&width) {
            wrong.push(format!("it is {width} x {height} pixels, and not from {SMALLEST} to {LARGEST}"));
        }
        let fits = match self.kind {
            Kind::Jpeg => matches!(ending, "jpg" | "jpeg"),
            Kind::Png => ending == "png",
        };
        if !fits {
            wrong.push(format!("it is {}, whatever its ending says", self.kind));
        }
        wrong.extend(self.colours.map(str::to_owned));
        if !self.is_whole {
            wrong.push("it was cut off".to_owned());
        }
        wrong
    }
}

/// PNG (third edition, section 11.2.1).
fn png(bytes: &[u8]) -> Option<Picture> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let [_, _, _, _, b'I', b'H', b'D', b'R', w0, w1, w2, w3, h0, h1, h2, h3, _, colour, ..] = rest else { return None };
    let colours = match colour {
        2 | 3 => None,
        0 => Some("it is grey, and not RGB"),
        _ => Some("it has an alpha channel, which directories refuse"),
    };
    // A palette can have transparent colours; the chunk that says so stands before the picture's data.
    let before = rest.windows(4).position(|name| name == b"IDAT").and_then(|at| rest.get(..at)).unwrap_or(rest);
    let is_transparent = before.windows(4).any(|name| name == b"tRNS");
    Some(Picture {
        kind: Kind::Png,
        width: u32::from_be_bytes([*w0, *w1, *w2, *w3]),
        height: u32::from_be_bytes([*h0, *h1, *h2, *h3]),
        colours: colours.or(is_transparent.then_some("it has transparent colours, which directories refuse")),
        is_whole: bytes.ends_with(b"IEND\xAE\x42\x60\x82"),
    })
}

/// JPEG (ITU-T T.81, section B.2): markers up to the one that begins a frame.
fn jpeg(bytes: &[u8]) -> Option<Picture> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    let cut = Picture { kind: Kind::Jpeg, width: 0, height: 0, colours: None, is_whole: false };
    loop {
        let [0xFF, marker, size @ ..] = rest else { return Some(cut) };
        match marker {
            // Filling, and markers without a content.
            0xFF => {
                rest = rest.get(1..)?;
                continue;
            }
            0x01 | 0xD0..=0xD8 => {
                rest = size;
                continue;
            }
            _ => {}
        }
        let [s0, s1, content @ ..] = size else { return Some(cut) };
        let length = usize::from(u16::from_be_bytes([*s0, *s1])).saturating_sub(2);
        // All that begin a frame: 0xC4, 0xC8 and 0xCC are tables.
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let [_, h0, h1, w0, w1, components, ..] = content else { return Some(cut) };
            let colours = match components {
                3 => None,
                1 => Some("it is grey, and not RGB"),
                _ => Some("it is CMYK, as for print, and not RGB"),
            };
            let end = bytes.len() - bytes.iter().rev().take_while(|byte| **byte == 0).count();
            return Some(Picture {
                kind: Kind::Jpeg,
                width: u32::from(u16::from_be_bytes([*w0, *w1])),
                height: u32::from(u16::from_be_bytes([*h0, *h1])),
                colours,
                is_whole: bytes.get(..end).is_some_and(|bytes| bytes.ends_with(&[0xFF, 0xD9])),
            });
        }
        let Some(next) = content.get(length..) else { return Some(cut) };
        rest = next;
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A picture with nothing in it but its head and its end.
    pub(crate) fn png_of(width: u32, height: u32, colour: u8) -> Vec<u8> {
        let head = [b"\0\0\0\x0DIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), &[8, colour, 0, 0, 0]].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &head, b"\0\0\0\0", b"\0\0\0\0IEND\xAE\x42\x60\x82"].concat()
    }

    fn jpeg_of(width: u16, height: u16, components: u8) -> Vec<u8> {
        let frame = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[components; 10]].concat();
        let head = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 17];
        [&head[..], &frame, &[0xFF, 0xD9]].concat()
    }

    #[test]
    fn artwork_is_what_directories_take() {
        let folder = tempfile::tempdir().unwrap();
        let said = |name: &str, bytes: &[u8]| {
            let file = folder.path().join(name);
            std::fs::write(&file, bytes).unwrap();
            match artwork(&file) {
                Ok(Artwork { width, height }) => format!("{width} {height}"),
                Err(ArtworkError::Unfit { wrong, .. }) => wrong.join("; "),
                Err(other) => other.to_string(),
            }
        };
        assert_eq!(said("a.png", &png_of(1400, 1400, 2)), "1400 1400");
        assert_eq!(said("a.jpg", &jpeg_of(3000, 3000, 3)), "3000 3000");
        assert_eq!(said("a.JPEG", &jpeg_of(2000, 2000, 4)), "it is CMYK, as for print, and not RGB");
        assert_eq!(said("b.png", &png_of(1399, 1399, 2)), "it is 1399 x 1399 pixels, and not from 1400 to 3000");
        assert_eq!(
            said("b.jpg", &png_of(3001, 1400, 6)),
            "it is 3001 x 1400 pixels, and not square; it is PNG, whatever its ending says; it has an alpha channel, which directories refuse"
        );
        assert_eq!(said("c.gif", b"GIF89a"), "it is neither JPEG nor PNG");
        assert!(said("d.jpg", &jpeg_of(1500, 1500, 3)[..25]).contains("it was cut off"));
        assert!(said("e.png", &png_of(1500, 1500, 2)[..35]).contains("it was cut off"));
        assert!(matches!(artwork(&folder.path().join("none.png")), Err(ArtworkError::Missing { .. })));
    }

    #[test]
    fn nothing_panics_whatever_the_bytes() {
        for whole in [png_of(1400, 1400, 2), jpeg_of(1400, 1400, 3)] {
            for end in 0..whole.len() {
                let mut bytes = whole[..end].to_vec();
                let _ = (png(&bytes).is_some(), jpeg(&bytes).is_some());
                if let Some(last) = bytes.last_mut() {
                    *last ^= 0xFF;
                }
                let _ = (png(&bytes).is_some(), jpeg(&bytes).is_some());
            }
        }
    }
}
