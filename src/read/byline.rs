//! Names of people in bylines, as sites and people write them.
//!
//! A byline may begin with a mark ([`marks`]) and has one or more parts, each a [`name`] with what is said of it.

mod marks;
mod name;

pub(super) use self::marks::is_bare_mark;
use self::marks::without_mark;
pub(super) use self::name::is_role;
use super::{agencies, words};
use crate::domain::Line;

/// The names in a byline: `By A, B and C | Agency`, `Von A und B`, `A | B`.
///
/// Dates have to be cut off before. A text that does not look like names yields none.
pub(super) fn names(text: &str) -> Vec<Line> {
    if text.len() > LONGEST {
        return Vec::new();
    }
    let text = without_mark(text).unwrap_or(text);
    let mut out: Vec<Line> = Vec::new();
    for part in parts(text) {
        let Some(name) = name::of(part) else { continue };
        // Among several, a single word is a place or a section; alone it is how somebody signs.
        // "By Ada Lum with agencies" has one name.
        if !out.is_empty() && matches!(name, "Agencies" | "agencies" | "Agenturen") {
            continue;
        }
        let lone = !name.contains(char::is_whitespace) && !agencies::signs(name) && name.chars().any(|c| c.is_ascii_alphabetic());
        if lone && !out.is_empty() {
            continue;
        }
        out.extend(Line::new(name).filter(|name| !out.contains(name)));
    }
    out
}

/// The names in a text that is known to be a byline, since a page's data or a front matter says so.
///
/// Such may be of a house or a desk, too; only what can be no name is left out: addresses, remarks, placeholders.
pub(super) fn given(text: &str) -> Vec<Line> {
    let is_address = |word: &&str| word.contains("://") || word.starts_with("www.");
    let text: Vec<&str> = text.split_whitespace().filter(|word| !is_address(word)).collect();
    let text = text.join(" ");
    let mut rest = text.as_str();
    while let Some(after) = without_mark(rest) {
        rest = after;
    }
    let mut out = Vec::new();
    parts(rest).filter_map(given_name).for_each(|name| add(&mut out, name));
    out
}

fn given_name(part: &str) -> Option<Line> {
    // "Reporter" follows a Korean or Chinese name.
    let part = [" 기자", "기자", "記者", "记者"].iter().find_map(|role| part.trim().strip_suffix(role)).unwrap_or(part);
    let line = Line::new(part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | ':')))?;
    let text = line.as_str();
    let lower = text.to_lowercase();
    let web = text.contains('@') || lower.contains(".com");
    // What stands in brackets or after a colon explains something else.
    let cut = text.matches('(').count() != text.matches(')').count();
    let remark = cut || text.starts_with(['(', '[']) || text.contains(':');
    let placeholder =
        matches!(lower.as_str(), "admin" | "administrator" | "null" | "undefined" | "none" | "unknown" | "anonymous");
    let fits = text.split(' ').count() <= 7 && text.chars().count() <= 80 && text.contains(char::is_alphabetic);
    (fits && !web && !remark && !placeholder).then_some(line)
}

/// Adds a name or a topic unless it is there already.
pub(super) fn add(names: &mut Vec<Line>, name: Line) {
    let key = words::key(name.as_str());
    if !names.iter().any(|known| words::key(known.as_str()) == key) {
        names.push(name);
    }
}

/// Whether a line of a page is a byline: it says so and is no sentence, or it holds nothing but names of `authors`.
pub(super) fn is_byline(text: &str, authors: &[Line]) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let known = |part: &str| {
        let key = words::key(part);
        key.is_empty() || authors.iter().any(|author| words::key(author.as_str()) == key)
    };
    let rest = without_mark(text).unwrap_or(text);
    is_bare_mark(text)
        || (is_marked(text) && !words::ends_sentence(text) && words::measure(text) <= MOST_WORDS)
        || (rest.contains(char::is_alphabetic) && parts(rest).all(known))
}

/// Words of the longest byline with its date and places.
const MOST_WORDS: usize = 25;
/// Bytes of the longest byline; what is longer is prose.
const LONGEST: usize = 400;

/// Whether a line says itself that it is a byline: it begins with `By`, `Von`, `Par`, `Author:` and a name follows.
pub(super) fn is_marked(text: &str) -> bool {
    without_mark(text).is_some_and(|rest| !names(rest).is_empty())
}

/// Whether a line without a mark can be nothing but names: every part is a first name and a family name, or an agency.
pub(super) fn is_only_names(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let mut count = 0;
    // "News - AFP", "AFP, DAKAR": an agency stands beside its section or its place.
    let agency = parts(text).any(|part| agencies::signs(part.trim()));
    for part in parts(text) {
        let writer = |part: &str| agencies::leading(part).is_some() && part.split_whitespace().any(is_role);
        if (agency && is_word(part)) || (count > 0 && writer(part.trim())) {
            continue;
        }
        let Some(name) = name::of(part) else { return false };
        let words = name.split_whitespace().count();
        // "Awa Sarr Staff Writer" is a name with a role; "Rain in Dakar" is none.
        let rest = part.trim().get(name.len()..).unwrap_or_default().trim_start();
        let role = is_role(rest) || agencies::signs(rest);
        let counted = rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("min");
        if !(role || counted || rest.len() <= 2) || words > 4 || (words < 2 && !agencies::signs(name)) {
            return false;
        }
        count += 1;
    }
    count > 0
}

/// Whether a text is one word without a stop, which is no agency's name.
fn is_word(part: &str) -> bool {
    let part = part.trim();
    !part.is_empty() && part.chars().all(char::is_alphabetic) && !agencies::signs(part)
}

