//! The episodes of a show as articles of the publication.
//!
//! An article is tied to the id of its episode: an edit of the note edits it, whatever the note is called by then, and what
//! has left the folder leaves its article as it was. All is known before the feed of the show is written, which links to the
//! articles' pages; all is kept once that feed has passed its guards.

use std::collections::HashMap;

use crate::app::edition::fingerprint;
use crate::app::intake::{mint, next_state};
use crate::app::{Change, Desk, Milestone, TakenIn, Tell};
use crate::domain::podcast::{Person, PublishedEpisode, PublishedShow};
use crate::domain::{Archived, Article, ArticleId, Draft, Format, Line, Moment, WebUrl};
use crate::render::with_player;
use crate::store::{ItemState, KnownItem, StoreError};

/// The articles of a show: those that are known, and what is to become of them.
pub(super) struct Articles<'a> {
    desk: &'a Desk,
    show: &'a PublishedShow,
    /// The name of the show among the sources of the ledger.
    source: String,
    /// By the ids of the episodes.
    known: HashMap<String, KnownItem>,
    planned: Vec<Planned>,
}

/// An episode that is new as an article, or says something new.
struct Planned {
    guid: String,
    title: Line,
    item: KnownItem,
    /// The article with what becomes of it; none where the note has no text.
    article: Option<(Archived, Change)>,
}

impl<'a> Articles<'a> {
    /// Finds out what becomes of the articles; writes nothing. `episodes` are all of the show, the newest first.
    pub(super) async fn plan(desk: &'a Desk, show: &'a PublishedShow, episodes: &[PublishedEpisode]) -> anyhow::Result<Self> {
        let source = format!("episodes of {}", show.slug);
        let mut all = Self { desk, show, source, known: HashMap::new(), planned: Vec::new() };
        if !show.has_articles {
            return Ok(all);
        }
        all.known = desk.ledger.source_items(&all.source).await?;
        // The oldest first: of several that would have one id, it has the plain one.
        for episode in episodes.iter().rev() {
            let draft = draft(desk, show, episode);
            let said = fingerprint(&[&format!("{draft:?}"), &format!("{:?}", with_player(Vec::new(), episode, show))]);
            if all.known.get(&episode.guid).is_none_or(|known| known.state == ItemState::Passed || known.said != said) {
                let planned = all.planned(episode, draft, said).await?;
                all.planned.push(planned);
            }
        }
        Ok(all)
    }

    async fn planned(&self, episode: &PublishedEpisode, draft: Draft, said: String) -> anyhow::Result<Planned> {
        let known = self.known.get(&episode.guid);
        let (guid, title) = (episode.guid.clone(), episode.details.title.clone());
        let known_id = known.and_then(|known| known.article.clone());
        let since = self.desk.now();
        let mut item = KnownItem { said, state: ItemState::Taken, article: known_id, has_brought: true, since };
        let Ok(article) = draft.accept(&self.desk.settings.publication.language) else {
            item.state = ItemState::Refused;
            item.has_brought = known.is_some_and(|known| known.has_brought);
            return Ok(Planned { guid, title, item, article: None });
        };
        let article = Article { body: with_player(article.body, episode, self.show), ..article };
        let kept = match &item.article {
            Some(id) => self.desk.ledger.article(id).await?,
            None => None,
        };
        let becomes = if let Some(kept) = kept {
            item.has_brought = known.is_some_and(|known| known.has_brought);
            // The desk's own article about the episode stays the desk's.
            if item.has_brought { next_state(self.desk, kept, article).await? } else { (kept, Change::Unchanged) }
        } else if let Some(own) = self.published_already(&article).await? {
            item.has_brought = false;
            (own, Change::Unchanged)
        } else {
            (self.minted(article).await?, Change::New)
        };
        item.article = Some(becomes.0.id.clone());
        Ok(Planned { guid, title, item, article: Some(becomes) })
    }

    /// The article that the desk has at the page of the episode. Words alone tie nothing: episodes of one day may share them.
    async fn published_already(&self, article: &Article) -> Result<Option<Archived>, StoreError> {
        if article.url.is_none() {
            return Ok(None);
        }
        let kept = self.desk.ledger.known(article).await?.filter(|kept| kept.article.url == article.url);
        // Where all episodes name one page, that of the show, each is still an article of its own.
        let is_of_another = |kept: &Archived| self.known.values().any(|known| known.article.as_ref() == Some(&kept.id));
        Ok(kept.filter(|kept| !is_of_another(kept)))
    }

