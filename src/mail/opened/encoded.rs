//! Bodies in quoted-printable and base64 (RFC 2045, sections 6.7 and 6.8).

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A place where an encoding is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The line of the body, counted from 0.
    pub line: usize,
    pub kind: SlipKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipKind {
    /// `=` without two hexadecimal digits behind it.
    Escape,
    /// A space or tab at the end of a line, which servers take away.
    Blank,
    /// A line of more than 76 characters.
    Long,
    /// What cannot be read as base64.
    Base64,
}

/// Characters of a line, without its end.
const LINE: usize = 76;

pub(super) fn quoted_printable(raw: &[u8]) -> (Cow<'_, [u8]>, Vec<Slip>) {
    let mut out = Vec::with_capacity(raw.len());
    let mut slips = Vec::new();
    for (line, written) in raw.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let end = written.len() - written.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (content, line_end) = written.split_at_checked(end).unwrap_or((written, &[]));
        if content.len() > LINE {
            slips.push(Slip { line, kind: SlipKind::Long });
        }
        if content.ends_with(b" ") || content.ends_with(b"\t") {
            slips.push(Slip { line, kind: SlipKind::Blank });
        }
        let content = content.trim_ascii_end();
        let (content, goes_on) = content.strip_suffix(b"=").map_or((content, false), |content| (content, true));
        let mut rest = content;
        while let Some(at) = memchr::memchr(b'=', rest) {
            out.extend_from_slice(rest.get(..at).unwrap_or_default());
            if let Some(byte) = rest.get(at + 1..at + 3).and_then(hexadecimal) {
                out.push(byte);
                rest = rest.get(at + 3..).unwrap_or_default();
            } else {
                slips.push(Slip { line, kind: SlipKind::Escape });
                out.push(b'=');
                rest = rest.get(at + 1..).unwrap_or_default();
            }
        }
        out.extend_from_slice(rest);
        if !goes_on {
            out.extend_from_slice(line_end);
        }
    }
    (Cow::Owned(out), slips)
}

pub(super) fn base64(raw: &[u8]) -> (Cow<'_, [u8]>, Vec<Slip>) {
    let lines = raw.split(|byte| *byte == b'\n').enumerate();
    let mut slips: Vec<Slip> = lines
        .filter(|(_, line)| line.trim_ascii_end().len() > LINE)
        .map(|(line, _)| Slip { line, kind: SlipKind::Long })
        .collect();
    let letters: Vec<u8> = raw.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    if let Ok(bytes) = GeneralPurpose::new(&alphabet::STANDARD, config).decode(letters) {
        return (Cow::Owned(bytes), slips);
    }
    slips.push(Slip { line: 0, kind: SlipKind::Base64 });
    (Cow::Borrowed(&[]), slips)
}

/// The byte of two hexadecimal digits.
pub(super) fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let [high, low] = digits else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}
