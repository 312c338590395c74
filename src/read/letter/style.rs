//! Styles that mail clients do not know, or for which they drop a whole attribute or style sheet.
//!
//! Support is told as of mid-2026, for the clients that most people use; what is not in these tables is let pass.

use super::css::{Declaration, Ink, Sheet, ink, pixels, split_outside};
use super::markup::Markup;
use super::{Check, Styles, inline, rules};
use crate::domain::{LetterPart, quoted};

/// Bytes of a style sheet from which Gmail drops it.
const LONGEST: usize = 16 * 1024;

/// Properties, or the beginnings of their names, that a client many people use ignores.
const UNKNOWN: [&str; 40] = [
    "position",
    "float",
    "clear",
    "flex",
    "grid",
    "gap",
    "row-gap",
    "column-gap",
    "columns",
    "column-count",
    "inset",
    "transform",
    "transition",
    "animation",
    "filter",
    "backdrop-filter",
    "mix-blend-mode",
    "clip-path",
    "mask",
    "object-fit",
    "object-position",
    "order",
    "align-items",
    "align-self",
    "align-content",
    "justify-content",
    "justify-items",
    "place-items",
    "place-content",
    "padding-inline",
    "padding-block",
    "margin-inline",
    "margin-block",
    "border-inline",
    "border-block",
    "inline-size",
    "block-size",
    "aspect-ratio",
    "accent-color",
    "z-index",
];
/// Functions that a client many people use cannot compute.
const FUNCTIONS: [&str; 11] =
    ["var(", "calc(", "min(", "max(", "clamp(", "env(", "light-dark(", "color-mix(", "attr(", "image-set(", "linear-gradient("];
/// Notations of colours for which Gmail drops the whole attribute, or old Outlook the colour.
const COLOURS: [&str; 9] = ["oklch(", "oklab(", "lch(", "lab(", "color(", "hwb(", "rgba(", "hsla(", "hsl("];
/// Units that some clients do not know.
const UNITS: [&str; 12] = ["rem", "em", "vw", "vh", "vmin", "vmax", "svh", "dvh", "ch", "ex", "lh", "cqw"];
/// At-rules that clients know, or pass over without harm.
const AT_RULES: [&str; 3] = ["@media", "@font-face", "@supports"];

pub(super) fn check(check: &mut Check, markup: &Markup, styles: &Styles) {
    for (_, node) in markup.elements() {
        let Some(style) = node.attribute("style") else { continue };
        if style.contains("/*") {
            check.html(&rules::css::COMMENT, node.line, "a comment in a `style`");
        }
        for one in inline(node) {
            if one.important {
                check.html(&rules::css::IMPORTANT_INLINE, node.line, quoted(&one.written));
            }
            declaration(check, &one, true);
        }
        for piece in split_outside(style, ';').into_iter().filter(|piece| !piece.trim().is_empty() && !piece.contains(':')) {
            check.html(&rules::css::SYNTAX, node.line, format!("{} is no declaration", quoted(piece)));
        }
    }
    for (at, sheet) in &styles.sheets {
        let length = markup.within(*at).filter_map(|(_, node)| node.text()).map(str::len).sum::<usize>();
        let line = markup.nodes.get(*at).map_or(1, |node| node.line);
        if length > LONGEST {
            check.html(&rules::css::LONG, line, format!("the style sheet has {length} bytes"));
        }
        self::sheet(check, sheet);
    }
}

