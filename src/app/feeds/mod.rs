//! The feeds of the publication: rebuilt from the ledger, proof-read, guarded, and only then put in place.

mod announce;
mod check;
mod diff;
mod documents;
mod editions;
pub(super) mod guard;
mod lists;
mod moving;
mod pages;
mod parts;
mod rendering;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;

use super::edition::fingerprint;
use super::{Desk, Milestone, Tell};
use crate::domain::Scope;
use crate::render::{self, FeedFormat, Hosting, WebServer};
use crate::store::files::{Finished, Written, commit_all};
use documents::Document;
use guard::Gone;
use rendering::Rendered;

pub use check::{Judging, check_own, check_source};
pub use diff::{Rebuilt, diff_rebuilt, diff_sources};
pub use guard::{Exceptions, FeedGuard};
pub use moving::{NotEdited, move_feeds};
pub use parts::Clash;

/// Rebuilds all feeds of the publication from the ledger: its own, its archive, its sections and authors, and the lists of them.
/// All are rendered, proof-read and held against what is public before the first is replaced.
pub async fn rebuild(desk: &Desk, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    let folder = &desk.settings.feeds;
    let parts = parts::asked_for(desk).await?;
    let (documents, rendered) = rendering::render(desk, documents::stale(desk, &parts).await?).await?;
    let mut changed: Vec<(PathBuf, Finished)> = Vec::new();
    for one in rendered {
        if is_fit(desk, &documents, &one, exceptions, tell).await? {
            changed.push((one.target, one.finished));
        }
    }
    changed.extend(lists::changed(desk, &parts).await?);
    let told: Vec<Milestone> =
        changed.iter().map(|(file, finished)| Milestone::Wrote { file: file.clone(), written: finished.written() }).collect();
    commit_all(changed.into_iter().map(|(_, finished)| finished).collect())?;
    told.iter().for_each(tell);
    let made: Vec<(String, String)> = documents
        .iter()
        .map(|document| (document.name.clone(), documents::stamped(&document.state, folder, &document.scope, document.part)))
        .collect();
    desk.ledger.keep_made(&made).await?;
    Ok(())
}

/// Whether a feed has anything new; held against the one that is public.
async fn is_fit(
    desk: &Desk,
    documents: &[Document],
    new: &Rendered,
    exceptions: Exceptions,
    tell: Tell<'_>,
) -> anyhow::Result<bool> {
    // Equal bytes were guarded when they were published.
    if new.finished.written() == Written::Unchanged {
        return Ok(false);
    }
    if new.format == FeedFormat::Rss && new.target.exists() {
        let document = documents.get(new.document).context("a feed belongs to no document")?;
        guarded(desk, document, new, exceptions, tell).await?;
    }
    Ok(true)
}

/// Holds a feed against the one that is public.
async fn guarded(desk: &Desk, document: &Document, new: &Rendered, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    let Some(old) = guard::published(new.format, &new.target) else {
        tell(&Milestone::NoFeed { file: new.target.clone() });
        return Ok(());
    };
    let gone = guard::gone(&old, &new.items);
    let known: BTreeMap<&str, Option<Timestamp>> = gone.iter().copied().zip(desk.ledger.published_under(&gone).await?).collect();
    let oldest = document.articles.last().map(|article| article.published);
    let why = |guid: &str| match (known.get(guid).copied().flatten(), &document.scope) {
        (None, _) => Gone::Foreign,
        // What a document of the archive has, it has for ever.
        (Some(_), _) if document.is_archive() => Gone::Missing,
        (Some(published), Scope::Publication) if oldest.is_none_or(|oldest| published > oldest) => Gone::Missing,
        (Some(_), _) => Gone::Rightly,
    };
    Ok(guard::judge(&new.target, &old, &new.items, why, exceptions)?)
}

/// What a web server has to be told to serve the feeds of this publication.
pub fn hosting(desk: &Desk, server: WebServer) -> anyhow::Result<String> {
    let folder = std::path::absolute(&desk.settings.feeds).context("failed to find the folder of the feeds")?;
    let publication = &desk.settings.publication;
    let base = publication.feeds.clone();
    let moved = publication.former_feeds.iter().filter(|former| **former != base).cloned().collect();
    Ok(render::hosting(server, &Hosting { folder: folder.display().to_string(), base, moved })?)
}

