//! Text in the head of a message: ASCII, folded, and nothing in it that a client would take for more than text.
//!
//! What is not plain goes into encoded words (RFC 2047): letters outside ASCII, words too long for a line, and ASCII that looks
//! like an encoded word, by which a title could smuggle in what its type keeps out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::{Address, Line};

/// Columns of a line with encoded words in it (RFC 2047, section 2).
const COLUMNS: usize = 76;
/// Longest encoded word (RFC 2047, section 2).
const ENCODED_WORD: usize = 75;
/// Longest word that stands as it is: it fits behind the name of every header.
const PLAIN_WORD: usize = 62;
/// Columns that are worth beginning an encoded word in.
const ROOM: usize = 24;

/// A header of plain text, such as `Subject`, with its line end.
pub(super) fn text(name: &str, text: &str) -> String {
    let mut folded = Folded::new(name);
    folded.words(text, |word| word.bytes().all(|byte| byte.is_ascii_graphic()));
    folded.end()
}

/// A header with a name and an address in angle brackets, with its line end; the address alone where there is no name.
pub(super) fn mailbox(name: &str, display: Option<&Line>, address: &Address) -> String {
    match display {
        Some(display) => named(name, display, &address.reveal()),
        None => format!("{name}: {}\r\n", address.reveal()),
    }
}

/// A header with a phrase and what it names in angle brackets (RFC 5322, section 3.2.5), with its line end.
pub(super) fn named(name: &str, phrase: &Line, target: &str) -> String {
    let mut folded = Folded::new(name);
    let phrase = phrase.shortened(100).to_string();
    let quoted = format!("\"{}\"", phrase.replace('\\', "\\\\").replace('"', "\\\""));
    let is_plain = |word: &str| word.bytes().all(is_atom);
    if phrase.is_ascii() && !phrase.split(' ').all(is_plain) && quoted.len() <= PLAIN_WORD && !quoted.contains("=?") {
        folded.token(&quoted);
    } else {
        folded.words(&phrase, is_plain);
    }
    folded.token(&format!("<{target}>"));
    folded.end()
}

/// A character of a word that needs no quotes (RFC 5322, section 3.2.3).
fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A header that is folded while it is written.
struct Folded {
    text: String,
    column: usize,
    is_begun: bool,
}

impl Folded {
    fn new(name: &str) -> Self {
        Self { text: format!("{name}:"), column: name.len() + 1, is_begun: false }
    }

    /// One word, on this line or the next.
    fn token(&mut self, token: &str) {
        // The first stays beside the name: some readers take a line without a value for an empty header.
        if self.is_begun && self.column + 1 + token.len() > COLUMNS {
            self.text.push_str("\r\n");
            self.column = 0;
        }
        self.text.push(' ');
        self.text.push_str(token);
        self.column += 1 + token.len();
        self.is_begun = true;
    }

    /// Words with single spaces between them; those that are not plain are encoded, with the spaces between two of them.
    fn words(&mut self, text: &str, is_plain: impl Fn(&str) -> bool) {
        let mut encoded = String::new();
        for word in text.split(' ') {
            if word.len() <= PLAIN_WORD && is_plain(word) && !word.contains("=?") {
                self.encoded(&std::mem::take(&mut encoded));
                self.token(word);
            } else {
                if !encoded.is_empty() {
                    encoded.push(' ');
                }
                encoded.push_str(word);
            }
        }
        self.encoded(&encoded);
    }

    /// A text as encoded words, whichever way is the shorter; no character is cut in two.
    fn encoded(&mut self, text: &str) {
        let in_quotes: usize = text.chars().map(|c| quoted(c).len()).sum();
        let (method, is_quoted) = if in_quotes <= text.len().div_ceil(3) * 4 { ("Q", true) } else { ("B", false) };
        let frame = format!("=?utf-8?{method}?");
        let around = frame.len() + 2;
        let mut rest = text;
        while !rest.is_empty() {
            let left = (COLUMNS - 1).saturating_sub(self.column);
            let room = if left < ROOM { ENCODED_WORD } else { left.min(ENCODED_WORD) } - around;
            let mut content = String::new();
            let mut end = 0;
            for (at, c) in rest.char_indices() {
                let after = at + c.len_utf8();
                // One character at least, so that there is always less of it.
                let fits =
                    end == 0 || if is_quoted { content.len() + quoted(c).len() <= room } else { after.div_ceil(3) * 4 <= room };
                if !fits {
                    break;
                }
                if is_quoted {
                    content.push_str(&quoted(c));
                }
                end = after;
            }
            let (now, later) = rest.split_at(end);
            if !is_quoted {
                content = STANDARD.encode(now);
            }
            self.token(&format!("{frame}{content}?="));
            rest = later;
        }
    }

