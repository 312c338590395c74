//! A publication as a server has it: open for weeks, asked by many at once.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::fetches::Fetches;
use super::{Clock, Desk, World};
use crate::config::Settings;
use crate::store::Ledger;

/// How long the ledger may take to answer before it counts as ill.
const PATIENCE: Duration = Duration::from_secs(5);

/// A publication that is served. Each request works at a [`Desk`] of its own.
#[derive(Debug)]
pub struct Served {
    settings: Arc<Settings>,
    ledger: Ledger,
    world: World,
    fetches: Fetches,
}

/// Why a server cannot do its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ailment {
    Ledger,
    Feeds,
}

impl fmt::Display for Ailment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ledger => "the ledger cannot be read",
            Self::Feeds => "the folder of the feeds is not there",
        })
    }
}

impl Served {
    pub fn new(desk: &Desk) -> Self {
        Self { settings: Arc::clone(&desk.settings), ledger: desk.ledger.clone(), world: desk.world, fetches: Fetches::default() }
    }

    /// The publication at this moment.
    pub fn desk(&self) -> Desk {
        let now = self.clock().now();
        // Its own time goes on from here, unless it was set from outside.
        let since = self.world.since.map(|_| Instant::now());
        Desk { settings: Arc::clone(&self.settings), ledger: self.ledger.clone(), world: World { now, since, ..self.world } }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn clock(&self) -> Clock {
        Clock { start: self.world.now, since: self.world.since }
    }

    /// What keeps it from doing its work.
    pub async fn ailment(&self) -> Option<Ailment> {
        if !self.settings.feeds.is_dir() {
            return Some(Ailment::Feeds);
        }
        match tokio::time::timeout(PATIENCE, self.ledger.kept("id")).await {
            Ok(Ok(_)) => None,
            Ok(Err(_)) | Err(_) => Some(Ailment::Ledger),
        }
    }

    /// Counts that a feed was fetched, or was found to be the same. `feed`: its file below `feeds/`.
    pub fn fetched(&self, feed: &str, user_agent: &[u8]) {
        self.fetches.count(feed, user_agent, self.clock().now());
    }

    /// Adds what was counted to the ledger; where that fails it is kept for the next time.
    pub async fn keep_counts(&self) -> anyhow::Result<()> {
        self.fetches.keep(&self.ledger).await.context("failed to add to the ledger how often feeds were fetched")
    }
}
