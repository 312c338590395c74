use std::fmt;

use super::Line;

/// What a mail server says to a command or to a message; also griot's own word in a server's place, where none was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits (RFC 5321, section 4.2); the first says how it went: 2 done, 3 go on, 4 later, 5 no.
    pub code: u16,
    /// Class, subject and detail, such as 5.1.1 (RFC 3463); only where the class says the same as the code.
    pub enhanced: Option<[u16; 3]>,
    /// Code and words on one line, fit for a log: no control characters, at most [`Reply::LONGEST`] characters.
    pub text: String,
}

impl Reply {
    /// Longest text of a reply, in characters.
    pub const LONGEST: usize = 300;

    /// The reply of a code and its words, which may be of any form and length.
    pub fn new(code: u16, words: &str) -> Self {
        let text = format!("{code} {words}");
        let text = Line::new(&text).map(|line| line.shortened(Self::LONGEST).to_string()).unwrap_or_default();
        Self { code, enhanced: enhanced(code, words), text }
    }

    /// The reply that a text such as `451 4.7.1 try later` is, as it stands in the ledger.
    pub fn parse(text: &str) -> Option<Self> {
        let (code, words) = text.split_at_checked(3)?;
        let fine = code.bytes().all(|b| b.is_ascii_digit()) && (words.is_empty() || words.starts_with(' '));
        let code = code.parse().ok().filter(|code| fine && (200..600).contains(code))?;
        Some(Self::new(code, words.trim_start()))
    }

    /// 421: the server closes the connection after this reply, whatever it replied to (RFC 5321, section 3.8).
    pub fn is_closing(&self) -> bool {
        self.code == 421
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The enhanced code that the words begin with, if it does not contradict the code (RFC 2034, section 4).
fn enhanced(code: u16, words: &str) -> Option<[u16; 3]> {
    let mut parts = words.split_whitespace().next()?.split('.');
    let mut part = |longest: usize| {
        let digits = parts.next()?;
        let fine = digits.len() <= longest && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|_| fine)
    };
    let found = [part(1)?, part(3)?, part(3)?];
    (parts.next().is_none() && matches!(found, [2 | 4 | 5, ..]) && found.first() == Some(&(code / 100))).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_codes_are_believed_where_they_agree() {
        #[track_caller]
        fn case(code: u16, words: &str, expected: Option<[u16; 3]>) {
            assert_eq!(Reply::new(code, words).enhanced, expected, "{words}");
        }
        case(550, "5.1.1 no such user", Some([5, 1, 1]));
        case(250, "2.0.0", Some([2, 0, 0]));
        case(451, "4.7.650 too fast", Some([4, 7, 650]));
        for words in
            ["", "5.1", "5.1.1.1 x", "5.1.1000 x", "5.+1.1 x", "5..1", "4.1.1 later", "1.2.3", "127.0.0.1 is listed", "٥.1.1"]
        {
            case(550, words, None);
        }
        case(354, "3.0.0 go on", None);
    }

    #[test]
    fn a_reply_is_one_short_line() {
        let reply = Reply::new(550, &format!("5.7.1 \x1b[31mno\r\n\0 {}", "way ".repeat(1000)));
        assert!(reply.text.starts_with("550 5.7.1 [31mno way way"), "{}", reply.text);
        assert!(reply.text.chars().count() <= Reply::LONGEST && !reply.text.contains(char::is_control));
        assert_eq!(Reply::new(250, "").text, "250");
    }

    #[test]
    fn a_reply_in_the_ledger_is_read_back() {
        let reply = Reply::new(451, "4.7.1 try later");
        assert_eq!(Reply::parse(&reply.text), Some(reply));
        assert_eq!(Reply::parse("421").unwrap().code, 421);
        for text in ["", "42", "999 x", "042 x", "4511 x", "+45 x", "é50 x", "no reply within 5 s"] {
            assert_eq!(Reply::parse(text), None, "{text}");
        }
    }
}
