//! Pages in small: what stands in them is kept or left for the reasons that [`super::sign`] lists.

use dom_query::Document;

use super::{Known, find};
use crate::domain::Line;
use crate::read::html::dom;

/// The text that is kept of a page whose title is its first `h1`.
fn kept(body: &str) -> String {
    let document = Document::from(format!("<html><body class='single comments-open has-sidebar'>{body}</body></html>"));
    let heading = dom::named(&document, "h1").into_iter().next();
    let title = heading.as_ref().and_then(|heading| Line::new(&heading.text()));
    let known = Known { heading: heading.map(|heading| heading.id), title: title.as_ref(), description: None };
    let mut nodes: Vec<_> = find(&document, known).into_iter().collect();
    nodes.sort_unstable();
    nodes.iter().filter_map(|id| document.tree.get(id)).map(|node| node.text().trim().to_owned()).collect::<Vec<_>>().join(" ")
}

/// A paragraph of some thirty words, told from others by its first.
fn prose(first: &str) -> String {
    format!(
        "<p>{first} the water rose in the night, and by the morning it had reached the lower market, where the traders \
         carried their cloth and their grain up to the old customs house.</p>"
    )
}

fn firsts(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(3).filter(|three| three[1..] == ["the", "water"]).map(|three| three[0]).collect()
}

#[test]
fn the_frame_of_a_page_is_left() {
    let page = format!(
        "<nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ul></nav><main><article><h1>The flood</h1>\
         <div class='byline date'>By Awa Sarr, 3 May</div><div class='article-body'>{}{}<h3>Downstream</h3>{}</div></article></main>\
         <footer><p>All the words of this site are its own, and none may be taken away without asking first.</p></footer>",
        prose("One"),
        prose("Two"),
        prose("Three")
    );
    let text = kept(&page);
    assert_eq!(firsts(&text), ["One", "Two", "Three"]);
    assert!(text.contains("Downstream") && !text.contains("Awa") && !text.contains("Home") && !text.contains("asking"), "{text}");
}

#[test]
fn what_readers_wrote_is_left_however_long_it_is() {
    let comment = format!("<li class=comment><div class=content>{}</div></li>", prose("Reader"));
    let comments = comment.repeat(20);
    let page = format!(
        "<div class=content><h1>The flood</h1><div class=entry-content>{}{}</div></div><ul id=comments>{comments}</ul>",
        prose("One"),
        prose("Two")
    );
    assert_eq!(firsts(&kept(&page)), ["One", "Two"]);
}

#[test]
fn another_article_below_is_left() {
    let other: String = (0..9).map(|_| prose("Other")).collect();
    let page = format!(
        "<main><article><h1>The flood</h1><div class=text>{}{}</div></article><article><h2>The drought</h2><div class=text>{other}</div></article></main>",
        prose("One"),
        prose("Two")
    );
    assert_eq!(firsts(&kept(&page)), ["One", "Two"]);
}

#[test]
fn a_text_in_several_containers_is_joined() {
    let page = format!(
        "<article><h1>The flood</h1><section><div class='chunk x1'>{}{}</div><aside class='newsletter-signup'><p>Sign up and never miss the river again.</p></aside>\
         <div class='chunk x1'>{}{}</div></section><section><div class='chunk x1'>{}</div></section></article>",
        prose("One"),
        prose("Two"),
        prose("Three"),
        prose("Four"),
        prose("Five")
    );
    let text = kept(&page);
    assert_eq!(firsts(&text), ["One", "Two", "Three", "Four", "Five"]);
    assert!(!text.contains("Sign up"));
}

#[test]
fn a_list_is_kept_whole_or_left_whole() {
    let page = format!(
        "<article><h1>The flood</h1><div class=article-body>{}<ul><li>The lower market, with all of its forty stalls and both of its wells.</li>\
         <li>The ferry.</li><li>The school by the mill, which had only been opened in the spring of this year.</li></ul>{}\
         <ul class=related-links><li><a href=/1>How the river was tamed in the time of our fathers</a></li><li><a href=/2>Ten rivers to see</a></li></ul>{}</div></article>",
        prose("One"),
        prose("Two"),
        prose("Three")
    );
    let text = kept(&page);
    assert!(text.contains("The ferry.") && text.contains("The school"), "{text}");
    assert!(!text.contains("tamed") && !text.contains("Ten rivers"), "{text}");
}

#[test]
fn a_page_without_an_article_keeps_nothing() {
    assert_eq!(kept("<ul><li><a href=/a>One</a></li><li><a href=/b>Two</a></li></ul>"), "");
    assert_eq!(kept(""), "");
}
