use jiff::civil::Weekday;

use crate::domain::{self, Line};

/// How often a show comes: in words, and as a rule for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frequency {
    pub text: Line,
    /// A recurrence rule (RFC 5545, section 3.3.10).
    pub rule: Option<String>,
    /// No episode will follow.
    pub is_complete: bool,
}

/// Characters of the longest text of `podcast:updateFrequency`.
const LONGEST: usize = 128;

const DAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "Monday", "MO"),
    (Weekday::Tuesday, "Tuesday", "TU"),
    (Weekday::Wednesday, "Wednesday", "WE"),
    (Weekday::Thursday, "Thursday", "TH"),
    (Weekday::Friday, "Friday", "FR"),
    (Weekday::Saturday, "Saturday", "SA"),
    (Weekday::Sunday, "Sunday", "SU"),
];

impl Frequency {
    /// What the words say: `Every weekday`, `Daily`, `Every Monday and Thursday`, `Weekly`. A sentence may stand around them,
    /// which in other languages than English stays.
    pub fn of_words(text: &Line) -> Option<Self> {
        let (words, rule) = match found(text.as_str()) {
            Some((words, rule)) => (Line::new(&words)?, rule),
            None => (text.shortened(LONGEST), domain::Frequency::parse(text.as_str())?.rrule()),
        };
        Some(Self { text: words, rule: Some(rule), is_complete: false })
    }

    /// Days of the week on which nothing comes, by their English names, as RSS wants them in `skipDays`; none where the rule
    /// names no days, and none where it leaves out weeks.
    pub fn silent_days(&self) -> Vec<&'static str> {
        let rule = self.rule.as_deref().unwrap_or_default();
        let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let weekly = matches!(part("FREQ"), Some("DAILY" | "WEEKLY")) && !self.is_complete;
        let (Some(named), true) = (part("BYDAY"), weekly) else { return Vec::new() };
        let named: Vec<&str> = named.split(',').collect();
        let known = named.iter().all(|day| DAYS.iter().any(|(_, _, code)| code == day));
        let silent = DAYS.iter().filter(|(_, _, code)| !named.contains(code)).map(|(_, name, _)| *name);
        if known { silent.collect() } else { Vec::new() }
    }

    /// Whether a text is a recurrence rule as far as its parts go.
    pub fn is_rule(text: &str) -> bool {
        const PARTS: [&str; 14] = [
            "FREQ",
            "UNTIL",
            "COUNT",
            "INTERVAL",
            "BYSECOND",
            "BYMINUTE",
            "BYHOUR",
            "BYDAY",
            "BYMONTHDAY",
            "BYYEARDAY",
            "BYWEEKNO",
            "BYMONTH",
            "BYSETPOS",
            "WKST",
        ];
        let mut parts = text.split(';').map(|part| part.split_once('='));
        let known = |part: Option<(&str, &str)>| {
            part.is_some_and(|(name, value)| PARTS.contains(&name) && !value.is_empty() && !value.contains(char::is_whitespace))
        };
        let frequency = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"];
        let begins = matches!(parts.next(), Some(Some(("FREQ", value))) if frequency.contains(&value));
        begins && parts.all(known)
    }
}

/// The words that tell how often, and the rule.
fn found(text: &str) -> Option<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for start in 0..words.len() {
        let rest = words.get(start..)?;
        let told = phrase(rest);
        if let Some((length, rule)) = told {
            let phrase = rest.get(..length)?.join(" ");
            let phrase = phrase.trim_end_matches(|c: char| !c.is_alphanumeric());
            let mut letters = phrase.chars();
            let first = letters.next()?;
            return Some((format!("{}{}", first.to_uppercase(), letters.as_str()), rule));
        }
    }
    None
}

const WEEKDAYS: &str = "FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR";

/// A phrase at the beginning of some words: how many words it has, and the rule.
fn phrase(words: &[&str]) -> Option<(usize, String)> {
    let word = |at: usize| words.get(at).map(|word| bare(word)).unwrap_or_default();
    let fixed = |length: usize, rule: &str| Some((length, rule.to_owned()));
    match (&*word(0), &*word(1)) {
        ("every", "weekday") | ("on", "weekdays") => fixed(2, WEEKDAYS),
        ("every", "day") => fixed(2, "FREQ=DAILY"),
        ("every", "week") => fixed(2, "FREQ=WEEKLY"),
        ("every", "month") => fixed(2, "FREQ=MONTHLY"),
        ("weekdays", _) => fixed(1, WEEKDAYS),
        ("daily", _) => fixed(1, "FREQ=DAILY"),
        ("weekly", _) => fixed(1, "FREQ=WEEKLY"),
        ("monthly", _) => fixed(1, "FREQ=MONTHLY"),
        ("every" | "on", _) => days(words),
        _ => None,
    }
}

/// `every Monday, Wednesday and Friday`, `on Mondays`.
fn days(words: &[&str]) -> Option<(usize, String)> {
    let (mut codes, mut length) = (Vec::new(), 1);
    for (at, word) in words.iter().enumerate().skip(1) {
        let word = bare(word);
        let singular = word.strip_suffix('s').unwrap_or(&word);
        if let Some((_, _, code)) = DAYS.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(singular)) {
            codes.push(*code);
            length = at + 1;
        } else if word != "and" {
            break;
        }
    }
    (!codes.is_empty()).then(|| (length, format!("FREQ=WEEKLY;BYDAY={}", codes.join(","))))
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_a_rule() {
        #[track_caller]
        fn case(text: &str, words: &str, rule: &str, silent: &[&str]) {
            let told = Frequency::of_words(&Line::new(text).unwrap()).unwrap();
            assert_eq!((told.text.as_str(), told.rule.as_deref(), &*told.silent_days()), (words, Some(rule), silent));
            assert!(Frequency::is_rule(rule));
        }
        let weekdays = "FREQ=DAILY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR";
        case("While you're here: Every weekday, we host AfricaLink", "Every weekday", weekdays, &["Saturday", "Sunday"]);
        case("News from the continent, every weekday.", "Every weekday", weekdays, &["Saturday", "Sunday"]);
        case("Daily", "Daily", "FREQ=DAILY", &[]);
        case(
            "We talk every Monday, Wednesday and Friday about music",
            "Every Monday, Wednesday and Friday",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            &["Tuesday", "Thursday", "Saturday", "Sunday"],
        );
        case(
            "Tous les vendredis",
            "Tous les vendredis",
            "FREQ=WEEKLY;BYDAY=FR",
            &["Monday", "Tuesday", "Wednesday", "Thursday", "Saturday", "Sunday"],
        );
        for none in ["A show on the river", "Every listener counts", "on and on"] {
            assert_eq!(Frequency::of_words(&Line::new(none).unwrap()), None, "{none}");
        }
    }

    #[test]
    fn rules_are_looked_at() {
        assert!(Frequency::is_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=10"));
        for bad in ["", "WEEKLY", "FREQ=OFTEN", "BYDAY=MO;FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;ON=MO"] {
            assert!(!Frequency::is_rule(bad), "{bad}");
        }
    }
}
