//! How an article is written down in the ledger: as JSON, apart from the domain's types, so that either can change alone.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::domain::{Article, Block, Episode, Figure, Href, Inline, Language, Line, Moment, Promo, Rich, WebUrl};

/// The article as JSON. The same article gives the same text.
pub(super) fn encode(article: &Article) -> Result<String, StoreError> {
    serde_json::to_string(&ArticleRecord::from(article)).map_err(|error| StoreError::damaged("an article", error))
}

pub(super) fn decode(text: &str) -> Result<Article, StoreError> {
    let record: ArticleRecord = serde_json::from_str(text).map_err(|error| StoreError::damaged("an article", error))?;
    record.article().ok_or_else(|| StoreError::damaged("an article", text))
}

/// An episode as JSON.
pub(super) fn encode_episode(episode: &Episode) -> Result<String, StoreError> {
    let record = EpisodeRecord {
        show: episode.show.to_string(),
        title: episode.title.to_string(),
        url: episode.url.as_ref().map(WebUrl::to_string),
        seconds: episode.seconds,
    };
    serde_json::to_string(&record).map_err(|error| StoreError::damaged("an episode", error))
}

pub(super) fn decode_episode(text: &str) -> Result<Episode, StoreError> {
    let record: EpisodeRecord = serde_json::from_str(text).map_err(|error| StoreError::damaged("an episode", error))?;
    record.episode().ok_or_else(|| StoreError::damaged("an episode", text))
}

#[derive(Serialize, Deserialize)]
struct EpisodeRecord {
    show: String,
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<u32>,
}

