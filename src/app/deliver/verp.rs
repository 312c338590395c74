//! The address that reports about a reader's letter go to (VERP): `bounces+TOKEN@desk.example`.
//!
//! The token proves which subscription the letter went out by, and tells the servers on its way nothing of the reader.

use crate::domain::Address;
use crate::mail::LEAVE;

/// The address with a token; the plain one where it would be longer than an address may be (RFC 5321, section 4.5.3.1).
pub(super) fn with_token(bounces: &Address, token: [u8; LEAVE]) -> Address {
    let (own, token) = (bounces.reveal(), String::from_utf8_lossy(&token).into_owned());
    let parts = own.rsplit_once('@');
    let made = parts.and_then(|(local, domain)| Address::parse(&format!("{local}+{token}@{domain}")).ok());
    made.unwrap_or_else(|| bounces.clone())
}

/// What stands behind the `+` of an address that a report came to.
pub(in crate::app) fn tag(bounces: &Address, came_to: &Address) -> Option<String> {
    let (own, theirs) = (bounces.key(), came_to.reveal());
    let ((local, domain), (tagged, host)) = (own.rsplit_once('@')?, theirs.rsplit_once('@')?);
    let start = tagged.get(..local.len()).filter(|start| start.eq_ignore_ascii_case(local))?;
    let tag = tagged.strip_prefix(start)?.strip_prefix('+')?;
    host.eq_ignore_ascii_case(domain).then(|| tag.to_owned())
}

/// The reader whom letters named there before there were tokens: `bounces+ada=reader.example@desk.example`.
pub(in crate::app) fn named_by(tag: &str) -> Option<Address> {
    let (name, host) = tag.rsplit_once('=')?;
    Address::parse(&format!("{name}@{host}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn a_return_path_carries_a_token() {
        let token = [b'a'; LEAVE];
        let made = |bounces: &str| with_token(&address(bounces), token).reveal();
        assert_eq!(made("bounces@desk.example"), format!("bounces+{}@desk.example", "a".repeat(LEAVE)));
        assert_eq!(made("a-rather-long-name-of-a-mailbox@desk.example"), "a-rather-long-name-of-a-mailbox@desk.example");
    }

    #[test]
    fn what_a_report_came_to_is_read_again() {
        let tag = |came_to: &str| tag(&address("Bounces@desk.example"), &address(came_to));
        assert_eq!(tag("bounces+abc@desk.example").as_deref(), Some("abc"));
        assert_eq!(tag("BOUNCES+ABC@DESK.example").as_deref(), Some("ABC"));
        for other in ["bounces@desk.example", "bounce+abc@desk.example", "bounces+abc@other.example"] {
            assert_eq!(tag(other), None, "{other}");
        }
        let named = |tag: &str| named_by(tag).map(|reader| reader.reveal());
        assert_eq!(named("ada+x=reader.example").as_deref(), Some("ada+x@reader.example"));
        assert_eq!(named("a=b=reader.example").as_deref(), Some("a=b@reader.example"));
        assert_eq!((named("ada"), named("=reader.example")), (None, None));
    }
}
