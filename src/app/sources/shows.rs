//! The feeds of the shows: each tells its latest episode, which goes with the promo.

use super::ask::{self, Answer};
use crate::app::{Desk, Milestone, Tell};
use crate::domain::{Article, Episode, Format, Show, WebUrl};
use crate::read::{Feed, Item, LoadOptions, Source, feed};
use crate::store::StoreError;

/// Asks the feeds of the shows that are due. One that fails leaves the last episode that is known, and says so.
pub(in crate::app) async fn refresh(desk: &Desk, tell: Tell<'_>) -> Result<(), StoreError> {
    for show in &desk.settings.publication.shows {
        let Some(url) = &show.feed else { continue };
        // What is published here is known without being asked for.
        if desk.settings.podcasts.iter().any(|published| published.feed == *url) {
            continue;
        }
        if !ask::is_due(desk, &origin(url)).await? {
            continue;
        }
        if let Err(error) = one(desk, show, url).await {
            let why = match error.downcast::<StoreError>() {
                Ok(of_the_ledger) => return Err(of_the_ledger),
                Err(error) => format!("{error:#}"),
            };
            tell(&Milestone::NoEpisode { show: show.name.clone(), why });
        }
    }
    Ok(())
}

async fn one(desk: &Desk, show: &Show, url: &WebUrl) -> anyhow::Result<()> {
    let options = LoadOptions { format: Some(Format::Feed), ..desk.load_options() };
    let source = Source::Url(url.clone());
    // A show may have been renamed, or its feed taken out of the config and put back: then all is asked for.
    let kept = desk.ledger.episode(url.as_str()).await?;
    let answer = ask::ask(desk, &source, &origin(url), &options, kept.is_some()).await?;
    let Some(Answer { page, known }) = answer else { return Ok(()) };
    if let Some(episode) = latest(&feed(&page)?, show, desk)
        && kept.as_ref() != Some(&episode)
    {
        desk.ledger.keep_episode(url.as_str(), &episode).await?;
    }
    Ok(ask::remember(desk, &origin(url), known, true).await?)
}

/// The name of the feed in the ledger: as a source, the same feed is asked for other things.
fn origin(url: &WebUrl) -> String {
    format!("show {url}")
}

/// The newest item that can be heard; of a feed without sounds, the newest. What is to come is no episode yet.
fn latest(feed: &Feed, show: &Show, desk: &Desk) -> Option<Episode> {
    let zone = &desk.settings.publication.zone;
    let at = |item: &Item| item.published.map(|published| published.in_zone(zone).timestamp());
    let out = feed.items.iter().filter(|item| at(item).is_none_or(|at| at <= desk.now()));
    // Of several of one time, and of those without a date, the first: feeds begin with the newest.
    let newest = out.rev().max_by_key(|item| (item.enclosure.is_some(), at(item)))?;
    let sound = newest.enclosure.as_ref();
    Some(Episode {
        show: show.name.clone(),
        title: newest.title()?,
        url: newest.url.clone().or_else(|| sound.map(|sound| sound.url.clone())),
        seconds: sound.and_then(|sound| sound.seconds),
    })
}

/// The latest episode, as far as is known, of the show that the letter of an article promotes.
pub(in crate::app) async fn latest_episode(desk: &Desk, article: &Article) -> Result<Option<Episode>, StoreError> {
    let Some(show) = desk.settings.publication.promoted(article.promo.as_ref()) else { return Ok(None) };
    let Some(feed) = &show.feed else { return Ok(None) };
    let episode = desk.ledger.episode(feed.as_str()).await?;
    Ok(episode.map(|episode| Episode { show: show.name.clone(), ..episode }))
}
