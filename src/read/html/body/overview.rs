//! A page as a whole, for looking at one passage in it: what its parts are called, and where its running text stands.
//!
//! What a place is called ([`Names`]) speaks of the part that it names: an element that holds the title or most of the text is
//! the page, and its name says nothing.

use std::collections::HashMap;

use dom_query::NodeId;

use super::names::Names;
use super::passages::{self, Passage, Passages, Place};
use crate::domain::Line;
use crate::read::text::{self, Mark};
use crate::read::words;

/// What the page says of its article elsewhere.
#[derive(Clone, Copy, Debug)]
pub(in crate::read::html) struct Known<'a> {
    /// The heading that is the title.
    pub heading: Option<NodeId>,
    pub title: Option<&'a Line>,
    pub description: Option<&'a Line>,
}

/// Names of parts that are never of the article.
const NEVER: Names = Names::COMMENTS.with(Names::SUBSCRIBE);

/// What is said of a place by itself and by what it stands in.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// Words of running text inside.
    pub prose: u32,
    /// It holds the title, or most of the text: the page rather than a part of it.
    pub whole: bool,
    /// The names of the place, of those around it, and of the nearest that has any.
    pub own: Names,
    pub far: Names,
    pub first: Names,
    /// Elements around it.
    pub article: bool,
    pub section: bool,
    pub figure: bool,
    /// It stands in a part of the page that is never of the article.
    pub out: bool,
}

/// A passage that could be of the article.
#[derive(Debug)]
pub(super) struct Live<'a> {
    /// Its place in [`Passages::list`].
    pub index: usize,
    pub passage: &'a Passage,
    /// The innermost block around it.
    pub holder: usize,
    pub prose: u32,
    pub linked: f32,
    pub shape: [u64; 3],
    pub mark: Option<Mark>,
    /// Running text before it, of all there is.
    pub before: u32,
}

/// A page as a whole, for looking at one passage in it.
#[derive(Debug)]
pub(super) struct Overview<'a> {
    pub passages: &'a Passages,
    pub known: Known<'a>,
    pub around: Vec<Around>,
    pub live: Vec<Live<'a>>,
    /// Words of running text, in all and by the shape of where it stands.
    pub prose: u32,
    pub shapes: HashMap<[u64; 3], u32>,
    /// Where the title stands among the live passages.
    pub title: Option<usize>,
    /// How the key of the page's description begins.
    pub described: String,
}

impl<'a> Overview<'a> {
    pub fn of(passages: &'a Passages, known: Known<'a>) -> Self {
        let mut page = Self {
            passages,
            known,
            around: vec![Around::default(); passages.places.len()],
            live: Vec::new(),
            prose: 0,
            shapes: HashMap::new(),
            title: None,
            described: known.description.map(beginning).unwrap_or_default(),
        };
        page.find_the_whole();
        page.leave_out();
        page.weigh();
        page.name();
        page.place();
        page
    }

    /// What holds the title is the page; without a title, what holds most of the text.
    fn find_the_whole(&mut self) {
        let places = &self.passages.places;
        let key = self.known.title.map(|title| words::key(title.as_str())).filter(|key| !key.is_empty());
        let heading = self.known.heading.and_then(|heading| places.iter().position(|place| place.node == heading));
        let shown = || {
            let key = key.as_ref()?;
            self.passages.list.iter().find(|passage| words::says(&passage.text, key)).map(|passage| passage.place)
        };
        if let Some(title) = heading.or_else(shown) {
            self.each_around(title, |around| around.whole = true);
        } else {
            let all: Vec<(usize, u32)> = self.passages.list.iter().map(|passage| (passage.place, running(passage))).collect();
            let sum = self.spread(&all);
            for around in &mut self.around {
                around.whole = exceeds(around.prose, 0.7, sum);
            }
        }
        if let Some(root) = self.around.first_mut() {
            root.whole = true;
        }
    }

    /// Calls a function with a place and all around it.
    fn each_around(&mut self, from: usize, mut each: impl FnMut(&mut Around)) {
        let mut at = from;
        while let (Some(place), Some(around)) = (self.passages.places.get(at), self.around.get_mut(at)) {
            each(around);
            if place.parent == at {
                break;
            }
            at = place.parent;
        }
    }

    /// Adds the words of some places to all places around them; gives their sum.
    fn spread(&mut self, words: &[(usize, u32)]) -> u32 {
        self.around.iter_mut().for_each(|around| around.prose = 0);
        for (place, words) in words {
            if let Some(around) = self.around.get_mut(*place) {
                around.prose += words;
            }
        }
        // A place comes after the one around it.
        for at in (1..self.around.len()).rev() {
            let (prose, parent) = (self.around(at).prose, self.parent(at));
            if let Some(around) = self.around.get_mut(parent) {
                around.prose += prose;
            }
        }
        self.around.first().map_or(0, |root| root.prose)
    }

