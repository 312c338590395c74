//! `[[sources]]`: feeds and pages that are looked at again and again.

use std::path::{Path, PathBuf};

use super::options::SourceOptions;
use super::settings::Check;
use crate::domain::{Line, WebUrl, visible};

/// A feed or a page from which articles are taken, again and again.
#[derive(Clone, Debug)]
pub struct SourceSettings {
    pub place: Place,
    /// Its name in the ledger: its address, or its path as the config writes it, which is the same from wherever griot is called.
    pub origin: String,
    /// What to call it in messages: its address, unless it has a name.
    pub name: String,
    /// How many items are taken, the newest, when a feed is read for the first time; 0: all.
    pub items: u32,
    pub full_text: FullText,
    /// What all of its articles are about.
    pub topics: Vec<Line>,
}

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Url(WebUrl),
    File(PathBuf),
}

/// Whether the page of an item is fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FullText {
    /// Where the feed has only a summary.
    #[default]
    Auto,
    Always,
    Never,
}

impl SourceSettings {
    /// Items of a feed that are taken when it is read for the first time, unless the config says otherwise.
    pub const ITEMS: u32 = 10;
}

impl Check {
    pub(super) fn sources(&mut self, sources: &[SourceOptions], home: &Path) -> Vec<SourceSettings> {
        let mut out: Vec<SourceSettings> = Vec::new();
        for (at, source) in sources.iter().enumerate() {
            let key = |name: &str| format!("sources[{}].{name}", at + 1);
            let url = "the address of a feed or page, such as `https://example.org/feed.xml`";
            let place = match (&source.url, &source.file) {
                (Some(text), None) => self.optional(&key("url"), Some(text), url, WebUrl::parse).map(Place::Url),
                (None, Some(file)) => Some(Place::File(home.join(file))),
                (None, None) => {
                    self.problem(&key("url"), format!("is missing: {url}; or name a file with `file`"));
                    None
                }
                (Some(_), Some(_)) => {
                    self.problem(&key("file"), "and `url` exclude each other: a source is at one place");
                    None
                }
            };
            let name = self.optional(&key("name"), source.name.as_ref(), "a line of text", Line::new);
            let words = "`auto`, `always` or `never`";
            let full_text = self.optional(&key("full_text"), source.full_text.as_ref(), words, |word| match word {
                "auto" => Some(FullText::Auto),
                "always" => Some(FullText::Always),
                "never" => Some(FullText::Never),
                _ => None,
            });
            let Some(place) = place else { continue };
            if out.iter().any(|other| other.place == place) {
                let written = if matches!(place, Place::Url(_)) { "url" } else { "file" };
                self.problem(&key(written), "is that of another source");
            }
            let shown = |file: &Path| visible(&file.to_string_lossy());
            let called = || match &place {
                Place::Url(url) => url.to_string(),
                Place::File(file) => shown(file),
            };
            let name = name.map_or_else(called, |name| name.to_string());
            let origin = source.file.as_deref().map_or_else(called, |file| shown(Path::new(file)));
            out.push(SourceSettings {
                place,
                origin,
                name,
                items: source.items.unwrap_or(SourceSettings::ITEMS),
                full_text: full_text.unwrap_or_default(),
                topics: source.topics.iter().filter_map(|topic| Line::new(topic)).collect(),
            });
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    const WHOLE: &str = "[publication]\ntitle = 'T'\nhome = 'https://e.org/'\nfeeds = 'https://e.org/f'\nlanguage = 'en'\n";

    fn settings(sources: &str) -> Result<Settings, ConfigError> {
        let file = Path::new("desk/config/griot.toml");
        Settings::from_options(file, Options::parse(file, &format!("{WHOLE}{sources}"))?)
    }

    #[test]
    fn an_address_or_a_file_is_enough() {
        let settings =
            settings("[[sources]]\nurl = 'https://e.org/x.xml'\n[[sources]]\nfile = 'x.xml'\nfull_text = 'never'").unwrap();
        let [first, second] = &settings.sources[..] else { panic!() };
        assert_eq!((first.name.as_str(), first.items, first.full_text), ("https://e.org/x.xml", 10, FullText::Auto));
        assert_eq!((&second.place, second.full_text), (&Place::File("desk/x.xml".into()), FullText::Never));
        assert_eq!((first.origin.as_str(), second.origin.as_str()), ("https://e.org/x.xml", "x.xml"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let text = "[[sources]]\n[[sources]]\nurl = 'x'\n[[sources]]\nurl = 'https://e.org/a'\nfile = 'b'\n\
            [[sources]]\nfile = 'b'\nfull_text = 'yes'\n[[sources]]\nfile = 'b'";
        let Err(ConfigError::Problems { problems, .. }) = settings(text) else { panic!() };
        let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, ["sources[1].url", "sources[2].url", "sources[3].file", "sources[4].full_text", "sources[5].file"]);
        let hint = settings("[[sources]]\nful_text = 'x'").unwrap_err().hint();
        assert_eq!(hint.as_deref(), Some("did you mean `full_text`?"));
    }
}
