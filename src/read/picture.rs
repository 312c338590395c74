//! Captions and photo credits.

use super::agencies;
use super::words::ends_sentence;
use crate::domain::Line;

/// A line cut into what is said of a picture and whose picture it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Credited<'a> {
    /// Empty where the line is a credit alone.
    pub caption: &'a str,
    pub credit: &'a str,
}

/// Splits the credit off a caption: `... in 2020Image: Awa Sarr/AFP`, `... (AP Photo/Awa Sarr)`, `Photo by Awa Sarr`.
///
/// `None` where the line has no credit at its end, so that a line of any kind can be asked.
pub(super) fn split(text: &str) -> Option<Credited<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    by_mark(text).or_else(|| by_bracket(text)).or_else(|| by_agency(text))
}

/// Caption and credit in a text that is known to stand below a picture, where less of a sign will do.
pub(super) fn describe(text: &str) -> (Option<Line>, Option<Line>) {
    let text = text.trim();
    match split(text).or_else(|| by_loose_bracket(text)).or_else(|| by_loose_agency(text)) {
        Some(Credited { caption, credit: by }) => (Line::new(caption), credit(by)),
        None => (Line::new(text), None),
    }
}

/// A text that is known to be a credit, without the words and signs before it.
pub(super) fn credit(text: &str) -> Option<Line> {
    let is_frame = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '|' | '/' | '-' | '–' | ':');
    let mut rest = text.trim_matches(is_frame);
    while let Some(after) = without_mark(rest) {
        rest = after.trim_start_matches(is_frame);
    }
    Line::new(rest)
}

/// Bytes of the longest caption with its credit.
const LONGEST: usize = 1500;
/// Words of the longest credit.
const MOST: usize = 14;

/// Words that stand before a credit, with a colon behind them.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "image credit", "image source", "image copyright", "image", "images", "photo credit", "photo", "photos", "photograph",
    "picture credit", "picture", "pictures", "credit", "credits", "copyright", "source", "bild", "bilder", "bildquelle",
    "foto", "fotos", "fotografie", "fotograf", "grafik", "quelle", "crédit photo", "crédit", "crédits", "crédits photo",
    "imagen", "kuva", "zdjęcie", "fotoğraf", "фото", "фотография", "写真", "사진", "照片", "fotografia", "fotografía",
];

/// Words and signs that a name follows at once, as they are printed.
#[rustfmt::skip]
const SIGNS: &[&str] = &[
    "©", "(c) ", "Photograph by ", "Photographs by ", "Photo by ", "Photos by ", "Picture by ", "Pictures by ", "Image by ",
    "Images by ", "Photo courtesy of ", "Image courtesy of ", "Courtesy of ", "Image copyright ", "Foto von ", "Fotos von ",
    "Fot. ",
];

/// A credit without one mark at its beginning; there, a label needs no colon, and letters may be of any case.
fn without_mark(text: &str) -> Option<&str> {
    let after = |mark: &str| {
        let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).nth(mark.chars().count().checked_sub(1)?)?;
        let (head, tail) = text.split_at_checked(end)?;
        (head.to_lowercase() == mark.to_lowercase()).then_some(tail)
    };
    let apart = |tail: &&str| tail.starts_with([':', ' ', '\u{A0}', '/', '©', '-', '|']);
    let labels = LABELS.iter().filter_map(|mark| after(mark).filter(apart));
    let signs = SIGNS.iter().chain(&["by "]).filter_map(|mark| after(mark));
    labels.chain(signs).min_by_key(|tail| tail.len()).filter(|tail| tail.contains(char::is_alphabetic))
}

/// Whether a line is the label of a credit alone: the name stands on the next.
pub(super) fn is_label(text: &str) -> bool {
    text.strip_suffix(':').is_some_and(|head| label(head) == Some(0))
}

/// Where the label before a colon begins; copied pages glue it to the caption ("2020Image:"), so it begins with a capital.
fn label(head: &str) -> Option<usize> {
    let head = head.trim_end();
    let ends = |label: &str| {
        let start = head.char_indices().rev().nth(label.chars().count().checked_sub(1)?)?.0;
        let found = head.get(start..)?;
        (found.starts_with(char::is_uppercase) && found.to_lowercase() == label).then_some(start)
    };
    // The last letter tells most labels apart, which is quicker than their words.
    let last = head.chars().next_back()?;
    LABELS
        .iter()
        .filter(|label| label.ends_with(last) || label.ends_with(last.to_ascii_lowercase()))
        .filter_map(|label| ends(label))
        .min()
}

/// Colons that are looked at, from the end: a credit has few in it.
const COLONS: usize = 6;

/// The marks in a text: where each begins and where the credit behind it does.
fn marks(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let labels = text.rmatch_indices(':').take(COLONS).filter_map(|(at, _)| Some((label(text.get(..at)?)?, at + 1)));
    let signs = SIGNS.iter().flat_map(|sign| text.match_indices(sign).map(|(at, sign)| (at, at + sign.len())));
    labels.chain(signs)
}

