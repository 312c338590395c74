//! The shows that the publication publishes: from a folder of episodes to `feeds/<show>/podcast.xml`, proof-read, guarded, and
//! only then put in place, with the sounds that it names.
//!
//! One bad file leaves the last good feed of its show as it is, and all bad files are named at once. Nothing of the other shows
//! waits for it.

mod articles;
mod error;
mod facts;
mod folder;
mod ids;
mod import;
mod pieces;
mod told;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::feeds::guard;
use super::{Desk, Exceptions, Milestone, Tell, edition, explain};
use crate::domain::podcast::{PublishedEpisode, PublishedShow, Recommended, RemoteItem, ShowGuid, ShowHead};
use crate::domain::{Episode, WebUrl};
use crate::render::{FeedFormat, podcast};
use crate::store::files::{self, Finished, Replacement, Written};
use crate::store::{KnownShow, StoreError};

use articles::Articles;
pub use error::ShowError;
use facts::Facts;
use ids::Ids;
pub use import::{ImportError, TakenOver, Takeover, take_over};
use pieces::Pieces;
pub(super) use told::untold;

/// What the shows came to.
#[derive(Debug, Default)]
pub struct Published {
    /// What was wrong, file by file.
    pub failed: Vec<anyhow::Error>,
    /// Sounds that nobody has written a note for.
    pub without_note: Vec<PathBuf>,
}

/// What publishing a show would do to its feed.
pub(super) struct Foreseen {
    pub target: PathBuf,
    /// None where it would be left alone; what is rendered is taken away with this.
    pub rendered: Option<Finished>,
    /// Why it would be left alone.
    pub refused: Vec<String>,
}

/// Publishes every show anew. What is wrong with one is told, and does not stop the others; a ledger that fails does.
pub async fn publish_shows(desk: &Desk, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<Published> {
    let mut published = Published::default();
    for show in &desk.settings.podcasts {
        let errors = match one(desk, show, exceptions, &mut published.without_note, tell).await {
            Ok(errors) => errors,
            Err(error) => vec![error],
        };
        for error in errors {
            let of_the_ledger = |cause: &(dyn std::error::Error + 'static)| {
                cause.downcast_ref::<StoreError>().is_some_and(|error| !matches!(error, StoreError::Write { .. }))
            };
            if error.chain().any(of_the_ledger) {
                return Err(error);
            }
            published.failed.push(error);
        }
    }
    Ok(published)
}

/// Publishes a show, or says all that keeps it from being published.
async fn one(
    desk: &Desk,
    show: &PublishedShow,
    exceptions: Exceptions,
    without_note: &mut Vec<PathBuf>,
    tell: Tell<'_>,
) -> anyhow::Result<Vec<anyhow::Error>> {
    let Made { feed, mut failed } = make(desk, show, exceptions, without_note).await?;
    let Some(Feed { target, rendered, ids, pieces, articles, latest }) = feed else { return Ok(failed) };
    if rendered.written() != Written::Unchanged {
        guarded(&target, &rendered, exceptions, tell)?;
    }
    bring_out(desk, show, &ids, &pieces, tell).await?;
    let taken = articles.keep(tell).await?;
    if rendered.written() != Written::Unchanged {
        let written = rendered.commit()?;
        for title in ids.new_titles() {
            tell(&Milestone::NewEpisode { show: show.name.clone(), title });
        }
        tell(&Milestone::Wrote { file: target, written });
    }
    keep_latest(desk, latest).await?;
    edition::write_each(desk, taken.iter(), tell, &mut failed).await?;
    Ok(failed)
}

/// A show as it would be published now.
struct Made<'a> {
    /// None where there is nothing to publish, or something keeps it from being published.
    feed: Option<Feed<'a>>,
    failed: Vec<anyhow::Error>,
}

/// What is to be published of a show; none of it is in its place.
struct Feed<'a> {
    target: PathBuf,
    rendered: Finished,
    ids: Ids,
    pieces: Pieces<'a>,
    articles: Articles<'a>,
    latest: Option<Latest<'a>>,
}

