//! Which letter of this ledger a report is about, or which reader leaves by a mail, and whether it can be believed.

use std::collections::HashMap;

use crate::app::Desk;
use crate::app::deliver::{LetterIds, named_by, tag};
use crate::app::subscription::Readership;
use crate::domain::Address;
use crate::mail::TOKEN;
use crate::mail::bounce::Report;
use crate::store::{Leaver, Mailed};

/// Rows of the ledger in memory at a time.
const PAGE: u32 = 1000;

/// Finds letters by the Message-IDs and the addresses of return that reports name.
pub(super) struct Letters<'a> {
    desk: &'a Desk,
    ids: LetterIds,
    readership: Readership,
}

/// What is known of a report before all readers of an edition are gone through.
enum Sight {
    Found(Mailed),
    /// It names a letter of the edition, and not who it was for.
    Named {
        edition: String,
        token: [u8; TOKEN],
    },
    Nothing,
}

impl<'a> Letters<'a> {
    pub async fn of(desk: &'a Desk) -> anyhow::Result<Self> {
        Ok(Self { desk, ids: LetterIds::of(desk).await?, readership: Readership::of(desk).await? })
    }

    /// The letter of each report; nothing where it is about none of this ledger.
    pub async fn find(&mut self, reports: &[Report]) -> anyhow::Result<Vec<Option<Mailed>>> {
        let mut sights = Vec::with_capacity(reports.len());
        for report in reports {
            sights.push(self.look(report).await?);
        }
        let mut wanted: HashMap<String, HashMap<[u8; TOKEN], Option<Mailed>>> = HashMap::new();
        for sight in &sights {
            if let Sight::Named { edition, token } = sight {
                wanted.entry(edition.clone()).or_default().insert(*token, None);
            }
        }
        // Once for all reports: whoever makes up tokens is not to keep griot busy with each.
        for (edition, tokens) in &mut wanted {
            self.go_through(edition, tokens).await?;
        }
        let letter = |sight| match sight {
            Sight::Found(letter) => Some(letter),
            Sight::Named { edition, token } => wanted.get(&edition)?.get(&token)?.clone(),
            Sight::Nothing => None,
        };
        Ok(sights.into_iter().map(letter).collect())
    }

    /// The reader who leaves by a mail: the first whose token it has.
    pub async fn leaver(&self, report: &Report) -> anyhow::Result<Option<Leaver>> {
        for token in report.wish.iter().flat_map(|wish| &wish.tokens) {
            if let Some(found) = self.readership.look(self.desk, token).await? {
                return Ok(Some(Leaver { id: found.id, list: found.list, reader: found.address, token: token.clone() }));
            }
        }
        Ok(None)
    }

    async fn look(&self, report: &Report) -> anyhow::Result<Sight> {
        let ledger = &self.desk.ledger;
        let bounces = self.desk.settings.delivery.bounces.as_ref();
        let tags: Vec<String> =
            bounces.map(|bounces| report.came_to.iter().filter_map(|to| tag(bounces, to)).collect()).unwrap_or_default();
        let mut proven = None;
        for tag in &tags {
            proven = proven.or(self.readership.returned(self.desk, tag).await?);
        }
        let verp: Vec<String> = tags.iter().filter_map(|tag| named_by(tag)).map(|reader| reader.key()).collect();
        let mut named = None;
        for (edition, token) in report.letters.iter().filter_map(|id| parts(id)) {
            let keys = proven
                .iter()
                .map(|subscription| &subscription.address)
                .chain(report.candidates())
                .map(Address::key)
                .chain(verp.iter().cloned());
            let reader = keys.into_iter().find(|key| self.ids.token(edition, key) == token);
            if let Some(reader) = reader
                && let Some(letter) = ledger.mailed(edition, &reader).await?
            {
                return Ok(Sight::Found(letter));
            }
            if named.is_none() && !ledger.edition_readers(edition, "", 1).await?.is_empty() {
                named = Some(Sight::Named { edition: edition.to_owned(), token });
            }
        }
        if let Some(proven) = proven
            && let Some(letter) = ledger.last_mailed(&proven.address.key(), Some(&proven.list)).await?
        {
            return Ok(Sight::Found(letter));
        }
        // An id in the form of this ledger's that is none of them has been made up: then the address is not believed either.
        if let Some(named) = named {
            return Ok(named);
        }
        for reader in verp {
            if let Some(letter) = ledger.last_mailed(&reader, None).await? {
                return Ok(Sight::Found(letter));
            }
        }
        Ok(Sight::Nothing)
    }

    /// Finds the readers of the tokens among all readers of an edition.
    async fn go_through(&self, edition: &str, tokens: &mut HashMap<[u8; TOKEN], Option<Mailed>>) -> anyhow::Result<()> {
        let mut after = String::new();
        loop {
            let page = self.desk.ledger.edition_readers(edition, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            last.clone_into(&mut after);
            for reader in page {
                if let Some(letter) = tokens.get_mut(&self.ids.token(edition, &reader)) {
                    *letter = self.desk.ledger.mailed(edition, &reader).await?;
                }
            }
        }
    }
}

/// The edition and the token of a Message-ID that could be one of griot's.
fn parts(id: &str) -> Option<(&str, [u8; TOKEN])> {
    let (local, _) = id.rsplit_once('@')?;
    let (edition, token) = local.rsplit_once('.')?;
    Some((edition, token.as_bytes().try_into().ok()?))
}