fn by_mark(text: &str) -> Option<Credited<'_>> {
    // Every mark has one of these in it, and most lines have none.
    let signed =
        text.contains([':', '©', '(']) || [" by ", " of ", " von ", "pyright ", "Fot. "].iter().any(|end| text.contains(end));
    if !signed {
        return None;
    }
    // The first mark behind which nothing but a credit stands: "Photo: Awa Sarr. Source: AFP" has two.
    let (at, end) = marks(text).filter(|(_, end)| text.get(*end..).is_some_and(is_name)).min()?;
    let is_frame = |c: char| c.is_whitespace() || matches!(c, '©' | ':' | ')' | ']' | '|');
    let credit = text.get(end..)?.trim_matches(is_frame);
    let credit = without_mark(credit).map_or(credit, |rest| rest.trim_matches(is_frame));
    let caption = text
        .get(..at)?
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '|' | '/' | '-' | '–' | '—' | '•'));
    Some(Credited { caption, credit })
}

/// Whether what follows a mark can be a credit: short, no sentence, and a name, an agency or an address.
fn is_name(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '©' | ':' | ')' | ']' | '|'));
    // Behind an initial no sentence ends.
    let sentence = text.match_indices(". ").any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        // "Photo: Awa Sarr. Styling: Ben Okoro" goes on with another credit.
        let credit = after.split_whitespace().take(2).any(|word| word.ends_with(':'));
        word.chars().count() > 2 && after.split_whitespace().count() > 2 && !credit
    });
    let upper = text.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    text.contains(char::is_alphabetic)
        && text.split_whitespace().count() <= MOST
        && !sentence
        && (upper || text.contains(['/', '.', '@']) || agencies::stands_in(text))
}

/// What stands in brackets at the end of a line, and what stands before them.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let bare = text.trim_end_matches(['.', ' ']);
    let (open, inner) = match bare.chars().next_back()? {
        ')' => ('(', bare.strip_suffix(')')?),
        ']' => ('[', bare.strip_suffix(']')?),
        _ => return None,
    };
    let at = inner.rfind(open)?;
    let inside = inner.get(at + 1..)?.trim();
    (inside.split_whitespace().count() <= MOST).then_some((inner.get(..at)?.trim_end(), inside))
}

/// `(AP Photo/Awa Sarr)`, `[File: Reuters]`, `(Awa Sarr / Associated Press)`, `(NOAA/SPC)` at the end of a line.
fn by_bracket(text: &str) -> Option<Credited<'_>> {
    let (caption, inside) = bracket(text)?;
    let said =
        ["Photo", "Image", "Foto", "Picture", "Bild", "File", "Courtesy", "Handout"].iter().any(|mark| inside.contains(mark));
    let slashed = inside.contains('/') && !inside.contains("//") && inside.chars().any(char::is_uppercase);
    let agency = || agencies::stands_in(inside);
    let fits = (said && inside.contains(['/', ':', ' '])) || ((slashed || caption.is_empty()) && agency());
    fits.then_some(Credited { caption, credit: inside.strip_prefix("File: ").unwrap_or(inside) })
}

fn by_loose_bracket(text: &str) -> Option<Credited<'_>> {
    let (caption, credit) = bracket(text)?;
    (without_mark(credit).is_some() || agencies::stands_in(credit)).then_some(Credited { caption, credit })
}

/// `... REUTERS/Awa Sarr` and `Awa Sarr/AFP via Getty Images`: a line that ends with an agency after a slash or "via".
fn by_agency(text: &str) -> Option<Credited<'_>> {
    let bare = text.trim();
    if let Some(at) = bare.rfind("REUTERS/") {
        let credit = bare.get(at..)?;
        return (credit.split_whitespace().count() <= 6).then_some(Credited { caption: bare.get(..at)?.trim_end(), credit });
    }
    if ends_sentence(bare) {
        return None;
    }
    // "He left after an hour. AP": behind the stop of a caption.
    let behind = bare.rfind(['.', '!', '?']).and_then(|at| bare.split_at_checked(at + 1)).filter(|(caption, credit)| {
        let brief = (1..=6).contains(&credit.split_whitespace().count());
        brief && caption.split_whitespace().count() >= 3 && agencies::stands_in(credit)
    });
    if let Some((caption, credit)) = behind {
        return Some(Credited { caption, credit: credit.trim() });
    }
    let slashed = bare.contains(['/', '|']) || bare.contains(" via ");
    let alone =
        bare.split_whitespace().count() <= 8 && (agencies::sells_pictures(bare) || (slashed && agencies::stands_in(bare)));
    alone.then_some(Credited { caption: "", credit: bare })
}

