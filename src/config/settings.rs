use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::delivery::DeliverySettings;
use super::dkim::DkimSettings;
use super::feed::FeedSettings;
use super::imap::ImapSettings;
use super::letter::LetterSettings;
use super::lists::ListSettings;
use super::options::{FeedOptions, PublicationOptions, ShowOptions};
use super::schedule::Plan;
use super::serve::ServeSettings;
use super::sources::SourceSettings;
use super::{ConfigError, Options, Problem};
use crate::domain::podcast::{PublishedShow, ShowGuid};
use crate::domain::{Language, Line, Mailbox, Publication, Show, WebUrl, slug};

/// What holds: every value checked, every path absolute or relative to where griot was called.
#[derive(Debug)]
pub struct Settings {
    /// The config file itself.
    pub file: PathBuf,
    /// The folder of the publication, which paths in the config begin in.
    pub home: PathBuf,
    /// The folder `feeds/` that is written.
    pub feeds: PathBuf,
    pub ledger: PathBuf,
    /// What tells the ledger from a copy of it.
    pub fence: PathBuf,
    pub lock: PathBuf,
    /// Who was erased, as keyed hashes.
    pub erased: PathBuf,
    pub inbox: PathBuf,
    /// The Maildir that reports of undelivered mail come to.
    pub bounces: Option<PathBuf>,
    /// The mailbox on a server that they come to.
    pub bounces_imap: Option<ImapSettings>,
    pub publication: Publication,
    pub feed: FeedSettings,
    /// `None`: no letters are made.
    pub letter: Option<LetterSettings>,
    /// What readers can be on, by its names and titles.
    pub lists: Vec<ListSettings>,
    /// Where mail goes out.
    pub delivery: DeliverySettings,
    /// The keys that letters are signed with.
    pub dkim: Vec<DkimSettings>,
    /// The shows that are published from folders of episodes.
    pub podcasts: Vec<PublishedShow>,
    pub sources: Vec<SourceSettings>,
    pub schedule: Vec<Plan>,
    /// Hosts that may be fetched from although their address is private.
    pub allow_hosts: Vec<String>,
    /// The largest page that is read, in bytes.
    pub max_bytes: usize,
    /// Where `griot serve` listens, and what it is called from outside.
    pub serve: ServeSettings,
}

const DEFAULT_MAX_BYTES: usize = 10 * 1024 * 1024;
const DEFAULT_LIST: &str = "readers";

impl Settings {
    /// The settings, or everything that is missing or wrong, at once.
    pub fn from_options(file: &Path, options: Options) -> Result<Self, ConfigError> {
        let home = home_of(file);
        let beside = file.parent().map(Path::to_path_buf).unwrap_or_default();
        let mut check = Check { problems: Vec::new() };
        let serve = check.serve(&options.serve.unwrap_or_default());
        let letter = options.letter.as_ref().and_then(|letter| check.letter(letter, &home, serve.url.as_ref()));
        let feed = options.feed.unwrap_or_default();
        let letters = options.letter.is_some();
        let publication = check.publication(&options.publication.unwrap_or_default(), &feed, &options.shows, letters);
        let pages = options.site.and_then(|site| site.pages).unwrap_or(false);
        let mut publication = publication.map(|publication| Publication { pages, ..publication });
        let feed = check.feed(&feed);
        let podcasts = check.podcasts(&options.shows, &home, publication.as_mut());
        let delivery = check.delivery(options.delivery, options.smtp.as_ref(), &home, publication.as_ref());
        let dkim = check.dkim(&options.dkim, letters, letter.as_ref(), &home);
        let lists = check.lists(&options.lists, letter.as_ref().map(|letter| &letter.list), publication.as_ref());
        let sources = check.sources(&options.sources, &home);
        let schedule = check.schedule(&options.schedule, letters);
        let bounces = options.bounces.unwrap_or_default();
        let bounces_imap = bounces.imap.as_ref().and_then(|imap| check.imap("bounces.imap", imap, &home));
        let fetch = options.fetch.unwrap_or_default();
        if fetch.max_bytes == Some(0) {
            check.problem("fetch.max_bytes", "`0` lets no page in: leave it out for 10 MB");
        }
        let problems = check.problems;
        match publication {
            // A section that is there and not whole has left a problem, so that `None` means absent from here on.
            Some(publication) if problems.is_empty() => Ok(Self {
                feeds: home.join("feeds"),
                ledger: beside.join("griot.db"),
                fence: beside.join("griot.fence"),
                lock: beside.join("griot.lock"),
                erased: beside.join("griot.erased"),
                inbox: home.join(options.inbox.and_then(|inbox| inbox.folder).unwrap_or_else(|| "inbox".to_owned())),
                bounces: bounces.maildir.map(|maildir| home.join(maildir)),
                bounces_imap,
                file: file.to_path_buf(),
                home,
                publication,
                feed,
                letter,
                lists,
                delivery,
                dkim,
                podcasts,
                sources,
                schedule,
                allow_hosts: fetch.allow_hosts,
                max_bytes: fetch.max_bytes.unwrap_or(DEFAULT_MAX_BYTES),
                serve,
            }),
            _ => Err(ConfigError::Problems { file: file.to_path_buf(), problems }),
        }
    }
}

