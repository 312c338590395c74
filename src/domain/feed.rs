use super::{Line, slug};

/// What a feed is of: all of the publication, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Publication,
    /// The articles of a topic.
    Section(Line),
    /// The articles of an author.
    Author(Line),
    /// The letters, by the word that the publication has for them.
    Editions(Line),
}

/// Longest name of a file that is made of a section or an author, in characters.
const LONGEST: usize = 50;

impl Scope {
    /// The folder below `feeds/` and the name, without an ending, of the files of a part.
    pub fn place(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Publication => None,
            Self::Section(name) => Some(("sections", file_name(name))),
            Self::Author(name) => Some(("authors", file_name(name))),
            Self::Editions(_) => Some(("editions", "feed".to_owned())),
        }
    }

    /// The name that tells it from the other parts of the publication.
    pub fn name(&self) -> Option<&Line> {
        match self {
            Self::Publication => None,
            Self::Section(name) | Self::Author(name) | Self::Editions(name) => Some(name),
        }
    }

    /// What a feed of it is called, as `The Desk: Politics`.
    pub fn title(&self, publication: &Line) -> Line {
        let title = self.name().and_then(|name| Line::new(&format!("{publication}: {name}")));
        title.unwrap_or_else(|| publication.clone())
    }
}

/// A name of a file for a section or an author, never empty.
///
/// In Latin letters where the name has any, else in its own: `siyasa`, or `سياسة`, which a URL writes percent-encoded.
fn file_name(name: &Line) -> String {
    let latin = slug(name.as_str(), LONGEST);
    if !latin.is_empty() {
        return latin;
    }
    let mut own = String::new();
    for c in name.as_str().chars().flat_map(char::to_lowercase) {
        // Marks are no letters to Rust, and words of many scripts need them.
        let is_apart = c.is_ascii() || c.is_whitespace() || matches!(c, '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}');
        if !is_apart {
            own.push(c);
        } else if !own.ends_with('-') {
            own.push('-');
        }
    }
    let own: String = own.trim_matches('-').chars().take(LONGEST).collect();
    let own = own.trim_matches('-');
    // Of a name such as `!?` nothing is left but its characters' numbers.
    let numbers = || name.as_str().chars().take(8).map(|c| format!("{:x}", u32::from(c))).collect::<Vec<_>>().join("-");
    if own.is_empty() { numbers() } else { own.to_owned() }
}

/// Whether two spellings name the same section or author: the same letters and digits, whatever the case and the rest.
pub fn is_same_name(one: &Line, other: &Line) -> bool {
    let key = |line: &Line| {
        let letters: String = line.as_str().chars().filter(|c| !is_aside(*c)).flat_map(char::to_lowercase).collect();
        if letters.is_empty() { line.to_string() } else { letters }
    };
    key(one) == key(other)
}

/// A character that a spelling may have or not. `C`, `C++` and `C#` are three names.
fn is_aside(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '–' | '—' | '\'' | '’' | '.' | ',' | ':' | ';' | '!' | '?' | '"' | '“' | '”' | '_' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        Line::new(text).unwrap()
    }

    #[test]
    fn every_name_has_a_file_that_stays_in_its_folder() {
        #[track_caller]
        fn case(name: &str, file: &str) {
            assert_eq!(Scope::Section(line(name)).place(), Some(("sections", file.to_owned())), "{name}");
        }
        case("Politics & Power", "politics-power");
        case("Bâ Traoré", "ba-traore");
        case("سياسة الساحل", "سياسة-الساحل");
        case("हिन्दी", "हिन्दी");
        case("../../etc/passwd", "etc-passwd");
        case("../سر", "سر");
        case("!?", "21-3f");
        assert_eq!(file_name(&line(&"é".repeat(300))).len(), LONGEST);
        assert!(file_name(&line(&"س".repeat(300))).len() <= 2 * LONGEST);
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        assert!(is_same_name(&line("World News"), &line("world-news")));
        assert!(is_same_name(&line("O'Neil"), &line("O’NEIL")));
        for (one, other) in [("C", "C++"), ("Ségou", "Segou"), ("!", "?")] {
            assert!(!is_same_name(&line(one), &line(other)), "{one} {other}");
        }
    }

    #[test]
    fn a_part_is_called_after_the_whole() {
        let title = |scope: Scope| scope.title(&line("The Desk")).to_string();
        assert_eq!(title(Scope::Publication), "The Desk");
        assert_eq!(title(Scope::Author(line("Ada Keita"))), "The Desk: Ada Keita");
    }
}
