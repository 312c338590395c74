//! The byline that stands between title and text.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::metadata::Metadata;
use super::{authors, dom};
use crate::domain::Line;
use crate::read::{byline, dates, words};

/// Takes what is a byline or a line for the date out of the text that was kept; who wrote the article, where the page's data
/// names nobody or only its own house.
///
/// Names that are linked may not have been kept, so the element is looked at as it was written.
pub(super) fn lift(document: &Document, kept: &mut HashSet<NodeId>, data: &Metadata, heading: Option<NodeId>) -> Vec<Line> {
    let mut signed = Vec::new();
    for (at, block) in opening(document, kept).into_iter().enumerate() {
        let text = dom::text(&block);
        let names_alone = !data.signed && at < NAMES_ALONE && byline::is_only_names(&text) && !is_labelled(&text);
        let signs = names_alone || byline::is_byline(&text, &data.authors);
        if signs {
            for name in byline::names(&text) {
                byline::add(&mut signed, name);
            }
        }
        let timed = || is_short(&text) && !dom::within(&block, &["time"]).is_empty();
        if !signs && !is_dateline(&text) && !timed() {
            continue;
        }
        for inner in block.descendants_it() {
            kept.remove(&inner.id);
        }
    }
    if data.signed {
        return data.authors.clone();
    }
    if signed.is_empty() {
        signed = heading.map(|heading| above(document, heading)).unwrap_or_default();
    }
    if signed.is_empty() && data.authors.is_empty() {
        signed = labelled(document);
    }
    let better = if data.authors.is_empty() { !signed.is_empty() } else { authors::has_person(&signed, &data.sites) };
    if better { signed } else { data.authors.clone() }
}

/// The names in the line between title and text that says itself that it is a byline.
fn above(document: &Document, heading: NodeId) -> Vec<Line> {
    let root = document.root();
    let runs = root.descendants_it().filter(|node| node.id > heading && node.is_nonempty_text());
    let mut prose = 0;
    let early = runs.take(REACH).take_while(|run| {
        prose += usize::from(words::measure(&run.text()) >= PROSE);
        prose < 2
    });
    let lines = early.filter_map(|run| dom::paragraph(&run)).map(|block| dom::text(&block));
    let mut marked = lines.filter(|line| byline::is_marked(line) && byline::is_byline(line, &[]));
    marked.next().map(|line| byline::names(&line)).unwrap_or_default()
}

/// The names in a line of a box about the article: a label such as `Author` in an element of its own, and a name.
fn labelled(document: &Document) -> Vec<Line> {
    // `By` alone labels every teaser, too.
    const SHORTEST: usize = 5;
    let root = document.root();
    let runs = root.descendants_it().filter(NodeRef::is_nonempty_text);
    let labels = runs.filter(|run| {
        let text = run.text();
        (SHORTEST..=20).contains(&text.trim().len()) && byline::is_bare_mark(&text)
    });
    let lines = labels.take(NAMES_ALONE).filter_map(|run| {
        let line = dom::text(&dom::paragraph(&run)?);
        let names = line.strip_prefix(run.text().trim())?.trim_start_matches([':', ' ']).to_owned();
        byline::is_only_names(&names).then_some(names)
    });
    let found = lines.map(|line| byline::names(&line)).next();
    found.unwrap_or_default()
}

/// Blocks from the beginning among which a line with nothing but names is taken for the byline.
const NAMES_ALONE: usize = 3;

/// Whether a line begins with a label: `Author Ada Lum` is no name.
fn is_labelled(text: &str) -> bool {
    text.split(' ').next().is_some_and(byline::is_bare_mark)
}

/// Whether a line is no more than a label and a time: `Published today at 12:19`.
fn is_short(text: &str) -> bool {
    !words::ends_sentence(text) && words::measure(text) <= 9
}

/// Whether a line is there for the date: besides it there are a few words such as `Published` or `4 min`.
fn is_dateline(text: &str) -> bool {
    let dates = dates::find_all(text, None);
    let dated: usize = dates.iter().filter_map(|dated| text.get(dated.span.clone())).map(words::measure).sum();
    !dates.is_empty() && !words::ends_sentence(text) && words::measure(text).saturating_sub(dated) <= 6
}

/// Runs of text that are looked at: a byline stands near the beginning.
const REACH: usize = 40;
/// Words that make a run of text prose.
const PROSE: usize = 20;

/// The elements that hold the first kept text, up to the second paragraph: the first may be the lead.
fn opening<'a>(document: &'a Document, kept: &HashSet<NodeId>) -> Vec<NodeRef<'a>> {
    let mut ids: Vec<NodeId> = kept.iter().copied().collect();
    ids.sort_unstable();
    let runs = ids.iter().filter_map(|id| document.tree.get(id));
    let mut prose = 0;
    let early = runs.take(REACH).take_while(|run| {
        prose += usize::from(words::measure(&run.text()) >= PROSE);
        prose < 2
    });
    let mut blocks: Vec<NodeRef> = early.filter_map(|run| dom::paragraph(&run)).collect();
    blocks.dedup_by_key(|block| block.id);
    blocks
}
