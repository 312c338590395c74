//! What `griot serve` listens to and what it is called from outside: the section `[serve]`.

use std::net::{Ipv4Addr, SocketAddr};

use super::options::ServeOptions;
use super::settings::{Check, folder_url};
use crate::domain::WebUrl;

/// Where a publication is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeSettings {
    /// Where readers, or the web server before griot, reach it.
    pub listen: SocketAddr,
    /// The public address of the readers' pages, with a slash at its end; `None`: there are none.
    pub url: Option<WebUrl>,
    /// Where the operator reaches the numbers; `None`: nowhere.
    pub inside: Option<SocketAddr>,
    /// Whether a client's address is the last one of `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Connections at once.
    pub connections: usize,
}

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// Each may hold a file open beside its socket, and a process has 1,024 of both unless told otherwise.
const CONNECTIONS: u32 = 480;
const MOST_CONNECTIONS: u32 = 100_000;

impl Check {
    pub(super) fn serve(&mut self, options: &ServeOptions) -> ServeSettings {
        let listen = self.socket("serve.listen", options.listen.as_ref());
        let inside = self.socket("serve.inside", options.inside.as_ref());
        if let Some(inside) = inside
            && !inside.ip().is_loopback()
            && options.inside_public != Some(true)
        {
            let what = format!("`{inside}` can be reached from other machines: take 127.0.0.1, or say `inside_public = true`");
            self.problem("serve.inside", what);
        }
        if inside.is_some() && inside == Some(listen.unwrap_or(LISTEN)) && inside.is_some_and(|inside| inside.port() != 0) {
            self.problem("serve.inside", "is the address of `serve.listen`: take another port");
        }
        let url = self.optional(
            "serve.url",
            options.url.as_ref(),
            "the public address of the readers' pages, such as `https://example.org/letters/`: \
             its path has letters, digits, `.`, `-`, `_` and `~` alone",
            pages_url,
        );
        let connections = options.connections.unwrap_or(CONNECTIONS);
        if !(1..=MOST_CONNECTIONS).contains(&connections) {
            self.problem("serve.connections", format!("`{connections}` is not a number from 1 to {MOST_CONNECTIONS}"));
        }
        ServeSettings {
            listen: listen.unwrap_or(LISTEN),
            url,
            inside,
            behind_proxy: options.behind_proxy.unwrap_or(false),
            connections: usize::try_from(connections).unwrap_or(usize::MAX),
        }
    }

    fn socket(&mut self, key: &str, value: Option<&String>) -> Option<SocketAddr> {
        self.optional(key, value, "an address and a port, such as `127.0.0.1:8080` or `[::1]:8080`", |text| text.parse().ok())
    }
}

/// An address whose path means itself wherever it is written: in the letters, in the table of addresses of the server.
fn pages_url(text: &str) -> Option<WebUrl> {
    let url = folder_url(text)?;
    let is_plain = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    let path = url.url().path().strip_prefix('/')?.strip_suffix('/').unwrap_or_default().to_owned();
    let plain = path.is_empty() || path.split('/').all(|segment| !segment.is_empty() && is_plain(segment));
    (plain && url.url().query().is_none() && url.url().fragment().is_none()).then_some(url)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    fn settings(serve: &str) -> Result<ServeSettings, ConfigError> {
        let text = format!(
            "[publication]\ntitle = 'T'\nhome = 'https://e.org/'\nfeeds = 'https://e.org/feeds'\nlanguage = 'en'\n[serve]\n{serve}\n"
        );
        let file = Path::new("griot.toml");
        Settings::from_options(file, Options::parse(file, &text)?).map(|settings| settings.serve)
    }

    #[track_caller]
    fn refused(serve: &str, key: &str) {
        let Err(ConfigError::Problems { problems, .. }) = settings(serve) else { panic!("{serve}") };
        assert!(problems.iter().any(|problem| problem.key == key), "{serve}: {problems:?}");
    }

    #[test]
    fn nothing_has_to_be_said() {
        let serve = settings("").unwrap();
        assert_eq!((serve.listen, serve.url, serve.inside), (LISTEN, None, None));
        assert!(!serve.behind_proxy);
    }

    #[test]
    fn addresses_are_addresses() {
        let serve = settings("listen = '[::]:80'\ninside = '127.0.0.1:9464'\nurl = 'https://e.org/letters'").unwrap();
        assert_eq!(serve.url.unwrap().as_str(), "https://e.org/letters/");
        assert_eq!(serve.inside.unwrap().port(), 9464);
        for bad in ["8080", "localhost:8080", "127.0.0.1", ""] {
            refused(&format!("listen = '{bad}'"), "serve.listen");
        }
        for bad in ["letters", "https://e.org/a b/", "https://e.org/{x}/", "https://e.org//a/", "https://e.org/?a=b"] {
            refused(&format!("url = '{bad}'"), "serve.url");
        }
        settings("url = 'https://e.org'").unwrap();
        refused("connections = 0", "serve.connections");
    }

    #[test]
    fn the_numbers_stay_on_this_machine_unless_told() {
        refused("inside = '0.0.0.0:9464'", "serve.inside");
        refused("inside = '127.0.0.1:8080'", "serve.inside");
        settings("inside = '0.0.0.0:9464'\ninside_public = true").unwrap();
        settings("inside = '[::1]:9464'").unwrap();
    }
}