async fn make<'a>(
    desk: &'a Desk,
    show: &'a PublishedShow,
    exceptions: Exceptions,
    without_note: &mut Vec<PathBuf>,
) -> anyhow::Result<Made<'a>> {
    let target = target_of(desk, show);
    let mut ids = Ids::of(desk, show, exceptions).await?;
    let (notes, mut failed) = folder::notes(show, &desk.settings.publication.zone);
    without_note.extend(notes.without_note);
    let mut due: Vec<_> = notes.notes.into_iter().filter(|note| note.said.details.published <= desk.now()).collect();
    due.sort_by(|a, b| b.said.details.published.cmp(&a.said.details.published).then_with(|| a.stem.cmp(&b.stem)));
    let facts = Facts { desk, show };
    let mut pieces = Pieces::new(show, desk.ledger.show_files(&show.slug).await?);
    let mut found = Vec::new();
    for note in &due {
        match pieces::episode(&facts, &mut pieces, note).await {
            Ok(episode) => found.push((note, episode)),
            Err(errors) => failed.extend(errors),
        }
    }
    let image = match pieces.artwork(&facts, &show.image).await {
        Ok(image) => Some(image),
        Err(error) => {
            failed.push(error);
            None
        }
    };
    // With a bad episode left out, its listeners would lose it; with a good one alone, ids could be taken for each other's.
    let Some(image) = image.filter(|_| failed.is_empty()) else { return Ok(Made { feed: None, failed }) };
    if found.is_empty() && !target.exists() {
        return Ok(Made { feed: None, failed });
    }
    let stems: Vec<&str> = due.iter().map(|note| note.stem.as_str()).collect();
    let mut episodes = Vec::with_capacity(found.len());
    for (note, (episode, sound)) in found {
        let guid = ids.guid(note, &sound, &stems)?;
        episodes.push(PublishedEpisode { guid, ..episode });
    }
    // Episodes of one instant stand by their ids, which renaming a note does not change.
    episodes.sort_by(|a, b| b.details.published.cmp(&a.details.published).then_with(|| a.guid.cmp(&b.guid)));
    let articles = Articles::plan(desk, show, &episodes).await?;
    for episode in episodes.iter_mut().filter(|episode| episode.details.link.is_none()) {
        episode.details.link = articles.page(&episode.guid);
    }
    let head = ShowHead {
        show,
        guid: ids.show.guid.clone(),
        image,
        podroll: podroll(desk, show).await?,
        hubs: &desk.settings.publication.syndication.hubs,
        updated: episodes.iter().map(|episode| episode.details.published).max(),
    };
    let rendered = render(desk, &head, &episodes, &target)?;
    let latest = episodes.first().map(|episode| Latest::of(show, episode));
    Ok(Made { feed: Some(Feed { target, rendered, ids, pieces, articles, latest }), failed })
}

fn target_of(desk: &Desk, show: &PublishedShow) -> PathBuf {
    desk.settings.feeds.join(&show.slug).join("podcast.xml")
}

/// What publishing a show now would do to its feed. Nothing where it has none and would get none.
pub(super) async fn foreseen(desk: &Desk, show: &PublishedShow) -> anyhow::Result<Option<Foreseen>> {
    let target = target_of(desk, show);
    let made = make(desk, show, Exceptions::default(), &mut Vec::new()).await;
    let (rendered, failed) = match made {
        Ok(Made { feed, failed }) => (feed.map(|feed| feed.rendered), failed),
        Err(error) if error.chain().any(<dyn std::error::Error>::is::<StoreError>) => return Err(error),
        Err(error) => (None, vec![error]),
    };
    let mut refused: Vec<String> = failed.iter().map(explain).collect();
    let Some(rendered) = rendered else {
        let is_told = !refused.is_empty() || target.exists();
        return Ok(is_told.then_some(Foreseen { target, rendered: None, refused }));
    };
    if rendered.written() != Written::Unchanged {
        refused.extend(guarded(&target, &rendered, Exceptions::default(), &mut |_| {}).err().map(|error| explain(&error)));
    }
    Ok(Some(Foreseen { target, rendered: Some(rendered), refused }))
}

