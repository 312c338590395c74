//! What addresses in a letter tell of its reader.

use aws_lc_rs::digest::{self, Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use url::Url;

use super::links::unescaped;
use super::{Check, Reader, md5, rules};
use crate::domain::{LetterPart, quoted};

/// Hosts through which links are led to count clicks, or the ends of their names.
const REDIRECTORS: [&str; 18] = [
    "list-manage.com",
    "sendgrid.net",
    "mandrillapp.com",
    "awstrack.me",
    "hubspotlinks.com",
    "safelinks.protection.outlook.com",
    "urldefense.com",
    "urldefense.proofpoint.com",
    "l.facebook.com",
    "lm.facebook.com",
    "out.reddit.com",
    "createsend1.com",
    "cmail19.com",
    "cmail20.com",
    "rs6.net",
    "doubleclick.net",
    "linksynergy.com",
    "exacttarget.com",
];
/// First labels of hosts that count clicks.
const COUNTING: [&str; 9] = ["click", "clicks", "track", "tracking", "trk", "email-links", "ablink", "lnk", "ct"];
/// Parameters that name a reader to somebody.
const NAMING: [&str; 14] = [
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "vero_id",
    "ck_subscriber_id",
    "oly_enc_id",
    "oly_anon_id",
    "sc_eh",
    "_ke",
    "bsft_uid",
    "ml_subscriber",
    "s_cid_email",
    "wickedid",
];

/// What an address of the web tells.
pub(super) fn address(check: &mut Check, part: LetterPart, line: usize, written: &str, url: &Url) {
    // The reader's own way out is theirs alone: it has to be.
    if check.letter.ways_out.iter().any(|way| way == written || unescaped(way) == unescaped(written)) {
        return;
    }
    personal(check, part, line, written, written);
    let host = url.host_str().unwrap_or_default();
    let is_listed = REDIRECTORS.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")));
    let is_google = host == "www.google.com" && url.path() == "/url";
    let counts = host.matches('.').count() > 1 && host.split('.').next().is_some_and(|label| COUNTING.contains(&label));
    if is_listed || is_google || counts {
        check.findings.add(part, line, &rules::privacy::REDIRECTOR, format!("{} leads through another site", quoted(written)));
    }
    for (key, value) in url.query_pairs() {
        let names = NAMING.contains(&key.as_ref());
        // A campaign may be named; a number as long as a reader's id may not.
        let is_id = value.len() >= 16 && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if names || (key.starts_with("utm_") && (is_id || value.contains('@'))) {
            let what = format!("{} names its reader by {}", quoted(written), quoted(&key));
            check.findings.add(part, line, &rules::privacy::TRACKING, what);
        } else if key.starts_with("utm_") {
            check.findings.add(part, line, &rules::privacy::CAMPAIGN, format!("{} has {}", quoted(written), quoted(&key)));
        }
    }
}

/// What a reader can be known by in an address.
pub(super) struct Traces {
    /// In lower case.
    address: String,
    /// The address without its `@`, and as base64.
    encoded: Vec<String>,
    digests: Vec<(&'static str, String)>,
    /// Letters and digits of a name that nobody has by chance; else nothing.
    name: Option<String>,
}

impl Traces {
    pub(super) fn of(reader: &Reader) -> Option<Self> {
        let written = reader.address.trim();
        let address = written.to_lowercase();
        if address.is_empty() {
            return None;
        }
        let both = [written, address.as_str()];
        let mut encoded = vec![address.replace('@', "="), address.replace('@', "_at_")];
        encoded.extend(both.iter().flat_map(|text| [STANDARD_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(text)]));
        let digests = both.iter().flat_map(|text| {
            [("MD5", md5::hexadecimal(text)), ("SHA-1", sum(&SHA1_FOR_LEGACY_USE_ONLY, text)), ("SHA-256", sum(&SHA256, text))]
        });
        let digests = digests.collect();
        let name = reader.name.as_deref().filter(|name| name.trim().contains(' ')).map(letters);
        Some(Self { digests, name: name.filter(|name| name.chars().count() >= SHORTEST_NAME), address, encoded })
    }
}

/// Letters that a name has at least, for its being in an address to be no accident.
const SHORTEST_NAME: usize = 6;

fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn sum(algorithm: &'static Algorithm, text: &str) -> String {
    digest::digest(algorithm, text.as_bytes()).as_ref().iter().fold(String::new(), |out, byte| out + &format!("{byte:02x}"))
}

/// What an address tells of the reader by name, address, or a digest of the address. Nobody is told anything by the mailbox
/// that is written to, `told` is what is told.
pub(super) fn personal(check: &mut Check, part: LetterPart, line: usize, written: &str, told: &str) {
    let Some(traces) = &check.traces else { return };
    let plain = unescaped(told).to_lowercase();
    let mut found = Vec::new();
    if plain.contains(&traces.address) {
        found.push((&rules::privacy::ADDRESS, "address".to_owned()));
    } else if traces.encoded.iter().any(|text| told.contains(text) || plain.contains(text)) {
        found.push((&rules::privacy::ADDRESS, "address, encoded".to_owned()));
    }
    if let Some((name, _)) = traces.digests.iter().find(|(_, digest)| plain.contains(digest.as_str())) {
        found.push((&rules::privacy::DIGEST, format!("address as {name}")));
    }
    if traces.name.as_ref().is_some_and(|name| letters(&plain).contains(name)) {
        found.push((&rules::privacy::NAME, "name".to_owned()));
    }
    for (rule, what) in found {
        check.findings.add(part, line, rule, format!("{} holds the reader's {what}", quoted(written)));
    }
}
