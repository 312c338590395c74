//! The preview: a letter as it would go out now, composed in memory. Nothing is written, nothing is sent.

mod compose;
mod look;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::{Clock, Desk, World};
pub use look::Look;
use watch::Stamps;

/// Which letter is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previewed {
    Latest,
    /// The edition of this id.
    Edition(String),
    /// The letter that a page would make if it were published now.
    File(PathBuf),
}

/// A letter to be looked at again and again, while its page, the config and the templates are being worked on.
#[derive(Debug)]
pub struct Preview {
    config: PathBuf,
    world: World,
    previewed: Previewed,
    /// What was last composed, and of which files: it holds as long as these are what they were.
    last: Mutex<Option<(Stamps, Arc<Look>)>>,
}

impl Preview {
    /// Composes nothing yet.
    pub fn new(config: PathBuf, world: World, previewed: Previewed) -> Self {
        Self { config, world, previewed, last: Mutex::new(None) }
    }

    pub fn previewed(&self) -> &Previewed {
        &self.previewed
    }

    /// The letter as it is now. Composes it anew only where a file has changed that it is made of.
    ///
    /// # Errors
    ///
    /// Whatever keeps a letter from being composed: the config, the page, the templates, the ledger.
    pub async fn look(&self) -> anyhow::Result<Arc<Look>> {
        let mut last = self.last.lock().await;
        if let Some((stamps, look)) = last.as_ref()
            && stamps.still_hold()
        {
            return Ok(Arc::clone(look));
        }
        *last = None;
        // Taken before anything is read: what changes meanwhile is read again the next time.
        let mut stamps = Stamps::default();
        stamps.add(&self.config);
        if let Previewed::File(file) = &self.previewed {
            stamps.add(file);
        }
        let desk = Desk::open_to_look(&self.config, self.world_now()).await?;
        let composed = self.composed(&desk, &mut stamps).await;
        desk.ledger.close().await;
        let look = Arc::new(composed?);
        *last = Some((stamps, Arc::clone(&look)));
        Ok(look)
    }

    async fn composed(&self, desk: &Desk, stamps: &mut Stamps) -> anyhow::Result<Look> {
        stamps.add_ledger(&desk.settings.ledger);
        if let Some(folder) = desk.settings.letter.as_ref().and_then(|letter| letter.templates.as_deref()) {
            stamps.add_folder(folder);
        }
        compose::look(desk, &self.previewed).await
    }

    /// The world at this moment: a preview stays open for hours.
    fn world_now(&self) -> World {
        let clock = Clock { start: self.world.now, since: self.world.since };
        World { now: clock.now(), ..self.world }
    }
}
