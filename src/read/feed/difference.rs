//! What readers will see when one feed takes the place of another.

use std::collections::{BTreeMap, BTreeSet};

use super::{Enclosure, Feed, Item, Words};
use crate::domain::{Block, Line, Moment, WebUrl};
use crate::read::html;

/// What changes from one feed to another, of which the formats may differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// In the order of the new feed.
    pub added: Vec<Named>,
    /// The same item under a new id: unread again for everybody.
    pub resurfacing: Vec<Resurfacing>,
    pub changed: Vec<Changed>,
    /// Items that stand elsewhere among those that both have.
    pub moved: Vec<Named>,
    /// In the order of the old feed.
    pub gone: Vec<Named>,
    /// How many items are as they were.
    pub same: usize,
}

/// An item as a person knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: String,
    pub title: Option<Line>,
}

/// An item that comes back as a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resurfacing {
    pub item: Named,
    pub old_id: String,
}

/// An item of which something was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub item: Named,
    /// What was changed: `title`, `link`, `published`, `updated`, `summary`, `content`, `authors`, `topics`, `image`,
    /// `enclosure`.
    pub fields: Vec<&'static str>,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.resurfacing.is_empty()
            && self.changed.is_empty()
            && self.moved.is_empty()
            && self.gone.is_empty()
    }
}

/// Compares two feeds item by item. An item is known again by its id; one whose id is new, by its link or else its title.
pub fn difference(old: &Feed, new: &Feed) -> Difference {
    let before = by_key(old);
    let after = by_key(new);
    let mut difference = Difference::default();
    let mut stayed = Vec::new();
    let fresh: Vec<(&String, &Item)> = after.order.iter().filter(|(key, _)| !before.items.contains_key(*key)).copied().collect();
    let lost: Vec<(&String, &Item)> = before.order.iter().filter(|(key, _)| !after.items.contains_key(*key)).copied().collect();
    let mut returned = BTreeSet::new();
    let names = Names::of(&lost);
    for (key, item) in fresh {
        let item_named = named(key, item);
        match names.find(item).filter(|old| returned.insert(*old)) {
            Some(old_id) => difference.resurfacing.push(Resurfacing { item: item_named, old_id: old_id.to_owned() }),
            None => difference.added.push(item_named),
        }
    }
    difference.gone =
        lost.iter().filter(|(key, _)| !returned.contains(key.as_str())).map(|(key, item)| named(key, item)).collect();
    for (key, item) in &after.order {
        let Some((place, was)) = before.items.get(*key) else { continue };
        stayed.push((*place, *key, *item));
        let fields = changes(was, item);
        if fields.is_empty() {
            difference.same += 1;
        } else {
            difference.changed.push(Changed { item: named(key, item), fields });
        }
    }
    let places: Vec<usize> = stayed.iter().map(|(place, ..)| *place).collect();
    let still = longest_rising(&places);
    let moved = stayed.iter().zip(0..).filter(|(_, at)| !still.contains(at));
    difference.moved = moved.map(|((_, key, item), _)| named(key, item)).collect();
    difference
}

/// The items of a feed by what tells them apart, and in their order; of several with the same, the first.
struct Keyed<'a> {
    items: BTreeMap<&'a String, (usize, &'a Item)>,
    order: Vec<(&'a String, &'a Item)>,
}

fn by_key(feed: &Feed) -> Keyed<'_> {
    let mut keyed = Keyed { items: BTreeMap::new(), order: Vec::new() };
    for (place, item) in feed.items.iter().enumerate() {
        // What has no id is known by nothing that lasts.
        let Some(id) = &item.id else { continue };
        if keyed.items.insert(id, (place, item)).is_none() {
            keyed.order.push((id, item));
        }
    }
    keyed
}

/// The items that are no longer there, by what they can be known again.
struct Names<'a> {
    links: BTreeMap<String, &'a str>,
    titles: BTreeMap<String, &'a str>,
}

impl<'a> Names<'a> {
    fn of(lost: &[(&'a String, &Item)]) -> Self {
        let (mut links, mut titles) = (BTreeMap::new(), BTreeMap::new());
        for (id, item) in lost {
            if let Some(url) = &item.url {
                links.insert(url.identity(), id.as_str());
            }
            if let Some(title) = item.title() {
                titles.insert(title.to_string(), id.as_str());
            }
        }
        Self { links, titles }
    }

    fn find(&self, item: &Item) -> Option<&'a str> {
        let link = item.url.as_ref().and_then(|url| self.links.get(&url.identity()));
        link.or_else(|| self.titles.get(item.title()?.as_str())).copied()
    }
}

fn named(id: &str, item: &Item) -> Named {
    Named { id: id.to_owned(), title: item.title() }
}

/// What of an item a reader sees changed.
fn changes(old: &Item, new: &Item) -> Vec<&'static str> {
    let instant = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
    let file = |enclosure: &Option<Enclosure>| {
        enclosure.as_ref().map(|file| (file.url.clone(), file.length, file.kind.clone(), file.seconds))
    };
    let picture = |item: &Item| item.image.as_ref().and_then(|image| image.src.as_ref()).map(WebUrl::to_string);
    let fields = [
        ("title", old.title() == new.title()),
        ("link", old.url == new.url),
        ("published", instant(old.published) == instant(new.published)),
        ("updated", changed_at(old) == changed_at(new)),
        ("summary", same_words(old.summary.as_ref(), new.summary.as_ref())),
        ("content", same_words(old.content.as_ref(), new.content.as_ref())),
        ("authors", old.authors == new.authors),
        ("topics", old.topics == new.topics),
        // Atom has none of its own: what only one of two formats can say is no change.
        ("image", picture(old).zip(picture(new)).is_none_or(|(old, new)| old == new)),
        ("enclosure", file(&old.enclosure) == file(&new.enclosure)),
    ];
    fields.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
}