    fn end(mut self) -> String {
        self.text.push_str("\r\n");
        self.text
    }
}

/// A character as the encoding Q writes it, in phrases too (RFC 2047, section 5, rule 3).
fn quoted(c: char) -> String {
    if c == ' ' {
        return "_".to_owned();
    }
    if c.is_ascii_alphanumeric() || "!*+-/".contains(c) {
        return c.to_string();
    }
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0').to_ascii_uppercase();
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().flat_map(|byte| ['=', digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn subject(title: &str, expected: &str) {
        assert_eq!(text("Subject", title), expected, "{title}");
    }

    #[track_caller]
    fn from(name: &str, expected: &str) {
        let address = Address::parse("a@b.example").unwrap();
        assert_eq!(mailbox("From", Line::new(name).as_ref(), &address), expected, "{name}");
    }

    #[test]
    fn plain_words_stand_as_they_are() {
        subject("A river rises", "Subject: A river rises\r\n");
        subject("Rivers that remember – no. 12", "Subject: Rivers that remember =?utf-8?B?4oCT?= no. 12\r\n");
        subject("L’eau qui été", "Subject: =?utf-8?B?TOKAmWVhdQ==?= qui =?utf-8?B?w6l0w6k=?=\r\n");
        subject("مالي اليوم", "Subject: =?utf-8?B?2YXYp9mE2Yog2KfZhNmK2YjZhQ==?=\r\n");
        from("The Desk", "From: The Desk <a@b.example>\r\n");
        from("Zoë at Kora", "From: =?utf-8?Q?Zo=C3=AB?= at Kora <a@b.example>\r\n");
        from("The \"Delta\", weekly", "From: \"The \\\"Delta\\\", weekly\" <a@b.example>\r\n");
        from("", "From: a@b.example\r\n");
    }

    #[test]
    fn what_looks_encoded_is_encoded() {
        subject("=?utf-8?Q?=0D=0ABcc:?= x", "Subject: =?utf-8?B?PT91dGYtOD9RPz0wRD0wQUJjYzo/PQ==?= x\r\n");
        from("=?utf-8?Q?a?=", "From: =?utf-8?B?PT91dGYtOD9RP2E/PQ==?= <a@b.example>\r\n");
    }

    /// As a client reads it: unfolded, encoded words decoded, the spaces between two of them dropped.
    fn decoded(header: &str) -> String {
        let value = header.split_once(": ").unwrap().1.replace("\r\n", "");
        let mut out = String::new();
        let mut was_encoded = true;
        for word in value.split(' ') {
            let Some(inside) = word.strip_prefix("=?utf-8?").and_then(|word| word.strip_suffix("?=")) else {
                out += if out.is_empty() { "" } else { " " };
                out += word;
                was_encoded = false;
                continue;
            };
            if !was_encoded {
                out.push(' ');
            }
            let bytes = if let Some(letters) = inside.strip_prefix("B?") {
                STANDARD.decode(letters).unwrap()
            } else {
                let mut bytes = Vec::new();
                let mut letters = inside.strip_prefix("Q?").unwrap().bytes();
                while let Some(letter) = letters.next() {
                    bytes.push(match letter {
                        b'_' => b' ',
                        b'=' => {
                            let hex: String = letters.by_ref().take(2).map(char::from).collect();
                            u8::from_str_radix(&hex, 16).unwrap()
                        }
                        letter => letter,
                    });
                }
                bytes
            };
            // No character is cut: each word is text by itself.
            out += std::str::from_utf8(&bytes).unwrap();
            was_encoded = true;
        }
        out
    }

    #[test]
    fn any_text_comes_back_from_short_lines() {
        let long = ["word ".repeat(2000), "x".repeat(10_000), "é".repeat(500), "👩‍🚀🌊".repeat(200), "a–".repeat(3000)];
        let mixed = "Ceux qui comptent l’eau – et ce que l’eau compte, au fil du delta, saison après saison 🌊 = ? _ =?x?= fin";
        for title in long.iter().map(String::as_str).chain([mixed, "= ? _", "مالي: ماذا بعد عودة الجيش إلى كيدال؟"])
        {
            for length in [1, 20, 60, 61, 62, 63, 64, 65, 66, 70, 100, usize::MAX] {
                let title: String = title.chars().take(length).collect();
                let title = title.trim();
                let header = text("Subject", title);
                assert!(header.is_ascii());
                assert!(header.trim_end().split("\r\n").all(|line| line.len() <= COLUMNS), "{header}");
                assert_eq!(decoded(&header), title, "{header}");
                let name = Line::new(title).unwrap();
                let header = named("Reply-To", &name, "a@b.example");
                assert!(header.trim_end().split("\r\n").all(|line| line.len() <= COLUMNS), "{header}");
            }
        }
    }
}
