//! Readers, as the desk sees to them: put on a list one by one or from a file, listed, exported, taken off, shown, erased.

mod columns;
mod erase;
mod export;
mod formula;
mod import;
mod row;
mod table;
mod text;

use aws_lc_rs::digest;
use serde_json::{Map, Value};

use super::reports::PAGE;
use super::{Desk, edition};
use crate::domain::{Address, Confirmed, Language, Line, Pending, Subscriber};
use crate::store::Details;
pub use crate::store::{Added, Batch, Fate, Fates, ListedReader, Person, Removed, Undone};

pub use columns::Exporter;
pub use erase::{Erased, erase_reader, person};
pub use export::{ExportFormat, export_readers};
pub use import::{Import, ImportFile, Imports, Rejected, UnknownBatch, import_readers, undo_import};

pub(super) use erase::mend as mend_erased;
pub(super) use erase::{ForeignTombstones, Marks};
pub(super) use import::mend as mend_imports;

/// What the desk knows of somebody, beside the address.
#[derive(Clone, Debug, Default)]
pub struct About {
    pub name: Option<Line>,
    pub language: Option<Language>,
    /// What else is kept, by name.
    pub attributes: Vec<(Line, String)>,
}

/// Puts one person on a list: confirmed with the consent named, else pending.
pub async fn add_reader(desk: &Desk, list: &str, address: Address, about: About, consent: Option<Line>) -> anyhow::Result<Added> {
    let (since, name) = (desk.now(), about.name);
    let anew = consent.is_some();
    let erased = Marks::of(desk).await?.map(|marks| marks.hash(&address));
    let words = consent.clone();
    let wording = words.as_ref().map(|words| (hash(words.as_str()), words.as_str()));
    let attributes: Map<String, Value> =
        about.attributes.into_iter().map(|(name, value)| (name.to_string(), Value::from(value))).collect();
    let attributes = (!attributes.is_empty()).then(|| Value::Object(attributes).to_string());
    let details = Details {
        language: about.language.as_ref(),
        attributes: attributes.as_deref(),
        wording: wording.as_ref().map(|(hash, words)| (hash.as_str(), *words)),
        erased: erased.as_deref(),
    };
    let subscriber = match consent {
        Some(consent) => Subscriber::Confirmed(Confirmed { address, name, since, consent }),
        None => Subscriber::Pending(Pending { address, name, since }),
    };
    Ok(desk.ledger.add_reader(list, &subscriber, &details, anew).await?)
}

/// What a wording is known by: its SHA-256, in hexadecimal.
pub(super) fn hash(text: &str) -> String {
    edition::hexadecimal(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

/// Hands out the readers of a list, and with `gone` those who have left: by address, a page in memory at a time.
pub async fn readers(desk: &Desk, list: &str, gone: bool, mut take: impl FnMut(&ListedReader)) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        let page = desk.ledger.listed_readers(list, gone, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.address.key();
        page.iter().for_each(&mut take);
    }
}

pub async fn remove_reader(desk: &Desk, list: &str, address: &Address) -> anyhow::Result<Removed> {
    Ok(desk.ledger.remove_subscriber(list, address, desk.now()).await?)
}

/// Readers who came from files, in the order in which they came.
pub async fn batches(desk: &Desk) -> anyhow::Result<Vec<Batch>> {
    Ok(desk.ledger.batches().await?)
}
