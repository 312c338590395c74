use std::fmt;

/// A language tag, well-formed by BCP 47 (RFC 5646, section 2.1) as far as language, script, region and variants go.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(String);

impl Language {
    /// The tag with customary case (`en`, `pt-BR`, `zh-Hant`), or `None` where it is not well-formed.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.trim().replace('_', "-");
        let mut parts = Vec::new();
        for (at, part) in tag.split('-').enumerate() {
            if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            let alphabetic = part.bytes().all(|b| b.is_ascii_alphabetic());
            let part = part.to_ascii_lowercase();
            parts.push(match (at, part.len()) {
                (0, 2 | 3) if alphabetic => part,
                (0, _) => return None,
                (_, 2) if alphabetic => part.to_ascii_uppercase(),
                (_, 4) if alphabetic => format!("{}{}", part[..1].to_ascii_uppercase(), &part[1..]),
                _ => part,
            });
        }
        Some(Self(parts.join("-")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without script, region and variants: `pt` of `pt-BR`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The direction of its usual script: `rtl` or `ltr`, as HTML's `dir` wants it.
    pub fn direction(&self) -> &'static str {
        let script = self.0.split('-').nth(1).filter(|part| part.len() == 4);
        let right_to_left = match script {
            Some(script) => matches!(script, "Arab" | "Hebr" | "Nkoo" | "Syrc" | "Thaa" | "Adlm"),
            None => matches!(
                self.primary(),
                "ar" | "fa" | "he" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv" | "ckb" | "nqo" | "arz" | "prs"
            ),
        };
        if right_to_left { "rtl" } else { "ltr" }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_and_cased() {
        assert_eq!(Language::parse("PT-br").unwrap().as_str(), "pt-BR");
        assert_eq!(Language::parse("zh_hant").unwrap().as_str(), "zh-Hant");
        assert_eq!(Language::parse("english"), None);
        assert_eq!(Language::parse(""), None);
        assert_eq!(Language::parse("ar").unwrap().direction(), "rtl");
        assert_eq!(Language::parse("ha-Arab").unwrap().direction(), "rtl");
        assert_eq!(Language::parse("fr").unwrap().direction(), "ltr");
    }
}
