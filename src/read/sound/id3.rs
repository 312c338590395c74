//! `ID3v2` tags (<https://id3.org/id3v2.4.0-structure>), which stand before the sound in many formats.

use std::io::{Read, Seek};

use super::Fault;
use super::window::Window;

/// Where the tags end that begin at an offset; the offset itself where none does.
pub(super) fn behind<R: Read + Seek>(window: &mut Window<R>, mut at: u64) -> Result<u64, Fault> {
    while let Some([b'I', b'D', b'3', _, _, flags, a, b, c, d]) = window.exactly::<10>(at)? {
        if [a, b, c, d].iter().any(|byte| *byte > 127) {
            break;
        }
        let size = [a, b, c, d].iter().fold(0_u64, |size, byte| size << 7 | u64::from(*byte));
        let footer = if flags & 0x10 != 0 { 10 } else { 0 };
        let end = at + 10 + size + footer;
        if end > window.length() {
            return Err(Fault::Truncated);
        }
        at = end;
    }
    Ok(at)
}
