//! Domain in, bytes out, pure: feeds and the letter.

mod feed;
pub mod letter;
mod words;

pub use feed::{
    FeedFormat, FeedHead, FeedItem, FeedWriter, NewsSitemap, Outline, Part, ProofError, Published, opml, public, well_formed,
};
