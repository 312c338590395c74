//! Where mail goes out: the sections `[smtp]` and `[delivery]`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::SignedDuration;

use super::options::{DeliveryOptions, SmtpOptions};
use super::settings::Check;
use crate::domain::{Address, Publication};

/// How editions are delivered.
#[derive(Debug)]
pub struct DeliverySettings {
    /// The mail servers; none where nothing can be sent.
    pub servers: Vec<SmtpSettings>,
    /// A program that takes mail as sendmail does, in the place of servers.
    pub sendmail: Option<PathBuf>,
    /// Connections at once that carry mail for one domain; as many as there are unless set.
    pub connections_per_domain: Option<usize>,
    /// How long a reader is tried.
    pub give_up: SignedDuration,
    /// Where reports of undelivered mail go: a token for the reader is added to its local part (VERP).
    pub bounces: Option<Address>,
}

#[derive(Debug)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    /// A socket of this machine, in the place of host and port.
    pub socket: Option<PathBuf>,
    pub protocol: Protocol,
    pub security: Security,
    pub user: Option<String>,
    pub password: Option<Password>,
    /// How to log in; the best that the server offers unless set.
    pub login: Option<Login>,
    /// Root certificates (PEM) to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The name griot gives itself in EHLO.
    pub hello: String,
    /// Connections at once.
    pub connections: usize,
    /// Its share of the mail beside the other servers'; with 0 it only stands in for them.
    pub weight: u32,
    pub limits: Limits,
    /// The longest that it may take for any reply; the minutes of RFC 5321, section 4.5.3.2, unless set.
    pub patience: Option<Duration>,
}

/// Messages that a server takes at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub per_minute: Option<u32>,
    pub per_hour: Option<u32>,
    pub per_day: Option<u32>,
}

impl Limits {
    pub fn are_set(self) -> bool {
        self != Self::default()
    }
}

/// What the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Smtp,
    /// RFC 2033: a server that puts mail into mailboxes itself.
    Lmtp,
}

/// A way to log in (RFC 4954).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    Plain,
    Login,
    /// The password is an OAuth 2 token.
    XOauth2,
    ScramSha256,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314, section 3.3).
    Tls,
    /// STARTTLS, required.
    StartTls,
    /// None; only towards this machine itself.
    None,
}

/// Where the password is kept. The password itself is read when it is needed.
#[derive(Clone, Debug)]
pub enum Password {
    Env(String),
    File(PathBuf),
}

const DEFAULT_CONNECTIONS: u32 = 4;
const MOST_CONNECTIONS: u32 = 200;
/// RFC 5321, section 4.5.4.1, advises four to five days.
const DEFAULT_GIVE_UP_DAYS: u32 = 5;

impl Check {
    pub(super) fn delivery(
        &mut self,
        options: Option<DeliveryOptions>,
        smtp: Option<&SmtpOptions>,
        home: &Path,
        publication: Option<&Publication>,
    ) -> DeliverySettings {
        let options = options.unwrap_or_default();
        let first = smtp.map(|smtp| ("smtp".to_owned(), smtp));
        let more = smtp.into_iter().flat_map(|smtp| &smtp.more).enumerate();
        let all = first.into_iter().chain(more.map(|(at, smtp)| (format!("smtp.more[{}]", at + 1), smtp)));
        let servers: Vec<SmtpSettings> = all.filter_map(|(key, smtp)| self.smtp(&key, smtp, home, publication)).collect();
        if smtp.is_some() && options.sendmail.is_some() {
            self.problem("delivery.sendmail", "and `[smtp]` exclude each other");
        }
        if smtp.is_some_and(|smtp| smtp.more.iter().any(|more| !more.more.is_empty())) {
            self.problem("smtp.more", "holds no servers of its own: put all of them side by side");
        }
        if !servers.is_empty() && servers.iter().all(|server| server.weight == 0) {
            self.problem("smtp.weight", "is 0 for every server: one of them has to take the mail");
        }
        self.at_least_one("delivery.connections_per_domain", options.connections_per_domain);
        self.at_least_one("delivery.give_up_days", options.give_up_days);
        let days = i64::from(options.give_up_days.unwrap_or(DEFAULT_GIVE_UP_DAYS));
        DeliverySettings {
            servers,
            sendmail: options.sendmail.map(|program| home.join(program)),
            connections_per_domain: options.connections_per_domain.and_then(|most| usize::try_from(most).ok()),
            give_up: SignedDuration::from_hours(days * 24),
            bounces: self.optional("delivery.bounces", options.bounces.as_ref(), "an address", |text| Address::parse(text).ok()),
        }
    }

