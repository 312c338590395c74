//! Tags that a show and an episode share, as the tables that a person would write for them.

use super::{Rows, is_yes, set};
use crate::domain::{Line, Written};
use crate::read::feed::xml::{Element, Space};

/// Tables of one kind that are read.
const MAX_TABLES: usize = 100;

/// Takes an element that says the same of a show and of an episode; `inner` is what was found in it.
pub(super) fn take(rows: &mut Rows, element: &Element, inner: &mut Vec<Written>) {
    let text = element.text.trim();
    match (element.space, element.name.as_str()) {
        (Space::Itunes, "author") => set(rows, "author", text),
        (Space::Itunes, "explicit") => match text.to_ascii_lowercase().as_str() {
            "yes" | "true" | "explicit" => drop(rows.insert("explicit".to_owned(), Written::Flag(true))),
            "no" | "false" | "clean" => drop(rows.insert("explicit".to_owned(), Written::Flag(false))),
            _ => {}
        },
        (Space::Itunes, "block") if is_yes(text) => drop(rows.insert("block".to_owned(), Written::Flag(true))),
        (Space::Podcast, name) => {
            if let Some((key, mut table)) = table(name, element) {
                if name == "value" {
                    table.insert("recipients".to_owned(), Written::List(std::mem::take(inner)));
                }
                match key {
                    // It can be said once only.
                    "license" if rows.contains_key(key) => {}
                    "license" => drop(rows.insert(key.to_owned(), Written::Table(table))),
                    _ => push(rows, key, Written::Table(table)),
                }
            }
        }
        _ => {}
    }
}

/// The key of a tag, and its table.
fn table(name: &str, element: &Element) -> Option<(&'static str, Rows)> {
    // The key, the key of the text, and those of the attributes.
    let (key, text, attributes): (_, _, &[(&str, &str)]) = match name {
        "person" => ("persons", "name", &[("role", "role"), ("group", "group"), ("image", "img"), ("url", "href")]),
        "location" => ("locations", "name", &[("rel", "rel"), ("geo", "geo"), ("osm", "osm"), ("country", "country")]),
        "license" => ("license", "name", &[("url", "url")]),
        "funding" => ("funding", "text", &[("url", "url")]),
        "txt" => ("txt", "text", &[("purpose", "purpose")]),
        "contentLink" => ("links", "text", &[("url", "href")]),
        "soundbite" => ("soundbites", "title", &[("start", "startTime"), ("length", "duration")]),
        "socialInteract" => {
            ("social", "", &[("protocol", "protocol"), ("url", "uri"), ("account", "accountId"), ("account_url", "accountUrl")])
        }
        "value" => ("value", "", &[("type", "type"), ("method", "method"), ("suggested", "suggested")]),
        _ => return None,
    };
    let mut rows = attributes_of(element, attributes);
    if !text.is_empty() {
        set(&mut rows, text, &element.text);
    }
    Some((key, rows))
}

pub(super) fn recipient(element: &Element) -> Written {
    let keys = [
        ("name", "name"),
        ("type", "type"),
        ("address", "address"),
        ("split", "split"),
        ("custom_key", "customKey"),
        ("custom_value", "customValue"),
    ];
    let mut rows = attributes_of(element, &keys);
    if element.attribute("fee") == Some("true") {
        rows.insert("fee".to_owned(), Written::Flag(true));
    }
    Written::Table(rows)
}

fn attributes_of(element: &Element, keys: &[(&str, &str)]) -> Rows {
    let value = |name: &str| Line::new(element.attribute(name)?).map(|line| Written::Text(line.to_string()));
    keys.iter().filter_map(|(key, name)| Some(((*key).to_owned(), value(name)?))).collect()
}

/// Puts a value at the end of a list.
pub(super) fn push(rows: &mut Rows, key: &str, value: Written) {
    let list = rows.entry(key.to_owned()).or_insert_with(|| Written::List(Vec::new()));
    if let Written::List(list) = list
        && list.len() < MAX_TABLES
    {
        list.push(value);
    }
}
