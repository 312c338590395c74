//! The letters as a feed, and as a list for browsers: one item an edition, with the articles that it carries.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::Timestamp;
use jiff::tz::Offset;

use super::guard::{self, Exceptions, Gone};
use crate::app::{Desk, Milestone, Tell, edition};
use crate::domain::{Archived, Article, Block, EditionId, Href, Inline, Moment, Publication, Rich, Scope, WebUrl};
use crate::render::{EditionLink, FeedFormat, FeedHead, FeedItem, FeedWriter, Part, editions_scope, public};
use crate::store::ListedEdition;
use crate::store::files::{Finished, Written, commit_all, prepare};

/// How many editions the feed has.
const ITEMS: usize = 50;
/// How many editions are known when it is asked which of them are missing.
const KNOWN: u32 = 10_000;

/// The feed of the letters, where the config asks for one.
pub(super) fn scope(desk: &Desk) -> Option<Scope> {
    let letter = desk.settings.letter.as_ref()?;
    letter.feed.then(|| editions_scope(&desk.settings.publication))
}

/// Makes the feed of the letters in all formats, as far as the config asks for it: proof-read, and held against what is public.
pub(super) async fn rebuild(desk: &Desk, tell: Tell<'_>) -> anyhow::Result<()> {
    let Some(scope) = scope(desk) else { return Ok(()) };
    let known = desk.ledger.newest_editions(KNOWN).await?;
    let mut items = Vec::new();
    for listed in known.iter().filter(|listed| edition::has_files(desk, &listed.id)).take(ITEMS) {
        items.push(item(desk, listed).await?);
    }
    if items.is_empty() {
        return Ok(());
    }
    let publication = &desk.settings.publication;
    let oldest = items.iter().map(|item| item.published).min();
    let ids: BTreeMap<&str, &ListedEdition> = known.iter().filter_map(|listed| Some((listed.guid.as_deref()?, listed))).collect();
    let why = |guid: &str| match ids.get(guid) {
        None => Gone::Foreign,
        Some(listed) if oldest.is_some_and(|oldest| listed.composed > oldest) && edition::has_files(desk, &listed.id) => {
            Gone::Missing
        }
        Some(_) => Gone::Rightly,
    };
    let mut changed = Vec::new();
    for format in FeedFormat::ALL {
        let file = desk.settings.feeds.join(format.file_of(&scope));
        let finished = prepare(&file, &written(format, publication, &scope, &items)?)?;
        if finished.written() == Written::Unchanged {
            continue;
        }
        let new = guard::proof_read(format, finished.path(), &file)?;
        guard::distinct(&file, &new)?;
        if format == FeedFormat::Rss
            && file.exists()
            && let Some(old) = guard::published(format, &file)
        {
            guard::judge(&file, &old, &new, why, Exceptions::default())?;
        }
        changed.push((file, finished));
    }
    let told = changed.iter().map(|(file, finished)| Milestone::Wrote { file: file.clone(), written: finished.written() });
    let told: Vec<Milestone> = told.collect();
    commit_all(changed.into_iter().map(|(_, finished)| finished).collect::<Vec<Finished>>())?;
    told.iter().for_each(tell);
    Ok(())
}

/// The letters that can be read in a browser, the newest first.
pub(super) async fn all(desk: &Desk, most: u32) -> anyhow::Result<Vec<EditionLink>> {
    let link = |id: EditionId, subject, language, at| {
        let has_light = edition::has_light(desk, &id);
        EditionLink { id, subject, language, at, has_light }
    };
    let mut links = Vec::new();
    for ListedEdition { id, subject, language, composed, .. } in desk.ledger.newest_editions(most).await? {
        links.push(link(id, subject, language, composed));
    }
    // A griot from before editions were kept has left letters of single articles.
    for archived in desk.ledger.articles(desk.now(), None, most).await? {
        if !links.iter().any(|known| known.id == archived.id) {
            links.push(link(archived.id, archived.article.title, archived.article.language, archived.published));
        }
    }
    links.retain(|link| edition::has_files(desk, &link.id));
    links.sort_by(|one, other| other.at.cmp(&one.at).then_with(|| one.id.cmp(&other.id)));
    links.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(links)
}

/// An edition as an item: read at the page of its letter, with the beginnings of its articles.
async fn item(desk: &Desk, listed: &ListedEdition) -> anyhow::Result<Archived> {
    let publication = &desk.settings.publication;
    let ListedEdition { id, subject, preheader, language, composed, guid } = listed.clone();
    let guid = match guid {
        Some(guid) => guid,
        None => mint(desk, &id).await?,
    };
    let articles = desk.ledger.edition_articles(&id).await?;
    let body = articles.iter().flat_map(|archived| beginning(archived, publication)).collect();
    let article = Article {
        title: subject,
        topics: Vec::new(),
        authors: Vec::new(),
        editors: Vec::new(),
        published: Moment::Instant(composed, Offset::UTC),
        updated: None,
        url: Some(page(publication, &id)),
        language,
        summary: preheader,
        body,
        promo: None,
    };
    Ok(Archived { id, guid, published: composed, updated: composed, article, episode: None })
}

/// The page of an edition's letter.
fn page(publication: &Publication, id: &EditionId) -> WebUrl {
    public(publication, &format!("editions/{id}/letter.html"))
}

/// Gives an edition its id in the feed, for ever.
async fn mint(desk: &Desk, id: &EditionId) -> anyhow::Result<String> {
    let host = desk.settings.publication.home.host();
    let guid = id.letter_tag(host).with_context(|| format!("no id can be made of the edition `{id}`"))?;
    desk.ledger.mint_guid(id, &guid).await?;
    Ok(guid)
}

/// An article as the item of its edition shows it: the title, which leads there, and the summary.
fn beginning(archived: &Archived, publication: &Publication) -> Vec<Block> {
    let title = Inline::Text(archived.article.title.to_string());
    let title = match publication.link(archived) {
        Some(url) => Inline::Link { href: Href::Web(url.into_owned()), text: vec![title] },
        None => title,
    };
    let title = Rich::new(vec![Inline::Strong(vec![title])]);
    let excerpt = Rich::text(archived.article.excerpt().as_str());
    [title, excerpt].into_iter().flatten().map(Block::Paragraph).collect()
}

fn written(format: FeedFormat, publication: &Publication, scope: &Scope, items: &[Archived]) -> anyhow::Result<Vec<u8>> {
    let updated: Option<Timestamp> = items.iter().map(|item| item.updated).max();
    let mut writer = FeedWriter::new(format, FeedHead { publication, scope, part: Part::WHOLE, updated }, Vec::new())?;
    for archived in items {
        writer.item(&FeedItem::new(archived, publication))?;
    }
    Ok(writer.finish()?)
}
