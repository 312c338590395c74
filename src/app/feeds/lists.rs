//! The lists beside the feeds: all own feeds as OPML, the newest articles as a sitemap for search engines.

use std::path::PathBuf;

use super::editions;
use super::guard::FeedGuard;
use super::parts::Named;
use crate::app::Desk;
use crate::domain::Scope;
use crate::domain::podcast::PublishedShow;
use crate::render::{FeedFormat, NewsSitemap, Outline, opml, well_formed};
use crate::store::files::{Finished, Written, prepare};

const OPML: &str = "feeds.opml";

/// The lists that are not yet as they should be, beside the files that they will replace.
pub(super) async fn changed(desk: &Desk, parts: &[Named]) -> anyhow::Result<Vec<(PathBuf, Finished)>> {
    let mut lists = vec![(OPML, opml(&desk.settings.publication, &own(desk, parts))?)];
    if desk.settings.feed.news_sitemap {
        let newest = desk.ledger.newest(desk.now(), NewsSitemap::LOOKED_AT).await?;
        let mut articles = Vec::new();
        for some in NewsSitemap::of_days(&newest, |listed| listed.published).chunks(100) {
            for stored in desk.ledger.stored(some).await? {
                articles.push(stored.read()?);
            }
        }
        lists.push((NewsSitemap::FILE, NewsSitemap::write(&desk.settings.publication, &articles)?));
    }
    let mut out = Vec::new();
    for (name, bytes) in lists {
        let file = desk.settings.feeds.join(name);
        well_formed(&bytes).map_err(|what| FeedGuard::Invalid { file: file.display().to_string(), what, article: None })?;
        let finished = prepare(&file, &bytes)?;
        if finished.written() != Written::Unchanged {
            out.push((file, finished));
        }
    }
    Ok(out)
}

/// The feeds that griot writes here, that of the publication first. A reader needs one format of each.
fn own(desk: &Desk, parts: &[Named]) -> Vec<Outline> {
    let publication = &desk.settings.publication;
    let outline = |scope: &Scope| Outline {
        title: scope.title(&publication.title),
        url: FeedFormat::Rss.url(publication, scope),
        kind: "rss",
    };
    let podcast = |show: &PublishedShow| Outline { title: show.name.clone(), url: show.feed.clone(), kind: "rss" };
    let podcasts = desk.settings.podcasts.iter().map(podcast);
    let letters = editions::scope(desk);
    let parts = parts.iter().map(|(scope, _)| scope);
    std::iter::once(&Scope::Publication).chain(parts).chain(&letters).map(outline).chain(podcasts).collect()
}
