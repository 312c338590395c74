//! The lead: what stands between the title and the text, or what the page gives as its description.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::dom;
use super::metadata::Metadata;
use super::standfirst::Opening;
use super::title::Title;
use crate::domain::{Block, Line};
use crate::read::words;

/// Takes the lead out of the text, or from beside it.
///
/// An element that is called so comes first; then the description of the page, as the text begins with it or as it is shown
/// elsewhere; then a sentence or a subtitle that stands between title and text. A description that no element of the page
/// shows was written for machines, and is no lead.
pub(super) fn take(
    document: &Document,
    data: &Metadata,
    kept: &HashSet<NodeId>,
    title: &Title,
    blocks: &mut Vec<Block>,
) -> Option<Line> {
    let title_key = title.text.as_ref().map(|title| words::key(title.as_str())).unwrap_or_default();
    let description = data.description.as_ref().filter(|line| {
        let key = words::key(line.as_str());
        key.split(' ').count() >= FEWEST && key != title_key
    });
    let key = description.map(|line| words::key(line.as_str().trim_end_matches(['…', '.', ' ']))).unwrap_or_default();
    let opening = Opening::find(document, title.heading, kept, &title_key, &data.authors);
    if let Some(lead) = opening_paragraphs(blocks, &key).or_else(|| opening.called()) {
        lift(blocks, &lead);
        return Some(lead);
    }
    let is_description = |block: &Block| {
        let text = words::key(&block.plain());
        text == key || words::are_alike(&text, &key, 0.9)
    };
    let early = blocks.iter().take(EARLY).filter(|block| matches!(block, Block::Paragraph(_) | Block::Heading { .. }));
    if let Some(lead) =
        early.filter(|_| !key.is_empty()).find(|block| is_description(block)).and_then(|block| Line::new(&block.plain()))
    {
        lift(blocks, &lead);
        return Some(lead);
    }
    let said = !key.is_empty() && blocks.iter().any(|block| words::key(&block.plain()).contains(&key));
    let described = || if key.is_empty() || said { None } else { shown(document, &key) };
    let lead = described().or_else(|| opening.like(&key)).or_else(|| opening.placed(SURE)).or_else(|| opening.placed(FEWEST))?;
    lift(blocks, &lead);
    Some(lead)
}

/// Words of the shortest lead.
const FEWEST: usize = 4;
/// Words of a line that is taken for the lead before a description that is shown nowhere.
const SURE: usize = 14;
/// Blocks from the beginning among which it may stand.
const EARLY: usize = 8;

/// The first paragraphs, where several of them together are the description; that may end within the last.
fn opening_paragraphs(blocks: &[Block], description: &str) -> Option<Line> {
    let mut rest = description;
    let mut texts: Vec<String> = Vec::new();
    for block in blocks.iter().take(EARLY).filter(|block| matches!(block, Block::Paragraph(_))) {
        let text = block.plain();
        let key = words::key(&text);
        if !key.is_empty() && rest.starts_with(&key) {
            rest = rest.get(key.len()..).unwrap_or_default().trim_start();
            texts.push(text);
        } else if !texts.is_empty() {
            if rest.len() > FEWEST && key.starts_with(rest) {
                rest = "";
                texts.push(text);
            }
            break;
        }
    }
    (texts.len() > 1 && rest.is_empty()).then(|| Line::new(&texts.join(" "))).flatten()
}

/// Takes what the lead says out of the first blocks, as long as others are left.
fn lift(blocks: &mut Vec<Block>, lead: &Line) {
    let lead = words::key(lead.as_str());
    let is_said = |block: &Block| {
        let key = words::key(&block.plain());
        key.split(' ').count() >= FEWEST && lead.contains(&key)
    };
    let is_text = |block: &&Block| matches!(block, Block::Paragraph(_) | Block::List { .. } | Block::Quote(_));
    let early = blocks.iter().take(EARLY);
    let said: Vec<usize> = early.enumerate().filter(|(_, block)| is_said(block)).map(|(at, _)| at).collect();
    if blocks.iter().filter(is_text).count() > said.len() {
        said.into_iter().rev().for_each(|at| drop(blocks.remove(at)));
    }
}

/// The element of the page that shows the description, or begins with it where that is cut short.
fn shown(document: &Document, key: &str) -> Option<Line> {
    let inner = |node: &NodeRef| ["p", "div", "li", "h2", "script"].iter().any(|name| node.has_name(name));
    // Most elements are told apart by the first letter in them.
    let initial = |node: &NodeRef| node.descendants_it().filter(NodeRef::is_text).find_map(|run| words::initial(&run.text()));
    let body = document.body()?;
    let named = body.descendants_it().filter(|node| SHOWING.iter().any(|name| node.has_name(name)));
    let alike = named.filter(|node| initial(node) == key.chars().next());
    alike.filter(|node| node.descendants_it().filter(inner).nth(1).is_none()).find_map(|node| {
        let text = dom::text(&node);
        let found = words::key(&text);
        (found.starts_with(key) && found.len() < key.len() * 2 + 80).then(|| Line::new(&text)).flatten()
    })
}

/// Elements that show a description.
const SHOWING: [&str; 7] = ["p", "h2", "h3", "div", "span", "strong", "li"];
