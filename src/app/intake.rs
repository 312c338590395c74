use std::fmt;

use jiff::Timestamp;

use super::feeds::{Exceptions, rebuild};
use super::{Desk, Milestone, Tell, edition};
use crate::domain::{Archived, Article, ArticleId, Format, Missing, Moment, Note};
use crate::read::{Page, Source, extract, load};

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

/// Takes sources in, rebuilds the feeds and composes the letter of each article that came.
///
/// A source that cannot be taken in does not stop the others: its error is returned beside what was done.
pub async fn publish(
    desk: &Desk,
    sources: &[(Source, crate::read::LoadOptions)],
    exceptions: Exceptions,
    tell: Tell<'_>,
) -> anyhow::Result<(Vec<TakenIn>, Vec<anyhow::Error>)> {
    let (mut taken, mut failed) = (Vec::new(), Vec::new());
    for (source, options) in sources {
        let result = async { take_in(desk, &load(source, options).await?).await };
        match result.await {
            Ok(one) => {
                tell(&Milestone::TakenIn {
                    id: one.archived.id.clone(),
                    title: one.archived.article.title.clone(),
                    change: one.change,
                });
                taken.push(one);
            }
            Err(error) => failed.push(error),
        }
    }
    if !taken.is_empty()
        && let Err(error) = bring_out(desk, &taken, exceptions, tell).await
    {
        failed.push(error);
    }
    Ok((taken, failed))
}

/// The feeds, and the letter of each article that came.
async fn bring_out(desk: &Desk, taken: &[TakenIn], exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    rebuild(desk, exceptions, tell).await?;
    for one in taken {
        edition::write(desk, &edition::of_one(&one.archived), tell).await?;
    }
    Ok(())
}

/// Reads a page, lets it through the gate and archives it: new, or as a new state of the article it is known to be.
pub async fn take_in(desk: &Desk, page: &Page) -> anyhow::Result<TakenIn> {
    let draft = extract(page);
    let notes = draft.notes.clone();
    let article = draft.accept(&desk.settings.publication.language).map_err(|missing| Refused {
        origin: page.origin.clone(),
        format: page.format,
        missing,
        notes: notes.clone(),
    })?;
    let kept = desk.ledger.known(&article).await?;
    let article = match &kept {
        // The same words from a poorer source: what was known of the address stays known.
        Some(kept) => Article { url: article.url.clone().or_else(|| kept.article.url.clone()), ..article },
        None => article,
    };
    let (archived, change) = match kept {
        None => {
            let archived = mint(desk, article).await?;
            desk.ledger.add_article(&archived, desk.now()).await?;
            (archived, Change::New)
        }
        Some(kept) if kept.article == article => (kept, Change::Unchanged),
        Some(kept) => {
            let archived = edited(desk, kept, article);
            desk.ledger.edit_article(&archived).await?;
            (archived, Change::Edited)
        }
    };
    Ok(TakenIn { archived, change, notes })
}

/// Gives a new article its id, for ever.
async fn mint(desk: &Desk, article: Article) -> anyhow::Result<Archived> {
    let publication = &desk.settings.publication;
    let (wanted, day) = (article.id_to_mint(), article.published.day().to_string());
    let mut number = 1_u32;
    let (id, guid) = loop {
        let text = if number == 1 { wanted.clone() } else { format!("{wanted}-{number}") };
        let Some(id) = ArticleId::parse(&text) else {
            anyhow::bail!("no id can be made of the title `{}`", article.title);
        };
        let name = text.strip_prefix(&format!("{day}-")).unwrap_or(&text);
        // The date and the host say who minted it and when, as RFC 4151 wants: ids of two desks never meet.
        let guid = format!("tag:{},{day}:{name}", publication.home.host());
        if !desk.ledger.has_article(&id).await? && desk.ledger.minted(&[&guid]).await? == [false] {
            break (id, guid);
        }
        number += 1;
    };
    let published = instant_of(desk, article.published);
    let updated = article.updated.map_or(published, |updated| updated.in_zone(&publication.zone).timestamp());
    Ok(Archived { guid, id, published, updated: updated.max(published), article })
}

/// The new state of an article: everything may change but its id.
fn edited(desk: &Desk, kept: Archived, article: Article) -> Archived {
    let zone = &desk.settings.publication.zone;
    let published =
        if article.published == kept.article.published { kept.published } else { instant_of(desk, article.published) };
    // What the page itself says of its last change, where that is news; else the time the edit came in.
    if !article.reads_otherwise_than(&kept.article) {
        return Archived { published, updated: kept.updated.max(published), article, ..kept };
    }
    let told = article.updated.map(|updated| updated.in_zone(zone).timestamp()).filter(|told| *told > kept.updated);
    let updated = told.unwrap_or_else(|| desk.now().max(kept.updated)).max(published);
    Archived { published, updated, article, ..kept }
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
