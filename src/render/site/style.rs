//! The two stylesheets: of the pages, and of the feeds that a browser shows as they are.

use crate::domain::{Colour, Publication};

use super::words::PageWords;

/// The grounds by day and by night, as in the stylesheets: the accent has to be readable on them.
const DAY: [Colour; 2] = [Colour::new(0xff, 0xfd, 0xf9), Colour::new(0xf6, 0xef, 0xe3)];
const NIGHT: [Colour; 2] = [Colour::new(0x1b, 0x18, 0x15), Colour::new(0x29, 0x24, 0x1f)];

const PAGES: &str = include_str!("../../../templates/site/page.css");
const FEEDS: &str = include_str!("../../../templates/site/feed.css");

/// The colours of links, which are the desk's own where they can be read.
fn links(accent: Colour) -> String {
    let (day, night) = (accent.readable_on(&DAY), accent.readable_on(&NIGHT));
    format!(":root{{--link:{day}}}\n@media (prefers-color-scheme:dark){{:root{{--link:{night}}}}}\n")
}

/// The stylesheet of all pages.
pub fn page_style(accent: Colour) -> String {
    format!("{}{PAGES}", links(accent))
}

/// The stylesheet of the feeds. The words that it adds are griot's own: nothing that was read stands in it.
pub fn feed_style(publication: &Publication, accent: Colour) -> String {
    let words = PageWords::of(&[&publication.language]);
    let direction = publication.language.direction();
    let said = words.this_is_a_feed;
    format!("{}rss,feed{{direction:{direction}}}\nrss::before,feed::before{{content:\"{said}\"}}\n{FEEDS}", links(accent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;

    #[test]
    fn the_accent_can_be_read_by_day_and_by_night() {
        assert!(page_style(Colour::CLAY).starts_with(":root{--link:#9a3b1e}\n"));
        let pale = page_style(Colour::parse("#ffee00").unwrap());
        assert!(!pale.starts_with(":root{--link:#ffee00}") && pale.contains("dark){:root{--link:#ffee00}}"), "{pale}");
    }

    #[test]
    fn the_words_end_no_string_of_the_stylesheet() {
        for language in ["en", "fr", "de", "es", "pt", "sw", "ar", "ha"] {
            let words = PageWords::of(&[&Language::parse(language).unwrap()]);
            assert!(!words.this_is_a_feed.contains(['"', '\\', '\n']), "{language}");
        }
    }
}
