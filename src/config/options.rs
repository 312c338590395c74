use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::ConfigError;
use super::theme::ThemeOptions;

/// What was written in the config file, nothing checked but the names and kinds of the keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    pub publication: Option<PublicationOptions>,
    pub feed: Option<FeedOptions>,
    pub site: Option<SiteOptions>,
    pub letter: Option<LetterOptions>,
    #[serde(default)]
    pub lists: Vec<ListOptions>,
    #[serde(default)]
    pub shows: Vec<ShowOptions>,
    #[serde(default)]
    pub sources: Vec<SourceOptions>,
    pub smtp: Option<SmtpOptions>,
    pub delivery: Option<DeliveryOptions>,
    pub bounces: Option<BouncesOptions>,
    #[serde(default, deserialize_with = "super::dkim::one_or_more")]
    pub dkim: Vec<DkimOptions>,
    pub inbox: Option<InboxOptions>,
    #[serde(default)]
    pub schedule: Vec<ScheduleOptions>,
    pub fetch: Option<FetchOptions>,
    pub serve: Option<ServeOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationOptions {
    pub title: Option<String>,
    pub description: Option<String>,
    pub home: Option<String>,
    pub feeds: Option<String>,
    #[serde(default)]
    pub former_feeds: Vec<String>,
    pub language: Option<String>,
    pub timezone: Option<String>,
    pub copyright: Option<String>,
    pub image: Option<String>,
    pub owner: Option<String>,
    pub postal_address: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedOptions {
    pub items: Option<u32>,
    pub max_bytes: Option<u64>,
    pub archive: Option<bool>,
    pub sections: Option<NamesOptions>,
    pub authors: Option<NamesOptions>,
    pub news_sitemap: Option<bool>,
    #[serde(default)]
    pub hubs: Vec<String>,
    pub announce: Option<bool>,
    pub ttl: Option<u32>,
    #[serde(default)]
    pub skip_days: Vec<String>,
    #[serde(default)]
    pub skip_hours: Vec<u8>,
    pub joined_authors: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteOptions {
    pub pages: Option<bool>,
}

/// `"all"`, or a list of names.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected \"all\" or a list of names")]
pub enum NamesOptions {
    Word(String),
    List(Vec<String>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterOptions {
    pub from: Option<String>,
    pub reply_to: Option<String>,
    pub list: Option<String>,
    pub reason: Option<String>,
    pub accent: Option<String>,
    pub unsubscribe: Option<String>,
    pub unsubscribe_mail: Option<String>,
    pub one_click: Option<bool>,
    pub help: Option<String>,
    pub feedback_id: Option<String>,
    pub subject: Option<String>,
    pub preheader: Option<String>,
    pub pictures: Option<PicturesOptions>,
    #[serde(default)]
    pub low_data_lists: Vec<String>,
    pub light_version: Option<bool>,
    pub feed: Option<bool>,
    pub pictures_without_alt: Option<String>,
    pub body: Option<String>,
    pub templates: Option<String>,
    pub theme: Option<ThemeOptions>,
    /// Words, and tables of words by language: `config/wording.rs` tells them apart.
    #[serde(default)]
    pub words: BTreeMap<String, toml::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListOptions {
    pub name: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub public: Option<bool>,
}

/// `true`, `false`, or a word.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected \"linked\", \"attached\" or \"none\"")]
pub enum PicturesOptions {
    Flag(bool),
    Word(String),
}

#[derive(Debug, Default, Deserialize)]
pub struct ShowOptions {
    pub name: Option<String>,
    pub pitch: Option<String>,
    pub listen: Option<String>,
    pub feed: Option<String>,
    pub guid: Option<String>,
    pub image: Option<String>,
    #[serde(default)]
    pub platforms: Vec<PlatformOptions>,
    // All else is for a show that is published: `config/shows.rs` reads it, and complains of what it does not know.
    #[serde(flatten)]
    pub(super) more: BTreeMap<String, toml::Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformOptions {
    pub name: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceOptions {
    pub url: Option<String>,
    pub file: Option<String>,
    pub name: Option<String>,
    pub items: Option<u32>,
    pub full_text: Option<String>,
    #[serde(default)]
    pub topics: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpOptions {
    pub host: Option<String>,
    pub port: Option<u16>,
    pub socket: Option<String>,
    pub protocol: Option<String>,
    pub security: Option<String>,
    pub user: Option<String>,
    pub password_env: Option<String>,
    pub password_file: Option<String>,
    pub login: Option<String>,
    pub ca_file: Option<String>,
    pub hello: Option<String>,
    pub connections: Option<u32>,
    pub weight: Option<u32>,
    pub per_minute: Option<u32>,
    pub per_hour: Option<u32>,
    pub per_day: Option<u32>,
    pub timeout_seconds: Option<u32>,
    #[serde(default)]
    pub more: Vec<SmtpOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryOptions {
    pub connections_per_domain: Option<u32>,
    pub give_up_days: Option<u32>,
    pub bounces: Option<String>,
    pub sendmail: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimOptions {
    pub domain: Option<String>,
    pub selector: Option<String>,
    pub key_file: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxOptions {
    pub folder: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BouncesOptions {
    pub maildir: Option<String>,
    pub imap: Option<ImapOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapOptions {
    pub host: Option<String>,
    pub port: Option<u16>,
    pub security: Option<String>,
    pub user: Option<String>,
    pub password_env: Option<String>,
    pub password_file: Option<String>,
    pub folder: Option<String>,
    pub ca_file: Option<String>,
    pub seen: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleOptions {
    pub name: Option<String>,
    pub at: Option<String>,
    pub list: Option<String>,
    pub items: Option<ItemsOptions>,
    pub minimum: Option<u32>,
    #[serde(default)]
    pub topics: Vec<String>,
    pub language: Option<String>,
    pub subject: Option<String>,
    pub preheader: Option<String>,
}

/// A number, or a word.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected \"since-last\", \"one\" or a whole number")]
pub enum ItemsOptions {
    Number(u32),
    Word(String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchOptions {
    #[serde(default)]
    pub allow_hosts: Vec<String>,
    pub max_bytes: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeOptions {
    pub listen: Option<String>,
    pub url: Option<String>,
    pub inside: Option<String>,
    pub inside_public: Option<bool>,
    pub behind_proxy: Option<bool>,
    pub connections: Option<u32>,
}

impl Options {
    /// Reads TOML. The error draws the line and names the key that was probably meant.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let message = error.to_string().lines().map(covered).collect::<Vec<_>>().join("\n");
            ConfigError::Syntax {
                file: file.to_path_buf(),
                message: plain(message.trim_end()),
                suggestion: suggestion(error.message()),
            }
        })
    }
}

/// A drawn line of the config without the value of a key that sounds secret: errors end up in mails and logs.
fn covered(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let drawn = line.split_once(" | ").is_some_and(|(number, _)| number.trim().parse::<usize>().is_ok());
    let value = ["pass", "secret", "token", "pwd"].iter().filter_map(|word| {
        let at = lower.find(word)?;
        Some(at + lower.get(at..)?.find('=')? + 1)
    });
    match value.min().and_then(|at| line.get(..at)) {
        Some(key) if drawn => format!("{key} ***"),
        _ => line.to_owned(),
    }
}

/// The message with Rust's names of numbers in words.
fn plain(message: &str) -> String {
    let named = [
        ("u8", "a whole number up to 255"),
        ("u16", "a whole number up to 65535"),
        ("u32", "a whole number"),
        ("u64", "a whole number"),
        ("usize", "a whole number"),
    ];
    named
        .iter()
        .find_map(|(name, words)| Some(format!("{}expected {words}", message.strip_suffix(&format!("expected {name}"))?)))
        .unwrap_or_else(|| message.to_owned())
}

const SECRET: &str =
    "a password never stands in the config; name the variable with `password_env`, or a file with `password_file`";

/// "did you mean", from the words that serde lists: unknown field `titel`, expected one of `title`, ...
fn suggestion(message: &str) -> Option<String> {
    let (unknown, known) = message.strip_prefix("unknown field `")?.split_once('`')?;
    if ["password", "pass", "passwd"].contains(&unknown) {
        return Some(SECRET.to_owned());
    }
    let word = nearest(unknown, known.split('`').skip(1).step_by(2))?;
    Some(format!("did you mean `{word}`?"))
}

/// The word that was probably meant.
pub(super) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, word) = known.map(|word| (strsim::damerau_levenshtein(unknown, word), word)).min()?;
    (distance <= 2.max(word.len() / 3)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(text: &str) -> Option<String> {
        Options::parse(Path::new("griot.toml"), text).unwrap_err().hint()
    }

    #[test]
    fn an_unknown_key_gets_the_one_that_was_meant() {
        assert_eq!(hint("[publication]\ntitel = 'x'").as_deref(), Some("did you mean `title`?"));
        assert_eq!(hint("[publikation]").as_deref(), Some("did you mean `publication`?"));
        assert_eq!(hint("[inbox]\nfodler = 'x'").as_deref(), Some("did you mean `folder`?"));
        assert_eq!(hint("[publication]\nquartz = 'x'"), None);
        assert!(hint("[smtp]\npassword = 'x'").unwrap().contains("never stands in the config"));
    }

    #[test]
    fn what_sounds_secret_is_not_shown() {
        #[track_caller]
        fn case(text: &str, drawn: &str) {
            let message = Options::parse(Path::new("griot.toml"), text).unwrap_err().to_string();
            assert!(message.contains(drawn) && !message.contains("hunter2"), "{message}");
        }
        case("[smtp]\npassword = 'hunter2'", "\n2 | password = ***\n");
        case("[smtp]\npasswort = 'hunter2'", "\n2 | passwort = ***\n");
        case("smtp = { host = 'x', Password='hunter2' }", "\n1 | smtp = { host = 'x', Password= ***\n");
        case("[smtp]\npassword_env = hunter2", "\n2 | password_env = ***\n");
        case("[smtp]\nhots = 'x'", "\n2 | hots = 'x'\n");
    }

    #[test]
    fn numbers_are_named_in_words() {
        let message = |text| Options::parse(Path::new("griot.toml"), text).unwrap_err().to_string();
        assert!(message("[smtp]\nport = 'x'").ends_with("invalid type: string \"x\", expected a whole number up to 65535"));
        assert!(message("[feed]\nitems = -1").ends_with("invalid value: integer `-1`, expected a whole number"));
    }
}
