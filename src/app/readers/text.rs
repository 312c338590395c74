//! The text of a file, whatever it is written in: looked through once to know, then decoded as it is read.

use std::fs::File;
use std::io::{self, Read};

use anyhow::Context;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

use crate::domain::visible;

/// Bytes of a file in memory at a time.
pub(super) const CHUNK: usize = 64 * 1024;

/// The text of a file, decoded as it is read.
pub(super) struct Text {
    file: File,
    decoder: Decoder,
    bytes: Vec<u8>,
    /// Bytes at the beginning of the buffer that the decoder has left.
    waiting: usize,
    is_over: bool,
}

impl Text {
    pub fn of(file: File, encoding: &'static Encoding) -> Self {
        Self { file, decoder: encoding.new_decoder(), bytes: vec![0; CHUNK], waiting: 0, is_over: false }
    }

    /// Adds more of the text; says whether there was more.
    pub fn read_into(&mut self, out: &mut Vec<u8>) -> anyhow::Result<bool> {
        if self.is_over {
            return Ok(false);
        }
        let read = read(&mut self.file, self.bytes.get_mut(self.waiting..).unwrap_or_default())?;
        let is_last = read == 0;
        let filled = self.waiting + read;
        let source = self.bytes.get(..filled).unwrap_or_default();
        let start = out.len();
        let room = self.decoder.max_utf8_buffer_length_without_replacement(filled).unwrap_or(filled * 4);
        out.resize(start + room, 0);
        let target = out.get_mut(start..).unwrap_or_default();
        let (result, taken, written) = self.decoder.decode_to_utf8_without_replacement(source, target, is_last);
        out.truncate(start + written);
        anyhow::ensure!(!matches!(result, DecoderResult::Malformed(..)), "the file changed while it was read");
        self.bytes.copy_within(taken..filled, 0);
        self.waiting = filled - taken;
        self.is_over = is_last && matches!(result, DecoderResult::InputEmpty);
        Ok(true)
    }
}

fn read(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// What a file is written in, and whether that is a guess: as somebody says, as a byte order mark says, UTF-8 where it is that,
/// and Windows-1252 where it can be.
pub(super) fn written_in(file: &mut File, named: Option<&'static Encoding>) -> anyhow::Result<(&'static Encoding, bool)> {
    let mut bytes = vec![0; CHUNK];
    let mut filled = read(file, &mut bytes)?;
    let beginning = bytes.get(..filled).unwrap_or_default();
    if let Some(what) = crate::read::kind_of_binary(beginning) {
        anyhow::bail!("it is {what}, not a table of text: save the table as CSV");
    }
    let marked = Encoding::for_bom(beginning).map(|(encoding, _)| encoding);
    let encoding = marked.or(named).unwrap_or(UTF_8);
    let mut check =
        Check { decoder: encoding.new_decoder(), text: vec![0; CHUNK * 4], line: 1, malformed: None, holds_nul: false };
    let mut can_be_windows = encoding == UTF_8 && named.is_none();
    while filled > 0 {
        let part = bytes.get(..filled).unwrap_or_default();
        check.part(part, false);
        // The five bytes that Windows-1252 gives no meaning to.
        can_be_windows &= !part.iter().any(|byte| matches!(byte, 0 | 0x81 | 0x8D | 0x8F | 0x90 | 0x9D));
        filled = read(file, &mut bytes)?;
    }
    check.part(&[], true);
    anyhow::ensure!(!check.holds_nul, "it is binary data (it holds NUL bytes), not a table of text: save the table as CSV");
    let Some(line) = check.malformed else { return Ok((encoding, false)) };
    if marked.is_none() && can_be_windows {
        return Ok((WINDOWS_1252, true));
    }
    anyhow::bail!(
        "line {line} is not {}: say with `--encoding` what the file is written in, such as windows-1251",
        encoding.name()
    )
}

/// Whether bytes can be read in an encoding.
struct Check {
    decoder: Decoder,
    text: Vec<u8>,
    line: u64,
    /// The first line that cannot.
    malformed: Option<u64>,
    holds_nul: bool,
}

impl Check {
    fn part(&mut self, mut part: &[u8], is_last: bool) {
        while self.malformed.is_none() {
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(part, &mut self.text, is_last);
            let text = self.text.get(..written).unwrap_or_default();
            self.line += lines(text);
            self.holds_nul |= memchr::memchr(0, text).is_some();
            part = part.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.malformed = Some(self.line),
            }
        }
    }
}

/// The encoding of a name such as `windows-1252`, as the WHATWG's Encoding Standard knows it.
pub(super) fn encoding(name: &str) -> anyhow::Result<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes()).with_context(|| format!("`{}` is no encoding that griot knows", visible(name)))
}

pub(super) fn lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}
