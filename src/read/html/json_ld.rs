//! What a page says of itself in schema.org terms.

use dom_query::Document;
use serde_json::{Map, Value};

use super::{dom, tame};
use crate::domain::{Line, fold};
use crate::read::picture;

/// The article among the objects of a page.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub headline: Option<Line>,
    /// Another headline of the same article.
    pub alternative: Option<Line>,
    pub authors: Vec<String>,
    pub publisher: Option<String>,
    /// Addresses of the publisher's logo.
    pub logos: Vec<String>,
    pub editors: Vec<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub description: Option<Line>,
    pub images: Vec<Image>,
    pub sections: Vec<String>,
    pub keywords: Vec<String>,
    pub language: Option<String>,
    pub url: Option<String>,
    /// The text of the article: short of its headings, and sometimes of its end.
    pub text: Option<String>,
}

/// A picture as the page describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Image {
    pub url: String,
    pub caption: Option<Line>,
    pub credit: Option<Line>,
}

/// Objects looked at; a page has a handful.
const MAX_OBJECTS: usize = 2000;

/// Reads all `application/ld+json` scripts; what does not parse is passed over.
pub(super) fn read(document: &Document) -> Option<Described> {
    let scripts = dom::named(document, "script");
    // No other scripts are left ([`tame`]).
    let values: Vec<Value> = scripts.iter().filter_map(|script| parse(&script.text())).collect();
    let mut objects = Vec::new();
    for value in &values {
        collect(value, &mut objects);
    }
    let rank = |object: &&Map<String, Value>| {
        let fields = ["headline", "datePublished", "author", "description"];
        fields.iter().filter(|field| object.contains_key(**field)).count()
    };
    // The first of the fullest: teasers of other articles are shorter, and come later.
    let articles = objects.iter().copied().filter(|object| is_article(object));
    let article = articles.rev().max_by_key(rank)?;
    Some(describe(article, &objects))
}

/// JSON as found: some pages break lines inside strings, or leave a semicolon or a comment around it.
fn parse(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim_end_matches(';').trim();
    let spaced = || text.replace(|c: char| c.is_control(), " ");
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&spaced())).ok()
}

/// Objects at the top, in arrays, in `@graph`, and what a page is mainly about.
fn collect<'a>(value: &'a Value, objects: &mut Vec<&'a Map<String, Value>>) {
    if objects.len() >= MAX_OBJECTS {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, objects)),
        Value::Object(object) => {
            objects.push(object);
            for inner in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(value) = object.get(inner) {
                    collect(value, objects);
                }
            }
        }
        _ => {}
    }
}

fn is_article(object: &Map<String, Value>) -> bool {
    let named = |kind: &str| {
        let kind = kind.rsplit('/').next().unwrap_or(kind);
        kind.ends_with("Article")
            || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report" | "SocialMediaPosting" | "OpinionPiece")
    };
    strings(object.get("@type")).iter().any(|kind| named(kind))
}

fn describe(article: &Map<String, Value>, objects: &[&Map<String, Value>]) -> Described {
    let text = |key: &str| strings(article.get(key)).into_iter().next().map(|text| unescaped(&text));
    Described {
        headline: text("headline").or_else(|| text("name")).and_then(|text| Line::new(&text)),
        alternative: text("alternativeHeadline").and_then(|text| Line::new(&text)),
        editors: named(article.get("editor"), objects),
        authors: named(article.get("author").or_else(|| article.get("creator")), objects),
        publisher: named(article.get("publisher"), objects).into_iter().next(),
        logos: logos(article, objects),
        published: text("datePublished").or_else(|| text("dateCreated")),
        modified: text("dateModified"),
        description: text("description").and_then(|text| Line::new(&text)),
        images: images(article.get("image"), objects),
        sections: strings(article.get("articleSection")).iter().map(|text| unescaped(text)).collect(),
        keywords: strings(article.get("keywords")).iter().map(|text| unescaped(text)).collect(),
        language: text("inLanguage"),
        url: text("url"),
        text: strings(article.get("articleBody")).into_iter().next(),
    }
}

/// Names in a value: a text, or objects with a name.
fn named(value: Option<&Value>, objects: &[&Map<String, Value>]) -> Vec<String> {
    match value {
        Some(Value::String(name)) => vec![unescaped(name)],
        Some(Value::Array(values)) => values.iter().take(50).flat_map(|value| named_flat(value, objects)).collect(),
        Some(value) => named_flat(value, objects),
        None => Vec::new(),
    }
}

fn named_flat(value: &Value, objects: &[&Map<String, Value>]) -> Vec<String> {
    match value {
        Value::String(name) => vec![unescaped(name)],
        Value::Object(object) => {
            let object = resolved(object, "name", objects);
            strings(object.get("name")).iter().map(|name| unescaped(name)).collect()
        }
        _ => Vec::new(),
    }
}

