use std::fmt;
use std::net::IpAddr;

use axum::http::HeaderMap;

/// Who asks: kept for as long as the answer takes, and never written anywhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::web) struct Client(IpAddr);

impl Client {
    /// `peer`: who is at the other end of the connection; the proxy where there is one.
    ///
    /// Only the last address of `X-Forwarded-For` was written by the proxy itself; those before it are the client's own tale.
    pub(super) fn of(headers: &HeaderMap, peer: IpAddr, behind_proxy: bool) -> Self {
        let told = || {
            let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        };
        let address = if behind_proxy { told().unwrap_or(peer) } else { peer };
        Self(address.to_canonical())
    }

    /// The network the client is in, as one provider or office has it: the first 24 bits of IPv4, or the first 48 of IPv6.
    pub(in crate::web) fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                IpAddr::from([a, b, c, 0])
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                IpAddr::from([a, b, c, 0, 0, 0, 0, 0])
            }
        }
    }
}

/// An address of a client is in no log.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_proxy_wrote_counts_and_only_where_there_is_one() {
        let peer: IpAddr = "127.0.0.1".parse().unwrap();
        let network = |lines: &[&'static str], behind_proxy| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(line));
            }
            Client::of(&headers, peer, behind_proxy).network().to_string()
        };
        assert_eq!(network(&["203.0.113.7"], false), "127.0.0.0");
        assert_eq!(network(&["1.1.1.1, 203.0.113.7"], true), "203.0.113.0");
        assert_eq!(network(&["1.1.1.1", "203.0.113.7 , 2001:db8:1:2:3::4"], true), "2001:db8:1::");
        assert_eq!(network(&["::ffff:203.0.113.7"], true), "203.0.113.0");
        for nonsense in [&["203.0.113.7, unknown"][..], &[""], &[]] {
            assert_eq!(network(nonsense, true), "127.0.0.0");
        }
    }
}
