//! griot publishes an article and its podcast promo as feeds and as a newsletter, and mails it once to each reader.
//!
//! The rooms, in reading order:
//!
//! - [`domain`]: the words as types. No I/O, no clock, nothing of ours below it.
//! - [`config`]: TOML, every key checked, all that is wrong named at once.
//! - [`read`]: source -> page -> draft, or feed -> items -> drafts; the bytes of a feed -> findings; sound -> length. Fetches, decodes, understands, measures. The only one that names reqwest and an HTML parser.
//! - [`render`]: domain in, bytes out, pure: RSS, Atom, JSON Feed, podcast feeds, the letter, pages for browsers.
//! - [`mail`]: a message for one reader, and the ways to hand it over. The only one that names lettre.
//! - [`store`]: the ledger and the output files. The only one that speaks SQL, and the only one that writes output.
//! - [`app`]: the use cases: take in, publish, compose, deliver, run.
//! - [`web`]: the server of a publication, and the preview of a letter in a browser of this machine. The only one that names axum.
//! - [`cli`]: arguments in, lines and an exit code out. The only one that prints; time, chance and environment come in here.
//!
//! The way the data takes:
//!
//! ```text
//! Source --read::load--> Page --read::extract--> Draft --Draft::accept--> Article --app--> Archived (with its id)
//! Folder of a show --read::episode_note, read::sound::measure--> PublishedEpisode* --render::podcast--> feeds/<show>/podcast.xml
//! Archived* --render::FeedWriter--> bytes --proof-read, guarded--> store::files --> feeds/
//! Edition --render::letter--> Newsletter, + Recipient --mail::message--> bytes --mail::dkim--> signed --mail::smtp--> Outcome --store--> delivery
//! ```
//!
//! Imports go down only: `cli`, then `web`, then `app`, then the workshops `read`, `render`, `mail` and `store`, which never name each
//! other, then `config` and `domain`. `tests/suite/house.rs` holds it.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod mail;
pub mod read;
pub mod render;
pub mod store;
pub mod web;