/// The object that `{"@id": ..}` stands for, where it lacks what is looked for.
fn resolved<'a>(object: &'a Map<String, Value>, key: &str, objects: &[&'a Map<String, Value>]) -> &'a Map<String, Value> {
    match object.get("@id") {
        Some(id) if !object.contains_key(key) => {
            objects.iter().find(|other| other.get("@id") == Some(id) && other.contains_key(key)).copied().unwrap_or(object)
        }
        _ => object,
    }
}

fn logos(article: &Map<String, Value>, objects: &[&Map<String, Value>]) -> Vec<String> {
    let publishers = match article.get("publisher") {
        Some(Value::Array(publishers)) => publishers.as_slice(),
        Some(publisher) => std::slice::from_ref(publisher),
        None => &[],
    };
    let logo =
        |publisher: &Value| images(resolved(publisher.as_object()?, "logo", objects).get("logo"), objects).into_iter().next();
    publishers.iter().filter_map(logo).map(|image| image.url).collect()
}

fn images(value: Option<&Value>, objects: &[&Map<String, Value>]) -> Vec<Image> {
    match value {
        Some(Value::String(url)) => vec![Image { url: url.clone(), ..Image::default() }],
        Some(Value::Array(values)) => {
            values.iter().take(50).filter(|value| !value.is_array()).flat_map(|value| images(Some(value), objects)).collect()
        }
        Some(Value::Object(object)) => {
            let object = resolved(object, "url", objects);
            let line = |key: &str| strings(object.get(key)).first().and_then(|text| Line::new(&unescaped(text)));
            let url = strings(object.get("url").or_else(|| object.get("contentUrl"))).into_iter().next();
            let (said, by) = line("caption").map(|caption| picture::describe(caption.as_str())).unwrap_or_default();
            // Who took the picture stands in any of these; the holder of the rights is often the publisher.
            let named =
                ["creditText", "author", "creator", "copyrightNotice", "copyrightHolder"].iter().find_map(|key| line(key));
            let credit = named.and_then(|text| picture::credit(text.as_str())).or(by);
            url.map(|url| Image { url, caption: said, credit }).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The texts of a value: a text, or those in an array, or the names or values of objects.
fn strings(value: Option<&Value>) -> Vec<String> {
    let single = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => ["name", "@value", "@id"].iter().find_map(|key| object.get(*key)?.as_str()).map(str::to_owned),
        _ => None,
    };
    match value {
        Some(Value::Array(values)) => values.iter().take(200).filter_map(single).collect(),
        Some(value) => single(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Text in which entities and tags were left, as many publishing systems do.
fn unescaped(text: &str) -> String {
    if text.contains(['&', '<']) && text.len() < 10_000 { fold(&tame::parse(text).text()) } else { fold(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(json: &str) -> Option<Described> {
        read(&tame::parse(&format!("<script type=application/ld+json>{json}</script>")))
    }

    #[test]
    fn articles_are_found_wherever_they_stand() {
        let article = r##"{"@type":["NewsArticle"],"headline":"It&#39;s up","author":[{"@id":"#a"},{"@type":"Organization","name":"Desk"}],
            "image":{"url":"https://e.org/a.jpg","caption":"A dam","creditText":"Ben Okri"},"publisher":{"name":"Bank Post","logo":{"url":"/l.png"}},"articleSection":["Water"]}"##;
        let graph =
            format!(r##"{{"@graph":[{{"@type":"WebPage"}},{{"@type":"Person","@id":"#a","name":"Ada Lum"}},{article}]}}"##);
        let found = from(&graph).unwrap();
        assert_eq!(found.headline.unwrap().as_str(), "It's up");
        assert_eq!(found.authors, ["Ada Lum", "Desk"]);
        assert_eq!(found.logos, ["/l.png"]);
        assert_eq!(found.images[0].credit.as_ref().unwrap().as_str(), "Ben Okri");
        assert!(from(&format!("[[{article}]]")).is_some());
        assert!(from(&format!("{{\"@type\":\"WebPage\",\"mainEntity\":{article}}};")).is_some());
    }

    #[test]
    fn pictures_say_who_took_them() {
        let image = |json: &str| from(&format!(r#"{{"@type":"Article","image":{json}}}"#)).unwrap().images.remove(0);
        let found = image(r#"{"url":"https://e.org/a.jpg","caption":"A dam. Photo: Ada Lum"}"#);
        assert_eq!((found.caption.unwrap().as_str(), found.credit.unwrap().as_str()), ("A dam.", "Ada Lum"));
        let found = image(r#"{"url":"https://e.org/a.jpg","author":{"@type":"Person","name":"Ada Lum"}}"#);
        assert_eq!(found.credit.unwrap().as_str(), "Ada Lum");
    }

    #[test]
    fn broken_and_hostile_json_is_passed_over() {
        assert!(from("{").is_none());
        assert!(from(&"[".repeat(100_000)).is_none());
        assert!(from(r#"{"@type":"Article","author":{"@id":"x"},"image":[[[]]],"headline":7}"#).is_some());
        assert_eq!(from("{\"@type\":\"Article\",\"headline\":\"two\nlines\"}").unwrap().headline.unwrap().as_str(), "two lines");
    }
}
