use crate::domain::WebUrl;

/// What keeps a podcast, or an episode of it, from being taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("`{name}` is no show of the config with a folder of `episodes`")]
    UnknownShow { name: String, known: Vec<String> },
    #[error("the item `{item}` has no enclosure, so it is no episode")]
    NoEnclosure { item: String },
    #[error("the item `{item}` has no title")]
    NoTitle { item: String },
    #[error("the item `{item}` has no date that could be read")]
    NoDate { item: String },
    #[error("the item `{item}` has an id of more than 1000 bytes")]
    LongId { item: String },
    #[error("the sound of `{item}` is not in the folder: `{file}`")]
    NotInFolder { item: String, file: String },
    #[error("`{url}` is larger than {limit} bytes")]
    TooLarge { url: WebUrl, limit: u64 },
}

impl ImportError {
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::UnknownShow { known, .. } if known.is_empty() => {
                "write the show into the config first, with `episodes`: the folder that it is to be published from".to_owned()
            }
            Self::UnknownShow { known, .. } => format!("the config has `{}`", known.join("`, `")),
            Self::NoEnclosure { .. } => "import articles with `griot feed import FEED`, without `--show`".to_owned(),
            Self::LongId { .. } => "no app keeps such an id: it will have to be a new episode, with an id of its own".to_owned(),
            Self::NoTitle { .. } | Self::NoDate { .. } => {
                "mend it where it is published now, or write a note for it by hand, with its `guid`".to_owned()
            }
            Self::NotInFolder { .. } => "lay it there, or leave `--notes-only` out to have it fetched".to_owned(),
            Self::TooLarge { .. } => "if it is meant, run again with a larger `--max-bytes`".to_owned(),
        })
    }
}
