//! What a browser, a feed reader or a mail program can ask griot for. The only room that names axum and hyper.
//!
//! - `preview`: a letter that is being worked on, for this machine alone.
//! - `serve`: the server of a publication: connections, limits, which address answers what.
//! - `files`: the folder of the feeds.
//! - `inside`: what the operator alone may see.
//! - `readers`: the pages of readers: subscribe, confirm, leave, choose.

mod files;
mod host;
mod inside;
mod preview;
mod readers;
mod serve;

pub use preview::PreviewServer;
pub use serve::Server;