    fn smtp(&mut self, key: &str, options: &SmtpOptions, home: &Path, publication: Option<&Publication>) -> Option<SmtpSettings> {
        let key = |name: &str| format!("{key}.{name}");
        let socket = options.socket.as_ref().map(|socket| home.join(socket));
        let host = match (&options.host, &socket) {
            (None, Some(_)) => Some("localhost".to_owned()),
            (host, _) => self.needed(&key("host"), host.as_ref(), "the mail server, such as `mail.example.org`", host_of),
        };
        let security = self.security(&key("security"), options.security.as_ref());
        let protocol = self.optional(&key("protocol"), options.protocol.as_ref(), "`smtp` or `lmtp`", |word| match word {
            "smtp" => Some(Protocol::Smtp),
            "lmtp" => Some(Protocol::Lmtp),
            _ => None,
        });
        let login =
            self.optional(&key("login"), options.login.as_ref(), "`plain`, `login`, `xoauth2` or `scram-sha-256`", |word| {
                match word {
                    "plain" => Some(Login::Plain),
                    "login" => Some(Login::Login),
                    "xoauth2" => Some(Login::XOauth2),
                    "scram-sha-256" => Some(Login::ScramSha256),
                    _ => None,
                }
            });
        let loopback = socket.is_some() || options.host.as_deref().is_some_and(is_loopback);
        // Towards this machine itself nothing can listen in; anywhere else STARTTLS is required unless TLS is asked for.
        let security = security.unwrap_or(if loopback { Security::None } else { Security::StartTls });
        if security == Security::None && !loopback && options.host.is_some() {
            self.problem(&key("security"), "`none` is only for a server on this machine (`localhost`): use `tls` or `starttls`");
        }
        let password = self.password(&key("password_env"), options.password_env.as_ref(), options.password_file.as_ref(), home);
        if options.user.is_some() != (options.password_env.is_some() || options.password_file.is_some()) {
            self.problem(&key("user"), "goes with `smtp.password_env` or `smtp.password_file`");
        }
        if options.connections.is_some_and(|connections| !(1..=MOST_CONNECTIONS).contains(&connections)) {
            self.problem(&key("connections"), format!("is a number from 1 to {MOST_CONNECTIONS}"));
        }
        let limits = [("per_minute", options.per_minute), ("per_hour", options.per_hour), ("per_day", options.per_day)];
        for (name, value) in limits.into_iter().chain([("timeout_seconds", options.timeout_seconds)]) {
            self.at_least_one(&key(name), value);
        }
        let port = options.port.unwrap_or(match (protocol, security) {
            (Some(Protocol::Lmtp), _) => 24,
            (_, Security::Tls) => 465,
            (_, Security::StartTls) => 587,
            (_, Security::None) => 25,
        });
        let hello = options.hello.clone().or_else(|| publication.map(|publication| publication.home.host().to_owned()));
        Some(SmtpSettings {
            host: host?,
            port,
            socket,
            protocol: protocol.unwrap_or(Protocol::Smtp),
            security,
            user: options.user.clone(),
            password,
            login,
            ca_file: options.ca_file.as_ref().map(|file| home.join(file)),
            hello: hello.unwrap_or_else(|| "localhost".to_owned()),
            connections: usize::try_from(options.connections.unwrap_or(DEFAULT_CONNECTIONS)).unwrap_or(1),
            weight: options.weight.unwrap_or(1),
            limits: Limits { per_minute: options.per_minute, per_hour: options.per_hour, per_day: options.per_day },
            patience: options.timeout_seconds.map(|seconds| Duration::from_secs(seconds.into())),
        })
    }

    pub(super) fn security(&mut self, key: &str, word: Option<&String>) -> Option<Security> {
        self.optional(key, word, "`tls`, `starttls` or `none`", |word| match word {
            "tls" => Some(Security::Tls),
            "starttls" => Some(Security::StartTls),
            "none" => Some(Security::None),
            _ => None,
        })
    }