/// `Awa Sarr, EPA`, and `What it shows - Awa Sarr, EPA`.
fn by_loose_agency(text: &str) -> Option<Credited<'_>> {
    let bare = |credit: &str, most: usize| {
        credit.split_whitespace().count() <= most && !credit.ends_with('.') && agencies::stands_in(credit)
    };
    if bare(text, 6) {
        return Some(Credited { caption: "", credit: text });
    }
    let at = [". ", "| ", " - ", " – ", "\n"].iter().filter_map(|end| text.rfind(end).map(|at| at + end.len())).max()?;
    let (caption, credit) = text.split_at_checked(at)?;
    bare(credit, 8).then_some(Credited { caption: caption.trim_end_matches(['|', '-', '–', ' ']), credit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, caption: &str, credit: &str) {
        assert_eq!(split(text), Some(Credited { caption, credit }), "{text}");
    }

    #[test]
    fn credits_come_off_their_captions() {
        case("The bridge fell in 2020Image: Awa Sarr/AFP/Getty Images", "The bridge fell in 2020", "Awa Sarr/AFP/Getty Images");
        case("Die Brücke in SégouBild: Awa Sarr/dpa", "Die Brücke in Ségou", "Awa Sarr/dpa");
        case("The bridge. Photograph: Awa Sarr", "The bridge.", "Awa Sarr");
        case("The bridge. Photo : Awa Sarr/AFP", "The bridge.", "Awa Sarr/AFP");
        case("The bridge (Image: Awa Sarr)", "The bridge", "Awa Sarr");
        case("The bridge (AP Photo/Awa Sarr)", "The bridge", "AP Photo/Awa Sarr");
        case("The bridge is closed. [File: Reuters]", "The bridge is closed.", "Reuters");
        case("The bridge. Photo by Awa Sarr / AP", "The bridge.", "Awa Sarr / AP");
        case("The bridge © A. Sarr for River Press", "The bridge", "A. Sarr for River Press");
        case("The bridge © Awa Sarr", "The bridge", "Awa Sarr");
        case("Foto: © Awa Sarr", "", "Awa Sarr");
        case("The bridge in March. REUTERS/Awa Sarr", "The bridge in March.", "REUTERS/Awa Sarr");
        case("The bridge was closed for an hour. AP", "The bridge was closed for an hour.", "AP");
        case("The bridge in March — Picture by Awa Sarr", "The bridge in March", "Awa Sarr");
        case("Image Credit: Awa Sarr", "", "Awa Sarr");
        case("Awa Sarr/AFP via Getty Images", "", "Awa Sarr/AFP via Getty Images");
        case("(Awa Sarr / Associated Press)", "", "Awa Sarr / Associated Press");
    }

    #[test]
    fn below_a_picture_less_of_a_sign_will_do() {
        let case = |text: &str, caption: &str, credit: &str| {
            let (said, by) = describe(text);
            let plain = |line: Option<Line>| line.map(|line| line.to_string()).unwrap_or_default();
            assert_eq!((plain(said).as_str(), plain(by).as_str()), (caption, credit), "{text}");
        };
        case("A dam at nightImage: Ada Lum/AFP", "A dam at night", "Ada Lum/AFP");
        case("A dam at night (Photo: Ada Lum)", "A dam at night", "Ada Lum");
        case("A dam. © Ada Lum", "A dam.", "Ada Lum");
        case("A dam [File: Ada Lum/Reuters]", "A dam", "Ada Lum/Reuters");
        case("The dam holds. Ada Lum/AFP via Getty Images", "The dam holds.", "Ada Lum/AFP via Getty Images");
        case("A dam at night - Ada Lum, EPA", "A dam at night", "Ada Lum, EPA");
        case("A dam (in the north)", "A dam (in the north)", "");
        case("The image of a dam", "The image of a dam", "");
        case("Foto: Ada Lum", "", "Ada Lum");
        case("É", "É", "");
        case("", "", "");
    }

    #[test]
    fn a_credit_is_told_without_its_mark() {
        let case = |text: &str, expected: &str| {
            assert_eq!(credit(text).map(|line| line.to_string()).unwrap_or_default(), expected, "{text}");
        };
        for text in ["Photo: Ada Lum", "(Photo by Ada Lum)", "PHOTO CREDIT Ada Lum", "© Foto: Ada Lum", "by Ada Lum", "| Ada Lum"]
        {
            case(text, "Ada Lum");
        }
        case("Photos", "Photos");
        case("Imagery of Ada Lum", "Imagery of Ada Lum");
        case("", "");
    }

    #[test]
    fn sentences_keep_their_words() {
        for text in [
            "",
            "The bridge fell.",
            "He had one image: that of a bridge which fell into the river and was never seen again by those who built it there.",
            "She told Reuters/Ipsos that the bridge (built in 1960) was old.",
            "Image: ",
            "They spoke of it (and/or of rain).",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
