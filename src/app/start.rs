use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::CONFIG_FILE;
use crate::store::files;

/// The config that a publication starts with; the same file that stands in the repository.
const CONFIG: &str = include_str!("../../config/griot.toml");

/// Starts a publication in a folder: config, inbox, feeds. Nothing that is there is written over. Returns what was made, the config first.
pub fn init(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let folder = folder.strip_prefix(".").unwrap_or(folder);
    let config = folder.join(CONFIG_FILE);
    anyhow::ensure!(!config.exists(), "`{}` is there already", config.display());
    files::replace(&config, CONFIG.as_bytes())?;
    let mut made = vec![config];
    for name in ["inbox", "feeds"] {
        let path = folder.join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("failed to make `{}`", path.display()))?;
        made.push(path);
    }
    Ok(made)
}
