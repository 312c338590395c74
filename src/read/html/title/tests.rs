use super::*;
use crate::read::html::{metadata, tame};

#[track_caller]
fn case(markup: &str, title: &str) {
    let document = tame::parse(markup);
    let found = find(&document, &metadata::gather(&document, None));
    assert_eq!(found.text.as_ref().map_or("", Line::as_str), title, "{markup}");
}

#[test]
fn the_heading_that_is_confirmed() {
    case("<title>A river rises | The Bank</title><h1>The Bank</h1><h1>A river rises</h1>", "A river rises");
    case("<meta property=og:title content='A river is rising'><h1>A river is rising fast</h1>", "A river is rising fast");
    case(
        "<meta property=og:title content='A river is rising'><h1>Water A river is rising and nobody came to look at it</h1>",
        "A river is rising",
    );
    case("<title>A river - The Bank</title><meta property=og:site_name content='The Bank'>", "A river");
    case(
        "<meta property=og:title content='A river rises'><title>Water: A river rises</title><h1>Water: A river rises</h1>",
        "A river rises",
    );
    case("<meta property=og:title content='A river rises - Water'><p>A river rises</p>", "A river rises");
    case("<title>A river – slow and wide</title>", "A river – slow and wide");
    case("<title>Home</title>", "Home");
    case("<h1>Only this</h1>", "Only this");
    case("<p>none", "");
}

#[test]
fn the_heading_that_readers_see() {
    // The entry of a breadcrumb is written for search engines, with the headline below.
    case(
        "<meta property=og:title content='River: all the facts'><script type=application/ld+json>\
         {\"@type\":\"Article\",\"headline\":\"A river rises again\"}</script>\
         <ol><li><h1>River: all the facts</h1></ol><h2><span class=kicker>Water</span>A river rises again</h2>",
        "A river rises again",
    );
    case(
        "<meta property=og:title content='A river rises'><h1>Water <span class=sr-only>Report:</span>A river rises</h1>",
        "A river rises",
    );
    case("<meta property=og:title content='A river rises'><h1>A river <i aria-hidden=true>*</i>rises</h1>", "A river rises");
    // What the headline of the data and `og:title` share outweighs `<title>`.
    case(
        "<meta property=og:title content='It rises'><script type=application/ld+json>\
         {\"@type\":\"Article\",\"headline\":\"It rises\"}</script><title>River at Kolo today</title><h1>River at Kolo today</h1>",
        "It rises",
    );
    // A kicker in quotes that all but `<title>` hold is part of the title.
    case(
        "<meta property=og:title content='“Enough”: the river rises'><title>The river rises</title><h1>“Enough”: the river rises</h1>",
        "“Enough”: the river rises",
    );
}

#[test]
fn what_the_looks_set_apart_a_sign_sets_apart() {
    case(
        "<meta property=og:title content='High water: A river rises'><h1><span>High water</span> <span>A river rises</span></h1>",
        "High water: A river rises",
    );
    case(
        "<title>High water - A river rises</title><h2>Menu</h2><h1><b>High water</b> A river rises</h1>",
        "High water - A river rises",
    );
}

#[test]
fn a_section_behind_the_title_goes() {
    let section =
        "<meta property=og:title content='A river rises-Water | The Bank'><meta property=og:site_name content='The Bank'>";
    case(&format!("{section}<meta name=headline content='A river rises'>"), "A river rises");
    case(section, "A river rises-Water");
    case(&format!("<title>{}</title>", "a-".repeat(200_000)), &"a-".repeat(200_000));
}
