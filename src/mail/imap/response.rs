//! What a server says. Anything is a response of some kind: what is not understood is passed over, and nothing fails here.

use super::wire::{Piece, shown};

/// One response, as it came.
#[derive(Debug)]
pub(super) struct Response(pub Vec<Piece>);

/// How a command ended, or what a server says of itself (RFC 3501, section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
    PreAuth,
    Bye,
}

const STATUSES: [(&str, Status); 5] =
    [("OK", Status::Ok), ("NO", Status::No), ("BAD", Status::Bad), ("PREAUTH", Status::PreAuth), ("BYE", Status::Bye)];

/// What is told of one message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    /// Its place in the folder.
    pub number: u32,
    pub uid: Option<u32>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// The beginning of it.
    pub head: Option<Vec<u8>>,
}

impl Response {
    /// Whether a line is a status, or asks for more: the rest of such a line is for people.
    pub fn is_status(line: &[u8]) -> bool {
        let mut words = line.split(|byte| *byte == b' ');
        let (tag, word) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        tag != b"*" || status(word).is_some()
    }

    fn line(&self) -> &[u8] {
        match self.0.first() {
            Some(Piece::Line(line)) => line,
            _ => b"",
        }
    }

    /// Whether the server waits for more of the command.
    pub fn is_request(&self) -> bool {
        self.line() == b"+" || self.line().starts_with(b"+ ")
    }

    /// The status under a tag, `*` for one that no command has asked for, with its words.
    pub fn status(&self, tag: &str) -> Option<(Status, String)> {
        let rest = self.line().strip_prefix(tag.as_bytes())?.strip_prefix(b" ")?;
        let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
        let words = rest.get(end + 1..).unwrap_or_default();
        Some((status(rest.get(..end)?)?, shown(words)))
    }

    /// The number before a word, as in `* 23 EXISTS`.
    pub fn number_of(&self, word: &str) -> Option<u32> {
        let (number, rest) = self.numbered()?;
        rest.eq_ignore_ascii_case(word.as_bytes()).then_some(number)
    }

    /// The number in a code, as in `* OK [UIDVALIDITY 3857529045] UIDs valid`.
    pub fn code_number(&self, code: &str) -> Option<u32> {
        let (Status::Ok, words) = self.status("*")? else { return None };
        let inside = words.strip_prefix('[')?.split_once(']')?.0;
        let (name, number) = inside.split_once(' ')?;
        if name.eq_ignore_ascii_case(code) { number.trim().parse().ok() } else { None }
    }

