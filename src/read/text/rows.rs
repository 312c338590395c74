//! The lines of a pasted page: numbered, folded, unwrapped, measured.

use crate::domain::fold;
use crate::read::dates;
use crate::read::words::{ends_sentence, measure};

/// A line that has text. The empty ones are kept as the `gap` of the next.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Line of the source, counted from 1; of lines joined the first.
    pub number: usize,
    /// The line folded, without its bullet.
    pub text: String,
    /// The text in small letters, for looking up cues.
    pub key: String,
    /// Whether an empty line stands above.
    pub gap: bool,
    pub bullet: Option<Bullet>,
    /// Cells of a line with tabs; empty for others.
    pub cells: Vec<String>,
    /// How much there is to read: words, of scripts without spaces two letters a word.
    pub words: usize,
    /// Whether it ends as a sentence does.
    pub stopped: bool,
    /// Whether most of its words begin with a capital: so do the entries of a menu that was copied as one line.
    pub capitals: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bullet {
    Dot,
    Number,
    /// `> ` before a quoted line.
    Quote,
}

impl Row {
    /// Running text rather than a label: a whole sentence of some length, or a long line.
    pub fn is_prose(&self) -> bool {
        (self.words >= 8 && (self.stopped || self.text.ends_with(':'))) || (self.words >= 20 && !self.capitals)
    }

    /// A short whole sentence: "Nobody came."
    pub fn is_remark(&self) -> bool {
        self.stopped && !self.is_prose() && self.words >= 2
    }
}

/// The rows of a text.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let mut out: Vec<Row> = Vec::new();
    let mut gap = true;
    for (number, line) in unwrapped(text) {
        let row = row(number, &line, gap);
        gap = row.is_none();
        out.extend(row);
        if out.len() == MOST {
            break;
        }
    }
    out
}

/// The row of a folded text, which has no line breaks.
pub(super) fn one(text: &str) -> Option<Row> {
    row(1, text, true)
}

/// Rows that are read of a page: a long list of comments has some thousands.
pub(super) const MOST: usize = 50_000;

fn row(number: usize, line: &str, gap: bool) -> Option<Row> {
    let folded = fold(line);
    let (bullet, rest) = bullet(&folded);
    if !rest.chars().any(char::is_alphanumeric) {
        return None;
    }
    let cells = if line.trim().contains('\t') { line.trim().split('\t').map(fold).collect() } else { Vec::new() };
    Some(Row {
        number,
        key: rest.to_lowercase(),
        gap,
        bullet,
        cells,
        words: measure(rest),
        stopped: ends_sentence(rest),
        capitals: is_in_capitals(rest),
        text: rest.to_owned(),
    })
}

/// Whether at least three of four words begin with a capital.
fn is_in_capitals(text: &str) -> bool {
    let (mut words, mut capitals) = (0, 0);
    for word in text.split_whitespace() {
        words += 1;
        // Some pages set whole paragraphs in capitals; a menu has its letters behind the first small.
        let mut letters = word.chars();
        capitals +=
            usize::from(letters.next().is_some_and(char::is_uppercase) && !letters.next().is_some_and(char::is_uppercase));
    }
    capitals * 4 >= words * 3
}

/// Cuts the bullet off a line.
fn bullet(text: &str) -> (Option<Bullet>, &str) {
    for dot in ["- ", "* ", "• ", "· ", "◦ ", "▪ ", "■ ", "‣ ", "– "] {
        if let Some(rest) = text.strip_prefix(dot) {
            return (Some(Bullet::Dot), rest);
        }
    }
    if let Some(rest) = text.strip_prefix("> ") {
        return (Some(Bullet::Quote), rest);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(rest) = text.get(digits..).and_then(|rest| rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")))
        // "3. Mai 2024" and "06. 01. 2026" begin with a date, not with a number of an item.
        && dates::find(&text.chars().take(24).collect::<String>(), None).is_none()
    {
        return (Some(Bullet::Number), rest);
    }
    (None, text)
}

/// The lines of a text with their numbers, those of a text wrapped at a fixed width joined to paragraphs.
///
/// A text is wrapped when no line with spaces is longer than [`WIDEST`] characters: a copied page has paragraphs on
/// one line each, far longer. There a line goes on in the next when the next one's first word had no room on it.
fn unwrapped(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = split(text);
    let width = |line: &str| line.trim_end().chars().count();
    let spaced = |line: &&&str| line.trim().contains(' ');
    let widest = lines.iter().filter(spaced).map(|line| width(line)).max().unwrap_or(0);
    let full = lines.iter().filter(spaced).filter(|line| width(line) + 20 > widest).count();
    let wrapped = (NARROWEST..=WIDEST).contains(&widest) && full >= 3;
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (index, line) in lines.iter().enumerate() {
        let first = line.split_whitespace().next().map_or(0, |word| word.chars().count());
        let starts = bullet(line.trim_start()).0.is_some();
        match out.last_mut() {
            Some((_, paragraph)) if open && first > 0 && !starts => {
                paragraph.push(' ');
                paragraph.push_str(line.trim());
            }
            _ => out.push((index + 1, (*line).to_owned())),
        }
        let next = lines.get(index + 1).and_then(|next| next.split_whitespace().next()).map_or(0, |word| word.chars().count());
        open = wrapped && first > 0 && width(line) + 1 + next > widest;
    }
    out
}

/// Widest line, in characters, of a text that was wrapped by hand or by a mail program (RFC 3676 says 78 at most; some allow 100).
const WIDEST: usize = 100;
/// Narrower texts are lists and verse.
const NARROWEST: usize = 40;

/// The lines of a text: LF, CRLF, CR, NEL, line and paragraph separator, vertical tab and form feed end one.
fn split(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !matches!(c, '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            continue;
        }
        out.extend(text.get(start..at));
        start = at + c.len_utf8();
        if c == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
            start += 1;
        }
    }
    out.extend(text.get(start..));
    out
}
