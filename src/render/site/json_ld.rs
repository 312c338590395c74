//! What a page tells search engines of its article (schema.org, `NewsArticle`).

use serde::Serialize;

use super::{Archived, Line, PageError, Publication, WebUrl};
use crate::render::feed::instant;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewsArticle<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    main_entity_of_page: &'a str,
    headline: &'a str,
    description: String,
    date_published: String,
    date_modified: String,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    editor: Vec<Named<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
    publisher: Named<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<&'a str>,
}

/// The article as JSON in which nothing can end the element that it stands in.
pub(super) fn article(archived: &Archived, publication: &Publication, canonical: &str) -> Result<String, PageError> {
    let article = &archived.article;
    let told = NewsArticle {
        context: "https://schema.org",
        kind: "NewsArticle",
        main_entity_of_page: canonical,
        headline: article.title.as_str(),
        description: article.excerpt().to_string(),
        date_published: instant(archived.published, publication),
        date_modified: instant(archived.updated, publication),
        in_language: article.language.as_str(),
        image: article.figures().filter_map(|figure| figure.src.as_ref()).map(WebUrl::as_str).collect(),
        author: people(&article.authors),
        editor: people(&article.editors),
        keywords: article.topics.iter().map(Line::as_str).collect(),
        publisher: Named {
            kind: "NewsMediaOrganization",
            name: publication.title.as_str(),
            url: Some(publication.home.as_str()),
            logo: publication.image.as_ref().map(WebUrl::as_str),
        },
    };
    // The element ends at the first `</script`, whatever stands in it; and `<!--` makes `<script` count too.
    Ok(serde_json::to_string(&told)?.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

fn people(names: &[Line]) -> Vec<Named<'_>> {
    names.iter().map(|name| Named { kind: "Person", name: name.as_str(), url: None, logo: None }).collect()
}
