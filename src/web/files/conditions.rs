//! Requests that depend on what the client has already (RFC 9110, section 13).

use std::time::{Duration, SystemTime};

use axum::http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use axum::http::{HeaderMap, HeaderValue};

/// What tells one version of a file from another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Validators<'a> {
    /// Strong, quotes and all.
    pub etag: &'a HeaderValue,
    /// In whole seconds, as a header can say it.
    pub modified: SystemTime,
    /// The same as the header `Last-Modified` has it.
    pub last_modified: &'a HeaderValue,
}

/// What the conditions of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Give,
    NotModified,
    Failed,
}

impl Validators<'_> {
    /// Judges a GET or HEAD in the order of RFC 9110, section 13.2.2.
    pub(super) fn judge(&self, headers: &HeaderMap) -> Verdict {
        if headers.contains_key(IF_MATCH) {
            if !self.is_listed(headers, IF_MATCH, false) {
                return Verdict::Failed;
            }
        } else if let Some(since) = date(headers, IF_UNMODIFIED_SINCE)
            && self.modified > since
        {
            return Verdict::Failed;
        }
        let is_known = if headers.contains_key(IF_NONE_MATCH) {
            self.is_listed(headers, IF_NONE_MATCH, true)
        } else {
            headers.get(IF_MODIFIED_SINCE) == Some(self.last_modified)
                || date(headers, IF_MODIFIED_SINCE).is_some_and(|since| self.modified <= since)
        };
        if is_known { Verdict::NotModified } else { Verdict::Give }
    }

    /// Whether a part may be given for one of this version (RFC 9110, section 13.1.5). `now`: of two versions within a second
    /// the date tells nothing.
    pub(super) fn allows_part(&self, headers: &HeaderMap, now: SystemTime) -> bool {
        let mut wanted = headers.get_all(IF_RANGE).iter();
        match (wanted.next(), wanted.next()) {
            (None, _) => true,
            (Some(wanted), None) if wanted.as_bytes().first() == Some(&b'"') => wanted == self.etag,
            (Some(wanted), None) => wanted == self.last_modified && self.modified + Duration::from_secs(1) < now,
            (Some(_), Some(_)) => false,
        }
    }

    /// Whether the tag of this version stands in a list of tags, or the list is `*`.
    fn is_listed(&self, headers: &HeaderMap, name: axum::http::HeaderName, weakly: bool) -> bool {
        headers.get_all(name).iter().any(|list| {
            list == self.etag
                || list.as_bytes().trim_ascii() == b"*"
                || Tags(list.as_bytes()).any(|(is_weak, tag)| (weakly || !is_weak) && tag == self.etag.as_bytes())
        })
    }
}

fn date(headers: &HeaderMap, name: axum::http::HeaderName) -> Option<SystemTime> {
    let mut dates = headers.get_all(name).iter();
    let (date, None) = (dates.next()?, dates.next()) else { return None };
    httpdate::parse_http_date(date.to_str().ok()?).ok()
}

/// The tags of a list, each with whether it is weak; up to where the list makes no sense. A comma may be part of a tag.
struct Tags<'a>(&'a [u8]);

