//! Lines for the plain-text part, measured in columns of a terminal rather than in characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the plain-text part: what mail programs show without wrapping again, also when quoted.
pub(super) const COLUMNS: usize = 72;

/// The text in lines of at most [`COLUMNS`], the first after `first`, the others after `rest`.
///
/// Words stay whole, URLs always; between two characters of full width, which Chinese and Japanese write without
/// spaces, a line may end too.
pub(super) fn wrap(text: &str, first: &str, rest: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        wrap_line(&mut out, line, if at == 0 { first } else { rest }, rest);
    }
    out
}

/// The lines, underlined as far as the longest of them reaches.
pub(super) fn underlined(text: &str, with: char) -> String {
    let lines = wrap(text, "", "");
    let width = lines.lines().map(UnicodeWidthStr::width).max().unwrap_or_default();
    format!("{lines}\n{}", with.to_string().repeat(width))
}

fn wrap_line(out: &mut String, line: &str, first: &str, rest: &str) {
    let mut column = first.width();
    let mut indent = column;
    out.push_str(first);
    for (at, word) in line.split(may_break).filter(|word| !word.is_empty()).enumerate() {
        let mut space = at > 0;
        for unit in units(word) {
            let width = unit.width();
            let gap = usize::from(space && column > indent);
            if column > indent && column + gap + width > COLUMNS {
                out.push('\n');
                out.push_str(rest);
                indent = rest.width();
                column = indent;
            } else if gap == 1 {
                out.push(' ');
                column += 1;
            }
            out.push_str(unit);
            column += width;
            space = false;
        }
    }
}

/// Whether a line may end at the space: not at one that holds French punctuation or a date together.
fn may_break(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{A0}' | '\u{202F}' | '\u{2007}')
}

/// Lines that are set by hand: kept as they are, and broken where they are longer than this many columns, at a space
/// where there is one in the second half.
pub(super) fn hard(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let mut rest = line;
        while let Some(end) = overflow(rest, columns) {
            let cut = rest[..end].rfind(' ').map(|space| space + 1).filter(|cut| *cut > end / 2).unwrap_or(end);
            let (head, tail) = rest.split_at(cut);
            out.push_str(head.trim_end_matches(' '));
            out.push('\n');
            rest = tail;
        }
        out.push_str(rest);
    }
    out
}

/// Where the first character stands that has no room in these columns.
fn overflow(line: &str, columns: usize) -> Option<usize> {
    let mut column = 0;
    let over = line.char_indices().find(|(_, c)| {
        column += c.width().unwrap_or(0);
        column > columns
    });
    over.map(|(at, _)| at).filter(|at| *at > 0)
}

/// The parts of a word between which a line may end.
fn units(word: &str) -> Vec<&str> {
    if word.contains("://") {
        return vec![word];
    }
    let endless = word.width() > COLUMNS;
    let (mut units, mut start, mut width) = (Vec::new(), 0, 0);
    let mut before = None;
    for (at, c) in word.char_indices() {
        let columns = c.width().unwrap_or(0);
        // Closing punctuation never begins a line and opening punctuation never ends one (JIS X 4051);
        // marks without a width of their own stay with their letter.
        let clings = columns == 0 || CLOSING.contains(c) || before.is_none_or(|before| OPENING.contains(before));
        let parts = columns == 2 || before.and_then(UnicodeWidthChar::width) == Some(2) || (endless && width >= COLUMNS / 2);
        if parts && !clings {
            units.push(&word[start..at]);
            (start, width) = (at, 0);
        }
        width += columns;
        if columns > 0 {
            before = Some(c);
        }
    }
    units.push(&word[start..]);
    units
}

const CLOSING: &str = "、。，．：；！？）」』】》〉ー";
const OPENING: &str = "（「『【《〈";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fits(text: &str) -> String {
        let wrapped = wrap(text, "", "");
        for line in wrapped.lines() {
            assert!(line.width() <= COLUMNS, "{} columns: {line}", line.width());
        }
        wrapped
    }

    #[test]
    fn wraps_at_words_and_keeps_them_all() {
        let text = "the boats came down the river in the early light ".repeat(9);
        let wrapped = fits(&text);
        assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
        assert!(wrapped.lines().count() > 5);
    }

    #[test]
    fn full_width_characters_count_twice_and_may_be_parted() {
        let wrapped = fits(&"河の水は高い。".repeat(20));
        assert!(wrapped.lines().all(|line| !line.starts_with('。')));
        assert_eq!(wrapped.replace('\n', ""), "河の水は高い。".repeat(20));
        fits(&"a".repeat(1000));
        fits(&format!("e{}", "\u{301}".repeat(500)));
    }

    #[test]
    fn urls_are_never_broken() {
        let url = format!("https://example.org/{}", "long/".repeat(40));
        let wrapped = wrap(&format!("see {url} for it"), "", "");
        assert!(wrapped.lines().any(|line| line == url));
    }

    #[test]
    fn what_is_held_together_stays_so() {
        let wrapped = fits(&format!("{} Photo\u{a0}: quatre\u{202f}!", "x".repeat(65)));
        assert!(wrapped.ends_with("\nPhoto\u{a0}: quatre\u{202f}!"), "{wrapped}");
        assert_eq!(hard("ab\ncdef\n河河", 2), "ab\ncd\nef\n河\n河");
        assert_eq!(hard("one two  three\n\n  x", 9), "one two\nthree\n\n  x");
    }

    #[test]
    fn indents_and_underlines() {
        assert_eq!(wrap("one\ntwo", "- ", "  "), "- one\n  two");
        assert_eq!(underlined("河 a", '='), "河 a\n====");
        assert!(wrap(&"word ".repeat(40), "> ", "> ").lines().all(|line| line.starts_with("> word") && line.len() <= COLUMNS));
    }
}
