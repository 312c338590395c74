//! The dialogue against scripted servers, over real sockets.

mod anything;
mod encrypted;
mod flights;
mod logins;
mod opening;
mod phases;
mod script;
mod stores;