    pub(super) fn password(
        &mut self,
        key: &str,
        variable: Option<&String>,
        file: Option<&String>,
        home: &Path,
    ) -> Option<Password> {
        match (variable, file) {
            (Some(_), Some(_)) => {
                self.problem(key, "and `password_file` exclude each other");
                None
            }
            (Some(name), None) => Some(Password::Env(name.clone())),
            (None, Some(file)) => Some(Password::File(home.join(file))),
            (None, None) => None,
        }
    }

    fn at_least_one(&mut self, key: &str, value: Option<u32>) {
        if value == Some(0) {
            self.problem(key, "is a number from 1 on: leave it out for no limit of your own");
        }
    }
}

pub(super) fn host_of(host: &str) -> Option<String> {
    let is_name = url::Host::parse(host.trim_matches(['[', ']'])).is_ok();
    (is_name || host.parse::<IpAddr>().is_ok()).then(|| host.to_owned())
}

pub(super) fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    const PUBLICATION: &str = "[publication]\ntitle = 'The Desk'\nhome = 'https://example.org/'\nfeeds = 'https://example.org/feeds'\nlanguage = 'en'\n";

    fn settings(text: &str) -> Result<DeliverySettings, ConfigError> {
        let file = Path::new("desk/config/griot.toml");
        let options = Options::parse(file, &format!("{PUBLICATION}{text}")).unwrap();
        Settings::from_options(file, options).map(|settings| settings.delivery)
    }

    #[track_caller]
    fn server(text: &str) -> SmtpSettings {
        settings(&format!("[smtp]\n{text}")).unwrap().servers.remove(0)
    }

    #[track_caller]
    fn problems(text: &str, keys: &[&str]) {
        match settings(text) {
            Err(ConfigError::Problems { problems, .. }) => {
                assert_eq!(problems.iter().map(|problem| problem.key.as_str()).collect::<Vec<_>>(), keys, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn mail_in_the_clear_stays_on_this_machine() {
        problems("[smtp]\nhost = 'mail.example.org'\nsecurity = 'none'", &["smtp.security"]);
        assert_eq!(server("host = '127.0.0.1'\nport = 2525").security, Security::None);
        let remote = server("host = 'mail.example.org'");
        assert_eq!((remote.security, remote.port), (Security::StartTls, 587));
        problems("[smtp]\nhost = 'mail.example.org'\nuser = 'x'", &["smtp.user"]);
    }

    #[test]
    fn servers_stand_side_by_side() {
        let delivery = settings(
            "[smtp]\nhost = 'one.example'\nweight = 3\n[[smtp.more]]\nhost = 'two.example'\nweight = 0\nper_hour = 500\n\
             [delivery]\ngive_up_days = 2\nbounces = 'bounces@example.org'",
        );
        let delivery = delivery.unwrap();
        let hosts: Vec<(&str, u32)> = delivery.servers.iter().map(|server| (server.host.as_str(), server.weight)).collect();
        assert_eq!(hosts, [("one.example", 3), ("two.example", 0)]);
        assert!(delivery.servers.iter().map(|server| server.limits.are_set()).eq([false, true]));
        assert_eq!(delivery.give_up.as_hours(), 48);
        problems("[smtp]\nhost = 'one.example'\n[[smtp.more]]\nport = 25", &["smtp.more[1].host"]);
        problems("[smtp]\nhost = 'one.example'\nweight = 0", &["smtp.weight"]);
    }

    #[test]
    fn a_socket_needs_no_host() {
        let server = server("socket = '/run/lmtp'\nprotocol = 'lmtp'");
        assert_eq!((server.socket.as_deref(), server.security), (Some(Path::new("/run/lmtp")), Security::None));
        problems("[smtp]\nhost = 'localhost'\n[delivery]\nsendmail = '/usr/sbin/sendmail'", &["delivery.sendmail"]);
    }

    #[test]
    fn numbers_make_sense() {
        problems("[smtp]\nhost = 'localhost'\nconnections = 0\nper_day = 0", &["smtp.connections", "smtp.per_day"]);
        problems("[delivery]\ngive_up_days = 0", &["delivery.give_up_days"]);
        problems("[smtp]\nhost = 'localhost'\nlogin = 'cram'\nprotocol = 'uucp'", &["smtp.protocol", "smtp.login"]);
    }
}
