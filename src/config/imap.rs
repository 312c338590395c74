//! A mailbox on a server: the section `[bounces.imap]`.

use std::path::{Path, PathBuf};

use super::delivery::{Password, Security, host_of, is_loopback};
use super::options::ImapOptions;
use super::settings::Check;

/// A folder of a mailbox that is read by IMAP.
#[derive(Debug)]
pub struct ImapSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: String,
    pub password: Password,
    pub folder: String,
    /// Root certificates (PEM) to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether what was taken is marked as read.
    pub seen: bool,
}

impl Check {
    pub(super) fn imap(&mut self, table: &str, options: &ImapOptions, home: &Path) -> Option<ImapSettings> {
        let key = |name: &str| format!("{table}.{name}");
        let host = self.needed(&key("host"), options.host.as_ref(), "the mail server, such as `imap.example.org`", host_of);
        let loopback = options.host.as_deref().is_some_and(is_loopback);
        // Towards this machine itself nothing can listen in; from anywhere else the password would be read on its way.
        let security = self.security(&key("security"), options.security.as_ref()).unwrap_or(if loopback {
            Security::None
        } else {
            Security::Tls
        });
        if security == Security::None && !loopback && options.host.is_some() {
            self.problem(&key("security"), "`none` is only for a server on this machine (`localhost`): use `tls` or `starttls`");
        }
        let user = self.needed(&key("user"), options.user.as_ref(), "the name to log in with", |user| {
            (!user.trim().is_empty()).then(|| user.to_owned())
        });
        let (variable, file) = (options.password_env.as_ref(), options.password_file.as_ref());
        if variable.or(file).is_none() {
            self.problem(&key("password_env"), "is missing: the variable that holds the password, or a file in `password_file`");
        }
        let password = self.password(&key("password_env"), variable, file, home);
        let folder = options.folder.clone().unwrap_or_else(|| "INBOX".to_owned());
        if folder.trim().is_empty() || folder.contains(char::is_control) {
            self.problem(&key("folder"), "is the name of a folder, such as `INBOX` or `Bounces`");
        }
        Some(ImapSettings {
            host: host?,
            port: options.port.unwrap_or(if security == Security::Tls { 993 } else { 143 }),
            security,
            user: user?,
            password: password?,
            folder,
            ca_file: options.ca_file.as_ref().map(|file| home.join(file)),
            seen: options.seen.unwrap_or(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{ConfigError, ImapSettings, Options, Security, Settings};

    const PUBLICATION: &str = "[publication]\ntitle = 'The Desk'\nhome = 'https://example.org/'\nfeeds = 'https://example.org/feeds'\nlanguage = 'en'\n";

    fn imap(text: &str) -> Result<ImapSettings, ConfigError> {
        let file = std::path::Path::new("desk/config/griot.toml");
        let options = Options::parse(file, &format!("{PUBLICATION}[bounces.imap]\n{text}")).unwrap();
        Settings::from_options(file, options).map(|settings| settings.bounces_imap.unwrap())
    }

    #[track_caller]
    fn problems(text: &str, keys: &[&str]) {
        match imap(text) {
            Err(ConfigError::Problems { problems, .. }) => {
                assert_eq!(problems.iter().map(|problem| problem.key.as_str()).collect::<Vec<_>>(), keys, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_mailbox_elsewhere_is_encrypted() {
        let found = imap("host = 'imap.example.org'\nuser = 'desk'\npassword_env = 'X'").unwrap();
        assert_eq!((found.security, found.port, found.folder.as_str(), found.seen), (Security::Tls, 993, "INBOX", false));
        let found = imap("host = '::1'\nuser = 'desk'\npassword_file = 'x'").unwrap();
        assert_eq!((found.security, found.port), (Security::None, 143));
        problems("host = 'imap.example.org'\nuser = 'desk'\npassword_env = 'X'\nsecurity = 'none'", &["bounces.imap.security"]);
        problems(
            "security = 'ssl'",
            &["host", "security", "user", "password_env"]
                .map(|name| format!("bounces.imap.{name}"))
                .each_ref()
                .map(String::as_str),
        );
        problems("host = 'localhost'\nuser = 'desk'\npassword_env = 'X'\npassword_file = 'x'", &["bounces.imap.password_env"]);
        problems("host = 'localhost'\nuser = 'desk'\npassword_env = 'X'\nfolder = ''", &["bounces.imap.folder"]);
    }
}
