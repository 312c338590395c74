//! A message for one reader, and the ways to hand it over: the SMTP dialogue, or a program of this host; and what a server's log says of it.
//! The only room that names lettre, which builds the messages.

pub mod check;
pub mod maillog;
mod message;
mod mold;
pub mod opened;
mod sendmail;
pub mod smtp;

pub use message::{MessageError, MessageHead, Unsubscribe, message};
pub use mold::{Mold, MoldError, TOKEN, Tokens};
pub use sendmail::{Sendmail, StartError};
