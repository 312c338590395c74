use std::fmt;

use jiff::Timestamp;

use super::feeds::{self, Exceptions, rebuild};
use super::schedule::publish_due;
use super::sources::{self, Harvest};
use super::{Desk, Milestone, Tell, edition};
use crate::domain::{Archived, Article, ArticleId, Format, Line, Missing, Moment, Note, Promo};
use crate::read::{LoadOptions, Page, Source, extract};
use crate::store::{ItemState, KnownItem, StoreError};

/// What became of the archive when a page was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    New,
    Edited,
    Unchanged,
}

/// A page that was taken in.
#[derive(Clone, Debug)]
pub struct TakenIn {
    pub archived: Archived,
    pub change: Change,
    /// What looked odd while reading.
    pub notes: Vec<Note>,
}

impl TakenIn {
    /// Whether there is something that was not there before.
    pub fn is_news(&self) -> bool {
        self.change != Change::Unchanged
    }

    pub(super) fn milestone(&self) -> Milestone {
        Milestone::TakenIn { id: self.archived.id.clone(), title: self.archived.article.title.clone(), change: self.change }
    }
}

/// A page that the gate did not let pass, with all that it lacks.
#[derive(Debug, thiserror::Error)]
#[error("`{origin}` lacks what an article needs{}", Lacks { missing, format: *format, notes })]
pub struct Refused {
    pub origin: String,
    pub format: Format,
    pub missing: Vec<Missing>,
    pub notes: Vec<Note>,
}

struct Lacks<'a> {
    missing: &'a [Missing],
    format: Format,
    notes: &'a [Note],
}

impl fmt::Display for Lacks<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.missing.iter().try_for_each(|missing| write!(f, "\n  {missing}: {}", missing.mend(self.format)))?;
        self.notes.iter().try_for_each(|note| match note.line {
            Some(line) => write!(f, "\n  line {line}: {}", note.note),
            None => write!(f, "\n  {}", note.note),
        })
    }
}

/// Takes sources in, those of the config where none are named, rebuilds the feeds and composes the letter of each article
/// that came.
///
/// `items` is how many of a feed's newest items are wanted, of those that were passed over too; 0: all.
/// A source that cannot be taken in does not stop the others: its error is returned beside what was done.
pub async fn publish(
    desk: &Desk,
    sources: Option<&[(Source, LoadOptions)]>,
    items: Option<u32>,
    exceptions: Exceptions,
    tell: Tell<'_>,
) -> anyhow::Result<(Vec<TakenIn>, Vec<anyhow::Error>)> {
    let mut harvest = Harvest::default();
    sources::refresh_shows(desk, tell).await?;
    match sources {
        Some(named) => {
            for (source, options) in named {
                if let Err(error) = sources::named(desk, source, options, items, tell, &mut harvest).await {
                    harvest.failed.push(error.into());
                }
            }
        }
        None => sources::all(desk, items, tell, &mut harvest).await?,
    }
    let Harvest { taken, mut failed } = harvest;
    let brought_out = if !taken.is_empty() {
        bring_out(desk, &taken, exceptions, tell, &mut failed).await
    } else if desk.settings.podcasts.iter().any(|show| show.has_articles) {
        // Episodes came as articles just before, or by a run that was stopped.
        publish_due(desk, exceptions, tell, &mut failed).await
    } else {
        Ok(())
    };
    failed.extend(brought_out.err());
    feeds::announce(desk, tell).await?;
    Ok((taken, failed))
}

/// The feeds, the letter of each article that came, and the pages.
async fn bring_out(
    desk: &Desk,
    taken: &[TakenIn],
    exceptions: Exceptions,
    tell: Tell<'_>,
    failed: &mut Vec<anyhow::Error>,
) -> anyhow::Result<()> {
    rebuild(desk, exceptions, tell).await?;
    edition::write_each(desk, taken.iter().map(|one| &one.archived.id), tell, failed).await?;
    feeds::rebuild_pages(desk, tell).await
}