/// Rebuilds all feeds and their pages, and tells the hubs of the feeds that changed.
pub async fn build(desk: &Desk, exceptions: Exceptions, tell: Tell<'_>) -> anyhow::Result<()> {
    rebuild(desk, exceptions, tell).await?;
    let pages = rebuild_pages(desk, tell).await;
    announce(desk, tell).await?;
    pages
}

/// Makes what leads to articles and letters and is made after them: the feed of the letters, and the pages.
pub(super) async fn rebuild_pages(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<()> {
    editions::rebuild(desk, tell).await?;
    pages::rebuild(desk, tell).await
}

/// Makes the feed and the list of the letters, where the config asks for them.
pub(super) async fn rebuild_letters(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<()> {
    editions::rebuild(desk, tell).await?;
    pages::rebuild_list(desk, tell).await
}

/// Tells the hubs of the feeds that they do not know as they are, as far as these are live.
pub(super) async fn announce(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<()> {
    let publication = &desk.settings.publication;
    if publication.syndication.hubs.is_empty() || !desk.settings.feed.announce {
        return Ok(());
    }
    let parts = parts::asked_for(desk).await?.into_iter().map(|(scope, _)| scope);
    let scopes: Vec<Scope> = std::iter::once(Scope::Publication).chain(parts).chain(editions::scope(desk)).collect();
    let of_all = scopes.iter().flat_map(|scope| FeedFormat::ALL.map(|format| (format, scope)));
    let of_articles =
        of_all.map(|(format, scope)| (desk.settings.feeds.join(format.file_of(scope)), format.url(publication, scope)));
    let of_shows =
        desk.settings.podcasts.iter().map(|show| (desk.settings.feeds.join(&show.slug).join("podcast.xml"), show.feed.clone()));
    let feeds: Vec<_> = of_articles.chain(of_shows).collect();
    Ok(announce::announce(desk, &feeds, tell).await?)
}

/// Whether the feeds are those of the archive and the config as they are now.
pub(super) async fn are_current(desk: &Desk) -> anyhow::Result<bool> {
    let there = FeedFormat::ALL.iter().all(|format| desk.settings.feeds.join(format.file_name()).is_file());
    // A publication without articles has no feeds yet: an empty one would only be read by those who came too early.
    if !there {
        return Ok(desk.ledger.due_articles(desk.now()).await? == 0);
    }
    Ok(desk.ledger.kept(STATE).await?.as_deref() == Some(&state(desk).await?))
}

/// Remembers that feeds and pages are those of the archive and the config as they are now.
async fn keep_state(desk: &Desk) -> anyhow::Result<()> {
    let state = state(desk).await?;
    if desk.ledger.kept(STATE).await?.as_deref() != Some(&state) {
        desk.ledger.keep(STATE, &state).await?;
    }
    Ok(())
}

fn config_text(desk: &Desk) -> anyhow::Result<String> {
    let file = &desk.settings.file;
    std::fs::read_to_string(file).with_context(|| format!("failed to read the config `{}`", file.display()))
}

/// The name of everything that feeds and pages are made of.
async fn state(desk: &Desk) -> anyhow::Result<String> {
    let config = config_text(desk)?;
    let due = desk.ledger.due_articles(desk.now()).await?.to_string();
    // The files as they lie there: a ledger restored from a backup does not fit them. A folder changes with its files.
    let own = FeedFormat::ALL.map(FeedFormat::file_name);
    let of_pages: &[&str] = if desk.settings.publication.pages { &pages::FOLDERS } else { &[] };
    let of_letters: &[&str] = if editions::scope(desk).is_some() { &["editions", "editions/feed.xml"] } else { &[] };
    let further = pages::OWN.iter().chain(of_pages).chain(of_letters);
    let names = own.iter().chain(&["archive", "sections", "authors"]).chain(further);
    let files: Vec<String> = names.map(|name| stamp(&desk.settings.feeds.join(name))).collect();
    let version = desk.ledger.archive_version().await?;
    Ok(fingerprint(&[env!("CARGO_PKG_VERSION"), &config, &due, &version, &files.join(" ")]))
}

/// Size and time of change of a file.
fn stamp(file: &Path) -> String {
    let Ok(about) = std::fs::metadata(file) else { return "none".to_owned() };
    let changed = about.modified().ok().and_then(|changed| changed.duration_since(std::time::UNIX_EPOCH).ok());
    format!("{} {}", about.len(), changed.map_or(0, |changed| changed.as_nanos()))
}

const STATE: &str = "feeds";
