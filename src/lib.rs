//! griot publishes an article and its podcast promo as feeds and as a newsletter, and mails it once to each reader.
//!
//! The rooms, in reading order:
//!
//! - [`domain`]: the words as types. No I/O, no clock, nothing of ours below it.
//! - [`read`]: source -> page -> draft. Fetches, decodes, understands. The only one that names reqwest and the HTML parser.
//! - [`render`]: domain in, bytes out, pure: RSS, Atom, JSON Feed, the letter.
//! - [`mail`]: a message and the SMTP dialogue. The only one that names lettre.
//!
//! Imports go down only, and the workshops (`read`, `render`, `mail`, `store`) never name each other;
//! `tests/suite/house.rs` holds it.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod mail;
pub mod read;
pub mod render;
pub mod store;
