//! Which pictures and embeds of a page stand among the text of the article, and not beside it.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::json_ld::Image;
use super::{dom, figures, images};
use crate::domain::{Figure, WebUrl};

/// What is known of a page before it is walked.
pub(super) struct Scope {
    /// Where figures begin: the first often stands between title and text.
    from: NodeId,
    /// The last text of the article.
    last: NodeId,
    /// Elements that serve as a `<figure>`.
    boxes: HashSet<NodeId>,
    /// Files of the pictures that the page's data names.
    named: HashSet<String>,
    /// Elements that hold the title or the whole text, whatever they are called.
    whole: HashSet<NodeId>,
    /// The `<article>` or `<main>` around the text.
    article: Option<NodeId>,
}

/// What the elements around a place say against its being the article's.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// One of them is a thing beside the article.
    beside: bool,
    /// One of them is called so with words that layouts use for other things too.
    hinted: bool,
    /// One of them is a link to another page.
    away: bool,
}

const BESIDE: [&str; 11] = [
    "related",
    "recommend",
    "newsletter",
    "sidebar",
    "most-read",
    "mostread",
    "advert",
    "author-",
    "avatar",
    "comments",
    "promo-",
];

/// Words that stand in the names of typefaces and buttons as well.
const HINTS: [&str; 4] = ["teaser", "promo", "social", "share"];

impl Scope {
    /// Looks a page over; `None` where no text was kept.
    pub fn survey(
        document: &Document,
        kept: &HashSet<NodeId>,
        title: Option<NodeId>,
        base: Option<&WebUrl>,
        pictures: &[Image],
    ) -> Option<Self> {
        // Ids are given in the order of the markup.
        let (first, last) = (kept.iter().min()?, kept.iter().max()?);
        let heading = || dom::named(document, "h1").iter().map(|heading| heading.id).filter(|id| id < first).max();
        let above = |id: &NodeId| {
            let node = document.tree.get(id);
            node.map(|node| node.ancestors_it(None).collect::<Vec<NodeRef>>()).unwrap_or_default()
        };
        let (opening, ending) = (above(first), above(last));
        let ending: HashSet<NodeId> = ending.iter().map(|node| node.id).collect();
        let titled = title.map(|title| above(&title)).unwrap_or_default();
        let whole = opening.iter().map(|node| node.id).filter(|id| ending.contains(id));
        let article = opening.iter().find(|node| node.has_name("article") || node.has_name("main"));
        Some(Self {
            from: title.filter(|title| title < first).or_else(heading).unwrap_or(*first),
            last: *last,
            boxes: figures::boxes(document, base),
            named: pictures.iter().map(|image| images::file(&image.url)).collect(),
            whole: whole.chain(titled.iter().map(|node| node.id)).collect(),
            article: article.map(|node| node.id),
        })
    }

    /// Whether an element serves as a `<figure>`.
    pub fn is_box(&self, node: &NodeRef) -> bool {
        self.boxes.contains(&node.id)
    }

    /// What holds inside an element.
    pub fn enter(&self, around: Around, node: &NodeRef, name: &str, base: Option<&WebUrl>) -> Around {
        if self.whole.contains(&node.id) {
            return around;
        }
        Around {
            beside: around.beside || matches!(name, "nav" | "aside" | "footer" | "form") || dom::is_called(node, &BESIDE),
            hinted: around.hinted || dom::is_called(node, &HINTS),
            away: around.away || (name == "a" && images::leads_away(node, base)),
        }
    }

    /// Whether a thing that is no text stands among the text of the article.
    pub fn holds(&self, around: Around, node: &NodeRef) -> bool {
        !around.beside && !around.hinted && self.from <= node.id && node.id <= self.last
    }

    /// Whether a picture belongs to the article. One with caption and credit is hardly a teaser; above the title, it must be
    /// among the pictures that the page's data names, or stand in the article's own element with something said of it. One
    /// that links to another page and says nothing is a teaser.
    pub fn holds_figure(&self, around: Around, node: &NodeRef, figure: &Figure) -> bool {
        let credited = figure.caption.is_some() && figure.credit.is_some();
        if around.beside || (around.hinted && !credited) || node.id > self.last {
            return false;
        }
        let named = || figure.src.as_ref().is_some_and(|src| self.named.contains(&images::file(src.as_str())));
        let told = figure.caption.is_some() || figure.credit.is_some();
        if around.away && !told && !named() {
            return false;
        }
        let within = || told && self.article.is_some_and(|article| article < node.id);
        self.from <= node.id || named() || within()
    }
}
