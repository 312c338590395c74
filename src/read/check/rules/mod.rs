//! The rules, a file a family: what is looked at, why it matters and what to do. `griot feed check --rules` prints them.

mod atom_json;
mod general;
pub(super) mod podcast;
mod spaces;
pub(super) mod syndication;

use crate::domain::Rule;

pub(super) use atom_json::{atom, json};
pub(super) use general::{date, feed, html, text, xml};
pub(super) use spaces::{Space, advice, itunes, media, modules, podcasting};

/// Every rule, family by family.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families: [&[&'static Rule]; 14] = [
        xml::ALL,
        feed::ALL,
        date::ALL,
        text::ALL,
        html::ALL,
        syndication::ALL,
        atom::ALL,
        json::ALL,
        podcast::ALL,
        itunes::ALL,
        podcasting::ALL,
        advice::ALL,
        media::ALL,
        modules::ALL,
    ];
    families.into_iter().flatten().copied()
}
