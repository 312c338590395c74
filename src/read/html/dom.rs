//! Small questions to the tree.

use std::ops::Deref;

use dom_query::{Document, NodeRef};

use super::attributes;
use crate::domain::fold;

/// Depth that is read with its structure; what lies deeper is read as text. Real articles stay below 60.
const MAX_DEPTH: usize = 256;
/// The text of an element is asked for by several of its ancestors: the bytes that may come to.
const MAX_COPIED: usize = 64 * 1024 * 1024;

/// Makes plain text of everything that is nested too deeply; the more text a page has, the flatter it must be.
pub(super) fn flatten(document: &Document) {
    let limit = (MAX_COPIED / document.text().len().max(1)).clamp(24, MAX_DEPTH);
    let mut open: Vec<(NodeRef, usize)> = vec![(document.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth < limit {
            open.extend(node.children_it(false).filter(NodeRef::is_element).map(|child| (child, depth + 1)));
        } else if node.first_element_child().is_some() {
            node.set_text(node.text());
        }
    }
}

/// The name of an element in lower case, or an empty text.
pub(super) fn name(node: &NodeRef) -> impl Deref<Target = str> + use<> {
    node.qual_name_ref().map(|name| name.local.clone()).unwrap_or_default()
}

/// The text of a node, white space folded.
pub(super) fn text(node: &NodeRef) -> String {
    fold(&node.text())
}

/// An attribute as it stands there.
pub(super) fn attr(node: &NodeRef, name: &str) -> Option<impl Deref<Target = str> + Default + use<>> {
    debug_assert!(attributes::known(name).is_some(), "{name} is left out before the page is parsed");
    node.attr(name)
}

/// An attribute that is there and not blank.
pub(super) fn attribute(node: &NodeRef, name: &str) -> Option<String> {
    attr(node, name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// All nodes that a selector finds.
pub(super) fn all<'a>(document: &'a Document, selector: &str) -> Vec<NodeRef<'a>> {
    document.try_select(selector).map(|found| found.nodes().to_vec()).unwrap_or_default()
}

/// All elements of a name, which is quicker than a selector.
pub(super) fn named<'a>(document: &'a Document, name: &str) -> Vec<NodeRef<'a>> {
    within(&document.root(), &[name])
}

/// The first element of a name.
pub(super) fn first<'a>(document: &'a Document, name: &str) -> Option<NodeRef<'a>> {
    document.root().descendants_it().find(|node| node.has_name(name))
}

/// All elements with an attribute of one value.
pub(super) fn with<'a>(document: &'a Document, name: &str, value: &str) -> Vec<NodeRef<'a>> {
    document.root().descendants_it().filter(|node| any_value(node, &[name], |found| found == value)).collect()
}

/// Descendant elements of some names.
pub(super) fn within<'a>(node: &NodeRef<'a>, names: &[&str]) -> Vec<NodeRef<'a>> {
    node.descendants_it().filter(|node| names.iter().any(|name| node.has_name(name))).collect()
}

/// Whether the class, id or item property of an element holds one of some words, which are in small letters.
pub(super) fn is_called(node: &NodeRef, words: &[&str]) -> bool {
    any_value(node, &["class", "id", "itemprop", "data-testid"], |value| {
        let value = value.to_ascii_lowercase();
        words.iter().any(|word| value.contains(word))
    })
}

/// Whether the value of one of some attributes is what is looked for.
pub(super) fn any_value(node: &NodeRef, names: &[&str], mut fits: impl FnMut(&str) -> bool) -> bool {
    debug_assert!(names.iter().all(|name| attributes::known(name).is_some()), "{names:?} are left out before the page is parsed");
    let Some(element) = node.element_ref() else { return false };
    element.attrs.iter().any(|attribute| names.contains(&&*attribute.name.local) && fits(&attribute.value))
}

/// Whether an element is set within a line of text. Elements of the page's own making are, as in browsers.
pub(super) fn is_inline(name: &str) -> bool {
    name.contains('-')
        || matches!(
            name,
            "a" | "abbr"
                | "b"
                | "bdi"
                | "bdo"
                | "big"
                | "cite"
                | "code"
                | "data"
                | "del"
                | "dfn"
                | "em"
                | "font"
                | "i"
                | "ins"
                | "kbd"
                | "label"
                | "mark"
                | "nobr"
                | "q"
                | "ruby"
                | "rb"
                | "rp"
                | "rt"
                | "s"
                | "samp"
                | "small"
                | "span"
                | "strike"
                | "strong"
                | "sub"
                | "sup"
                | "time"
                | "tt"
                | "u"
                | "var"
                | "wbr"
        )
}

/// The element that makes a paragraph of a run of text.
pub(super) fn paragraph<'a>(run: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    const INLINE: [&str; 10] = ["a", "b", "strong", "i", "em", "span", "font", "small", "u", "time"];
    let mut parent = run.parent()?;
    while INLINE.iter().any(|name| parent.has_name(name)) {
        parent = parent.parent()?;
    }
    Some(parent)
}
