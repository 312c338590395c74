use super::Line;

/// A line with places to be filled in, as `{publication}: {title}`. `{{` and `}}` stand for braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(Placeholder),
}

/// What can be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    Title,
    Titles,
    Count,
    Number,
    Publication,
    Date,
    Day,
    Month,
    Year,
    Weekday,
    Topics,
    Author,
    Show,
    Episode,
}

impl Placeholder {
    pub const ALL: [Self; 14] = [
        Self::Title,
        Self::Titles,
        Self::Count,
        Self::Number,
        Self::Publication,
        Self::Date,
        Self::Day,
        Self::Month,
        Self::Year,
        Self::Weekday,
        Self::Topics,
        Self::Author,
        Self::Show,
        Self::Episode,
    ];

    /// As it stands between the braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Titles => "titles",
            Self::Count => "count",
            Self::Number => "number",
            Self::Publication => "publication",
            Self::Date => "date",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Weekday => "weekday",
            Self::Topics => "topics",
            Self::Author => "author",
            Self::Show => "show",
            Self::Episode => "episode",
        }
    }
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("is empty")]
    Empty,
    #[error("has a `{{` without its `}}`: write `{{{{` for a brace")]
    Unclosed,
    #[error("has a `}}` without its `{{`: write `}}}}` for a brace")]
    Unopened,
    #[error("has no place `{{{0}}}`")]
    Unknown(String),
}

impl Pattern {
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else if let Some(inner) = from.strip_prefix('{') {
                let (name, after) = inner.split_once('}').ok_or(PatternError::Unclosed)?;
                let wanted = name.trim();
                let place = Placeholder::ALL.into_iter().find(|place| place.name() == wanted);
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Place(place.ok_or_else(|| PatternError::Unknown(wanted.to_owned()))?));
                rest = after;
            } else {
                return Err(PatternError::Unopened);
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        let is_blank = pieces.iter().all(|piece| matches!(piece, Piece::Text(text) if Line::new(text).is_none()));
        if is_blank { Err(PatternError::Empty) } else { Ok(Self(pieces)) }
    }

    /// The line; none where nothing was filled in and nothing else stands there.
    pub fn fill(&self, mut value: impl FnMut(Placeholder) -> String) -> Option<Line> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place(place) => out.push_str(&value(*place)),
            }
        }
        Line::new(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, filled: &str) {
        let line = Pattern::parse(text).unwrap().fill(|place| match place {
            Placeholder::Title => "A {river}\r\nBcc: x".to_owned(),
            Placeholder::Episode => String::new(),
            other => other.name().to_uppercase(),
        });
        assert_eq!(line.map(|line| line.to_string()).unwrap_or_default(), filled, "{text}");
    }

    #[test]
    fn places_are_filled_in_once_and_braces_can_be_written() {
        case("{publication}: { title }", "PUBLICATION: A {river} Bcc: x");
        case("no. {number}, {weekday}", "no. NUMBER, WEEKDAY");
        case("{{title}} {count}", "{title} COUNT");
        case("}}{{", "}{");
        case(" {episode} ", "");
        case("plain", "plain");
        for place in Placeholder::ALL {
            assert_eq!(Pattern::parse(&format!("{{{}}}", place.name())), Ok(Pattern(vec![Piece::Place(place)])));
        }
    }

    #[test]
    fn what_is_no_pattern_is_said() {
        for (text, error) in [
            ("", PatternError::Empty),
            (" \u{A0}", PatternError::Empty),
            ("{title", PatternError::Unclosed),
            ("{", PatternError::Unclosed),
            ("a } b", PatternError::Unopened),
            ("{}", PatternError::Unknown(String::new())),
            ("{Titel}", PatternError::Unknown("Titel".to_owned())),
            ("{a{title}", PatternError::Unknown("a{title".to_owned())),
        ] {
            assert_eq!(Pattern::parse(text), Err(error), "{text}");
        }
        assert_eq!(PatternError::Unclosed.to_string(), "has a `{` without its `}`: write `{{` for a brace");
    }
}
