//! The rules for the parts of a letter, a file a family. `griot letter check --rules` prints them with those of the message.

mod page;
mod words;

use crate::domain::Rule;

pub(super) use page::{css, document, look, picture};
pub(super) use words::{link, parity, privacy, text};

/// Every rule, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families: [&[&'static Rule]; 8] =
        [document::ALL, look::ALL, picture::ALL, css::ALL, link::ALL, privacy::ALL, text::ALL, parity::ALL];
    families.into_iter().flatten().copied()
}
