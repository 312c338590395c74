//! What a letter is called, and what a list of mails shows behind that.

use crate::app::Desk;
use crate::config::Patterns;
use crate::domain::{Archived, Line, Pattern, Placeholder};
use crate::render::DayInWords;
use crate::store::KeptEdition;

/// Longest names and lists of titles that are filled in, in characters.
const LONGEST: usize = 300;

/// The edition with subject and preheader as the config has them now.
pub(super) fn titled(desk: &Desk, mut kept: KeptEdition) -> KeptEdition {
    let Some(lead) = kept.edition.articles.first() else { return kept };
    let (title, language) = (lead.article.title.clone(), lead.article.language.clone());
    let fill = |pattern: &Option<Pattern>| pattern.as_ref()?.fill(|place| value(desk, &kept, lead, place));
    let Patterns { subject, preheader } = patterns(desk, &kept);
    let subject = kept.own_subject.clone().or_else(|| fill(&subject)).unwrap_or(title);
    let preheader = fill(&preheader);
    kept.edition.subject = subject;
    kept.edition.preheader = preheader;
    kept.language = language;
    kept
}

/// Those of the plan, and where it has none those of all letters.
fn patterns(desk: &Desk, kept: &KeptEdition) -> Patterns {
    let of_all = desk.settings.letter.as_ref().map(|letter| letter.patterns.clone()).unwrap_or_default();
    let plan = desk.settings.schedule.iter().find(|plan| Some(&plan.name) == kept.plan.as_ref());
    let own = plan.map(|plan| plan.patterns.clone()).unwrap_or_default();
    Patterns { subject: own.subject.or(of_all.subject), preheader: own.preheader.or(of_all.preheader) }
}

fn value(desk: &Desk, kept: &KeptEdition, lead: &Archived, place: Placeholder) -> String {
    let articles = &kept.edition.articles;
    let publication = &desk.settings.publication;
    let day = kept.composed.to_zoned(publication.zone.clone()).date();
    let words = || DayInWords::new(day, &lead.article.language);
    match place {
        Placeholder::Title => lead.article.title.to_string(),
        Placeholder::Titles => joined(articles.iter().map(|archived| &archived.article.title), " · "),
        Placeholder::Count => articles.len().to_string(),
        Placeholder::Number => kept.number.to_string(),
        Placeholder::Publication => publication.title.to_string(),
        Placeholder::Date => words().date,
        Placeholder::Day => day.day().to_string(),
        Placeholder::Month => words().month.to_owned(),
        Placeholder::Year => day.year().to_string(),
        Placeholder::Weekday => words().weekday.to_owned(),
        Placeholder::Topics => {
            let mut topics: Vec<&Line> = Vec::new();
            for topic in articles.iter().flat_map(|archived| &archived.article.topics) {
                if !topics.contains(&topic) {
                    topics.push(topic);
                }
            }
            joined(topics.into_iter(), ", ")
        }
        Placeholder::Author => joined(lead.article.authors.iter(), ", "),
        Placeholder::Show => {
            let promo = articles.iter().find_map(|archived| archived.article.promo.as_ref());
            let promoted = || publication.promoted(None).map(|show| &show.name);
            promo.map(|promo| &promo.show).or_else(promoted).map(Line::to_string).unwrap_or_default()
        }
        Placeholder::Episode => {
            let episode = articles.iter().find_map(|archived| archived.episode.as_ref());
            episode.map(|episode| episode.title.to_string()).unwrap_or_default()
        }
    }
}

fn joined<'a>(names: impl Iterator<Item = &'a Line>, between: &str) -> String {
    let all = names.map(Line::as_str).collect::<Vec<_>>().join(between);
    Line::new(&all).map(|line| line.shortened(LONGEST).to_string()).unwrap_or_default()
}
