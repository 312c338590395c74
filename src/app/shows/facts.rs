//! What is measured of a file, once for each state of it: a sound of an hour is not read at every tick of cron.

use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::Context;

use super::{ShowError, folder};
use crate::app::Desk;
use crate::domain::podcast::{PublishedShow, Sound};
use crate::read::{artwork, sound};
use crate::store::KnownFile;

/// The files of a show, as they lie in the folder of its episodes or in `feeds/`.
pub(super) struct Facts<'a> {
    pub desk: &'a Desk,
    pub show: &'a PublishedShow,
}

/// A file whose bytes have a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named<T> {
    pub about: T,
    pub bytes: u64,
    /// SHA-256, in hexadecimal.
    pub hash: String,
}

impl Facts<'_> {
    /// What a sound file in the folder of the episodes is.
    pub(super) async fn sound(&self, name: &str) -> anyhow::Result<Named<Sound>> {
        let file = self.show.folder.join(name);
        let known = self.known(&file, |file| {
            let measured = sound::measure(file)?;
            Ok((Some(measured.format), measured.millis))
        });
        let known = known.await?;
        let format = known.format.with_context(|| format!("`{}` was taken for a picture", file.display()))?;
        let about = Sound { format, bytes: known.bytes, millis: known.millis };
        Ok(Named { about, bytes: known.bytes, hash: known.hash })
    }

    /// Checks a picture.
    pub(super) async fn artwork(&self, file: &Path) -> anyhow::Result<Named<()>> {
        let known = self.known(file, |file| artwork(file).map(|_| (None, 0)).map_err(anyhow::Error::from)).await?;
        Ok(Named { about: (), bytes: known.bytes, hash: known.hash })
    }

    /// What is known of a file in the state that it is in, or what `measure` says of it.
    async fn known(
        &self,
        file: &Path,
        measure: impl Fn(&Path) -> anyhow::Result<(Option<crate::domain::podcast::SoundFormat>, u64)>,
    ) -> anyhow::Result<KnownFile> {
        if folder::is_link(file) {
            return Err(ShowError::Linked { file: file.to_path_buf() }.into());
        }
        let path = file.to_string_lossy();
        let before = stamp(file);
        if let Some(known) = self.desk.ledger.measured(&path).await?
            && before == Some((known.bytes, known.changed))
        {
            return Ok(known);
        }
        let (format, millis) = measure(file)?;
        let hash = sound::hash(file).with_context(|| format!("failed to read `{}`", file.display()))?;
        let (bytes, changed) = stamp(file).filter(|after| before == Some(*after)).ok_or_else(|| ShowError::Companion {
            file: file.to_path_buf(),
            what: "it changes while it is being read: wait until it is copied".to_owned(),
        })?;
        let known = KnownFile { bytes, changed, hash, format, millis };
        self.desk.ledger.keep_measured(&path, &known).await?;
        Ok(known)
    }
}

/// Size, and time of change in nanoseconds since 1970.
fn stamp(file: &Path) -> Option<(u64, i64)> {
    let about = std::fs::metadata(file).ok()?;
    let since = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((about.len(), i64::try_from(since.as_nanos()).ok()?))
}
