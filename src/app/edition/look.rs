//! How the desk's letters look: what its config says, and the templates of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;

use super::files::LIGHT;
use super::letter_settings;
use crate::app::{Desk, Milestone, Tell};
use crate::config::Pictures;
use crate::domain::{EditionId, Variant};
use crate::render::letter::{LetterStyle, OWN_TEMPLATES, Templates};
use crate::store::files;

/// Bytes that a template may have, and how many a folder may have.
const LARGEST: u64 = 500_000;
const MOST: usize = 50;

/// The look of one of an edition's letters.
pub(in crate::app) fn style(desk: &Desk, edition: &EditionId, variant: Variant) -> anyhow::Result<LetterStyle> {
    let settings = letter_settings(desk)?;
    let page = |name: &str| desk.settings.publication.feeds.join(&format!("editions/{edition}/{name}"));
    let light = if settings.light_version { page(LIGHT) } else { None };
    let is_light = variant == Variant::Light;
    Ok(LetterStyle {
        theme: settings.theme.clone(),
        words: settings.words.clone(),
        reason: settings.reason.clone(),
        archive: light.clone().filter(|_| is_light).or_else(|| page("letter.html")),
        light_version: light.filter(|_| !is_light),
        body: settings.body,
        low_data: is_light,
        without_pictures: settings.pictures == Pictures::None,
        without_alt: settings.without_alt,
        templates: settings.templates.as_deref().map(templates).transpose()?.map(Arc::new),
    })
}

/// The templates of a folder.
fn templates(folder: &Path) -> anyhow::Result<Templates> {
    let shown = folder.display();
    let context = || format!("failed to read the templates of `letter.templates` in `{shown}`");
    let mut sources = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let is_template = path.extension().is_some_and(|ending| ending == "html" || ending == "txt");
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| is_template) else { continue };
        let length = fs::metadata(&path).with_context(context)?.len();
        anyhow::ensure!(length <= LARGEST, "the template `{}` has {length} bytes, and may have {LARGEST}", path.display());
        anyhow::ensure!(sources.len() < MOST, "`{shown}` has more than {MOST} templates");
        let source = fs::read_to_string(&path).with_context(|| format!("failed to read the template `{}`", path.display()))?;
        sources.insert(name.to_owned(), source);
    }
    Templates::new(sources).with_context(|| format!("the letter's templates in `{shown}` cannot be used"))
}

/// Writes griot's own templates into a folder, `templates/` beside `config/` unless another is named. What is there stays.
///
/// Gives the folder as `letter.templates` would name it.
pub fn eject(desk: &Desk, folder: Option<&Path>, tell: Tell<'_>) -> anyhow::Result<PathBuf> {
    let home = &desk.settings.home;
    let folder = folder.map_or_else(|| home.join("templates"), Path::to_path_buf);
    for (name, _) in OWN_TEMPLATES {
        let file = folder.join(name);
        anyhow::ensure!(!file.exists(), "`{}` is there already, and is not written over", file.display());
    }
    for (name, source) in OWN_TEMPLATES {
        let file = folder.join(name);
        let written = files::replace(&file, source.as_bytes())?;
        tell(&Milestone::Wrote { file, written });
    }
    let whole = |path: &Path| path.canonicalize().with_context(|| format!("failed to look into `{}`", path.display()));
    let here = Path::new(".");
    let (home, folder) = (whole(if home.as_os_str().is_empty() { here } else { home })?, whole(&folder)?);
    Ok(folder.strip_prefix(&home).unwrap_or(&folder).to_path_buf())
}
