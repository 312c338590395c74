//! Style sheets and `style` attributes, taken apart: rules, declarations, and the lines where they stand.

use crate::domain::Colour;

/// Rules that are kept of a letter's style sheets.
const MOST_RULES: usize = 2_000;

/// `color: #222222 !important`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    /// In lower case.
    pub name: String,
    /// Without `!important`.
    pub value: String,
    pub important: bool,
    /// As it is written.
    pub written: String,
    pub line: usize,
}

/// A rule of a style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The at-rules that it stands in: `@media (prefers-color-scheme:dark)`.
    pub within: Vec<String>,
    pub selector: String,
    pub declarations: Vec<Declaration>,
    pub line: usize,
}

/// A style sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub rules: Vec<Rule>,
    /// At-rules with the line where each begins: `@import url(a.css)`.
    pub at_rules: Vec<(usize, String)>,
    /// The lines where rules stand in rules.
    pub nested: Vec<usize>,
    pub comments: Vec<usize>,
    /// The line from which braces do not match.
    pub broken: Option<usize>,
}

/// The declarations of a `style` attribute, or of a block; `line` is that of its first character.
pub(super) fn declarations(block: &str, line: usize) -> Vec<Declaration> {
    let mut out = Vec::new();
    let mut line = line;
    for piece in split_outside(block, ';') {
        let lead = piece.len() - piece.trim_start().len();
        let at = line + piece.get(..lead).unwrap_or_default().matches('\n').count();
        line += piece.matches('\n').count();
        let Some((name, value)) = piece.split_once(':') else { continue };
        let (bare, important) = match value.rfind('!') {
            Some(at) if value.get(at + 1..).is_some_and(|rest| rest.trim().eq_ignore_ascii_case("important")) => {
                (value.get(..at).unwrap_or_default(), true)
            }
            _ => (value, false),
        };
        out.push(Declaration {
            name: name.trim().to_ascii_lowercase(),
            value: bare.trim().to_owned(),
            important,
            written: piece.trim().to_owned(),
            line: at,
        });
    }
    out
}

/// The pieces of a text between separators that stand outside of quotes and brackets.
pub(super) fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let (mut out, mut from, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, c) if c == separator && depth == 0 => {
                out.push(text.get(from..at).unwrap_or_default());
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(text.get(from..).unwrap_or_default());
    out
}

impl Sheet {
    /// Reads a style sheet whose first character stands on `line`.
    pub(super) fn parse(css: &str, line: usize) -> Self {
        let mut sheet = Self::default();
        let bare = sheet.without_comments(css, line);
        let (mut line, mut from) = (line, 0);
        // What is open: the text before each brace, and its line.
        let mut open: Vec<(String, usize)> = Vec::new();
        for (at, byte) in bare.bytes().enumerate() {
            let piece = || bare.get(from..at).unwrap_or_default();
            match byte {
                b'\n' => line += 1,
                b'{' => {
                    let head = piece();
                    let begins = line - head.trim_start().matches('\n').count();
                    let head = head.trim().to_owned();
                    if head.starts_with('@') {
                        sheet.at_rules.push((begins, head.clone()));
                    }
                    if open.iter().any(|(above, _)| !above.starts_with('@')) {
                        sheet.nested.push(begins);
                    }
                    open.push((head, begins));
                    from = at + 1;
                }
                b'}' => {
                    let (block, from_line) = (piece(), line - piece().matches('\n').count());
                    match open.pop() {
                        Some((selector, begins)) if !selector.starts_with('@') || selector.starts_with("@font-face") => {
                            let within = open.iter().map(|(above, _)| above.clone()).collect();
                            let declarations = declarations(block, from_line);
                            if sheet.rules.len() < MOST_RULES {
                                sheet.rules.push(Rule { within, selector, declarations, line: begins });
                            }
                        }
                        Some(_) => {}
                        None => sheet.broken = sheet.broken.or(Some(line)),
                    }
                    from = at + 1;
                }
                b';' if open.last().is_none_or(|(above, _)| above.starts_with('@')) => {
                    let head = piece().trim();
                    if head.starts_with('@') {
                        sheet.at_rules.push((line, head.to_owned()));
                    }
                    from = at + 1;
                }
                _ => {}
            }
            if open.len() > 16 {
                sheet.broken = sheet.broken.or(Some(line));
                return sheet;
            }
        }
        if !open.is_empty() {
            sheet.broken = sheet.broken.or(Some(line));
        }
        sheet
    }

    fn without_comments(&mut self, css: &str, first: usize) -> String {
        let mut out = String::with_capacity(css.len());
        let mut line = first;
        let mut rest = css;
        while let Some((before, after)) = rest.split_once("/*") {
            line += before.matches('\n').count();
            self.comments.push(line);
            let (inner, next) = after.split_once("*/").unwrap_or((after, ""));
            let lines = inner.matches('\n').count();
            line += lines;
            out.push_str(before);
            out.push_str(&"\n".repeat(lines));
            rest = next;
        }
        out + rest
    }
}

/// What a colour value says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Is(Colour),
    /// The one of what is around or below it.
    Through,
    /// It cannot be told here.
    Unknown,
}

