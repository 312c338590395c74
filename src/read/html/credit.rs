//! Caption and credit: what a picture shows, and whose it is.

use crate::domain::Line;

/// Divides the text below a picture. Without a sign of a credit all of it is caption.
pub(super) fn split(text: &str) -> (Option<Line>, Option<Line>) {
    let text = text.trim();
    let cut = bracketed(text).or_else(|| marked(text)).or_else(|| agency(text));
    match cut {
        Some((caption, credit)) => (Line::new(caption), clean(credit)),
        None => (Line::new(text), None),
    }
}

/// A credit without the word or sign before it.
pub(super) fn clean(credit: &str) -> Option<Line> {
    let mut rest = credit.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '|' | '/' | '-' | '–'));
    while let Some(after) = MARKS.iter().find_map(|mark| strip_mark(rest, mark)) {
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '/' | '-'));
    }
    Line::new(rest.trim_end_matches([')', ']', ' ']))
}

const MARKS: [&str; 32] = [
    "image credit",
    "photo credit",
    "picture credit",
    "photograph by",
    "photograph",
    "photo by",
    "photo courtesy of",
    "photo",
    "picture",
    "image source",
    "image",
    "credits",
    "credit",
    "copyright",
    "courtesy of",
    "source",
    "bildquelle",
    "bild",
    "foto von",
    "foto",
    "fotos",
    "fotograf",
    "quelle",
    "crédit photo",
    "crédits",
    "crédit",
    "©",
    "(c)",
    "fot.",
    "kuva",
    "zdjęcie",
    "by",
];

fn strip_mark<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= mark.len()).last()?;
    let (head, tail) = text.split_at_checked(end)?;
    let word = mark.ends_with(char::is_alphabetic);
    let ends = !word || tail.starts_with([':', ' ', '\u{A0}', '/', '©', '-']);
    (head.to_lowercase() == mark && ends && !tail.trim().is_empty()).then_some(tail)
}

/// `What it shows (Photo: Ada L.)`, `What it shows [File: Agency]`
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let body = text.trim_end_matches('.').strip_suffix([')', ']'])?;
    let at = body.rfind(['(', '['])?;
    let (caption, credit) = (body.get(..at)?, body.get(at + 1..)?);
    let marked = MARKS.iter().any(|mark| strip_mark(credit, mark).is_some()) || credit.starts_with("File:");
    (marked || names_agency(credit)).then_some((caption, credit))
}

/// `What it shows Photo: Ada L.`, also glued: `What it showsImage: Ada L.`
fn marked(text: &str) -> Option<(&str, &str)> {
    const SIGNS: [&str; 22] = [
        "Image:",
        "Photo:",
        "Photograph:",
        "Picture:",
        "Foto:",
        "Fotos:",
        "Bild:",
        "Credit:",
        "Credits:",
        "Quelle:",
        "Source:",
        "Copyright:",
        "Crédit:",
        "Crédit :",
        "Photo :",
        "Image credit:",
        "Photo by ",
        "Photograph by ",
        "Foto von ",
        "©",
        "Fot.",
        "Kuva:",
    ];
    let at = SIGNS.iter().filter_map(|sign| text.rfind(sign)).min()?;
    let (caption, credit) = text.split_at_checked(at)?;
    (credit.split_whitespace().count() <= 14).then_some((caption, credit))
}

/// `What it shows. Ada L./Agency`: a short end after a full stop that names an agency.
fn agency(text: &str) -> Option<(&str, &str)> {
    if names_agency(text) && text.split_whitespace().count() <= 6 {
        return Some(("", text));
    }
    let at = [". ", "| ", " - ", " – ", "\n"].iter().filter_map(|end| text.rfind(end).map(|at| at + end.len())).max()?;
    let (caption, credit) = text.split_at_checked(at)?;
    let short = credit.split_whitespace().count() <= 8 && !credit.ends_with('.');
    (short && names_agency(credit)).then_some((caption.trim_end_matches(['|', '-', '–', ' ']), credit))
}

fn names_agency(text: &str) -> bool {
    const AGENCIES: [&str; 26] = [
        "AFP",
        "AP",
        "dpa",
        "DPA",
        "Reuters",
        "REUTERS",
        "Getty",
        "EPA",
        "IMAGO",
        "imago",
        "Imago",
        "APA",
        "ANSA",
        "Shutterstock",
        "Alamy",
        "Keystone",
        "KEYSTONE",
        "PAP",
        "NTB",
        "Ritzau",
        "Bloomberg",
        "iStock",
        "Unsplash",
        "picture alliance",
        "Xinhua",
        "Lehtikuva",
    ];
    let word = |c: char| !c.is_alphanumeric();
    AGENCIES
        .iter()
        .any(|agency| if agency.contains(' ') { text.contains(agency) } else { text.split(word).any(|part| part == *agency) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, caption: &str, credit: &str) {
        let (found, by) = split(text);
        let plain = |line: Option<Line>| line.map(|line| line.to_string()).unwrap_or_default();
        assert_eq!((plain(found).as_str(), plain(by).as_str()), (caption, credit), "{text}");
    }

    #[test]
    fn captions_and_credits_are_told_apart() {
        case("A dam at nightImage: Ada Lum/AFP", "A dam at night", "Ada Lum/AFP");
        case("A dam at night (Photo: Ada Lum)", "A dam at night", "Ada Lum");
        case("A dam. © Ada Lum", "A dam.", "Ada Lum");
        case("A dam [File: Ada Lum/Reuters]", "A dam", "File: Ada Lum/Reuters");
        case("The dam holds. Ada Lum/AFP via Getty Images", "The dam holds.", "Ada Lum/AFP via Getty Images");
        case("A dam (in the north)", "A dam (in the north)", "");
        case("The image of a dam", "The image of a dam", "");
        case("Foto: Ada Lum", "", "Ada Lum");
        case("É", "É", "");
        case("", "", "");
    }
}
