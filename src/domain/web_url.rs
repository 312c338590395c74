use std::fmt;

use url::Url;

/// Bytes of the longest address. RFC 9110, section 4.1, wants 8,000 to be understood; a longer one is data in disguise.
const LONGEST: usize = 8_000;

/// An absolute http or https URL without user name or password, of no more than 8,000 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WebUrl(Url);

impl WebUrl {
    /// The URL, or `None` where the text is not an absolute http(s) URL with a host.
    pub fn parse(text: &str) -> Option<Self> {
        Url::parse(text.trim()).ok().and_then(Self::checked)
    }

    /// The URL that a reference means when it stands in a document at this address (RFC 3986, section 5).
    pub fn join(&self, reference: &str) -> Option<Self> {
        self.0.join(reference.trim()).ok().and_then(Self::checked)
    }

    fn checked(url: Url) -> Option<Self> {
        let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
        let sound = web && url.as_str().len() <= LONGEST;
        (sound && url.username().is_empty() && url.password().is_none()).then_some(Self(url))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host in lower case, international names in punycode.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address by which the same page is known again: no scheme, `www.`, fragment, campaign parameters or closing slash.
    pub fn identity(&self) -> String {
        let host = self.host().trim_start_matches("www.");
        let port = self.0.port().map(|port| format!(":{port}")).unwrap_or_default();
        let mut identity = format!("{host}{port}{}", self.0.path().trim_end_matches('/'));
        let kept: Vec<String> = self
            .0
            .query_pairs()
            .filter(|(key, _)| !is_campaign_parameter(key))
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        if !kept.is_empty() {
            identity.push('?');
            identity.push_str(&kept.join("&"));
        }
        identity
    }
}

/// Parameters that name how a reader came, not what is read.
fn is_campaign_parameter(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("utm_")
        || key.starts_with("at_")
        || matches!(
            key.as_str(),
            "fbclid" | "gclid" | "dclid" | "msclkid" | "mc_cid" | "mc_eid" | "igshid" | "maca" | "xtor" | "ref_src"
        )
}

impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_pass() {
        assert!(WebUrl::parse("https://example.org/a").is_some());
        for bad in ["javascript:alert(1)", "mailto:a@b.c", "/a", "https://", "file:///etc/passwd", "https://u:p@example.org/"] {
            assert_eq!(WebUrl::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_has_an_end() {
        let long = format!("https://example.org/{}", "a".repeat(LONGEST));
        assert_eq!(WebUrl::parse(&long), None);
        let base = WebUrl::parse(&long[..LONGEST]).unwrap();
        assert_eq!(base.join(&"b".repeat(LONGEST)), None);
        assert!(base.join("b").is_some());
    }

    #[test]
    fn identity_forgets_how_a_reader_came() {
        let identity = |text: &str| WebUrl::parse(text).unwrap().identity();
        assert_eq!(identity("http://www.example.org/a/?utm_source=x#top"), identity("https://example.org/a"));
        assert_ne!(identity("https://example.org/a?id=1"), identity("https://example.org/a?id=2"));
    }
}
