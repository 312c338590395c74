use super::options::{FeedOptions, NamesOptions};
use super::settings::Check;
use crate::domain::{Line, Scope, Syndication, WebUrl, is_same_name, weekday};

/// Which feeds are written, and how much they carry.
#[derive(Debug)]
pub struct FeedSettings {
    /// How many articles a feed carries; 0: all, however large it gets.
    pub items: u32,
    /// How many bytes the larger of its formats may have, about.
    pub max_bytes: u64,
    /// Whether what is older than a feed goes back to stays public in documents of its archive.
    pub archive: bool,
    pub sections: Parts,
    pub authors: Parts,
    /// Whether the newest articles are listed for search engines.
    pub news_sitemap: bool,
    /// Whether hubs are told of what has changed.
    pub announce: bool,
}

/// The parts of the publication that have feeds of their own.
#[derive(Debug, PartialEq, Eq)]
pub enum Parts {
    /// Every one that an article has.
    All,
    Named(Vec<Line>),
}

const DEFAULT_ITEMS: u32 = 50;
/// Some readers refuse feeds of more than one megabyte.
const DEFAULT_MAX_BYTES: u64 = 1_000_000;
/// No reader asks less than once a month.
const LONGEST_TTL: u32 = 44_640;

impl Check {
    pub(super) fn feed(&mut self, options: &FeedOptions) -> FeedSettings {
        if options.max_bytes == Some(0) {
            self.problem("feed.max_bytes", "`0` lets no article in: leave it out for 1 MB");
        }
        FeedSettings {
            items: options.items.unwrap_or(DEFAULT_ITEMS),
            max_bytes: options.max_bytes.unwrap_or(DEFAULT_MAX_BYTES),
            archive: options.archive.unwrap_or(true),
            sections: self.parts("feed.sections", options.sections.as_ref(), Scope::Section),
            authors: self.parts("feed.authors", options.authors.as_ref(), Scope::Author),
            news_sitemap: options.news_sitemap.unwrap_or(false),
            announce: options.announce.unwrap_or(true),
        }
    }

    pub(super) fn syndication(&mut self, options: &FeedOptions) -> Syndication {
        let without = Syndication::default();
        let mut hubs = Vec::new();
        for hub in &options.hubs {
            hubs.extend(self.optional("feed.hubs", Some(hub), "an address such as `https://hub.example.org/`", WebUrl::parse));
        }
        let mut skip_days = Vec::new();
        for day in &options.skip_days {
            skip_days.extend(self.optional("feed.skip_days", Some(day), "a day such as `Sunday`", weekday));
        }
        skip_days.sort_by_key(|day| day.to_monday_zero_offset());
        skip_days.dedup();
        let mut skip_hours = options.skip_hours.clone();
        skip_hours.sort_unstable();
        skip_hours.dedup();
        if let Some(hour) = skip_hours.iter().find(|hour| **hour > 23) {
            self.problem("feed.skip_hours", format!("`{hour}` is not an hour in UTC, 0 to 23"));
        }
        if skip_days.len() == 7 || skip_hours.len() == 24 {
            self.problem("feed.skip_days", "leaves no time at which readers may ask");
        }
        let ttl = options.ttl.unwrap_or(without.ttl);
        if ttl == 0 || ttl > LONGEST_TTL {
            self.problem("feed.ttl", format!("`{ttl}` is not a number of minutes from 1 to {LONGEST_TTL}"));
        }
        Syndication { hubs, ttl, skip_days, skip_hours, joined_authors: options.joined_authors.unwrap_or(without.joined_authors) }
    }

    fn parts(&mut self, key: &str, names: Option<&NamesOptions>, scope: impl Fn(Line) -> Scope) -> Parts {
        let names = match names {
            None => return Parts::Named(Vec::new()),
            Some(NamesOptions::Word(word)) if word == "all" => return Parts::All,
            Some(NamesOptions::Word(word)) => {
                self.problem(key, format!("`{word}` is neither `\"all\"` nor a list of names such as `[\"{}\"]`", word.trim()));
                return Parts::Named(Vec::new());
            }
            Some(NamesOptions::List(names)) => names,
        };
        let mut out: Vec<Line> = Vec::new();
        for name in names {
            let Some(name) = self.optional(key, Some(name), "a name", Line::new) else { continue };
            if out.iter().any(|other| is_same_name(other, &name)) {
                self.problem(key, format!("`{name}` is named twice"));
            } else if let Some(other) = out.iter().find(|other| scope((*other).clone()).place() == scope(name.clone()).place()) {
                self.problem(key, format!("`{other}` and `{name}` would have their feeds in the same files"));
            }
            out.push(name);
        }
        Parts::Named(out)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    fn settings(feed: &str) -> Result<Settings, ConfigError> {
        let text = format!(
            "[publication]\ntitle = 'T'\nhome = 'https://e.org/'\nfeeds = 'https://e.org/feeds'\nlanguage = 'en'\n[feed]\n{feed}\n"
        );
        let file = Path::new("griot.toml");
        Settings::from_options(file, Options::parse(file, &text)?)
    }

    #[track_caller]
    fn refused(feed: &str, key: &str, what: &str) {
        let Err(ConfigError::Problems { problems, .. }) = settings(feed) else { panic!("{feed}") };
        assert!(problems.iter().any(|problem| problem.key == key && problem.what.contains(what)), "{feed}: {problems:?}");
    }

    #[test]
    fn parts_are_named_or_all() {
        let settings = settings("sections = 'all'\nauthors = ['Ada Keita']\n").unwrap();
        assert_eq!(settings.feed.sections, Parts::All);
        assert_eq!(settings.feed.authors, Parts::Named(vec![Line::new("Ada Keita").unwrap()]));
        refused("sections = 'Politics'", "feed.sections", "[\"Politics\"]");
        refused("sections = ['Ségou', 'Segou']", "feed.sections", "`Ségou` and `Segou`");
        refused("sections = ['World news', 'WORLD-NEWS']", "feed.sections", "twice");
    }

    #[test]
    fn what_readers_are_told_is_checked() {
        let syndication =
            settings("skip_days = ['sun', 'Saturday', 'Sunday']\nskip_hours = [3, 1, 3]\nhubs = ['https://h.example/']\n")
                .unwrap()
                .publication
                .syndication;
        assert_eq!(
            syndication.skip_days.iter().map(|day| crate::domain::english(*day)).collect::<Vec<_>>(),
            ["Saturday", "Sunday"]
        );
        assert_eq!((syndication.skip_hours, syndication.ttl), (vec![1, 3], 60));
        refused("skip_days = ['Samstag']", "feed.skip_days", "Samstag");
        refused("skip_hours = [24]", "feed.skip_hours", "24");
        refused("hubs = ['hub']", "feed.hubs", "hub");
        refused("ttl = 0", "feed.ttl", "0");
        refused("max_bytes = 0", "feed.max_bytes", "0");
    }
}
