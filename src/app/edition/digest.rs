//! Composing: an edition of what is new to a list, by a plan or by hand.

use jiff::{Timestamp, Zoned};

use super::{NothingNew, Sent, UnknownEdition, keep, letter_settings, news, resolved, write};
use crate::app::{Desk, Milestone, Tell, feeds};
use crate::config::Plan;
use crate::domain::{Archived, ArticleId, Edition, EditionId, Items, Line};
use crate::store::KeptEdition;

/// What a digest by hand is to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub items: Items,
    /// That of the config where none is named.
    pub list: Option<Line>,
    pub subject: Option<Line>,
}

/// Composes an edition of what is new to a list, and writes its files. The same articles again are the same edition.
///
/// [`NothingNew`] where there is nothing to compose it of. The caller holds the lock of the publication.
pub async fn compose_digest(desk: &Desk, wanted: &Wanted, tell: Tell<'_>) -> anyhow::Result<EditionId> {
    let list = wanted.list.clone().unwrap_or(letter_settings(desk)?.list.clone());
    let news = news(desk, list.as_str(), wanted.items, &[], None).await?;
    let Some(lead) = news.articles.first() else { return Err(NothingNew { list: list.to_string() }.into()) };
    let id = match open_digest(desk, &list, &news.articles).await? {
        Some(id) => id,
        None if news.articles.len() == 1 => lead.id.clone(),
        None => digest_id(desk, &desk.now().to_zoned(desk.settings.publication.zone.clone()), &list, None).await?,
    };
    let kept = compose(desk, Composing { id, by: By::Hand(wanted.subject.clone()), at: desk.now(), list: &list }, news.articles);
    let KeptEdition { edition: Edition { id, subject, .. }, .. } = kept.await?;
    tell(&Milestone::Composed { id: id.clone(), subject });
    if news.left > 0 {
        tell(&Milestone::LeftOut { plan: None, list, count: news.left });
    }
    write(desk, &id, tell).await?;
    feeds::rebuild_letters(desk, tell).await?;
    Ok(id)
}

/// The edition of a planned instant. Where a run was stopped before it was sent, the next one composes it anew.
///
/// One article is its own edition; several make one that bears the planned instant's name.
pub(in crate::app) async fn planned(
    desk: &Desk,
    plan: &Plan,
    at: Timestamp,
    articles: Vec<Archived>,
) -> anyhow::Result<Option<EditionId>> {
    let id = match articles.as_slice() {
        [] => return Ok(None),
        [one] => one.id.clone(),
        _ => {
            let planned = at.to_zoned(desk.settings.publication.zone.clone());
            digest_id(desk, &planned, &plan.name, Some(&plan.name)).await?
        }
    };
    let kept = compose(desk, Composing { id, by: By::Plan(plan.name.clone()), at, list: &plan.list }, articles).await?;
    Ok(Some(kept.edition.id))
}

struct Composing<'a> {
    id: EditionId,
    by: By,
    at: Timestamp,
    list: &'a Line,
}

enum By {
    Plan(Line),
    /// With the subject that was given.
    Hand(Option<Line>),
}

/// Keeps an edition of these articles, with what is known of it already.
async fn compose(desk: &Desk, composing: Composing<'_>, articles: Vec<Archived>) -> anyhow::Result<KeptEdition> {
    let Composing { id, by, at, list } = composing;
    let is_digest = articles.len() > 1;
    let known = match desk.ledger.edition(&id).await? {
        // It went out to another list, as it is called there.
        Some(kept) if kept.is_frozen => match by {
            By::Hand(Some(_)) => return Err(Sent { id }.into()),
            By::Hand(None) | By::Plan(_) => return Ok(kept),
        },
        Some(kept) => Some(kept),
        None => None,
    };
    let Some(lead) = articles.first().cloned() else { return Err(NothingNew { list: list.to_string() }.into()) };
    let number = desk.ledger.letters_to(list.as_str()).await?.saturating_add(1);
    let fresh = super::of_article(lead);
    let composed = match &known {
        Some(known) => known.composed,
        None if is_digest => at,
        None => fresh.composed,
    };
    let (plan, own_subject) = match by {
        By::Plan(plan) => (Some(plan), known.and_then(|known| known.own_subject)),
        By::Hand(subject) => (None, subject.or_else(|| known.and_then(|known| known.own_subject))),
    };
    let edition = Edition { id, articles, ..fresh.edition };
    let list = is_digest.then(|| list.clone());
    let kept = super::titled(desk, KeptEdition { edition, own_subject, plan, list, number, composed, ..fresh });
    keep(desk, &kept).await?;
    Ok(kept)
}

/// Gives an edition that has not been sent another subject.
pub(super) async fn rename(desk: &Desk, id: &EditionId, subject: Line) -> anyhow::Result<()> {
    let kept = resolved(desk, id, None).await?.ok_or_else(|| UnknownEdition { id: id.to_string() })?;
    if kept.is_frozen {
        return Err(Sent { id: id.clone() }.into());
    }
    keep(desk, &super::titled(desk, KeptEdition { own_subject: Some(subject), ..kept })).await
}

/// The digest that was composed by hand of just these articles and has not been sent.
async fn open_digest(desk: &Desk, list: &Line, articles: &[Archived]) -> anyhow::Result<Option<EditionId>> {
    for id in desk.ledger.open_digests(list.as_str()).await? {
        let carried = desk.ledger.edition_articles(&id).await?;
        if carried.iter().map(|archived| &archived.id).eq(articles.iter().map(|archived| &archived.id)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The id of an edition with more than one article: an instant and a name, as `2026-03-04-0700-weekday-letter`.
///
/// Two plans may be called alike in it, and an hour may come twice: a number tells them apart. An edition of the same plan that
/// was not sent is composed anew under its id.
async fn digest_id(desk: &Desk, at: &Zoned, name: &Line, plan: Option<&Line>) -> anyhow::Result<EditionId> {
    let name = crate::domain::slug(name.as_str(), 60);
    let wanted = format!("{}-{name}", at.strftime("%Y-%m-%d-%H%M"));
    let wanted = wanted.trim_end_matches('-');
    let mut number = 1_u32;
    loop {
        let text = if number == 1 { wanted.to_owned() } else { format!("{wanted}-{number}") };
        let id = ArticleId::parse(&text).ok_or(UnknownEdition { id: text })?;
        let is_free = match desk.ledger.edition(&id).await? {
            Some(kept) => !kept.is_frozen && plan.is_some() && kept.plan.as_ref() == plan,
            None => !desk.ledger.has_article(&id).await?,
        };
        if is_free {
            return Ok(id);
        }
        number += 1;
    }
}
