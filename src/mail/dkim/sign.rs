use aws_lc_rs::digest::{self, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::verify::{Published, VerifyError, verify};
use super::{Body, KeyError, SigningKey, canonical};

/// Signs for a domain, with the key that the DNS shows under `SELECTOR._domainkey.DOMAIN`.
#[derive(Debug)]
pub struct Signer {
    domain: String,
    selector: String,
    key: SigningKey,
}

/// All signatures of a message: one for each key of the desk.
#[derive(Debug)]
pub struct Seal {
    signers: Vec<Signer>,
}

/// Why a message cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("the message has no empty line after its head")]
    NoHead,
    #[error("the key `{selector}` does not sign")]
    Key { selector: String },
}

/// What is signed where it is there.
const SIGNED: [&str; 17] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "mime-version",
    "content-type",
    "content-language",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "list-archive",
    "list-help",
    "list-subscribe",
    "list-owner",
    "feedback-id",
];

/// What is signed once more than it is there, so that nobody can add one: a client may show the added one (RFC 6376, section
/// 8.15).
const ONCE_MORE: [&str; 11] = [
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

impl Signer {
    pub fn new(domain: &str, selector: &str, key: SigningKey) -> Self {
        Self { domain: domain.to_owned(), selector: selector.to_owned(), key }
    }

    /// What the DNS has to show for these signatures.
    pub fn published(&self) -> Result<Published, KeyError> {
        Ok(Published { domain: self.domain.clone(), selector: self.selector.clone(), key: self.key.public()? })
    }

    /// The header `DKIM-Signature`, with its line end, for a message with this head and the hash of this body.
    fn sign(&self, head: &[Field<'_>], body_hash: &str, at: Timestamp) -> Result<Vec<u8>, SignError> {
        let mut folded = Folded::new("DKIM-Signature:");
        for tag in [
            "v=1;",
            &format!("a={};", self.key.algorithm().as_str()),
            "c=relaxed/relaxed;",
            &format!("d={};", self.domain),
            &format!("s={};", self.selector),
            &format!("t={};", at.as_second()),
        ] {
            folded.word(tag);
        }
        let mut text = Vec::with_capacity(2048);
        let mut names = Vec::with_capacity(SIGNED.len() + ONCE_MORE.len());
        for name in SIGNED {
            // The last of several is signed first; a letter has one of each.
            for field in head.iter().rev().filter(|field| field.name.eq_ignore_ascii_case(name.as_bytes())) {
                canonical::header(name, field.value, &mut text);
                text.extend_from_slice(b"\r\n");
                names.push(name);
            }
            if ONCE_MORE.contains(&name) {
                names.push(name);
            }
        }
        folded.list("h=", &names);
        folded.word(&format!("bh={body_hash};"));
        folded.word("b=");
        let unsigned = folded.text.strip_prefix("DKIM-Signature:").unwrap_or_default();
        canonical::header("dkim-signature", unsigned.as_bytes(), &mut text);
        let signature = self.key.sign(&digest::digest(&SHA256, &text));
        let signature = signature.ok_or_else(|| SignError::Key { selector: self.selector.clone() })?;
        folded.letters(&STANDARD.encode(signature));
        folded.text.push_str("\r\n");
        Ok(folded.text.into_bytes())
    }
}

impl Seal {
    pub fn new(signers: Vec<Signer>) -> Self {
        Self { signers }
    }

    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// The message with its signatures before it. `at` is the time that they name; a message that is tried again keeps it.
    ///
    /// `body` says what of the body is signed, where that is known of another message of the same letter.
    pub fn sign(&self, message: &[u8], body: Option<&Body>, at: Timestamp) -> Result<Vec<u8>, SignError> {
        let (head, content) = parts(message).ok_or(SignError::NoHead)?;
        let hash = match body {
            Some(body) => body.hash(content),
            None => Body::of(content).hash(content),
        };
        let (fields, body_hash) = (fields(head), STANDARD.encode(hash));
        let mut signed = Vec::with_capacity(message.len() + 1024 * self.signers.len());
        for signer in &self.signers {
            signed.extend(signer.sign(&fields, &body_hash, at)?);
        }
        signed.extend_from_slice(message);
        Ok(signed)
    }

    /// The keys as the DNS shows them.
    pub fn published(&self) -> Result<Vec<Published>, KeyError> {
        self.signers.iter().map(Signer::published).collect()
    }

    /// Looks at a signed message as a server does that has the public keys from the DNS.
    pub fn prove(&self, signed: &[u8]) -> Result<(), VerifyError> {
        let published = self.published().map_err(VerifyError::Key)?;
        let found = verify(signed, &published)?;
        if found.len() == published.len() { Ok(()) } else { Err(VerifyError::Unsigned) }
    }
}

/// A header of the message, its value as it stands, with its folds.
struct Field<'a> {
    name: &'a [u8],
    value: &'a [u8],
}

/// The head with its last line end, and the body.
fn parts(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::find(message, b"\r\n\r\n")?;
    Some((message.get(..at + 2)?, message.get(at + 4..)?))
}

fn fields(head: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::with_capacity(24);
    let mut rest = head;
    while !rest.is_empty() {
        let mut end = 0;
        loop {
            let line = rest.get(end..).unwrap_or_default();
            end += memchr::memmem::find(line, b"\r\n").map_or(line.len(), |length| length + 2);
            // A line that begins with a blank goes on with the one above (RFC 5322, section 2.2.3).
            if !matches!(rest.get(end), Some(b' ' | b'\t')) {
                break;
            }
        }
        let (field, next) = rest.split_at(end.min(rest.len()));
        if let Some(colon) = memchr::memchr(b':', field) {
            let (name, value) = field.split_at(colon);
            found.push(Field { name: name.trim_ascii_end(), value: value.get(1..).unwrap_or_default() });
        }
        rest = next;
    }
    found
}

/// A header whose lines are kept short.
struct Folded {
    text: String,
    column: usize,
}

/// Columns of a line (RFC 5322, section 2.1.1, recommends 78).
const COLUMNS: usize = 76;

impl Folded {
    fn new(name: &str) -> Self {
        Self { text: name.to_owned(), column: name.len() }
    }

    fn word(&mut self, word: &str) {
        if self.column + 1 + word.len() > COLUMNS {
            self.text.push_str("\r\n");
            self.column = 0;
        }
        self.text.push(' ');
        self.text.push_str(word);
        self.column += 1 + word.len();
    }

    /// `h=a:b:c;`, which may be folded after each colon.
    fn list(&mut self, tag: &str, names: &[&str]) {
        self.word(tag);
        for (at, name) in names.iter().enumerate() {
            if self.column + name.len() + 1 > COLUMNS {
                self.text.push_str("\r\n ");
                self.column = 1;
            }
            self.text.push_str(name);
            self.text.push(if at + 1 == names.len() { ';' } else { ':' });
            self.column += name.len() + 1;
        }
    }

    /// Letters that may be folded anywhere.
    fn letters(&mut self, letters: &str) {
        for letter in letters.chars() {
            if self.column >= COLUMNS {
                self.text.push_str("\r\n ");
                self.column = 1;
            }
            self.text.push(letter);
            self.column += 1;
        }
    }
}
