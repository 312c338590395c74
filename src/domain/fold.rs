//! Folding of white space and removal of characters that no output may carry.

/// Whether XML 1.0 allows the character (XML 1.0, section 2.2, `Char`), less the noncharacters it advises against.
///
/// Feed readers refuse a whole document for one character outside this set, however it is escaped.
pub fn is_xml_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}' => false,
        _ => u32::from(c) & 0xFFFE != 0xFFFE,
    }
}

/// White space folded to single spaces, ends trimmed, characters removed that have no place in running text.
///
/// Removed are what XML 1.0 forbids, byte order marks, soft hyphens, zero-width spaces and the
/// bidirectional overrides that could reorder text beyond their own field (Unicode UAX 9, section 2).
/// C1 controls become the windows-1252 characters they were meant to be (WHATWG Encoding, windows-1252).
/// A no-break space becomes a space unless it holds French punctuation to its word.
pub fn fold(text: &str) -> String {
    let trimmed = text.trim_matches(' ');
    if is_folded(trimmed) {
        return trimmed.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = Gap::None;
    for c in text.chars() {
        match c {
            // Most text is this: letters of which none is white space, a format character or forbidden.
            '!'..='~' | '\u{C0}'..='\u{2FF}' | '\u{400}'..='\u{52F}' | '\u{3041}'..='\u{9FFF}' if gap == Gap::None => out.push(c),
            '\u{A0}' | '\u{202F}' if gap == Gap::None => gap = Gap::NoBreak(c),
            c if c.is_whitespace() || c == '\u{A0}' || c == '\u{202F}' => gap = Gap::Space,
            '\u{FEFF}' | '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            c => {
                let c = windows_1252(c);
                if !is_xml_char(c) {
                    continue;
                }
                match gap {
                    Gap::None => {}
                    Gap::NoBreak(space) if holds(out.chars().next_back(), c) => out.push(space),
                    _ if out.is_empty() => {}
                    Gap::Space | Gap::NoBreak(_) => out.push(' '),
                }
                gap = Gap::None;
                out.push(c);
            }
        }
    }
    out
}

/// Whether there is plainly nothing to fold between the ends: most text that comes out of the ledger is so.
fn is_folded(text: &str) -> bool {
    let printable = |chunk: &[u8]| chunk.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    text.as_bytes().chunks(64).all(printable) && !text.contains("  ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Space,
    NoBreak(char),
}

/// Whether a no-break space between these two is typography rather than an accident of copying.
fn holds(before: Option<char>, after: char) -> bool {
    before == Some('«') || (before.is_some() && matches!(after, '»' | ':' | ';' | '!' | '?' | '%' | '€'))
}

/// The character that a C1 control stands for where windows-1252 was read as Latin-1.
fn windows_1252(c: char) -> char {
    const TABLE: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    // U+0085 is a line break (NEL) and is white space, so it never gets here.
    match u32::from(c) {
        code @ 0x80..=0x9F => usize::try_from(code - 0x80).ok().and_then(|at| TABLE.get(at)).copied().unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(input: &str, expected: &str) {
        assert_eq!(fold(input), expected, "{input:?}");
    }

    #[test]
    fn folds_white_space_and_drops_what_no_output_may_carry() {
        case("  a \u{A0}\t b\r\n", "a b");
        case("a\u{A0}b", "a b");
        case("vrai\u{A0}?", "vrai\u{A0}?");
        case("«\u{A0}oui\u{202F}»", "«\u{A0}oui\u{202F}»");
        case("a\u{1}\u{B}\u{FFFE}\u{FFFF}\u{1FFFF}b", "a b");
        case("\u{FEFF}soft\u{AD}ly\u{200B}", "softly");
        case("\u{202E}evil\u{2066}", "evil");
        case("it\u{92}s", "it’s");
        case("👩\u{200D}🚀", "👩\u{200D}🚀");
        case("\u{A0}", "");
    }
}
