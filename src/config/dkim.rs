//! Who signs the letters: the sections `[[dkim]]`.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::LetterSettings;
use super::options::DkimOptions;
use super::settings::Check;
use crate::domain::Address;

/// A key that letters are signed with. The key itself is read when it is needed.
#[derive(Debug)]
pub struct DkimSettings {
    /// The domain that signs: that of the sender, or one above it.
    pub domain: String,
    /// Under which name below the domain the DNS shows the public key.
    pub selector: String,
    pub key_file: PathBuf,
}

impl Check {
    pub(super) fn dkim(
        &mut self,
        options: &[DkimOptions],
        letters: bool,
        letter: Option<&LetterSettings>,
        home: &Path,
    ) -> Vec<DkimSettings> {
        if !options.is_empty() && !letters {
            self.problem("dkim", "signs letters, and there is no `[letter]`");
        }
        let mut out: Vec<DkimSettings> = Vec::new();
        for (at, one) in options.iter().enumerate() {
            let place = if options.len() == 1 { "dkim".to_owned() } else { format!("dkim[{}]", at + 1) };
            let key = |name: &str| format!("{place}.{name}");
            let selector = self.needed(
                &key("selector"),
                one.selector.as_ref(),
                "a name for the key, of letters, digits and hyphens, such as `griot`",
                selector_of,
            );
            let file = self.needed(
                &key("key_file"),
                one.key_file.as_ref(),
                "the file with the private key, such as `config/dkim-griot.pem`; `griot dkim new` makes one",
                |file| (!file.trim().is_empty()).then(|| home.join(file)),
            );
            let sender = letter.map(|letter| letter.from.address.domain());
            let domain = match &one.domain {
                Some(_) => self.optional(&key("domain"), one.domain.as_ref(), "a domain such as `example.org`", domain_of),
                None => sender.map(str::to_owned),
            };
            if let (Some(domain), Some(sender)) = (&domain, sender)
                && !is_at_or_above(domain, sender)
            {
                let what = format!(
                    "`{domain}` is neither the domain of `letter.from`, `{sender}`, nor one above it: receivers would not count the signature as the sender's (DMARC)"
                );
                self.problem(&key("domain"), what);
            }
            let Some(((selector, key_file), domain)) = selector.zip(file).zip(domain) else { continue };
            if out.iter().any(|other| other.selector == selector && other.domain == domain) {
                self.problem(&key("selector"), format!("`{selector}` is the name of another key: each key has one of its own"));
            }
            out.push(DkimSettings { domain, selector, key_file });
        }
        out
    }
}

/// Labels of the DNS, in lower case (RFC 6376, section 3.1).
pub fn selector_of(text: &str) -> Option<String> {
    let label = |label: &str| {
        let edges = label.starts_with('-') || label.ends_with('-');
        !label.is_empty() && label.len() <= 63 && !edges && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    (text.len() <= 100 && text.split('.').all(label)).then(|| text.to_ascii_lowercase())
}

/// A domain as addresses have it, with a dot in it: nobody signs for all of `org`.
fn domain_of(text: &str) -> Option<String> {
    let domain = Address::parse(&format!("desk@{text}")).ok()?.domain().to_owned();
    domain.contains('.').then_some(domain)
}

/// RFC 7489, section 3.1.1, without its list of public suffixes.
fn is_at_or_above(domain: &str, sender: &str) -> bool {
    sender == domain || sender.strip_suffix(domain).is_some_and(|below| below.ends_with('.'))
}

/// One table or a list of them: `[dkim]` for one key, `[[dkim]]` for several.
pub(super) fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DkimOptions>, D::Error> {
    struct Tables;
    impl<'de> Visitor<'de> for Tables {
        type Value = Vec<DkimOptions>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table `[dkim]`, or several `[[dkim]]`")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            DkimOptions::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut tables: A) -> Result<Self::Value, A::Error> {
            let mut out = Vec::new();
            while let Some(one) = tables.next_element()? {
                out.push(one);
            }
            Ok(out)
        }
    }
    deserializer.deserialize_any(Tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigError, Options, Settings};

    const LETTER: &str = "[publication]\ntitle = 'The Desk'\nhome = 'https://example.org/'\nfeeds = 'https://example.org/feeds'\nlanguage = 'en'\n\
        postal_address = 'x'\n[letter]\nfrom = 'letter@news.example.org'\nunsubscribe = 'mailto:leave@example.org'\n";

    fn settings(text: &str) -> Result<Vec<DkimSettings>, ConfigError> {
        let file = Path::new("desk/config/griot.toml");
        Settings::from_options(file, Options::parse(file, &format!("{LETTER}{text}"))?).map(|settings| settings.dkim)
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
    fn one_key_or_two() {
        let one = settings("[dkim]\nselector = 'Griot'\nkey_file = 'config/a.pem'").unwrap().remove(0);
        assert_eq!((one.domain.as_str(), one.selector.as_str()), ("news.example.org", "griot"));
        assert_eq!(one.key_file, Path::new("desk/config/a.pem"));
        let two = "[[dkim]]\nselector = 'a'\nkey_file = '/a'\n[[dkim]]\nselector = 'b'\nkey_file = '/b'\ndomain = 'Example.org'";
        assert_eq!(
            settings(two).unwrap().iter().map(|key| key.domain.as_str()).collect::<Vec<_>>(),
            ["news.example.org", "example.org"]
        );
    }

    #[test]
    fn a_key_signs_for_the_sender() {
        let key = |text: &str| format!("[dkim]\nselector = 'a'\nkey_file = 'a'\n{text}");
        for domain in ["other.org", "org", "ample.org", "a.news.example.org", "", "a b", "127.0.0.1"] {
            problems(&key(&format!("domain = '{domain}'")), &["dkim.domain"]);
        }
        problems("[dkim]\n", &["dkim.selector", "dkim.key_file"]);
        for selector in ["", "a b", "-a", "a..b", "é", "a;b"] {
            problems(&format!("[dkim]\nselector = '{selector}'\nkey_file = 'a'"), &["dkim.selector"]);
        }
        problems("[[dkim]]\nselector = 'a'\nkey_file = 'a'\n[[dkim]]\nselector = 'A'\nkey_file = 'b'", &["dkim[2].selector"]);
    }

    #[test]
    fn a_slip_in_the_table_is_named() {
        let file = Path::new("griot.toml");
        let hint = |text| Options::parse(file, text).unwrap_err().hint();
        assert_eq!(hint("[dkim]\nselektor = 'a'").as_deref(), Some("did you mean `selector`?"));
        assert_eq!(hint("[[dkim]]\nkeyfile = 'a'").as_deref(), Some("did you mean `key_file`?"));
        assert!(Options::parse(file, "dkim = 1").unwrap_err().to_string().contains("expected a table `[dkim]`"));
    }
}
