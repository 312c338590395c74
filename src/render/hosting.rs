//! What a web server has to be told to serve the folder of the feeds well: types, caching, who may read it, where it was before.

use std::fmt;

use askama::Template;

use crate::domain::WebUrl;

/// A web server that snippets are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebServer {
    Nginx,
    Caddy,
    Apache,
}

impl WebServer {
    pub const ALL: [Self; 3] = [Self::Nginx, Self::Caddy, Self::Apache];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Apache => "apache",
        }
    }
}

impl fmt::Display for WebServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where the folder of the feeds lies, is public, and was public before.
#[derive(Clone, Debug)]
pub struct Hosting {
    /// An absolute path without a slash at its end.
    pub folder: String,
    /// The public address of the folder.
    pub base: WebUrl,
    /// Its former addresses, which lead to this one for good.
    pub moved: Vec<WebUrl>,
}

/// Why there is no snippet.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum HostingError {
    /// Quoting differs from server to server, and what is quoted wrongly is a hole.
    #[error("`{text}` holds {character:?}, which would have to be quoted in the web server's config")]
    Unquoted { text: String, character: char },
    #[error("one of `{old}` and `{new}` lies below the other: a redirect would catch its own target")]
    Nested { old: String, new: String },
    #[error("the snippet could not be written")]
    Template(String),
}

/// A kind of file, told by its path below the folder.
struct Rule {
    name: &'static str,
    /// A regular expression that all three servers read alike.
    pattern: &'static str,
    media_type: &'static str,
    is_text: bool,
    cache: &'static str,
    /// Web apps on other sites may read it (the Fetch standard's CORS): feeds, chapters, transcripts.
    is_open: bool,
}

impl Rule {
    fn content_type(&self) -> String {
        if self.is_text { format!("{}; charset=utf-8", self.media_type) } else { self.media_type.to_owned() }
    }
}

/// Feeds are asked for again after a quarter of an hour; what may be shown while that is done may be an hour old (RFC 5861).
const SOON: &str = "max-age=900, stale-while-revalidate=3600";
/// Sound is never changed under its name.
const NEVER: &str = "max-age=31536000, immutable";

/// From the general to the special: of several that fit a path the last holds.
const RULES: [Rule; 12] = [
    Rule::text("plain", r".*\.txt", "text/plain"),
    Rule::text("css", r".*\.css", "text/css"),
    Rule::text("html", r"|.*/|.*\.html", "text/html"),
    Rule::text("opml", r".*\.opml", "text/x-opml"),
    Rule::text("jsonfeed", r".*\.json", "application/feed+json"),
    Rule::text("chapters", r".*\.chapters\.json", "application/json+chapters"),
    Rule::text("transcript", r".*\.vtt", "text/vtt"),
    Rule::text("rss", r".*\.xml", "application/rss+xml"),
    Rule::text("atom", r"atom\.xml|archive/atom-[0-9]+\.xml|.*\.atom\.xml", "application/atom+xml"),
    Rule::sound("mp3", r".*\.mp3", "audio/mpeg"),
    Rule::sound("m4a", r".*\.m4a", "audio/x-m4a"),
    Rule::sound("ogg", r".*\.(?:opus|ogg)", "audio/ogg"),
];

impl Rule {
    const fn text(name: &'static str, pattern: &'static str, media_type: &'static str) -> Self {
        Self { name, pattern, media_type, is_text: true, cache: SOON, is_open: true }
    }

    const fn sound(name: &'static str, pattern: &'static str, media_type: &'static str) -> Self {
        Self { name, pattern, media_type, is_text: false, cache: NEVER, is_open: true }
    }
}

/// What the templates of all servers know.
struct Site {
    folder: String,
    base: String,
    host: String,
    /// The path of the base, with a slash at both ends.
    path: String,
    moved: Vec<Former>,
    rules: Vec<&'static Rule>,
}

/// A former address.
struct Former {
    host: String,
    path: String,
}

#[derive(Template)]
#[template(path = "hosting/nginx.conf", escape = "none")]
struct Nginx<'a> {
    site: &'a Site,
}

#[derive(Template)]
#[template(path = "hosting/Caddyfile", escape = "none")]
struct Caddy<'a> {
    site: &'a Site,
}

#[derive(Template)]
#[template(path = "hosting/apache.conf", escape = "none")]
struct Apache<'a> {
    site: &'a Site,
}

/// The snippet for a web server.
///
/// # Errors
///
/// A folder or an address with characters that would have to be quoted.
pub fn hosting(server: WebServer, hosting: &Hosting) -> Result<String, HostingError> {
    let path = |url: &WebUrl| plain(url.url().path());
    let former = |url: &WebUrl| {
        let (new, old) = (hosting.base.as_str(), url.as_str());
        if new.starts_with(old) || old.starts_with(new) {
            return Err(HostingError::Nested { old: old.to_owned(), new: new.to_owned() });
        }
        Ok(Former { host: plain(url.host())?, path: path(url)? })
    };
    let mut site = Site {
        folder: plain(hosting.folder.trim_end_matches('/'))?,
        base: plain(hosting.base.as_str())?,
        host: plain(hosting.base.host())?,
        path: path(&hosting.base)?,
        moved: hosting.moved.iter().map(former).collect::<Result<_, _>>()?,
        rules: RULES.iter().collect(),
    };
    let text = match server {
        WebServer::Nginx => {
            // There the first that fits holds.
            site.rules.reverse();
            Nginx { site: &site }.render()
        }
        WebServer::Caddy => Caddy { site: &site }.render(),
        WebServer::Apache => Apache { site: &site }.render(),
    };
    text.map_err(|error| HostingError::Template(error.to_string()))
}

/// The text, if it means itself in each of the servers' configs and in a regular expression but for its dots, which then fit
/// any character.
fn plain(text: &str) -> Result<String, HostingError> {
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !"/._-~:".contains(*c)) {
        Some(character) => Err(HostingError::Unquoted { text: text.to_owned(), character }),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(folder: &str) -> Hosting {
        Hosting {
            folder: folder.to_owned(),
            base: WebUrl::parse("https://news.example.org/feeds/").unwrap(),
            moved: vec![WebUrl::parse("https://old.example.org/rss/").unwrap()],
        }
    }

    #[test]
    fn every_server_gets_the_types_and_the_former_addresses() {
        for server in WebServer::ALL {
            let text = hosting(server, &site("/srv/desk/feeds")).unwrap();
            for needed in ["application/atom+xml", "application/feed+json", "nosniff", "/srv/desk/feeds", "/rss/", "max-age=900"]
            {
                assert!(text.contains(needed), "{server}: {needed}\n{text}");
            }
            assert!(!text.contains("{{") && !text.contains("{%"), "{text}");
        }
    }

    #[test]
    fn a_redirect_does_not_catch_its_own_target() {
        for old in ["https://news.example.org/", "https://news.example.org/feeds/v1/"] {
            let site = Hosting { moved: vec![WebUrl::parse(old).unwrap()], ..site("/srv/desk/feeds") };
            assert!(matches!(hosting(WebServer::Apache, &site), Err(HostingError::Nested { .. })), "{old}");
        }
    }

    #[test]
    fn what_would_have_to_be_quoted_is_refused() {
        for folder in ["/srv/my desk/feeds", "/srv/desk;/feeds", "/srv/{desk}", "/srv/\"desk"] {
            assert!(matches!(hosting(WebServer::Nginx, &site(folder)), Err(HostingError::Unquoted { .. })), "{folder}");
        }
    }
}
