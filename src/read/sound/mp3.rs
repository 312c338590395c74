//! MPEG audio, layer III (ISO/IEC 11172-3 and 13818-3): frames one after the other, and tags around them.
//!
//! A file tells its length nowhere for sure: every frame is counted, and what an encoder wrote into the first one (Xing, Info,
//! VBRI) is held against that count.

use std::io::{Read, Seek};

use super::window::Window;
use super::{Fault, Measured, broken};
use crate::domain::podcast::SoundFormat;

/// What the head of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    /// Bytes of the whole frame.
    bytes: u32,
    /// Samples of one channel.
    samples: u32,
    /// Samples a second.
    rate: u32,
    /// Bytes from the start of the frame to where the sound begins, at which Xing and Info stand.
    side: u32,
}

/// What an encoder wrote into the first frame about all of them.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    frames: Option<u32>,
    /// Samples of silence that the encoder added, before and behind.
    padding: u32,
}

/// The most that is skipped between two frames and at the beginning, in all, in bytes.
const JUNK: u64 = 64 * 1024;

pub(super) fn measure<R: Read + Seek>(window: &mut Window<R>) -> Result<Measured, Fault> {
    let mut at = super::id3::behind(window, 0)?;
    let (start, first) = sync(window, &mut at, JUNK)?.ok_or_else(|| broken("there is no MP3 frame in it"))?;
    let told = told(window, start, first)?;
    let (mut frames, mut samples) = (0_u64, 0_u64);
    at = start;
    if told.is_some() {
        // That frame holds no sound.
        at += u64::from(first.bytes);
    }
    let mut junk = 0;
    loop {
        match frame(window, at)? {
            Some(next) if next.rate == first.rate => {
                let end = at + u64::from(next.bytes);
                if end > window.length() {
                    return Err(Fault::Truncated);
                }
                frames += 1;
                samples += u64::from(next.samples);
                at = end;
            }
            _ => {
                if is_end(window, at)? {
                    break;
                }
                let tag = super::id3::behind(window, at)?;
                if tag > at {
                    at = tag;
                    continue;
                }
                let before = at;
                at += 1;
                let Some((next, _)) = sync(window, &mut at, JUNK - junk)? else {
                    if window.length() - before <= JUNK {
                        break;
                    }
                    return Err(broken("it is not MP3 all through"));
                };
                junk += next - before;
                at = next;
            }
        }
    }
    let told = told.unwrap_or_default();
    if told.frames.is_some_and(|told| u64::from(told) > frames + frames / 100 + 2) {
        return Err(Fault::Truncated);
    }
    if frames == 0 {
        return Err(broken("there is no sound in it"));
    }
    // Frames that were added behind the encoder's own have no part in its padding.
    let padding = if told.frames.is_some_and(|told| u64::from(told) == frames) { told.padding } else { 0 };
    let samples = samples.saturating_sub(u64::from(padding));
    Ok(Measured { format: SoundFormat::Mp3, millis: samples.saturating_mul(1000) / u64::from(first.rate) })
}

/// Whether two frames follow each other from some point on: where a file begins so, it is MP3.
pub(super) fn is_at<R: Read + Seek>(window: &mut Window<R>, mut at: u64) -> Result<bool, Fault> {
    Ok(sync(window, &mut at, 4096)?.is_some())
}

/// The first frame within some bytes that another one like it follows, or the end.
fn sync<R: Read + Seek>(window: &mut Window<R>, at: &mut u64, within: u64) -> Result<Option<(u64, Frame)>, Fault> {
    let last = at.saturating_add(within).min(window.length());
    while *at < last {
        if let Some(found) = frame(window, *at)? {
            let next = *at + u64::from(found.bytes);
            let follows = frame(window, next)?.is_some_and(|next| next.rate == found.rate);
            if follows || next == window.length() || (next < window.length() && is_end(window, next)?) {
                return Ok(Some((*at, found)));
            }
        }
        *at += 1;
        // Frames begin with a byte of ones: all else is passed over in one step.
        let ahead = window.at(*at, 4096)?;
        let step = ahead.iter().position(|byte| *byte == 0xFF).unwrap_or(ahead.len());
        *at += step as u64;
    }
    Ok(None)
}

/// The frame that begins here, if one does.
fn frame<R: Read + Seek>(window: &mut Window<R>, at: u64) -> Result<Option<Frame>, Fault> {
    Ok(window.exactly::<4>(at)?.and_then(head))
}