fn render(desk: &Desk, head: &ShowHead, episodes: &[PublishedEpisode], target: &Path) -> anyhow::Result<Finished> {
    let out = Replacement::of(target)?;
    let zone = &desk.settings.publication.zone;
    let mut out = podcast(head, episodes, zone, out).with_context(|| format!("failed to write `{}`", target.display()))?;
    out.flush().with_context(|| format!("failed to write `{}`", target.display()))?;
    Ok(out.finish()?)
}

/// Proof-reads what is to be published, and holds it against what is public.
fn guarded(target: &Path, rendered: &Finished, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    let new = guard::proof_read(FeedFormat::Rss, rendered.path(), target)?;
    match guard::published(FeedFormat::Rss, target) {
        // No episode ever leaves by its age.
        Some(old) => guard::judge(target, &old, &new, |_| guard::Gone::Foreign, exceptions)?,
        None if target.exists() => tell(&Milestone::NoFeed { file: target.to_path_buf() }),
        None => {}
    }
    Ok(())
}

/// Puts the files of the episodes into place, the ids first: what is public has its id in the ledger.
async fn bring_out(desk: &Desk, show: &PublishedShow, ids: &Ids, pieces: &Pieces<'_>, tell: Tell<'_>) -> anyhow::Result<()> {
    let (episodes, named) = (ids.news(), pieces.news());
    if ids.is_news() || !episodes.is_empty() || !named.is_empty() {
        desk.ledger.keep_show(&ids.show, &episodes, &named).await?;
    }
    let folder = desk.settings.feeds.join(&show.slug);
    for (source, name, bytes) in pieces.copies() {
        let file = folder.join(name);
        let written = files::place(source, &file, *bytes)?;
        if written != Written::Unchanged {
            tell(&Milestone::Wrote { file, written });
        }
    }
    for (name, bytes) in pieces.made() {
        let file = folder.join(name);
        let written = files::replace(&file, bytes)?;
        if written != Written::Unchanged {
            tell(&Milestone::Wrote { file, written });
        }
    }
    Ok(())
}

/// The shows that are recommended. One of this publication has the id that the ledger knows, or will have.
async fn podroll(desk: &Desk, show: &PublishedShow) -> Result<Vec<RemoteItem>, StoreError> {
    let mut known: Option<Vec<KnownShow>> = None;
    let mut out = Vec::new();
    for recommended in &show.podroll {
        let slug = match recommended {
            Recommended::Remote(item) => {
                out.push(item.clone());
                continue;
            }
            Recommended::Own(slug) => slug,
        };
        let Some(own) = desk.settings.podcasts.iter().find(|own| own.slug == *slug) else { continue };
        let known = match &known {
            Some(known) => known,
            None => known.insert(desk.ledger.shows().await?),
        };
        let kept = known.iter().find(|known| known.slug == *slug).map(|known| known.guid.clone());
        let guid = kept.or_else(|| own.guid.clone()).unwrap_or_else(|| ShowGuid::of_feed(&own.feed));
        out.push(RemoteItem { guid, feed: Some(own.feed.clone()), title: Some(own.name.clone()) });
    }
    Ok(out)
}

/// The promo of the show tells its latest episode, as it does of a show whose feed is read.
struct Latest<'a> {
    feed: &'a WebUrl,
    episode: Episode,
}

impl<'a> Latest<'a> {
    fn of(show: &'a PublishedShow, latest: &PublishedEpisode) -> Self {
        let episode = Episode {
            show: show.name.clone(),
            title: latest.details.title.clone(),
            url: Some(latest.details.link.clone().unwrap_or_else(|| latest.enclosure.url.clone())),
            seconds: u32::try_from(latest.enclosure.sound.seconds()).ok(),
        };
        Self { feed: &show.feed, episode }
    }
}

async fn keep_latest(desk: &Desk, latest: Option<Latest<'_>>) -> Result<(), StoreError> {
    let Some(Latest { feed, episode }) = latest else { return Ok(()) };
    if desk.ledger.episode(feed.as_str()).await?.as_ref() != Some(&episode) {
        desk.ledger.keep_episode(feed.as_str(), &episode).await?;
    }
    Ok(())
}
