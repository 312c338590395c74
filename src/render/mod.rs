//! Domain in, bytes out, pure: feeds, the letter, and what a web server has to know of them.

mod feed;
mod hosting;
pub mod letter;
mod words;

pub use hosting::{Hosting, HostingError, WebServer, hosting};
pub use feed::{FeedFormat, FeedHead, FeedItem, FeedWriter, ProofError, Published};
