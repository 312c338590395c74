use std::fmt;

use crate::domain::{WebUrl, uuid};

/// The id of a show for the whole world, a UUID (`podcast:guid`): minted once, kept for life even when the feed moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowGuid(String);

/// The name space that podcasts are named in (podcast namespace, `guid`): ead4c236-bf58-58c6-a2c6-a6b28d128cb6.
const PODCASTS: u128 = 0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6;

impl ShowGuid {
    /// The id of the show whose feed has this address: UUID version 5 (RFC 9562, section 5.5) of the address without its
    /// scheme and without slashes at its end.
    pub fn of_feed(url: &WebUrl) -> Self {
        let name = url.as_str().split_once("://").map_or(url.as_str(), |(_, rest)| rest).trim_end_matches('/');
        Self(uuid(PODCASTS, name))
    }

    /// A UUID in its usual form, in lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let lengths = text.split('-').map(str::len);
        let fits = lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        fits.then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShowGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_namespace_gives_these_examples() {
        let of = |url: &str| ShowGuid::of_feed(&WebUrl::parse(url).unwrap()).to_string();
        assert_eq!(of("https://podnews.net/rss"), "9b024349-ccf0-5f69-a609-6b82873eab3c");
        assert_eq!(of("http://podnews.net/rss/"), "9b024349-ccf0-5f69-a609-6b82873eab3c");
        assert_eq!(of("https://mp3s.nashownotes.com/pc20rss.xml"), "917393e3-1b1e-5cef-ace4-edaa54e1f810");
    }

    #[test]
    fn only_uuids_pass() {
        assert!(ShowGuid::parse("9B024349-ccf0-5f69-a609-6b82873eab3c").is_some());
        for bad in ["", "9b024349", "9b024349-ccf0-5f69-a609-6b82873eab3z", "9b024349-ccf0-5f69-a6096-b82873eab3c"] {
            assert_eq!(ShowGuid::parse(bad), None, "{bad}");
        }
    }
}
