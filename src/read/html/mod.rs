//! Reading a web page.
//!
//! The page is made harmless ([`tame`], [`dom::flatten`]), its data about itself is gathered ([`metadata`]), the text of
//! the article is found ([`body`]), and the page is walked once more for its structure ([`blocks`]).

mod attributes;
mod authors;
mod blocks;
mod body;
mod byline;
mod captions;
mod dateline;
mod dom;
mod embeds;
mod figures;
mod fragment;
mod images;
mod json_ld;
mod lead;
mod metadata;
mod scope;
mod standfirst;
mod tame;
mod tidy;
mod title;

use std::collections::HashSet;
use std::thread;

use dom_query::{Document, NodeId};

use self::body::Known;
pub(super) use self::fragment::fragment;
use self::scope::Scope;
use super::staff::Staff;
use super::{Page, language, promo, words};
use crate::domain::{Block, Draft};

/// Stack of the thread that reads. The parser, the extractor and the walk recurse with the depth of the page, which is
/// limited; this is many times what that takes.
const STACK: usize = 64 * 1024 * 1024;

pub(super) fn extract(page: &Page) -> Draft {
    within_stack(|| draft(page)).unwrap_or_else(|| {
        let mut draft = Draft::empty(page.format);
        draft.note(None, "the page could not be parsed");
        draft
    })
}

/// Does some reading where there is room for it. `None` where one of the crates that are fed with the page panicked: a thread
/// of its own contains that too.
fn within_stack<T: Send>(read: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let reader = thread::Builder::new().name("read".to_owned()).stack_size(STACK).spawn_scoped(scope, read);
        reader.ok().and_then(|reader| reader.join().ok())
    })
}

fn draft(page: &Page) -> Draft {
    let document = tame::parse(&page.text);
    dom::flatten(&document);
    let data = metadata::gather(&document, page.url.as_ref());
    let title = title::find(&document, &data);
    let known = Known { heading: title.heading, title: title.text.as_ref(), description: data.description.as_ref() };
    let mut kept = body::find(&document, known);
    leave_head(&document, &mut kept, &title);
    let authors = byline::lift(&document, &mut kept, &data, title.heading);
    let scope = Scope::survey(&document, &kept, title.heading, data.base.as_ref(), &data.images);
    let walked = scope.map(|scope| blocks::walk(&document, &kept, &scope, data.base.as_ref()));
    let mut draft = Draft::empty(page.format);
    let mut blocks = walked.unwrap_or_default();
    if let (false, Some(text)) = (is_article(&blocks), data.text.as_deref()) {
        // Only scripts would have shown it.
        blocks = fragment::blocks_of(&text.replace(['\n', '\r', '\u{2028}', '\u{2029}'], "<p>"), data.base.as_ref());
        draft.note(None, "the text is taken from the page's data for search engines, which often lacks headings and links");
    }
    draft.title.clone_from(&title.text);
    draft.editors.clone_from(&data.editors);
    let staff = Staff::lift(&mut blocks);
    draft.promo = promo::lift(&mut blocks);
    tidy::tidy(&mut blocks, draft.title.as_ref());
    if !is_article(&blocks) {
        if document.body().is_some_and(|body| words::measure(&body.text()) > 0) {
            draft.note(None, "the page holds no running text: it looks like a list, a start page or a login");
        }
        blocks.clear();
    }
    draft.summary = lead::take(&document, &data, &kept, &title, &mut blocks);
    if !blocks.is_empty() {
        figures::complete(&mut blocks, &data.images);
    }
    draft.language = data.language.or_else(|| language::of(&blocks));
    draft.body = blocks;
    draft.topics = data.topics;
    draft.authors = authors;
    staff.fill(&mut draft);
    draft.published =
        data.published.or_else(|| dateline::printed(&document, title.heading, data.url.as_ref(), draft.language.as_ref()));
    data.notes.iter().for_each(|note| draft.note(None, note.as_str()));
    draft.updated = data.updated;
    draft.url = data.url;
    draft
}

/// Leaves out the title and what stands above it, which is a menu or a breadcrumb as long as the text follows below.
fn leave_head(document: &Document, kept: &mut HashSet<NodeId>, title: &title::Title) {
    let places = title.said.iter().chain(&title.heading).filter_map(|id| document.tree.get(id));
    let inner: HashSet<NodeId> = places.flat_map(|node| node.descendants_it().map(|node| node.id).collect::<Vec<_>>()).collect();
    kept.retain(|id| !inner.contains(id));
}

/// Whether there is running text at all: some words, and a sentence among them.
fn is_article(blocks: &[Block]) -> bool {
    let running = blocks.iter().filter(|block| !matches!(block, Block::Heading { .. } | Block::Figure(_) | Block::Embed { .. }));
    let (mut words, mut sentence) = (0, false);
    running.map(Block::plain).any(|text| {
        words += words::measure(&text);
        sentence |= text.contains(['.', '!', '?', '。', '।', '؟', '۔', '…', '።']);
        words >= FEWEST && sentence
    })
}

/// Words of the shortest article.
const FEWEST: usize = 25;

#[cfg(test)]
mod tests;
