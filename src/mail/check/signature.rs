//! The DKIM signature (RFC 6376; RFC 8301 and RFC 8463 for its algorithms): its form, what it covers, and the body's hash.
//!
//! Whether the signature itself is right can be told with the public key alone, which lies in the DNS and is not asked for.

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Check, is_host, rules};
use crate::domain::quoted;
use crate::mail::opened::Field;

/// What a signature has to cover where it is there (RFC 6376, section 5.4.1; RFC 8058, section 4 for the list's).
const COVERED: [&str; 11] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "content-type",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
];
/// What servers on the way add or change.
const CHANGING: [&str; 4] = ["return-path", "received", "bcc", "dkim-signature"];
/// What nobody may add a second one of below the signature: named once more than it is there.
const OVERSIGNED: [&str; 5] = ["from", "to", "subject", "date", "message-id"];

pub(super) fn check(check: &mut Check) {
    let message = check.message;
    let mut count = 0;
    for field in message.all("dkim-signature") {
        count += 1;
        signature(check, field);
    }
    if count == 0 {
        check.find(&rules::signature::NONE, 1, "there is no `DKIM-Signature`");
    }
}

/// The tags of a signature in their order.
struct Tags(Vec<(String, String)>);

impl Tags {
    fn parse(value: &str) -> Option<Self> {
        let pieces = value.split(';').map(str::trim).filter(|piece| !piece.is_empty());
        let tags = pieces.map(|piece| {
            let (name, value) = piece.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        });
        tags.collect::<Option<Vec<_>>>().map(Self)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn signature(check: &mut Check, field: &Field) {
    let line = field.line;
    let Some(tags) = Tags::parse(&field.unfolded()) else {
        check.find(&rules::signature::FORM, line, "it is no list of `name=value`");
        return;
    };
    let missing: Vec<&str> = ["v", "a", "b", "bh", "d", "h", "s"].into_iter().filter(|name| tags.get(name).is_none()).collect();
    if !missing.is_empty() {
        check.find(
            &rules::signature::FORM,
            line,
            format!("it has no {}", missing.iter().map(|name| format!("`{name}=`")).collect::<Vec<_>>().join(", ")),
        );
        return;
    }
    let names: BTreeSet<&str> = tags.0.iter().map(|(name, _)| name.as_str()).collect();
    if tags.get("v") != Some("1") || names.len() < tags.0.len() {
        check.find(&rules::signature::FORM, line, "its version is not 1, or a tag stands there twice");
    }
    let algorithm = tags.get("a").unwrap_or_default();
    if !matches!(algorithm, "rsa-sha256" | "ed25519-sha256") {
        check.find(&rules::signature::ALGORITHM, line, format!("its algorithm is {}", quoted(algorithm)));
    }
    let canonical = tags.get("c").unwrap_or("simple/simple");
    if canonical != "relaxed/relaxed" {
        check.find(&rules::signature::CANONICAL, line, format!("it is {}", quoted(canonical)));
    }
    if tags.get("l").is_some() {
        check.find(&rules::signature::LENGTH, line, "it covers the beginning of the body alone (`l=`)");
    }
    domain(check, line, tags.get("d").unwrap_or_default());
    covered(check, line, tags.get("h").unwrap_or_default());
    let body = canonical.split_once('/').map_or("simple", |(_, body)| body);
    let hash = STANDARD.encode(digest(&SHA256, &canonical_body(check.message.raw, body == "relaxed")));
    let told: String = tags.get("bh").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    if told != hash && tags.get("l").is_none() && algorithm.ends_with("-sha256") {
        check.find(&rules::signature::BODY, line, "the body is not the one that was signed (`bh=`)");
    }
    let signed: String = tags.get("b").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    if STANDARD.decode(&signed).is_ok_and(|bytes| bytes.is_empty()) || STANDARD.decode(&signed).is_err() {
        check.find(&rules::signature::FORM, line, "`b=` is no base64");
    }
}

/// Whether it is in the name of the domain that the letter is from (RFC 7489, section 3.1.1).
fn domain(check: &mut Check, line: usize, domain: &str) {
    let from = check.message.field("from").map(Field::unfolded).unwrap_or_default();
    let host = from.rsplit_once('@').map(|(_, host)| host.trim_end_matches('>').trim().to_ascii_lowercase()).unwrap_or_default();
    let domain = domain.to_ascii_lowercase();
    let is_aligned = domain == host || host.ends_with(&format!(".{domain}")) || domain.ends_with(&format!(".{host}"));
    if !is_host(&domain) || !is_aligned {
        check.find(
            &rules::signature::DOMAIN,
            line,
            format!("it is that of {}, and the letter is from {}", quoted(&domain), quoted(&host)),
        );
    }
}

fn covered(check: &mut Check, line: usize, names: &str) {
    let names: Vec<String> = names.split(':').map(|name| name.trim().to_ascii_lowercase()).collect();
    let times = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    let missing: Vec<&str> = COVERED.into_iter().filter(|name| check.message.field(name).is_some() && times(name) == 0).collect();
    if !missing.is_empty() {
        check.find(&rules::signature::COVERS, line, format!("it does not cover {}", shown(&missing)));
    }
    let changing: Vec<&str> = CHANGING.into_iter().filter(|name| times(name) > 0).collect();
    if !changing.is_empty() {
        check.find(&rules::signature::CHANGING, line, format!("it covers {}", shown(&changing)));
    }
    let open: Vec<&str> = OVERSIGNED.into_iter().filter(|name| times(name) == check.message.all(name).count()).collect();
    if !open.is_empty() {
        check.find(&rules::signature::OPEN, line, format!("a second one of {} can be added below it", shown(&open)));
    }
}

fn shown(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The body as it is hashed (RFC 6376, section 3.4).
fn canonical_body(body: &[u8], relaxed: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut blank = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        // Blank lines at the end are none: whether these are at the end shows later.
        if content.iter().all(|byte| relaxed && matches!(byte, b' ' | b'\t')) {
            blank += 1;
            continue;
        }
        out.extend(b"\r\n".repeat(std::mem::take(&mut blank)));
        if relaxed {
            // Spaces at the end of a line go, all others become one.
            let mut gap = false;
            for byte in content {
                let is_space = matches!(byte, b' ' | b'\t');
                if !is_space {
                    out.extend(gap.then_some(b' '));
                    out.push(*byte);
                }
                gap = is_space;
            }
        } else {
            out.extend_from_slice(content);
        }
        out.extend_from_slice(b"\r\n");
    }
    if out.is_empty() && !relaxed {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_made_canonical() {
        // RFC 6376, section 3.4.5.
        let body = b" C \r\nD \t E\r\n\r\n\r\n";
        assert_eq!(canonical_body(body, true), b" C\r\nD E\r\n");
        assert_eq!(canonical_body(body, false), b" C \r\nD \t E\r\n");
        assert_eq!(canonical_body(b"a\r\n\r\nb", true), b"a\r\n\r\nb\r\n");
        assert_eq!((canonical_body(b"", true), canonical_body(b"\r\n", false)), (vec![], b"\r\n".to_vec()));
    }
}
