//! Captions and photo credits.

use crate::read::words::ends_sentence;

/// A line cut into what is said of a picture and whose picture it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Credited<'a> {
    /// Empty where the line is a credit alone.
    pub caption: &'a str,
    pub credit: &'a str,
}

/// Splits the credit off a caption: `... in 2020Image: Awa Sarr/AFP`, `... (AP Photo/Awa Sarr)`, `Photo by Awa Sarr`.
///
/// `None` where the line has no credit at its end.
pub(super) fn split(text: &str) -> Option<Credited<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    by_mark(text).or_else(|| by_bracket(text)).or_else(|| by_agency(text))
}

/// Bytes of the longest caption with its credit.
const LONGEST: usize = 1500;
/// Words of the longest credit.
const MOST: usize = 14;

/// Words that stand before a credit, in the languages of the corpora. Copied pages glue them to the caption ("2020Image:").
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "Image Credit:", "Image credit:", "Image Source:", "Photo credit:", "Photo Credit:", "Picture credit:", "Image copyright",
    "Image caption", "Photograph by ", "Photograph:", "Photographs by ", "Photo by ", "Picture by ", "Image by ", "Photo by:", "Photos by ", "Photo:",
    "Photos:", "PHOTO:", "Image:", "IMAGE:", "Images:", "Picture:", "Pictures:", "Bild:", "Bilder:", "Foto:", "Fotos:",
    "FOTO:", "Fotografie:", "Grafik:", "Credit:", "Credits:", "Crédit :", "Crédit photo :", "Crédits :", "Fotoğraf:",
    "Bildquelle:", "Quelle:", "Imagen:",
];

fn by_mark(text: &str) -> Option<Credited<'_>> {
    // Every mark has one of these in it, and most lines have none.
    if !(text.contains([':', '©']) || text.contains("by ") || text.contains("Image c")) {
        return None;
    }
    let signs = text.rfind('©').map(|at| (at + '©'.len_utf8(), '©'.len_utf8()));
    // The mark that ends last; of two that end together ("Image Credit:" and "Credit:") the longer one.
    let (end, len) =
        MARKS.iter().filter_map(|mark| text.rfind(mark).map(|at| (at + mark.len(), mark.len()))).chain(signs).max()?;
    let (at, len) = (end.checked_sub(len)?, len);
    // "Bild: © Awa Sarr" has two marks: the credit begins with the first.
    let (at, len) = MARKS
        .iter()
        .filter_map(|mark| Some((text.get(..at)?.trim_end().strip_suffix(mark)?.len(), mark.len() + 1)))
        .min()
        .map_or((at, len), |(first, first_len)| (first, (at + len).saturating_sub(first).max(first_len)));
    let credit = text.get(at + len..)?;
    let credit = credit.trim_matches(|c: char| c.is_whitespace() || matches!(c, '©' | ':' | ')' | ']' | '|'));
    let caption = text
        .get(..at)?
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '|' | '/' | '-' | '–' | '—' | '•'));
    // What goes on as a sentence is no credit.
    let sentence = credit.split(". ").nth(1).is_some_and(|rest| rest.split_whitespace().count() > 2);
    let fits =
        !credit.is_empty() && credit.split_whitespace().count() <= MOST && !sentence && credit.contains(char::is_alphabetic);
    let upper = credit.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    (fits && (upper || credit.contains(['/', '.', '@']) || names_agency(credit))).then_some(Credited { caption, credit })
}

/// `(AP Photo/Awa Sarr)`, `[File: Reuters]`, `(Awa Sarr / Associated Press)`, `(NOAA/SPC)` at the end of a line.
fn by_bracket(text: &str) -> Option<Credited<'_>> {
    let bare = text.trim_end_matches(['.', ' ']);
    let (open, inner) = match bare.chars().next_back()? {
        ')' => ('(', bare.strip_suffix(')')?),
        ']' => ('[', bare.strip_suffix(']')?),
        _ => return None,
    };
    let at = inner.rfind(open)?;
    let inside = inner.get(at + 1..)?.trim();
    let said =
        ["Photo", "Image", "Foto", "Picture", "Bild", "File", "Courtesy", "Handout"].iter().any(|mark| inside.contains(mark));
    let slashed = inside.contains('/') && !inside.contains("//") && inside.chars().any(char::is_uppercase);
    let fits = inside.split_whitespace().count() <= MOST
        && ((said && inside.contains(['/', ':', ' '])) || (slashed && names_agency(inside)) || (names_agency(inside) && at == 0));
    if !fits {
        return None;
    }
    let credit = inside.strip_prefix("File: ").unwrap_or(inside);
    Some(Credited { caption: inner.get(..at)?.trim_end(), credit })
}

/// `... REUTERS/Awa Sarr` and `Awa Sarr/AFP via Getty Images`: a line that ends with an agency after a slash or "via".
fn by_agency(text: &str) -> Option<Credited<'_>> {
    let bare = text.trim().trim_end_matches(" Purchase Licensing Rights").trim_end_matches(", opens new tab").trim_end();
    if let Some(at) = bare.rfind("REUTERS/") {
        let credit = bare.get(at..)?;
        return (credit.split_whitespace().count() <= 6).then_some(Credited { caption: bare.get(..at)?.trim_end(), credit });
    }
    if ends_sentence(bare) {
        return None;
    }
    let slashed = bare.contains(['/', '|']) || bare.contains(" via ");
    if bare.split_whitespace().count() <= 8 && (is_agency(bare) || (slashed && names_agency(bare))) {
        return Some(Credited { caption: "", credit: bare });
    }
    // "He left after an hour. AP": behind the stop of a caption.
    let at = bare.rfind(['.', '!', '?']).filter(|at| *at > 0)?;
    let (caption, credit) = bare.split_at_checked(at + 1)?;
    let credit = credit.trim();
    let brief = (1..=6).contains(&credit.split_whitespace().count());
    (brief && caption.split_whitespace().count() >= 4 && names_agency(credit)).then_some(Credited { caption, credit })
}

/// Whether a text names a picture agency as a word of its own.
fn names_agency(text: &str) -> bool {
    AGENCIES.iter().any(|agency| {
        text.match_indices(agency).any(|(at, _)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + agency.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    })
}

fn is_agency(text: &str) -> bool {
    AGENCIES.contains(&text)
}

/// Picture agencies and archives.
#[rustfmt::skip]
const AGENCIES: &[&str] = &[
    "AFP", "AP", "AP Photo", "Associated Press", "The Associated Press", "Reuters", "REUTERS", "Getty Images", "Getty", "dpa",
    "DPA", "picture alliance", "picture-alliance", "EPA", "EPA-EFE", "EFE", "IMAGO", "Imago", "imago", "imago images",
    "Shutterstock", "iStock", "Anadolu", "ANSA", "LUSA", "Keystone", "KEYSTONE", "Xinhua", "PA Wire", "PA Images", "Alamy",
    "NurPhoto", "SIPA", "ZUMA", "Bloomberg", "Unsplash",
];

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
        case("The bridge (Image: Awa Sarr)", "The bridge", "Awa Sarr");
        case("The bridge (AP Photo/Awa Sarr)", "The bridge", "AP Photo/Awa Sarr");
        case("The bridge is closed. [File: Reuters]", "The bridge is closed.", "Reuters");
        case("The bridge. Photo by Awa Sarr / AP", "The bridge.", "Awa Sarr / AP");
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
