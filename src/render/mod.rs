//! Domain in, bytes out, pure: feeds and the letter.

mod feed;
pub mod letter;
mod words;

pub use feed::{FeedFormat, FeedHead, FeedWriter, ProofError, Published};
