use serde_json::{Value, json};

use crate::harness::{Desk, SAMPLE};
use crate::servers::pages;

fn object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn without_html(mut value: Value) -> Value {
    for block in value["body"].as_array_mut().unwrap() {
        block.as_object_mut().unwrap().remove("html");
    }
    value
}

/// The blocks as `kind: text`, for cases in which only their order matters.
fn outline(value: &Value) -> Vec<String> {
    let text = |block: &Value| {
        block["text"].as_str().or(block["caption"].as_str()).unwrap_or_default().chars().take(24).collect::<String>()
    };
    value["body"]
        .as_array()
        .unwrap()
        .iter()
        .map(|block| format!("{}: {}", block["kind"].as_str().unwrap(), text(block)))
        .collect()
}

#[test]
fn a_page_pasted_from_a_site_is_understood_to_the_last_credit() {
    let desk = Desk::bare();
    desk.write("page.txt", SAMPLE);
    let read = without_html(object(&desk.done(&["read", "--json", "page.txt"])));
    let expected = object(include_str!("../fixtures/sample-page.json"));
    assert_eq!(read, expected, "{read:#}");
}

const SAVED: &str = r#"<!doctype html>
<html lang="fr"><head><meta charset="utf-8">
<title>Le fleuve monte | Le Bureau</title>
<link rel="canonical" href="https://www.example.org/fleuve">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Le fleuve monte",
"author":[{"@type":"Person","name":"Ada Keita"},{"@type":"Person","name":"Ba Traoré"}],
"datePublished":"2026-03-04T07:30:00+01:00","dateModified":"2026-03-04T09:00:00+01:00"}</script></head>
<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>Le fleuve monte</h1>
<p>Par <a rel="author" href="/ada">Ada Keita</a> et Ba Traoré</p>
<p>Le Niger a monté de deux mètres en une nuit, et les bacs restent à quai depuis hier soir.</p>
<figure><img src="/img/bac.jpg" alt="Un bac à quai" width="1200" height="800"><figcaption>Le bac de Mopti. Photo : Chaka Diarra/Agence Exemple</figcaption></figure>
<p>Le capitaine du port dit qu’il n’a pas vu <a href="/crues">une telle crue</a> en vingt ans de service dans la ville.</p>
<h2>Le marché déménage</h2>
<p>Les commerçantes ont monté leurs étals sur la place haute, où elles attendent les clients depuis l’aube.</p>
<ul><li>Les écoles restent fermées jusqu’à lundi.</li><li>Le bus passe par la route du sud.</li></ul>
<script>alert(1)</script></article></main>
<footer><p>© Le Bureau</p></footer></body></html>"#;

#[test]
fn a_saved_page_keeps_its_structure_and_its_credits() {
    let desk = Desk::bare();
    desk.write("page.html", SAVED);
    let read = object(&desk.done(&["read", "--json", "page.html"]));
    assert_eq!(read["format"], "html");
    assert_eq!(read["title"], "Le fleuve monte");
    assert_eq!(read["authors"], json!(["Ada Keita", "Ba Traoré"]));
    assert_eq!(read["published"], "2026-03-04T07:30:00+01:00");
    assert_eq!(read["updated"], "2026-03-04T09:00:00+01:00");
    assert_eq!(read["url"], "https://www.example.org/fleuve");
    assert_eq!(read["language"], "fr");
    assert_eq!(
        outline(&read),
        [
            "paragraph: Le Niger a monté de deux",
            "figure: Le bac de Mopti.",
            "paragraph: Le capitaine du port dit",
            "heading: Le marché déménage",
            "paragraph: Les commerçantes ont mon",
            "list: ",
        ]
    );
    let figure = &read["body"][1];
    assert_eq!(figure["src"], "https://www.example.org/img/bac.jpg");
    assert_eq!((&figure["alt"], &figure["credit"]), (&json!("Un bac à quai"), &json!("Chaka Diarra/Agence Exemple")));
    assert!(read["body"][2]["html"].as_str().unwrap().contains("<a href=\"https://www.example.org/crues\">une telle crue</a>"));
    assert!(!read.to_string().contains("alert(1)"));
}

const MARKDOWN: &str = "\
---
title: \"The river: a diary\"
date: 2026-03-04
author: [Ada Keita, Ba Traore]
tags:
  - Rivers
