use std::borrow::Cow;

use super::LetterStyle;
use crate::domain::{Archived, Block, Edition, Episode, Language, Line, Publication, Show, WebUrl};
use crate::render::words::{self, Words};

/// What a letter says, in the order in which it says it; neither HTML nor text yet.
#[derive(Clone, Debug)]
pub(super) struct Contents<'a> {
    pub(super) publication: &'a Publication,
    pub(super) about: &'a LetterStyle,
    pub(super) words: &'static Words,
    pub(super) language: &'a Language,
    pub(super) subject: Line,
    pub(super) preheader: Option<&'a Line>,
    pub(super) lead: Story<'a>,
    pub(super) body: &'a [Block],
    /// Where the rest of the lead article is, if blocks were cut from it.
    pub(super) read_on: Option<Cow<'a, WebUrl>>,
    pub(super) items: Vec<Story<'a>>,
    /// Whether further articles were left out.
    pub(super) items_cut: bool,
    pub(super) card: Option<Card<'a>>,
}

/// What stands above an article, or stands for it.
#[derive(Clone, Debug)]
pub(super) struct Story<'a> {
    pub(super) language: &'a Language,
    pub(super) title: Line,
    pub(super) url: Option<Cow<'a, WebUrl>>,
    /// The topics, as one line; may be empty.
    pub(super) kicker: String,
    /// The article's own summary; for the lead article that has none, none.
    pub(super) summary: Option<Line>,
    /// By whom; may be empty.
    pub(super) byline: String,
    /// Of which day.
    pub(super) day: String,
    /// Who edited it; may be empty.
    pub(super) editors: String,
}

/// The invitation to a show.
#[derive(Clone, Debug)]
pub(super) struct Card<'a> {
    pub(super) show: Line,
    pub(super) text: Option<Line>,
    pub(super) about: Option<&'a Show>,
    /// The show's latest episode, as it was known when its article was taken in.
    pub(super) episode: Option<&'a Episode>,
}

/// Longest texts of the frame, in characters: what was read may be of any length, what is never cut must not be.
const TITLE: usize = 300;
const SUMMARY: usize = 800;
const NAMES: usize = 400;
const PROMO: usize = 2_000;

impl<'a> Contents<'a> {
    /// The contents of an edition, whole; `None` where it has no article.
    pub(super) fn of(edition: &'a Edition, publication: &'a Publication, about: &'a LetterStyle) -> Option<Self> {
        let (first, others) = edition.articles.split_first()?;
        let language = &first.article.language;
        let words = Words::of(&[language, &publication.language]);
        let story = |archived: &'a Archived| Story::of(archived, Words::of(&[&archived.article.language, language]), publication);
        let items = others.iter().map(|archived| {
            let summary = archived.article.excerpt().shortened(SUMMARY);
            Story { summary: Some(summary), ..story(archived) }
        });
        Some(Self {
            publication,
            about,
            words,
            language,
            subject: edition.subject.shortened(TITLE),
            preheader: edition.preheader.as_ref(),
            lead: story(first),
            body: &first.article.body,
            read_on: None,
            items: items.collect(),
            items_cut: false,
            card: Card::of(edition, publication),
        })
    }

    /// The contents with this many blocks of the lead article and this many further ones.
    pub(super) fn cut(&self, blocks: usize, items: usize) -> Self {
        let mut cut = self.clone();
        if let Some(kept) = self.body.get(..blocks).filter(|kept| kept.len() < self.body.len()) {
            cut.body = kept;
            cut.read_on = self.lead.url.clone().or(Some(Cow::Borrowed(&self.publication.home)));
            // Nothing of the text fits: its beginning, in as many words as a summary has, is better than nothing.
            if kept.is_empty() && cut.lead.summary.is_none() {
                cut.lead.summary =
                    self.body.iter().find_map(|block| Line::new(&block.plain())).map(|line| line.shortened(SUMMARY));
            }
        }
        cut.items_cut = items < self.items.len();
        cut.items.truncate(items);
        cut
    }

    /// Why the reader gets the letter.
    pub(super) fn reason(&self) -> &str {
        self.about.reason.as_ref().map_or(self.words.reason, Line::as_str)
    }

    /// Who sends the letter, and from where; an address that begins with the name does not say it twice.
    pub(super) fn sender(&self) -> String {
        let title = &self.publication.title;
        match &self.publication.postal_address {
            Some(address) if address.as_str().starts_with(title.as_str()) => address.to_string(),
            Some(address) => format!("{title} · {address}"),
            None => title.to_string(),
        }
    }
}

impl<'a> Story<'a> {
    fn of(archived: &'a Archived, words: &Words, publication: &Publication) -> Self {
        let article = &archived.article;
        let authors = names(&article.authors, ", ");
        Self {
            language: &article.language,
            title: article.title.shortened(TITLE),
            url: publication.link(archived),
            kicker: names(&article.topics, " · "),
            summary: article.summary.as_ref().map(|summary| summary.shortened(SUMMARY)),
            byline: if authors.is_empty() { authors } else { format!("{} {authors}", words.by) },
            day: words::day(archived.day(&publication.zone), &article.language),
            editors: names(&article.editors, ", "),
        }
    }
}

impl<'a> Card<'a> {
    /// The promo of the first article that has one, or else the first show of the publication that invites by itself.
    fn of(edition: &'a Edition, publication: &'a Publication) -> Option<Self> {
        let card = if let Some(promo) = edition.articles.iter().find_map(|archived| archived.article.promo.as_ref()) {
            Self { show: promo.show.clone(), text: Some(promo.text.clone()), about: publication.show(&promo.show), episode: None }
        } else {
            let show = publication.promoted(None)?;
            Self { show: show.name.clone(), text: show.pitch.clone(), about: Some(show), episode: None }
        };
        let name = card.about.map_or(&card.show, |show| &show.name);
        let episode =
            edition.articles.iter().filter_map(|archived| archived.episode.as_ref()).find(|episode| &episode.show == name);
        Some(Self { episode, show: card.show.shortened(TITLE), text: card.text.map(|text| text.shortened(PROMO)), ..card })
    }

    pub(super) fn listen(&self) -> Option<&'a WebUrl> {
        self.about?.listen.as_ref()
    }

    /// The title of the episode with its length.
    pub(super) fn programme(&self) -> Option<String> {
        let episode = self.episode?;
        let length = episode.length().map(|length| format!(" ({length})")).unwrap_or_default();
        Some(format!("{}{length}", episode.title.shortened(TITLE)))
    }

    pub(super) fn platforms(&self) -> &'a [(Line, WebUrl)] {
        self.about.map_or(&[], |show| &show.platforms)
    }
}

/// The names in one line, not longer than a frame can carry.
fn names(names: &[Line], between: &str) -> String {
    let joined = names.iter().map(Line::as_str).collect::<Vec<_>>().join(between);
    Line::new(&joined).map(|line| line.shortened(NAMES).to_string()).unwrap_or_default()
}
