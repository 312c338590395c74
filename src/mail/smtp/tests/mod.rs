//! The dialogue against scripted servers, over real TCP.

mod opening;
mod phases;
mod script;
