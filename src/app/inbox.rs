//! The inbox: a folder where a desk lays what is to be published.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Desk, Milestone, Tell, edition, explain, sources, take_in};
use crate::domain::Format;
use crate::read::{Source, load};
use crate::store::files;

/// Takes in what lies in the inbox. A good file moves to `done/`, a bad one to `failed/` with a `.why` file beside it.
///
/// The errors of the bad ones go to `failed`. A file moves only after what it holds is in the ledger and in the letter's files.
pub(super) async fn empty(desk: &Desk, tell: Tell<'_>, failed: &mut Vec<anyhow::Error>) -> anyhow::Result<()> {
    for file in waiting(&desk.settings.inbox)? {
        match one(desk, &file, tell).await {
            Ok(()) => {
                let done = place_in(&desk.settings.inbox.join("done"), &file)?;
                move_to(&file, &done)?;
            }
            // What is wrong with the machine is not the file's fault: it stays, and the next run tries again.
            Err(error) if error.downcast_ref::<crate::store::StoreError>().is_some() => return Err(error),
            Err(error) => {
                let there = place_in(&desk.settings.inbox.join("failed"), &file)?;
                let mut why = there.clone().into_os_string();
                why.push(".why");
                let why = PathBuf::from(why);
                // The reason first: a file is never found in `failed/` without it.
                files::replace(&why, format!("error: {}\n", explain(&error)).as_bytes())?;
                move_to(&file, &there)?;
                tell(&Milestone::Failed { file, why });
                failed.push(error);
            }
        }
    }
    Ok(())
}

/// A link in the inbox is not followed: whoever may lay files there could have any file of this machine published.
#[derive(Debug, thiserror::Error)]
#[error("`{}` is a link, not a file", file.display())]
pub struct Linked {
    file: PathBuf,
}

async fn one(desk: &Desk, file: &Path, tell: Tell<'_>) -> anyhow::Result<()> {
    if file.is_symlink() {
        return Err(Linked { file: file.to_path_buf() }.into());
    }
    let page = load(&Source::File(file.to_path_buf()), &desk.load_options()).await?;
    if page.format == Format::Feed {
        let mut harvest = sources::laid_in(desk, &page, tell).await?;
        let taken = harvest.taken.iter().map(|taken| &taken.archived.id);
        edition::write_each(desk, taken, tell, &mut harvest.failed).await?;
        return harvest.failed.into_iter().next().map_or(Ok(()), Err);
    }
    let taken = take_in(desk, &page).await?;
    tell(&taken.milestone());
    edition::write(desk, &taken.archived.id, tell).await
}

/// The files that lie in the inbox, by name. Hidden ones, backups and folders are left alone: editors and copies work with these.
fn waiting(inbox: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let context = || format!("failed to look into the inbox `{}`", inbox.display());
    let entries = match fs::read_dir(inbox) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(context),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.with_context(context)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let hidden = name.starts_with('.') || name.ends_with('~');
        let kind = entry.file_type().with_context(context)?;
        if !hidden && (kind.is_file() || kind.is_symlink()) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Where a file can lie in a folder, under a name that is free there.
fn place_in(folder: &Path, file: &Path) -> anyhow::Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("failed to make the folder `{}`", folder.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (stem, ending) =
        name.rsplit_once('.').map_or((name.as_str(), String::new()), |(stem, ending)| (stem, format!(".{ending}")));
    let mut there = folder.join(&name);
    let mut number = 2;
    // A broken link takes a name too.
    while there.symlink_metadata().is_ok() {
        there = folder.join(format!("{stem}-{number}{ending}"));
        number += 1;
    }
    Ok(there)
}

fn move_to(file: &Path, there: &Path) -> anyhow::Result<()> {
    fs::rename(file, there).with_context(|| format!("failed to move `{}` to `{}`", file.display(), there.display()))
}
