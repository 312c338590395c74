//! MPEG-4 and `QuickTime` files (ISO/IEC 14496-12): boxes within boxes.

use std::io::{Read, Seek};

use super::window::Window;
use super::{Fault, Measured, broken};
use crate::domain::podcast::SoundFormat;

/// A box: its name, and where its content lies.
#[derive(Clone, Copy)]
struct Part {
    name: [u8; 4],
    from: u64,
    to: u64,
}

/// Boxes of one level that are looked at; a fragmented film of some hours has fewer.
const MOST: usize = 100_000;
/// Boxes within a box that are looked at.
const MOST_WITHIN: usize = 1_000;

pub(super) fn measure<R: Read + Seek>(window: &mut Window<R>) -> Result<Measured, Fault> {
    let (mut movie, mut has_media, mut is_quick_time) = (None, false, false);
    let end = window.length();
    for part in parts(window, 0, end, MOST)? {
        match &part.name {
            b"ftyp" => is_quick_time = window.exactly::<4>(part.from)? == Some(*b"qt  "),
            b"moov" => movie = Some(part),
            b"mdat" => has_media = true,
            _ => {}
        }
    }
    let movie = movie.ok_or(Fault::Truncated)?;
    let (mut seconds, mut has_sound, mut has_film) = (None, false, false);
    for part in parts(window, movie.from, movie.to, MOST_WITHIN)? {
        match &part.name {
            b"mvhd" => seconds = length(window, part)?.or(seconds),
            b"mvex" => {
                for part in parts(window, part.from, part.to, MOST_WITHIN)? {
                    // A fragmented file tells its length here, where it does.
                    if &part.name == b"mehd" && seconds.is_none_or(|(time, _)| time == 0) {
                        let time = time(window, part.from, part.from + 4)?;
                        seconds = seconds.zip(time).map(|((_, scale), time)| (time, scale));
                    }
                }
            }
            b"trak" => match kind(window, part)? {
                Some([b's', b'o', b'u', b'n']) => has_sound = true,
                Some([b'v', b'i', b'd', b'e']) => has_film = true,
                _ => {}
            },
            _ => {}
        }
    }
    if !has_sound && !has_film {
        return Err(broken("there is no sound in it"));
    }
    let (time, scale) = seconds
        .filter(|(time, scale)| *time > 0 && *scale > 0)
        .ok_or_else(|| broken("it does not tell how long it is; write it anew, for example with `ffmpeg -i OLD -c copy NEW`"))?;
    if !has_media {
        return Err(Fault::Truncated);
    }
    let format = match (is_quick_time, has_film) {
        (true, _) => SoundFormat::QuickTime,
        (false, true) => SoundFormat::Mp4,
        (false, false) => SoundFormat::M4a,
    };
    let millis = u128::from(time) * 1000 / u128::from(scale);
    Ok(Measured { format, millis: u64::try_from(millis).map_err(|_| broken("it tells a length that cannot be"))? })
}

/// The boxes between two offsets. One that reaches beyond the end is cut off.
fn parts<R: Read + Seek>(window: &mut Window<R>, mut at: u64, to: u64, most: usize) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    while at < to && parts.len() < most {
        let Some([a, b, c, d, name @ ..]) = window.exactly::<8>(at)? else {
            return Err(Fault::Truncated);
        };
        let name: [u8; 4] = name;
        let (head, size) = match u32::from_be_bytes([a, b, c, d]) {
            // To the end of the file.
            0 => (8, to - at),
            1 => (16, u64::from_be_bytes(window.exactly::<8>(at + 8)?.ok_or(Fault::Truncated)?)),
            size => (8, u64::from(size)),
        };
        if size < head {
            return Err(broken("a box of it is smaller than its own head"));
        }
        let end = at.checked_add(size).filter(|end| *end <= to).ok_or(Fault::Truncated)?;
        parts.push(Part { name, from: at + head, to: end });
        at = end;
    }
    Ok(parts)
}

/// Time and time scale of a `mvhd` box.
fn length<R: Read + Seek>(window: &mut Window<R>, part: Part) -> Result<Option<(u64, u32)>, Fault> {
    let Some([version, ..]) = window.exactly::<4>(part.from)? else { return Ok(None) };
    // Two instants stand before the scale, as wide as the time.
    let scale_at = part.from + if version == 1 { 20 } else { 12 };
    let scale = window.exactly::<4>(scale_at)?.map(u32::from_be_bytes);
    Ok(time(window, part.from, scale_at + 4)?.zip(scale))
}

/// A time as wide as the version of its box says; none where it is marked as not known.
fn time<R: Read + Seek>(window: &mut Window<R>, part: u64, at: u64) -> Result<Option<u64>, Fault> {
    let Some([version]) = window.exactly::<1>(part)? else { return Ok(None) };
    Ok(match version {
        1 => window.exactly::<8>(at)?.map(u64::from_be_bytes).filter(|time| *time != u64::MAX),
        _ => window.exactly::<4>(at)?.map(u32::from_be_bytes).filter(|time| *time != u32::MAX).map(u64::from),
    })
}

/// What a track is: `soun`, `vide` or else.
fn kind<R: Read + Seek>(window: &mut Window<R>, track: Part) -> Result<Option<[u8; 4]>, Fault> {
    for part in parts(window, track.from, track.to, MOST_WITHIN)? {
        if &part.name != b"mdia" {
            continue;
        }
        for part in parts(window, part.from, part.to, MOST_WITHIN)? {
            if &part.name == b"hdlr" {
                return Ok(window.exactly::<4>(part.from + 8)?);
            }
        }
    }
    Ok(None)
}