/// Reads a page, lets it through the gate and archives it: new, or as a new state of the article it is known to be.
pub async fn take_in(desk: &Desk, page: &Page) -> anyhow::Result<TakenIn> {
    let (article, notes) = accepted(desk, page)?;
    let (archived, change) = settle(desk, article, None).await?;
    Ok(TakenIn { archived, change, notes })
}

/// What a page would be archived as, by [`take_in`], if it came now. Archives nothing.
pub(super) async fn foreseen(desk: &Desk, page: &Page) -> anyhow::Result<Archived> {
    let (article, _) = accepted(desk, page)?;
    match desk.ledger.known(&article).await? {
        Some(kept) => Ok(next_state(desk, kept, article).await?.0),
        None => mint(desk, article, None, &[]).await,
    }
}

/// The article that a page is, and what looked odd while it was read.
fn accepted(desk: &Desk, page: &Page) -> Result<(Article, Vec<Note>), Refused> {
    let draft = extract(page);
    let notes = draft.notes.clone();
    match draft.accept(&desk.settings.publication.language) {
        Ok(article) => Ok((article, notes)),
        Err(missing) => Err(Refused { origin: page.origin.clone(), format: page.format, missing, notes }),
    }
}

/// The item of a feed by which an article comes.
pub(super) struct By<'a> {
    pub source: &'a str,
    pub item: &'a str,
    pub said: &'a str,
    /// The id that the feed gives it.
    pub guid: Option<&'a str>,
    /// The article that the item is known to be.
    pub article: Option<&'a ArticleId>,
    /// Whether that article came by this item.
    pub has_brought: bool,
}

/// Archives an article: as a new one, or as a new state of the one it is known to be.
///
/// What comes by a feed edits only what came by the same item of it: whoever writes a feed must not be able to write over
/// the desk's own articles by naming their ids or addresses.
pub(super) async fn settle(desk: &Desk, article: Article, by: Option<&By<'_>>) -> anyhow::Result<(Archived, Change)> {
    let kept = match by {
        Some(by) => known_by(desk, &article, by).await?,
        None => desk.ledger.known(&article).await?,
    };
    let taken = |id: &ArticleId, has_brought: bool| {
        let by = by?;
        let said = by.said.to_owned();
        let known = KnownItem { said, state: ItemState::Taken, article: Some(id.clone()), has_brought, since: desk.now() };
        Some((by.source, by.item, known))
    };
    let Some(kept) = kept else {
        let archived = mint(desk, article, by.and_then(|by| by.guid), &[]).await?;
        let row = taken(&archived.id, true);
        let row = row.as_ref().map(|(source, item, known)| (*source, *item, known));
        // What a feed gives of its archive is new to the desk, and no news to its readers.
        let since = if by.is_some() { archived.published.min(desk.now()) } else { desk.now() };
        desk.ledger.add_article(&archived, since, row).await?;
        return Ok((archived, Change::New));
    };
    let may_edit = by.is_none_or(|by| by.has_brought);
    let (archived, change) = if may_edit { next_state(desk, kept, article).await? } else { (kept, Change::Unchanged) };
    if change == Change::Edited {
        desk.ledger.edit_article(&archived).await?;
    }
    if let Some((source, item, known)) = taken(&archived.id, by.is_some_and(|by| by.has_brought)) {
        desk.ledger.keep_item(source, item, &known).await?;
    }
    Ok((archived, change))
}

/// The archived article that an item is: the one that it was, else by its id, else by its address and words.
async fn known_by(desk: &Desk, article: &Article, by: &By<'_>) -> Result<Option<Archived>, StoreError> {
    if let Some(id) = by.article {
        return desk.ledger.article(id).await;
    }
    // An id that is no URI, such as `17`, says nothing outside of its feed.
    let of_the_world = by.guid.filter(|guid| url::Url::parse(guid).is_ok());
    if let Some(guid) = of_the_world
        && let Some(kept) = desk.ledger.article_by_guid(guid).await?
    {
        return Ok(Some(kept));
    }
    desk.ledger.known(article).await
}

