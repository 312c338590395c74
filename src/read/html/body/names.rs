//! What the names of an element say of it.
//!
//! Web pages name their parts: in classes, ids, `itemprop`, `role` and `data-testid`. The names differ from site to site, the
//! words in them hardly do, since they are what the trade calls these things. A word is listed where sites of several
//! houses use it, never for one site alone.

use std::collections::HashMap;
use std::sync::LazyLock;

use dom_query::NodeRef;

use crate::read::html::dom;

/// What parts of a page are called, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Names(u16);

impl Names {
    /// What readers wrote.
    pub const COMMENTS: Self = Self(1 << 0);
    /// Letters, subscriptions, paywalls.
    pub const SUBSCRIBE: Self = Self(1 << 1);
    /// Menus, footers, dialogs: the frame of the page.
    pub const FRAME: Self = Self(1 << 2);
    /// Who wrote it, when, under which heading.
    pub const BYLINE: Self = Self(1 << 3);
    /// Pictures with what is said of them.
    pub const PICTURE: Self = Self(1 << 4);
    /// Not shown, or only read aloud.
    pub const HIDDEN: Self = Self(1 << 5);
    /// The text of the article.
    pub const BODY: Self = Self(1 << 6);
    /// The article as a whole.
    pub const ARTICLE: Self = Self(1 << 7);
    /// The lead: standfirst, dek, chapo, Vorspann.
    pub const LEAD: Self = Self(1 << 8);
    /// Boxes beside the text.
    pub const BOX: Self = Self(1 << 9);
    /// Items of lists, cards, grids.
    pub const ITEM: Self = Self(1 << 10);

    /// The names in the value of an attribute.
    fn read(value: &str) -> Self {
        let mut names = Self::default();
        words(value, |word| names = names.with(WORDS.get(word).copied().unwrap_or_default()));
        names
    }

    /// The names in either set.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names in both sets.
    pub fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The names of the elements of a page, on which most values of attributes come again and again.
#[derive(Debug, Default)]
pub(super) struct Named(HashMap<String, Names>);

impl Named {
    /// The names of an element.
    pub fn of(&mut self, node: &NodeRef) -> Names {
        let mut names = Names::default();
        dom::any_value(node, &ATTRIBUTES, |value| {
            let known = self.0.get(value).copied();
            names = names.with(known.unwrap_or_else(|| *self.0.entry(value.to_owned()).or_insert_with(|| Names::read(value))));
            false
        });
        names
    }
}

const ATTRIBUTES: [&str; 5] = ["class", "id", "itemprop", "data-testid", "role"];
/// Bytes of an attribute that are looked at: style sheets made by machines hang hundreds of classes on an element.
const LONGEST: usize = 400;
/// Bytes of the longest word in the tables.
const LONGEST_WORD: usize = 24;

/// Calls a function with the words of a name in small letters: `articleBody`, `article-body` and `article__body` have two.
fn words(name: &str, mut each: impl FnMut(&str)) {
    let mut word = String::with_capacity(LONGEST_WORD);
    let mut small = false;
    for c in name.bytes().take(LONGEST) {
        if !c.is_ascii_alphabetic() || (small && c.is_ascii_uppercase()) {
            each(&word);
            word.clear();
        }
        small = c.is_ascii_lowercase();
        if c.is_ascii_alphabetic() && word.len() <= LONGEST_WORD {
            word.push(char::from(c.to_ascii_lowercase()));
        }
    }
    each(&word);
}

/// The tables below by word.
static WORDS: LazyLock<HashMap<&str, Names>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Names> = HashMap::new();
    for (names, words) in TABLES {
        for word in words.split_whitespace() {
            let known = all.entry(word).or_default();
            *known = known.with(*names);
        }
    }
    all
});

const TABLES: &[(Names, &str)] = &[
    (
        Names::COMMENTS,
        "comment comments commenting commentlist commentaire commentaires kommentar kommentare kommentarer \
         comentario comentarios commenti disqus respond reply replies thread discussion livefyre coral \
         viafoura spotim forum reacties kommentit",
    ),
    (
        Names::SUBSCRIBE,
        "newsletter newsletters signup subscribe subscription subscriptions cta donate donation membership offer optin \
         mailing promo promos promotion promobox",
    ),
    (
        Names::FRAME,
        "nav navbar navigation menu menus submenu breadcrumb breadcrumbs footer header masthead sidebar \
         sidebars widget widgets textwidget modal popup popover overlay dialog cookie cookies consent gdpr \
         onetrust tooltip search lang language skip secondary complementary topbar bottombar offcanvas drawer \
         dropdown site legal policy privacy ticker accordion toast notification notice alert lightbox",
    ),
    (
        Names::BYLINE,
        "byline bylines author authors autor autoren bio biography contributor contributors profile avatar \
         date dates datetime time timestamp published publish updated update meta metadata postmeta info \
         infos tags tag taglist topics topic keywords category categories kicker eyebrow overline label \
         dateline reading readtime duration rubrik section source sources",
    ),
    (
        Names::PICTURE,
        "caption captions credit credits figcaption gallery slideshow copyright photographer image images img \
         picture photo photos foto thumbnail thumb media video player legend",
    ),
    (Names::HIDDEN, "hidden visually visuallyhidden sr screenreader screen offscreen sronly hide invisible none"),
    (
        Names::BODY,
        "articlebody body articletext content contents contenu contenido text texte texto richtext rich prose \
         paragraph paragraphs entry entrycontent postcontent storybody bodytext bodycopy articlecontent \
         maincontent wysiwyg copy cms detail full wprm markup chapter liveblog",
    ),
    (
        Names::ARTICLE,
        "article articles artikel articolo articulo story post posts hentry single blog news newsarticle page \
         newstext main",
    ),
    (
        Names::LEAD,
        "lead lede leadtext intro introduction standfirst dek deck chapo subtitle subtitles subtitulo summary \
         excerpt vorspann ingress subheadline subheading subhead subline sottotitolo bajada entradilla \
         abstract description desc strapline preamble sommario zusammenfassung",
    ),
    (Names::BOX, "box infobox factbox fact facts aside sidenote note panel callout disclaimer kasten"),
    (
        Names::ITEM,
        "item items card cards tile grid list listing archive latest more next rail carousel swiper slider \
         headlines ranking mehr further aussi",
    ),
];

#[cfg(test)]
mod tests {
    use dom_query::Document;

    use super::*;

    #[track_caller]
    fn case(attributes: &str, expected: Names) {
        let document = Document::from(format!("<div {attributes}>x</div>"));
        assert_eq!(Named::default().of(&document.select("div").nodes()[0]), expected, "{attributes}");
    }

    #[test]
    fn words_are_found_however_they_are_joined() {
        let body = Names::BODY.with(Names::ARTICLE);
        for name in ["articleBody", "article-body", "c-article__body", "ArticleBody_x1", "article body"] {
            case(&format!("class='{name}'"), body);
        }
        case("itemprop=articleBody", body);
        case("id=comments", Names::COMMENTS);
        case("class='css-1x2y3z'", Names::default());
        case("class='commentator'", Names::default());
        case("", Names::default());
    }
}
