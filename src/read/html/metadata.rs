//! What a page says of itself: schema.org, Open Graph, `<meta>`, and the elements that carry dates and names.

use std::collections::HashMap;

use dom_query::Document;

use super::json_ld::{self, Described, Image};
use super::{authors, dateline, dom};
use crate::domain::{Language, Line, Moment, WebUrl};
use crate::read::{byline, words};

#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// The title in the words of `og:title`.
    pub shared: Option<Line>,
    /// The headline of the data.
    pub headline: Option<Line>,
    /// What else the page is called, best first.
    pub titles: Vec<Line>,
    /// What the site calls itself: keys ([`words::key`]) of its name, its publisher and its host.
    pub sites: Vec<String>,
    pub authors: Vec<Line>,
    /// Whether somebody else than the house itself is among them.
    pub signed: bool,
    pub editors: Vec<Line>,
    pub published: Option<Moment>,
    pub updated: Option<Moment>,
    /// What looked odd.
    pub notes: Vec<String>,
    pub description: Option<Line>,
    pub topics: Vec<Line>,
    pub language: Option<Language>,
    /// The page's own address.
    pub url: Option<WebUrl>,
    /// What addresses in the page are relative to.
    pub base: Option<WebUrl>,
    pub images: Vec<Image>,
    /// The text of the article, as `articleBody` gives it.
    pub text: Option<String>,
}

const MAX_TOPICS: usize = 5;

pub(super) fn gather(document: &Document, known: Option<&WebUrl>) -> Metadata {
    let meta = Meta::read(document);
    let described = json_ld::read(document).unwrap_or_default();
    let url = address(document, &meta, &described, known);
    let page = known.or(url.as_ref());
    let declared = dom::named(document, "base")
        .into_iter()
        .find(|base| base.has_attr("href"))
        .and_then(|base| dom::attribute(&base, "href"));
    let base =
        declared.and_then(|href| page.map_or_else(|| WebUrl::parse(&href), |page| page.join(&href))).or_else(|| page.cloned());

    let language = language(document, &meta, &described);
    let dates = dateline::declared(document, &meta, &described);
    let sites = sites(&meta, &described, page);
    let authors = authors::find(document, &meta, &described, &sites);
    let titles = meta.lines(&["twitter:title", "dc.title", "dcterms.title", "title"]);
    Metadata {
        shared: meta.lines(&["og:title"]).into_iter().next(),
        headline: described.headline.clone().or_else(|| meta.lines(&["headline"]).into_iter().next()),
        titles: titles.into_iter().chain(described.alternative.clone()).collect(),
        signed: authors.iter().any(|name| !authors::is_of_house(name, &sites)),
        sites,
        authors,
        editors: described.editors.iter().flat_map(|name| byline::given(name)).collect(),
        published: dates.published,
        updated: dates.updated,
        notes: dates.notes,
        description: described.description.clone().into_iter().chain(meta.lines(&DESCRIPTIONS)).next(),
        topics: topics(&meta, &described),
        language,
        text: described.text.clone(),
        images: images(document, &meta, described, base.as_ref()),
        url,
        base,
    }
}

const DESCRIPTIONS: [&str; 5] = ["og:description", "description", "twitter:description", "dc.description", "dcterms.description"];

/// `<meta>` by name or property, in lower case; several of a name in their order.
pub(super) struct Meta(HashMap<String, Vec<String>>);

impl Meta {
    fn read(document: &Document) -> Self {
        let mut found: HashMap<String, Vec<String>> = HashMap::new();
        for node in dom::named(document, "meta") {
            let Some(content) = dom::attribute(&node, "content") else { continue };
            for key in ["property", "name", "itemprop", "http-equiv"].iter().filter_map(|key| dom::attribute(&node, key)) {
                found.entry(key.to_lowercase()).or_default().push(content.clone());
            }
        }
        Self(found)
    }

    pub fn all(&self, key: &str) -> &[String] {
        self.0.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.all(key).first().map(String::as_str)
    }

    fn lines(&self, keys: &[&str]) -> Vec<Line> {
        keys.iter().filter_map(|key| Line::new(self.get(key)?)).collect()
    }
}

/// The address that the page gives itself, as long as it is of the same site as the one it was fetched from.
fn address(document: &Document, meta: &Meta, described: &Described, known: Option<&WebUrl>) -> Option<WebUrl> {
    let absolute = |text: &str| known.map_or_else(|| WebUrl::parse(text), |known| known.join(text));
    let canonical = dom::named(document, "link").into_iter().find_map(|link| {
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

fn sites(meta: &Meta, described: &Described, page: Option<&WebUrl>) -> Vec<String> {
    let host = page.map(|page| page.host().trim_start_matches("www."));
    // `bank-post.example.org`: the name is the longest part.
    let label = host.and_then(|host| host.split('.').max_by_key(|label| label.len()));
    let named = [meta.get("og:site_name"), meta.get("application-name"), described.publisher.as_deref(), host, label];
    named.into_iter().flatten().map(words::key).filter(|key| !key.is_empty()).collect()
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
    let html = dom::first(document, "html");
    let html = html.and_then(|html| dom::attribute(&html, "lang").or_else(|| dom::attribute(&html, "xml:lang")));
    let named = [html.as_deref(), described.language.as_deref(), meta.get("content-language"), meta.get("og:locale")];
    named.into_iter().flatten().find_map(Language::parse)
}

/// Pictures that stand for the article, with absolute addresses; what stands for the site is left out.
fn images(document: &Document, meta: &Meta, described: Described, base: Option<&WebUrl>) -> Vec<Image> {
    let og = ["og:image:secure_url", "og:image", "twitter:image"].iter().find_map(|key| meta.get(key));
    let og = og.map(|url| Image { url: url.to_owned(), caption: None, credit: None });
    let absolute = |url: &str| base.map_or_else(|| WebUrl::parse(url), |base| base.join(url)).map(|url| url.to_string());
    let is_icon = |rel: &str| rel == "apple-touch-icon" || rel.split_ascii_whitespace().any(|rel| rel == "icon");
    let links = dom::named(document, "link");
    let icons = links.iter().filter(|link| dom::any_value(link, &["rel"], is_icon));
    let icons = icons.filter_map(|link| absolute(&dom::attribute(link, "href")?));
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
