//! What a web server has to be told to serve the folder of the feeds well: types, caching, who may read it, where it was before.

use std::fmt;

use askama::Template;

use crate::domain::podcast::SoundFormat;
use crate::domain::{WebFile, WebUrl};

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
    content_type: String,
    is_text: bool,
    cache: &'static str,
}

/// What [`WebFile::of`] does, as patterns. From the general to the special: of several that fit a path the last holds.
const PATTERNS: [(&str, &str, WebFile); 17] = [
    ("plain", r".*\.txt", WebFile::Text),
    ("css", r".*\.css", WebFile::Css),
    ("html", r"|.*/|.*\.html", WebFile::Html),
    ("opml", r".*\.opml", WebFile::Opml),
    ("jsonfeed", r".*\.json", WebFile::JsonFeed),
    ("chapters", r".*\.chapters\.json", WebFile::Chapters),
    ("transcript", r".*\.vtt", WebFile::WebVtt),
    ("rss", r".*\.xml", WebFile::Rss),
    ("sitemap", r".*sitemap\.xml", WebFile::Sitemap),
    ("atom", r"atom\.xml|archive/atom-[0-9]+\.xml|.*\.atom\.xml", WebFile::Atom),
    ("jpeg", r".*\.jpe?g", WebFile::Jpeg),
    ("png", r".*\.png", WebFile::Png),
    ("mp3", r".*\.mp3", WebFile::Sound(SoundFormat::Mp3)),
    ("m4a", r".*\.m4a", WebFile::Sound(SoundFormat::M4a)),
    ("ogg", r".*\.(?:opus|ogg|oga)", WebFile::Sound(SoundFormat::Vorbis)),
    ("flac", r".*\.flac", WebFile::Sound(SoundFormat::Flac)),
    ("wav", r".*\.wav", WebFile::Sound(SoundFormat::Wav)),
];

fn rules() -> Vec<Rule> {
    let rule = |(name, pattern, file): (&'static str, &'static str, WebFile)| Rule {
        name,
        pattern,
        media_type: file.media_type(),
        content_type: file.content_type(),
        is_text: file.is_text(),
        cache: file.cache(),
    };
    PATTERNS.map(rule).into()
}

/// What the templates of all servers know.
struct Site {
    folder: String,
    base: String,
    host: String,
    /// The path of the base, with a slash at both ends.
    path: String,
    moved: Vec<Former>,
    rules: Vec<Rule>,
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
        rules: rules(),
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
