use std::path::Path;

use serde::Deserialize;

use super::ConfigError;

/// What was written in the config file, nothing checked but the names and kinds of the keys.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    pub publication: Option<PublicationOptions>,
    pub feed: Option<FeedOptions>,
    pub letter: Option<LetterOptions>,
    #[serde(default)]
    pub shows: Vec<ShowOptions>,
    pub smtp: Option<SmtpOptions>,
    pub inbox: Option<InboxOptions>,
    #[serde(default)]
    pub schedule: Vec<ScheduleOptions>,
    pub fetch: Option<FetchOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationOptions {
    pub title: Option<String>,
    pub description: Option<String>,
    pub home: Option<String>,
    pub feeds: Option<String>,
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
    pub pictures: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowOptions {
    pub name: Option<String>,
    pub pitch: Option<String>,
    pub listen: Option<String>,
    pub feed: Option<String>,
    pub image: Option<String>,
    #[serde(default)]
    pub platforms: Vec<PlatformOptions>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformOptions {
    pub name: Option<String>,
    pub url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpOptions {
    pub host: Option<String>,
    pub port: Option<u16>,
    pub security: Option<String>,
    pub user: Option<String>,
    pub password_env: Option<String>,
    pub password_file: Option<String>,
    pub ca_file: Option<String>,
    pub hello: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InboxOptions {
    pub folder: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleOptions {
    pub name: Option<String>,
    pub at: Option<String>,
    pub list: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchOptions {
    #[serde(default)]
    pub allow_hosts: Vec<String>,
    pub max_bytes: Option<usize>,
}

impl Options {
    /// Reads TOML. The error draws the line and names the key that was probably meant.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let suggestion = suggestion(error.message());
            let secret = suggestion.as_deref() == Some(SECRET);
            // The drawn line would show what has to stay secret, and errors end up in mails and logs.
            let message = if secret { error.message().to_owned() } else { error.to_string() };
            ConfigError::Syntax { file: file.to_path_buf(), message: message.trim_end().to_owned(), suggestion }
        })
    }
}

const SECRET: &str =
    "a password never stands in the config; name the variable with `password_env`, or a file with `password_file`";

/// "did you mean", from the words that serde lists: unknown field `titel`, expected one of `title`, ...
fn suggestion(message: &str) -> Option<String> {
    if message.starts_with("unknown field `password`") {
        return Some(SECRET.to_owned());
    }
    let (unknown, known) = message.strip_prefix("unknown field `")?.split_once('`')?;
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|word| (strsim::damerau_levenshtein(unknown, word), word))
        .min()
        .filter(|(distance, word)| *distance <= 2.max(word.len() / 3))
        .map(|(_, word)| format!("did you mean `{word}`?"))
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
}
