//! Which addresses may be connected to.
//!
//! A page names its redirects, and whoever runs a name server names its addresses: without a guard either could make
//! griot read from the desk's own network and publish what it finds there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::domain::WebUrl;

/// Lets through public addresses, and all addresses of the hosts that are listed.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    allowed_hosts: Arc<[String]>,
}

/// A name or a URL that leads to a private address, and to no other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` is at the private address {address}")]
pub(super) struct PrivateAddress {
    pub host: String,
    pub address: IpAddr,
}

impl Guard {
    pub(super) fn new(allowed_hosts: &[String]) -> Self {
        Self { allowed_hosts: allowed_hosts.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    /// Checks a host that is written as an address: such a one is never looked up, so `resolve` does not see it.
    pub(super) fn check(&self, url: &WebUrl) -> Result<(), PrivateAddress> {
        let address = match url.url().host() {
            Some(url::Host::Ipv4(address)) => IpAddr::V4(address),
            Some(url::Host::Ipv6(address)) => IpAddr::V6(address),
            Some(url::Host::Domain(_)) | None => return Ok(()),
        };
        if is_public(address) || self.allows(url.host()) {
            return Ok(());
        }
        Err(PrivateAddress { host: url.host().to_owned(), address })
    }

    fn allows(&self, host: &str) -> bool {
        let plain = |host: &str| host.trim_matches(['[', ']', '.']).to_ascii_lowercase();
        self.allowed_hosts.iter().any(|allowed| plain(allowed) == plain(host))
    }

    async fn lookup(self, host: String) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
        let open = self.allows(&host);
        let passed: Vec<SocketAddr> = found.iter().copied().filter(|at| open || is_public(at.ip())).collect();
        match (passed.is_empty(), found.first()) {
            (true, Some(private)) => Err(PrivateAddress { host, address: private.ip() }.into()),
            _ => Ok(Box::new(passed.into_iter())),
        }
    }
}

/// The connection is made to the very addresses that were checked, so a name cannot change between check and use.
impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(self.clone().lookup(name.as_str().to_owned()))
    }
}

/// Whether an address is one of the public internet (IANA special-purpose registries, RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..]
            | [100, 64..=127, ..] // shared by providers, RFC 6598
            | [169, 254, ..] // link-local; cloud machines keep their keys there
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // Forms that carry an IPv4 address: compatible, mapped, translated (RFC 6052), 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0 | 0xFFFF, high, low] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => v4(high, low),
        // Only 2000::/3 is given out; in it are protocol assignments with Teredo, and documentation.
        [0x2001, 0..=0x1FF | 0xDB8, ..] | [0x3FFF, 0..=0xFFF, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_pass() {
        for public in ["93.184.216.34", "172.32.0.1", "100.128.0.1", "2a00:1450::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        let private = "0.0.0.0 10.1.2.3 127.0.0.1 127.9.9.9 100.64.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.1.1 \
            198.18.0.1 224.0.0.1 239.1.2.3 240.0.0.1 255.255.255.255 :: ::1 fe80::1 fc00::1 fd00::1 ff02::1 fec0::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:7f00:1 \
            ::127.0.0.1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1::1 2001::1 2001:db8::1";
        for private in private.split_whitespace() {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn addresses_in_a_url_are_checked_however_they_are_written() {
        let guard = Guard::new(&["[fd00::5]".to_owned(), "LOCALHOST".to_owned()]);
        let check = |url: &str| guard.check(&WebUrl::parse(url).unwrap()).is_ok();
        for refused in
            ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]:8080/", "http://[::ffff:10.0.0.1]/"]
        {
            assert!(!check(refused), "{refused}");
        }
        assert!(check("http://[fd00::5]/"));
        assert!(check("http://8.8.8.8/"));
        assert!(guard.allows("localhost") && guard.allows("localhost.") && !guard.allows("localhost.example.org"));
    }
}
