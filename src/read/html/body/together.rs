//! What belongs together is kept or left together: a heading with its text, a list with its items, and what stands between
//! two paragraphs with both.

use super::evidence::Verdict;
use super::names::Names;
use super::passages::{Passage, Passages, Place};
use crate::read::staff;
use crate::read::text::{self, Mark};

/// Settles the passages that were judged alone, and should not have been.
pub(super) fn settle(passages: &Passages, verdicts: &mut [Verdict]) {
    lists(passages, verdicts);
    between(passages, verdicts);
    editors(passages, verdicts);
    headings(passages, verdicts);
}

/// Passages that a heading may stand away from its text: a caption, a date, another heading.
const REACH: usize = 4;

/// A heading inside the text is of the article where the text below it is.
fn headings(passages: &Passages, verdicts: &mut [Verdict]) {
    let Some(first) = verdicts.iter().position(|verdict| *verdict == Verdict::For) else { return };
    for at in first..verdicts.len() {
        let Some(passage) = passages.list.get(at).filter(|passage| is_heading(passages, passage)) else { continue };
        let below = (at + 1..verdicts.len()).filter(|below| verdicts.get(*below) != Some(&Verdict::Out));
        let mut behind = below.take(REACH).filter_map(|below| passages.list.get(below).zip(verdicts.get(below)));
        let followed = behind.any(|(passage, verdict)| *verdict == Verdict::For && passage.words >= TEXT);
        let pointer = passage.linked * 2 > passage.words || matches!(text::mark(&passage.text), Some(Mark::Cue(_)));
        if let Some(verdict @ Verdict::Against) = verdicts.get_mut(at)
            && followed
            && !pointer
        {
            *verdict = Verdict::For;
        }
    }
}

/// The line below the text that names its editor is read with it, and taken out of it later.
fn editors(passages: &Passages, verdicts: &mut [Verdict]) {
    let Some(last) = verdicts.iter().rposition(|verdict| *verdict == Verdict::For) else { return };
    for at in last + 1..verdicts.len().min(last + 1 + REACH) {
        let names = passages.list.get(at).is_some_and(|passage| staff::names_editors(&passage.text));
        if let (true, Some(verdict @ Verdict::Against)) = (names, verdicts.get_mut(at)) {
            *verdict = Verdict::For;
        }
    }
}

/// Words of the shortest text that makes a heading of what stands above it.
const TEXT: usize = 8;

fn is_heading(passages: &Passages, passage: &Passage) -> bool {
    let mut around = passages.around(passage.place).skip_while(|place| place.is_inline());
    around.next().is_some_and(|place| matches!(place.name.as_str(), "h2" | "h3" | "h4" | "h5" | "h6"))
}

/// A list, a quotation or a table that stands between kept passages of the same element is of the article, short as its
/// lines may be; unless it is one of links, or is named as something else.
fn between(passages: &Passages, verdicts: &mut [Verdict]) {
    let mut at = 0;
    while at < passages.list.len() {
        let inside = passages.list.get(at).and_then(|passage| set_apart(passages, passage.place));
        let Some((inner, outer)) = inside else {
            at += 1;
            continue;
        };
        let within = |passage: &Passage| passages.indices(passage.place).any(|place| place == inner);
        let end =
            passages.list.iter().skip(at).position(|passage| !within(passage)).map_or(passages.list.len(), |more| at + more);
        let group = || passages.list.get(at..end).unwrap_or_default().iter();
        let (words, linked) = group().fold((0, 0), |(words, linked), passage| (words + passage.words, linked + passage.linked));
        let named = || {
            passages.places.get(inner).is_some_and(|place| place.names.has(ELSE))
                || group().any(|passage| passage.words >= CUE && matches!(text::mark(&passage.text), Some(Mark::Cue(_))))
        };
        let beside = |at: usize| {
            let kept = verdicts.get(at) == Some(&Verdict::For);
            kept && passages.list.get(at).is_some_and(|passage| passages.indices(passage.place).any(|place| place == outer))
        };
        // Behind the last paragraph it is of the article where it stands in the very element of the paragraphs.
        let sibling =
            |at: usize| beside(at) && passages.list.get(at).and_then(|passage| passages.parent(passage.place)) == Some(outer);
        let before = at.saturating_sub(NEAR)..at;
        let surrounded = before.clone().any(beside) && (end..end + NEAR).any(beside) || before.clone().any(sibling);
        // A summary in points stands above the text, and says that it is one.
        let leads = passages.around(inner).take(SUMMARY).any(|place| place.names.has(Names::LEAD))
            && (end..end + SUMMARY).any(|at| verdicts.get(at) == Some(&Verdict::For));
        if (surrounded || leads) && linked * 3 < words && !named() {
            for verdict in verdicts.get_mut(at..end).unwrap_or_default() {
                *verdict = Verdict::For;
            }
        }
        at = end.max(at + 1);
    }
}

/// Passages that may stand between such a thing and the next paragraph: its own lead-in, a caption.
const NEAR: usize = 3;

/// Elements around a summary, and passages below it, that are looked at.
const SUMMARY: usize = 3;

/// Words of the shortest line that is held against such a thing: a number in a table is no counter of pictures.
const CUE: usize = 2;

/// What a list, quotation or table of the article is never called.
const ELSE: Names =
    Names::COMMENTS.with(Names::SUBSCRIBE).with(Names::FRAME).with(Names::BYLINE).with(Names::PICTURE).with(Names::HIDDEN);

/// The outermost list, quotation or table around a passage whose parent is none, and that parent.
fn set_apart(passages: &Passages, place: usize) -> Option<(usize, usize)> {
    let inner = passages.indices(place).filter(|at| passages.places.get(*at).is_some_and(is_set_apart)).last()?;
    Some((inner, passages.places.get(inner)?.parent))
}

fn is_set_apart(place: &Place) -> bool {
    matches!(place.name.as_str(), "ul" | "ol" | "dl" | "blockquote" | "table")
}

/// The items of a list are of the article where most of their words are.
fn lists(passages: &Passages, verdicts: &mut [Verdict]) {
    let mut at = 0;
    while let Some(list) = passages.list.get(at).map(|passage| list_around(passages, passage)) {
        let end = (at..passages.list.len())
            .find(|end| passages.list.get(*end).is_none_or(|passage| list_around(passages, passage) != list))
            .unwrap_or(passages.list.len());
        if list.is_some() {
            let items = || (at..end).filter_map(|item| passages.list.get(item).zip(verdicts.get(item)));
            let open = || items().filter(|(_, verdict)| **verdict != Verdict::Out);
            let all: usize = open().map(|(passage, _)| passage.words).sum();
            let kept: usize = open().filter(|(_, verdict)| **verdict == Verdict::For).map(|(passage, _)| passage.words).sum();
            let whole = if kept * 2 > all { Verdict::For } else { Verdict::Against };
            for verdict in verdicts.get_mut(at..end).unwrap_or_default() {
                if *verdict != Verdict::Out {
                    *verdict = whole;
                }
            }
        }
        at = end.max(at + 1);
    }
}

/// The innermost list around a passage.
fn list_around(passages: &Passages, passage: &Passage) -> Option<dom_query::NodeId> {
    passages.around(passage.place).find(|place| matches!(place.name.as_str(), "ul" | "ol" | "dl")).map(|place| place.node)
}
