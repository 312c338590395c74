//! Encoded words in headers (RFC 2047).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::encoded::hexadecimal;

/// An encoded word, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// `=?utf-8?Q?Zo=C3=AB?=`.
    pub written: &'a str,
    pub read: Result<String, WordError>,
}

/// Why an encoded word cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordError {
    #[error("its character set is not known")]
    Charset,
    #[error("its encoding is neither `B` nor `Q`")]
    Encoding,
    #[error("its content is broken")]
    Content,
    #[error("it begins or ends within a character")]
    Cut,
}

/// Characters of an encoded word that is looked for to its end; it may have 75.
const LONGEST: usize = 1_000;

/// The encoded words of a value that was unfolded.
pub fn words(value: &str) -> Vec<Word<'_>> {
    let mut out = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find("=?") {
        rest = rest.get(at..).unwrap_or_default();
        let Some((word, after)) = word(rest) else {
            rest = rest.get(2..).unwrap_or_default();
            continue;
        };
        out.push(word);
        rest = after;
    }
    out
}

/// The value as it is meant. White space between two encoded words is none (RFC 2047, section 6.2).
pub(super) fn decoded(value: &str) -> String {
    let mut out = String::new();
    let (mut rest, mut after_word) = (value, false);
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let Some((word, after)) = word(from) else {
            out.push_str(before);
            out.push_str("=?");
            (rest, after_word) = (from.get(2..).unwrap_or_default(), false);
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        out.push_str(word.read.as_deref().unwrap_or(word.written));
        (rest, after_word) = (after, word.read.is_ok());
    }
    out.push_str(rest);
    out
}

/// The encoded word at the beginning of a text, and what follows it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let end = text.char_indices().take(LONGEST).find(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let end = end.or_else(|| text.char_indices().nth(LONGEST).map(|(at, _)| at)).unwrap_or(text.len());
    let inner = text.get(..end)?.strip_prefix("=?")?;
    let (charset, inner_rest) = inner.split_once('?')?;
    let (encoding, inner_rest) = inner_rest.split_once('?')?;
    let (content, after) = inner_rest.split_once("?=")?;
    let (written, rest) = text.split_at_checked(end - after.len())?;
    Some((Word { written, read: read(charset, encoding, content) }, rest))
}

fn read(charset: &str, encoding: &str, content: &str) -> Result<String, WordError> {
    // A language may follow the character set (RFC 2231, section 5).
    let label = charset.split('*').next().unwrap_or_default();
    let charset = Encoding::for_label(label.as_bytes()).ok_or(WordError::Charset)?;
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(content).map_err(|_| WordError::Content)?,
        "Q" | "q" => quoted(content).ok_or(WordError::Content)?,
        _ => return Err(WordError::Encoding),
    };
    let (text, garbled) = charset.decode_without_bom_handling(&bytes);
    if garbled { Err(WordError::Cut) } else { Ok(text.into_owned()) }
}

fn quoted(content: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(content.len());
    let mut bytes = content.as_bytes();
    while let Some((first, rest)) = bytes.split_first() {
        match first {
            b'=' => {
                out.push(hexadecimal(rest.get(..2)?)?);
                bytes = rest.get(2..)?;
            }
            byte => {
                out.push(if *byte == b'_' { b' ' } else { *byte });
                bytes = rest;
            }
        }
    }
    Some(out)
}
