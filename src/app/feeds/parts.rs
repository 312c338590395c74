//! The sections and authors that have feeds of their own.

use crate::app::Desk;
use crate::config::Parts;
use crate::domain::{Line, Scope, is_same_name};
use crate::store::StoreError;

/// Two names whose feeds would be written into the same files.
#[derive(Debug, thiserror::Error)]
#[error("`{one}` and `{other}` would have their feeds in the same files, `feeds/{file}`")]
pub struct Clash {
    pub one: Line,
    pub other: Line,
    pub file: String,
}

impl Clash {
    pub fn hint(&self) -> String {
        "mend the name in one of the articles, or list in the config those that are to have feeds (`feed.sections`, `feed.authors`)"
            .to_owned()
    }
}

/// A section or an author, with the ways in which articles spell it.
pub(super) type Named = (Scope, Vec<String>);

/// The sections and authors that the config asks for, in its order, or all by their first articles.
pub(super) async fn asked_for(desk: &Desk) -> anyhow::Result<Vec<Named>> {
    let feed = &desk.settings.feed;
    let mut out = of_kind(desk, &feed.sections, Scope::Section).await?;
    out.extend(of_kind(desk, &feed.authors, Scope::Author).await?);
    Ok(out)
}

async fn of_kind(desk: &Desk, parts: &Parts, scope: fn(Line) -> Scope) -> anyhow::Result<Vec<Named>> {
    if matches!(parts, Parts::Named(names) if names.is_empty()) {
        return Ok(Vec::new());
    }
    let mut found: Vec<(Line, Vec<String>)> = match parts {
        Parts::Named(names) => names.iter().map(|name| (name.clone(), Vec::new())).collect(),
        Parts::All => Vec::new(),
    };
    // Any name says of which kind they are.
    let any = Line::new("-").map_or(Scope::Publication, scope);
    for spelling in desk.ledger.names_like(&any, desk.now()).await? {
        let name = Line::new(&spelling).ok_or_else(|| damaged(&spelling))?;
        match found.iter_mut().find(|(known, _)| is_same_name(known, &name)) {
            Some((_, spellings)) => spellings.push(spelling),
            // The spelling that came first is what the feed is called.
            None if *parts == Parts::All => found.push((name, vec![spelling])),
            None => {}
        }
    }
    let out: Vec<Named> = found.into_iter().map(|(name, spellings)| (scope(name), spellings)).collect();
    match clash(&out) {
        Some(clash) => Err(clash.into()),
        None => Ok(out),
    }
}

fn clash(parts: &[Named]) -> Option<Clash> {
    let mut seen = std::collections::BTreeMap::new();
    parts.iter().find_map(|(scope, _)| {
        let (folder, file) = scope.place()?;
        let name = scope.name()?;
        let one = seen.insert(file.clone(), name)?;
        Some(Clash { one: one.clone(), other: name.clone(), file: format!("{folder}/{file}.xml") })
    })
}

fn damaged(name: &str) -> StoreError {
    StoreError::Damaged { what: "the name", value: name.to_owned() }
}
