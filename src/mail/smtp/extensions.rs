//! What a server says that it can do (RFC 5321, section 4.1.1.1).

use super::server::Login;

/// A keyword of the answer to EHLO that griot makes use of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extension {
    /// RFC 2920
    Pipelining,
    /// RFC 3030
    Chunking,
    /// RFC 1870
    Size,
    /// RFC 6152
    EightBitMime,
    /// RFC 6531
    SmtpUtf8,
    /// RFC 3461
    Dsn,
    /// RFC 2034
    EnhancedStatusCodes,
    /// RFC 3207
    StartTls,
}

/// What a server offers. Nothing, where it knows HELO only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    offered: Vec<Extension>,
    /// Most bytes of a message that the server takes, where it says so.
    pub largest: Option<usize>,
    pub logins: Vec<Login>,
}

impl Extensions {
    /// Reads the lines of the answer to EHLO; the first is the server's name. Unknown and malformed ones count for nothing.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut found = Self::default();
        for line in lines.into_iter().skip(1) {
            let line = line.trim().to_ascii_uppercase();
            // `AUTH=PLAIN LOGIN` is the form of before RFC 2554; some servers send both.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            let extension = match words.next().unwrap_or_default() {
                "PIPELINING" => Extension::Pipelining,
                "CHUNKING" => Extension::Chunking,
                "8BITMIME" => Extension::EightBitMime,
                "SMTPUTF8" => Extension::SmtpUtf8,
                "DSN" => Extension::Dsn,
                "ENHANCEDSTATUSCODES" => Extension::EnhancedStatusCodes,
                "STARTTLS" => Extension::StartTls,
                "SIZE" => {
                    // 0: no fixed limit (RFC 1870, section 4).
                    found.largest = words.next().and_then(|size| size.parse().ok()).filter(|size| *size > 0);
                    Extension::Size
                }
                "AUTH" => {
                    found.logins.extend(words.filter_map(Login::parse));
                    continue;
                }
                _ => continue,
            };
            found.offered.push(extension);
        }
        found
    }

    pub fn has(&self, extension: Extension) -> bool {
        self.offered.contains(&extension)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_known() {
        let found = Extensions::parse([
            "PIPELINING post.example",
            "CHUNKING",
            "Size 1000",
            "auth PLAIN",
            "AUTH=LOGIN CRAM-MD5 XOAUTH2",
            "AUTH SCRAM-SHA-256",
            "8bitmime",
            "",
            "X-NEW thing",
        ]);
        assert!(!found.has(Extension::Pipelining), "the first line is a name");
        assert!(found.has(Extension::Chunking) && found.has(Extension::EightBitMime) && found.has(Extension::Size));
        assert!(!found.has(Extension::Dsn) && !found.has(Extension::StartTls));
        assert_eq!(found.largest, Some(1000));
        assert_eq!(found.logins, [Login::Plain, Login::LoginMech, Login::XOauth2, Login::ScramSha256]);
        for size in ["SIZE", "SIZE 0", "SIZE -1", "SIZE 99999999999999999999999", "SIZE x"] {
            let found = Extensions::parse(["x", size]);
            assert_eq!((found.largest, found.has(Extension::Size)), (None, true), "{size}");
        }
    }
}
