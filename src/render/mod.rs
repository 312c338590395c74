//! Domain in, bytes out, pure: feeds and the letter.

pub mod letter;
