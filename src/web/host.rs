//! The name by which a request calls the server.

use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// The host that is asked for, without its port: `None` where none is named, or several are.
pub(super) fn host_of(uri: &Uri, headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return None };
    let named = host.to_str().ok()?.parse().ok()?;
    // RFC 9112, section 3.2.2: what the request line says goes before the header.
    Some(uri.authority().cloned().unwrap_or(named))
}

/// Whether the request names the loopback interface, as nothing but a browser of this machine does that means it: a page from
/// elsewhere could else reach a server here under a name of its own (DNS rebinding).
///
/// The port does not count: who looks through a tunnel has another one.
pub(super) fn names_this_machine(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let named = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    named.is_some_and(|named| is_loopback(&named)) && uri.authority().is_none_or(is_loopback)
}

fn is_loopback(authority: &Authority) -> bool {
    let with_user = authority.as_str().contains('@');
    !with_user && ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| authority.host().eq_ignore_ascii_case(name))
}
