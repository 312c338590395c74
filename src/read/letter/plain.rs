//! The text part: lines that fit, addresses that can be followed, nothing left over from HTML.

use unicode_width::UnicodeWidthStr;

use super::{Check, links, rules};
use crate::domain::{LetterPart, quoted};

/// Columns that mail programs show without wrapping.
const COLUMNS: usize = 76;
/// What HTML leaves in a text that was made of it.
const ENTITIES: [&str; 10] = ["&amp;", "&nbsp;", "&lt;", "&gt;", "&quot;", "&apos;", "&zwnj;", "&shy;", "&#", "&mdash;"];
/// Characters that are there and cannot be seen. Joiners are letters' own in some scripts.
const INVISIBLE: [char; 6] = ['\u{200B}', '\u{FEFF}', '\u{2060}', '\u{AD}', '\u{180E}', '\u{034F}'];
/// Characters that turn the reading direction of what follows until they are ended.
const TURNING: [char; 5] = ['\u{202A}', '\u{202B}', '\u{202D}', '\u{202E}', '\u{202C}'];

pub(super) fn check(check: &mut Check, text: &str) {
    let mut has_way_out = false;
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        let width = line.width();
        let is_one_word = line.split_whitespace().nth(1).is_none();
        if width > COLUMNS && !is_one_word {
            check.text(&rules::text::WIDTH, number, format!("the line is {width} columns wide"));
        }
        if let Some(entity) = ENTITIES.iter().find(|entity| line.contains(**entity)) {
            check.text(&rules::text::ENTITY, number, format!("`{entity}` stands in {}", quoted(line)));
        }
        if let Some(c) = line.chars().find(|c| INVISIBLE.contains(c)) {
            check.text(&rules::text::INVISIBLE, number, format!("there is a U+{:04X} in it", u32::from(c)));
        }
        if let Some(c) = line.chars().find(|c| TURNING.contains(c)) {
            check.text(&rules::text::TURNED, number, format!("there is a U+{:04X} in it", u32::from(c)));
        }
        if let Some(c) = line.chars().find(|c| c.is_control() && *c != '\t') {
            check.text(&rules::text::CONTROL, number, format!("there is a U+{:04X} in it", u32::from(c)));
        }
        if has_markup(line) {
            check.text(&rules::text::MARKUP, number, format!("there is a tag in {}", quoted(line)));
        }
        has_way_out |= match check.letter.ways_out {
            [] => links::is_leaving(line),
            ways => ways.iter().any(|way| line.contains(way.as_str())),
        };
        for url in addresses(line) {
            address(check, number, line, url);
        }
    }
    if check.letter.is_whole && !has_way_out {
        check.text(&rules::link::WAY_OUT, 1, "no line of the text part leads out of the list");
    }
}

fn has_markup(line: &str) -> bool {
    [
        "<p>", "</p>", "<br>", "<br/>", "<br />", "<a ", "</a>", "<div>", "<div ", "</div>", "<td>", "<td ", "<span", "<img ",
        "<b>", "<strong>", "<style>",
    ]
    .iter()
    .any(|tag| line.contains(tag))
}

/// The addresses of the web in a line, each up to the next white space or closing angle bracket.
pub(super) fn addresses(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let at = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min()?;
        let from = rest.get(at..)?;
        let end = from.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(from.len());
        let (url, after) = from.split_at_checked(end)?;
        rest = after;
        Some(url)
    })
}

fn address(check: &mut Check, number: usize, line: &str, url: &str) {
    // In angle brackets an address ends where they do.
    let in_brackets = line.contains(&format!("<{url}>"));
    let bare = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    let bare = if bare.contains('(') { bare } else { bare.trim_end_matches(')') };
    if bare.len() < url.len() && !in_brackets {
        check.text(&rules::text::ADDRESS_END, number, format!("{} ends with a sign of punctuation", quoted(url)));
    }
    links::address(check, LetterPart::Text, number, bare);
}
