//! What a check finds, and where.

use std::collections::BTreeMap;

use crate::domain::Rule;

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static Rule,
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong at this place.
    pub what: String,
}

/// How many places are kept of one rule: a feed of 10,000 items tends to do the same in each.
const KEPT: usize = 25;

/// The findings while a feed is being checked.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// By the byte at which they stand.
    found: Vec<(usize, &'static Rule, String)>,
    counts: BTreeMap<&'static str, (&'static Rule, usize)>,
}

impl Findings {
    /// Notes that a rule is broken at a byte of the text. Of each rule some places are kept, and the others counted.
    pub(super) fn add(&mut self, rule: &'static Rule, at: usize, what: impl Into<String>) {
        let (_, count) = self.counts.entry(rule.id).or_insert((rule, 0));
        *count += 1;
        if *count <= KEPT {
            self.found.push((at, rule, what.into()));
        }
    }

    /// The findings in the order of the text, and how many more there were of which rules.
    pub(super) fn finish(mut self, text: &str) -> (Vec<Finding>, Vec<(&'static Rule, usize)>) {
        self.found.sort_by_key(|(at, rule, _)| (*at, rule.severity, rule.id));
        let mut place = Place::default();
        let mut findings = Vec::with_capacity(self.found.len());
        for (at, rule, what) in self.found {
            place.move_to(text, at);
            let finding = Finding { rule, line: place.line + 1, column: place.column + 1, what };
            if findings.last() != Some(&finding) {
                findings.push(finding);
            }
        }
        let more = self.counts.into_values().filter(|(_, count)| *count > KEPT).map(|(rule, count)| (rule, count - KEPT));
        (findings, more.collect())
    }
}

/// A place in the text, walked to from the beginning: each byte is looked at once for all findings.
#[derive(Default)]
struct Place {
    at: usize,
    line: usize,
    column: usize,
}

impl Place {
    fn move_to(&mut self, text: &str, at: usize) {
        for c in text.get(self.at..).unwrap_or_default().chars() {
            if self.at >= at {
                break;
            }
            self.at += c.len_utf8();
            if c == '\n' {
                (self.line, self.column) = (self.line + 1, 0);
            } else {
                self.column += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Severity;

    static RULE: Rule = Rule { id: "x", severity: Severity::Error, what: "", why: "", mend: "" };

    #[test]
    fn findings_know_their_line_and_column() {
        let mut findings = Findings::default();
        for at in [7, 0, 99, 2] {
            findings.add(&RULE, at, at.to_string());
        }
        let (found, more) = findings.finish("é\né!\nx");
        let places: Vec<_> = found.iter().map(|finding| (finding.what.as_str(), finding.line, finding.column)).collect();
        assert_eq!(places, [("0", 1, 1), ("2", 1, 2), ("7", 3, 1), ("99", 3, 2)]);
        assert!(more.is_empty());
    }

    #[test]
    fn what_is_everywhere_is_told_some_times() {
        let mut findings = Findings::default();
        for at in 0..100 {
            findings.add(&RULE, at, "");
        }
        let (found, more) = findings.finish(&"x".repeat(100));
        assert_eq!((found.len(), more), (KEPT, vec![(&RULE, 75)]));
    }
}