url: https://www.example.org/diary
lang: en
---

It rose again **this morning**, as [the harbour](https://www.example.org/harbour) had warned.

## At noon

- The ferry stays at the quay.
- The market has moved.

> We have seen worse.

![A boat](https://www.example.org/boat.jpg \"The last ferry\")
";

#[test]
fn markdown_with_front_matter_is_an_article() {
    let desk = Desk::bare();
    desk.write("diary.md", MARKDOWN);
    let read = object(&desk.done(&["read", "--json", "diary.md"]));
    assert_eq!(read["format"], "markdown");
    assert_eq!(read["title"], "The river: a diary");
    assert_eq!(read["authors"], json!(["Ada Keita", "Ba Traore"]));
    assert_eq!((&read["published"], &read["topics"]), (&json!("2026-03-04"), &json!(["Rivers"])));
    assert_eq!(
        outline(&read),
        [
            "paragraph: It rose again this morni",
            "heading: At noon",
            "list: ",
            "quote: We have seen worse.",
            "figure: The last ferry"
        ]
    );
    assert_eq!(
        read["body"][0]["html"],
        "It rose again <strong>this morning</strong>, as <a href=\"https://www.example.org/harbour\">the harbour</a> had warned."
    );
}

#[test]
fn standard_input_is_a_source() {
    let desk = Desk::bare();
    let ran = desk.griot_with_input(&["read", "--json", "-"], SAMPLE.as_bytes());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(object(&ran.stdout)["title"], "Mali: What follows the army's return to Kidal?");
    let ran = desk.griot_with_input(&["read", "--json", "-", "--format", "markdown"], MARKDOWN.as_bytes());
    assert_eq!(object(&ran.stdout)["title"], "The river: a diary");
}

#[test]
fn a_url_is_a_source_but_not_one_inside_of_the_house() {
    let url = pages::serve("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8", SAVED);
    let desk = Desk::new();
    let ran = desk.griot(&["publish", &url]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("`127.0.0.1` is at the private address 127.0.0.1"), "{}", ran.stderr);
    let desk = Desk::with_config("[fetch]\nallow_hosts = [\"127.0.0.1\"]\n");
    let read = object(&desk.done(&["read", "--json", &url]));
    assert_eq!(read["title"], "Le fleuve monte");
    assert!(desk.done(&["publish", &url]).starts_with("new       2026-03-04-le-fleuve-monte  Le fleuve monte\n"));
}

#[test]
fn several_sources_are_an_array_and_one_that_fails_is_an_error_in_it() {
    let desk = Desk::bare();
    desk.write("page.txt", SAMPLE);
    let ran = desk.griot(&["read", "--json", "page.txt", "missing.txt", "page.txt"]);
    assert_eq!(ran.code, 1);
    let array = object(&ran.stdout);
    assert_eq!(array.as_array().unwrap().len(), 3);
    assert_eq!(array[0], array[2]);
    assert_eq!((&array[0]["source"], &array[0]["format"]), (&json!("page.txt"), &json!("text")));
    assert_eq!((&array[1]["source"], &array[1]["error"]), (&json!("missing.txt"), &json!("`missing.txt` does not exist")));
    assert!(ran.stderr.starts_with("error: `missing.txt` does not exist\n"), "{}", ran.stderr);
}

#[test]
fn several_cards_name_their_sources_and_come_in_order() {
    let desk = Desk::bare();
    desk.write("a.md", "# The river rises\n\nBy Awa Sarr, 3 May 2026\n\nThe ferries stay at the quay.\n");
    desk.write("b.md", "# The market moves\n\nThe stalls stand on the upper square.\n");
    let ran = desk.griot(&["read", "a.md", "missing.md", "b.md"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.starts_with("error: `missing.md` does not exist\n"), "{}", ran.stderr);
    let expected = "\
source     a.md
title      The river rises
topics     -
authors    Awa Sarr
editors    -
published  2026-05-03
url        -
language   -
summary    -

paragraph  The ferries stay at the quay.

source     b.md
title      The market moves
topics     -
authors    -
editors    -
published  -
url        -
language   -
summary    -

paragraph  The stalls stand on the upper square.

missing    no date of publication: add `date: 2026-03-04` to the front matter
";
    assert_eq!(ran.stdout, expected);
}