    async fn minted(&self, article: Article) -> anyhow::Result<Archived> {
        let beside: Vec<ArticleId> = self.planned.iter().filter_map(|planned| planned.item.article.clone()).collect();
        let archived = mint(self.desk, article, None, &beside).await?;
        // Beside an episode of a show, its letter promotes the show, and not a second episode of it.
        let promoted = self.desk.settings.publication.promoted(None);
        let is_own = promoted.is_some_and(|promoted| promoted.name == self.show.name);
        Ok(Archived { episode: archived.episode.filter(|_| !is_own), ..archived })
    }

    /// The page of an episode's article, where articles have pages.
    pub(super) fn page(&self, guid: &str) -> Option<WebUrl> {
        let planned = self.planned.iter().find(|planned| planned.guid == guid).map(|planned| &planned.item);
        let id = planned.or_else(|| self.known.get(guid))?.article.as_ref()?;
        self.desk.settings.publication.page(id)
    }

    /// Keeps what was planned, and gives the ids of the articles that are new or edited.
    pub(super) async fn keep(self, tell: Tell<'_>) -> anyhow::Result<Vec<ArticleId>> {
        let Self { desk, show, source, known, planned } = self;
        let ledger = &desk.ledger;
        if known.is_empty() {
            // What there was before the show had articles is new to the desk, and no news to its readers; a run that is
            // stopped on the way must still know.
            let passed = planned.iter().map(|one| (one.guid.as_str(), passed(&one.item)));
            ledger.keep_items(&source, passed).await?;
        }
        let mut taken = Vec::new();
        for Planned { guid, title, item, article } in planned {
            let Some((archived, change)) = article else {
                ledger.keep_item(&source, &guid, &item).await?;
                tell(&Milestone::NoText { show: show.name.clone(), title });
                continue;
            };
            if change == Change::New {
                let is_old = known.is_empty() || known.get(&guid).is_some_and(|known| known.state == ItemState::Passed);
                let since = if is_old { archived.published.min(desk.now()) } else { desk.now() };
                ledger.add_article(&archived, since, Some((&source, &guid, &item))).await?;
            } else {
                if change == Change::Edited {
                    ledger.edit_article(&archived).await?;
                }
                ledger.keep_item(&source, &guid, &item).await?;
            }
            let one = TakenIn { archived, change, notes: Vec::new() };
            if one.is_news() {
                tell(&one.milestone());
                taken.push(one.archived.id);
            }
        }
        Ok(taken)
    }
}

fn passed(item: &KnownItem) -> KnownItem {
    KnownItem { state: ItemState::Passed, article: None, has_brought: false, ..item.clone() }
}

/// What the note says, as of an article; without the link that plays it, which is no text.
fn draft(desk: &Desk, show: &PublishedShow, episode: &PublishedEpisode) -> Draft {
    let details = &episode.details;
    let at = details.published;
    let offset = at.to_zoned(desk.settings.publication.zone.clone()).offset();
    Draft {
        title: Some(details.title.clone()),
        topics: show.topics.clone(),
        // The publication is the author of a show that names none, and signs no articles.
        authors: authors(show, episode).into_iter().filter(|name| *name != desk.settings.publication.title).collect(),
        published: Some(Moment::Instant(at, offset)),
        url: details.link.clone(),
        language: Some(show.language.clone()),
        summary: details.summary.clone(),
        body: details.body.clone(),
        ..Draft::empty(Format::Markdown)
    }
}

/// Its hosts and authors, or who the note says speaks; else those of the show.
fn authors(show: &PublishedShow, episode: &PublishedEpisode) -> Vec<Line> {
    let names = |persons: &[Person]| -> Vec<Line> {
        let speaks = |person: &&Person| person.role.as_ref().is_none_or(|role| ["host", "author"].contains(&role.as_str()));
        persons.iter().filter(speaks).map(|person| person.name.clone()).collect()
    };
    let details = &episode.details;
    let own = names(&details.persons);
    if !own.is_empty() {
        return own;
    }
    if let Some(author) = &details.author {
        return vec![author.clone()];
    }
    let of_show = names(&show.persons);
    if of_show.is_empty() { vec![show.author.clone()] } else { of_show }
}
