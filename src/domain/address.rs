use std::fmt;

use super::Line;

/// A mail address that a message can be sent to; masks itself when displayed.
///
/// The local part is printable ASCII (RFC 5321, section 4.1.2, without quoted strings); the domain is lower case,
/// international names in punycode (RFC 5891).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    local: String,
    domain: String,
}

/// Why a text is not an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("there is no @ in it")]
    NoAt,
    #[error("nothing stands before the @")]
    NoLocal,
    #[error("the part before the @ has a character that addresses cannot carry")]
    BadLocal,
    #[error("the part before the @ is over 64 characters")]
    LongLocal,
    #[error("the part after the @ is not the name of a domain")]
    BadDomain,
    #[error("it needs SMTPUTF8, since the part before the @ is not ASCII")]
    NeedsSmtpUtf8,
}

impl Address {
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::NoAt)?;
        if local.is_empty() {
            return Err(AddressError::NoLocal);
        }
        if !local.is_ascii() {
            return Err(if local.chars().any(|c| c.is_whitespace() || c.is_control()) {
                AddressError::BadLocal
            } else {
                AddressError::NeedsSmtpUtf8
            });
        }
        let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
        let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        if dots || !local.bytes().all(atom) {
            return Err(AddressError::BadLocal);
        }
        if local.len() > 64 {
            return Err(AddressError::LongLocal);
        }
        let Ok(url::Host::Domain(domain)) = url::Host::parse(domain) else {
            return Err(AddressError::BadDomain);
        };
        let labels = domain.split('.').all(|label| {
            let edges = label.starts_with('-') || label.ends_with('-');
            !label.is_empty() && label.len() <= 63 && !edges && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
        if !labels || domain.len() > 253 {
            return Err(AddressError::BadDomain);
        }
        Ok(Self { local: local.to_owned(), domain })
    }

    /// The address itself, for the envelope, the header and the ledger. Not for logs.
    pub fn reveal(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }

    /// The key under which the same mailbox is known again: the address in lower case.
    pub fn key(&self) -> String {
        self.reveal().to_ascii_lowercase()
    }

    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// A text with the address masked wherever it stands, in whatever case: servers like to repeat it.
    pub fn masked_in(&self, text: &str) -> String {
        let (own, lower) = (self.key(), text.to_ascii_lowercase());
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        // Lower case of ASCII letters has the same length, so places in one are places in the other.
        for (at, found) in lower.match_indices(&own) {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(&self.to_string());
            done = at + found.len();
        }
        out + text.get(done..).unwrap_or_default()
    }
}

/// `a***@e***`: enough to tell two readers apart in a log, not enough to write to them.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = |text: &str| text.chars().next().unwrap_or('*');
        write!(f, "{}***@{}***", first(&self.local), first(&self.domain))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// A name and an address of the publication's own: shown as they are, since they are printed in every letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    pub name: Option<Line>,
    pub address: Address,
}

impl Mailbox {
    /// Reads `Name <name@example.org>` or a bare address.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => {
                Ok(Self { name: Line::new(name.trim().trim_matches('"')), address: Address::parse(address)? })
            }
            None => Ok(Self { name: None, address: Address::parse(text)? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, why: AddressError) {
        assert_eq!(Address::parse(text), Err(why), "{text}");
    }

    #[test]
    fn parses_what_can_be_mailed() {
        assert_eq!(Address::parse(" Ada.L+x@Example.ORG ").unwrap().reveal(), "Ada.L+x@example.org");
        assert_eq!(Address::parse("a@bücher.example").unwrap().reveal(), "a@xn--bcher-kva.example");
        assert_eq!(Address::parse("a@localhost").unwrap().domain(), "localhost");
        refused("ada", AddressError::NoAt);
        refused("@example.org", AddressError::NoLocal);
        refused("a b@example.org", AddressError::BadLocal);
        refused("a\r\nb@example.org", AddressError::BadLocal);
        refused("a..b@example.org", AddressError::BadLocal);
        refused("a@", AddressError::BadDomain);
        refused("a@-x.org", AddressError::BadDomain);
        refused("a@127.0.0.1", AddressError::BadDomain);
        refused("zoë@example.org", AddressError::NeedsSmtpUtf8);
        refused(&format!("{}@example.org", "a".repeat(65)), AddressError::LongLocal);
    }

    #[test]
    fn masks_itself() {
        let address = Address::parse("ada@example.org").unwrap();
        assert_eq!(format!("{address} {address:?}"), "a***@e*** Address(a***@e***)");
        assert_eq!(address.masked_in("é <Ada@Example.org>: no ada@example.org"), "é <a***@e***>: no a***@e***");
        assert_eq!(address.masked_in("550 no such user"), "550 no such user");
    }

    #[test]
    fn mailboxes_have_names() {
        let mailbox = Mailbox::parse("\"The Desk\" <desk@example.org>").unwrap();
        assert_eq!(mailbox.name.unwrap().as_str(), "The Desk");
        assert_eq!(Mailbox::parse("desk@example.org").unwrap().name, None);
        assert!(Mailbox::parse("Desk <desk>").is_err());
    }
}
