//! What is asked of a text in every format: how much there is to read, whether it ends as a sentence, and whether two read
//! the same.

/// Words in a text; letters of scripts that write no spaces count half a word each.
pub(super) fn measure(text: &str) -> usize {
    let mut words = 0;
    let mut inside = false;
    let mut dense = 0;
    for c in text.chars() {
        if is_dense(c) {
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
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
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
    fn signs_do_not_matter_to_a_key() {
        assert_eq!(key("  The “Dam”: It’s HOLDING! "), "the dam it s holding");
        assert_eq!(key("—"), "");
    }
}
