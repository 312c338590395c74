//! The vocabularies of feeds as tables: which elements there are, where they stand, what they and their attributes hold.

mod apple;
mod atom;
mod channel;
mod media;
mod modules;
mod podcasting;

use roxmltree::Node;

use super::rules::{Space, text};
use super::values::Value;
use super::{Check, Document};
use crate::domain::quoted;

/// The elements of one namespace.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// The first is how it is written, the others are known as the same.
    pub namespaces: &'static [&'static str],
    pub rules: &'static Space,
    pub tags: &'static [Tag],
}

/// An element.
#[derive(Debug)]
pub(super) struct Tag {
    pub name: &'static str,
    /// In which elements it stands.
    pub parents: &'static [&'static str],
    /// Whether a parent may have several.
    pub many: bool,
    pub holds: Holds,
    pub attributes: &'static [Attribute],
}

/// What is in an element.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    /// Other elements.
    Elements,
    /// Nothing that is looked at here.
    Anything,
    Text(Value),
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub name: &'static str,
    pub need: Need,
    pub value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Advised,
    Optional,
}

const fn required(name: &'static str, value: Value) -> Attribute {
    Attribute { name, need: Need::Required, value }
}

const fn advised(name: &'static str, value: Value) -> Attribute {
    Attribute { name, need: Need::Advised, value }
}

const fn optional(name: &'static str, value: Value) -> Attribute {
    Attribute { name, need: Need::Optional, value }
}

/// An element that a parent has once.
const fn one(name: &'static str, parents: &'static [&'static str], value: Value) -> Tag {
    Tag { name, parents, many: false, holds: Holds::Text(value), attributes: &[] }
}

/// An element that a parent may have several times.
const fn many(name: &'static str, parents: &'static [&'static str], value: Value) -> Tag {
    Tag { many: true, ..one(name, parents, value) }
}

impl Tag {
    /// The same, once in a parent.
    const fn once(self) -> Self {
        Self { many: false, ..self }
    }

    const fn holds(self, holds: Holds) -> Self {
        Self { holds, ..self }
    }

    const fn with(self, attributes: &'static [Attribute]) -> Self {
        Self { attributes, ..self }
    }
}

static ALL: [&Vocabulary; 12] = [
    &channel::RSS,
    &atom::ATOM,
    &apple::ITUNES,
    &podcasting::PODCAST,
    &media::MEDIA,
    &modules::CONTENT,
    &modules::DC,
    &modules::DC_TERMS,
    &modules::SYNDICATION,
    &modules::SLASH,
    &modules::HISTORY,
    &modules::THREADING,
];

/// The namespaces that are known, as they are written.
pub(super) fn namespaces() -> impl Iterator<Item = &'static str> {
    ALL.iter().flat_map(|vocabulary| vocabulary.namespaces).copied().filter(|uri| !uri.is_empty())
}

fn of(node: Node) -> Option<&'static Vocabulary> {
    let namespace = node.tag_name().namespace().unwrap_or_default();
    ALL.iter().find(|vocabulary| vocabulary.namespaces.contains(&namespace)).copied()
}

/// Holds every element of the document to its vocabulary. Takes time linear in the size of the document.
pub(super) fn check(check: &mut Check, document: &Document) {
    check_element(check, document.root, "", true);
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for parent in document.elements() {
        seen.clear();
        let parent_name = parent.tag_name().name();
        let is_known = of(parent).is_some();
        for child in parent.children().filter(Node::is_element) {
            let name = (child.tag_name().namespace().unwrap_or_default(), child.tag_name().name());
            let is_first = !seen.contains(&name);
            if is_first && seen.len() < MOST_KINDS {
                seen.push(name);
            }
            // In an element that is not known, anything may be.
            if is_known {
                check_element(check, child, parent_name, is_first);
            }
        }
    }
}

/// How many kinds of children of one element are told apart: there are not many more in all vocabularies together.
const MOST_KINDS: usize = 100;

fn check_element(check: &mut Check, node: Node, parent: &str, is_first: bool) {
    let Some(vocabulary) = of(node) else { return };
    let (rules, name, at) = (vocabulary.rules, written(node), node.range().start);
    let local = node.tag_name().name();
    let mut known = vocabulary.tags.iter().filter(|tag| tag.name == local).peekable();
    let Some(first) = known.peek().copied() else {
        let meant = vocabulary.tags.iter().find(|tag| tag.name.eq_ignore_ascii_case(local));
        let meant = meant.map(|tag| format!("; `{}` is meant", tag.name)).unwrap_or_default();
        return check.find(rules.unknown, at, format!("there is no `<{name}>`{meant}"));
    };
    let Some(tag) = known.find(|tag| parent.is_empty() || tag.parents.contains(&parent)) else {
        let places: Vec<String> = first.parents.iter().map(|parent| format!("`<{parent}>`")).collect();
        let what = format!("`<{name}>` stands in `<{parent}>`; its place is {}", places.join(" or "));
        return check.find(rules.place, at, what);
    };
    if !is_first && !tag.many {
        check.find(rules.repeated, at, format!("there is a second `<{name}>` in `<{parent}>`"));
    }
    check_attributes(check, node, tag, rules);
    if let Holds::Text(value) = tag.holds {
        check_text(check, node, value, rules);
    }
}

fn check_text(check: &mut Check, node: Node, value: Value, rules: &Space) {
    let (name, at) = (written(node), node.range().start);
    if let Some(child) = node.children().find(Node::is_element) {
        let what = format!("`<{name}>` holds text, and no `<{}>`", written(child));
        return check.find(rules.value, child.range().start, what);
    }
    let content = super::text_of(node);
    if content.trim().is_empty() {
        if value != Value::Any {
            check.find(&text::BLANK, at, format!("`<{name}>` is blank"));
        }
        return;
    }
    for (own, why) in value.wrong(&content) {
        check.find(own.unwrap_or(rules.value), at, format!("`<{name}>`: {why}"));
    }
}

fn check_attributes(check: &mut Check, node: Node, tag: &Tag, rules: &Space) {
    let name = written(node);
    for attribute in tag.attributes {
        match node.attribute(attribute.name) {
            Some(found) => {
                let at = node.attribute_node(attribute.name).map_or(node.range().start, |found| found.range().start);
                for (own, why) in attribute.value.wrong(found) {
                    check.find(own.unwrap_or(rules.value), at, format!("`{}` of `<{name}>`: {why}", attribute.name));
                }
            }
            None if attribute.need == Need::Optional => {}
            None => {
                let rule = if attribute.need == Need::Required { rules.attribute } else { rules.advised };
                check.find(rule, node.range().start, format!("`<{name}>` has no `{}`", attribute.name));
            }
        }
    }
    let is_known = |name: &str| tag.attributes.iter().any(|known| known.name == name);
    // Attributes with a prefix belong to other vocabularies.
    for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none() && !is_known(attribute.name())) {
        let what = format!("`<{name}>` knows no `{}`", quoted(attribute.name()).trim_matches('`'));
        check.find(rules.unknown_attribute, attribute.range().start, what);
    }
}

/// The name of an element as it is written, with its prefix.
pub(super) fn written(node: Node) -> String {
    let local = node.tag_name().name();
    let source = node.document().input_text().get(node.range()).unwrap_or_default();
    let end = source.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(source.len());
    let name = source.get(1..end).unwrap_or(local);
    quoted(name).trim_matches('`').to_owned()
}
