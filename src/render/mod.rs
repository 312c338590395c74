//! Domain in, bytes out, pure: feeds, the letter, pages for browsers, and what a web server has to know of them.

mod calendar;
mod feed;
mod hosting;
pub mod letter;
mod numbers;
mod podcast;
mod site;
mod words;

pub use calendar::DayInWords;
pub use feed::{
    FeedFormat, FeedHead, FeedItem, FeedWriter, NewsSitemap, Outline, Part, ProofError, Published, opml, public, well_formed,
};
pub use hosting::{Hosting, HostingError, WebServer, hosting};
pub use numbers::numbers_page;
pub use podcast::{chapters, podcast, with_player};
pub use site::{
    EditionLink, FEED_STYLE, FeedPage, FurtherFeed, PAGE_STYLE, PageError, Site, article_page, editions_page, editions_scope,
    feed_page, feed_style, page_of, page_style,
};
