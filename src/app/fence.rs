//! The fence around the ledger: a copy, or what was restored from a backup, sends nothing until somebody has said that it may.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Desk, schedule};
use crate::domain::Line;
use crate::store::{Breach, Fence, SendingId};

/// This ledger is not the one that sent last.
#[derive(Debug, thiserror::Error)]
#[error("this ledger is a copy, or was restored from a backup: it sends nothing, since another griot may have sent the same")]
pub struct FencedOff(#[source] Breach);

/// What became of the mail that waits in a ledger, since it was copied or saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meanwhile {
    MayHaveBeenSent,
    NothingWasSent,
}

/// What was done so that nobody is mailed twice by an adopted ledger.
#[derive(Debug)]
pub struct Adopted {
    pub ledger: PathBuf,
    /// How many readers of each sending are newly uncertain.
    pub doubted: Vec<(SendingId, u64)>,
    /// The latest planned instants, as far as they were not seen to, with their plans.
    pub passed_over: Vec<(Line, Timestamp)>,
}

const WHY: &str = "the ledger was adopted from a copy: another griot may have sent this";

/// Makes this ledger the one that sends. Nothing where it is, or where nothing was ever sent by it.
///
/// The caller holds the lock of the publication.
pub async fn adopt(desk: &Desk, meanwhile: Meanwhile) -> anyhow::Result<Option<Adopted>> {
    if breach(desk).await?.is_none() {
        return Ok(None);
    }
    let token = desk.new_name()?;
    let mut adopted = Adopted { ledger: desk.settings.ledger.clone(), doubted: Vec::new(), passed_over: Vec::new() };
    if meanwhile == Meanwhile::MayHaveBeenSent {
        // Before the fence falls: what is stopped here begins anew with the next call.
        adopted.doubted = desk.ledger.doubt_all(WHY, desk.now()).await?;
        adopted.passed_over = schedule::pass_over(desk).await?;
    }
    desk.ledger.adopt(fence(desk), &token).await?;
    Ok(Some(adopted))
}

/// How it shows that the ledger is not to send, if it is not.
pub(super) async fn breach(desk: &Desk) -> anyhow::Result<Option<Breach>> {
    Ok(desk.ledger.breach(fence(desk)).await?)
}

/// [`FencedOff`] where the ledger is not to send.
pub(super) async fn check(desk: &Desk) -> anyhow::Result<()> {
    breach(desk).await?.map_or(Ok(()), |breach| Err(FencedOff(breach).into()))
}

/// The same, before mail goes out and after it: from here on, a ledger that was saved before is known to be older.
pub(super) async fn pass(desk: &Desk) -> anyhow::Result<()> {
    let token = desk.new_name()?;
    desk.ledger.begin_epoch(fence(desk), &token).await?.map_or(Ok(()), |breach| Err(FencedOff(breach).into()))
}

fn fence(desk: &Desk) -> Fence<'_> {
    Fence { ledger: &desk.settings.ledger, file: &desk.settings.fence }
}