/// Longest id of a foreign feed, in bytes, that is kept.
const LONGEST_GUID: usize = 1_000;

/// Gives a new article its id, for ever. In feeds it keeps the one that it came with, unless another article has it.
///
/// `beside` are ids that have been minted and are not in the ledger yet.
pub(super) async fn mint(desk: &Desk, article: Article, given: Option<&str>, beside: &[ArticleId]) -> anyhow::Result<Archived> {
    let publication = &desk.settings.publication;
    let wanted = article.id_to_mint();
    let mut number = 1_u32;
    let (id, guid) = loop {
        let text = if number == 1 { wanted.clone() } else { format!("{wanted}-{number}") };
        let Some(id) = ArticleId::parse(&text) else {
            anyhow::bail!("no id can be made of the title `{}`", article.title);
        };
        let Some(guid) = id.tag(publication.home.host()) else {
            anyhow::bail!("no id can be made of the day {}", article.published.day());
        };
        if !beside.contains(&id) && !desk.ledger.has_article(&id).await? && desk.ledger.minted(&[&guid]).await? == [false] {
            break (id, guid);
        }
        number += 1;
    };
    let published = instant_of(desk, article.published);
    let updated = article.updated.map_or(published, |updated| updated.in_zone(&publication.zone).timestamp());
    // What has other characters would not be the same id in every format.
    let given = given.filter(|given| given.len() <= LONGEST_GUID && Line::new(given).is_some_and(|line| line.as_str() == *given));
    let guid = match given {
        Some(given) if desk.ledger.minted(&[given]).await? == [false] => given.to_owned(),
        _ => guid,
    };
    let episode = sources::latest_episode(desk, &article).await?;
    Ok(Archived { guid, id, published, updated: updated.max(published), article, episode })
}

/// What becomes of an archived article by what its page says now.
pub(super) async fn next_state(desk: &Desk, kept: Archived, article: Article) -> Result<(Archived, Change), StoreError> {
    // The same words from a poorer source: what was known of the address stays known.
    let article = Article { url: article.url.clone().or_else(|| kept.article.url.clone()), ..article };
    if kept.article == article {
        return Ok((kept, Change::Unchanged));
    }
    Ok((edited(desk, kept, article).await?, Change::Edited))
}

/// The new state of an article: everything may change but its id.
async fn edited(desk: &Desk, kept: Archived, article: Article) -> Result<Archived, StoreError> {
    // The episode that its letter was composed with stays, as long as it promotes the same show.
    let show = |promo: Option<&Promo>| desk.settings.publication.promoted(promo).map(|show| &show.name);
    let same = show(kept.article.promo.as_ref()) == show(article.promo.as_ref());
    let episode = if same { kept.episode.clone() } else { sources::latest_episode(desk, &article).await? };
    let kept = Archived { episode, ..kept };
    let zone = &desk.settings.publication.zone;
    let published =
        if article.published == kept.article.published { kept.published } else { instant_of(desk, article.published) };
    // What the page itself says of its last change, where that is news; else the time the edit came in.
    if !article.reads_otherwise_than(&kept.article) {
        return Ok(Archived { published, updated: kept.updated.max(published), article, ..kept });
    }
    let told = article.updated.map(|updated| updated.in_zone(zone).timestamp()).filter(|told| *told > kept.updated);
    let updated = told.unwrap_or_else(|| desk.now().max(kept.updated)).max(published);
    Ok(Archived { published, updated, article, ..kept })
}

/// The instant at which readers see it as published.
///
/// A day without a time is its noon; but what is published on its own day before noon is published now, not in the future.
fn instant_of(desk: &Desk, published: Moment) -> Timestamp {
    let zone = &desk.settings.publication.zone;
    let at = published.in_zone(zone).timestamp();
    let today = desk.now().to_zoned(zone.clone()).date();
    match published {
        Moment::Day(day) if day == today && at > desk.now() => {
            // Feeds tell whole seconds.
            Timestamp::from_second(desk.now().as_second()).unwrap_or(at)
        }
        _ => at,
    }
}