/// Cuts a list of names where one ends.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let cut = text.char_indices().find_map(|(at, c)| match c {
            '|' | ',' | ';' | '/' | '·' | '•' | '&' | '、' | '،' | '＝' => Some((at, at + c.len_utf8())),
            ' ' => {
                let after = text.get(at + 1..)?;
                AND.iter().find(|word| after.starts_with(**word)).map(|word| (at, at + 1 + word.len()))
            }
            _ => None,
        });
        rest = cut.and_then(|(_, start)| text.get(start..));
        text.get(..cut.map_or(text.len(), |(end, _)| end))
    })
}

/// The words for "and" between two names, and the dashes that set off a place or an agency.
#[rustfmt::skip]
const AND: &[&str] = &[
    "and ", "und ", "et ", "y ", "e ", "og ", "och ", "en ", "i ", "dan ", "na ", "ve ", "iyo ", "with ", "mit ", "avec ",
    "con ", "And ", "AND ", "и ", "- ", "– ", "— ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: &[&str]) {
        assert_eq!(names(text).iter().map(Line::as_str).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn splits_names_however_they_are_joined() {
        case("By Awa Sarr", &["Awa Sarr"]);
        case("By Awa Sarr and Ben Okoro", &["Awa Sarr", "Ben Okoro"]);
        case("By Awa Sarr, Ben Okoro and Carla de la Cruz | AFP", &["Awa Sarr", "Ben Okoro", "Carla de la Cruz", "AFP"]);
        case("Awa Sarr | Ben Okoro | Chidi Eze", &["Awa Sarr", "Ben Okoro", "Chidi Eze"]);
        case("Von Jürgen Groß und Anna-Lena Öz", &["Jürgen Groß", "Anna-Lena Öz"]);
        case("Par Aïssatou N’Diaye et Jean Le Roux", &["Aïssatou N’Diaye", "Jean Le Roux"]);
        case("Por João dos Santos e Maria da Silva", &["João dos Santos", "Maria da Silva"]);
        case("Da Marco Rossi", &["Marco Rossi"]);
        case("written by: Musa al-Amin", &["Musa al-Amin"]);
        case("Autorin/Autor Eva Ost", &["Eva Ost"]);
    }

    #[test]
    fn what_is_given_as_names_is_taken_as_such() {
        let case = |text: &str, expected: &[&str]| {
            assert_eq!(given(text).iter().map(Line::as_str).collect::<Vec<_>>(), expected, "{text}");
        };
        case("By Ada Lum and Ben Okri", &["Ada Lum", "Ben Okri"]);
        case("Von Ada Lum, Ben Okri und Cy Dee", &["Ada Lum", "Ben Okri", "Cy Dee"]);
        case("מאת מריה קיטה", &["מריה קיטה"]);
        case("كتبت: مارية كيتا", &["مارية كيتا"]);
        case("Ada Lum | ada lum", &["Ada Lum"]);
        case("written by: Byron Ann", &["Byron Ann"]);
        case("김하나 기자", &["김하나"]);
        case("The News Desk of the Bank Post", &["The News Desk of the Bank Post"]);
        for none in ["https://example.org/ada", "@ada", "admin", "", "(updated)", "desk)", "7"] {
            case(none, &[]);
        }
    }

    #[test]
    fn a_byline_is_no_sentence() {
        let authors = given("Ada Lum and Ben Okri");
        for text in
            ["By Ada Lum", "By Cy Dee, Dakar, 3 March 2026", "Ada Lum | Ben Okri", "Ada Lum.", "By", "Par Ada Lum et Ben Okri"]
        {
            assert!(is_byline(text, &authors), "{text}");
        }
        for text in ["By Tuesday, Ada Lum had left.", "Ada Lum left", "Cy Dee", "", "Von Anfang an war es nass", "7"] {
            assert!(!is_byline(text, &authors), "{text}");
        }
    }

    #[test]
    fn leaves_out_what_is_no_name() {
        case("By Awa Sarr in Dakar", &["Awa Sarr"]);
        case("By Awa Sarr Staff Writer", &["Awa Sarr"]);
        case("By Awa Sarr, AP Business Writer", &["Awa Sarr"]);
        case("By Awa Sarr, CNN Editor-at-large", &["Awa Sarr"]);
        case("By Awa Sarr Associated Press", &["Awa Sarr"]);
        case("Awa Sarr @awa_sarr", &["Awa Sarr"]);
        case("By Awa Sarr0", &["Awa Sarr"]);
        case("By 2020 the river will be dry", &[]);
        case("", &[]);
        case(" | , and ", &[]);
    }

    #[test]
    fn a_mark_needs_a_name() {
        for text in ["By Awa Sarr", "by AWA SARR", "Von dpa", "Par Aïssatou Ba", "Author: Awa Sarr"] {
            assert!(is_marked(text), "{text}");
        }
        for text in ["By", "By nature they are shy", "Von wegen", "Bystanders ran", "Parce que"] {
            assert!(!is_marked(text), "{text}");
        }
        assert!(is_bare_mark("By") && is_bare_mark("Author:") && !is_bare_mark("Bye"));
    }

    #[test]
    fn names_alone_are_people() {
        for text in [
            "Awa Sarr",
            "Awa Sarr | Ben Okoro",
            "Awa Sarr and AFP",
            "dpa",
            "Haberler - AFP",
            "AFP, DAKAR",
            "Awa Sarr, Ap Auto Writer",
        ] {
            assert!(is_only_names(text), "{text}");
        }
        for text in ["Breaking News", "Share", "A short line about rain", "Politics", "Awa Sarr walked home", ""] {
            assert!(!is_only_names(text), "{text}");
        }
    }
}