/// Names of colours that every client knows.
#[rustfmt::skip]
const NAMES: [(&str, &str); 18] = [
    ("black", "#000"), ("white", "#fff"), ("red", "#f00"), ("lime", "#0f0"), ("blue", "#00f"), ("yellow", "#ff0"),
    ("aqua", "#0ff"), ("fuchsia", "#f0f"), ("gray", "#808080"), ("grey", "#808080"), ("silver", "#c0c0c0"),
    ("maroon", "#800000"), ("olive", "#808000"), ("green", "#008000"), ("purple", "#800080"), ("teal", "#008080"),
    ("navy", "#000080"), ("orange", "#ffa500"),
];

/// Reads a colour as mail clients do: hexadecimal, `rgb(1, 2, 3)`, and the first names.
pub(super) fn ink(value: &str) -> Ink {
    let value = value.trim().to_ascii_lowercase();
    if value.starts_with('#') {
        return Colour::parse(&value).map_or(Ink::Unknown, Ink::Is);
    }
    if let Some(inner) = value.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
        let channels: Vec<u8> = inner.split(',').filter_map(|channel| channel.trim().parse().ok()).collect();
        return match channels[..] {
            [red, green, blue] => Ink::Is(Colour::new(red, green, blue)),
            _ => Ink::Unknown,
        };
    }
    match value.as_str() {
        "" | "transparent" | "inherit" | "currentcolor" | "none" | "initial" | "unset" => Ink::Through,
        name => {
            NAMES.iter().find(|(known, _)| *known == name).and_then(|(_, hex)| Colour::parse(hex)).map_or(Ink::Unknown, Ink::Is)
        }
    }
}

/// A length in CSS pixels, where it is written so: `13px`, `0`.
pub(super) fn pixels(value: &str) -> Option<f64> {
    let value = value.trim();
    if value == "0" { Some(0.0) } else { value.to_ascii_lowercase().strip_suffix("px")?.trim().parse().ok() }
}

/// A length as attributes give it: `600`, `600px`.
pub(super) fn pixels_or_number(value: &str) -> Option<f64> {
    pixels(value).or_else(|| value.trim().parse().ok())
}

/// Top and bottom padding, as far as it is given in pixels.
pub(super) fn vertical_padding(declarations: &[Declaration]) -> f64 {
    let (mut top, mut bottom) = (0.0, 0.0);
    for one in declarations {
        match one.name.as_str() {
            "padding" => {
                let sides: Vec<&str> = one.value.split_whitespace().collect();
                top = sides.first().and_then(|side| pixels(side)).unwrap_or_default();
                bottom = if sides.len() > 2 { sides.get(2).and_then(|side| pixels(side)).unwrap_or_default() } else { top };
            }
            "padding-top" => top = pixels(&one.value).unwrap_or_default(),
            "padding-bottom" => bottom = pixels(&one.value).unwrap_or_default(),
            _ => {}
        }
    }
    top + bottom
}

/// The value of a property, the last one given.
pub(super) fn value<'a>(declarations: &'a [Declaration], name: &str) -> Option<&'a str> {
    declarations.iter().rev().find(|one| one.name == name).map(|one| one.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_taken_apart() {
        let found = declarations("color:#fff !important;\nbackground: url('a;b') ; ;x", 3);
        let shown: Vec<_> = found.iter().map(|one| (one.line, one.name.as_str(), one.value.as_str(), one.important)).collect();
        assert_eq!(shown, [(3, "color", "#fff", true), (4, "background", "url('a;b')", false)]);
        assert!((vertical_padding(&declarations("padding:13px 26px", 1)) - 26.0).abs() < 0.1);
        assert!((vertical_padding(&declarations("padding:1px 2px 3px;padding-top:5px", 1)) - 8.0).abs() < 0.1);
    }

    #[test]
    fn sheets_are_taken_apart() {
        let sheet = Sheet::parse("@import 'a';\na{b:c}\n/* d\n*/@media (x){\n.e,\n.f{g:h;\ni:j}\n}\nk{l{m:n}}", 10);
        let shown: Vec<_> = sheet.rules.iter().map(|rule| (rule.line, rule.within.len(), rule.selector.as_str())).collect();
        assert_eq!(shown, [(11, 0, "a"), (14, 1, ".e,\n.f"), (18, 1, "l"), (18, 0, "k")]);
        assert_eq!(sheet.rules[1].declarations.iter().map(|one| one.line).collect::<Vec<_>>(), [15, 16]);
        assert_eq!(sheet.at_rules, [(10, "@import 'a'".to_owned()), (13, "@media (x)".to_owned())]);
        assert_eq!((sheet.comments, sheet.nested, sheet.broken), (vec![12], vec![18], None));
        assert_eq!(Sheet::parse("a{b:c", 1).broken, Some(1));
        assert_eq!(Sheet::parse("a}\nb", 1).broken, Some(1));
        assert!(Sheet::parse(&"{".repeat(1000), 1).broken.is_some());
    }

    #[test]
    fn colours_are_read_as_clients_do() {
        assert_eq!(ink("#FFF"), Ink::Is(Colour::WHITE));
        assert_eq!(ink("rgb(0, 0, 0)"), Ink::Is(Colour::BLACK));
        assert_eq!(
            (ink("black"), ink("transparent"), ink("rgb(0 0 0 / .5)")),
            (Ink::Is(Colour::BLACK), Ink::Through, Ink::Unknown)
        );
    }
}
