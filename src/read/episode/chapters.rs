//! Chapters in a file of their own: JSON chapters 1.2
//! (<https://github.com/Podcastindex-org/podcast-namespace>, `docs/examples/chapters/jsonChapters.md`).

use std::time::Duration;

use serde::Deserialize;

use crate::domain::podcast::Chapter;
use crate::domain::{Line, https};

/// The chapters of a file, or what is wrong with it.
pub type Marks = Result<Vec<Chapter>, String>;

#[derive(Deserialize)]
struct File {
    version: String,
    chapters: Vec<Mark>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mark {
    start_time: f64,
    end_time: Option<f64>,
    title: Option<String>,
    img: Option<String>,
    url: Option<String>,
    toc: Option<bool>,
}

/// Reads JSON chapters. Addresses that are not https are left out, as apps leave them out.
pub fn chapters(bytes: &[u8]) -> Marks {
    let file: File = serde_json::from_slice(bytes).map_err(|error| format!("it is no file of JSON chapters: {error}"))?;
    if !file.version.starts_with("1.") {
        return Err(format!("its version is `{}`, and not 1.2", crate::domain::visible(&file.version)));
    }
    let time = |seconds: f64| {
        Duration::try_from_secs_f64((seconds * 1000.0).round() / 1000.0).map_err(|_| "it has a time that cannot be")
    };
    let mark = |mark: Mark| {
        Ok(Chapter {
            start: time(mark.start_time)?,
            end: mark.end_time.map(time).transpose()?,
            title: mark.title.as_deref().and_then(Line::new),
            image: mark.img.as_deref().and_then(https),
            url: mark.url.as_deref().and_then(https),
            is_hidden: mark.toc == Some(false),
        })
    };
    file.chapters.into_iter().map(mark).collect::<Result<_, &str>>().map_err(str::to_owned)
}
