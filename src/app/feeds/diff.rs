//! What readers will see: two feeds, or those of the publication before and after a rebuild that leaves no trace.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Exceptions, documents, is_fit, parts, rendering};
use crate::app::shows::{self, Foreseen};
use crate::app::{Desk, explain};
use crate::domain::Format;
use crate::read::{Difference, Feed, LoadOptions, Page, Source, difference, feed, load};
use crate::store::files::{Finished, Written};

/// What a rebuild would do to one feed.
#[derive(Debug)]
pub struct Rebuilt {
    pub file: PathBuf,
    pub written: Written,
    pub difference: Difference,
    /// Why the rebuild would stop at this feed and change none.
    pub refused: Option<String>,
}

impl Rebuilt {
    /// Whether a byte of the file would change.
    pub fn changes(&self) -> bool {
        self.written != Written::Unchanged
    }

    /// What would become of the file, in a word.
    pub fn bytes(&self) -> &'static str {
        match self.written {
            Written::New => "new",
            Written::Changed => "changed",
            Written::Unchanged => "unchanged",
        }
    }
}

/// Compares two feeds from anywhere.
pub async fn diff_sources(old: &Source, new: &Source, options: &LoadOptions) -> anyhow::Result<Difference> {
    let options = LoadOptions { format: Some(Format::Feed), ..options.clone() };
    let old = feed(&load(old, &options).await?)?;
    let new = feed(&load(new, &options).await?)?;
    Ok(difference(&old, &new))
}

/// Compares the feeds as they lie there with those that a rebuild would write now. What is rendered for that is taken away.
pub async fn diff_rebuilt(desk: &Desk) -> anyhow::Result<Vec<Rebuilt>> {
    let parts = parts::asked_for(desk).await?;
    let (documents, rendered) = rendering::render(desk, documents::stale(desk, &parts).await?).await?;
    let mut out = Vec::new();
    for show in &desk.settings.podcasts {
        if let Some(Foreseen { target, rendered, refused }) = shows::foreseen(desk, show).await? {
            let refused = (!refused.is_empty()).then(|| refused.join("\n"));
            out.push(compared(target, rendered.as_ref(), refused)?);
        }
    }
    for one in &rendered {
        let refused = is_fit(desk, &documents, one, Exceptions::default(), &mut |_| {}).await.err();
        out.push(compared(one.target.clone(), Some(&one.finished), refused.map(|error| explain(&error)))?);
    }
    Ok(out)
}

/// A feed as it lies there, and as it is rendered; without that, it stays.
fn compared(file: PathBuf, rendered: Option<&Finished>, refused: Option<String>) -> anyhow::Result<Rebuilt> {
    let written = rendered.map_or(Written::Unchanged, Finished::written);
    // Where the bytes are equal, they are those that lie there.
    let new = rendered.filter(|_| written != Written::Unchanged).map_or(file.as_path(), Finished::path);
    let difference = difference(&read(&file)?.unwrap_or_default(), &read(new)?.unwrap_or_default());
    Ok(Rebuilt { file, written, difference, refused })
}

/// The feed in a file; none where there is no file, or no feed in it.
fn read(file: &Path) -> anyhow::Result<Option<Feed>> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("failed to read `{}`", file.display())),
    };
    let page = Page::decode(&bytes, file.display().to_string(), Some(Format::Feed), None);
    Ok(page.ok().and_then(|page| feed(&page).ok()))
}