    /// Navigation, footers, forms, comments and offers are no article, and where the title stands in an article, other articles
    /// are other articles.
    fn leave_out(&mut self) {
        let places = &self.passages.places;
        let own = places.iter().zip(&self.around).rposition(|(place, around)| around.whole && place.name == "article");
        let mut inside = vec![false; places.len()];
        for (at, place) in places.iter().enumerate().skip(1) {
            let parent = self.around(place.parent);
            let article = parent.article || place.name == "article";
            let in_own = Some(at) == own || inside.get(place.parent).copied().unwrap_or_default();
            if let Some(inside) = inside.get_mut(at) {
                *inside = in_own;
            }
            let beside = matches!(place.name.as_str(), "nav" | "footer" | "form") || place.names.has(NEVER);
            if let Some(around) = self.around.get_mut(at) {
                around.article = article;
                around.section = parent.section || place.name == "section";
                around.figure = parent.figure || place.name == "figure";
                around.out = parent.out || (beside && !around.whole);
            }
        }
        for (at, inside) in inside.iter().enumerate() {
            if let Some(around) = self.around.get_mut(at) {
                around.out |= own.is_some() && around.article && !inside;
            }
        }
    }

    /// How much running text each place holds, of what was not left out.
    fn weigh(&mut self) {
        let passages = self.passages;
        for (index, passage) in passages.list.iter().enumerate() {
            // A line that is all in a `<time>` tells when.
            let time = passages.places.get(passage.place).is_some_and(|place| place.name == "time");
            if passage.words == 0 || time || self.around(passage.place).out {
                continue;
            }
            let mut holder = passage.place;
            while passages.places.get(holder).is_some_and(Place::is_inline) && self.parent(holder) != holder {
                holder = self.parent(holder);
            }
            let shape = |at: usize| passages.places.get(at).map_or(0, |place| place.shape);
            let (parent, second) = (self.parent(holder), self.parent(self.parent(holder)));
            let name = passages.places.get(holder).map_or("", |place| place.name.as_str());
            let shape = [passages::shape(name, ""), shape(parent), shape(second)];
            let prose = running(passage);
            *self.shapes.entry(shape).or_default() += prose;
            let linked = ratio(passage.linked, passage.words);
            let mark = text::mark(&passage.text);
            self.live.push(Live { index, passage, holder, prose, linked, shape, mark, before: self.prose });
            self.prose += prose;
        }
        let words: Vec<(usize, u32)> = self.live.iter().map(|live| (live.passage.place, live.prose)).collect();
        self.prose = self.spread(&words).max(1);
    }

    /// What the names around each place say.
    fn name(&mut self) {
        let positive = Names::BODY.with(Names::ARTICLE).with(Names::LEAD);
        for (at, place) in self.passages.places.iter().enumerate().skip(1) {
            let (parent, prose) = (self.around(place.parent), self.prose);
            if let Some(around) = self.around.get_mut(at) {
                let whole = around.whole || exceeds(around.prose, 0.7, prose);
                around.own = if whole { place.names.only(positive) } else { place.names };
                around.far = parent.far.with(around.own);
                around.first = if whole || place.names.is_empty() { parent.first } else { place.names };
            }
        }
    }

    /// Where the title stands among the passages.
    fn place(&mut self) {
        let key = self.known.title.map(|title| words::key(title.as_str())).filter(|key| !key.is_empty());
        let heading = self.known.heading;
        self.title = self.live.iter().position(|live| match heading {
            Some(heading) => self.passages.around(live.passage.place).any(|place| place.node == heading),
            None => key.as_ref().is_some_and(|key| words::says(&live.passage.text, key)),
        });
    }

    /// The names from a place up to another around it.
    pub fn near(&self, from: usize, to: usize) -> Names {
        let mut names = Names::default();
        let mut at = from;
        loop {
            names = names.with(self.around(at).own);
            if at == to || self.parent(at) == at {
                return names;
            }
            at = self.parent(at);
        }
    }

    /// The share of all running text that a place holds.
    pub fn share(&self, place: usize) -> f32 {
        fraction(self.around(place).prose, self.prose)
    }

    pub fn around(&self, place: usize) -> Around {
        self.around.get(place).copied().unwrap_or_default()
    }

    pub fn parent(&self, place: usize) -> usize {
        self.passages.places.get(place).map_or(0, |place| place.parent)
    }
}

/// How the key of a description begins: where pages print it they may cut it short.
fn beginning(description: &Line) -> String {
    words::key(description.as_str()).chars().take(60).collect()
}

/// Words of a passage that is running text: a whole sentence or a long one, and not one of links.
fn running(passage: &Passage) -> u32 {
    let text = passage.words >= 10
        && ratio(passage.linked, passage.words) < 0.4
        && (passage.words > 25 || words::ends_sentence(&passage.text));
    if text { u32::try_from(passage.words).unwrap_or(u32::MAX) } else { 0 }
}

fn exceeds(part: u32, share: f32, whole: u32) -> bool {
    fraction(part, whole) > share
}

#[expect(clippy::cast_precision_loss, reason = "shares of a page; the last digits do not matter")]
pub(super) fn fraction(part: u32, whole: u32) -> f32 {
    part as f32 / whole.max(1) as f32
}

#[expect(clippy::cast_precision_loss, reason = "shares of a page; the last digits do not matter")]
pub(super) fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}
