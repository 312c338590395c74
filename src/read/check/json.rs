//! JSON Feed 1.1 (jsonfeed.org/version/1.1).

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::enclosures::own_file;
use super::rules::{date, feed, json, podcast, text};
use super::spans::Span;
use super::values::Value;
use super::{Check, Kind, called, dates, html, links, plain};
use crate::domain::{WebUrl, is_xml_char, quoted};

/// What a key has to hold.
#[derive(Clone, Copy)]
enum Shape {
    Text(Value),
    Boolean,
    Number,
    Texts,
    Object(&'static [Key]),
    Objects(&'static [Key]),
}

/// A key, whether it has to be there, and what it holds.
type Key = (&'static str, bool, Shape);

const WEB: Shape = Shape::Text(Value::Web);
const SOME: Shape = Shape::Text(Value::Some);
const ANY: Shape = Shape::Text(Value::Any);

const AUTHOR: &[Key] = &[("name", false, SOME), ("url", false, Shape::Text(Value::Uri)), ("avatar", false, WEB)];

const FEED: &[Key] = &[
    ("version", true, ANY),
    ("title", true, SOME),
    ("home_page_url", false, WEB),
    ("feed_url", false, WEB),
    ("description", false, ANY),
    ("user_comment", false, ANY),
    ("next_url", false, WEB),
    ("icon", false, WEB),
    ("favicon", false, WEB),
    ("author", false, Shape::Object(AUTHOR)),
    ("authors", false, Shape::Objects(AUTHOR)),
    ("language", false, Shape::Text(Value::Language)),
    ("expired", false, Shape::Boolean),
    ("hubs", false, Shape::Objects(&[("type", true, SOME), ("url", true, WEB)])),
    ("items", true, Shape::Objects(ITEM)),
];

const ITEM: &[Key] = &[
    ("id", true, SOME),
    ("url", false, WEB),
    ("external_url", false, WEB),
    ("title", false, SOME),
    ("content_html", false, ANY),
    ("content_text", false, ANY),
    ("summary", false, ANY),
    ("image", false, WEB),
    ("banner_image", false, WEB),
    ("date_published", false, Shape::Text(Value::Rfc3339)),
    ("date_modified", false, Shape::Text(Value::Rfc3339)),
    ("author", false, Shape::Object(AUTHOR)),
    ("authors", false, Shape::Objects(AUTHOR)),
    ("tags", false, Shape::Texts),
    ("language", false, Shape::Text(Value::Language)),
    (
        "attachments",
        false,
        Shape::Objects(&[
            ("url", true, WEB),
            ("mime_type", true, Shape::Text(Value::MediaType)),
            ("title", false, SOME),
            ("size_in_bytes", false, Shape::Number),
            ("duration_in_seconds", false, Shape::Number),
        ]),
    ),
];

/// Checks a text that looks like JSON.
pub(super) fn check(check: &mut Check, content: &str) {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(content) {
        let line: usize = content.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = (line + error.column().saturating_sub(1)).min(content.len());
        let why = error.to_string();
        return check.find(&json::MALFORMED, at, why.split(" at line ").next().unwrap_or_default());
    }
    let root = Span::whole(content);
    let members = root.members();
    let text_of = |key: &str| members.iter().find(|(name, _)| name == key).map(|(_, value)| (*value, value.string()));
    let version = text_of("version").and_then(|(_, version)| version);
    if !root.is_object() || (version.is_none() && text_of("items").is_none()) {
        return check.find(&feed::UNKNOWN, root.at, "it is JSON, but no JSON Feed");
    }
    check.kind = Some(Kind::Json);
    if check.podcast {
        check.find(&podcast::NO_RSS, root.at, "the podcast is JSON Feed");
    }
    let known = ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"];
    if let Some(version) = version.filter(|version| !known.contains(&version.as_str())) {
        let at = text_of("version").map_or(0, |(span, _)| span.at);
        check.find(&json::VERSION, at, format!("there is no version {}", quoted(&version)));
    }
    object(check, root, "the feed", FEED);
    match text_of("feed_url") {
        Some((span, Some(href))) => {
            links::own_address(check, &href, span.at);
            if let Some((next, Some(_))) = text_of("next_url").filter(|(_, next)| next.as_deref() == Some(&*href)) {
                check.find(&json::LOOP, next.at, "the next page is the feed itself");
            }
        }
        _ => check.find(&feed::SELF_MISSING, root.at, "the feed does not say its own address (`feed_url`)"),
    }
    if text_of("home_page_url").is_none() {
        check.find(&json::HEAD, root.at, "the feed does not say where its home page is");
    }
    if text_of("language").is_none() {
        check.find(&feed::LANGUAGE_MISSING, root.at, "the feed does not say its language");
    }
    let items = text_of("items").map(|(items, _)| items.values()).unwrap_or_default();
    check.items = items.len();
    if items.is_empty() {
        check.find(&feed::EMPTY, root.at, "there are no items");
    }
    let mut ids = BTreeMap::new();
    for (number, item) in (1..).zip(items) {
        check_item(check, item, number, &mut ids);
    }
}

/// Holds an object to its keys.
fn object(check: &mut Check, span: Span, called: &str, keys: &[Key]) {
    let members = span.members();
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &members {
        if seen.contains(&name.as_str()) {
            check.find(&json::REPEATED, value.at, format!("{called} has two `{}`", quoted(name).trim_matches('`')));
        } else if seen.len() < 100 {
            seen.push(name);
        }
        match keys.iter().find(|(known, ..)| known == name) {
            Some((_, _, shape)) => check_shape(check, *value, name, called, *shape),
            // What begins so are names of one's own; of objects in them nothing is known.
            None if name.starts_with('_') => {}
            None => check.find(&json::UNKNOWN, value.at, format!("{called} has a key {}", quoted(name))),
        }
    }
    for (key, ..) in keys.iter().filter(|(key, is_required, _)| *is_required && !seen.contains(key)) {
        check.find(&json::LACKS, span.at, format!("{called} has no `{key}`"));
    }
}

fn check_shape(check: &mut Check, value: Span, key: &str, called: &str, shape: Shape) {
    let expected = match shape {
        Shape::Text(kind) if value.is_string() => return check_text(check, value, key, called, kind),
        Shape::Text(_) if key == "id" && value.is_number() => {
            return check.find(&json::ID_NUMBER, value.at, format!("the id of {called} is the number {}", quoted(value.text)));
        }
        Shape::Text(_) => "text in quotes",
        Shape::Boolean if matches!(value.text, "true" | "false") => return,
        Shape::Boolean => "true or false",
        Shape::Number if value.is_number() => return,
        Shape::Number => "a number",
        Shape::Texts if value.is_array() => {
            for one in value.values() {
                check_shape(check, one, key, called, SOME);
            }
            return;
        }
        Shape::Texts => "a list of texts",
        Shape::Object(keys) if value.is_object() => {
            if key == "author" {
                check.find(&json::OUTDATED, value.at, format!("{called} has `author`"));
            }
            return object(check, value, &format!("the {key} of {called}"), keys);
        }
        Shape::Object(_) => "an object",
        Shape::Objects(keys) if value.is_array() => {
            // Items are looked at one by one, with their numbers.
            for one in value.values().into_iter().filter(|_| key != "items") {
                if one.is_object() {
                    object(check, one, &format!("one of `{key}` of {called}"), keys);
                } else {
                    check.find(&json::TYPE, one.at, format!("`{key}` of {called} holds objects, not {}", quoted(one.text)));
                }
            }
            return;
        }
        Shape::Objects(_) => "a list of objects",
    };
    check.find(&json::TYPE, value.at, format!("`{key}` of {called} is {expected}, not {}", quoted(value.text)));
}

fn check_text(check: &mut Check, value: Span, key: &str, called: &str, kind: Value) {
    let Some(content) = value.string() else {
        return check.find(&json::CHARACTER, value.at, format!("`{key}` of {called} has half a character"));
    };
    if let Some(c) = content.chars().find(|c| !is_xml_char(*c)) {
        check.find(&json::CHARACTER, value.at, format!("`{key}` of {called} has the character U+{:04X}", u32::from(c)));
    }
    if content.trim().is_empty() && kind != Value::Any {
        return check.find(&text::BLANK, value.at, format!("`{key}` of {called} is blank"));
    }
    for (own, why) in kind.wrong(&content) {
        check.find(own.unwrap_or(&json::VALUE), value.at, format!("`{key}` of {called}: {why}"));
    }
    plain::broken(check, &content, value.at);
    match key {
        "title" | "summary" | "description" | "name" | "tags" => plain::line(check, key, &content, value.at),
        "content_html" => html::at(check, &content, value.at),
        _ => {}
    }
}

fn check_item(check: &mut Check, item: Span, number: usize, ids: &mut BTreeMap<String, usize>) {
    if !item.is_object() {
        return check.find(&json::TYPE, item.at, format!("item {number} is an object, not {}", quoted(item.text)));
    }
    let members = item.members();
    let find = |key: &str| members.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
    let title = find("title").and_then(Span::string);
    let called = called(number, title.as_deref());
    object(check, item, &called, ITEM);
    if let Some(id) = find("id") {
        let text = id.string().unwrap_or_else(|| id.text.to_owned());
        if let Some(other) = ids.insert(text.trim().to_owned(), number) {
            check.find(&json::ID_REPEATED, id.at, format!("{called} has the id of item {other}, {}", quoted(&text)));
        }
    }
    if find("content_html").is_none() && find("content_text").is_none() {
        check.find(&json::CONTENT, item.at, format!("{called} has neither content_html nor content_text"));
    }
    if find("date_published").is_none() && find("date_modified").is_none() {
        check.find(&date::MISSING, item.at, format!("{called} has no date"));
    }
    for key in ["date_published", "date_modified"] {
        let instant = find(key).and_then(Span::string).and_then(|text| dates::rfc3339(&text).0);
        if let Some((rule, what)) = instant.and_then(|instant| dates::plausible(instant, check.known.now)) {
            check.find(rule, find(key).map_or(item.at, |span| span.at), format!("`{key}` of {called}: {what}"));
        }
    }
    for attachment in find("attachments").map(Span::values).unwrap_or_default() {
        let members = attachment.members();
        let find = |key: &str| members.iter().find(|(name, _)| name == key).map(|(_, value)| *value);
        if let Some(url) = find("url").and_then(Span::string).and_then(|url| WebUrl::parse(&url)) {
            let length = find("size_in_bytes").and_then(|size| size.text.parse().ok());
            let kind = find("mime_type").and_then(Span::string);
            own_file(check, &url, length, kind.as_deref(), attachment.at);
        }
    }
}
