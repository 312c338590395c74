//! The feeds at another address: the config says so, every feed says so, and nobody's list turns unread.

use std::sync::Arc;

use anyhow::Context;

use super::{Exceptions, rebuild, rebuild_pages};
use crate::app::{Desk, Tell};
use crate::config::{self, with_feeds_at};
use crate::domain::WebUrl;
use crate::store::files;

/// The config is written in a way that griot does not dare to edit.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` could not be edited safely")]
pub struct NotEdited {
    pub file: String,
    pub old: WebUrl,
    pub new: WebUrl,
}

impl NotEdited {
    pub fn hint(&self) -> String {
        format!(
            "set `publication.feeds = \"{}\"` and add \"{}\" to the list `publication.former_feeds` there, then run `griot feed build`",
            self.new, self.old
        )
    }
}

/// Moves the feeds to a new address: edits the config and rebuilds them, with the same ids. Gives the old address; none where
/// they are there already.
///
/// `new`: the address of the folder.
///
/// # Errors
///
/// A config that cannot be edited safely, which is then as it was.
pub async fn move_feeds(desk: &Desk, new: &WebUrl, tell: Tell<'_>) -> anyhow::Result<Option<WebUrl>> {
    let file = desk.settings.file.clone();
    let old = desk.settings.publication.feeds.clone();
    if old == *new {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("failed to read the config `{}`", file.display()))?;
    let not_edited = || NotEdited { file: file.display().to_string(), old: old.clone(), new: new.clone() };
    let edited = with_feeds_at(&text, &old, new).ok_or_else(not_edited)?;
    let settings = config::check(&file, &edited).map_err(|_| not_edited())?;
    let publication = &settings.publication;
    if publication.feeds != *new || publication.former_feeds.last() != Some(&old) {
        return Err(not_edited().into());
    }
    files::replace(&file, edited.as_bytes())?;
    let desk = Desk { settings: Arc::new(settings), ledger: desk.ledger.clone(), world: desk.world };
    rebuild(&desk, Exceptions::default(), tell).await?;
    rebuild_pages(&desk, tell).await?;
    Ok(Some(old))
}
