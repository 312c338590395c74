//! What a page says of itself: schema.org, Open Graph, `<meta>`, and the elements that carry dates and names.

use std::collections::HashMap;

use dom_query::Document;

use super::dom;
use super::json_ld::{self, Described, Image};
use crate::domain::{Language, Line, Moment, WebUrl};
use crate::read::{byline, dates, words};

#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// The title in the words of `og:title` or the like, best first.
    pub titles: Vec<Line>,
    /// What the site calls itself: keys ([`words::key`]) of its name, its publisher and its host.
    pub sites: Vec<String>,
    pub authors: Vec<Line>,
    pub editors: Vec<Line>,
    pub published: Option<Moment>,
    pub updated: Option<Moment>,
    pub description: Option<Line>,
    pub topics: Vec<Line>,
    pub language: Option<Language>,
    /// The page's own address.
    pub url: Option<WebUrl>,
    /// What addresses in the page are relative to.
    pub base: Option<WebUrl>,
    pub images: Vec<Image>,
}

const MAX_TOPICS: usize = 5;

pub(super) fn gather(document: &Document, known: Option<&WebUrl>) -> Metadata {
    let meta = Meta::read(document);
    let described = json_ld::read(document).unwrap_or_default();
    let url = address(document, &meta, &described, known);
    let page = known.or(url.as_ref());
    let declared = dom::first(document, "base[href]").and_then(|base| dom::attribute(&base, "href"));
    let base =
        declared.and_then(|href| page.map_or_else(|| WebUrl::parse(&href), |page| page.join(&href))).or_else(|| page.cloned());

    let language = language(document, &meta, &described);
    let published = published(document, &meta, &described, language.as_ref());
    let updated = [described.modified.as_deref(), meta.get("article:modified_time"), meta.get("og:updated_time")];
    let updated = updated.into_iter().flatten().find_map(dates::moment).filter(|updated| Some(*updated) != published);
    let og_title = meta.lines(&["og:title", "twitter:title", "dc.title", "dcterms.title"]);
    Metadata {
        titles: og_title.into_iter().chain(described.headline.clone()).collect(),
        sites: sites(&meta, &described, page),
        authors: authors(document, &meta, &described),
        editors: described.editors.iter().flat_map(|name| byline::given(name)).collect(),
        published,
        updated,
        description: described.description.clone().into_iter().chain(meta.lines(&DESCRIPTIONS)).next(),
        topics: topics(&meta, &described),
        language,
        images: images(document, &meta, described, base.as_ref()),
        url,
        base,
    }
}

const DESCRIPTIONS: [&str; 5] = ["og:description", "description", "twitter:description", "dc.description", "dcterms.description"];

/// `<meta>` by name or property, in lower case; several of a name in their order.
struct Meta(HashMap<String, Vec<String>>);

impl Meta {
    fn read(document: &Document) -> Self {
        let mut found: HashMap<String, Vec<String>> = HashMap::new();
        for node in dom::all(document, "meta[content]") {
            let Some(content) = dom::attribute(&node, "content") else { continue };
            for key in ["property", "name", "itemprop", "http-equiv"].iter().filter_map(|key| dom::attribute(&node, key)) {
                found.entry(key.to_lowercase()).or_default().push(content.clone());
            }
        }
        Self(found)
    }

    fn all(&self, key: &str) -> &[String] {
        self.0.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.all(key).first().map(String::as_str)
    }

    fn lines(&self, keys: &[&str]) -> Vec<Line> {
        keys.iter().filter_map(|key| Line::new(self.get(key)?)).collect()
    }
}

/// The address that the page gives itself, as long as it is of the same site as the one it was fetched from.
fn address(document: &Document, meta: &Meta, described: &Described, known: Option<&WebUrl>) -> Option<WebUrl> {
    let absolute = |text: &str| known.map_or_else(|| WebUrl::parse(text), |known| known.join(text));
    let canonical = dom::all(document, "link[href]").into_iter().find_map(|link| {
        let rel = dom::attribute(&link, "rel")?.to_lowercase();
        rel.split_whitespace().any(|rel| rel == "canonical").then(|| dom::attribute(&link, "href")).flatten()
    });
    let named = [canonical.as_deref(), meta.get("og:url"), described.url.as_deref()];
    let site = |url: &WebUrl| url.host().rsplit('.').take(2).collect::<Vec<_>>().join(".");
    let is_page = |url: &WebUrl| {
        known.is_none_or(|known| site(known) == site(url) && (url.url().path() != "/" || known.url().path() == "/"))
    };
    named.into_iter().flatten().filter_map(absolute).find(is_page).or_else(|| known.cloned())
}

fn published(document: &Document, meta: &Meta, described: &Described, language: Option<&Language>) -> Option<Moment> {
    const KEYS: [&str; 16] = [
        "article:published_time",
        "og:article:published_time",
        "og:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "dcterms.date",
        "article.published",
        "last-modified",
    ];
    let mut machine = described.published.as_deref().into_iter().chain(KEYS.iter().filter_map(|key| meta.get(key)));
    machine.find_map(dates::moment).or_else(|| {
        let property = dom::all(document, "[itemprop=\"datePublished\"]");
        let times = dom::all(document, "time");
        property.iter().chain(&times).find_map(|node| {
            let value = ["datetime", "content", "title"].iter().find_map(|name| dates::moment(&dom::attribute(node, name)?));
            value.or_else(|| dates::find(&dom::text(node), language))
        })
    })
}

