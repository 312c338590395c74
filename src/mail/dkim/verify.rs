//! A signed message as the server of a reader looks at it (RFC 6376, section 6).
//!
//! Nothing of this is shared with the signing: what both got wrong alike would prove nothing.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Algorithm, KeyError, PublicKey};

/// A key where the DNS shows it: `SELECTOR._domainkey.DOMAIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub domain: String,
    pub selector: String,
    pub key: PublicKey,
}

/// A signature that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub domain: String,
    pub selector: String,
    pub algorithm: Algorithm,
    /// The names of `h=` in lower case, as often as they stand there.
    pub headers: Vec<String>,
}

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    #[error("the message is not signed")]
    Unsigned,
    #[error("the message has no empty line after its head")]
    NoHead,
    #[error("the signature has no `{0}=`")]
    NoTag(&'static str),
    #[error("the signature cannot be read")]
    Malformed,
    #[error("the signature says `{tag}={value}`, which is not known here")]
    Unknown { tag: &'static str, value: String },
    #[error("the signature covers only the beginning of the message (`l=`)")]
    Partial,
    #[error("there is no key `{selector}._domainkey.{domain}`")]
    NoKey { domain: String, selector: String },
    #[error("the signature is by {0}, and the key of its name is of another kind")]
    OtherKind(&'static str),
    #[error("the signature does not cover `From`")]
    NoFrom,
    #[error("the body is not the one that was signed")]
    Body,
    #[error("the head is not the one that was signed, or the key is not the one that signed it")]
    Signature,
    #[error("a key has no public half")]
    Key(#[source] KeyError),
}

/// Signatures of a message, headers of a signature and tags of a list that are looked at; a message may come from anywhere.
const MOST: usize = 200;

/// Verifies every signature of a message with keys that were looked up before; at least one has to be there.
pub fn verify(message: &[u8], keys: &[Published]) -> Result<Vec<Signed>, VerifyError> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n").ok_or(VerifyError::NoHead)?;
    let head = message.get(..end + 2).unwrap_or_default();
    let body = message.get(end + 4..).unwrap_or_default();
    let headers = headers(head);
    let signatures: Vec<&Header> = headers.iter().filter(|header| header.name == "dkim-signature").collect();
    if signatures.is_empty() {
        return Err(VerifyError::Unsigned);
    }
    if signatures.len() > MOST {
        return Err(VerifyError::Malformed);
    }
    let body = digest(&SHA256, &relaxed_body(body));
    signatures.into_iter().map(|signature| one(signature, &headers, body.as_ref(), keys)).collect()
}

fn one(signature: &Header, headers: &[Header], body: &[u8], keys: &[Published]) -> Result<Signed, VerifyError> {
    let text = String::from_utf8_lossy(&signature.value).into_owned();
    let tags = tags(&text).ok_or(VerifyError::Malformed)?;
    let optional = |name: &str| tags.iter().find(|(tag, _)| *tag == name).map(|(_, value)| *value);
    let needed = |name: &'static str| optional(name).ok_or(VerifyError::NoTag(name));
    let known = |tag: &'static str, wanted: &str| match needed(tag)? {
        value if value == wanted => Ok(()),
        value => Err(VerifyError::Unknown { tag, value: value.to_owned() }),
    };
    known("v", "1")?;
    known("c", "relaxed/relaxed")?;
    if optional("l").is_some() {
        return Err(VerifyError::Partial);
    }
    let algorithm = match needed("a")? {
        "rsa-sha256" => Algorithm::Rsa,
        "ed25519-sha256" => Algorithm::Ed25519,
        other => return Err(VerifyError::Unknown { tag: "a", value: other.to_owned() }),
    };
    let (domain, selector) = (needed("d")?.to_ascii_lowercase(), needed("s")?.to_ascii_lowercase());
    let key = keys
        .iter()
        .find(|key| key.domain.eq_ignore_ascii_case(&domain) && key.selector.eq_ignore_ascii_case(&selector))
        .ok_or_else(|| VerifyError::NoKey { domain: domain.clone(), selector: selector.clone() })?;
    if key.key.algorithm() != algorithm {
        return Err(VerifyError::OtherKind(algorithm.as_str()));
    }
    let names: Vec<String> = needed("h")?.split(':').map(|name| name.trim().to_ascii_lowercase()).collect();
    if names.len() > MOST {
        return Err(VerifyError::Malformed);
    }
    if !names.iter().any(|name| name == "from") {
        return Err(VerifyError::NoFrom);
    }
    if decoded(needed("bh")?)? != body {
        return Err(VerifyError::Body);
    }
    let mut text = Vec::new();
    for (at, name) in names.iter().enumerate() {
        // The first mention is of the last header of the name, the second of the one above it, and so on.
        let mentions = names.iter().take(at).filter(|other| *other == name).count();
        if let Some(header) = headers.iter().rev().filter(|header| header.name == *name).nth(mentions) {
            text.extend(format!("{name}:").into_bytes());
            text.extend(relaxed_line(&header.value).trim_ascii());
            text.extend(b"\r\n");
        }
    }
    text.extend(b"dkim-signature:");
    text.extend(relaxed_line(&without_signature(&signature.value)).trim_ascii());
    let hash = digest(&SHA256, &text);
    if !key.key.has_signed(&text, hash.as_ref(), &decoded(needed("b")?)?) {
        return Err(VerifyError::Signature);
    }
    Ok(Signed { domain, selector, algorithm, headers: names })
}

/// A header with its value on one line.
struct Header {
    /// In lower case.
    name: String,
    value: Vec<u8>,
}

fn headers(head: &[u8]) -> Vec<Header> {
    let mut found: Vec<Header> = Vec::new();
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let (Some(b' ' | b'\t'), Some(last)) = (line.first(), found.last_mut()) {
            last.value.extend(line);
        } else if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            let (name, value) = line.split_at(colon);
            let name = String::from_utf8_lossy(name).trim_end().to_ascii_lowercase();
            found.push(Header { name, value: value.get(1..).unwrap_or_default().to_vec() });
        }
    }
    found
}

