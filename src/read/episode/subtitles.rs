//! Transcripts: `WebVTT` (<https://www.w3.org/TR/webvtt1/>), which is published as it is, and SRT, of which `WebVTT` is made.

use std::fmt::Write;

use crate::domain::is_xml_char;

/// A transcript as it is to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtitles {
    pub media_type: &'static str,
    /// The ending of its public file.
    pub ending: &'static str,
    pub text: String,
}

/// Why a transcript cannot be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct SubtitleError {
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

fn wrong(line: usize, what: impl Into<String>) -> SubtitleError {
    SubtitleError { line, what: what.into() }
}

/// Checks a transcript by its ending: `vtt`, `srt` (which becomes `WebVTT`), `json`, `html` or `txt`.
pub fn subtitles(ending: &str, bytes: &[u8]) -> Result<Subtitles, SubtitleError> {
    let text = String::from_utf8(bytes.to_vec()).map_err(|error| {
        let good = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        wrong(good.split(|byte| *byte == b'\n').count(), "it is not UTF-8")
    })?;
    let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        return Err(wrong(1, "it is empty"));
    }
    let made = |media_type, ending, text| Ok(Subtitles { media_type, ending, text });
    match ending.to_ascii_lowercase().as_str() {
        "vtt" => {
            check(&text)?;
            made("text/vtt", "vtt", text)
        }
        "srt" => made("text/vtt", "vtt", of_srt(&text)?),
        "json" => match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            Ok(_) => made("application/json", "json", text),
            Err(error) => Err(wrong(error.line(), "it is not JSON")),
        },
        "html" | "htm" => made("text/html", "html", text),
        "txt" => made("text/plain", "txt", text.chars().filter(|c| is_xml_char(*c)).collect()),
        _ => Err(wrong(1, "it has to end in `.vtt`, `.srt`, `.json`, `.html` or `.txt`")),
    }
}

/// Whether a text is `WebVTT`: its first line, and the times of each cue.
fn check(text: &str) -> Result<(), SubtitleError> {
    let first = text.lines().next().unwrap_or_default();
    if !(first == "WEBVTT" || first.starts_with("WEBVTT ") || first.starts_with("WEBVTT\t")) {
        return Err(wrong(1, "it does not begin with `WEBVTT`"));
    }
    let (mut cues, mut last) = (0, 0);
    for (line, number) in text.lines().zip(1..) {
        let Some((from, to)) = line.split_once("-->") else { continue };
        let to = to.split_whitespace().next().unwrap_or_default();
        let (Some(from), Some(to)) = (time(from.trim(), '.'), time(to, '.')) else {
            return Err(wrong(number, "it has no times such as `00:12.000 --> 00:15.500`"));
        };
        if to < from || from < last {
            return Err(wrong(number, "its times do not follow each other"));
        }
        last = from;
        cues += 1;
    }
    if cues == 0 { Err(wrong(1, "there is no cue in it")) } else { Ok(()) }
}

/// `WebVTT` of SRT: a number, times with a comma, text, an empty line.
fn of_srt(text: &str) -> Result<String, SubtitleError> {
    let mut out = String::from("WEBVTT\n");
    let mut lines = text.lines().zip(1..).peekable();
    let (mut cues, mut last) = (0, 0);
    while let Some((line, number)) = lines.next() {
        let line = line.trim();
        // The number of the cue, and empty lines around it.
        if line.is_empty()
            || (line.bytes().all(|b| b.is_ascii_digit()) && lines.peek().is_some_and(|(next, _)| next.contains("-->")))
        {
            continue;
        }
        let times = line.split_once("-->");
        let from = times.and_then(|(from, _)| time(from.trim(), ','));
        let to = times.and_then(|(_, to)| time(to.split_whitespace().next().unwrap_or_default(), ','));
        let (Some(from), Some(to)) = (from, to) else {
            return Err(wrong(number, "it has no times such as `00:00:12,000 --> 00:00:15,500`"));
        };
        if to < from || from < last {
            return Err(wrong(number, "its times do not follow each other"));
        }
        last = from;
        // Writing to a `String` cannot fail.
        let _ = write!(out, "\n{} --> {}\n", stamp(from), stamp(to));
        while let Some((text, _)) = lines.next_if(|(text, _)| !text.trim().is_empty()) {
            // An arrow would be taken for times.
            out.push_str(&text.trim().replace("-->", "->"));
            out.push('\n');
        }
        cues += 1;
    }
    if cues == 0 { Err(wrong(1, "there is no cue in it")) } else { Ok(out) }
}

/// Milliseconds of `1:02:03.500`; the hours may be left out. SRT has a comma before the milliseconds, many files a point.
fn time(text: &str, point: char) -> Option<u64> {
    let (clock, millis) = text.rsplit_once(point).or_else(|| text.rsplit_once('.'))?;
    let digits = |text: &str, most: usize| {
        let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse::<u64>().ok() } else { None }
    };
    let mut parts = clock.split(':').rev();
    let (seconds, minutes) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let hours = parts.next().map_or(Some(0), |hours| digits(hours, 4))?;
    let millis = if millis.len() == 3 { digits(millis, 3)? } else { return None };
    let fits = seconds < 60 && minutes < 60 && parts.next().is_none();
    fits.then_some(((hours * 60 + minutes) * 60 + seconds) * 1000 + millis)
}

fn stamp(millis: u64) -> String {
    let (seconds, minutes) = (millis / 1000 % 60, millis / 60_000 % 60);
    format!("{:02}:{minutes:02}:{seconds:02}.{:03}", millis / 3_600_000, millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srt_becomes_web_vtt() {
        let srt = "\u{FEFF}1\r\n00:00:01,000 --> 00:00:03,500\r\nGood morning.\r\nThis is a --> b.\r\n\r\n2\r\n01:00:04,000 --> 01:00:05,000\r\n2026\r\n";
        let made = subtitles("SRT", srt.as_bytes()).unwrap();
        let expected =
            "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nGood morning.\nThis is a -> b.\n\n01:00:04.000 --> 01:00:05.000\n2026\n";
        assert_eq!((made.text.as_str(), made.media_type), (expected, "text/vtt"));
        assert_eq!(subtitles("vtt", expected.as_bytes()).unwrap().text, expected);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let said = |ending: &str, text: &[u8]| subtitles(ending, text).unwrap_err().to_string();
        assert_eq!(said("vtt", b"1\n00:01.000 --> 00:02.000\nx"), "line 1: it does not begin with `WEBVTT`");
        assert_eq!(
            said("vtt", b"WEBVTT\n\n00:01,000 --> 00:02,000\nx"),
            "line 3: it has no times such as `00:12.000 --> 00:15.500`"
        );
        assert_eq!(said("vtt", b"WEBVTT\n\n00:05.000 --> 00:02.000\nx"), "line 3: its times do not follow each other");
        assert_eq!(said("srt", b"Good morning"), "line 1: it has no times such as `00:00:12,000 --> 00:00:15,500`");
        assert_eq!(said("vtt", b"WEBVTT\n\n\xFF"), "line 3: it is not UTF-8");
        assert_eq!(said("json", b"{"), "line 1: it is not JSON");
        assert_eq!(said("doc", b"x"), "line 1: it has to end in `.vtt`, `.srt`, `.json`, `.html` or `.txt`");
        assert_eq!(said("txt", b" \n"), "line 1: it is empty");
    }
}
