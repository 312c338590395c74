//! What a feed says of its show, as a `[[shows]]` entry to paste.

use std::fmt::Write;
use std::path::Path;

use crate::config::{ConfigError, Options, Problem, Settings};
use crate::domain::podcast::{Category, PublishedShow, ShowGuid};
use crate::domain::{Slip, WebUrl, Written, visible};
use crate::read::{Podcast, Rows, to_toml};

/// A publication in which the entry is tried.
const AROUND: &str =
    "[publication]\ntitle = 'T'\nhome = 'https://example.org/'\nfeeds = 'https://example.org/f'\nlanguage = 'en'\n";

/// The entry, and what of the feed had to be left out, since the config would refuse it.
///
/// `feed` is the address that the feed has had: the id of a show without one of its own is made of it.
pub(super) fn of(podcast: &Podcast, show: &PublishedShow, feed: Option<&WebUrl>) -> (String, Vec<Slip>) {
    let mut rows = podcast.show.clone();
    let text = |text: &str| Written::Text(text.to_owned());
    // What the config has is why it is this show.
    rows.insert("name".to_owned(), text(show.name.as_str()));
    rows.insert("episodes".to_owned(), text(&show.folder_name));
    rows.insert("slug".to_owned(), text(&show.slug));
    if let Some(image) = &podcast.image {
        rows.insert("image".to_owned(), text(image.as_str()));
    }
    let mut left_out = Vec::new();
    if let Some(Written::List(categories)) = rows.get_mut("category") {
        categories.retain(|category| is_category(category, &mut left_out));
    }
    let made = feed.map(ShowGuid::of_feed);
    let guid = podcast.guid.as_ref().or(made.as_ref());
    if let Some(guid) = guid {
        rows.insert("guid".to_owned(), text(guid.as_str()));
    }
    left_out.extend(fit(&mut rows));
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = match (&podcast.guid, feed) {
        (Some(_), _) => writeln!(out, "# the `guid` is the feed's own"),
        (None, Some(feed)) => {
            writeln!(out, "# the feed has no `podcast:guid`: this one is made of its address, {feed}, as apps make it")
        }
        (None, None) => writeln!(out, "# the feed has no `podcast:guid`, and its address is not known: import it by its address"),
    };
    let shows = Rows::from([("shows".to_owned(), Written::List(vec![Written::Table(rows)]))]);
    out.push_str(&to_toml(&shows));
    (out, left_out)
}

fn is_category(category: &Written, left_out: &mut Vec<Slip>) -> bool {
    let Written::Text(text) = category else { return false };
    let fits = Category::parse(text).is_some();
    if !fits {
        left_out.push(Slip { key: "category".to_owned(), what: format!("`{}` is not on Apple's list", visible(text)) });
    }
    fits
}

/// Takes out what the config would refuse.
fn fit(rows: &mut Rows) -> Vec<Slip> {
    let mut left_out = Vec::new();
    loop {
        let shows = Rows::from([("shows".to_owned(), Written::List(vec![Written::Table(rows.clone())]))]);
        let file = Path::new("griot.toml");
        let tried = Options::parse(file, &format!("{AROUND}{}", to_toml(&shows)));
        let Err(ConfigError::Problems { problems, .. }) = tried.and_then(|options| Settings::from_options(file, options)) else {
            return left_out;
        };
        let slip = |problem: Problem| {
            let key = problem.key.strip_prefix("shows[1].").unwrap_or_default().to_owned();
            Slip { key, what: problem.what }
        };
        // What is only missing is for the desk to say.
        let taken_out = Slip::take_out(problems.into_iter().map(slip).collect(), rows);
        if taken_out.is_empty() {
            return left_out;
        }
        left_out.extend(taken_out);
    }
}
