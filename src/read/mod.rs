//! Source -> page -> draft: what a desk has, understood as an article.

mod agencies;
mod artwork;
mod byline;
pub mod check;
mod dates;
mod decode;
mod episode;
mod error;
mod feed;
mod fetch;
mod front_matter;
mod guard;
mod headings;
mod html;
mod hub;
mod language;
pub mod letter;
mod load;
mod markdown;
mod phrases;
mod picture;
mod promo;
mod signature;
mod sniff;
pub mod sound;
mod source;
mod staff;
mod text;
mod words;

pub use artwork::{Artwork, ArtworkError, artwork};
pub use episode::{
    EpisodeError, EpisodeNote, NewNote, SubtitleError, Subtitles, chapters, new_note, note as episode_note, subtitles, to_toml,
};
pub use error::ReadError;
pub use feed::{
    Aired, Changed, Difference, Enclosure, Feed, Item, Named, Offered, Podcast, Resurfacing, Rows, difference, podcast,
    read as feed,
};
pub use fetch::download;
pub use hub::{live, ping};
pub use load::{LoadOptions, Loaded, Raw, Validators, load, load_if_changed, raw};
pub use sniff::binary as kind_of_binary;
pub use source::Source;

use crate::domain::{Draft, Format, WebUrl};

/// The text of a source with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What to call it in messages: a path, `-` for standard input, or a URL.
    pub origin: String,
    /// The address under which the page lives, where it is known from outside.
    pub url: Option<WebUrl>,
    pub format: Format,
    /// The decoded text.
    pub text: String,
}

/// What can be understood of a page.
///
/// Pure and total: it never fails and never panics, whatever the text; what is missing is missing in the draft.
pub fn extract(page: &Page) -> Draft {
    match page.format {
        Format::Text => text::extract(page),
        Format::Html => html::extract(page),
        Format::Markdown => markdown::extract(page),
        // A feed holds many drafts: [`feed`] tells them apart.
        Format::Feed => Draft::empty(page.format),
    }
}