/// RFC 6376, section 3.4.4.
pub(super) fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let end = rest.windows(2).position(|two| two == b"\r\n");
        let (line, next) =
            end.map_or((rest, &[][..]), |end| (rest.get(..end).unwrap_or_default(), rest.get(end + 2..).unwrap_or_default()));
        let mut line = relaxed_line(line);
        if line.last() == Some(&b' ') {
            line.pop();
        }
        lines.push(line);
        rest = next;
    }
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines.into_iter().flat_map(|line| line.into_iter().chain(*b"\r\n")).collect()
}

/// Runs of blanks as one space.
fn relaxed_line(line: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(line.len());
    for byte in line {
        match byte {
            b' ' | b'\t' if out.last() == Some(&b' ') => {}
            b' ' | b'\t' => out.push(b' '),
            byte => out.push(*byte),
        }
    }
    out
}

/// The value of `DKIM-Signature` with nothing after `b=` (RFC 6376, section 3.7).
fn without_signature(value: &[u8]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = value
        .split(|byte| *byte == b';')
        .map(|part| {
            let name = part.trim_ascii_start();
            let is_signature = name.strip_prefix(b"b").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"="));
            let equals = part.iter().position(|byte| *byte == b'=');
            let kept = if is_signature { equals.map_or(part.len(), |at| at + 1) } else { part.len() };
            part.get(..kept).unwrap_or_default().to_vec()
        })
        .collect();
    parts.join(&b';')
}

fn decoded(letters: &str) -> Result<Vec<u8>, VerifyError> {
    let letters: String = letters.split_whitespace().collect();
    STANDARD.decode(letters).map_err(|_| VerifyError::Malformed)
}

/// `name=value; name=value` (RFC 6376, section 3.2); none where a name is missing or stands twice.
pub(super) fn tags(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let text = text.trim().strip_suffix(';').unwrap_or(text.trim());
    for part in text.split(';') {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || found.len() == MOST || found.iter().any(|(other, _)| *other == name) {
            return None;
        }
        found.push((name, value));
    }
    Some(found)
}
