//! What is sent by itself, and when: the sections `[[schedule]]`.

use std::fmt;

use croner::Cron;
use jiff::{Timestamp, tz::TimeZone};

use super::letter::Patterns;
use super::options::{ItemsOptions, ScheduleOptions};
use super::settings::Check;
use crate::domain::{Items, Language, Line};

/// A planned sending: which articles, to which list, when.
#[derive(Clone)]
pub struct Plan {
    pub name: Line,
    pub list: Line,
    pub cron: Cron,
    pub items: Items,
    /// There is no letter of fewer articles.
    pub minimum: u32,
    /// Only articles that have one of these topics; all where there are none.
    pub topics: Vec<Line>,
    /// Only articles in this language.
    pub language: Option<Language>,
    pub patterns: Patterns,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan({} {:?} -> {})", self.name, self.cron.pattern.to_string(), self.list)
    }
}

impl Check {
    pub(super) fn schedule(&mut self, plans: &[ScheduleOptions], letters: bool) -> Vec<Plan> {
        if !plans.is_empty() && !letters {
            self.problem("schedule", "plans letters, and there is no `[letter]`");
        }
        let mut out: Vec<Plan> = Vec::new();
        for (at, plan) in plans.iter().enumerate() {
            let section = format!("schedule[{}]", at + 1);
            if let Some(plan) = self.plan(&section, plan) {
                let name = &plan.name;
                if out.iter().any(|other| other.name == *name) {
                    let twice = format!("`{name}` is the name of another plan: each instant is sent once a name");
                    self.problem(&format!("{section}.name"), twice);
                }
                out.push(plan);
            }
        }
        out
    }

    fn plan(&mut self, section: &str, plan: &ScheduleOptions) -> Option<Plan> {
        let key = |name: &str| format!("{section}.{name}");
        let name = self.needed(&key("name"), plan.name.as_ref(), "a name for the plan, such as `weekday-letter`", Line::new);
        let list = self.list(&key("list"), plan.list.as_ref());
        let cron = self.needed(&key("at"), plan.at.as_ref(), "five fields as in crontab, such as `0 7 * * 1-5`", |text| {
            // Five fields and no more: a sixth would turn minutes into seconds.
            let five = text.split_whitespace().count() == 5;
            five.then(|| croner::parser::CronParser::new().parse(text).ok()).flatten()
        });
        let items = self.items(&key("items"), plan.items.as_ref());
        let minimum = plan.minimum.unwrap_or(1);
        if let Items::Newest(most) = items
            && minimum > most
        {
            self.problem(&key("minimum"), format!("`{minimum}` is more than a letter of at most {most} can have"));
        }
        let topics = plan.topics.iter();
        let topics = topics.filter_map(|topic| self.optional(&key("topics"), Some(topic), "a topic", Line::new)).collect();
        let language = self.optional(&key("language"), plan.language.as_ref(), "a language tag such as `fr`", Language::parse);
        let patterns = self.patterns(section, plan.subject.as_ref(), plan.preheader.as_ref());
        let ((name, list), cron) = name.zip(list).zip(cron)?;
        if never_comes(&cron) {
            let text = cron.pattern.to_string();
            self.problem(&key("at"), format!("`{text}` never comes: no month has such a day"));
        }
        Some(Plan { name, list, cron, items, minimum, topics, language, patterns })
    }

    fn items(&mut self, key: &str, items: Option<&ItemsOptions>) -> Items {
        let text = match items {
            None => return Items::default(),
            Some(ItemsOptions::Number(number)) => number.to_string(),
            Some(ItemsOptions::Word(word)) => word.clone(),
        };
        let what = "`since-last`, `one`, or the most articles that a letter is to have";
        self.optional(key, Some(&text), what, Items::parse).unwrap_or_default()
    }
}

/// Whether no instant fits, as with 31 February.
fn never_comes(cron: &Cron) -> bool {
    cron.find_next_occurrence(&Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC), true).is_err()
}
