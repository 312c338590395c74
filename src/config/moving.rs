//! Another address for the feeds, written into the config as its author wrote it: not a byte but the two keys changes.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::domain::WebUrl;

/// The config with the feeds at a new address and the old one among the former; none where the keys are not written in a way
/// that can be edited safely. Whoever takes it should read it back.
///
/// `old` and `new` end in a slash.
pub fn with_feeds_at(text: &str, old: &WebUrl, new: &WebUrl) -> Option<String> {
    let document = DeTable::parse(text).ok()?;
    let section = value(document.get_ref(), "publication")?;
    let DeValue::Table(publication) = section.get_ref() else { return None };
    let feeds = value(publication, "feeds")?;
    let mut edits = vec![(feeds.span(), quoted(new))];
    if let Some(former) = value(publication, "former_feeds") {
        let DeValue::Array(addresses) = former.get_ref() else { return None };
        let at = addresses.iter().last().map_or(former.span().start + 1, |last| last.span().end);
        let comma = if addresses.iter().next().is_some() { ", " } else { "" };
        edits.push((at..at, format!("{comma}{}", quoted(old))));
    } else {
        // A line of its own, right below: the key of that line has to stand at its beginning.
        let line = text.get(..feeds.span().start)?.rfind('\n').map_or(0, |at| at + 1);
        let key = text.get(line..)?.split('=').next()?.trim();
        let end = text.get(feeds.span().end..)?.find('\n').map_or(text.len(), |at| feeds.span().end + at);
        if key != "feeds" {
            return None;
        }
        edits.push((end..end, format!("\nformer_feeds = [{}]", quoted(old))));
    }
    Some(edited(text, edits))
}

fn value<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a toml::Spanned<DeValue<'i>>> {
    table.iter().find(|(written, _)| written.get_ref() == key).map(|(_, value)| value)
}

/// An address holds nothing that a basic string of TOML would have to escape.
fn quoted(url: &WebUrl) -> String {
    format!("\"{url}\"")
}

fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    let mut text = text.to_owned();
    // From the end, so that what is still to be edited stays where it was.
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, new) in edits {
        text.replace_range(range, &new);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str, from: &str, to: &str) -> Option<String> {
        with_feeds_at(text, &WebUrl::parse(from).unwrap(), &WebUrl::parse(to).unwrap())
    }

    #[test]
    fn only_the_two_keys_change() {
        let text = "# ours\n[publication]\ntitle = 'T' # name\nfeeds = 'https://a.example/f' # here\nlanguage = 'fr'\n";
        let once = moved(text, "https://a.example/f/", "https://b.example/").unwrap();
        assert_eq!(
            once,
            "# ours\n[publication]\ntitle = 'T' # name\nfeeds = \"https://b.example/\" # here\n\
             former_feeds = [\"https://a.example/f/\"]\nlanguage = 'fr'\n"
        );
        let twice = moved(&once, "https://b.example/", "https://c.example/").unwrap();
        assert!(twice.contains("former_feeds = [\"https://a.example/f/\", \"https://b.example/\"]\n"), "{twice}");
        assert!(twice.contains("feeds = \"https://c.example/\" # here\n"), "{twice}");
    }

    #[test]
    fn what_is_written_in_an_unusual_way_is_left_to_its_author() {
        for text in [
            "publication = { title = 'T', feeds = 'https://a.example/' }\n",
            "publication.feeds = 'https://a.example/'\n",
            "[publication]\nfeeds = 3\nfeeds = 4",
            "[publication]\ntitle = 'T'\n",
        ] {
            assert_eq!(moved(text, "https://a.example/", "https://b.example/"), None, "{text}");
        }
        let last = moved("[publication]\nfeeds = 'https://a.example/'", "https://a.example/", "https://b.example/").unwrap();
        assert_eq!(last, "[publication]\nfeeds = \"https://b.example/\"\nformer_feeds = [\"https://a.example/\"]");
    }
}
