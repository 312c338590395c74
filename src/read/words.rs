//! What is asked of a text in every format: how much there is to read, whether it ends as a sentence, and whether two read
//! the same.

/// Words in a text; letters of scripts that write no spaces count half a word each.
pub(super) fn measure(text: &str) -> usize {
    let mut words = 0;
    let mut inside = false;
    let mut dense = 0;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            words += usize::from(!inside);
            inside = true;
        } else if is_dense(c) {
            dense += 1;
            inside = false;
        } else if c.is_alphanumeric() {
            words += usize::from(!inside);
            inside = true;
        } else if !matches!(c, '\'' | '’' | '-' | '.' | '\u{AD}') {
            inside = false;
        }
    }
    words + dense / 2
}

/// Chinese, Japanese, Thai, Lao, Khmer and Burmese letters.
pub(super) fn is_dense(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// Letters without cases of which whole texts consist: the tables of the standard library are asked for others.
fn is_han_or_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}')
}

/// Whether a text ends as a sentence: with a stop, behind which quotes and brackets may close, and a mark of direction stand.
pub(super) fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '”' | '“' | '»' | '«' | '’' | '\'' | '‘' | ')' | ']' | '」' | '』' | '›' | '\u{200E}' | '\u{200F}'
            )
    });
    bare.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', '።', '」']) && !bare.ends_with("...")
}

/// Letters and digits in lower case, single spaces: two texts that read the same fold to the same.
pub(super) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = true;
    let mut add = |c: char| {
        if is_han_or_kana(c) || c.is_alphanumeric() {
            out.push(c);
            gap = false;
        } else if !gap {
            out.push(' ');
            gap = true;
        }
    };
    for c in text.chars() {
        if c.is_ascii() {
            add(c.to_ascii_lowercase());
        } else if is_han_or_kana(c) {
            add(c);
        } else {
            c.to_lowercase().for_each(&mut add);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The first letter of a text's key.
pub(super) fn initial(text: &str) -> Option<char> {
    text.chars().flat_map(char::to_lowercase).find(|c| c.is_alphanumeric())
}

/// Whether two texts read the same, of which the second is given by its key. Most are told apart by their first letter.
pub(super) fn says(text: &str, other: &str) -> bool {
    initial(text) == other.chars().next() && key(text) == other
}

/// Whether the key of a text begins with another, which is not empty. Most texts are told apart by their first letter.
pub(super) fn begins(text: &str, start: &str) -> bool {
    initial(text) == start.chars().next() && key(text).starts_with(start)
}

/// What is left of a text from each place on where a word could begin.
pub(super) fn tails(text: &str) -> impl Iterator<Item = &str> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let begins = !before.is_alphanumeric();
        before = c;
        text.get(at..).filter(|_| begins)
    })
}

/// Whether two texts are the same but for a share of their letters: `least` is the smallest likeness that counts, of 0 to 1
/// (1 less the Levenshtein distance by the letters of the longer). Long texts are compared as equal or not.
pub(super) fn are_alike(a: &str, b: &str, least: f64) -> bool {
    // The distance takes the product of the lengths in time.
    const LONGEST: usize = 4000;
    if a.len().max(b.len()) > LONGEST {
        return a == b;
    }
    // It is no less than the letters that one of them has more than the other, which is quickly counted.
    let mut balance = [0_i32; 64];
    let (mut letters, mut others) = (0_u32, 0_u32);
    let slot = |c: char| usize::try_from(u32::from(c) % 64).unwrap_or_default();
    for c in a.chars() {
        letters += 1;
        balance.get_mut(slot(c)).into_iter().for_each(|count| *count += 1);
    }
    for c in b.chars() {
        others += 1;
        balance.get_mut(slot(c)).into_iter().for_each(|count| *count -= 1);
    }
    let more: i32 = balance.iter().filter(|count| **count > 0).sum();
    let fewer: i32 = -balance.iter().filter(|count| **count < 0).sum::<i32>();
    let distance = f64::from(more.max(fewer));
    1.0 - distance / f64::from(letters.max(others).max(1)) > least && strsim::normalized_levenshtein(a, b) > least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_in_all_scripts() {
        for (text, words) in [("", 0), ("The dam's well-built.", 3), ("川は増水した", 3), ("a - b", 2), ("3.5 km", 2)] {
            assert_eq!(measure(text), words, "{text}");
        }
    }

    #[test]
    fn a_sentence_has_a_stop() {
        assert!(ends_sentence("It rains.") && ends_sentence("“It rains!” ") && ends_sentence("川。"));
        assert!(ends_sentence("\u{200F}הנהר עלה.\u{200F}"));
        assert!(!ends_sentence("It rains") && !ends_sentence("Read on...") && !ends_sentence(""));
    }

    #[test]
    fn texts_are_alike_but_for_some_letters() {
        assert!(are_alike("a river rises", "a river rises", 0.9) && are_alike("a river rises", "a river rise", 0.9));
        assert!(!are_alike("a river rises", "a rover roses", 0.9) && !are_alike("abc", "cab", 0.9) && !are_alike("", "a", 0.9));
        let long = "a river rises ".repeat(400);
        assert!(are_alike(&long, &long, 0.9) && !are_alike(&long, &long.replacen('a', "b", 1), 0.9));
    }

    #[test]
    fn keys_are_compared_by_their_beginning() {
        assert!(begins("— “The dam” holds", "the dam") && !begins("A dam", "the dam") && !begins("— ", "the dam"));
        assert_eq!(tails("it's é-1").collect::<Vec<_>>(), ["it's é-1", "s é-1", "é-1", "1"]);
    }

    #[test]
    fn han_and_kana_are_letters_without_cases() {
        for c in ('\u{0}'..=char::MAX).filter(|c| is_han_or_kana(*c)) {
            assert!(c.is_alphanumeric() && c.to_lowercase().eq([c]), "{c}");
        }
    }

    #[test]
    fn signs_do_not_matter_to_a_key() {
        assert_eq!(key("  The “Dam”: It’s HOLDING! "), "the dam it s holding");
        assert_eq!(key("—"), "");
        assert!(says("— “The dam”", "the dam") && says("—", "") && !says("The dams", "the dam"));
    }
}