/// When an item was changed. Atom says so of every entry; in the other formats only what was changed later says it.
fn changed_at(item: &Item) -> Option<String> {
    item.updated.filter(|updated| Some(*updated) != item.published).map(|updated| updated.to_string())
}

/// Whether two texts are the same; of different kinds, as Atom and RSS write them, whether they say the same.
fn same_words(old: Option<&Words>, new: Option<&Words>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) if std::mem::discriminant(old) != std::mem::discriminant(new) => plain(old) == plain(new),
        (old, new) => old == new,
    }
}

fn plain(words: &Words) -> String {
    let text = match words {
        Words::Plain(text) => text.clone(),
        Words::Html(markup) | Words::Either(markup) => {
            html::fragment(markup, None).iter().map(Block::plain).collect::<Vec<_>>().join(" ")
        }
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The places in a list of a longest selection that rises: what is not among them was moved.
fn longest_rising(values: &[usize]) -> BTreeSet<usize> {
    // The place of the smallest end of a rising selection of each length, and for each place the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values.get(*end).is_some_and(|end| end < value));
        before.push(length.checked_sub(1).and_then(|last| ends.get(last)).copied());
        ends.truncate(ends.len().max(length + 1));
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chosen = BTreeSet::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        chosen.insert(at);
        next = before.get(at).copied().flatten();
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Format;
    use crate::read::{Page, feed};

    fn rss(items: &[(&str, &str, &str)]) -> Feed {
        let items: Vec<String> = items
            .iter()
            .map(|(id, title, text)| {
                format!(
                    "<item><title>{title}</title><guid isPermaLink='false'>{id}</guid><description>{text}</description></item>"
                )
            })
            .collect();
        read(&format!("<rss version='2.0'><channel>{}</channel></rss>", items.concat()))
    }

    fn read(text: &str) -> Feed {
        feed(&Page { origin: "f".to_owned(), url: None, format: Format::Feed, text: text.to_owned() }).unwrap()
    }

    fn ids(items: &[Named]) -> Vec<&str> {
        items.iter().map(|item| item.id.as_str()).collect()
    }

    #[test]
    fn items_come_go_change_move_and_come_back() {
        let old = rss(&[("a", "A", "1"), ("b", "B", "1"), ("c", "C", "1"), ("d", "D", "1"), ("e", "E", "1")]);
        let new = rss(&[("n", "N", "1"), ("d", "D", "1"), ("a", "A", "1"), ("b", "B", "2"), ("x", "C", "1")]);
        let difference = difference(&old, &new);
        assert_eq!(ids(&difference.added), ["n"]);
        assert_eq!(ids(&difference.gone), ["e"]);
        assert_eq!(ids(&difference.moved), ["d"]);
        assert_eq!(difference.same, 2);
        let [back] = &difference.resurfacing[..] else { panic!("{difference:?}") };
        assert_eq!((back.old_id.as_str(), back.item.id.as_str()), ("c", "x"));
        let [changed] = &difference.changed[..] else { panic!("{difference:?}") };
        assert_eq!((changed.item.id.as_str(), &changed.fields[..]), ("b", &["summary"][..]));
    }

    #[test]
    fn the_same_in_another_format_is_the_same() {
        let old = rss(&[("tag:a", "A", "one &amp;amp; two")]);
        let new = read(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>tag:a</id><title>A</title>\
             <summary>one &amp; two</summary></entry></feed>",
        );
        assert!(difference(&old, &new).is_empty(), "{:?}", difference(&old, &new));
    }

    #[test]
    fn as_few_items_as_possible_are_moved() {
        assert_eq!(longest_rising(&[]), BTreeSet::new());
        assert_eq!(longest_rising(&[3, 0, 1, 2]), BTreeSet::from([1, 2, 3]));
        assert_eq!(longest_rising(&[2, 1, 0]).len(), 1);
        assert_eq!(longest_rising(&[0, 4, 1, 2, 5, 3]).len(), 4);
    }
}
