//! The dialogue against scripted servers, over real sockets.

mod encrypted;
mod flights;
mod logins;
mod opening;
mod phases;
mod script;
mod stores;
