//! The text of a page in passages: runs of text that a browser sets apart from what is around them.

use std::hash::{DefaultHasher, Hash, Hasher};

use dom_query::{Document, NodeId, NodeRef};

use super::names::{Named, Names};
use crate::domain::fold;
use crate::read::html::dom;
use crate::read::words;

/// A run of text without a block inside: a paragraph, a heading, an item, a cell, a label in a menu.
#[derive(Debug)]
pub(super) struct Passage {
    /// Its text nodes, in order.
    pub nodes: Vec<NodeId>,
    /// White space is folded.
    pub text: String,
    /// Words as [`words::measure`] counts them, and how many of them are linked.
    pub words: usize,
    pub linked: usize,
    /// The innermost element that holds all of it: an index of [`Passages::places`].
    pub place: usize,
}

/// An element on the way from the page's root to some text.
#[derive(Debug)]
pub(super) struct Place {
    pub node: NodeId,
    /// The element around it; the root is its own parent.
    pub parent: usize,
    pub depth: usize,
    pub name: String,
    pub names: Names,
    /// The same for elements that are made the same way: of one name and one class.
    pub shape: u64,
}

#[derive(Debug, Default)]
pub(super) struct Passages {
    pub list: Vec<Passage>,
    pub places: Vec<Place>,
}

/// Splits a page.
pub(super) fn split(document: &Document) -> Passages {
    let mut splitter = Splitter::default();
    if let Some(body) = document.body() {
        let root = splitter.place(&body, 0, "body");
        splitter.children(&body, root, false);
        splitter.end();
    }
    splitter.passages
}

#[derive(Default)]
struct Splitter {
    passages: Passages,
    named: Named,
    open: Option<Passage>,
    after_break: bool,
}

impl Splitter {
    fn place(&mut self, node: &NodeRef, parent: usize, name: &str) -> usize {
        let depth = self.passages.places.get(parent).map_or(0, |parent| parent.depth + 1);
        let class = dom::attr(node, "class").unwrap_or_default();
        let (names, shape) = (self.named.of(node), shape(name, &class));
        self.passages.places.push(Place { node: node.id, parent, depth, name: name.to_owned(), names, shape });
        self.passages.places.len() - 1
    }

    fn children(&mut self, node: &NodeRef, place: usize, linked: bool) {
        for child in node.children_it(false) {
            if child.is_text() {
                self.text(&child, place, linked);
            } else if child.is_element() {
                self.element(&child, place, linked);
            }
        }
    }

    fn element(&mut self, node: &NodeRef, parent: usize, mut linked: bool) {
        let name = dom::name(node);
        match &*name {
            "script" | "style" | "noscript" | "svg" | "math" | "template" | "button" | "select" | "input" | "textarea"
            | "head" | "iframe" | "video" | "audio" | "object" | "canvas" | "dialog" | "img" | "hr" => return,
            // Two breaks in a row are how old pages part their paragraphs.
            "br" => {
                if self.after_break {
                    self.end();
                }
                self.after_break = true;
                if let Some(open) = &mut self.open {
                    open.text.push(' ');
                }
                return;
            }
            "a" => linked = true,
            _ => {}
        }
        let block = !dom::is_inline(&name);
        if block {
            self.end();
        }
        let place = self.place(node, parent, &name);
        self.children(node, place, linked);
        if block {
            self.end();
        }
    }

    fn text(&mut self, node: &NodeRef, place: usize, linked: bool) {
        let text = node.text();
        if text.trim().is_empty() {
            if let Some(open) = &mut self.open {
                open.text.push(' ');
            }
            return;
        }
        self.after_break = false;
        let words = words::measure(&text);
        let open =
            self.open.get_or_insert_with(|| Passage { nodes: Vec::new(), text: String::new(), words: 0, linked: 0, place });
        open.nodes.push(node.id);
        open.text.push_str(&text);
        open.words += words;
        open.linked += if linked { words } else { 0 };
        open.place = self.passages.common(open.place, place);
    }

    fn end(&mut self) {
        self.after_break = false;
        if let Some(mut open) = self.open.take() {
            open.text = fold(&open.text);
            self.passages.list.push(open);
        }
    }
}

impl Passages {
    /// The innermost place that holds two others.
    fn common(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            let (Some(left), Some(right)) = (self.places.get(a), self.places.get(b)) else { return 0 };
            if left.depth >= right.depth {
                a = left.parent;
            } else {
                b = right.parent;
            }
        }
        a
    }
}

impl Passages {
    /// A place and all around it, from the inside out, as indices.
    pub fn indices(&self, from: usize) -> impl Iterator<Item = usize> {
        let up = move |at: &usize| self.places.get(*at).map(|place| place.parent).filter(|parent| parent != at);
        std::iter::successors(Some(from), up)
    }

    /// The element around the innermost block that holds a place.
    pub fn parent(&self, from: usize) -> Option<usize> {
        self.around(from).find(|place| !place.is_inline()).map(|place| place.parent)
    }

    /// A place and all around it, from the inside out.
    pub fn around(&self, from: usize) -> impl Iterator<Item = &Place> {
        self.indices(from).filter_map(|at| self.places.get(at))
    }
}

impl Place {
    pub fn is_inline(&self) -> bool {
        dom::is_inline(&self.name)
    }
}

/// A number for elements of a name and class.
pub(super) fn shape(name: &str, class: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (name, class).hash(&mut hasher);
    hasher.finish()
}