fn sites(meta: &Meta, described: &Described, page: Option<&WebUrl>) -> Vec<String> {
    let host = page.map(|page| page.host().trim_start_matches("www."));
    // `bank-post.example.org`: the name is the longest part.
    let label = host.and_then(|host| host.split('.').max_by_key(|label| label.len()));
    let named = [meta.get("og:site_name"), meta.get("application-name"), described.publisher.as_deref(), host, label];
    named.into_iter().flatten().map(words::key).filter(|key| !key.is_empty()).collect()
}

/// The names that the page gives as data, or else prints; its own name only where it gives no other.
fn authors(document: &Document, meta: &Meta, described: &Described) -> Vec<Line> {
    let all = |texts: &[String]| {
        let mut found = Vec::new();
        texts.iter().flat_map(|text| byline::given(text)).for_each(|name| byline::add(&mut found, name));
        found
    };
    let given = all(&described.authors);
    if !given.is_empty() {
        return given;
    }
    let site = [meta.get("og:site_name"), described.publisher.as_deref()].map(|name| name.map(words::key));
    let other = |name: &Line| !site.contains(&Some(words::key(name.as_str())));
    let keyed: Vec<Line> = AUTHOR_KEYS.iter().map(|key| all(meta.all(key))).find(|found| !found.is_empty()).unwrap_or_default();
    let printed = || BYLINES.iter().map(|selector| all(&printed_names(document, selector))).find(|found| !found.is_empty());
    if keyed.iter().any(other) { keyed.into_iter().filter(other).collect() } else { printed().unwrap_or(keyed) }
}

const AUTHOR_KEYS: [&str; 8] =
    ["author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "articleauthor", "byl"];

/// Where pages print the names, surest first.
const BYLINES: [&str; 7] = [
    "[itemprop=\"author\"] [itemprop=\"name\"]",
    "[itemprop=\"author\"]",
    "[rel=\"author\"]",
    ".byline, .author",
    "[class*=\"byline\"]",
    "[class*=\"author\"]",
    "[class*=\"autor\"]",
];

/// The texts of the first element that looks like the line of names.
fn printed_names(document: &Document, selector: &str) -> Vec<String> {
    let nodes = dom::all(document, selector);
    // A page with many such elements is a list of teasers or comments.
    if nodes.len() > 12 {
        return Vec::new();
    }
    let texts = nodes.iter().map(|node| {
        let runs = node.descendants_it().filter(dom_query::NodeRef::is_nonempty_text).map(|run| dom::text(&run));
        runs.filter(|run| run.chars().any(|c| c.is_alphabetic() && !c.is_lowercase())).collect::<Vec<String>>()
    });
    let few = |texts: &Vec<String>| !texts.is_empty() && texts.iter().flat_map(|text| text.split(' ')).count() <= 15;
    texts.filter(few).take(4).flatten().collect()
}

fn topics(meta: &Meta, described: &Described) -> Vec<Line> {
    let mut topics = Vec::new();
    let sections = described.sections.iter().map(String::as_str).chain(meta.get("article:section"));
    let tags = meta.all("article:tag").iter().map(String::as_str);
    let keywords = described.keywords.iter().flat_map(|words| words.split([',', ';']));
    for text in sections.chain(tags).chain(keywords) {
        // Keywords like `type:article` are for the publisher's own machines.
        let plain = text.chars().count() <= 40 && !text.contains([':', '/', '_', '=']);
        if let Some(topic) = Line::new(text).filter(|_| plain && topics.len() < MAX_TOPICS) {
            byline::add(&mut topics, topic);
        }
    }
    topics
}

fn language(document: &Document, meta: &Meta, described: &Described) -> Option<Language> {
    let html =
        dom::first(document, "html").and_then(|html| dom::attribute(&html, "lang").or_else(|| dom::attribute(&html, "xml:lang")));
    let named = [html.as_deref(), described.language.as_deref(), meta.get("content-language"), meta.get("og:locale")];
    named.into_iter().flatten().find_map(Language::parse)
}

/// Pictures that stand for the article, with absolute addresses; what stands for the site is left out.
fn images(document: &Document, meta: &Meta, described: Described, base: Option<&WebUrl>) -> Vec<Image> {
    let og = ["og:image:secure_url", "og:image", "twitter:image"].iter().find_map(|key| meta.get(key));
    let og = og.map(|url| Image { url: url.to_owned(), caption: None, credit: None });
    let absolute = |url: &str| base.map_or_else(|| WebUrl::parse(url), |base| base.join(url)).map(|url| url.to_string());
    let icons = dom::all(document, "link[rel~=\"icon\"], link[rel=\"apple-touch-icon\"]");
    let icons = icons.iter().filter_map(|link| absolute(&dom::attribute(link, "href")?));
    let own: Vec<String> = described.logos.iter().filter_map(|logo| absolute(logo)).chain(icons).collect();
    let images = described.images.into_iter().chain(og).filter_map(|image| Some(Image { url: absolute(&image.url)?, ..image }));
    images.filter(|image| !own.contains(&image.url) && !is_stand_in(&image.url)).collect()
}

/// Whether the file of a picture is named as one that stands where a picture is missing.
fn is_stand_in(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url).trim_end_matches('/');
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let mut words = file.split(|c: char| !c.is_ascii_alphabetic());
    words.any(|word| matches!(word, "logo" | "logos" | "default" | "placeholder" | "favicon"))
}
