//! WAV (RIFF, and RF64 by EBU Tech 3306 for files above 4 GB): a head that tells bytes a second, and the bytes.

use std::io::{Read, Seek};

use super::window::Window;
use super::{Fault, Measured, broken};
use crate::domain::podcast::SoundFormat;

/// What is written for a length that was not known when writing began.
const UNKNOWN: u32 = u32::MAX;
/// Formats without compression: PCM, floating point, A-law, mu-law, and those with a longer head.
const PLAIN: [u16; 5] = [1, 3, 6, 7, 0xFFFE];
/// Chunks that are looked at.
const MOST: usize = 10_000;

pub(super) fn measure<R: Read + Seek>(window: &mut Window<R>) -> Result<Measured, Fault> {
    let (mut at, mut rate, mut long, mut told) = (12_u64, None, None, None);
    for _ in 0..MOST {
        let Some([n0, n1, n2, n3, s0, s1, s2, s3]) = window.exactly::<8>(at)? else { return Err(Fault::Truncated) };
        let size = u32::from_le_bytes([s0, s1, s2, s3]);
        let from = at + 8;
        match &[n0, n1, n2, n3] {
            b"ds64" => long = window.exactly::<8>(from + 8)?.map(u64::from_le_bytes),
            b"fmt " => {
                let Some([kind0, kind1, _, _, a0, a1, a2, a3, b0, b1, b2, b3]) = window.exactly::<12>(from)? else {
                    return Err(Fault::Truncated);
                };
                let samples = u32::from_le_bytes([a0, a1, a2, a3]);
                let is_plain = PLAIN.contains(&u16::from_le_bytes([kind0, kind1]));
                rate = Some((samples, u32::from_le_bytes([b0, b1, b2, b3]), is_plain));
            }
            b"fact" => told = window.exactly::<4>(from)?.map(u32::from_le_bytes),
            b"data" => {
                let left = window.length().saturating_sub(from);
                let bytes = match (size, long) {
                    (UNKNOWN, Some(long)) => long,
                    (UNKNOWN | 0, None) => left,
                    (size, _) => u64::from(size),
                };
                if bytes > left {
                    return Err(Fault::Truncated);
                }
                // What is compressed tells its samples, and no true number of bytes a second.
                let (count, rate) = match (rate, told) {
                    (Some((rate, _, false)), Some(told)) => (u64::from(told), rate),
                    (Some((_, rate, _)), _) => (bytes, rate),
                    (None, _) => (0, 0),
                };
                if rate == 0 {
                    return Err(broken("it does not tell its bytes a second"));
                }
                let millis = u64::try_from(u128::from(count) * 1000 / u128::from(rate)).unwrap_or(u64::MAX);
                if millis == 0 {
                    return Err(broken("there is no sound in it"));
                }
                return Ok(Measured { format: SoundFormat::Wav, millis });
            }
            _ => {}
        }
        // Chunks begin at even offsets.
        at = from + u64::from(size) + u64::from(size & 1);
    }
    Err(broken("there is no sound in it"))
}
