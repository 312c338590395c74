//! Domain in, bytes out, pure: feeds and the letter.

mod feed;
pub mod letter;
mod podcast;
mod words;

pub use feed::{FeedFormat, FeedHead, FeedItem, FeedWriter, ProofError, Published};
pub use podcast::{chapters, podcast};
