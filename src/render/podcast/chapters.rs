use serde::Serialize;

use crate::domain::podcast::Chapter;
use crate::domain::{Line, WebUrl};

/// JSON chapters 1.2.
#[derive(Serialize)]
struct File<'a> {
    version: &'static str,
    chapters: Vec<Mark<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mark<'a> {
    start_time: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    img: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    toc: Option<bool>,
}

/// Whole seconds without a point, which every reader of JSON takes for the same number.
#[derive(Serialize)]
#[serde(untagged)]
enum Seconds {
    Whole(u64),
    Part(f64),
}

impl From<std::time::Duration> for Seconds {
    fn from(time: std::time::Duration) -> Self {
        if time.subsec_millis() == 0 { Self::Whole(time.as_secs()) } else { Self::Part(time.as_secs_f64()) }
    }
}

/// The chapters of an episode as a file of JSON chapters 1.2, in their order.
pub fn chapters(chapters: &[Chapter]) -> serde_json::Result<Vec<u8>> {
    let marks = chapters.iter().map(|chapter| Mark {
        start_time: chapter.start.into(),
        end_time: chapter.end.map(Seconds::from),
        title: chapter.title.as_ref().map(Line::as_str),
        img: chapter.image.as_ref().map(WebUrl::as_str),
        url: chapter.url.as_ref().map(WebUrl::as_str),
        toc: chapter.is_hidden.then_some(false),
    });
    let mut bytes = serde_json::to_vec_pretty(&File { version: "1.2.0", chapters: marks.collect() })?;
    bytes.push(b'\n');
    Ok(bytes)
}
