use std::borrow::Cow;

use super::words::LetterWords;
use super::{LetterError, LetterStyle};
use crate::domain::{
    Archived, Block, Edition, Episode, Figure, Language, LetterBody, Line, Publication, Show, WebUrl, WithoutAlt,
};
use crate::render::words;

/// What a letter says, in the order in which it says it; neither HTML nor text yet.
#[derive(Clone, Debug)]
pub(super) struct Contents<'a> {
    pub(super) publication: &'a Publication,
    pub(super) about: &'a LetterStyle,
    pub(super) words: LetterWords<'a>,
    pub(super) language: &'a Language,
    pub(super) subject: Line,
    pub(super) preheader: Option<&'a Line>,
    pub(super) lead: Story<'a>,
    pub(super) body: &'a [Block],
    /// Where the rest of the lead article is, if it is not all here.
    pub(super) read_on: Option<Cow<'a, WebUrl>>,
    /// Whether blocks were cut because a letter has to end somewhere.
    pub(super) cut_short: bool,
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
    /// What leads to the rest of it, in its own language.
    pub(super) words: LetterWords<'a>,
}

/// The invitation to a show.
#[derive(Clone, Debug)]
pub(super) struct Card<'a> {
    /// The language of its text.
    pub(super) language: &'a Language,
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
        let words = LetterWords::of([language, &publication.language], about);
        let story = |archived: &'a Archived| {
            Story::of(archived, LetterWords::of([&archived.article.language, language], about), publication)
        };
        let items = others.iter().map(|archived| {
            let summary = archived.article.excerpt().shortened(SUMMARY);
            Story { summary: Some(summary), ..story(archived) }
        });
        let whole = Self {
            publication,
            about,
            words,
            language,
            subject: edition.subject.shortened(TITLE),
            preheader: edition.preheader.as_ref(),
            lead: story(first),
            body: &first.article.body,
            read_on: None,
            cut_short: false,
            items: items.collect(),
            items_cut: false,
            card: Card::of(edition, publication),
        };
        Some(match about.body {
            LetterBody::Full => whole,
            LetterBody::Summary => whole.summarised(),
        })
    }

    /// The summary and the picture above the text stand for the lead article.
    fn summarised(mut self) -> Self {
        let first = usize::from(matches!(self.body.first(), Some(Block::Figure(_))));
        let (kept, left_out) = self.body.split_at(first);
        if !left_out.is_empty() {
            self.lead.summary = self.lead.summary.take().or_else(|| beginning(left_out));
            self.read_on = Some(self.home_of_lead());
        }
        self.body = kept;
        self
    }

    /// The contents with this many blocks of the lead article and this many further ones.
    pub(super) fn cut(&self, blocks: usize, items: usize) -> Self {
        let mut cut = Self { items: self.items.iter().take(items).cloned().collect(), ..self.without_items() };
        if let Some(kept) = self.body.get(..blocks).filter(|kept| kept.len() < self.body.len()) {
            cut.body = kept;
            cut.read_on = Some(self.home_of_lead());
            cut.cut_short = true;
            // Nothing of the text fits: its beginning, in as many words as a summary has, is better than nothing.
            if kept.is_empty() && cut.lead.summary.is_none() {
                cut.lead.summary = beginning(self.body);
            }
        }
        cut.items_cut = items < self.items.len();
        cut
    }

    /// The same without further articles, which may be many and are not copied for nothing.
    fn without_items(&self) -> Self {
        Self {
            words: self.words.clone(),
            subject: self.subject.clone(),
            lead: self.lead.clone(),
            read_on: self.read_on.clone(),
            items: Vec::new(),
            card: self.card.clone(),
            ..*self
        }
    }

    fn home_of_lead(&self) -> Cow<'a, WebUrl> {
        self.lead.url.clone().unwrap_or(Cow::Borrowed(&self.publication.home))
    }

    /// That every picture says what it shows, or need not.
    pub(super) fn check_pictures(&self) -> Result<(), LetterError> {
        let figures = self.body.iter().filter_map(|block| if let Block::Figure(figure) = block { Some(figure) } else { None });
        for figure in figures {
            if let Picture::Unsaid(url) = Picture::of(figure, self.about) {
                return Err(LetterError::NoAlt { article: self.lead.title.clone(), picture: url.clone() });
            }
        }
        Ok(())
    }

    /// Who sends the letter, and from where; an address that begins with the name does not say it twice.
    pub(super) fn sender(&self) -> String {
        sender(self.publication)
    }
}

/// Who sends it, from where: what a letter has to say.
pub(super) fn sender(publication: &Publication) -> String {
    let title = &publication.title;
    match &publication.postal_address {
        Some(address) if address.as_str().starts_with(title.as_str()) => address.to_string(),
        Some(address) => format!("{title} · {address}"),
        None => title.to_string(),
    }
}

impl<'a> Story<'a> {
    fn of(archived: &'a Archived, words: LetterWords<'a>, publication: &Publication) -> Self {
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
            words,
        }
    }
}

impl<'a> Card<'a> {
    /// The promo of the first article that has one, or else the first show of the publication that invites by itself.
    fn of(edition: &'a Edition, publication: &'a Publication) -> Option<Self> {
        let lifted = edition.articles.iter().find_map(|archived| Some((&archived.article, archived.article.promo.as_ref()?)));
        let card = if let Some((article, promo)) = lifted {
            Self {
                language: &article.language,
                show: promo.show.clone(),
                text: Some(promo.text.clone()),
                about: publication.show(&promo.show),
                episode: None,
            }
        } else {
            let show = publication.promoted(None)?;
            let language = &publication.language;
            Self { language, show: show.name.clone(), text: show.pitch.clone(), about: Some(show), episode: None }
        };
        let name = card.about.map_or(&card.show, |show| &show.name);
        // An episode that the letter carries as an article is not promoted beside it.
        let is_carried = |episode: &Episode| edition.articles.iter().any(|archived| publication.is_of(archived, episode));
        let episode = edition.articles.iter().filter_map(|archived| archived.episode.as_ref());
        let episode = episode.filter(|episode| !is_carried(episode)).find(|episode| &episode.show == name);
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

/// What becomes of a figure's picture in a letter.
pub(super) enum Picture<'a> {
    /// It is shown: where it is, and what it shows; nothing where it only decorates.
    Shown { source: &'a WebUrl, alt: Option<&'a Line> },
    /// Its caption and credit stand alone.
    Absent,
    /// It would be shown, and nobody has said what it shows.
    Unsaid(&'a WebUrl),
}

impl<'a> Picture<'a> {
    pub(super) fn of(figure: &'a Figure, about: &LetterStyle) -> Self {
        let Some(source) = figure.src.as_ref().filter(|url| about.shows(url)) else { return Self::Absent };
        let alt = figure.alt.as_ref().or(figure.caption.as_ref());
        match (alt, about.without_alt) {
            (Some(_), _) | (None, WithoutAlt::Decorative) => Self::Shown { source, alt },
            (None, WithoutAlt::Refused) => Self::Unsaid(source),
            (None, WithoutAlt::LeftOut) => Self::Absent,
        }
    }
}

/// The beginning of a text, in as many words as a summary has.
fn beginning(body: &[Block]) -> Option<Line> {
    body.iter().find_map(|block| Line::new(&block.plain())).map(|line| line.shortened(SUMMARY))
}

/// The names in one line, not longer than a frame can carry.
fn names(names: &[Line], between: &str) -> String {
    let joined = names.iter().map(Line::as_str).collect::<Vec<_>>().join(between);
    Line::new(&joined).map(|line| line.shortened(NAMES).to_string()).unwrap_or_default()
}
