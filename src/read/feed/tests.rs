use super::*;
use crate::domain::Format;

fn page(text: &str) -> Page {
    Page { origin: "feed".into(), url: WebUrl::parse("https://river.example/feeds/all.xml"), format: Format::Feed, text: text.into() }
}

#[test]
fn compiles() {
    let feed = read(&page("<rss><channel><title>R</title><item><title>A</title></item></channel></rss>")).unwrap();
    assert_eq!(feed.items.len(), 1);
}
