use askama::Template;

use super::{Archived, Frame, Item, Line, PageError, PageWords, Site, WebUrl, json_ld};
use crate::domain::{self, Article, Block};
use crate::render::feed::{article_html, instant};
use crate::render::words::{Words, day};

#[derive(Template)]
#[template(path = "site/article.html")]
struct Page {
    frame: Frame,
    words: &'static Words,
    labels: &'static PageWords,
    item: Item,
    kicker: String,
    authors: Vec<String>,
    topics: Vec<String>,
    image: String,
    image_alt: String,
    /// When it was last changed, where it was.
    updated: String,
    /// The same in words, where it is another day than that of publication.
    updated_day: String,
    /// Safe HTML.
    body: String,
    /// JSON in which nothing can end the element that it stands in.
    json_ld: String,
    /// The host of the article's own address, where it has one.
    elsewhere: String,
}

/// The page of an article, with the whole of it.
pub fn article_page(archived: &Archived, site: Site) -> Result<String, PageError> {
    let publication = site.publication;
    let ordered = with_headings_in_order(archived);
    let article = &ordered.article;
    let language = &article.language;
    let known = [language, &publication.language];
    let path = domain::article_page(&archived.id);
    let mut frame = Frame::new(site, language, &path, &article.title, &article.excerpt());
    if let Some(url) = &article.url {
        frame.canonical = url.to_string();
    }
    let texts = |lines: &[Line]| lines.iter().map(Line::to_string).collect::<Vec<_>>();
    let first = article.figures().find(|figure| figure.src.is_some());
    let is_changed = archived.updated != archived.published;
    let (published_on, updated_on) =
        (archived.day(&publication.zone), archived.updated.to_zoned(publication.zone.clone()).date());
    let page = Page {
        words: Words::of(&known),
        labels: PageWords::of(&known),
        item: Item::new(archived, publication),
        kicker: texts(&article.topics).join(" · "),
        authors: texts(&article.authors),
        topics: texts(&article.topics),
        image: first.and_then(|figure| figure.src.as_ref()).map(WebUrl::to_string).unwrap_or_default(),
        image_alt: first.and_then(|figure| figure.alt.as_ref()).map(Line::to_string).unwrap_or_default(),
        updated: if is_changed { instant(archived.updated, publication) } else { String::new() },
        updated_day: if updated_on == published_on { String::new() } else { day(updated_on, language) },
        body: article_html(&ordered, publication),
        json_ld: json_ld::article(archived, publication, &frame.canonical)?,
        elsewhere: article.url.as_ref().map(|url| url.host().to_owned()).unwrap_or_default(),
        frame,
    };
    Ok(page.render()?)
}

/// The same article with no level of headings left out on the way down: who listens to a page finds a way by them.
fn with_headings_in_order(archived: &Archived) -> Archived {
    let mut above = 1;
    let body = archived.article.body.iter().cloned().map(|block| match block {
        Block::Heading { level, text } => {
            above = level.clamp(2, above + 1);
            Block::Heading { level: above, text }
        }
        other => other,
    });
    let body = body.collect();
    Archived { article: Article { body, ..archived.article.clone() }, ..archived.clone() }
}
