//! Requests for a part of a file (RFC 9110, section 14).

use axum::http::HeaderMap;
use axum::http::header::RANGE;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// The bytes from the first to the last, both counted from 0 and both within the file.
    Of {
        first: u64,
        last: u64,
    },
    /// The file ends before it.
    Beyond,
}

impl Part {
    /// `length`: bytes of the file.
    ///
    /// Who asks for several parts at once gets the whole, as a server may answer any request for parts: no feed reader and no
    /// podcast app does, and many small parts are a known way to keep servers busy (RFC 9110, section 17.15).
    pub(super) fn of(headers: &HeaderMap, length: u64) -> Self {
        let mut ranges = headers.get_all(RANGE).iter();
        let (Some(range), None) = (ranges.next(), ranges.next()) else { return Self::Whole };
        let parsed = range.to_str().ok().and_then(|range| parse(range, length));
        parsed.unwrap_or(Self::Whole)
    }
}

/// `None` where it makes no sense, and then counts as not said.
fn parse(range: &str, length: u64) -> Option<Part> {
    let (unit, set) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    if first.is_empty() {
        let suffix = number(last)?;
        let first = length.saturating_sub(suffix);
        return Some(if suffix == 0 || length == 0 { Part::Beyond } else { Part::Of { first, last: length - 1 } });
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    if last < first {
        return None;
    }
    Some(if first >= length { Part::Beyond } else { Part::Of { first, last: last.min(length - 1) } })
}

/// A number of any length; what is larger than any file is that, too.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn case(range: &'static str, length: u64, part: Part) {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_static(range));
        assert_eq!(Part::of(&headers, length), part, "{range} of {length}");
    }

    #[test]
    fn a_part_lies_within_the_file() {
        let of = |first, last| Part::Of { first, last };
        case("bytes=0-0", 10, of(0, 0));
        case("bytes=0-", 10, of(0, 9));
        case("Bytes = 3-5", 10, of(3, 5));
        case("bytes=3-500", 10, of(3, 9));
        case("bytes=3-99999999999999999999999999", 10, of(3, 9));
        case("bytes=-4", 10, of(6, 9));
        case("bytes=-400", 10, of(0, 9));
        for beyond in ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999999-"] {
            case(beyond, 10, Part::Beyond);
        }
        for nothing in ["bytes=0-", "bytes=-1"] {
            case(nothing, 0, Part::Beyond);
        }
        for whole in ["bytes=5-3", "bytes=a-b", "bytes=-", "bytes=--1", "bytes=+1-2", "items=0-1", "bytes", "bytes=0-1,4-5", ""] {
            case(whole, 10, Part::Whole);
        }
    }
}
