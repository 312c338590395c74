//! What feeds and letters are held to, and where they break it.

use std::collections::BTreeMap;
use std::fmt;

use super::visible;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Some readers see it wrongly, or not at all.
    Error,
    /// Right by the letter, and yet it goes wrong somewhere.
    Warning,
    /// What a careful publisher does.
    Advice,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        })
    }
}

/// One thing that is looked at.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Short and stable: programs may rely on it.
    pub id: &'static str,
    pub severity: Severity,
    /// What is wrong where it is broken.
    pub what: &'static str,
    /// Why that matters, and to which readers.
    pub why: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

/// Declares rules, and the list of them.
macro_rules! rules {
    ($($name:ident = $severity:ident $id:expr, $what:expr, $why:expr, $mend:expr;)*) => {
        $(pub static $name: $crate::domain::Rule = $crate::domain::Rule {
            id: $id,
            severity: $crate::domain::Severity::$severity,
            what: $what,
            why: $why,
            mend: $mend,
        };)*
        pub static ALL: &[&$crate::domain::Rule] = &[$(&$name),*];
    };
}
pub(crate) use rules;

/// A part of a letter, whose lines are counted by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterPart {
    /// The message as it is mailed: headers, structure, signature.
    Message,
    /// The HTML part, decoded.
    Html,
    /// The text part, decoded.
    Text,
}

impl fmt::Display for LetterPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Message => "message",
            Self::Html => "html",
            Self::Text => "text",
        })
    }
}

/// A place where a letter breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub part: LetterPart,
    /// The line of the part, counted from 1.
    pub line: usize,
    pub rule: &'static Rule,
    /// What is wrong at this place.
    pub what: String,
}

/// How many places are kept of one rule: a letter tends to do the same in each of its cells.
const KEPT: usize = 25;
/// Characters of a value that a message shows.
const SHOWN: usize = 60;

/// The findings while a letter is being checked: of each rule some places, and how many more there are.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
    rules: BTreeMap<&'static str, Told>,
}

/// How often a rule was found broken, and where at last.
#[derive(Debug)]
struct Told {
    rule: &'static Rule,
    count: usize,
    last: Option<Finding>,
}

impl Findings {
    pub fn add(&mut self, part: LetterPart, line: usize, rule: &'static Rule, what: impl Into<String>) {
        let finding = Finding { part, line, rule, what: what.into() };
        let told = self.rules.entry(rule.id).or_insert_with(|| Told { rule, count: 0, last: None });
        // The same place may go wrong in the same way by several ways of looking at it.
        if told.last.as_ref() == Some(&finding) {
            return;
        }
        told.count += 1;
        told.last = Some(finding.clone());
        if told.count <= KEPT {
            self.found.push(finding);
        }
    }

    /// The findings in the order of the letter, and the rules that are broken at more places than that.
    pub fn finish(mut self) -> (Vec<Finding>, Vec<(&'static Rule, usize)>) {
        self.found
            .sort_by(|a, b| (a.part, a.line, a.rule.severity, a.rule.id).cmp(&(b.part, b.line, b.rule.severity, b.rule.id)));
        let more = self.rules.into_values().filter(|told| told.count > KEPT).map(|told| (told.rule, told.count - KEPT));
        (self.found, more.collect())
    }
}

/// A value of a feed or letter as a message shows it: in backticks, on one line, not too long.
pub fn quoted(value: &str) -> String {
    let value = value.trim();
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", visible(value.get(..end).unwrap_or_default())),
        None => format!("`{}`", visible(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule = Rule { id: "x", severity: Severity::Error, what: "", why: "", mend: "" };

    #[test]
    fn what_is_everywhere_is_told_some_times() {
        let mut findings = Findings::default();
        for line in 0..100 {
            findings.add(LetterPart::Html, line, &RULE, "");
            findings.add(LetterPart::Html, line, &RULE, "");
        }
        let (found, more) = findings.finish();
        assert_eq!((found.len(), more), (KEPT, vec![(&RULE, 75)]));
    }

    #[test]
    fn findings_stand_in_the_order_of_the_letter() {
        let mut findings = Findings::default();
        for (part, line) in [(LetterPart::Text, 1), (LetterPart::Html, 2), (LetterPart::Message, 9), (LetterPart::Html, 1)] {
            findings.add(part, line, &RULE, "");
        }
        let places: Vec<_> = findings.finish().0.iter().map(|finding| format!("{}:{}", finding.part, finding.line)).collect();
        assert_eq!(places, ["message:9", "html:1", "html:2", "text:1"]);
    }

    #[test]
    fn values_are_shown_short_and_on_one_line() {
        assert_eq!(quoted(" a\nb "), "`a\\nb`");
        assert_eq!(quoted(&"é".repeat(99)).chars().count(), SHOWN + 3);
    }
}
