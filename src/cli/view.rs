//! A draft as `griot read` shows it: as JSON for programs, as a card for people.

use serde::Serialize;

use crate::app::{self, Enclosure, Item};
use crate::domain::{Block, Draft, Format, Language, Line, Missing, Moment, Rich, visible};

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

    /// The same, with the source that it came from.
    pub fn of(self, source: &str) -> Self {
        match self {
            Self::Draft(mut draft) => {
                draft.source = Some(source.to_owned());
                Self::Draft(draft)
            }
            failed @ Self::Failed { .. } => failed,
        }
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
    /// Where it came from, in an answer that is of several sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
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
    Paragraph {
        text: String,
        html: String,
    },
    Heading {
        level: u8,
        text: String,
    },
    List {
        ordered: bool,
        items: Vec<String>,
    },
    Quote {
        text: String,
    },
    Figure {
        src: Option<String>,
        alt: Option<String>,
        caption: Option<String>,
        credit: Option<String>,
    },
    Table {
        #[serde(skip_serializing_if = "Option::is_none")]
        header: Option<bool>,
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

impl From<&Draft> for DraftView {
    fn from(draft: &Draft) -> Self {
        Self {
            source: None,
            id: None,
            enclosure: None,
            format: draft.format.to_string(),
            title: string(draft.title.as_ref()),
            topics: strings(&draft.topics),
            authors: strings(&draft.authors),
            editors: strings(&draft.editors),
            published: draft.published.map(day_or_instant),
            updated: draft.updated.map(day_or_instant),
            url: string(draft.url.as_ref()),
            language: string(draft.language.as_ref()),
            summary: string(draft.summary.as_ref()),
            body: draft.body.iter().map(BlockView::from).collect(),
            promo: draft.promo.as_ref().map(|promo| PromoView { show: promo.show.to_string(), text: promo.text.to_string() }),
            notes: draft.notes.iter().map(|note| NoteView { line: note.line, note: note.note.clone() }).collect(),
        }
    }
}

/// A date, or an RFC 3339 instant: which instant a time on the desk's clock is, is known once it is published.
fn day_or_instant(moment: Moment) -> String {
    match moment {
        Moment::Local(time) => time.date().to_string(),
        Moment::Day(_) | Moment::Instant(..) => moment.to_string(),
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
            Block::Table { header, rows } => Self::Table { header: header.then_some(true), rows: rows.clone() },
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

/// Columns of the card's names, with the space behind them.
const NAMES: usize = 11;

/// The card: what was understood, field by field, the body as it would be read aloud, and what is missing or looked odd.
///
/// `source` heads it where there are several. With a `width` in columns, long lines go on below their beginning; without,
/// each line is one of the output, as other programs want it.
pub(super) fn card(draft: &Draft, source: Option<&str>, width: Option<usize>) -> String {
    let lines = lines(draft, source);
    match width {
        None => lines.join("\n"),
        Some(width) => lines.iter().map(|line| wrapped(line, width)).collect::<Vec<_>>().join("\n"),
    }
}

/// A line of the card, broken at spaces, with what follows set below the value.
fn wrapped(line: &str, width: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let (name, value) = line.split_at_checked(NAMES).unwrap_or((line, ""));
    out.push_str(name);
    let mut column = NAMES;
    for (at, word) in value.split(' ').enumerate() {
        let length = word.chars().count();
        if at > 0 && column + 1 + length > width {
            out.push('\n');
            out.push_str(&" ".repeat(NAMES));
            column = NAMES;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out
}

fn lines(draft: &Draft, source: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut field = |name: &str, value: String| {
        let value = if value.is_empty() { "-".to_owned() } else { value };
        lines.push(format!("{name:<10} {value}"));
    };
    if let Some(source) = source {
        field("source", visible(source));
    }
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
    if !draft.body.is_empty() {
        lines.push(String::new());
    }
    lines.extend(draft.body.iter().map(outline));
    if let Some(promo) = &draft.promo {
        lines.push(String::new());
        lines.push(format!("{:<10} {}: {}", "promo", promo.show, promo.text));
    }
    let missing = missing(draft);
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
    lines
}

/// What the gate would ask for; which language it falls back to makes no difference.
fn missing(draft: &Draft) -> Vec<Missing> {
    let mut missing = Language::parse("en").and_then(|language| draft.clone().accept(&language).err()).unwrap_or_default();
    // An item of a feed gets the day on which it is first seen, and the text of the page that it leads to.
    let is_found = |what: &Missing| match what {
        Missing::Published => true,
        Missing::Body => draft.url.is_some(),
        Missing::Title => false,
    };
    missing.retain(|what| draft.format != Format::Feed || !is_found(what));
    missing
}

/// A block on one line of the card.
fn outline(block: &Block) -> String {
    /// Characters of a block that the card shows: a line of 80 columns.
    const SHOWN: usize = 80 - NAMES;
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
            let caption = figure.caption.as_ref().or(figure.alt.as_ref()).map(Line::to_string);
            let credit = figure.credit.as_ref().map(|credit| format!("({credit})"));
            let said: Vec<String> = caption.into_iter().chain(credit).collect();
            if said.is_empty() { string(figure.src.as_ref()).unwrap_or_default() } else { said.join(" ") }
        }
        Block::Embed { url: Some(url), text: None } => url.to_string(),
        other => Line::new(&other.plain()).map(|line| line.shortened(SHOWN).to_string()).unwrap_or_default(),
    };
    format!("{kind:<10} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Figure, WebUrl};

    #[test]
    fn a_long_line_goes_on_below_its_beginning() {
        let line = format!("{:<10} {}", "summary", "twelve signs ".repeat(9).trim_end());
        let wrapped = wrapped(&line, 40);
        let lines: Vec<&str> = wrapped.lines().collect();
        assert_eq!(lines[0], "summary    twelve signs twelve signs");
        assert_eq!(lines[1], "           twelve signs twelve signs");
        assert!(lines.iter().all(|line| line.chars().count() <= 40), "{wrapped}");
        assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), line.split_whitespace().collect::<Vec<_>>());
        let word = format!("url        https://example.org/{}", "a".repeat(200));
        assert_eq!(super::wrapped(&word, 40), word, "an address stays whole");
        assert_eq!(super::wrapped("", 40), "");
    }

    #[test]
    fn a_figure_shows_what_is_known_of_it() {
        let line = |text: &str| Line::new(text);
        let src = WebUrl::parse("https://example.org/a.jpg");
        let shown = |figure: Figure| outline(&Block::Figure(figure));
        let whole = Figure { caption: line("The quay"), credit: line("Ada Lum"), ..Figure::default() };
        assert_eq!(shown(whole.clone()), "figure     The quay (Ada Lum)");
        assert_eq!(shown(Figure { caption: None, ..whole }), "figure     (Ada Lum)");
        assert_eq!(shown(Figure { src, ..Figure::default() }), "figure     https://example.org/a.jpg");
    }

    #[test]
    fn an_item_lacks_only_what_is_not_found_otherwise() {
        let titled = |format| Draft { title: Line::new("The river rises"), ..Draft::empty(format) };
        assert_eq!(missing(&titled(Format::Text)), [Missing::Published, Missing::Body]);
        assert_eq!(missing(&titled(Format::Feed)), [Missing::Body]);
        let linked = Draft { url: WebUrl::parse("https://example.org/a"), ..titled(Format::Feed) };
        assert_eq!(missing(&linked), []);
        assert_eq!(missing(&Draft { title: None, ..linked }), [Missing::Title]);
    }

    #[test]
    fn a_card_of_several_names_its_source() {
        let draft = Draft { title: Line::new("The river rises"), ..Draft::empty(Format::Text) };
        assert!(card(&draft, Some("a.txt"), None).starts_with("source     a.txt\ntitle      The river rises\ntopics     -\n"));
        assert!(card(&draft, None, None).starts_with("title      The river rises\n"));
    }
}
