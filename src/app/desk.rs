use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use jiff::Timestamp;

use super::{Clock, readers};
use crate::config::{self, Settings};
use crate::read::LoadOptions;
use crate::store::Ledger;

/// What comes from outside of the program: the time, chance, the environment. Taken in once, at the door.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub now: Timestamp,
    /// When the command began, where the time goes on; nothing where it was set from outside.
    pub since: Option<Instant>,
    /// Bytes that nobody can guess.
    pub chance: fn() -> anyhow::Result<[u8; 32]>,
    /// A variable of the environment.
    pub variable: fn(&str) -> Option<String>,
}

/// A publication with its ledger open, at one instant.
#[derive(Debug)]
pub struct Desk {
    /// Shared with whoever answers requests for weeks.
    pub settings: Arc<Settings>,
    pub ledger: Ledger,
    pub world: World,
}

impl Desk {
    /// Reads the config and opens the ledger.
    pub async fn open(config: &Path, world: World) -> anyhow::Result<Self> {
        let settings = Arc::new(config::load(config)?);
        let ledger = Ledger::open(&settings.ledger).await?;
        let desk = Self { settings, ledger, world };
        // Before anything else is done with it: what was cut off, and what a ledger that was restored does not know.
        let mended = match readers::mend_imports(&desk).await {
            Ok(()) => readers::mend_erased(&desk).await,
            error => error,
        };
        if let Err(error) = mended {
            // Closed, not dropped: else its side files could outlive the process.
            desk.ledger.close().await;
            return Err(error);
        }
        Ok(desk)
    }

    /// The same for one who only looks: where there is no ledger yet, none is made.
    pub(super) async fn open_to_look(config: &Path, world: World) -> anyhow::Result<Self> {
        let settings = Arc::new(config::load(config)?);
        let is_new = !settings.ledger.try_exists().unwrap_or(true);
        let ledger = if is_new { Ledger::memory().await? } else { Ledger::open(&settings.ledger).await? };
        Ok(Self { settings, ledger, world })
    }

    /// When the command began: one instant for all that it decides.
    pub fn now(&self) -> Timestamp {
        self.world.now
    }

    /// The time as it goes on, for what takes long.
    pub(super) fn clock(&self) -> Clock {
        Clock { start: self.world.now, since: self.world.since }
    }

    /// A name that nothing else has, such as for this process as a sender.
    pub(super) fn new_name(&self) -> anyhow::Result<String> {
        let chance = (self.world.chance)().context("failed to get random bytes from the system")?;
        Ok(super::edition::hexadecimal(chance.get(..8).unwrap_or_default()))
    }

    /// How sources are loaded for this publication.
    pub fn load_options(&self) -> LoadOptions {
        LoadOptions {
            max_bytes: self.settings.max_bytes,
            allowed_hosts: self.settings.allow_hosts.clone(),
            user_agent: format!("griot/{} (+{})", env!("CARGO_PKG_VERSION"), self.settings.publication.home),
            ..LoadOptions::default()
        }
    }

    /// A secret of this ledger's own, in hexadecimal; made at its first use.
    pub(super) async fn secret(&self, name: &str) -> anyhow::Result<String> {
        let chance = (self.world.chance)().context("failed to get random bytes from the system")?;
        let mint = || super::edition::hexadecimal(&chance);
        Ok(self.ledger.secret(name, mint).await?)
    }
}