fn head(bytes: [u8; 4]) -> Option<Frame> {
    const RATES: [u32; 3] = [44_100, 48_000, 32_000];
    // Kilobits a second by the index, for layer III of version 1, and of versions 2 and 2.5.
    const FIRST: [u32; 16] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
    const LATER: [u32; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    let [sync, kind, rates, channels] = bytes;
    if sync != 0xFF || kind & 0xE0 != 0xE0 {
        return None;
    }
    let (version, layer) = (kind >> 3 & 3, kind >> 1 & 3);
    let (is_first, divisor) = match version {
        3 => (true, 1),
        2 => (false, 2),
        0 => (false, 4),
        _ => return None,
    };
    if layer != 1 {
        return None;
    }
    let rate = RATES.get(usize::from(rates >> 2 & 3))? / divisor;
    let kilobits = if is_first { FIRST } else { LATER }.get(usize::from(rates >> 4)).copied().filter(|rate| *rate > 0)?;
    let (samples, factor) = if is_first { (1152, 144_000) } else { (576, 72_000) };
    let padding = u32::from(rates >> 1 & 1);
    let is_mono = channels >> 6 == 3;
    let side = match (is_first, is_mono) {
        (true, false) => 32,
        (false, true) => 9,
        _ => 17,
    };
    // A checksum stands between the head and the side information.
    let checksum = if kind & 1 == 0 { 2 } else { 0 };
    Some(Frame { bytes: kilobits * factor / rate + padding, samples, rate, side: 4 + checksum + side })
}

/// What the first frame tells of all, where it is such a frame.
fn told<R: Read + Seek>(window: &mut Window<R>, start: u64, first: Frame) -> Result<Option<Told>, Fault> {
    let frame = window.at(start, usize::try_from(first.bytes).unwrap_or(0))?;
    let number = |at: usize| -> Option<u32> { Some(u32::from_be_bytes(frame.get(at..at.checked_add(4)?)?.try_into().ok()?)) };
    // The checksum is not counted by all encoders, in the place of these words.
    for side in [first.side, first.side.saturating_sub(2)] {
        let side = usize::try_from(side).unwrap_or(0);
        let word = frame.get(side..side + 4);
        if word != Some(b"Xing".as_slice()) && word != Some(b"Info".as_slice()) {
            continue;
        }
        let flags = number(side + 4).unwrap_or(0);
        let frames = if flags & 1 != 0 { number(side + 8) } else { None };
        // LAME's part follows the four optional ones: frames, bytes, 100 bytes of contents, quality.
        let sizes = [(1, 4), (2, 4), (4, 100), (8, 4)];
        let behind: usize = sizes.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, size)| size).sum();
        let lame = frame.get(side + 8 + behind..).unwrap_or_default();
        let padding = match lame.get(21..24) {
            Some(&[a, b, c]) if lame.starts_with(b"LAME") || lame.starts_with(b"Lav") => {
                (u32::from(a) << 4 | u32::from(b) >> 4) + (u32::from(b & 15) << 8 | u32::from(c))
            }
            _ => 0,
        };
        return Ok(Some(Told { frames, padding }));
    }
    if frame.get(36..40) == Some(b"VBRI".as_slice()) {
        return Ok(Some(Told { frames: number(50), padding: 0 }));
    }
    Ok(None)
}

/// Whether what follows is no sound any more: a tag, or nothing but zeros.
fn is_end<R: Read + Seek>(window: &mut Window<R>, at: u64) -> Result<bool, Fault> {
    if at >= window.length() || is_tag(window, at)? {
        return Ok(true);
    }
    let mut at = at;
    while at < window.length() {
        let bytes = window.at(at, 4096)?;
        if bytes.is_empty() || bytes.iter().any(|byte| *byte != 0) {
            return Ok(bytes.is_empty());
        }
        at += bytes.len() as u64;
    }
    Ok(true)
}

/// Whether a tag that stands behind the sound begins here: `ID3v1`, APE, Lyrics3.
fn is_tag<R: Read + Seek>(window: &mut Window<R>, at: u64) -> Result<bool, Fault> {
    let head = window.at(at, 11)?;
    Ok(head.starts_with(b"TAG") || head.starts_with(b"APETAGEX") || head.starts_with(b"LYRICSBEGIN"))
}