/// The address of a folder, with the slash at its end that others are joined to.
pub(super) fn folder_url(text: &str) -> Option<WebUrl> {
    WebUrl::parse(&format!("{}/", text.trim_end_matches('/')))
}

/// The folder of the publication: the one above `config/`, or the config's own where it lies elsewhere.
fn home_of(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    let above = if folder.file_name().is_some_and(|name| name == "config") { folder.parent() } else { None };
    let home = above.unwrap_or(folder);
    home.to_path_buf()
}

/// Collects what is missing or wrong while the values are read.
pub(super) struct Check {
    problems: Vec<Problem>,
}

impl Check {
    pub(super) fn problem(&mut self, key: &str, what: impl Into<String>) {
        self.problems.push(Problem { key: key.to_owned(), what: what.into(), line: None });
    }

    /// A value that has to be there, read by `parse`; `what` says what it is, with an example.
    pub(super) fn needed<T>(
        &mut self,
        key: &str,
        value: Option<&String>,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if value.is_none() {
            self.problem(key, format!("is missing: {what}"));
        }
        self.optional(key, value, what, parse)
    }

    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        value: Option<&String>,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = value?;
        let parsed = parse(value);
        match &parsed {
            None if value.trim().is_empty() => self.problem(key, format!("is empty: {what}")),
            None => self.problem(key, format!("`{value}` is not {what}")),
            Some(_) => {}
        }
        parsed
    }

    fn publication(
        &mut self,
        options: &PublicationOptions,
        feed: &FeedOptions,
        shows: &[ShowOptions],
        letters: bool,
    ) -> Option<Publication> {
        const URL: &str = "an address such as `https://example.org/`";
        let title = self.needed("publication.title", options.title.as_ref(), "the name of the publication", Line::new);
        let home = self.needed("publication.home", options.home.as_ref(), URL, WebUrl::parse);
        let feeds = self.needed(
            "publication.feeds",
            options.feeds.as_ref(),
            "the address under which the folder `feeds/` is served, such as `https://example.org/feeds/`",
            folder_url,
        );
        let former_feeds = options.former_feeds.iter().enumerate().filter_map(|(at, former)| {
            self.optional(&format!("publication.former_feeds[{}]", at + 1), Some(former), URL, folder_url)
        });
        let former_feeds = former_feeds.collect();
        let language =
            self.needed("publication.language", options.language.as_ref(), "a language tag such as `en`", Language::parse);
        let zone =
            self.optional("publication.timezone", options.timezone.as_ref(), "a time zone such as `Africa/Bamako`", |name| {
                TimeZone::get(name).ok()
            });
        let copyright = self.optional("publication.copyright", options.copyright.as_ref(), "a line of text", Line::new);
        let image = self.optional("publication.image", options.image.as_ref(), URL, WebUrl::parse);
        let owner = self.mailbox("publication.owner", options.owner.as_ref());
        let postal_address =
            self.optional("publication.postal_address", options.postal_address.as_ref(), "a line of text", Line::new);
        if letters && options.postal_address.is_none() {
            self.problem("publication.postal_address", "is missing: a letter has to name the postal address of its sender");
        }
        let description = self.optional("publication.description", options.description.as_ref(), "a line of text", Line::new);
        let shows = shows.iter().enumerate().filter_map(|(at, show)| self.show(at + 1, show)).collect();
        Some(Publication {
            description: description.or_else(|| title.clone())?,
            title: title?,
            home: home?,
            feeds: feeds?,
            former_feeds,
            language: language?,
            zone: zone.unwrap_or(TimeZone::UTC),
            copyright,
            image,
            owner,
            postal_address,
            shows,
            pages: false,
            syndication: self.syndication(feed),
        })
    }

    pub(super) fn mailbox(&mut self, key: &str, value: Option<&String>) -> Option<Mailbox> {
        let value = value?;
        match Mailbox::parse(value) {
            Ok(mailbox) => Some(mailbox),
            Err(error) => {
                self.problem(key, format!("`{value}` is not an address such as `The Desk <desk@example.org>`: {error}"));
                None
            }
        }
    }

    fn show(&mut self, number: usize, options: &ShowOptions) -> Option<Show> {
        const URL: &str = "an address such as `https://example.org/show`";
        let key = |name: &str| format!("shows[{number}].{name}");
        let name = self.needed(&key("name"), options.name.as_ref(), "the name of the show", Line::new);
        let platforms = options
            .platforms
            .iter()
            .enumerate()
            .filter_map(|(at, platform)| {
                let key = |name: &str| key(&format!("platforms[{}].{name}", at + 1));
                let name = self.needed(&key("name"), platform.name.as_ref(), "the name of the platform", Line::new);
                let url = self.needed(&key("url"), platform.url.as_ref(), URL, WebUrl::parse);
                name.zip(url)
            })
            .collect();
        Some(Show {
            pitch: self.optional(&key("pitch"), options.pitch.as_ref(), "a line of text", Line::new),
            listen: self.optional(&key("listen"), options.listen.as_ref(), URL, WebUrl::parse),
            feed: self.optional(&key("feed"), options.feed.as_ref(), URL, WebUrl::parse),
            guid: self.optional(
                &key("guid"),
                options.guid.as_ref(),
                "a UUID, as `podcast:guid` of its feed gives it",
                ShowGuid::parse,
            ),
            // That of a show that is published may be a file.
            image: if options.is_published() {
                options.image.as_deref().and_then(WebUrl::parse)
            } else {
                self.optional(&key("image"), options.image.as_ref(), URL, WebUrl::parse)
            },
            platforms,
            name: name?,
        })
    }

    /// The name of a list: letters, digits and hyphens, since it stands in the header List-Id (RFC 2919, section 2).
    pub(super) fn list(&mut self, key: &str, value: Option<&String>) -> Option<Line> {
        let Some(value) = value else { return Line::new(DEFAULT_LIST) };
        self.optional(key, Some(value), "the name of a list: lower-case letters, digits and hyphens", |name| {
            (slug(name, 60) == name).then(|| Line::new(name)).flatten()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        [publication]
        title = "The Desk"
        home = "https://example.org/"
        feeds = "https://example.org/feeds"
        language = "en"
    "#;

    fn settings(text: &str) -> Result<Settings, ConfigError> {
        let file = Path::new("desk/config/griot.toml");
        Settings::from_options(file, Options::parse(file, text)?)
    }

    #[track_caller]
    fn problems(text: &str) -> Vec<String> {
        match settings(text) {
            Err(ConfigError::Problems { problems, .. }) => problems.into_iter().map(|problem| problem.key).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lists_have_names_and_titles() {
        let lists = |more: &str| {
            let letter = "postal_address = 'x'\n[letter]\nfrom = 'a@b.example'\nunsubscribe = 'mailto:a@b.example'\n";
            format!("{WHOLE}{letter}{more}")
        };
        let one = settings(&lists("")).unwrap().lists;
        assert_eq!(one.iter().map(|list| (list.name.as_str(), list.public)).collect::<Vec<_>>(), [("readers", true)]);
        let two = "[[lists]]\nname = 'readers'\ntitle = 'The letter'\n[[lists]]\nname = 'hausa'\ntitle = 'Wasika'\n\
                   language = 'ha'\npublic = false\n";
        let two = settings(&lists(two)).unwrap().lists;
        assert_eq!(two[1].language.as_str(), "ha");
        assert!(two[0].public && !two[1].public);
        let bad = "[[lists]]\nname = 'Two Words'\n[[lists]]\nname = 'a'\ntitle = 'A'\n[[lists]]\nname = 'a'\ntitle = 'B'\n";
        assert_eq!(problems(&lists(bad)), ["lists[1].name", "lists[1].title", "lists[3].name"]);
    }

    #[test]
    fn four_keys_are_enough_for_feeds() {
        let settings = settings(WHOLE).unwrap();
        assert_eq!(settings.feeds, Path::new("desk/feeds"));
        assert_eq!(settings.ledger, Path::new("desk/config/griot.db"));
        assert_eq!(settings.publication.feeds.as_str(), "https://example.org/feeds/");
        assert!(settings.letter.is_none());
    }

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let missing = problems("[letter]\n[smtp]\n[[schedule]]");
        assert_eq!(
            missing,
            [
                "letter.from",
                "letter.unsubscribe",
                "publication.title",
                "publication.home",
                "publication.feeds",
                "publication.language",
                "publication.postal_address",
                "smtp.host",
                "schedule[1].name",
                "schedule[1].at",
            ]
        );
    }

    #[test]
    fn a_plan_has_instants() {
        let plan = |at: &str| {
            format!(
                "{WHOLE}postal_address = 'x'\n[letter]\nfrom = 'a@b.example'\nunsubscribe = 'mailto:a@b.example'\n[[schedule]]\nname = 'x'\nat = '{at}'"
            )
        };
        assert_eq!(problems(&plan("0 7 31 2 *")), ["schedule[1].at"]);
        assert_eq!(problems(&plan("0 7 * *")), ["schedule[1].at"]);
        settings(&plan("0 7 29 2 *")).unwrap();
    }
}
