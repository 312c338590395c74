use std::fmt;

use super::fold::fold;

/// One line of text: folded, trimmed, never empty, only characters that XML 1.0 allows, no line break.
///
/// Safe as a feed title, a mail header value (no CR or LF can be in it) and a cell of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line(String);

impl Line {
    /// The line, or `None` where nothing is left after folding.
    pub fn new(text: &str) -> Option<Self> {
        // Typographic no-break spaces are kept in running text only: a title wraps where it must.
        let folded = fold(text).replace(['\u{A0}', '\u{202F}'], " ");
        (!folded.is_empty()).then_some(Self(folded))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The line cut to at most `limit` characters, at a word's end where there is one, with an ellipsis.
    #[must_use]
    pub fn shortened(&self, limit: usize) -> Self {
        if self.0.chars().count() <= limit {
            return self.clone();
        }
        let end = self.0.char_indices().nth(limit.saturating_sub(1)).map_or(self.0.len(), |(at, _)| at);
        let head = &self.0[..end];
        let cut = head.rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
        Self(format!("{}…", head[..cut].trim_end_matches([' ', ',', ';', ':', '.', '-', '–', '—'])))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Line {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// A text of unknown origin, as a message can show it: on one line, control characters written out.
pub fn visible(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}

/// A name for paths and ids: lower-case ASCII letters and digits with single hyphens, at most `limit` bytes.
///
/// Latin letters lose their marks; other scripts are left out, so the result may be empty.
pub fn slug(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Some(letters) => out.push_str(letters),
            None if c.is_ascii_alphanumeric() => out.push(c),
            None if matches!(c, '\'' | '’') => {}
            None if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            None => {}
        }
    }
    if out.len() > limit {
        let head = &out[..limit];
        out = head.rfind('-').filter(|at| *at > limit / 2).map_or(head, |at| &head[..at]).to_owned();
    }
    out.trim_matches('-').to_owned()
}

/// The ASCII letters of a marked Latin letter.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='ã' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' | 'ĉ' => "c",
        'ď' | 'đ' | 'ð' | 'ɗ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ɛ' => "e",
        'ğ' | 'ģ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' | 'ľ' | 'ļ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' | 'ŋ' | 'ɲ' => "n",
        'ò'..='õ' | 'ø' | 'ō' | 'ő' | 'ɔ' => "o",
        'ö' | 'œ' => "oe",
        'ř' | 'ŕ' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ť' | 'ţ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='û' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_never_empty_and_never_breaks() {
        assert_eq!(Line::new(" \u{A0}\n"), None);
        assert_eq!(Line::new("a\r\nBcc: b").unwrap().as_str(), "a Bcc: b");
    }

    #[test]
    fn shortens_at_a_word() {
        let line = Line::new("The river is high, and rising still").unwrap();
        assert_eq!(line.shortened(20).as_str(), "The river is high…");
        assert_eq!(line.shortened(100), line);
        assert_eq!(Line::new("ééééé").unwrap().shortened(3).as_str(), "éé…");
    }

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(visible("a\nb\u{1b}[31m é"), "a\\nb\\u{1b}[31m é");
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Mali: Is Kidal's day — today?", 60), "mali-is-kidals-day-today");
        assert_eq!(slug("Ségou, Ñoño & Gßr", 60), "segou-nono-gssr");
        assert_eq!(slug("مالي", 60), "");
        assert_eq!(slug("one two three four", 10), "one-two");
    }
}
