//! Whether a passage belongs to the article: each [`Sign`] that it bears adds its weight, and the sum decides.

use super::names::Names;
use super::overview::{Known, Live, Overview, fraction, ratio};
use super::passages::Passages;
use super::sign::{BASE, Sign};
use crate::read::text::{Cue, Mark};
use crate::read::words;

/// What became of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It belongs to the article.
    For,
    /// It does not.
    Against,
    /// It stands in a part of the page that is never of the article, or has no words.
    Out,
}

/// Which passages belong to the article.
pub(super) fn judge(passages: &Passages, known: Known) -> Vec<Verdict> {
    let page = Overview::of(passages, known);
    let mut verdicts = vec![Verdict::Out; passages.list.len()];
    for (at, live) in page.live.iter().enumerate() {
        let mut sum = BASE;
        page.signs(at, |sign, value| sum += sign.weight() * value);
        if let Some(verdict) = verdicts.get_mut(live.index) {
            *verdict = if sum > 0.0 { Verdict::For } else { Verdict::Against };
        }
    }
    verdicts
}

impl Overview<'_> {
    /// Calls a function with each sign of a live passage and its value, of 0 to 1 as a rule.
    fn signs(&self, at: usize, mut each: impl FnMut(Sign, f32)) {
        let Some(live) = self.live.get(at) else { return };
        let passage = live.passage;
        let (parent, second) = (self.parent(live.holder), self.parent(self.parent(live.holder)));
        let third = self.parent(second);
        let mut sign = |sign: Sign, holds: bool| {
            if holds {
                each(sign, 1.0);
            }
        };
        sign(Sign::Words5, passage.words >= 5);
        sign(Sign::Words12, passage.words >= 12);
        sign(Sign::Words18, passage.words >= 18);
        sign(Sign::Words28, passage.words >= 28);
        sign(Sign::Words80, passage.words >= 80);
        sign(Sign::EndsSentence, words::ends_sentence(&passage.text));
        sign(Sign::Linked30, live.linked > 0.3);

        let name = self.passages.places.get(live.holder).map_or("", |place| place.name.as_str());
        sign(Sign::Paragraph, name == "p");
        sign(Sign::Division, name == "div");
        sign(Sign::Title, name == "h1");
        sign(Sign::Heading2, name == "h2");
        sign(Sign::Heading3, name == "h3");
        sign(Sign::Subheading, matches!(name, "h2" | "h3" | "h4") && self.share(parent) > 0.2);
        let around = self.around(parent);
        sign(Sign::InFigure, around.figure);
        sign(Sign::InArticle, around.article);
        sign(Sign::InSection, around.section);

        let near = self.near(passage.place, parent);
        sign(Sign::NearByline, near.has(Names::BYLINE));
        sign(Sign::NearFrame, near.has(Names::FRAME));
        sign(Sign::NearHidden, near.has(Names::HIDDEN));
        sign(Sign::NearPicture, near.has(Names::PICTURE));
        sign(Sign::NearBody, near.has(Names::BODY));
        let far = if second == parent { Names::default() } else { self.around(second).far };
        sign(Sign::FarFrame, far.has(Names::FRAME));
        sign(Sign::Box, near.with(far).has(Names::BOX));
        sign(Sign::FarLead, far.has(Names::LEAD));
        sign(Sign::FarItem, far.has(Names::ITEM));
        sign(Sign::FarArticle, far.has(Names::ARTICLE));
        let first = self.around(live.holder).first;
        sign(Sign::FirstItem, first.has(Names::ITEM));
        sign(Sign::FirstArticle, first.has(Names::ARTICLE));

        let alike = fraction(self.shapes.get(&live.shape).copied().unwrap_or_default(), self.prose);
        let before = fraction(live.before, self.prose);
        sign(Sign::Parent20, self.share(parent) > 0.2);
        sign(Sign::Third20, self.share(third) > 0.2);
        sign(Sign::Shape40, alike > 0.4);
        sign(Sign::BeforeTitle, self.title.is_some_and(|title| at < title));
        sign(Sign::Described, self.is_described(&passage.text));
        sign(Sign::First, live.before == 0);
        sign(Sign::Last5, before > 0.95);
        sign(Sign::Last, live.before >= self.prose);
        sign(Sign::Frame, live.mark == Some(Mark::Cue(Cue::Frame)));
        sign(Sign::Pointer, live.mark == Some(Mark::Cue(Cue::Pointer)));
        sign(Sign::Prose, live.mark == Some(Mark::Prose));
        sign(Sign::Label, live.mark == Some(Mark::Label));
        let beside = |back: usize, on: usize| at.checked_sub(back).and_then(|place| self.live.get(place + on));
        let around = [beside(2, 0), beside(1, 0), beside(0, 1), beside(0, 2)];
        let [far_above, above, below, far_below] = around;
        let parent_of = |live: &Live| self.parent(live.holder);
        sign(Sign::ProseBeyond, far_below.is_some_and(|other| other.prose > 0));
        sign(Sign::SameBeyond, far_below.is_some_and(|other| parent_of(other) == parent));

        each(Sign::Third, self.share(third));
        each(Sign::Fourth, self.share(self.parent(third)));
        each(Sign::Shape, alike);
        each(Sign::Before, before);
        let linked = |other: Option<&Live>| other.map_or(0.0, |other| other.linked);
        each(Sign::LinkedAbove, linked(above));
        each(Sign::LinkedBelow, linked(below));
        each(Sign::LinkedBeyond, linked(far_above) + linked(far_below));
        let short = around.iter().flatten().filter(|other| other.passage.words < 5).count();
        each(Sign::ShortAround, ratio(short, 1));
        let words = |other: Option<&Live>| other.map_or(0.0, |other| ratio(other.passage.words.min(50), 50));
        each(Sign::WordsBelow, words(below));
    }

    fn is_described(&self, text: &str) -> bool {
        !self.described.is_empty() && words::begins(text, &self.described)
    }
}
