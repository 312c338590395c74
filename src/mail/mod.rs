//! A message for one reader, and the SMTP dialogue that hands it over. The only room that names lettre.

mod message;
mod mold;
pub mod smtp;

pub use message::{MessageError, MessageHead, Unsubscribe, message};
pub use mold::{Mold, MoldError, TOKEN, Tokens};
