//! Erasure: nothing is left of a person but a keyed hash, which still keeps the address from being mailed.

use std::collections::HashSet;

use anyhow::Context;
use aws_lc_rs::hmac;

use super::{Desk, Person, edition};
use crate::domain::Address;
use crate::store::{ErasedCounts, Tombstones};

/// Makes the hashes by which addresses that were erased are known again.
pub(in crate::app) struct Marks(hmac::Key);

/// What was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    pub counts: ErasedCounts,
    /// Whether its bytes are gone from the files, too. They are not as long as another process is reading the ledger; the next
    /// command sees to it then.
    pub is_shredded: bool,
    /// Whether the address had been erased before.
    pub again: bool,
}

/// The ledger and the file of those who were erased do not belong together.
#[derive(Debug, thiserror::Error)]
#[error("`griot.erased` belongs to another ledger")]
pub struct ForeignTombstones;

/// The name of the key in the ledger.
const KEY: &str = "erased";

impl Marks {
    /// Nothing where nobody was erased yet.
    pub async fn of(desk: &Desk) -> anyhow::Result<Option<Self>> {
        Ok(desk.ledger.kept(KEY).await?.map(|key| Self::with_key(&key)))
    }

    fn with_key(key: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()))
    }

    pub fn hash(&self, address: &Address) -> String {
        self.hash_of_key(&address.key())
    }

    fn hash_of_key(&self, key: &str) -> String {
        edition::hexadecimal(hmac::sign(&self.0, key.as_bytes()).as_ref())
    }
}

/// All that is known of the person with this address.
pub async fn person(desk: &Desk, address: &Address) -> anyhow::Result<Person> {
    let hash = Marks::of(desk).await?.map(|marks| marks.hash(address));
    Ok(desk.ledger.person(&address.key(), hash.as_deref()).await?)
}

/// Erases the person with this address, for good: the address is never mailed again, whoever puts it on a list.
pub async fn erase_reader(desk: &Desk, address: &Address) -> anyhow::Result<Erased> {
    let key = match Tombstones::read(&desk.settings.erased)? {
        Some(tombstones) => tombstones.key,
        None => desk.secret(KEY).await?,
    };
    desk.ledger.keep(KEY, &key).await?;
    let marks = Marks::with_key(&key);
    let hash = marks.hash(address);
    let known = desk.ledger.erased().await?;
    let again = known.iter().any(|(other, _)| *other == hash);
    // The file first: whenever griot is stopped, what is in the ledger is in the file, and the ledger can catch up with it.
    if !again {
        Tombstones::append(&desk.settings.erased, &key, &[(desk.now(), hash.clone())])?;
    }
    let counts = desk.ledger.erase(&address.key(), &hash, &stand_in(&hash), desk.now()).await?;
    Ok(Erased { counts, is_shredded: desk.ledger.shred().await?, again })
}

/// An address that nobody has (RFC 2606, section 2), another one for each who was erased.
fn stand_in(hash: &str) -> String {
    format!("{}@erased.invalid", hash.get(..32).unwrap_or(hash))
}

/// Has ledger and file know of the same erasures: a ledger that was restored erases them again; a file that was lost is
/// written anew. What an erasure could not shred is shredded.
pub(in crate::app) async fn mend(desk: &Desk) -> anyhow::Result<()> {
    let file = &desk.settings.erased;
    let (known, key) = (desk.ledger.erased().await?, desk.ledger.kept(KEY).await?);
    let tombstones = Tombstones::read(file).context("failed to learn who was erased")?;
    let listed = match (&tombstones, key) {
        (None, None) => return Ok(()),
        (Some(tombstones), Some(key)) if tombstones.key != key => return Err(ForeignTombstones.into()),
        (Some(tombstones), _) => tombstones.erased.as_slice(),
        (None, Some(key)) => {
            let lost: Vec<_> = known.iter().map(|(hash, at)| (*at, hash.clone())).collect();
            if !lost.is_empty() {
                Tombstones::append(file, &key, &lost)?;
            }
            desk.ledger.shred().await?;
            return Ok(());
        }
    };
    let Some(Tombstones { key, .. }) = &tombstones else { return Ok(()) };
    let kept: HashSet<&str> = known.iter().map(|(hash, _)| hash.as_str()).collect();
    let unknown: Vec<_> = listed.iter().filter(|(_, hash)| !kept.contains(hash.as_str())).collect();
    if !unknown.is_empty() {
        desk.ledger.keep(KEY, key).await?;
        let marks = Marks::with_key(key);
        let wanted: HashSet<&str> = unknown.iter().map(|(_, hash)| hash.as_str()).collect();
        for address in desk.ledger.find_addresses(|address| wanted.contains(marks.hash_of_key(address).as_str())).await? {
            let hash = marks.hash_of_key(&address);
            desk.ledger.erase(&address, &hash, &stand_in(&hash), desk.now()).await?;
        }
        for (at, hash) in unknown {
            desk.ledger.remember_erased(hash, *at).await?;
        }
    }
    let written: HashSet<&str> = listed.iter().map(|(_, hash)| hash.as_str()).collect();
    let unlisted = known.iter().filter(|(hash, _)| !written.contains(hash.as_str())).map(|(hash, at)| (*at, hash.clone()));
    let unlisted: Vec<_> = unlisted.collect();
    if !unlisted.is_empty() {
        Tombstones::append(file, key, &unlisted)?;
    }
    desk.ledger.shred().await?;
    Ok(())
}