fn sheet(check: &mut Check, sheet: &Sheet) {
    for line in &sheet.comments {
        check.html(&rules::css::COMMENT, *line, "a comment in the style sheet");
    }
    for line in &sheet.nested {
        check.html(&rules::css::NESTED, *line, "a rule within a rule");
    }
    if let Some(line) = sheet.broken {
        check.html(&rules::css::SYNTAX, line, "the braces do not match");
    }
    for (line, rule) in &sheet.at_rules {
        let name = rule.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default().to_ascii_lowercase();
        if name == "@import" {
            check.html(&rules::css::IMPORT, *line, quoted(rule));
        } else if !AT_RULES.contains(&name.as_str()) {
            check.html(&rules::css::AT_RULE, *line, quoted(rule));
        }
    }
    // A sheet that is Outlook's alone may hold what would get it dropped elsewhere.
    let is_shared = !sheet.rules.iter().all(|rule| is_of_outlook(&rule.selector));
    for rule in &sheet.rules {
        if rule.within.len() > 1 {
            check.html(&rules::css::AT_RULE, rule.line, "an at-rule within an at-rule");
        }
        if is_shared && rule.selector.contains('[') && !rule.selector.contains("[class~=") {
            check.html(&rules::css::ATTRIBUTE, rule.line, quoted(&rule.selector));
        }
        rule.declarations.iter().for_each(|one| declaration(check, one, false));
    }
}

fn is_of_outlook(selector: &str) -> bool {
    selector.split(',').all(|one| one.trim_start().starts_with("[data-og"))
}

fn declaration(check: &mut Check, one: &Declaration, is_inline: bool) {
    let lower = one.value.to_ascii_lowercase();
    let mut told = |rule, what: String| check.findings.add(LetterPart::Html, one.line, rule, what);
    let bare = one.written.to_ascii_lowercase();
    if bare.contains("!important") && !bare.contains(" !important")
        || one.written.contains("! important")
        || one.written.contains("!IMPORTANT")
    {
        told(&rules::css::IMPORTANT, quoted(&one.written));
    }
    if lower.contains("url(") {
        told(&rules::css::URL, quoted(&one.written));
    }
    let modern = lower.contains("rgb(")
        && !lower.split("rgb(").skip(1).all(|inner| inner.split(')').next().unwrap_or_default().contains(','));
    if modern || COLOURS.iter().any(|notation| begins_word(&lower, notation)) {
        told(&rules::css::COLOUR, quoted(&one.written));
    } else if let Some(function) = FUNCTIONS.iter().find(|function| begins_word(&lower, function)) {
        told(&rules::css::FUNCTION, format!("{} uses `{function})`", quoted(&one.written)));
    } else if matches!(one.name.as_str(), "color" | "background-color") && ink(&one.value) == Ink::Unknown {
        told(&rules::css::COLOUR_NAME, quoted(&one.written));
    }
    let is_unknown =
        UNKNOWN.iter().any(|known| one.name == *known || one.name.strip_prefix(known).is_some_and(|rest| rest.starts_with('-')));
    let layout = one.name == "display" && ["flex", "grid"].iter().any(|value| lower.contains(value));
    if (is_unknown || layout) && !one.name.starts_with("mso-") {
        told(&rules::css::PROPERTY, quoted(&one.written));
    }
    if one.name.starts_with("--") {
        told(&rules::css::FUNCTION, quoted(&one.written));
    }
    if one.name.starts_with("margin") && lower.split_whitespace().any(|side| side.starts_with('-')) {
        told(&rules::css::NEGATIVE, quoted(&one.written));
    }
    if let Some(unit) = unit(&lower).filter(|_| !one.name.starts_with("mso-") && one.name != "src") {
        told(&rules::css::UNIT, format!("{} is in `{unit}`", quoted(&one.written)));
    }
    if matches!(one.name.as_str(), "text-align") && matches!(lower.as_str(), "start" | "end") {
        told(&rules::css::PROPERTY, quoted(&one.written));
    }
    if is_inline && one.name == "background" && !lower.contains("url(") {
        told(&rules::css::BACKGROUND, quoted(&one.written));
    }
    if one.name == "width" && is_inline && pixels(&lower).is_some_and(|width| width > 640.0) {
        told(&rules::css::WIDE, quoted(&one.written));
    }
}

/// Whether a function is called: its name does not end another one's.
fn begins_word(value: &str, function: &str) -> bool {
    value
        .match_indices(function)
        .any(|(at, _)| value.get(..at).is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')))
}

/// The unit of a length that is no pixel, percent or point.
fn unit(value: &str) -> Option<&'static str> {
    value.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '/')).find_map(|word| {
        let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        let has_number = unit.len() < word.len() && word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
        UNITS.iter().find(|known| has_number && **known == unit).copied()
    })
}
