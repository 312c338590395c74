//! WAV (RIFF, and RF64 by EBU Tech 3306 for files above 4 GB): a head that tells bytes a second, and the bytes.

use std::io::{Read, Seek};

use super::window::Window;
use super::{Fault, Measured, broken};
use crate::domain::podcast::SoundFormat;

/// What is written for a length that was not known when writing began.
const UNKNOWN: u32 = u32::MAX;
/// Chunks that are looked at.
const MOST: usize = 10_000;

pub(super) fn measure<R: Read + Seek>(window: &mut Window<R>) -> Result<Measured, Fault> {
    let (mut at, mut rate, mut long) = (12_u64, None, None);
    for _ in 0..MOST {
        let Some([n0, n1, n2, n3, a, b, c, d]) = window.exactly::<8>(at)? else { return Err(Fault::Truncated) };
        let size = u32::from_le_bytes([a, b, c, d]);
        let from = at + 8;
        match &[n0, n1, n2, n3] {
            b"ds64" => long = window.exactly::<8>(from + 8)?.map(u64::from_le_bytes),
            b"fmt " => rate = window.exactly::<4>(from + 8)?.map(u32::from_le_bytes),
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
                let rate = rate.filter(|rate| *rate > 0).ok_or_else(|| broken("it does not tell its bytes a second"))?;
                let millis = u64::try_from(u128::from(bytes) * 1000 / u128::from(rate)).unwrap_or(u64::MAX);
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
