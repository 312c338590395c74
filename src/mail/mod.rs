//! A message for one reader, its signatures, and the ways to hand it over: the SMTP dialogue, or a program of this host;
//! what a server's log says of it, the mailbox that reports come back to, and the reports.
//! The only room that names lettre, which encodes the parts of a message.

pub mod bounce;
pub mod check;
pub mod dkim;
mod header;
pub mod imap;
pub mod maillog;
mod message;
mod mold;
mod notice;
pub mod opened;
mod sendmail;
pub mod smtp;
mod transport;

pub use message::{MessageError, MessageHead, Unsubscribe, message};
pub use mold::{LEAVE, Mold, MoldError, TOKEN, Tokens};
pub use notice::{NoticeHead, notice_message};
pub use sendmail::{Sendmail, StartError};
