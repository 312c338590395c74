//! `feed-rs-witness FILE...` prints for each feed what feed-rs reads in it, as one JSON array.

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut feeds = Vec::new();
    for file in std::env::args_os().skip(1) {
        let feed = feed_rs::parser::parse(std::io::BufReader::new(std::fs::File::open(&file)?))?;
        let items: Vec<Value> = feed.entries.into_iter().map(item).collect();
        feeds.push(json!({
            "kind": format!("{:?}", feed.feed_type),
            "title": feed.title.map(|title| title.content),
            "items": items,
        }));
    }
    println!("{}", Value::from(feeds));
    Ok(())
}

fn item(entry: feed_rs::model::Entry) -> Value {
    json!({
        "id": entry.id,
        "title": entry.title.map(|title| title.content),
        "authors": entry.authors.into_iter().map(|author| author.name).collect::<Vec<_>>(),
        "published": entry.published.map(|published| published.timestamp()),
        "updated": entry.updated.map(|updated| updated.timestamp()),
        "topics": entry.categories.into_iter().map(|category| category.term).collect::<Vec<_>>(),
        "links": entry.links.into_iter().filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate")).map(|link| link.href).collect::<Vec<_>>(),
        "content": entry.content.and_then(|content| content.body),
        "media": entry.media.into_iter().flat_map(|media| media.content).filter_map(|content| content.url).map(String::from).collect::<Vec<_>>(),
    })
}