impl<'a> Iterator for Tags<'a> {
    type Item = (bool, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.0.iter().position(|byte| !b", \t".contains(byte))?;
        let rest = self.0.get(start..)?;
        let (is_weak, rest) = rest.strip_prefix(b"W/").map_or((false, rest), |rest| (true, rest));
        let end = rest.strip_prefix(b"\"")?.iter().position(|byte| *byte == b'"')? + 2;
        let (tag, rest) = rest.split_at_checked(end)?;
        self.0 = rest;
        Some((is_weak, tag))
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const DATE: &str = "Wed, 04 Mar 2026 08:00:00 GMT";

    fn with<T>(lines: &[(&'static str, &str)], then: impl FnOnce(Validators<'_>, &HeaderMap, SystemTime) -> T) -> T {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let modified = httpdate::parse_http_date(DATE).unwrap();
        let (etag, last_modified) = (HeaderValue::from_static("\"a,b\""), HeaderValue::from_static(DATE));
        then(Validators { etag: &etag, modified, last_modified: &last_modified }, &headers, modified + Duration::from_mins(1))
    }

    #[track_caller]
    fn case(lines: &[(&'static str, &str)], verdict: Verdict) {
        assert_eq!(with(lines, |validators, headers, _| validators.judge(headers)), verdict, "{lines:?}");
    }

    #[test]
    fn the_stronger_condition_goes_before_the_weaker() {
        const EARLIER: &str = "Wed, 04 Mar 2026 07:59:59 GMT";
        const LATER: &str = "Wed, 04 Mar 2026 08:00:01 GMT";
        case(&[], Verdict::Give);
        case(&[("if-none-match", "\"a,b\"")], Verdict::NotModified);
        case(&[("if-none-match", "W/\"a,b\"")], Verdict::NotModified);
        case(&[("if-none-match", "\"x\", W/\"a,b\" , \"y\"")], Verdict::NotModified);
        case(&[("if-none-match", "\"x\""), ("if-none-match", "\"a,b\"")], Verdict::NotModified);
        case(&[("if-none-match", " * ")], Verdict::NotModified);
        case(&[("if-none-match", "\"a\""), ("if-modified-since", LATER)], Verdict::Give);
        case(&[("if-none-match", "a,b")], Verdict::Give);
        case(&[("if-none-match", "\"a,b")], Verdict::Give);
        case(&[("if-none-match", "\"x\" nonsense \"a,b\"")], Verdict::Give);
        case(&[("if-modified-since", DATE)], Verdict::NotModified);
        case(&[("if-modified-since", LATER)], Verdict::NotModified);
        case(&[("if-modified-since", "Wednesday, 04-Mar-26 08:00:00 GMT")], Verdict::NotModified);
        case(&[("if-modified-since", "Wed Mar  4 08:00:00 2026")], Verdict::NotModified);
        case(&[("if-modified-since", EARLIER)], Verdict::Give);
        case(&[("if-modified-since", "yesterday")], Verdict::Give);
        case(&[("if-match", "\"a,b\"")], Verdict::Give);
        case(&[("if-match", "*")], Verdict::Give);
        case(&[("if-match", "W/\"a,b\"")], Verdict::Failed);
        case(&[("if-match", "\"x\""), ("if-none-match", "\"a,b\"")], Verdict::Failed);
        case(&[("if-match", "\"a,b\""), ("if-unmodified-since", EARLIER)], Verdict::Give);
        case(&[("if-match", "\"a,b\""), ("if-none-match", "\"a,b\"")], Verdict::NotModified);
        case(&[("if-unmodified-since", EARLIER)], Verdict::Failed);
        case(&[("if-unmodified-since", DATE)], Verdict::Give);
        case(&[("if-unmodified-since", "then")], Verdict::Give);
    }

    #[test]
    fn a_part_belongs_to_its_version() {
        let allows =
            |lines: &[(&'static str, &str)]| with(lines, |validators, headers, now| validators.allows_part(headers, now));
        assert!(allows(&[]));
        assert!(allows(&[("if-range", "\"a,b\"")]));
        assert!(allows(&[("if-range", DATE)]));
        for other in ["W/\"a,b\"", "\"a\"", "Wed, 04 Mar 2026 08:00:01 GMT", "Wed, 04 Mar 2026 07:59:59 GMT", "", "*"] {
            assert!(!allows(&[("if-range", other)]), "{other}");
        }
        assert!(!allows(&[("if-range", "\"a,b\""), ("if-range", "\"x\"")]));
        let at_once = with(&[("if-range", DATE)], |validators, headers, _| validators.allows_part(headers, validators.modified));
        assert!(!at_once);
        assert!(with(&[], |validators, _, _| validators.modified > UNIX_EPOCH));
    }
}