    /// What the server can do: `* CAPABILITY IMAP4rev1 AUTH=PLAIN`.
    pub fn capabilities(&self) -> Option<Vec<String>> {
        let text = String::from_utf8_lossy(self.line()).to_ascii_uppercase();
        let list = text.strip_prefix("* CAPABILITY")?;
        Some(list.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// What it tells of a message: `* 12 FETCH (UID 5 BODY[]<0> {310}...)`.
    pub fn message(self) -> Option<Message> {
        let (number, rest) = self.numbered()?;
        let word = rest.get(..6)?;
        if !word.eq_ignore_ascii_case(b"FETCH ") {
            return None;
        }
        let begin = self.line().len() - rest.len() + 6;
        let mut message = Message { number, ..Message::default() };
        let mut tokens = tokens(self.0, begin).into_iter();
        let Some(Token::Open) = tokens.next() else { return None };
        let mut depth = 0_usize;
        let mut name: Option<Vec<u8>> = None;
        for token in tokens {
            match token {
                Token::Open => depth += 1,
                Token::Close if depth == 0 => break,
                Token::Close => {
                    depth -= 1;
                    if depth == 0 {
                        name = None;
                    }
                }
                Token::Text(_) if depth > 0 => {}
                Token::Text(text) => match name.take() {
                    None => name = Some(text.to_ascii_uppercase()),
                    Some(name) => message.learn(&name, text),
                },
            }
        }
        Some(message)
    }

    fn numbered(&self) -> Option<(u32, &[u8])> {
        let rest = self.line().strip_prefix(b"* ")?;
        let end = memchr::memchr(b' ', rest)?;
        let number = std::str::from_utf8(rest.get(..end)?).ok()?.parse().ok()?;
        Some((number, rest.get(end + 1..)?))
    }
}

impl Message {
    fn learn(&mut self, name: &[u8], value: Vec<u8>) {
        let number = || std::str::from_utf8(&value).ok()?.parse::<u64>().ok();
        match name {
            b"UID" => self.uid = number().and_then(|uid| u32::try_from(uid).ok()),
            b"RFC822.SIZE" => self.size = number(),
            _ if name.starts_with(b"BODY[]") => self.head = Some(value),
            _ => {}
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// An atom with its section in brackets, a quoted text, or a literal.
    Text(Vec<u8>),
}

/// The tokens of a response's pieces, of the first one from `begin` on.
fn tokens(pieces: Vec<Piece>, begin: usize) -> Vec<Token> {
    let mut out = Vec::new();
    let mut begin = Some(begin);
    for piece in pieces {
        match piece {
            Piece::Line(line) => split(line.get(begin.take().unwrap_or(0)..).unwrap_or_default(), &mut out),
            Piece::Literal(bytes) => out.push(Token::Text(bytes)),
        }
    }
    out
}

fn split(line: &[u8], out: &mut Vec<Token>) {
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' => {}
            b'(' => out.push(Token::Open),
            b')' => out.push(Token::Close),
            b'"' => {
                let mut text = Vec::new();
                while let Some(byte) = bytes.next() {
                    match byte {
                        b'"' => break,
                        b'\\' => text.extend(bytes.next()),
                        byte => text.push(byte),
                    }
                }
                out.push(Token::Text(text));
            }
            first => {
                let mut atom = vec![first];
                let mut in_section = first == b'[';
                while let Some(byte) = bytes.next_if(|byte| in_section || !matches!(byte, b' ' | b'(' | b')')) {
                    in_section = (in_section || byte == b'[') && byte != b']';
                    atom.push(byte);
                }
                out.push(Token::Text(atom));
            }
        }
    }
}

fn status(word: &[u8]) -> Option<Status> {
    STATUSES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes())).map(|(_, status)| *status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(pieces: &[&str]) -> Response {
        let piece = |(at, text): (usize, &&str)| {
            let bytes = text.as_bytes().to_vec();
            if at % 2 == 0 { Piece::Line(bytes) } else { Piece::Literal(bytes) }
        };
        Response(pieces.iter().enumerate().map(piece).collect())
    }

    /// The message of a response, and what it should be: number, UID, size and head, `-` for what is not told.
    #[track_caller]
    fn message(pieces: &[&str], expected: &str) {
        let told = response(pieces).message().map(|message| {
            let told = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
            let head = message.head.map_or_else(|| "-".to_owned(), |head| String::from_utf8(head).unwrap());
            format!("{} {} {} {head}", message.number, told(message.uid.map(u64::from)), told(message.size))
        });
        assert_eq!(told.unwrap_or_default(), expected, "{pieces:?}");
    }

    #[test]
    fn a_message_is_told_of_in_any_order() {
        message(&["* 3 FETCH (UID 7 RFC822.SIZE 120)"], "3 7 120 -");
        message(&["* 3 fetch (BODY[]<0> ", "A: b\r\n\r\n(", " UID 7)"], "3 7 - A: b\r\n\r\n(");
        message(&["* 3 FETCH (FLAGS (\\Seen $x) BODY[HEADER.FIELDS (A B)] \"a \\\" (b\" BODY[] \"x\" UID 7)"], "3 7 - x");
        message(&["* 3 FETCH (BODYSTRUCTURE ((\"text\" \"UID\" 9)(UID 8)) UID 7)"], "3 7 - -");
        message(&["* 3 FETCH (UID 99999999999 RFC822.SIZE x"], "3 - - -");
        message(&[&format!("* 3 FETCH (X {}", "(".repeat(50_000))], "3 - - -");
        for none in ["* 3 FETCH x", "* 3 FETCHED (UID 7)", "* 3 EXISTS", "* -3 FETCH (UID 7)", "* 3 FETC", "* 3", "*", ""] {
            message(&[none], "");
        }
    }

    #[test]
    fn a_status_has_a_tag_and_words() {
        let status = |line: &str, tag: &str| response(&[line]).status(tag);
        assert_eq!(status("a1 OK done", "a1"), Some((Status::Ok, "done".to_owned())));
        assert_eq!(status("a1 no [X] \u{7}", "a1"), Some((Status::No, "[X] \\u{7}".to_owned())));
        assert_eq!(status("a1 OK", "a1"), Some((Status::Ok, String::new())));
        assert_eq!((status("a11 OK x", "a1"), status("* OK x", "a1"), status("a1 FETCH x", "a1")), (None, None, None));
        assert_eq!(response(&["* ok [uidnext 12] x"]).code_number("UIDNEXT"), Some(12));
        assert_eq!(response(&["* NO [UIDNEXT 12] x"]).code_number("UIDNEXT"), None);
        assert_eq!(response(&["* 12 EXISTS"]).number_of("EXISTS"), Some(12));
        assert!(Response::is_status(b"* OK see {5}") && Response::is_status(b"a1 NO {5}") && Response::is_status(b"+ {5}"));
        assert!(!Response::is_status(b"* 1 FETCH (BODY[] {5}"));
    }

    #[test]
    fn any_bytes_are_a_response() {
        let words: [&[u8]; 14] =
            [b"* ", b"1 ", b"FETCH ", b"(", b")", b"UID ", b"BODY[", b"]<0> ", b"\"", b"\\", b"g1 ", b"OK ", b"[", b"\xff\0{"];
        let mut seed = 7_u32;
        let mut next = |most: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(seed >> 8).unwrap() % most
        };
        let mut understood = 0;
        for _ in 0..20_000 {
            let mut pieces = Vec::new();
            for _ in 0..=next(3) {
                let line = (0..next(12)).flat_map(|_| words[next(words.len())].to_vec()).collect();
                pieces.extend([Piece::Line(line), Piece::Literal(b"x".to_vec())]);
            }
            let response = Response(pieces);
            let told = (response.status("g1"), response.number_of("FETCH"), response.code_number("OK"), response.capabilities());
            understood += usize::from(told.0.is_some()) + usize::from(response.message().is_some());
        }
        assert!(understood > 0);
    }
}
