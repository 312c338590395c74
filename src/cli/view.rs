//! A draft as `griot read` shows it: as JSON for programs, as a card for people.

use serde::Serialize;

use crate::app::{self, Enclosure, Item};
use crate::domain::{Block, Draft, Language, Line, Moment, Rich};

/// What `griot read --json` prints for one source.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum SourceView {
    Draft(Box<DraftView>),
    Failed { source: String, error: String, hint: Option<String> },
}

impl SourceView {
    pub fn failed(source: &str, error: &anyhow::Error) -> Self {
        Self::Failed { source: source.to_owned(), error: format!("{error:#}"), hint: app::hint(error) }
    }
}

impl From<&Draft> for SourceView {
    fn from(draft: &Draft) -> Self {
        Self::Draft(Box::new(DraftView::from(draft)))
    }
}

/// An item of a feed: what is understood of it, its id, and the file that goes with it.
impl From<&Item> for SourceView {
    fn from(item: &Item) -> Self {
        let enclosure = item.enclosure.as_ref().map(EnclosureView::from);
        Self::Draft(Box::new(DraftView { id: item.id.clone(), enclosure, ..DraftView::from(&item.draft()) }))
    }
}

#[derive(Serialize)]
pub(super) struct DraftView {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    format: String,
    title: Option<String>,
    topics: Vec<String>,
    authors: Vec<String>,
    editors: Vec<String>,
    published: Option<String>,
    updated: Option<String>,
    url: Option<String>,
    language: Option<String>,
    summary: Option<String>,
    body: Vec<BlockView>,
    promo: Option<PromoView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enclosure: Option<EnclosureView>,
    notes: Vec<NoteView>,
}

#[derive(Serialize)]
struct EnclosureView {
    url: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Bytes.
    length: Option<u64>,
    seconds: Option<u32>,
}

impl From<&Enclosure> for EnclosureView {
    fn from(enclosure: &Enclosure) -> Self {
        Self {
            url: enclosure.url.to_string(),
            kind: enclosure.kind.clone(),
            length: enclosure.length,
            seconds: enclosure.seconds,
        }
    }
}

#[derive(Serialize)]
struct PromoView {
    show: String,
    text: String,
}

#[derive(Serialize)]
struct NoteView {
    line: Option<usize>,
    note: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum BlockView {
    Paragraph { text: String, html: String },
    Heading { level: u8, text: String },
    List { ordered: bool, items: Vec<String> },
    Quote { text: String },
    Figure { src: Option<String>, alt: Option<String>, caption: Option<String>, credit: Option<String> },
    Table { rows: Vec<Vec<String>> },
    Preformatted { text: String },
    Embed { url: Option<String>, text: Option<String> },
}

impl From<&Draft> for DraftView {
    fn from(draft: &Draft) -> Self {
        Self {
            id: None,
            enclosure: None,
            format: draft.format.to_string(),
            title: string(draft.title.as_ref()),
            topics: strings(&draft.topics),
            authors: strings(&draft.authors),
            editors: strings(&draft.editors),
            published: draft.published.map(|moment| moment.to_string()),
            updated: draft.updated.map(|moment| moment.to_string()),
            url: string(draft.url.as_ref()),
            language: string(draft.language.as_ref()),
            summary: string(draft.summary.as_ref()),
            body: draft.body.iter().map(BlockView::from).collect(),
            promo: draft.promo.as_ref().map(|promo| PromoView { show: promo.show.to_string(), text: promo.text.to_string() }),
            notes: draft.notes.iter().map(|note| NoteView { line: note.line, note: note.note.clone() }).collect(),
        }
    }
}

impl From<&Block> for BlockView {
    fn from(block: &Block) -> Self {
        match block {
            Block::Paragraph(rich) => Self::Paragraph { text: rich.plain(), html: rich.html().into_string() },
            Block::Heading { level, text } => Self::Heading { level: *level, text: text.to_string() },
            Block::List { ordered, items } => Self::List { ordered: *ordered, items: items.iter().map(Rich::plain).collect() },
            Block::Quote(rich) => Self::Quote { text: rich.plain() },
            Block::Figure(figure) => Self::Figure {
                src: string(figure.src.as_ref()),
                alt: string(figure.alt.as_ref()),
                caption: string(figure.caption.as_ref()),
                credit: string(figure.credit.as_ref()),
            },
            Block::Table { rows } => Self::Table { rows: rows.clone() },
            Block::Preformatted(text) => Self::Preformatted { text: text.clone() },
            Block::Embed { url, text } => Self::Embed { url: string(url.as_ref()), text: string(text.as_ref()) },
        }
    }
}

fn string<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

fn strings(lines: &[Line]) -> Vec<String> {
    lines.iter().map(Line::to_string).collect()
}

/// The card: what was understood, field by field, and the body as it would be read aloud.
pub(super) fn card(draft: &Draft) -> String {
    let mut lines = Vec::new();
    let mut field = |name: &str, value: String| {
        let value = if value.is_empty() { "-".to_owned() } else { value };
        lines.push(format!("{name:<10} {value}"));
    };
    let joined = |values: &[Line]| values.iter().map(Line::as_str).collect::<Vec<_>>().join(", ");
    let moment = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
    field("title", draft.title.as_ref().map(Line::to_string).unwrap_or_default());
    field("topics", joined(&draft.topics));
    field("authors", joined(&draft.authors));
    field("editors", joined(&draft.editors));
    field("published", moment(draft.published));
    if draft.updated.is_some() {
        field("updated", moment(draft.updated));
    }
    field("url", string(draft.url.as_ref()).unwrap_or_default());
    field("language", string(draft.language.as_ref()).unwrap_or_default());
    field("summary", string(draft.summary.as_ref()).unwrap_or_default());
    lines.push(String::new());
    lines.extend(draft.body.iter().map(outline));
    if let Some(promo) = &draft.promo {
        lines.push(String::new());
        lines.push(format!("{:<10} {}: {}", "promo", promo.show, promo.text));
    }
    // The gate asks for no more than this of a page; which language it falls back to makes no difference.
    let missing = Language::parse("en").and_then(|language| draft.clone().accept(&language).err()).unwrap_or_default();
    if !missing.is_empty() || !draft.notes.is_empty() {
        lines.push(String::new());
    }
    for missing in missing {
        lines.push(format!("{:<10} {missing}: {}", "missing", missing.mend(draft.format)));
    }
    for note in &draft.notes {
        let place = note.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        lines.push(format!("{:<10} {place}{}", "note", note.note));
    }
    lines.join("\n")
}

/// A block on one line of the card.
fn outline(block: &Block) -> String {
    /// Characters of a block that the card shows.
    const SHOWN: usize = 100;
    let kind = match block {
        Block::Paragraph(_) => "paragraph",
        Block::Heading { .. } => "heading",
        Block::List { .. } => "list",
        Block::Quote(_) => "quote",
        Block::Figure(_) => "figure",
        Block::Table { .. } => "table",
        Block::Preformatted(_) => "pre",
        Block::Embed { .. } => "embed",
    };
    let text = match block {
        // A figure is shown whole: its credit stands at the end.
        Block::Figure(figure) => {
            let caption = figure.caption.as_ref().or(figure.alt.as_ref()).map(Line::as_str).unwrap_or_default();
            match &figure.credit {
                Some(credit) => format!("{caption} ({credit})"),
                None => caption.to_owned(),
            }
        }
        other => Line::new(&other.plain()).map(|line| line.shortened(SHOWN).to_string()).unwrap_or_default(),
    };
    format!("{kind:<10} {text}")
}
