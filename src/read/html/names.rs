//! Names of authors and editors.

use crate::domain::{Block, Line};
use crate::read::words;

/// The names in a byline: without the word before them, divided where several stand together.
pub(in crate::read) fn split(byline: &str) -> Vec<Line> {
    let mut rest = byline.trim();
    while let Some(after) = PREFIXES.iter().find_map(|prefix| strip_prefix(rest, prefix)) {
        rest = after;
    }
    let mut parts = vec![rest.to_owned()];
    for divider in
        [" | ", ";", ", ", " and ", " And ", " AND ", " & ", " und ", " et ", " y ", " e ", " og ", " och ", " i ", "、", " и "]
    {
        parts = parts.iter().flat_map(|part| part.split(divider)).map(str::to_owned).collect();
    }
    parts.iter().filter_map(|part| name(part)).collect()
}

const PREFIXES: [&str; 12] =
    ["written by", "reported by", "by", "von", "par", "por", "di", "door", "av", "af", "autor:", "author:"];

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    let ends = prefix.ends_with(':') || tail.starts_with([' ', ':', '\u{A0}', '\n', '\t']);
    (head.eq_ignore_ascii_case(prefix) && ends).then(|| tail.trim_start_matches(|c: char| c == ':' || c.is_whitespace()))
}

/// One name, or nothing where the text cannot be one.
pub(in crate::read) fn name(text: &str) -> Option<Line> {
    let line = Line::new(text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '·' | '•' | '-' | '–' | ':')))?;
    let text = line.as_str();
    let lower = text.to_lowercase();
    let words = text.split(' ').count();
    let web = lower.contains("://") || lower.contains("www.") || text.contains('@') || lower.contains(".com");
    // What stands in brackets or after a colon explains something else.
    let remark = text.starts_with(['(', '[']) || text.contains(':');
    let letters = text.chars().any(char::is_alphabetic);
    let placeholder =
        matches!(lower.as_str(), "admin" | "administrator" | "null" | "undefined" | "none" | "unknown" | "anonymous");
    (letters && !web && !remark && !placeholder && words <= 7 && text.chars().count() <= 80).then_some(line)
}

/// Adds a name unless it is there already.
pub(in crate::read) fn add(names: &mut Vec<Line>, name: Line) {
    let key = words::key(name.as_str());
    if !names.iter().any(|known| words::key(known.as_str()) == key) {
        names.push(name);
    }
}

const EDITED: [&str; 6] = ["edited by", "editing by", "editor:", "redaktion:", "édité par", "edité par"];

/// Takes a last line such as `Edited by: Ada L.` out of the text.
pub(in crate::read) fn lift_editors(blocks: &mut Vec<Block>) -> Vec<Line> {
    let last = blocks.iter().rposition(|block| !matches!(block, Block::Figure(_) | Block::Embed { .. }));
    // A promo or a link may follow, seldom more.
    let tail = last.map_or(0, |last| last.saturating_sub(3));
    for at in (tail..blocks.len()).rev() {
        let Some(Block::Paragraph(rich)) = blocks.get(at) else { continue };
        let text = rich.plain();
        let named = EDITED.iter().find_map(|prefix| {
            let (head, rest) = text.split_at_checked(prefix.len())?;
            (head.to_lowercase() == *prefix).then(|| rest.trim_start_matches([':', ' ', '\u{A0}']))
        });
        if let Some(named) = named.filter(|named| named.split_whitespace().count() <= 12) {
            let editors = split(named.trim_end_matches('.'));
            if !editors.is_empty() {
                blocks.remove(at);
                return editors;
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Rich;

    #[track_caller]
    fn case(byline: &str, names: &[&str]) {
        let split: Vec<String> = split(byline).iter().map(Line::to_string).collect();
        assert_eq!(split, names, "{byline}");
    }

    #[test]
    fn bylines_are_divided() {
        case("By Ada Lum and Ben Okri", &["Ada Lum", "Ben Okri"]);
        case("Von Ada Lum, Ben Okri und Cy Dee", &["Ada Lum", "Ben Okri", "Cy Dee"]);
        case("Ada Lum | Ben Okri", &["Ada Lum", "Ben Okri"]);
        case("written by: Byron Ann", &["Byron Ann"]);
        case("https://example.org/ada", &[]);
        case("@ada", &[]);
        case("admin", &[]);
        case("", &[]);
    }

    #[test]
    fn editors_are_lifted_from_the_end() {
        let text = |text: &str| Block::Paragraph(Rich::text(text).unwrap());
        let mut blocks = vec![text("The river rises."), text("Edited by: Ada Lum")];
        assert_eq!(lift_editors(&mut blocks)[0].as_str(), "Ada Lum");
        assert_eq!(blocks.len(), 1);
        let mut blocks = vec![text("Edited by many hands over the years, the book grew until it had no end at all.")];
        assert!(lift_editors(&mut blocks).is_empty());
        assert_eq!(blocks.len(), 1);
    }
}