impl EpisodeRecord {
    fn episode(self) -> Option<Episode> {
        Some(Episode {
            show: Line::new(&self.show)?,
            title: Line::new(&self.title)?,
            url: read(self.url.as_ref(), WebUrl::parse)?,
            seconds: self.seconds,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct ArticleRecord {
    title: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    topics: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    editors: Vec<String>,
    published: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(deserialize_with = "blocks")]
    body: Vec<BlockRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promo: Option<PromoRecord>,
}

#[derive(Serialize, Deserialize)]
struct PromoRecord {
    show: String,
    text: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum BlockRecord {
    Paragraph {
        text: Vec<InlineRecord>,
    },
    Heading {
        level: u8,
        text: String,
    },
    List {
        ordered: bool,
        items: Vec<Vec<InlineRecord>>,
    },
    Quote {
        text: Vec<InlineRecord>,
    },
    Figure(FigureRecord),
    Table {
        #[serde(skip_serializing_if = "is_false")]
        header: bool,
        rows: Vec<Vec<String>>,
    },
    Preformatted {
        text: String,
    },
    Embed {
        url: Option<String>,
        text: Option<String>,
    },
}

/// The members of all kinds of blocks in one: what serde makes of a tagged enum keeps every text twice.
#[derive(Deserialize)]
struct AnyBlock {
    kind: Kind,
    text: Option<Words>,
    level: Option<u8>,
    ordered: Option<bool>,
    items: Option<Vec<Vec<InlineRecord>>>,
    header: Option<bool>,
    rows: Option<Vec<Vec<String>>>,
    url: Option<String>,
    src: Option<String>,
    alt: Option<String>,
    caption: Option<String>,
    credit: Option<String>,
    size: Option<(u32, u32)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Paragraph,
    Heading,
    List,
    Quote,
    Figure,
    Table,
    Preformatted,
    Embed,
}

/// A text, of which some blocks keep a plain one and others one with markup.
enum Words {
    Plain(String),
    Runs(Vec<InlineRecord>),
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of its runs")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Words, E> {
        Ok(Words::Plain(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, runs: A) -> Result<Words, A::Error> {
        Ok(Words::Runs(Vec::deserialize(SeqAccessDeserializer::new(runs))?))
    }
}

fn blocks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<BlockRecord>, D::Error> {
    let blocks = Vec::<AnyBlock>::deserialize(deserializer)?;
    blocks.into_iter().map(|block| block.record().ok_or_else(|| de::Error::custom("a block lacks a member"))).collect()
}

impl AnyBlock {
    fn record(self) -> Option<BlockRecord> {
        let (plain, runs) = match self.text {
            Some(Words::Plain(text)) => (Some(text), None),
            Some(Words::Runs(runs)) => (None, Some(runs)),
            None => (None, None),
        };
        Some(match self.kind {
            Kind::Paragraph => BlockRecord::Paragraph { text: runs? },
            Kind::Heading => BlockRecord::Heading { level: self.level?, text: plain? },
            Kind::List => BlockRecord::List { ordered: self.ordered?, items: self.items? },
            Kind::Quote => BlockRecord::Quote { text: runs? },
            Kind::Figure => {
                let Self { src, alt, caption, credit, size, .. } = self;
                BlockRecord::Figure(FigureRecord { src, alt, caption, credit, size })
            }
            Kind::Table => BlockRecord::Table { header: self.header.unwrap_or_default(), rows: self.rows? },
            Kind::Preformatted => BlockRecord::Preformatted { text: plain? },
            Kind::Embed => BlockRecord::Embed { url: self.url, text: plain },
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_false(value: &bool) -> bool {
    !value
}

#[derive(Serialize)]
struct FigureRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    src: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<(u32, u32)>,
}

/// Short names: an archive holds many of these.
#[derive(Serialize, Deserialize)]
enum InlineRecord {
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "br")]
    Break,
    #[serde(rename = "a")]
    Link(String, Vec<InlineRecord>),
    #[serde(rename = "b")]
    Strong(Vec<InlineRecord>),
    #[serde(rename = "i")]
    Emphasis(Vec<InlineRecord>),
    #[serde(rename = "c")]
    Code(String),
}

impl From<&Article> for ArticleRecord {
    fn from(article: &Article) -> Self {
        Self {
            title: article.title.to_string(),
            topics: strings(&article.topics),
            authors: strings(&article.authors),
            editors: strings(&article.editors),
            published: article.published.to_string(),
            updated: article.updated.map(|updated| updated.to_string()),
            url: article.url.as_ref().map(WebUrl::to_string),
            language: article.language.to_string(),
            summary: article.summary.as_ref().map(Line::to_string),
            body: article.body.iter().map(BlockRecord::from).collect(),
            promo: article.promo.as_ref().map(|promo| PromoRecord { show: promo.show.to_string(), text: promo.text.to_string() }),
        }
    }
}

impl ArticleRecord {
    fn article(self) -> Option<Article> {
        Some(Article {
            title: Line::new(&self.title)?,
            topics: lines(&self.topics)?,
            authors: lines(&self.authors)?,
            editors: lines(&self.editors)?,
            published: Moment::parse(&self.published)?,
            updated: read(self.updated.as_ref(), Moment::parse)?,
            url: read(self.url.as_ref(), WebUrl::parse)?,
            language: Language::parse(&self.language)?,
            summary: read(self.summary.as_ref(), Line::new)?,
            body: self.body.into_iter().map(BlockRecord::block).collect::<Option<_>>()?,
            promo: match self.promo {
                Some(promo) => Some(Promo { show: Line::new(&promo.show)?, text: Line::new(&promo.text)? }),
                None => None,
            },
        })
    }
}

impl From<&Block> for BlockRecord {
    fn from(block: &Block) -> Self {
        match block {
            Block::Paragraph(rich) => Self::Paragraph { text: inlines(rich.inlines()) },
            Block::Heading { level, text } => Self::Heading { level: *level, text: text.to_string() },
            Block::List { ordered, items } => {
                Self::List { ordered: *ordered, items: items.iter().map(|item| inlines(item.inlines())).collect() }
            }
            Block::Quote(rich) => Self::Quote { text: inlines(rich.inlines()) },
            Block::Figure(figure) => Self::Figure(FigureRecord {
                src: figure.src.as_ref().map(WebUrl::to_string),
                alt: figure.alt.as_ref().map(Line::to_string),
                caption: figure.caption.as_ref().map(Line::to_string),
                credit: figure.credit.as_ref().map(Line::to_string),
                size: figure.size,
            }),
            Block::Table { header, rows } => Self::Table { header: *header, rows: rows.clone() },
            Block::Preformatted(text) => Self::Preformatted { text: text.clone() },
            Block::Embed { url, text } => {
                Self::Embed { url: url.as_ref().map(WebUrl::to_string), text: text.as_ref().map(Line::to_string) }
            }
        }
    }
}

impl BlockRecord {
    fn block(self) -> Option<Block> {
        Some(match self {
            Self::Paragraph { text } => Block::Paragraph(rich(text)?),
            Self::Heading { level, text } => Block::Heading { level, text: Line::new(&text)? },
            Self::List { ordered, items } => Block::List { ordered, items: items.into_iter().map(rich).collect::<Option<_>>()? },
            Self::Quote { text } => Block::Quote(rich(text)?),
            Self::Figure(figure) => Block::Figure(Figure {
                src: read(figure.src.as_ref(), WebUrl::parse)?,
                alt: read(figure.alt.as_ref(), Line::new)?,
                caption: read(figure.caption.as_ref(), Line::new)?,
                credit: read(figure.credit.as_ref(), Line::new)?,
                size: figure.size,
            }),
            Self::Table { header, rows } => Block::Table { header, rows },
            Self::Preformatted { text } => Block::Preformatted(text),
            Self::Embed { url, text } => {
                Block::Embed { url: read(url.as_ref(), WebUrl::parse)?, text: read(text.as_ref(), Line::new)? }
            }
        })
    }
}

/// `Some(None)` where nothing was written, `None` where what was written cannot be read.
#[expect(clippy::option_option, reason = "absent and unreadable are two things")]
fn read<T>(text: Option<&String>, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match text {
        Some(text) => parse(text).map(Some),
        None => Some(None),
    }
}

fn strings(lines: &[Line]) -> Vec<String> {
    lines.iter().map(Line::to_string).collect()
}

fn lines(texts: &[String]) -> Option<Vec<Line>> {
    texts.iter().map(|text| Line::new(text)).collect()
}

fn inlines(inlines: &[Inline]) -> Vec<InlineRecord> {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => InlineRecord::Text(text.clone()),
            Inline::Break => InlineRecord::Break,
            Inline::Link { href, text } => InlineRecord::Link(href.to_string(), self::inlines(text)),
            Inline::Strong(text) => InlineRecord::Strong(self::inlines(text)),
            Inline::Emphasis(text) => InlineRecord::Emphasis(self::inlines(text)),
            Inline::Code(text) => InlineRecord::Code(text.clone()),
        })
        .collect()
}

fn rich(records: Vec<InlineRecord>) -> Option<Rich> {
    Rich::new(runs(records)?)
}

fn runs(records: Vec<InlineRecord>) -> Option<Vec<Inline>> {
    records
        .into_iter()
        .map(|record| {
            Some(match record {
                InlineRecord::Text(text) => Inline::Text(text),
                InlineRecord::Break => Inline::Break,
                InlineRecord::Link(href, text) => Inline::Link { href: Href::parse(&href)?, text: runs(text)? },
                InlineRecord::Strong(text) => Inline::Strong(runs(text)?),
                InlineRecord::Emphasis(text) => Inline::Emphasis(runs(text)?),
                InlineRecord::Code(text) => Inline::Code(text),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_comes_back_as_it_was() {
        let line = |text: &str| Line::new(text).unwrap();
        let link = Inline::Link {
            href: Href::parse("https://example.org/?a=1&b=\"2\"").unwrap(),
            text: vec![Inline::Text("here".into()), Inline::Code("x < y".into())],
        };
        let rich = Rich::new(vec![
            Inline::Text("See ".into()),
            link,
            Inline::Break,
            Inline::Strong(vec![Inline::Emphasis(vec![Inline::Text("now".into())])]),
        ])
        .unwrap();
        let article = Article {
            title: line("A river <rises> & falls"),
            topics: vec![line("Rivers")],
            authors: vec![line("Ada"), line("Ba")],
            editors: vec![line("Cé")],
            published: Moment::parse("2026-03-04T07:00:00+01:00").unwrap(),
            updated: Moment::parse("2026-03-05"),
            url: WebUrl::parse("https://example.org/river"),
            language: Language::parse("pt-BR").unwrap(),
            summary: Some(line("In short.")),
            body: vec![
                Block::Paragraph(rich.clone()),
                Block::Heading { level: 3, text: line("Then") },
                Block::List { ordered: true, items: vec![rich.clone()] },
                Block::Quote(rich),
                Block::Figure(Figure {
                    src: WebUrl::parse("https://example.org/a.jpg"),
                    alt: Some(line("A boat")),
                    caption: None,
                    credit: Some(line("D/AFP")),
                    size: Some((600, 400)),
                }),
                Block::Table { header: false, rows: vec![vec!["a".into(), String::new()]] },
                Block::Table { header: true, rows: vec![vec!["a".into()], vec!["b".into()]] },
                Block::Preformatted("a\n  b".into()),
                Block::Embed { url: None, text: Some(line("A video")) },
            ],
            promo: Some(Promo { show: line("AfricaLink"), text: line("Listen!") }),
        };
        assert_eq!(decode(&encode(&article).unwrap()).unwrap(), article);
    }

    #[test]
    fn a_damaged_row_is_an_error() {
        assert!(decode("{}").is_err());
        assert!(decode("{\"title\":\"\",\"published\":\"2026-03-04\",\"language\":\"en\",\"body\":[]}").is_err());
    }
}
