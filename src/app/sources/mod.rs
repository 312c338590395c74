//! Sources: feeds and pages from which articles are taken, by hand or at every tick.

mod ask;
mod import;
mod items;
mod shows;

use std::path::PathBuf;

use super::{Desk, Milestone, TakenIn, Tell, intake};
use crate::config::{FullText, Place, SourceSettings};
use crate::domain::Format;
use crate::read::{LoadOptions, Page, Source, feed};
use crate::store::StoreError;
use ask::Answer;
use items::Wanted;

pub use import::{Imported, import};
pub(super) use shows::{latest_episode, refresh as refresh_shows};

/// What came of sources.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    /// New and edited articles; by hand, unchanged ones too.
    pub taken: Vec<TakenIn>,
    /// What went wrong without stopping the rest.
    pub failed: Vec<anyhow::Error>,
}

/// Asks the sources of the config that are due, at a tick. A source that fails does not stop the others.
pub(super) async fn tick(desk: &Desk, tell: Tell<'_>, harvest: &mut Harvest) -> Result<(), StoreError> {
    refresh_shows(desk, tell).await?;
    for settings in &desk.settings.sources {
        let source = source_of(settings);
        let is_file = matches!(settings.place, Place::File(_));
        if !is_file && !ask::is_due(desk, &settings.origin).await? {
            continue;
        }
        let asked = Asked { settings, options: &desk.load_options(), is_by_hand: false, items: None };
        contained(asked.one(desk, &source, tell, harvest).await, harvest)?;
    }
    Ok(())
}

/// Asks all sources of the config, by hand: all is read anew, whether or not it is due.
pub(super) async fn all(desk: &Desk, items: Option<u32>, tell: Tell<'_>, harvest: &mut Harvest) -> Result<(), StoreError> {
    for settings in &desk.settings.sources {
        let asked = Asked { settings, options: &desk.load_options(), is_by_hand: true, items };
        contained(asked.one(desk, &source_of(settings), tell, harvest).await, harvest)?;
    }
    Ok(())
}

/// Asks one source by hand, as the config says where it stands there.
pub(super) async fn named(
    desk: &Desk,
    source: &Source,
    options: &LoadOptions,
    items: Option<u32>,
    tell: Tell<'_>,
    harvest: &mut Harvest,
) -> Result<(), StoreError> {
    let known = desk.settings.sources.iter().find(|settings| source_of(settings) == *source);
    let settings = known.cloned().unwrap_or_else(|| unnamed(source));
    let asked = Asked { settings: &settings, options, is_by_hand: true, items };
    contained(asked.one(desk, source, tell, harvest).await, harvest)
}

/// Takes in a feed that was laid into the inbox.
pub(super) async fn laid_in(desk: &Desk, page: &Page, tell: Tell<'_>) -> anyhow::Result<Harvest> {
    let mut harvest = Harvest::default();
    let file = PathBuf::from(&page.origin);
    // Under its own name it is the same from wherever griot is called.
    let origin = format!("inbox {}", file.file_name().unwrap_or_default().to_string_lossy());
    let settings = SourceSettings { origin, ..unnamed(&Source::File(file)) };
    let wanted = Wanted { settings: &settings, items: None, is_import: false };
    wanted.take(desk, &feed(page)?, tell, &mut harvest).await?;
    Ok(harvest)
}

/// What holds for a source that the config does not name.
fn unnamed(source: &Source) -> SourceSettings {
    let place = match source {
        Source::Url(url) => Place::Url(url.clone()),
        Source::File(file) => Place::File(file.clone()),
        Source::Stdin => Place::File("-".into()),
    };
    let origin = source.to_string();
    SourceSettings {
        place,
        name: origin.clone(),
        origin,
        items: SourceSettings::ITEMS,
        full_text: FullText::Auto,
        topics: Vec::new(),
    }
}

fn source_of(settings: &SourceSettings) -> Source {
    match &settings.place {
        Place::Url(url) => Source::Url(url.clone()),
        Place::File(file) => Source::File(file.clone()),
    }
}

/// An error of one source goes to the others of its kind; one of the ledger ends the work.
fn contained(result: anyhow::Result<()>, harvest: &mut Harvest) -> Result<(), StoreError> {
    match result.map_err(anyhow::Error::downcast::<StoreError>) {
        Ok(()) => Ok(()),
        Err(Ok(of_the_ledger)) => Err(of_the_ledger),
        Err(Err(error)) => {
            harvest.failed.push(error);
            Ok(())
        }
    }
}

/// A source, and how it is asked.
struct Asked<'a> {
    settings: &'a SourceSettings,
    options: &'a LoadOptions,
    is_by_hand: bool,
    /// How many items a person asked for.
    items: Option<u32>,
}

impl Asked<'_> {
    async fn one(&self, desk: &Desk, source: &Source, tell: Tell<'_>, harvest: &mut Harvest) -> anyhow::Result<()> {
        let origin = self.settings.origin.as_str();
        let answer = ask::ask(desk, source, origin, self.options, !self.is_by_hand).await?;
        let Some(Answer { page, known }) = answer else { return Ok(()) };
        let settled = if page.format == Format::Feed {
            let wanted = Wanted { settings: self.settings, items: self.items, is_import: false };
            let taken = harvest.taken.len();
            let settled = wanted.take(desk, &feed(&page)?, tell, harvest).await?;
            if self.is_by_hand && taken == harvest.taken.len() && settled {
                tell(&Milestone::NothingNewAt { source: self.settings.name.clone() });
            }
            settled
        } else {
            let taken = intake::take_in(desk, &page).await?;
            if self.is_by_hand || taken.is_news() {
                tell(&taken.milestone());
                harvest.taken.push(taken);
            }
            true
        };
        Ok(ask::remember(desk, origin, known, settled).await?)
    }
}
