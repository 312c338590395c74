//! The size of a picture, by the first bytes of its file.

/// Width and height of a PNG or JPEG; none where it is something else, or the size stands further behind.
pub(super) fn pixels(head: &[u8]) -> Option<(u32, u32)> {
    match head {
        [0x89, b'P', b'N', b'G', ..] => Some((number(head.get(16..20)?), number(head.get(20..24)?))),
        [0xFF, 0xD8, segments @ ..] => jpeg(segments),
        _ => None,
    }
}

/// The frame header of a JPEG (ITU-T T.81, section B.2.2), behind segments that each say their length.
fn jpeg(mut segments: &[u8]) -> Option<(u32, u32)> {
    loop {
        let [0xFF, marker, first, second, ..] = segments else { return None };
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            return Some((number(segments.get(7..9)?), number(segments.get(5..7)?)));
        }
        let length = usize::from(u16::from_be_bytes([*first, *second]));
        segments = segments.get(2 + length..)?;
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_pictures() {
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR".as_slice(), &1400_u32.to_be_bytes(), &1500_u32.to_be_bytes()].concat();
        assert_eq!(pixels(&png), Some((1400, 1500)));
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC4\0\x02\xFF\xC2\0\x11\x08\x0B\xB8\x05\x78\x03";
        assert_eq!(pixels(jpeg), Some((1400, 3000)));
        for at in 0..jpeg.len() - 1 {
            assert_eq!(pixels(&jpeg[..at.min(19)]), None, "{at}");
        }
        assert_eq!(pixels(b"GIF89a"), None);
    }
}
