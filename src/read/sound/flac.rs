//! FLAC (RFC 9639): its head tells how long it is, and its last frame whether all of it is there.

use std::io::{Read, Seek};

use super::window::Window;
use super::{Fault, Measured, broken};
use crate::domain::podcast::SoundFormat;

/// Bytes at the end in which the last frame is looked for, where the head does not tell how large frames are.
const TAIL: u64 = 256 * 1024;
/// And where it does, at the most.
const LONGEST_TAIL: u64 = 2 * 1024 * 1024;
/// Bytes that look like the head of the last frame and are not it: by chance there is hardly ever one.
const TRIES: usize = 16;
/// Tags that stand behind the last frame, in bytes: `ID3v1`.
const TAG: usize = 128;

pub(super) fn measure<R: Read + Seek>(window: &mut Window<R>, start: u64) -> Result<Measured, Fault> {
    // "fLaC", the head of the first block, which is always STREAMINFO, and its 34 bytes (section 8.2).
    let Some([b'f', b'L', b'a', b'C', kind, _, _, _, info @ ..]) = window.exactly::<42>(start)? else {
        return Err(Fault::Truncated);
    };
    let info: [u8; 34] = info;
    let [least0, least1, most0, most1, _, _, _, frame0, frame1, frame2, a, b, c, d, t0, t1, t2, t3, ..] = info;
    if kind & 0x7F != 0 {
        return Err(broken("it does not begin with its stream information"));
    }
    let rate = u32::from_be_bytes([0, a, b, c]) >> 4;
    let samples = u64::from(d & 15) << 32 | u64::from(u32::from_be_bytes([t0, t1, t2, t3]));
    if rate == 0 || samples == 0 {
        return Err(broken("it does not tell how long it is; write it anew, for example with `flac -f FILE`"));
    }
    let sound = sound(window, start + 4)?;
    let largest = u64::from(u32::from_be_bytes([0, frame0, frame1, frame2]));
    let tail = if largest == 0 { TAIL } else { (largest + 4096).min(LONGEST_TAIL) };
    let from = window.length().saturating_sub(tail).max(sound);
    let bytes = window.at(from, usize::try_from(window.length().saturating_sub(from)).unwrap_or(0))?;
    let sizes = (u16::from_be_bytes([least0, least1]), u16::from_be_bytes([most0, most1]));
    if !ends_whole(bytes, samples, sizes.0 == sizes.1, sizes.1) {
        return Err(Fault::Truncated);
    }
    Ok(Measured { format: SoundFormat::Flac, millis: samples.saturating_mul(1000) / u64::from(rate) })
}

/// Where the blocks before the sound end.
fn sound<R: Read + Seek>(window: &mut Window<R>, mut at: u64) -> Result<u64, Fault> {
    loop {
        let [kind, a, b, c] = window.exactly::<4>(at)?.ok_or(Fault::Truncated)?;
        at += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x80 != 0 {
            return Ok(at);
        }
    }
}

/// Whether a frame that ends with the last sample ends where the bytes do, and is what it was when it was written.
fn ends_whole(bytes: &[u8], samples: u64, is_fixed: bool, size: u16) -> bool {
    let tagged = bytes.len().checked_sub(TAG).filter(|at| bytes.get(*at..).is_some_and(|tag| tag.starts_with(b"TAG")));
    let bytes = bytes.get(..tagged.unwrap_or(bytes.len())).unwrap_or(bytes);
    let mut tries = TRIES;
    for at in (0..bytes.len().saturating_sub(6)).rev() {
        let frame = bytes.get(at..).unwrap_or_default();
        // 14 ones, a zero, and whether its sizes are variable.
        let [0xFF, 0xF8 | 0xF9, ..] = frame else { continue };
        let Some((first, length)) = head(frame, is_fixed, size) else { continue };
        if first.checked_add(u64::from(length)) != Some(samples) {
            continue;
        }
        if crc16(frame) == 0 {
            return true;
        }
        tries -= 1;
        if tries == 0 {
            break;
        }
    }
    false
}

/// The first sample of a frame, and how many it has (section 9.1); none where its check does not fit.
fn head(frame: &[u8], is_fixed: bool, size: u16) -> Option<(u64, u32)> {
    let (kind, rate) = (frame.get(2)? >> 4, frame.get(2)? & 15);
    let (number, mut at) = coded(frame.get(4..)?)?;
    at += 4;
    let length = match kind {
        0 => return None,
        1 => 192,
        2..=5 => 144 << kind,
        6 => {
            at += 1;
            u32::from(*frame.get(at - 1)?) + 1
        }
        7 => {
            at += 2;
            u32::from(u16::from_be_bytes(frame.get(at - 2..at)?.try_into().ok()?)) + 1
        }
        _ => 1 << kind,
    };
    at += match rate {
        12 => 1,
        13 | 14 => 2,
        15 => return None,
        _ => 0,
    };
    if crc8(frame.get(..=at)?) != 0 {
        return None;
    }
    let is_variable = frame.get(1)? & 1 == 1;
    let first = if is_variable || !is_fixed { number } else { number.checked_mul(u64::from(size))? };
    Some((first, length))
}

/// A number written as UTF-8 writes characters, up to 36 bits, and its bytes.
fn coded(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = match first.leading_ones() {
        0 => return Some((u64::from(first), 1)),
        length @ 2..=7 => usize::try_from(length).ok()?,
        _ => return None,
    };
    let mut number = u64::from(first) & (0x7F_u64 >> length);
    for byte in bytes.get(1..length)? {
        if byte & 0xC0 != 0x80 {
            return None;
        }
        number = number << 6 | u64::from(byte & 0x3F);
    }
    Some((number, length))
}

/// Polynomial x^8 + x^2 + x + 1; 0 over bytes that end with their own check.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| crc << 1 ^ if crc & 0x80 == 0 { 0 } else { 0x07 }))
}

/// Polynomial x^16 + x^15 + x^2 + 1.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x8005 })
    })
}
